"""Write what search asks of articles: their words and labels, in the transaction that writes their tags.

Every ready article has a row, also one whose words could not be made. Must not read what is searched: reads.py does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from psycopg.types import numeric

from articles import bulk, models, regions
from articles.search import labels, tokens

ROWS = "articles_searchrow (article_id, published_at, search)"
FACTS = """
SELECT article.id, article.published_at, article.language, article.outlet_id, article.source_id,
    ARRAY(SELECT company_id FROM articles_companytag WHERE article_id = article.id),
    ARRAY(SELECT theme_id FROM articles_themetag WHERE article_id = article.id)
FROM articles_article AS article WHERE article.id = ANY(%s::bigint[])
"""
WRITE = """
INSERT INTO articles_searchrow (article_id, published_at, search) VALUES (%s, %s, %s::tsvector)
ON CONFLICT (article_id) DO UPDATE SET published_at = excluded.published_at, search = excluded.search
"""
LABEL = """
UPDATE articles_searchrow AS row
SET published_at = %s, search = ts_delete(row.search, old.labels) || %s::tsvector
FROM (
    SELECT article_id, ARRAY(SELECT lexeme FROM unnest(search) WHERE starts_with(lexeme, %s)) AS labels
    FROM articles_searchrow WHERE article_id = %s
) AS old
WHERE row.article_id = old.article_id
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article's labels tell."""

    article: models.Article
    companies: Sequence[int]
    themes: Sequence[int]


def insert(given: Collection[Facts]) -> None:
    """Insert the rows of articles that have none."""
    bulk.copy_binary(
        ROWS,
        (
            (
                numeric.Int8(one.article.pk),
                one.article.published_at,
                vector(words(one.article), one),
            )
            for one in given
        ),
    )


def store(vectors: Mapping[int, bytes]) -> None:
    """Write the rows of articles by their words (as `tokens` writes them); their tags are stored."""
    bulk.execute_many(
        WRITE,
        [
            (facts.article.pk, facts.article.published_at, vector(vectors[facts.article.pk], facts))
            for facts in stored(vectors)
        ],
    )


def ensure(article: int) -> None:
    """Give an article a row with its labels alone unless it has one."""
    if not models.SearchRow.objects.filter(article=article).exists():
        store({article: tokens.to_tsvector("", "")})


def relabel(articles: Collection[int]) -> None:
    """Bring the labels of these articles in line with their tags and whatever else is labelled."""
    if articles:
        bulk.execute_many(
            LABEL,
            [
                (facts.article.published_at, written(facts), labels.MARK, facts.article.pk)
                for facts in stored(articles)
            ],
        )


def words(article: models.Article, of_page: Iterable[Mapping[str, str]] = ()) -> bytes:
    """An article's words as they are stored, with those of its page's regions."""
    return tokens.to_tsvector(article.title, article.body, regions.searched(article, of_page))


def index_again(*, before: int | None = None, most: int = 200) -> int | None:
    """Write the words and labels of the newest articles, or of those before a key, as the present code makes them.

    Returns the key to go on from; None when all are done. An article that was never read keeps what it has.
    """
    found = models.Article.objects.ready().exclude(recognised_by="").select_related("page")
    found = (
        found.defer("page__markup", "feed_text", "summary").order_by("-pk").select_for_update(of=("self",))
    )
    with transaction.atomic():
        batch = list((found.filter(pk__lt=before) if before is not None else found)[:most])
        store({one.pk: words(one, one.page.regions if hasattr(one, "page") else ()) for one in batch})
    return batch[-1].pk if batch else None


def vector(found: bytes, facts: Facts) -> bulk.Tsvector:
    """An article's words and labels as they are stored."""
    return bulk.Tsvector(tokens.labelled(found, labels_of(facts)))


def written(facts: Facts) -> str:
    """An article's labels as a literal."""
    return " ".join(map(tokens.quoted, labels_of(facts)))


def labels_of(facts: Facts) -> list[str]:
    """An article's labels."""
    article = facts.article
    return labels.of(
        companies=facts.companies,
        themes=facts.themes,
        outlet_id=article.outlet_id,
        source_id=article.source_id,
        language_code=article.language,
        published=article.published_at,
    )


def stored(articles: Collection[int]) -> list[Facts]:
    """What the labels of stored articles tell."""
    with bulk.cursor() as cursor:
        rows = cursor.execute(FACTS, [list(articles)]).fetchall()
    return [
        Facts(
            models.Article(
                pk=pk, published_at=at, language=language, outlet_id=outlet_id, source_id=source_id
            ),
            companies,
            themes,
        )
        for pk, at, language, outlet_id, source_id, companies, themes in rows
    ]
