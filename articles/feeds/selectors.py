"""CSS selectors over a page's tree, in time that grows with the page and not with how its elements are nested.

A whole selector as one XPath takes minutes on a page that nests its elements for it: every step walks all below all
that the last one found. So XPath is only asked which elements each compound (`li.item`) fits, and what stands between
the compounds is settled here, in one walk each. Elements are picked, nothing is read of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cssselect
from cssselect import parser
from lxml import etree

LONGEST = 300  # characters
MOST_COMPOUNDS = 16

Join = Callable[[etree._Element, set[etree._Element], dict[etree._Element, bool]], bool]


class UnusableSelector(ValueError):  # noqa: N818 -- named for what an editor gave
    """The selector can't be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that was read: alternatives of (how it is joined to the one before, compound) from left to right."""

    text: str
    alternatives: tuple[tuple[tuple[str, etree.XPath], ...], ...]

    def pick(self, root: etree._Element) -> list[etree._Element]:
        """The elements that it fits, in the page's order."""
        everything = list(root.iter())
        fitting = set[etree._Element]().union(*(_fit(steps, root, everything) for steps in self.alternatives))
        return [element for element in everything if element in fitting] if fitting else []


def read(text: str) -> Selector:
    """Read a selector. Raises UnusableSelector."""
    text = text.strip()
    if not text:
        raise UnusableSelector("there is no selector")
    if len(text) > LONGEST:
        raise UnusableSelector(f"a selector has at most {LONGEST} characters")
    try:
        alternatives = tuple(tuple(_steps(one)) for one in cssselect.parse(text))
    except UnusableSelector:
        raise
    except (cssselect.SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise UnusableSelector(f"the selector can’t be read: {str(error)[:200]}") from error
    if sum(map(len, alternatives)) > MOST_COMPOUNDS:
        raise UnusableSelector(f"a selector has at most {MOST_COMPOUNDS} parts")
    return Selector(text, alternatives)


def _steps(selector: parser.Selector) -> Iterator[tuple[str, etree.XPath]]:
    if selector.pseudo_element:
        raise UnusableSelector("a selector picks elements, not what stands before or in them (::)")
    found: list[tuple[str, etree.XPath]] = []
    tree = selector.parsed_tree
    while isinstance(tree, parser.CombinedSelector):
        found.append((tree.combinator, _compound(tree.subselector)))
        tree = tree.selector
    found.append(("", _compound(tree)))
    yield from reversed(found)


def _compound(tree: parser.Tree) -> etree.XPath:
    if any(isinstance(part, parser.CombinedSelector | parser.Relation) for part in _parts(tree)):
        raise UnusableSelector("a selector within brackets describes one element; :has() is not known here")
    return etree.XPath(f"descendant-or-self::{cssselect.HTMLTranslator().xpath(tree)}")


def _parts(tree: object) -> Iterator[object]:
    yield tree
    inner = [getattr(tree, name, None) for name in ("selector", "subselector", "parsed_tree")]
    for part in [*inner, *(getattr(tree, "selector_list", None) or ())]:
        if part is not None and not isinstance(part, str):
            yield from _parts(part)


def _fit(
    steps: tuple[tuple[str, etree.XPath], ...], root: etree._Element, everything: list[etree._Element]
) -> set[etree._Element]:
    fitting: set[etree._Element] = set()
    for join, compound in steps:
        found = set(compound(root))
        if join and found:
            known: dict[etree._Element, bool] = {}
            joined = {element: JOINS[join](element, fitting, known) for element in everything}
            found = {element for element in found if joined[element]}
        if not found:
            return found
        fitting = found
    return fitting


def _is_below(element: etree._Element, above: set[etree._Element], known: dict[etree._Element, bool]) -> bool:
    """Elements come in the page's order, so what is known of the parent is known by then."""
    parent = element.getparent()
    known[element] = parent is not None and (parent in above or known.get(parent, False))
    return known[element]


def _is_child(element: etree._Element, above: set[etree._Element], _: dict[etree._Element, bool]) -> bool:
    return element.getparent() in above


def _is_next(element: etree._Element, before: set[etree._Element], _: dict[etree._Element, bool]) -> bool:
    return element.getprevious() in before


def _is_after(
    element: etree._Element, before: set[etree._Element], known: dict[etree._Element, bool]
) -> bool:
    sibling = element.getprevious()
    known[element] = sibling is not None and (sibling in before or known.get(sibling, False))
    return known[element]


JOINS: dict[str, Join] = {" ": _is_below, ">": _is_child, "+": _is_next, "~": _is_after}
