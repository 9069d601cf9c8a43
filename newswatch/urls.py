"""All addresses of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from newswatch import explanations, health, places

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("why/<int:pk>/", explanations.why, name="why"),
    path("go/", places.go, name="go"),
    path("account/", include("newswatch.accounts.urls")),
    path("alerts/", include("alerts.urls")),
    path("briefing/", include("alerts.briefing_urls")),
    path("", include("articles.urls")),
]
if settings.MAIL_EVENTS_SECRET:
    urlpatterns.insert(0, path("mail-events/", include("newswatch.mail_events")))
