"""Editors part, move and join stories: first what will happen is told, then it is done, and it can be undone."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from articles import models, reads, story_edits, story_reads
from articles.views import stories
from newswatch import undo as undoing
from newswatch.accounts.models import User

may_change = permission_required("articles.change_story", raise_exception=True)
# The value of `to` that stands for a story of its own.
NEW = "new"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for: an article to be moved, or None for the whole story; and where to.

    `into` is None while that is not chosen, and for a new story (`is_new`).
    """

    article: models.Article | None
    into: models.Story | None
    is_new: bool

    @property
    def is_chosen(self) -> bool:
        """Whether it can be done."""
        return self.into is not None or (self.is_new and self.article is not None)


@may_change
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose where an article or a story goes, see what will happen, and have it done."""
    story = stories.find(pk)
    if story.merged_into_id:
        return redirect("articles:story", pk=story.merged_into_id)
    wish = read_wish(story, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and wish.is_chosen:
        return carry_out(request, story, wish)
    typed = request.GET.get("q", "")[:200].replace("\0", "")
    title = str(wish.article or story.headline or "")
    context = {
        "story": story,
        "wish": wish,
        "typed": typed,
        "left": story.article_count - 1,
        "candidates": () if wish.is_chosen else story_reads.candidates(story, typed, title),
    }
    return render(request, "stories/edit.html", context)


def read_wish(story: models.Story, given: QueryDict) -> Wish:
    """What the parameters ask for. Raises Http404 for an article that is not in the story, or no such target."""
    article, number = None, given.get("article", "")
    if number:
        article = story_reads.article_of(story, reads.parse_number(number) or 0)
        if article is None:
            raise Http404(gettext("The article is not in this story (any more)."))
    to = given.get("to", "")
    into = stories.find(reads.parse_number(to) or 0) if to and to != NEW else None
    return Wish(article, into, is_new=to == NEW)


def carry_out(request: HttpRequest, story: models.Story, wish: Wish) -> HttpResponse:
    """Do it, say so with a way back, and show where things are now."""
    user, now = cast(User, request.user), timezone.now()
    try:
        if wish.article:
            made = story_edits.move(wish.article, to=wish.into, by=user, now=now)
        else:
            made = story_edits.merge(story, cast(models.Story, wish.into), by=user, now=now)
    except story_edits.EditError as error:
        messages.error(request, str(error))
        return redirect("articles:story", pk=story.pk)
    if not wish.article:
        text = gettext("The stories are merged.")
    elif wish.is_new:
        text = gettext("The article has a story of its own now.")
    else:
        text = gettext("The article is moved.")
    undoing.say(request, text, undoing.Form(reverse("articles:story-undo", args=[made.pk])))
    return redirect("articles:story", pk=made.into_id)


@may_change
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an edit back."""
    edit = get_object_or_404(models.StoryEdit, pk=pk)
    try:
        made = story_edits.undo(edit, by=cast(User, request.user), now=timezone.now())
    except story_edits.EditError as error:
        messages.error(request, str(error))
        return redirect("articles:story", pk=edit.into_id)
    messages.success(request, gettext("It is undone."))
    return redirect("articles:story", pk=made.into_id)
