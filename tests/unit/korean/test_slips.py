import pytest

from articles.korean import slips


@pytest.mark.parametrize(("word", "right"), [("랩세트럴", "랩센트럴"), ("백터연구소", "벡터연구소")])
def test_one_letter_apart_is_a_slip(word: str, right: str):
    assert slips.is_slip(word, right)


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("랩센트럴", "랩센트럴"),
        ("삼성전기", "삼성전자"),
        ("백타연구소", "벡터연구소"),
        ("A센트럴", "랩센트럴"),
    ],
)
def test_the_same_word_or_one_further_apart_is_none(word: str, right: str):
    assert not slips.is_slip(word, right)


def test_slips_are_found_at_the_start_of_a_word_only():
    text = "랩세트럴을 찾았다. 새랩세트럴, 그리고 랩센트럴과 랩센투럴"

    assert list(slips.find(text, "랩센트럴")) == [0, text.index("랩센투럴")]
