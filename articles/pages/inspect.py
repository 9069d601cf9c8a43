"""One page in the shape that `manage.py inspect page` prints. Must not read files or print."""

from datetime import datetime
from typing import Any

from articles.pages import extract


def describe(data: bytes, *, url: str = "", content_type: str = "") -> dict[str, Any]:
    """A page as plain values ready for JSON; times are ISO 8601 UTC or None."""
    page = extract.extract_page(data, url=url, content_type=content_type)
    return {
        "url": page.url,
        "title": page.title,
        "published": _iso(page.published),
        "changed": _iso(page.changed),
        "byline": page.byline,
        "authors": [
            {"name": author.name, "role": author.role, "address": author.address} for author in page.authors
        ],
        "outlet": page.outlet,
        "section": page.section,
        "language": page.language,
        "text": page.text,
        "regions": extract.plain_regions(page.regions),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
