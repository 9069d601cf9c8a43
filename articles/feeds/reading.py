"""Read what a source answered, by the kind of source it is. Says nothing about when to ask or what to store."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from articles.feeds import fetch, listing, parse

FEED, LISTING = "feed", "listing"


class Manner(Protocol):
    """How a source is read: its kind, the selector of a listing's links, the zone of times that name none."""

    @property
    def kind(self) -> str: ...
    @property
    def selector(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


def read(manner: Manner, response: fetch.Response, *, seen: Collection[bytes] = ()) -> parse.Feed:
    """The answer as a feed, without what it shows again by the digests `seen`. Raises parse.UnreadableFeed."""
    if manner.kind == LISTING:
        return listing.parse_listing(
            response.body,
            url=response.final_url,
            selector=manner.selector,
            content_type=response.content_type,
            time_zone=manner.time_zone,
        )
    return parse.parse_feed(
        response.body,
        url=response.final_url,
        content_type=response.content_type,
        time_zone=manner.time_zone,
        seen=seen,
    )
