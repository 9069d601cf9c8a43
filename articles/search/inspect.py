"""What a query does to documents, in the plain values that `manage.py inspect query` prints.

Must not read or print anything itself: values in, values out.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from articles.search import matches, query


def describe(text: str) -> dict[str, Any]:
    """The first line: the canonical query, or what is wrong with it and where (offset in code points)."""
    try:
        return {"query": query.canonical(query.parse_query(text))}
    except query.QueryError as error:
        return {"error": error.message, "position": error.position}


def describe_document(
    ast: query.Query, values: Mapping[str, Any], *, now: datetime.datetime | None = None
) -> dict[str, Any]:
    """The line of one document: whether it matches and which pieces of which fields make it match.

    Raises ValueError for a document without an id or with a value of the wrong kind.
    """
    document = read_document(values)
    found = matches.matches(ast, matches.prepare(document), now=now)
    return {
        "id": document.id,
        "match": found is not None,
        "spans": [describe_span(document, span) for span in found.spans] if found else [],
    }


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
    names = {"language": "lang"}
    strings = {
        name: _string(values, names.get(name, name))
        for name in ("title", "text", "author", "source", "group", "url", "language")
    }
    return matches.SearchDocument(
        values["id"],
        **strings,
        companies=_strings(values, "companies"),
        themes=_strings(values, "themes"),
        published=_time(_string(values, "published")),
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
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"“{name}” must be a list of strings")
    return tuple(value)


def _time(text: str) -> datetime.datetime | None:
    """A time in ISO 8601; without an offset it is UTC. Raises ValueError."""
    if not text:
        return None
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“published” must be a time in ISO 8601, not “{text}”") from error
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
