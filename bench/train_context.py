"""Learn the weights of `articles/data/context.tsv` from headlines and sentences whose desk is known.

    python -m bench.train_context [--held-out]

Reads the headlines with their topics and the captured feeds of newspapers' desks beside the checkout
(`../shared/evaluation`): a sentence of a sports feed is sport, one of an economy feed business. Two logistic
regressions over word beginnings (see `articles/tagging/context.py`), fitted by gradient descent with L2; names of
companies are masked, so that the model learns what is said around a name. Only weights are written, none of the
text. Needs numpy, which the product does not: run it in an environment that has both. `--held-out` trains on four
fifths, prints the accuracy on the rest and writes nothing.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import random
import re
import sys
from pathlib import Path

import numpy as np

from articles.feeds import parse
from articles.pages import extract
from articles.tagging import context, lexicon, watchlist

EVALUATION = Path(__file__).resolve().parents[2] / "shared" / "evaluation"
SPORT, BUSINESS = {"5"}, {"0", "1"}
# The captured feeds by the desk in their file name, as the topics of the headlines.
DESKS = {
    "sports": "5", "economy": "1", "tech": "0", "tech-science": "0", "politics": "6", "society": "2",
    "international": "4", "culture": "3", "entertainment": "3", "culture-entertainment": "3", "women": "3",
    "entertainment-culture": "3",
}  # fmt: skip
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SENTENCES_EACH = 4
LEAST_COUNT = 7
LEAST_WEIGHT = 0.25


def read(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [tuple(line.rstrip("\n").split("\t", 1)) for line in lines]


def read_feeds(folder: Path) -> list[tuple[str, str]]:
    """Desk and sentence of every entry of the desks' feeds, each sentence once."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("2022*/*.xml")):
        desk = DESKS.get(path.stem.partition("-")[2])
        if desk is None:
            continue
        try:
            entries = parse.parse_feed(path.read_bytes()).entries
        except parse.UnreadableFeed:
            continue
        for entry in entries:
            body = extract.text_of_html(entry.content or entry.summary)
            sentences = [part for part in SENTENCE.split(body) if 20 <= len(part) <= 300]
            for sentence in [entry.title, *sentences[:SENTENCES_EACH]]:
                found.setdefault(sentence, desk)
    return [(desk, sentence) for sentence, desk in found.items()]


def featurise(names: lexicon.Lexicon, title: str) -> set[str]:
    masked, found = lexicon.mask(title, names.find(title))
    return {*context.features(masked), *found}


def fit(rows: list[list[int]], labels: np.ndarray, width: int, *, l2: float, rounds: int = 400) -> np.ndarray:
    """Full-batch gradient descent with Nesterov's momentum; the last weight is the bias."""
    index = np.array([i for row in rows for i in row])
    owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    weights = np.zeros(width + 1)
    ahead, step = weights.copy(), 12.0
    for turn in range(rounds):
        logits = np.bincount(owner, ahead[index], minlength=len(rows)) + ahead[-1]
        error = 1 / (1 + np.exp(-np.clip(logits, -30, 30))) - labels
        gradient = np.append(np.bincount(index, error[owner], minlength=width), error.sum()) / len(rows)
        gradient[:-1] += l2 * ahead[:-1]
        fresh = ahead - step * gradient
        ahead = fresh + turn / (turn + 3) * (fresh - weights)
        weights = fresh
    return weights


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--held-out", action="store_true")
    options = parser.parse_args()
    data = read(EVALUATION / "text-headlines-ko.tsv.gz") + read_feeds(EVALUATION / "feeds/korean-2022")
    random.Random(7).shuffle(data)
    names = lexicon.Lexicon(watchlist.shipped().companies)
    bags = [featurise(names, title) for _, title in data]
    cut = len(data) * 4 // 5 if options.held_out else len(data)
    counts = collections.Counter(feature for bag in bags[:cut] for feature in bag)
    known = {feature: i for i, (feature, n) in enumerate(sorted(counts.items())) if n >= LEAST_COUNT}
    known = {feature: i for i, feature in enumerate(known)}
    rows = [[known[f] for f in bag if f in known] for bag in bags]
    columns = []
    for positive in (SPORT, BUSINESS):
        labels = np.array([float(desk in positive) for desk, _ in data])
        weights = fit(rows[:cut], labels[:cut], len(known), l2=5e-6)
        columns.append(weights)
        if options.held_out:
            guess = np.array([weights[row].sum() + weights[-1] > 0 for row in rows[cut:]])
            truth = labels[cut:] > 0
            hit = (guess & truth).sum()
            print(
                f"{sorted(positive)}: precision {hit / guess.sum():.3f} recall {hit / truth.sum():.3f}",
                file=sys.stderr,
            )
    if not options.held_out:
        write(known, *columns)


def write(known: dict[str, int], sport: np.ndarray, business: np.ndarray) -> None:
    lines = [
        "# Log-odds of word beginnings for sport and for business desks; written by bench/train_context.py.",
        f"{context.BIAS}\t{sport[-1]:.2f}\t{business[-1]:.2f}",
    ]
    for feature, i in sorted(known.items()):
        if max(abs(sport[i]), abs(business[i])) >= LEAST_WEIGHT:
            lines.append(f"{feature}\t{sport[i]:.2f}\t{business[i]:.2f}")
    context.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} features", file=sys.stderr)


if __name__ == "__main__":
    main()
