import pytest

from tests.unit.dates.reading import read, values, written

EXAMPLES = [
    ("It bought the lab last January.", ["2023-01"]),
    ("Shares fell on Tuesday.", ["2023-08-22"]),
    ("The recall began on Aug. 21.", ["2023-08-21"]),
    ("In the third quarter of 2022 it grew.", ["2022-Q3"]),
    ("It aims to be neutral by 2030.", ["2030"]),
    ("It opened two weeks ago.", ["2023-08-10"]),
    ("Demand should recover in the second half.", ["2023-H2"]),
    ("Spending for FY2023 was cut.", ["2023"]),
    ("Sales doubled in 2018-2020.", ["2018/2020"]),
    ("It ran from 2015 to 2018.", ["2015/2018"]),
    ("In the late 1990s it grew.", ["1997/1999"]),
    ("The fair runs Sept. 4-7.", ["2023-09-04/2023-09-07"]),
    ("On 14 July 2023 it won.", ["2023-07-14"]),
    ("It meets next Friday at 10:30 a.m.", ["2023-09-01T10:30"]),
    ("It was announced last Monday.", ["2023-08-14"]),
    ("It rose in Q2 and will peak in 4Q.", ["2023-Q2", "2023-Q4"]),
    ("Over the past three years it grew.", ["2020-08-24/2023-08-23"]),
    ("Last year it lost, this year it won.", ["2022", "2023"]),
    ("The plant will open by year-end.", ["2023-10/2023-12"]),
    ("It aims to finish by the end of the year.", ["2023-10/2023-12"]),
    ("Sales fell from a year earlier.", ["2022"]),
    ("The plant will open by the end of March.", ["2024-03-21/2024-03-31"]),
    ("It should be sold by mid-September.", ["2023-09-11/2023-09-20"]),
    ("By March it had sold two million.", ["2023-03"]),
    ("Staff get a year-end bonus.", []),
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_english_expression_has_its_value(text: str, expected: list[str]) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They may march on.",
        "Today's batteries are cheap.",
        "In the early stages, at the start of a trend, it was the beginning of the end.",
        "Call 555-2023 for 2,023 units at $2020.",
        "A 24/7 hotline took 1/3 of calls.",
        "Five years later it stood empty.",
    ],
)
def test_what_only_looks_like_an_english_date_is_none(text: str) -> None:
    assert read(text) == []


def test_until_a_year_is_no_goal_but_by_it_is() -> None:
    goal, plan = values("It aims to be neutral by 2030. It won't arrive until 2025.")
    assert (goal.relation, plan.relation) == ("goal", "planned")
