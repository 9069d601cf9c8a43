"""Articles of other stories that are like one: a fixed number of queries. Must not write, and must not render."""

import datetime
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from articles import bulk, models, search_costs
from articles.search import labels
from articles.stories import likeness

MOST = 6
# What the index gives is ranked by hand; of what is very alike there are few.
MOST_LOOKED_AT = 150
# Milliseconds after which it is given up: where nobody has counted the words yet, common ones may be asked for.
PATIENCE_MS = 1000
# Before and after the article.
DAYS = 60
FOUND = """
SELECT article_id FROM articles_searchrow
WHERE search @@ %s::tsquery AND published_at BETWEEN %s AND %s AND article_id <> %s
ORDER BY abs(extract(epoch FROM published_at - %s)) LIMIT %s
"""
LONG = ("feed_text", "feed_regions", "body", "summary", "outlet__homepage")


@dataclass(frozen=True, slots=True)
class Similar:
    """An article that is like another, with the words and companies that both name."""

    article: models.Article
    words: tuple[str, ...]
    companies: tuple[str, ...]


def similar(article: models.Article, *, now: datetime.datetime) -> list[Similar]:
    """What is like an article, the most alike first, one of each other story."""
    known = search_costs.frequencies(now=now)
    names = {labels.company(tag.company_id): tag.company.name for tag in article.company_tags.all()}

    def share_of(lexeme: str) -> float:
        return known.shares.get(lexeme, known.rest / 2)

    subject = likeness.subject(article.title, names, share_of)
    candidates = _candidates(article, likeness.tsquery(subject))
    found = likeness.ranked(subject, candidates.values(), share_of, most=MOST)
    rows = _for_lists().in_bulk([one.id for one in found])
    return [
        Similar(rows[one.id], one.words, tuple(names[label] for label in one.companies))
        for one in found
        if one.id in rows
    ]


def _candidates(article: models.Article, tsquery: str) -> dict[int, likeness.Candidate]:
    """The articles of other stories that the index gives, those nearest in time. Two queries."""
    if not tsquery:
        return {}
    at, reach = article.published_at, datetime.timedelta(days=DAYS)
    given = [tsquery, at - reach, at + reach, article.pk, at, MOST_LOOKED_AT]
    try:
        with transaction.atomic(), bulk.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout TO {PATIENCE_MS}")
            pks = [pk for (pk,) in cursor.execute(FOUND, given).fetchall()]
    except OperationalError:
        return {}
    rows = models.Article.objects.ready().filter(pk__in=pks).prefetch_related("company_tags")
    return {
        row.pk: likeness.Candidate(
            row.pk,
            row.story_id,
            row.title,
            frozenset(labels.company(tag.company_id) for tag in row.company_tags.all()),
        )
        for row in rows.only("pk", "story", "title")
        if row.story_id is None or row.story_id != article.story_id
    }


def _for_lists() -> "QuerySet[models.Article]":
    return models.Article.objects.ready().select_related("outlet").defer(*LONG)
