"""The text of a query to its tokens. Must not know what they mean together: that is `articles.search.query`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.search import fields
from articles.search.problems import QueryError

OPERATORS = {"OR": "or", "또는": "or", "AND": "and", "그리고": "and", "NOT": "not", "제외": "not"}
# Also as other services write it, and in lower case where a number makes clear what is meant.
NEAR = re.compile(
    r"(?:(?P<ordered>ONEAR|(?:onear|PRE|pre)(?=/))|NEAR|(?:near|W|w)(?=/))(?:/(?P<distance>\d{1,9}))?"
    r"|AROUND\((?P<around>\d{1,9})\)"
)
AT_LEAST = re.compile(r"(?:ATLEAST/?|atleast/|최소/)(\d{1,9})")
_AROUND = re.compile(r"AROUND\s?\(\d{1,9}\)")
_SENTENCE = re.compile(r"(?:SENTENCE\s*|sentence|문장)(?=\()")

# Signs that people's keyboards and word processors put in place of ours; one character each, so offsets stay.
_SIGNS = str.maketrans("（）：｜＊～＝！－＋？／", "():|*~=!-+?/")
_QUOTES = '"“”„‟＂'
# What an opening mark may be closed with. An apostrophe opens nothing inside a word.
_CLOSING = dict.fromkeys(_QUOTES, _QUOTES) | {
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "«": "»",
    "‘": "’",
}
_FIELD_PREFIX = re.compile(r"([^\W\d_]+):(?!//)\s*")
_WORD_END = re.compile(r'[\s()|"“”„‟＂]')
AMPERSAND = re.compile(r"(?<=[A-Za-zＡ-Ｚａ-ｚ])[&＆](?=[A-Za-zＡ-Ｚａ-ｚ])")
# From one slash to the next, not counting those behind a backslash or inside brackets.
_REGEX = re.compile(r"/((?:[^/\\\[\]]|\\.|\[(?:[^\]\\]|\\.)*\])*)/(\w*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind, its offsets, its text without the marks around it."""

    kind: str  # ( ) or and not near atleast sentence field = ~ regex phrase word end
    start: int
    end: int
    text: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query; the last one is of kind "end". Raises QueryError."""
    plain = text.translate(_SIGNS)
    at, field = 0, ""
    while at < len(text):
        if plain[at].isspace():
            at += 1
            continue
        token = _token(plain, text, at, field)
        yield token
        at = token.end
        field = (fields.named(token.text) or "") if token.kind == "field" else ""
    yield Token("end", len(text), len(text))


def _token(plain: str, text: str, at: int, field: str) -> Token:  # noqa: PLR0911 - one for each kind of token
    sign = plain[at]
    if sign in _CLOSING and (phrase := _quoted(text, at)):
        return phrase
    if sign in "()":
        return Token(sign, at, at + 1)
    if sign == "|":
        return Token("or", at, at + (2 if plain.startswith("||", at) else 1))
    if sign in "&＆":
        return Token("and", at, at + (2 if plain.startswith("&&", at) else 1))
    if sign in "-!=~":
        return _sign(plain, at)
    # An address may begin with a slash.
    if sign == "/" and field != "url":
        return _regex(text, at)
    if found := _FIELD_PREFIX.match(plain, at):
        return Token("field", at, found.end(), found.group(1))
    return _operator(plain, at) or _bare(plain, text, at)


def _sign(plain: str, at: int) -> Token:
    following = plain[at + 1 : at + 2]
    if not following.strip() or following in ")|":
        raise QueryError(
            "“%(sign)s” must touch what it is about; take it out or join it.", at, sign=plain[at]
        )
    return Token("not" if plain[at] in "-!" else plain[at], at, at + 1)


def _quoted(text: str, at: int) -> Token | None:
    closing = _CLOSING[text[at]]
    close = next((place for place in range(at + 1, len(text)) if text[place] in closing), -1)
    if close < 0 and text[at] not in _QUOTES:
        return None
    if close < 0:
        raise QueryError("This quotation mark is never closed; add one at the end of the phrase.", at)
    return Token("phrase", at, close + 1, text[at + 1 : close])


def _regex(text: str, at: int) -> Token:
    found = _REGEX.match(text.replace("／", "/"), at)
    if found is None:
        raise QueryError("This regular expression is never closed; add “/”, or put the text in quotes.", at)
    return Token("regex", at, found.end(), text[found.start(1) : found.end()])


def _operator(plain: str, at: int) -> Token | None:
    """An operator that parentheses belong to."""
    if found := _SENTENCE.match(plain, at):
        return Token("sentence", at, found.end(), found.group())
    if found := _AROUND.match(plain, at):
        return Token("near", at, found.end(), found.group().replace(" ", ""))
    return None


def _bare(plain: str, text: str, at: int) -> Token:
    """An operator in letters, or a word: up to a space, a parenthesis, a quotation mark, | or a separating &."""
    found = _WORD_END.search(plain, at)
    end = found.start() if found else len(plain)
    for sign in range(at, end):
        if plain[sign] in "&＆" and not AMPERSAND.match(plain, sign):
            end = sign
            break
    if touching := AT_LEAST.fullmatch(plain, at, end):
        return Token("atleast", at, end, touching.group(1))
    word = text[at:end]
    if word in OPERATORS:
        return Token(OPERATORS[word], at, end, word)
    if NEAR.fullmatch(word):
        return Token("near", at, end, word)
    return Token("word", at, end, word)


def is_operator(word: str) -> bool:
    """Whether a word without quotation marks would be read as an operator."""
    return bool(word in OPERATORS or NEAR.fullmatch(word) or AT_LEAST.fullmatch(word))
