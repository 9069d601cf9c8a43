import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.stories import prints, window

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST = "가나전자, 다라시에 배터리 공장 8400억원 투자"
SECOND = "[속보] 가나전자 다라시 배터리 공장에 8400억 투자"
OTHER = "마바은행 신임 행장에 홍길동 부행장 내정"


def document(id, title, *, hours=0.0, outlet="가", text="", version=1):
    return window.Document(id, title, text, NOON + timedelta(hours=hours), outlet, version=version)


def place(*titles, hours=1.0):
    """The stories of headlines that come so many hours apart, each from an outlet of its own."""
    batch = [document(n, title, hours=n * hours, outlet=str(n)) for n, title in enumerate(titles)]
    return window.Window().place(batch)


def stories(*titles, hours=1.0):
    return [one.story for one in place(*titles, hours=hours)]


def kept(placed, batch):
    """What of placed articles is stored."""
    by_id = {one.id: one for one in batch}
    return [
        window.Placed(one.id, one.story, one.fingerprint, by_id[one.id].published, by_id[one.id].outlet)
        for one in placed
    ]


def test_a_headline_with_other_particles_and_marks_joins_the_story():
    placed = place(FIRST, SECOND, OTHER)
    assert [one.story for one in placed] == [0, 0, 2]
    assert placed[1].joined == 0
    assert placed[1].similarity > 0.9


def test_spaces_do_not_matter():
    assert stories("마바은행 신임 행장에 홍길동 부행장 내정", "마바은행 신임행장에 홍길동부행장 내정") == [
        0,
        0,
    ]


def test_chinese_characters_of_headlines_are_read():
    titles = ("尹대통령 다라시 방문…“배터리 공장 지원”", "윤 대통령, 다라시 방문 “배터리 공장 지원”")
    assert stories(*titles) == [0, 0]


def test_headlines_in_conjoining_letters_are_the_same():
    placed = place(FIRST, unicodedata.normalize("NFD", FIRST))
    assert placed[1].near_duplicate_of == 0
    assert placed[1].reason == "same-title"


def test_the_same_sentence_of_two_companies_is_two_stories():
    titles = (
        "가나전자, 2분기 영업이익 1조2000억원…전년비 20%↑",
        "마바화학, 2분기 영업이익 8000억원…전년비 20%↑",
        "가나전자 2분기 영업익 1.2조, 20% 증가",
    )
    assert stories(*titles, hours=0.2) == [0, 1, 0]


def test_two_matches_of_the_same_teams_are_two_stories():
    assert stories("가나, 다라에 5-3 승리", "가나, 다라에 2-1 승리", hours=24) == [0, 1]


def test_the_counts_of_two_days_are_two_stories():
    assert stories("코로나 신규확진 1만2345명", "코로나 신규확진 1만3456명", hours=24) == [0, 1]


def test_english_headlines_are_placed_by_their_words():
    titles = (
        "Magnitude 7.1 earthquake strikes off Japan",
        "7.1-magnitude earthquake hits Japan, tsunami warning issued",
        "Samsung posts record quarterly profit on AI chip demand",
    )
    assert stories(*titles) == [0, 0, 2]


@pytest.mark.parametrize(
    "title",
    [
        "오늘의 날씨",
        "[오늘의 운세] 5월 1일",
        "[부고] 홍길동씨 별세 外",
        "[시황] 코스피 상승 마감",
        "[사설] 배터리 공장",
    ],
)
def test_templated_items_are_not_stories_of_each_other(title):
    texts = (
        "맑고 따뜻하겠다 서울 20도 부산 22도 대구 25도 광주 24도 대전 23도 제주 21도 인천 19도",
        "흐리고 비가 오겠다 강릉 10도 속초 12도 원주 15도 충주 14도 청주 13도 전주 11도 여수 9도",
    )
    batch = [
        document(n, title, hours=24 * n, outlet=outlet, text=text)
        for n, (outlet, text) in enumerate([("가", texts[0]), ("가", texts[1]), ("나", texts[0])])
    ]
    placed = window.Window().place(batch)
    assert len({one.story for one in placed}) == 3
    assert {one.reason for one in placed} == {"template"}


def test_the_same_obituary_in_two_outlets_on_one_day_is_a_copy():
    placed = place("[부고] 홍길동(가나신문 부장)씨 모친상", "[부고]홍길동(가나신문 부장)씨 모친상")
    assert placed[1].near_duplicate_of == 0


def test_a_headline_that_its_outlet_prints_every_day_is_a_column():
    batch = [document(n, "가나다의 아침 편지 모음", hours=24 * n) for n in range(3)]
    assert len({one.story for one in window.Window().place(batch)}) == 3


def test_a_copy_points_to_the_earliest():
    text = "가나전자가 다라시에 배터리 공장을 짓는 데 8400억원을 투자한다고 밝혔다. 공장은 2028년 열고 500명을 뽑는다"
    titles = (FIRST, "가나전자 배터리 공장, 다라시에 선다", FIRST + "(종합)")
    batch = [document(n, title, hours=n, outlet=str(n), text=text) for n, title in enumerate(titles)]
    placed = window.Window().place(batch)
    assert [one.near_duplicate_of for one in placed] == [None, 0, 0]
    assert [one.reason for one in placed] == ["alone", "same-text", "same-title"]


def test_a_fingerprint_is_that_of_a_placed_article_and_places_nothing():
    held = window.Window()
    taken = prints.unpack(held.fingerprint(FIRST, "공장은 다라시에 선다."))[0]
    assert len(held) == 0
    placed = held.place([document(1, FIRST, text="공장은 다라시에 선다.")])[0]
    assert taken == prints.unpack(placed.fingerprint)[0]


def test_articles_too_far_apart_are_not_compared():
    assert stories(FIRST, FIRST, hours=15 * 24) == [0, 1]


def test_a_changed_article_stays_in_its_story():
    held = window.Window()
    held.place([document(1, FIRST), document(2, SECOND, hours=1, outlet="나")])
    again = held.place([document(2, OTHER, hours=1, outlet="나", version=2)])
    assert (again[0].story, again[0].reason) == (1, "known")
    assert len(held) == 2


def test_what_comes_later_is_compared_with_the_changed_article():
    held = window.Window()
    held.place([document(1, FIRST)])
    held.place([document(1, OTHER, version=2)])
    placed = held.place([document(2, OTHER, hours=2, outlet="다"), document(3, FIRST, hours=2, outlet="라")])
    assert [one.story for one in placed] == [1, 3]


def test_of_several_versions_in_one_call_the_last_is_placed():
    batch = [document(1, OTHER, version=1), document(1, FIRST, version=2), document(2, SECOND, outlet="나")]
    assert [one.story for one in window.Window().place(batch)] == [1, 1, 1]


def test_an_article_that_an_editor_moved_stays_and_takes_others_along():
    held = window.Window()
    held.place(
        [document(1, FIRST), document(2, OTHER, outlet="나"), document(3, OTHER, hours=1, outlet="다")]
    )
    held.assign(3, 3)
    held.assign(2, 3)
    placed = held.place(
        [document(2, FIRST, outlet="나", version=2), document(4, OTHER, hours=2, outlet="라")]
    )
    assert (placed[0].story, placed[0].reason) == (3, "pinned")
    assert placed[1].story == 3


def test_what_would_join_a_merged_story_joins_the_other():
    held = window.Window()
    held.place([document(1, FIRST), document(2, OTHER, outlet="나")])
    held.merge(2, 1)
    held.merge(1, 2)
    placed = held.place([document(3, OTHER, hours=1, outlet="다"), document(4, SECOND, hours=1, outlet="라")])
    assert [one.story for one in placed] == [1, 1]


def test_a_merged_story_is_known_before_its_articles_are_restored():
    held = window.Window()
    batch = [document(1, FIRST), document(2, OTHER, outlet="나")]
    stored = kept(held.place(batch), batch)
    other = window.Window()
    other.merge(2, 1)
    other.restore(stored)
    assert other.place([document(3, OTHER, hours=1, outlet="다")])[0].story == 1


def test_what_an_earlier_call_told_is_not_moved():
    held = window.Window()
    first = held.place([document(1, "가나전자 배터리 공장 소식")])
    second = held.place([document(2, OTHER, outlet="나")])
    held.place([document(3, OTHER + " 가나전자 배터리 공장 소식", hours=1, outlet="다")])
    again = held.place([document(1, "가나전자 배터리 공장 소식"), document(2, OTHER, outlet="나")])
    assert [one.story for one in again] == [first[0].story, second[0].story]


JOBS = "다라시 일자리 500개 생긴다"
BOTH = "가나전자 다라시에 배터리 공장 8400억 투자…일자리 500개 생긴다"


def two_stories():
    """A window with two headlines of one event that share little, each placed by a call of its own."""
    held = window.Window()
    batch = [document(1, FIRST), document(2, JOBS, hours=2, outlet="나")]
    placed = [held.place([one])[0] for one in batch]
    assert [one.story for one in placed] == [1, 2]
    return held, kept(placed, batch)


def test_two_young_stories_are_joined_by_an_article_that_tells_both():
    held, _ = two_stories()
    placed = held.place([document(3, BOTH, hours=3, outlet="다")])
    assert placed[0].story == 1
    assert held.joined == [window.Joined(story=2, into=1)]
    assert held.place([document(4, JOBS, hours=4, outlet="라")])[0].story == 1
    assert held.joined == []


def test_a_restored_window_joins_the_same():
    _, stored = two_stories()
    other = window.Window()
    other.restore(reversed(stored))
    other.place([document(3, BOTH, hours=3, outlet="다")])
    assert other.joined == [window.Joined(story=2, into=1)]


@pytest.mark.parametrize("touched", [1, 2])
def test_a_story_that_an_editor_touched_is_not_joined(touched):
    held, _ = two_stories()
    held.assign(touched, touched)
    held.place([document(3, BOTH, hours=3, outlet="다")])
    assert held.joined == []


def test_a_story_of_more_than_a_day_is_not_joined():
    held, _ = two_stories()
    held.place([document(3, BOTH, hours=2.1 + window.YOUNG_HOURS, outlet="다")])
    assert held.joined == []


def test_stories_joined_elsewhere_are_one_here_too():
    held, _ = two_stories()
    held.join(2, 1)
    assert held.place([document(3, JOBS, hours=3, outlet="다")])[0].story == 1


def test_what_is_forgotten_is_joined_no_more():
    held = window.Window()
    held.place([document(1, FIRST), document(2, OTHER, hours=30)])
    held.forget(NOON + timedelta(hours=24))
    assert len(held) == 1
    placed = held.place(
        [document(3, FIRST, hours=31, outlet="나"), document(4, OTHER, hours=31, outlet="나")]
    )
    assert [one.story for one in placed] == [3, 2]


@pytest.mark.parametrize(
    "title",
    ["", " ", "\x00", "…", "\ud800", "[", "가" * 1_000_000, "a " * 500_000, "1" * 1_000_000, "[(" * 400_000],
)
def test_a_hostile_title_is_placed(title):
    placed = window.Window().place([document(1, title), document(2, title, outlet="나", text=title[:1000])])
    assert [one.id for one in placed] == [1, 2]


def test_articles_without_a_headline_are_not_one_story():
    assert stories("", "", "…") == [0, 1, 2]


def test_a_fingerprint_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="fingerprint"):
        window.Window().restore([window.Placed(1, 1, b"nonsense", NOON, "가")])


WORDS = (
    "가나전자", "다라시", "배터리", "공장", "투자", "마바은행", "행장", "홍길동", "내정", "폭우", "피해",
    "8400억원", "20%", "5-3", "Samsung", "profit", "[포토]", "날씨",
)  # fmt: skip
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
DOCUMENTS = st.lists(
    st.tuples(
        TITLES,
        st.integers(0, 200),
        st.sampled_from("가나다"),
        st.sampled_from(["", "공장 투자 " * 9, "행장 내정 폭우"]),
    ),
    min_size=1,
    max_size=14,
).map(
    lambda rows: [
        document(n, title, hours=hours, outlet=outlet, text=text)
        for n, (title, hours, outlet, text) in enumerate(rows)
    ]
)


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_within_a_call_changes_nothing(batch, random):
    shuffled = list(batch)
    random.shuffle(shuffled)
    placed = {one.id: one for one in window.Window().place(shuffled)}
    assert window.Window().place(batch) == [placed[one.id] for one in batch]


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_a_restored_window_places_as_the_one_that_it_was_restored_from(former, latter):
    latter = [document(f"n{one.id}", one.title, outlet=one.outlet, text=one.text) for one in latter]
    held, restored = window.Window(), window.Window()
    restored.restore(kept(held.place(former), former))
    assert restored.place(latter) == held.place(latter)


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS)
def test_a_story_is_named_for_one_of_its_articles_and_copies_are_of_earlier_ones(batch):
    published = {one.id: one.published for one in batch}
    placed = {one.id: one for one in window.Window().place(batch)}
    for one in placed.values():
        assert placed[one.story].story == one.story
        if one.near_duplicate_of is not None:
            assert placed[one.near_duplicate_of].story == one.story
            assert published[one.near_duplicate_of] <= published[one.id]


def test_companies_that_share_half_a_name_report_results_of_their_own():
    placed = place(
        "한빛전자, 2분기 영업이익 14조원…전년비 12% 증가",
        "[속보] 한빛전자 2분기 영업이익 14조1천억원…12%↑",
        "LG전자 2분기 영업이익 7천억원…전년비 12% 감소",
    )
    assert placed[0].story == placed[1].story != placed[2].story
