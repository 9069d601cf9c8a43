"""What a reader compares: companies and themes over a stretch of days, as it stands in an address.

Must not count anything; `compare_reads` does.
"""

import dataclasses
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from articles import evidence, filters, models, reads, rollups
from articles.charts import volume

FEWEST, MOST = 2, 6
# Lengths that the page offers, in days; any other is named by its days.
LENGTHS = (7, 30, 90, 365)
LENGTH = 30
LONGEST_DAYS = 3 * 366
# The step of each length that is not asked for otherwise, and the most stretches that a chart has.
STEPS = ("day", "week", "month")
MOST_STRETCHES = {"day": 93, "week": 160, "month": 40}
USUAL_DAYS, USUAL_WEEKS = 45, 200
LETTERS = "ABCDEF"
SMALL = "small"


@dataclass(frozen=True, slots=True)
class Subject:
    """A company or a theme that is compared, the `number`th of them; `tone` is its colour's number."""

    row: models.Company | models.Theme
    number: int = 0
    tone: int = 0

    @property
    def is_theme(self) -> bool:
        return isinstance(self.row, models.Theme)

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def letter(self) -> str:
        """What tells it from the others where there is no room for its name."""
        return LETTERS[self.number]

    @property
    def pair(self) -> tuple[str, str]:
        """How an address names it."""
        return ("t", self.row.name) if self.is_theme else ("c", str(self.row.pk))

    @property
    def counted(self) -> rollups.Subject:
        """How the rollups call it."""
        return rollups.Subject(rollups.Kind.THEME if self.is_theme else rollups.Kind.COMPANY, self.row.pk)

    @property
    def query(self) -> str:
        """What finds its articles."""
        if isinstance(self.row, models.Theme):
            return filters.Filters(themes=(self.row,)).as_query()
        return filters.Filters(companies=(self.row,)).as_query()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared, over which days (both included), in steps of a day, a week or a month.

    `length` is the number of days up to today, None where the reader named the days. `missing`: so many were asked for
    that are not on the watch list. `step` is empty where the length says it.
    """

    subjects: tuple[Subject, ...]
    since: datetime.date
    until: datetime.date
    length: int | None = LENGTH
    asked_step: str = ""
    by_article: bool = False
    is_small: bool = False
    missing: int = 0
    left_out: int = 0

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def step(self) -> str:
        """The step that is asked for, or the next longer one that a chart can hold."""
        if self.asked_step:
            return next(step for step in self.possible_steps if STEPS.index(step) >= self._least_step())
        return "day" if self.days <= USUAL_DAYS else "week" if self.days <= USUAL_WEEKS else "month"

    def _least_step(self) -> int:
        return STEPS.index(self.asked_step)

    @property
    def possible_steps(self) -> list[str]:
        """The steps of which a chart can hold as many as there are in these days."""
        length = {"day": 1, "week": 7, "month": 30}
        return [step for step in STEPS if self.days <= length[step] * MOST_STRETCHES[step]]

    @property
    def is_enough(self) -> bool:
        return len(self.subjects) >= FEWEST

    @property
    def is_full(self) -> bool:
        return len(self.subjects) >= MOST

    @property
    def since_before(self) -> datetime.date:
        """The first day of as many days before."""
        return self.since - datetime.timedelta(days=self.days)

    @property
    def until_before(self) -> datetime.date:
        """The last day of as many days before."""
        return self.until - datetime.timedelta(days=self.days)

    def stretches(self) -> list[tuple[datetime.date, datetime.date]]:
        """The days of each step; the first and the last may be parts of one."""
        return volume.stretches(self.since, self.until, self.step)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The address's parameters, in a fixed order."""
        yield from (subject.pair for subject in self.subjects)
        if self.length is None:
            yield "since", self.since.isoformat()
            yield "until", self.until.isoformat()
        elif self.length != LENGTH:
            yield "days", str(self.length)
        if self.asked_step:
            yield "step", self.asked_step
        if self.by_article:
            yield "by", filters.BY_ARTICLE
        if self.is_small:
            yield "chart", SMALL

    def parameters(self) -> str:
        """The query part of the address, without the question mark."""
        return urlencode(list(self.pairs()))

    def with_row(self, row: models.Company | models.Theme) -> "Asked":
        """With one more, if there is room and it is not there yet."""
        if self.is_full or any(subject.row == row for subject in self.subjects):
            return self
        return self._of([*(subject.row for subject in self.subjects), row])

    def without(self, subject: Subject) -> "Asked":
        return self._of([one.row for one in self.subjects if one != subject])

    def _of(self, rows: Sequence[models.Company | models.Theme]) -> "Asked":
        return dataclasses.replace(self, subjects=subjects_of(rows))

    def over(self, length: int, today: datetime.date) -> "Asked":
        """The same over so many days up to today."""
        since = today - datetime.timedelta(days=length - 1)
        return dataclasses.replace(self, length=length, since=since, until=today, asked_step="")

    def in_steps(self, step: str) -> "Asked":
        return dataclasses.replace(self, asked_step=step)

    def switched(self) -> "Asked":
        """In the other unit."""
        return dataclasses.replace(self, by_article=not self.by_article)

    def drawn_otherwise(self) -> "Asked":
        """With one chart instead of several, or several instead of one."""
        return dataclasses.replace(self, is_small=not self.is_small)

    def search(
        self, query: str, first: datetime.date | None = None, last: datetime.date | None = None
    ) -> str:
        """The search page's parameters for a query in these days, or in all that are compared."""
        days = f"published:{first or self.since}..{last or self.until}"
        unit = {"by": filters.BY_ARTICLE} if self.by_article else {}
        return urlencode({"q": f"{query} {days}", **unit})

    def any_of_them(self) -> str:
        """The query for articles that name any of them."""
        return f"({' OR '.join(subject.query for subject in self.subjects)})"


def read(text: str, *, today: datetime.date) -> Asked:
    """What an address's query part asks for. At most two queries."""
    pairs = [(name, value.replace("\0", "").strip()) for name, value in parse_qsl(text)]
    wanted = list(dict.fromkeys(pair for pair in pairs if pair[0] in ("c", "t")))
    found = list(_rows(wanted))
    given = dict(pairs)
    since, until, length = _days(given, today)
    step = given.get("step", "")
    return Asked(
        subjects_of(found[:MOST]),
        since,
        until,
        length,
        asked_step=step if step in STEPS else "",
        by_article=given.get("by") == filters.BY_ARTICLE,
        is_small=given.get("chart") == SMALL,
        missing=len(wanted) - len(found),
        left_out=max(0, len(found) - MOST),
    )


def _rows(wanted: Sequence[tuple[str, str]]) -> Iterator[models.Company | models.Theme]:
    """The companies and themes of an address in its order, those that are there. At most two queries."""
    keys = [key for kind, value in wanted if kind == "c" and (key := reads.parse_number(value)) is not None]
    names = [value for kind, value in wanted if kind == "t"]
    companies = models.Company.objects.in_bulk(keys) if keys else {}
    themes = {theme.name: theme for theme in models.Theme.objects.filter(name__in=names)} if names else {}
    for kind, value in wanted:
        row = themes.get(value) if kind == "t" else companies.get(reads.parse_number(value) or 0)
        if row is not None:
            yield row


def _days(given: dict[str, str], today: datetime.date) -> tuple[datetime.date, datetime.date, int | None]:
    """The first day, the last one, and how many up to today if that is how they were asked for."""
    first, last = (_day(given.get(name, "")) for name in ("since", "until"))
    if first or last:
        until = last or today
        since = first or until - datetime.timedelta(days=LENGTH - 1)
        since, until = min(since, until), max(since, until)
        return max(since, until - datetime.timedelta(days=LONGEST_DAYS - 1)), until, None
    asked = given.get("days", "")
    length = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else LENGTH
    length = min(max(length, 1), LONGEST_DAYS)
    return today - datetime.timedelta(days=length - 1), today, length


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    # Away from the calendar's ends, beyond which nothing can be reckoned.
    return day if 1900 <= day.year <= 2200 else None


def subjects_of(rows: Sequence[models.Company | models.Theme]) -> tuple[Subject, ...]:
    """Numbered and coloured: a theme keeps the colour that it has everywhere, if no other theme here has it."""
    tones: dict[int, int] = {}
    for number, row in enumerate(rows):
        if isinstance(row, models.Theme) and row.position % evidence.TONES not in tones.values():
            tones[number] = row.position % evidence.TONES
    # Neighbours in this order are easily told apart.
    free = (tone for tone in (3, 4, 2, 0, 1, 5, 6, 7) if tone not in tones.values())
    return tuple(
        Subject(row, number, tones[number] if number in tones else next(free))
        for number, row in enumerate(rows)
    )
