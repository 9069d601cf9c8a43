"""Where a reader goes back to after a button: a page of ours that the form names, and never another site's."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def asked(request: HttpRequest, otherwise: str) -> str:
    """The address in the field `next`; `otherwise` if there is none, or it leads elsewhere."""
    given = request.POST.get("next", "")
    return given if given and url_has_allowed_host_and_scheme(given, allowed_hosts=None) else otherwise
