"""How templates say when something happened and what is known of it."""

import datetime
from collections.abc import Hashable, Sequence
from typing import Any

from django import template
from django.utils import dates, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from articles import date_words, drawn, event_lines, event_reads, evidence, models
from articles.charts import event_line

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


@register.simple_tag(takes_context=True)
def event_line_of(context: Any, line: event_lines.Line) -> SafeString:
    """Events along a line. It is the same for all readers, and kept."""
    shown = {"line": line, **{name: context.get(name, "") for name in ("events_url", "list_url", "kept")}}
    drawing = context.template.engine.get_template("events/_line.html")
    return drawn.panel(("line", *shown.values()), lambda: str(drawing.render(template.Context(shown))))


@register.simple_tag(takes_context=True)
def event_row(context: Any, line: event_reads.Line, company: models.Company | None = None) -> SafeString:
    """An event's row; on a company's own page without its name. It is the same for all readers, and kept."""
    besides = company.pk if isinstance(company, models.Company) else None
    row_template = context.template.engine.get_template("events/_row.html")
    key = ("event", timezone.localdate(), besides, drawn_key(line))
    drawing = {"line": line, "besides": besides}
    row = drawn.draw(key, lambda one: str(row_template.render(template.Context(drawing))), line)
    return mark_safe(row)  # noqa: S308 - drawn by a template


def drawn_key(line: event_reads.Line) -> Hashable:
    """All that an event's row shows, besides the day and the page's company."""
    event, report = line.event, line.report
    return (
        *(event.pk, event.starts_on, event.ends_on, event.precision, event.relation, event.is_sample),
        *(event.report_count, event.outlet_count, event.first_reported_at, line.parts),
        report and (report.when_text, report.article.language),
        tuple((tie.company_id, tie.company.name) for tie in event.companies.all()),
        tuple((tie.theme.position, tie.theme.name) for tie in event.themes.all()),
        tuple(
            (
                *(source.article_id, source.article.title, source.article.language, source.when_text),
                *(source.article.outlet.name, source.published_at, source.relation),
                *(source.starts_on, source.ends_on, source.precision),
            )
            for source in line.sources
        ),
    )


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


@register.filter
def stretch(shown: event_line.Window | event_line.Tick | event_line.Item) -> str:
    """What the address says of these days."""
    return event_lines.stretch(shown)


@register.filter
def days_words(shown: event_line.Window | event_line.Tick | event_line.Item) -> str:
    """These days in words: 2026년 3월, March 2026."""
    return date_words.span(shown.first, shown.last)


@register.filter
def bar_words(bar: event_line.Bar) -> str:
    """What is said of an event that is pointed at."""
    days = date_words.span(bar.item.first, bar.item.last)
    lines = [f"{days} · {item_standing(bar.item)}", bar.item.words]
    if bar.item.reported:
        lines.append(gettext("first reported on %(day)s") % {"day": date_words.day(bar.item.reported)})
    return "\n".join(lines)


@register.filter
def item_standing(item: event_line.Item) -> str:
    """Whether it happened, was announced, is planned or a goal, or was planned for a time that is over."""
    if item.kind in event_reads.RELATIONS[event_reads.When.AHEAD] and item.last < timezone.localdate():
        return gettext("was planned")
    return str(models.event.Relation(item.kind).label)


@register.filter
def row_y(bar: event_line.Bar) -> int:
    """Pixels from the top to the middle of a bar's row."""
    return bar.row * event_lines.ROW_HEIGHT + event_lines.ROW_HEIGHT // 2


@register.filter
def tick_words(tick: event_line.Tick) -> str:
    """A part of the scale in as few letters as tell it beside its neighbours."""
    match tick.unit:
        case "day" | "week":
            return f"{tick.first.month}/{tick.first.day}"
        case "month":
            return (
                str(dates.MONTHS_3[tick.first.month]).capitalize()
                if tick.first.month > 1
                else str(tick.first.year)
            )
        case "year":
            return str(tick.first.year)
        case _:
            return date_words.decade(tick.first)
