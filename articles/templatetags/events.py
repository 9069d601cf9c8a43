"""How templates say when something happened and what is known of it."""

import datetime
from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from articles import date_words, event_reads, evidence, models

register = template.Library()


@register.filter
def event_time(event: models.Event) -> str:
    """When it was, or by when it is to be, as exactly as is known."""
    words = event.told_by.when_text if event.told_by else ""
    told = (event.starts_on, event.ends_on, event.precision)
    if event.relation == models.event.Relation.GOAL:
        return date_words.goal(words, *told)
    return date_words.period(*told)


@register.filter
def report_time(report: models.EventReport) -> str:
    """When this report says that it was."""
    return date_words.period(report.starts_on, report.ends_on, report.precision)


@register.filter
def standing(line: event_reads.Line) -> str:
    """Whether it happened, was announced, is planned or a goal, or was planned for a time that is over."""
    if line.is_overdue(timezone.localdate()):
        return gettext("was planned")
    return line.event.get_relation_display()


@register.filter
def is_ahead(day: datetime.date) -> bool:
    """Whether a day is still to come."""
    return day > timezone.localdate()


@register.filter
def day_words(day: datetime.date) -> str:
    """A day in words."""
    return date_words.day(day)


@register.simple_tag
def today() -> datetime.date:
    """The reader's day."""
    return timezone.localdate()


@register.filter
def count_kind(marks: Sequence[evidence.Mark], kind: str) -> int:
    """How many of these marks are of a kind."""
    return sum(mark.kind == kind for mark in marks)
