"""Events laid out along a line of time."""

import datetime
import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.charts import event_line
from articles.charts.event_line import Item, Window

TODAY = datetime.date(2026, 11, 22)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def item(key: int, first: str, last: str = "", words: str = "공장을 짓는다", outlets: int = 1) -> Item:
    return Item(
        key,
        "past",
        datetime.date.fromisoformat(first),
        datetime.date.fromisoformat(last or first),
        outlets,
        words,
    )


def window(first: str, last: str) -> Window:
    return Window(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    found = []
    for key in range(draw(st.integers(0, 40))):
        first = draw(DAYS)
        last = min(first + datetime.timedelta(draw(st.integers(0, 4000))), datetime.date(2110, 1, 1))
        words = draw(st.text("가나 abc", max_size=60))
        found.append(Item(key, "past", first, last, draw(st.integers(1, 9)), words))
    return found


@st.composite
def windows(draw: st.DrawFn) -> Window:
    first = draw(DAYS)
    return Window(first, first + datetime.timedelta(draw(st.integers(6, 30_000))))


@given(items(), windows())
def test_every_event_of_the_window_is_drawn_or_counted(found: list[Item], shown: Window):
    line = event_line.lay_out(found, shown)
    inside = [one for one in found if shown.holds(one)]
    assert len(line.bars) + sum(rest.count for rest in line.rest) == len(inside)
    assert line.before + line.after + len(inside) == len(found)


@given(items(), windows())
def test_nothing_in_a_row_lies_on_anything_else(found: list[Item], shown: Window):
    rows = defaultdict(list)
    for bar in event_line.lay_out(found, shown).bars:
        words = 100 * event_line.length(bar.words) / event_line.WIDTH
        left = bar.words_x - words if bar.before else bar.x
        right = bar.x + bar.width if bar.before or not bar.words else bar.words_x + words
        assert left > -0.01
        assert right < 100.01
        rows[bar.row].append((left, right))
    for spans in rows.values():
        spans.sort()
        assert all(right <= begin + 0.01 for (_, right), (begin, _) in itertools.pairwise(spans))


@given(items(), windows())
def test_a_bar_covers_the_days_that_are_shown_of_its_event(found: list[Item], shown: Window):
    for bar in event_line.lay_out(found, shown).bars:
        assert bar.x <= max(0.0, shown.x(bar.item.first)) + 0.01
        last = min(bar.item.last, shown.last)
        assert bar.x + bar.width >= shown.x(last) - 0.01


@given(windows())
def test_the_scale_covers_the_line_without_gaps(shown: Window):
    ticks = list(event_line.ticks_of(shown))
    assert ticks[0].first <= shown.first
    assert ticks[-1].last >= shown.last
    assert all(later.first - earlier.last == event_line.DAY for earlier, later in itertools.pairwise(ticks))
    assert abs(sum(tick.width for tick in ticks) - 100) < 0.1


@pytest.mark.parametrize(
    ("first", "last", "unit", "count"),
    [
        ("2026-11-01", "2026-11-10", "day", 10),
        ("2026-11-01", "2026-12-31", "week", 10),
        ("2026-01-01", "2026-12-31", "month", 12),
        ("2017-01-01", "2030-12-31", "year", 14),
        ("1900-01-01", "2029-12-31", "decade", 13),
    ],
)
def test_the_scale_is_as_fine_as_there_is_room_for(first: str, last: str, unit: str, count: int):
    ticks = list(event_line.ticks_of(window(first, last)))
    assert ({tick.unit for tick in ticks}, len(ticks)) == ({unit}, count)


def test_a_year_is_a_bar_over_the_whole_year():
    line = event_line.lay_out([item(1, "2030-01-01", "2030-12-31")], window("2021-01-01", "2030-12-31"))
    assert line.bars[0].x == pytest.approx(90, abs=0.1)
    assert line.bars[0].width == pytest.approx(10, abs=0.1)
    assert line.bars[0].before


def test_what_more_outlets_tell_of_is_named_first():
    crowd = [item(key, "2026-03-03", outlets=key) for key in range(1, 31)]
    line = event_line.lay_out(crowd, window("2026-01-01", "2026-12-31"), rows=3)
    assert {bar.item.key for bar in line.bars} == {28, 29, 30}
    assert [(rest.tick.first.month, rest.count) for rest in line.rest] == [(3, 27)]


def test_a_line_nobody_has_zoomed_shows_whole_years_with_today():
    found = [item(1, "2017-05-01"), item(2, "2030-01-01", "2030-12-31")]
    assert event_line.usual_window(found, TODAY) == window("2017-01-01", "2030-12-31")
    assert event_line.usual_window([], TODAY) == window("2026-01-01", "2026-12-31")


def test_a_few_events_of_long_ago_do_not_press_the_others_together():
    found = [item(0, "1897-01-01"), *(item(key, f"20{key}-01-01") for key in range(15, 36))]
    shown = event_line.usual_window(found, TODAY)
    assert shown.first.year >= 2010
    assert event_line.lay_out(found, shown).before == 1


@given(windows())
def test_zooming_out_and_moving_keep_to_the_calendar(shown: Window):
    out = event_line.wider(shown)
    assert out.first <= shown.first
    assert out.last >= shown.last
    assert event_line.moved(shown, 0.5).first >= shown.first
    far = Window(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
    assert event_line.wider(far) == far


@pytest.mark.parametrize(
    ("first", "last"),
    [("", ""), ("2026-13-01", "2026-12-31"), ("2027-01-01", "2026-01-01"), ("0001-01-01", "9999-12-31")],
)
def test_an_address_that_names_no_stretch_gives_none(first: str, last: str):
    assert event_line.window_of(first, last) is None


def test_a_single_day_is_shown_with_the_week_around_it():
    assert event_line.window_of("2026-11-20", "2026-11-20") == window("2026-11-17", "2026-11-23")


def test_words_are_shortened_where_their_whole_length_has_no_room():
    said = "글로벌 톱티어 제약사로 성장한다는 계획을 밝힌 바 있다"
    # Something lies before it in every row, and the line ends soon after it.
    before = [item(key, "2026-01-01", "2026-09-20", words="", outlets=9) for key in range(event_line.ROWS)]
    line = event_line.lay_out(
        [*before, item(99, "2026-10-15", words=said)], window("2026-01-01", "2026-12-31")
    )
    words = next(bar.words for bar in line.bars if bar.item.key == 99)
    assert words.endswith("…")
    assert said.startswith(words[:-1])
    assert event_line.length(words) <= event_line.SHORT_WORDS
