"""Write a briefing's mail: what was published, as plain text and HTML. Must not send it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from alerts import emails, models
from articles import collection_reads
from articles.briefing import document, plain
from newswatch import mail_html
from newswatch.accounts import middleware


def compose(delivery: models.Delivery, *, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The delivery as a mail, ready to be sent over the connection. Raises emails.UnsendableError."""
    briefing = delivery.briefing
    made = collection_reads.published(briefing) if briefing else None
    if briefing is None or made is None or briefing.deleted_at is not None:
        raise emails.UnsendableError("the briefing was deleted")
    made = document.clean(made)
    reader = emails.reader_of(delivery)
    writer = briefing.owner
    stop = "" if reader.person == writer.pk else reader.stop_briefings(writer.pk)
    zone = middleware.zone_of(reader.time_zone)
    with translation.override(made.language), timezone.override(zone):
        context = {
            "document": made,
            "page": collection_reads.address(briefing),
            "stop": stop,
            "writer": writer.get_full_name() or writer.get_username(),
            "site_url": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(made.title.split())[: emails.LONGEST_SUBJECT],
            body=plain.to_text(made) + render_to_string("emails/briefing.txt", context),
            to=[reader.email],
            connection=connection,
            headers=headers(delivery, writer.pk, stop),
        )
        html = render_to_string("emails/briefing.html", context)
    mail.attach_alternative(mail_html.inlined(html), "text/html")
    return mail


def headers(delivery: models.Delivery, writer: int, stop: str) -> dict[str, str]:
    """The mail's headers: which list it is of, and how to leave it in one click (RFC 8058)."""
    found = {
        "Message-ID": delivery.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<briefing-{writer}.newswatch>",
    }
    if stop:
        found |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return found
