import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from articles.dates import events, joining, resolve
from tests.unit.dates.reading import at
from tests.unit.dates.test_events import Named

PUBLISHED = at("2023-08-24")
BOUGHT = "가온전자는 지난 1월 하늘반도체 인수를 마무리했다."
TEXTS = [
    BOUGHT,
    "지난 1월 가온전자가 인수를 마무리한 하늘반도체 공장이다.",
    "가온전자는 지난 1월 18일 하늘반도체 인수를 마무리했다고 한다.",
    "가온전자는 지난 3월 부산 공장을 새로 지었다.",
    "누리통신은 지난 1월 하늘반도체 인수를 마무리했다.",
    "가온전자는 2030년까지 매출을 두 배로 늘린다는 목표를 세웠다.",
]


def report(number: int, text: str, *, story: int | None = None, hours: int = 0) -> joining.Report:
    names = [
        Named(start, start + len(name), name)
        for name in ("가온전자", "누리통신", "Gaon Electronics")
        if (start := text.find(name)) >= 0
    ]
    (event, *_) = events.find_events(text, resolve.resolve_text(text, PUBLISHED), names)
    return joining.Report((number,), event, PUBLISHED + timedelta(hours=hours), story)


def groups(joined: dict[tuple[int, ...], int]) -> set[frozenset[int]]:
    by_event: dict[int, set[int]] = {}
    for (number,), event in joined.items():
        by_event.setdefault(event, set()).add(number)
    return {frozenset(one) for one in by_event.values()}


def test_reports_of_the_same_join_and_others_begin_events():
    reports = [report(number, text) for number, text in enumerate(TEXTS)]
    assert groups(joining.join(reports, {}, range(100))) == {
        frozenset({0, 1, 2}),
        frozenset({3}),
        frozenset({4}),
        frozenset({5}),
    }


def test_a_known_event_keeps_its_number():
    known = {77: [report(1, BOUGHT)], 78: [report(2, TEXTS[3])]}
    assert joining.join([report(3, TEXTS[2], hours=5)], known, range(100)) == {(3,): 77}


def test_nothing_new_takes_no_number():
    assert joining.join([], {77: [report(1, BOUGHT)]}, []) == {}


@given(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 3), st.integers(0, 2)), max_size=8),
    st.randoms(),
)
def test_the_order_in_which_reports_are_given_does_not_matter(
    told: list[tuple[str, int, int]], chance: random.Random
):
    reports = [
        report(number, text, hours=hours, story=story or None)
        for number, (text, hours, story) in enumerate(told)
    ]
    shuffled = chance.sample(reports, len(reports))
    assert joining.join(shuffled, {}, range(100)) == joining.join(reports, {}, range(100))


def test_one_likeness_among_many_reports_is_not_enough():
    odd = report(9, "가온전자는 지난 1월 신입사원 채용 설명회를 열었다.")
    known = {77: [*(report(number, BOUGHT) for number in range(3)), odd]}
    joined = joining.join([report(10, "가온전자는 지난 1월 신입사원 채용 설명회를 마쳤다.")], known, [100])
    assert joined == {(10,): 100}


def test_articles_of_one_story_need_fewer_words_and_none_in_another_language():
    korean = report(1, "가온전자는 21일 새 공장의 문을 열었다.", story=5)
    english = events.Event(
        **{
            **{name: getattr(korean.event, name) for name in events.Event.__slots__},
            "clause": "Gaon Electronics opened a plant on Monday",
        }
    )
    in_english = joining.Report((3,), english, PUBLISHED, 5)
    assert events.same_event(korean.event, english, beside=True)
    assert not events.same_event(korean.event, english)
    assert len(groups(joining.join([korean, in_english], {}, range(9)))) == 1
