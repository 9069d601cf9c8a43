"""What pages show of folders and briefings: each function a fixed number of queries, however many rows there are.

Must not write, and must not render.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from articles import draft_reads, models, watches
from articles.briefing import document, period
from articles.dates import working_days
from newswatch.accounts import middleware
from newswatch.accounts.models import User

# Briefings that the list shows; older ones are on pages behind it.
PAGE_SIZE = 30
# Folders to choose from where something is added.
MOST_CHOICES = 12
# A story that one of these days' briefings told is not told again, unless something is new.
TOLD_DAYS = 7


@dataclass(frozen=True, slots=True)
class Shelf:
    """A person's collections as a list: today's briefing if there is one, earlier ones, folders, and her teams'."""

    today: models.Collection | None
    briefings: tuple[models.Collection, ...]
    folders: tuple[models.Collection, ...]
    of_teams: tuple[models.Collection, ...]
    older: int | None


def shelf(person: User, *, today: datetime.date, page: int = 1) -> Shelf:
    """What a person's list shows. Three queries."""
    own = counted(models.Collection.objects.kept().filter(owner=person))
    briefings = own.filter(kind=models.Collection.Kind.BRIEFING).order_by("-day", "-pk")
    first = (page - 1) * PAGE_SIZE
    rows = list(briefings[first : first + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return Shelf(
        next((one for one in shown if one.day == today), None),
        tuple(one for one in shown if one.day != today),
        tuple(own.filter(kind=models.Collection.Kind.FOLDER).order_by("-changed_at")[:PAGE_SIZE]),
        tuple(of_teams(person)),
        page + 1 if len(rows) > PAGE_SIZE else None,
    )


def counted(collections: "QuerySet[models.Collection]") -> "QuerySet[models.Collection]":
    """With the number of items as `lines`, without what was published, which may be long."""
    return collections.defer("published").annotate(
        lines=Count("sections__items", filter=Q(sections__items__removed_at__isnull=True))
    )


def of_teams(person: User) -> "QuerySet[models.Collection]":
    """What others published for the teams that a person is in."""
    shared = models.Collection.objects.kept().filter(
        team__in=person.groups.all(), published__isnull=False, owner__is_active=True
    )
    return counted(shared.exclude(owner=person).select_related("owner", "team")).order_by("-published_at")[
        :PAGE_SIZE
    ]


def choices(person: User, *, today: datetime.date) -> list[models.Collection]:
    """Where a person may put something: today's briefing, then the folders she used last. One query."""
    own = models.Collection.objects.kept().filter(owner=person).defer("published")
    wanted = Q(kind=models.Collection.Kind.FOLDER) | Q(day__gte=today)
    rows = own.filter(wanted).order_by("-changed_at")[:MOST_CHOICES]
    return sorted(rows, key=lambda one: not one.is_briefing)


def with_items(collection: models.Collection) -> list[models.CollectionSection]:
    """A collection's sections in order, each with its `shown` items. Two queries."""
    shown = models.CollectionItem.objects.filter(removed_at__isnull=True).order_by("position", "pk")
    return list(
        collection.sections.order_by("position", "pk").prefetch_related(
            Prefetch("items", shown, to_attr="shown")
        )
    )


def document_of(
    collection: models.Collection, sections: Iterable[models.CollectionSection], owner: User
) -> document.Document:
    """The collection as it is read, in its language and its owner's time zone; nothing in it can do harm."""
    zone = middleware.zone_of(owner.time_zone)
    with translation.override(collection.language), timezone.override(zone):
        name = owner.get_full_name() or owner.get_username()
        made = document.Document(
            title=collection.title,
            date=draft_reads.whole_day(collection.day) if collection.day else "",
            intro=collection.intro,
            sections=tuple(
                document.Section(section.heading, tuple(line_of(item) for item in shown_of(section)))
                for section in sections
                if shown_of(section)
            ),
            language=collection.language,
            colophon=gettext(
                "Put together by %(name)s with Newswatch. Quoted sentences are those of the outlets named."
            )
            % {"name": name},
            original=gettext("Read at the outlet"),
        )
    return document.clean(made)


def shown_of(section: models.CollectionSection) -> list[models.CollectionItem]:
    """The items that `with_items` found."""
    found: list[models.CollectionItem] = section.shown  # type: ignore[attr-defined]
    return found


def line_of(item: models.CollectionItem) -> document.Line:
    """An item as it is read: a line that nobody wrote is the headline."""
    return document.Line(item.text or item.title, source_of(item), item.url)


def source_of(item: models.CollectionItem) -> str:
    """Who says it, when, and how many others do."""
    parts = [item.outlet]
    if item.published_at:
        parts.append(f"{timezone.localtime(item.published_at):%m-%d %H:%M}")
    if item.others:
        parts.append(ngettext("and %(n)d other", "and %(n)d others", item.others) % {"n": item.others})
    return " · ".join(filter(None, parts))


def published(collection: models.Collection) -> document.Document | None:
    """What others read."""
    return document.from_json(collection.published) if collection.published else None


def address(collection: models.Collection) -> str:
    """The whole address under which whoever knows it may read; empty if there is none."""
    if not (collection.secret and collection.published_at):
        return ""
    return settings.SITE_URL + reverse("articles:published", args=[collection.secret])


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new briefing of a person is: its day, its title, and since when it tells the news."""

    day: datetime.date
    title: str
    since: datetime.datetime


def plan(person: User, *, now: datetime.datetime) -> Plan:
    """The briefing that a person would begin now. One query."""
    here = timezone.localtime(now)
    earlier = (
        models.Collection.objects.kept()
        .filter(owner=person, kind=models.Collection.Kind.BRIEFING, day__lt=here.date())
        .order_by("-day")
        .values_list("created_at", flat=True)
        .first()
    )
    since = period.begins(here, earlier, working_days.is_day_off)
    title = gettext("Morning briefing, %(day)s") % {"day": draft_reads.day_and_weekday(here.date())}
    return Plan(here.date(), title, since)


def draft(
    person: User, *, day: datetime.date, since: datetime.datetime, besides: models.Collection | None = None
) -> list[draft_reads.Part]:
    """What a person's briefing of a day says by itself; what her last ones told, only if something is new.

    Eighteen queries at most.
    """
    told = models.CollectionItem.objects.filter(
        section__collection__owner=person,
        section__collection__kind=models.Collection.Kind.BRIEFING,
        section__collection__deleted_at__isnull=True,
        section__collection__day__gte=day - datetime.timedelta(days=TOLD_DAYS),
        section__collection__day__lt=day,
        removed_at__isnull=True,
        story__isnull=False,
    )
    if besides is not None:
        told = told.exclude(section__collection=besides)
    watched = watches.of(person.pk) or watches.usual()
    last: dict[int, datetime.datetime] = {}
    for at, *stories in told.values_list("added_at", "story", "story__merged_into"):
        # Told is also what it was merged into since.
        for story in filter(None, stories):
            last[story] = max(at, last.get(story, at))
    return draft_reads.draft(watched, since=since, days=period.ahead(day), told=last)


def cited(person: User, pk: int, article: models.Article) -> tuple[str, int, int] | None:
    """Where an article has the sentence that one of a person's lines was taken from: field, start, end.

    None if she has no such line, or the outlet took the sentence away. One query.
    """
    item = models.CollectionItem.objects.filter(
        pk=pk, article=article, section__collection__owner=person
    ).first()
    if item is None or not item.sentence:
        return None
    text = article.title if item.field == "title" else article.body
    start = item.start
    if text[start : item.end] != item.sentence:
        start = text.find(item.sentence)
    return (item.field, start, start + len(item.sentence)) if start >= 0 else None
