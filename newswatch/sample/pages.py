"""Writes the sample newsroom's HTML: article pages with the clutter of real ones, fronts, the start page.

Pure: values in, HTML out. Everything that comes from data or from a visitor is escaped here.
"""

import datetime
import html
import json
from collections.abc import Iterable, Sequence

from newswatch.sample import feeds, newsroom

PHOTO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="280">'
    '<rect width="640" height="280" fill="#dde3e8"/><circle cx="500" cy="80" r="36" fill="#f4f1e6"/>'
    '<path d="M0 280 200 120 320 220 420 150 640 280z" fill="#9fb0bd"/></svg>'
)
_STYLE = (
    "body{max-width:48rem;margin:0 auto;padding:1rem;font:1rem/1.7 sans-serif;color:#222;word-break:keep-all}"
    "nav a,.share a,footer a{margin-right:1rem}.sample-notice{background:#fff3cd;padding:.4rem .8rem}"
    "aside,.comments,footer{color:#666;font-size:.9rem}img{max-width:100%}input,textarea,select{width:100%;box-sizing:border-box;font:inherit}"
)
_SAMPLE = {
    "ko": "예시 글: 이 기사는 시연을 위해 지어낸 것으로, 사실이 아닙니다.",
    "en": "Sample text: this article was invented for a demonstration and reports no real event.",
}
_WORDS = {
    "ko": {
        "home": "홈",
        "written": "입력",
        "changed": "수정",
        "ad": "광고",
        "related": "관련 기사",
        "most": "많이 본 뉴스",
        "comments": "댓글",
        "about": "회사 소개",
        "terms": "이용 약관",
    },
    "en": {
        "home": "Home",
        "written": "Published",
        "changed": "Updated",
        "ad": "Advertisement",
        "related": "Related stories",
        "most": "Most read",
        "comments": "Comments",
        "about": "About us",
        "terms": "Terms",
    },
}
_SHARES = {"ko": ("페이스북 공유", "주소 복사", "글자 크게"), "en": ("Share", "Copy link", "Larger type")}
_RELATED = 4


def article_page(
    article: newsroom.Article, outlet: newsroom.Outlet, others: Sequence[newsroom.Article], *, base_url: str
) -> bytes:
    """The article's page in the outlet's encoding; the newest older ones of `others` are linked as related."""
    older = [other for other in others if other.published < article.published][:_RELATED]
    body = [
        _notice(outlet),
        _navigation(outlet),
        "<main>",
        _heading(article, outlet),
        _portal_top(article),
        _text(article, outlet),
        _portal_bottom(article, outlet),
        "</main>",
        _aside(article, outlet, older),
        _comments(outlet),
        _footer(outlet),
    ]
    page = _document(
        f"{article.title} - {outlet.name}", outlet.language, _meta(article, outlet, base_url), body, outlet
    )
    return page.encode(outlet.encoding, errors="xmlcharrefreplace")


def outlet_page(
    outlet: newsroom.Outlet, articles: Sequence[newsroom.Article], *, base_url: str, section: str = ""
) -> bytes:
    """The outlet's front: its articles, newest first, one section of them if named."""
    chosen = [article for article in articles if section in ("", article.section)]
    listed = "".join(f'<li><a href="{_attribute(a.address)}">{_e(a.title)}</a></li>' for a in chosen)
    discovery = "".join(
        f'<link rel="alternate" type="{feeds.CONTENT_TYPES[feed.format]}" title="{_attribute(feed.title)}"'
        f' href="{_attribute(base_url + feed.path)}">'
        for feed in outlet.feeds
    )
    body = [
        _notice(outlet),
        _navigation(outlet),
        f"<h1>{_e(outlet.name)}</h1><ul>{listed}</ul>",
        _footer(outlet),
    ]
    page = _document(outlet.name, outlet.language, discovery, body, outlet)
    return page.encode(outlet.encoding, errors="xmlcharrefreplace")


def start_page(outlets: Iterable[newsroom.Outlet], *, with_form: bool, message: str = "") -> bytes:
    """What `/` answers: what this is, every feed and, where that is allowed, the form to publish by hand.

    `message` is HTML.
    """
    known = list(outlets)
    listed = "".join(
        f'<li><a href="{outlet.home}">{_e(outlet.name)}</a>: '
        + ", ".join(f'<a href="{feed.path}">{_e(feed.title)}</a> ({feed.format})' for feed in outlet.feeds)
        + "</li>"
        for outlet in known
    )
    body = [
        "<h1>Sample newsroom · 예시 뉴스룸</h1>",
        '<p class="sample-notice">Everything here is sample data: five invented outlets, invented articles. '
        "여기 있는 매체와 기사는 모두 시연을 위해 지어낸 예시입니다.</p>",
        f'<p role="status">{message}</p>' if message else "",
        _form(known) if with_form else "",
        f"<h2>Feeds · 피드</h2><ul>{listed}</ul>",
    ]
    return _document("Sample newsroom", "en", "", body, None).encode()


def published_message(article: newsroom.Article) -> str:
    """The line the start page shows after an article was published by hand, as HTML."""
    return (
        f'Published · 발행했습니다: <a href="{_attribute(article.address)}">{_e(article.title)}</a>. '
        "The next poll of its feed brings it to the dashboard · 다음 수집 때 대시보드에 나타납니다."
    )


def refused_message(reason: str) -> str:
    """The line the start page shows when an article could not be published, as HTML."""
    return f"Not published · 발행하지 못했습니다: {_e(reason)}"


def _e(text: str) -> str:
    return html.escape(text, quote=False)


def _attribute(text: str) -> str:
    return html.escape(text, quote=True)


def _document(
    title: str, language: str, head: str, body: Sequence[str], outlet: newsroom.Outlet | None
) -> str:
    lines = [
        f'<!doctype html>\n<html lang="{language}">\n<head>',
        f'<meta charset="{outlet.encoding if outlet else "utf-8"}">',
        f"<title>{_e(title)}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex">',
        '<meta name="sample-data" content="invented text">',
        head,
        f"<style>{_STYLE}</style>\n</head>\n<body>",
        *body,
        "</body>\n</html>\n",
    ]
    return "\n".join(line for line in lines if line)


def _meta(article: newsroom.Article, outlet: newsroom.Outlet, base_url: str) -> str:
    url = base_url + article.address
    properties = {
        "og:type": "article",
        "og:title": article.title,
        "og:description": feeds.summary(article),
        "og:url": url,
        "og:site_name": outlet.name,
        "og:locale": "ko_KR" if outlet.language == "ko" else "en_US",
        "article:published_time": _local(article.published, outlet).isoformat(),
        "article:modified_time": _local(article.updated, outlet).isoformat(),
        "article:section": article.section,
    }
    tags = [f'<meta property="{name}" content="{_attribute(value)}">' for name, value in properties.items()]
    tags += [f'<link rel="canonical" href="{_attribute(url)}">']
    tags += [f'<meta name="author" content="{_attribute(article.byline)}">']
    return "\n".join([*tags, _json_ld(article, outlet, url)] if outlet.json_ld else tags)


def _json_ld(article: newsroom.Article, outlet: newsroom.Outlet, url: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": _local(article.published, outlet).isoformat(),
        "dateModified": _local(article.updated, outlet).isoformat(),
        "author": {"@type": "Person", "name": article.byline},
        "publisher": {"@type": "Organization", "name": outlet.name},
        "mainEntityOfPage": url,
    }
    # "<" as an escape: a title must not be able to close the script element.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _local(time: datetime.datetime, outlet: newsroom.Outlet) -> datetime.datetime:
    return time.astimezone(outlet.zone).replace(microsecond=0)


def _notice(outlet: newsroom.Outlet) -> str:
    return f'<div class="sample-notice" role="note">{_SAMPLE[outlet.language]}</div>'


def _navigation(outlet: newsroom.Outlet) -> str:
    words = _WORDS[outlet.language]
    links = [f'<a href="{outlet.home}">{words["home"]}</a>']
    links += [
        f'<a href="{outlet.home}?section={_attribute(name)}">{_e(name)}</a>' for name in outlet.sections
    ]
    logo = f'<a class="logo" href="{outlet.home}">{_e(outlet.name)}</a>'
    return f"<header>{logo}<nav>{' '.join(links)}</nav></header>"


def _heading(article: newsroom.Article, outlet: newsroom.Outlet) -> str:
    words = _WORDS[outlet.language]
    published = _local(article.published, outlet)
    times = f'{words["written"]} <time datetime="{published.isoformat()}">{published:%Y.%m.%d %H:%M}</time>'
    if article.version > 1:
        changed = _local(article.updated, outlet)
        times += f' {words["changed"]} <time datetime="{changed.isoformat()}">{changed:%Y.%m.%d %H:%M}</time>'
    shares = " ".join(f'<a href="#share">{word}</a>' for word in _SHARES[outlet.language])
    subtitle = f'<h2 class="subtitle">{_e(article.subtitle)}</h2>' if article.subtitle else ""
    return (
        f'<h1 class="headline">{_e(article.title)}</h1>{subtitle}'
        f'<p class="byline">{_e(article.byline)}</p><p class="dates">{times}</p>'
        f'<div class="share" id="share">{shares}</div>'
    )


def _portal_top(article: newsroom.Article) -> str:
    """What a portal prints above the text: the lead as a summary, then lines about its own buttons."""
    if not article.clutter or not article.clutter.notices:
        return ""
    first, *rest = article.clutter.notices
    leads = "".join(f"<p>{_e(text)}</p>" for text in article.paragraphs[:2])
    below = "".join(f"<p>{_e(text)}</p>" for text in rest)
    return f'<div class="summary_view"><p>{_e(first)}</p>{leads}</div><div class="util_notice">{below}</div>'


def _text(article: newsroom.Article, outlet: newsroom.Outlet) -> str:
    note = f'<p class="correction">{_e(article.note)}</p>' if article.note else ""
    if outlet.layout == "breaks":
        # Old newsroom software: no paragraphs, only line breaks inside one container.
        lines = "<br>\n<br>\n".join(_e(block.text) for block in article.blocks if block.kind != "caption")
        captions = "".join(_figure(block.text) for block in article.blocks if block.kind == "caption")
        return f'<div id="articleBody" class="article_body">{captions}{note}{lines}<br><br></div>'
    half = max(1, len(article.blocks) // 2)
    blocks = [_block(block) for block in article.blocks]
    advert = f'<div class="ad" aria-label="ad">{_WORDS[outlet.language]["ad"]}</div>'
    pieces = [note, *blocks[:half], advert, *blocks[half:]]
    return '<article class="article-body" itemprop="articleBody">\n' + "\n".join(pieces) + "\n</article>"


def _block(block: newsroom.Block) -> str:
    if block.kind == "caption":
        return _figure(block.text)
    tag = "h3" if block.kind == "heading" else "p"
    return f"<{tag}>{_e(block.text)}</{tag}>"


def _figure(caption: str) -> str:
    return f'<figure><img src="/photo.svg" alt=""><figcaption>{_e(caption)}</figcaption></figure>'


def _portal_bottom(article: newsroom.Article, outlet: newsroom.Outlet) -> str:
    clutter = article.clutter or newsroom.Clutter()
    contacts = "".join(f"<li>{_e(text)}</li>" for text in clutter.contacts)
    reporter = f"{outlet.name} {article.byline} newsroom@{outlet.key}.example"
    promotions = " ".join(_e(text) for text in (*clutter.promotions, *outlet.promotions))
    return (
        (f'<ul class="contact">{contacts}</ul>' if contacts else "")
        + f'<p class="reporter">{_e(reporter)}</p><p class="promotion">{promotions}</p>'
        + f'<p class="copyright">{_e(outlet.copyright)}</p>'
    )


def _aside(article: newsroom.Article, outlet: newsroom.Outlet, older: Sequence[newsroom.Article]) -> str:
    words = _WORDS[outlet.language]
    related = "".join(f'<li><a href="{_attribute(o.address)}">{_e(o.title)}</a></li>' for o in older)
    headlines = article.clutter.headlines if article.clutter else ()
    most = "".join(
        f'<li><a href="{outlet.home}">{_e(line)}</a></li>' for line in (*headlines, *outlet.most_read)
    )
    return (
        f'<aside class="related"><h3>{words["related"]}</h3><ul>{related}</ul></aside>'
        f'<aside class="most-read"><h3>{words["most"]}</h3><ul>{most}</ul></aside>'
    )


def _comments(outlet: newsroom.Outlet) -> str:
    if not outlet.comments:
        return ""
    listed = "".join(f"<li>{_e(comment)}</li>" for comment in outlet.comments)
    heading = f"<h3>{_WORDS[outlet.language]['comments']}</h3>"
    return f'<section class="comments" id="comments">{heading}<ol>{listed}</ol></section>'


def _footer(outlet: newsroom.Outlet) -> str:
    words = _WORDS[outlet.language]
    links = f'<a href="{outlet.home}">{words["about"]}</a><a href="{outlet.home}">{words["terms"]}</a>'
    return f"<footer>{links}<p>{_e(outlet.copyright)}</p><p>{_e(outlet.description)}</p></footer>"


def _form(outlets: Sequence[newsroom.Outlet]) -> str:
    options = "".join(f'<option value="{outlet.key}">{_e(outlet.name)}</option>' for outlet in outlets)
    return (
        '<h2>Publish a sample article · 예시 기사 발행</h2><form method="post" action="/publish">'
        f'<p><label>Outlet · 매체<select name="outlet">{options}</select></label></p>'
        '<p><label>Headline · 제목<input name="title" required maxlength="300"></label></p>'
        "<p><label>Text, a blank line between paragraphs · 본문 (문단 사이는 빈 줄)"
        '<textarea name="body" rows="8" required maxlength="20000"></textarea></label></p>'
        "<p><button>Publish · 발행</button></p></form>"
    )
