"""How templates say what became of alerts and mails."""

from django import template

from alerts import models, words
from alerts.reads import LATELY

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
def a_week(count: int) -> float:
    """So many mails of the last weeks, as a number a week."""
    return round(count * 7 / LATELY.days, 1)


@register.simple_tag
def unmatched_articles() -> int:
    """How many articles could not be matched with the alerts, or not with all. One query."""
    return models.MatchSetback.objects.count()
