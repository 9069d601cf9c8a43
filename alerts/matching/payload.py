"""What a webhook is called with: JSON that Slack or Teams show as it is, or a plain one; and its signature.

Values in, bytes out. Must not send, nor know the database or the clock.
"""

import datetime
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

# Slack takes 50 blocks and 3,000 characters in each; Teams 28 KB in all.
MOST_STORIES = 20
MOST_TITLE = 300
MOST_TEXT = 500

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Story:
    """A story as a message shows it. `news`: what is new, if it was told before."""

    title: str
    url: str
    original: str
    outlet: str
    published: datetime.datetime
    text: str
    alerts: tuple[str, ...]
    outlets: int
    news: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What one call tells. `more`: how many stories are left out; `why` says so in words, empty without any."""

    id: str
    title: str
    url: str
    stories: Sequence[Story]
    more: str = ""
    is_test: bool = False


def body(message: Message, form: str) -> bytes:
    """The call's body in a form: json, slack or teams."""
    build = {"slack": slack, "teams": teams}.get(form, plain)
    return orjson.dumps(build(message))


def signature(secret: str, body: bytes, *, at: datetime.datetime) -> str:
    """The header's value: when, and the HMAC-SHA256 of when, a full stop and the body, in hexadecimal digits."""
    when = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), when.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={when},v1={digest}"


def plain(message: Message) -> Json:
    """Everything, under names that stay."""
    return {
        "id": message.id,
        "test": message.is_test,
        "title": message.title,
        "url": message.url,
        "stories": [
            {
                "title": story.title,
                "url": story.url,
                "original_url": story.original,
                "outlet": story.outlet,
                "published_at": story.published.isoformat(),
                "text": story.text,
                "alerts": list(story.alerts),
                "outlet_count": story.outlets,
                "new": story.news,
            }
            for story in message.stories
        ],
        "more": message.more,
    }


def slack(message: Message) -> Json:
    """A message of blocks, as incoming webhooks of Slack, and of Mattermost by its text, take it."""
    blocks: list[Json] = [_section(f"*<{message.url}|{_slack(message.title)}>*")]
    for story in message.stories[:MOST_STORIES]:
        about = " · ".join(filter(None, (story.outlet, story.news, ", ".join(story.alerts))))
        lines = [f"*<{story.url}|{_slack(story.title[:MOST_TITLE])}>*", _slack(story.text[:MOST_TEXT])]
        blocks.append(_section("\n".join(filter(None, lines))))
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _slack(about)[:2000]}]})
    if message.more:
        blocks.append(_section(_slack(message.more)))
    return {"text": _slack(message.title), "blocks": blocks}


def teams(message: Message) -> Json:
    """An adaptive card, as the workflows of Teams take it."""
    items: list[Json] = [
        {"type": "TextBlock", "text": _markdown(message.title), "weight": "Bolder", "wrap": True}
    ]
    for story in message.stories[:MOST_STORIES]:
        about = " · ".join(filter(None, (story.outlet, story.news, ", ".join(story.alerts))))
        title = f"[{_markdown(story.title[:MOST_TITLE])}]({story.url})"
        items.append({"type": "TextBlock", "text": title, "wrap": True, "separator": True})
        items.append({"type": "TextBlock", "text": _markdown(about), "isSubtle": True, "wrap": True})
        if story.text:
            items.append({"type": "TextBlock", "text": _markdown(story.text[:MOST_TEXT]), "wrap": True})
    if message.more:
        items.append({"type": "TextBlock", "text": _markdown(message.more), "wrap": True})
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": items,
        "actions": [{"type": "Action.OpenUrl", "title": "Newswatch", "url": message.url}],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [content]}


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:3000]}}


def _slack(text: str) -> str:
    """Text without what Slack reads as a link, a person or a line of its own."""
    escaped = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("*", "∗").replace("`", "'")


def _markdown(text: str) -> str:
    """Text without what a card reads as a link or as bold."""
    return " ".join("".join("\\" + sign if sign in r"\[]()*_`#" else sign for sign in text).split())
