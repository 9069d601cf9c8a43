"""The page from which a briefing is mailed: to whom, and what became of it. Only its owner sees it."""

import logging
import smtplib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from alerts import briefings, models, reader_forms, recipients
from articles import collecting, collection_reads
from articles import models as news
from articles.briefing import document
from newswatch import limits
from newswatch.accounts import reader

log = logging.getLogger(__name__)

# Mails that one person may send, and addresses that she may ask, in so many seconds.
MOST_MAILS, MOST_ASKED, SPAN_S = 200, 30, 3600


@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom a briefing can be mailed, and to whom it was."""
    return show(request, own(request, pk))


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail it to the chosen readers, as it is now."""
    found = own(request, pk)
    wanted = set(request.POST.getlist("to"))
    chosen = [one for one in briefings.readers(reader.of(request)) if one.key in wanted]
    if not any(one.can_be_told for one in chosen):
        messages.error(request, gettext("Choose somebody who can be mailed to."))
        return redirect("mailing:mail", pk=pk)
    if not all(
        limits.allows(f"mail-briefing:{found.owner_id}", most=MOST_MAILS, seconds=SPAN_S) for _ in chosen
    ):
        messages.error(request, gettext("Too many mails in a short time. Try again in an hour."))
        return redirect("mailing:mail", pk=pk)
    now = timezone.now()
    made = collection_reads.document_of(found, collection_reads.with_items(found), reader.of(request))
    collecting.publish(found, document.to_json(made), now=now)
    number = briefings.send(found, chosen, now=now)
    if number:
        told = ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", number)
        messages.success(request, told % {"n": number})
    else:
        messages.info(request, gettext("It was mailed to them a moment ago."))
    return redirect("mailing:mail", pk=pk)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody to those who get the reader's briefings; an address that nobody logs in with is asked first."""
    found, person, now = own(request, pk), reader.of(request), timezone.now()
    form = reader_forms.RecipientForm(request.POST)
    if not form.is_valid():
        return show(request, found, form=form)
    try:
        row = briefings.add(person, form.cleaned_data["email"], now=now)
    except recipients.CannotAddError as error:
        words = {
            "twice": gettext("This address is on the list already."),
            "many": gettext("There is no room for more readers."),
        }
        form.add_error("email", words[str(error)])
        return show(request, found, form=form)
    if row.address is not None:
        ask(request, row.address)
    else:
        messages.success(request, gettext("%(who)s is on the list.") % {"who": row.user})
    return redirect("mailing:mail", pk=pk)


@require_POST
def change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take somebody off the list, or ask an address once more."""
    found = own(request, pk)
    row = get_object_or_404(
        models.BriefingReader.objects.select_related("address", "user"), pk=number, writer=found.owner_id
    )
    if request.POST.get("do") == "ask" and row.address is not None:
        ask(request, row.address)
    elif request.POST.get("do") == "remove":
        briefings.remove(row)
        who = row.user.email if row.user else row.address
        messages.success(request, gettext("%(who)s is off the list.") % {"who": who})
    return redirect("mailing:mail", pk=pk)


def ask(request: HttpRequest, address: models.Address) -> None:
    """Send the mail that asks, and say what became of it."""
    writer, said = reader.of(request), {"email": address.address}
    if address.confirmed_at:
        messages.success(request, gettext("%(email)s is on the list.") % said)
        return
    if not limits.allows(f"ask-address:{writer.pk}", most=MOST_ASKED, seconds=SPAN_S):
        messages.error(
            request, gettext("Too many addresses were asked in a short time. Try again in an hour.")
        )
        return
    try:
        if recipients.ask(address, writer=writer, now=timezone.now()):
            messages.success(request, gettext("A mail asks %(email)s whether it wants the mails.") % said)
        else:
            messages.info(request, gettext("%(email)s was asked lately and has not answered yet.") % said)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("an address could not be asked: %s", error)
        messages.error(request, gettext("The mail to %(email)s could not be sent. Try again later.") % said)


def show(
    request: HttpRequest, found: news.Collection, *, form: reader_forms.RecipientForm | None = None
) -> HttpResponse:
    """The page, with a form that has problems."""
    context = {
        "collection": found,
        "readers": briefings.readers(reader.of(request)),
        "sent": briefings.sent(found),
        "form": form or reader_forms.RecipientForm(),
    }
    return render(request, "alerts/briefing.html", context, status=422 if form else 200)


def own(request: HttpRequest, pk: int) -> news.Collection:
    """The reader's briefing or folder of that number; 404 if there is none, or it is somebody else's."""
    return get_object_or_404(news.Collection.objects.kept(), pk=pk, owner=reader.of(request))
