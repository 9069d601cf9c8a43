"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`is_demo` (bool) and the reader's `appearance`: auto, light or dark."""
    user = getattr(request, "user", None)
    appearance = user.appearance if user is not None and user.is_authenticated else "auto"
    return {"is_demo": settings.ENVIRONMENT == "demo", "appearance": appearance}
