"""Two readings of one page side by side."""

from hypothesis import given
from hypothesis import strategies as st

from articles.pages import clean, compare, extract


def page(*regions: tuple[str, str], title: str = "제목", used: tuple[int, ...] = ()) -> extract.Page:
    found = tuple(clean.Region(kind, text) for kind, text in regions)
    return extract.Page(
        url="",
        title=title,
        published=None,
        byline="",
        outlet="",
        section="",
        language="ko",
        text=clean.body_of(found),
        regions=found,
        rules_used=used,
    )


def test_a_line_that_moves_is_shown_with_both_kinds():
    found = compare.compare(
        page(("title", "가"), ("body", "나 다"), ("related", "라\n마")),
        page(("title", "가"), ("caption", "나 다"), ("related", "라\n마"), used=(3,)),
    )
    assert [(row.text, row.before, row.after) for row in found.rows if row.moved] == [
        ("나 다", "body", "caption")
    ]
    assert (found.moved, len(found.rows)) == (1, 4)
    assert (found.words_before, found.words_after, found.used) == (2, 0, (3,))


def test_lines_that_only_one_reading_has_stand_where_they_were():
    found = compare.compare(
        page(("body", "하나"), ("body", "둘 셋"), ("body", "넷")),
        page(("body", "하나"), ("body", "둘"), ("caption", "셋"), ("body", "넷")),
    )
    assert [(row.text, row.before, row.after) for row in found.rows] == [
        ("하나", "body", "body"),
        ("둘 셋", "body", ""),
        ("둘", "", "body"),
        ("셋", "", "caption"),
        ("넷", "body", "body"),
    ]


def test_only_fields_that_differ_are_named():
    found = compare.compare(page(title="가"), page(title="나"))
    assert [(field.name, field.before, field.after) for field in found.fields] == [("title", "가", "나")]


REGIONS = st.lists(st.tuples(st.sampled_from(clean.KINDS), st.sampled_from("가나다라")), max_size=8)


@given(REGIONS, REGIONS)
def test_every_line_of_both_readings_is_there_once(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
):
    rows = compare.compare(page(*before), page(*after)).rows
    assert sorted((row.text, row.before) for row in rows if row.before) == sorted((t, k) for k, t in before)
    assert [(row.text, row.after) for row in rows if row.after] == [(t, k) for k, t in after]


@given(REGIONS)
def test_a_reading_does_not_differ_from_itself(regions: list[tuple[str, str]]):
    assert compare.compare(page(*regions), page(*regions)).moved == 0
