"""How many articles a second the alert matcher takes, at 1 to 100,000 alerts, beside two plain ways in the same run.

    .venv/bin/python -m bench.match [--alerts 1,100,10000,100000] [--articles 300]

The articles are those of a day of the captured feeds beside the checkout that carry whole texts (600 characters
or more), tagged by the shipped watch list; without them, made-up ones. What is rare is counted in those of the days
around it, as the product counts it in stored articles. The alerts are made as people write them (`KINDS` has the mix):
companies as often as articles name them, or any of the watch list; words of real headlines, as often as headlines use
them, where they stand in at most one article in 500 if they stand alone; lists, phrases, NEAR, exclusions. One time in
five somebody has an alert already that was made before.

Beside it: every alert's keywords looked for one by one, which is what rules of keywords do; and one Aho-Corasick
automaton of all keywords, which tells only which of them stand in the text. Neither evaluates a query.

CPU time of one core. What is measured is which alerts an article matches. Shown by themselves, because they don't
depend on how many alerts there are: splitting an article into words, once for all alerts (every other way would need it
as well to tell LG from ALGO), and finding out where a word stands, which is done for an article that has hits. Where
each hit's words stand, as mails and pages show them, is told as a cost for each query that matched: it is paid with the
writing of that hit. Memory is what the process grew by.
"""

import argparse
import datetime
import functools
import gc
import itertools
import multiprocessing
import random
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import ahocorasick_rs

from alerts.matching import compile as compiler
from alerts.matching import match as matching
from articles.feeds import parse
from articles.pages import extract
from articles.search import folding, matches, query, tokens
from articles.tagging import recognise, watchlist
from bench import news_text

EVALUATION = Path(__file__).resolve().parents[2] / "shared" / "evaluation"
FEEDS = EVALUATION / "feeds" / "korean-2022"
DAY, DAYS_AROUND = "20220725", ("20220723", "20220724", "20220726")
SHORTEST = 600
# A word that is an alert by itself stands in at most so many of 10,000 articles.
COMMONEST_ALONE = 20.0
CHANGES = 500
NOW = datetime.datetime(2022, 7, 26, tzinfo=datetime.UTC)
# One by one takes seconds an article at 100,000.
ARTICLES_ONE_BY_ONE = 5
KINDS = {
    "company": 14,
    "company word": 16,
    "company of any size": 6,
    "word": 8,
    "two words": 18,
    "phrase": 10,
    "list": 10,
    "list of companies": 5,
    "list without": 5,
    "theme word": 3,
    "near": 3,
    "title": 3,
    "prefix": 1,
    "source word": 1,
    "letters": 1,
}


One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class News:
    """What is measured on: articles to be matched, and counts of those around them, in 10,000."""

    articles: list[matches.SearchDocument]
    frequencies: dict[str, float]
    companies: list[str]
    headlines: list[list[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one number of alerts costs; times in CPU milliseconds."""

    alerts: int
    entries: int
    start_s: float
    megabytes: float
    article: float
    p95: float
    change: float
    # Queries looked up, queries that matched, alerts that have them; the time to say where one query matched.
    tried: float
    found: float
    hits: float
    where: float
    one_by_one: float
    automaton: float


@functools.cache
def news() -> News:
    """The articles of a day, and what is known of the days around it."""
    recogniser = recognise.Recogniser(watchlist.shipped())
    today = [tagged(one, recogniser) for one in stored([DAY])]
    around = [tagged(one, recogniser) for one in stored(DAYS_AROUND)]
    if not today:
        made = [tagged(one, recogniser) for one in made_up()]
        today, around = made[::2], made[1::2]
    named = [name for one in around for name in one.companies]
    return News(today, counted(around), named, headlines(around))


def stored(days: Sequence[str]) -> Iterator[matches.SearchDocument]:
    """The captured articles of these days that have a whole text, each once."""
    seen = set()
    for path in sorted(path for day in days for path in FEEDS.glob(f"{day}/*.xml")):
        try:
            entries = parse.parse_feed(path.read_bytes()).entries
        except parse.UnreadableFeed:
            continue
        for entry in entries:
            text = extract.text_of_html(entry.content or entry.summary)
            if len(text) >= SHORTEST and entry.url not in seen:
                seen.add(entry.url)
                yield matches.SearchDocument(
                    entry.url, entry.title, text, source=path.stem, url=entry.url, published=entry.published
                )


def made_up() -> Iterator[matches.SearchDocument]:
    """Articles that nobody wrote."""
    newsroom = news_text.Newsroom()
    for number in range(1_200):
        text = newsroom.article(number, "en" if number % 5 == 4 else "ko")
        yield matches.SearchDocument(number, text.title, text.text, language=text.language)


def tagged(one: matches.SearchDocument, recogniser: recognise.Recogniser) -> matches.SearchDocument:
    """The article with its companies, themes and language."""
    found = recogniser.recognise(recognise.Document(str(one.id), one.title, one.text))
    return matches.SearchDocument(
        one.id,
        one.title,
        one.text,
        source=one.source,
        url=one.url,
        language=found.language,
        companies=tuple(tag.name for tag in found.companies),
        themes=tuple(tag.name for tag in found.themes),
        published=one.published,
    )


def counted(articles: Sequence[matches.SearchDocument]) -> dict[str, float]:
    """In how many of 10,000 articles each key stands; those of fewer than five articles are left out."""
    counts: Counter[str] = Counter()
    for one in articles:
        prepared = matches.prepare(one)
        counts.update(prepared.index.postings.keys())
        counts.update(
            matching.whole_key(name, value) for name in matching.PROPERTIES for value in prepared.folded[name]
        )
    return {key: count * 10_000 / len(articles) for key, count in counts.items() if count >= 5}


def headlines(around: Sequence[matches.SearchDocument]) -> list[list[str]]:
    """The words of headlines: those of the articles around."""
    split = [[word.text for word in tokens.words(one.title) if is_plain(word.text)] for one in around]
    return [words for words in split if len(words) > 3]


def is_plain(word: str) -> bool:
    """Whether a word can stand in a query as it is."""
    return len(word) > 1 and word.isalnum() and not word.isupper() and word not in ("그리고", "또는", "제외")


class Writer:
    """Writes alerts; the same number gives the same ones."""

    def __init__(self, found: News, seed: int) -> None:
        self.news = found
        self.chance = random.Random(seed)
        self.all_companies = [company.name for company in watchlist.shipped().companies]
        self.themes = [theme.name for theme in watchlist.shipped().themes]

    def alerts(self, count: int) -> list[str]:
        """So many queries in canonical form."""
        written: list[str] = []
        kinds = self.chance.choices(list(KINDS), list(KINDS.values()), k=count)
        for kind in kinds:
            if written and self.chance.random() < 0.2:
                written.append(self.chance.choice(written))
            else:
                written.append(query.canonical(query.parse_query(self.write(kind))))
        return written

    def write(self, kind: str) -> str:  # noqa: PLR0911, PLR0912 - one for each kind
        one, other = self.two_words()
        match kind:
            case "company":
                return self.company()
            case "company word":
                return f"{self.company()} {one}"
            case "company of any size":
                return f'company:"{self.chance.choice(self.all_companies)}"'
            case "word":
                return self.rare_word()
            case "two words":
                return f"{one} {other}"
            case "phrase":
                words = self.chance.choice(self.news.headlines)
                start = self.chance.randrange(len(words) - 1)
                return f'"{words[start]} {words[start + 1]}"'
            case "list":
                return " OR ".join(self.rare_word() for _ in range(self.chance.randint(3, 8)))
            case "list of companies":
                return " OR ".join(self.company() for _ in range(self.chance.randint(2, 5)))
            case "list without":
                listed = " OR ".join(self.rare_word() for _ in range(self.chance.randint(2, 5)))
                return f"({listed}) {one} -{other}"
            case "theme word":
                return f"theme:{self.chance.choice(self.themes)} {one}"
            case "near":
                return f"{one} NEAR/10 {other}"
            case "title":
                return f"title:{self.rare_word()}"
            case "prefix":
                return f"{self.rare_word()[:3]}* {one}"
            case "source word":
                return f"source:{self.chance.choice(self.news.articles).source or 'a'} {one}"
            case _:
                return f"~{self.rare_word()[:4]}"

    def company(self) -> str:
        return f'company:"{self.chance.choice(self.news.companies)}"'

    def two_words(self) -> list[str]:
        return self.chance.sample(self.chance.choice(self.news.headlines), 2)

    def rare_word(self) -> str:
        frequencies = self.news.frequencies
        while True:
            word = self.chance.choice(self.chance.choice(self.news.headlines))
            stands = sum(frequencies.get(lexeme, 0.0) for lexeme in tokens.lookup(word))
            if stands <= COMMONEST_ALONE and not word.isdigit():
                return word


def measure(count: int, articles: int, answer: "multiprocessing.Queue[Figures]") -> None:
    """Measure one number of alerts, in a process of its own so that memory can be told."""
    found = news()
    texts = Writer(found, 1).alerts(count)
    prepared = [ready(one) for one in found.articles[:articles]]
    gc.collect()
    before, started = resident(), time.process_time()
    matcher = compiler.compile_alerts(
        ((number, query.parse_query(text)) for number, text in enumerate(texts)),
        frequencies=found.frequencies,
    )
    start_s = time.process_time() - started
    gc.collect()
    megabytes = resident() - before
    gc.freeze()
    times, hits = timed(prepared, lambda one: sum(len(entry.alerts) for entry in matcher.find(one, now=NOW)))
    whole, _ = timed(prepared, lambda one: len(matcher.match(one, now=NOW)), times=3)
    matched = statistics.mean(len(matcher.find(one, now=NOW)) for one in prepared)
    tried = statistics.mean(sum(1 for _ in matcher.candidates(one)) for one in prepared)
    keywords = [keywords_of(query.parse_query(text)) for text in texts]
    few = [folding.fold(f"{one.document.title} {one.document.text}") for one in prepared]
    slow, _ = timed(few[:ARTICLES_ONE_BY_ONE], lambda text: one_by_one(keywords, text), times=2)
    automaton = ahocorasick_rs.AhoCorasick(
        sorted(set(itertools.chain.from_iterable(keywords))), store_patterns=False
    )
    quick, _ = timed(few, lambda text: len(automaton.find_matches_as_indexes(text, overlapping=True)))
    answer.put(
        Figures(
            count,
            len(matcher.entries),
            start_s,
            megabytes,
            statistics.mean(times),
            statistics.quantiles(times, n=20)[-1],
            change(matcher, Writer(found, 2).alerts(CHANGES)),
            tried,
            matched,
            hits / len(prepared),
            (statistics.mean(whole) - statistics.mean(times)) / matched if matched else 0.0,
            statistics.mean(slow),
            statistics.mean(quick),
        )
    )


def ready(one: matches.SearchDocument) -> matches.Prepared:
    """An article whose words are known, and where they stand: what is measured by itself."""
    prepared = matches.prepare(one)
    assert prepared.words <= prepared.index.postings.keys()
    return prepared


def timed(given: Sequence[One], work: Callable[[One], int], *, times: int = 7) -> tuple[list[float], int]:
    """The CPU milliseconds of each, the best of so many times, and the sum of what they give."""
    best, total = [float("inf")] * len(given), 0
    for _ in range(times):
        total = 0
        for number, one in enumerate(given):
            started = time.process_time_ns()
            total += work(one)
            best[number] = min(best[number], (time.process_time_ns() - started) / 1e6)
    return best, total


def change(matcher: matching.Matcher, texts: Sequence[str]) -> float:
    """CPU milliseconds to take in one alert that was saved."""
    numbers = random.Random(3).choices(sorted(matcher.by_alert), k=len(texts))
    started = time.process_time()
    for number, text in zip(numbers, texts, strict=True):
        matcher.put(number, query.parse_query(text))
    return (time.process_time() - started) * 1_000 / len(texts)


def keywords_of(ast: query.Query) -> list[str]:
    """What a list of keywords could have of a query: its words, phrases and names."""
    found = []
    for leaf in query.leaves(ast):
        match leaf:
            case query.Word(text) | query.Prefix(text) | query.Substring(text):
                found.append(folding.fold(text))
            case query.Phrase(words):
                found.append(folding.fold(" ".join(words)))
            case query.Attribute(_, value):
                found.append(folding.fold(value))
    return found


def one_by_one(alerts: Sequence[Sequence[str]], text: str) -> int:
    """How many alerts have all or any of their keywords in the text: each is looked for."""
    return sum(1 for keywords in alerts if any(keyword in text for keyword in keywords))


def resident() -> float:
    """Megabytes that the process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", default="1,100,10000,100000")
    parser.add_argument("--articles", type=int, default=300)
    options = parser.parse_args()
    found = news()
    articles = found.articles[: options.articles]
    times, lexemes = timed(articles, lambda one: len(matches.prepare(one).words))
    places, _ = timed(articles, lambda one: len(matches.prepare(one).index.postings))
    print(
        f"{len(articles)} articles of {statistics.mean(len(one.text) for one in articles):,.0f} characters and "
        f"{lexemes / len(articles):,.0f} lexemes; splitting one into words: {statistics.mean(times):.2f} ms of CPU, "
        f"where they stand: {statistics.mean(places):.2f} ms"
    )
    for count in map(int, options.alerts.split(",")):
        answer: multiprocessing.Queue[Figures] = multiprocessing.Queue()
        child = multiprocessing.Process(target=measure, args=(count, options.articles, answer))
        child.start()
        report(answer.get(timeout=900))
        child.join()


def report(figures: Figures) -> None:
    """Three lines for each number of alerts."""
    print(
        f"{figures.alerts:7,} alerts ({figures.entries:,} queries): {figures.article:.3f} ms an article (p95 "
        f"{figures.p95:.3f}), {1_000 / figures.article:,.0f} articles/s; start {figures.start_s:.2f} s, a change "
        f"{figures.change:.2f} ms, {figures.megabytes:.0f} MB\n{'':15} queries looked up {figures.tried:.1f}, matching "
        f"{figures.found:.1f}, those of {figures.hits:.1f} alerts; where one matches {figures.where:.3f} ms\n"
        f"{'':15} one by one {figures.one_by_one:.2f} ms, "
        f"{figures.one_by_one / figures.article:,.0f} times ours; one automaton {figures.automaton:.3f} ms, "
        f"{figures.automaton / figures.article:.2f} of ours",
        flush=True,
    )


if __name__ == "__main__":
    main()
