"""Names in English that are words of every day, on headlines written for the purpose."""

import functools

import pytest

from articles.tagging import recognise, watchlist


@functools.cache
def recogniser() -> recognise.Recogniser:
    return recognise.Recogniser(watchlist.shipped())


def companies(title: str, text: str = "") -> set[str]:
    found = recogniser().recognise(recognise.Document("1", title, text))
    return {tag.name for tag in found.companies}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Meta fined over privacy breach", {"메타"}),
        ("Gap names new CEO", {"Gap"}),
        ("Ford recalls 500,000 trucks", {"포드"}),
        ("Merck and Moderna report trial results", {"MSD", "모더나"}),
        ("Shell profits beat forecasts", {"셸"}),
        ("Lilly's weight-loss drug wins approval", {"일라이릴리"}),
        ("Target to cut prices", {"타깃"}),
        ("Walmart and Target brace for tariffs", {"월마트", "타깃"}),
        ("Shares of retailer Target slid", {"타깃"}),
        ("A lawsuit accuses Amazon of favouring its own goods", {"아마존"}),
        ("Block to lay off a tenth of its staff", {"Block"}),
        ("Visa Inc. raises dividend", {"비자"}),
    ],
)
def test_an_english_word_is_a_company_where_it_does_business(title: str, names: set[str]):
    assert companies(title) == names


@pytest.mark.parametrize(
    "title",
    [
        "Police miss target for new recruits",
        "Mind the gap, passengers told",
        "Meta analysis finds coffee harmless",
        "Shell attack kills three",
        "Gerald Ford library opens new wing",
        "President Ford signs the bill",
        "Visa rules tightened for students",
        "Amazon rainforest loses record area",
        "Intel chiefs warn of interference",
        "Johnson scores twice as Leeds win",
        "Apple pie recipe wins county fair",
        "Oracle of Omaha turns 95",
        "Delta variant spreads in villages",
        "Police chase ends in crash",
        "Strategic ally urges restraint",
        "Crowds fill Times Square",
        "Road block delays aid convoy",
        "Snap election called for October",
        "Match abandoned after floodlight failure",
        "Best buy guide for garden tools",
    ],
)
def test_an_english_word_alone_is_no_company(title: str):
    assert companies(title) == set()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("검색업체 Apple 신제품 공개", "애플"),
        ("Intel, 파운드리 사업 분사", "인텔"),
        ("새 칩은 Intel 제품보다 빠르다", "인텔"),
    ],
)
def test_an_english_word_among_korean_ones_is_a_name(title: str, name: str):
    assert name in companies(title)
