"""Where mail providers report what became of mails; their requests carry the secret instead of a log-in."""

from anymail import signals, urls
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from alerts import provider_events

signals.tracking.connect(provider_events.take, dispatch_uid="alerts.provider_events")
# The others take mails in.
urlpatterns = [
    path(str(pattern.pattern), login_not_required(pattern.callback))
    for pattern in urls.urlpatterns
    if str(pattern.pattern).endswith("tracking/")
]
