"""Korean sentences of the catalogue with names in them get the particles that fit the names.

A translator writes 은(는) after a place for a name. Once the name is there, the right one can be chosen; that is
done where the name is put in, so that no text of a publisher is touched.
"""

from typing import Any

from django.utils.translation import trans_real

from articles.korean import josa


class Sentence(str):
    """A translation that chooses its particles when names are put in its places."""

    __slots__ = ()

    def __mod__(self, values: Any) -> str:
        return josa.settle(super().__mod__(values))


def teach() -> None:
    """Have the Korean catalogue do so. Safe to call twice."""
    for entries in trans_real.translation("ko")._catalog._catalogs:  # type: ignore[attr-defined]
        for key, text in entries.items():
            if isinstance(text, str) and josa.FORM.search(text):
                entries[key] = Sentence(text)
