"""How templates show a reader's marks."""

from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles import drawn, marks, models

register = template.Library()

FORM = "marks/_row.html"


@register.simple_tag(takes_context=True)
def marks_on(context: Any, article: models.Article, story: models.Story | None = None) -> marks.Shown:
    """The reader's marks on a line: those of the page, or of the list that it stands in."""
    stream = context.get("stream")
    found: marks.Marks = context.get("marks") or (stream.marked if stream else marks.Marks())
    return found.on(article, story or None)


@register.simple_tag(takes_context=True)
def marks_form(context: Any, article: models.Article, story: models.Story | None = None) -> SafeString:
    """A line's buttons, by `shown` of `marks_on`. In a row that is kept, those of another with other names in them."""
    shown: marks.Shown = context["shown"]
    form = context.template.engine.get_template(FORM)
    if context.get("next") != drawn.NEXT:
        with context.push(article=article, story=story):
            return SafeString(form.render(context))

    def drawing(own: dict[str, object]) -> str:
        return str(form.render(template.Context(own)))

    own = {
        "shown": shown,
        "csrf_token": drawn.TOKEN,
        "next": drawn.NEXT,
        "request": context["request"],
        "article": drawn.ANY_ARTICLE,
        "story": drawn.ANY_STORY if story else None,
    }
    kept = drawn.draw((FORM, shown.is_read, shown.is_starred, bool(story)), drawing, own)
    made = kept.replace(drawn.ANY_ARTICLE.title, escape(article.title))
    made = made.replace(drawn.ANY_ARTICLE.pk, str(article.pk))
    return mark_safe(made.replace(drawn.ANY_STORY.pk, str(story.pk)) if story else made)  # noqa: S308
