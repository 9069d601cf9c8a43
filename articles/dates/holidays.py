"""Days with a name: those on a fixed day, on a weekday of a month, and the three of the lunar calendar.

The lunar ones are a table of facts for 2000 to 2040; outside it they have no date here.
"""

from __future__ import annotations

from datetime import date, timedelta

from articles.dates import periods

FIXED = {
    "new_year": (1, 1),
    "valentine": (2, 14),
    "samil": (3, 1),
    "arbor": (4, 5),
    "labour": (5, 1),
    "children": (5, 5),
    "parents": (5, 8),
    "teachers": (5, 15),
    "memorial": (6, 6),
    "constitution": (7, 17),
    "independence_us": (7, 4),
    "liberation": (8, 15),
    "armed_forces": (10, 1),
    "foundation": (10, 3),
    "hangeul": (10, 9),
    "halloween": (10, 31),
    "pepero": (11, 11),
    "christmas_eve": (12, 24),
    "christmas": (12, 25),
}
# month, nth, weekday (0 is Monday), days after it
FLOATING = {
    "thanksgiving": (11, 4, 3, 0),
    "black_friday": (11, 4, 3, 1),
    "cyber_monday": (11, 4, 3, 4),
    "labor_us": (9, 1, 0, 0),
    "king": (1, 3, 0, 0),
    "fathers": (6, 3, 6, 0),
    "mothers": (5, 2, 6, 0),
}
LUNAR_FIRST_YEAR = 2000
LUNAR = {
    "seollal": (
        "0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 0214 0203 0123 0210 "
        "0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0207 "
        "0127 0213 0203 0123 0211 0131 0219 0208 0128 0215 0204 0124 0212 "
    ),
    "chuseok": (
        "0912 1001 0921 0911 0928 0918 1006 0925 0914 1003 0922 0912 0930 0919 "
        "0908 0927 0915 1004 0924 0913 1001 0921 0910 0929 0917 1006 0925 0915 "
        "1003 0922 0912 1001 0919 0908 0927 0916 1004 0924 0913 1002 0921 "
    ),
    "buddha": (
        "0511 0501 0519 0508 0526 0515 0505 0524 0512 0502 0521 0510 0528 0517 "
        "0506 0525 0514 0503 0522 0512 0430 0519 0508 0527 0515 0505 0524 0513 "
        "0502 0520 0509 0528 0516 0506 0525 0515 0503 0522 0511 0430 0518 "
    ),
}


def in_year(name: str, year: int) -> date | None:
    """The day of the holiday in a year, or None where it is not known."""
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in FLOATING:
        month, nth, weekday, after = FLOATING[name]
        found = periods.nth_weekday(periods.month(year, month), nth, weekday)
        return found.start + timedelta(days=after) if found else None
    days = LUNAR.get(name, "").split()
    if not LUNAR_FIRST_YEAR <= year < LUNAR_FIRST_YEAR + len(days):
        return None
    written = days[year - LUNAR_FIRST_YEAR]
    return date(year, int(written[:2]), int(written[2:]))
