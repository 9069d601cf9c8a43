"""How recognition stands to readers' verdicts of an installation: `.venv/bin/python -m bench.verdicts FILE`.

FILE is what `manage.py export_verdicts --texts FILE` wrote: articles with the companies and themes that belong to them,
and those that don't. Only what somebody judged counts. `--misses` lists the articles that come out wrong.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from articles.tagging import recognise, watchlist

Finder = Callable[[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """An article and the names that belong to it, and those that don't."""

    id: int
    title: str
    text: str
    belongs: frozenset[str]
    foreign: frozenset[str]


@dataclass(slots=True)
class Score:
    """Judged names that came out right, wrong and missed, and the articles in which they did."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, case: Judged, found: frozenset[str]) -> None:
        wrong, missed = found & case.foreign, case.belongs - found
        self.right += len(case.belongs & found) + len(case.foreign - found)
        self.wrong += len(wrong)
        self.missed += len(missed)
        if wrong or missed:
            self.misses.append(f"  {case.id} wrong {sorted(wrong)} missed {sorted(missed)}")

    def __str__(self) -> str:
        judged = self.right + self.wrong + self.missed
        share = self.right / max(judged, 1)
        return f"{share:.1%} of {judged} verdicts agree ({self.wrong} wrong, {self.missed} missed)"


def judged(path: Path, key: str) -> list[Judged]:
    """The cases of a file, of companies or of themes. Ends with a message if it has no texts."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if any("text" not in row for row in rows):
        raise SystemExit(f"{path.name} has no texts: write it with `manage.py export_verdicts --texts`")
    return [
        Judged(row["id"], row["title"], row["text"], frozenset(row[key]), frozenset(row[f"not_{key}"]))
        for row in rows
    ]


def measure(cases: list[Judged], finder: Finder) -> Score:
    """How a finder stands to the cases."""
    score = Score()
    for case in cases:
        score.add(case, finder(case.title, case.text))
    return score


def finders() -> dict[str, Finder]:
    """What the shipped watch list finds, by kind."""
    recogniser = recognise.Recogniser(watchlist.shipped())

    def found(title: str, text: str) -> recognise.Recognition:
        return recogniser.recognise(recognise.Document("", title, text))

    return {
        "companies": lambda title, text: frozenset(tag.name for tag in found(title, text).companies),
        "themes": lambda title, text: frozenset(tag.name for tag in found(title, text).themes),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true", help="list the articles that come out wrong")
    options = parser.parse_args()
    for key, finder in finders().items():
        score = measure(judged(options.file, key), finder)
        print(f"{key:10} {score}")
        if options.misses:
            print(*score.misses, sep="\n")


if __name__ == "__main__":
    main()
