from hypothesis import given
from hypothesis import strategies as st

from articles.pages import revision

WORDS = st.sampled_from(
    [
        "회사는",
        "회사가",
        "24일",
        "25일",
        "배터리",
        "a",
        "b",
        "1,200",
        ".",
        "”",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n \n\t",
        "<b>",
        "\x85",
    ]
)
texts = st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=60)


def old_of(blocks):
    return "".join(piece.text for block in blocks for piece in block.pieces if piece.kind != "inserted")


def new_of(blocks):
    return "".join(piece.text for block in blocks for piece in block.pieces if piece.kind != "deleted")


def shown(pieces):
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


@given(texts, texts)
def test_applying_the_difference_gives_the_new_text_and_taking_it_back_the_old(old, new):
    blocks = revision.compare(old, new)
    assert old_of(blocks) == old
    assert new_of(blocks) == new


@given(texts, texts)
def test_a_lines_difference_gives_both_lines(old, new):
    pieces = revision.compare_line(old, new)
    assert old_of([revision.Block(pieces)]) == old
    assert new_of([revision.Block(pieces)]) == new


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert all(block.is_kept for block in revision.compare(text, text))


def test_a_replaced_eojeol_is_shown_as_a_word_without_its_punctuation():
    pieces = revision.compare_line("LG는 24일(현지시간) 밝혔다.", "LG는 25일(현지시간) 밝혔다.")
    assert shown(pieces) == "LG는 [-24일-][+25일+](현지시간) 밝혔다."


def test_a_particle_that_changed_changes_its_word():
    assert shown(revision.compare_line("회사는 말했다", "회사가 말했다")) == "[-회사는-][+회사가+] 말했다"


def test_a_figure_is_one_word():
    assert shown(revision.compare_line("1,200억 원", "1,300억 원")) == "[-1,200억-][+1,300억+] 원"


def test_a_replaced_phrase_is_shown_as_one_and_not_word_by_word():
    assert (
        shown(revision.compare_line("A사 대표가 왔다", "B사 사장이 왔다"))
        == "[-A사 대표가-][+B사 사장이+] 왔다"
    )


def test_only_the_edited_paragraph_is_marked():
    old = "첫 문단이다.\n\n회사는 24일 공장을 지었다.\n\n끝 문단이다."
    blocks = revision.compare(old, old.replace("24일", "25일"))
    assert [block.is_kept for block in blocks] == [True, False, True]
    assert shown(blocks[1].pieces) == "회사는 [-24일-][+25일+] 공장을 지었다.\n\n"


def test_a_new_paragraph_is_inserted_whole_between_the_others():
    blocks = revision.compare("가 나 다.\n\n라 마 바.", "가 나 다.\n\n전혀 새로운 글.\n\n라 마 바.")
    assert [shown(block.pieces) for block in blocks] == [
        "가 나 다.\n\n",
        "[+전혀 새로운 글.\n\n+]",
        "라 마 바.",
    ]


def test_paragraphs_that_share_nothing_are_not_mixed_word_by_word():
    blocks = revision.compare("아침에 비가 왔다.", "주가는 크게 올랐다")
    assert {piece.kind for block in blocks for piece in block.pieces if len(block.pieces) == 1} == {
        "deleted",
        "inserted",
    }


def test_an_edit_beside_a_deleted_paragraph_is_still_found():
    old = "지워질 문단은 여기 있다.\n\n회사는 24일 공장을 지었다고 말했다."
    blocks = revision.compare(old, "회사는 25일 공장을 지었다고 말했다.")
    assert [shown(block.pieces) for block in blocks] == [
        "[-지워질 문단은 여기 있다.\n\n-]",
        "회사는 [-24일-][+25일+] 공장을 지었다고 말했다.",
    ]


def test_texts_too_long_to_match_are_shown_as_replaced():
    old, new = (" ".join(f"{side}{number}" for number in range(3000)) for side in "가나")
    blocks = revision.compare(old, new)
    assert old_of(blocks) == old
    assert new_of(blocks) == new


def test_white_space_at_the_end_of_a_paragraph_is_no_change_to_look_at():
    blocks = revision.compare("한 문단이다.", "한 문단이다.\n\n둘째 문단이다.")
    assert [block.is_kept for block in blocks] == [True, False]
    assert shown(blocks[0].shown) == "한 문단이다."
    assert shown(blocks[1].shown) == "[+둘째 문단이다.+]"
