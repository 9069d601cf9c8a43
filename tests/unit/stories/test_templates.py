import pytest

from articles.stories import templates
from articles.stories.templates import Kind


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("[오늘(22일)의 날씨] 전국에 비", Kind.WEATHER),
        ("오늘의 날씨 - 오전", Kind.WEATHER),
        ("[부고] 홍길동씨 별세", Kind.PEOPLE),
        ("[인사] 가나부", Kind.PEOPLE),
        ("오늘의 띠별 운세", Kind.FORTUNE),
        ("[재미로 보는 오늘의 운세] 7월 26일", Kind.FORTUNE),
        ("[마감시황] 코스피 하락", Kind.MARKET),
        ("가나전자, 장중 3% 이상 급락", Kind.MARKET),
        ("[포토] 악수하는 두 사람", Kind.PICTURE),
        ("웃는 선수들 [사진]", Kind.PICTURE),
        ("[사설] 대책이 필요하다", Kind.COLUMN),
        ("[홍길동 칼럼] 대책", Kind.COLUMN),
        ("[오늘의 경기] 7월 23일", Kind.LISTING),
        ("가나 퀴즈 정답 공개", Kind.LISTING),
        ("가나전자 신임 대표에 홍길동", Kind.NEWS),
        ("[단독] 장관 인사 논란", Kind.NEWS),
        ("[인사이트] 인사 청문회", Kind.NEWS),
        ("폭우로 날씨 쌀쌀", Kind.NEWS),
        ("뉴욕증시, 금리 우려에 하락", Kind.NEWS),
        ("", Kind.NEWS),
    ],
)
def test_a_headline_says_what_it_promises(headline, kind):
    assert templates.kind_of(headline) is kind


def test_labels_at_the_ends_are_taken_off_if_enough_is_left():
    assert templates.without_labels("[시사끝장] 가나전자 공장 착공").strip() == "가나전자 공장 착공"
    assert templates.without_labels("[가나전자 공장] 착공") == "[가나전자 공장] 착공"
