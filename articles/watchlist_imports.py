"""Files taken into the watch list: looked at line by line, applied in one transaction, and undone.

What is applied is what was shown: a plan that comes out otherwise, because somebody changed the list meanwhile, is
refused. An undo puts back what the last import changed, if nobody changed that since. Either has earlier articles
tagged again (articles.retagging_jobs).
"""

import dataclasses
import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from articles import models, retagging_jobs, watchlist_store
from articles.tagging import difference, exchange, watchlist
from newswatch.accounts.models import User

Changes = Sequence[exchange.Change[Any]]
COMPANY_FIELDS = ("kind", "ticker", "market", "country", "sector", "sport", "enabled", "parent")


class ChangedMeanwhile(Exception):  # noqa: N818 -- named for what happened
    """The watch list is not what it was; the message names what differs, if that is known."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's kind (company or theme) and what it would do to the list as it is now."""

    kind: str
    plan: exchange.Plan[Any]

    @property
    def digest(self) -> str:
        """Differs whenever the changes do."""
        return hashlib.sha256(repr(self.plan.changes).encode()).hexdigest()


def take(data: bytes, *, name: str, by: User, now: datetime.datetime) -> models.WatchlistImport:
    """Keep a file to be looked at; one that nobody applied makes room. Raises exchange.Unreadable."""
    text = exchange.decode(data)
    made = models.WatchlistImport(file_name=name[:200], text=text, made_by=by, made_at=now)
    made.digest = draft(made).digest
    models.WatchlistImport.objects.filter(made_by=by, applied_at=None).delete()
    made.save()
    return made


def draft(file: models.WatchlistImport) -> Draft:
    """What a file would do now. Raises exchange.Unreadable."""
    table = exchange.read(file.text)
    if table.kind == "theme":
        names = models.Company.objects.values_list("name", flat=True)
        return Draft("theme", exchange.plan_themes(table, themes(), names))
    return Draft("company", exchange.plan_companies(table, companies()))


def companies() -> dict[str, exchange.Entry[watchlist.Company]]:
    """All companies, those that are not recognised too, by name."""
    rows = watchlist_store.company_values(models.Company.objects.order_by("name"))
    return {row.name: exchange.Entry(value, row.enabled) for row, value in rows}


def themes() -> dict[str, exchange.Entry[watchlist.Theme]]:
    """All themes by name."""
    rows = watchlist_store.theme_values(models.Theme.objects.all())
    return {row.name: exchange.Entry(value, row.enabled) for row, value in rows}


@transaction.atomic
def apply(
    file: models.WatchlistImport, *, days: int | None, again: bool, by: User, now: datetime.datetime
) -> None:
    """Carry out what was shown, and have earlier articles tagged again if `again`. Raises ChangedMeanwhile."""
    file = locked(file)
    found = draft(file)
    if file.applied_at or found.digest != file.digest:
        raise ChangedMeanwhile
    file.changes = to_json(found.plan.changes)
    file.applied_at = now
    file.save(update_fields=["changes", "applied_at"])
    carry_out(found.plan.changes)
    if again:
        tag_again(found.plan.changes, subject=file.file_name, days=days, by=by, now=now)


@transaction.atomic
def undo(
    file: models.WatchlistImport, *, days: int | None, again: bool, by: User, now: datetime.datetime
) -> None:
    """Put back what the last import changed. Raises ChangedMeanwhile."""
    file = locked(file)
    if file != last() or file.undone_at:
        raise ChangedMeanwhile
    changes = [exchange.Change(one.after, one.before) for one in from_json(file.changes)]
    stored: Mapping[str, Any] = {**companies(), **themes()}
    others = [name_of(one) for one in changes if not same(stored.get(name_of(one)), one.before)]
    if others:
        raise ChangedMeanwhile(", ".join(others[:10]))
    file.undone_at = now
    file.save(update_fields=["undone_at"])
    carry_out(changes)
    if again:
        tag_again(changes, subject=file.file_name, days=days, by=by, now=now)


def last() -> models.WatchlistImport | None:
    """The import that was applied last, if it was not undone."""
    found = models.WatchlistImport.objects.filter(applied_at__isnull=False).order_by("-applied_at").first()
    return found if found and not found.undone_at else None


def locked(file: models.WatchlistImport) -> models.WatchlistImport:
    """The file's row, and the list for nobody else."""
    watchlist_store.touch()
    models.WatchlistState.objects.select_for_update().get(pk=1)
    return models.WatchlistImport.objects.select_for_update().get(pk=file.pk)


def edits(changes: Changes) -> list[difference.Edit]:
    """What recognition is told of changes."""
    found: list[difference.Edit] = []
    for change in changes:
        before, after = (one.value if one and one.enabled else None for one in (change.before, change.after))
        if before == after:
            continue
        if isinstance(before or after, watchlist.Company):
            found.append(difference.CompanyEdit(before, after))
        else:
            found.append(difference.ThemeEdit(before, after))
    return found


def tag_again(changes: Changes, *, subject: str, days: int | None, by: User, now: datetime.datetime) -> None:
    """Have earlier articles tagged by the changed list."""
    retagging_jobs.retag(edits(changes), subject=subject, days=days, by=by, now=now)


def name_of(change: exchange.Change[Any]) -> str:
    """The name of what is changed."""
    one = change.before or change.after
    return str(one.value.name) if one else ""


def same(one: exchange.Entry[Any] | None, other: exchange.Entry[Any] | None) -> bool:
    """Whether two entries are equal but for the order of their forms or terms."""
    if one is None or other is None:
        return one is other
    return one.enabled == other.enabled and unordered(one.value) == unordered(other.value)


def unordered(value: watchlist.Company | watchlist.Theme) -> tuple[object, ...]:
    """A value's facts, and its forms or terms in no order."""
    if isinstance(value, watchlist.Company):
        return dataclasses.replace(value, aliases=()), frozenset(value.aliases)
    return dataclasses.replace(value, terms=()), frozenset(value.terms)


def carry_out(changes: Changes) -> None:
    """Write changes: companies in as many statements for many as for few, then themes one by one."""
    after = {name_of(one): one.after for one in changes if is_of_company(one)}
    new = {name_of(one) for one in changes if one.before is None}
    remove_companies([name for name, entry in after.items() if entry is None])
    add_companies([entry for name, entry in after.items() if entry and name in new])
    change_companies({name: entry for name, entry in after.items() if entry and name not in new})
    for change in changes:
        if not is_of_company(change):
            write_theme(name_of(change), change.after)


def is_of_company(change: exchange.Change[Any]) -> bool:
    """Whether it is a company that changes; otherwise it is a theme."""
    one = change.before or change.after
    return one is not None and isinstance(one.value, watchlist.Company)


def remove_companies(names: Sequence[str]) -> None:
    """Delete companies with all that hangs on them."""
    models.Company.objects.filter(name__in=names).delete()


def add_companies(entries: Sequence[exchange.Entry[watchlist.Company]]) -> None:
    """Insert companies."""
    watchlist_store.add_companies([entry.value for entry in entries])
    off = [entry.value.name for entry in entries if not entry.enabled]
    models.Company.objects.filter(name__in=off).update(enabled=False)


def change_companies(after: Mapping[str, exchange.Entry[watchlist.Company]]) -> None:
    """Update companies and their aliases."""
    rows = {row.name: row for row in models.Company.objects.filter(name__in=after)}
    parents = {entry.value.parent for entry in after.values()}
    ids = dict(models.Company.objects.filter(name__in=parents).values_list("name", "pk"))
    for name, row in rows.items():
        value = after[name].value
        for field in COMPANY_FIELDS[:6]:
            setattr(row, field, getattr(value, field))
        row.enabled, row.parent_id = after[name].enabled, ids.get(value.parent)
    models.Company.objects.bulk_update(rows.values(), COMPANY_FIELDS, batch_size=1000)
    change_aliases({row.pk: after[name].value.aliases for name, row in rows.items()})


def change_aliases(wanted: Mapping[int, Iterable[watchlist.Alias]]) -> None:
    """Give companies these aliases and no others; those that stay keep their rows."""
    new = {(pk, alias.text): alias for pk, aliases in wanted.items() for alias in aliases}
    gone, stay = [], []
    for row in models.Alias.objects.filter(company__in=wanted):
        alias = new.pop((row.company_id, row.text), None)
        if alias is None:
            gone.append(row.pk)
        elif (row.kind, row.ambiguous, row.common) != (alias.kind, alias.ambiguous, alias.common):
            row.kind, row.ambiguous, row.common = alias.kind, alias.ambiguous, alias.common
            stay.append(row)
    models.Alias.objects.filter(pk__in=gone).delete()
    models.Alias.objects.bulk_update(stay, ["kind", "ambiguous", "common"], batch_size=1000)
    models.Alias.objects.bulk_create(
        [
            models.Alias(
                company_id=pk, text=one.text, kind=one.kind, ambiguous=one.ambiguous, common=one.common
            )
            for (pk, _), one in new.items()
        ],
        batch_size=1000,
    )


def write_theme(name: str, entry: exchange.Entry[watchlist.Theme] | None) -> None:
    """Make a theme what it is to be."""
    if entry is None:
        models.Theme.objects.filter(name=name).delete()
        return
    value = entry.value
    if not models.Theme.objects.filter(name=name).exists():
        watchlist_store.add_theme(value)
    row = models.Theme.objects.get(name=name)
    row.threshold, row.enabled = value.threshold, entry.enabled
    row.save(update_fields=["threshold", "enabled"])
    row.companies.set(models.Company.objects.filter(name__in=value.companies))
    wanted = {(term.text, term.exclude): term for term in value.terms}
    for term in row.terms.all():
        now_is = wanted.pop((term.text, term.exclude), None)
        if now_is is None:
            term.delete()
        elif (term.weight, term.subtheme) != (now_is.weight, now_is.subtheme):
            term.weight, term.subtheme = now_is.weight, now_is.subtheme
            term.save(update_fields=["weight", "subtheme"])
    models.ThemeTerm.objects.bulk_create(
        models.ThemeTerm(
            theme=row, text=one.text, weight=one.weight, exclude=one.exclude, subtheme=one.subtheme
        )
        for one in wanted.values()
    )


def to_json(changes: Changes) -> list[dict[str, Any]]:
    """Changes as plain values."""
    whole = difference.to_json(
        [
            difference.CompanyEdit(*values)
            if isinstance(values[0] or values[1], watchlist.Company)
            else difference.ThemeEdit(*values)
            for change in changes
            for values in [tuple(one.value if one else None for one in (change.before, change.after))]
        ]
    )
    flags = [[one.enabled if one else None for one in (change.before, change.after)] for change in changes]
    return [{**one, "enabled": flag} for one, flag in zip(whole, flags, strict=True)]


def from_json(given: Sequence[Mapping[str, Any]]) -> list[exchange.Change[Any]]:
    """The changes that `to_json` wrote."""
    return [
        exchange.Change(*map(entry, (edit.before, edit.after), one["enabled"]))
        for edit, one in zip(difference.from_json(given), given, strict=True)
    ]


def entry(value: Any, enabled: bool | None) -> exchange.Entry[Any] | None:
    """A value as an entry, if there is one."""
    return exchange.Entry(value, bool(enabled)) if value else None
