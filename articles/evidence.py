"""Why an article is tagged: its mentions as marks over the text, and as sentences beside it.

Takes an article with its tags and mentions loaded; asks the database nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from articles import highlight, models


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
    strength: str
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
                mention.theme.position % 8 if mention.theme else 0,
                reason(mention),
                first=key not in seen,
            )
        )
        seen.add(key)
    return found


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
    """The company tags with their evidence, surest first."""
    return [
        _evidence(tag.company.name, "company", tag.company_id, 0, f"{tag.confidence:.0%}", of)
        for tag in article.company_tags.all()
        for of in [_of(article, "company", company_id=tag.company_id)]
    ]


def themes(article: models.Article) -> list[Evidence]:
    """The theme tags with their evidence, strongest first."""
    return [
        _evidence(tag.theme.name, "theme", tag.theme_id, tag.theme.position % 8, f"{tag.score:.1f}", of)
        for tag in article.theme_tags.all()
        for of in [_of(article, "theme", theme_id=tag.theme_id)]
    ]


def sports(article: models.Article) -> list[Evidence]:
    """Teams that bear a watched company's name: told apart, never tagged."""
    teams: dict[int, list[models.Mention]] = {}
    for mention in _of(article, "sport"):
        if mention.company_id is not None:
            teams.setdefault(mention.company_id, []).append(mention)
    return [_evidence(_name(of[0]), "sport", pk, 0, "", of) for pk, of in teams.items()]


def reason(mention: models.Mention) -> str:
    """In a sentence: what the span stands for, which rule said so, and how sure it is."""
    name = _name(mention)
    if mention.kind == "sport":
        sentence = gettext("A sports team that bears the name of %(name)s, not the company: %(rule)s")
    elif mention.kind == "theme":
        sentence = gettext("Speaks for the theme %(name)s: %(rule)s")
        return sentence % {"name": name, "rule": mention.rule}
    else:
        sentence = gettext("Names %(name)s: %(rule)s")
    told = sentence % {"name": name, "rule": gettext(mention.rule) if mention.rule else "–"}
    sure = gettext("%(percent)s sure") % {"percent": f"{mention.confidence:.0%}"}
    return f"{told} · {sure}"


def _evidence(
    name: str, kind: str, pk: int, tone: int, strength: str, of: Sequence[models.Mention]
) -> Evidence:
    forms = Counter(mention.text for mention in of)
    reasons = dict.fromkeys(reason(mention) for mention in of)
    return Evidence(
        name, kind, pk, tone, strength, tuple(Form(*form) for form in forms.most_common()), tuple(reasons)
    )


def _of(article: models.Article, kind: str, **wanted: int) -> list[models.Mention]:
    return [
        mention
        for mention in article.mentions.all()
        if mention.kind == kind and all(getattr(mention, field) == value for field, value in wanted.items())
    ]


def _name(mention: models.Mention) -> str:
    owner = mention.company or mention.theme
    return owner.name if owner else ""
