"""What a reader presses beside an article: read or unread, the star, her note."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import marks, models, reads
from newswatch import back, undo
from newswatch.accounts import reader

LIST, PAGE = "list", "page"


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the pressed button says; htmx gets the buttons anew, others go back to where they were."""
    article, story = find(pk), story_of(request, pk)
    done = press(request, article, story)
    if "undo" not in request.POST:
        text, fields = done
        undo.say(request, text, undo.Form(request.path, fields | kept(request), f"#marks-{pk}"))
    if request.headers.get("HX-Request") == "true":
        return buttons(request, article, story)
    return redirect(back.asked(request, reverse("articles:article", args=[pk])))


@require_safe
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a note, in the place where a list shows it; without htmx it stands on the article's page."""
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('articles:article', args=[pk])}#note")
    article = find(pk)
    context = {"article": article, "story": story_of(request, pk), "shown": shown(request, article, None)}
    return render(request, "marks/_note_form.html", context)


def press(
    request: HttpRequest, article: models.Article, story: models.Story | None
) -> tuple[str, dict[str, str]]:
    """Write what a button says; returns what was done, in words, and what undoes it.

    Raises Http404 for a button that there is none of.
    """
    who = reader.of(request).pk
    match request.POST.get("do"):
        case ("read" | "unread") as done:
            return press_read(request, who, article, story, is_read=done == "read")
        case ("star" | "unstar") as done:
            marks.star(who, article.pk, at=timezone.now() if done == "star" else None)
            if done == "star":
                return gettext("Starred."), {"do": "unstar"}
            return gettext("The star is taken away."), {"do": "star"}
        case "note":
            before = shown(request, article, None).note
            text = request.POST.get("note", "").replace("\0", "").replace("\r\n", "\n").strip()
            marks.write_note(who, article.pk, text)
            said = gettext("Your note is saved.") if text else gettext("Your note is taken away.")
            return said, {"do": "note", "note": before}
    raise Http404


def press_read(
    request: HttpRequest, who: int, article: models.Article, story: models.Story | None, *, is_read: bool
) -> tuple[str, dict[str, str]]:
    """Mark an article, or all of its story, as read or unread; returns what was done, and what undoes it."""
    now = timezone.now()
    match story, is_read:
        case None, True:
            marks.read(who, article.pk, now=now)
            return gettext("Marked as read."), {"do": "unread"}
        case None, False:
            marks.unread(who, article.pk)
            return gettext("Marked as unread."), {"do": "read"}
        case models.Story(pk=pk), True:
            marks.read_story(who, pk, now=now)
            return gettext("The whole story is marked as read."), {"do": "unread", "at": now.isoformat()}
        case models.Story(pk=pk), _:
            marks.unread_story(who, pk, read_at=moment(request.POST.get("at", "")))
    return gettext("The whole story is marked as unread."), {"do": "read"}


def moment(text: str) -> datetime.datetime | None:
    """The time that a form names; None if it names none."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def kept(request: HttpRequest) -> dict[str, str]:
    """What says where a button was pressed, for the one that undoes it."""
    names = ("place", "story", "next")
    return {"undo": "1"} | {name: request.POST[name] for name in names if name in request.POST}


def buttons(request: HttpRequest, article: models.Article, story: models.Story | None) -> HttpResponse:
    """The buttons as they are now, for the list or the page they were pressed on."""
    template = "marks/_page.html" if request.POST.get("place") == PAGE else "marks/_row.html"
    context = {
        "article": article,
        "story": story,
        "shown": shown(request, article, story),
        "next": request.POST.get("next", ""),
        "with_note": True,
    }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def shown(request: HttpRequest, article: models.Article, story: models.Story | None) -> marks.Shown:
    """The reader's marks as stored. At most two queries."""
    who = reader.of(request).pk
    found = marks.on_articles(who, [article])
    if story is not None:
        number = models.Mark.objects.filter(reader=who, read_at__isnull=False, article__story=story).count()
        found = marks.Marks(found.articles, {story.pk: number})
    return found.on(article, story)


def find(pk: int) -> models.Article:
    """The article, if it is to be seen. Raises Http404."""
    found = models.Article.objects.ready().only("pk", "title", "story").filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("There is no such article."))
    return found


def story_of(request: HttpRequest, pk: int) -> models.Story | None:
    """The story whose line the article stands in, if it is one of several articles. Raises Http404 for another's."""
    given = request.POST.get("story") or request.GET.get("story")
    if not given:
        return None
    number = reads.parse_number(given)
    found = models.Story.objects.filter(pk=number or 0, articles=pk).first()
    if found is None:
        raise Http404(gettext("There is no such story."))
    return found
