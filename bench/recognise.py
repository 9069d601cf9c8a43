"""How well companies and themes are recognised, beside two simple baselines, and how fast.

    .venv/bin/python -m bench.recognise [--misses] [--speed]

Measures on the labelled headlines and sentences beside the checkout (`../shared/evaluation/tagging`) and on our own
labels of other headlines (`bench/labels`, which name lines of `text-headlines-ko.tsv.gz` and hold no text). A name
that is `optional` counts neither way; a group may be answered by its flagship and the other way round. Baselines use
the same names: `substring` (the name stands anywhere) and `edges` (at `\\b` word edges).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from articles.tagging import inspect, lexicon, recognise, watchlist

HERE = Path(__file__).resolve().parent
EVALUATION = HERE.parents[1] / "shared" / "evaluation"
FLAGSHIPS = {
    "삼성": "삼성전자", "LG": "LG전자", "SK": "SK텔레콤", "현대차그룹": "현대차", "현대기아차": "현대차",
    "포스코": "포스코홀딩스", "롯데": "롯데쇼핑", "네이버": "네이버", "HD현대": "HD현대중공업", "한진": "대한항공",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled line: what must be found and what may be."""

    id: str
    text: str
    wanted: frozenset[str]
    optional: frozenset[str]


@dataclass(slots=True)
class Score:
    """Counts of right, wrong and missed names over many cases."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, case: Case, found: frozenset[str]) -> None:
        wanted = {FLAGSHIPS.get(name, name): name for name in case.wanted}
        answers = {name: FLAGSHIPS.get(name, name) for name in found}
        wrong = {n for n, flag in answers.items() if n not in case.wanted and flag not in wanted}
        wrong -= case.optional | {FLAGSHIPS.get(name, name) for name in case.optional}
        missed = {name for flag, name in wanted.items() if name not in found and flag not in answers.values()}
        self.right += len(case.wanted) - len(missed)
        self.wrong += len(wrong)
        self.missed += len(missed)
        if wrong or missed:
            self.misses.append(f"  {case.id} {case.text} | wrong {sorted(wrong)} missed {sorted(missed)}")

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)
        counts = f"{self.right} right, {self.wrong} wrong, {self.missed} missed"
        return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({counts})"


Finder = Callable[[str], frozenset[str]]


def labelled(path: Path, key: str) -> list[Case]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Case(r["id"], r["text"], frozenset(r[key]), frozenset(r["optional"])) for r in rows]


def own_labels(path: Path, titles: list[str]) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title = titles[row["line"]]
        if hashlib.sha1(title.encode()).hexdigest()[:10] != row["sha1"]:
            raise SystemExit(f"{path.name}: line {row['line']} is another headline here")
        yield Case(str(row["line"]), title, frozenset(row["companies"]), frozenset(row["optional"]))


def headlines() -> list[str]:
    path = EVALUATION / "text-headlines-ko.tsv.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t", 1)[1] for line in lines]


def substring(watched: watchlist.Watchlist) -> Finder:
    forms = [
        (alias.text, company.name)
        for company in watched.companies
        for alias in company.aliases
        if alias.kind != "other"
    ]
    return lambda text: frozenset(name for form, name in forms if form in text)


def edges(watched: watchlist.Watchlist) -> Finder:
    names = {
        alias.text: company.name
        for company in watched.companies
        for alias in company.aliases
        if alias.kind != "other"
    }
    pattern = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b")
    return lambda text: frozenset(names[found] for found in pattern.findall(text))


def measure(cases: list[Case], finder: Finder) -> Score:
    score = Score()
    for case in cases:
        score.add(case, finder(case.text))
    return score


def speed(recogniser: recognise.Recogniser, cases: list[Case], titles: list[str]) -> None:
    lines = [{"id": case.id, "title": case.text, "text": ""} for case in cases] * 5
    print(f"headlines: {rate(recogniser, lines):,.0f} lines/s")
    for label, lines in (
        ("packed with names", [case.text for case in cases]),
        ("of any headlines", titles[:3_000]),
    ):
        words = ". ".join(lines)
        bodies = [words[start : start + 2_000] for start in range(0, max(1, len(words) - 2_000), 400)]
        articles = [{"id": i, "title": lines[i], "text": body} for i, body in enumerate(bodies[:300] * 3)][
            : len(lines)
        ]
        print(f"articles of 2,000 characters, {label}: {rate(recogniser, articles):,.0f} articles/s")


def flatness(cases: list[Case]) -> None:
    """Articles a second of the names' automaton as invented names are added: the cost should not grow with them."""
    words = ". ".join(case.text for case in cases)[:2_000]
    for count in (500, 5_000, 50_000):
        names = lexicon.Lexicon(
            watchlist.Company(f"가상{number}회사", (watchlist.Alias(f"가상{number}회사", "name"),))
            for number in range(count)
        )
        start = time.process_time()
        for _ in range(500):
            names.find(words)
        print(f"automaton of {count:6,} names: {500 / (time.process_time() - start):,.0f} articles/s")


def rate(recogniser: recognise.Recogniser, lines: list[dict[str, object]]) -> float:
    start = time.process_time()
    for line in lines:
        inspect.describe(line, recogniser)
    return len(lines) / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="list the lines that came out wrong")
    parser.add_argument("--speed", action="store_true", help="measure the speed too")
    options = parser.parse_args()
    watched = watchlist.shipped()
    started = time.perf_counter()
    recogniser = recognise.Recogniser(watched)
    print(f"start-up {time.perf_counter() - started:.2f} s, {len(watched.companies)} companies")

    def companies(text: str) -> frozenset[str]:
        found = recogniser.recognise(recognise.Document("", text, ""))
        return frozenset(tag.name for tag in found.companies)

    def themes(text: str) -> frozenset[str]:
        return frozenset(tag.name for tag in recogniser.recognise(recognise.Document("", text, "")).themes)

    sets: dict[str, tuple[list[Case], dict[str, Finder]]] = {}
    baselines = {"substring": substring(watched), "edges": edges(watched)}
    if (EVALUATION / "tagging").is_dir():
        sets["companies"] = (
            labelled(EVALUATION / "tagging/companies.jsonl", "companies"),
            {"ours": companies, **baselines},
        )
        sets["themes"] = labelled(EVALUATION / "tagging/themes.jsonl", "themes"), {"ours": themes}
    else:
        print("no evaluation data beside the checkout: measuring nothing")
    titles = headlines()
    for path in sorted((HERE / "labels").glob("companies-*.jsonl")) if titles else []:
        sets[path.stem] = list(own_labels(path, titles)), {"ours": companies, **baselines}
    for name, (cases, finders) in sets.items():
        for label, finder in finders.items():
            score = measure(cases, finder)
            print(f"{name:12} {len(cases):4} lines  {label:10} {score}")
            if options.misses and label == "ours":
                print(*score.misses, sep="\n")
    if options.speed and sets:
        speed(recogniser, [case for cases, _ in sets.values() for case in cases], titles)
        flatness(sets["companies"][0])


if __name__ == "__main__":
    main()
