"""Write the mails: plain text and HTML, in the recipient's language and time zone. Must not send them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from alerts import models
from alerts.matching import digest
from articles import highlight
from articles import models as news
from newswatch.accounts import middleware

# Characters of text shown around the first place that matched.
EXCERPT = 240
# Stories in one mail, and words named as a story's reason; the rest is on the alert's page.
MOST_STORIES = 20
MOST_WORDS = 8
MOST_OUTLETS = 6

# The sheet for wide and dark screens stays in the head; everything else goes to the elements: Gmail and Outlook.
INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

Pieces = Sequence[highlight.Piece[highlight.Range]]


class UnsendableError(Exception):
    """The mail has lost its reason or its reader; the message says how."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose mail it is, and how she reads it."""

    email: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Told:
    """A hit as `alerts.matching.digest` sees it."""

    hit: models.Hit
    story: int | None
    title: str
    outlet: str
    published: datetime.datetime


@dataclass(frozen=True, slots=True)
class Link:
    """The same story elsewhere."""

    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """A story in a mail: the article that told it first, and who else did. `words` are those that matched."""

    title: Pieces
    outlet: str
    published_at: datetime.datetime
    url: str
    original: str
    text: Pieces
    begins_inside: bool
    ends_inside: bool
    words: tuple[str, ...]
    others: tuple[Link, ...]
    unnamed: int
    # The page of the story and how many outlets tell it, those the alert did not match too; none if nothing else does.
    story: Link | None
    is_sample: bool


def compose(delivery: models.Delivery, *, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The delivery as a mail, ready to be sent over the connection. Raises UnsendableError."""
    reader = reader_of(delivery)
    groups = stories(delivery)
    if not groups:
        raise UnsendableError("its articles were deleted")
    zone = middleware.zone_of(reader.time_zone)
    with translation.override(reader.language), timezone.override(zone):
        return message(delivery, reader, groups, connection)


def reader_of(delivery: models.Delivery) -> Reader:
    """Who gets the mail. Raises UnsendableError."""
    if person := delivery.recipient:
        if not (person.is_active and person.email):
            raise UnsendableError("the recipient's account is closed or has no address")
        return Reader(person.email, person.language, person.time_zone)
    if address := delivery.address:
        return Reader(address.address, address.language, address.time_zone)
    raise UnsendableError("a webhook gets no mail")


def stories(delivery: models.Delivery) -> list[digest.Group[Told]]:
    """What the mail tells, newest first."""
    hits = delivery.hits.select_related("alert", "article__outlet", "article__story").defer(
        "article__feed_text"
    )
    return digest.group_hits(
        Told(
            hit,
            hit.article.story_id,
            hit.article.title,
            hit.article.outlet.name,
            hit.article.published_at,
        )
        for hit in hits.order_by("pk")
    )


def message(
    delivery: models.Delivery,
    reader: Reader,
    groups: Sequence[digest.Group[Told]],
    connection: BaseEmailBackend,
) -> EmailMultiAlternatives:
    """The mail, in the language and time zone that are active."""
    alerts = alerts_of(groups)
    context = {
        "alerts": [(alert, url_of(alert)) for alert in alerts],
        "name": ", ".join(alert.name for alert in alerts),
        "items": [item(group) for group in groups[:MOST_STORIES]],
        "headline": groups[0].first.hit.article.title,
        "total": len(groups),
        "others": len(groups) - 1,
        "unlisted": max(0, len(groups) - MOST_STORIES),
        "site_url": settings.SITE_URL,
        "language": reader.language,
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(render_to_string("emails/alert.subject.txt", context).split()),
        body=render_to_string("emails/alert.txt", context),
        to=[reader.email],
        connection=connection,
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Id": f"<alert-{alerts[0].pk}.newswatch>",
            "List-Unsubscribe": f"<{url_of(alerts[0])}>",
        },
    )
    mail.attach_alternative(INLINER.inline(render_to_string("emails/alert.html", context)), "text/html")
    return mail


def alerts_of(groups: Iterable[digest.Group[Told]]) -> list[models.Alert]:
    """The alerts that a mail tells of, each once."""
    hits = (told.hit for group in groups for told in (group.first, *group.others))
    return sorted({hit.alert for hit in hits}, key=lambda alert: alert.pk)


def url_of(alert: models.Alert) -> str:
    """The address of an alert's page."""
    return settings.SITE_URL + reverse("alerts:detail", args=[alert.pk])


def item(group: digest.Group[Told]) -> Item:
    """A story as the mail shows it."""
    hit = group.first.hit
    article = hit.article
    in_title, in_text = ranges(hit, "title", article.title), ranges(hit, "text", article.body)
    text = article.body or article.summary
    shown = highlight.excerpt(text, in_text, length=EXCERPT)
    elsewhere = others(group)
    return Item(
        title=highlight.cut(article.title, in_title),
        outlet=article.outlet.name,
        published_at=article.published_at,
        url=settings.SITE_URL + reverse("articles:article", args=[article.pk]),
        original=web_address(article.url),
        text=highlight.cut(text, in_text, start=shown.start, end=shown.end),
        begins_inside=shown.start > 0,
        ends_inside=shown.end < len(text),
        words=words([(article.title, in_title), (article.body, in_text)]),
        others=elsewhere[:MOST_OUTLETS],
        unnamed=max(0, len(elsewhere) - MOST_OUTLETS),
        story=story_link(article),
        is_sample=article.is_sample,
    )


def story_link(article: news.Article) -> Link | None:
    """The page of an article's story under the number of its outlets; None if the article is all of it."""
    story = article.story
    if story is None or story.article_count < 2:
        return None
    outlets = ngettext("%(n)s outlet", "%(n)s outlets", story.outlet_count) % {"n": story.outlet_count}
    return Link(outlets, settings.SITE_URL + reverse("articles:story", args=[story.pk]))


def ranges(hit: models.Hit, field: str, text: str) -> list[highlight.Range]:
    """Where the hit matches in a field, those that overlap made one; nothing that lies beyond the text."""
    spans = sorted((start, end) for name, start, end in hit.spans if name == field)
    merged: list[highlight.Range] = []
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            continue
        if merged and start < merged[-1].end:
            merged[-1] = highlight.Range(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(highlight.Range(start, end))
    return merged


def words(marked: Iterable[tuple[str, Sequence[highlight.Range]]]) -> tuple[str, ...]:
    """The words that matched, each once."""
    found: dict[str, str] = {}
    for text, spans in marked:
        for span in spans:
            word = " ".join(text[span.start : span.end].split())
            found.setdefault(word.casefold(), word)
    return tuple(found.values())[:MOST_WORDS]


def others(group: digest.Group[Told]) -> tuple[Link, ...]:
    """The other outlets that tell the story, each once."""
    links: dict[str, Link] = {}
    for other in group.others:
        if other.outlet != group.first.outlet:
            url = settings.SITE_URL + reverse("articles:article", args=[other.hit.article_id])
            links.setdefault(other.outlet, Link(other.outlet, url))
    return tuple(links.values())


def web_address(url: str) -> str:
    """The address if a mail may link to it, else nothing: feeds name what they like."""
    return url if url.startswith(("http://", "https://")) else ""
