"""How templates draw a backtest."""

from collections.abc import Sequence

from django import template

from alerts.backtest_reads import Report
from articles.reads import Bar

register = template.Library()

# Of the drawing, in units of its view box.
HEIGHT = 48
WIDTH = 10


@register.inclusion_tag("alerts/_columns.html")
def columns(bars: Sequence[Bar], label: str, kind: str = "") -> dict[str, object]:
    """Days' counts as columns."""
    drawn = [
        {"bar": bar, "x": number * WIDTH, "y": HEIGHT - tall(bar.height), "height": tall(bar.height)}
        for number, bar in enumerate(bars)
    ]
    return {
        "drawn": drawn,
        "label": label,
        "kind": kind,
        "width": max(len(drawn), 1) * WIDTH,
        "height": HEIGHT,
        "bar_width": WIDTH - 2,
    }


@register.inclusion_tag("alerts/_clock.html")
def clock(report: Report) -> dict[str, object]:
    """The mails of each hour of the day as columns."""
    highest = max(report.hours) or 1
    drawn = [
        {"hour": hour, "count": count, "x": hour * WIDTH, "y": HEIGHT - tall(count / highest)}
        | {"height": tall(count / highest)}
        for hour, count in enumerate(report.hours)
    ]
    return {
        "drawn": drawn,
        "mails": report.mails,
        "width": 24 * WIDTH,
        "height": HEIGHT,
        "bar_width": WIDTH - 2,
    }


def tall(share: float) -> float:
    """A column's height; one of nothing is still seen."""
    return max(round(share * HEIGHT, 1), 1)
