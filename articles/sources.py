"""What editors do with sources: add one, switch it, have it polled, take a list of them in and hand one out."""

import collections
import dataclasses
import datetime
import re
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.core import signing, validators
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from articles import models, scout
from articles.feeds import discover, opml, reading, selectors
from newswatch import wake

POLL = "articles.tasks.poll_sources"
Verdict = Literal["new", "known", "unusable"]
IS_ADDRESS = validators.URLValidator(["http", "https"])
HANGUL = re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one outline of a list: a new source, nothing because `source` is it, or nothing because `why`."""

    outline: opml.Outline
    verdict: Verdict
    why: str = ""
    source: models.Source | None = None
    outlet: str = ""


@transaction.atomic
def add(source: models.Source, *, outlet_name: str, now: datetime.datetime) -> models.Source:
    """Save a new source, with a new outlet if `outlet_name` is given; it is due at once."""
    if outlet_name:
        source.outlet, _ = models.Outlet.objects.get_or_create(
            name=outlet_name, defaults={"language": source.language}
        )
    source.next_poll_at = now
    source.save()
    wake.on_commit(POLL)
    return source


@transaction.atomic
def change(
    source: models.Source, *, outlet_name: str, changed: Iterable[str], now: datetime.datetime
) -> None:
    """Save an editor's changes. What changes how the source is read makes it due and read in full."""
    if outlet_name:
        source.outlet, _ = models.Outlet.objects.get_or_create(name=outlet_name)
    source.save(update_fields=["outlet", *(set(changed) - {"new_outlet", "outlet"})])
    if {"url", "kind", "selector", "time_zone", "enabled"} & set(changed):
        models.Source.objects.filter(pk=source.pk).update(
            etag="", last_modified="", body_hash="", next_poll_at=now
        )
        wake.on_commit(POLL)


@transaction.atomic
def switch(source: models.Source, *, on: bool, now: datetime.datetime) -> None:
    """Switch a source on, which makes it due, or off."""
    if on:
        models.Source.objects.filter(pk=source.pk).update(
            enabled=True, next_poll_at=now, failures=0, off_because=""
        )
        wake.on_commit(POLL)
    else:
        models.Source.objects.filter(pk=source.pk).update(enabled=False)


@transaction.atomic
def change_many(
    found: "QuerySet[models.Source]", changes: Mapping[str, Any], *, now: datetime.datetime
) -> int:
    """Set these fields on many sources. Those that are switched on by it are due. Returns how many there are."""
    numbers = list(found.values_list("pk", flat=True))
    chosen = models.Source.objects.filter(pk__in=numbers)
    if changes.get("enabled"):
        chosen.filter(enabled=False).update(next_poll_at=now, failures=0, off_because="")
        wake.on_commit(POLL)
    return chosen.update(**changes) if changes else 0


@transaction.atomic
def poll_now(source: models.Source, *, now: datetime.datetime) -> bool:
    """Make a source due; False if it is switched off."""
    due = models.Source.objects.filter(pk=source.pk, enabled=True).update(next_poll_at=now)
    wake.on_commit(POLL)
    return bool(due)


def pack(outlines: Sequence[opml.Outline], *, salt: str) -> str:
    """Outlines as a text that a page can hold and nobody can change."""
    return signing.dumps([dataclasses.astuple(one) for one in outlines], salt=salt, compress=True)


def unpack(text: str, *, salt: str, seconds: int) -> tuple[opml.Outline, ...]:
    """What `pack` made of them. Raises signing.BadSignature for a text of others, or one that is too old."""
    return tuple(opml.Outline(*one) for one in signing.loads(text, salt=salt, max_age=seconds))


def plan(outlines: Sequence[opml.Outline]) -> tuple[Line, ...]:
    """What importing a list would do, line by line; two queries."""
    known = scout.sources_by_key()
    outlets = outlets_by_server()
    different = {discover.feed_key(outline.url): site_of(outline) for outline in outlines}
    feeds = collections.Counter(different.values())
    seen: set[str] = set()
    lines = []
    for outline in outlines:
        line = plan_one(outline, known, seen)
        if line.verdict == "new":
            name = outline.outlet or outlets.get(site_of(outline), "") or own_name(outline, feeds)
            line = dataclasses.replace(line, outlet=name[:200])
        lines.append(line)
    return tuple(lines)


def plan_one(outline: opml.Outline, known: dict[str, models.Source], seen: set[str]) -> Line:
    """What becomes of one outline; `seen` are the keys of the file so far and takes this one in."""
    try:
        outline = dataclasses.replace(outline, url=discover.address(outline.url))
        IS_ADDRESS(outline.url)
        if outline.kind == reading.LISTING:
            selectors.read(outline.selector)
    except ValidationError:
        return Line(outline, "unusable", "this is no address of the web")
    except (discover.NotAnAddress, selectors.UnusableSelector) as error:
        return Line(outline, "unusable", str(error))
    key = discover.feed_key(outline.url)
    if key in known:
        return Line(outline, "known", source=known[key])
    if key in seen:
        return Line(outline, "unusable", "the file names it twice")
    seen.add(key)
    return Line(outline, "new")


def outlets_by_server() -> dict[str, str]:
    """The names of the outlets by the servers of their sites and feeds; not of servers that several share."""
    found: dict[str, set[str]] = {}
    for source in models.Source.objects.select_related("outlet"):
        for url in (source.url, source.outlet.homepage):
            if server := discover.server(url):
                found.setdefault(server, set()).add(source.outlet.name)
    return {server: names.pop() for server, names in found.items() if len(names) == 1}


def site_of(outline: opml.Outline) -> str:
    """The server that says whose feed it is: that of the site if the list names it."""
    return discover.server(outline.site) or discover.server(outline.url)


def own_name(outline: opml.Outline, feeds: collections.Counter[str]) -> str:
    """The name of an outlet that is new: a site's only feed names it, several share the host."""
    host = site_of(outline)
    return host if feeds[host] > 1 else outline.title or host


@transaction.atomic
def apply(lines: Sequence[Line], *, on: bool, now: datetime.datetime) -> int:
    """Add the new sources of a plan, switched on or off unless the list says so itself. Returns how many."""
    new = [line for line in lines if line.verdict == "new"]
    models.Outlet.objects.bulk_create(
        [models.Outlet(name=name) for name in dict.fromkeys(line.outlet for line in new)],
        ignore_conflicts=True,
    )
    outlets = models.Outlet.objects.in_bulk([line.outlet for line in new], field_name="name")
    before = models.Source.objects.count()
    models.Source.objects.bulk_create(
        [source_of(line.outline, outlets[line.outlet], on=on, now=now) for line in new],
        ignore_conflicts=True,
    )
    wake.on_commit(POLL)
    return models.Source.objects.count() - before


def source_of(
    outline: opml.Outline, outlet: models.Outlet, *, on: bool, now: datetime.datetime
) -> models.Source:
    """A row for an outline; what the list doesn't say is guessed from the language."""
    language, zone = outline.language[:2].lower(), outline.time_zone
    # A list that names the zone is one of ours: it means what it leaves out.
    if not is_zone(zone):
        is_korean = HANGUL.search(outline.title) or site_of(outline).endswith(".kr") or language == "ko"
        language, zone = ("ko", "Asia/Seoul") if is_korean else (language, "UTC")
    enabled = on if outline.enabled is None else on and outline.enabled
    return models.Source(
        outlet=outlet,
        title=(outline.title or site_of(outline))[:300],
        url=outline.url,
        kind=outline.kind,
        selector=outline.selector,
        group=outline.group,
        language=language if language in ("ko", "en") else "",
        time_zone=zone,
        fetch_pages=True if outline.fetch_pages is None else outline.fetch_pages,
        poll_interval=outline.interval_s if outline.interval_s and outline.interval_s >= 5 else None,
        enabled=enabled,
        next_poll_at=now if enabled else None,
    )


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        return bool(name) and zoneinfo.ZoneInfo(name) is not None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False


def outlines() -> list[opml.Outline]:
    """All sources but the sample's, as a list to hand out."""
    sources = (
        models.Source.objects.filter(is_sample=False)
        .select_related("outlet")
        .order_by("group", "title", "pk")
    )
    return [
        opml.Outline(
            url=source.url,
            title=source.title,
            group=source.group,
            site=source.outlet.homepage,
            kind=source.kind,
            selector=source.selector,
            outlet=source.outlet.name,
            language=source.language,
            time_zone=source.time_zone,
            fetch_pages=source.fetch_pages,
            enabled=source.enabled,
            interval_s=source.poll_interval,
        )
        for source in sources
    ]
