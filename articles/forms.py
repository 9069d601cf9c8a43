"""The forms of the news pages: what an address asks for, checked."""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import validators
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles import filters, models
from articles.search.context import Context
from newswatch import selects

# A longer one makes an address that servers refuse.
LONGEST_QUERY = 1000
# Wide enough for any news, and far from where date arithmetic overflows.
DAYS = (
    validators.MinValueValidator(datetime.date(1900, 1, 1)),
    validators.MaxValueValidator(datetime.date(2200, 1, 1)),
)


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimelineForm(forms.Form):
    """The timeline's filters. A value that makes no sense is named and left out; the rest counts."""

    q = forms.CharField(label=_("Search"), required=False, max_length=LONGEST_QUERY)
    company = forms.ModelMultipleChoiceField(
        models.Company.objects.all(), label=_("Companies"), required=False
    )
    # A name typed by the reader; it becomes one of `company`.
    add = forms.CharField(label=_("Add a company"), required=False, max_length=200)
    theme = forms.ModelMultipleChoiceField(
        models.Theme.objects.all(), label=_("Themes"), required=False, to_field_name="name"
    )
    # A part of the themes.
    part = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    # The number of one of the reader's own.
    search = forms.CharField(label=_("Saved search"), required=False, max_length=20, widget=forms.HiddenInput)
    outlet = forms.ModelChoiceField(
        models.Outlet.objects.only("name"),
        label=_("Outlet"),
        required=False,
        empty_label=_("All outlets"),
        widget=selects.PlainSelect,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("All languages")), ("ko", _("Korean")), ("en", _("English")), ("other", _("Other"))],
        widget=selects.PlainSelect,
    )
    since = forms.DateField(label=_("From"), required=False, validators=DAYS, widget=DateInput)
    until = forms.DateField(label=_("To"), required=False, validators=DAYS, widget=DateInput)
    # Narrows nothing: what stands on a line.
    by = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, searches: Sequence[models.SavedSearch] = ()) -> None:
        """`searches` are the reader's own: another's is as one that is not there."""
        super().__init__(_without_empty(data))
        self.searches = {str(search.pk): search for search in searches}

    def outlets(self) -> tuple[tuple[object, str], ...]:
        """The outlets that are offered, with all of them first. One query, and none when the field is drawn then."""
        found = models.Outlet.objects.values_list("pk", "name")
        offered = (("", str(_("All outlets"))), *found)
        self.fields["outlet"].widget.choices = offered
        return offered

    def clean_q(self) -> str:
        # PostgreSQL refuses NUL; the form field does too, but says so less clearly.
        return str(self.cleaned_data["q"]).strip()

    def clean_search(self) -> models.SavedSearch | None:
        number = str(self.cleaned_data["search"])
        if number and number not in self.searches:
            raise forms.ValidationError(_("You have no such saved search."), code="unknown")
        return self.searches.get(number)

    def clean_add(self) -> models.Company | None:
        name = str(self.cleaned_data["add"]).strip()
        if not name:
            return None
        company = find_company(name)
        if company is None:
            raise forms.ValidationError(
                _("No company called “%(name)s” is on the watch list."), params={"name": name}, code="unknown"
            )
        return company

    def filters(self, context: Context | None = None) -> filters.Filters:
        """What the valid fields ask for; `context` is the query's, without the saved searches."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        companies = list(data.get("company") or ())
        if (added := data.get("add")) and added not in companies:
            companies.append(added)
        since, until = _in_order(data.get("since"), data.get("until"))
        texts = {search.name: search.query for search in self.searches.values()}
        return filters.Filters(
            query=data.get("q") or "",
            companies=tuple(companies),
            saved=data.get("search"),
            themes=tuple(data.get("theme") or ()),
            subtheme=(data.get("part") or "") if data.get("theme") else "",
            outlet=data.get("outlet"),
            language=data.get("language") or "",
            since=since,
            until=until,
            by_article=data.get("by") == filters.BY_ARTICLE,
            context=dataclasses.replace(context or Context(), saved=texts),
        )


def _without_empty(data: QueryDict) -> QueryDict:
    """The parameters that have a value: a form sends its empty fields, too."""
    filled = QueryDict(mutable=True)
    for name, values in data.lists():
        filled.setlist(name, [value for value in values if value])
    return filled


def find_company(name: str) -> models.Company | None:
    """The company of that name, alias or ticker; else the first whose name begins so."""
    companies = models.Company.objects
    exact = companies.filter(Q(name__iexact=name) | Q(ticker=name) | Q(aliases__text__iexact=name))
    return exact.distinct().first() or companies.filter(name__istartswith=name).first()


def _in_order(
    since: datetime.date | None, until: datetime.date | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """Both days, swapped if the reader gave them the wrong way round."""
    if since and until and since > until:
        return until, since
    return since, until
