"""A story: its page, its articles inside a list, and what came to a list since it was shown."""

import dataclasses

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import forms, marks, models, reads, saved_searches, shares, story_reads, story_words
from articles.search import query
from articles.views import shares as share_views
from newswatch.accounts import reader


@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """The story's coverage in order and what each article adds; a merged one leads to where it went."""
    found = find(pk)
    if found.merged_into_id:
        return redirect("articles:story", pk=found.merged_into_id)
    coverage = story_reads.coverage(found)
    companies, themes = story_reads.tags(found)
    # It is missing for a moment when its article was deleted.
    headline = found.headline or coverage.entries[0].article
    begin = reads.parse_number(request.GET.get("entry", "")) or 0
    entries = coverage.entries[begin : begin + story_reads.COVERAGE_SIZE]
    end = begin + len(entries)
    context = {
        "story": found,
        "headline": headline,
        "why_headline": story_words.headline(found),
        "coverage": coverage,
        "entries": entries,
        "goes_on": begin > 0,
        "later": end if entries and end < len(coverage.entries) else None,
        "left": len(coverage.entries) - end,
        "companies": companies,
        "themes": themes,
        "marks": marks.on_articles(reader.of(request).pk, (entry.article for entry in entries)),
        "shared": (what := shares.Shared(headline, found)),
        "share_form": share_views.form_of(reader.of(request), what),
        "given": share_views.seen_by(request, shares.given_to_story(reader.of(request), found)),
        "edits": story_reads.edits(found) if request.user.has_perm("articles.change_story") else (),
    }
    return render(request, "stories/story.html", context)


@require_safe
def articles(request: HttpRequest, pk: int) -> HttpResponse:
    """The story's articles under its line in a list: htmx asks when the reader unfolds it."""
    found = find(pk)
    if found.merged_into_id:
        return redirect("articles:story-articles", pk=found.merged_into_id)
    members = story_reads.members(found)
    shown = sum(1 + len(copies) for _, copies in members)
    context = {"story": found, "members": members, "hidden": max(0, found.article_count - shown)}
    return render(request, "stories/_articles.html", context)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What came to a list since it was shown, and the lines that changed: htmx asks every now and then.

    Answers 204 where nothing came, which leaves the page as it is.
    """
    since, swapped = (reads.parse_number(request.GET.get(name, "")) for name in ("since", "swapped"))
    now = timezone.now()
    asked = request.GET.get("q", "").replace("\0", " ").strip()
    form = forms.TimelineForm(request.GET, saved_searches.of(reader.of(request)))
    context = saved_searches.context(reader.of(request), now=now)
    wanted = dataclasses.replace(form.filters(context), query=asked, by_article=False)
    if since is None or swapped is None:
        return HttpResponse(status=204)
    try:
        came = story_reads.news(wanted, now=now, since=since, swapped=swapped)
        if came.seen <= swapped:
            return HttpResponse(status=204)
        lines = story_reads.lines(wanted, came.stale, now=now)
    except query.QueryError:
        return HttpResponse(status=204)
    shown = {
        "news": came,
        "lines": lines,
        "marks": marks.on_lines(reader.of(request).pk, lines),
        "since": since,
        "parameters": wanted.parameters(),
    }
    return render(request, "stories/_fresh.html", shown)


def find(pk: int) -> models.Story:
    """A story that has articles or was merged into one that has. Raises Http404."""
    found = story_reads.story(pk)
    if found is None or not (found.article_count or found.merged_into_id):
        raise Http404(gettext("There is no such story."))
    return found
