"""What the format readers hand over: strings as the feed wrote them, named alike for every format.

Nothing is judged here: dates are unread, titles may hold markup, addresses may be relative to `base`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry. `title_is_literal`: the format promises a title without markup. `bases`: where addresses start."""

    id: str = ""
    url: str = ""
    bases: tuple[str, ...] = ()
    title: str = ""
    title_is_literal: bool = False
    published: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFeed:
    """One feed. `bases` as for entries; `ttl_minutes` is how long it asks to be left alone,
    `skip_hours` (0-23) and `skip_days` (Monday = 0) of UTC are when it asks not to be asked."""

    format: str
    title: str = ""
    title_is_literal: bool = False
    language: str = ""
    site_url: str = ""
    self_url: str = ""
    bases: tuple[str, ...] = ()
    built: str = ""
    hub: str = ""
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    entries: tuple[RawEntry, ...] = ()
    problems: tuple[str, ...] = ()
