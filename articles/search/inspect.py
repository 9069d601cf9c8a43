"""What a query does to documents, in the plain values that `manage.py inspect query` prints.

Must not read or print anything itself: values in, values out.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from articles.search import explain, fields, matches, query, saved
from articles.search.context import Context


def describe(text: str) -> dict[str, Any]:
    """The first line: the canonical query, or what is wrong with it and where (offset in code points)."""
    try:
        ast = query.parse_query(text)
        saved.expand(ast, {})
        return {"query": query.canonical(ast)}
    except query.QueryError as error:
        return {"error": error.message, "position": error.position}


def describe_document(
    ast: query.Query,
    values: Mapping[str, Any],
    *,
    now: datetime.datetime | None = None,
    explaining: bool = False,
) -> dict[str, Any]:
    """The line of one document: whether it matches and which pieces of which fields make it match.

    `explaining` adds the same for each part of the query. Raises ValueError for a document without an id or with a
    value of the wrong kind.
    """
    document = read_document(values)
    prepared = matches.prepare(document)
    found = matches.matches(ast, prepared, now=now)
    line: dict[str, Any] = {
        "id": document.id,
        "match": found is not None,
        "spans": [describe_span(document, span) for span in found.spans] if found else [],
    }
    if explaining:
        line["explain"] = describe_part(document, explain.explain(ast, prepared, Context(now)))
    return line


def describe_part(document: matches.SearchDocument, part: explain.Part) -> dict[str, Any]:
    """A part of the query, with the parts it is made of."""
    line = {
        "part": part.text,
        "kind": part.kind,
        "match": part.matched,
        "spans": [describe_span(document, span) for span in part.spans],
    }
    if part.parts:
        line["parts"] = [describe_part(document, one) for one in part.parts]
    return line


def describe_span(document: matches.SearchDocument, span: matches.Span) -> dict[str, Any]:
    """A span with its text."""
    text: str = getattr(document, span.field)
    return {"field": span.field, "start": span.start, "end": span.end, "text": text[span.start : span.end]}


def read_document(values: Mapping[str, Any]) -> matches.SearchDocument:
    """A document from its JSON object; all but `id` may be missing or null. Raises ValueError."""
    if not isinstance(values, Mapping):
        raise ValueError("a document is a JSON object")
    if not isinstance(values.get("id"), str | int):
        raise ValueError("a document needs an id, a string or a number")
    return matches.SearchDocument(
        values["id"],
        title=_string(values, "title"),
        text=_string(values, "text"),
        author=_string(values, "author"),
        source=_string(values, "source"),
        group=_string(values, "group"),
        url=_string(values, "url"),
        language=_string(values, "lang"),
        companies=_strings(values, "companies"),
        themes=_strings(values, "themes"),
        published=_time(values, "published"),
        subthemes=_strings(values, "subthemes"),
        above={name: _names(names) for name, names in _pairs(values, "above")},
        confidences={name: _number(one) for name, one in _pairs(values, "confidences")},
        regions=_regions(values),
        people=_strings(values, "people"),
        story=_story(values),
        outlets=int(_number(values.get("outlets") or 1)),
        states=_strings(values, "states"),
        note=_string(values, "note"),
        seen=_time(values, "seen"),
        changed=_time(values, "changed"),
        events=_events(values),
    )


def _string(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"“{name}” must be a string")
    return value


def _strings(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = values.get(name)
    return () if value is None else _names(value, name)


def _names(value: Any, name: str = "above") -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"“{name}” must be a list of strings")
    return tuple(value)


def _pairs(values: Mapping[str, Any], name: str) -> Iterable[tuple[str, Any]]:
    value = values.get(name) or {}
    if not isinstance(value, dict):
        raise ValueError(f"“{name}” must be an object")
    return value.items()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("“outlets” and “confidences” must be numbers")
    return float(value)


def _story(values: Mapping[str, Any]) -> str:
    value = values.get("story")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(values, "story")


def _regions(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = values.get("regions") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError("“regions” must be a list of objects with kind and text")
    return tuple(
        (kind, _string(one, "text")) for one in found if (kind := _string(one, "kind")) in fields.REGIONS
    )


def _events(values: Mapping[str, Any]) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """Days in ISO 8601, each alone or as first and last."""
    found = values.get("events") or []
    try:
        days = [[one] if isinstance(one, str) else one for one in found]
        return tuple(
            (datetime.date.fromisoformat(both[0]), datetime.date.fromisoformat(both[-1])) for both in days
        )
    except (TypeError, ValueError, IndexError) as error:
        raise ValueError("“events” must be a list of days, or of pairs of days, in ISO 8601") from error


def _time(values: Mapping[str, Any], name: str) -> datetime.datetime | None:
    """A time in ISO 8601; without an offset it is UTC. Raises ValueError."""
    text = _string(values, name)
    if not text:
        return None
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{name}” must be a time in ISO 8601, not “{text}”") from error
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
