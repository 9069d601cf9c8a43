"""Look up what became of an entry, by its address, its id or the words of its title, and say it in a sentence.

Must not write: store.py keeps the ledger.
"""

import datetime
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext

from articles import decide, models, reads, setbacks, storable
from articles.pages import canonical
from articles.search import query
from articles.search.context import Context

MOST = 50
LONGEST = 4000
REASONS = {decide.EMPTY: gettext_noop("it has neither a title, a text nor an address")}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: entries, newest first, and the sources whose feed or site the address is."""

    entries: tuple[models.Appearance, ...]
    sources: tuple[models.Source, ...]


def look_up(text: str) -> Found:
    """The entries with that address, id or title, and the sources concerned; a fixed number of queries."""
    wanted = storable.text(text).strip()[:LONGEST]
    if not wanted:
        return Found((), ())
    sources = tuple(models.Source.objects.select_related("outlet").order_by("pk"))
    entries = by_name(wanted, sources) or by_title(wanted)
    return Found(tuple(entries), concerned(wanted, sources))


def by_name(wanted: str, sources: Sequence[models.Source]) -> list[models.Appearance]:
    """The entries with this id or address, in whatever spelling; all through indexes."""
    url = canonical.canonical_url(wanted) if is_address(wanted) else ""
    keys = [decide.digest("id", wanted)]
    condition = Q(url=wanted)
    if url:
        keys.append(decide.digest("url", url))
        outlets = {source.outlet_id for source in sources}
        articles = models.Article.objects.filter(
            outlet_id__in=outlets, identity__in=[decide.digest("url", url), decide.digest("id", wanted)]
        )
        condition |= Q(url=url) | Q(article__in=list(articles.values_list("pk", flat=True)))
    condition |= Q(source__in=[source.pk for source in sources], entry_key__in=keys)
    return listed(models.Appearance.objects.filter(condition))


def by_title(wanted: str) -> list[models.Appearance]:
    """The entries whose title has these words: of articles that are searchable, and of those that are not (yet)."""
    words = [word for word in wanted.replace('"', " ").split() if len(word) <= 100][:8]
    waiting = models.Appearance.objects.filter(article__stage__in=("page", "tag"))
    unstored = models.Appearance.objects.unstored()
    for word in words:
        waiting, unstored = waiting.filter(title__icontains=word), unstored.filter(title__icontains=word)
    try:
        text = " AND ".join(f'title:"{word}"' for word in words)
        found = reads.matching(models.Article.objects.ready(), text, context=Context(timezone.now()))
        ready = list(found.order_by("-published_at", "-pk").values_list("pk", flat=True)[:MOST])
    except query.QueryError:
        ready = []
    stored = models.Appearance.objects.filter(article__in=ready)
    rows = {row.pk: row for some in (stored, waiting, unstored) for row in listed(some)}
    return sorted(rows.values(), key=lambda row: row.first_seen_at, reverse=True)[:MOST]


def listed(rows: "QuerySet[models.Appearance]") -> list[models.Appearance]:
    """The rows with what a sentence about them needs, newest first."""
    return list(
        rows.select_related("source__outlet", "article__source__outlet", "article__setback")
        .defer("article__body", "article__feed_text", "article__summary")
        .order_by("-first_seen_at", "-pk")[:MOST]
    )


def concerned(wanted: str, sources: Sequence[models.Source]) -> tuple[models.Source, ...]:
    """The sources that poll this address, or else those of its host."""
    if not is_address(wanted):
        return ()
    url = canonical.canonical_url(wanted)
    polled = tuple(source for source in sources if canonical.canonical_url(source.url) == url)
    host = host_of(wanted)
    near = (one for one in sources if host in (host_of(one.url), host_of(one.outlet.homepage)))
    return polled or tuple(near)[:10]


def is_address(text: str) -> bool:
    """Whether it looks like a web address."""
    return text.startswith(("http://", "https://")) and not any(char.isspace() for char in text)


def host_of(url: str) -> str:
    """The host as canonical addresses spell it; empty for none."""
    try:
        return urllib.parse.urlsplit(canonical.canonical_url(url)).hostname or ""
    except ValueError:
        return ""


def reason(text: str) -> str:
    """Why an entry was rejected or failed, in the reader's language where we know it."""
    return gettext(REASONS[text]) if text in REASONS else text


def sentence(entry: models.Appearance) -> str:
    """What became of the entry. Its source and article are at hand."""
    match entry.fate:
        case models.Appearance.Fate.REJECTED:
            return gettext("Rejected because %(reason)s.") % {"reason": reason(entry.reason)}
        case models.Appearance.Fate.FAILED:
            return failed(entry)
        case models.Appearance.Fate.DUPLICATE:
            values = {"title": entry.article, "source": entry.article.source if entry.article else ""}
            text = gettext("Duplicate of “%(title)s” from %(source)s.") % values
        case models.Appearance.Fate.UPDATED:
            values = {"title": entry.article, "when": clock(entry.content_at)}
            text = gettext("Stored as “%(title)s” and updated on %(when)s.") % values
        case _:
            text = gettext("Stored as “%(title)s”.") % {"title": entry.article}
    return f"{text} {waits(entry.article)}".strip() if entry.article else text


def failed(entry: models.Appearance) -> str:
    """What to expect of an entry that could not be stored."""
    told = ngettext(
        "Failed %(number)d time because %(reason)s.",
        "Failed %(number)d times because %(reason)s.",
        entry.tries,
    ) % {"number": entry.tries, "reason": entry.reason.rstrip(".")}
    if entry.tries < decide.MOST_TRIES:
        return f"{told} {gettext('It is tried again at the next poll.')}"
    return f"{told} {gettext('It is tried again when its text changes.')}"


def waits(article: models.Article) -> str:
    """What a stored article still waits for, if anything. Its setback is at hand."""
    if hasattr(article, "setback"):
        return setbacks.sentence(article.setback)
    match article.stage:
        case models.Article.Stage.PAGE:
            return gettext("Its page is still to be fetched.")
        case models.Article.Stage.TAG:
            return gettext("It is still to be read and tagged.")
        case _:
            return ""


def clock(moment: datetime.datetime) -> str:
    """Date and time in the reader's zone."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"
