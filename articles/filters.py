"""What a reader asks the timeline for: values that stand in the address and can be told as a query.

Must not read the database: the form has looked the companies, themes and outlets up.
"""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext

from articles import models, subthemes
from articles.search.context import Context

LANGUAGES = ("ko", "en", "other")
# The value of the address's `by` that asks for articles instead of stories.
BY_ARTICLE = "article"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: what it says, and the address's parameters without it."""

    kind: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Every field narrows the timeline; within companies and within themes one of them is enough.

    `since` and `until` are days in the reader's time zone, both included. `subtheme` is a part of the themes, `saved`
    one of the reader's searches. `by_article` narrows nothing: it asks for articles one by one instead of stories.
    `shown` are the parameters of how the page is shown, which narrow nothing either. `context` is what the query may
    need besides the time.
    """

    query: str = ""
    saved: models.SavedSearch | None = None
    companies: tuple[models.Company, ...] = ()
    themes: tuple[models.Theme, ...] = ()
    subtheme: str = ""
    outlet: models.Outlet | None = None
    language: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    by_article: bool = False
    shown: tuple[tuple[str, str], ...] = ()
    context: Context = field(default=Context(), compare=False)

    def __bool__(self) -> bool:
        return self != Filters(by_article=self.by_article, shown=self.shown)

    @property
    def text(self) -> str:
        """All that is asked in words as one query: the saved search, by its name, and what was typed."""
        if self.saved is None:
            return self.query
        named = _field("search", self.saved.name)
        return f"{named} ({self.query})" if self.query else named

    @property
    def company_ids(self) -> frozenset[int]:
        return frozenset(company.pk for company in self.companies)

    @property
    def theme_ids(self) -> frozenset[int]:
        return frozenset(theme.pk for theme in self.themes)

    def period(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """The first moment of the days and the first one after them, None where they are open."""
        zone = timezone.get_current_timezone()
        begin = datetime.datetime.combine(self.since, datetime.time.min, tzinfo=zone) if self.since else None
        after = self.until + datetime.timedelta(days=1) if self.until else None
        return begin, datetime.datetime.combine(after, datetime.time.min, tzinfo=zone) if after else None

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The address's parameters, in a fixed order."""
        if self.query:
            yield "q", self.query
        if self.saved:
            yield "search", str(self.saved.pk)
        yield from (("company", str(company.pk)) for company in self.companies)
        yield from (("theme", theme.name) for theme in self.themes)
        if self.subtheme:
            yield "part", self.subtheme
        if self.outlet:
            yield "outlet", str(self.outlet.pk)
        if self.language:
            yield "language", self.language
        if self.since:
            yield "since", self.since.isoformat()
        if self.until:
            yield "until", self.until.isoformat()
        if self.by_article:
            yield "by", BY_ARTICLE
        yield from self.shown

    def parameters(self) -> str:
        """The query part of the address, without the question mark."""
        return urlencode(list(self.pairs()))

    def toggled_company(self, company: models.Company) -> str:
        """The parameters with this company added, or without it if it is there."""
        return self._with(companies=_toggled(self.companies, company)).parameters()

    def toggled_theme(self, theme: models.Theme) -> str:
        """The parameters with this theme added, or without it if it is there."""
        themes = _toggled(self.themes, theme)
        return self._with(themes=themes, subtheme=self.subtheme if themes else "").parameters()

    def toggled_search(self, search: models.SavedSearch) -> str:
        """The parameters with this saved search in the place of another one, or without it if it is there."""
        return self._with(saved=None if self.saved == search else search).parameters()

    def switched(self) -> str:
        """The parameters with the other unit."""
        return self._with(by_article=not self.by_article).parameters()

    def cleared(self) -> str:
        """The parameters without any filter."""
        return Filters(by_article=self.by_article, shown=self.shown).parameters()

    def chips(self) -> Iterator[Chip]:
        """One chip for each filter that is on."""
        if self.saved:
            yield Chip("search", self.saved.name, self._with(saved=None).parameters())
        for company in self.companies:
            yield Chip("company", company.name, self.toggled_company(company))
        for theme in self.themes:
            yield Chip("theme", theme.name, self.toggled_theme(theme))
        if self.subtheme:
            yield Chip("part", subthemes.label(self.subtheme), self._with(subtheme="").parameters())
        if self.outlet:
            yield Chip("outlet", self.outlet.name, self._with(outlet=None).parameters())
        if self.language:
            yield Chip("language", language_name(self.language), self._with(language="").parameters())
        if self.since or self.until:
            days = f"{self.since or ''} – {self.until or ''}".strip()
            yield Chip("days", days, self._with(since=None, until=None).parameters())
        if self.query:
            yield Chip("query", f"“{self.query}”", self._with(query="").parameters())

    def as_search(self) -> str:
        """The filters as one query, their days too; empty if there are none."""
        days = f"{self.since or ''}..{self.until or ''}"
        return " ".join(
            part for part in (self.as_query(), f"published:{days}" if days != ".." else "") if part
        )

    def as_query(self) -> str:
        """The same wish in the query language, for an alert. Days are left out: an alert looks ahead."""
        parts = [
            _any_of("company", [company.name for company in self.companies]),
            _any_of("theme", [theme.name for theme in self.themes]),
            _field("subtheme", self.subtheme) if self.subtheme else "",
            _field("source", self.outlet.name).replace(":", ":=", 1) if self.outlet else "",
            f"lang:{self.language}" if self.language else "",
        ]
        parts = [part for part in parts if part]
        if self.saved:
            parts.append(_field("search", self.saved.name))
        if self.query:
            parts.append(f"({self.query})" if parts else self.query)
        return " ".join(parts)

    def title(self) -> str:
        """A name for an alert on this."""
        return " · ".join(chip.label for chip in self.chips() if chip.kind != "days")[:200]

    def _with(self, **changes: object) -> "Filters":
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


def language_name(code: str) -> str:
    """How the reader calls an article's language."""
    return {"ko": gettext("Korean"), "en": gettext("English")}.get(code, gettext("Other language"))


def _toggled(rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    if row in rows:
        return tuple(one for one in rows if one != row)
    return (*rows, row)


def _any_of(field: str, names: list[str]) -> str:
    alternatives = " OR ".join(_field(field, name) for name in names)
    return f"({alternatives})" if len(names) > 1 else alternatives


def _field(field: str, value: str) -> str:
    # The query language knows no quotation mark inside quotation marks; a space stands in for it.
    return f'{field}:"{value.replace(chr(34), " ")}"'
