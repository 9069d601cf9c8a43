"""Where the links in mails lead: a page that asks, and a button that acts, without a log-in and without a cookie.

Looking never acts: mail scanners follow links. What a mail program posts by itself (RFC 8058) acts at once.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerts import by_mail, links
from newswatch import limits

# Links that one reader may use, and that one address may try in vain, in so many seconds.
MOST_ACTS, MOST_FAILURES, SPAN_S = 30, 60, 600


# The token is what allows the request, and no site can make a browser send one that it does not have.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a link would do, and a button; or, for a POST, that it is done."""
    try:
        about = by_mail.subject(links.read(token))
    except links.BadLinkError as error:
        return refuse(request, error)
    with translation.override(about.reader.language):
        if is_anothers(request, about):
            return answer(request, {"problem": "other"}, status=403)
        if request.method != "POST":
            return answer(request, {"about": about, "token": token})
        if not limits.allows(f"by-mail:{about.link.seal}", most=MOST_ACTS, seconds=SPAN_S):
            return answer(request, {"problem": "often"}, status=429)
        back = by_mail.act(about, now=timezone.now())
        return answer(request, {"about": about, "token": links.sign(back), "done": True})


def refuse(request: HttpRequest, error: links.BadLinkError) -> HttpResponse:
    """That the link does not work: it is too old, or it is none of ours."""
    where = request.META.get("REMOTE_ADDR", "")
    if not limits.allows(f"by-mail-failures:{where}", most=MOST_FAILURES, seconds=SPAN_S):
        return answer(request, {"problem": "often"}, status=429)
    is_old = isinstance(error, links.OldLinkError)
    return answer(request, {"problem": "old" if is_old else "bad"}, status=410 if is_old else 404)


def is_anothers(request: HttpRequest, about: by_mail.Subject) -> bool:
    """Whether somebody else is logged in here: the mail was handed on, and its link is not hers to use."""
    return request.user.is_authenticated and request.user.pk != about.link.person


def answer(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A small page that no search engine keeps, and that tells no other site its address."""
    response = render(request, "alerts/by_mail.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
