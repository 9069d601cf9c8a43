"""The watch list between its three homes: the shipped files, the tables editors change, and recognition's values."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F, QuerySet

from articles import models
from articles.tagging import watchlist


def touch() -> None:
    """Say that the watch list changed; workers load it anew before their next article."""
    models.WatchlistState.objects.get_or_create(pk=1)
    models.WatchlistState.objects.filter(pk=1).update(revision=F("revision") + 1)


def revision() -> int:
    """The watch list's revision; 0 if there is none yet."""
    return models.WatchlistState.objects.filter(pk=1).values_list("revision", flat=True).first() or 0


@transaction.atomic
def load_shipped() -> tuple[int, int]:
    """Add what the shipped watch list has and the tables lack; what editors changed stays.

    A theme without any sub-theme gets the shipped ones. Returns how many companies and themes were added.
    """
    shipped = watchlist.shipped()
    before = set(models.Company.objects.values_list("name", flat=True))
    new = [company for company in shipped.companies if company.name not in before]
    add_companies(new)
    before = set(models.Theme.objects.values_list("name", flat=True))
    themes = [theme for theme in shipped.themes if theme.name not in before]
    for theme in themes:
        add_theme(theme)
    parted = [part_theme(theme) for theme in shipped.themes if theme.name in before]
    if new or themes or any(parted):
        touch()
    return len(new), len(themes)


def add_companies(new: list[watchlist.Company]) -> None:
    """Insert companies with their aliases and then their parents."""
    fields = ("name", "kind", "ticker", "market", "country", "sector", "sport")
    models.Company.objects.bulk_create(
        models.Company(**{field: getattr(company, field) for field in fields}) for company in new
    )
    ids = dict(models.Company.objects.values_list("name", "pk"))
    children = [
        models.Company(pk=ids[company.name], parent_id=ids[company.parent])
        for company in new
        if company.parent in ids
    ]
    models.Company.objects.bulk_update(children, ["parent"], batch_size=1000)
    models.Alias.objects.bulk_create(
        [
            models.Alias(
                company_id=ids[company.name],
                text=alias.text,
                kind=alias.kind,
                ambiguous=alias.ambiguous,
                common=alias.common,
            )
            for company in new
            for alias in company.aliases
        ],
        ignore_conflicts=True,
    )


def add_theme(theme: watchlist.Theme) -> None:
    """Insert a theme with its terms and the companies that imply it."""
    position = models.Theme.objects.count()
    row = models.Theme.objects.create(name=theme.name, threshold=theme.threshold, position=position)
    models.ThemeTerm.objects.bulk_create(
        [
            models.ThemeTerm(
                theme=row,
                text=term.text,
                weight=term.weight,
                exclude=term.exclude,
                subtheme=term.subtheme,
            )
            for term in theme.terms
        ],
        ignore_conflicts=True,
    )
    row.companies.set(models.Company.objects.filter(name__in=theme.companies))


def part_theme(theme: watchlist.Theme) -> int:
    """Give a stored theme's terms the sub-themes of this one, if none of them has any; returns how many got one."""
    terms = models.ThemeTerm.objects.filter(theme__name=theme.name, exclude=False)
    if terms.exclude(subtheme="").exists():
        return 0
    parts = {term.text: term.subtheme for term in theme.terms if term.subtheme}
    found = list(terms.filter(text__in=parts))
    for term in found:
        term.subtheme = parts[term.text]
    return models.ThemeTerm.objects.bulk_update(found, ["subtheme"], batch_size=1000)


def stored() -> watchlist.Watchlist:
    """The watch list of the tables; five queries."""
    companies = models.Company.objects.filter(enabled=True)
    return watchlist.Watchlist(
        tuple(value for _, value in company_values(companies.order_by("pk"))),
        stored_themes(),
        f"r{revision()}",
    )


def stored_themes() -> tuple[watchlist.Theme, ...]:
    """The themes of the tables; three queries."""
    return tuple(value for _, value in theme_values(models.Theme.objects.filter(enabled=True)))


def company_values(
    rows: "QuerySet[models.Company]",
) -> Iterator[tuple[models.Company, watchlist.Company]]:
    """Companies as recognition takes them, with their rows."""
    aliases: dict[int, list[watchlist.Alias]] = {}
    fields = ("company_id", "text", "kind", "ambiguous", "common")
    found = models.Alias.objects.filter(company__in=rows.order_by()).order_by("pk")
    for company_id, *values in found.values_list(*fields):
        aliases.setdefault(company_id, []).append(watchlist.Alias(*values))
    for row in rows.select_related("parent"):
        yield row, company_value(row, aliases.get(row.pk, ()))


def company_value(row: models.Company, aliases: Iterable[watchlist.Alias]) -> watchlist.Company:
    """A company as recognition takes it."""
    return watchlist.Company(
        name=row.name,
        aliases=with_own_name(row.name, aliases),
        ticker=row.ticker,
        market=row.market,
        country=row.country,
        kind=row.kind,
        parent=row.parent.name if row.parent else "",
        sector=row.sector,
        sport=row.sport,
    )


def with_own_name(name: str, aliases: Iterable[watchlist.Alias]) -> tuple[watchlist.Alias, ...]:
    """A company's forms: its name is one of them, without an alias that says so, too."""
    found = tuple(aliases)
    if any(alias.text == name for alias in found):
        return found
    return (watchlist.Alias(name, "name"), *found)


def theme_values(rows: "QuerySet[models.Theme]") -> Iterator[tuple[models.Theme, watchlist.Theme]]:
    """Themes as recognition takes them, with their rows."""
    for row in rows.prefetch_related("terms", "companies"):
        terms = [
            watchlist.Term(term.text, term.weight, term.exclude, term.subtheme)
            for term in sorted(row.terms.all(), key=lambda term: term.pk)
        ]
        names = sorted(company.name for company in row.companies.all())
        yield row, watchlist.Theme(row.name, tuple(terms), tuple(names), row.threshold)


def value_of(row: "models.Company | models.Theme") -> "watchlist.Company | watchlist.Theme | None":
    """What recognition is told of a stored company or theme; None if it is not there or not recognised."""
    if isinstance(row, models.Company):
        companies = models.Company.objects.filter(pk=row.pk, enabled=True)
        return next((value for _, value in company_values(companies)), None)
    themes = models.Theme.objects.filter(pk=row.pk, enabled=True)
    return next((value for _, value in theme_values(themes)), None)
