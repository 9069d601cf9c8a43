"""The shipped watch list and how its files are read."""

import collections

import pytest

from articles.tagging import lexicon, watchlist

ROW = "한빛\tcompany\t000001\tKOSPI\tKR\t\t\tsport\tformer:옛한빛 | abbreviation?:한빛전"


def test_the_shipped_list_knows_the_listed_companies_and_the_world():
    names = {company.name for company in watchlist.shipped().companies}

    assert len(names) > 3_500
    assert {"삼성전자", "현대차", "네이버", "애플", "오픈AI", "SK온", "LG AI연구원", "다나파버"} <= names


def test_no_certain_surface_form_names_two_companies():
    owners = collections.defaultdict(set)
    for company in watchlist.shipped().companies:
        for alias in company.aliases:
            owners[alias.text].add(company.name)

    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_every_parent_is_itself_watched():
    companies = {company.name: company for company in watchlist.shipped().companies}

    assert {company.parent for company in companies.values() if company.parent} - companies.keys() <= {
        "KG", "태광그룹"
    }  # fmt: skip


def test_the_version_stays_while_the_files_do():
    assert watchlist.shipped().version == watchlist.shipped().version != ""


def test_a_row_gives_the_name_and_its_aliases():
    (company,) = watchlist.parse_companies(ROW)

    assert company.sport
    assert company.aliases == (
        watchlist.Alias("한빛", "name"),
        watchlist.Alias("옛한빛", "former"),
        watchlist.Alias("한빛전", "abbreviation", ambiguous=True),
    )


@pytest.mark.parametrize(
    "text",
    [
        "한빛\tcompany",
        ROW.replace("company", "firm"),
        ROW.replace("sport", "fun"),
        f"{ROW}\n{ROW}",
        f"{ROW}:x |  | y",
    ],
)
def test_a_row_that_cannot_be_read_names_its_line(text: str):
    with pytest.raises(watchlist.WatchlistError, match=r"companies\.tsv:\d+"):
        watchlist.parse_companies(text)


def test_names_in_any_number_are_found_in_one_pass():
    many = [
        watchlist.Company(f"가상회사{number}호", (watchlist.Alias(f"가상회사{number}호", "name"),))
        for number in range(5_000)
    ]

    found = lexicon.Lexicon(many).find("어제 가상회사77호는 가상회사4999호와 만났다")

    assert [candidate.entry.company.name for candidate in found] == ["가상회사77호", "가상회사4999호"]
