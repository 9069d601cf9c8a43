"""Put the catalogue of real feeds into the database, switched off until somebody wants them."""

import datetime

from django.db import transaction

from articles import catalogue, models


@transaction.atomic
def load() -> int:
    """Add the catalogue's feeds that the database lacks, switched off. Returns how many."""
    known = set(models.Source.objects.values_list("url", flat=True))
    new = [entry for entry in catalogue.read_catalogue() if entry.url not in known]
    for entry in new:
        outlet, _ = models.Outlet.objects.get_or_create(
            name=entry.outlet, defaults={"language": entry.language}
        )
        models.Source.objects.create(
            outlet=outlet,
            title=entry.title,
            url=entry.url,
            group=entry.group,
            language=entry.language,
            time_zone=entry.time_zone,
            fetch_pages=entry.fetch_pages,
            enabled=False,
        )
    return len(new)


def switch_on(*, now: datetime.datetime) -> int:
    """Switch on the catalogue's feeds that are off; they are due at once. Returns how many."""
    urls = [entry.url for entry in catalogue.read_catalogue()]
    return models.Source.objects.filter(url__in=urls, enabled=False).update(enabled=True, next_poll_at=now)
