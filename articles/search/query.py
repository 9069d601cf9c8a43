"""The query language: text to an abstract syntax tree, and the tree back to its canonical text.

The tree is what search, saved searches and alerts share; `articles.search.to_sql` and `articles.search.matches` give it
its meaning. This module must not know articles, the database or the clock: `7d` stays "the last seven days".

The parser is a recursive descent written by hand. luqum (1.0, a Lucene grammar on PLY) was tried first: it has no
NEAR, ONEAR, `|`, `&`, `!`, `~word`, Korean operators and fields, reads `a NEAR/5 b` as three words, reports errors as
sentences with no offset to point at, and gives a tree of mutable nodes. The grammar, loosest first:

    or       = and { ("OR" | "|" | "또는") and }
    and      = not { ["AND" | "&" | "그리고"] not }
    not      = { "NOT" | "제외" | "-" | "!" } near
    near     = factor { ("NEAR/n" | "ONEAR/n") factor }
    factor   = [field ":"] ( "(" or ")" | "SENTENCE" "(" or ")" | "ATLEAST/n" factor | value )
    value    = "/" regular expression "/" ["i"] | ["=" | "~"] ( '"' phrase '"' | word | word "*" )

What is between parentheses after a field belongs to that field. English operators are upper case; in quotes they are
words.
"""

import dataclasses
import re
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from articles.search import fields, periods, problems, regex, scan, tokens

QueryError = problems.QueryError

MOST_CHARACTERS = 4_000
MOST_TERMS = 400
DEEPEST_NESTING = 20
# Words between the two sides of NEAR, at most; smaller than tokens.FIELD_GAP.
MOST_DISTANCE = 50
USUAL_DISTANCE = 10
# Chains of words that a NEAR stands for when every distance and order is written out.
MOST_CHAINS = 1_000
# The index keeps some more places of a word.
MOST_TIMES = 200
SHORTEST_PREFIX = 2
SHORTEST_SUBSTRING = 2
MOST_REGEXES = 10
# More words than a period is written in.
_LONGEST_PERIOD = 4
_LONGEST_NUMBER = 18

TEXT_FIELDS = fields.TEXT
TAG_FIELDS = fields.TAGS
ATTRIBUTE_FIELDS = fields.ATTRIBUTES
FIELDS = fields.ALL
# The field of words in a region outside the body is this and the region's name, or this alone for any region.
REGION = "region:"

_PLAIN = re.compile(r"[^\W_](?:[\w.+#\u0300-\u036f-]|(?<=[A-Za-zＡ-Ｚａ-ｚ])[&＆](?=[A-Za-zＡ-Ｚａ-ｚ]))*")
_COMPARISON = re.compile(r"(>=|<=|>|<|=|)(\d{1,9}(?:\.\d{1,6})?)(%?)(\+?)", re.ASCII)
_NUMBER_RANGE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\.\.(\d{1,9}(?:\.\d{1,6})?)", re.ASCII)
_NEAR_TAKES = "NEAR stands between words, phrases, or words joined by OR."
_ATLEAST_TAKES = "ATLEAST counts words, phrases, NEAR, or words joined by OR."
_WIDE_SIGNS = str.maketrans("＞＜＝％＋", "><=%+")
_STAR_IN_PHRASE = re.compile(r"[^\W_][*＊]")
# What other services have and this language has not, in a word without quotation marks.
_FOREIGN = (
    (
        re.compile(r"()[*＊].+|.*[^*＊]()[*＊]+.+"),
        "“*” stands at the end of a word; “~” finds letters anywhere: ~전자.",
    ),
    (
        re.compile(r".*[^\W_]()[?？].*[^\W_].*"),
        "“?” stands for no letter here; use “*” at the end, or /a.b/.",
    ),
    (
        re.compile(r".*[^\W\d_]()[~～](?:[0-2]|0?\.\d+)?"),
        "Similar spellings are not searched for; write them with OR, or use “*” at the end.",
    ),
    (re.compile(r".*[^\W_]()\^\d*\.?\d*"), "Words have no weights here; take “^” and the number out."),
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, in any of its forms, or with `exact` just as it is written."""

    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words one after another."""

    words: tuple[str, ...]
    field: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with this."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Substring:
    """These characters anywhere, also inside a word; case and width don't count."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression on the text as it is written; `flags` is "i" or nothing (`articles.search.regex`)."""

    pattern: str
    flags: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of the article other than its text.

    `how`: it "is" the value, "has" it (contains) or "starts" with it; of a company also "group": it is the value or,
    by the watch list, below it.
    """

    field: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class When:
    """One of the article's times, or of the events that it tells of, lies in a period."""

    field: str
    period: periods.Period


@dataclass(frozen=True, slots=True)
class Measure:
    """A number compared: `sign` is one of >= > <= < =.

    `of` is filled in by `conjunction`: the companies whose confidence is meant, each entry a choice of some.
    """

    field: str
    sign: str
    number: float
    of: tuple[tuple[Attribute, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """What is saved under a name; `articles.search.saved` puts it in place. `at` is its offset in the query's text."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Articles with one of these labels: what `articles.search.labels.resolve` puts in an attribute's place for SQL."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Left and right with at most `distance` - 1 words between them; `ordered`: left comes first."""

    left: "Query"
    right: "Query"
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Something that has a place in the text, at so many places."""

    times: int
    child: "Query"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for which the child holds: words in it, phrases, NEAR, and what is not in it."""

    child: "Query"


@dataclass(frozen=True, slots=True)
class Not:
    child: "Query"


@dataclass(frozen=True, slots=True)
class And:
    """All of these; at least two, none of them an And."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One or more of these; at least two, none of them an Or."""

    children: tuple["Query", ...]


Leaf = Word | Phrase | Prefix | Substring | Regex | Attribute | When | Measure | Saved | Labelled
Query = Leaf | Near | AtLeast | Sentence | Not | And | Or


def parse_query(text: str) -> Query:
    """Read a query. Raises QueryError."""
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            "The query is longer than %(most)s characters.", MOST_CHARACTERS, most=MOST_CHARACTERS
        )
    return _Parser(text).parse()


def conjunction(children: Iterable[Query]) -> Query:
    """All of the children, flattened; a single one is itself."""
    flat = [leaf for child in children for leaf in (child.children if isinstance(child, And) else (child,))]
    return flat[0] if len(flat) == 1 else And(_bound(flat))


def _bound(children: list[Query]) -> tuple[Query, ...]:
    """The parts of a conjunction, in which a confidence is that of the companies asked for beside it."""
    if not any(isinstance(child, Measure) and child.field == "confidence" for child in children):
        return tuple(children)
    companies = tuple(choice for child in children if (choice := _companies(child)))
    return tuple(
        dataclasses.replace(child, of=companies)
        if isinstance(child, Measure) and child.field == "confidence"
        else child
        for child in children
    )


def _companies(query: Query) -> tuple[Attribute, ...]:
    """The companies of which a query asks for one, if it asks for nothing else."""
    alternatives = query.children if isinstance(query, Or) else (query,)
    found = tuple(one for one in alternatives if isinstance(one, Attribute) and one.field == "company")
    return found if len(found) == len(alternatives) else ()


def disjunction(children: Iterable[Query]) -> Query:
    """Any of the children, flattened; a single one is itself."""
    flat = [leaf for child in children for leaf in (child.children if isinstance(child, Or) else (child,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negation(child: Query) -> Query:
    """What the child is not; a double negation is none."""
    return child.child if isinstance(child, Not) else Not(child)


def leaves(query: Query) -> Iterator[Leaf]:
    """All the leaves of a tree, those under a Not too, in the order they are written."""
    match query:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Not(child) | Sentence(child) | AtLeast(_, child):
            yield from leaves(child)
        case Near(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case _:
            yield query


def place_of(query: Query) -> str | None:
    """Where the words of a query stand, if all it has are words and the index of one place answers it.

    "text" is the title and the body, "region" is what a page has besides.
    """
    match query:
        case Word() | Phrase() | Prefix():
            return "region" if query.field.startswith(REGION) else "text"
        case Labelled():
            return "text"
        case And(children) | Or(children):
            places = {place_of(child) for child in children}
        case Near(left, right):
            places = {place_of(left), place_of(right)}
        case Not(child):
            return place_of(child)
        case _:
            return None
    return places.pop() if len(places) == 1 else None


def requires_something(query: Query) -> bool:
    """Whether every match has something the query names; false for a query that only excludes."""
    match query:
        case Not():
            return False
        case And(children):
            return any(requires_something(child) for child in children)
        case Or(children):
            return all(requires_something(child) for child in children)
        case _:
            return True


def is_of_sentence(query: Query) -> bool:
    """Whether a query on words can stand in SENTENCE: everything that it excludes is taken from something."""
    match query:
        case Not():
            return False
        case And(children):
            wanted = [child for child in children if not isinstance(child, Not)]
            unwanted = [child.child for child in children if isinstance(child, Not)]
            return bool(wanted) and all(map(is_of_sentence, (*wanted, *unwanted)))
        case Or(children):
            return all(map(is_of_sentence, children))
        case _:
            return place_of(query) == "text"


def chains(query: Query) -> int:
    """How many chains of words stand for a positional query when distances and orders are written out."""
    match query:
        case Near(left, right, distance, ordered):
            return chains(left) * chains(right) * distance * (1 if ordered else 2)
        case Or(children):
            return sum(chains(child) for child in children)
        case _:
            return 1


class _Parser:
    """Reads the tokens of one query; `field` is the one whose parentheses it is in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(scan.tokens(text))
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.regexes = 0
        self.first_not = 0
        self.field = ""

    @property
    def token(self) -> scan.Token:
        return self.tokens[self.at]

    def take(self) -> scan.Token:
        token = self.token
        self.at += 1
        return token

    def fail(self, template: str, token: scan.Token | None = None, **values: object) -> NoReturn:
        raise QueryError(template, (token or self.token).start, **values)

    def parse(self) -> Query:
        if self.token.kind == "end":
            self.fail("The query is empty; type a word to search for.")
        query = self.disjunction()
        if self.token.kind == ")":
            self.fail("This parenthesis closes nothing; take it out, or open one before it.")
        if not requires_something(query):
            raise QueryError(
                "This query only excludes; add something that must be there, as in “AI -chips”.",
                self.first_not,
            )
        return query

    def disjunction(self) -> Query:
        children = [self.conjunction()]
        while self.token.kind == "or":
            self.take()
            children.append(self.conjunction())
        return disjunction(children)

    def conjunction(self) -> Query:
        children = [self.negation()]
        while self.token.kind not in {"or", ")", "end"}:
            if self.token.kind == "and":
                self.take()
            children.append(self.negation())
        return conjunction(children)

    def negation(self) -> Query:
        negated = False
        while self.token.kind == "not":
            self.first_not = self.first_not or self.token.start
            negated = not negated
            self.take()
        query = self.near()
        return negation(query) if negated else query

    def near(self) -> Query:
        start = self.token
        query = self.factor()
        while self.token.kind == "near":
            operator = self.take()
            distance, ordered = self.distance(operator)
            left, second = self.positional(query, start), self.token
            right = self.positional(self.factor(), second)
            query = Near(left, right, distance, ordered)
            if place_of(query) is None:
                self.fail("NEAR stands between words of one place, not of a region and the text.", operator)
            if chains(query) > MOST_CHAINS:
                self.fail("This NEAR has too many combinations; name fewer words or less distance.", operator)
        return query

    def distance(self, operator: scan.Token) -> tuple[int, bool]:
        found = scan.NEAR.fullmatch(operator.text)
        assert found  # noqa: S101 - the scanner made the token with this expression
        distance = int(found["distance"] or found["around"] or USUAL_DISTANCE)
        if not 1 <= distance <= MOST_DISTANCE:
            self.fail("The distance of NEAR is from 1 to %(most)s words.", operator, most=MOST_DISTANCE)
        return distance, bool(found["ordered"])

    def positional(self, query: Query, token: scan.Token, template: str = _NEAR_TAKES) -> Query:
        """The query, if it is one that has a place in the text; else an error at the token."""
        match query:
            case Word() | Phrase() | Prefix():
                return query
            case Near(left, right):
                self.positional(left, token, template)
                self.positional(right, token, template)
                return query
            case Or(children):
                for child in children:
                    self.positional(child, token, template)
                return query
            case _:
                return self.fail(template, token)

    def factor(self) -> Query:  # noqa: PLR0911 - one for each kind of token
        token = self.take()
        match token.kind:
            case "field":
                return self.in_field(token)
            case "(":
                return self.group(token)
            case "atleast":
                return self.at_least(token)
            case "sentence":
                return self.sentence(token)
            case "=" | "~":
                return self.value(token.kind)
            case "word" | "phrase" | "regex":
                self.at -= 1
                return self.value("")
            case _:
                return self.missing(token)

    def missing(self, token: scan.Token) -> NoReturn:
        """Say what is wrong with a token where a word or a parenthesis should begin."""
        if token.kind == "end":
            self.fail("Something is missing at the end: a word, a phrase or a parenthesis.", token)
        if token.kind == ")":
            self.fail("There is nothing before this parenthesis; type a word or take it out.", token)
        operator = self.text[token.start : token.end]
        self.fail(
            "“%(operator)s” joins two sides and one is missing; put it in quotes to search for it.",
            token,
            operator=operator,
        )

    def group(self, opening: scan.Token) -> Query:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            self.fail("Parentheses are nested deeper than %(most)s.", opening, most=DEEPEST_NESTING)
        query = self.disjunction()
        if self.token.kind != ")":
            self.fail("This parenthesis is never closed; add one where it ends.", opening)
        self.take()
        self.depth -= 1
        return query

    def at_least(self, operator: scan.Token) -> Query:
        times, start = int(operator.text), self.token
        if not 1 <= times <= MOST_TIMES:
            self.fail("ATLEAST takes a number from 1 to %(most)s.", operator, most=MOST_TIMES)
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            self.fail("Parentheses are nested deeper than %(most)s.", operator, most=DEEPEST_NESTING)
        child = self.positional(self.factor(), start, _ATLEAST_TAKES)
        if place_of(child) is None:
            self.fail("ATLEAST counts words of one place, not of a region and the text.", operator)
        self.depth -= 1
        return AtLeast(times, child)

    def sentence(self, operator: scan.Token) -> Query:
        child = self.group(self.take())
        if place_of(child) != "text":
            self.fail(
                "SENTENCE holds words, phrases and NEAR, with AND, OR and NOT, of the title and the body.",
                operator,
            )
        if not is_of_sentence(child):
            self.fail("This SENTENCE only excludes; add something that must be in the sentence.", operator)
        return Sentence(child)

    def in_field(self, token: scan.Token) -> Query:
        name = self.field_named(token)
        if self.field:
            self.fail(
                "This field stands inside the parentheses of the field “%(outer)s”.",
                token,
                outer=self.field.rstrip(":"),
            )
        kinds = {"(", "=", "~", "word", "phrase"}
        if name in TEXT_FIELDS:
            kinds |= {"regex", "atleast", "sentence"}
        if self.token.kind not in kinds:
            self.fail("The field “%(name)s” needs a value right after the colon.", token, name=token.text)
        if name == "region":
            return self.in_region()
        return self.within(name, self.factor)

    def field_named(self, token: scan.Token) -> str:
        if token.text.lower() in fields.COMPARING:
            return token.text.lower()
        name = fields.named(token.text)
        if name is None:
            self.fail(
                "There is no field “%(name)s”; there are %(fields)s. Put it in quotes to search for it.",
                token,
                name=token.text,
                fields=", ".join(FIELDS),
            )
        return name

    def within(self, name: str, read: Callable[[], Query]) -> Query:
        """What is read next, as belonging to a field."""
        self.field = name
        query = read()
        self.field = ""
        return query

    def in_region(self) -> Query:
        """A kind of region, words in one of a kind, or words in any region."""
        token = self.take()
        if token.kind == "(":
            return self.within(REGION, lambda: self.group(token))
        kind = fields.value("region", token.text)
        holds_words = self.token.kind == "(" and self.token.start == token.end
        if kind is None and holds_words and fields.named(token.text) in TEXT_FIELDS:
            return self.within(fields.named(token.text) or "", self.factor)
        if kind is None or token.kind not in {"word", "phrase"}:
            self.fail(
                "“%(text)s” is no kind of region; there are %(values)s. Words stand in parentheses: region:(word).",
                token,
                text=token.text,
                values=", ".join(fields.REGIONS),
            )
        if holds_words:
            return self.within(REGION + kind, self.factor)
        return Attribute("region", kind, "is")

    def value(self, sign: str) -> Query:
        """A word, a phrase or a regular expression in the present field; `sign` is "=", "~" or nothing."""
        token = self.take()
        if token.kind not in ({"word", "phrase"} if sign else {"word", "phrase", "regex"}):
            self.fail(
                "“%(sign)s” must be followed by a word or a phrase.", self.tokens[self.at - 2], sign=sign
            )
        self.terms += 1
        if self.terms > MOST_TERMS:
            self.fail("The query has more than %(most)s words.", token, most=MOST_TERMS)
        if not self.field or self.field in TEXT_FIELDS or self.field.startswith(REGION):
            return self.in_text(token, sign)
        if token.kind == "regex":
            self.fail("A regular expression looks in the title and the body only.", token)
        if sign == "~" and self.field not in {*ATTRIBUTE_FIELDS, "company", "theme", "subtheme", "tag"}:
            self.fail("“%(sign)s” means nothing in the field “%(name)s”.", token, sign=sign, name=self.field)
        return self.of_article(token, sign)

    def in_text(self, token: scan.Token, sign: str) -> Query:
        if token.kind == "regex":
            return self.regex(token)
        return self.substring(token) if sign == "~" else self.words(token, exact=sign == "=")

    def of_article(self, token: scan.Token, sign: str) -> Query:  # noqa: PLR0911 - one for each kind of field
        name = self.field
        if name in fields.COMPARING:
            comparison, name = fields.COMPARING[name]
            return self.when(token, name, comparison)
        if name in fields.TIMES:
            return self.when(token, name, "")
        if name in fields.NUMBERS:
            return self.measure(token)
        if name == fields.SEARCH:
            return Saved(self.filled(token), token.start)
        if name in fields.FIXED:
            return self.fixed(token)
        if name == "story":
            return self.story(token)
        return self.attribute(token, sign)

    def regex(self, token: scan.Token) -> Query:
        self.regexes += 1
        if self.field not in {"", "title", "body"}:
            self.fail("A regular expression looks in the title and the body only.", token)
        if self.regexes > MOST_REGEXES:
            self.fail("The query has more than %(most)s regular expressions.", token, most=MOST_REGEXES)
        pattern, _, flags = token.text.rpartition("/" if "/" in token.text else "／")
        try:
            regex.compile_pattern(pattern, flags)
        except regex.RegexError as error:
            raise QueryError(error.template, token.start + 1 + error.position, **error.values) from error
        return Regex(pattern, flags, self.field)

    def when(self, token: scan.Token, name: str, comparison: str) -> Query:
        """A period, of as many of the next words as make one: 올해 상반기, last 3 months."""
        taken = [token]
        while token.kind == "word" and len(taken) < _LONGEST_PERIOD:
            following = self.tokens[self.at + len(taken) - 1]
            if following.kind != "word":
                break
            taken.append(following)
        for number in range(len(taken), 0, -1):
            try:
                period = periods.parse(comparison + " ".join(one.text for one in taken[:number]))
            except ValueError:
                continue
            self.at += number - 1
            return When(name, period)
        return self.fail(
            "“%(text)s” is no date or period; write 2026-03-15, 2026-03, 2026-01..2026-03, 7d or last-week.",
            token,
            text=token.text,
        )

    def measure(self, token: scan.Token) -> Query:
        text = token.text.strip().translate(_WIDE_SIGNS)
        if found := _NUMBER_RANGE.fullmatch(text):
            low, high = float(found[1]), float(found[2])
            return conjunction([Measure(self.field, ">=", low), Measure(self.field, "<=", high)])
        found = _COMPARISON.fullmatch(text)
        if not found or (found[4] and found[1]) or (found[3] and self.field != "confidence"):
            self.fail(
                "“%(text)s” is no number to compare with; write >=5, <5, 5 or 3..5.", token, text=token.text
            )
        number = float(found[2]) / (100 if found[3] else 1)
        return Measure(self.field, ">=" if found[4] else found[1] or "=", round(number, 6))

    def fixed(self, token: scan.Token) -> Query:
        value = fields.value(self.field, token.text)
        if value is None:
            self.fail(
                "“%(text)s” is no value of “%(name)s”; there are %(values)s.",
                token,
                text=token.text,
                name=self.field,
                values=", ".join(fields.FIXED[self.field]),
            )
        return Attribute(self.field, value, "is")

    def story(self, token: scan.Token) -> Query:
        number = token.text.strip()
        if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
            self.fail("A story is named by its number, as its address has it: story:123.", token)
        return Attribute("story", str(int(number)), "is")

    def filled(self, token: scan.Token) -> str:
        """The token's text, if it says anything."""
        value = token.text.strip()
        if not value or not value.isprintable():
            self.fail("The field “%(name)s” needs a value right after the colon.", token, name=self.field)
        return value

    def attribute(self, token: scan.Token, sign: str) -> Query:
        """A property's value; the star makes it a beginning, the plus a company with all below it."""
        value, how = self.filled(token), {"=": "is", "~": "has"}.get(sign, usual_way(self.field))
        if self.field == "company" and not sign and self.has_plus(token):
            return Attribute(self.field, value.rstrip("+＋") if token.kind == "word" else value, fields.GROUP)
        if token.kind == "word" and value.endswith(("*", "＊")) and len(value) > 1:
            return Attribute(self.field, value[:-1], "starts")
        return Attribute(self.field, value, how)

    def has_plus(self, token: scan.Token) -> bool:
        """Whether a plus ends a word, or touches the end of a phrase and is taken."""
        if token.kind == "word":
            return token.text.endswith(("+", "＋")) and bool(token.text.strip("+＋"))
        touching = self.token.start == token.end and self.token.text in ("+", "＋")
        if touching:
            self.take()
        return touching

    def substring(self, token: scan.Token) -> Query:
        text = token.text.strip()
        if self.field not in {"", "title", "body"}:
            self.fail(
                "“~” looks in the title and the body; it can't be limited to the lead or a region.", token
            )
        if len(text) < SHORTEST_SUBSTRING or not any(map(str.isalnum, text)) or not text.isprintable():
            self.fail("“~” needs at least %(least)s letters.", token, least=SHORTEST_SUBSTRING)
        return Substring(text, self.field)

    def words(self, token: scan.Token, *, exact: bool) -> Query:
        self.refuse_foreign(token)
        found = [word.text for word in tokens.words(token.text)]
        if not found:
            self.fail("There is no letter or digit to search for here.", token)
        if token.kind == "word" and token.text.endswith(("*", "＊")):
            return self.prefix(token, found, exact=exact)
        if len(found) == 1:
            return Word(found[0], self.field, exact)
        return Phrase(tuple(found), self.field, exact)

    def refuse_foreign(self, token: scan.Token) -> None:
        """Signs of other services that would be passed over in silence are refused with what to write instead."""
        if token.kind == "word":
            for pattern, template in _FOREIGN:
                if found := pattern.fullmatch(token.text):
                    raise QueryError(template, token.start + found.start(found.lastindex or 0))
            return
        if _STAR_IN_PHRASE.search(token.text):
            self.fail("“*” means nothing in quotation marks; write 재생 ONEAR/1 에너*.", token)
        if self.token.kind == "~" and self.token.start == token.end:
            self.fail("A distance is written between two words: a NEAR/5 b.", self.token)

    def prefix(self, token: scan.Token, found: list[str], *, exact: bool) -> Query:
        start = found[0]
        if len(found) > 1 or exact or len(start) < SHORTEST_PREFIX:
            self.fail("“*” follows the beginning of one word, at least %(least)s letters.", token, least=2)
        return Prefix(start, self.field)


def usual_way(field: str) -> str:
    """How a property is compared when no sign says so: tags as a whole, others by what they contain."""
    return "is" if field in TAG_FIELDS else "has"


def canonical(query: Query) -> str:  # noqa: PLR0911 - one case for each kind of node
    """The one way to write this query: parse_query(canonical(query)) == query."""
    match query:
        case Or(children):
            return " OR ".join(_enclosed(child, And) for child in children)
        case And(children):
            return " ".join(_enclosed(child, Or) for child in children)
        case Not(child):
            return "-" + _enclosed(child, And | Or | Near)
        case Near(left, right, distance, ordered):
            operator = f"{'O' if ordered else ''}NEAR/{distance}"
            return f"{_enclosed(left, Or)} {operator} {_enclosed(right, Or | Near)}"
        case AtLeast(times, child):
            return f"ATLEAST/{times} {_enclosed(child, Or | Near)}"
        case Sentence(child):
            return f"SENTENCE({canonical(child)})"
        case Word() | Phrase() | Prefix() | Substring() | Regex():
            return _in_field(query.field, _written_text(query))
        case Labelled():
            raise TypeError("labels stand in no query that people see")
        case _:
            return _written(query)


def _enclosed(query: Query, kinds: types.UnionType | type) -> str:
    """The query's canonical text, in parentheses if it is of these kinds."""
    text = canonical(query)
    return f"({text})" if isinstance(query, kinds) else text


def _in_field(name: str, text: str) -> str:
    if name.startswith(REGION):
        return f"{name}({text})"
    return f"{name}:{text}" if name else text


def _written_text(leaf: Word | Phrase | Prefix | Substring | Regex) -> str:
    match leaf:
        case Word(text, _, exact):
            return f"{'=' if exact else ''}{_plain_or_quoted(text)}"
        case Phrase(words, _, exact):
            return f'{"=" if exact else ""}"{" ".join(words)}"'
        case Prefix(text):
            return f"{text}*"
        case Substring(text):
            return f"~{_plain_or_quoted(text)}"
        case Regex(pattern, flags):
            return f"/{pattern}/{flags}"


def _written(leaf: Attribute | When | Measure | Saved) -> str:
    match leaf:
        case Attribute(name, value, how):
            return f"{name}:{_written_value(name, value, how)}"
        case When(name, period):
            return f"{name}:{periods.written(period)}"
        case Measure(name, sign, number):
            return f"{name}:{sign.lstrip('=')}{f'{number:.6f}'.rstrip('0').rstrip('.')}"
        case Saved(name):
            return f"search:{_plain_or_quoted(name)}"


def _written_value(name: str, value: str, how: str) -> str:
    if how == "starts":
        return f"{value}*"
    # A plus at the end would ask for the companies below as well.
    written = f'"{value}"' if value.endswith(("+", "＋")) else _plain_or_quoted(value)
    if how == fields.GROUP:
        return f"{written}+"
    return ("" if how == usual_way(name) else {"is": "=", "has": "~"}[how]) + written


def _plain_or_quoted(text: str) -> str:
    """The text as it is if it reads as one word, else in quotation marks."""
    if _PLAIN.fullmatch(text) and not scan.is_operator(text):
        return text
    return f'"{text}"'
