"""The parts of a page that are not the article's text, grouped by kind for the reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.search import fields

NAMES = {
    "lead": _("Lead"),
    "caption": _("Captions"),
    "quote": _("Quote boxes"),
    "related": _("Headlines of other stories"),
    "promotion": _("Promotion"),
    "notice": _("Notices"),
    "copyright": _("Copyright"),
    "comment": _("Comments"),
    "contact": _("Contact lines"),
}
# These stand elsewhere on an article's page already.
SHOWN = {"title": _("Title"), "subtitle": _("Subtitle"), "byline": _("Byline"), "body": _("Body")}
LONGEST_SUBTITLE = 120
MOST_SUBTITLES = 2


@dataclass(frozen=True, slots=True)
class Group:
    """All regions of a kind."""

    name: str
    texts: tuple[str, ...]


def name_of(kind: str) -> str:
    """A kind of region in the reader's language."""
    return str({**SHOWN, **NAMES}.get(kind, kind))


def searched(article: Article, of_page: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Kinds and texts of the parts beside the article's text that can be searched: its page's, and its feed's too
    where that gave the text."""
    of_feed = [] if article.text_from == Article.TextFrom.PAGE else article.feed_regions
    found = ((region.get("kind", ""), region.get("text", "")) for region in [*of_feed, *of_page])
    return [(kind, text) for kind, text in found if kind in fields.REGIONS and text]


def rest(regions: Iterable[Mapping[str, str]]) -> list[Group]:
    """What the page had besides title, byline and body, kinds in a fixed order, each text once."""
    texts: dict[str, dict[str, None]] = {}
    for region in regions:
        kind, text = region.get("kind", ""), region.get("text", "").strip()
        if text and kind not in SHOWN:
            texts.setdefault(kind, {})[text] = None
    order = [*(kind for kind in NAMES if kind in texts), *(kind for kind in texts if kind not in NAMES)]
    return [Group(str(NAMES.get(kind, kind)), tuple(texts[kind])) for kind in order]


def standfirst(regions: Iterable[Mapping[str, str]], body: str) -> list[str]:
    """The subtitle's lines, as far as they are short and not the body's own sentences."""
    lines = (
        line.strip()
        for region in regions
        if region.get("kind") == "subtitle"
        for line in region.get("text", "").splitlines()
    )
    short = (line for line in lines if line and len(line) <= LONGEST_SUBTITLE and line not in body)
    return list(dict.fromkeys(short))[:MOST_SUBTITLES]
