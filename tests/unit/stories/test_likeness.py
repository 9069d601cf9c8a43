"""Which articles are like one, by the rare words and companies that they share."""

from collections.abc import Mapping

from articles.stories import likeness

LG, KAKAO = "@c1", "@c2"


def shares(known: Mapping[str, float], rest: float = 0.001) -> likeness.ShareOf:
    return lambda lexeme: known.get(lexeme, rest)


def candidate(title: str, *companies: str, id: int = 1, story: int | None = None) -> likeness.Candidate:
    return likeness.Candidate(id, story, title, frozenset(companies))


def found(
    title: str, *others: likeness.Candidate, companies: Mapping[str, str] | None = None
) -> list[likeness.Like]:
    share_of = shares({LG: 0.01})
    return likeness.ranked(likeness.subject(title, companies or {}, share_of), others, share_of, most=5)


def test_words_are_told_as_the_headline_writes_them_without_endings():
    (like,) = found("LG화학, 구미에 양극재 공장", candidate("포스코 양극재 공장을 구미로"))
    assert set(like.words) == {"구미", "양극재", "공장"}


def test_one_rare_word_alone_is_not_enough():
    assert found("구미에 양극재 공장", candidate("양극재 값이 내렸다")) == []


def test_a_company_alone_is_its_whole_coverage_and_nothing_alike():
    assert found("구미 공장 착공", candidate("인사 발령", LG), companies={LG: "LG화학"}) == []


def test_a_word_and_a_rare_company_are_enough():
    (like,) = found(
        "구미 공장 착공", candidate("구미 주민 반발", LG), companies={LG: "LG화학", KAKAO: "카카오"}
    )
    assert (like.words, like.companies) == (("구미",), (LG,))


def test_a_name_counts_once_as_a_company_and_not_again_as_a_word():
    assert found("LG화학 인사", candidate("LG화학 실적", LG), companies={LG: "LG화학"}) == []


def test_the_same_three_companies_are_alike_in_any_language():
    names = {LG: "LG화학", KAKAO: "카카오", "@c3": "아베오"}
    (like,) = found("보스턴 방문", candidate("Boston tour", *names), companies=names)
    assert set(like.companies) == set(names)
    assert "('@c1' & '@c2' & '@c3')" in likeness.tsquery(likeness.subject("", names, shares({})))


def test_of_one_story_the_most_alike_stands_for_it():
    likes = found(
        "구미에 양극재 공장",
        candidate("양극재 공장", id=1, story=9),
        candidate("구미 양극재 공장", id=2, story=9),
        candidate("양극재 공장", id=3),
    )
    assert [like.id for like in likes] == [2, 3]


def test_common_words_are_not_asked_for():
    share_of = shares({"공장": 0.2, "~공장": 0.1})
    subject = likeness.subject("LG화학 구미 공장", {LG: "LG화학"}, share_of)
    assert list(subject.words) == ["구미"]
    asked = likeness.tsquery(subject)
    assert "공장" not in asked
    assert "구미" in asked
    assert LG in asked


def test_nothing_rare_asks_nothing():
    assert likeness.tsquery(likeness.subject("…", {}, shares({}))) == ""


def test_what_is_asked_is_quoted():
    asked = likeness.tsquery(likeness.subject("R&D's O'Neill | hacks", {}, shares({})))
    assert asked.count("'") % 2 == 0
