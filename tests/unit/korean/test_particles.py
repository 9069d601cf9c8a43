import pytest

from articles.korean import particles


@pytest.mark.parametrize(
    "tail", ["", "은", "에서도", "와의", "으로부터는", "들이", "였다", "이라고", "측은", "까지만"]
)
def test_particles_and_their_chains_end_a_noun(tail: str):
    assert particles.is_chain(tail)


@pytest.mark.parametrize(
    "tail", ["화학", "폰", "자동차", "성", "은행", "서울역에서", "은은은은은은은은은은은"]
)
def test_other_syllables_make_another_word(tail: str):
    assert not particles.is_chain(tail)
