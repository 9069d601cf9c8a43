from dataclasses import dataclass

from articles.dates import events, inspect, resolve
from articles.pages import extract
from articles.tagging import recognise, watchlist
from tests.shared import SHARED, needs_shared
from tests.unit.dates.reading import at


@dataclass(frozen=True)
class Named:
    start: int
    end: int
    name: str
    kind: str = "company"
    confidence: float = 1.0


def find(text: str, *names: str, themes: tuple[str, ...] = ()) -> tuple[events.Event, ...]:
    mentions = [
        Named(found, found + len(name), name, kind)
        for kind, group in (("company", names), ("theme", themes))
        for name in group
        for found in [text.find(name)]
        if found >= 0
    ]
    return events.find_events(text, resolve.resolve_text(text, at("2023-08-24")), mentions)


@needs_shared
def test_the_seed_tells_six_events() -> None:
    page = extract.extract_page((SHARED / "seed" / "article.txt").read_text(encoding="utf-8"))
    found = recognise.Recogniser(watchlist.shipped()).recognise(recognise.Document("", page.title, page.text))
    mentions = [
        mention
        for tag in (*found.companies, *found.themes)
        for mention in tag.mentions
        if mention.field == "text"
    ]
    told = events.find_events(page.text, resolve.resolve_text(page.text, at("2023-08-24")), mentions)
    assert [(inspect.written(event.when), event.who, event.relation) for event in told] == [
        ("2023-08-21/2023-08-24", ("LG",), "past"),
        ("2019", ("LG화학",), "past"),
        ("2023-01", ("아베오",), "past"),
        ("2030", ("LG화학",), "goal"),
        ("2017", ("LG", "LG전자"), "past"),
        ("2020", ("LG AI연구원",), "past"),
    ]
    assert [event.clause.split()[-1] for event in told][1:3] == ["법인", "'아베오'"]


def test_a_date_that_modifies_a_noun_takes_the_noun_along() -> None:
    (event,) = find("가온전자는 2019년 설립된 하늘반도체 공장을 둘러봤다.", "가온전자", "하늘반도체")
    assert event.clause == "2019년 설립된 하늘반도체 공장"
    assert event.who == ("하늘반도체",)


def test_the_day_of_the_announcement_is_no_event_beside_what_was_announced() -> None:
    (event,) = find("가온전자는 내달 5일 새 공장을 연다고 24일 밝혔다.", "가온전자")
    assert (inspect.written(event.when), event.relation) == ("2023-09-05", "planned")


def test_an_announcement_alone_is_a_reported_event() -> None:
    (event,) = find("가온전자는 새 공장을 지었다고 24일 밝혔다.", "가온전자")
    assert event.relation == "reported"


def test_a_comparison_tells_of_no_event() -> None:
    assert find("가온전자의 매출은 지난해 3분기보다 늘었다.", "가온전자") == ()
    assert find("가온전자의 매출은 최근 3년간 늘었다.", "가온전자") == ()


def test_a_clause_without_a_name_takes_the_subject_before_it_with_less_confidence() -> None:
    text = "가온전자는 공장을 지었으며 2021년 증설을 마쳤다."
    (event,) = find(text, "가온전자")
    assert event.clause == "2021년 증설을 마쳤다."
    assert event.who == ("가온전자",)
    assert event.confidence < 0.8


def test_a_sentence_that_names_nobody_watched_tells_nothing() -> None:
    assert find("정부는 2021년 법을 고쳤다.") == ()


def test_a_theme_is_enough() -> None:
    (event,) = find("정부는 2021년 수소 법안을 고쳤다.", themes=("수소",))
    assert event.themes == ("수소",)


def test_offsets_lead_back_to_the_clause() -> None:
    text = "첫 문장이다. 가온전자는 2021년 증설을 마쳤다. 끝 문장이다."
    (event,) = find(text, "가온전자")
    assert text[event.start_offset : event.end_offset] == event.clause
    assert event.sentence == "가온전자는 2021년 증설을 마쳤다."


def one(text: str, *names: str) -> events.Event:
    return find(text, *names)[0]


def test_two_reports_of_one_event_are_the_same() -> None:
    day = one("가온전자는 지난 1월 18일 하늘반도체 인수를 마무리했다.", "가온전자", "하늘반도체")
    month = one("지난 1월 가온전자가 인수를 마무리한 공장이다.", "가온전자")
    assert events.same_event(day, month)
    assert events.same_event(month, day)


def test_another_company_another_time_or_another_matter_is_another_event() -> None:
    base = one("가온전자는 지난 1월 하늘반도체 인수를 마무리했다.", "가온전자")
    assert not events.same_event(base, one("누리통신은 지난 1월 하늘반도체 인수를 마무리했다.", "누리통신"))
    assert not events.same_event(base, one("가온전자는 지난 3월 하늘반도체 인수를 마무리했다.", "가온전자"))
    assert not events.same_event(base, one("가온전자는 지난 1월 신입사원 채용 설명회를 열었다.", "가온전자"))
