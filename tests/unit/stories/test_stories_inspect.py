import math

from articles.stories import counts, inspect, postings


def line(id, title="가나전자, 다라시에 배터리 공장 8400억원 투자", **members):
    return {"id": id, "title": title, "published": "2026-05-01T12:00:00+09:00", **members}


def test_each_line_has_an_answer_in_its_place():
    answers = inspect.describe([line("b"), ValueError("not JSON"), line("a", source="나"), {"title": "x"}])
    assert answers[0] == {"id": "b", "story": "a", "near_duplicate_of": "a"}
    assert answers[1] == {"error": "not JSON"}
    assert answers[2] == {"id": "a", "story": "a", "near_duplicate_of": None}
    assert "id is missing" in answers[3]["error"]


def test_missing_and_strange_members_lose_nothing():
    answers = inspect.describe(
        [
            line(1, text=None),
            line(2, published=None),
            line(3, published="gestern"),
            line(4, title=7),
            line(True),
        ]
    )
    assert [one.get("story") for one in answers] == [1, 1, 1, None, None]
    assert answers[3]["error"] == "title is not a string"


def test_nothing_comes_of_nothing():
    assert inspect.describe([]) == []


def test_a_word_that_all_articles_have_weighs_nothing_and_a_new_one_all():
    counted = counts.Counts("word")
    for _ in range(50_000):
        counted.add([7])
    counted.articles += 50_000
    weigh = counted.weigher()
    assert weigh(7) < 0.1
    assert math.isclose(weigh(123_456_789), 1.0)


def test_a_word_that_is_taken_back_weighs_as_before():
    counted = counts.Counts("piece")
    before = counted.weigher()(42)
    counted.add([42])
    counted.remove([42])
    assert counted.weigher()(42) == before


def test_of_the_articles_with_a_word_the_newest_are_kept_whatever_the_order():
    def age(slot):
        return float(slot), ""

    forwards, backwards = postings.Postings(age), postings.Postings(age)
    slots = range(postings.MOST + 50)
    for slot in slots:
        forwards.add(slot, [1])
    for slot in reversed(slots):
        backwards.add(slot, [1])
    assert list(forwards.get(1)) == list(backwards.get(1)) == list(slots)[50:]
    forwards.remove(60, [1, 2])
    assert 60 not in forwards.get(1)
    assert list(forwards.get(2)) == []
