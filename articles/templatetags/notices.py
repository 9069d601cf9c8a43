"""Notices about the sources, for the desk's front page and the page of all sources."""

from dataclasses import dataclass

from django import template
from django.utils import timezone

from articles import models, notices

register = template.Library()


@dataclass(frozen=True, slots=True)
class Panel:
    """The open notices, how many there are, and how many sources should have been polled ten minutes ago."""

    notices: list[models.Notice]
    number: int
    overdue: int


@register.simple_tag
def notice_panel(most: int = 8) -> Panel:
    """What the staff should look at. Three queries."""
    return Panel(notices.open_notices(most), notices.open_count(), notices.overdue(now=timezone.now()))


@register.simple_tag
def notice_count() -> int:
    """How many notices are open."""
    return notices.open_count()


@register.filter
def told(notice: models.Notice) -> str:
    """What a notice says."""
    return notices.sentence(notice)
