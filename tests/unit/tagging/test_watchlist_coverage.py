"""The shipped watch list holds what the exchanges list, by the lists of facts beside the checkout."""

import collections
import csv

import pytest

from articles.tagging import lexicon, recognise, watchlist
from tests.shared import SHARED

LISTS = SHARED / "evaluation" / "companies"

pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="no lists of companies beside the checkout")


def rows(name: str) -> list[dict[str, str]]:
    with (LISTS / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def forms() -> dict[str, set[str]]:
    found = collections.defaultdict(set)
    for company in watchlist.shipped().companies:
        for alias in company.aliases:
            found[company.name].add(lexicon.fold(alias.text))
    return found


def test_every_company_listed_in_korea_is_watched_by_its_code_and_name():
    names, watched = forms(), {company.ticker: company for company in watchlist.shipped().companies}
    missing = []
    for row in rows("krx.csv"):
        # A preferred share (삼성전자우, 005935) names the company of the ordinary one (005930).
        company = watched.get(row["code"]) or watched.get(f"{row['code'][:5]}0")
        homonym = row["name_ko"] == "모비스"
        if company is None or (not homonym and lexicon.fold(row["name_ko"]) not in names[company.name]):
            missing.append((row["code"], row["name_ko"]))

    assert missing == []


def test_every_company_of_the_sp500_is_watched_by_its_ticker_and_a_name():
    names = forms()
    watched = {company.ticker: company.name for company in watchlist.shipped().companies}
    second_classes = {"GOOG": "GOOGL", "FOX": "FOXA", "NWS": "NWSA"}
    missing = []
    for row in rows("sp500.csv"):
        name = watched.get(second_classes.get(row["Symbol"], row["Symbol"]))
        first = lexicon.fold(row["Security"]).split()[0].strip(",")
        if name is None or not any(form.startswith(first[:4]) for form in names[name]):
            missing.append(row["Security"])

    assert missing == []


@pytest.mark.parametrize("written", ["㈜{}", "(주){}", "주식회사 {}", "{}㈜", "{}(주)", "{} 주식회사"])
def test_a_legal_form_beside_a_doubtful_name_makes_it_the_company(written: str):
    recogniser = recognise.Recogniser(watchlist.shipped())

    for name in ("대상", "한샘", "동원"):
        text = f"어제 {written.format(name)} 앞에서 행사가 열렸다."
        found = recogniser.recognise(recognise.Document("1", "", text))
        assert [tag.name for tag in found.companies] == [name], text
