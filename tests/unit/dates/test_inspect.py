import pytest

from articles.dates import inspect


def describe(**line: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = inspect.describe(line)["dates"]
    return found


def test_a_line_tells_where_each_date_stands_and_what_it_means() -> None:
    (found,) = describe(id=1, text="회사는 21일부터 나흘 동안 쉰다.", published="2023-08-24T11:00:00+09:00")
    assert {
        name: found[name] for name in ("field", "start", "end", "text", "from", "to", "precision", "value")
    } == {
        "field": "text",
        "start": 4,
        "end": 15,
        "text": "21일부터 나흘 동안",
        "from": "2023-08-21",
        "to": "2023-08-24",
        "precision": "range",
        "value": "2023-08-21/2023-08-24",
    }


def test_the_title_is_read_too() -> None:
    assert [
        one["field"] for one in describe(title="내달 5일 개막", text="어제 열렸다.", published="2023-08-24")
    ] == [
        "title",
        "text",
    ]


@pytest.mark.parametrize(
    ("published", "zone", "day"),
    [
        ("2023-08-23T20:00:00Z", None, "2023-08-24"),
        ("2023-08-23T20:00:00", None, "2023-08-23"),
        ("2023-08-23T20:00:00-05:00", None, "2023-08-23"),
        ("2023-08-23T20:00:00Z", "America/New_York", "2023-08-23"),
    ],
)
def test_today_is_the_day_where_the_article_was_published(published: str, zone: str | None, day: str) -> None:
    (found,) = describe(text="오늘 열렸다.", published=published, time_zone=zone)
    assert found["from"] == day


@pytest.mark.parametrize(
    "line",
    [
        {"text": "오늘"},
        {"text": "오늘", "published": "yesterday"},
        {"text": 5, "published": "2023-08-24"},
        {"text": "오늘", "published": "2023-08-24", "time_zone": "Mars/Olympus"},
        {"text": "오늘", "published": "2023-08-24", "time_zone": "../etc/passwd"},
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"published|text|time_zone"):
        inspect.describe(line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1990년대", "199X"),
        ("지난주", "2023-W33"),
        ("2분기", "2023-Q2"),
        ("하반기", "2023-H2"),
        ("2021~2022년", "2021/2022"),
        ("10~11월", "2023-10/2023-11"),
        ("28일 오후 2시 예정", "2023-08-28T14:00"),
    ],
)
def test_a_value_is_written_at_its_precision(text: str, value: str) -> None:
    assert [one["value"] for one in describe(text=text, published="2023-08-24")] == [value]
