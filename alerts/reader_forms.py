"""The forms of an alert's readers: an address to add, a webhook to add."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import models


class RecipientForm(forms.Form):
    """Somebody who is to get an alert's mails."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    mode = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[("", _("as the alert says")), *models.alert.Mode.choices],
    )


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address to be called; of HTTP or HTTPS."""

    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")

    class Meta:
        model = models.Webhook
        fields = ("url", "form")
        labels: ClassVar = {"form": _("Form")}

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if not url.startswith(("https://", "http://")):
            raise forms.ValidationError(
                gettext("Only http and https addresses can be called."), code="scheme"
            )
        return url
