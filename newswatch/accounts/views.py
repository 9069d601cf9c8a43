"""Logging in and a person's own settings."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from newswatch.accounts import demo, forms, reader


@method_decorator(login_not_required, name="dispatch")
class LoginView(views.LoginView):
    """The log-in page; in the demo it offers the demo's people."""

    template_name = "account/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = demo.PEOPLE if settings.ENVIRONMENT == "demo" else ()
        return super().get_context_data(demo_people=people, **kwargs)


class PasswordView(views.PasswordChangeView):
    """Change one's own password."""

    template_name = "account/password.html"
    success_url = reverse_lazy("account:settings")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, gettext_lazy("Your password is changed."))
        return super().form_valid(form)


@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """Language, time zone, looks, and what keys and mails do; with scripts each choice is saved as it is made."""
    person = reader.of(request)
    form = forms.SettingsForm(request.POST or None, instance=person)
    if request.headers.get("HX-Request") == "true" and request.method == "POST":
        return save_at_once(request, form)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, gettext("Your settings are saved."))
        return redirect("account:settings")
    if form.errors:
        # The form has written its values into the person that the page is drawn for.
        person.refresh_from_db()
    return render(request, "account/settings.html", {"form": form})


def save_at_once(request: HttpRequest, form: forms.SettingsForm) -> HttpResponse:
    """Save one choice. The page is told what it can change by itself, or is loaded anew for another language."""
    if not form.is_valid():
        messages.error(request, gettext("This could not be saved."))
        return render(request, "includes/toasts.html", {"swapped": True})
    form.save()
    if {"language", "time_zone"} & set(form.changed_data):
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, gettext("Your settings are saved."))
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    person = form.instance
    looks = {
        "appearance": person.appearance,
        "compact": person.density == person.Density.COMPACT,
        "keys": person.uses_shortcuts,
    }
    messages.success(request, gettext("Your settings are saved."))
    response = render(request, "includes/toasts.html", {"swapped": True})
    return trigger_client_event(response, "looks", looks)
