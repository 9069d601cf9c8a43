"""Pages about the news."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from articles.views import article, company, theme, timeline

app_name = "articles"
urlpatterns = [
    path("", timeline.timeline, name="timeline"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("companies/", company.companies, name="companies"),
    path("companies/options", timeline.company_options, name="company-options"),
    path("companies/<int:pk>/", company.company, name="company"),
    path("themes/<path:name>/", theme.theme, name="theme"),
    # The fetcher's User-Agent names this address: whoever runs a feed may want to know who asks.
    path(
        "about-fetching",
        login_not_required(TemplateView.as_view(template_name="articles/about_fetching.html")),
        name="about-fetching",
    ),
]
