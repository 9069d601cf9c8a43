"""What a reader follows: her lanes, in her order. Who follows nothing is shown the newsroom's themes."""

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
    own = models.Watch.objects.filter(reader=reader)
    if not own.exists():
        models.Watch.objects.bulk_create(
            [
                models.Watch(reader_id=reader, theme=watch.theme, position=number)
                for number, watch in enumerate(usual())
            ],
            ignore_conflicts=True,
        )
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


def unfollow(reader: int, *, company: int | None = None, theme: int | None = None) -> None:
    """Take a lane away. From the usual lanes, too: the others stay."""
    own = models.Watch.objects.filter(reader=reader)
    if theme is not None and not own.exists():
        follow(reader, theme=theme)
    own.filter(company=company, theme=theme).delete()


@transaction.atomic
def move(reader: int, pk: int, by: int) -> None:
    """Move a lane by so many places to the right, or to the left if it is negative."""
    own = list(models.Watch.objects.select_for_update().filter(reader=reader).order_by("position", "pk"))
    at = next((number for number, watch in enumerate(own) if watch.pk == pk), None)
    if at is None:
        return
    own.insert(max(0, min(len(own), at + by)), own.pop(at))
    for number, watch in enumerate(own):
        watch.position = number
    models.Watch.objects.bulk_update(own, ["position"])
