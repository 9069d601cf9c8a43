"""What the page of all sources shows; a fixed number of queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles import models

DAYS = 7
# In the order of how much they ask of an editor.
STATES = {
    "failing": _("failing"),
    "silent": _("silent"),
    "waiting": _("not polled yet"),
    "ok": _("ok"),
    "off": _("off"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A source with its state (a key of STATES) and how many entries it brought in the last days."""

    source: models.Source
    state: str
    entries: int


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    rows: tuple[Row, ...]


def rows(search: str, *, now: datetime.datetime) -> tuple[Row, ...]:
    """The sources that a search fits, by group and title; one query."""
    wanted = search.casefold()
    return tuple(
        as_row(source)
        for source in annotated(now=now).order_by("group", "title", "pk")
        if wanted in f"{source.title} {source.outlet.name} {source.url}".casefold()
    )


def annotated(*, now: datetime.datetime) -> "QuerySet[models.Source]":
    """The sources with what a Row needs."""
    since = now - datetime.timedelta(days=DAYS)
    recent = (
        models.Appearance.objects.filter(source=OuterRef("pk"), first_seen_at__gte=since)
        .order_by()
        .values("source")
        .annotate(number=Count("pk"))
        .values("number")
    )
    silent = models.Notice.objects.filter(
        source=OuterRef("pk"), kind=models.Notice.Kind.SILENT, resolved_at__isnull=True
    )
    return models.Source.objects.select_related("outlet").annotate(
        recent=Coalesce(Subquery(recent, output_field=IntegerField()), 0), silent=Exists(silent)
    )


def as_row(source: Any) -> Row:
    """A source of `annotated` as a row."""
    return Row(source, state_of(source, silent=source.silent), source.recent)


def state_of(source: models.Source, *, silent: bool) -> str:
    """A source's state in one word: a key of STATES."""
    if not source.enabled:
        return "off"
    if source.failures:
        return "failing"
    if silent:
        return "silent"
    return "ok" if source.last_success_at else "waiting"


def by_group(found: Sequence[Row], state: str) -> tuple[Group, ...]:
    """The rows of a state (all for none) under their groups' names.

    Groups that are polled come before those that are off; sources without a group come last.
    """
    groups: dict[str, list[Row]] = {}
    for row in found:
        if not state or row.state == state:
            groups.setdefault(row.source.group, []).append(row)
    named = sorted(
        groups.items(),
        key=lambda item: (item[0] == "", not any(row.source.enabled for row in item[1]), item[0]),
    )
    return tuple(Group(name, tuple(rows)) for name, rows in named)


def counts(found: Sequence[Row]) -> list[tuple[str, object, int]]:
    """How many sources there are in each state that has any: key, name, number."""
    numbers = {key: sum(row.state == key for row in found) for key in STATES}
    return [(key, STATES[key], number) for key, number in numbers.items() if number]
