"""The right form of a particle after a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.korean import josa


@pytest.mark.parametrize(
    ("written", "settled"),
    [
        ("카카오은(는)", "카카오는"),
        ("“삼성”은(는)", "“삼성”은"),
        ("‘LG화학’을(를)", "‘LG화학’을"),
        ("네이버와(과)", "네이버와"),
        ("현대차그룹와(과)", "현대차그룹과"),
        ("서울(으)로", "서울로"),
        ("부산(으)로", "부산으로"),
        ("제주(으)로", "제주로"),
        ("‘배터리’(이)라는", "‘배터리’라는"),
        ("‘전망’(이)라는", "‘전망’이라는"),
        ("IBM이(가)", "IBM이"),
        ("SK을(를)", "SK를"),
        ("Google은(는)", "Google은"),
        ("Tesla은(는)", "Tesla는"),
        ("3을(를)", "3을"),
        ("2026이(가)", "2026이"),
        ("404(으)로", "404로"),
        ("&quot;삼성&quot;이(가)", "&quot;삼성&quot;이"),
        ("<b>삼성</b>이(가)", "<b>삼성</b>이"),
        ("utf-8(으)로", "utf-8로"),
    ],
)
def test_the_form_follows_the_sound(written: str, settled: str):
    assert josa.settle(written) == settled


@pytest.mark.parametrize("written", ["은(는)", "“?”은(는)", "https://a.example/(으)로", "東京을(를)"])
def test_where_nobody_knows_both_forms_stay(written: str):
    assert josa.settle(written) == written


@given(st.text())
def test_other_text_stays_as_it_is(text: str):
    if not josa.FORM.search(text):
        assert josa.settle(text) == text
