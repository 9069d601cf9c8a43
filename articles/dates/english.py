"""The pieces of English time expressions, and which piece may follow which.

Month and day names count with a capital only. Knows words, not calendars. Patterns are bounded as in `korean`.
"""

from __future__ import annotations

import re

from articles.dates import numbers
from articles.dates.korean import constant
from articles.dates.values import Entry, words_of

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_PLAIN_MONTH = (
    r"(?:January|February|April|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
)
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20|21)[0-9]{2}"
_NO_UNIT = r"(?![0-9%]|[.,:/-][0-9]|\s(?:people|units|workers|won|dollars|jobs|cars|percent|tons|MW|GW))"
_COUNT = r"(?:(?:a\s)?(?:few|couple(?:\sof)?)|an?|[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(year|month|week|day|decade)s?"
_DASH = r"\s?[~-]\s?"
_ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th|final)"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}


def _month_number(text: str) -> int:
    found = re.search(_MONTH, text)
    return _MONTHS.index(found.group()[:3]) + 1 if found else 0


def _month_day(text: str) -> tuple[int, int]:
    return _month_number(text), numbers.integers(text)[0]


def _month_day_year(text: str) -> tuple[int, int, int]:
    day, year = numbers.integers(text)
    return year, _month_number(text), day


def _month_year(text: str) -> tuple[int, int]:
    return numbers.integers(text)[-1], _month_number(text)


def _month_days(text: str) -> tuple[int, int, int, int | None] | None:
    first, last, *year = numbers.integers(text)
    return (_month_number(text), first, last, year[0] if year else None) if first < last else None


def _year_pair(text: str) -> tuple[int, int] | None:
    first, last = numbers.integers(text)
    last = last if last > 99 else first // 100 * 100 + last
    return (first, last) if first < last else None


def _nth(text: str) -> int:
    word = re.split(r"[\s-]", text.lower())[0]
    return _ORDINALS.get(word) or int(word[0])


def _relative(text: str) -> int:
    word = text.lower().split()[0]
    return {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0}.get(word, 1)


def spans(text: str) -> tuple[tuple[int, str], ...] | None:
    """The length in a text as ((number, unit),): "two weeks"."""
    found = re.search(rf"({_COUNT})\s+{_UNIT}", text, re.IGNORECASE)
    number = numbers.english(found[1].removesuffix(" of")) if found else None
    if not found or not number:
        return None
    unit = found[2].lower()
    return ((number * 10, "year"),) if unit == "decade" else ((number, unit),)


def _clock(text: str) -> tuple[int, int, int] | None:
    hour, *rest = numbers.integers(text)
    minute = rest[0] if rest else 0
    if "m" in text.lower():
        hour = hour % 12 + (12 if "p" in text.lower() else 0)
    return (hour, minute, 0) if hour < 24 and minute < 60 else None


def _decade(text: str) -> int:
    found = numbers.integers(text)[0]
    return found if found >= 1000 else (2000 + found if found < 30 else 1900 + found)


def _fiscal(text: str) -> int:
    found = numbers.integers(text)[0]
    return found if found > 99 else 2000 + found


def _weekday(text: str) -> int:
    return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(text[:3].lower())


def _season(text: str) -> int:
    return {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}[text.lower()]


def _i(pattern: str) -> str:
    """A pattern whatever the case."""
    return f"(?i:{pattern})"


def _entries() -> list[Entry]:
    past, coming = r"(?:last|past|previous)", r"(?:next|coming)"
    direction = r"(?:last|previous|past|this|current|next|coming)"
    return [
        ("prep_end", _i(r"by\s+"), constant(True)),
        ("prep_day", _i(r"(?:on|at)\s+"), constant(None)),
        ("prep", _i(r"(?:in|until|till|since|from|during|before|after|through|between|for|over|as\sof)\s+"), constant(None)),
        ("the", _i(r"the\s+"), constant(None)),
        ("lately", _i(rf"{past}\s+{_COUNT}\s+{_UNIT}\b"), spans),
        ("coming", _i(rf"{coming}\s+{_COUNT}\s+{_UNIT}\b"), spans),
        ("lately", _i(rf"{past}\s+decade\b"), constant(((10, "year"),))),
        ("coming", _i(rf"{coming}\s+decade\b"), constant(((10, "year"),))),
        ("ago", _i(rf"{_COUNT}\s+{_UNIT}\s+ago\b"), spans),
        ("ago", _i(r"(?:a|one)\s+year\s+(?:earlier|before)\b"), spans),
        ("later", _i(rf"{_COUNT}\s+{_UNIT}\s+from\s+now\b"), spans),
        ("within", _i(rf"within\s+{_COUNT}\s+{_UNIT}\b"), spans),
        ("year_rel", _i(rf"{direction}\s+(?:fiscal\s+)?year\b"), _relative),
        ("month_rel", _i(rf"{direction}\s+month\b"), _relative),
        ("week_rel", _i(rf"{direction}\s+week\b"), _relative),
        ("weekend_rel", _i(rf"{direction}\s+weekend\b"), _relative),
        ("quarter_rel", _i(rf"{direction}\s+quarter\b"), _relative),
        ("of_year", _i(r"of\s+the\s+year\b|the\s+year\b"), constant(0)),
        ("dir_last", _i(r"(?:last|previous)\s+"), constant(-1)),
        ("dir", _i(r"this\s+past\s+"), constant(-1)),
        ("dir_this", _i(r"this\s+(?:coming\s+)?"), constant(0)),
        ("dir_next", _i(r"(?:next|coming|upcoming)\s+"), constant(1)),
        ("ymd", rf"{_YEAR}([./-])(?:1[0-2]|0?[1-9])\1{_DAY}(?![0-9/-])", lambda text: tuple(numbers.integers(text))),
        ("month_days", rf"{_MONTH}\s{_DAY}{_DASH}{_DAY}(?:,?\s{_YEAR}\b)?(?![0-9])", _month_days),
        ("ymd", rf"{_MONTH}\s{_DAY},?\s{_YEAR}\b", _month_day_year),
        ("ymd", rf"{_DAY}\s(?:of\s)?{_MONTH},?\s{_YEAR}\b", _month_day_year),
        ("md", rf"{_MONTH}\s{_DAY}(?![0-9]|\s?%|[.,:][0-9])", _month_day),
        ("md", rf"{_DAY}\s(?:of\s)?{_MONTH}\b", _month_day),
        ("ym", rf"{_MONTH},?\s(?:of\s)?{_YEAR}\b", _month_year),
        ("month", rf"{_PLAIN_MONTH}(?![a-z])", _month_number),
        ("spoken_month", r"(?:March|May)\b(?!\s[A-Z])", _month_number),
        ("years", rf"{_YEAR}{_DASH}(?:{_YEAR}|[0-9]{{2}})(?![0-9%/-])", _year_pair),
        ("decade", rf"(?:{_YEAR[:-6]}[0-9]0|'[0-9]0)s\b", _decade),
        ("half_year", r"[12]H\s?(?:20)?[0-9]{2}\b", lambda text: (2000 + int(text[-2:]), int(text[0]))),
        ("quarter_year", r"[1-4]Q\s?(?:20)?[0-9]{2}\b", lambda text: (2000 + int(text[-2:]), int(text[0]))),
        ("quarter", r"(?:Q[1-4]|[1-4]Q)(?![0-9A-Za-z])", lambda text: numbers.integers(text)[0]),
        ("quarter", _i(rf"{_ORDINAL}[\s-]quarter\b"), _nth),
        ("half", r"(?:H[12]|[12]H)(?![0-9A-Za-z])", lambda text: numbers.integers(text)[0]),
        ("half", _i(r"(?:first|second)[\s-]half\b"), _nth),
        ("year", r"(?:FY\s?'?|(?i:fiscal(?:\syear)?)\s)(?:20[0-9]{2}|[0-9]{2})\b", _fiscal),
        ("plain_year", rf"{_YEAR}{_NO_UNIT}(?![A-Za-z])", int),
        ("part", _i(r"(?:early|the\s(?:beginning|start)\sof|(?:beginning|start)\sof)[\s-]+(?:the\s(?!year\b))?"), constant("early")),
        ("part", _i(r"(?:mid|the\smiddle\sof)[\s-]+(?:the\s(?!year\b))?"), constant("mid")),
        ("yearpart", _i(r"year(?:-|['’]s\s)end\b(?!-|\s(?:(?:19|20)[0-9]|bonus|sale|part(?:y|ies)|list|tax|review|rally|gift|holiday))"), constant("late")),
        ("part", _i(r"(?:late|the\send\sof|end\sof|year-end)[\s-]+(?:the\s(?!year\b))?"), constant("late")),
        ("season", _i(r"(?:spring|summer|autumn|fall|winter)\b"), _season),
        ("weekday", r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?!s)\b", _weekday),
        ("day_rel", _i(r"(?:today|tonight)\b(?!'s|’s)"), constant(0)),
        ("day_rel", _i(r"yesterday\b"), constant(-1)),
        ("day_rel", _i(r"tomorrow\b"), constant(1)),
        ("clock", r"[0-9]{1,2}(?::[0-5][0-9])?\s?(?:[ap]\.m\.|(?i:[ap]m)\b)", _clock),
        ("clock", r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?![0-9:])", _clock),
        ("holiday", r"Christmas(?:\sDay)?", constant("christmas")),
        ("holiday", r"Thanksgiving", constant("thanksgiving")),
        ("holiday", r"Black\sFriday", constant("black_friday")),
        ("holiday", r"Cyber\sMonday", constant("cyber_monday")),
        ("holiday", r"New\sYear's\sDay", constant("new_year")),
        ("holiday", r"Labor\sDay", constant("labor_us")),
        ("holiday", r"Independence\sDay", constant("independence_us")),
    ]  # fmt: skip


LANGUAGE = "en"
LEXICON = _entries()
# What may stand between two pieces.
GLUE = re.compile(r"(?:'s\s|,?\s{1,2}(?:(?:of|at|in|on)\s(?!the\syear)(?:the\s)?)?)?")

_OPENERS = (
    rf"(?:{_MONTH}(?:\b|(?<=\.))|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{_DAY}\s(?:of\s)?{_MONTH}|{_YEAR}|FY|Q[1-4]|[1-4]Q|H[12]|[12]H"
    r"|[0-9]{1,2}(?::[0-5][0-9])?\s?[apAP]\.?[mM]|[0-9]{2}:|[0-9]{1,3}\s(?:year|month|week|day|decade)|'[0-9]0s"
    r"|(?i:last|past|previous|this|current|next|coming|upcoming|early|mid|late|beginning|start|end|middle|year-end|year['’]s\send|fiscal|first|second|third"
    r"|fourth|1st|2nd|3rd|4th|final|today|tonight|yesterday|tomorrow|within|the\syear|spring|summer|autumn|fall|winter"
    r"|(?:an?|a\sfew|a\scouple\sof|few|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s(?:year|month|week|day|decade))"
    r"|Christmas|Thanksgiving|Black|Cyber|New\sYear's|Labor|Independence)"
)
FIRST_LETTERS = "0-9'A-Za-z"
# What every expression begins with: a cheap look at each word before the lexicon is tried on the few that pass.
OPENINGS = (
    r"(?:(?:(?i:in|on|at|by|until|till|since|from|during|before|after|through|between|for|over|as\sof)\s{1,2})?(?:(?i:the)\s)?"
    rf"{_OPENERS})"
)

_DATED = words_of(
    "ymd month_days md ym month years decade quarter quarter_year half_year half year part weekday holiday year_rel month_rel "
    "week_rel weekend_rel quarter_rel lately coming ago yearpart"
)
STARTS = _DATED | words_of(
    "prep prep_end prep_day the dir dir_last dir_this dir_next later within day_rel clock"
)
_AFTER_PREP = _DATED | words_of("the dir dir_last dir_this dir_next plain_year spoken_month season day_rel")
_YEARS = words_of("plain_year year year_rel of_year")
_TIMES = words_of("clock")
FOLLOWS: dict[str, frozenset[str]] = {
    "prep": _AFTER_PREP,
    "prep_end": _AFTER_PREP,
    "prep_day": words_of("the weekday dir dir_last dir_this dir_next md ymd month_days holiday clock"),
    "the": words_of("quarter half part decade season lately coming ymd md year_rel weekend_rel quarter_rel"),
    "dir": words_of("month spoken_month weekday season holiday md"),
    "dir_last": words_of("month spoken_month weekday season holiday md"),
    "dir_this": words_of("month spoken_month weekday season holiday md"),
    "dir_next": words_of("month spoken_month weekday season holiday md"),
    "part": words_of(
        "plain_year year month spoken_month ym decade year_rel month_rel week_rel of_year quarter_rel"
    ),
    "quarter": _YEARS,
    "half": _YEARS,
    "season": _YEARS,
    "holiday": _YEARS,
    "weekday": words_of("md ymd clock"),
    "md": _TIMES,
    "ymd": _TIMES,
    "day_rel": _TIMES,
    "year_rel": words_of("quarter half"),
    "month": words_of("year_rel"),
    "clock": words_of("weekday day_rel md ymd"),
}
# Kinds that only lead to a date and are left out of its text.
LEADS = words_of("prep prep_end prep_day the")
