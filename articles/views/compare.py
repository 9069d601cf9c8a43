"""Companies and themes side by side; the address holds all of what is compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import compare_reads, comparing, models, reads, watches
from articles.sheets import delimited
from newswatch.accounts import reader

MOST_OPTIONS = 8
LONGEST = 200
EXAMPLES = 3
# Companies of an example.
FEW = 3

Row = models.Company | models.Theme


@dataclass(frozen=True, slots=True)
class Example:
    """A comparison that is ready to be looked at, and why one would."""

    names: tuple[str, ...]
    why: str
    parameters: str


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """What is compared; with fewer than two, how to begin."""
    now = timezone.now()
    asked = comparing.read(request.META.get("QUERY_STRING", ""), today=timezone.localdate(now))
    typed = request.GET.get("add", "").strip()[:LONGEST].replace("\0", "")
    added = find(typed) if typed else None
    if added is not None and not asked.is_full:
        return redirect(f"{request.path}?{asked.with_row(added).parameters()}")
    context = {
        "asked": asked,
        "typed": typed if added is None else "",
        "is_too_many": asked.left_out > 0 or (added is not None and asked.is_full),
        "lengths": [
            (length, asked.over(length, timezone.localdate(now)).parameters()) for length in comparing.LENGTHS
        ],
        "steps": [(step, asked.in_steps(step).parameters()) for step in asked.possible_steps],
        "chips": [(subject, asked.without(subject).parameters()) for subject in asked.subjects],
    }
    if not asked.is_enough:
        context["examples"] = list(examples(request, asked))
        return render(request, "compare/start.html", context)
    return render(
        request, "compare/compare.html", {**context, "comparison": compare_reads.compare(asked, now=now)}
    )


@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """Companies and themes that begin with what is typed: htmx asks while the reader types."""
    typed = request.GET.get("add", "").strip()[:LONGEST].replace("\0", "")
    names: list[str] = []
    if typed:
        themes = models.Theme.objects.filter(name__istartswith=typed, enabled=True)[:MOST_OPTIONS]
        found = reads.suggestions(typed, most=MOST_OPTIONS)
        names = [*(theme.name for theme in themes), *(company.name for company in found)]
    return render(request, "compare/_options.html", {"names": names})


def find(typed: str) -> models.Company | models.Theme | None:
    """The theme or company of that name; else the company of that alias; else the first whose name begins so."""
    theme = models.Theme.objects.filter(name__iexact=typed).first()
    exact = theme or models.Company.objects.filter(name__iexact=typed, enabled=True).first()
    if exact is not None:
        return exact
    named = (
        reads.NAMES.filter(text__iexact=typed, company__enabled=True).select_related("company").order_by("pk")
    )
    alias = named.first()
    return alias.company if alias else reads.suggestions(typed, most=1).first()


def examples(request: HttpRequest, asked: comparing.Asked) -> Iterator[Example]:
    """Comparisons to begin with, of this newsroom's own watch list. At most six queries."""
    seen: set[frozenset[int]] = set()
    for why, rows in beginnings(request, asked):
        wanted = asked
        for row in rows:
            wanted = wanted.with_row(row)
        key = frozenset(hash(subject.row) for subject in wanted.subjects)
        if wanted.is_enough and key not in seen and len(seen) < EXAMPLES:
            seen.add(key)
            yield Example(tuple(subject.name for subject in wanted.subjects), why, wanted.parameters())


def beginnings(request: HttpRequest, asked: comparing.Asked) -> Iterator[tuple[str, Sequence[Row]]]:
    """What may be compared, or compared with what is there already, and why."""
    company = next((one.row for one in asked.subjects if isinstance(one.row, models.Company)), None)
    yield gettext("Named most lately"), compare_reads.named_lately(with_company=company)[:FEW]
    if company is not None:
        yield gettext("Its affiliates"), list(company.affiliates.filter(enabled=True)[:FEW])
        yield gettext("Of the same group"), compare_reads.siblings(company)[:FEW]
    yield (
        gettext("The newsroom’s themes"),
        list(models.Theme.objects.filter(enabled=True)[: comparing.MOST - 1]),
    )
    own = watches.of(reader.of(request).pk)
    yield (
        gettext("What you follow"),
        [row for watch in own if (row := watch.company or watch.theme) is not None],
    )


@require_safe
def numbers(request: HttpRequest) -> HttpResponseBase:
    """All numbers of a comparison as a CSV file, in articles and in stories."""
    now = timezone.now()
    asked = comparing.read(request.META.get("QUERY_STRING", ""), today=timezone.localdate(now))
    if not asked.is_enough:
        raise Http404(gettext("Name two companies or themes to compare."))
    made = compare_reads.table(asked, compare_reads.count(asked, now=now, both_units=True))
    response = StreamingHttpResponse(delimited.to_csv(made), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="newswatch-compare-{asked.until.isoformat()}.csv"'
    )
    return response
