"""Rows for tests: each function makes one, with what the test doesn't care about filled in."""

import datetime
import itertools
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from alerts import models as alerts
from articles import models, search_rows, story_rows
from newswatch.accounts.models import User

NUMBERS = itertools.count(1)
NOW = datetime.datetime(2026, 11, 20, 3, 0, tzinfo=datetime.UTC)


def person(username: str = "", **fields: object) -> User:
    name = username or f"person{next(NUMBERS)}"
    return User.objects.create_user(name, f"{name}@example.com", f"{name}-{name}", **fields)


def outlet(name: str = "", **fields: object) -> models.Outlet:
    return models.Outlet.objects.get_or_create(name=name or "한빛일보", defaults=fields)[0]


def source(of: models.Outlet | None = None, **fields: object) -> models.Source:
    number = next(NUMBERS)
    given = {"title": f"feed {number}", "url": f"http://127.0.0.1/{number}.xml", **fields}
    return models.Source.objects.create(outlet=of or outlet(), **given)


def company(name: str, *aliases: str, **fields: object) -> models.Company:
    row = models.Company.objects.get_or_create(name=name, defaults=fields)[0]
    for text in aliases:
        models.Alias.objects.get_or_create(company=row, text=text)
    return row


def theme(name: str, **fields: object) -> models.Theme:
    given = {"position": models.Theme.objects.count(), **fields}
    return models.Theme.objects.get_or_create(name=name, defaults=given)[0]


def article(
    title: str = "제목",
    body: str = "본문이다.",
    *,
    companies: Sequence[str] = (),
    themes: Sequence[str] = (),
    of: models.Source | None = None,
    published_at: datetime.datetime | None = None,
    **fields: object,
) -> models.Article:
    """A ready article, searchable, tagged wherever a given company's or theme's name stands in it."""
    at = published_at or timezone.now()
    feed = of or models.Source.objects.first() or source()
    number = next(NUMBERS)
    given = {
        "identity": f"identity {number}",
        "url": f"http://127.0.0.1/articles/{number}",
        "language": "ko",
        "stage": "ready",
        "ready_at": at,
        "first_seen_at": at,
        "recognised_by": "test",
    }
    row = models.Article.objects.create(
        outlet=feed.outlet,
        source=feed,
        title=title,
        body=body,
        published_at=at,
        **{**given, **fields},
    )
    for name in companies:
        tag_company(row, company(name))
    for name in themes:
        tag_theme(row, theme(name))
    index(row)
    return row


def story(*rows: models.Article, copies: Sequence[models.Article] = ()) -> models.Story:
    """A story of these articles, begun by the first and placed beside it; `copies` copy the first.

    Those that come later may be given with the first.
    """
    first, now = rows[0], timezone.now()
    pk = first.story_id or first.pk
    with transaction.atomic():
        story_rows.ensure({(pk, first.published_at)}, now=now)
        for row in (*rows, *copies):
            row.story_id = pk
            if row != first and not row.story_reason:
                row.story_reason, row.story_similarity, row.story_joined = "similar", 0.8, first
            if row in copies:
                row.story_reason, row.near_duplicate_of = "same-text", first
            row.save(
                update_fields=[
                    *("story", "story_reason", "story_similarity", "story_joined", "near_duplicate_of"),
                ]
            )
            place(row)
        story_rows.recount({pk}, now=now)
    return models.Story.objects.get(pk=pk)


def place(row: models.Article) -> None:
    """Note that it was placed, after those placed before it."""
    models.StoryPrint.objects.get_or_create(
        article=row, defaults={"fingerprint": b"", "placed_at": timezone.now()}
    )


def index(row: models.Article) -> None:
    """Make it searchable, as the pipeline does."""
    if row.ready_at:
        with transaction.atomic():
            search_rows.store({row.pk: search_rows.words(row)})


def tag_company(row: models.Article, to: models.Company, confidence: float = 0.95) -> models.CompanyTag:
    for field, start in places(row, to.name):
        mention(row, field, start, to.name, kind="company", company=to, confidence=confidence)
    made = models.CompanyTag.objects.create(
        article=row, company=to, confidence=confidence, aliases=[to.name], published_at=row.published_at
    )
    search_rows.relabel([row.pk])
    return made


def tag_theme(row: models.Article, to: models.Theme, score: float = 2.0, term: str = "") -> models.ThemeTag:
    for field, start in places(row, term or to.name):
        mention(row, field, start, term or to.name, kind="theme", theme=to, rule=f"{term or to.name} +1")
    made = models.ThemeTag.objects.create(article=row, theme=to, score=score, published_at=row.published_at)
    search_rows.relabel([row.pk])
    return made


def mention(row: models.Article, field: str, start: int, text: str, **fields: object) -> models.Mention:
    given = {"rule": "name", "confidence": 0.95, **fields}
    return models.Mention.objects.create(
        article=row, field=field, start=start, end=start + len(text), text=text, **given
    )


def places(row: models.Article, text: str) -> list[tuple[str, int]]:
    """Every place of a text in title and body."""
    found = []
    for field, whole in (("title", row.title), ("text", row.body)):
        start = whole.find(text)
        while start >= 0:
            found.append((field, start))
            start = whole.find(text, start + len(text))
    return found


def alert(owner: User, query: str = "배터리", **fields: object) -> alerts.Alert:
    at = timezone.now()
    given = {"name": f"alert {next(NUMBERS)}", "created_at": at, "active_since": at, **fields}
    return alerts.Alert.objects.create(owner=owner, query=query, **given)


def hit(of: alerts.Alert, row: models.Article, *, mailed: bool = True, **fields: object) -> alerts.Hit:
    made = alerts.Hit.objects.create(alert=of, article=row, at=timezone.now(), **fields)
    if mailed:
        at = timezone.now()
        mail = alerts.Delivery.objects.create(
            recipient=of.owner,
            created_at=at,
            due_at=at,
            sent_at=at,
            state="sent",
            message_id=f"<{next(NUMBERS)}@test>",
        )
        mail.alerts.add(of)
        mail.hits.add(made)
    return made
