"""The ledger's look-up, for the staff."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import ledger


@permission_required("articles.view_appearance", raise_exception=True)
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """What became of an entry, by its address, id or title."""
    wanted = request.GET.get("q", "").strip()[: ledger.LONGEST]
    found = ledger.look_up(wanted)
    entries = [(entry, ledger.sentence(entry)) for entry in found.entries]
    context = {"wanted": wanted, "entries": entries, "sources": found.sources, "most": ledger.MOST}
    return render(request, "sources/ledger.html", context)
