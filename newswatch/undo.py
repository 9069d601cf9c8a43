"""Messages that can be taken back: what is said after a change, with the form that undoes it.

The form goes with the message, which only its reader gets; what it posts to asks for the same rights as anything else.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest

PREFIX = "undo:"


@dataclass(frozen=True, slots=True)
class Form:
    """Where to post which fields; `target` is the selector of what the answer replaces, if scripts run."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    target: str = ""


def say(request: HttpRequest, text: str, form: Form | None) -> None:
    """Say what was done, with a button that undoes it if there is a form for that."""
    if form is None:
        messages.success(request, text)
        return
    packed = json.dumps([form.url, dict(form.fields), form.target]).encode()
    tag = PREFIX + base64.urlsafe_b64encode(packed).decode()
    messages.success(request, text, extra_tags=tag)


def form_of(tags: str) -> Form | None:
    """The form that goes with a message; None if it can't be taken back."""
    found = next((tag for tag in tags.split() if tag.startswith(PREFIX)), None)
    if found is None:
        return None
    url, fields, target = json.loads(base64.urlsafe_b64decode(found.removeprefix(PREFIX)))
    return Form(url, fields, target)
