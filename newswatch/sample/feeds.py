"""Writes articles as RSS 2.0, Atom 1.0, RDF (RSS 1.0) and JSON Feed 1.1, with the habits of real publishers.

Pure: the same articles always give the same bytes (no build time in them), so that a feed's ETag changes only
when the feed does.
"""

import datetime
import email.utils
import html
import json
import re
from collections.abc import Callable, Sequence

from newswatch.sample import newsroom

CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
_SUMMARY_LENGTH = 180
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, articles: Sequence[newsroom.Article], *, base_url: str
) -> bytes:
    """`articles` in the feed's format and the outlet's encoding; their links begin with `base_url`."""
    text = _WRITERS[feed.format](feed, outlet, articles, base_url)
    return text.encode(encoding_of(feed, outlet), errors="xmlcharrefreplace")


def encoding_of(feed: newsroom.FeedSpec, outlet: newsroom.Outlet) -> str:
    """JSON is always UTF-8; XML is sent in the outlet's encoding."""
    return "utf-8" if feed.format == "json" else outlet.encoding


def last_modified(articles: Sequence[newsroom.Article], default: datetime.datetime) -> datetime.datetime:
    """When the newest of the articles changed last."""
    return max((article.updated for article in articles), default=default)


def link(feed: newsroom.FeedSpec, article: newsroom.Article, base_url: str) -> str:
    """The article's address as this feed spells it, with the feed's utm_* parameters if it has a campaign."""
    if not feed.campaign:
        return base_url + article.address
    joint = "&" if "?" in article.address else "?"
    return f"{base_url}{article.address}{joint}utm_source=rss&utm_medium=feed&utm_campaign={feed.campaign}"


def summary(article: newsroom.Article) -> str:
    """The first paragraph, cut at a word like most publishers do."""
    lead = next(iter(article.paragraphs), "")
    if len(lead) <= _SUMMARY_LENGTH:
        return lead
    return lead[:_SUMMARY_LENGTH].rsplit(" ", 1)[0] + "..."


def _stamp(time: datetime.datetime, outlet: newsroom.Outlet) -> str:
    """RFC 3339 in the outlet's zone; an outlet with the bad habit writes its wall clock and calls it Z."""
    local = time.astimezone(outlet.zone).replace(microsecond=0)
    if outlet.wall_clock_as_utc:
        return local.strftime("%Y-%m-%dT%H:%M:%SZ")
    return local.isoformat()


def _rfc822(time: datetime.datetime, outlet: newsroom.Outlet) -> str:
    return email.utils.format_datetime(time.astimezone(outlet.zone).replace(microsecond=0))


def _body(article: newsroom.Article) -> str:
    """The whole text as HTML."""
    tags = {"paragraph": "p", "heading": "h3", "caption": "figcaption"}
    pieces = [f"<{tags[b.kind]}>{html.escape(b.text, quote=False)}</{tags[b.kind]}>" for b in article.blocks]
    note = [f"<p><em>{html.escape(article.note, quote=False)}</em></p>"] if article.note else []
    return "\n".join(note + pieces)


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{html.escape(_NOT_IN_XML.sub('', text), quote=False)}</{name}>"


def _cdata(name: str, text: str) -> str:
    return f"<{name}><![CDATA[{_NOT_IN_XML.sub('', text).replace(']]>', ']]&gt;')}]]></{name}>"


def _declaration(outlet: newsroom.Outlet) -> str:
    return f'<?xml version="1.0" encoding="{outlet.encoding.upper()}"?>\n'


def _rss(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, articles: Sequence[newsroom.Article], base_url: str
) -> str:
    lines = [
        _declaration(outlet) + '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>',
        _element("title", feed.title),
        _element("link", base_url + outlet.home),
        _element("description", outlet.description),
        _element("language", outlet.language),
        _element("copyright", outlet.copyright),
        f'<atom:link rel="self" type="application/rss+xml" href="{html.escape(base_url + feed.path)}"/>',
    ]
    lines += [_rss_item(feed, outlet, article, base_url) for article in articles]
    return "\n".join([*lines, "</channel>\n</rss>\n"])


def _rss_item(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, article: newsroom.Article, base_url: str
) -> str:
    lines = [
        "<item>",
        _cdata("title", html.escape(article.title, quote=False)),
        _element("link", link(feed, article, base_url)),
        _element("guid", article.guid, ' isPermaLink="false"'),
        _element("pubDate", _rfc822(article.published, outlet)),
        _element("dc:creator", article.byline),
        _cdata("description", html.escape(summary(article), quote=False)),
        *[_element("category", name) for name in (article.section, *article.tags)],
    ]
    if article.updated != article.published:
        lines.append(_element("atom:updated", _stamp(article.updated, outlet)))
    if feed.full:
        lines.append(_cdata("content:encoded", _body(article)))
    return "\n".join([*lines, "</item>"])


def _atom(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, articles: Sequence[newsroom.Article], base_url: str
) -> str:
    newest = last_modified(articles, datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    lines = [
        f'{_declaration(outlet)}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">',
        _element("id", f"tag:{outlet.key}.example,2019:feed"),
        _element("title", feed.title),
        _element("subtitle", outlet.description),
        _element("updated", _stamp(newest, outlet)),
        f'<link rel="self" href="{html.escape(base_url + feed.path)}"/>',
        f'<link rel="alternate" type="text/html" href="{html.escape(base_url + outlet.home)}"/>',
    ]
    lines += [_atom_entry(feed, outlet, article, base_url) for article in articles]
    return "\n".join([*lines, "</feed>\n"])


def _atom_entry(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, article: newsroom.Article, base_url: str
) -> str:
    lines = [
        "<entry>",
        _element("id", article.guid),
        _element("title", article.title),
        f'<link rel="alternate" type="text/html" href="{html.escape(link(feed, article, base_url))}"/>',
        _element("published", _stamp(article.published, outlet)),
        _element("updated", _stamp(article.updated, outlet)),
        f"<author>{_element('name', article.byline)}</author>",
        _element("summary", f"<p>{html.escape(summary(article), quote=False)}</p>", ' type="html"'),
        *[f'<category term="{html.escape(name)}"/>' for name in (article.section, *article.tags)],
    ]
    if feed.full:
        lines.append(_element("content", _body(article), ' type="html"'))
    return "\n".join([*lines, "</entry>"])


def _rdf(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, articles: Sequence[newsroom.Article], base_url: str
) -> str:
    listed = "\n".join(f'<rdf:li rdf:resource="{html.escape(article.guid)}"/>' for article in articles)
    lines = [
        _declaration(outlet) + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">',
        f'<channel rdf:about="{html.escape(base_url + feed.path)}">',
        _element("title", feed.title),
        _element("link", base_url + outlet.home),
        _element("description", outlet.description),
        _element("dc:language", outlet.language),
        f"<items><rdf:Seq>\n{listed}\n</rdf:Seq></items>\n</channel>",
    ]
    lines += [_rdf_item(feed, outlet, article, base_url) for article in articles]
    return "\n".join([*lines, "</rdf:RDF>\n"])


def _rdf_item(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, article: newsroom.Article, base_url: str
) -> str:
    return "\n".join(
        [
            f'<item rdf:about="{html.escape(article.guid)}">',
            _element("title", article.title),
            _element("link", link(feed, article, base_url)),
            _element("description", summary(article)),
            _element("dc:creator", article.byline),
            _element("dc:subject", article.section),
            _element("dc:date", _stamp(article.published, outlet)),
            "</item>",
        ]
    )


def _json(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, articles: Sequence[newsroom.Article], base_url: str
) -> str:
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": outlet.description,
        "language": outlet.language,
        "home_page_url": base_url + outlet.home,
        "feed_url": base_url + feed.path,
        "items": [_json_item(feed, outlet, article, base_url) for article in articles],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _json_item(
    feed: newsroom.FeedSpec, outlet: newsroom.Outlet, article: newsroom.Article, base_url: str
) -> dict[str, object]:
    item: dict[str, object] = {
        "id": article.guid,
        "url": link(feed, article, base_url),
        "title": article.title,
        "summary": summary(article),
        "date_published": _stamp(article.published, outlet),
        "date_modified": _stamp(article.updated, outlet),
        "authors": [{"name": article.byline}],
        "tags": [article.section, *article.tags],
    }
    body = {"content_html": _body(article)} if feed.full else {"content_text": summary(article)}
    return item | body


_Writer = Callable[[newsroom.FeedSpec, newsroom.Outlet, Sequence[newsroom.Article], str], str]
_WRITERS: dict[str, _Writer] = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}
