"""The alert form: a name and a query that can be read; when it tells whom folds away."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import models, recipients, words
from articles import saved_searches
from articles.search import query, saved
from newswatch.accounts import roles
from newswatch.accounts.models import User

POLICY = (
    *("kind", "mode", "at_hour", "weekday", "working_days_only", "quiet_from", "quiet_until"),
    *("least_outlets", "tell_updates", "priority", "tell_owner", "team"),
)


class AlertForm(forms.ModelForm):  # type: ignore[type-arg]
    """`problem` is the query's error, if it has one, so that the page can point at the character.

    `others` are e-mail addresses, in small letters, of whoever else gets the mails; `person` is the alert's owner.
    """

    query = forms.CharField(
        label=_("Query"),
        max_length=query.MOST_CHARACTERS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_(
            'Words that must all be there; OR, -not, "a phrase", (groups), company:LG화학, theme:Bio, title:배터리.'
        ),
    )
    at_hour = forms.TypedChoiceField(
        label=_("At"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)]
    )
    others = forms.CharField(
        label=_("Others who get the mails"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_(
            "E-mail addresses, parted by commas or lines. Who has no account here is asked first whether she agrees."
        ),
    )

    class Meta:
        model = models.Alert
        fields = ("name", "query", *POLICY)
        labels: ClassVar = {
            "kind": _("Tell me of"),
            "mode": _("How often"),
            "weekday": _("Day of the week"),
            "working_days_only": _("On working days only"),
            "quiet_from": _("Quiet from"),
            "quiet_until": _("until"),
            "least_outlets": _("Outlets at least"),
            "tell_updates": _("Tell me again when a story has something new"),
            "priority": _("Priority"),
            "tell_owner": _("Mail it to me"),
            "team": _("Team that sees it"),
        }
        help_texts: ClassVar = {
            "name": _("It stands in the mail’s subject."),
            "kind": _(
                "“More than usual” compares with the same weekday of earlier weeks, holidays left out."
            ),
            "working_days_only": _("What matches on other days comes on the next one."),
            "quiet_from": _("What matches meanwhile comes at the end. Urgent alerts come all the same."),
            "least_outlets": _("A story is told when so many outlets tell it."),
            "tell_updates": _(
                "A correction, a new fact, or many more outlets. Otherwise a story comes once."
            ),
            "priority": _("Urgent mails come in quiet hours too."),
        }
        widgets: ClassVar = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "least_outlets": forms.NumberInput(attrs={"min": 1, "max": 50}),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problem: query.QueryError | None = None
        self.person = person
        if self.instance.pk is None:
            self.instance.at_hour = self.initial["at_hour"] = person.digest_hour
        # A form that was sent without a field (a short one, or a link) leaves it as it is.
        for name in POLICY:
            self.fields[name].required = False
        teams = person.groups.exclude(name=roles.EDITORS)
        if teams.exists():
            self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        else:
            del self.fields["team"]
        if self.instance.pk and not self.is_bound:
            self.initial["others"] = "\n".join(map(address_of, recipients_of(self.instance)))

    def clean_query(self) -> str:
        """The query in its canonical form."""
        text = str(self.cleaned_data["query"])
        try:
            tree = query.parse_query(text)
            if saved.names(tree):
                saved.expand(tree, saved_searches.texts_of(self.person))
            return query.canonical(tree)
        except query.QueryError as error:
            self.problem = error
            raise ValidationError(gettext("This query can’t be read."), code="query") from error

    def clean_others(self) -> tuple[str, ...]:
        """The addresses, each once; the owner's own is no other's."""
        found = dict.fromkeys(re.split(r"[\s,;]+", str(self.cleaned_data["others"]).lower().strip()))
        found.pop("", None)
        found.pop(self.person.email.lower(), None)
        for address in found:
            try:
                validate_email(address)
            except ValidationError as error:
                message = gettext("“%(text)s” is no e-mail address.") % {"text": address}
                raise ValidationError(message) from error
        if len(found) > recipients.MOST_RECIPIENTS:
            raise ValidationError(
                gettext("These are more than %(most)s.") % {"most": recipients.MOST_RECIPIENTS}
            )
        return tuple(found)

    def clean_least_outlets(self) -> int:
        """At least one, whatever was typed or not."""
        return max(1, self.cleaned_data["least_outlets"] or 1)

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if "quiet_from" not in self.errors and "quiet_until" not in self.errors:
            if (begin is None) != (end is None):
                self.add_error("quiet_until", gettext("Quiet hours need both ends, or none."))
            elif begin is not None and begin == end:
                self.add_error("quiet_until", gettext("These are the same; quiet hours need two ends."))
        return cleaned

    def policy(self) -> dict[str, Any]:
        """The alert's settings besides its name and query, those that were sent."""
        sent = self.data
        # A box that is not ticked is not sent either; the form says of itself that it has them all.
        is_whole = "whole" in sent
        return {
            name: self.cleaned_data[name]
            for name in POLICY
            if name in self.cleaned_data
            and (is_whole or name in sent)
            and (self.cleaned_data[name] not in ("", None) or name in ("quiet_from", "quiet_until", "team"))
        }

    def when_words(self) -> str:
        """When mails come, in one line, as the form is now."""
        return words.when(self.present())

    def whom_words(self) -> str:
        """Who gets them, in one line, as the form is now."""
        return words.to_whom(self.present())

    def present(self) -> dict[str, Any]:
        """The values that the form shows, as far as they can be read."""
        values: dict[str, Any] = {}
        for name in (*POLICY, "others"):
            if name not in self.fields:
                continue
            try:
                values[name] = self.fields[name].clean(self[name].value())
            except ValidationError:
                values[name] = None
        typed = str(self["others"].value() or "")
        values["recipients"] = len({one for one in re.split(r"[\s,;]+", typed.lower()) if one})
        values["webhooks"] = self.instance.webhooks.count() if self.instance.pk else 0
        return values


def recipients_of(alert: models.Alert) -> list[models.AlertRecipient]:
    """Who else gets an alert's mails. One query."""
    return list(alert.recipients.select_related("user", "address").order_by("pk"))


def address_of(row: models.AlertRecipient) -> str:
    """A recipient's address in small letters."""
    return row.user.email.lower() if row.user else str(row.address)


def instead(given: QueryDict) -> QueryDict:
    """What was sent, with the query that a button puts in place of the typed one."""
    if "instead" not in given:
        return given
    changed = given.copy()
    changed["query"] = str(given["instead"])
    return changed
