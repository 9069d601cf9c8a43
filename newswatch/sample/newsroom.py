"""The sample newsroom as data: reads `outlets.toml` and `articles/*.md`, answers articles.

An article's file says how long before the newsroom's first start it was published ("3 days ago, 09:20"); given
that start (the anchor), `compose` answers articles with real times and texts. Reads no clock, writes nothing,
serves nothing, and an article's identity never depends on the anchor.
"""

import dataclasses
import datetime
import functools
import pathlib
import tomllib
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any

from newswatch.sample import wording

HERE = pathlib.Path(__file__).parent
GROUP = "Sample newsroom"
_MARKS = {"[photo] ": "caption", "## ": "heading"}


class BadData(ValueError):  # noqa: N818 - reads better where it is raised
    """A data file of the sample newsroom does not say what it must; the message names the file."""


@dataclasses.dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of an outlet: `path` below the server's root, `format` rss, atom, rdf or json.

    No `sections` means all of them; `campaign` is the utm_campaign its links carry; `full` sends whole texts.
    """

    path: str
    format: str
    title: str
    sections: tuple[str, ...] = ()
    campaign: str = ""
    full: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet: where its pages lie, how it encodes them, and what its pages are cluttered with."""

    key: str
    name: str
    description: str
    language: str
    time_zone: str
    page: str
    guid: str
    feeds: tuple[FeedSpec, ...]
    sections: tuple[str, ...]
    promotions: tuple[str, ...]
    most_read: tuple[str, ...]
    comments: tuple[str, ...]
    copyright: str
    encoding: str = "utf-8"
    layout: str = "article"
    wall_clock_as_utc: bool = False
    fetch_pages: bool = True
    json_ld: bool = False

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def home(self) -> str:
        return f"/{self.key}/"


@dataclasses.dataclass(frozen=True, slots=True)
class Clutter:
    """What a portal wraps around an article: lines before it, lines after it, and other headlines."""

    notices: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    promotions: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Correction:
    """How version 2 of an article differs: (old, new) wordings, and the line that says so."""

    note: str
    changes: tuple[tuple[str, str], ...]
    release: int


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """An article's file as read: times still relative, date tokens not yet filled in.

    `release` above 0 holds the article back until the newsroom releases it, lowest first. `story` names the
    event that several outlets report on. `watched` is false where no company or theme is what it is about.
    """

    outlet: str
    number: int
    slug: str
    title: str
    section: str
    byline: str
    body: str
    subtitle: str = ""
    tags: tuple[str, ...] = ()
    days_ago: int = 0
    at: str = ""
    hours_ago: float = 0.0
    release: int = 0
    story: str = ""
    watched: bool = True
    clutter: Clutter | None = None
    correction: Correction | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text: kind paragraph, caption or heading."""

    kind: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """A published article; times are aware. `address` is its path and query below the server's root."""

    guid: str
    address: str
    outlet: str
    title: str
    subtitle: str
    section: str
    byline: str
    tags: tuple[str, ...]
    blocks: tuple[Block, ...]
    published: datetime.datetime
    updated: datetime.datetime
    version: int = 1
    note: str = ""
    story: str = ""
    watched: bool = True
    clutter: Clutter | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind == "paragraph")


@dataclasses.dataclass(frozen=True, slots=True)
class Library:
    """Everything that ships: outlets by key, drafts by guid."""

    outlets: Mapping[str, Outlet]
    drafts: Mapping[str, Draft]

    def guid_of(self, draft: Draft) -> str:
        return self.outlets[draft.outlet].guid.format(number=draft.number, slug=draft.slug)


def load(folder: pathlib.Path = HERE) -> Library:
    """Read the outlets and the articles below `folder`. Raises BadData."""
    outlets = {outlet.key: outlet for outlet in _read_outlets(folder / "outlets.toml")}
    library = Library(outlets, {})
    drafts: dict[str, Draft] = {}
    for path in sorted((folder / "articles").glob("*.md")):
        draft = read_draft(path, outlets)
        guid = library.guid_of(draft)
        if guid in drafts:
            raise BadData(f"{path.name}: {guid} is already taken by {drafts[guid].slug}")
        drafts[guid] = draft
    return Library(outlets, drafts)


@functools.cache
def shipped() -> Library:
    """The library that ships with the project, read once."""
    return load()


def read_draft(path: pathlib.Path, outlets: Mapping[str, Outlet]) -> Draft:
    """Read one article file: TOML between two +++ lines, then the text. Raises BadData."""
    parts = path.read_text(encoding="utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise BadData(f"{path.name}: must begin with TOML between two +++ lines")
    try:
        fields = tomllib.loads(parts[1])
        draft = _draft(fields, slug=path.stem.removeprefix(f"{fields['outlet']}-"), body=parts[2].strip())
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadData(f"{path.name}: {error!r}") from error
    _check(draft, path.name, outlets)
    return draft


def compose(
    library: Library,
    draft: Draft,
    *,
    anchor: datetime.datetime,
    published: datetime.datetime | None = None,
    corrected: datetime.datetime | None = None,
) -> Article:
    """The article as a reader sees it, at its own time before `anchor` or at `published` where that is given.

    `corrected` is when version 2 replaced version 1; without it, version 1 is composed.
    """
    outlet = library.outlets[draft.outlet]
    when = published or _published(draft, anchor, outlet)
    correction = draft.correction if corrected else None
    title, body = _apply(correction, draft.title), _apply(correction, draft.body)
    fill = functools.partial(
        wording.fill, published=when.astimezone(outlet.zone).date(), language=outlet.language
    )
    return Article(
        guid=library.guid_of(draft),
        address=address(outlet, number=draft.number, slug=draft.slug),
        outlet=draft.outlet,
        title=fill(title),
        subtitle=fill(draft.subtitle),
        section=draft.section,
        byline=draft.byline,
        tags=draft.tags,
        blocks=blocks(fill(body)),
        published=when,
        updated=corrected if correction and corrected else when,
        version=2 if correction else 1,
        note=correction.note if correction else "",
        story=draft.story,
        watched=draft.watched,
        clutter=draft.clutter,
    )


def address(outlet: Outlet, *, number: int, slug: str) -> str:
    """Path and query of an article's page below the server's root."""
    return f"/{outlet.key}{outlet.page.format(number=number, slug=slug)}"


def blocks(body: str) -> tuple[Block, ...]:
    """Split a text at its blank lines; `[photo] ` opens a caption and `## ` a heading."""
    return tuple(_block(" ".join(piece.split())) for piece in body.split("\n\n") if piece.strip())


def in_feed(feed: FeedSpec, articles: Iterable[Article]) -> list[Article]:
    """Those of one outlet's `articles` that `feed` carries, newest first."""
    chosen = [article for article in articles if not feed.sections or article.section in feed.sections]
    return sorted(chosen, key=lambda article: (article.published, article.guid), reverse=True)


def sources(base_url: str) -> list[dict[str, Any]]:
    """Every feed of the newsroom served at `base_url`, as the fields of a source the demo is to poll."""
    base = base_url.rstrip("/")
    return [
        {
            "outlet": outlet.name,
            "homepage": base + outlet.home,
            "title": feed.title,
            "url": base + feed.path,
            "language": outlet.language,
            "time_zone": outlet.time_zone,
            "group": GROUP,
            "fetch_pages": outlet.fetch_pages,
        }
        for outlet in shipped().outlets.values()
        for feed in outlet.feeds
    ]


def _read_outlets(path: pathlib.Path) -> list[Outlet]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return [_outlet(key, fields) for key, fields in data.items()]
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise BadData(f"{path.name}: {error}") from error


def _outlet(key: str, fields: dict[str, Any]) -> Outlet:
    feeds = tuple(
        FeedSpec(**_tuples(feed) | {"path": f"/{key}{feed['path']}"}) for feed in fields.pop("feeds")
    )
    return Outlet(key=key, feeds=feeds, **_tuples(fields))


def _draft(fields: dict[str, Any], *, slug: str, body: str) -> Draft:
    clutter, correction = fields.pop("clutter", None), fields.pop("correction", None)
    return Draft(
        **_tuples(fields),
        slug=slug,
        body=body,
        clutter=Clutter(**_tuples(clutter)) if clutter else None,
        correction=_correction(correction) if correction else None,
    )


def _correction(fields: dict[str, Any]) -> Correction:
    changes = tuple((change["old"], change["new"]) for change in fields["changes"])
    return Correction(note=fields["note"], changes=changes, release=fields["release"])


def _check(draft: Draft, name: str, outlets: Mapping[str, Outlet]) -> None:
    """Raises BadData for what would only show when the article is served."""
    outlet = outlets.get(draft.outlet)
    if outlet is None:
        raise BadData(f"{name}: unknown outlet {draft.outlet}; known are: {', '.join(outlets)}")
    if draft.section not in outlet.sections:
        raise BadData(f"{name}: {outlet.name} has no section {draft.section}")
    if not (draft.release or draft.hours_ago or (draft.days_ago >= 1 and draft.at)):
        raise BadData(f"{name}: needs release, hours_ago, or days_ago (1 or more) with at")
    if draft.release and draft.correction:
        raise BadData(f"{name}: an article that is held back can't have a correction")
    for old, _ in draft.correction.changes if draft.correction else ():
        if old not in draft.title + "\n" + draft.body:
            raise BadData(f"{name}: the correction replaces {old!r}, which does not occur")


def _published(draft: Draft, anchor: datetime.datetime, outlet: Outlet) -> datetime.datetime:
    if draft.hours_ago:
        return (anchor - datetime.timedelta(hours=draft.hours_ago)).replace(second=0, microsecond=0)
    day = anchor.astimezone(outlet.zone).date() - datetime.timedelta(days=draft.days_ago)
    time = datetime.time.fromisoformat(draft.at or "09:00")
    return datetime.datetime.combine(day, time, tzinfo=outlet.zone).astimezone(datetime.UTC)


def _apply(correction: Correction | None, text: str) -> str:
    for old, new in correction.changes if correction else ():
        text = text.replace(old, new)
    return text


def _block(piece: str) -> Block:
    for mark, kind in _MARKS.items():
        if piece.startswith(mark):
            return Block(kind, piece.removeprefix(mark))
    return Block("paragraph", piece)


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
