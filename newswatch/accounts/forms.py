"""A person's own settings."""

import functools
import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from newswatch import selects
from newswatch.accounts import models

# First in the list: those that the newsroom's people are likely to be in.
NEAR = (
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "UTC",
)


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=selects.PlainSelect)
    digest_hour = forms.TypedChoiceField(
        label=_("Hour of digests"),
        widget=selects.PlainSelect,
        coerce=int,
        required=False,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )

    class Meta:
        model = models.User
        fields = (
            "language",
            "time_zone",
            "appearance",
            "density",
            "digest_hour",
            "uses_shortcuts",
            "gets_notices",
        )
        widgets: ClassVar = {
            "appearance": forms.RadioSelect,
            "density": forms.RadioSelect,
            "language": forms.RadioSelect,
        }
        labels: ClassVar = {
            "language": _("Language"),
            "appearance": _("Appearance"),
            "density": _("Lists"),
            "uses_shortcuts": _("Single keys do something"),
            "gets_notices": _("Mail me when sources fail or fall silent"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones()  # type: ignore[attr-defined]
        if not self.instance.is_staff:
            del self.fields["gets_notices"]
        # A form that was sent without it leaves it as it is.
        self.fields["density"].required = False
        for name in ("language", "appearance", "density"):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                choice
                for choice in self.fields[name].choices  # type: ignore[attr-defined]
                if choice[0]
            ]


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones to choose from, in two groups."""
    return [
        (str(_("Near")), [(name, name) for name in NEAR]),
        (str(_("All")), [(name, name.replace("_", " ")) for name in others()]),
    ]


@functools.cache
def others() -> list[str]:
    """The time zones of places, besides those that are near; to list them all is to look through a folder."""
    known = zoneinfo.available_timezones() - {*NEAR}
    return sorted(name for name in known if "/" in name and not name.startswith("Etc/"))
