"""What edited rules would do to an outlet's stored pages, before they are saved. Writes nothing.

Both readings are made now, one by the saved rules and one by the edited ones, so that the rules alone make the
difference. A page that is too large for a preview is left out, and so is what the time does not suffice for.
"""

import re
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from articles import models
from articles.pages import canonical, compare, extract, rules

# Of the outlet's stored pages, the newest are shown.
MOST_PAGES = 20
# Bytes of a page that a preview reads; extraction's time grows with them.
LARGEST = 2_000_000
# Seconds for all pages together; the one under way when they are over is finished.
TOTAL_S = 8.0
OUR_PAGE = re.compile(r"/articles/(\d{1,18})/?(?:[?#].*)?$")


class NoPreview(ValueError):  # noqa: N818 -- named for what there is not
    """A page can't be previewed; the message is a code: missing, large or broken."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to try rules on; `article` is None for one that was pasted."""

    article: models.Article | None
    markup: bytes | str
    url: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A stored page in the overview: how the readings differ, or why there is none."""

    article: models.Article
    comparison: compare.Comparison | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """All the pages tried: those read, how many lines of the rules fitted on how many pages, what was left out."""

    lines: tuple[Line, ...]
    fitted: Mapping[int, int]
    late: int  # pages that the time did not suffice for

    @property
    def read(self) -> int:
        """Pages that were read."""
        return sum(line.comparison is not None for line in self.lines)

    @property
    def moved(self) -> int:
        """Lines that move on all of them."""
        return sum(line.comparison.moved for line in self.lines if line.comparison)


def recent(outlet: models.Outlet) -> list[models.Article]:
    """The outlet's newest articles that have a stored page, without their texts."""
    stored = models.Article.objects.with_markup().filter(outlet=outlet)
    return list(stored.order_by("-pk").only("pk", "title", "published_at", "outlet_id")[:MOST_PAGES])


def find(outlet: models.Outlet, address: str) -> models.Article | None:
    """The outlet's article with a stored page at that address, the outlet's or ours."""
    stored = models.Article.objects.with_markup().filter(outlet=outlet)
    forms = {address, canonical.canonical_url(address)}
    found = stored.filter(url__in=forms).first() or stored.filter(page__url__in=forms).first()
    ours = OUR_PAGE.search(address)
    return found or (stored.filter(pk=int(ours[1])).first() if ours else None)


def sample_of(article: models.Article) -> Sample:
    """The stored page of an article. Raises NoPreview."""
    page = models.Page.objects.filter(article=article).exclude(markup=b"").first()
    if page is None:
        raise NoPreview("missing")
    return Sample(article, unpack(bytes(page.markup)), page.url, page.content_type)


def unpack(packed: bytes) -> bytes:
    """The bytes of a stored page. Raises NoPreview."""
    reader = zlib.decompressobj()
    try:
        markup = reader.decompress(packed, LARGEST + 1)
    except zlib.error as error:
        raise NoPreview("broken") from error
    if len(markup) > LARGEST:
        raise NoPreview("large")
    if not reader.eof:
        raise NoPreview("broken")
    return markup


def pasted(text: str) -> Sample:
    """A page that an editor pasted. Raises NoPreview."""
    if len(text) > LARGEST:
        raise NoPreview("large")
    return Sample(None, text)


def try_on(sample: Sample, saved: rules.Rules, edited: rules.Rules) -> compare.Comparison:
    """How a page's readings differ by the two sets of rules."""
    before, after = (
        extract.extract_page(sample.markup, url=sample.url, content_type=sample.content_type, rules=each)
        for each in (saved, edited)
    )
    return compare.compare(before, after)


def try_on_recent(outlet: models.Outlet, saved: rules.Rules, edited: rules.Rules) -> Overview:
    """How the readings of the outlet's newest pages differ, as far as the time suffices."""
    until = time.monotonic() + TOTAL_S
    articles = recent(outlet)
    lines = tuple(_until(articles, until, saved, edited))
    fitted = Counter(line for each in lines if each.comparison for line in each.comparison.used)
    return Overview(lines, fitted, late=len(articles) - len(lines))


def _until(
    articles: list[models.Article], until: float, saved: rules.Rules, edited: rules.Rules
) -> Iterator[Line]:
    for article in articles:
        if time.monotonic() > until:
            return
        try:
            yield Line(article, try_on(sample_of(article), saved, edited))
        except NoPreview as problem:
            yield Line(article, None, str(problem))
