"""Why an article is tagged: its mentions as marks over the text, and as sentences beside it.

Times and quotations are found anew whenever the article is shown: they cost a millisecond, and what is kept of them
(articles.chronicle) comes later than the article.
Takes an article with its tags and mentions loaded; asks the database nothing.
"""

import datetime
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext

from articles import date_words, highlight, models, rules
from articles.dates import resolve, speech
from articles.dates.values import TimeValue

# How many colours the style sheet has for themes.
TONES = 8
# Code points of a text in which times and quotations are looked for.
LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention as it is drawn over the text. `first`: the first place of this name, which the keyboard reaches."""

    start: int
    end: int
    kind: str
    name: str
    tone: int
    reason: str
    first: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A surface form and how often it stands in the article."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A tag, the forms that speak for it, and their reasons."""

    name: str
    kind: str
    pk: int
    tone: int
    # Confidence or score, as text; empty for a team.
    strength: str
    forms: tuple[Form, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Time:
    """A time that the article names: its words, what they mean, and why."""

    text: str
    means: str
    reason: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whom the article quotes, and how often."""

    name: str
    role: str
    company: str
    count: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of marks: its name, and how many of them the article has."""

    code: str
    name: str
    count: int


class _Told(TypedDict):
    forms: tuple[Form, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's pieces, marked or plain."""

    pieces: tuple[highlight.Piece[Mark], ...]


def marks(mentions: Iterable[models.Mention], field: str) -> list[Mark]:
    """The marks over one field, in order of appearance."""
    seen: set[tuple[str, str]] = set()
    found = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if mention.field != field:
            continue
        key = (mention.kind, _name(mention))
        found.append(
            Mark(
                mention.start,
                mention.end,
                mention.kind,
                _name(mention),
                mention.theme.position % TONES if mention.theme else 0,
                reason(mention),
                first=key not in seen,
            )
        )
        seen.add(key)
    return found


def times(article: models.Article) -> dict[str, tuple[TimeValue, ...]]:
    """The times that the article's title and text name, by field."""
    return {
        field: resolve.resolve_text(
            words[:LONGEST_TEXT], article.published_at, time_zone=article.source.time_zone
        )
        for field, words in (("title", article.title), ("text", article.body))
    }


def quotes(article: models.Article, mentions: Iterable[models.Mention]) -> tuple[speech.Quote, ...]:
    """What the article's text quotes."""
    companies = [_Named(one.start, one.end, _name(one), one.kind) for one in mentions if one.field == "text"]
    return speech.find_quotes(article.body[:LONGEST_TEXT], companies)


@dataclass(frozen=True, slots=True)
class _Named:
    """A mention as `articles.dates` takes it."""

    start: int
    end: int
    name: str
    kind: str


def time_marks(found: Iterable[TimeValue], article: models.Article) -> list[Mark]:
    """The marks of times."""
    published = _published_on(article)
    return [
        Mark(
            one.start_offset,
            one.end_offset,
            "date",
            one.text,
            0,
            date_words.reason(one, published),
            first=True,
        )
        for one in found
    ]


def quote_marks(found: Iterable[speech.Quote]) -> list[Mark]:
    """The marks of quotations, those of one speaker in a row reached by the keyboard once."""
    return [Mark(one.start, one.end, "quote", one.speaker, 0, said_by(one), first=True) for one in found]


def said_mark(start: int, end: int) -> Mark:
    """The mark of a sentence that somebody cites."""
    return Mark(start, end, "said", "", 0, gettext("Your line was taken from this sentence."), first=False)


def said_by(quote: speech.Quote) -> str:
    """Whose words they are, and how sure that is."""
    sure = gettext("%(percent)s sure") % {"percent": f"{quote.confidence:.0%}"}
    who = " ".join(filter(None, (quote.company, quote.speaker, quote.role)))
    if not who:
        return gettext("Quoted; the text does not say whom.")
    return f"{gettext('Said by %(who)s') % {'who': who}} · {sure}"


def told_times(found: Iterable[TimeValue], article: models.Article) -> list[Time]:
    """The times as a list beside the article, each once, in order of appearance."""
    published = _published_on(article)
    return list(
        dict.fromkeys(
            Time(
                one.text,
                date_words.means(one),
                date_words.reason(one, published),
            )
            for one in found
        )
    )


def speakers(found: Iterable[speech.Quote]) -> list[Speaker]:
    """Who is quoted, in order of appearance."""
    counts = Counter((one.speaker, one.role, one.company) for one in found if one.speaker or one.role)
    return [Speaker(*who, count) for who, count in counts.items()]


def _published_on(article: models.Article) -> datetime.date:
    """The day of publication where the article's source is."""
    return article.published_at.astimezone(zoneinfo.ZoneInfo(article.source.time_zone)).date()


def kinds(found: Iterable[Mark]) -> list[Kind]:
    """The kinds of marks that there are, in a fixed order."""
    names = {
        "company": gettext("companies"),
        "theme": gettext("themes"),
        "sport": gettext("sports teams"),
        "date": gettext("times"),
        "quote": gettext("quotations"),
    }
    counts = Counter(mark.kind for mark in found)
    return [Kind(code, name, counts[code]) for code, name in names.items() if counts[code]]


def pieces(text: str, found: Sequence[Mark]) -> Paragraph:
    """A text of one paragraph with its marks."""
    return Paragraph(tuple(highlight.cut(text, found)))


def paragraphs(text: str, found: Sequence[Mark]) -> list[Paragraph]:
    """The text's paragraphs with their marks."""
    return [
        Paragraph(tuple(highlight.cut(text, found, start=part.start, end=part.end)))
        for part in highlight.paragraphs(text)
    ]


def companies(article: models.Article) -> list[Evidence]:
    """The company tags with their evidence, in order of appearance."""
    return [
        Evidence(
            name=tag.company.name,
            kind="company",
            pk=tag.company_id,
            tone=0,
            strength=f"{tag.confidence:.0%}",
            **_told(_of(article, "company", company_id=tag.company_id)),
        )
        for tag in article.company_tags.all()
    ]


def themes(article: models.Article) -> list[Evidence]:
    """The theme tags with their evidence, strongest first."""
    return [
        Evidence(
            name=tag.theme.name,
            kind="theme",
            pk=tag.theme_id,
            tone=tag.theme.position % TONES,
            strength=f"{tag.score:.1f}",
            **_told(_of(article, "theme", theme_id=tag.theme_id)),
        )
        for tag in article.theme_tags.all()
    ]


def sports(article: models.Article) -> list[Evidence]:
    """Teams that bear a watched company's name: told apart, never tagged."""
    teams: dict[int, list[models.Mention]] = {}
    for mention in _of(article, "sport"):
        if mention.company_id is not None:
            teams.setdefault(mention.company_id, []).append(mention)
    return [
        Evidence(name=_name(of[0]), kind="sport", pk=pk, tone=0, strength="", **_told(of))
        for pk, of in teams.items()
    ]


def reason(mention: models.Mention) -> str:
    """In a sentence: what the span stands for, which rule said so, and how sure it is."""
    name = _name(mention)
    if mention.kind == "sport":
        sentence = gettext("A sports team that bears the name of %(name)s, not the company: %(rule)s")
    elif mention.kind == "theme":
        sentence = gettext("Speaks for the theme %(name)s: %(rule)s")
        return sentence % {"name": name, "rule": rules.words_for(mention.rule)}
    else:
        sentence = gettext("Names %(name)s: %(rule)s")
    told = sentence % {"name": name, "rule": rules.words_for(mention.rule)}
    sure = gettext("%(percent)s sure") % {"percent": f"{mention.confidence:.0%}"}
    return f"{told} · {sure}"


def _told(of: Sequence[models.Mention]) -> _Told:
    """The forms that speak for a tag, the most frequent first, and the reasons, each once."""
    forms = Counter(mention.text for mention in of).most_common()
    return {
        "forms": tuple(Form(*form) for form in forms),
        "reasons": tuple(dict.fromkeys(reason(mention) for mention in of)),
    }


def _of(article: models.Article, kind: str, **wanted: int) -> list[models.Mention]:
    return [
        mention
        for mention in article.mentions.all()
        if mention.kind == kind and all(getattr(mention, field) == value for field, value in wanted.items())
    ]


def _name(mention: models.Mention) -> str:
    owner = mention.company or mention.theme
    return owner.name if owner else ""
