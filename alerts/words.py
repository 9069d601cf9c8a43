"""An alert's settings as one line of words: "every day at 8:00, working days, 3 outlets or more"."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from alerts.models.alert import Alert, Mode, Weekday
from alerts.models.delivery import Delivery
from alerts.models.spike import Spike


def when(values: "dict[str, Any]") -> str:
    """When and of what mails come; `values` are named as the fields of Alert."""
    return ", ".join(_when(values))


def to_whom(values: "dict[str, Any]") -> str:
    """Who gets them. `recipients` and `webhooks` are numbers, `team` a name."""
    return ", ".join(_to_whom(values))


def spike(found: Spike) -> str:
    """How many stories there were in how many hours, and how many are usual."""
    told = ngettext(
        "More than usual: %(n)s story in %(hours)s hours, where about %(usual)s are usual.",
        "More than usual: %(n)s stories in %(hours)s hours, where about %(usual)s are usual.",
        found.stories,
    )
    usual = number_format(round(found.expected, 1))
    return told % {"n": found.stories, "hours": found.hours, "usual": usual}


def _when(values: "dict[str, Any]") -> Iterator[str]:
    yield _how_often(values)
    if values.get("kind") == Alert.Kind.SPIKE:
        yield gettext("only when much more than usual")
    if values.get("working_days_only"):
        yield gettext("working days")
    begin, end = values.get("quiet_from"), values.get("quiet_until")
    if isinstance(begin, datetime.time) and isinstance(end, datetime.time):
        yield gettext("quiet from %(begin)s to %(end)s") % {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
    outlets = values.get("least_outlets") or 1
    if outlets > 1:
        yield ngettext("%(n)s outlet or more", "%(n)s outlets or more", outlets) % {"n": outlets}
    if not values.get("tell_updates"):
        yield gettext("each story once")
    if values.get("priority") == Alert.Priority.HIGH:
        yield gettext("urgent")


def _how_often(values: "dict[str, Any]") -> str:
    hour = values.get("at_hour")
    clock = f"{hour if isinstance(hour, int) else 8}:00"
    match values.get("mode"):
        case Mode.HOURLY:
            return gettext("every hour")
        case Mode.DAILY:
            return gettext("every day at %(clock)s") % {"clock": clock}
        case Mode.WEEKLY:
            day = Weekday(values.get("weekday") or 0).label
            return gettext("every week on %(day)s at %(clock)s") % {"day": day, "clock": clock}
    return gettext("at once")


def _to_whom(values: "dict[str, Any]") -> Iterator[str]:
    if values.get("tell_owner"):
        yield gettext("to me")
    if others := values.get("recipients"):
        yield ngettext("to %(n)s other", "to %(n)s others", others) % {"n": others}
    if team := values.get("team"):
        yield gettext("seen by %(team)s") % {"team": team}
    if values.get("webhooks"):
        yield gettext("to a webhook")
    if not (values.get("tell_owner") or others or values.get("webhooks")):
        yield gettext("to nobody: listed on its page alone")


def of(alert: Alert) -> "dict[str, Any]":
    """The settings of a stored alert, as `when` takes them."""
    names = ("kind", "mode", "at_hour", "weekday", "working_days_only", "quiet_from", "quiet_until")
    return {name: getattr(alert, name) for name in (*names, "least_outlets", "tell_updates", "priority")}


def mends(delivery: Delivery) -> str:
    """What mends a mail that failed or is stopped; empty if it is none of them or nobody knows."""
    if delivery.state == Delivery.State.STOPPED:
        return gettext("The address is stopped because mails came back. Resume it once it is right.")
    if delivery.state != Delivery.State.FAILED:
        return ""
    error = delivery.error.lower()
    if error.startswith("55") or "no such user" in error or "5.1.1" in error:
        return gettext("The mail server refuses the address. Correct it and send the mail again.")
    if "account is closed" in error:
        return gettext("The reader’s account is closed. Take her from the readers.")
    if "deleted" in error:
        return gettext("What it told of is gone; there is nothing to send.")
    return gettext("It was tried for days. Once the mail server takes mails again, send it again.")
