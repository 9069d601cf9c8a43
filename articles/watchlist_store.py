"""The watch list between its three homes: the shipped files, the tables editors change, and recognition's values."""

from django.db import transaction
from django.db.models import F

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
    aliases: dict[int, list[watchlist.Alias]] = {}
    for company_id, text, kind, ambiguous, common in models.Alias.objects.order_by("pk").values_list(
        "company_id", "text", "kind", "ambiguous", "common"
    ):
        aliases.setdefault(company_id, []).append(watchlist.Alias(text, kind, ambiguous, common))
    companies = tuple(
        watchlist.Company(
            name=company.name,
            aliases=tuple(aliases.get(company.pk, ())),
            ticker=company.ticker,
            market=company.market,
            country=company.country,
            kind=company.kind,
            parent=company.parent.name if company.parent else "",
            sector=company.sector,
            sport=company.sport,
        )
        for company in models.Company.objects.filter(enabled=True).select_related("parent").order_by("pk")
    )
    return watchlist.Watchlist(companies, stored_themes(), f"r{revision()}")


def stored_themes() -> tuple[watchlist.Theme, ...]:
    """The themes of the tables; three queries."""
    return tuple(
        watchlist.Theme(
            name=theme.name,
            terms=tuple(
                watchlist.Term(term.text, term.weight, term.exclude, term.subtheme)
                for term in sorted(theme.terms.all(), key=lambda term: term.pk)
            ),
            companies=tuple(sorted(company.name for company in theme.companies.all())),
            threshold=theme.threshold,
        )
        for theme in models.Theme.objects.filter(enabled=True).prefetch_related("terms", "companies")
    )
