"""Fill a demo: the watch list, the three demo log-ins, the sample newsroom's sources and the catalogue.

Safe to run again: what is there stays. Refuses outside the demo, because its passwords are public.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from articles import catalogue_store, models, watches, watchlist_store
from newswatch.accounts import demo, roles
from newswatch.accounts.models import User
from newswatch.sample import newsroom

# The company that the sample newsroom tells most of.
FOLLOWED = "LG에너지솔루션"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--newsroom", required=True, help="the sample newsroom's address")
        parser.add_argument("--online", action="store_true", help="switch the catalogue of real feeds on")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("load_demo makes log-ins with public passwords; it runs in the demo only.")
        roles.ensure_roles()
        demo.ensure_people()
        companies, themes = watchlist_store.load_shipped()
        self.stdout.write(f"{companies} companies and {themes} themes added")
        follow_lanes()
        added = load_sources(newsroom.sources(options["newsroom"]))
        self.stdout.write(f"{added} feeds of the sample newsroom added")
        self.stdout.write(f"{catalogue_store.load()} feeds of the catalogue added, switched off")
        if options["online"]:
            self.stdout.write(
                f"{catalogue_store.switch_on(now=timezone.now())} feeds of the catalogue switched on"
            )


def follow_lanes() -> None:
    """Have the demo's people follow a company beside the themes, unless they follow something."""
    company = models.Company.objects.filter(name=FOLLOWED).first()
    for person in User.objects.filter(username__in=[one.username for one in demo.PEOPLE]):
        if company and not models.Watch.objects.filter(reader=person).exists():
            watches.follow(person.pk, company=company.pk)
            watches.move_to(person.pk, 0, company=company.pk)


@transaction.atomic
def load_sources(found: list[dict[str, Any]]) -> int:
    """Add the sample newsroom's feeds, or move them to the address it has now; all are due at once."""
    added = 0
    for fields in found:
        outlet, _ = models.Outlet.objects.get_or_create(
            name=fields["outlet"],
            defaults={"homepage": fields["homepage"], "language": fields["language"], "is_sample": True},
        )
        _, created = models.Source.objects.update_or_create(
            outlet=outlet,
            title=fields["title"],
            is_sample=True,
            defaults={
                "url": fields["url"],
                "group": fields["group"],
                "language": fields["language"],
                "time_zone": fields["time_zone"],
                "fetch_pages": fields["fetch_pages"],
                "poll_interval": 5,
                "next_poll_at": timezone.now(),
                "claimed_until": None,
            },
        )
        added += created
    return added
