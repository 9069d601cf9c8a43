"""How templates say days, clocks and tones."""

import datetime
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from articles import date_words, evidence, filters, models, query_problems, reads, search_reads, subthemes
from articles.search import query

register = template.Library()

# The bars' drawing, in units of its view box.
BARS_HEIGHT = 40
BAR_WIDTH = 10


@register.filter
def day_name(day: datetime.date) -> str:
    """Today, yesterday, or the ISO date with its weekday."""
    age = (timezone.localdate() - day).days
    return {0: gettext("Today"), 1: gettext("Yesterday")}.get(age) or iso_day(day)


@register.filter
def iso_day(day: datetime.date) -> str:
    """The ISO date with its weekday."""
    return f"{day.isoformat()} ({date_words.weekday(day)})"


@register.filter
def is_named(day: datetime.date) -> bool:
    """Whether `day_name` says a word that leaves out the date."""
    return (timezone.localdate() - day).days in (0, 1)


@register.filter
def stamp(moment: datetime.datetime) -> str:
    """Date and time in the reader's zone, with the zone's name."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"


@register.filter
def ago(moment: datetime.datetime) -> str:
    """How long ago, in one unit; the date once it is more than a week."""
    seconds = (timezone.now() - moment).total_seconds()
    if seconds >= 7 * 86_400:
        return f"{timezone.localtime(moment):%Y-%m-%d}"
    minutes = int(max(seconds, 0) // 60)
    if minutes >= 24 * 60:
        return ngettext("%(n)d day ago", "%(n)d days ago", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 60:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", minutes // 60) % {"n": minutes // 60}
    if minutes:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    return gettext("just now")


@register.filter
def stamp_in(moment: datetime.datetime, zone: str) -> str:
    """Date and time in a zone given by name; empty if that shows the same as the reader's own clock."""
    try:
        there = moment.astimezone(zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return ""
    here = timezone.localtime(moment)
    return "" if there.utcoffset() == here.utcoffset() else f"{there:%Y-%m-%d %H:%M %Z}"


@register.filter
def short_stamp(moment: datetime.datetime) -> str:
    """The time in the reader's zone, with the day unless it is today."""
    here = timezone.localtime(moment)
    return f"{here:%H:%M}" if here.date() == timezone.localdate() else f"{here:%m-%d %H:%M}"


@register.filter
def tone(position: int) -> int:
    """The number of a theme's colour."""
    return position % evidence.TONES


@register.filter
def web_address(url: str) -> str:
    """The address if a browser may follow it: feeds can write `javascript:` too. Empty otherwise."""
    return url if url.startswith(("http://", "https://")) else ""


@register.filter
def subtheme(name: str) -> str:
    """A sub-theme in the reader's language."""
    return subthemes.label(name)


@register.filter
def reasons(marks: Sequence[evidence.Mark]) -> str:
    """Why these marks stand here, a line each."""
    return "\n".join(dict.fromkeys(mark.reason for mark in marks))


@register.filter
def language(code: str) -> str:
    """The language's name."""
    return filters.language_name(code)


@register.filter
def html_language(code: str) -> str:
    """A value for the lang attribute; empty where we don't know."""
    return code if code in ("ko", "en") else ""


@dataclass(frozen=True, slots=True)
class At:
    """A query cut at the character that can't be read."""

    before: str
    character: str
    after: str


@register.simple_tag
def query_at(text: str, position: int) -> At:
    """The query before, at and after a position; a space stands for its end."""
    position = max(0, min(position, len(text)))
    return At(text[:position], text[position : position + 1] or " ", text[position + 1 :])


@register.filter
def query_message(problem: query.QueryError) -> str:
    """What is wrong with a query, in the reader's language."""
    return query_problems.message(problem)


@register.simple_tag
def toggled(wanted: filters.Filters, facet: reads.Facet, kind: str) -> str:
    """The timeline's address parameters with this company or theme added or taken away."""
    if kind == "company":
        return wanted.toggled_company(models.Company(pk=facet.pk, name=facet.name))
    return wanted.toggled_theme(models.Theme(pk=facet.pk, name=facet.name))


@register.inclusion_tag("articles/_bars.html")
def bars(panel: search_reads.Panel, parameters: Sequence[str] = ()) -> dict[str, object]:
    """Articles per day as bars; each leads to the search for its days if the parameters of these are given."""
    drawn = [
        {
            "bar": bar,
            "parameters": parameters[number] if parameters else "",
            "x": number * BAR_WIDTH,
            "y": BARS_HEIGHT - max(round(bar.height * BARS_HEIGHT, 1), 1),
            "height": max(round(bar.height * BARS_HEIGHT, 1), 1),
        }
        for number, bar in enumerate(panel.bars)
    ]
    return {
        "panel": panel,
        "drawn": drawn,
        "width": len(drawn) * BAR_WIDTH,
        "height": BARS_HEIGHT,
        "bar_width": BAR_WIDTH - 2,
    }
