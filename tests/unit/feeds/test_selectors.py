"""Selectors pick what lxml's own way picks, and stay quick where that does not."""

import hypothesis
import pytest
from hypothesis import strategies
from lxml import cssselect
from lxml import html as lxml_html

from articles.feeds import selectors

PAGE = lxml_html.document_fromstring("""
<body><div class="a"><ul id="list"><li class="x a">1<p>2</p></li><li>3<a href="/n/1">4</a><a>5</a></li>
<li class="x">6</li></ul>
<div class="a"><div class="x"><p class="a">7</p><p>8</p><a href="/n/2" class="x">9</a></div></div></div>
<p>10</p><div><p class="a x">11</p></div></body>
""")
COMPOUNDS = strategies.sampled_from(
    ["*", "a", "p", "div", "li", ".a", ".x", "#list", "p.a", "[href]", "a[href^='/n/']", ":first-child",
     "li:nth-child(2n+1)", "div:not(.x)", "p:last-of-type"]
)  # fmt: skip
JOINS = strategies.sampled_from([" ", " > ", " + ", " ~ "])
CHAINS = strategies.tuples(COMPOUNDS, strategies.lists(strategies.tuples(JOINS, COMPOUNDS), max_size=4)).map(
    lambda drawn: drawn[0] + "".join(join + compound for join, compound in drawn[1])
)


@hypothesis.given(strategies.lists(CHAINS, min_size=1, max_size=2).map(", ".join))
@hypothesis.settings(max_examples=300)
def test_a_selector_picks_what_lxml_picks(selector: str):
    assert selectors.read(selector).pick(PAGE) == cssselect.CSSSelector(selector, translator="html")(PAGE)


def test_a_page_nested_against_a_selector_is_walked_once_a_step():
    deep = lxml_html.document_fromstring("<div>" * 200 + "<a>x</a>" * 3000)
    assert len(selectors.read("* * * * * * * * a").pick(deep)) == 3000


@pytest.mark.parametrize(
    "selector", ["a:has(b)", "a:not(b c)", "a::text", "a[", "a, ", "\\1", "p > > a", ".1", "a " * 20]
)
def test_what_cannot_be_used_is_refused(selector: str):
    with pytest.raises(selectors.UnusableSelector):
        selectors.read(selector)


@hypothesis.given(strategies.text(alphabet="ab.#[]()>+~:*,= \"'\\1-nothas", max_size=40))
def test_any_text_is_read_or_refused(text: str):
    try:
        picked = selectors.read(text).pick(PAGE)
    except selectors.UnusableSelector:
        return
    assert isinstance(picked, list)
