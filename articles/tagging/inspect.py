"""The JSON shape in which a recognition is shown to editors and other tools. Stable: tests elsewhere rely on it.

Turns one value into another; reads no input and prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from articles.dates import inspect as date_stage
from articles.tagging import mentions, recognise


def describe(line: Mapping[str, Any], recogniser: recognise.Recogniser) -> dict[str, Any]:
    """What is recognised in one line `{"id", "title", "text", "published", ...}`, as a JSON object.

    Missing or null members count as empty. Raises ValueError for a line that is not an object or whose title or
    text is not a string.
    """
    document = _document(line)
    found = recogniser.recognise(document)
    return {
        "id": line.get("id"),
        "language": found.language,
        "companies": [_company(tag) for tag in found.companies],
        "themes": [_theme(tag) for tag in found.themes],
        "dates": _dates(line, document),
    }


def _dates(line: Mapping[str, Any], document: mentions.Document) -> list[dict[str, Any]]:
    """The dates, with the day of publication to count from; without it there are none."""
    return date_stage.dates(line, document.published) if document.published else []


def _document(line: Mapping[str, Any]) -> mentions.Document:
    if not isinstance(line, Mapping):
        raise ValueError("a JSON object is expected on each line")
    members = {name: date_stage.text_member(line, name) for name in ("title", "text", "url", "source")}
    published = date_stage.publication_time(line.get("published"))
    return mentions.Document(id=str(line.get("id") or ""), published=published, **members)


def _company(tag: mentions.CompanyTag) -> dict[str, Any]:
    return {
        "name": tag.name,
        "aliases": list(tag.aliases),
        "confidence": tag.confidence,
        "evidence": _evidence(tag.mentions),
    }


def _theme(tag: mentions.ThemeTag) -> dict[str, Any]:
    return {"name": tag.name, "score": tag.score, "evidence": _evidence(tag.mentions)}


def _evidence(places: Iterable[mentions.Mention]) -> list[dict[str, Any]]:
    return [{"field": at.field, "start": at.start, "end": at.end, "text": at.text} for at in places]
