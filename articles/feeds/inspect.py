"""A feed as the JSON object an editor sees when asking what was read of it. Nothing is stored, no clock is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from articles.feeds import parse


def describe(data: bytes, *, url: str = "", content_type: str = "") -> dict[str, Any]:
    """What `parse.parse_feed` makes of `data`, with times in ISO 8601 UTC or None. Raises parse.UnreadableFeed."""
    feed = parse.parse_feed(data, url=url, content_type=content_type)
    return {
        "format": feed.format,
        "title": feed.title,
        "language": feed.language,
        "encoding": feed.encoding,
        "problems": list(feed.problems),
        "entries": [_entry(entry) for entry in feed.entries],
    }


def _entry(entry: parse.Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "published": _iso(entry.published),
        "updated": _iso(entry.updated),
        "authors": list(entry.authors),
        "summary": entry.summary,
        "content": entry.content,
        "tags": list(entry.tags),
    }


def _iso(at: datetime | None) -> str | None:
    if at is None:
        return None
    text = at.astimezone(UTC).isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")
