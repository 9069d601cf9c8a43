"""How templates name people, and what can be taken back."""

from django import template

from articles import shares
from newswatch import undo
from newswatch.accounts.models import User

register = template.Library()


@register.filter
def person(of: User) -> str:
    """What colleagues call somebody."""
    return shares.name_of(of)


@register.filter
def undo_form(tags: str) -> undo.Form | None:
    """The form that takes back what a message says was done; None if there is none."""
    return undo.form_of(tags)
