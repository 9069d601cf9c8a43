"""What a saved search finds as a feed, RSS 2.0 or JSON Feed 1.1, for whoever knows its address.

Must not depend on who asks or when: the same articles give the same bytes, so that a reader is told that nothing
changed.
"""

import datetime
import json
from collections.abc import Sequence

import redis
from django.conf import settings
from django.urls import reverse
from django.utils import feedgenerator, timezone, translation
from django.utils.translation import gettext
from redis import backoff, retry

from articles import exports, filters, models, saved_searches
from articles.sheets import workbook

MOST_ITEMS = 50
# An address is asked so often a minute at most; readers ask every few minutes.
MOST_ASKED = 30
NO_RETRY = retry.Retry(backoff.NoBackoff(), 0)
JSON_FEED = "https://jsonfeed.org/version/1.1"


def find(secret: str) -> models.SavedSearch | None:
    """The search whose feed has this address; None if there is none, or its owner may not log in any more."""
    return (
        models.SavedSearch.objects.select_related("owner")
        .filter(feed_secret=secret, owner__is_active=True)
        .exclude(feed_secret="")
        .first()
    )


def is_too_often(search: models.SavedSearch, *, now: datetime.datetime) -> bool:
    """Count a request; whether there were too many in this minute. Without Redis nobody is refused."""
    key = f"newswatch:feed:{search.pk}:{int(now.timestamp()) // 60}"
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=NO_RETRY
        ) as server:
            counted, _ = server.pipeline().incr(key).expire(key, 120).execute()
    except redis.RedisError:
        return False
    return int(counted) > MOST_ASKED


def items(search: models.SavedSearch, *, now: datetime.datetime) -> list[models.Article]:
    """The newest articles found, with their tags. Raises QueryError."""
    context = saved_searches.context_of(search.owner, search.query, now=now)
    wanted = filters.Filters(query=search.query, context=context)
    return list(next(exports.found(wanted, now=now, size=MOST_ITEMS), ()))


def address(search: models.SavedSearch, kind: str) -> str:
    """The whole address of a search's feed; `kind` is "rss" or "json"."""
    return settings.SITE_URL + reverse("articles:saved-feed", args=[search.feed_secret, kind])


def to_rss(search: models.SavedSearch, articles: Sequence[models.Article]) -> bytes:
    """The feed as RSS 2.0."""
    feed = feedgenerator.Rss201rev2Feed(
        title=workbook.readable(title(search)),
        link=page(search),
        description=workbook.readable(search.query),
        language=search.owner.language,
        feed_url=address(search, "rss"),
        ttl=10,
    )
    for article in articles:
        told = exports.values(article)
        feed.add_item(
            title=workbook.readable(article.title),
            link=workbook.readable(link(article)),
            description=workbook.readable(str(told["summary"])),
            author_name=workbook.readable(article.outlet.name),
            pubdate=article.published_at,
            comments=str(told["here"]),
            unique_id=str(told["here"]),
            unique_id_is_permalink=False,
            categories=[workbook.readable(name) for name in tags(article)],
        )
    # Not the time of asking, which Django would take for an empty feed.
    newest = max((article.published_at for article in articles), default=search.created_at)
    feed.latest_post_date = lambda: newest  # type: ignore[method-assign]
    return feed.writeString("utf-8").encode()


def to_json(search: models.SavedSearch, articles: Sequence[models.Article]) -> bytes:
    """The feed as JSON Feed 1.1."""
    feed = {
        "version": JSON_FEED,
        "title": title(search),
        "description": search.query,
        "home_page_url": page(search),
        "feed_url": address(search, "json"),
        "language": search.owner.language,
        "items": [item(article) for article in articles],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def item(article: models.Article) -> dict[str, object]:
    """An article as an item of a JSON Feed."""
    told = exports.values(article)
    made: dict[str, object] = {
        "id": told["here"],
        "url": link(article),
        "title": article.title,
        "content_text": str(told["summary"]) or article.title,
        "date_published": timezone.localtime(article.published_at, datetime.UTC).isoformat(),
        "authors": [{"name": article.outlet.name}],
        "tags": tags(article),
    }
    if article.language in ("ko", "en"):
        made["language"] = article.language
    return made


def link(article: models.Article) -> str:
    """Where a feed's reader goes: to the outlet, if its address can be followed."""
    if article.url.startswith(("http://", "https://")):
        return article.url
    return settings.SITE_URL + reverse("articles:article", args=[article.pk])


def tags(article: models.Article) -> list[str]:
    """The names of its themes and companies."""
    told = exports.values(article)
    themes, companies = told["themes"], told["companies"]
    return [*themes, *companies] if isinstance(themes, list) and isinstance(companies, list) else []


def page(search: models.SavedSearch) -> str:
    """The search's page, for those who can log in."""
    return f"{settings.SITE_URL}{reverse('articles:saved')}#search-{search.pk}"


def title(search: models.SavedSearch) -> str:
    """The feed's name, in its owner's language."""
    with translation.override(search.owner.language):
        return gettext("%(name)s, found by Newswatch") % {"name": search.name}
