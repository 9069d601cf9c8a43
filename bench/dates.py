"""How well time expressions are found and resolved.

    .venv/bin/python -m bench.dates [--misses] [--dropped] [--speed]

Three sets, each with precision, recall and F1 of the expressions found (a found text overlaps an expected one) and of
the values (it also has the first and last day, and the time of day where one is given):

* `bench/labels/dates.jsonl`, invented sentences in the manner of news; a third of them (`unseen`) was not looked at
  while the rules were written.
* `dates/duckling-ko.jsonl` and `dates/recognizers-text-ko/*Parser.json` of the evaluation data beside the checkout:
  phrases for calendars ("remind me …") with reference times.
* the `*Extractor.json` files, which have no values: expressions found only.

What of those sets makes no sense in news is left out by the rules in `drops`, which name a reason for each. Two
readings are accepted where the set itself gives two (past and future), but a bare weekday looks back. An end may be
given as the last day, as the day after it, or for a month or year as its first day (the sets do all three). What was
"months ago" or "years ago" is the month or year that holds the set's day.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from articles.dates import inspect, resolve
from articles.dates.values import TimeValue

HERE = Path(__file__).resolve().parent
SETS = HERE.parents[1] / "shared" / "evaluation" / "dates"
SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expression and the values that count as right: a written value, or first and last days (and times)."""

    text: str
    values: tuple[tuple[str, str], ...] = ()
    written: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    text: str
    published: datetime
    wanted: tuple[Wanted, ...]


@dataclass(slots=True)
class Score:
    found: int = 0
    wanted: int = 0
    placed: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)

    def line(self) -> str:
        spans, values = _f1(self.placed, self.found, self.wanted), _f1(self.right, self.found, self.wanted)
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.wanted)
        return f"found F1 {spans:.3f}   value P {precision:.3f} R {recall:.3f} F1 {values:.3f}"


def _f1(right: int, found: int, wanted: int) -> float:
    return 2 * right / (found + wanted) if found + wanted else 1.0


def measure(cases: list[Case], *, valued: bool = True) -> Score:
    score = Score()
    for case in cases:
        values = list(
            resolve.resolve_text(case.text, case.published, time_zone=case.published.tzinfo or SEOUL)
        )
        score.found += len(values)
        score.wanted += len(case.wanted)
        rest, notes = list(values), []
        for wanted in case.wanted:
            match = next((one for one in rest if _overlaps(one, wanted, case.text)), None)
            if match is None:
                notes.append(f"not found {wanted.text!r} {wanted.values or wanted.written}")
                continue
            rest.remove(match)
            score.placed += 1
            if is_right(match, wanted):
                score.right += 1
            elif valued:
                notes.append(
                    f"{match.text!r} is {inspect.written(match)}, not {wanted.values or wanted.written}"
                )
        notes += [f"found {one.text!r} {inspect.written(one)}" for one in rest]
        if notes:
            score.misses.append(f"  {case.id} {case.published:%F} {case.text.strip()} | {'; '.join(notes)}")
    return score


def _overlaps(value: TimeValue, wanted: Wanted, text: str) -> bool:
    words = wanted.text.strip()
    return any(
        value.start_offset < match.end() and match.start() < value.end_offset
        for match in re.finditer(re.escape(words), text)
    )


def is_right(value: TimeValue, wanted: Wanted) -> bool:
    """Whether the value is the wanted one."""
    if wanted.written:
        return inspect.written(value) == wanted.written
    return any(_is_period(value, start, end) for start, end in wanted.values)


def _is_period(value: TimeValue, start: str, end: str) -> bool:
    if "T" in start and end == start:
        return isinstance(value.start, datetime) and value.start.replace(tzinfo=None).isoformat() == start
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    if re.search(r"(?:년|달|개월)\s?(?:이전|전)$", value.text):
        return value.first_day <= first <= value.last_day
    return value.first_day == first and value.last_day in _ends(last)


def _ends(last: date) -> set[date]:
    """Days that an end may mean: the day itself, the one before, and all of a month or year named by its first day."""
    ends = {last, last - timedelta(days=1)}
    if last.day == 1:
        ends.add((last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
    return ends | ({last.replace(month=12, day=31)} if (last.month, last.day) == (1, 1) else set())


# --- the sets ----------------------------------------------------------------------------------------------------


def own_labels(*, unseen: bool) -> Iterator[Case]:
    for line in (HERE / "labels" / "dates.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["unseen"] == unseen:
            wanted = tuple(Wanted(one["text"], written=one["value"]) for one in row["dates"])
            published = datetime.fromisoformat(row["published"]).replace(hour=15, tzinfo=SEOUL)
            yield Case(row["id"], row["text"], published, wanted)


DROPS = (
    ("counts minutes or hours from now", r"초|[0-9일이삼한두몇]\s?분(?:\s?(?:안|이내|에$|전|후)|$)|시간|순간|점심이후"),
    ("this very moment", r"^(?:방금|지금(?:\s당장)?)$"),
    ("an open end: before or after an hour", r"시\s?(?:이후|이전|전)$"),
    ("a time zone's name", r"CET"),
    ("a part of the day without its day", r"^(?:이른\s|늦은\s)?(?:아침|저녁|밤|오전|오후|낮)(?:에|\s중간)?\s*$|^남은|오늘\s남은|업무"),
    ("a clock that is 12 or 24 hours (3:30 for half past three in the afternoon)", r"^3:30$"),
    ("a bare number of one or two digits", r"^[0-9]{1,2}$"),
    ("a duration without an anchor (12년, 하루)", r"^(?:12년|나의 하루)$"),
    ("day first or with a two-digit year in figures", r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/., ]+[0-9]{2,4}$|^[0-9]{2}/[0-9]{2}/[0-9]{2}$"),
    ("written in an order that no Korean paper uses", r"일,?\s[0-9]{4}|월\s[^ ]+일\s이천|월요일,\s|월[-/.,]|월\s십일,|일\s[0-9]+월|^1월 12일"),
    ("31 November, a fifth Sunday where there is none: the set has year 1", r"0001-01-01"),
    ("a figure of speech (지난날)", r"지난\s날"),
    ("a time limit (2주 안에), which the sets resolve to a point, a range or nothing", r"(?:안에|안|[0-9주]\s?내)$"),
    ("a century", r"세기"),
    ("business days", r"영업일"),
    ("counted from another date", r"(?:어제|내일|오늘|지금)(?:으로|로)?부터\s?(?:최소\s)?.*(?:전|후|안|내)"),
    ("repeats (Sundays within two weeks)", r"주간\s일요일|동안\s일요일"),
    ("seasons by the sun, or without a value", r"봄|여름|가을|겨울"),
    ("weekend from Friday evening", r"주말"),
    ("a number of the week in the year", r"[0-9]+(?:번\s째)?\s?주(?:부터|와|\s|$)|번 째 주"),
    ("the week or month of a day", r"일의\s[주달]"),
    ("the rest of a period, earlier or later in it", r"좀 더|이번 주 후반|이 달 말|올 해 말"),
    ("years before writing or of three digits", r"^[0-9]{3}년$|이번 10년|다음 [13]0년|지난 20년"),
    ("a day count that news reads as a date (지난 2일)", r"^지난 2일$"),
    ("the set's own slip (its value is not what the words say)", r"1931년|2089년|2008년 1월 21일|너는모레|2018-09-23|2017-09-21"),
)  # fmt: skip
_DROPS = [(reason, re.compile(pattern)) for reason, pattern in DROPS]


def drops(text: str, value: str) -> str:
    """Why an expression of the calendars' sets makes no sense in news; empty if it does."""
    return next((reason for reason, pattern in _DROPS if pattern.search(text) or pattern.search(value)), "")


_WEEKDAY = re.compile(r"[월화수목금토일]요일(?:\s(?:아침|오전|오후|저녁).*)?(?:\s?[0-9:~부터 ]+)?")


def duckling(dropped: Counter[str]) -> Iterator[Case]:
    for number, line in enumerate((SETS / "duckling-ko.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        published = datetime.fromisoformat(row["reference"])
        values = row["values"]
        reason = drops(row["text"], "")
        if row["grain"] in ("Hour", "Minute", "Second") and not re.search(
            "[시초:]|am|pm", row["text"].lower()
        ):
            row["grain"] = "Day"
        start, end = _duckling_span(row)
        if row["grain"] in ("Hour", "Minute", "Second") and values[0][:10] != row["reference"][:10]:
            reason = reason or (
                "" if re.search(r"[0-9]일|요일|내일|엊그제|[0-9]/", row["text"]) else "tomorrow's hours"
            )
        if reason:
            dropped[reason] += 1
            continue
        if _WEEKDAY.fullmatch(row["text"]):
            start, end = _a_week_before(start), _a_week_before(end)
        yield Case(f"duckling {number}", row["text"], published, (Wanted(row["text"], ((start, end),)),))


def _duckling_span(row: dict[str, object]) -> tuple[str, str]:
    values, grain = row["values"], row["grain"]
    assert isinstance(values, list)
    if len(values) > 1:
        return (
            (values[0], values[1]) if values[0][:10] != values[1][:10] else (values[0][:10], values[0][:10])
        )
    if grain in ("Hour", "Minute", "Second"):
        return values[0], values[0]
    start = date.fromisoformat(values[0][:10])
    months = {"Month": 1, "Quarter": 3, "Year": 12}
    if grain in months:
        month = start.month - 1 + months[grain]  # type: ignore[index]
        end = date(start.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    else:
        end = start + timedelta(days=6 if grain == "Week" else 0)
    return start.isoformat(), end.isoformat()


def _a_week_before(value: str) -> str:
    return (datetime.fromisoformat(value) - timedelta(days=7)).isoformat()[: len(value)]


def recognizers(name: str, dropped: Counter[str]) -> Iterator[Case]:
    rows = json.loads((SETS / "recognizers-text-ko" / f"{name}.json").read_text(encoding="utf-8"))
    for number, row in enumerate(rows):
        reference = row.get("Context", {}).get("ReferenceDateTime")
        if reference is None:
            continue
        wanted, reason = [], ""
        for one in row["Results"]:
            past, future = (
                list(one["Value"].get(f"{side}Resolution", {}).values()) for side in ("Past", "Future")
            )
            reason = reason or drops(one["Text"].strip(), past[0] if past else "no value: 봄")
            readings = [past] if _WEEKDAY.fullmatch(one["Text"].strip()) else [past, future]
            wanted.append(Wanted(one["Text"], tuple(_span(values) for values in readings if values)))
        if re.search("돌아왔|[2-9]주 내", row["Input"]) and _looks_ahead(row, reference):
            reason = "the set's own slip (a day to come with a past verb, nothing for 2주 내)"
        if reason:
            dropped[reason] += 1
            continue
        published = datetime.fromisoformat(reference[:19]).replace(tzinfo=SEOUL)
        yield Case(f"{name} {number}", row["Input"], published, tuple(wanted))


def _looks_ahead(row: dict[str, list[dict[str, dict[str, dict[str, str]]]]], reference: str) -> bool:
    days = [day for one in row["Results"] for day in one["Value"].get("PastResolution", {}).values()]
    return not days or max(days) > reference[:10]


def _span(values: list[str]) -> tuple[str, str]:
    days = [value.replace(" ", "T") for value in values]
    if len(days) > 1 and "T" in days[0]:
        return days[0][:10], days[1][:10]
    return (days[0], days[1]) if len(days) > 1 else (days[0], days[0])


def extractors(dropped: Counter[str]) -> Iterator[Case]:
    published = datetime(2016, 11, 7, 12, tzinfo=SEOUL)
    for name in ("DateExtractor", "DatePeriodExtractor", "HolidayExtractor"):
        rows = json.loads((SETS / "recognizers-text-ko" / f"{name}.json").read_text(encoding="utf-8"))
        for number, row in enumerate(rows):
            reasons = [drops(one["Text"].strip(), "") for one in row["Results"]]
            if any(reasons):
                dropped[next(filter(None, reasons))] += 1
            else:
                yield Case(
                    f"{name} {number}",
                    row["Input"],
                    published,
                    tuple(Wanted(one["Text"]) for one in row["Results"]),
                )


def speed(cases: list[Case]) -> None:
    words = " ".join(case.text for case in cases)
    bodies = [words[start : start + 2_000] for start in range(0, max(1, len(words) - 2_000), 200)]
    dense = _rate(bodies, 300)
    plain = _rate([body.translate(dict.fromkeys(range(48, 58), "가")) for body in bodies], 300)
    print(f"2,000 characters packed with dates: {dense:,.0f} a second; without figures: {plain:,.0f}")
    for name, piece in {
        "digits": "2023",
        "dates": "24일 ",
        "months": "1월",
        "spaces": "지난 ",
        "no spaces": "가나다",
        "ranges": "1~2",
    }.items():
        times = [_seconds(piece * (size // len(piece))) for size in (100_000, 400_000)]
        print(
            f"hostile, {name:10}: 400,000 characters {times[1]:.2f} s, {times[1] / max(times[0], 1e-9):.1f} times 100,000"
        )


def _rate(bodies: list[str], number: int) -> float:
    now = datetime(2023, 8, 24, 15, tzinfo=SEOUL)
    start = time.process_time()
    for at in range(number):
        resolve.resolve_text(bodies[at % len(bodies)], now)
    return number / (time.process_time() - start)


def _seconds(text: str) -> float:
    start = time.process_time()
    resolve.resolve_text(text, datetime(2023, 8, 24, 15, tzinfo=SEOUL))
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="list what came out wrong")
    parser.add_argument("--unseen", action="store_true", help="list it for the unseen third too")
    parser.add_argument("--dropped", action="store_true", help="count what was left out, by reason")
    parser.add_argument("--speed", action="store_true", help="measure the speed too")
    options = parser.parse_args()
    dropped: Counter[str] = Counter()
    sets = {
        "own labels, seen": list(own_labels(unseen=False)),
        "own labels, unseen": list(own_labels(unseen=True)),
    }
    if SETS.is_dir():
        sets["duckling"] = list(duckling(dropped))
        for name in ("DateParser", "DatePeriodParser", "HolidayParser", "DateTimePeriodParser"):
            sets[name] = list(recognizers(name, dropped))
        sets["extractors"] = list(extractors(dropped))
    else:
        print("no evaluation data beside the checkout: measuring our own labels alone")
    total = Score()
    for name, cases in sets.items():
        valued = name != "extractors"
        score = measure(cases, valued=valued)
        line = score.line() if valued else score.line().split("   ")[0]
        print(f"{name:22} {len(cases):4} cases  {line}")
        if valued and not name.startswith("own"):
            total.found += score.found
            total.wanted += score.wanted
            total.placed += score.placed
            total.right += score.right
        if options.misses and (options.unseen or "unseen" not in name):
            print(*score.misses, sep="\n")
    print(f"{'evaluation with values':33}  {total.line()}")
    if options.dropped:
        print(*(f"  left out {count:3}: {reason}" for reason, count in dropped.most_common()), sep="\n")
    if options.speed:
        speed(sets["own labels, seen"])


if __name__ == "__main__":
    main()
