"""How an article's theme scores come about, told to a reader.

The terms are weighed again by the list as it is stored now, and checked against the score that the article was tagged
with: where the list has changed since, the sum is not told as if it were the old one. Writes nothing.
"""

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from articles import models, readings, subthemes, watchlist_store
from articles.tagging import recognise, themes

# Of a term's syntax, which can list a hundred words.
LONGEST_TERM = 80


@dataclass(frozen=True, slots=True)
class Share:
    """What one term adds: its points as text, what stands in the article for it, and the term as it is listed."""

    points: str
    forms: str
    term: str
    subtheme: str
    is_decisive: bool


@dataclass(frozen=True, slots=True)
class Silenced:
    """Words that would have spoken for the theme, how often, and the exclusion that cancelled them."""

    text: str
    count: int
    by: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A theme's sum for one article. `is_current`: it is the one that the article was tagged with."""

    name: str
    sentence: str
    shares: tuple[Share, ...]
    companies: str
    cancelled: tuple[Silenced, ...]
    is_current: bool = True


def weigh(article: models.Article) -> tuple[themes.Verdict, ...]:
    """The themes' sums for an article, with its tags loaded, by the list of now. One query, and three if it is new."""
    recognised = [tag.company.name for tag in article.company_tags.all() if not tag.by_hand]
    recognised += [tag.company.name for tag in article.withdrawn_tags.all() if tag.company]
    finder = finder_of(watchlist_store.revision())
    return recognise.weigh_themes(finder, readings.document(article), frozenset(recognised))


@functools.lru_cache(maxsize=1)
def finder_of(revision: int) -> themes.ThemeFinder:
    """The terms of a revision of the watch list, kept by each process that tells of them."""
    return themes.ThemeFinder(watchlist_store.stored_themes())


def told(found: themes.Verdict, *, stored: float | None) -> Sum:
    """A sum in words; `stored` is the score of the article's tag, None without one."""
    decisive = found.decisive
    return Sum(
        name=found.name,
        sentence=sentence(found),
        shares=tuple(share(part, part in decisive) for part in by_points(found)),
        companies=company_share(found),
        cancelled=cancelled(found),
        is_current=stored is None or abs(stored - found.score) < 0.0005,
    )


def sentence(found: themes.Verdict) -> str:
    """In one sentence: the score, what speaks for it, and what it hangs on."""
    speaking = [forms(part) for part in by_points(found) if part.weight > 0]
    speaking += list(found.companies) if found.company_points else []
    names = {"theme": found.name, "score": f"{found.score:+.1f}", "terms": ", ".join(dict.fromkeys(speaking))}
    if not found.tagged:
        names["needed"] = f"{found.threshold:g}"
        if not speaking:
            return gettext("%(theme)s %(score)s of the %(needed)s needed") % names
        return gettext("%(theme)s %(score)s of the %(needed)s needed: %(terms)s") % names
    if decisive := [forms(part) for part in found.decisive]:
        names["decisive"] = gettext(" or ").join(decisive)
        return gettext("%(theme)s %(score)s: %(terms)s; without %(decisive)s it would drop out") % names
    return gettext("%(theme)s %(score)s: %(terms)s") % names


def by_points(found: themes.Verdict) -> Sequence[themes.Part]:
    """The parts, those that add most first."""
    return sorted(found.parts, key=lambda part: -part.points)


def forms(part: themes.Part) -> str:
    """What stands in the article for a term."""
    return " / ".join(dict.fromkeys(" ".join(form.split()) for form in part.forms))


def share(part: themes.Part, is_decisive: bool) -> Share:
    """A part in words."""
    return Share(
        f"{part.points:+.2f}", forms(part), cut(part.term), subthemes.label(part.subtheme), is_decisive
    )


def company_share(found: themes.Verdict) -> str:
    """What companies add that imply the theme; empty if nothing."""
    if not found.company_points:
        return ""
    names = {"points": f"{found.company_points:+.2f}", "companies": ", ".join(found.companies)}
    return gettext("%(points)s for companies that imply it: %(companies)s") % names


def cancelled(found: themes.Verdict) -> tuple[Silenced, ...]:
    """What was cancelled, each pair of words and exclusion once."""
    pairs = Counter((one.text, one.by) for one in found.cancelled)
    return tuple(Silenced(text, count, cut(by)) for (text, by), count in pairs.items())


def cut(term: str) -> str:
    """A term short enough to be read."""
    return term if len(term) <= LONGEST_TERM else f"{term[: LONGEST_TERM - 1]}…"
