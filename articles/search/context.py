"""What a search knows besides its query: the time, the reader, her saved searches, her time zone.

Values only. Must not read the clock or the database: whoever searches fills it in.
"""

import datetime
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field

# Days in a query are days of the newsroom, unless the reader lives elsewhere.
NEWSROOM = zoneinfo.ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is what "7d" is counted back from; without it, a query that needs it is refused with a ValueError.

    `reader` is the key of the person whose marks "is:read", "is:starred" and "note:" look at; without one, nothing is
    read or starred and there are no notes. `saved` are her saved searches by name, as text, for `saved.expand`. `zone`
    says where days begin.
    """

    now: datetime.datetime | None = None
    reader: int | None = None
    saved: Mapping[str, str] = field(default_factory=dict)
    zone: datetime.tzinfo = NEWSROOM
