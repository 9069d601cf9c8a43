"""Pages that end where payment begins, and pages that only speak of it."""

import pytest

from articles.pages import extract
from tests.unit.pages import publishers, samples


def page(body: str, *, head: str = "") -> extract.Page:
    return extract.extract_page(publishers.document(f'<div class="article_body">{body}</div>', head=head))


TEASER = publishers.ps(publishers.BODY[:2])


@pytest.mark.parametrize(
    "wall",
    [
        "이 기사는 유료 구독자 전용입니다.",
        "구독하시면 기사 전체를 보실 수 있습니다.",
        "나머지 내용은 회원 가입 후 보실 수 있습니다.",
        "로그인 후 기사 전문을 읽어보세요.",
        "기사 전문은 유료회원에게만 제공됩니다.",
        "프리미엄 회원 전용 기사입니다",
        "Subscribe to continue reading",
        "Already a subscriber? Log in",
        "This article is for subscribers only.",
        "You have reached your monthly limit of free articles.",
        "To continue reading, register for free.",
    ],
)
def test_a_page_that_stops_and_asks_for_payment_is_walled(wall):
    read = page(f"{TEASER}<div class='pay'><p>{wall}</p><a href='/join'>구독하기</a></div>")

    assert read.walled
    assert read.text.split("\n\n") == list(publishers.BODY[:2])


@pytest.mark.parametrize(
    "words",
    [
        "댓글을 쓰려면 로그인하고 기사를 평가해 주세요.",
        "회사는 구독 회원 전용 할인도 시작한다고 밝혔다.",
        "Sign up to read our newsletter",
        "로그인",
    ],
)
def test_words_about_something_else_are_no_wall(words):
    assert not page(f"{TEASER}<p>{words}</p>").walled


def test_a_long_text_is_not_walled_whatever_the_page_offers():
    lines = [f"{number}번째로, {line}" for number in range(6) for line in publishers.BODY]

    assert not page(publishers.ps(lines) + "<p>이 기사는 유료 구독자 전용입니다.</p>").walled


def test_a_text_cut_off_on_a_page_that_is_not_free_is_walled():
    head = publishers.ld(headline=publishers.TITLE, isAccessibleForFree="False")

    assert page(publishers.ps([publishers.BODY[0], publishers.BODY[1][:20] + "..."]), head=head).walled
    assert not page(TEASER, head=head).walled


def test_a_feeds_content_is_read_by_the_rules_for_pages():
    caption = f"<figure><img src=a.jpg><figcaption>{publishers.CAPTION}</figcaption></figure>"
    links = "".join(f"<li><a href=/x>{line}</a></li>" for line in publishers.OTHERS)
    content = f"{caption}{publishers.ps(publishers.BODY)}<p>서가온 기자 gaon@a.example</p>"
    content += (
        f"<p>▶ 채널 구독하기</p><p>[관련기사]</p><ul>{links}</ul><p>ⓒ 해안일보 무단전재 및 재배포 금지</p>"
    )

    read = extract.read_fragment(content, title=publishers.TITLE)

    assert read.text.split("\n\n") == list(publishers.BODY)
    kinds = {region.kind for region in read.regions}
    assert kinds == {"caption", "body", "byline", "promotion", "related", "copyright"}


def test_a_plain_summary_is_its_own_text():
    assert extract.read_fragment(publishers.BODY[0]) == extract.Fragment(publishers.BODY[0])


def test_a_summary_of_nothing_but_clutter_is_text_all_the_same():
    assert extract.read_fragment("<p>[사진=한빛전자]</p>").text == "[사진=한빛전자]"


def test_a_signature_behind_a_plain_summary_is_no_body():
    read = extract.read_fragment(f"{publishers.BODY[0]} 서가온 기자 gaon@a.example")

    assert read.text == publishers.BODY[0]
    assert [region.kind for region in read.regions] == ["body", "byline"]


def test_an_english_feed_keeps_its_paragraphs():
    read = extract.read_fragment(samples.paragraphs(samples.ENGLISH_BODY))

    assert read.text.split("\n\n") == list(samples.ENGLISH_BODY)
