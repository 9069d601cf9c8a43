"""Rules for the pages of one outlet, as its editors write them: a rule a line, the first that fits a text decides.

    # since the new layout of May                      a note
    body: #news_body_area                              the element that holds the article; the rest is not its body
    keep: .interview_box                               is body, whatever it is called
    drop: .vote                                        is not the article's: kept as a notice
    caption: .photo_desc                               what the element holds is of this kind (clean.KINDS)
    related if line starts with: ▶ 관련               a line of the page is of this kind
    promotion from line is: 많이 본 기사               ... and what would be body behind it too
    field published: .date em                          title, published, byline or section stand there
    field published: meta[name=pubtime] @content       ... in an attribute

A line fits if it contains, starts with, ends with, is, or matches: the last by RE2, whose time grows with the line and
not with the pattern. Rules make no general rule invalid: where none fits, the page is read as if there were none, and
inside the body's element captions and copyright lines are still told apart. Must not raise for what a page holds.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import re2
from lxml import etree

from articles.feeds import selectors
from articles.pages import blocks, choose, clean

LONGEST = 20_000  # characters of all rules of an outlet
MOST = 150  # rules
LONGEST_VALUE = 300  # characters
# Memory of a compiled pattern, in bytes; RE2 refuses what needs more.
PATTERN_MEMORY = 1 << 20
# With more siblings than this, :nth-child() and its like are not asked: they count siblings for each sibling.
MOST_SIBLINGS = 1500
# Elements that all selectors together look at on a page, each part of a selector at every element: some two seconds.
MOST_LOOKS = 2_000_000
FIELDS = ("title", "published", "byline", "section")
LONGEST_FIELD = 500

CONTAINER, KEEP, DROP, FIELD = "body", "keep", "drop", "field"
_TEXT = re.compile(r":contains\(", re.IGNORECASE)
_POSITION = re.compile(r":(?:nth|first|last|only)-", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"^(.*\S)\s+@([\w:-]{1,60})$")
# What `body:` says outweighs these of the element and of all around it.
_NAMING = ("class", "id", "role", "style", "hidden", "data-component", "data-testid")
_NAMING_TAGS = frozenset({"aside", "figure", "footer", "form", "menu", "nav"})
_KEPT_TAGS = frozenset({"time"})

NO_COLON = "There is no colon. Write what it is, a colon and where it stands, like this: caption: .photo-text"
NO_VALUE = "Say behind the colon what to look for."
UNKNOWN = "“%(given)s” is no kind of text. Use one of these: %(known)s."
MISSPELT = "“%(given)s” is no kind of text. Did you mean “%(guess)s”?"
UNKNOWN_FORM = "“%(given)s” is not understood. Write it like this: caption if line starts with: ▲"
UNKNOWN_TEST = (
    "“%(given)s” is no way to look at a line. Use contains, starts with, ends with, is or matches, "
    "like this: caption if line starts with: ▲"
)
UNKNOWN_FIELD = (
    "“%(given)s” is no field. Use title, published, byline or section, like this: field byline: .name"
)
BAD_SELECTOR = "The selector “%(given)s” can’t be used: %(why)s."
NO_TEXT = (
    "A selector can’t look at text. For lines that say something write it like this: "
    "caption if line contains: …"
)
BAD_PATTERN = (
    "The pattern “%(given)s” can’t be read: %(why)s. "
    "To look for the text itself, use contains instead of matches."
)
FITS_ALL = "“%(given)s” would fit nearly every line. Say at least two characters."
TOO_LONG = "What stands behind the colon has more than 300 characters. Shorten it."
TOO_MANY = (
    "An outlet has at most 150 rules. Join some: selectors can stand beside each other, parted by commas."
)
TOO_MUCH = "The rules of an outlet have at most 20,000 characters together. Shorten the notes."


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is no rule and how to mend it: a sentence with named places, and what stands there."""

    line: int  # counted from 1; 0 is the whole
    sentence: str
    given: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.given


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What the elements of a selector hold is of a kind; CONTAINER says that they hold the article."""

    line: int
    kind: str
    selector: selectors.Selector


@dataclass(frozen=True, slots=True)
class LineRule:
    """Lines that pass a test are of a kind; `onwards` says that what would be body behind them is too."""

    line: int
    kind: str
    fits: Callable[[str], bool]
    onwards: bool = False


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field is the text of the first element that has some, or its attribute."""

    line: int
    name: str
    selector: selectors.Selector
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an outlet, each kind in the order it was written."""

    elements: tuple[ElementRule, ...] = ()
    lines: tuple[LineRule, ...] = ()
    fields: tuple[FieldRule, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def numbers(self) -> list[int]:
        """The lines of the editor's text that are rules."""
        every: tuple[Rule, ...] = (*self.elements, *self.lines, *self.fields)
        return sorted(rule.line for rule in every)


Rule = ElementRule | LineRule | FieldRule
NONE = Rules()


class UnusableRule(ValueError):  # noqa: N818 -- named for what an editor gave
    """A line is no rule; carries a sentence and what stands in its places."""

    def __init__(self, sentence: str, **given: str) -> None:
        super().__init__(sentence % given)
        self.sentence, self.given = sentence, given


def parse(text: str) -> tuple[Rules, tuple[Problem, ...]]:
    """The rules that can be read, and what is wrong with the other lines. Never raises."""
    if len(text) > LONGEST:
        return NONE, (Problem(0, TOO_MUCH),)
    found: list[Rule] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        shown = blocks.squeeze(line)
        if not shown or shown.startswith("#"):
            continue
        if len(found) >= MOST:
            problems.append(Problem(number, TOO_MANY))
            break
        try:
            found.append(_rule(number, shown))
        except UnusableRule as error:
            problems.append(Problem(number, error.sentence, error.given))
    return _sorted(found), tuple(problems)


def _sorted(found: Sequence[Rule]) -> Rules:
    return Rules(
        tuple(rule for rule in found if isinstance(rule, ElementRule)),
        tuple(rule for rule in found if isinstance(rule, LineRule)),
        tuple(rule for rule in found if isinstance(rule, FieldRule)),
    )


def _rule(number: int, line: str) -> Rule:
    """Raises UnusableRule."""
    head, colon, value = (part.strip() for part in line.partition(":"))
    words = head.casefold().split()
    if not colon or not words:
        raise UnusableRule(NO_COLON)
    if words[0] != FIELD:
        _check_kind(words)
    if not value:
        raise UnusableRule(NO_VALUE)
    if len(value) > LONGEST_VALUE:
        raise UnusableRule(TOO_LONG)
    if words[0] == FIELD:
        return _field_rule(number, words[1:], value)
    if len(words) == 1:
        kind = "notice" if words[0] == DROP else words[0]
        return ElementRule(number, kind, _selector(value))
    if len(words) < 3 or words[1] not in {"if", "from"} or words[2] != "line":
        raise UnusableRule(UNKNOWN_FORM, given=head)
    kind = {KEEP: "body", DROP: "notice"}.get(words[0], words[0])
    return LineRule(number, kind, _test(" ".join(words[3:]), value), onwards=words[1] == "from")


def _check_kind(words: Sequence[str]) -> None:
    known = (*clean.KINDS, KEEP, DROP, FIELD)
    if words[0] in known:
        return
    guess = difflib.get_close_matches(words[0], known, n=1)
    if guess:
        raise UnusableRule(MISSPELT, given=words[0][:60], guess=guess[0])
    raise UnusableRule(UNKNOWN, given=words[0][:60], known=", ".join(known))


def _field_rule(number: int, names: Sequence[str], value: str) -> FieldRule:
    if len(names) != 1 or names[0] not in FIELDS:
        raise UnusableRule(UNKNOWN_FIELD, given=" ".join(names)[:60])
    found = _ATTRIBUTE.match(value)
    selector, attribute = (found[1], found[2]) if found else (value, "")
    return FieldRule(number, names[0], _selector(selector), attribute.lower())


def _selector(text: str) -> selectors.Selector:
    if _TEXT.search(text):
        raise UnusableRule(NO_TEXT)
    try:
        return selectors.read(text)
    except selectors.UnusableSelector as error:
        raise UnusableRule(BAD_SELECTOR, given=text, why=str(error)) from error


def _test(name: str, value: str) -> Callable[[str], bool]:
    """Whether a line fits; letters' case doesn't matter except to a pattern."""
    wanted = value.casefold()
    tests: dict[str, Callable[[str], bool]] = {
        "contains": lambda line: wanted in line.casefold(),
        "starts with": lambda line: line.casefold().startswith(wanted),
        "ends with": lambda line: line.casefold().endswith(wanted),
        "is": lambda line: line.casefold() == wanted,
    }
    if name == "matches":
        return _pattern_test(value)
    if name not in tests:
        raise UnusableRule(UNKNOWN_TEST, given=name[:60])
    if name == "contains" and len(wanted) < 2:
        raise UnusableRule(FITS_ALL, given=value)
    return tests[name]


def _pattern_test(pattern: str) -> Callable[[str], bool]:
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0] if error.args else ""
        words = why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)
        raise UnusableRule(BAD_PATTERN, given=pattern, why=words) from error
    return lambda line: compiled.search(line) is not None


class OnPage:
    """Rules on one page, and the lines of those that fitted (`used`).

    To be made before the page's blocks are: elements that a rule names stand as blocks of their own from then on, and
    what the body's element and those around it are called is taken off them.
    """

    def __init__(self, rules: Rules, root: blocks.Element | None) -> None:
        self.rules = rules
        self.used: set[int] = set()
        self._fields: dict[str, str] = {}
        self._kinds: dict[blocks.Element, ElementRule] = {}
        self._bodies: dict[blocks.Element, int] = {}
        if root is not None and len(rules):
            self._look(root)

    def _look(self, root: blocks.Element) -> None:
        eye = _Eye(root)
        picked = [(rule, eye.pick(rule.selector)) for rule in self.rules.elements]
        for one in self.rules.fields:
            if one.name not in self._fields and (text := _first_text(one, eye.pick(one.selector))):
                self._fields[one.name] = text
                self.used.add(one.line)
        for rule, elements in picked:
            for element in elements:
                if rule.kind == CONTAINER:
                    self._bodies.setdefault(element, rule.line)
                else:
                    self._kinds.setdefault(element, rule)
        for element in (*self._bodies, *self._kinds):
            _stand(element)
        for element in self._bodies:
            for each in (element, *element.iterancestors()):
                _take_names_off(each)

    def field(self, name: str) -> str:
        """What the rules say a field is; "" where they don't."""
        return self._fields.get(name, "")

    def place(self, placed: Sequence[choose.Placed]) -> tuple[choose.Placed, ...]:
        """The page's blocks with the kinds that the rules give to their elements, and with their body."""
        bodies = [self._body_line(each.block) for each in placed]
        self.used.update(line for line in bodies if line)
        inside = [each.inside for each in placed] if not any(bodies) else [bool(line) for line in bodies]
        return tuple(self._placed(each, within) for each, within in zip(placed, inside, strict=True))

    def _body_line(self, block: blocks.Block) -> int:
        return next((self._bodies[each] for each in block.ancestors if each in self._bodies), 0)

    def _placed(self, placed: choose.Placed, inside: bool) -> choose.Placed:
        rules = [self._kinds[each] for each in placed.block.ancestors if each in self._kinds]
        if not rules:
            return choose.Placed(placed.block, placed.hint, inside)
        rule = min(rules, key=lambda rule: rule.line)
        self.used.add(rule.line)
        if rule.kind == KEEP:
            return choose.Placed(placed.block, "body", True)
        return choose.Placed(placed.block, rule.kind, inside)

    def relabel(self, regions: Sequence[clean.Region]) -> tuple[clean.Region, ...]:
        """The regions with the kinds that the rules give to their lines; no line is lost."""
        if not self.rules.lines:
            return tuple(regions)
        return tuple(self._relabelled(regions))

    def _relabelled(self, regions: Sequence[clean.Region]) -> Iterator[clean.Region]:
        behind = ""
        for region in regions:
            kinds: list[tuple[str, list[str]]] = []
            for line in region.text.splitlines():
                rule = self._fitting(line)
                if rule is not None and rule.onwards:
                    behind = rule.kind
                kind = rule.kind if rule else behind if behind and region.kind == "body" else region.kind
                if kinds and kinds[-1][0] == kind:
                    kinds[-1][1].append(line)
                else:
                    kinds.append((kind, [line]))
            yield from (clean.Region(kind, "\n".join(lines)) for kind, lines in kinds)

    def _fitting(self, line: str) -> LineRule | None:
        shown = blocks.squeeze(line)
        rule = next((rule for rule in self.rules.lines if rule.fits(shown)), None)
        if rule is not None:
            self.used.add(rule.line)
        return rule


class _Eye:
    """Picks elements of a page as long as that takes no long time; then, and where it would, it picks none."""

    def __init__(self, root: blocks.Element) -> None:
        sizes = [len(element) for element in root.iter()]
        self.root, self.size, self.wide = root, len(sizes), max(sizes) > MOST_SIBLINGS
        self.looks = 0

    def pick(self, selector: selectors.Selector) -> list[blocks.Element]:
        """The elements of a selector."""
        by_position = _POSITION.search(selector.text) is not None
        self.looks += self.size * sum(map(len, selector.alternatives)) * (8 if by_position else 1)
        if (by_position and self.wide) or self.looks > MOST_LOOKS:
            return []
        try:
            return selector.pick(self.root)
        except (etree.XPathError, RecursionError):
            return []


def _first_text(rule: FieldRule, elements: Sequence[blocks.Element]) -> str:
    for element in elements[:20]:
        raw = element.get(rule.attribute, "") if rule.attribute else _text_of(element)
        if text := blocks.squeeze(raw[:LONGEST_FIELD]):
            return text
    return ""


def _text_of(element: blocks.Element) -> str:
    pieces, size = [], 0
    for text in element.itertext():
        pieces.append(str(text))
        size += len(text)
        if size > 4 * LONGEST_FIELD:
            break
    return blocks.squeeze("".join(pieces))


def _stand(element: blocks.Element) -> None:
    """Make an inline element a block."""
    tag = element.tag
    if isinstance(tag, str) and tag not in blocks.BLOCK_TAGS | blocks.SKIPPED_TAGS | _KEPT_TAGS:
        element.tag = "div"


def _take_names_off(element: blocks.Element) -> None:
    for name in _NAMING:
        element.attrib.pop(name, None)
    if element.tag in _NAMING_TAGS:
        element.tag = "div"
