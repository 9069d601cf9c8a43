"""Language of headlines and texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages import language


@pytest.mark.parametrize(
    "text",
    [
        "구광모 LG 대표, 보스턴 방문",
        "AI 시대",
        "SK hynix HBM4 양산",
        "[속보] Fed, 기준금리 0.25%p 인하",
        "日 정부 “총리 訪韓”",
        "LG엔솔 ESS JV",
    ],
)
def test_a_korean_headline_is_korean(text):
    assert language.detect(text) == "ko"


@pytest.mark.parametrize(
    "text",
    [
        "Nvidia unveils new AI chip",
        "Apple WWDC 2026",
        "LG Chem to buy Aveo for $566m",
        "Samsung says 삼성 brand is strong in the US and Europe",
    ],
)
def test_an_english_headline_is_english(text):
    assert language.detect(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12:30",
        "日本の首相が会見で発表した",
        "习近平出席会议",
        "Le gouvernement annonce une réforme des retraites",
        "Der Konzern streicht Stellen und schließt ein Werk",
        "El Gobierno aprueba la ley",
        "Правительство приняло закон",
    ],
)
def test_other_languages_are_other(text):
    assert language.detect(text) == "other"


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text):
    assert language.detect(text) in {"ko", "en", "other"}
