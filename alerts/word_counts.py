"""How often words and tags stand in stored articles, counted anew each night, so that alerts are filed under rare ones.

Counted in the newest articles; by `ts_stat`, that is in the tokens that the alerts are matched by.
"""

import datetime

from django.db import connection, transaction

from alerts import models
from articles.search import folding

ARTICLES = 5_000
# One that stands in fewer is as rare as one that stands in none.
LEAST = 5
# Changes of alerts are noted for so long: every worker has seen them by then.
KEEP_CHANGES = datetime.timedelta(days=7)

NEWEST = "SELECT search FROM articles_searchrow ORDER BY published_at DESC LIMIT {:d}"
WORDS = "SELECT word, ndoc FROM ts_stat(%s) WHERE ndoc >= %s"
TAGS = """
SELECT tagged.name, count(*) FROM (
    SELECT article_id FROM articles_searchrow ORDER BY published_at DESC LIMIT %s
) AS newest JOIN articles_{0}tag AS tag USING (article_id) JOIN articles_{0} AS tagged ON tagged.id = tag.{0}_id
GROUP BY tagged.name HAVING count(*) >= %s
"""
FORGET = """
DELETE FROM alerts_alertchange AS change
WHERE changed_at < %s AND NOT EXISTS (SELECT FROM alerts_alert WHERE id = change.alert_id)
"""


@transaction.atomic
def count(*, now: datetime.datetime) -> models.WordCount | None:
    """Count, and forget the earlier count; None while there are too few articles to say anything."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [now - KEEP_CHANGES])
        cursor.execute(f"SELECT count(*) FROM ({NEWEST.format(ARTICLES)}) AS newest")  # noqa: S608 - a constant
        articles = cursor.fetchone()[0]
        if articles < ARTICLES // 10:
            return None
        cursor.execute(WORDS, [NEWEST.format(ARTICLES), LEAST])
        shares = {"": {word: share(number, articles) for word, number in cursor.fetchall()}}
        for name in ("company", "theme"):
            cursor.execute(TAGS.format(name), [ARTICLES, LEAST])
            shares[name] = {
                folding.fold(value): share(number, articles) for value, number in cursor.fetchall()
            }
    models.WordCount.objects.all().delete()
    return models.WordCount.objects.create(counted_at=now, articles=articles, shares=shares)


def share(number: int, articles: int) -> float:
    """In how many of 10,000 articles."""
    return round(number * 10_000 / articles, 1)
