"""Notices to the people who run the site: raised when a source needs them, resolved when it no longer does.

`check` looks at all sources, compares what is wrong with what is noted, and writes the difference; it is safe to run
twice and at once, because of one kind and source only one notice can be open. Mails are notice_mails.py's.
"""

import datetime
import itertools
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from articles import health, models, problem_words
from articles.feeds import rhythm

Kind = models.Notice.Kind
Key = tuple[int | None, str]

FAILING_AFTER = datetime.timedelta(hours=24)
# Many at once: of the sources that were asked lately and answered within a day, so many and such a share fail. It is
# over when few of them do.
LATELY = datetime.timedelta(minutes=30)
LEAST_MANY, MANY_SHARE, FEW_SHARE = 5, 0.5, 0.2
# Sources whose rhythms are learnt from one query.
CHUNK = 50


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a notice is to be open about."""

    since: datetime.datetime
    facts: dict[str, Any] = field(default_factory=dict)


def check(*, now: datetime.datetime, silences: bool) -> list[models.Notice]:
    """Raise and resolve notices; returns the new ones.

    Judging silences reads every quiet source's history: without `silences` only those are judged that have a notice
    of it. While many sources fail at once nothing else is raised, because the fault is probably not theirs.
    """
    noted = {(one.source_id, one.kind): one for one in models.Notice.objects.open()}
    quiet = None if silences else [pk for pk, kind in noted if kind == Kind.SILENT and pk is not None]
    many = many_at_once(now=now, is_open=(None, Kind.MANY) in noted)
    seen = itertools.chain(failing(now=now), switched_off(), silent(now=now, only=quiet))
    troubles: dict[Key, Trouble] = dict(seen)
    if many is not None:
        troubles = {key: trouble for key, trouble in troubles.items() if key in noted}
        troubles[None, Kind.MANY] = many
    return settle(noted, troubles, now=now)


@transaction.atomic
def settle(
    noted: Mapping[Key, models.Notice], troubles: Mapping[Key, Trouble], *, now: datetime.datetime
) -> list[models.Notice]:
    """Resolve the notices whose trouble is over and raise those that are missing; returns the new ones."""
    over = [notice.pk for key, notice in noted.items() if key not in troubles]
    models.Notice.objects.filter(pk__in=over, resolved_at__isnull=True).update(resolved_at=now)
    missing = [
        models.Notice(source_id=pk, kind=kind, since=trouble.since, raised_at=now, facts=trouble.facts)
        for (pk, kind), trouble in troubles.items()
        if (pk, kind) not in noted
    ]
    models.Notice.objects.bulk_create(missing, ignore_conflicts=True)
    raised = models.Notice.objects.open().filter(raised_at=now).select_related("source__outlet")
    return list(raised) if missing else []


def many_at_once(*, now: datetime.datetime, is_open: bool) -> Trouble | None:
    """Whether many sources fail that answered a day ago; if nobody was asked lately, as before."""
    asked = models.Source.objects.filter(
        enabled=True, last_polled_at__gte=now - LATELY, last_success_at__gte=now - datetime.timedelta(days=1)
    )
    rows = list(asked.values_list("failures", "last_error", "last_success_at"))
    bad = [(error, success) for failures, error, success in rows if failures and success]
    if not rows:
        return Trouble(now) if is_open else None
    least, share = (1, FEW_SHARE) if is_open else (LEAST_MANY, MANY_SHARE)
    if len(bad) < max(least, share * len(rows)):
        return None
    facts = {"failing": len(bad), "asked": len(rows), "error": commonest(error for error, _ in bad)}
    return Trouble(max(success for _, success in bad), facts)


def commonest(errors: Iterable[str]) -> str:
    """An example of the error seen most, whatever hosts and numbers it names."""
    alike: dict[str, list[str]] = {}
    for error in errors:
        alike.setdefault(re.sub(r"\S+[.:]\S+|\d+", "", error), []).append(error)
    return max(alike.values(), key=len)[0]


def failing(*, now: datetime.datetime) -> Iterator[tuple[Key, Trouble]]:
    """The sources that could not be read for a day."""
    first = models.Poll.objects.filter(source=OuterRef("pk")).order_by("at").values("at")[:1]
    rows = models.Source.objects.filter(enabled=True, failures__gt=0).annotate(first=Subquery(first))
    for pk, error, success, begun in rows.values_list("pk", "last_error", "last_success_at", "first"):
        since = success or begun
        if since is not None and since <= now - FAILING_AFTER:
            yield (pk, Kind.FAILING), Trouble(since, {"error": error})


def switched_off() -> Iterator[tuple[Key, Trouble]]:
    """The sources that were switched off by themselves, such as one whose server says that it is gone."""
    rows = models.Source.objects.filter(enabled=False).exclude(off_because="")
    for source in rows.only("off_because", "last_polled_at"):
        if source.last_polled_at is not None:
            yield (source.pk, Kind.OFF), Trouble(source.last_polled_at, {"error": source.off_because})


def silent(*, now: datetime.datetime, only: Sequence[int] | None) -> Iterator[tuple[Key, Trouble]]:
    """The sources that can be read but bring nothing, against their own rhythm; of `only` these if given."""
    last = (
        models.Appearance.objects.filter(source=OuterRef("pk"))
        .order_by("-first_seen_at")
        .values("first_seen_at")[:1]
    )
    rows = models.Source.objects.filter(enabled=True, failures=0, replay_at__isnull=True)
    rows = rows.annotate(last=Subquery(last)).filter(last__lte=F("last_success_at") - rhythm.LEAST_SILENCE)
    if only is not None:
        rows = rows.filter(pk__in=only)
    sources = list(rows.order_by("pk").only("time_zone", "last_success_at"))
    for start in range(0, len(sources), CHUNK):
        chunk = sources[start : start + CHUNK]
        hours = health.hours_of([source.pk for source in chunk], now=now)
        for source in chunk:
            trouble = silence_of(source, hours.get(source.pk, {}))
            if trouble is not None:
                yield (source.pk, Kind.SILENT), trouble


def silence_of(source: Any, hours: Iterable[datetime.datetime]) -> Trouble | None:
    """The silence of a source, annotated with `last`, if it is strange."""
    learnt = rhythm.learn(hours, until=source.last, zone=zoneinfo.ZoneInfo(source.time_zone))
    if learnt is None:
        return None
    silence = rhythm.judge(learnt, since=source.last, until=source.last_success_at)
    if not silence.is_strange:
        return None
    return Trouble(silence.since, {"usual_by": silence.usual_by.isoformat()})


def open_count() -> int:
    """How many notices are open."""
    return models.Notice.objects.open().count()


def open_notices(most: int = 50) -> list[models.Notice]:
    """The open notices with their sources, gravest first."""
    return list(models.Notice.objects.open().select_related("source__outlet")[:most])


def sentence(notice: models.Notice) -> str:
    """What a notice says, in the reader's language and time zone."""
    facts, since = notice.facts, clock(notice.since)
    error = problem_words.translated(facts.get("error", ""))
    match notice.kind:
        case Kind.MANY:
            return many_sentence(facts)
        case Kind.FAILING:
            return gettext("Could not be read since %(since)s: %(error)s.") % {"since": since, "error": error}
        case Kind.OFF:
            return gettext("Was switched off on %(since)s: %(error)s.") % {"since": since, "error": error}
        case _:
            usual = (
                datetime.datetime.fromisoformat(facts["usual_by"]) if "usual_by" in facts else notice.since
            )
            return gettext(
                "Nothing new since %(since)s. By its own rhythm something should have come by %(usual)s."
            ) % {"since": since, "usual": clock(usual)}


def many_sentence(facts: Mapping[str, Any]) -> str:
    """What is said when many sources fail at once."""
    number = int(facts.get("failing", 0))
    told = ngettext(
        "%(failing)d of the %(asked)d sources asked lately fails.",
        "%(failing)d of the %(asked)d sources asked lately fail.",
        number,
    ) % {"failing": number, "asked": int(facts.get("asked", 0))}
    most = gettext("Most often: %(error)s.") % {"error": problem_words.translated(facts.get("error", ""))}
    probably = gettext("That is probably our own network or name service, not the sources.")
    return f"{told} {probably} {most}"


def clock(moment: datetime.datetime) -> str:
    """Date and time in the reader's zone."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"


def overdue(*, now: datetime.datetime) -> int:
    """How many sources should have been polled ten minutes ago: no worker is taking them."""
    late = now - datetime.timedelta(minutes=10)
    due = models.Source.objects.filter(enabled=True, replay_at__isnull=True, next_poll_at__lt=late)
    return due.count()
