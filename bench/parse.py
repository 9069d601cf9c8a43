"""How many fixture feeds are read as expected: title, link, id and time of every entry; and how fast.

    .venv/bin/python bench/parse.py [--speed]

Measures on the sets beside the checkout (`../shared/evaluation/feeds`): gofeed (feeds paired with what another parser
makes of them), feed-rs (the same, in its own notation), korean-2022 (captures; what is expected is read off the
elements with the standard library). Only what a set states is compared. Each difference is listed with its reason
where one is known. A set that is missing is named and passed over.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that the file can be run by its path

from articles.feeds import parse, titles  # noqa: E402

FEEDS = ROOT.parent / "shared" / "evaluation" / "feeds"
Expected = list[dict[str, str]]  # of each entry: the fields a set states

# Why we differ on purpose, by file and field. Anything not named here is a fault of ours.
REASONS = {
    (
        "rss_0.91_encoding_1.xml",
        "link",
    ): "feed-rs writes hosts in lower case; we keep an address as the feed gives it",
}


@dataclass(slots=True)
class Tally:
    """Counts of one set."""

    files: int = 0
    files_right: int = 0
    right: dict[str, int] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def gofeed() -> Iterator[tuple[Path, Expected]]:
    """Pairs of X.xml and X.json; a JSON Feed is its own expectation."""
    for expected in sorted((FEEDS / "gofeed").glob("*/*.json")):
        document = json.loads(expected.read_text(encoding="utf-8"))
        feed = expected.with_suffix(".xml")
        if feed.exists():
            yield feed, [_gofeed_item(item) for item in document.get("items") or []]
        elif expected.parent.name == "json":
            yield expected, [_json_item(item) for item in document.get("items") or []]


def _gofeed_item(item: dict[str, Any]) -> dict[str, str]:
    names = {
        "title": "title",
        "link": "link",
        "guid": "id",
        "publishedParsed": "time",
        "updatedParsed": "updated",
    }
    return {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}


def _json_item(item: dict[str, Any]) -> dict[str, str]:
    names = {
        "title": "title",
        "url": "link",
        "id": "id",
        "date_published": "time",
        "date_modified": "updated",
    }
    return {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}


def feed_rs() -> Iterator[tuple[Path, Expected]]:
    """Pairs of X.xml (or X.json) and X.serde.json, where both are there."""
    for expected in sorted((FEEDS / "feed-rs").glob("*/*.serde.json")):
        stem = expected.name.removesuffix(".serde.json")
        for feed in (expected.with_name(stem + ".xml"), expected.with_name(stem + ".json")):
            if feed.exists():
                raw = feed.read_bytes().decode("utf-8", "replace")
                entries = json.loads(expected.read_text(encoding="utf-8"))["entries"]
                yield feed, [_feed_rs_entry(entry, raw, is_rss="<rss" in raw) for entry in entries]


def _feed_rs_entry(entry: dict[str, Any], raw: str, *, is_rss: bool) -> dict[str, str]:
    stated = {
        "title": titles.plain_title((entry["title"] or {}).get("content") or ""),
        "link": next((link["href"] for link in entry["links"]), ""),
        "id": entry["id"]
        if entry["id"] in raw.replace("&amp;", "&")
        else "",  # invented where the feed has none
        "time": entry["published"] or "",
        # RSS has no time of an update; feed-rs repeats the publication there.
        "updated": "" if is_rss else entry["updated"] or "",
    }
    return {name: value for name, value in stated.items() if value}


def korean_2022() -> Iterator[tuple[Path, Expected]]:
    """Captures of five days; control characters are taken out so that the standard library reads all of them."""
    for feed in sorted((FEEDS / "korean-2022").glob("2022*/*.xml")):
        text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", feed.read_text(encoding="utf-8"))
        yield feed, [_korean_item(item) for item in ET.fromstring(text).iter("item")]


def _korean_item(item: ET.Element) -> dict[str, str]:
    names = {"title": "title", "link": "link", "guid": "id", "pubDate": "time"}
    stated = {ours: (item.findtext(theirs) or "").strip() for theirs, ours in names.items()}
    stated["title"] = titles.plain_title(stated["title"])
    return {name: value for name, value in stated.items() if value}


def compare(pairs: Iterator[tuple[Path, Expected]]) -> Tally:
    """Read every feed and hold it against what is expected."""
    tally = Tally()
    for path, expected in pairs:
        before = len(tally.differences)
        _compare_one(path, expected, tally)
        tally.files += 1
        tally.files_right += len(tally.differences) == before
    return tally


def _compare_one(path: Path, expected: Expected, tally: Tally) -> None:
    try:
        entries = parse.parse_feed(path.read_bytes()).entries
    except parse.UnreadableFeed as error:
        tally.differences.append(f"{path.name}: unreadable: {error}")
        return
    if len(entries) != len(expected):
        tally.differences.append(f"{path.name}: {len(entries)} entries, expected {len(expected)}")
        return
    for entry, wanted in zip(entries, expected, strict=True):
        for name, value in wanted.items():
            got = _value(entry, name)
            is_right = _same(name, got, value)
            tally.stated[name] = tally.stated.get(name, 0) + 1
            tally.right[name] = tally.right.get(name, 0) + is_right
            if not is_right:
                reason = REASONS.get((path.name, name), "not explained")
                tally.differences.append(f"{path.name}: {name} {got!r}, expected {value!r} ({reason})")


def _value(entry: parse.Entry, name: str) -> str:
    times = {"time": entry.published, "updated": entry.updated}
    if name in times:
        at = times[name]
        return at.isoformat() if at else ""
    return {"title": entry.title, "link": entry.url, "id": entry.id}[name]


def _same(name: str, got: str, wanted: str) -> bool:
    if name in ("time", "updated"):
        return (
            bool(got)
            and abs(datetime.fromisoformat(got) - datetime.fromisoformat(wanted)).total_seconds() < 1
        )
    # Other parsers complete http://host to http://host/, which is the same address.
    return got == wanted or (name == "link" and got.rstrip("/") == wanted.rstrip("/"))


def report(name: str, tally: Tally) -> None:
    """One line a set, then its differences."""
    shares = ", ".join(
        f"{field} {tally.right[field]}/{tally.stated[field]}"
        for field in ("title", "link", "id", "time", "updated")
        if field in tally.stated
    )
    print(f"{name}: {tally.files_right} of {tally.files} files as expected; {shares}")
    for difference in tally.differences[:50]:
        print(f"    {difference}")


def speed() -> None:
    """Entries per second beside two other parsers, over the same captures in the same run."""
    import fastfeedparser  # noqa: PLC0415 -- peers, wanted only here
    import feedparser  # noqa: PLC0415

    files = [path.read_bytes() for path in sorted((FEEDS / "korean-2022").glob("20220723/*.xml"))[::6]]
    readers: dict[str, Callable[[bytes], int]] = {
        "newswatch": lambda data: len(parse.parse_feed(data).entries),
        "fastfeedparser": lambda data: len(fastfeedparser.parse(data).entries),
        "feedparser": lambda data: len(feedparser.parse(data).entries),
    }
    rates = {}
    for name, reader in readers.items():
        started = time.process_time()
        count = sum(reader(data) for data in files)
        rates[name] = count / (time.process_time() - started)
    for name, rate in rates.items():
        print(f"{name}: {rate:,.0f} entries/s of CPU, {rate / rates['feedparser']:.1f}x feedparser")


def main() -> None:
    """Compare every set that is there; `--speed` times the parsers too."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--speed", action="store_true", help="time this parser beside two others")
    options = arguments.parse_args()
    for name, pairs in {"gofeed": gofeed, "feed-rs": feed_rs, "korean-2022": korean_2022}.items():
        if not (FEEDS / name).is_dir():
            print(f"{name}: missing ({FEEDS / name}); passed over")
            continue
        report(name, compare(pairs()))
    if options.speed and (FEEDS / "korean-2022").is_dir():
        speed()


if __name__ == "__main__":
    main()
