"""A changed watch list in a real worker: previewed, applied, earlier articles tagged again with progress, undone."""

import contextlib
import html
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from articles import models, watchlist_store
from newswatch.accounts import roles
from tests import factories, workers

# Batches are of a hundred articles that are recognised again, so that this is several.
ARTICLES, NAMED = 900, 300
LOOKED_AT = re.compile(r"([\d,]+) of ([\d,]+) articles are looked through")
UPLOAD = "/admin/articles/watchlistimport/upload/"


@pytest.fixture
def editor(transactional_db: None) -> Client:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True, language="en")
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def history(transactional_db: None) -> models.Company:
    """Articles read by the list as it is, every third of which names the company in a way that nobody listed."""
    company = factories.company("LG화학", "LG화학")
    watchlist_store.touch()
    feed, now = factories.source(), timezone.now()
    models.Article.objects.bulk_create(
        models.Article(
            outlet=feed.outlet,
            source=feed,
            identity=str(number),
            url=f"http://127.0.0.1/{number}",
            title=f"{'엘지켐' if number % 3 == 0 else '어느 회사'}, 공장 증설 {number}",
            body="새 공장을 짓는다고 밝혔다. " * 20,
            language="ko",
            published_at=now,
            first_seen_at=now,
            ready_at=now,
            stage="ready",
            recognised_by="test",
        )
        for number in range(ARTICLES)
    )
    return company


@contextlib.contextmanager
def worker(environment: dict[str, str], folder: Path) -> Iterator[workers.Workers]:
    """The processing worker, without a beat: what it does it was called for."""
    crew = workers.Workers({**environment, "NEWSWATCH_VAR": str(folder)}, folder)
    with contextlib.ExitStack() as stack:
        stack.push(crew)
        crew.start("process")
        yield crew


def post(client: Client, what: str) -> str:
    pk = models.WatchlistImport.objects.latest("pk").pk
    place = f"/admin/articles/watchlistimport/{pk}/{what}/"
    page = client.post(place, {"period": "all"}, follow=True)
    assert page.status_code == 200
    return page.content.decode()


def watch(client: Client, job: models.Retagging, crew: workers.Workers) -> tuple[list[int], str]:
    """How many articles the page says are looked through, each time it says another number, and its end."""
    seen: list[int] = []
    page = ""

    def ended() -> bool:
        nonlocal page
        time.sleep(0.2)  # the worker has the same processors
        page = html.unescape(client.get(f"/admin/articles/retagging/{job.pk}/progress/").content.decode())
        found = LOOKED_AT.search(page)
        if found and int(found[1].replace(",", "")) not in seen:
            seen.append(int(found[1].replace(",", "")))
        job.refresh_from_db()
        return job.finished_at is not None and "every " not in page

    assert workers.wait_for(ended, seconds=240), crew.logs()
    return seen, page


def tags(company: models.Company) -> int:
    return models.CompanyTag.objects.filter(company=company).count()


@pytest.mark.slow
def test_a_worker_previews_a_change_tags_history_again_and_takes_it_back(
    editor: Client, history: models.Company, service_environment: dict[str, str], tmp_path: Path
):
    file = SimpleUploadedFile(
        "회사.csv", "name,aliases\nLG화학,name:LG화학 | name:엘지켐\n".encode(), "text/csv"
    )
    assert editor.post(UPLOAD, {"file": file}, follow=True).status_code == 200
    with worker(service_environment, tmp_path) as crew:
        post(editor, "what-if")
        preview = models.Retagging.objects.get()
        seen, page = watch(editor, preview, crew)
        assert f"{NAMED} articles gain LG화학" in page
        assert (preview.is_whole, preview.done, preview.added, preview.removed) == (True, ARTICLES, NAMED, 0)
        assert tags(history) == 0

        post(editor, "apply")
        applied = models.Retagging.objects.get(is_preview=False)
        seen, _ = watch(editor, applied, crew)
        assert seen == sorted(seen)
        assert [done for done in seen if 0 < done < ARTICLES], "it was not seen on its way"
        assert (applied.is_whole, applied.changed, applied.added, applied.failed) == (True, NAMED, NAMED, 0)
        assert tags(history) == NAMED

        post(editor, "undo")
        undone = models.Retagging.objects.filter(is_preview=False).latest("pk")
        watch(editor, undone, crew)
        assert (undone.is_whole, undone.added, undone.removed) == (True, 0, NAMED)
        assert tags(history) == 0
    assert set(history.aliases.values_list("text", flat=True)) == {"LG화학"}
