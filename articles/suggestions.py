"""Changes of the watch list that people's verdicts speak for: found, measured, and applied when an editor says so.

`find` looks at the verdicts; `measure_next` tries one suggestion on the judged articles and on those of the last days;
`apply` changes the list and has these articles tagged again. Nothing changes by itself.
"""

import dataclasses
import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, Q

from articles import models, pipeline, retagging, retagging_jobs, sums, verdict_reads, watchlist_store
from articles.tagging import difference, proposals, recognise, watchlist
from newswatch import wake
from newswatch.accounts.models import User

TASK = "articles.tasks.measure_suggestions"
# Verdicts that are looked at, the latest first.
MOST_VERDICTS = 5_000
DAYS = 30
# Articles named as examples.
EXAMPLES = 5
Judged = list[tuple[verdict_reads.Case, verdict_reads.Judged]]
OPEN = models.Suggestion.State.OPEN


class SuggestionError(ValueError):
    """A suggestion that can't be applied; the message says why."""


def find(*, now: datetime.datetime) -> int:
    """Store what the verdicts suggest and was not suggested before; returns how many that are.

    What was dismissed is not suggested again; what no verdict speaks for any more is forgotten.
    """
    found = list(proposed())
    with transaction.atomic():
        still = [pk for one in found if (pk := known(one))]
        models.Suggestion.objects.filter(state=OPEN).exclude(pk__in=still).delete()
        new = [one for one in found if not known(one)]
        for one in new:
            one.made_at = now
            one.save()
        models.Suggestion.objects.filter(state=OPEN).update(measured_at=None)
        wake.on_commit(TASK)
    return len(new)


def known(one: models.Suggestion) -> int | None:
    """The id of the same suggestion, if it was made before and is not applied."""
    same = models.Suggestion.objects.filter(
        kind=one.kind, company=one.company, theme=one.theme, text=one.text, new_weight=one.new_weight
    )
    return same.exclude(state=models.Suggestion.State.APPLIED).values_list("pk", flat=True).first()


def proposed() -> Iterator[models.Suggestion]:
    """What the verdicts suggest, by company and by theme."""
    cases = list(verdict_reads.cases(most=MOST_VERDICTS))
    watched = watchlist_store.stored()
    companies = {company.name: company for company in watched.companies}
    themes = {theme.name: theme for theme in watched.themes}
    for name in sorted({one.name for case in cases for one in case.judged}):
        judged = [(case, one) for case in cases for one in case.judged if one.name == name]
        if judged[0][1].tag.kind == "company" and name in companies:
            of = proposals.of_company(companies[name], list(company_cases(judged)))
        elif judged[0][1].tag.kind == "theme" and name in themes:
            of = proposals.of_theme(themes[name], list(theme_cases(judged)))
        else:
            continue
        yield from (row(proposal, judged) for proposal in of)


def company_cases(judged: Judged) -> Iterator[proposals.CompanyCase]:
    """Articles judged on a company, with the forms that stand in them."""
    forms: dict[tuple[int, int | None], set[str]] = {}
    pks = [case.article.pk for case, _ in judged]
    for pk, company, text in models.Mention.objects.filter(article__in=pks, kind="company").values_list(
        "article_id", "company_id", "text"
    ):
        forms.setdefault((pk, company), set()).add(text)
    for number, (case, one) in enumerate(judged):
        found = forms.get((case.article.pk, one.tag.pk), set())
        yield proposals.CompanyCase(number, tuple(sorted(found)), one.belongs)


def theme_cases(judged: Judged) -> Iterator[proposals.ThemeCase]:
    """Articles judged on a theme, with its sum in each."""
    for number, (case, one) in enumerate(judged):
        weighed = {found.name: found for found in sums.weigh(case.article)}
        if found := weighed.get(one.name):
            yield proposals.ThemeCase(number, case.article.title, case.article.body, found, one.belongs)


def row(proposal: proposals.Proposal, judged: Judged) -> models.Suggestion:
    """A proposal as it is stored."""
    speaking = [judged[number] for number in proposal.cases]
    tag = judged[0][1].tag
    return models.Suggestion(
        kind=proposal.kind,
        text=proposal.text,
        weight=proposal.weight,
        new_weight=proposal.new_weight,
        verdicts=sorted({pk for _, one in speaking for pk in one.verdicts}),
        days=DAYS,
        **tag.key,
    )


def measure_next(*, now: datetime.datetime) -> bool:
    """Measure one suggestion that waits for it, and have the next one measured; whether there was one."""
    with transaction.atomic():
        waiting = models.Suggestion.objects.filter(state=OPEN).filter(
            Q(measured_at=None) | ~Q(revision=watchlist_store.revision())
        )
        one = waiting.select_for_update(skip_locked=True, of=("self",)).order_by(F("pk")).first()
        if one is None:
            return False
        measure(one, now=now)
    wake.send(TASK)
    return True


def measure(one: models.Suggestion, *, now: datetime.datetime) -> None:
    """Note what a suggestion does to the judged articles of its company or theme, and to the last days' articles."""
    one.revision = watchlist_store.revision()
    one.measured_at = now
    present = watchlist_store.stored()
    try:
        edit = edit_of(one, present)
    except SuggestionError:
        one.state = models.Suggestion.State.DISMISSED  # the list has gone past it
        one.decided_at = now
        one.save()
        return
    lists = retagging.Lists(
        recognise.Recogniser(difference.apply([edit], present)),
        pipeline.present_tagger().recogniser,
        difference.of_edits([edit]),
    )
    try_on_cases(one, lists)
    changes = list(changes_of(lists, since=now - datetime.timedelta(days=one.days)))
    one.added = sum(change.is_added for change in changes)
    one.removed = len(changes) - one.added
    one.examples = [
        {
            "id": change.article.pk,
            "title": change.article.title,
            "name": change.name,
            "added": change.is_added,
        }
        for change in changes[:EXAMPLES]
    ]
    one.save()


def try_on_cases(one: models.Suggestion, lists: retagging.Lists) -> None:
    """Count the judged articles that come right and those that go wrong."""
    one.mended = one.broken = one.judged = 0
    of = {"company_id": one.company_id} if one.company_id else {"theme_id": one.theme_id}
    for case in verdict_reads.cases(most=MOST_VERDICTS, **of):
        judged = case.judged[0]
        tag = (judged.tag.kind, judged.name)
        before, after = (
            (tag in retagging.tags_of(by.recognise(case.document))) == judged.belongs
            for by in (lists.present, lists.changed)
        )
        one.judged += 1
        one.mended += after and not before
        one.broken += before and not after


def changes_of(lists: retagging.Lists, *, since: datetime.datetime) -> Iterator[retagging.Change]:
    """The tags that stored articles would gain and lose."""
    search = retagging.Search(lists.difference, since=since)
    reach = retagging.Reach(0, (), retagging.NO_ID)
    while (reach := search.next(reach.before, most=retagging.BATCH)).texts:
        yield from retagging.changes(reach.candidates, lists)


def edit_of(one: models.Suggestion, present: watchlist.Watchlist) -> difference.Edit:
    """A suggestion as an edit of the watch list. Raises SuggestionError if that has gone past it."""
    if one.company is not None:
        company = next((row for row in present.companies if row.name == one.company.name), None)
        if company is None:
            raise SuggestionError(one.company.name)
        return difference.CompanyEdit(company, with_flag(company, one.text, common=one.kind == "common"))
    name = one.theme.name if one.theme else ""
    theme = next((row for row in present.themes if row.name == name), None)
    if theme is None:
        raise SuggestionError(name)
    if one.kind == models.Suggestion.Kind.EXCLUDE:
        return difference.ThemeEdit(theme, with_exclusion(theme, one.text))
    return difference.ThemeEdit(theme, with_weight(theme, one))


def with_flag(company: watchlist.Company, form: str, *, common: bool) -> watchlist.Company:
    """A company one of whose forms needs evidence."""
    aliases = {alias.text: alias for alias in company.aliases}
    kind = aliases[form].kind if form in aliases else "name"
    if form not in aliases and form != company.name:
        raise SuggestionError(form)
    flagged = aliases | {form: watchlist.Alias(form, kind, ambiguous=True, common=common)}
    return dataclasses.replace(company, aliases=tuple(flagged.values()))


def with_exclusion(theme: watchlist.Theme, phrase: str) -> watchlist.Theme:
    """A theme with one more exclusion."""
    if any(term.exclude and term.text == phrase for term in theme.terms):
        raise SuggestionError(phrase)
    return dataclasses.replace(theme, terms=(*theme.terms, watchlist.Term(phrase, 0.0, exclude=True)))


def with_weight(theme: watchlist.Theme, one: models.Suggestion) -> watchlist.Theme:
    """A theme one of whose terms weighs otherwise."""
    weight = one.new_weight or 0.0
    terms = tuple(
        dataclasses.replace(term, weight=weight) if is_meant(term, one) else term for term in theme.terms
    )
    if terms == theme.terms:
        raise SuggestionError(one.text)
    return dataclasses.replace(theme, terms=terms)


def is_meant(term: watchlist.Term, one: models.Suggestion) -> bool:
    """Whether it is the term of the suggestion, and weighs what it weighed then."""
    return not term.exclude and term.text == one.text and term.weight == one.weight


def apply(one: models.Suggestion, *, by: User, now: datetime.datetime) -> models.Retagging:
    """Change the watch list, and have the articles of the last days tagged again. Raises SuggestionError."""
    with transaction.atomic():
        locked = models.Suggestion.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if locked.state != OPEN:
            raise SuggestionError(locked.get_state_display())
        edit = edit_of(locked, watchlist_store.stored())
        write(locked)
        watchlist_store.touch()
        decide(locked, models.Suggestion.State.APPLIED, by=by, now=now)
        of = locked.company or locked.theme
        subject = f"{of}: {locked.text}"
        return retagging_jobs.retag([edit], of=of, subject=subject, days=locked.days, by=by, now=now)


def write(one: models.Suggestion) -> None:
    """Make the change in the tables."""
    theme = one.theme_id or 0
    if one.company_id is not None:
        flags = {"ambiguous": True} | ({"common": True} if one.kind == "common" else {})
        models.Alias.objects.update_or_create(company_id=one.company_id, text=one.text, defaults=flags)
    elif one.kind == models.Suggestion.Kind.EXCLUDE:
        models.ThemeTerm.objects.create(theme_id=theme, text=one.text, weight=0.0, exclude=True)
    else:
        terms = models.ThemeTerm.objects.filter(theme_id=theme, text=one.text, exclude=False)
        terms.update(weight=one.new_weight)


def dismiss(one: models.Suggestion, *, by: User, now: datetime.datetime) -> None:
    """Leave the list as it is; the same is not suggested again."""
    decide(one, models.Suggestion.State.DISMISSED, by=by, now=now)


def decide(one: models.Suggestion, state: str, *, by: User, now: datetime.datetime) -> None:
    """Note who decided what, and when."""
    one.state, one.decided_by, one.decided_at = state, by, now
    one.save(update_fields=["state", "decided_by", "decided_at"])
