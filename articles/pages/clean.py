"""Lines of an article page to labelled regions: what is the body, and what the page printed around it.

Rules are about how Korean (and English) news pages are written, never about one outlet. Must not drop a
line: every line comes out again in exactly one region, except that a line that carries a signature or a
copyright notice behind its last sentence is parted there.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.pages import language, phrases

KINDS = (
    "title",
    "subtitle",
    "byline",
    "lead",
    "body",
    "caption",
    "quote",
    "related",
    "promotion",
    "notice",
    "copyright",
    "comment",
    "contact",
)


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of a page; `kind` is one of KINDS."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the page gave it. `hint` is the kind its markup suggests ("" for none), `heading` that
    it is one, `item` that it stands in a list, `linked` that it is mostly link."""

    text: str
    hint: str = ""
    heading: bool = False
    item: bool = False
    linked: bool = False


# Without one of these a line carries neither a signature nor a copyright notice behind its last sentence.
TAIL_SIGNS = ("@", "금지", "eserved", "ESERVED")
# A body longer than this, in Latin letters, is no mere beginning that a wall cuts off.
WALLED_BODY = 1600
_KEY = re.compile(r"[\W_]+")
_SENTENCES = re.compile(r"[다요]\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Article:
    """What every step needs to know of the whole."""

    lines: tuple[Line, ...]
    title_keys: frozenset[str]
    korean: bool


def label(lines: Sequence[Line], *, titles: Sequence[str] = ()) -> tuple[Region, ...]:
    """Every line with its kind, in the order of the page; cleaning the body again changes nothing.

    `titles` are the spellings of the headline, to tell its own line.
    """
    parted = tuple(piece for line in lines for piece in _part(line))
    korean = language.detect(" ".join(line.text for line in parted if not line.hint)) == "ko"
    article = _Article(parted, frozenset(key_of(title) for title in titles) - {""}, korean)
    kinds = [line.hint or kind_of(line) for line in parted]
    for step in (
        _mark_title,
        _mark_walls,
        _mark_notices,
        _mark_related,
        _mark_tail,
        _mark_repeats,
        _mark_subtitles,
    ):
        kinds = step(article, kinds)
    return tuple(Region(kind or "body", line.text) for line, kind in zip(parted, kinds, strict=True))


def body_of(regions: Sequence[Region]) -> str:
    """The body alone, its paragraphs parted by a blank line."""
    return "\n\n".join(region.text for region in regions if region.kind == "body")


def key_of(text: str) -> str:
    """What two printings of one line share: letters and digits alone."""
    return _KEY.sub("", text).casefold()


def ends_sentence(text: str) -> bool:
    """Whether a line closes a sentence, as prose does and headlines don't."""
    return phrases.SENTENCE_END.search(text[-20:]) is not None


def kind_of(line: Line) -> str:
    """The kind that a line's own words give away; "" for a line that may be body."""
    text = line.text
    if len(text) > 400 or _is_news_prose(text):
        return ""
    for kind, test in _TESTS:
        if test(text):
            return kind
    return ""


def _is_news_prose(text: str) -> bool:
    """A sentence in the plain style without any sign of clutter: most lines of most articles, and told at once."""
    return (
        _ends_plainly(text)
        and phrases.SIGN.search(text) is None
        and not any(map(text.__contains__, phrases.SIGN_WORDS))
    )


def _ends_plainly(text: str) -> bool:
    return text.endswith("다.") and not text.endswith("니다.")


def are_all_news(texts: Sequence[str], *, titles: Sequence[str] = ()) -> bool:
    """Whether each of these lines is body to `label`, as far as that can be told soon; they bear no hints or links."""
    if not all(_ends_plainly(text) or _ends_in_english(text) for text in texts):
        return False
    if any(sign in text for text in texts for sign in TAIL_SIGNS) or any(
        kind_of(Line(text)) for text in texts
    ):
        return False
    if any(len(text) <= 160 and is_wall(text) for text in texts):
        return False
    # Two printings of one line begin with the same letter.
    named = frozenset(key_of(title) for title in titles) - {""}
    beginnings = Counter([*map(_first_letter, texts), *(key[0] for key in named)])
    keys = [key_of(text) for text in texts if beginnings[_first_letter(text)] > 1]
    return len(set(keys)) == len(keys) and named.isdisjoint(keys)


def _ends_in_english(text: str) -> bool:
    """Whether a line ends with a word in small letters and a full stop: no headline, and no sentence cut short."""
    word = text[-3:-1]
    return text.endswith(".") and len(word) == 2 and word.isascii() and word.isalpha() and word.islower()


def _first_letter(text: str) -> str:
    return text[0].casefold()[:1] if text[0].isalnum() else key_of(text)[:1]


def _part(line: Line) -> list[Line]:
    """A line, its signature and its copyright notice, where they were printed as one."""
    if not any(sign in line.text for sign in TAIL_SIGNS):
        return [line]
    pieces: list[Line] = []
    text, tails = line.text, list[str]()
    for pattern in (phrases.COPYRIGHT_TAIL, phrases.SIGNATURE_TAIL, phrases.EMAIL_TAIL):
        found = pattern.search(text, max(0, len(text) - 260))
        if found and found.start(1) > 20:
            tails.insert(0, found[1].strip())
            text = text[: found.start()].rstrip()
    pieces.append(replace(line, text=text))
    return pieces + [replace(line, text=tail) for tail in tails if tail]


def _is_copyright(text: str) -> bool:
    return (
        len(text) <= 250
        and ("금지" in text or not _is_plain(text))
        and phrases.COPYRIGHT.search(text) is not None
    )


def _is_plain(text: str) -> bool:
    """A sentence in the plain style of Korean news prose: what the page says to its reader is polite or clipped."""
    return phrases.PLAIN_END.search(text[-20:]) is not None


def _is_contact(text: str) -> bool:
    if len(text) > 160:
        return False
    if phrases.BARE_EMAIL.fullmatch(text):
        return phrases.DESK.search(text) is not None
    if phrases.CONTACT_LABEL.fullmatch(text) or phrases.BARE_ADDRESS.fullmatch(text):
        return True
    return not _is_plain(text) and phrases.CONTACT_WORDS.search(text) is not None


def _is_byline(text: str) -> bool:
    if len(text) > 120:
        return False
    if phrases.SIGNATURE.fullmatch(text) or phrases.CREDITS.fullmatch(text):
        return True
    return len(text) <= 90 and phrases.EMAIL_LINE.fullmatch(text) is not None and not ends_sentence(text)


def _is_promotion(text: str) -> bool:
    if len(text) <= 100 and phrases.CLICK.search(text):
        return True
    if len(text) > 160 or not phrases.MARK.match(text):
        return False
    arrows = sum(text.count(mark) for mark in "▶▷►☞")
    if arrows > 1 and not ends_sentence(text):
        return True
    if _is_plain(text):
        return False
    return phrases.ACTIONS.search(text) is not None or (
        phrases.ARROW.match(text) is not None and phrases.MEDIA.search(text) is not None
    )


def _is_related(text: str) -> bool:
    return len(text) <= 180 and bool(
        phrases.RELATED_HEAD.fullmatch(text) or phrases.INLINE_RELATED.fullmatch(text)
    )


def is_wall(text: str) -> bool:
    """Whether a line tells its reader to pay or to log in for the rest of the article."""
    if _is_plain(text) or phrases.WALL.search(text) is None:
        return False
    return phrases.OTHER_WALL.search(text) is None


def _is_notice(text: str) -> bool:
    if any(pattern.fullmatch(text) for pattern in (phrases.HASHTAGS, phrases.PLACEHOLDER, phrases.LABEL)):
        return True
    if len(text) <= 110 and any(
        pattern.fullmatch(text) for pattern in (phrases.TIMESTAMP, phrases.ENGLISH_DATE)
    ):
        return True
    if len(text) <= 160 and phrases.ENGLISH_NOTICE.match(text):
        return True
    return len(text) <= 200 and not _is_plain(text) and phrases.NOTICE.search(text) is not None


def _is_caption(text: str) -> bool:
    if len(text) <= 250 and phrases.ARROWED_CAPTION.match(text):
        return True
    if len(text) <= 400 and phrases.LATIN.search(text) and phrases.ENGLISH_CREDIT.search(text):
        return True
    if len(text) > 250 or text.endswith(("다.", "요.")) or len(_SENTENCES.findall(text)) > 2:
        return False  # a paragraph that happens to end in a credit
    return phrases.CREDIT.search(text) is not None


_TESTS = (
    ("copyright", _is_copyright),
    ("contact", _is_contact),
    ("related", _is_related),
    ("promotion", _is_promotion),
    ("byline", _is_byline),
    ("caption", _is_caption),
    ("notice", _is_notice),
)


def _mark_title(article: _Article, kinds: list[str]) -> list[str]:
    """The headline's own line, wherever it was printed."""
    longest = 4 * max(map(len, article.title_keys), default=0) + 20
    return [
        "title" if len(line.text) <= longest and key_of(line.text) in article.title_keys else kind
        for line, kind in zip(article.lines, kinds, strict=True)
    ]


def _mark_walls(article: _Article, kinds: list[str]) -> list[str]:
    """What a page that shows only a beginning says of the rest."""
    if sum(len(line.text) for line, kind in zip(article.lines, kinds, strict=True) if not kind) > WALLED_BODY:
        return kinds
    return [
        "notice" if not kind and len(line.text) <= 160 and is_wall(line.text) else kind
        for line, kind in zip(article.lines, kinds, strict=True)
    ]


def _mark_notices(article: _Article, kinds: list[str]) -> list[str]:
    """Among prose in the plain style, polite lines about the page itself are the page's, not the article's."""
    texts = [line.text for line, kind in zip(article.lines, kinds, strict=True) if not kind]
    plain = sum(phrases.PLAIN_END.search(text[-20:]) is not None for text in texts)
    polite = sum(phrases.POLITE_END.search(text[-20:]) is not None for text in texts)
    if plain <= polite:
        return kinds
    return [
        "notice"
        if not kind and phrases.POLITE_END.search(line.text[-20:]) and _addresses_reader(line.text)
        else kind
        for line, kind in zip(article.lines, kinds, strict=True)
    ]


def _addresses_reader(text: str) -> bool:
    """One sentence about the page's own workings; several are somebody's letter."""
    single = len(text) <= 110 and len(_SENTENCES.findall(text)) <= 1
    return single and phrases.INTERFACE.search(text) is not None and not re.search(r"[\"“”]", text)


def _mark_related(article: _Article, kinds: list[str]) -> list[str]:
    """Headlines under a heading such as 관련기사, and links to other stories between paragraphs."""
    kinds = list(kinds)
    under = False
    for number, line in enumerate(article.lines):
        if kinds[number]:
            under = kinds[number] == "related" and (
                under or phrases.RELATED_HEAD.fullmatch(line.text) is not None
            )
        elif (under and _is_headline(line.text)) or _is_link_list(article, number):
            kinds[number] = "related"
        else:
            under = False
    return kinds


def _is_link_list(article: _Article, number: int) -> bool:
    """A paragraph that is a link and no sentence; in a list, beside others of its kind."""
    line = article.lines[number]
    if not _is_bare_link(line, article.korean):
        return False
    beside = [article.lines[at] for at in (number - 1, number + 1) if 0 <= at < len(article.lines)]
    return not line.item or article.korean or any(_is_bare_link(each, article.korean) for each in beside)


def _is_bare_link(line: Line, korean: bool) -> bool:
    if not korean and phrases.NUMBERED.match(line.text):
        return False  # an item of an article that counts things
    if not line.linked or line.heading:
        return False
    # Korean headlines may end as sentences do, but for the full stop.
    return _is_headline(line.text) if korean else not ends_sentence(line.text)


def _is_headline(text: str) -> bool:
    return len(text) <= 120 and phrases.FULL_STOP.search(text[-20:]) is None


def _mark_tail(article: _Article, kinds: list[str]) -> list[str]:
    """Behind the article's last sentence: listed headlines; behind its signature: all headlines; behind its
    copyright line: everything."""
    kinds = list(kinds)
    lines = article.lines
    sizes = [
        0 if kind or _is_listed(line) else len(line.text) for line, kind in zip(lines, kinds, strict=True)
    ]
    sizes = [
        size if size and ends_sentence(line.text) else 0 for line, size in zip(lines, sizes, strict=True)
    ]
    # Korean pages end with ways to reach the outlet; elsewhere an address may belong to an item of a list.
    signed = _closing(kinds, sizes, {"byline", "copyright", *(["contact"] if article.korean else [])})
    closed = _closing(kinds, sizes, {"copyright"})
    last = max((number for number, size in enumerate(sizes) if size and number < signed), default=-1)
    for number in range(last + 1, len(kinds)):
        behind = number > closed or (number > signed and _is_headline(lines[number].text))
        if not kinds[number] and (behind or (_is_listed(lines[number]) and not any(sizes[number:]))):
            kinds[number] = "related"
    return kinds


def _closing(kinds: Sequence[str], sizes: Sequence[int], closers: set[str]) -> int:
    """Where the first line stands that ends the article: one of `closers` with next to no prose behind it."""
    rest, total = sum(sizes), sum(sizes)
    for number, (kind, size) in enumerate(zip(kinds, sizes, strict=True)):
        rest -= size
        if kind in closers and rest <= 0.2 * total < total:
            return number
    return len(kinds)


def _is_listed(line: Line) -> bool:
    """`- headline`: a list item that is no sentence."""
    return phrases.BULLET.match(line.text) is not None and not line.heading and _is_headline(line.text)


def _mark_repeats(article: _Article, kinds: list[str]) -> list[str]:
    """A paragraph printed twice counts once: as lead when the copy follows at once, as quote when it comes later."""
    kinds = list(kinds)
    body = [number for number, kind in enumerate(kinds) if not kind]
    keys = [key_of(article.lines[number].text) for number in body]
    counts = Counter(keys)
    latest: dict[str, int] = {}
    for at, key in enumerate(keys):
        if not _may_repeat(article.lines[body[at]].text, article.korean):
            continue
        first = latest.setdefault(key, at)
        if first == at:
            continue
        ahead = at + 1 < len(keys) and not any(_is_news(between, counts) for between in keys[first + 1 : at])
        kinds[body[first if ahead else at]] = "lead" if ahead else "quote"
        latest[key] = at if ahead else first
    return _mark_cut_lead(article, kinds)


def _may_repeat(text: str, korean: bool) -> bool:
    """A sentence long enough that two of it are one printed twice, not the lines of a table."""
    return len(text) >= (20 if korean else 60) and ends_sentence(text)


def _is_news(key: str, counts: Counter[str]) -> bool:
    """A paragraph of its own: neither repeated nor a mere label."""
    return len(key) >= 12 and counts[key] == 1


def _mark_cut_lead(article: _Article, kinds: list[str]) -> list[str]:
    """A summary cut off with dots whose beginning the body repeats."""
    body = [number for number, kind in enumerate(kinds) if not kind]
    for number in body[:2]:
        text = article.lines[number].text
        cut = key_of(text)
        if len(cut) > 30 and text.endswith(("..", "…")):
            rest = " ".join(article.lines[at].text for at in body if at > number)
            if cut in key_of(rest[:3000]):
                kinds[number] = "lead"
    return kinds


def _mark_subtitles(article: _Article, kinds: list[str]) -> list[str]:
    """Korean pages print one to four headline-like lines between the headline and the first paragraph."""
    body = [number for number, kind in enumerate(kinds) if not kind]
    first = next((number for number in body if ends_sentence(article.lines[number].text)), None)
    if first is None or not article.korean:
        return kinds
    before = {
        number
        for number in body
        if number < first and not phrases.SPEAKER.fullmatch(article.lines[number].text)
    }
    if len(before) > 4:
        return kinds
    return ["subtitle" if number in before else kind for number, kind in enumerate(kinds)]
