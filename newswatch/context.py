"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`is_demo` (bool), the reader's `appearance` (auto, light or dark) and whether her lists are compact."""
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    return {
        "is_demo": settings.ENVIRONMENT == "demo",
        "appearance": known.appearance if known else "auto",
        "is_compact": known is not None and known.density == "compact",
    }
