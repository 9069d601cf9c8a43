"""The JSON shape in which stories are shown to editors and other tools. Stable: tests elsewhere rely on it.

Turns values into others; reads no input and prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from articles.dates import inspect as date_stage
from articles.stories import window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def describe(lines: Iterable[Mapping[str, Any] | ValueError]) -> list[dict[str, Any]]:
    """Of each line `{"id", "title", "text", "published", "source"}` its story, all placed together, in the order given.

    A line that can't be read, which may come as the error that says why, is {"error": ...} in its place. Missing
    titles and texts count as empty. A time that is missing or can't be read is taken for the latest of the others.
    """
    read = [_attempt(line) for line in lines]
    documents = _dated([one for one in read if isinstance(one, window.Document)])
    placed = {one.id: one for one in window.Window().place(documents)}
    return [_answer(one, placed) for one in read]


def _attempt(line: Mapping[str, Any] | ValueError) -> window.Document | ValueError:
    if isinstance(line, ValueError):
        return line
    try:
        return _document(line)
    except ValueError as error:
        return error


def _document(line: Mapping[str, Any]) -> window.Document:
    id = line.get("id")
    if not isinstance(id, int | str) or isinstance(id, bool):
        raise ValueError("id is missing, or neither a string nor a whole number")
    title, text, source = (date_stage.text_member(line, name) for name in ("title", "text", "source"))
    return window.Document(id, title, text, _time(line.get("published")), source)


def _time(value: object) -> datetime:
    """The publication time, the epoch if there is none. One without a zone is taken for UTC."""
    if not isinstance(value, str):
        return EPOCH
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return EPOCH


def _dated(documents: Sequence[window.Document]) -> list[window.Document]:
    latest = max((one.published for one in documents), default=EPOCH)
    return [
        window.Document(one.id, one.title, one.text, latest, one.outlet) if one.published == EPOCH else one
        for one in documents
    ]


def _answer(
    one: window.Document | ValueError, placed: Mapping[window.Id, window.Placement]
) -> dict[str, Any]:
    if isinstance(one, ValueError):
        return {"error": str(one)}
    found = placed[one.id]
    return {"id": one.id, "story": found.story, "near_duplicate_of": found.near_duplicate_of}
