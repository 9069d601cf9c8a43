"""The editor of an outlet's page rules in the admin panel: who may, what it previews, and reading again."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone, translation

from articles import models, page_rules, rereading, rule_preview
from newswatch.accounts import roles
from tests import factories
from tests.integration.test_page_rules import CLUTTER, NEWS, RULE, page, save, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    roles.ensure_roles()
    person = factories.person("editor", is_staff=True)
    person.groups.set(roles.Group.objects.filter(name=roles.EDITORS))
    client = Client()
    client.force_login(person)
    return client


def place(name: str = "", outlet: models.Outlet | None = None) -> str:
    pk = (outlet or factories.outlet()).pk
    return f"/admin/articles/outlet/{pk}/page-rules/{name}"


def form(text: str, **given: object) -> dict[str, object]:
    before = page_rules.saved(factories.outlet())
    return {"text": text, "note": "", "based_on": before.pk if before else 0, **given}


def test_only_editors_come_in():
    client = Client()
    client.force_login(factories.person("analyst"))
    guest = Client()
    staff = Client()
    staff.force_login(factories.person("staff", is_staff=True))
    for name in ("", "preview/", "pages/", "reread/"):
        assert guest.post(place(name)).status_code == 302
        assert client.post(place(name), follow=True).status_code == 403
        assert staff.post(place(name), follow=True).status_code == 403
    assert not models.PageRules.objects.exists()


def test_an_editor_finds_the_rules_from_the_outlet(editor: Client):
    outlet = factories.outlet()
    assert place() in editor.get("/admin/articles/outlet/").content.decode()
    button = f"/admin/articles/outlet/{outlet.pk}/open-page-rules/"
    assert editor.get(f"/admin/articles/outlet/{outlet.pk}/change/").status_code == 200
    assert editor.get(button).headers["Location"] == place()


def test_rules_are_saved_with_who_and_when_and_stand_in_the_history(editor: Client):
    response = editor.post(place(), form(RULE, note="여행 광고"), follow=True)
    assert "저장했습니다" in response.content.decode()
    row = models.PageRules.objects.get()
    assert (row.text, row.note, row.changed_by.username) == (RULE, "여행 광고", "editor")
    assert LogEntry.objects.get().object_id == str(row.outlet_id)
    history = editor.get(f"/admin/articles/outlet/{row.outlet_id}/history/").content.decode()
    assert "여행 광고" in history
    assert "바뀐 것이 없습니다" in editor.post(place(), form(RULE), follow=True).content.decode()
    editor.post(place(), form("# none"))
    older = editor.get(place(), {"from": row.pk}).content.decode()
    assert f">{RULE}</textarea>" in older


def test_a_mistake_is_named_with_its_line_and_nothing_is_saved(editor: Client):
    response = editor.post(place(), form("# note\ncaptoin: .x\nfield date: .y"))
    text = response.content.decode()
    assert response.status_code == 422
    assert 'data-line="2"' in text
    assert "“caption”을 쓰려고 하셨나요?" in text
    assert 'data-line="3"' in text
    assert "captoin: .x" in text
    assert not models.PageRules.objects.exists()


def test_mistakes_are_named_in_the_readers_language(editor: Client):
    with translation.override("en"):
        found = [page_rules.message(one) for one in page_rules.rules.parse("caption: [\nquote: a:has(b)")[1]]
    assert found[0].startswith("The selector “[” can’t be used: the selector can’t be read")
    assert ":has() is not known here" in found[1]
    with translation.override("ko"):
        assert "쓸 수 없습니다" in page_rules.message(page_rules.rules.parse("caption: [")[1][0])


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(editor: Client):
    opened = form(RULE)
    save("# theirs")
    response = editor.post(place(), opened)
    assert response.status_code == 409
    assert RULE in response.content.decode()
    assert page_rules.saved(factories.outlet()).text == "# theirs"
    assert editor.post(place(), {"text": RULE}).status_code == 422


def test_the_preview_shows_the_lines_that_move_and_saves_nothing(editor: Client):
    stored("옛 기사"), stored("새 기사")
    text = editor.post(place("preview/"), {"text": RULE}).content.decode()
    assert "새 기사" in text
    assert "1줄이 바뀝니다" in text
    moved = text.split('<tr class="pr-moved">')[1].split("</tr>")[0]
    assert moved.count(CLUTTER) == 3  # both columns and the button
    assert ">body<" in moved
    assert ">promotion<" in moved
    assert not models.PageRules.objects.exists()


def test_a_page_is_chosen_from_the_list_by_its_address_or_pasted(editor: Client):
    first, _second = stored("첫째 기사"), stored("둘째 기사")
    chosen = editor.post(place("preview/"), {"text": "", "page": first.pk}).content.decode()
    assert "첫째 기사" in chosen
    for address in (first.url, f"http://testserver/articles/{first.pk}/"):
        assert "첫째 기사" in editor.post(place("preview/"), {"address": address}).content.decode()
    assert (
        "저장된 페이지가 없습니다"
        in editor.post(place("preview/"), {"address": "http://no"}).content.decode()
    )
    pasted = page("붙인 기사", "겨울 여행 이야기이다.").decode()
    shown = editor.post(place("preview/"), {"text": RULE, "pasted": pasted}).content.decode()
    assert "붙여 넣은 페이지" in shown
    assert "1줄이 바뀝니다" in shown


def test_a_page_of_another_outlet_is_not_shown(editor: Client):
    stored("우리 기사")
    other = factories.source(factories.outlet("다른 신문"))
    foreign = models.Article.objects.get(pk=stored("남의 기사").pk)
    models.Article.objects.filter(pk=foreign.pk).update(outlet=other.outlet, source=other)
    for given in ({"page": foreign.pk}, {"address": foreign.url}):
        assert "남의 기사" not in editor.post(place("preview/"), given).content.decode()


def test_rules_that_cannot_be_read_are_named_and_the_others_are_tried(editor: Client):
    stored()
    text = editor.post(place("preview/"), {"text": f"caption: [\n{RULE}"}).content.decode()
    assert 'data-line="1"' in text
    assert "1줄이 바뀝니다" in text


def test_what_a_page_holds_is_shown_as_text(editor: Client):
    stored(markup=page("<b>굵은</b> 제목", "&lt;script&gt;alert(1)&lt;/script&gt; 라고 한다."))
    text = editor.post(place("preview/"), {"text": "field title: <script>"}).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>" not in text


def test_the_newest_pages_are_counted_with_how_often_each_rule_fits(editor: Client):
    for number in range(22):
        stored(f"기사 {number}")
    stored("깨끗한 기사", markup=page(extra=NEWS[0].replace("강변", "해변")))
    text = editor.post(place("pages/"), {"text": f"{RULE}\ncaption: .nowhere"}).content.decode()
    assert "최근 페이지 20개에서" in text
    assert "19줄이 바뀝니다" in text
    assert "<td>19 / 20</td>" in text
    assert "<td>0 / 20</td>" in text
    assert "기사 2" in text
    assert "기사 0" not in text


def test_a_page_too_large_or_broken_is_named_and_time_runs_out_gracefully(
    editor: Client, monkeypatch: pytest.MonkeyPatch
):
    broken, _whole = stored("깨진 기사"), stored("성한 기사")
    models.Page.objects.filter(article=broken).update(markup=b"x")
    text = editor.post(place("pages/"), {"text": RULE}).content.decode()
    assert "저장된 페이지가 깨졌습니다" in text
    assert "1줄이 바뀝니다" in text
    monkeypatch.setattr(rule_preview, "LARGEST", 100)
    assert "너무 큰" in editor.post(place("preview/"), {"text": RULE}).content.decode()
    assert "너무 큰" in editor.post(place("preview/"), {"pasted": "x" * 101}).content.decode()
    monkeypatch.setattr(rule_preview, "TOTAL_S", -1.0)
    assert "시간이 모자라 2개는" in editor.post(place("pages/"), {"text": RULE}).content.decode()


def test_an_outlet_without_pages_says_so(editor: Client):
    forgotten = stored()
    models.Page.objects.filter(article=forgotten).update(markup=b"")
    assert rereading.start(factories.outlet(), days=7, by=factories.person(), now=timezone.now()).total == 0
    assert "저장된 페이지가 없습니다" in editor.get(place()).content.decode()
    assert "붙여 넣어" in editor.post(place("preview/"), {"text": RULE}).content.decode()
    assert editor.post(place("pages/"), {"text": RULE}).status_code == 200
    assert editor.get("/admin/articles/outlet/99999/page-rules/").status_code == 404


def test_reading_again_shows_how_far_it_is(editor: Client):
    stored("하나"), stored("둘")
    save(RULE)
    part = {"headers": {"HX-Request": "true"}}
    begun = editor.post(place("reread/"), {"days": "7"}, **part).content.decode()
    assert '<progress id="reread-bar" value="0" max="2">' in begun
    assert 'hx-trigger="every 1s"' in begun
    rereading.run(now=timezone.now)
    over = editor.get(place("reread/"), **part).content.decode()
    assert "페이지 2개 가운데 2개를 읽었고 글 2개가 바뀌었습니다" in over
    assert "hx-trigger" not in over
    assert set(models.Article.objects.values_list("body", flat=True)) == {"\n\n".join(NEWS)}


def test_reading_again_can_be_stopped_and_works_without_scripts(editor: Client):
    stored()
    assert editor.post(place("reread/"), {"days": "0"}).status_code == 302
    assert not models.Rereading.objects.exists()
    assert editor.post(place("reread/"), {"days": "7"}).headers["Location"] == place()
    assert "<progress" in editor.get(place()).content.decode()
    editor.post(place("reread/"), {"stop": "yes"})
    assert models.Rereading.objects.get().finished_at <= timezone.now()
    assert models.Rereading.objects.get().since < timezone.now() - datetime.timedelta(days=6)


def test_the_editors_page_asks_the_same_number_of_queries_however_many_pages(
    editor: Client, django_assert_max_num_queries: object
):
    stored()
    for number in range(3):
        save(f"# {number}")
    editor.get(place())
    with django_assert_max_num_queries(10):
        editor.get(place())
    for number in range(8):
        stored(f"기사 {number}")
        save(f"# more {number}")
    with django_assert_max_num_queries(10):
        editor.get(place())
