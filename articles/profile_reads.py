"""What a company's or a theme's own page tells beside its news: who is named with it, its family, its numbers.

Each function is a fixed number of queries, however much there is. Must not write, and must not render.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from articles import comparing, models, reads, rollups

# Its articles of so many days are looked through, the newest ones where there are very many.
DAYS = reads.PANEL_DAYS
MOST_ARTICLES = 2000
MOST_COMPANIES, MOST_THEMES = 10, 8
# The stretches of a companion's small chart, drawn in a box of PARTS x HEIGHT.
PARTS, HEIGHT = 10, 14
# The later half has more (or less) than the earlier one by so many standard deviations of their difference.
CLEAR = 1.6
# Companies of its group that are named; of more, how many.
MOST_RELATIVES = 12
MOST_GENERATIONS = 8

# Own tags are those of the subject; `{table}` and `{column}` are of its kind. An article's story is had from the index
# of the newest articles, which needs its time. The first row says how many articles were looked at, and since when.
COMPANIONS = """
WITH own AS MATERIALIZED (
    SELECT tag.article_id AS id, tag.published_at FROM {table} AS tag
    WHERE tag.{column} = %(pk)s AND tag.published_at >= %(since)s AND tag.published_at < %(end)s {part}
    ORDER BY tag.published_at DESC LIMIT %(most)s
), reach AS MATERIALIZED (
    SELECT count(*) AS articles,
        CASE WHEN count(*) < %(most)s THEN %(from)s ELSE extract(epoch FROM min(published_at)) END AS since FROM own
), named AS MATERIALIZED (
    SELECT own.id, COALESCE(article.story_id, -own.id) AS story,
        width_bucket(extract(epoch FROM own.published_at), (SELECT since FROM reach), %(to)s, %(parts)s) AS part
    FROM own JOIN articles_article AS article
    ON article.published_at = own.published_at AND article.id = own.id AND article.ready_at IS NOT NULL
), told AS MATERIALIZED (
    SELECT 1 AS kind, other.company_id AS other, named.story, named.part, count(*) AS articles
    FROM named JOIN articles_companytag AS other ON other.article_id = named.id
    WHERE NOT (%(kind)s = 1 AND other.company_id = %(pk)s)
    GROUP BY other.company_id, named.story, named.part
    UNION ALL
    SELECT 2, other.theme_id, named.story, named.part, count(*)
    FROM named JOIN articles_themetag AS other ON other.article_id = named.id
    WHERE NOT (%(kind)s = 2 AND other.theme_id = %(pk)s)
    GROUP BY other.theme_id, named.story, named.part
), whole AS (
    SELECT kind, other, sum(articles)::bigint AS articles, count(DISTINCT story) AS stories
    FROM told GROUP BY kind, other
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY stories DESC, articles DESC, other) AS place FROM whole
)
SELECT 0 AS kind, articles AS other, floor(since)::bigint AS articles, 0 AS stories, 0 AS part, 0, 0, 0 AS place
FROM reach
UNION ALL
SELECT ranked.kind, ranked.other, ranked.articles, ranked.stories, told.part, sum(told.articles)::bigint,
    count(*), place
FROM ranked JOIN told ON told.kind = ranked.kind AND told.other = ranked.other
WHERE place <= CASE ranked.kind WHEN 1 THEN %(companies)s ELSE %(themes)s END
GROUP BY ranked.kind, ranked.other, ranked.articles, ranked.stories, ranked.place, told.part
ORDER BY kind, place, part
"""
PART = "AND tag.subthemes @> ARRAY[%(part)s]::varchar[]"
FAMILY = """
WITH RECURSIVE above(id, parent_id, far) AS (
    SELECT id, parent_id, 0 FROM articles_company WHERE id = %(pk)s
    UNION ALL
    SELECT company.id, company.parent_id, above.far + 1
    FROM articles_company AS company JOIN above ON company.id = above.parent_id WHERE above.far < %(most)s
)
SELECT id, -far FROM above
UNION ALL
SELECT child.id, 1 FROM articles_company AS child WHERE child.parent_id = %(pk)s AND child.enabled
UNION ALL
SELECT grand.id, 2 FROM articles_company AS grand JOIN articles_company AS child ON grand.parent_id = child.id
WHERE child.parent_id = %(pk)s AND child.enabled AND grand.enabled
"""


@dataclass(frozen=True, slots=True)
class Companion:
    """A company or a theme named in the subject's articles: how often, and in which stretches of the days.

    `parameters`: the search for articles that name both.
    """

    row: models.Company | models.Theme
    count: int
    parts: tuple[int, ...]
    parameters: str

    @property
    def later(self) -> int:
        """Its number in the later half of the days."""
        return sum(self.parts[PARTS // 2 :])

    @property
    def earlier(self) -> int:
        """Its number in the earlier half of the days."""
        return sum(self.parts[: PARTS // 2])

    @property
    def trend(self) -> int:
        """1 if it is clearly named more of late, -1 if clearly less, else 0."""
        apart = self.later - self.earlier
        clear = CLEAR * math.sqrt(max(self.later + self.earlier, 1))
        return 0 if abs(apart) < clear else 1 if apart > 0 else -1

    @property
    def bars(self) -> list[tuple[int, float, float]]:
        """The stretches as bars: where each stands, its top, and its height."""
        highest = max(self.parts) or 1
        heights = [round(max(HEIGHT * count / highest, 1), 2) for count in self.parts]
        return [(at, round(HEIGHT - height, 2), height) for at, height in enumerate(heights)]


@dataclass(frozen=True, slots=True)
class Companions:
    """Who is named with a subject, most often named first. `is_cut`: in its newest articles; there are more."""

    companies: tuple[Companion, ...]
    themes: tuple[Companion, ...]
    since: datetime.date
    until: datetime.date
    by_article: bool
    is_cut: bool = False

    @property
    def most(self) -> int:
        """How many articles were looked at if there are more."""
        return MOST_ARTICLES


@dataclass(frozen=True, slots=True)
class Relative:
    """A company of a family and those under it; `hidden`: how many more there are."""

    company: models.Company
    is_itself: bool
    children: tuple["Relative", ...] = ()
    hidden: int = 0


def companions(
    row: models.Company | models.Theme, *, now: datetime.datetime, by_article: bool, part: str = ""
) -> Companions:
    """Who is named in the articles of a company, of a theme, or of a part of one. Three queries."""
    until = timezone.localdate(now)
    since = until - datetime.timedelta(days=DAYS - 1)
    is_theme = isinstance(row, models.Theme)
    begin, end = reads.midnight(since), reads.midnight(until + datetime.timedelta(days=1))
    column = "theme" if is_theme else "company"
    sql = COMPANIONS.format(table=f"articles_{column}tag", column=f"{column}_id", part=PART if part else "")
    given = {
        "pk": row.pk,
        "kind": 2 if is_theme else 1,
        "since": begin,
        "end": end,
        "from": begin.timestamp(),
        "to": end.timestamp(),
        "part": part,
        "parts": PARTS,
        "most": MOST_ARTICLES,
        "companies": MOST_COMPANIES,
        "themes": MOST_THEMES,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        (_, looked_at, reach, *_), *rows = cursor.fetchall()
    if is_cut := looked_at >= MOST_ARTICLES:
        since = datetime.datetime.fromtimestamp(reach, timezone.get_current_timezone()).date()
    asked = comparing.Asked(comparing.subjects_of([row]), since, until, by_article=by_article)
    companies = models.Company.objects.in_bulk([other for kind, other, *_ in rows if kind == 1])
    themes = models.Theme.objects.in_bulk([other for kind, other, *_ in rows if kind == 2])
    return Companions(
        tuple(_companions([found for found in rows if found[0] == 1], companies, asked)),
        tuple(_companions([found for found in rows if found[0] == 2], themes, asked)),
        since,
        until,
        by_article,
        is_cut,
    )


def _companions(
    rows: Sequence[tuple[int, ...]],
    known: Mapping[int, models.Company] | Mapping[int, models.Theme],
    asked: comparing.Asked,
) -> Iterable[Companion]:
    """The rows of COMPANIONS of one kind, in their order."""
    parts: dict[int, list[int]] = defaultdict(lambda: [0] * PARTS)
    counts: dict[int, int] = {}
    for _, other, articles, stories, part, part_articles, part_stories, _ in rows:
        counts[other] = articles if asked.by_article else stories
        parts[other][min(max(part, 1), PARTS) - 1] = part_articles if asked.by_article else part_stories
    (subject,) = asked.subjects
    for other, count in counts.items():
        if row := known.get(other):
            query = f"{subject.query} {comparing.Subject(row).query}"
            yield Companion(row, count, tuple(parts[other]), asked.search(query))


def family(company: models.Company) -> Relative | None:
    """The company among those that it belongs to and those that belong to it; None if it stands alone. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, {"pk": company.pk, "most": MOST_GENERATIONS})
        depths = dict(cursor.fetchall())
    if len(depths) < 2:
        return None
    known = models.Company.objects.in_bulk(depths)
    children: dict[int, list[models.Company]] = defaultdict(list)
    for pk, row in known.items():
        if row.parent_id is not None and depths[pk] > 0:
            children[row.parent_id].append(row)
    made = _relative(company, children, company)
    for pk in sorted((pk for pk, depth in depths.items() if depth < 0), key=lambda pk: -depths[pk]):
        made = Relative(known[pk], False, (made,))
    return made


def _relative(
    row: models.Company, children: Mapping[int, Sequence[models.Company]], itself: models.Company
) -> Relative:
    own = sorted(children.get(row.pk, ()), key=lambda one: (not one.ticker, one.name))
    shown = own[:MOST_RELATIVES] if row == itself else own[: MOST_RELATIVES // 3]
    return Relative(
        row,
        row == itself,
        tuple(_relative(one, children, itself) if row == itself else Relative(one, False) for one in shown),
        len(own) - len(shown),
    )


def panel(row: models.Company | models.Theme, *, by_article: bool, now: datetime.datetime) -> reads.Panel:
    """How many articles and stories it had in the last days. One query."""
    until = timezone.localdate(now)
    since = until - datetime.timedelta(days=DAYS - 1)
    kind = rollups.Kind.THEME if isinstance(row, models.Theme) else rollups.Kind.COMPANY
    whole = reads.total_of(rollups.Subject(kind, row.pk), since, until)
    return reads.Panel(
        since,
        until,
        stories=whole.stories,
        articles=whole.articles,
        by_article=by_article,
        companies=(),
        themes=(),
    )
