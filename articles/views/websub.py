"""Where hubs call: to ask whether a subscription is ours, and to push what is new. The address itself is the secret."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import models, pipeline, websub
from articles.feeds import websub as protocol

LARGEST_PUSH = 4 * 1024 * 1024


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """404 for what is not ours (a hub then forgets it), 410 for a source that is switched off."""
    subscription = models.Subscription.objects.filter(token=token).select_related("source__outlet").first()
    if subscription is None:
        return HttpResponse(status=404)
    if request.method == "POST":
        return push(request, subscription)
    challenge = websub.confirm(subscription, request.GET.dict(), now=timezone.now())
    if challenge is None:
        return HttpResponse(status=404)
    return HttpResponse(challenge, content_type="text/plain; charset=utf-8")


def push(request: HttpRequest, subscription: models.Subscription) -> HttpResponse:
    """Store what a hub sends, if it bears our signature; the hub sends it again if that fails."""
    if subscription.source is None or not subscription.source.enabled:
        return HttpResponse(status=410)
    body = request.read(LARGEST_PUSH + 1)
    if len(body) > LARGEST_PUSH:
        return HttpResponse(status=413)
    signature = request.headers.get("X-Hub-Signature", "")
    if not protocol.is_genuine(body, signature, secret=subscription.secret):
        return HttpResponse(status=403)
    content_type = request.headers.get("Content-Type", "")
    pipeline.push(subscription, body, content_type=content_type, now=timezone.now())
    return HttpResponse(status=204)
