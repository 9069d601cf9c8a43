"""Pages about who is told of an alert: its recipients and webhooks, and the link that confirms an address.

Only an alert's owner changes them; a recipient may take herself off. Nobody else sees that the alert exists.
"""

import logging
import smtplib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts import addresses, models, reader_forms, recipients, webhooks
from newswatch import limits
from newswatch.accounts import reader

log = logging.getLogger(__name__)

# Mails that ask an address, and test calls, that one person may cause in an hour.
MOST_ASKED, MOST_TESTS, SPAN_S = 30, 30, 3600
MOST_WEBHOOKS = 10


@require_safe
def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is told of one of the reader's alerts."""
    return show(request, own(request, pk))


@require_POST
def add_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody; an address that nobody logs in with is asked first."""
    alert = own(request, pk)
    form = reader_forms.RecipientForm(request.POST)
    if not form.is_valid():
        return show(request, alert, recipient_form=form)
    try:
        email, mode = form.cleaned_data["email"], form.cleaned_data["mode"]
        recipient = recipients.add(alert, email, mode=mode, now=timezone.now())
    except recipients.CannotAddError as error:
        form.add_error("email", WHY_NOT[str(error)]())
        return show(request, alert, recipient_form=form)
    if recipient.address:
        ask(request, recipient.address, alert)
    else:
        messages.success(request, gettext("%(who)s gets the mails from now on.") % {"who": recipient.user})
    return redirect("alerts:readers", pk=alert.pk)


WHY_NOT = {
    "owner": lambda: gettext(
        "The alert’s mails go to its owner already; the alert’s own settings say whether."
    ),
    "twice": lambda: gettext("This address is on the list already."),
    "many": lambda: gettext("An alert can’t have more recipients."),
}


@require_POST
def ask_again(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Ask an address once more."""
    alert = own(request, pk)
    row = get_object_or_404(alert.recipients.select_related("address"), pk=recipient, address__isnull=False)
    if row.address:
        ask(request, row.address, alert)
    return redirect("alerts:readers", pk=alert.pk)


def ask(request: HttpRequest, address: models.Address, alert: models.Alert) -> None:
    """Send the mail that asks, and say what became of it."""
    said = {"email": address.address}
    if address.confirmed_at:
        messages.success(request, gettext("%(who)s gets the mails from now on.") % {"who": address.address})
        return
    if not limits.allows(f"ask-address:{alert.owner_id}", most=MOST_ASKED, seconds=SPAN_S):
        messages.error(
            request, gettext("Too many addresses were asked in a short time. Try again in an hour.")
        )
        return
    try:
        if recipients.ask(address, alert, now=timezone.now()):
            messages.success(request, gettext("A mail asks %(email)s whether it wants the mails.") % said)
        else:
            messages.info(request, gettext("%(email)s was asked lately and has not answered yet.") % said)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("an address could not be asked: %s", error)
        messages.error(request, gettext("The mail to %(email)s could not be sent. Try again later.") % said)


@require_POST
def remove_recipient(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Take somebody off; she may do so herself."""
    person = reader.of(request)
    row = get_object_or_404(models.AlertRecipient.objects.select_related("alert"), pk=recipient, alert=pk)
    if person.pk not in (row.alert.owner_id, row.user_id):
        raise Http404
    recipients.remove(row)
    messages.success(request, gettext("Taken off: no more mails of “%(name)s”.") % {"name": row.alert.name})
    return redirect("alerts:readers", pk=pk) if person.pk == row.alert.owner_id else redirect("alerts:list")


@require_POST
def add_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a webhook, and show its secret this once."""
    alert = own(request, pk)
    form = reader_forms.WebhookForm(request.POST)
    if form.is_valid() and alert.webhooks.count() >= MOST_WEBHOOKS:
        form.add_error("url", gettext("An alert can’t have more webhooks."))
    if not form.is_valid():
        return show(request, alert, webhook_form=form)
    hook = form.save(commit=False)
    hook.alert, hook.secret, hook.created_at = alert, webhooks.new_secret(), timezone.now()
    try:
        with transaction.atomic():
            hook.save()
    except IntegrityError:
        form.add_error("url", gettext("This address is on the list already."))
        return show(request, alert, webhook_form=form)
    response = show(request, alert, fresh=hook)
    # Nobody may find the secret again by going back.
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def change_webhook(request: HttpRequest, pk: int, webhook: int) -> HttpResponse:
    """Test, resume or remove a webhook."""
    alert = own(request, pk)
    hook = get_object_or_404(alert.webhooks.select_related("alert__owner"), pk=webhook)
    match request.POST.get("do"):
        case "test" if limits.allows(f"test-webhook:{alert.owner_id}", most=MOST_TESTS, seconds=SPAN_S):
            why = webhooks.test(hook, now=timezone.now())
            if why:
                messages.error(request, gettext("The test failed: %(why)s") % {"why": why})
            else:
                messages.success(request, gettext("The test arrived."))
        case "test":
            messages.error(request, gettext("Too many tests in a short time. Try again in an hour."))
        case "resume":
            webhooks.resume(hook, now=timezone.now())
            messages.success(request, gettext("It is called again, and first with what waited."))
        case "remove":
            hook.delete()
            messages.success(request, gettext("The webhook is removed."))
    return redirect("alerts:readers", pk=alert.pk)


@require_POST
def resume_address(request: HttpRequest) -> HttpResponse:
    """Send mails to the reader's own address again."""
    person = reader.of(request)
    address = get_object_or_404(models.Address, address=person.email.lower(), stopped_at__isnull=False)
    addresses.resume(address, now=timezone.now())
    messages.success(
        request, gettext("Mails go to %(email)s again, and first what waited.") % {"email": person.email}
    )
    return redirect("alerts:list")


@require_POST
def resume_recipient(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Send mails to a recipient's address again. One that asked for no more mails is for its reader to resume."""
    alert = own(request, pk)
    row = get_object_or_404(alert.recipients.select_related("address"), pk=recipient, address__isnull=False)
    if row.address and row.address.stop in (models.Address.Stop.REFUSED, models.Address.Stop.BOUNCED):
        addresses.resume(row.address, now=timezone.now())
        messages.success(
            request,
            gettext("Mails go to %(email)s again, and first what waited.") % {"email": row.address.address},
        )
    return redirect("alerts:readers", pk=alert.pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the reader of an address whether she wants mails, and note that she does. Looking changes nothing."""
    about = recipients.asked(token)
    if about is None or not (about.alerts or about.writers):
        return render(request, "alerts/confirm.html", {"about": None}, status=404)
    with translation.override(about.address.language):
        if request.method == "POST":
            recipients.confirm(about.address, now=timezone.now())
        done = request.method == "POST" or about.address.confirmed_at is not None
        response = render(request, "alerts/confirm.html", {"about": about, "token": token, "done": done})
    response["Referrer-Policy"] = "no-referrer"
    return response


def own(request: HttpRequest, pk: int) -> models.Alert:
    """The reader's alert of that number; 404 if there is none, or it is somebody else's."""
    return get_object_or_404(
        models.Alert.objects.kept().select_related("owner", "team"), pk=pk, owner=reader.of(request)
    )


def show(
    request: HttpRequest,
    alert: models.Alert,
    *,
    recipient_form: reader_forms.RecipientForm | None = None,
    webhook_form: reader_forms.WebhookForm | None = None,
    fresh: models.Webhook | None = None,
) -> HttpResponse:
    """The page, with a form that has problems, or a new webhook's secret."""
    rows = alert.recipients.select_related("user", "address").order_by("pk")
    emails = [row.user.email.lower() for row in rows if row.user] + [alert.owner.email.lower()]
    stopped = models.Address.objects.filter(address__in=emails, stopped_at__isnull=False)
    context = {
        "alert": alert,
        "recipients": rows,
        "stopped": {address.address: address for address in stopped},
        "own_address": next((row for row in stopped if row.address == alert.owner.email.lower()), None),
        "webhooks": alert.webhooks.order_by("pk"),
        "fresh": fresh,
        "recipient_form": recipient_form or reader_forms.RecipientForm(),
        "webhook_form": webhook_form or reader_forms.WebhookForm(),
    }
    forms = (recipient_form, webhook_form)
    return render(
        request,
        "alerts/readers.html",
        context,
        status=422 if any(form and form.errors for form in forms) else 200,
    )
