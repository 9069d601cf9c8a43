"""How templates show a reader's marks."""

from typing import Any

from django import template

from articles import marks, models

register = template.Library()


@register.simple_tag(takes_context=True)
def marks_on(context: Any, article: models.Article, story: models.Story | None = None) -> marks.Shown:
    """The reader's marks on a line: those of the page, or of the list that it stands in."""
    stream = context.get("stream")
    found: marks.Marks = context.get("marks") or (stream.marked if stream else marks.Marks())
    return found.on(article, story or None)
