"""The desk's forms for the watch list: what they refuse, and what they would make of it before anything is saved."""

import dataclasses
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import models, watchlist_store
from articles.tagging import difference, term_syntax, watchlist

# Days back that earlier articles are tagged again; None is all of them.
PERIODS: Mapping[str, int | None] = {"30": 30, "90": 90, "all": None}
PERIOD_NAMES = (
    ("30", _("of the last 30 days")),
    ("90", _("of the last 90 days")),
    ("all", _("all of them")),
    ("no", _("none for now")),
)
FACTS = ("kind", "ticker", "market", "country", "sector", "sport")


def form_text(text: str) -> str:
    """A name as it is looked for: composed, without spaces around it. Raises ValidationError."""
    found = unicodedata.normalize("NFC", " ".join(text.split()))
    if not any(char.isalnum() for char in found):
        raise ValidationError(gettext("It has no letters to look for."))
    if not found.isprintable():
        raise ValidationError(gettext("It holds characters that nobody can see."))
    return found


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A company without its aliases."""

    def clean_name(self) -> str:
        return form_text(self.cleaned_data["name"])

    def clean_parent(self) -> models.Company | None:
        parent: models.Company | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and is_above(self.instance.pk, parent):
            raise ValidationError(gettext("That company belongs to this one."))
        return parent


def is_above(pk: int, company: models.Company | None) -> bool:
    """Whether the company with this id is the other one, or its parent, or its parent's."""
    seen: set[int] = set()
    while company and company.pk not in seen:
        if company.pk == pk:
            return True
        seen.add(company.pk)
        company = company.parent
    return False


class AliasForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form in which texts name a company."""

    def clean_text(self) -> str:
        return form_text(self.cleaned_data["text"])


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A theme's term."""

    def clean_text(self) -> str:
        text = " ".join(str(self.cleaned_data["text"]).split())
        try:
            term_syntax.parse(text)
        except term_syntax.TermError as error:
            raise ValidationError(
                gettext("No text can hold this term: %(why)s") % {"why": str(error)}
            ) from error
        return text


def company_after(form: forms.ModelForm, formsets: Iterable[Any]) -> watchlist.Company | None:  # type: ignore[type-arg]
    """The company that valid forms would make; None if it is not to be recognised."""
    given = form.cleaned_data
    if not given["enabled"]:
        return None
    aliases = [
        watchlist.Alias(row["text"], row["kind"], row["ambiguous"], row["common"])
        for row in kept_rows(formsets)
    ]
    facts = {name: given[name] for name in FACTS}
    parent = given["parent"].name if given["parent"] else ""
    forms_of = watchlist_store.with_own_name(given["name"], aliases)
    return watchlist.Company(given["name"], forms_of, parent=parent, **facts)


def theme_after(form: forms.ModelForm, formsets: Iterable[Any]) -> watchlist.Theme | None:  # type: ignore[type-arg]
    """The theme that valid forms would make; None if it is not to be recognised."""
    given = form.cleaned_data
    if not given["enabled"]:
        return None
    terms = [
        watchlist.Term(row["text"], row["weight"], row["exclude"], row.get("subtheme", ""))
        for row in kept_rows(formsets)
    ]
    companies = tuple(sorted(company.name for company in given["companies"]))
    return watchlist.Theme(given["name"], tuple(terms), companies, given["threshold"])


def kept_rows(formsets: Iterable[Any]) -> Sequence[Mapping[str, Any]]:
    """The inlines' rows that are filled in and not to be deleted."""
    rows = [form.cleaned_data for formset in formsets for form in formset.forms]
    return [row for row in rows if row.get("text") and not row.get("DELETE")]


def edit(
    before: watchlist.Company | watchlist.Theme | None, after: watchlist.Company | watchlist.Theme | None
) -> difference.Edit | None:
    """The edit between two values, if they differ. What is renamed keeps its name, so that its tags are known as its.

    The new name is among its forms.
    """
    if before == after:
        return None
    if isinstance(before or after, watchlist.Theme):
        old, new = _theme(before), _theme(after)
        return difference.ThemeEdit(old, dataclasses.replace(new, name=old.name) if old and new else new)
    return difference.CompanyEdit(_company(before), _keeping_name(_company(before), _company(after)))


def _keeping_name(
    before: watchlist.Company | None, after: watchlist.Company | None
) -> watchlist.Company | None:
    if not before or not after or before.name == after.name:
        return after
    return dataclasses.replace(after, name=before.name)


def _company(value: watchlist.Company | watchlist.Theme | None) -> watchlist.Company | None:
    return value if isinstance(value, watchlist.Company) else None


def _theme(value: watchlist.Company | watchlist.Theme | None) -> watchlist.Theme | None:
    return value if isinstance(value, watchlist.Theme) else None


def problems(form: forms.ModelForm, formsets: Iterable[Any]) -> list[str]:  # type: ignore[type-arg]
    """What is wrong with forms, in sentences that name the field."""
    found = list(_told(form))
    for formset in formsets:
        found += [str(error) for error in formset.non_form_errors()]
        for row in formset.forms:
            name = row.data.get(row.add_prefix("text"), "")
            found += [f"{name}: {told}" if name else told for told in _told(row)]
    return found


def _told(form: Any) -> Iterable[str]:
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        yield from (f"{label}: {error}" if label else str(error) for error in errors)
