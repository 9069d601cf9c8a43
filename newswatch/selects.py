"""Fields to choose from a list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class PlainSelect(forms.Select):
    """A select drawn without a template for each option: of eighty outlets they take longer than the news."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The element, with its options in groups where the choices are."""
        chosen = {str(one) for one in self.format_value(value)}
        parts = "".join(
            f'<optgroup label="{escape(code)}">{options(words, chosen)}</optgroup>'
            if isinstance(words, list | tuple)
            else options([(code, words)], chosen)
            for code, words in self.choices
        )
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{own}>{parts}</select>")  # noqa: S308 - all in it is escaped


def options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
    """The options of a select or of one of its groups."""
    return "".join(
        f'<option value="{escape(code)}"{" selected" if str(code) in chosen else ""}>{escape(words)}</option>'
        for code, words in choices
    )
