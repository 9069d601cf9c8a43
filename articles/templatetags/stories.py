"""How templates tell of stories."""

from django import template

from articles import models, story_words

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
