"""How common words and labels are in the stored articles, and what is to be said before a search that would be slow.

PostgreSQL counts the commonest words of a sample whenever it analyses the table; that is read once in a while and kept.
"""

import datetime
import functools

from django.utils.translation import gettext, gettext_noop

from articles import bulk, searching
from articles.search import cost, query
from articles.search.context import Context

# Each process reads the frequencies anew after so long.
KEPT = datetime.timedelta(minutes=10)
ENDS = """
SELECT (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'articles_searchrow'::regclass),
    min(published_at), max(published_at)
FROM articles_article WHERE ready_at IS NOT NULL
"""
# After the shares of the words there are the least one, the greatest and that of nulls.
SHARES = """
SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
WHERE schemaname = current_schema() AND tablename = 'articles_searchrow' AND attname = 'search'
    AND most_common_elems IS NOT NULL
"""
TEMPLATES = (
    gettext_noop(
        "This looks through the letters of up to %(articles)s articles (about %(seconds)s s). A whole word beside "
        "“%(part)s”, a company or a period such as published:30d makes it quick."
    ),
    gettext_noop(
        "“%(part)s” has words that very many articles have, and looks at their places in up to %(articles)s articles "
        "(about %(seconds)s s). A rarer word, a company or a period such as published:30d makes it quick."
    ),
)


def warning(tree: query.Query, context: Context) -> str:
    """What is to be said before an expanded query runs, in the reader's language; nothing if it is quick.

    The context has the time.
    """
    if context.now is None:
        raise ValueError("frequencies are kept for a while, so the time is needed")
    found = cost.warning(searching.resolved(tree), frequencies(now=context.now), context)
    return gettext(found.template) % found.values if found else ""


def frequencies(*, now: datetime.datetime) -> cost.Frequencies:
    """How common words are, as of some minutes ago at most."""
    return _read(int(now.timestamp() // KEPT.total_seconds()))


@functools.lru_cache(maxsize=1)
def _read(_: int) -> cost.Frequencies:
    with bulk.cursor() as cursor:
        articles, first, last = cursor.execute(ENDS).fetchone() or (0, None, None)
        words, shares = cursor.execute(SHARES).fetchone() or ((), ())
    now = datetime.datetime.now(datetime.UTC)
    known = dict(zip(words, shares, strict=False))
    return cost.Frequencies(int(articles), first or now, last or now, known, min(known.values(), default=0.0))
