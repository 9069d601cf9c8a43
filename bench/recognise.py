"""How well companies and themes are recognised, beside two simple baselines, and how fast.

    .venv/bin/python -m bench.recognise [--misses] [--speed]

Measures on the labelled headlines and sentences beside the checkout (`../shared/evaluation/tagging`), on our own
labels of other headlines and of sentences of the captured feeds (`bench/labels` names lines of
`text-headlines-ko.tsv.gz` and entries of `feeds/korean-2022`, and holds no text), and on English headlines made up for
the purpose, half of them traps. A name
that is `optional` counts neither way; a group may be answered by its flagship and the other way round. Baselines use
the same names: `substring` (the name stands anywhere) and `edges` (at `\\b` word edges).
"""

from __future__ import annotations

import argparse
import functools
import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from articles.feeds import parse
from articles.pages import extract
from articles.tagging import recognise, watchlist
from bench import news_text

HERE = Path(__file__).resolve().parent
EVALUATION = HERE.parents[1] / "shared" / "evaluation"
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
ALIASES, THEME_TERMS = (500, 5_000, 50_000), 500
ARTICLE, ARTICLES = 2_000, 250
SYLLABLES = "가강경고광구국금김나남노대도동두라루마명모무미민박백변보부산상서선성세소송수승신안양영오우원유윤"
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


def feed_cases(key: str) -> Iterator[Case]:
    """The labelled sentences of the captured feeds; `key` is companies or themes. What is not there is left out."""
    for line in (HERE / "labels/feeds.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = feed_parts(row["feed"], row["entry"]).get(row["sha1"]) if key in row else None
        if text:
            optional = frozenset(row[f"optional_{key}"])
            yield Case(f"{row['feed']}/{row['entry']}", text, frozenset(row[key]), optional)


def feed_parts(feed: str, number: int) -> dict[str, str]:
    """The title and the sentences of an entry, by their fingerprints."""
    entry = feed_entries(feed)[number]
    sentences = SENTENCE.split(extract.text_of_html(entry.content or entry.summary))
    parts = [part.strip() for part in (entry.title, *sentences)]
    return {hashlib.sha1(part.encode()).hexdigest()[:10]: part for part in parts}


@functools.lru_cache(maxsize=4)
def feed_entries(feed: str) -> tuple[parse.Entry, ...]:
    return parse.parse_feed((EVALUATION / "feeds/korean-2022" / feed).read_bytes()).entries


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


def speed() -> None:
    """Articles a second of the full recognition as the watch list grows; the rate should hardly fall."""
    watched, documents = watchlist.shipped(), articles()
    themes = tuple(thinned(watched.themes, THEME_TERMS))
    first = 0.0
    for count in ALIASES:
        companies = tuple(with_aliases(watched.companies, count))
        found = rate(
            recognise.Recogniser(watchlist.Watchlist(companies, themes, f"bench {count}")), documents
        )
        first = first or found
        print(
            f"{count:6,} aliases, {THEME_TERMS} theme terms: {found:,.0f} articles/s a core, "
            f"{found / first:.2f} of the first"
        )
    aliases = sum(len(company.aliases) for company in watched.companies)
    terms = sum(len(theme.terms) for theme in watched.themes)
    found = rate(recognise.Recogniser(watched), documents)
    print(f"the shipped list, {aliases:,} aliases, {terms:,} theme terms: {found:,.0f} articles/s a core")


def articles() -> list[recognise.Document]:
    """Articles of 2,000 Korean characters: sentences of the captured feeds, or made-up ones where there are none."""
    folder = EVALUATION / "feeds/korean-2022"
    paths = sorted(folder.glob("20220725/*.xml"))
    words = "\n".join(_feed_texts(paths)) if paths else _made_up()
    starts = range(0, len(words) - ARTICLE, ARTICLE)
    bodies = [words[start : start + ARTICLE] for start in starts][:ARTICLES]
    return [recognise.Document(str(number), body[:40], body) for number, body in enumerate(bodies)]


def _feed_texts(paths: list[Path]) -> Iterator[str]:
    length = 0
    for path in paths:
        try:
            entries = parse.parse_feed(path.read_bytes()).entries
        except parse.UnreadableFeed:
            continue
        for entry in entries[:20]:
            text = f"{entry.title}. {extract.text_of_html(entry.content or entry.summary)}"
            yield text
            length += len(text)
        if length > 2 * ARTICLE * ARTICLES:
            return


def _made_up() -> str:
    newsroom = news_text.Newsroom()
    return "\n".join(newsroom.article(number, "ko").text for number in range(2 * ARTICLES))


def with_aliases(companies: tuple[watchlist.Company, ...], count: int) -> Iterator[watchlist.Company]:
    """The first companies, which are the most named, and so many invented ones that there are `count` aliases."""
    left = ALIASES[0]
    for company in companies:
        if left <= 0:
            break
        yield replace(company, aliases=company.aliases[:left])
        left -= len(company.aliases)
    for number in range((count - ALIASES[0]) // 4):
        name = "".join(SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(3))
        forms = (f"{name}전자", f"{name}산업", f"{name}홀딩스", f"{name}테크")
        aliases = tuple(watchlist.Alias(form, "name") for form in forms)
        yield watchlist.Company(forms[0], aliases, country="KR")


def thinned(themes: tuple[watchlist.Theme, ...], count: int) -> Iterator[watchlist.Theme]:
    """The themes with so many terms in all, taken evenly from each."""
    total = sum(len(theme.terms) for theme in themes)
    for theme in themes:
        share = max(1, round(count * len(theme.terms) / total))
        step = len(theme.terms) / share
        terms = tuple(theme.terms[int(place * step)] for place in range(share))
        yield replace(theme, terms=terms)


def rate(recogniser: recognise.Recogniser, documents: list[recognise.Document]) -> float:
    """The best of three runs, by the processor's time."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for document in documents:
            recogniser.recognise(document)
        best = max(best, len(documents) / (time.process_time() - start))
    return best


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
    if (EVALUATION / "feeds/korean-2022").is_dir():
        sets["feeds"] = list(feed_cases("companies")), {"ours": companies, **baselines}
        sets["feed themes"] = list(feed_cases("themes")), {"ours": themes}
    sets["english"] = (
        labelled(HERE / "labels/english.jsonl", "companies"),
        {"ours": companies, **baselines},
    )
    for name, (cases, finders) in sets.items():
        for label, finder in finders.items():
            score = measure(cases, finder)
            print(f"{name:12} {len(cases):4} lines  {label:10} {score}")
            if options.misses and label == "ours":
                print(*score.misses, sep="\n")
    if options.speed:
        speed()


if __name__ == "__main__":
    main()
