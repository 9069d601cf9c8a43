"""How templates say a source's problems and times."""

import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from articles import problem_words

register = template.Library()


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
