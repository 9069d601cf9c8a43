"""Pages about the news."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from articles.views import (
    article,
    company,
    events,
    health,
    ledger,
    marks,
    sources,
    stories,
    story_edits,
    theme,
    timeline,
    today,
    verdicts,
    websub,
)

app_name = "articles"
urlpatterns = [
    path("", timeline.timeline, name="timeline"),
    path("today/", today.today, name="today"),
    path("today/follow/", today.follow, name="follow"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("articles/<int:pk>/read/", article.read_again, name="article-read"),
    path("articles/<int:pk>/mark/", marks.mark, name="mark"),
    path("articles/<int:pk>/note/", marks.note, name="note"),
    path("articles/<int:pk>/verdict/", verdicts.judge, name="verdict"),
    path("verdicts/", verdicts.verdict_list, name="verdicts"),
    path("verdicts/suggestions/", verdicts.suggestion_list, name="suggestions"),
    path("verdicts/suggestions/look/", verdicts.look_again, name="suggestions-look"),
    path("verdicts/suggestions/<int:pk>/", verdicts.decide, name="suggestion-decide"),
    path("stories/news", stories.news, name="story-news"),
    path("stories/<int:pk>/", stories.story, name="story"),
    path("stories/<int:pk>/articles", stories.articles, name="story-articles"),
    path("stories/<int:pk>/edit/", story_edits.edit, name="story-edit"),
    path("stories/edits/<int:pk>/undo/", story_edits.undo, name="story-undo"),
    path("companies/", company.companies, name="companies"),
    path("companies/options", timeline.company_options, name="company-options"),
    path("companies/<int:pk>/", company.company, name="company"),
    path("companies/<int:pk>/events/", events.company_events, name="company-events"),
    path("companies/<int:pk>/quotes/", events.company_quotes, name="company-quotes"),
    path("themes/<path:name>/", theme.theme, name="theme"),
    path("theme-events/<path:name>/", events.theme_events, name="theme-events"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/new/", sources.new, name="source-new"),
    path("sources/new/details/", sources.details, name="source-details"),
    path("sources/preview/", sources.preview, name="source-preview"),
    path("sources/import/", sources.import_list, name="source-import"),
    path("sources/export.opml", sources.export, name="source-export"),
    path("sources/ledger/", ledger.look_up, name="ledger"),
    path("sources/<int:pk>/", health.source, name="source"),
    path("sources/<int:pk>/edit/", sources.edit, name="source-edit"),
    path("sources/<int:pk>/switch/", sources.switch, name="source-switch"),
    path("sources/<int:pk>/poll/", sources.poll, name="source-poll"),
    path("websub/<str:token>", websub.callback, name="websub"),
    # The fetcher's User-Agent names this address: whoever runs a feed may want to know who asks.
    path(
        "about-fetching",
        login_not_required(TemplateView.as_view(template_name="articles/about_fetching.html")),
        name="about-fetching",
    ),
]
