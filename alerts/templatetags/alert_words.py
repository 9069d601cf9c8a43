"""How templates say what became of alerts and mails."""

from dataclasses import dataclass

from django import template

from alerts import models, words
from alerts.reads import LATELY

register = template.Library()


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes back what a message tells of: the alert, and what to do with it."""

    pk: str
    to: str

    @property
    def restores(self) -> bool:
        return self.to.startswith("restore")


@register.filter
def alert_undo(tags: str) -> Undo | None:
    """What takes a message's deed on an alert back; None if it is about none, or can't be taken back."""
    found = next((tag for tag in tags.split() if tag.startswith("alert-undo-")), "")
    return Undo(*found.removeprefix("alert-undo-").split("-", 1)) if found else None


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
