"""How templates tell of stories."""

from collections.abc import Hashable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles import drawn, models, story_reads, story_words

register = template.Library()

# How often a list asks whether something came.
NEWS_SECONDS = 30
# So many outlets make a story hotter.
HEAT = (2, 4, 10)


@register.filter
def heat(outlets: int) -> int:
    """How hot a story is, from 1 (one outlet) to 4 (ten or more)."""
    return 1 + sum(outlets >= least for least in HEAT)


@register.filter
def placing(article: models.Article) -> str:
    """Why an article is in its story."""
    return story_words.placing(article)


@register.simple_tag
def news_seconds() -> int:
    """How often a list asks whether something came."""
    return NEWS_SECONDS


@register.simple_tag(takes_context=True)
def entry_row(context: Any, entry: story_reads.Entry) -> SafeString:
    """An article of a story's coverage; kept, as rows of lists are."""
    story, coverage, marked, request = (context[name] for name in ("story", "coverage", "marks", "request"))
    is_first, shown = entry is coverage.entries[0], marked.on(entry.article)
    row_template = context.template.engine.get_template("stories/_entry.html")
    own = {name: context[name] for name in ("story", "marks", "request", "perms")}
    own |= {"csrf_token": drawn.TOKEN, "next": drawn.NEXT, "entry": entry, "is_first": is_first}
    key = (
        *("entry", timezone.localdate(), is_first, request.user.has_perm("articles.change_story")),
        *(story.pk, story.language, story.headline_id, story.article_count > 1),
        *(shown.is_read, shown.is_starred, shown.note),
        entry_key(entry),
    )
    row = drawn.draw(key, lambda _: str(row_template.render(template.Context(own))), entry)
    address = escape(context.get("next") or request.get_full_path())
    made = drawn.join([row], token=str(context.get("csrf_token", "")), address=address)
    return mark_safe(made)  # noqa: S308 - drawn by a template


def entry_key(entry: story_reads.Entry) -> Hashable:
    """All that an entry shows of its articles."""
    article = entry.article
    beside = article.story_joined
    return (
        *(article.pk, article.version, article.title, article.language, article.published_at),
        *(article.outlet.name, article.story_pinned, article.story_reason, article.story_similarity),
        beside and (beside.outlet.name, beside.title, beside.published_at),
        entry.addition,
        tuple(map(entry_key, entry.copies)),
    )
