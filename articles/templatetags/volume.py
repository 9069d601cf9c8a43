"""Draw the volume chart, and say its stretches of time."""

import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from articles import volume
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


@register.simple_tag
def columns(shown: volume.Volume, path: str) -> SafeString:
    """The bars, each a link into its stretch of time. The first can be reached by Tab, the others from it by arrows."""
    return format_html_join(
        "",
        '<a class="col" href="{}?{}" tabindex="{}" data-first="{}" data-last="{}" aria-label="{}">'
        '<title>{}</title><rect class="place" x="{}%" y="0" width="{}%" height="{}"/>{}</a>',
        (
            (
                path,
                link,
                -1 if number else 0,
                column.bucket.first.isoformat(),
                column.bucket.last.isoformat(),
                label,
                label,
                column.left,
                column.wide,
                shown.height,
                _bars(column, shown),
            )
            for number, (column, link) in enumerate(shown.bars)
            for label in [_label(column, shown)]
        ),
    )


def _bars(column: chart.Column, shown: volume.Volume) -> SafeString:
    return format_html_join(
        "",
        '<rect class="tone-{}" x="{}%" y="{}" width="{}%" height="{}" rx="1"/>',
        (
            (shown.shown[one.series].tone, column.x, one.y, column.width, one.height)
            for one in column.segments
        ),
    )


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
