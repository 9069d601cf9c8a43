"""How well and how fast articles are put into stories, and what the window of two weeks costs.

    .venv/bin/python bench/stories.py [--held] [--errors]
    .venv/bin/python bench/stories.py --window 700000

The first places the five days of `../shared/evaluation/feeds/korean-2022` and compares with pairs labelled by hand
(bench/labels/stories.tsv), beside two baselines in the same run: the same headline but for marks and punctuation,
and the Jaccard likeness of headlines' letter trigrams (what MinHash estimates) at the threshold that suits it best.
Pairs of the parts held and last are counted with --held only; nothing was tuned on them. The second fills a window with
generated articles, 50,000 a day, and says what it takes.
`--background FILE` writes the counts of headlines that are shipped.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import hashlib
import itertools
import random
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that the file can be run by its path

from articles.feeds import parse  # noqa: E402
from articles.pages import canonical, extract  # noqa: E402
from articles.stories import prints, window  # noqa: E402

EVALUATION = ROOT.parent / "shared" / "evaluation"
FEEDS = EVALUATION / "feeds" / "korean-2022"
HEADLINES = EVALUATION / "text-headlines-ko.tsv.gz"
LABELS = ROOT / "bench" / "labels" / "stories.tsv"
LEAST_COUNT = 20
Stories = dict[window.Id, window.Id]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, and whether a person took them for the same story."""

    first: str
    second: str
    same: bool
    part: str


def pairs(parts: Iterable[str]) -> list[Pair]:
    """The labelled pairs of some parts, without those that can't be told."""
    rows = [line.split("\t") for line in LABELS.read_text().splitlines() if not line.startswith("#")][1:]
    return [Pair(a, b, label == "1", part) for a, b, label, part in rows if label != "?" and part in parts]


def documents() -> list[window.Document]:
    """Every article of the captures once, under the hash of its canonical address."""
    found: dict[str, window.Document] = {}
    for path in sorted(FEEDS.glob("2022*/*.xml")):
        outlet = path.name.partition("-")[0]
        for entry in parse.parse_feed(path.read_bytes()).entries:
            address = canonical.canonical_url(entry.url) if entry.url else entry.id
            id = hashlib.sha1(address.encode()).hexdigest()[:12]
            if id not in found and entry.published:
                text = extract.text_of_html(entry.content or entry.summary or "")
                found[id] = window.Document(id, entry.title, text, entry.published, outlet)
    return list(found.values())


def without_text(articles: Iterable[window.Document]) -> list[window.Document]:
    """The same articles as if a feed had headlines alone."""
    return [window.Document(one.id, one.title, "", one.published, one.outlet) for one in articles]


def ours(articles: list[window.Document], batch: int = 0) -> Stories:
    """The story of each article, placed in calls of so many in the order of time, or in one call."""
    held = window.Window()
    arriving = sorted(articles, key=lambda one: (one.published, one.id))
    size = batch or len(arriving)
    calls = (arriving[start : start + size] for start in range(0, len(arriving), size))
    stories: Stories = {}
    into: Stories = {}
    for call in calls:
        stories |= {one.id: one.story for one in held.place(call)}
        into |= {one.story: one.into for one in held.joined}
    return {id: _last(story, into) for id, story in stories.items()}


def _last(story: window.Id, into: Stories) -> window.Id:
    """The story into which one went at last."""
    while story in into:
        story = into[story]
    return story


def by_title(articles: Iterable[window.Document]) -> Stories:
    """A story is a headline."""
    return {one.id: prints.take_print(one.title, "").whole for one in articles}


def trigrams(title: str) -> set[str]:
    letters = "".join(filter(str.isalnum, prints.plain(title)))
    return {letters[at : at + 3] for at in range(len(letters) - 2)}


def score(told: Iterable[bool], labelled: Iterable[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was told of the pairs."""
    counts = collections.Counter((one, pair.same) for one, pair in zip(told, labelled, strict=True))
    right = counts[True, True]
    precision = right / max(1, right + counts[True, False])
    recall = right / max(1, right + counts[False, True])
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def show(name: str, told: list[bool], labelled: list[Pair], seconds: float, articles: int) -> None:
    columns = []
    for part in sorted({pair.part for pair in labelled}):
        of_part = [(one, pair) for one, pair in zip(told, labelled, strict=True) if pair.part == part]
        figures = score([one for one, _ in of_part], [pair for _, pair in of_part])
        columns.append(
            f"{part:4} ({len(of_part)} pairs)  P {figures[0]:.3f}  R {figures[1]:.3f}  F1 {figures[2]:.3f}"
        )
    speed = f"{articles / seconds:7.0f} articles/s" if seconds else ""
    print(f"{name:42} {'   '.join(columns)}  {speed}", flush=True)


def same(stories: Stories, labelled: list[Pair]) -> list[bool]:
    return [stories[pair.first] == stories[pair.second] for pair in labelled]


def measure_quality(*, held: bool, errors: bool) -> None:
    labelled = pairs(("dev", "held", "near", "last") if held else ("dev", "held", "near"))
    articles = documents()
    of_pairs = {id for pair in labelled for id in (pair.first, pair.second)}
    few = [one for one in articles if one.id in of_pairs]
    print(f"{len(articles)} articles, {len(few)} of them in labelled pairs\n")
    for name, given, batch in (
        ("ours, five days in one call", articles, 0),
        ("ours, headlines alone", without_text(articles), 0),
        ("ours, 200 articles a call", articles, 200),
        ("ours, 20 articles a call", articles, 20),
        ("ours, labelled articles alone", few, 0),
        ("ours, their headlines alone", without_text(few), 0),
    ):
        start = time.process_time()
        stories = ours(given, batch)
        show(name, same(stories, labelled), labelled, time.process_time() - start, len(given))
        if errors:
            tell_errors(stories, labelled, articles)
    start = time.process_time()
    stories = by_title(articles)
    show("same headline", same(stories, labelled), labelled, time.process_time() - start, len(articles))
    show_jaccard(labelled, {one.id: trigrams(one.title) for one in few})


def show_jaccard(labelled: list[Pair], grams: dict[window.Id, set[str]]) -> None:
    """The trigrams at the threshold of the best F1 on the pairs for development."""
    likeness = [
        len(grams[pair.first] & grams[pair.second]) / max(1, len(grams[pair.first] | grams[pair.second]))
        for pair in labelled
    ]
    dev = [(one, pair) for one, pair in zip(likeness, labelled, strict=True) if pair.part == "dev"]
    best = max(
        (step / 100 for step in range(1, 100)),
        key=lambda least: score([one >= least for one, _ in dev], [pair for _, pair in dev])[2],
    )
    show(f"Jaccard of trigrams >= {best:.2f}", [one >= best for one in likeness], labelled, 0, 0)


def tell_errors(stories: Stories, labelled: list[Pair], articles: list[window.Document]) -> None:
    titles = {one.id: one.title for one in articles}
    for pair in labelled:
        if (stories[pair.first] == stories[pair.second]) != pair.same:
            print("   ", "missed" if pair.same else "joined", titles[pair.first], "‖", titles[pair.second])


def generated(number: int, chance: random.Random) -> Iterator[window.Placed]:
    """Articles as they are stored: words as frequent as Zipf has it, from a million."""
    vocabulary = list(itertools.accumulate(1 / rank for rank in range(1, 1_000_001)))
    spread = range(len(vocabulary))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    norms = prints.Norms(4.0, 2.5, 5.0)

    def some(count: int) -> frozenset[int]:
        # An odd factor spreads the numbers over the 32 bits of a hash.
        return frozenset(
            word * 2_654_435_761 & 0xFFFFFFFF
            for word in chance.choices(spread, cum_weights=vocabulary, k=count)
        )

    for at in range(number):
        taken = prints.Print(
            prints.templates.Kind.NEWS,
            at + 1,
            0,
            some(24),
            frozenset(),
            some(9),
            some(2),
            frozenset(),
            some(42),
        )
        story = at if chance.random() < 0.7 or at < 1_000 else at - chance.randrange(1_000)
        moment = start + timedelta(days=at / 50_000)
        yield window.Placed(at, story, prints.pack(taken, norms), moment, str(at % 300))


def measure_window(number: int) -> None:
    """Fill a window as a worker does when it starts, then place the articles of the captures in it."""
    held = window.Window()
    before = resident()
    start = time.process_time()
    held.restore(generated(number, random.Random(1)))
    print(
        f"{len(held)} articles restored in {time.process_time() - start:.0f} s CPU, most of it to generate them"
    )
    print(f"memory of the process {before:.0f} MB empty, {resident():.0f} MB filled")
    arriving = [
        window.Document(
            one.id,
            one.title,
            one.text,
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number / 50_000),
            one.outlet,
        )
        for one in documents()[:2_000]
    ]
    start = time.process_time()
    for at in range(0, len(arriving), 200):
        held.place(arriving[at : at + 200])
    print(f"{1000 * (time.process_time() - start) / len(arriving):.2f} ms CPU to place an article")


def resident() -> float:
    """The greatest memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_background(path: Path) -> None:
    pieces: collections.Counter[str] = collections.Counter()
    words: collections.Counter[str] = collections.Counter()
    headlines = 0
    with gzip.open(HEADLINES, "rt", encoding="utf-8") as lines:
        for line in lines:
            title = prints.plain(line.rstrip("\n").split("\t")[1])
            pieces.update(set(prints.pieces_of(title)))
            words.update(set(prints.words_of(title)))
            headlines += 1
    source = "KLUE-YNAT (https://klue-benchmark.com, CC BY-SA 4.0): in how many of its headlines a piece or word stands"
    with path.open("w", encoding="utf-8") as out:
        out.write(f"headlines\t{source}, from {LEAST_COUNT} on\t{headlines}\n")
        for kind, counted in (("piece", pieces), ("word", words)):
            kept = sorted((one, times) for one, times in counted.items() if times >= LEAST_COUNT)
            out.writelines(f"{kind}\t{one}\t{times}\n" for one, times in kept)


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--held", action="store_true", help="count the held pairs too")
    arguments.add_argument("--errors", action="store_true", help="show the pairs that were told wrongly")
    arguments.add_argument(
        "--window", type=int, metavar="ARTICLES", help="fill a window with generated articles"
    )
    arguments.add_argument("--background", type=Path, metavar="FILE", help="write the shipped counts")
    options = arguments.parse_args()
    if options.window:
        measure_window(options.window)
    elif options.background:
        write_background(options.background)
    elif FEEDS.is_dir():
        measure_quality(held=options.held, errors=options.errors)
    else:
        print(f"{FEEDS} is not there: nothing to measure on")


if __name__ == "__main__":
    main()
