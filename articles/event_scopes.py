"""Whose events a timeline's filters ask for. Must not write, and must not render.

Those of companies, or of themes, are all there are. Where the filters say more, also where they name both, events are
those that the articles of the timeline tell of: what was read of a sentence does not say which theme its article has.
"""

import dataclasses
import datetime

from articles import event_reads, filters, reads, searching

# So many articles are looked at, the newest ones.
MOST_ARTICLES = 1000


def of(wanted: filters.Filters, *, now: datetime.datetime) -> event_reads.Owner | None:
    """Who has the events that belong to a timeline; None for one of no company, theme or search in particular.

    At most five queries. Raises articles.search.query.QueryError.
    """
    if not (wanted.companies or wanted.themes or wanted.text):
        return None
    owner = _named(wanted)
    alone = filters.Filters(companies=wanted.companies, by_article=wanted.by_article, shown=wanted.shown)
    if not wanted.companies:
        alone = dataclasses.replace(alone, themes=wanted.themes)
    if wanted == alone:
        return owner
    found = newest(wanted, now=now)
    return dataclasses.replace(
        owner, articles=tuple(found[:MOST_ARTICLES]), is_capped=len(found) > MOST_ARTICLES
    )


def _named(wanted: filters.Filters) -> event_reads.Owner:
    """The companies and themes. One query where there are companies."""
    if not wanted.companies:
        return event_reads.Owner(tuple(sorted(wanted.theme_ids)), is_theme=bool(wanted.themes))
    aliases = reads.NAMES.filter(company__in=wanted.company_ids).values_list("text", flat=True)
    names = sorted({*(company.name for company in wanted.companies), *aliases}, key=len, reverse=True)
    return event_reads.Owner(tuple(sorted(wanted.company_ids)), names=tuple(names))


def newest(wanted: filters.Filters, *, now: datetime.datetime) -> list[int]:
    """The newest articles that pass the filters, at most one more than are looked at."""
    found = searching.search(wanted, context=dataclasses.replace(wanted.context, now=now))
    if found is None:
        passing = reads.going_on(reads.narrowed(wanted, now=now), None)
        return list(passing.values_list("pk", flat=True)[: MOST_ARTICLES + 1])
    return [pk for _, pk in searching.newest(found, before=None, most=MOST_ARTICLES + 1)]
