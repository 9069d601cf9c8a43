"""The rules of outlets' pages between the table that editors change and the values that pages are read by."""

import datetime
import functools
import logging
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext, gettext_noop

from articles import models, problem_words
from articles.pages import rules
from newswatch.accounts.models import User

log = logging.getLogger(__name__)

SENTENCES = (
    gettext_noop(
        "There is no colon. Write what it is, a colon and where it stands, like this: caption: .photo-text"
    ),
    gettext_noop("Say behind the colon what to look for."),
    gettext_noop("“%(given)s” is no kind of text. Use one of these: %(known)s."),
    gettext_noop("“%(given)s” is no kind of text. Did you mean “%(guess)s”?"),
    gettext_noop("“%(given)s” is not understood. Write it like this: caption if line starts with: ▲"),
    gettext_noop(
        "“%(given)s” is no way to look at a line. Use contains, starts with, ends with, is or matches, "
        "like this: caption if line starts with: ▲"
    ),
    gettext_noop(
        "“%(given)s” is no field. Use title, published, byline or section, like this: field byline: .name"
    ),
    gettext_noop("The selector “%(given)s” can’t be used: %(why)s."),
    gettext_noop(
        "A selector can’t look at text. For lines that say something write it like this: "
        "caption if line contains: …"
    ),
    gettext_noop(
        "The pattern “%(given)s” can’t be read: %(why)s. "
        "To look for the text itself, use contains instead of matches."
    ),
    gettext_noop("“%(given)s” would fit nearly every line. Say at least two characters."),
    gettext_noop("What stands behind the colon has more than 300 characters. Shorten it."),
    gettext_noop(
        "An outlet has at most 150 rules. Join some: selectors can stand beside each other, parted by commas."
    ),
    gettext_noop("The rules of an outlet have at most 20,000 characters together. Shorten the notes."),
)


class ChangedMeanwhile(Exception):  # noqa: N818 -- named for what happened
    """Somebody else saved rules of the outlet since the editor opened them."""


def message(problem: rules.Problem) -> str:
    """What is wrong with a line of rules, in the reader's language."""
    given = dict(problem.given)
    if "why" in given:
        given["why"] = problem_words.translated(given["why"])
    return gettext(problem.sentence) % given


def revision() -> tuple[int, int]:
    """Changes whenever the rules of any outlet do: the newest row, and how many there are, because of two that are
    saved at the same moment the one that began first may end last."""
    found = models.PageRules.objects.aggregate(newest=Max("pk"), number=Count("pk"))
    return found["newest"] or 0, found["number"]


def present(outlet_id: int) -> rules.Rules:
    """The rules by which an outlet's pages are read now."""
    return by_outlet(revision()).get(outlet_id, rules.NONE)


@functools.lru_cache(maxsize=1)
def by_outlet(_revision: tuple[int, int]) -> Mapping[int, rules.Rules]:
    """All outlets' rules as they are. A line that can't be read (any more) is noted and left out."""
    newest = models.PageRules.objects.order_by("outlet_id", "-pk").distinct("outlet_id")
    found: dict[int, rules.Rules] = {}
    for row in newest:
        read, problems = rules.parse(row.text)
        for problem in problems:
            log.error("outlet %d, rules %d, line %d: %s", row.outlet_id, row.pk, problem.line, problem)
        if len(read):
            found[row.outlet_id] = read
    return found


def saved(outlet: models.Outlet) -> models.PageRules | None:
    """The outlet's rules as they were saved last."""
    return outlet.page_rules.order_by("-pk").first()


def save(
    outlet: models.Outlet, text: str, *, note: str, based_on: int, by: User, now: datetime.datetime
) -> models.PageRules | None:
    """Save rules without problems. Returns None if nothing changed. Raises ChangedMeanwhile.

    `based_on` is the id of the rules that the editor began with, 0 if there were none.
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    with transaction.atomic():
        # Two who save at the same moment come one after the other.
        models.Outlet.objects.select_for_update(no_key=True).get(pk=outlet.pk)
        before = saved(outlet)
        if (before.pk if before else 0) != based_on:
            raise ChangedMeanwhile
        if text == (before.text if before else ""):
            return None
        return models.PageRules.objects.create(
            outlet=outlet, text=text, note=note, changed_at=now, changed_by=by
        )
