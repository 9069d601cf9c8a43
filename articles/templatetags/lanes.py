"""How the first page of the day draws stories and small charts: each story once, while it stays the same."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles import drawn, story_reads, today_reads

register = template.Library()
BAR = '<rect x="{}" y="{}" width="0.8" height="{}"{}><title>{}: {}</title></rect>'
SPARK = '<svg class="spark" viewBox="0 0 {} 20" preserveAspectRatio="none" role="img" aria-label="{}: {}">{}</svg>'
NOW = mark_safe(' class="now"')


@register.simple_tag
def spark(points: Sequence[today_reads.Point], label: str) -> SafeString:
    """A line's numbers as bars; the last one is of now."""
    bars = format_html_join(
        "",
        BAR,
        (
            (one.x, str(one.y), str(one.height), NOW if one is points[-1] else "", one.label, str(one.count))
            for one in points
        ),
    )
    return format_html(SPARK, len(points), label, ", ".join(str(one.count) for one in points), bars)


@register.simple_tag(takes_context=True)
def story(context: Any, line: story_reads.Line, *, with_marks: bool) -> SafeString:
    """A story as it stands in a lane, or among the day's first."""
    request, marked, since = context["request"], context["marks"], context["since"]
    fresh = freshness(line, since)
    row_template = context.template.engine.get_template("today/_story.html")
    own = {"line": line, "with_marks": with_marks, "fresh": fresh, "marks": marked, "request": request}
    own |= {"csrf_token": drawn.TOKEN, "next": drawn.NEXT}
    key = ("today", timezone.localdate(), with_marks, fresh, drawn.key_of_line(line, marked))
    row = drawn.draw(key, lambda _: str(row_template.render(template.Context(own))), line)
    address = escape(context.get("next") or request.get_full_path())
    made = drawn.join([row], token=str(context.get("csrf_token", "")), address=address)
    return mark_safe(made)  # noqa: S308 - drawn by a template


def freshness(line: story_reads.Line, since: datetime.datetime | None) -> str:
    """Whether a story is new since then, or goes on; empty if neither is so."""
    if since is None or line.story is None:
        return ""
    return "new" if line.story.first_at >= since else "on" if line.story.last_at >= since else ""
