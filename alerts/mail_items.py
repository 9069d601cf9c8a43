"""What a mail says of a story: the sentence that matched, why, who else tells it, what is new. Must not send or sign.

In the language and time zone that are active.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import ngettext

from alerts import models
from alerts.matching import digest, evidence
from articles import highlight
from articles import models as news
from articles.dates import sentences
from articles.search import query

# Characters of text shown: the sentence that matched, and what follows it up to so many.
EXCERPT = 240
# A longer sentence is cut.
LONGEST_SENTENCE = 400
MOST_WORDS = 8
MOST_OUTLETS = 6
MOST_FORMS = 4

Pieces = Sequence[highlight.Piece[highlight.Range]]


@dataclass(frozen=True, slots=True)
class Told:
    """A hit as `alerts.matching.digest` sees it. `news`: what is new, if its story was told before."""

    hit: models.Hit
    story: int | None
    title: str
    outlet: str
    published: datetime.datetime
    news: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The same story elsewhere."""

    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A tag that an alert asks for and the article has, and the words in the text that speak for it."""

    kind: str
    name: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A story in a mail: the article that told it first, and who else did.

    `words` are those that matched, but for those that are a reason's. `alerts` are the names of the alerts it matched.
    """

    title: Pieces
    language: str
    outlet: str
    published_at: datetime.datetime
    url: str
    original: str
    text: Pieces
    begins_inside: bool
    ends_inside: bool
    words: tuple[str, ...]
    reasons: tuple[Reason, ...]
    news: tuple[str, ...]
    alerts: tuple[str, ...]
    others: tuple[Link, ...]
    unnamed: int
    # The page of the story and how many outlets tell it, those the alert did not match too; none if nothing else does.
    story: Link | None
    is_sample: bool
    story_id: int | None


def groups_of(delivery: models.Delivery) -> list[digest.Group[Told]]:
    """The stories that a mail tells, newest first. One query."""
    rows = (
        models.DeliveryHit.objects.filter(delivery=delivery, hit__alert__deleted_at__isnull=True)
        .select_related("hit__alert", "hit__article__outlet", "hit__article__story")
        .defer("hit__article__feed_text", "hit__article__feed_regions")
        .order_by("hit")
    )
    return digest.group_hits(
        Told(
            row.hit,
            row.hit.article.story_id,
            row.hit.article.title,
            row.hit.article.outlet.name,
            row.hit.article.published_at,
            row.news,
        )
        for row in rows
    )


def items(groups: Sequence[digest.Group[Told]], *, logs_in: bool) -> list[Item]:
    """The stories as a mail shows them. Four queries. Who does not log in is led to the outlets' own pages."""
    themes = news.Mention.objects.filter(kind="theme").order_by("pk")
    prefetch_related_objects(
        [group.first.hit.article for group in groups],
        "company_tags__company",
        "theme_tags__theme",
        Prefetch("mentions", themes, to_attr="theme_mentions"),
    )
    return [item(group, logs_in=logs_in) for group in groups]


def item(group: digest.Group[Told], *, logs_in: bool) -> Item:
    """One story."""
    hit = group.first.hit
    article = hit.article
    in_title, in_text = ranges(hit, "title", article.title), ranges(hit, "text", article.body)
    text = article.body or article.summary
    shown = passage(text, in_text)
    elsewhere = others(group, logs_in=logs_in)
    why = tuple(reasons(article, {told.hit.alert.query for told in (group.first, *group.others)}))
    spoken = {form.casefold() for reason in why for form in (reason.name, *reason.forms)}
    found = words([(article.title, in_title), (article.body, in_text)])
    original = web_address(article.url)
    ours = settings.SITE_URL + reverse("articles:article", args=[article.pk])
    return Item(
        title=highlight.cut(article.title, in_title),
        language=article.language if article.language in ("ko", "en") else "",
        outlet=article.outlet.name,
        published_at=article.published_at,
        url=ours if logs_in or not original else original,
        original=original if logs_in else "",
        text=highlight.cut(text, in_text, start=shown.start, end=shown.end),
        begins_inside=shown.start > 0,
        ends_inside=shown.end < len(text.rstrip()),
        words=tuple(word for word in found if word.casefold() not in spoken)[:MOST_WORDS],
        reasons=why,
        news=tuple(dict.fromkeys(told.news for told in (group.first, *group.others) if told.news)),
        alerts=tuple(dict.fromkeys(told.hit.alert.name for told in (group.first, *group.others))),
        others=elsewhere[:MOST_OUTLETS],
        unnamed=max(0, len(elsewhere) - MOST_OUTLETS),
        story=story_link(article) if logs_in else None,
        is_sample=article.is_sample,
        story_id=article.story_id,
    )


def passage(text: str, marks: Sequence[highlight.Range]) -> highlight.Range:
    """The sentence with the most marks, and what follows up to EXCERPT characters; else the text's beginning."""
    spans = [highlight.Range(*span) for span in sentences.split(text)]
    if not spans:
        return highlight.Range(0, 0)
    best = max(range(len(spans)), key=lambda place: (_inside(spans[place], marks), -place))
    start, end = spans[best].start, spans[best].end
    if end - start > LONGEST_SENTENCE:
        within = [mark for mark in marks if start <= mark.start < end]
        cut = highlight.excerpt(text[start:end], [_moved(mark, -start) for mark in within], length=EXCERPT)
        return _moved(cut, start)
    for following in spans[best + 1 :]:
        if following.end - start > EXCERPT:
            break
        end = following.end
    return highlight.Range(start, end)


def _inside(span: highlight.Range, marks: Iterable[highlight.Range]) -> int:
    return sum(span.start <= mark.start < span.end for mark in marks)


def _moved(span: highlight.Range, by: int) -> highlight.Range:
    return highlight.Range(span.start + by, span.end + by)


def reasons(article: news.Article, queries: Iterable[str]) -> Iterable[Reason]:
    """The article's tags that the queries ask for, with what speaks for them. Its tags are prefetched."""
    asked = asked_for(queries)
    for company in article.company_tags.all():
        if evidence.tag("company", company.company.name) in asked:
            forms = [form for form in company.aliases if form != company.company.name]
            yield Reason("company", company.company.name, tuple(forms[:MOST_FORMS]))
    speaking: dict[int, dict[str, None]] = {}
    mentions: Iterable[news.Mention] = getattr(article, "theme_mentions", ())
    for mention in mentions:
        if mention.theme_id is not None:
            speaking.setdefault(mention.theme_id, {}).setdefault(mention.text)
    for theme in article.theme_tags.all():
        if evidence.tag("theme", theme.theme.name) in asked:
            yield Reason("theme", theme.theme.name, tuple(speaking.get(theme.theme_id, {}))[:MOST_FORMS])


def asked_for(queries: Iterable[str]) -> frozenset[evidence.Tag]:
    """The tags that these queries ask for; one that can't be read any more asks for none."""
    found: set[evidence.Tag] = set()
    for text in queries:
        try:
            found |= evidence.tags_asked_for(query.parse_query(text))
        except query.QueryError:
            continue
    return frozenset(found)


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
    return tuple(found.values())


def others(group: digest.Group[Told], *, logs_in: bool) -> tuple[Link, ...]:
    """The other outlets that tell the story, each once."""
    links: dict[str, Link] = {}
    for other in group.others:
        if other.outlet != group.first.outlet:
            links.setdefault(other.outlet, Link(other.outlet, address_of(other.hit.article, logs_in)))
    return tuple(links.values())


def address_of(article: news.Article, logs_in: bool) -> str:
    """Where a reader finds an article."""
    ours = settings.SITE_URL + reverse("articles:article", args=[article.pk])
    return ours if logs_in else web_address(article.url) or ours


def web_address(url: str) -> str:
    """The address if a mail may link to it, else nothing: feeds name what they like."""
    return url if url.startswith(("http://", "https://")) else ""


def by_alert(found: Sequence[Item]) -> Mapping[str, int]:
    """How many of the stories each alert brought, by its name."""
    counts: dict[str, int] = {}
    for one in found:
        for name in one.alerts:
            counts[name] = counts.get(name, 0) + 1
    return counts
