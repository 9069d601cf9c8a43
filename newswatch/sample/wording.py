"""Writes the dates in a sample article's text relative to the day it was published.

A sample text says `{day -1}` where a journalist would write the date of the day before. The text thereby stays
right whenever the newsroom is first started. Reads no clock: the day of publication is passed in.

    token            Korean                          English
    {day -1}        21일, 지난달 31일, 내년 1월 3일     Nov. 21
    {date -1}       11월 21일                        Nov. 21
    {ahead 5}       오는 27일, 다음 달 3일              Nov. 27
    {month 2}       내년 1월                         January 2027
    {quarter -1}    3분기, 지난해 4분기                the third quarter
    {weekday -1}    토요일                           Saturday
    {year 4}        2030                            2030
    {last_month_end} 지난달 31일                      Oct. 31
"""

import calendar
import datetime
import re

_TOKEN = re.compile(r"\{([a-z_]+)(?: ([+-]?\d{1,4}))?\}")
_KOREAN_WEEKDAYS = "월화수목금토일"
_ENGLISH_MONTHS = (
    "Jan.",
    "Feb.",
    "March",
    "April",
    "May",
    "June",
    "July",
    "Aug.",
    "Sept.",
    "Oct.",
    "Nov.",
    "Dec.",
)
_ORDINALS = ("first", "second", "third", "fourth")


def fill(text: str, *, published: datetime.date, language: str) -> str:
    """`text` with every token replaced by words for a reader of `published`, the local day of publication.

    Raises ValueError for a token that is not in the module's table.
    """
    writers = _KOREAN if language == "ko" else _ENGLISH

    def write(token: re.Match[str]) -> str:
        writer = writers.get(token[1])
        if writer is None:
            raise ValueError(f"unknown date token {token[0]}; known are: {', '.join(sorted(writers))}")
        return writer(published, int(token[2] or 0))

    return _TOKEN.sub(write, text)


def _shift_months(day: datetime.date, months: int) -> datetime.date:
    """The first day of the month that lies `months` away."""
    index = day.year * 12 + day.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)


def _korean_year(year: int, now: int) -> str:
    return {-1: "지난해 ", 0: "", 1: "내년 "}.get(year - now, f"{year}년 ")


def _korean_day(published: datetime.date, days: int) -> str:
    day = published + datetime.timedelta(days=days)
    months = (day.year - published.year) * 12 + day.month - published.month
    if months in (-1, 0, 1):
        return {-1: "지난달 ", 0: "", 1: "다음 달 "}[months] + f"{day.day}일"
    return f"{_korean_year(day.year, published.year)}{day.month}월 {day.day}일"


def _korean_ahead(published: datetime.date, days: int) -> str:
    words = _korean_day(published, days)
    return f"오는 {words}" if words[0].isdigit() else words


def _korean_date(published: datetime.date, days: int) -> str:
    day = published + datetime.timedelta(days=days)
    return f"{day.month}월 {day.day}일"


def _korean_month(published: datetime.date, months: int) -> str:
    month = _shift_months(published, months)
    return f"{_korean_year(month.year, published.year)}{month.month}월"


def _korean_quarter(published: datetime.date, quarters: int) -> str:
    month = _shift_months(published, 3 * quarters)
    return f"{_korean_year(month.year, published.year)}{(month.month + 2) // 3}분기"


def _korean_weekday(published: datetime.date, days: int) -> str:
    return _KOREAN_WEEKDAYS[(published + datetime.timedelta(days=days)).weekday()] + "요일"


def _english_day(published: datetime.date, days: int) -> str:
    day = published + datetime.timedelta(days=days)
    year = "" if day.year == published.year else f", {day.year}"
    return f"{_ENGLISH_MONTHS[day.month - 1]} {day.day}{year}"


def _english_month(published: datetime.date, months: int) -> str:
    month = _shift_months(published, months)
    year = "" if month.year == published.year else f" {month.year}"
    return calendar.month_name[month.month] + year


def _english_quarter(published: datetime.date, quarters: int) -> str:
    month = _shift_months(published, 3 * quarters)
    year = "" if month.year == published.year else f" of {month.year}"
    return f"the {_ORDINALS[(month.month - 1) // 3]} quarter{year}"


def _english_weekday(published: datetime.date, days: int) -> str:
    return calendar.day_name[(published + datetime.timedelta(days=days)).weekday()]


def _korean_last_month_end(published: datetime.date, _: int) -> str:
    return _korean_day(published, -published.day)


def _english_last_month_end(published: datetime.date, _: int) -> str:
    return _english_day(published, -published.day)


def _year(published: datetime.date, years: int) -> str:
    return str(published.year + years)


_KOREAN = {
    "day": _korean_day,
    "date": _korean_date,
    "ahead": _korean_ahead,
    "month": _korean_month,
    "quarter": _korean_quarter,
    "weekday": _korean_weekday,
    "year": _year,
    "last_month_end": _korean_last_month_end,
}
_ENGLISH = {
    "day": _english_day,
    "date": _english_day,
    "ahead": _english_day,
    "month": _english_month,
    "quarter": _english_quarter,
    "weekday": _english_weekday,
    "year": _year,
    "last_month_end": _english_last_month_end,
}
