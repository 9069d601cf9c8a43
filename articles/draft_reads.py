"""What a briefing's draft says: the top stories of what its writer follows, a sentence of each, and what is to come.

A fixed number of queries, however many rows. Must not write.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext

from articles import date_words, models, today_reads
from articles.briefing import lines
from articles.stories import additions, templates

# What can be read in five minutes.
MOST_STORIES = 16
MOST_OF_A_LANE = 5
MOST_EVENTS = 8
# Articles of a story that a line may be taken from.
MOST_SOURCES = 6
# Stories of a lane that are looked at for those that are no news in themselves: weather, markets, photographs.
MOST_LOOKED_AT = 4 * MOST_OF_A_LANE
# Articles of a story, besides its first, that say what was told already: the last ones.
MOST_EARLIER = 20
EXACT = (models.event.Precision.TIME, models.event.Precision.DAY)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is put in a collection: an article or a story, the line on it and where that was taken from."""

    article: models.Article
    story: models.Story | None
    text: str
    field: str = ""
    start: int = 0
    end: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a draft."""

    heading: str
    entries: tuple[Entry, ...]


def draft(
    watched: Sequence[models.Watch],
    *,
    since: datetime.datetime,
    days: tuple[datetime.date, datetime.date],
    told: Mapping[int, datetime.datetime] = MappingProxyType({}),
) -> list[Part]:
    """The sections of a draft: the stories since then, and the events of these days.

    A story that was `told`, with when it was, is told again only for what is new since. At most thirteen queries.
    """
    ranked = today_reads.top_stories(watched, since=since)
    looked_at = {pk for pks in ranked.values() for pk in pks[:MOST_LOOKED_AT]}
    again = news_of({pk: told[pk] for pk in looked_at if pk in told})
    chosen = top(watched, ranked, told=told.keys() - again.keys())
    stories = models.Story.objects.in_bulk([pk for pks in chosen.values() for pk in pks])
    sources = sources_of({pk: story for pk, story in stories.items() if pk not in again}, since=since)
    spans = spans_of(sources)
    parts = []
    for watch in watched:
        key = today_reads.key_of(watch)
        found = (
            again_entry(stories[pk], *again[pk])
            if pk in again
            else entry(stories[pk], sources[pk], spans, key)
            for pk in chosen.get(key, ())
        )
        if entries := tuple(one for one in found if one is not None):
            parts.append(Part(today_reads.name_of(watch), entries))
    if events := coming(watched, days):
        parts.append(Part(gettext("Coming up"), tuple(events)))
    return parts


def top(
    watched: Sequence[models.Watch],
    ranked: Mapping[today_reads.Key, Sequence[int]],
    *,
    told: Collection[int],
) -> dict[today_reads.Key, list[int]]:
    """The stories that each lane shows, those first that most outlets tell; each story in one lane. One query."""
    looked_at = {pk for pks in ranked.values() for pk in pks[:MOST_LOOKED_AT]}
    plain = news_among(looked_at)
    room = max(2, min(MOST_OF_A_LANE, MOST_STORIES // max(1, len(watched))))
    taken = set(told)
    chosen: dict[today_reads.Key, list[int]] = {}
    for key in map(today_reads.key_of, watched):
        fresh = [pk for pk in ranked.get(key, ())[:MOST_LOOKED_AT] if pk in plain and pk not in taken]
        chosen[key] = fresh[:room]
        taken.update(chosen[key])
    return chosen


# A later article of a story, and its sentence that is new.
News = tuple[models.Article, lines.Line]


def news_of(told: Mapping[int, datetime.datetime]) -> dict[int, News]:
    """What is new of stories since they were told; those of which nothing is are left out. At most three queries."""
    rows = models.Article.objects.ready().filter(story__in=list(told)).order_by("published_at", "pk")
    earlier: defaultdict[int, list[int]] = defaultdict(list)
    later: defaultdict[int, list[int]] = defaultdict(list)
    for pk, story, original, came in (
        rows.values_list("pk", "story", "near_duplicate_of", "ready_at") if told else ()
    ):
        if came is None or came <= told[story]:
            earlier[story].append(pk)
        elif original is None:
            later[story].append(pk)
    known = {story: [*pks[:1], *pks[1:][-MOST_EARLIER:]] for story, pks in earlier.items() if story in later}
    fresh = {story: later[story][-MOST_SOURCES:] for story in known}
    articles = with_openings(pk for found in (known, fresh) for pks in found.values() for pk in pks)
    sources = {story: [articles[pk] for pk in pks if pk in articles] for story, pks in fresh.items()}
    spans = spans_of(sources) if sources else {}
    said = {
        story: [
            additions.Report(articles[pk].title, articles[pk].said)  # type: ignore[attr-defined]
            for pk in pks
            if pk in articles
        ]
        for story, pks in known.items()
    }
    found = {}
    for story, candidates in sources.items():
        shown = [source(article, spans.get(article.pk, {}), None) for article in candidates]
        if line := lines.choose_new(shown, said[story]):
            found[story] = (articles[line.source], line)
    return found


def again_entry(story: models.Story, article: models.Article, line: lines.Line) -> Entry:
    """A story that was told before, with what is new of it."""
    text = gettext("New: %(sentence)s") % {"sentence": line.text}
    return Entry(article, story, text, line.field, line.start, line.end, line.text)


def news_among(stories: Iterable[int]) -> set[int]:
    """Those of the stories that tell news, and not the weather or a market's close. One query."""
    rows = models.Story.objects.told().filter(pk__in=list(stories), headline__isnull=False)
    return {
        pk
        for pk, title in rows.values_list("pk", "headline__title")
        if templates.kind_of(title.casefold()) == templates.Kind.NEWS
    }


def sources_of(
    stories: Mapping[int, models.Story], *, since: datetime.datetime
) -> dict[int, list[models.Article]]:
    """The articles of each story that a line may be taken from: its headline's first, copies last. Two queries."""
    rows = (
        models.Article.objects.ready()
        .filter(story__in=list(stories), published_at__gte=since)
        .order_by("published_at", "pk")
        .values_list("pk", "story", "near_duplicate_of")
    )
    by_story: dict[int, list[tuple[bool, bool, int]]] = defaultdict(list)
    for pk, story, original in rows:
        by_story[story].append((stories[story].headline_id != pk, original is not None, pk))
    # The sort is stable: equals stay in order of time.
    kept = {
        story: [pk for *_, pk in sorted(found, key=lambda one: one[:2])[:MOST_SOURCES]]
        for story, found in by_story.items()
    }
    articles = with_openings(pk for pks in kept.values() for pk in pks)
    return {story: [articles[pk] for pk in pks if pk in articles] for story, pks in kept.items()}


def with_openings(pks: Iterable[int]) -> dict[int, models.Article]:
    """Articles with the beginning of their text as `said`. One query."""
    rows: QuerySet[models.Article] = (
        models.Article.objects.filter(pk__in=list(pks))
        .select_related("outlet")
        .only("title", "language", "url", "published_at", "story", "outlet__name", "is_sample")
        .annotate(said=Substr("body", 1, lines.MOST_CHARACTERS))
    )
    return {row.pk: row for row in rows}


# Where an article's text names something: ("company", 3) -> spans.
Spans = Mapping[int, Mapping[today_reads.Key, list[tuple[int, int]]]]


def spans_of(sources: Mapping[int, Sequence[models.Article]]) -> Spans:
    """Where the articles' texts name companies and themes. One query."""
    pks = [article.pk for articles in sources.values() for article in articles]
    rows = models.Mention.objects.filter(article__in=pks, field="text", end__lte=lines.MOST_CHARACTERS)
    found: dict[int, dict[today_reads.Key, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for article, kind, company, theme, start, end in rows.exclude(kind="sport").values_list(
        "article", "kind", "company", "theme", "start", "end"
    ):
        found[article][kind, company or theme or 0].append((start, end))
    return found


def entry(
    story: models.Story, articles: Sequence[models.Article], spans: Spans, key: today_reads.Key | None
) -> Entry | None:
    """A story with the sentence that tells it best; None if none of its articles is left."""
    by_pk = {article.pk: article for article in articles}
    line = lines.choose([source(article, spans.get(article.pk, {}), key) for article in articles])
    if line is None:
        return None
    return Entry(by_pk[line.source], story, line.text, line.field, line.start, line.end, line.text)


def source(
    article: models.Article,
    named: Mapping[today_reads.Key, list[tuple[int, int]]],
    key: today_reads.Key | None,
) -> lines.Source:
    """An article as the choice of a line takes it. `key`: what the reader follows; None for any company."""
    companies = [span for (kind, _), found in named.items() if kind == "company" for span in found]
    subjects = companies if key is None else named.get(key, [])
    text: str = article.said  # type: ignore[attr-defined]
    return lines.Source(
        article.pk, article.title, text, subjects=lines.spans(subjects), names=lines.spans(companies)
    )


def of_article(article: models.Article) -> Entry | None:
    """One article with its best sentence. Two queries."""
    found = with_openings([article.pk])
    if article.pk not in found:
        return None
    spans = spans_of({0: list(found.values())})
    line = lines.choose([source(found[article.pk], spans.get(article.pk, {}), None)])
    if line is None:
        return Entry(found[article.pk], None, "")
    return Entry(found[article.pk], None, line.text, line.field, line.start, line.end, line.text)


def of_story(story: models.Story) -> Entry | None:
    """One story with its best sentence. Three queries."""
    sources = sources_of({story.pk: story}, since=story.first_at)
    return entry(story, sources.get(story.pk, []), spans_of(sources), None)


def coming(watched: Sequence[models.Watch], days: tuple[datetime.date, datetime.date]) -> list[Entry]:
    """What is to happen on these days, as far as the day is known. At most two queries."""
    found: dict[int, models.Event] = {}
    for kind, model in (("theme", models.EventTheme), ("company", models.EventCompany)):
        keys = [key for one, key in map(today_reads.key_of, watched) if one == kind]
        ties: QuerySet[Any] = model.objects.filter(
            **{f"{kind}__in": keys}, starts_on__range=days, event__precision__in=EXACT
        ).exclude(event__relation=models.event.Relation.PAST)
        rows = ties.select_related("event__told_by__article__outlet").order_by(
            "starts_on", "-event__outlet_count"
        )
        for tie in rows[: today_reads.MOST_EVENTS_READ] if keys else ():
            if tie.event.told_by is not None:
                found[tie.event.pk] = tie.event
    ordered = sorted(found.values(), key=lambda event: (event.starts_on, -event.outlet_count, event.pk))
    once = {(event.starts_on, today_reads.words_of(event).casefold()): event for event in reversed(ordered)}
    return [of_event(event) for event in list(reversed(once.values()))[:MOST_EVENTS]]


def of_event(event: models.Event) -> Entry:
    """A coming event as a line: its day, and what its sentence says of it."""
    report = event.told_by
    assert report is not None  # noqa: S101 - `coming` leaves the others out
    return Entry(
        report.article,
        None,
        f"{day_and_weekday(event.starts_on)}: {today_reads.words_of(event)}",
        report.field,
        report.sentence_start,
        report.sentence_start + len(report.sentence),
        report.sentence,
    )


def day_and_weekday(day: datetime.date) -> str:
    """11월 26일 (목), 26 November (Thu)."""
    said = gettext("%(day)d %(month)s") % date_words.parts(day)
    return f"{said} ({date_words.weekday(day)})"


def whole_day(day: datetime.date) -> str:
    """2026년 11월 26일 (목), 26 November 2026 (Thu)."""
    return f"{date_words.day(day)} ({date_words.weekday(day)})"
