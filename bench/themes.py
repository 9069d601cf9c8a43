"""How well themes are found, and how fast: `.venv/bin/python -m bench.themes`.

Beside the finder, two baselines over the same words (the terms that are enough by themselves): found anywhere, and
found between `\b` word edges. Two sets: the labelled headlines and sentences of the evaluation data, and the lines of
its headline file labelled in `bench/labels/themes*.jsonl` (line numbers and labels; the text stays where it is). A
theme that is optional for a line counts neither way. Says what is missing and goes on.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from articles.tagging import term_syntax, themes, watchlist
from tests.shared import SHARED

LABELS = Path(__file__).parent / "labels"
EVALUATION = SHARED / "evaluation"
NOBODY: frozenset[str] = frozenset()

Case = tuple[str, set[str], set[str]]
Method = Callable[[str], set[str]]


def evaluation_cases() -> Iterator[Case]:
    for line in (EVALUATION / "tagging" / "themes.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield case["text"], set(case["themes"]), set(case["optional"])


def own_cases() -> Iterator[Case]:
    with gzip.open(EVALUATION / "text-headlines-ko.tsv.gz", "rt", encoding="utf-8") as file:
        headlines = [line.rstrip("\n").split("\t")[1] for line in file]
    for path in sorted(LABELS.glob("themes*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            yield headlines[label["line"] - 1], set(label["themes"]), set(label["optional"])


def methods() -> dict[str, Method]:
    shipped = watchlist.shipped().themes
    finder = themes.ThemeFinder(shipped)
    words = {theme.name: sure_words(theme) for theme in shipped}
    edged = {
        name: re.compile(rf"\b(?:{'|'.join(map(re.escape, some))})\b", re.IGNORECASE)
        for name, some in words.items()
    }
    return {
        "themes": lambda text: {tag.name for tag in finder.find(text, "", NOBODY)},
        "substring": lambda text: {
            n for n, some in words.items() if any(word in text.lower() for word in some)
        },
        r"\b edges": lambda text: {name for name, pattern in edged.items() if pattern.search(text)},
    }


def sure_words(theme: watchlist.Theme) -> set[str]:
    patterns = [
        term_syntax.parse(term.text)
        for term in theme.terms
        if not term.exclude and term.weight >= theme.threshold
    ]
    return {word.text for pattern in patterns if not pattern.reach for word in pattern.words}


def score(cases: list[Case], method: Method) -> tuple[float, float, float]:
    right = wrong = missed = 0
    for text, wanted, optional in cases:
        got = method(text)
        right += len(got & wanted)
        wrong += len(got - wanted - optional)
        missed += len(wanted - got)
    return (
        right / max(right + wrong, 1),
        right / max(right + missed, 1),
        2 * right / max(2 * right + wrong + missed, 1),
    )


def speed() -> None:
    finder = themes.ThemeFinder(watchlist.shipped().themes)
    article = " ".join(text + "." for text, _, _ in own_cases())[:2000]
    plain = "회의에서는 내년 예산을 두고 긴 논의가 이어졌다. " * 72
    for name, text in (("terms in every sentence", article), ("no term", plain[:2000])):
        started = time.perf_counter()
        for _ in range(200):
            finder.find("제목", text, NOBODY)
        print(f"{name}: {(time.perf_counter() - started) / 200 * 1000:.2f} ms for {len(text)} characters")


def main() -> None:
    if not EVALUATION.is_dir():
        print(f"no evaluation data in {EVALUATION}")
        return
    for title, cases in (("evaluation", list(evaluation_cases())), ("own labels", list(own_cases()))):
        print(f"{title}: {len(cases)} lines")
        for name, method in methods().items():
            precision, recall, f1 = score(cases, method)
            print(f"  {name:10} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")
    speed()


if __name__ == "__main__":
    main()
