"""What a page may load and run: nothing but our own files, and no script or style that stands in the page itself.

A feed's markup that slipped through every escaping could therefore still do nothing. Django has this built in from
version 6 on; until then these few lines do.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

HEADER = "Content-Security-Policy"
NOTHING_ELSE = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    # Bootstrap's sheet holds its small pictures in itself.
    "img-src": "'self' data:",
}
# The admin panel's Alpine.js makes functions of its attributes, and its templates set styles on elements.
ADMIN = NOTHING_ELSE | {"script-src": "'self' 'unsafe-eval'", "style-src": "'self' 'unsafe-inline'"}


def header(policy: dict[str, str]) -> str:
    """The policy as a header says it."""
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class ContentPolicyMiddleware:
    """Send the policy with every answer that does not bring one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.site, self.admin = header(NOTHING_ELSE), header(ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_admin = request.path_info.startswith(reverse("admin:index"))
        response.headers.setdefault(HEADER, self.admin if is_admin else self.site)
        return response
