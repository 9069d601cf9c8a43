"""What the owner of a folder or a briefing does with it. Each function is one transaction; the clock is passed in.

Must not decide whose it is: whoever calls has looked that up. Must not choose what a draft says (articles.draft_reads).
"""

import datetime
import secrets
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext

from articles import draft_reads, models, storable
from articles.models import collection as limits

SECRET_BYTES = 32
MOST_COLLECTIONS = 1000
MOST_ITEMS = 300
MOST_SECTIONS = 60
# How long what was deleted can be brought back.
REGRET = datetime.timedelta(days=30)
LONGEST = {
    "title": limits.LONGEST_TITLE,
    "intro": limits.LONGEST_INTRO,
    "heading": limits.LONGEST_HEADING,
    "line": limits.LONGEST_LINE,
}


class ChangedError(ValueError):
    """Somebody wrote something else there meanwhile; `text` is what stands there now."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class FullError(ValueError):
    """There is no room for more."""


@transaction.atomic
def create(
    owner: int,
    title: str,
    *,
    language: str,
    now: datetime.datetime,
    day: datetime.date | None = None,
    since: datetime.datetime | None = None,
) -> models.Collection:
    """A folder, or the briefing of a day, with one section. Raises FullError; IntegrityError for a day that has one."""
    if models.Collection.objects.kept().filter(owner=owner).count() >= MOST_COLLECTIONS:
        raise FullError
    made = models.Collection.objects.create(
        owner_id=owner,
        kind=models.Collection.Kind.FOLDER if day is None else models.Collection.Kind.BRIEFING,
        title=cleaned("title", title) or gettext("Untitled"),
        language=language,
        day=day,
        since=since,
        created_at=now,
        changed_at=now,
    )
    models.CollectionSection.objects.create(collection=made)
    return made


def locked(collection: models.Collection, *, now: datetime.datetime) -> None:
    """Hold the collection until the transaction ends, and note that it changes."""
    models.Collection.objects.filter(pk=collection.pk).update(changed_at=now)


def items(collection: models.Collection) -> "Sequence[models.CollectionItem]":
    """Its items, also those that were removed."""
    return list(models.CollectionItem.objects.filter(section__collection=collection))


@transaction.atomic
def fill(collection: models.Collection, parts: Iterable[draft_reads.Part], *, now: datetime.datetime) -> int:
    """Put a draft's sections in, under the headings that are there already; returns how many lines came."""
    locked(collection, now=now)
    sections = {
        section.heading: section
        for section in models.CollectionSection.objects.filter(collection=collection).order_by("-position")
    }
    present = items(collection)
    known = {key_of(item.story_id, item.article_id, item.sentence) for item in present}
    came = 0
    for part in parts:
        fresh = [
            entry
            for entry in part.entries
            if key_of(entry.story.pk if entry.story else None, entry.article.pk, entry.sentence) not in known
        ][: max(0, MOST_ITEMS - len(present) - came)]
        if not fresh:
            continue
        section = sections.get(part.heading) or first_empty(collection) or new_section(collection)
        models.CollectionSection.objects.filter(pk=section.pk).update(
            heading=cleaned("heading", part.heading)
        )
        append(section, fresh, now=now)
        came += len(fresh)
    return came


def key_of(story: int | None, article: int | None, sentence: str) -> tuple[str, int | None, str]:
    """By what the same thing is known: a story, or an article's sentence."""
    return ("story", story, "") if story else ("article", article, sentence)


def first_empty(collection: models.Collection) -> models.CollectionSection | None:
    """The section without heading and items that a new collection has."""
    return collection.sections.filter(heading="", items__isnull=True).order_by("position").first()


def new_section(collection: models.Collection, heading: str = "") -> models.CollectionSection:
    """A section at the end. Raises FullError."""
    found = collection.sections.aggregate(last=Max("position"))
    if collection.sections.count() >= MOST_SECTIONS:
        raise FullError
    return models.CollectionSection.objects.create(
        collection=collection, heading=cleaned("heading", heading), position=(found["last"] or 0) + 1
    )


def append(
    section: models.CollectionSection, entries: Iterable[draft_reads.Entry], *, now: datetime.datetime
) -> None:
    """Put entries at a section's end. Two queries."""
    last = section.items.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    models.CollectionItem.objects.bulk_create(
        item_of(section, entry, first + number, now=now) for number, entry in enumerate(entries)
    )


def item_of(
    section: models.CollectionSection, entry: draft_reads.Entry, position: int, *, now: datetime.datetime
) -> models.CollectionItem:
    """An entry as a row."""
    article = entry.article
    return models.CollectionItem(
        section=section,
        position=position,
        article=article,
        story=entry.story,
        text=cleaned("line", entry.text),
        title=article.title,
        outlet=article.outlet.name,
        url=article.url,
        article_language=article.language,
        published_at=article.published_at,
        others=max(0, entry.story.outlet_count - 1) if entry.story else 0,
        field=entry.field,
        start=entry.start,
        end=entry.end,
        sentence=entry.sentence,
        added_at=now,
    )


@transaction.atomic
def add(
    collection: models.Collection, entry: draft_reads.Entry, *, now: datetime.datetime
) -> tuple[models.CollectionItem, bool]:
    """Put an article or a story at the end; whether it is new there. Raises FullError.

    In a briefing, before the section of what is to come: the first one without a heading, or one of its own.
    """
    locked(collection, now=now)
    present = items(collection)
    same = [
        item
        for item in present
        if item.removed_at is None
        and (
            (entry.story is not None and item.story_id == entry.story.pk)
            or (entry.story is None and item.story_id is None and item.article_id == entry.article.pk)
        )
    ]
    if same:
        return same[0], False
    if sum(item.removed_at is None for item in present) >= MOST_ITEMS:
        raise FullError
    section = collection.sections.filter(heading="").order_by("-position").first() or new_section(collection)
    append(section, [entry], now=now)
    return section.items.latest("pk"), True


@transaction.atomic
def write(collection: models.Collection, what: str, text: str, *, was: str, now: datetime.datetime) -> str:
    """Write a title, intro, heading or line in the place of what it was; returns it as stored.

    `what`: "title", "intro", "heading-3" or "line-7", with the section's or the item's number. Raises ChangedError if
    something else stands there by now, LookupError if there is no such place.
    """
    locked(collection, now=now)
    field, _, number = what.partition("-")
    if field not in LONGEST:
        raise LookupError(what)
    row, column = place(collection, field, number)
    text, was = cleaned(field, text), cleaned(field, was)
    stands: str = getattr(row, column)
    if cleaned(field, stands) not in (was, text):
        raise ChangedError(stands)
    if field == "title" and not text:
        return stands
    if stands != text:
        setattr(row, column, text)
        row.save(update_fields=[column])
    return text


def place(
    collection: models.Collection, field: str, number: str
) -> tuple[models.Collection | models.CollectionSection | models.CollectionItem, str]:
    """The row and the column that a text stands in. Raises LookupError."""
    if field in ("title", "intro"):
        return models.Collection.objects.get(pk=collection.pk), field
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    row: models.CollectionSection | models.CollectionItem | None
    if field == "heading":
        row, column = models.CollectionSection.objects.filter(collection=collection, pk=pk).first(), "heading"
    else:
        row = models.CollectionItem.objects.filter(section__collection=collection, pk=pk).first()
        column = "text"
    if row is None:
        raise LookupError(number)
    return row, column


def cleaned(field: str, text: str) -> str:
    """A text as it is stored: in one line, but for the introduction."""
    text = storable.text(text).replace("\r\n", "\n").strip()
    if field != "intro":
        text = " ".join(text.split())
    return text[: LONGEST[field]].strip()


def layout(collection: models.Collection) -> list[tuple[int, list[int]]]:
    """The sections and their items, in order. Two queries."""
    found: dict[int, list[int]] = {
        pk: [] for pk in collection.sections.order_by("position", "pk").values_list("pk", flat=True)
    }
    shown = models.CollectionItem.objects.filter(section__in=list(found), removed_at__isnull=True)
    for pk, section in shown.order_by("position", "pk").values_list("pk", "section"):
        found[section].append(pk)
    return list(found.items())


@transaction.atomic
def order(
    collection: models.Collection, wanted: Iterable[tuple[int, list[int]]], *, now: datetime.datetime
) -> None:
    """Put sections and items in this order. What it doesn't name stays behind the others; what is not there is passed
    over."""
    locked(collection, now=now)
    stands = dict(layout(collection))
    sections = [pk for pk in dict.fromkeys(pk for pk, _ in wanted) if pk in stands]
    sections += [pk for pk in stands if pk not in sections]
    left = {item for found in stands.values() for item in found}
    placed: dict[int, list[int]] = {pk: [] for pk in sections}
    for section, found in wanted:
        for item in found:
            if section in placed and item in left:
                left.discard(item)
                placed[section].append(item)
    for section, found in stands.items():
        placed[section] += [item for item in found if item in left]
    rows = models.CollectionItem.objects.in_bulk([item for found in placed.values() for item in found])
    for section, found in placed.items():
        for position, item in enumerate(found):
            rows[item].section_id, rows[item].position = section, position
    models.CollectionItem.objects.bulk_update(rows.values(), ["section", "position"])
    parts = models.CollectionSection.objects.in_bulk(sections)
    for position, section in enumerate(sections):
        parts[section].position = position
    models.CollectionSection.objects.bulk_update(parts.values(), ["position"])


def move(collection: models.Collection, item: int, *, up: bool, now: datetime.datetime) -> None:
    """Put an item one place up or down; at a section's end it goes over to the next one."""
    stands = layout(collection)
    at, within = next(
        ((number, found) for number, (_, found) in enumerate(stands) if item in found), (-1, [])
    )
    if at < 0:
        return
    place_now = within.index(item)
    place_then = place_now - 1 if up else place_now + 1
    if 0 <= place_then < len(within):
        within.insert(place_then, within.pop(place_now))
    elif 0 <= (there := at - 1 if up else at + 1) < len(stands):
        within.remove(item)
        beside = stands[there][1]
        beside.insert(len(beside) if up else 0, item)
    order(collection, stands, now=now)


def move_section(collection: models.Collection, section: int, *, up: bool, now: datetime.datetime) -> None:
    """Put a section with its items one place up or down."""
    stands = layout(collection)
    at = next((number for number, (pk, _) in enumerate(stands) if pk == section), -1)
    to = at - 1 if up else at + 1
    if at >= 0 and 0 <= to < len(stands):
        stands.insert(to, stands.pop(at))
        order(collection, stands, now=now)


@transaction.atomic
def add_section(
    collection: models.Collection, heading: str, *, now: datetime.datetime
) -> models.CollectionSection:
    """A section at the end. Raises FullError."""
    locked(collection, now=now)
    return new_section(collection, heading)


@transaction.atomic
def remove_section(collection: models.Collection, section: int, *, now: datetime.datetime) -> None:
    """Take a section away: its items go to the end of the one before it. The last one stays, without heading."""
    locked(collection, now=now)
    stands = [pk for pk, _ in layout(collection)]
    if section not in stands:
        return
    if len(stands) == 1:
        models.CollectionSection.objects.filter(pk=section).update(heading="")
        return
    at = stands.index(section)
    into = stands[at - 1 if at else 1]
    # Before the first section's items there is nothing: they go before the second's.
    end = models.CollectionItem.objects.filter(section=into).aggregate(last=Max("position"))["last"]
    if at:
        models.CollectionItem.objects.filter(section=section).update(
            section=into, position=F("position") + (0 if end is None else end + 1)
        )
    else:
        own = models.CollectionItem.objects.filter(section=section).aggregate(last=Max("position"))["last"]
        models.CollectionItem.objects.filter(section=into).update(
            position=F("position") + (0 if own is None else own + 1)
        )
        models.CollectionItem.objects.filter(section=section).update(section=into)
    models.CollectionSection.objects.filter(pk=section).delete()


@transaction.atomic
def remove(collection: models.Collection, item: int, *, now: datetime.datetime) -> bool:
    """Take an item out; whether it was there."""
    locked(collection, now=now)
    rows = models.CollectionItem.objects.filter(section__collection=collection, pk=item)
    return bool(rows.filter(removed_at__isnull=True).update(removed_at=now))


@transaction.atomic
def put_back(collection: models.Collection, item: int, *, now: datetime.datetime) -> bool:
    """Put an item that was taken out back where it stood."""
    locked(collection, now=now)
    rows = models.CollectionItem.objects.filter(section__collection=collection, pk=item)
    return bool(rows.filter(removed_at__isnull=False).update(removed_at=None))


def delete(collection: models.Collection, *, now: datetime.datetime) -> None:
    """Delete it; its address leads nowhere as long as it is deleted."""
    models.Collection.objects.filter(pk=collection.pk).update(deleted_at=now)


def bring_back(collection: models.Collection) -> bool:
    """Take back that it was deleted; False if its day has another briefing by now."""
    try:
        with transaction.atomic():
            models.Collection.objects.filter(pk=collection.pk).update(deleted_at=None)
    except IntegrityError:
        return False
    return True


def erase_deleted(*, now: datetime.datetime) -> int:
    """Erase what was deleted so long ago that nobody regrets it; returns how many rows went."""
    before = now - REGRET
    gone, _ = models.Collection.objects.filter(deleted_at__lt=before).delete()
    items_gone, _ = models.CollectionItem.objects.filter(
        Q(removed_at__lt=before) & ~Q(section__collection__kind=models.Collection.Kind.BRIEFING)
    ).delete()
    return gone + items_gone


def publish(collection: models.Collection, document: dict[str, object], *, now: datetime.datetime) -> None:
    """Have others read it as it is now."""
    models.Collection.objects.filter(pk=collection.pk).update(published=document, published_at=now)
    collection.published, collection.published_at = document, now


def renew_address(collection: models.Collection) -> None:
    """Give what is published an address that nobody knows yet; the one before leads nowhere from now on."""
    collection.secret = secrets.token_urlsafe(SECRET_BYTES)
    collection.save(update_fields=["secret"])


def end_address(collection: models.Collection) -> None:
    """Have the address lead nowhere."""
    collection.secret = ""
    collection.save(update_fields=["secret"])
