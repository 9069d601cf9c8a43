"""Which days are off: weekends and the public holidays of Korea, substitute and election days among them."""

import datetime
import functools

import holidays

COUNTRY = "KR"
SATURDAY = 5


def is_day_off(day: datetime.date) -> bool:
    """Whether nobody is at work on a day."""
    return day.weekday() >= SATURDAY or day in _holidays(day.year)


@functools.lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[datetime.date]:
    # On Labour Day offices are closed; the package counts it with the banks' holidays.
    found = holidays.country_holidays(COUNTRY, years=year, categories=(holidays.PUBLIC, holidays.BANK))
    return frozenset(found)
