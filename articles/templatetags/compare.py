"""How templates draw and tell a comparison."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils import formats
from django.utils.translation import gettext

from articles import compare_reads, comparing, date_words
from articles.charts import lines
from articles.templatetags import news

register = template.Library()

# Times along the chart that have room for their words.
MOST_TICKS = 8
Drawn = Iterable[tuple[comparing.Subject, lines.Line]]


@register.filter
def by_step(step: str) -> str:
    """A step as a choice."""
    return {"day": gettext("By day"), "week": gettext("By week"), "month": gettext("By month")}[step]


@register.filter
def step_name(step: str) -> str:
    """A step by its name."""
    return {"day": gettext("Day"), "week": gettext("Week"), "month": gettext("Month")}[step]


@register.filter
def chart_title(asked: comparing.Asked) -> str:
    """What the chart counts."""
    if asked.by_article:
        said = (gettext("Articles per day"), gettext("Articles per week"), gettext("Articles per month"))
    else:
        said = (gettext("Stories per day"), gettext("Stories per week"), gettext("Stories per month"))
    return said[comparing.STEPS.index(asked.step)]


@register.filter
def stretch_words(stretch: compare_reads.Stretch) -> str:
    """The days of a stretch in words."""
    return (
        news.iso_day(stretch.first)
        if stretch.first == stretch.last
        else date_words.span(stretch.first, stretch.last)
    )


@register.filter
def count_of(stretch: compare_reads.Stretch, subject: comparing.Subject) -> int:
    """How many a subject had in a stretch."""
    return stretch.counts[subject.number]


@register.filter
def singles(comparison: compare_reads.Comparison) -> Iterator[tuple[comparing.Subject, lines.Drawing]]:
    """Each subject with a drawing of its own."""
    return zip(comparison.asked.subjects, comparison.singles, strict=True)


@register.filter
def together(comparison: compare_reads.Comparison) -> list[tuple[comparing.Subject, lines.Line]]:
    """Each subject with its line in the one drawing."""
    return list(zip(comparison.asked.subjects, comparison.drawing.lines, strict=True))


@register.filter
def alone(drawing: lines.Drawing, subject: comparing.Subject) -> list[tuple[comparing.Subject, lines.Line]]:
    """A subject with the one line of its drawing."""
    return [(subject, drawing.lines[0])]


@register.filter
def with_tops(
    comparison: compare_reads.Comparison,
) -> Iterator[tuple[comparing.Subject, tuple[compare_reads.Told, ...]]]:
    """Each subject with its top stories."""
    return zip(comparison.asked.subjects, comparison.tops, strict=True)


@register.filter
def middle(one: compare_reads.Parted, comparison: compare_reads.Comparison) -> str:
    """Where the middle of its stretch is, in percent."""
    return f"{one.stretch.x + comparison.drawing.width / 2:.3f}"


@register.filter
def point_y(one: compare_reads.Parted, comparison: compare_reads.Comparison) -> str:
    """Where its point stands, in pixels."""
    at = comparison.stretches.index(one.stretch)
    return str(comparison.drawing.lines[one.subject.number].points[at].y)


@register.filter
def ticks(comparison: compare_reads.Comparison) -> list[tuple[float, str]]:
    """Where times stand under the chart, and what they say."""
    stretches, half = comparison.stretches, comparison.drawing.width / 2
    every = -(-len(stretches) // MOST_TICKS)
    shown = [one for number, one in enumerate(stretches) if (len(stretches) - 1 - number) % every == 0]
    is_month = comparison.asked.step == "month"
    return [
        (
            round(one.x + half, 3),
            f"{one.first:%Y-%m}" if is_month else f"{one.first.month}/{one.first.day}",
        )
        for one in shown
    ]


@register.filter
def plain(number: float) -> str:
    """A number as a drawing wants it."""
    return f"{number:.2f}"


@register.filter
def percent(number: float) -> str:
    """A part of a hundred in whole percent; a little more than none is told as such."""
    return "<1%" if 0 < number < 0.5 else f"{number:.0f}%"


@register.filter
def signed_percent(number: float) -> str:
    """By how much something grew, in percent."""
    return f"{_sign(number)}{formats.number_format(abs(round(number)), use_l10n=True, force_grouping=True)}%"


@register.filter
def signed_points(number: float) -> str:
    """By how much a share grew, in percentage points."""
    told = f"{_sign(number)}{formats.number_format(abs(number), decimal_pos=1)}"
    return gettext("%(n)s points") % {"n": told}


def _sign(number: float) -> str:
    return "+" if number > 0 else "−" if number < 0 else "±"


@register.filter
def of_share(share: compare_reads.Share, asked: comparing.Asked) -> str:
    """The search's parameters for what a subject had."""
    return asked.search(share.subject.query)
