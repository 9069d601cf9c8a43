"""An article's tags as its page shows them: recognised, taken away or added by people, with what was said of each.

Takes an article as `reads.article` loads it; asks the database for the watch list's revision and no more. Who said what
is told to editors; an analyst reads her own words and how many others there are. Must not write.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles import evidence, models, subthemes, sums, verdicts
from articles.tagging import agreement, themes
from newswatch.accounts.models import User


@dataclass(frozen=True, slots=True)
class Word:
    """What one person said of a tag."""

    who: str
    verdict: str
    at: datetime.datetime
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of a tag. `mine` is the reader's own verdict, empty if she gave none."""

    mine: str = ""
    note: str = ""
    agree: int = 0
    disagree: int = 0
    needed: int = agreement.ENOUGH
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A tag and all that is known about it.

    `state`: `given` by recognition, `withdrawn` by people, `added` by people, or `proposed` (added by too few).
    """

    kind: verdicts.Kind
    pk: int
    name: str
    state: str
    said: Said
    tone: int = 0
    strength: str = ""
    told: evidence.Evidence | None = None
    subthemes: tuple[str, ...] = ()
    sum: sums.Sum | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of an article by kind, and the themes that fell short of being tags."""

    themes: tuple[Line, ...]
    companies: tuple[Line, ...]
    short: tuple[sums.Sum, ...]
    other_themes: tuple[str, ...]


def tags(article: models.Article, reader: User) -> Tags:
    """What the page shows of an article's tags to this reader."""
    weighed = {found.name: found for found in sums.weigh(article)} if article.recognised_by else {}
    lines = list(lines_of(article, weighed, reader))
    tagged = {line.name for line in lines if line.kind == "theme"}
    return Tags(
        themes=tuple(line for line in lines if line.kind == "theme"),
        companies=tuple(line for line in lines if line.kind == "company"),
        short=tuple(
            sums.told(found, stored=None)
            for name, found in weighed.items()
            if name not in tagged and (found.cancelled or found.parts)
        ),
        other_themes=tuple(name for name in weighed if name not in tagged),
    )


def shown_mentions(article: models.Article) -> list[models.Mention]:
    """The evidence to be drawn over the text: that of tags which people have taken away is left out."""
    gone = {verdicts.tag_of(row) for row in article.withdrawn_tags.all()}
    return [one for one in article.mentions.all() if one.kind == "sport" or _tag(one) not in gone]


def lines_of(article: models.Article, weighed: dict[str, themes.Verdict], reader: User) -> Iterable[Line]:
    """The lines: tags first, then what was taken away, then what waits for a second word."""
    said: dict[verdicts.Tag, list[models.TagVerdict]] = {}
    for word in article.verdicts.all():
        said.setdefault(verdicts.tag_of(word), []).append(word)
    of_companies = {one.pk: one for one in evidence.companies(article)}
    of_themes = {one.pk: one for one in evidence.themes(article)}
    seen = set()
    for given in article.theme_tags.all():
        tag = verdicts.Tag("theme", given.theme_id)
        seen.add(tag)
        yield Line(
            "theme",
            given.theme_id,
            given.theme.name,
            "added" if given.by_hand else "given",
            heard(said.get(tag, ()), reader),
            given.theme.position % evidence.TONES,
            "" if given.by_hand else f"{given.score:+.1f}",
            None if given.by_hand else of_themes[given.theme_id],
            tuple(subthemes.label(name) for name in given.subthemes),
            None if given.by_hand else _sum(weighed, given.theme.name, given.score),
        )
    for named in article.company_tags.all():
        tag = verdicts.Tag("company", named.company_id)
        seen.add(tag)
        yield Line(
            "company",
            named.company_id,
            named.company.name,
            "added" if named.by_hand else "given",
            heard(said.get(tag, ()), reader),
            0,
            "" if named.by_hand else f"{named.confidence:.0%}",
            None if named.by_hand else of_companies[named.company_id],
        )
    for row in article.withdrawn_tags.all():
        tag = verdicts.tag_of(row)
        seen.add(tag)
        name = _name(row)
        total = _sum(weighed, name, row.strength) if tag.kind == "theme" else None
        heard_of = heard(said.get(tag, ()), reader)
        yield Line(tag.kind, tag.pk, name, "withdrawn", heard_of, _tone(row), sum=total)
    for tag, rows in said.items():
        if tag not in seen and any(row.agrees for row in rows):
            first = rows[0]
            yield Line(tag.kind, tag.pk, _name(first), "proposed", heard(rows, reader), _tone(first))


def heard(rows: Sequence[models.TagVerdict], reader: User) -> Said:
    """What was said of a tag, as far as this reader may know."""
    mine = next((row for row in rows if row.user_id == reader.pk), None)
    shown = rows if verdicts.may_edit(reader) else [row for row in rows if row.user_id == reader.pk]
    agree = sum(row.agrees for row in rows)
    return Said(
        mine=("right" if mine.agrees else "wrong") if mine else "",
        note=mine.note if mine else "",
        agree=agree,
        disagree=len(rows) - agree,
        words=tuple(
            Word(
                row.user.get_username() if row.user else "–", row.get_verdict_display(), row.made_at, row.note
            )
            for row in shown
        ),
    )


def _sum(weighed: dict[str, themes.Verdict], name: str, stored: float) -> sums.Sum | None:
    found = weighed.get(name)
    return sums.told(found, stored=stored) if found else None


def _tag(mention: models.Mention) -> verdicts.Tag:
    if mention.company_id is not None:
        return verdicts.Tag("company", mention.company_id)
    return verdicts.Tag("theme", mention.theme_id or 0)


def _name(row: models.TagVerdict | models.WithdrawnTag) -> str:
    owner = row.company or row.theme
    return owner.name if owner else ""


def _tone(row: models.TagVerdict | models.WithdrawnTag) -> int:
    return row.theme.position % evidence.TONES if row.theme else 0
