"""Why an article is in its story, and why its headline stands for all, in the reader's language.

Takes rows with what they refer to at hand; asks the database nothing.
"""

from django.utils.translation import gettext

from articles import models
from articles.templatetags import news


def placing(article: models.Article) -> str:
    """In a sentence: beside which article it was placed, and what they have in common."""
    if article.story_pinned:
        return gettext("An editor placed it here.")
    if article.story_reason == "template":
        return gettext("A regular item, such as the weather or a notice: it is joined with no other.")
    beside = article.story_joined
    if beside is None:
        return gettext("It began the story.") if article.story_id else ""
    values = {
        "outlet": beside.outlet.name,
        "title": beside.title,
        "when": news.short_stamp(beside.published_at),
        "percent": f"{article.story_similarity:.0%}",
    }
    return _template(article.story_reason) % values


def _template(reason: str) -> str:
    if reason == "same-title":
        return gettext("The same headline as “%(title)s” (%(outlet)s, %(when)s).")
    if reason == "same-text":
        return gettext("Nearly the same text as “%(title)s” (%(outlet)s, %(when)s): %(percent)s alike.")
    return gettext(
        "%(percent)s alike: headline and opening share their telling words with “%(title)s” (%(outlet)s, %(when)s)."
    )


def headline(story: models.Story) -> str:
    """Why this headline; empty where there was nothing to choose."""
    if story.headline_reason in ("", models.Story.Headline.ONLY):
        return ""
    return gettext("Stands for the story: %(why)s.") % {"why": story.get_headline_reason_display()}
