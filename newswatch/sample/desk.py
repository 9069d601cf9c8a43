"""What the newsroom has done so far: released, corrected, published by hand. Kept in one JSON file.

The only part of the sample that changes. The clock is passed in, and so is the file; a newsroom started again
with the same file answers the same articles at the same addresses and times.
"""

import dataclasses
import datetime
import json
import os
import pathlib
import unicodedata
from typing import Any

from newswatch.sample import newsroom

_FIRST_NUMBER_BY_HAND = 900_001
_LONGEST_TITLE = 300
_LONGEST_BODY = 20_000
_MOST_BY_HAND = 500


class Refused(ValueError):  # noqa: N818 - reads better where it is raised
    """What was asked can't be done; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Handmade:
    """An article somebody published by hand, as it is kept in the state file."""

    outlet: str
    number: int
    title: str
    body: str
    section: str
    byline: str
    published: datetime.datetime

    def article(self, library: newsroom.Library) -> newsroom.Article:
        outlet = library.outlets[self.outlet]
        slug = f"by-hand-{self.number}"
        return newsroom.Article(
            guid=outlet.guid.format(number=self.number, slug=slug),
            address=newsroom.address(outlet, number=self.number, slug=slug),
            outlet=self.outlet,
            title=self.title,
            subtitle="",
            section=self.section,
            byline=self.byline,
            tags=(),
            blocks=newsroom.blocks(self.body),
            published=self.published,
            updated=self.published,
        )


class Desk:
    """The newsroom at work. Not thread-safe: one event loop owns it."""

    def __init__(self, library: newsroom.Library, path: pathlib.Path, *, now: datetime.datetime) -> None:
        """Take up the state in `path`, or begin with `now` as the anchor and write it. Raises BadData."""
        self.library = library
        self._path = path
        self.anchor = now
        self.released: dict[str, datetime.datetime] = {}
        self.corrected: dict[str, datetime.datetime] = {}
        self.by_hand: list[Handmade] = []
        if path.exists():
            self._read()
        else:
            self._write()
        self.articles = self._compose()

    def held(self) -> list[str]:
        """Guids of the articles still held back, the next one first."""
        drafts = self.library.drafts
        waiting = [guid for guid, draft in drafts.items() if draft.release and guid not in self.released]
        return sorted(waiting, key=lambda guid: drafts[guid].release)

    def release_next(self, *, now: datetime.datetime) -> str | None:
        """Publish the next article held back or serve the next correction; its guid, or None when all is out."""
        steps = [(self.library.drafts[guid].release, guid, self.released) for guid in self.held()]
        steps += [
            (draft.correction.release, guid, self.corrected)
            for guid, draft in self.library.drafts.items()
            if draft.correction and guid not in self.corrected
        ]
        if not steps:
            return None
        _, guid, done = min(steps, key=lambda step: step[:2])
        done[guid] = _second(now)
        self._changed()
        return guid

    def correct(self, guid: str, *, now: datetime.datetime) -> newsroom.Article:
        """Serve version 2 of an article from now on; a second time changes nothing. Raises Refused."""
        article = self.articles.get(guid)
        if article is None:
            raise Refused(f"no article {guid!r} is published")
        draft = self.library.drafts.get(guid)
        if draft is None or draft.correction is None:
            raise Refused(f"{guid!r} has no version 2")
        if guid not in self.corrected:
            self.corrected[guid] = _second(now)
            self._changed()
        return self.articles[guid]

    def publish(self, fields: dict[str, Any], *, now: datetime.datetime) -> newsroom.Article:
        """Publish an article by hand. Raises Refused.

        `fields` are title, body and outlet or lang; section and byline if wished. The text's paragraphs are
        parted by blank lines.
        """
        if len(self.by_hand) >= _MOST_BY_HAND:
            raise Refused(f"{_MOST_BY_HAND} articles by hand are the most this newsroom keeps")
        outlet = self._outlet(_text(fields, "outlet", 50), _text(fields, "lang", 10))
        section = _text(fields, "section", 50) or outlet.sections[0]
        if section not in outlet.sections:
            raise Refused(f"{outlet.name} has no section {section!r}; it has: {', '.join(outlet.sections)}")
        handmade = Handmade(
            outlet=outlet.key,
            number=_FIRST_NUMBER_BY_HAND + len(self.by_hand),
            title=" ".join(_needed(fields, "title", _LONGEST_TITLE).split()),
            body=_needed(fields, "body", _LONGEST_BODY),
            section=section,
            byline=_text(fields, "byline", 100)
            or ("예시 기자" if outlet.language == "ko" else "Sample Reporter"),
            published=_second(now),
        )
        self.by_hand.append(handmade)
        self._changed()
        return handmade.article(self.library)

    def of_outlet(self, key: str) -> list[newsroom.Article]:
        """One outlet's published articles, newest first."""
        chosen = [article for article in self.articles.values() if article.outlet == key]
        return sorted(chosen, key=lambda article: (article.published, article.guid), reverse=True)

    def _outlet(self, key: str, language: str) -> newsroom.Outlet:
        outlets = self.library.outlets
        if key and key not in outlets:
            raise Refused(f"unknown outlet {key!r}; known are: {', '.join(outlets)}")
        if key:
            return outlets[key]
        for outlet in outlets.values():
            if outlet.language == (language or "ko"):
                return outlet
        raise Refused(f"no outlet writes in {language!r}; use ko or en, or name an outlet")

    def _compose(self) -> dict[str, newsroom.Article]:
        """Everything published, by guid: never held back, released, or made by hand."""
        articles = {}
        for guid, draft in self.library.drafts.items():
            if draft.release and guid not in self.released:
                continue
            articles[guid] = newsroom.compose(
                self.library,
                draft,
                anchor=self.anchor,
                published=self.released.get(guid),
                corrected=self.corrected.get(guid),
            )
        made = [handmade.article(self.library) for handmade in self.by_hand]
        return articles | {article.guid: article for article in made}

    def _changed(self) -> None:
        self._write()
        self.articles = self._compose()

    def _read(self) -> None:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            self.anchor = datetime.datetime.fromisoformat(data["anchor"])
            self.released = _times(data["released"])
            self.corrected = _times(data["corrected"])
            self.by_hand = [
                Handmade(**item | {"published": datetime.datetime.fromisoformat(item["published"])})
                for item in data["by_hand"]
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise newsroom.BadData(
                f"{self._path} is not a state of the sample newsroom ({error!r}); delete it to begin anew"
            ) from error

    def _write(self) -> None:
        """Replace the file in one step, so that a kill in the middle leaves the old state."""
        data = {
            "anchor": self.anchor.isoformat(),
            "released": {guid: time.isoformat() for guid, time in self.released.items()},
            "corrected": {guid: time.isoformat() for guid, time in self.corrected.items()},
            "by_hand": [
                dataclasses.asdict(item) | {"published": item.published.isoformat()} for item in self.by_hand
            ],
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(fresh, self._path)


def _times(fields: dict[str, str]) -> dict[str, datetime.datetime]:
    return {guid: datetime.datetime.fromisoformat(time) for guid, time in fields.items()}


def _second(now: datetime.datetime) -> datetime.datetime:
    """Feeds and HTTP headers know whole seconds only."""
    return now.replace(microsecond=0)


def _needed(fields: dict[str, Any], name: str, longest: int) -> str:
    text = _text(fields, name, longest)
    if not text:
        raise Refused(f"{name} is missing or empty")
    return text


def _text(fields: dict[str, Any], name: str, longest: int) -> str:
    """A field without control characters and lone surrogates, which XML or UTF-8 can't carry."""
    value = fields.get(name) or ""
    if not isinstance(value, str):
        raise Refused(f"{name} must be text")
    if len(value) > longest:
        raise Refused(f"{name} is longer than {longest} characters")
    unix = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in unix if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Cn"})
    return "".join(kept).strip()
