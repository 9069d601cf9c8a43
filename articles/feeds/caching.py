"""How long an answer may be called fresh, by its headers (RFC 9111). Pure: headers in, seconds out.

A feed that says "good for ten minutes" need not be asked again before. Must not decide when to ask: schedule.py does.
"""

import contextlib
import datetime
import email.utils
from collections.abc import Mapping


def fresh_s(headers: Mapping[str, str], *, now: datetime.datetime) -> float:
    """Seconds for which the answer stays fresh from `now` on; 0 if its server does not say.

    `headers` have lower-case names. `max-age` counts before `Expires`, and what a cache on the way has
    used up of it (`Age`) is taken off.
    """
    directives = cache_directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    lifetime = seconds(directives.get("max-age", ""))
    if lifetime is not None:
        return max(0.0, lifetime - (seconds(headers.get("age", "")) or 0.0))
    if "max-age" in directives:
        return 0.0
    expires, sent = moment(headers.get("expires", "")), moment(headers.get("date", ""))
    return max(0.0, (expires - (sent or now)).total_seconds()) if expires else 0.0


def cache_directives(value: str) -> dict[str, str]:
    """The directives of a Cache-Control header, lower-case; where one comes twice, the first counts."""
    found: dict[str, str] = {}
    for directive in value[:2000].split(","):
        name, _, argument = directive.strip().partition("=")
        found.setdefault(name.strip().lower(), argument.strip().strip('"'))
    return found


def seconds(text: str) -> float | None:
    """A number of seconds as headers write it; None for anything else."""
    text = text.strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def moment(text: str) -> datetime.datetime | None:
    """A header's date; None for anything else, such as the `0` that servers write for "expired"."""
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        found = email.utils.parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    return None
