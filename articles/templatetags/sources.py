"""How templates say a source's problems and times."""

import datetime
import secrets
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from articles import drawn, problem_words, source_reads
from articles.templatetags import news

register = template.Library()
# What stands in a kept row for what changes from minute to minute.
AGO, DUE = secrets.token_hex(16), secrets.token_hex(16)


@register.filter
def problem(text: str) -> str:
    """What went wrong, in the reader's language."""
    return problem_words.translated(text)


@register.filter
def zone_stamp(moment: datetime.datetime) -> str:
    """Date and time in the zone that the time itself is in, with the zone's name."""
    return f"{moment:%Y-%m-%d %H:%M %Z}"


@register.filter
def due_in(moment: datetime.datetime) -> str:
    """How long until then, in one unit."""
    seconds = (moment - timezone.now()).total_seconds()
    if seconds < 60:
        return gettext("in a moment")
    minutes = int(seconds // 60)
    if minutes >= 120:
        return ngettext("in %(n)d hour", "in %(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}


@register.simple_tag(takes_context=True)
def source_row(context: Any, row: source_reads.Row, may_change: bool) -> SafeString:
    """A source in the list of all; kept but for how long ago it was polled."""
    source = row.source
    row_template = context.template.engine.get_template("sources/_row.html")
    own = {"row": row, "may_change": may_change, "ago": AGO, "due": DUE}
    key = (
        *("source", source.pk, source.title, source.outlet.name, source.enabled, source.last_error),
        *(source.last_success_at, source.next_poll_at, row.state, row.entries, may_change),
    )
    kept = drawn.draw(key, lambda _: str(row_template.render(template.Context(own))), row)
    if source.last_success_at:
        kept = kept.replace(AGO, news.ago(source.last_success_at))
    if source.next_poll_at:
        kept = kept.replace(DUE, due_in(source.next_poll_at))
    return mark_safe(kept)  # noqa: S308 - drawn by a template
