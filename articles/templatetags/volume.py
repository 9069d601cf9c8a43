"""Draw the volume chart, and say its stretches of time."""

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from articles import drawn, volume
from articles.charts import volume as chart
from articles.templatetags import news

register = template.Library()
# Pixels of a peak's mark above its column, and its least distance from the upper edge.
MARK_ABOVE, MARK_EDGE = 12, 10


@register.filter
def stretch(bucket: chart.Bucket) -> str:
    """The days of a bucket, or its hour."""
    if bucket.end - bucket.begin <= chart.HOUR:
        return f"{news.iso_day(bucket.first)} {bucket.begin:%H}:00–{bucket.end:%H}:00"
    if bucket.first == bucket.last:
        return news.iso_day(bucket.first)
    return f"{bucket.first.isoformat()} – {bucket.last.isoformat()}"


@register.filter
def number_of(count: int, shown: volume.Volume) -> str:
    """So many articles or stories."""
    if shown.by_article:
        return ngettext("%(n)s article", "%(n)s articles", count) % {"n": f"{count:,}"}
    return ngettext("%(n)s story", "%(n)s stories", count) % {"n": f"{count:,}"}


@register.filter
def tick_name(tick: chart.Tick, shown: volume.Volume) -> str:
    """What stands under a column: no more than is needed to tell it from its neighbours."""
    begin = tick.bucket.begin
    if shown.step == chart.Step.HOUR:
        return f"{begin:%m-%d}" if begin.hour == 0 and shown.since != shown.until else f"{begin:%H}:00"
    if shown.step == chart.Step.MONTH:
        return f"{begin:%Y-%m}" if begin.month > 1 else f"{begin:%Y}"
    return f"{begin:%m-%d}" if shown.since.year == shown.until.year else f"{begin:%Y-%m-%d}"


@register.simple_tag(takes_context=True)
def volume_of(context: Any, shown: volume.Volume, path: str) -> SafeString:
    """The chart on a page that is not the timeline's, with links to it. It is the same for all readers, and kept."""
    own = {"volume": shown, "panel": context["panel"], "path": path}
    drawing = context.template.engine.get_template("articles/_volume.html")
    key = ("volume", path, shown, shown.headlines, own["panel"])
    return drawn.panel(key, lambda: str(drawing.render(template.Context(own))))


@register.simple_tag
def columns(shown: volume.Volume, path: str) -> SafeString:
    """The bars, each a link into its stretch of time. The first can be reached by Tab, the others from it by arrows."""
    drawn = "".join(
        _column(column, shown, escape(f"{path}?{link}"), -1 if number else 0)
        for number, (column, link) in enumerate(shown.bars)
    )
    return mark_safe(drawn)  # noqa: S308 - words and addresses in it are escaped


def _column(column: chart.Column, shown: volume.Volume, address: str, tab: int) -> str:
    # A page has hundreds of these: put together as text, they take a tenth of what a template takes.
    label, bucket = escape(_label(column, shown)), column.bucket
    bars = "".join(
        f'<rect class="tone-{shown.shown[one.series].tone}" x="{column.x}%" y="{one.y}" width="{column.width}%"'
        f' height="{one.height}" rx="1"/>'
        for one in column.segments
    )
    return (
        f'<a class="col" href="{address}" tabindex="{tab}" data-first="{bucket.first}" data-last="{bucket.last}"'
        f' aria-label="{label}"><title>{label}</title><rect class="place" x="{column.left}%" y="0"'
        f' width="{column.wide}%" height="{shown.height}"/>{bars}</a>'
    )


@register.simple_tag
def number_rows(shown: volume.Volume, path: str) -> SafeString:
    """The rows of the table behind the chart, each with a link into its stretch of time."""
    drawn = "".join(
        f'<tr><th scope="row"><a href="{escape(f"{path}?{link}")}">{escape(stretch(column.bucket))}</a></th>'
        f"{''.join([f'<td>{count:,}</td>' for count in counts])}</tr>"
        for column, link, counts in shown.rows
    )
    return mark_safe(drawn)  # noqa: S308 - words and addresses in it are escaped


def _label(column: chart.Column, shown: volume.Volume) -> str:
    label = f"{stretch(column.bucket)}: {number_of(column.total, shown)}"
    if len(shown.shown) < 2:
        return label
    parts = [f"{shown.shown[one.series].name} {one.count:,}" for one in column.segments]
    return f"{label} ({', '.join(parts)})" if parts else label


@register.simple_tag
def peak_marks(shown: volume.Volume) -> SafeString:
    """The numbers above the columns that stand out."""
    return format_html_join(
        "",
        '<g class="peak"><circle cx="{}%" cy="{}" r="8"/><text x="{}%" y="{}">{}</text></g>',
        (
            (x, y, x, round(y + 3.5, 1), peak.number)
            for peak in shown.peaks
            for x in [round(peak.column.left + peak.column.wide / 2, 3)]
            for y in [max(MARK_EDGE, round(peak.column.top - MARK_ABOVE, 1))]
        ),
    )


@register.simple_tag
def volume_words(shown: volume.Volume) -> str:
    """What the chart is, for who can't see it."""
    return gettext("%(what)s from %(since)s to %(until)s. The numbers are in the table below.") % {
        "what": gettext("Articles") if shown.by_article else gettext("Stories"),
        "since": shown.since.isoformat(),
        "until": shown.until.isoformat(),
    }


@register.simple_tag
def days_between(since: datetime.date, until: datetime.date) -> str:
    """A period's days, one of them if it has no more."""
    if since == until:
        return news.day_name(since) if since == timezone.localdate() else news.iso_day(since)
    return f"{since.isoformat()} – {until.isoformat()}"
