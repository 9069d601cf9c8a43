"""Body extraction against peers, on real pages whose body is known: token F1 and pages a second, in one run.

    python -m bench.extract [--pages DIR] [--worst N]

Every extractor sees the same decoded text in the same shuffled order; time is CPU time of this process.
A peer that isn't installed and a set that is missing are named and skipped. The trafilatura run named `+ metadata`
does what ours does besides the body: title, date, author. All peers together need Python 3.12 (magic-html), and
newspaper4k wants nltk and a download by it (punkt_tab) for Korean; without those it fails there:

    uv venv -p 3.12 V && VIRTUAL_ENV=V uv pip install lxml tzdata google-re2 cssselect trafilatura readability-lxml \\
        resiliparse newspaper4k magic-html && V/bin/python -m bench.extract

Below the table: how many lines of the seed's clutter came into its body, of an article saved from a portal.
"""

import argparse
import collections
import contextlib
import gzip
import importlib
import io
import json
import logging
import random
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.pages import decode, extract

PAGES = Path(__file__).resolve().parents[2] / "shared" / "evaluation" / "pages"


@dataclass(frozen=True, slots=True)
class Case:
    group: str
    name: str
    url: str
    markup: str
    body: str


def english_cases(folder: Path) -> Iterator[Case]:
    """Pages of article-extraction-benchmark with the bodies its authors marked."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, known in sorted(truth.items()):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Case("English", name[:8], known["url"], decode.decode(data), known["articleBody"])


def korean_cases(folder: Path) -> Iterator[Case]:
    """Pages of the manifest whose body is known in full."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        if known.get("body"):
            data = (folder / known["file"]).read_bytes()
            yield Case("Korean", known["id"], known["url"], decode.decode(data), known["body"])


SETS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "article-extraction-benchmark": english_cases,
    "korean": korean_cases,
}


def read_cases(folder: Path) -> list[Case]:
    cases: list[Case] = []
    for name, read in SETS.items():
        if (folder / name).is_dir():
            cases += read(folder / name)
        else:
            print(f"missing, skipped: {folder / name}")
    random.Random(0).shuffle(cases)
    return cases


def ours(case: Case) -> str:
    return extract.extract_page(case.markup, url=case.url).text


def peers() -> dict[str, Callable[[Case], str]]:
    """Every peer that can be imported."""
    makers: dict[str, Callable[[], Callable[[Case], str]]] = {
        "trafilatura (fast)": _trafilatura,
        "trafilatura + metadata": _trafilatura_whole,
        "readability-lxml": _readability,
        "resiliparse": _resiliparse,
        "newspaper4k": _newspaper,
        "magic-html": _magic_html,
    }
    found = {}
    for name, make in makers.items():
        try:
            found[name] = make()
        except ImportError as error:
            print(f"not installed, skipped: {name} ({error})")
    return found


def _trafilatura() -> Callable[[Case], str]:
    library: Any = importlib.import_module("trafilatura")
    return lambda case: library.extract(case.markup, fast=True, include_comments=False) or ""


def _trafilatura_whole() -> Callable[[Case], str]:
    library: Any = importlib.import_module("trafilatura")

    def read(case: Case) -> str:
        page = library.bare_extraction(
            case.markup, url=case.url, fast=True, include_comments=False, with_metadata=True
        )
        return (page.text or "") if page else ""

    return read


def _readability() -> Callable[[Case], str]:
    library: Any = importlib.import_module("readability")
    html: Any = importlib.import_module("lxml.html")
    return lambda case: html.fromstring(library.Document(case.markup).summary()).text_content()


def _resiliparse() -> Callable[[Case], str]:
    library: Any = importlib.import_module("resiliparse.extract.html2text")
    return lambda case: library.extract_plain_text(case.markup, main_content=True, alt_texts=False)


def _newspaper() -> Callable[[Case], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it can't do natural language processing
        library: Any = importlib.import_module("newspaper")

    def read(case: Case) -> str:
        article = library.Article(
            case.url, language="ko" if case.group == "Korean" else "en", fetch_images=False
        )
        article.download(input_html=case.markup)
        article.parse()
        return str(article.text)

    return read


def _magic_html() -> Callable[[Case], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escapes that Python will not know for ever
        library: Any = importlib.import_module("magic_html")
    html: Any = importlib.import_module("lxml.html")
    extractor = library.GeneralExtractor()

    def read(case: Case) -> str:
        found = extractor.extract(case.markup, base_url=case.url)
        return html.fromstring(f"<div>{found.get('html') or ''}</div>").text_content()

    return read


def seed_clutter(seed: Path) -> str:
    """How the body of the seed compares with its paragraphs, its lines 7 to 18; the others are the portal's."""
    if not seed.is_file():
        return f"missing, skipped: {seed}"
    lines = [line.strip() for line in seed.read_text(encoding="utf-8").splitlines()]
    found = extract.extract_page("\n".join(lines)).text.split("\n\n")
    known = lines[6:18]
    clutter = sum(line not in known for line in found)
    return (
        f"seed: {clutter} lines of clutter, {sum(line in found for line in known)} of {len(known)} paragraphs"
    )


def score(text: str, truth: str) -> tuple[float, float, float]:
    """F1, precision and recall of the words, counted."""
    found, known = (collections.Counter(re.findall(r"\w+", each)) for each in (text, truth))
    common = (found & known).total()
    precision, recall = common / max(1, found.total()), common / max(1, known.total())
    return 2 * precision * recall / (precision + recall) if common else 0.0, precision, recall


@dataclass(frozen=True, slots=True)
class Result:
    scores: dict[str, tuple[float, float, float]]  # by page
    seconds: float
    failed: int


def measure(read: Callable[[Case], str], cases: list[Case]) -> Result:
    scores, failed, seconds = {}, 0, 0.0
    for case in cases:
        started = time.process_time()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                text = read(case)
        except Exception:  # noqa: BLE001 - a peer that fails on a page has found nothing there
            text, failed = "", failed + 1
        seconds += time.process_time() - started
        scores[case.name] = score(text, case.body)
    return Result(scores, seconds, failed)


def report(results: dict[str, Result], cases: list[Case]) -> None:
    groups = sorted({case.group for case in cases})
    head = "".join(f"{group + ' F1':>12}{'P':>7}{'R':>7}" for group in groups)
    print(f"{'':26}{head}{'pages/s':>10}{'ratio':>8}{'failed':>8}")
    base = results.get("trafilatura (fast)")
    for name, result in results.items():
        row = ""
        for group in groups:
            values = [result.scores[case.name] for case in cases if case.group == group]
            f1, precision, recall = (statistics.fmean(column) for column in zip(*values, strict=True))
            row += f"{f1:12.3f}{precision:7.3f}{recall:7.3f}"
        speed = len(cases) / result.seconds
        ratio = f"{base.seconds / result.seconds:8.2f}" if base else f"{'-':>8}"
        print(f"{name:26}{row}{speed:10.1f}{ratio}{result.failed:8}")
    counts = collections.Counter(case.group for case in cases)
    print(
        ", ".join(f"{count} {group} pages" for group, count in sorted(counts.items()))
        + "; ratio of speeds to trafilatura (fast)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Body extraction against peers.")
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--worst", type=int, default=0, help="also list our worst pages")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    cases = read_cases(options.pages)
    if not cases:
        print("nothing to measure")
        return 0
    extractors = {"ours": ours, **peers()}
    for read in extractors.values():  # imports, caches and compiled patterns are not what is timed
        measure(read, cases[:3])
    results = {name: measure(read, cases) for name, read in extractors.items()}
    report(results, cases)
    print(seed_clutter(options.pages.parents[1] / "seed" / "article.txt"))
    names = sorted(results["ours"].scores, key=lambda name: results["ours"].scores[name])
    for case in (case for name in names[: options.worst] for case in cases if case.name == name):
        f1, precision, recall = results["ours"].scores[case.name]
        print(f"{f1:.3f} P {precision:.3f} R {recall:.3f} {case.name} {case.url[:90]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
