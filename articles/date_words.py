"""Times in words of the reader's language, as exactly as they are known and no more, and why a text's words mean them.

Takes values; asks the database nothing.
"""

import calendar
import datetime
import re
from collections.abc import Callable

from django.utils import dates
from django.utils.translation import gettext, gettext_noop

from articles.dates.values import TimeValue

# Django's own are not short in Korean.
WEEKDAYS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
)
# Words with which a text names the end of a time for what shall have come about by then.
BY = re.compile(r"까지$|^(?:by|until)\b", re.IGNORECASE)
# Rules of articles.dates.resolve, by what they go by: the text itself, a time named before, or the publication.
FULL = frozenset({"year", "ymd", "ym", "decade", "years", "quarter_year", "half_year"})
NAMED_BEFORE = frozenset(
    {"day_of_text", "week_of_text", "month_of_text", "quarter_of_text", "year_of_text", "of_year"}
)
COUNTED = frozenset(
    {
        *(
            "day_rel",
            "week_rel",
            "weekend_rel",
            "month_rel",
            "quarter_rel",
            "year_rel",
            "ago",
            "later",
            "within",
        ),
        *("lately", "coming", "to_date", "yearpart", "monthpart", "same_period", "after_gap", "dir_this"),
    }
)
DIRECTED = frozenset({"dir", "dir_next", "dir_last"})
# What only narrows or decorates another time.
DECORATION = frozenset({"range", "paren", "part", "prep", "prep_end", "prep_day", "the", "whole"})


def period(first: datetime.date, last: datetime.date, precision: str) -> str:
    """The days from `first` to `last`, told as exactly as `precision` says: 2023년 1월, not its first day."""
    say = SAYERS.get(precision)
    return say(first) if say else span(first, last)


def day(on: datetime.date) -> str:
    """2023년 8월 21일, 21 August 2023."""
    return gettext("%(day)d %(month)s %(year)d") % parts(on)


def weekday(on: datetime.date) -> str:
    """목, Thu."""
    return gettext(WEEKDAYS[on.weekday()])


def month(on: datetime.date) -> str:
    """2023년 1월, January 2023."""
    return gettext("%(month)s %(year)d") % parts(on)


def parts(on: datetime.date) -> dict[str, object]:
    """A day's numbers, and its month's name."""
    return {"year": on.year, "month": str(dates.MONTHS[on.month]), "day": on.day}


def week(on: datetime.date) -> str:
    """The week that begins on a day."""
    return gettext("week of %(day)s") % {"day": day(on)}


def quarter(on: datetime.date) -> str:
    """2023년 3분기, Q3 2023."""
    return gettext("Q%(number)d %(year)d") % {"number": (on.month + 2) // 3, "year": on.year}


def half(on: datetime.date) -> str:
    """2023년 하반기, second half of 2023."""
    template = gettext("first half of %(year)d") if on.month <= 6 else gettext("second half of %(year)d")
    return template % {"year": on.year}


def year(on: datetime.date) -> str:
    """2030년, 2030."""
    return gettext("%(year)d") % {"year": on.year}


def decade(on: datetime.date) -> str:
    """2020년대, the 2020s."""
    return gettext("the %(year)ds") % {"year": on.year // 10 * 10}


SAYERS: dict[str, Callable[[datetime.date], str]] = {
    "time": day,
    "day": day,
    "week": week,
    "month": month,
    "quarter": quarter,
    "half": half,
    "year": year,
    "decade": decade,
}


def span(first: datetime.date, last: datetime.date) -> str:
    """Two ends in the coarsest unit that says them exactly, with what they share said once."""
    if first == last:
        return day(first)
    whole_months = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole_months and first.month == 1 and last.month == 12:
        return span_of_years(first, last)
    if whole_months:
        return span_of_months(first, last)
    if (first.year, first.month) == (last.year, last.month):
        return gettext("%(first)d–%(day)d %(month)s %(year)d") % {"first": first.day, **parts(last)}
    if first.year == last.year:
        begins = gettext("%(day)d %(month)s") % parts(first)
        ends = gettext("%(day)d %(month)s") % parts(last)
        return gettext("%(begins)s – %(ends)s %(year)d") % {"begins": begins, "ends": ends, "year": last.year}
    return f"{day(first)} – {day(last)}"


def span_of_years(first: datetime.date, last: datetime.date) -> str:
    """From a year to another one, both included."""
    if first.year == last.year:
        return year(first)
    return gettext("%(first)d–%(last)d") % {"first": first.year, "last": last.year}


def span_of_months(first: datetime.date, last: datetime.date) -> str:
    """From a month to another one, both included."""
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    if first.year == last.year:
        names = {"begins": str(dates.MONTHS[first.month]), "ends": str(dates.MONTHS[last.month])}
        return gettext("%(begins)s – %(ends)s %(year)d") % {**names, "year": last.year}
    return f"{month(first)} – {month(last)}"


def goal(words: str, first: datetime.date, last: datetime.date, precision: str) -> str:
    """When a goal is to be reached: 2030년까지, by 2030, if the text says so."""
    told = period(first, last, precision)
    return gettext("by %(time)s") % {"time": told} if BY.search(words) else told


def means(value: TimeValue) -> str:
    """What a text's words mean."""
    told = (value.first_day, value.last_day, value.precision)
    return goal(value.text, *told) if value.relation == "goal" else period(*told)


def reason(value: TimeValue, published: datetime.date) -> str:
    """In a sentence: which time the words mean, how it was found, and how sure that is."""
    told = f"{value.text} → {means(value)}: {how(value, published)}"
    sure = gettext("%(percent)s sure") % {"percent": f"{value.certainty:.0%}"}
    standing = {"planned": gettext("planned"), "goal": gettext("goal")}.get(value.relation, "")
    return " · ".join(filter(None, (told, standing, sure)))


def how(value: TimeValue, published: datetime.date) -> str:
    """How the words were read: by themselves, by a time named before, or by the publication's day."""
    rules = [rule for rule in value.rule.split("+") if rule not in DECORATION]
    at = {"day": day(published)}
    if NAMED_BEFORE.intersection(rules):
        return gettext("goes on from a time that the text names before")
    if COUNTED.intersection(rules):
        return gettext("counted from the publication on %(day)s") % at
    if DIRECTED.intersection(rules) and value.last_day < published:
        return gettext("the last one before the publication on %(day)s") % at
    if DIRECTED.intersection(rules):
        return gettext("the next one after the publication on %(day)s") % at
    if rules and rules[0] in FULL:
        return gettext("as the text says")
    return gettext("what the text leaves out follows from the publication on %(day)s") % at
