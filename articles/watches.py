"""What a reader follows: her lanes, in her order. Who follows nothing is shown the newsroom's themes."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max

from articles import models

# More lanes than these are no overview.
MOST = 12


def of(reader: int) -> list[models.Watch]:
    """A reader's lanes. One query."""
    own = models.Watch.objects.filter(reader=reader).select_related("company", "theme")
    return list(own[:MOST])


def usual() -> list[models.Watch]:
    """The lanes of somebody who has chosen none: all themes. Not stored. One query."""
    return [models.Watch(theme=theme) for theme in models.Theme.objects.order_by("position", "pk")[:MOST]]


def is_followed(reader: int, *, company: int | None = None, theme: int | None = None) -> bool:
    """Whether a reader follows a company or a theme. One query."""
    return models.Watch.objects.filter(reader=reader, company=company, theme=theme).exists()


@transaction.atomic
def follow(reader: int, *, company: int | None = None, theme: int | None = None) -> bool:
    """Add a lane at the end; False if there are too many already. Whoever had the usual ones keeps them."""
    _keep_usual(reader)
    own = models.Watch.objects.filter(reader=reader)
    if own.filter(company=company, theme=theme).exists():
        return True
    if own.count() >= MOST:
        return False
    last = own.aggregate(last=Max("position"))["last"] or 0
    models.Watch.objects.bulk_create(
        [models.Watch(reader_id=reader, company_id=company, theme_id=theme, position=last + 1)],
        ignore_conflicts=True,
    )
    return True


def unfollow(reader: int, *, company: int | None = None, theme: int | None = None) -> int:
    """Take a lane away, and tell its place. From the usual lanes, too: the others stay."""
    _keep_usual(reader)
    own = list(models.Watch.objects.filter(reader=reader))
    place = next((at for at, one in enumerate(own) if (one.company_id, one.theme_id) == (company, theme)), 0)
    models.Watch.objects.filter(reader=reader, company=company, theme=theme).delete()
    return place


def move(reader: int, by: int, *, company: int | None = None, theme: int | None = None) -> None:
    """Move a lane by so many places to the right, or to the left if it is negative."""
    _put(reader, lambda at: at + by, company, theme)


def move_to(reader: int, place: int, *, company: int | None = None, theme: int | None = None) -> None:
    """Put a lane at a place, counted from 0."""
    _put(reader, lambda _: place, company, theme)


def fold(reader: int, is_folded: bool, *, company: int | None = None, theme: int | None = None) -> None:
    """Fold a lane to its numbers, or unfold it."""
    _keep_usual(reader)
    models.Watch.objects.filter(reader=reader, company=company, theme=theme).update(is_folded=is_folded)


def _keep_usual(reader: int) -> None:
    """Store the usual lanes of somebody who has none of her own, so that she can change them."""
    if not models.Watch.objects.filter(reader=reader).exists():
        rows = [
            models.Watch(reader_id=reader, theme=watch.theme, position=number)
            for number, watch in enumerate(usual())
        ]
        models.Watch.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def _put(reader: int, place_of: Callable[[int], int], company: int | None, theme: int | None) -> None:
    _keep_usual(reader)
    own = list(models.Watch.objects.select_for_update().filter(reader=reader).order_by("position", "pk"))
    at = next((at for at, one in enumerate(own) if (one.company_id, one.theme_id) == (company, theme)), None)
    if at is None:
        return
    one = own.pop(at)
    own.insert(max(0, min(len(own), place_of(at))), one)
    for number, watch in enumerate(own):
        watch.position = number
    models.Watch.objects.bulk_update(own, ["position"])
