"""A document in, its companies and themes out, each with the places that say so.

    document -> compose jamo -> companies.CompanyFinder -> themes.ThemeFinder -> Recognition

Composes `lexicon`, `context`, `companies` and `themes`; reads no file and no clock of its own. A Recogniser is built
once and may be shared by threads: it keeps no state between documents.
"""

from __future__ import annotations

from dataclasses import replace

from articles.korean import jamo
from articles.pages import language
from articles.tagging import companies, context, lexicon, themes, watchlist
from articles.tagging.mentions import CompanyTag, Document, Mention, Recognition, ThemeTag

__all__ = ["CompanyTag", "Document", "Mention", "Recogniser", "Recognition", "ThemeTag"]

# What is looked at of one field; a longer text is not an article.
LONGEST = 400_000
LANGUAGE_SAMPLE = 1_000


class Recogniser:
    """Recognises what a watch list asks for. Building one takes a moment; recognising is fast."""

    def __init__(self, watched: watchlist.Watchlist) -> None:
        self.version = watched.version
        self._companies = companies.CompanyFinder(
            lexicon.Lexicon(watched.companies), context.Model(context.shipped())
        )
        self._themes = themes.ThemeFinder(watched.themes)

    def recognise(self, document: Document) -> Recognition:
        """The companies, themes and teams of a document. Offsets are those of the fields as given."""
        title, text = _Composed(document.title[:LONGEST]), _Composed(document.text[:LONGEST])
        found = self._companies.find(title.text, text.text)
        tags = companies.tags(found)
        named = self._themes.find(title.text, text.text, frozenset(tag.name for tag in tags))
        if title.offsets or text.offsets:
            places = {"title": title, "text": text}
            found = _placed(found, places)
            tags = companies.tags(found)
            named = tuple(replace(tag, mentions=_placed(tag.mentions, places)) for tag in named)
        return Recognition(
            language=language.detect(f"{title.text} {text.text[:LANGUAGE_SAMPLE]}"),
            companies=tags,
            themes=named,
            sports=tuple(mention for mention in found if mention.kind == "sport"),
            version=self.version,
        )


def weigh_themes(
    finder: themes.ThemeFinder, document: Document, companies: frozenset[str]
) -> tuple[themes.Verdict, ...]:
    """The sums behind a document's themes, given the companies recognised in it, as `Recogniser` reads its fields.

    Places are those of the fields in composed syllables.
    """
    title, text = _Composed(document.title[:LONGEST]), _Composed(document.text[:LONGEST])
    return finder.weigh(title.text, text.text, companies)


class _Composed:
    """A field as it is read, and the way back to the field as it was given."""

    def __init__(self, given: str) -> None:
        composed = jamo.compose(given)
        self.given = given
        self.text = composed.text if composed else given
        self.offsets = composed.offsets if composed else None


def _placed(found: tuple[Mention, ...], places: dict[str, _Composed]) -> tuple[Mention, ...]:
    return tuple(_place(mention, places[mention.field]) for mention in found)


def _place(mention: Mention, place: _Composed) -> Mention:
    if place.offsets is None:
        return mention
    start, end = place.offsets[mention.start], place.offsets[mention.end]
    return replace(mention, start=start, end=end, text=place.given[start:end])
