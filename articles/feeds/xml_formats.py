"""Walk the tree of an RSS, RDF or Atom feed or of a sitemap and take the strings out of it.

Elements are known by a prefix of ours and their local name, whatever prefix the feed gave them, so that
`<x:encoded xmlns:x=".../content/">` and an undeclared `<content:encoded>` are the same. Nothing is interpreted here.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import html
import re
from collections.abc import Callable, Iterator

from lxml import etree

from articles.feeds import markup, raw, titles

XML = "{http://www.w3.org/XML/1998/namespace}"
# Namespaces without scheme, "www.", case and trailing slash or hash, since feeds vary all of these.
PREFIXES = {
    "w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0": "rss",
    "purl.org/net/rss1.1": "rss",
    "my.netscape.com/rdf/simple/0.9": "rss",
    "channel.netscape.com/rdf/simple/0.9": "rss",
    "backend.userland.com/rss": "rss",
    "backend.userland.com/rss2": "rss",
    "blogs.law.harvard.edu/tech/rss": "rss",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "w3.org/1999/xhtml": "xhtml",
    "google.com/schemas/sitemap-news/0.9": "news",
    "sitemaps.org/schemas/sitemap/0.9": "sitemap",
    "google.com/schemas/sitemap/0.84": "sitemap",
    "google.com/schemas/sitemap/0.9": "sitemap",
}
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
PERSON = re.compile(r"^(?P<first>[^()]{1,200}?)\s*\((?P<second>[^()]{1,200})\)$")
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ENTRIES = 5000

Fields = dict[str, list[etree._Element]]
Reader = Callable[[etree._Element, str], raw.RawFeed]


class NotAFeed(ValueError):  # noqa: N818 -- it says what the tree is, as UnreadableFeed does
    """The markup is sound but no known format; the message names what it is."""


def read_feed(root: etree._Element) -> raw.RawFeed:
    """Take a feed out of a tree. Raises NotAFeed if the root element is that of no known format."""
    name = _local(root.tag).lower()
    if any(_is_shouted(element) for element in (root, *list(root)[:20])):
        _lower_names(root)
    reader = READERS.get(name)
    if reader is None:
        kind = "an HTML page" if name in markup.HTML_ROOTS else f"XML of another kind (<{name[:40]}>)"
        raise NotAFeed(f"this is {kind}, not a feed")
    return reader(root, _home(root))


# --- the names of elements -------------------------------------------------------------------------------------


def _is_shouted(element: etree._Element) -> bool:
    """Whether a format's own element is spelled with capitals. XML's names differ then, but feeds mean the same."""
    name = _local(element.tag)
    return name != name.lower() != "rdf" and name.lower() in (*READERS, "item", "url")


def _lower_names(root: etree._Element) -> None:
    """Spell all elements, and their attributes without a namespace, in lower case."""
    for element in root.iter(etree.Element):
        namespace, brace, local = str(element.tag).rpartition("}")
        element.tag = f"{namespace}{brace}{local.lower()}"
        for name in [name for name in element.attrib if not name.startswith("{") and name != name.lower()]:
            plain = "isPermaLink" if name.lower() == "ispermalink" else name.lower()
            element.set(plain, element.attrib.pop(name))


@functools.lru_cache(maxsize=4096)
def _key(tag: str, home: str) -> str:
    """`prefix:local` with our prefix, or the bare local name in the feed's own namespace, always in lower case."""
    if not tag.startswith("{"):
        return tag.lower()
    namespace, _, local = tag[1:].partition("}")
    if namespace == home:
        return local.lower()
    short = re.sub(r"^https?://(?:www\.)?", "", namespace.strip().lower()).rstrip("/#")
    prefix = PREFIXES.get(short, "other")
    return local.lower() if prefix in ("rss", "sitemap") else f"{prefix}:{local.lower()}"


def _local(tag: object) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _home(root: etree._Element) -> str:
    """The namespace the format's own elements are in: the root's, or in RDF that of its first child."""
    element = root
    if _local(root.tag).lower() == "rdf":
        element = next((child for child in root if _local(child.tag) in ("channel", "item")), root)
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def _fields(element: etree._Element, home: str) -> Fields:
    """An element's children by key; a media:group is only a wrapper."""
    found: Fields = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        key = _key(child.tag, home)
        found.setdefault(key, []).append(child)
        if key in ("media:group", "media:content"):
            for inner in child:
                if isinstance(inner.tag, str):
                    found.setdefault(_key(inner.tag, home), []).append(inner)
    return found


def _elements(root: etree._Element, home: str, name: str) -> Iterator[etree._Element]:
    """All elements of a name in the format's namespace, however deep a broken feed put them."""
    yield from root.iter(f"{{{home}}}{name}" if home else name)


def _first(fields: Fields, *keys: str) -> str:
    """The text of the first of these children that has any."""
    for key in keys:
        for element in fields.get(key, ()):
            text = markup.plain_text(element).strip()
            if text:
                return text
    return ""


def _first_markup(fields: Fields, *keys: str) -> str:
    for key in keys:
        for element in fields.get(key, ()):
            text = _construct(element) if key.startswith("atom:") else markup.inner_markup(element).strip()
            if text:
                return text
    return ""


def _texts(fields: Fields, *keys: str) -> tuple[str, ...]:
    found = (
        titles.plain_title(markup.plain_text(element)) for key in keys for element in fields.get(key, ())
    )
    return tuple(dict.fromkeys(text for text in found if text))


def _base(element: etree._Element) -> tuple[str, ...]:
    """The xml:base attributes that hold for an element, innermost first."""
    chain = [element, *element.iterancestors()]
    return tuple(base for ancestor in chain if (base := ancestor.get(f"{XML}base")))


def _with_bases(entries: list[etree._Element]) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Each entry with its bases; those of its parent are looked up once, not once an entry."""
    inherited: dict[etree._Element | None, tuple[str, ...]] = {}
    for entry in entries[:MOST_ENTRIES]:
        parent, own = entry.getparent(), entry.get(f"{XML}base")
        if parent not in inherited:
            inherited[parent] = () if parent is None else _base(parent)
        yield entry, ((own, *inherited[parent]) if own else inherited[parent])


# --- RSS and RDF -----------------------------------------------------------------------------------------------


def _read_rss(root: etree._Element, home: str) -> raw.RawFeed:
    channel = next(_elements(root, home, "channel"), root)
    items = list(_elements(root, home, "item"))
    fields = _fields(channel, home)
    if not items and channel is root and "title" not in fields:
        raise NotAFeed(f"this is XML (<{_local(root.tag)[:40]}>) without a channel or an item of a feed")
    site_url = _rss_link(fields) or _atom_links(fields, "atom:link").get("alternate", "")
    links = _atom_links(fields, "atom:link")
    return raw.RawFeed(
        format=_rss_format(root, home),
        title=_first(fields, "title", "dc:title", "atom:title", "itunes:title"),
        language=_first(fields, "language", "dc:language") or _language(root, channel),
        site_url=site_url,
        self_url=links.get("self", ""),
        bases=_base(channel),
        built=_first(fields, "lastbuilddate", "pubdate", "dc:date", "atom:updated"),
        hub=links.get("hub", ""),
        ttl_minutes=_ttl(fields),
        skip_hours=_skip_hours(fields),
        skip_days=_skip_days(fields),
        entries=tuple(_rss_entry(item, home, bases) for item, bases in _with_bases(items)),
        problems=_too_many(len(items)),
    )


def _rss_entry(item: etree._Element, home: str, bases: tuple[str, ...]) -> raw.RawEntry:
    fields = _fields(item, home)
    guid = _first(fields, "guid")
    content = _first_markup(
        fields, "content:encoded", "atom:content", "xhtml:body", "body", "fulltext", "content"
    )
    return raw.RawEntry(
        id=guid or _first(fields, "atom:id") or item.get(RDF_ABOUT, "").strip(),
        url=_rss_link(fields) or _permalink(fields) or _atom_links(fields, "atom:link").get("alternate", ""),
        bases=bases,
        title=_first(fields, "title", "dc:title", "media:title", "atom:title", "itunes:title"),
        published=_first(
            fields, "pubdate", "dc:date", "atom:published", "dcterms:issued", "dcterms:created", "date"
        ),
        updated=_first(fields, "atom:updated", "dcterms:modified", "dc:date", "lastbuilddate"),
        authors=_rss_authors(fields),
        summary=_first_markup(fields, "description", "dc:description", "atom:summary", "summary")
        or _first_markup(fields, "itunes:summary", "media:description"),
        content=content,
        tags=_rss_tags(fields),
    )


def _rss_format(root: etree._Element, home: str) -> str:
    name = _local(root.tag).lower()
    if name == "rdf":
        return "rss-0.90" if "netscape" in home else "rss-1.1" if "rss1.1" in home else "rss-1.0"
    version = (root.get("version") or "").strip()
    return f"rss-{version}" if re.fullmatch(r"\d(?:\.\d{1,2}){0,2}", version) else "rss"


def _rss_link(fields: Fields) -> str:
    text = _first(fields, "link")
    return text or next((href.strip() for link in fields.get("link", ()) if (href := link.get("href"))), "")


def _permalink(fields: Fields) -> str:
    """A guid is an address unless it says otherwise (RSS 2.0, isPermaLink)."""
    for guid in fields.get("guid", ()):
        text = (guid.text or "").strip()
        if guid.get("isPermaLink", "true").strip().lower() != "false" and text.startswith(
            ("http://", "https://")
        ):
            return text
    return ""


def _rss_authors(fields: Fields) -> tuple[str, ...]:
    for keys in (("author", "dc:creator", "dc:author"), ("itunes:author",), ("media:credit",)):
        names = tuple(dict.fromkeys(filter(None, (_person(text) for text in _texts(fields, *keys)))))
        if names:
            return names
    return tuple(filter(None, (_atom_person(author) for author in fields.get("atom:author", ()))))


def _person(text: str) -> str:
    """The name out of `mail@host (Name)` or `Name (mail@host)`; what is left when there is no name."""
    both = PERSON.match(text)
    if not both:
        return text
    first, second = both["first"].strip(), both["second"].strip()
    return second if "@" in first else first if "@" in second else text


def _rss_tags(fields: Fields) -> tuple[str, ...]:
    listed = [*_texts(fields, "category", "dc:subject", "media:category")]
    listed += [
        term for category in fields.get("atom:category", ()) if (term := (category.get("term") or "").strip())
    ]
    for keywords in _texts(fields, "itunes:keywords", "media:keywords", "keywords"):
        listed += [word.strip() for word in keywords.split(",")]
    return tuple(dict.fromkeys(tag for tag in listed if tag))


def _ttl(fields: Fields) -> int | None:
    text = _first(fields, "ttl")
    if text.isdecimal() and len(text) < 7:
        return int(text) or None
    period = PERIODS.get(_first(fields, "sy:updateperiod").lower())
    frequency = _first(fields, "sy:updatefrequency") or "1"
    if period and frequency.isdecimal() and len(frequency) < 5 and int(frequency):
        return max(1, period // int(frequency))
    return None


def _skip_hours(fields: Fields) -> tuple[int, ...]:
    """RSS 2.0 counts the hours of UTC from 0 to 23; RSS 0.91 from 1 to 24, where 24 is midnight."""
    hours = (
        text for text in _inner_texts(fields, "skiphours", "hour") if text.isascii() and text.isdecimal()
    )
    return tuple(sorted({int(text) % 24 for text in hours if len(text) < 3 and int(text) <= 24}))


def _skip_days(fields: Fields) -> tuple[int, ...]:
    names = (text.lower()[:3] for text in _inner_texts(fields, "skipdays", "day"))
    return tuple(sorted({WEEKDAYS.index(name) for name in names if name in WEEKDAYS}))


def _inner_texts(fields: Fields, outer: str, inner: str) -> Iterator[str]:
    for element in fields.get(outer, ()):
        for child in list(element)[:50]:
            if isinstance(child.tag, str) and _local(child.tag).lower() == inner:
                yield markup.plain_text(child).strip()


def _language(*elements: etree._Element) -> str:
    return next((found for element in elements if (found := (element.get(f"{XML}lang") or "").strip())), "")


def _too_many(count: int) -> tuple[str, ...]:
    return (f"{count} entries; only the first {MOST_ENTRIES} were read",) if count > MOST_ENTRIES else ()


# --- Atom ------------------------------------------------------------------------------------------------------


def _read_atom(root: etree._Element, home: str) -> raw.RawFeed:
    _undo_base64(root)
    fields = _fields(root, home)
    links = _atom_links(fields, "link")
    authors = _atom_authors(fields)
    entries = list(_elements(root, home, "entry"))
    return raw.RawFeed(
        format=_atom_format(root, home),
        title=_first(fields, "title", "dc:title"),
        title_is_literal=_is_literal(fields),
        language=_language(root) or _first(fields, "dc:language"),
        site_url=links.get("alternate", ""),
        self_url=links.get("self", ""),
        bases=_base(root),
        built=_first(fields, "updated", "modified", "dc:date"),
        hub=links.get("hub", ""),
        ttl_minutes=_ttl(fields),
        entries=tuple(_atom_entry(entry, home, authors, bases) for entry, bases in _with_bases(entries)),
        problems=_too_many(len(entries)),
    )


def _undo_base64(root: etree._Element) -> None:
    """Atom 0.3 may have texts in base64 (mode="base64"); what is none is left as it is."""
    for element in root.iterfind(".//*[@mode='base64']"):
        with contextlib.suppress(ValueError):
            element.text = base64.b64decode("".join((element.text or "").split()), validate=True).decode()


def _read_atom_entry(root: etree._Element, home: str) -> raw.RawFeed:
    """A document that is one entry (RFC 4287, section 2)."""
    return raw.RawFeed(
        format=_atom_format(root, home),
        language=_language(root),
        entries=(_atom_entry(root, home, (), _base(root)),),
    )


def _atom_entry(
    entry: etree._Element, home: str, inherited: tuple[str, ...], bases: tuple[str, ...]
) -> raw.RawEntry:
    fields = _fields(entry, home)
    links = _atom_links(fields, "link")
    updated = _first(fields, "updated", "modified", "dcterms:modified")
    sources = (_atom_authors(_fields(source, home)) for source in fields.get("source", ()))
    return raw.RawEntry(
        id=_first(fields, "id", "guid"),
        url=links.get("alternate") or _content_source(fields) or links.get("related", ""),
        bases=bases,
        title=_first(fields, "title", "media:title", "dc:title"),
        title_is_literal=_is_literal(fields),
        published=_first(fields, "published", "issued", "pubdate", "dc:date", "created") or updated,
        updated=updated,
        authors=_atom_authors(fields)
        or _texts(fields, "dc:creator")
        or next(filter(None, sources), inherited),
        summary=_first_construct(fields, "summary", "description", "media:description"),
        content=_first_construct(fields, "content", "content:encoded"),
        tags=_atom_tags(fields),
    )


def _atom_format(root: etree._Element, home: str) -> str:
    version = (root.get("version") or "").strip()
    if re.fullmatch(r"\d\.\d", version):
        return f"atom-{version}"
    return "atom-0.3" if "purl.org/atom/ns" in home else "atom-1.0"


def _is_literal(fields: Fields) -> bool:
    """Only an explicit type="text" is a promise; without a type, feeds put anything in a title."""
    return any(
        title.get("type") == "text" and title.get("mode") is None for title in fields.get("title", ())[:1]
    )


def _atom_links(fields: Fields, key: str) -> dict[str, str]:
    """The best address for each relation: HTML before any other type, the first before the next."""
    best: dict[str, tuple[bool, str]] = {}
    for link in fields.get(key, ()):
        href = (link.get("href") or link.text or "").strip()
        relation = (link.get("rel") or "alternate").strip().lower().rpartition("/")[2]
        is_page = (link.get("type") or "text/html").lower() in ("text/html", "application/xhtml+xml")
        if href and (relation not in best or (is_page and not best[relation][0])):
            best[relation] = (is_page, href)
    return {relation: href for relation, (_, href) in best.items()}


def _content_source(fields: Fields) -> str:
    return next(
        (source.strip() for content in fields.get("content", ()) if (source := content.get("src"))), ""
    )


def _atom_authors(fields: Fields) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_atom_person(author) for author in fields.get("author", ())))))


def _atom_person(author: etree._Element) -> str:
    parts = {_local(child.tag).lower(): titles.plain_title(markup.plain_text(child)) for child in author}
    return (
        parts.get("name")
        or parts.get("email")
        or titles.plain_title(author.text or "")
        or parts.get("uri", "")
    )


def _atom_tags(fields: Fields) -> tuple[str, ...]:
    listed = [
        (category.get("term") or category.get("label") or category.text or "").strip()
        for category in fields.get("category", ())
    ]
    return tuple(
        dict.fromkeys(tag for tag in [*listed, *_texts(fields, "dc:subject", "media:category")] if tag)
    )


def _first_construct(fields: Fields, *keys: str) -> str:
    return next(
        (text for key in keys for element in fields.get(key, ()) if (text := _construct(element))), ""
    )


def _construct(element: etree._Element) -> str:
    """An Atom text construct as HTML: `html` as it is, `xhtml` without its wrapper, plain text escaped."""
    kind = (element.get("type") or "").lower()
    children = [child for child in element if isinstance(child.tag, str)]
    if len(children) == 1 and _local(children[0].tag) == "div" and not (element.text or "").strip():
        return markup.inner_markup(children[0]).strip()
    text = markup.inner_markup(element).strip()
    if children or "html" in kind or element.get("mode") == "escaped" or titles.TAG.search(text):
        return text
    return html.escape(text, quote=False) if kind in ("", "text", "text/plain") else text


# --- sitemaps --------------------------------------------------------------------------------------------------


def _read_sitemap(root: etree._Element, home: str) -> raw.RawFeed:
    pages = [_fields(page, home) for page in list(_elements(root, home, "url"))[: MOST_ENTRIES + 1]]
    entries = tuple(_page(fields, home) for fields in pages[:MOST_ENTRIES])
    is_news = any("news:news" in fields for fields in pages)
    languages = (
        _first(_fields(publication, home), "news:language")
        for fields in pages[:1]
        for news in fields.get("news:news", ())
        for publication in _fields(news, home).get("news:publication", ())
    )
    return raw.RawFeed(
        format="news-sitemap" if is_news else "sitemap",
        language=next(languages, ""),
        entries=entries,
        problems=_too_many(len(pages)),
    )


def _page(fields: Fields, home: str) -> raw.RawEntry:
    news = next((_fields(element, home) for element in fields.get("news:news", ())), {})
    address = _first(fields, "loc")
    return raw.RawEntry(
        id=address,
        url=address,
        title=_first(news, "news:title"),
        published=_first(news, "news:publication_date"),
        updated=_first(fields, "lastmod"),
        tags=tuple(
            dict.fromkeys(word.strip() for word in _first(news, "news:keywords").split(",") if word.strip())
        ),
    )


def _read_sitemap_index(root: etree._Element, home: str) -> raw.RawFeed:
    first = next((_first(_fields(entry, home), "loc") for entry in _elements(root, home, "sitemap")), "")
    raise NotAFeed(
        f"this is an index of sitemaps, not a sitemap; the first one it names is {first[:300] or 'nothing'}"
    )


READERS: dict[str, Reader] = {
    "rss": _read_rss,
    "rdf": _read_rss,
    "channel": _read_rss,
    "feed": _read_atom,
    "entry": _read_atom_entry,
    "urlset": _read_sitemap,
    "sitemapindex": _read_sitemap_index,
}
