"""Cutting texts at marks."""

from hypothesis import given
from hypothesis import strategies as st

from articles import highlight
from articles.highlight import Range

TEXTS = st.text(alphabet="가나다라 \nab<&", max_size=60)
RANGES = st.lists(
    st.tuples(st.integers(0, 70), st.integers(0, 70)).map(lambda ends: Range(min(ends), max(ends))),
    max_size=12,
)


@given(TEXTS, RANGES)
def test_the_pieces_joined_are_the_text_again(text: str, marks: list[Range]):
    assert "".join(piece.text for piece in highlight.cut(text, marks)) == text


@given(TEXTS, RANGES)
def test_a_letter_is_under_exactly_the_marks_that_cover_it(text: str, marks: list[Range]):
    position = 0
    for piece in highlight.cut(text, marks):
        for _ in piece.text:
            covering = [mark for mark in marks if mark.start <= position < mark.end]
            assert sorted(piece.marks, key=repr) == sorted(covering, key=repr)
            position += 1


@given(TEXTS, RANGES)
def test_every_mark_inside_the_text_begins_once(text: str, marks: list[Range]):
    begins = [mark for piece in highlight.cut(text, marks) for mark in piece.begins]
    inside = [mark for mark in marks if mark.start < min(mark.end, len(text))]
    assert sorted(begins, key=repr) == sorted(inside, key=repr)


@given(TEXTS, RANGES, st.integers(0, 60), st.integers(0, 60))
def test_a_part_of_a_text_is_cut_like_the_whole(text: str, marks: list[Range], start: int, length: int):
    start = min(start, len(text))
    pieces = highlight.cut(text, marks, start=start, end=start + length)
    assert "".join(piece.text for piece in pieces) == text[start : start + length]


@given(TEXTS)
def test_paragraphs_are_what_blank_lines_part(text: str):
    found = [text[part.start : part.end] for part in highlight.paragraphs(text)]
    assert found == [block.strip() for block in text.split("\n\n") if block.strip()]


def test_an_excerpt_shows_the_first_place_and_ends_between_words():
    text = "앞말 " * 100 + "배터리 공장이 " + "뒷말 " * 100
    start = text.index("배터리")
    part = highlight.excerpt(text, [Range(start, start + 3)], length=60)
    shown = text[part.start : part.end]
    assert "배터리 공장이" in shown
    assert len(shown) <= 60
    assert shown.startswith("앞말")
    assert shown.endswith("뒷말")


@given(st.text(alphabet="가 나\n", max_size=300), RANGES, st.integers(1, 80))
def test_an_excerpt_stays_inside_the_text_and_holds_the_first_mark(
    text: str, marks: list[Range], length: int
):
    inside = [mark for mark in marks if mark.start < mark.end <= len(text)]
    part = highlight.excerpt(text, inside, length=length)
    assert 0 <= part.start <= part.end <= len(text)
    if inside:
        first = min(inside, key=lambda mark: mark.start)
        assert part.start <= first.start
        assert part.end >= min(first.end, part.start + 1)
