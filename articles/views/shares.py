"""Share an article or a story with a colleague."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from articles import models, reads, shares, story_reads
from newswatch import undo
from newswatch.accounts import reader
from newswatch.accounts.models import User


class ShareForm(forms.Form):
    """To whom, which sentence of the article, and a note."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Colleague"), queryset=User.objects.none(), empty_label=None
    )
    sentence = forms.CharField(
        label=gettext_lazy("Sentence of the article"),
        required=False,
        max_length=models.share.LONGEST_SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control form-control-sm"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Your note"),
        required=False,
        max_length=models.share.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control form-control-sm"}),
    )

    def __init__(
        self, person: User, what: shares.Shared, data: QueryDict | None = None, *, sentence: str = ""
    ) -> None:
        super().__init__(data, auto_id="share-%s", initial={"sentence": sentence})
        self.what = what
        people = shares.colleagues(person)
        field = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people])  # type: ignore[attr-defined]
        field.choices = [(one.pk, shares.name_of(one)) for one in people]  # type: ignore[attr-defined]
        field.widget.attrs["class"] = "form-select form-select-sm"
        self.has_colleagues = bool(people)
        if what.story is not None:
            del self.fields["sentence"]

    def clean_sentence(self) -> str:
        """Only what the article says goes out under its name."""
        said = " ".join(self.cleaned_data["sentence"].replace("\0", "").split())
        if not shares.is_said(said, self.what.article):
            raise forms.ValidationError(gettext("The article does not say this. Copy the sentence from it."))
        return said


def form_of(person: User, what: shares.Shared, *, sentence: str = "") -> ShareForm:
    """The form as the page shows it first. One query."""
    return ShareForm(person, what, sentence=sentence)


@require_POST
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Share an article."""
    found = reads.article(pk)
    if found is None:
        raise Http404(gettext("There is no such article."))
    return give(request, shares.Shared(found))


@require_POST
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """Share a story."""
    found = story_reads.story(pk)
    if found is None or found.headline is None or not found.article_count:
        raise Http404(gettext("There is no such story."))
    return give(request, shares.Shared(found.headline, found))


def give(request: HttpRequest, what: shares.Shared) -> HttpResponse:
    """Share it if the form is right; htmx gets the form anew, others go back to the page."""
    person = reader.of(request)
    form = ShareForm(person, what, request.POST)
    if form.is_valid() and told(request, person, form):
        form = form_of(person, what)
    elif form.errors:
        messages.error(request, gettext("This was not shared."))
    if request.headers.get("HX-Request") != "true":
        return redirect(what.path)
    context = {"share_form": form, "shared": what, "is_fragment": True}
    response = render(request, "shares/_form.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def told(request: HttpRequest, person: User, form: ShareForm) -> bool:
    """Store it and say so, or say that it is too much for now."""
    given = form.cleaned_data
    try:
        made = shares.share(
            person,
            given["to"],
            form.what,
            sentence=given.get("sentence", ""),
            note=given["note"].replace("\0", "").strip(),
            now=timezone.now(),
        )
    except shares.TooManyError:
        messages.error(request, gettext("You have shared a lot in the last hour. Try again a little later."))
        return False
    said = gettext("Shared with %(name)s.") % {"name": shares.name_of(given["to"])}
    undo.say(request, said, undo.Form(reverse("articles:share-undo", args=[made.pk]), {}))
    return True


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a share of the reader's, unless its recipient has seen it; then back to what it was about."""
    own = models.Share.objects.select_related("recipient", "article", "story__headline")
    share = get_object_or_404(own, pk=pk, sender=reader.of(request))
    name, about = {"name": shares.name_of(share.recipient)}, shares.what(share)
    try:
        has_mail = shares.take_back(share)
    except shares.SeenError:
        messages.error(request, gettext("%(name)s has seen it already: it stays shared.") % name)
    else:
        said = (
            gettext("It is not shared any more, but %(name)s got the mail about it.")
            if has_mail
            else gettext("It is not shared any more; %(name)s got no mail about it.")
        )
        messages.success(request, said % name)
    return redirect(about.path if about else "articles:today")


def seen_by(request: HttpRequest, given: list[models.Share]) -> list[models.Share]:
    """What a page shows of what was shared with its reader, noted as seen if somebody looks at the page."""
    if reader.is_looking(request):
        shares.seen(given, now=timezone.now())
    return given
