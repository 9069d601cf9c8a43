"""Events and quotations on the pages of companies and themes."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import chronicle, event_reads, models
from newswatch.accounts import roles
from tests import factories

pytestmark = pytest.mark.django_db

PUBLISHED = datetime.datetime(2023, 8, 24, 3, 0, tzinfo=datetime.UTC)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.person(language="en"))
    return client


def arrive(
    body: str, *, outlet: str = "한빛일보", names=("가온전자",), themes=(), **fields: object
) -> models.Article:
    row = factories.article(
        fields.pop("title", "제목"),
        body,
        companies=[name for name in names if name in body],
        themes=themes,
        of=factories.source(factories.outlet(outlet)),
        published_at=fields.pop("published_at", PUBLISHED),
        **fields,
    )
    factories.story(row)
    models.EventsDue.objects.create(article=row)
    return row


def tell() -> None:
    while chronicle.tell_waiting(now=timezone.now):
        pass


def company(name: str = "가온전자") -> str:
    return f"/companies/{factories.company(name).pk}/"


def fetch(client: Client, path: str, **parameters: object) -> str:
    response = client.get(path, parameters)
    assert response.status_code == 200
    return response.content.decode()


def events(page: str) -> list[tuple[str, str]]:
    return re.findall(
        r'<p class="event-when"><time[^>]*>([^<]*)</time> <span class="standing">([^<]*)</span>', page
    )


def many(number: int) -> None:
    for year in range(number):
        arrive(f"가온전자는 {1950 + year}년 부산 공장을 세웠다.", outlet=f"신문{year % 3}")
    tell()


def test_events_stand_in_order_of_when_they_happened_and_say_how_sure_that_is(client: Client):
    arrive("가온전자는 2021년 증설을 마쳤다. 가온전자는 지난 3월 부산 공장을 열었다.")
    soon = timezone.localdate() + datetime.timedelta(days=40)
    arrive(
        f"가온전자는 {soon.year}년 {soon.month}월 {soon.day}일 새 차를 공개할 예정이다.", outlet="새벽신문"
    )
    arrive("가온전자는 2090년까지 탄소중립을 이루겠다는 목표를 세웠다.", outlet="저녁신문")
    arrive("가온전자는 내달 5일 새 공장을 연다고 24일 밝혔다.", outlet="저녁신문")
    tell()
    page = fetch(client, company())
    assert events(page) == [
        ("by 2090", "goal"),
        (f"{soon.day} {soon:%B} {soon.year}", "planned"),
        ("5 September 2023", "was planned"),
        ("March 2023", "happened"),
        ("2021", "happened"),
    ]
    listed = page[page.index('class="event-list"') :]
    today = listed.index("event-today")
    assert listed.index("by 2090") < today < listed.index("5 September 2023")
    assert [how for _, how in events(fetch(client, company() + "events/", when="past"))] == ["happened"] * 2
    assert events(fetch(client, company() + "events/", when="ahead"))[0] == ("by 2090", "goal")


def test_the_sentence_marks_its_time_and_its_names(client: Client):
    arrive("<b>가온전자</b>는 지난 3월 하늘공장 인수를 마쳤다.", title="<script>alert(1)</script>")
    tell()
    page = fetch(client, company())
    sentence = re.search(r'<p class="event-sentence"[^>]*>(.*?)</p>', page)[1]
    assert '<mark class="hl hl-company">가온전자</mark>' in sentence
    assert '<mark class="hl hl-date">지난 3월</mark>' in sentence
    assert (
        html.unescape(re.sub("<[^>]*>", "", sentence)) == "<b>가온전자</b>는 지난 3월 하늘공장 인수를 마쳤다."
    )
    assert "<script>alert" not in page


def test_an_event_names_its_outlets_and_leads_to_their_articles(client: Client):
    rows = [
        arrive("가온전자는 지난 3월 하늘공장 인수를 마쳤다.", outlet=outlet, title=f"{outlet} 기사")
        for outlet in ("한빛일보", "새벽신문", "한빛일보")
    ]
    tell()
    page = fetch(client, company())
    assert "reported by 2 outlets, 3 articles" in page
    for row in rows:
        assert f'href="/articles/{row.pk}/"' in page
    assert "“지난 3월” → March 2023" in page


def test_pages_go_on_where_the_one_before_ended(client: Client):
    many(35)
    seen, path, parameters = [], company() + "events/", {}
    for _ in range(3):
        page = fetch(client, path, **parameters)
        seen += [when for when, _ in events(page)]
        older = re.search(r'class="more-events"><a [^>]*before=([0-9_-]+)', page)
        if not older:
            break
        parameters = {"before": older[1]}
    assert seen == [str(1950 + year) for year in reversed(range(35))]


@pytest.mark.parametrize("path", ["", "events/", "quotes/"])
def test_the_number_of_queries_does_not_grow_with_the_events(client: Client, path: str):
    said = (
        '김하늘 가온전자 대표는 "내년에는 더 좋은 제품을 만들겠다"고 말했다. 가온전자는 2021년 증설을 마쳤다.'
    )
    arrive(said)
    tell()
    counts = []
    for more in (0, 12):
        for number in range(more):
            arrive(said.replace("좋은", f"좋은 {number}번째"), outlet=f"신문{number}")
            arrive(f"가온전자는 {1990 + number}년 부산 공장을 세웠다.", outlet=f"신문{number}")
        tell()
        with CaptureQueriesContext(connection) as captured:
            fetch(client, company() + path)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_group_shows_what_its_affiliates_do_unless_the_reader_wants_it_alone(client: Client):
    group = factories.company("가온", kind="group")
    part = factories.company("가온전자", parent=group)
    factories.company("하늘반도체", parent=part)
    arrive("하늘반도체는 2021년 증설을 마쳤다.", names=("하늘반도체",))
    arrive("새벽통신은 2022년 증설을 마쳤다.", names=("새벽통신",))
    tell()
    assert events(fetch(client, company("가온"))) == [("2021", "happened")]
    page = fetch(client, company("가온") + "events/", alone=1)
    assert events(page) == []
    assert "with affiliates" in page


def test_a_theme_has_events_too(client: Client):
    arrive("정부는 2021년 수소 법안을 고쳤다.", names=(), themes=("수소",))
    tell()
    assert events(fetch(client, "/themes/수소/")) == [("2021", "happened")]
    assert events(fetch(client, "/theme-events/수소/", when="past")) == [("2021", "happened")]
    assert client.get("/theme-events/없음/").status_code == 404


def test_a_company_without_events_says_what_would_bring_some(client: Client):
    page = fetch(client, company())
    assert "No dated events yet" in page
    assert "/alerts/new/?" in page
    roles.ensure_roles()
    editor = factories.person(is_staff=True, language="en")
    editor.groups.set(models_of_editors())
    client.force_login(editor)
    assert "Add a source that writes about it" in fetch(client, company())
    assert "No article tells of a plan" in fetch(client, company() + "events/", when="ahead")


def models_of_editors():
    return roles.Group.objects.filter(name=roles.EDITORS)


@pytest.mark.parametrize(
    "before",
    ["x", "2023-13-01_1", "2023-01-01_x", "2023-01-01", "9999-99-99_1", "_", "2023-01-01_" + "9" * 40],
)
def test_an_address_that_makes_no_sense_shows_the_first_page(client: Client, before: str):
    many(1)
    assert len(events(fetch(client, company() + "events/", before=before, when="soon", alone="?"))) == 1


def test_what_people_say_is_shown_once_with_speaker_role_day_and_article(client: Client):
    for outlet in ("한빛일보", "새벽신문"):
        row = arrive('김하늘 가온전자 대표는 "내년에는 더 좋은 제품을 만들겠다"고 말했다.', outlet=outlet)
    tell()
    for path in ("", "quotes/"):
        page = fetch(client, company() + path)
        assert page.count("내년에는 더 좋은 제품을 만들겠다</p></blockquote>") == 1
        assert "<strong>김하늘</strong> 대표" in page
        assert "2023-08-24</time>" in page
        assert f'href="/articles/{row.pk}/"' in page
        assert "among 2 outlets" in page


def test_earlier_quotations_follow_on_the_next_page(client: Client):
    words = [f"{chr(0xAC00 + number * 29)}나다라 마바사 아자차" * 3 for number in range(25)]
    for number, said in enumerate(words):
        arrive(
            f'김하늘 가온전자 대표는 "{said}"고 말했다.',
            published_at=PUBLISHED + datetime.timedelta(hours=number),
        )
    tell()
    first = fetch(client, company() + "quotes/")
    older = re.search(r"\?before=([0-9-]+)", first)[1]
    second = fetch(client, company() + "quotes/", before=older)
    seen = re.findall(r"<blockquote[^>]*><p>([^<]*)</p>", first + second)
    assert seen == list(reversed(words))


def test_a_time_and_a_name_inside_a_quotation_are_marked_too_and_no_letter_is_lost(client: Client):
    said = "가온전자는 2030년까지 세계 3위가 된다"
    row = arrive(f'김하늘 가온전자 대표는 "{said}"고 말했다.')
    page = fetch(client, f"/articles/{row.pk}/")
    body = re.search(r'<div class="body".*?<p>(.*?)</p>', page, re.DOTALL)[1]
    assert html.unescape(re.sub(r"<[^>]*>", "", body)) == row.body
    assert re.search(r'<mark class="hl hl-quote hl-company begins"[^>]*>가온전자</mark>', body)
    assert re.search(r'<mark class="hl hl-quote hl-date"[^>]*by 2030[^>]*>2030년까지</mark>', body)
    assert "Said by 가온전자 김하늘 대표" in body


def test_events_stand_along_a_line_as_long_as_their_time_is_known(client: Client):
    arrive("가온전자는 2023년 1월 아라바이오를 인수했다.")
    arrive("가온전자는 2030년까지 신약 후보를 다섯 개로 늘릴 계획이다.")
    tell()
    page = fetch(client, company() + "events/")
    line = page[page.index('class="rows"') : page.index('class="scale"')]
    widths = [float(width) for width in re.findall(r'width="([0-9.]+)%" height="10"', line)]
    assert len(widths) == 2
    assert max(widths) > 3 * min(widths)
    assert "아라바이오를 인수했다." in line
    assert "가온전자는 2023년 1월" not in line
    assert ">2023<" in page
    assert ">2030<" in page


def test_a_part_of_the_scale_is_seen_alone_and_everything_again(client: Client):
    arrive("가온전자는 2023년 1월 아라바이오를 인수했다.")
    arrive("가온전자는 2030년까지 신약 후보를 다섯 개로 늘릴 계획이다.")
    tell()
    page = fetch(client, company() + "events/", **{"from": "2023-01-01", "to": "2023-12-31"})
    assert "아라바이오" in page
    assert "신약 후보" not in page
    assert ">2023<" in page
    assert "everything" in page
    empty = fetch(client, company() + "events/", **{"from": "2024-01-01", "to": "2024-12-31"})
    assert "No article tells of anything in these days." in empty
    assert "everything" in empty


def test_an_address_with_impossible_days_shows_everything(client: Client):
    arrive("가온전자는 2023년 1월 아라바이오를 인수했다.")
    tell()
    for first, last in (("x", "y"), ("2024-01-01", "2023-01-01"), ("2023-02-30", "2023-03-01")):
        assert "아라바이오" in fetch(client, company() + "events/", **{"from": first, "to": last})


@pytest.mark.parametrize(
    ("clause", "when", "short"),
    [
        ("가온전자는 2023년 1월 아라바이오를 인수했다", "2023년 1월", "아라바이오를 인수했다"),
        ("2023년 1월 가온전자는 아라바이오를 인수했다", "2023년 1월", "아라바이오를 인수했다"),
        ("내년에 가온전자가 공장을 연다", "내년", "공장을 연다"),
        ("공장은 2027년에 문을 연다", "2027년", "공장은 2027년에 문을 연다"),
        ("가온전자서비스는 문을 닫았다", "어제", "가온전자서비스는 문을 닫았다"),
        ("The first courses begin in January", "January", "The first courses begin in January"),
    ],
)
def test_what_is_known_beside_a_clause_is_left_out_at_its_beginning_alone(clause: str, when: str, short: str):
    assert event_reads.in_short(clause, when, ("가온전자",)) == short
