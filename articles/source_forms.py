"""The forms of the pages about sources."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from articles import models
from articles.feeds import opml

ZONES = (
    "Asia/Seoul",
    "UTC",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
LANGUAGES = [("", _("Told by each article")), ("ko", _("Korean")), ("en", _("English"))]


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A source as an editor sets it up: an outlet that is there, or the name of a new one."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    new_outlet = forms.CharField(label=_("Name of a new outlet"), max_length=200, required=False)

    class Meta:
        model = models.Source
        fields = (
            "url",
            "kind",
            "selector",
            "title",
            "outlet",
            "group",
            "language",
            "time_zone",
            "fetch_pages",
            "poll_interval",
        )
        widgets: ClassVar = {
            "url": forms.HiddenInput,
            "kind": forms.HiddenInput,
            "selector": forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
            "group": forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
            "time_zone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        }
        labels: ClassVar = {
            "title": _("Title"),
            "outlet": _("Outlet"),
            "group": _("Group"),
            "time_zone": _("Time zone"),
            "fetch_pages": _("Fetch the pages"),
            "poll_interval": _("Seconds between polls"),
            "selector": _("Selector of the links"),
        }
        help_texts: ClassVar = {"time_zone": _("Of times that name none.")}
        error_messages: ClassVar = {
            "url": {"unique": _("There is a source with this address already.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outlet: Any = self.fields["outlet"]
        outlet.required = False
        outlet.empty_label = gettext("A new one:")
        for name, field in self.fields.items():
            if name != "fetch_pages":
                style = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
                field.widget.attrs.setdefault("class", style)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("outlet"):
            data["new_outlet"] = ""
        elif not data.get("new_outlet"):
            self.add_error("new_outlet", gettext("Choose an outlet, or name a new one."))
        if data.get("kind") == models.Source.Kind.LISTING and not data.get("selector"):
            if "selector" not in self.errors:
                self.add_error("selector", gettext("Say which links of the page are articles."))
        elif data.get("kind") == models.Source.Kind.FEED:
            data["selector"] = ""
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # A new outlet has no number before it is saved.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"outlet"}


class ImportForm(forms.Form):
    """A file of another reader."""

    file = forms.FileField(
        label=_("OPML file"),
        widget=forms.FileInput(attrs={"accept": ".opml,.xml,text/x-opml,text/xml,application/xml"}),
    )

    def clean_file(self) -> tuple[opml.Outline, ...]:
        """The outlines of the file."""
        file = self.cleaned_data["file"]
        try:
            return opml.parse_opml(file.read(opml.LARGEST + 1))
        except opml.UnreadableOpml as error:
            raise forms.ValidationError(
                _("This file can’t be read: %(why)s."), params={"why": str(error)}
            ) from error


KEEP = [("", _("leave as it is"))]
YES_OR_NO = [("yes", _("yes")), ("no", _("no"))]


class BulkForm(forms.Form):
    """What to set on many sources at once; what is not chosen stays as it is on each."""

    set_group = forms.BooleanField(label=_("Change the group"), required=False, widget=UnfoldBooleanWidget)
    group = forms.CharField(
        label=_("Group"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"list": "groups", "autocomplete": "off"}),
    )
    set_interval = forms.BooleanField(
        label=_("Change the interval"), required=False, widget=UnfoldBooleanWidget
    )
    poll_interval = forms.IntegerField(
        label=_("Seconds between polls"),
        min_value=5,
        max_value=86_400,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Empty: as often as the source publishes."),
    )
    fetch_pages = forms.ChoiceField(
        label=_("Fetch the pages"), choices=KEEP + YES_OR_NO, required=False, widget=UnfoldAdminSelectWidget
    )
    enabled = forms.ChoiceField(
        label=_("Switched on"), choices=KEEP + YES_OR_NO, required=False, widget=UnfoldAdminSelectWidget
    )

    def changes(self) -> dict[str, Any]:
        """The fields to set and their values."""
        data = self.cleaned_data
        found = {name: data[name] == "yes" for name in ("fetch_pages", "enabled") if data[name]}
        found |= {"group": data["group"]} if data["set_group"] else {}
        return found | ({"poll_interval": data["poll_interval"]} if data["set_interval"] else {})
