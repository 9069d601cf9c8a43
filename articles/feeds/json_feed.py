"""Take the strings out of a JSON Feed (jsonfeed.org, versions 1 and 1.1). Wrong types are read as absent."""

from __future__ import annotations

import html
from typing import Any

import orjson

from articles.feeds import raw, xml_formats


class NotJsonFeed(ValueError):  # noqa: N818 -- it says what the text is, as UnreadableFeed does
    """Not JSON, or JSON of another kind; the message says which."""


def read_feed(text: str) -> raw.RawFeed:
    """Read a JSON Feed. Raises NotJsonFeed."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NotJsonFeed(f"broken JSON: {str(error)[:120]}") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise NotJsonFeed("this is JSON, but not a JSON Feed")
    authors = _authors(document)
    entries = [item for item in items if isinstance(item, dict)]
    problems = [f"{len(items) - len(entries)} items are not objects"] if len(entries) < len(items) else []
    return raw.RawFeed(
        format=_format(document),
        title=_text(document, "title"),
        title_is_literal=True,
        language=_text(document, "language"),
        site_url=_text(document, "home_page_url"),
        self_url=_text(document, "feed_url"),
        hub=_hub(document),
        entries=tuple(_entry(item, authors) for item in entries[: xml_formats.MOST_ENTRIES]),
        problems=tuple(problems),
    )


def _entry(item: dict[str, Any], inherited: tuple[str, ...]) -> raw.RawEntry:
    plain = _text(item, "content_text")
    tags = item.get("tags")
    return raw.RawEntry(
        id=_text(item, "id"),
        url=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        title_is_literal=True,
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        authors=_authors(item) or inherited,
        summary=html.escape(_text(item, "summary"), quote=False),
        content=_text(item, "content_html") or html.escape(plain, quote=False),
        tags=tuple(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip())
        if isinstance(tags, list)
        else (),
    )


def _format(document: dict[str, Any]) -> str:
    version = _text(document, "version").rstrip("/").rpartition("/")[2]
    return (
        f"json-{version if '.' in version else version + '.0'}" if version in ("1", "1.0", "1.1") else "json"
    )


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """`authors` of version 1.1, `author` of version 1; a name, or else an address."""
    listed = holder.get("authors")
    people = [*(listed if isinstance(listed, list) else []), holder.get("author")]
    names = (_text(person, "name") or _text(person, "url") for person in people if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _hub(document: dict[str, Any]) -> str:
    hubs = document.get("hubs")
    listed = hubs if isinstance(hubs, list) else []
    return next((url for hub in listed if isinstance(hub, dict) and (url := _text(hub, "url"))), "")


def _text(holder: dict[str, Any], key: str) -> str:
    """A string; numbers too, since ids are often written as such."""
    value = holder.get(key)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
