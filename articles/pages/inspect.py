"""One page in the shape that `manage.py inspect page` prints. Must not read files or print."""

from typing import Any

from articles.pages import extract


def describe(data: bytes, *, url: str = "", content_type: str = "") -> dict[str, Any]:
    """A page as plain values ready for JSON; `published` is ISO 8601 UTC or None."""
    page = extract.extract_page(data, url=url, content_type=content_type)
    return {
        "url": page.url,
        "title": page.title,
        "published": page.published.isoformat().replace("+00:00", "Z") if page.published else None,
        "byline": page.byline,
        "outlet": page.outlet,
        "section": page.section,
        "language": page.language,
        "text": page.text,
        "regions": [{"kind": region.kind, "text": region.text} for region in page.regions],
    }
