"""Why a document matches, part by part."""

from hypothesis import given
from hypothesis import strategies as st

from articles.search import explain, matches, query
from articles.search.context import Context
from tests.unit.search import drawn


def explained(asked: str, **document: object) -> explain.Part:
    prepared = matches.prepare(matches.SearchDocument(1, **document))
    return explain.explain(query.parse_query(asked), prepared, Context(drawn.NOW))


def test_each_part_says_whether_and_where_it_is_found():
    whole = explained("LG (배터리 OR 수소) -야구", title="LG, 수소 사업")
    assert (whole.kind, whole.matched) == ("and", True)
    word, either, without = whole.parts
    assert word.spans == (matches.Span("title", 0, 2),)
    assert [(part.text, part.matched) for part in either.parts] == [("배터리", False), ("수소", True)]
    assert (without.matched, without.parts[0].matched) == (True, False)


def test_words_that_are_only_too_far_apart_are_told_from_missing_ones():
    near = explained("가 NEAR/1 나", text="가 다 나")
    assert not near.matched
    assert [part.matched for part in near.parts] == [True, True]


def test_a_sentence_shows_the_words_that_stand_in_different_ones():
    sentence = explained("SENTENCE(공장 배터리)", text="공장을 세웠다. 배터리는 없다.")
    assert not sentence.matched
    assert [part.matched for part in sentence.parts[0].parts] == [True, True]


@given(st.randoms(use_true_random=False))
def test_the_parts_add_up_to_the_whole(random):
    ast = drawn.draw_query(random)
    document = matches.prepare(drawn.draw_document(random))
    check(explain.explain(ast, document, drawn.CONTEXT))


def check(part: explain.Part) -> None:
    expected = {
        "and": all(child.matched for child in part.parts),
        "or": any(child.matched for child in part.parts),
        "not": not any(child.matched for child in part.parts),
    }
    assert part.matched == expected.get(part.kind, part.matched)
    for child in part.parts:
        check(child)
