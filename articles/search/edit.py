"""Changes to a query that a page offers at a click: one thing more, one thing less, what each part alone would find.

Text and trees in, text and trees out. Where a part is added, what the reader typed stays as she typed it.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.search import query

# What is being typed at the end of a query: a field and the beginning of its value, or the beginning of a word.
_OPEN = re.compile(
    r"""(?:^|(?<=[\s(|:=~!-]))(?:(?P<field>[^\W\d_]+)[:：])?(?P<quote>["“”]?)(?P<typed>[^"“”():：|]*)$"""
)


@dataclass(frozen=True, slots=True)
class Open:
    """What is being typed: the text before it, the field as it was typed, and the value's beginning."""

    before: str
    field: str
    typed: str


def parts(tree: query.Query) -> tuple[query.Query, ...]:
    """What must all be true of what the query finds."""
    return tree.children if isinstance(tree, query.And) else (tree,)


def has_part(tree: query.Query, part: query.Query) -> bool:
    """Whether the query asks for just this, and maybe for more."""
    return part in parts(tree)


def with_part(text: str, part: query.Query) -> str:
    """The query with one thing more. A period takes the place of the period before. Raises QueryError."""
    tree = query.parse_query(text)
    if has_part(tree, part):
        return text
    before = [other for other in parts(tree) if _is_of_publication(other)]
    if before and _is_of_publication(part):
        rest = [other for other in parts(tree) if other not in before]
        return query.canonical(query.conjunction([*rest, part]))
    text = text.strip()
    enclosed = f"({text})" if isinstance(tree, query.Or) else text
    return f"{enclosed} {query.canonical(part)}"


def _is_of_publication(part: query.Query) -> bool:
    return isinstance(part, query.When) and part.field == "published"


def without_part(text: str, part: query.Query) -> str:
    """The query without it; empty if nothing is left that must be there. Raises QueryError."""
    return without(query.parse_query(text), part)


def without(tree: query.Query, part: query.Query) -> str:
    """The same of a query's tree."""
    left = [other for other in parts(tree) if other != part]
    if not left:
        return ""
    rest = query.conjunction(left)
    return query.canonical(rest) if query.requires_something(rest) else ""


def wanted(tree: query.Query) -> Iterator[query.Query]:
    """All that the query hopes to find, without what it excludes: what is shown in a text that matches."""
    match tree:
        case query.And(children) | query.Or(children):
            for child in children:
                yield from wanted(child)
        case query.Not():
            return
        case _:
            yield tree


def tagged(field: str, name: str) -> query.Attribute:
    """What asks for a company, a theme, a language or, in full, a source. Quotation marks can't be asked for."""
    return query.Attribute(field, " ".join(name.replace('"', " ").split()), "is")


def within(first: datetime.date, last: datetime.date) -> query.Query:
    """What asks for articles published from the first day to the last."""
    return query.parse_query(f"published:{first}..{last}")


def being_typed(text: str) -> Open | None:
    """What stands open at the end of a query; None where nothing is begun."""
    found = _OPEN.search(text)
    if found is None or not (found["typed"].strip() or found["field"]):
        return None
    typed = found["typed"]
    if not found["field"]:
        if found["quote"]:
            return None
        # Outside quotation marks a space ends a word.
        typed = typed.rpartition(" ")[2].lstrip("-!=~")
        if not typed:
            return None
        return Open(text[: len(text) - len(typed)], "", typed)
    return Open(text[: found.start()], found["field"] or "", typed.strip())
