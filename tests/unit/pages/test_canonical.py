"""Addresses: all spellings of one article fold into one, and no two articles ever do."""

import collections
import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages import canonical
from tests import shared

SAME = [
    ("HTTP://WWW.Example.COM:80/a/?utm_source=x&b=2&a=1#top", "https://example.com/a?a=1&b=2"),
    (
        "https://www.khan.co.kr/politics/article/202207241008001/?utm_campaign=r&utm_content=politic_news",
        "http://m.khan.co.kr/article/202207241008001?utm_content=total_news",
    ),
    (
        "https://www.donga.com/news/Politics/article/all/20220723/114617400/2",
        "https://www.donga.com/news/article/all/20220723/114617400/1",
    ),
    ("https://news.joins.com/article/24232833?cloc=rss-news-star", "https://news.joins.com/article/24232833"),
    (
        "http://daily.hankooki.comhttp://daily.hankooki.com/news/articleView.html?idxno=851414",
        "http://daily.hankooki.com/news/articleView.html?idxno=851414",
    ),
    (
        "https://www.ddaily.example/news/articleViewAmp.html?idxno=7",
        "https://m.ddaily.example/news/articleView.html?idxno=7",
    ),
    ("https://www.google.com/amp/s/www.example.com/news/uk-123/amp/", "https://example.com/news/uk-123"),
    ("https://example-com.cdn.ampproject.org/c/s/example.com/news/1", "https://example.com/news/1"),
    (
        "https://n.news.naver.com/mnews/article/001/0012345678?sid=101",
        "https://n.news.naver.com/article/001/0012345678",
    ),
    (
        "https://v.daum.net/v/20230824115401234",
        "http://news.v.daum.net/v/20230824115401234?f=o&utm_medium=s".replace("f=o&", ""),
    ),
    ("https://a.example/?p=12&ref=rss&fbclid=1&gclid=2", "https://a.example/?p=12"),
    ("https://a.example/%ED%95%9C", "https://a.example/한"),
    ("https://a.example/x?q=%b0%a1", "https://a.example/x?q=%B0%A1"),
    ("https://a.example/1?id=3&amp;page=2", "https://a.example/1?page=2&id=3"),
    ("https://www.yna.co.kr/view/AKR2023?section=news", "https://yna.co.kr/view/AKR2023?input=1195m"),
]

APART = [
    (
        "http://www.newsis.com/view?id=NISX20220723_0001953603",
        "http://www.newsis.com/view?id=NISX20220723_0001953604",
    ),
    (
        "https://www.seoul.co.kr/news/newsView.php?id=20220723500019",
        "https://www.seoul.co.kr/news/newsView.php?id=20220723500020",
    ),
    (
        "https://news.kmib.co.kr/article/view.asp?arcid=1&code=2",
        "https://news.kmib.co.kr/article/view.asp?arcid=2&code=2",
    ),
    ("https://app.example/#!/article/1", "https://app.example/#!/article/2"),
    ("https://app.example/#/article/1", "https://app.example/#/article/2"),
    ("https://a.example/Article", "https://a.example/article"),
    ("https://a.example/view?12345", "https://a.example/view?12346"),
    ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
    ("https://a.example/x?source=reuters", "https://a.example/x?source=ap"),
    ("https://amp.example/a", "https://m.example/a"),
    ("https://a.example/amp", "https://a.example/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_article_fold_into_one(one, other):
    assert canonical.canonical_url(one) == canonical.canonical_url(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_articles_stay_apart(one, other):
    assert canonical.canonical_url(one) != canonical.canonical_url(other)


@pytest.mark.parametrize("text", ["", "   ", "no address", "/relative/path", "//host.example/x"])
def test_what_is_no_address_has_no_canonical_one(text):
    assert canonical.canonical_url(text) == ""


def test_an_address_of_a_server_with_its_own_port_keeps_its_scheme():
    assert canonical.canonical_url("http://127.0.0.1:8000/a?id=3#x") == "http://127.0.0.1:8000/a?id=3"


def test_an_address_that_cannot_be_parsed_comes_back_as_it_is():
    assert canonical.canonical_url("http://a.example:99999/x") == "http://a.example:99999/x"


PARTS = st.lists(
    st.sampled_from(
        [
            "http://",
            "https://",
            "www.",
            "m.",
            "amp.",
            "a.example",
            "khan.co.kr",
            ":80",
            ":8080",
            "/",
            "/amp",
            "/article/202207241008001",
            ".amp",
            ".html",
            "?",
            "&",
            "id=1",
            "utm_source=x",
            "ref=rss",
            "#",
            "#!/x",
            "%2f",
            "%41",
            "%",
            "한",
            " ",
            "[",
            "]",
            "@",
            ";",
            "==",
        ]
    ),
    max_size=14,
).map("".join)


@given(
    st.one_of(PARTS, st.text(max_size=80), st.text(max_size=80).map(lambda text: f"https://a.example/{text}"))
)
def test_folding_twice_is_folding_once(url):
    once = canonical.canonical_url(url)

    assert canonical.canonical_url(once) == once


@given(st.permutations(["a=1", "b=2", "c=3", "utm_medium=rss"]))
def test_the_order_of_parameters_does_not_matter(pairs):
    assert (
        canonical.canonical_url(f"https://a.example/x?{'&'.join(pairs)}") == "https://a.example/x?a=1&b=2&c=3"
    )


def captured_links() -> set[str]:
    folder = shared.SHARED / "evaluation" / "feeds" / "korean-2022"
    links: set[str] = set()
    for path in folder.glob("*/*.xml"):
        for item in re.findall(
            r"<item>(.*?)</item>", path.read_text(encoding="utf-8", errors="replace"), re.DOTALL
        ):
            links |= {unescape(link.strip()) for link in re.findall(r"<link>(.*?)</link>", item)}
    return links - {""}


def article_id(url: str) -> str:
    """The outlet's own id of an article: the last long number of its path or query, behind its host."""
    tail = urlsplit(url).path + "?" + re.sub(r"utm_[a-z]+=[^&]*", "", urlsplit(url).query)
    numbers = re.findall(r"NISX\w+|[0-9A-Z]{26}|\d{5,}", tail)
    if "donga.com" in url:  # date, id and edition
        return numbers[1]
    return max(numbers, key=len) if numbers else tail


@shared.needs_shared
def test_captured_links_fold_exactly_by_the_outlets_own_ids():
    groups = collections.defaultdict(set)
    for link in captured_links():
        groups[canonical.canonical_url(link)].add(
            (urlsplit(link).netloc.rpartition(":")[0] or urlsplit(link).netloc, article_id(link))
        )

    merged = {folded: ids for folded, ids in groups.items() if len({number for _, number in ids}) > 1}
    assert len(groups) > 5000
    assert merged == {}


@shared.needs_shared
def test_captured_links_under_several_campaigns_are_one_article():
    plain = collections.defaultdict(set)
    for link in captured_links():
        plain[re.sub(r"[?&](?:utm_[a-z]+|cloc)=[^&]*", "", link)].add(canonical.canonical_url(link))

    assert max(len(folded) for folded in plain.values()) == 1
