"""Read the date dialects of feeds: RFC 822 with all its liberties, ISO 8601, and the Korean forms.

A time without a zone is in the zone the caller names. Nothing here knows the present, so whether a time is plausible
is judged elsewhere (`clock`). A string that names no full date gives None, never a guess at the rest.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

LONGEST = 120  # characters; no dialect needs more
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january 1월",
            "feb february 2월",
            "mar march 3월",
            "apr april 4월",
            "may 5월",
            "jun june 6월",
            "jul july 7월",
            "aug august 8월",
            "sep sept september 9월",
            "oct october 10월",
            "nov november 11월",
            "dec december 12월",
        ),
        start=1,
    )
    for name in names.split()
} | {f"0{number}월": number for number in range(1, 10)}
# Hours from UTC. Only names that mean one thing in feeds; military letters other than Z were never used right.
ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **dict.fromkeys(("kst", "jst", "한국시간", "asia/seoul", "asia/tokyo"), 9.0),
    **dict.fromkeys(("bst", "cet", "met", "west"), 1.0),
    **dict.fromkeys(("cest", "eet", "sast"), 2.0),
    **dict.fromkeys(("eest", "msk"), 3.0),
    **dict.fromkeys(("hkt", "sgt", "awst", "pht"), 8.0),
    **dict.fromkeys(("est", "cdt"), -5.0),
    **dict.fromkeys(("edt", "ast"), -4.0),
    **dict.fromkeys(("cst", "mdt"), -6.0),
    **dict.fromkeys(("mst", "pdt"), -7.0),
    "pst": -8.0,
    "akst": -9.0,
    "akdt": -8.0,
    "hst": -10.0,
    "adt": -3.0,
    "nst": -3.5,
    "ist": 5.5,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
}

_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}|\d{1,2}월)"
_CLOCK = re.compile(
    r"(?P<before>오전|오후|[ap]\.?m\.?(?![a-z]))?\s*"
    r"(?<![\d+\-:])(?P<hour>\d{1,2})\s?(?:시\s?(?:(?P<minute_ko>\d{1,2})\s?분)?\s?(?:(?P<second_ko>\d{1,2})\s?초)?"
    r"|:\s?(?P<minute>\d{1,2})(?:\s?:\s?(?P<second>\d{1,2})(?:[.,:]\d{1,9})?)?)"
    r"\s*(?P<after>오전|오후|[ap]\.?m\.?(?![a-z]))?"
)
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        # 2022-07-28, 2022.07.28, 2022/7/28, 2022년 7월 28일, 2022. 7. 28.
        r"(?<!\d)(?P<year>\d{4})\s?[-./년]\s?(?P<month>\d{1,2})\s?[-./월]\s?(?P<day>\d{1,2})(?!\d)",
        # 2022 Jul 28, 2022-Jul-28
        rf"(?<!\d)(?P<year>\d{{4}})[\s.,/-]{{1,3}}{_MONTH}[\s.,/-]{{1,3}}(?P<day>\d{{1,2}})(?!\d)",
        # 28 Jul 2022, 28-Jul-22, 28 7월 2022
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.,/-]{{0,3}}{_MONTH}[\s.,/-]{{0,3}}(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        # Jul 28, 2022; also asctime, once its time is taken out
        rf"(?<![a-z]){_MONTH}[\s.]{{0,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?:[a-z+\d:]{{3,9}}\s)?(?P<year>\d{{4}})(?!\d)",
        # 20220728
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        # 28.07.2022
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)",
        # 07/28/2022 or 28/07/2022
        r"(?<!\d)(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<year>\d{4})(?!\d)",
        # 2022-07, W3C dates without a day
        r"^(?P<year>\d{4})-(?P<month>\d{2})$",
    )
)
# 22.07.28: so Koreans write, and others begin with the day.
_SHORT = re.compile(
    r"(?<![\d./-])(?P<year>\d{2})(?P<mark>[./-])(?P<month>\d{2})(?P=mark)(?P<day>\d{2})(?![\d/-])"
)
_COMPACT = re.compile(r"(?<!\d)(\d{8})[t ]?(\d{2})(\d{2})(\d{2})?(?=$|[^\d])")
# Not within a date that follows the time.
_OFFSET = re.compile(r"(?<!\d)(?P<sign>[+\-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?![\d:])")
_NAME = re.compile(r"(?<![a-z])(?:asia/(?:seoul|tokyo)|[a-z]{1,5}(?![a-z/]))|한국시간")
# A typesetter's dashes and the sign for minus, as hyphens.
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_MAIL_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MAIL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) (?:GMT|([+-])(0[0-9]|1[0-4])([0-5][0-9]))"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_ASIDE = re.compile(r"\(([^()]{0,40})\)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time in UTC and how its zone was stated: `utc` (Z, GMT, +0000), `offset` (any other) or `naive` (none)."""

    at: datetime
    zone: str


def parse_date(text: str, *, zone: tzinfo) -> Stamp | None:
    """Read one date in any dialect; None if it is none. `zone` is that of times which state none."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    try:
        return _iso(text, zone) or _mail(text) or _epoch(text) or _loose(text, zone)
    except (ValueError, OverflowError):
        return None


def _iso(text: str, zone: tzinfo) -> Stamp | None:
    """The common case, an order of magnitude faster than the loose reading."""
    if text[4:5] != "-" or text[7:8] != "-" or text[13:14] == "." or len(text) < 16:
        return None
    try:
        return _stamp(datetime.fromisoformat(text), zone)
    except ValueError:
        return None


def _mail(text: str) -> Stamp | None:
    """The form that RSS asks for (RFC 822 with four digits of the year), as most write it."""
    found = _MAIL.fullmatch(text)
    if not found:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    offset = timezone(-east if sign == "-" else east)
    number = _MAIL_MONTHS.index(month) // 3 + 1
    at = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=offset)
    return _stamp(at, UTC)


def _epoch(text: str) -> Stamp | None:
    if not _EPOCH.fullmatch(text):
        return None
    return _stamp(datetime.fromtimestamp(int(text[:10]), UTC), UTC)


def _loose(text: str, zone: tzinfo) -> Stamp | None:
    text = _ASIDE.sub(_keep_zone, unicodedata.normalize("NFKC", text).translate(_DASHES).lower())
    text = _COMPACT.sub(_spell_out, " ".join(text.split()))
    clock = _CLOCK.search(_blank_date(text))
    around = text if clock is None else f"{text[: clock.start()].rstrip(' t')} {text[clock.end() :].lstrip()}"
    known = (*_DATES, _SHORT) if getattr(zone, "key", "") == "Asia/Seoul" else _DATES
    found = next((match for pattern in known if (match := pattern.search(around.strip()))), None)
    if found is None:
        return None
    year, month, day = _year_month_day(found.groupdict())
    hour, minute, second = _time_of_day(clock)
    at = datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)  # noqa: DTZ001
    stated = _stated_zone(text[clock.end() :] if clock else "")
    return _stamp(at if stated is None else at.replace(tzinfo=timezone(stated)), zone)


def _stamp(at: datetime, zone: tzinfo) -> Stamp | None:
    """Years outside 1970 to 2199 are slips of a template, not dates of news."""
    offset = at.utcoffset()
    stated = "naive" if offset is None else "offset" if offset else "utc"
    if offset is None:
        at = at.replace(tzinfo=zone)
    at = at.astimezone(UTC)
    return Stamp(at, stated) if 1970 <= at.year < 2200 else None


def _blank_date(text: str) -> str:
    """Hide the ISO date in front of `T`, so that the hour behind it is found by itself."""
    return re.sub(r"(?<=\d)t(?=\d)", " ", text)


def _keep_zone(aside: re.Match[str]) -> str:
    """Asides are weekdays or zones; only a zone says something, and only if nothing else did."""
    return f" {aside.group(1)} " if aside.group(1).strip() in ZONES else " "


def _spell_out(compact: re.Match[str]) -> str:
    day, hour, minute, second = compact.groups()
    return f"{day} {hour}:{minute}:{second or '00'}"


def _year_month_day(parts: dict[str, str | None]) -> tuple[int, int, int]:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900
    if "first" in parts:
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        return (year, second, first) if first > 12 else (year, first, second)
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else MONTHS.get(month) or MONTHS.get(month[:3])
    if not number:
        raise ValueError(f"no month is called {month!r}")
    return year, number, int(parts.get("day") or 1)


def _time_of_day(clock: re.Match[str] | None) -> tuple[int, int, int]:
    if clock is None:
        return 0, 0, 0
    hour = int(clock["hour"])
    minute, second = (
        int(clock["minute"] or clock["minute_ko"] or 0),
        int(clock["second"] or clock["second_ko"] or 0),
    )
    half = clock["before"] or clock["after"] or ""
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] in "p오" and half != "오전" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no such time of day")
    return hour, minute, min(second, 59)


def _stated_zone(rest: str) -> timedelta | None:
    """The offset in what follows the time: a number if there is one (`GMT+9` is nine hours east), else a name."""
    number = _OFFSET.search(rest)
    if number:
        hours, minutes = int(number["hours"]), int(number["minutes"] or 0)
        if hours > 15 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return offset if number["sign"] == "+" else -offset
    names = (ZONES.get(name) for name in _NAME.findall(rest))
    hours_east = next((hours for hours in names if hours is not None), None)
    return None if hours_east is None else timedelta(hours=hours_east)
