"""How templates say what became of alerts and mails."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma

from alerts import models, reads, words

register = template.Library()


@register.filter
def when_of(alert: models.Alert) -> str:
    """When the alert's mails come."""
    return words.when(words.of(alert))


@register.filter
def spike_words(spike: models.Spike) -> str:
    """How many stories there were, and how many are usual."""
    return words.spike(spike)


@register.filter
def mends(delivery: models.Delivery) -> str:
    """What mends a mail that failed."""
    return words.mends(delivery)


@register.filter
def counted(number: int) -> str:
    """A number of hits; "10,000+" where no more were counted."""
    return f"{intcomma(reads.MOST_HITS)}+" if number > reads.MOST_HITS else intcomma(number)


@register.filter
def a_week(count: int) -> float:
    """So many mails of the last weeks, as a number a week."""
    return round(count * 7 / reads.LATELY.days, 1)


@register.simple_tag
def unmatched_articles() -> int:
    """How many articles could not be matched with the alerts, or not with all. One query."""
    return models.MatchSetback.objects.count()
