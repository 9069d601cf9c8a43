"""Searches that readers keep under a name: saved, renamed, put in order, deleted and brought back, given a feed.

Every function is told whose they are, and touches nobody else's. Must not decide what a query finds.
"""

import dataclasses
import datetime
import secrets
from collections.abc import Mapping, Sequence
from typing import Protocol

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from articles import models
from articles.search import folding, query, saved
from articles.search.context import Context
from newswatch.accounts.models import User

# What a deleted search is brought back from: everything of it, signed, on the page that says it is deleted.
UNDO_SALT = "articles.saved_searches.undo"
UNDO_SECONDS = 3600
SECRET_BYTES = 32
MOST = 200


class NameTakenError(ValueError):
    """The owner has another search of that name."""


class TooManyError(ValueError):
    """The owner has as many searches as one may have."""


class InUseError(ValueError):
    """Something that would stop working names the search; `users` are its names."""

    def __init__(self, users: Sequence[str]) -> None:
        super().__init__(", ".join(users))
        self.users = users


class Users(Protocol):
    """Queries beside the saved searches that may name one: alerts, of which this app does not know."""

    def rename(self, owner: int, before: str, after: str) -> list[str]:
        """Let a person's queries name a search by its new name; returns the names of those that did."""

    def naming(self, owner: int, name: str) -> list[str]:
        """The names of a person's queries that name this search."""


# Whoever keeps such queries adds itself when it is loaded.
USERS: list[Users] = []


def of(owner: User) -> list[models.SavedSearch]:
    """A person's saved searches in her order. One query."""
    return list(models.SavedSearch.objects.filter(owner=owner))


def context(owner: User, *, now: datetime.datetime) -> Context:
    """What a person's query may need besides her saved searches."""
    return Context(now=now, reader=owner.pk, zone=timezone.get_current_timezone())


def context_of(owner: User, text: str, *, now: datetime.datetime) -> Context:
    """What a query of that person may need. One query if it names a saved search.

    A text that can't be read gets its error from whoever reads it.
    """
    try:
        wants = saved.names(query.parse_query(text))
    except query.QueryError:
        wants = frozenset()
    texts = texts_of(owner) if wants else {}
    return dataclasses.replace(context(owner, now=now), saved=texts)


def texts_of(owner: User) -> Mapping[str, str]:
    """A person's saved queries by name. One query."""
    return dict(models.SavedSearch.objects.filter(owner=owner).values_list("name", "query"))


def save(owner: User, name: str, text: str, *, now: datetime.datetime) -> models.SavedSearch:
    """Keep a query under a name, last in the owner's list; one that has the name already gets the query.

    Raises QueryError for a query that can't be read, names a search that is not there, or would name itself, and
    TooManyError.
    """
    tree = query.parse_query(text)
    canonical = query.canonical(tree)
    saved.expand(tree, {**texts_of(owner), name: canonical})
    mine = models.SavedSearch.objects.filter(owner=owner)
    found = mine.filter(name__iexact=name).first()
    if found is not None:
        found.query = canonical
        found.save(update_fields=["query"])
        return found
    if mine.count() >= MOST:
        raise TooManyError
    last = mine.aggregate(last=Max("position"))["last"]
    return models.SavedSearch.objects.create(
        owner=owner, name=name, query=canonical, created_at=now, position=0 if last is None else last + 1
    )


def rename(search: models.SavedSearch, name: str) -> list[str]:
    """Give a search another name, also wherever the owner's queries name it; returns the names of the alerts among
    them. Raises NameTakenError.
    """
    before, search.name = search.name, name
    try:
        with transaction.atomic():
            search.save(update_fields=["name"])
            for other in models.SavedSearch.objects.filter(owner=search.owner_id, query__contains="search:"):
                if text := renamed_text(other.query, before, name):
                    other.query = text
                    other.save(update_fields=["query"])
            return [said for users in USERS for said in users.rename(search.owner_id, before, name)]
    except IntegrityError as error:
        raise NameTakenError from error


def renamed_text(text: str, before: str, after: str) -> str:
    """A query that names a saved search by its new name; empty if it does not name that."""
    tree = query.parse_query(text)
    return query.canonical(renamed(tree, before, after)) if is_named(tree, before) else ""


def is_named(tree: query.Query, name: str) -> bool:
    """Whether a query names this saved search. Case and width of a name don't count."""
    return folding.fold(name) in map(folding.fold, saved.names(tree))


def renamed(tree: query.Query, before: str, after: str) -> query.Query:
    """A query that names a saved search by its new name."""
    match tree:
        case query.Saved(name) if folding.fold(name) == folding.fold(before):
            return query.Saved(after)
        case query.And(children):
            return query.And(tuple(renamed(child, before, after) for child in children))
        case query.Or(children):
            return query.Or(tuple(renamed(child, before, after) for child in children))
        case query.Not(child):
            return query.Not(renamed(child, before, after))
        case _:
            return tree


def move(search: models.SavedSearch, *, up: bool) -> None:
    """Change places with the neighbour in the owner's list."""
    with transaction.atomic():
        rows = list(models.SavedSearch.objects.select_for_update().filter(owner=search.owner_id))
        at = rows.index(search)
        to = at - 1 if up else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
        for position, row in enumerate(rows):
            row.position = position
        models.SavedSearch.objects.bulk_update(rows, ["position"])


def delete(search: models.SavedSearch) -> str:
    """Delete a search; returns the token that `bring_back` makes it anew from. Raises InUseError."""
    if users := [name for users in USERS for name in users.naming(search.owner_id, search.name)]:
        raise InUseError(users)
    token = signing.dumps(
        {
            "owner": search.owner_id,
            "name": search.name,
            "query": search.query,
            "created_at": search.created_at.isoformat(),
            "feed_secret": search.feed_secret,
            "position": search.position,
        },
        salt=UNDO_SALT,
        compress=True,
    )
    search.delete()
    return token


def bring_back(owner: User, token: str) -> models.SavedSearch:
    """Make a deleted search anew, its feed's address too.

    Raises signing.BadSignature for a token that is none, too old or another's, and NameTakenError.
    """
    kept = signing.loads(token, salt=UNDO_SALT, max_age=UNDO_SECONDS)
    if kept.pop("owner") != owner.pk:
        raise signing.BadSignature
    kept["created_at"] = datetime.datetime.fromisoformat(kept["created_at"])
    try:
        with transaction.atomic():
            return models.SavedSearch.objects.create(owner=owner, **kept)
    except IntegrityError as error:
        raise NameTakenError from error


def renew_feed(search: models.SavedSearch) -> None:
    """Give a search's feed an address that nobody knows yet; the one before leads nowhere from now on."""
    search.feed_secret = secrets.token_urlsafe(SECRET_BYTES)
    search.save(update_fields=["feed_secret"])


def end_feed(search: models.SavedSearch) -> None:
    """Have the feed's address lead nowhere."""
    search.feed_secret = ""
    search.save(update_fields=["feed_secret"])
