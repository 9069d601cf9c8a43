"""Lists of sources come in and go out, and come back the same."""

import datetime

import hypothesis
import pytest
from hypothesis import strategies

from articles.feeds import opml, reading

MADE = datetime.datetime(2026, 11, 22, 3, 0, tzinfo=datetime.UTC)
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
<outline text="News"><outline title="Korea" text="Korea">
  <outline type="rss" text="시험일보 & 친구" xmlUrl="https://news.kr/rss?a=1&b=2" htmlUrl="https://news.kr/"/>
</outline><outline text="World"/></outline>
<outline type="rss" text="Loose" xmlurl="https://loose.example/feed" category="/Tech/Chips,/Other"/>
<outline type="rss" text="Broken"/>
</body></opml>"""


def test_outlines_are_read_with_the_groups_they_stand_in():
    first, second, third = opml.parse_opml(FILE.encode())
    assert (first.url, first.title, first.group, first.site) == (
        "https://news.kr/rss?a=1&b=2",
        "시험일보 & 친구",
        "News / Korea",
        "https://news.kr/",
    )
    assert (second.url, second.group) == ("https://loose.example/feed", "Tech/Chips")
    assert (third.url, third.title) == ("", "Broken")


def test_a_feed_that_stands_within_a_feed_is_read():
    nested = '<opml><body><outline text="a" xmlUrl="http://a.kr"><outline text="b" xmlUrl="http://b.kr"/></outline></body></opml>'
    assert [one.url for one in opml.parse_opml(nested.encode())] == ["http://a.kr", "http://b.kr"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"<html><body>x</body></html>", "HTML"),
        (b"<rss version='2.0'><channel/></rss>", "no OPML"),
        (b"{}", "neither"),
        (b"x" * (opml.LARGEST + 1), "bytes"),
    ],
)
def test_what_is_no_opml_is_refused_with_a_reason(data: bytes, why: str):
    with pytest.raises(opml.UnreadableOpml, match=why):
        opml.parse_opml(data)


def test_entities_are_not_expanded():
    bomb = (
        '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<opml><body><outline text="&b;&x;" xmlUrl="http://a.kr/&b;"/></body></opml>'
    )
    (outline,) = opml.parse_opml(bomb.encode())
    assert "aaaaaaaaaa" not in outline.title + outline.url
    assert "root:" not in outline.title


def test_too_many_outlines_are_refused():
    many = "<opml><body>" + '<outline xmlUrl="http://a.kr"/>' * (opml.MOST_OUTLINES + 1) + "</body></opml>"
    with pytest.raises(opml.UnreadableOpml, match="more than"):
        opml.parse_opml(many.encode())


def test_deep_nesting_is_walked_without_recursion():
    deep = (
        "<opml><body>" + '<outline text="g">' * 200 + '<outline xmlUrl="http://a.kr"/>' + "</outline>" * 200
    )
    (outline,) = opml.parse_opml((deep + "</body></opml>").encode())
    assert len(outline.group) <= 100


def test_other_encodings_are_read():
    text = '<?xml version="1.0" encoding="euc-kr"?><opml><body><outline text="시험일보" xmlUrl="http://a.kr"/></body></opml>'
    assert opml.parse_opml(text.encode("cp949"))[0].title == "시험일보"


TEXTS = strategies.text(
    strategies.characters(exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Cf", "Co"]), max_size=20
)
OUTLINES = strategies.builds(
    opml.Outline,
    url=TEXTS.map(lambda text: f"https://a.kr/{text}"),
    title=TEXTS,
    group=TEXTS,
    site=TEXTS,
    kind=strategies.just(reading.FEED),
    outlet=TEXTS,
    language=TEXTS,
    time_zone=TEXTS,
    fetch_pages=strategies.none() | strategies.booleans(),
    enabled=strategies.none() | strategies.booleans(),
    interval_s=strategies.none() | strategies.integers(1, 86_400),
)


@hypothesis.given(strategies.lists(OUTLINES, max_size=6))
def test_what_is_written_reads_the_same(outlines: list[opml.Outline]):
    written = opml.write_opml(outlines, title="Newswatch", made=MADE)
    groups = list(dict.fromkeys(outline.group for outline in outlines))
    # Ungrouped ones stand beside the groups, where they came.
    read = opml.parse_opml(written)
    assert sorted(read, key=repr) == sorted(outlines, key=repr)
    assert len({outline.group for outline in read}) == len(groups)


def test_a_page_without_a_feed_keeps_its_selector():
    page = opml.Outline("https://a.kr/", "A", "G", kind=reading.LISTING, selector="li > a[href*='/news/']")
    written = opml.write_opml([page], title="Newswatch", made=MADE)
    assert b"xmlUrl" not in written
    assert opml.parse_opml(written) == (page,)


@hypothesis.given(strategies.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes):
    for whole in (data, b"<opml><body><outline xmlUrl='" + data + b"'/></body></opml>"):
        try:
            outlines = opml.parse_opml(whole)
        except opml.UnreadableOpml:
            continue
        assert len(outlines) <= opml.MOST_OUTLINES
