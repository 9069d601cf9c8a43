import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.feeds import titles


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("<b>LG</b> wins", "LG wins"),
        ("&lt;b&gt;LG&lt;/b&gt; wins", "LG wins"),
        ("R&amp;amp;D &amp;quot;more&amp;quot;", 'R&D "more"'),
        ("AT&T", "AT&T"),
        ("A&nbsp;B\n\t C", "A B C"),
        ("<p>one</p><p>two</p>", "one two"),
        ("<단독> 배터리, <인터뷰> a < b > c", "<단독> 배터리, <인터뷰> a < b > c"),
        ("x<script>alert(1)</script>y<!-- z -->", "xy"),
        ("zero\u200bwidth \x00\x07bell\ufeff", "zerowidth bell"),
        ("", ""),
    ],
)
def test_titles_become_plain_text(title, plain):
    assert titles.plain_title(title) == plain


def test_a_title_promised_to_be_literal_keeps_its_angle_brackets():
    assert titles.plain_title("the <b> element", literal=True) == "the <b> element"


def test_an_article_in_the_place_of_a_title_is_cut():
    assert len(titles.plain_title("가" * 5000)) == titles.LONGEST


@given(st.text())
def test_a_plain_title_is_one_folded_line(text):
    plain = titles.plain_title(text)
    assert plain == " ".join(plain.split())
