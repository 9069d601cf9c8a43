"""Write the mails: plain text and HTML, in the recipient's language and time zone."""

from dataclasses import dataclass

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from alerts import models
from newswatch.accounts import middleware

# Characters of text shown around the first place that matched.
EXCERPT = 220
# Articles named in one mail; the rest are counted.
MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a mail. `before`, `match` and `after` are the excerpt; `why` the matched words."""

    title: str
    outlet: str
    published_at: object
    url: str
    original: str
    before: str
    match: str
    after: str
    why: str
    is_sample: bool


def compose(delivery: models.Delivery, *, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The delivery as a mail, ready to be sent over the connection."""
    recipient = delivery.recipient
    with translation.override(recipient.language), timezone.override(middleware.zone_of(recipient.time_zone)):
        hits = list(delivery.hits.select_related("article__outlet").order_by("-article__published_at", "-pk"))
        alert_url = settings.SITE_URL + reverse("alerts:detail", args=[delivery.alert_id])
        context = {
            "alert": delivery.alert,
            "alert_url": alert_url,
            "items": [item(hit) for hit in hits[:MOST_ITEMS]],
            "first": hits[0].article,
            "others": len(hits) - 1,
            "unlisted": max(0, len(hits) - MOST_ITEMS),
            "site_url": settings.SITE_URL,
            "language": recipient.language,
        }
        subject = " ".join(render_to_string("emails/alert.subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("emails/alert.txt", context),
            to=[recipient.email],
            connection=connection,
            headers={
                "Message-ID": delivery.message_id,
                "Auto-Submitted": "auto-generated",
                "List-Id": f"<alert-{delivery.alert_id}.newswatch>",
                "List-Unsubscribe": f"<{alert_url}>",
            },
        )
        message.attach_alternative(
            css_inline.inline(render_to_string("emails/alert.html", context), load_remote_stylesheets=False),
            "text/html",
        )
    return message


def item(hit: models.Hit) -> Item:
    """A hit as the mail shows it."""
    article = hit.article
    texts = {"title": article.title, "text": article.body}
    spans = [(field, start, end) for field, start, end in hit.spans if field in texts]
    words = dict.fromkeys(texts[field][start:end] for field, start, end in spans)
    in_text = [(start, end) for field, start, end in spans if field == "text"]
    before, match, after = excerpt(article.body, *(min(in_text) if in_text else (0, 0)))
    return Item(
        title=article.title,
        outlet=article.outlet.name,
        published_at=article.published_at,
        url=settings.SITE_URL + reverse("articles:article", args=[article.pk]),
        original=article.url,
        before=before,
        match=match,
        after=after,
        why=", ".join(list(words)[:8]),
        is_sample=article.is_sample,
    )


def excerpt(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The text around a span: what stands before it, the span, what stands after it; cut at word edges."""
    left = max(0, start - EXCERPT // 3, text.rfind("\n", 0, start) + 1)
    right = min(len(text), end + EXCERPT - (start - left))
    before, after = text[left:start], text[end:right]
    if left > 0 and text[left - 1] != "\n" and " " in before:
        before = "…" + before.split(" ", 1)[1]
    if right < len(text) and " " in after:
        after = after.rsplit(" ", 1)[0] + "…"
    return before, text[start:end], " ".join(after.split("\n"))
