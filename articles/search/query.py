"""The query language: text to an abstract syntax tree, and the tree back to its canonical text.

The tree is what search, saved searches and alerts share; `articles.search.to_sql` and `articles.search.matches` give it
its meaning. This module must not know articles, the database or the clock: `7d` stays "the last seven days".

The parser is a recursive descent written by hand. luqum (1.0, a Lucene grammar on PLY) was tried first: it has no
NEAR, ONEAR, `|`, `&`, `!`, `~word`, Korean operators and fields, reads `a NEAR/5 b` as three words, reports errors as
sentences with no offset to point at, and gives a tree of mutable nodes. The grammar, loosest first:

    or     = and { ("OR" | "|" | "또는") and }
    and    = not { ["AND" | "&" | "그리고"] not }
    not    = { "NOT" | "제외" | "-" | "!" } near
    near   = factor { ("NEAR/n" | "ONEAR/n") factor }
    factor = [field ":"] ( "(" or ")" | ["=" | "~"] value )
    value  = '"' phrase '"' | word | word "*"

What is between parentheses after a field belongs to that field. English operators are upper case; in quotes they are
words.
"""

import datetime
import re
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from articles.search import periods, tokens

MOST_CHARACTERS = 4_000
MOST_TERMS = 400
DEEPEST_NESTING = 20
# Words between the two sides of NEAR, at most; smaller than tokens.FIELD_GAP.
MOST_DISTANCE = 50
USUAL_DISTANCE = 10
# Chains of words that a NEAR stands for when every distance and order is written out.
MOST_CHAINS = 1_000
SHORTEST_PREFIX = 2
SHORTEST_SUBSTRING = 2

TEXT_FIELDS = ("title", "lead", "body")
# Tags are compared as a whole, attributes by what they contain.
TAG_FIELDS = ("company", "theme", "lang")
ATTRIBUTE_FIELDS = ("author", "source", "group", "url")
FIELDS = (*TEXT_FIELDS, *ATTRIBUTE_FIELDS, *TAG_FIELDS, "published", "search")

_FIELD_NAMES = {name: name for name in FIELDS} | {
    "제목": "title",
    "headline": "title",
    "리드": "lead",
    "첫문단": "lead",
    "본문": "body",
    "text": "body",
    "기자": "author",
    "저자": "author",
    "byline": "author",
    "출처": "source",
    "매체": "source",
    "언론사": "source",
    "outlet": "source",
    "그룹": "group",
    "분류": "group",
    "주소": "url",
    "링크": "url",
    "언어": "lang",
    "language": "lang",
    "기업": "company",
    "회사": "company",
    "주제": "theme",
    "테마": "theme",
    "날짜": "published",
    "게시": "published",
    "발행": "published",
    "date": "published",
    "검색": "search",
    "저장": "search",
}
_LANGUAGE_NAMES = {"한국어": "ko", "korean": "ko", "영어": "en", "english": "en"}

_OPERATORS = {"OR": "or", "또는": "or", "AND": "and", "그리고": "and", "NOT": "not", "제외": "not"}
_NEAR = re.compile(r"(O?)NEAR(?:/(\d{1,9}))?")
# Signs that people's keyboards and word processors put in place of ours; one character each, so offsets stay.
_SIGNS = str.maketrans("“”„＂（）：｜＊～＝！", '""""():|*~=!')
_FIELD_PREFIX = re.compile(r"([^\W\d_]+)[:：](?!//)\s*")
_WORD_END = re.compile(r'[\s()|"]')
_PLAIN = re.compile(r"[^\W_](?:[\w.+#\u0300-\u036f-]|(?<=[A-Za-zＡ-Ｚａ-ｚ])[&＆](?=[A-Za-zＡ-Ｚａ-ｚ]))*")
_AMPERSAND = re.compile(r"(?<=[A-Za-zＡ-Ｚａ-ｚ])[&＆](?=[A-Za-zＡ-Ｚａ-ｚ])")


class QueryError(ValueError):
    """A query that can't be read.

    `message` says what is wrong and how to mend it; `position` is the offset of the character it is about, in code
    points. `template` and `values` are the message before filling in, for a catalogue of translations.
    """

    def __init__(self, template: str, position: int, **values: object) -> None:
        self.template = template
        self.values = values
        self.message = template % values if values else template
        self.position = position
        super().__init__(f"{self.message} (character {position + 1})")


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
class Attribute:
    """A property of the article other than its text. `how`: "is", "has" (contains) or "starts" with the value."""

    field: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Published:
    """The time of publication: from the first to the last day, both included, or the last `days` days."""

    first: datetime.date | None = None
    last: datetime.date | None = None
    days: int = 0


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


Leaf = Word | Phrase | Prefix | Substring | Attribute | Published | Saved | Labelled
Query = Leaf | Near | Not | And | Or


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
    return flat[0] if len(flat) == 1 else And(tuple(flat))


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
        case Not(child):
            yield from leaves(child)
        case Near(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case _:
            yield query


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


def chains(query: Query) -> int:
    """How many chains of words stand for a positional query when distances and orders are written out."""
    match query:
        case Near(left, right, distance, ordered):
            return chains(left) * chains(right) * distance * (1 if ordered else 2)
        case Or(children):
            return sum(chains(child) for child in children)
        case _:
            return 1


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # ( ) or and not near field = ~ phrase word end
    start: int
    end: int
    text: str = ""


def _scan(text: str) -> Iterator[_Token]:
    """The tokens of a query; the last one is of kind "end"."""
    plain = text.translate(_SIGNS)
    at = 0
    while at < len(text):
        if plain[at].isspace():
            at += 1
            continue
        token = _token(plain, text, at)
        yield token
        at = token.end
    yield _Token("end", len(text), len(text))


def _token(plain: str, text: str, at: int) -> _Token:  # noqa: PLR0911 - one for each kind of token
    sign = plain[at]
    if sign == '"':
        return _quoted(plain, text, at)
    if sign in "()":
        return _Token(sign, at, at + 1)
    if sign == "|":
        return _Token("or", at, at + (2 if plain.startswith("||", at) else 1))
    if sign in "&＆":
        return _Token("and", at, at + (2 if plain.startswith("&&", at) else 1))
    if sign in "-!=~":
        return _sign(plain, at)
    if found := _FIELD_PREFIX.match(plain, at):
        return _Token("field", at, found.end(), found.group(1))
    return _bare(plain, text, at)


def _sign(plain: str, at: int) -> _Token:
    following = plain[at + 1 : at + 2]
    if not following.strip() or following in ")|":
        raise QueryError(
            "“%(sign)s” must touch what it is about; take it out or join it.", at, sign=plain[at]
        )
    return _Token("not" if plain[at] in "-!" else plain[at], at, at + 1)


def _quoted(plain: str, text: str, at: int) -> _Token:
    close = plain.find('"', at + 1)
    if close < 0:
        raise QueryError("This quotation mark is never closed; add one at the end of the phrase.", at)
    return _Token("phrase", at, close + 1, text[at + 1 : close])


def _bare(plain: str, text: str, at: int) -> _Token:
    """An operator in letters, or a word: up to a space, a parenthesis, a quotation mark, | or a separating &."""
    found = _WORD_END.search(plain, at)
    end = found.start() if found else len(plain)
    for sign in range(at, end):
        if plain[sign] in "&＆" and not _AMPERSAND.match(plain, sign):
            end = sign
            break
    word = text[at:end]
    if word in _OPERATORS:
        return _Token(_OPERATORS[word], at, end, word)
    if _NEAR.fullmatch(word):
        return _Token("near", at, end, word)
    return _Token("word", at, end, word)


class _Parser:
    """Reads the tokens of one query; `field` is the one whose parentheses it is in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_scan(text))
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.first_not = 0
        self.field = ""

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def fail(self, template: str, token: _Token | None = None, **values: object) -> NoReturn:
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
            if chains(query) > MOST_CHAINS:
                self.fail("This NEAR has too many combinations; name fewer words or less distance.", operator)
        return query

    def distance(self, operator: _Token) -> tuple[int, bool]:
        found = _NEAR.fullmatch(operator.text)
        assert found  # noqa: S101 - the scanner made the token with this expression
        distance = int(found.group(2) or USUAL_DISTANCE)
        if not 1 <= distance <= MOST_DISTANCE:
            self.fail("The distance of NEAR is from 1 to %(most)s words.", operator, most=MOST_DISTANCE)
        return distance, bool(found.group(1))

    def positional(self, query: Query, token: _Token) -> Query:
        """The query, if it is one that has a place in the text."""
        match query:
            case Word() | Phrase() | Prefix():
                return query
            case Near(left, right):
                self.positional(left, token)
                self.positional(right, token)
                return query
            case Or(children):
                for child in children:
                    self.positional(child, token)
                return query
            case _:
                return self.fail("NEAR stands between words, phrases, or words joined by OR.", token)

    def factor(self) -> Query:
        token = self.take()
        match token.kind:
            case "field":
                return self.in_field(token)
            case "(":
                return self.group(token)
            case "=" | "~":
                return self.value(token.kind)
            case "word" | "phrase":
                self.at -= 1
                return self.value("")
            case _:
                return self.missing(token)

    def missing(self, token: _Token) -> NoReturn:
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

    def group(self, opening: _Token) -> Query:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            self.fail("Parentheses are nested deeper than %(most)s.", opening, most=DEEPEST_NESTING)
        query = self.disjunction()
        if self.token.kind != ")":
            self.fail("This parenthesis is never closed; add one where it ends.", opening)
        self.take()
        self.depth -= 1
        return query

    def in_field(self, token: _Token) -> Query:
        name = _FIELD_NAMES.get(token.text.lower())
        if name is None:
            self.fail(
                "There is no field “%(name)s”; there are %(fields)s. Put it in quotes to search for it.",
                token,
                name=token.text,
                fields=", ".join(FIELDS),
            )
        if self.field:
            self.fail(
                "This field stands inside the parentheses of the field “%(outer)s”.", token, outer=self.field
            )
        if self.token.kind not in {"(", "=", "~", "word", "phrase"}:
            self.fail("The field “%(name)s” needs a value right after the colon.", token, name=token.text)
        self.field = name
        query = self.factor()
        self.field = ""
        return query

    def value(self, sign: str) -> Query:
        """A word or a phrase in the present field; `sign` is "=", "~" or nothing."""
        token = self.take()
        if token.kind not in {"word", "phrase"}:
            self.fail(
                "“%(sign)s” must be followed by a word or a phrase.", self.tokens[self.at - 2], sign=sign
            )
        self.terms += 1
        if self.terms > MOST_TERMS:
            self.fail("The query has more than %(most)s words.", token, most=MOST_TERMS)
        if self.field == "published":
            return self.published(token)
        if self.field == "search":
            return self.saved(token)
        if self.field in TAG_FIELDS or self.field in ATTRIBUTE_FIELDS:
            return self.attribute(token, sign)
        return self.substring(token) if sign == "~" else self.words(token, exact=sign == "=")

    def published(self, token: _Token) -> Query:
        try:
            first, last, days = periods.parse(token.text)
        except ValueError:
            self.fail(
                "“%(text)s” is no date or period; write 2026-03-15, 2026-03, 2026-01..2026-03 or 7d.",
                token,
                text=token.text,
            )
        return Published(first, last, days)

    def saved(self, token: _Token) -> Query:
        name = token.text.strip()
        if not name or not name.isprintable():
            self.fail("The field “%(name)s” needs a value right after the colon.", token, name=self.field)
        return Saved(name, token.start)

    def attribute(self, token: _Token, sign: str) -> Query:
        """A property's value; the star makes it a beginning."""
        value, how = token.text.strip(), {"=": "is", "~": "has"}.get(sign, usual_way(self.field))
        if token.kind == "word" and value.endswith(("*", "＊")):
            value, how = value[:-1], "starts"
        if self.field == "lang":
            value, how = _LANGUAGE_NAMES.get(value.lower(), value.lower()), "is"
        if not value or not value.isprintable():
            self.fail("The field “%(name)s” needs a value right after the colon.", token, name=self.field)
        return Attribute(self.field, value, how)

    def substring(self, token: _Token) -> Query:
        text = token.text.strip()
        if self.field == "lead":
            self.fail("“~” looks in the title and the body; it can't be limited to the lead.", token)
        if len(text) < SHORTEST_SUBSTRING or not any(map(str.isalnum, text)) or not text.isprintable():
            self.fail("“~” needs at least %(least)s letters.", token, least=SHORTEST_SUBSTRING)
        return Substring(text, self.field)

    def words(self, token: _Token, *, exact: bool) -> Query:
        found = [word.text for word in tokens.words(token.text)]
        if not found:
            self.fail("There is no letter or digit to search for here.", token)
        if token.kind == "word" and token.text.endswith(("*", "＊")):
            return self.prefix(token, found, exact=exact)
        if len(found) == 1:
            return Word(found[0], self.field, exact)
        return Phrase(tuple(found), self.field, exact)

    def prefix(self, token: _Token, found: list[str], *, exact: bool) -> Query:
        start = found[0]
        if len(found) > 1 or exact or len(start) < SHORTEST_PREFIX:
            self.fail("“*” follows the beginning of one word, at least %(least)s letters.", token, least=2)
        return Prefix(start, self.field)


def usual_way(field: str) -> str:
    """How a property is compared when no sign says so: tags as a whole, others by what they contain."""
    return "is" if field in TAG_FIELDS else "has"


def canonical(query: Query) -> str:
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
        case _:
            return _written(query)


def _enclosed(query: Query, kinds: types.UnionType | type) -> str:
    """The query's canonical text, in parentheses if it is of these kinds."""
    text = canonical(query)
    return f"({text})" if isinstance(query, kinds) else text


def _written(leaf: Leaf) -> str:  # noqa: PLR0911 - one case for each kind of leaf
    field = f"{leaf.field}:" if not isinstance(leaf, Published | Saved | Labelled) and leaf.field else ""
    match leaf:
        case Word(text, _, exact):
            return f"{field}{'=' if exact else ''}{_plain_or_quoted(text)}"
        case Phrase(words, _, exact):
            return f'{field}{"=" if exact else ""}"{" ".join(words)}"'
        case Prefix(text):
            return f"{field}{text}*"
        case Substring(text):
            return f"{field}~{_plain_or_quoted(text)}"
        case Attribute(name, value, how):
            if how == "starts":
                return f"{field}{value}*"
            sign = "" if how == usual_way(name) else {"is": "=", "has": "~"}[how]
            return f"{field}{sign}{_plain_or_quoted(value)}"
        case Published(first, last, days):
            return f"published:{periods.written(first, last, days)}"
        case Saved(name):
            return f"search:{_plain_or_quoted(name)}"
        case Labelled():
            raise TypeError("labels stand in no query that people see")


def _plain_or_quoted(text: str) -> str:
    """The text as it is if it reads as one word, else in quotation marks."""
    if _PLAIN.fullmatch(text) and text not in _OPERATORS and not _NEAR.fullmatch(text):
        return text
    return f'"{text}"'
