"""Folders and briefings: what is put in, written, put in order, published; and what a draft says by itself."""

import datetime
import io
import re

import docx
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import collecting, collection_reads, models, today_reads, watches
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
SENTENCE = "{name}가 구미에 {number}조2000억원을 들여 공장을 짓는다고 밝혔다."


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client


def tell(name: str, *outlets: str, number: int = 1, hours_ago: float = 1, lead: str = "") -> models.Story:
    """A story of a company that these outlets tell."""
    rows = [
        factories.article(
            f"{name}, 구미에 공장 {number}",
            lead or f"(구미={outlet}) {SENTENCE.format(name=name, number=number)}\n\n이는 가장 크다.",
            of=factories.source(factories.outlet(outlet)),
            companies=[name],
            published_at=timezone.now() - hours_ago * HOUR,
        )
        for outlet in outlets or ("한빛일보",)
    ]
    return factories.story(*rows)


def follow(person: User, *names: str) -> None:
    factories.theme("AI")
    watches.follow(person.pk, company=factories.company(names[0]).pk)
    models.Watch.objects.filter(reader=person, theme__isnull=False).delete()
    for name in names[1:]:
        watches.follow(person.pk, company=factories.company(name).pk)


def folder(owner: User, *articles: models.Article, title: str = "배터리") -> models.Collection:
    made = collecting.create(owner.pk, title, language="ko", now=timezone.now())
    for article in articles:
        entry = collection_reads.draft_reads.of_article(article)
        collecting.add(made, entry, now=timezone.now())
    return made


def lines(collection: models.Collection) -> list[tuple[str, list[str]]]:
    """The headings with their lines, as they would be read."""
    made = collection_reads.document_of(collection, collection_reads.with_items(collection), collection.owner)
    return [(part.heading, [line.text for line in part.lines]) for part in made.sections]


def items(collection: models.Collection) -> list[models.CollectionItem]:
    return list(
        models.CollectionItem.objects.filter(section__collection=collection, removed_at=None).order_by(
            "section__position", "position"
        )
    )


def begin(client: Client) -> models.Collection:
    response = client.post("/briefing/today/")
    assert response.status_code == 302
    return models.Collection.objects.get(pk=re.search(r"(\d+)", response.url)[1])


def said(response: object) -> str:
    return response.content.decode()


def test_a_draft_fills_itself_with_what_its_writer_follows(client: Client, analyst: User):
    follow(analyst, "가온전지", "나래바이오")
    tell("나래바이오", "한빛일보", number=3)
    tell("가온전지", "한빛일보", number=1)
    tell("가온전지", "새벽경제", "들불신문", number=2)
    tell("남의회사", "한빛일보")
    tell("가온전지", "한빛일보", number=9, hours_ago=24 * 9)
    made = begin(client)
    assert lines(made) == [
        ("가온전지", [SENTENCE.format(name="가온전지", number=n) for n in (2, 1)]),
        ("나래바이오", [SENTENCE.format(name="나래바이오", number=3)]),
    ]
    first = items(made)[0]
    assert first.outlet == "새벽경제"
    assert first.others == 1
    assert first.article.body[first.start : first.end] == first.text == first.sentence


def test_one_briefing_a_day_is_begun_and_then_opened(client: Client, analyst: User):
    follow(analyst, "가온전지")
    tell("가온전지")
    first = begin(client)
    assert begin(client) == first
    assert len(items(first)) == 1


def test_what_came_since_is_added_and_what_was_taken_out_stays_out(client: Client, analyst: User):
    follow(analyst, "가온전지")
    tell("가온전지", number=1)
    made = begin(client)
    client.post(f"/briefing/{made.pk}/items/{items(made)[0].pk}/", {"do": "remove"})
    tell("가온전지", number=2)
    client.post(f"/briefing/{made.pk}/fill/")
    assert lines(made) == [("가온전지", [SENTENCE.format(name="가온전지", number=2)])]
    assert "새로" in said(client.post(f"/briefing/{made.pk}/fill/", follow=True))


def test_a_story_that_the_last_briefing_told_is_not_told_again(client: Client, analyst: User):
    follow(analyst, "가온전지")
    story = tell("가온전지")
    earlier = collecting.create(
        analyst.pk,
        "어제",
        language="ko",
        now=timezone.now(),
        day=timezone.localdate() - datetime.timedelta(1),
    )
    collecting.add(earlier, collection_reads.draft_reads.of_story(story), now=timezone.now())
    plan = collection_reads.plan(analyst, now=timezone.now())
    since = timezone.now() - 24 * HOUR
    assert collection_reads.draft(analyst, day=plan.day, since=since) == []


def told_yesterday(owner: User, story: models.Story, *, days_ago: int = 1) -> models.Collection:
    """A briefing that has the story, as of half an hour ago."""
    at = timezone.now() - HOUR / 2
    day = timezone.localdate() - datetime.timedelta(days_ago)
    made = collecting.create(owner.pk, "그날", language="ko", now=at, day=day)
    collecting.add(made, collection_reads.draft_reads.of_story(story), now=at)
    return made


def told_today(person: User) -> list[str]:
    """The lines of today's draft."""
    day, since = timezone.localdate(), timezone.now() - 24 * HOUR
    return [
        entry.text for part in collection_reads.draft(person, day=day, since=since) for entry in part.entries
    ]


def later(story: models.Story, body: str, **fields: object) -> models.Article:
    """Another article of a story, which came a minute ago."""
    return factories.article(
        "가온전지 구미 공장, 착공 뒤 이야기",
        body,
        of=factories.source(factories.outlet("나중신문")),
        companies=["가온전지"],
        published_at=timezone.now() - HOUR / 60,
        **fields,
    )


def test_a_told_story_is_told_again_for_what_is_new_and_says_only_that(client: Client, analyst: User):
    follow(analyst, "가온전지")
    story = tell("가온전지")
    told_yesterday(analyst, story)
    fresh = "가온전지는 구미 공장의 완공을 2년 앞당기고 직원 700명을 더 뽑기로 했다."
    row = later(story, f"{SENTENCE.format(name='가온전지', number=1)} {fresh}")
    factories.story(story.headline, row)
    assert told_today(analyst) == [f"새 소식: {fresh}"]
    made = begin(client)
    item = items(made)[0]
    assert (item.article, item.sentence, item.story) == (row, fresh, story)


@pytest.mark.parametrize(
    "body",
    [
        SENTENCE.format(name="가온전지", number=1),
        "가온전지의 구미 공장을 두고 업계에서는 여러 가지 전망을 내놓고 있다.",
    ],
)
def test_the_same_in_other_words_is_nothing_new(client: Client, analyst: User, body: str):
    follow(analyst, "가온전지")
    story = tell("가온전지")
    told_yesterday(analyst, story)
    factories.story(story.headline, later(story, body))
    assert told_today(analyst) == []


def test_a_copy_is_nothing_new(client: Client, analyst: User):
    follow(analyst, "가온전지")
    story = tell("가온전지")
    told_yesterday(analyst, story)
    copy = later(story, "가온전지는 구미 공장에 직원 700명을 더 뽑기로 했다고 밝혔다.")
    factories.story(story.headline, copies=[copy])
    assert told_today(analyst) == []


@pytest.mark.parametrize(("days_ago", "is_told"), [(1, False), (7, False), (8, True)])
def test_what_was_told_more_than_a_week_ago_may_be_told(
    client: Client, analyst: User, days_ago: int, is_told: bool
):
    follow(analyst, "가온전지")
    told_yesterday(analyst, tell("가온전지"), days_ago=days_ago)
    assert bool(told_today(analyst)) == is_told


def test_what_anothers_briefing_told_is_told_in_hers(client: Client, analyst: User):
    follow(analyst, "가온전지")
    told_yesterday(factories.person("other"), tell("가온전지"))
    assert len(told_today(analyst)) == 1


def test_a_told_story_stays_told_when_it_is_merged(client: Client, analyst: User):
    follow(analyst, "가온전지")
    story, into = tell("가온전지"), tell("가온전지", "새벽경제")
    told_yesterday(analyst, story)
    factories.story(into.headline, story.headline)
    models.Story.objects.filter(pk=story.pk).update(merged_into=into, article_count=0, outlet_count=0)
    assert told_today(analyst) == []


def test_events_to_come_are_the_last_section(client: Client, analyst: User):
    follow(analyst, "가온전지")
    story = tell("가온전지")
    article = story.headline
    day = timezone.localdate() + datetime.timedelta(days=3)
    sentence = "가온전지는 다음 주 기업설명회를 연다."
    event = models.Event.objects.create(
        starts_on=day,
        ends_on=day,
        precision="day",
        relation="planned",
        sentence=sentence,
        certainty=0.9,
        report_count=1,
        outlet_count=1,
        first_reported_at=timezone.now(),
    )
    given = {"starts_on": day, "ends_on": day}
    report = models.EventReport.objects.create(
        event=event,
        article=article,
        field="text",
        start=0,
        end=20,
        sentence=sentence,
        sentence_start=0,
        when_text="다음 주",
        when_start=6,
        when_end=10,
        precision="day",
        relation="planned",
        rule="week",
        confidence=0.9,
        published_at=timezone.now(),
        **given,
    )
    models.Event.objects.filter(pk=event.pk).update(told_by=report)
    models.EventCompany.objects.create(event=event, company=models.Company.objects.get(), **given)
    heading, told = lines(begin(client))[-1]
    assert heading == "다가오는 일"
    assert f"{day.month}월 {day.day}일" in told[0]
    assert "기업설명회" in told[0]


def test_an_empty_draft_says_what_to_do(client: Client):
    page = said(client.post("/briefing/today/", follow=True))
    assert f"{reverse('articles:today')}#choose" in page


@pytest.mark.parametrize("with_story", [True, False])
def test_an_article_and_a_story_are_put_into_a_folder_once(client: Client, analyst: User, with_story: bool):
    story = tell("가온전지", "한빛일보", "새벽경제")
    made = folder(analyst)
    asked = {"article": story.headline_id, **({"story": story.pk} if with_story else {})}
    page = said(client.get("/briefing/add/", asked))
    assert f'value="{made.pk}"' in page
    client.post("/briefing/add/", {**asked, "to": made.pk, "next": "/companies/"})
    answer = client.post("/briefing/add/", {**asked, "to": made.pk, "next": "/companies/"})
    assert answer.url == "/companies/"
    (item,) = items(made)
    assert (item.story_id, item.article_id) == (story.pk if with_story else None, story.headline_id)
    assert item.text == SENTENCE.format(name="가온전지", number=1)


def test_htmx_gets_the_dialogue_and_then_a_message_that_takes_it_back(client: Client, analyst: User):
    article = tell("가온전지").headline
    made = folder(analyst)
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/companies/"}
    assert "<html" not in said(client.get("/briefing/add/", {"article": article.pk}, headers=htmx))
    answer = client.post("/briefing/add/", {"article": article.pk, "to": made.pk}, headers=htmx)
    assert answer["HX-Trigger"] == "collected"
    url, do = re.search(
        r'action="(/briefing/[^"]*)">.*?name="do" value="(\w+)"', said(answer), re.DOTALL
    ).groups()
    assert client.post(url, {"do": do, "next": "/companies/"}).url == "/companies/"
    assert items(made) == []


def test_without_an_article_there_is_nothing_to_ask(client: Client):
    assert client.get("/briefing/add/").url == "/briefing/"
    assert client.get("/briefing/add/?article=9").status_code == 404


def test_a_new_folder_can_be_named_where_something_is_added(client: Client, analyst: User):
    article = tell("가온전지").headline
    client.post("/briefing/add/", {"article": article.pk, "title": "  공장\n투자 "})
    made = models.Collection.objects.get()
    assert (made.title, made.kind, len(items(made))) == ("공장 투자", "folder", 1)


def test_a_text_is_written_only_over_what_its_writer_saw(client: Client, analyst: User):
    made = folder(analyst, tell("가온전지").headline)
    item = items(made)[0]
    what, json = f"line-{item.pk}", {"Accept": "application/json"}
    url = f"/briefing/{made.pk}/write/"
    first = client.post(url, {"what": what, "was": item.text, "text": " 내\n줄 "}, headers=json)
    assert (first.status_code, first.json()) == (200, {"text": "내 줄"})
    clash = client.post(url, {"what": what, "was": item.text, "text": "다른 창"}, headers=json)
    assert (clash.status_code, clash.json()) == (409, {"text": "내 줄"})
    page = client.post(url, {"what": what, "was": item.text, "text": "다른 창"})
    assert page.status_code == 409
    assert "다른 창" in said(page)
    assert "<blockquote>내 줄</blockquote>" in said(page)
    # The same text twice is no clash: an answer was lost, and the script asks again.
    again = client.post(url, {"what": what, "was": item.text, "text": "내 줄"}, headers=json)
    assert again.status_code == 200
    item.refresh_from_db()
    assert item.text == "내 줄"


@pytest.mark.parametrize(
    "what", ["", "owner", "line-", "line-999999", "line-1e3", "heading-0", "secret", "line-" + "9" * 30]
)
def test_a_place_that_is_not_there_is_told(client: Client, analyst: User, what: str):
    made = folder(analyst)
    answer = client.post(
        f"/briefing/{made.pk}/write/", {"what": what, "text": "x"}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (404, {"gone": True})


def test_a_title_cannot_be_emptied_and_nothing_grows_without_end(client: Client, analyst: User):
    made = folder(analyst)
    client.post(f"/briefing/{made.pk}/write/", {"what": "title", "was": "배터리", "text": "  "})
    client.post(f"/briefing/{made.pk}/write/", {"what": "intro", "was": "", "text": "가\x00나\r\n" * 5000})
    made.refresh_from_db()
    assert made.title == "배터리"
    assert made.intro.startswith("가나\n가나")
    assert len(made.intro) <= 4000


def titles(made: models.Collection) -> list[tuple[str, list[str]]]:
    return [
        (section.heading, [item.title[-1] for item in section.shown])
        for section in collection_reads.with_items(made)
    ]


@pytest.fixture
def two_parts(analyst: User) -> models.Collection:
    """Lines 1 2 under no heading, 3 under one."""
    rows = [factories.article(f"제목 {number}", "짧다.") for number in (1, 2, 3)]
    made = folder(analyst, *rows)
    section = collecting.add_section(made, "둘", now=timezone.now())
    first, *_, last = items(made)
    collecting.order(
        made,
        [(first.section_id, [i.pk for i in items(made)[:2]]), (section.pk, [last.pk])],
        now=timezone.now(),
    )
    assert titles(made) == [("", ["1", "2"]), ("둘", ["3"])]
    return made


def test_lines_go_up_and_down_and_over_into_the_next_section(client: Client, two_parts: models.Collection):
    def move(which: int, to: str) -> list[tuple[str, list[str]]]:
        item = next(item for item in items(two_parts) if item.title.endswith(str(which)))
        client.post(f"/briefing/{two_parts.pk}/order/", {"item": item.pk, "to": to})
        return titles(two_parts)

    assert move(2, "up") == [("", ["2", "1"]), ("둘", ["3"])]
    assert move(1, "down") == [("", ["2"]), ("둘", ["1", "3"])]
    assert move(3, "down") == [("", ["2"]), ("둘", ["1", "3"])]
    assert move(1, "up") == [("", ["2", "1"]), ("둘", ["3"])]
    assert move(2, "up") == [("", ["2", "1"]), ("둘", ["3"])]


def test_an_order_that_was_dragged_is_kept_and_loses_nothing(client: Client, two_parts: models.Collection):
    first, second = (section for section, _ in collecting.layout(two_parts))
    one, two, three = (item.pk for item in items(two_parts))
    url = f"/briefing/{two_parts.pk}/order/"
    client.post(url, {"order": f"s{second},i{three},i{one},s{first},i{two}"})
    assert titles(two_parts) == [("둘", ["3", "1"]), ("", ["2"])]
    client.post(url, {"order": f"s{first},i{three},i999,ix,,s,s{first}9,i{one},i{three}"})
    assert titles(two_parts) == [("", ["3", "2"]), ("둘", ["1"])]


def test_sections_move_and_leave_their_lines_behind(client: Client, two_parts: models.Collection):
    first, second = (section for section, _ in collecting.layout(two_parts))
    client.post(f"/briefing/{two_parts.pk}/order/", {"section": second, "to": "up"})
    assert titles(two_parts) == [("둘", ["3"]), ("", ["1", "2"])]
    client.post(f"/briefing/{two_parts.pk}/section/", {"section": first})
    assert titles(two_parts) == [("둘", ["3", "1", "2"])]
    client.post(f"/briefing/{two_parts.pk}/section/", {"section": second})
    assert titles(two_parts) == [("", ["3", "1", "2"])]
    client.post(f"/briefing/{two_parts.pk}/section/", {"heading": "셋"})
    assert [heading for heading, _ in titles(two_parts)] == ["", "셋"]


def test_the_first_section_gives_its_lines_to_the_second(client: Client, two_parts: models.Collection):
    first, _ = (section for section, _ in collecting.layout(two_parts))
    client.post(f"/briefing/{two_parts.pk}/section/", {"section": first})
    assert titles(two_parts) == [("둘", ["1", "2", "3"])]


def test_what_is_taken_out_and_deleted_comes_back(client: Client, two_parts: models.Collection):
    one = items(two_parts)[0]
    page = said(client.post(f"/briefing/{two_parts.pk}/items/{one.pk}/", {"do": "remove"}, follow=True))
    assert f'action="/briefing/{two_parts.pk}/items/{one.pk}/"' in page
    assert titles(two_parts)[0] == ("", ["2"])
    client.post(f"/briefing/{two_parts.pk}/items/{one.pk}/", {"do": "restore"})
    assert titles(two_parts)[0] == ("", ["1", "2"])
    page = said(client.post(f"/briefing/{two_parts.pk}/delete/", follow=True))
    assert f'action="/briefing/{two_parts.pk}/restore/"' in page
    assert client.get(f"/briefing/{two_parts.pk}/").status_code == 404
    client.post(f"/briefing/{two_parts.pk}/restore/")
    assert client.get(f"/briefing/{two_parts.pk}/").status_code == 200


def test_a_deleted_briefing_gives_its_day_free_and_is_erased_at_last(client: Client, analyst: User):
    first = begin(client)
    client.post(f"/briefing/{first.pk}/delete/")
    second = begin(client)
    assert second != first
    assert "toast-line error" in said(client.post(f"/briefing/{first.pk}/restore/", follow=True))
    collecting.erase_deleted(now=timezone.now() + datetime.timedelta(days=29))
    assert models.Collection.objects.count() == 2
    collecting.erase_deleted(now=timezone.now() + datetime.timedelta(days=31))
    assert models.Collection.objects.get() == second


def publish(client: Client, made: models.Collection, do: str = "publish") -> str:
    client.post(f"/briefing/{made.pk}/publish/", {"do": do})
    made.refresh_from_db()
    return made.secret


def test_what_is_published_is_read_without_a_log_in_as_it_was(client: Client, analyst: User):
    made = folder(analyst, tell("가온전지").headline)
    secret = publish(client, made)
    client.post(f"/briefing/{made.pk}/write/", {"what": "title", "was": "배터리", "text": "나중"})
    reader = Client()
    answer = reader.get(f"/read/{secret}/")
    page = said(answer)
    assert SENTENCE.format(name="가온전지", number=1) in page
    assert "배터리</h1>" in page
    assert "나중" not in page
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "private" in answer["Cache-Control"]
    assert not answer.cookies
    assert reader.get(f"/read/{secret}/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert "독자에게는" in said(client.get(f"/briefing/{made.pk}/"))
    publish(client, made)
    assert "나중</h1>" in said(reader.get(f"/read/{secret}/"))


def test_an_address_is_renewed_and_closed(client: Client, analyst: User):
    made = folder(analyst, tell("가온전지").headline)
    first = publish(client, made)
    second = publish(client, made, "renew")
    assert len({first, second}) == 2
    statuses = [Client().get(f"/read/{secret}/").status_code for secret in (first, second)]
    assert statuses == [404, 200]
    assert publish(client, made, "end") == ""
    assert Client().get(f"/read/{second}/").status_code == 404
    third = publish(client, made)
    assert Client().get(f"/read/{third}/").status_code == 200
    client.post(f"/briefing/{made.pk}/delete/")
    assert Client().get(f"/read/{third}/").status_code == 404
    client.post(f"/briefing/{made.pk}/restore/")
    User.objects.update(is_active=False)
    assert Client().get(f"/read/{third}/").status_code == 404


def test_files_are_made_of_it(client: Client, analyst: User):
    made = folder(analyst, tell("가온전지").headline)
    pdf = client.get(f"/briefing/{made.pk}/file.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert "filename" in pdf["Content-Disposition"]
    word = client.get(f"/briefing/{made.pk}/file.docx")
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert SENTENCE.format(name="가온전지", number=1) in text
    assert client.get(f"/briefing/{made.pk}/file.exe").status_code == 404
    secret = publish(client, made)
    assert Client().get(f"/read/{secret}/file.docx").content[:2] == b"PK"
    assert Client().get(f"/read/{secret}/file.pdf").content.startswith(b"%PDF")
    assert Client().get("/read/x/file.pdf").status_code == 404


def test_hostile_text_stays_text(client: Client, analyst: User):
    evil = '<script>alert(1)</script> {{ 7|add:"1" }} "onmouseover=\'x\' 가온전지가 1조원을 쓴다고 밝혔다.'
    made = folder(analyst, factories.article(evil[:60], evil, url="javascript:alert(1)"))
    for page in (
        said(client.get(f"/briefing/{made.pk}/")),
        said(client.get(f"/briefing/{made.pk}/read/")),
        said(Client().get(f"/read/{publish(client, made)}/")),
    ):
        assert "<script>alert" not in page
        assert "javascript:" not in page
        assert "&lt;/script&gt;" in page


def test_the_line_leads_to_its_sentence_also_when_the_text_has_moved(client: Client, analyst: User):
    article = tell("가온전지").headline
    made = folder(analyst, article)
    item = items(made)[0]
    address = f"/articles/{article.pk}/?line={item.pk}"
    assert f"{address}#said" in said(client.get(f"/briefing/{made.pk}/"))
    assert 'id="said"' in said(client.get(address))
    models.Article.objects.filter(pk=article.pk).update(body="새 문단이다.\n\n" + article.body)
    page = said(client.get(address))
    marked = "".join(re.findall(r'<mark class="hl[^"]*hl-said[^"]*"[^>]*>(.*?)</mark>', page))
    assert marked == item.sentence
    models.Article.objects.filter(pk=article.pk).update(body="다른 글이다.")
    assert "hl-said" not in said(client.get(address))
    other = Client()
    other.force_login(factories.person("other"))
    models.Article.objects.filter(pk=article.pk).update(body=article.body)
    assert "hl-said" not in said(other.get(address))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[("get", path) for path in ("", "read/", "file.pdf", "file.docx")],
        *[
            ("post", path)
            for path in (
                "write/",
                "order/",
                "section/",
                "publish/",
                "delete/",
                "restore/",
                "fill/",
                "items/1/",
            )
        ],
    ],
)
def test_another_persons_collection_is_not_found(client: Client, method: str, path: str):
    made = folder(factories.person("other"), factories.article(), title="남의 것")
    given = {"what": "title", "was": "남의 것", "text": "x", "do": "publish"}
    assert getattr(client, method)(f"/briefing/{made.pk}/{path}", given).status_code == 404
    assert "남의 것" not in said(client.get("/briefing/"))
    assert "남의 것" not in said(client.get("/go/?to=남의"))
    assert "남의 것" not in said(client.get("/briefing/add/", {"article": factories.article().pk}))
    assert (
        client.post("/briefing/add/", {"article": factories.article().pk, "to": made.pk}).status_code == 404
    )
    made.refresh_from_db()
    assert (made.title, made.secret, made.deleted_at) == ("남의 것", "", None)


def test_another_collections_lines_cannot_be_written_or_moved(client: Client, analyst: User):
    theirs = folder(factories.person("other"), factories.article("남의 줄"), title="남의 것")
    mine = folder(analyst, factories.article("내 줄"))
    item = items(theirs)[0]
    client.post(f"/briefing/{mine.pk}/write/", {"what": f"line-{item.pk}", "was": item.text, "text": "x"})
    client.post(f"/briefing/{mine.pk}/items/{item.pk}/", {"do": "remove"})
    client.post(f"/briefing/{mine.pk}/order/", {"order": f"s{items(mine)[0].section_id},i{item.pk}"})
    client.post(f"/briefing/{mine.pk}/section/", {"section": item.section_id})
    after = models.CollectionItem.objects.get(pk=item.pk)
    assert (after.text, after.removed_at, after.section_id) == (item.text, None, item.section_id)


def test_a_team_reads_what_is_published_and_changes_nothing(client: Client, analyst: User):
    team = Group.objects.create(name="배터리팀")
    colleague = factories.person("colleague")
    analyst.groups.add(team)
    made = folder(analyst, tell("가온전지").headline)
    theirs = Client()
    theirs.force_login(colleague)
    client.post(f"/briefing/{made.pk}/publish/", {"do": "team", "team": team.pk})
    assert theirs.get(f"/briefing/{made.pk}/").status_code == 404
    colleague.groups.add(team)
    page = said(theirs.get(f"/briefing/{made.pk}/"))
    assert SENTENCE.format(name="가온전지", number=1) in page
    assert "<textarea" not in page
    assert "배터리" in said(theirs.get("/briefing/"))
    assert theirs.post(f"/briefing/{made.pk}/delete/").status_code == 404
    made.refresh_from_db()
    assert made.secret == ""
    client.post(f"/briefing/{made.pk}/publish/", {"do": "team", "team": ""})
    assert theirs.get(f"/briefing/{made.pk}/").status_code == 404


def test_pages_cost_the_same_number_of_queries(client: Client, analyst: User):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    made = folder(analyst, tell("가온전지", number=1).headline)
    paths = [f"/briefing/{made.pk}/", "/briefing/", f"/briefing/{made.pk}/read/", "/briefing/add/?article="]
    paths[3] += str(made.sections.get().items.get().article_id)
    few = [queries(path) for path in paths]
    for number in range(2, 9):
        folder(analyst, tell("가온전지", number=number).headline, title=f"폴더 {number}")
        entry = collection_reads.draft_reads.of_article(factories.article(f"제목 {number}"))
        collecting.add(made, entry, now=timezone.now())
        collecting.add_section(made, f"부분 {number}", now=timezone.now())
    assert [queries(path) for path in paths] == few


def test_a_draft_costs_the_same_number_of_queries(analyst: User):
    def queries() -> int:
        plan = collection_reads.plan(analyst, now=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            assert collection_reads.draft(analyst, day=plan.day, since=timezone.now() - 48 * HOUR)
        return len(captured)

    follow(analyst, "가온전지", "나래바이오")
    tell("가온전지", number=1)
    few = queries()
    for number in range(2, 6):
        tell("가온전지", "한빛일보", "새벽경제", number=number)
        tell("나래바이오", number=number)
    assert queries() == few <= 20
    assert today_reads.LATELY


def test_the_palette_knows_the_pages(client: Client, analyst: User):
    folder(analyst, title="배터리 공장")
    page = said(client.get("/go/?to=배터리"))
    assert "배터리 공장" in page
    assert reverse("articles:collections") in said(client.get("/go/"))
