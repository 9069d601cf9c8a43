import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from articles.korean import jamo

_LETTERS = st.text(alphabet="가각힣LG 삼성\u1100\u1161\u11a8\u1112\u1175\u0301é😀\x00")


def test_a_text_in_syllables_needs_no_composing():
    assert jamo.compose("LG화학은 배터리를 만든다") is None


def test_conjoining_letters_become_syllables():
    composed = jamo.compose(unicodedata.normalize("NFD", "네이버와 LG화학"))

    assert composed is not None
    assert composed.text == "네이버와 LG화학"


@given(_LETTERS)
def test_offsets_lead_back_to_the_letters_a_syllable_came_from(text: str):
    composed = jamo.compose(text)
    if composed is None:
        return

    assert len(composed.offsets) == len(composed.text) + 1
    assert composed.offsets[-1] == len(text)
    for index, char in enumerate(composed.text):
        letters = text[composed.offsets[index] : composed.offsets[index + 1]]
        assert letters == char or unicodedata.normalize("NFC", letters) == char
