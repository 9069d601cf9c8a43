"""Who reads this page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from newswatch.accounts import models


def of(request: HttpRequest) -> models.User:
    """The person who is logged in. Raises PermissionDenied if nobody is, which the log-in page prevents."""
    if not isinstance(request.user, models.User):
        raise PermissionDenied
    return request.user


def is_looking(request: HttpRequest) -> bool:
    """Whether somebody sees the page that is asked for, and not only her browser in advance."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
