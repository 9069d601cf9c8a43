"""One arriving article against every alert: a few look-ups find the alerts that may match, the full query decides.

The look-ups are what Luwak and Lucene Monitor call a presearcher: every alert is filed under words or tags of which a
matching article must have at least one (`alerts.matching.compile` chooses them). Must not store or send anything.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from articles.search import matches, query

# Separates a tag's field from its value in a key; no lexeme contains it.
TAG_SEPARATOR = "\0"


@dataclass(frozen=True, slots=True)
class Matcher:
    """All alerts, ready to be asked. Immutable: when alerts change, compile a new one.

    `by_key` and `by_beginning` hold numbers of alerts: under a lexeme or a tag, and under the beginning of a lexeme;
    `beginnings` are the lengths of those beginnings. `always` are alerts that nothing narrows down.
    """

    alerts: Sequence[tuple[int, query.Query]]
    by_key: Mapping[str, Sequence[int]]
    by_beginning: Mapping[str, Sequence[int]]
    beginnings: Sequence[int]
    always: Sequence[int]

    def match(
        self,
        document: matches.SearchDocument | matches.Prepared,
        *,
        now: datetime.datetime | None = None,
    ) -> list[tuple[int, matches.Match]]:
        """The ids of the alerts that match, in the order they were given, each with its match.

        `now` is the time that periods like "7d" are counted back from; by default the time of publication.
        """
        prepared = document if isinstance(document, matches.Prepared) else matches.prepare(document)
        now = now or prepared.document.published or _NEVER
        found = []
        for number in sorted(self.candidates(prepared)):
            name, ast = self.alerts[number]
            if match := matches.matches(ast, prepared, now=now):
                found.append((name, match))
        return found

    def candidates(self, document: matches.Prepared) -> set[int]:
        """The numbers of the alerts that may match; no other does."""
        numbers = set(self.always)
        for key in keys(document) & self.by_key.keys():
            numbers.update(self.by_key[key])
        if self.beginnings:
            starts = {lexeme[:length] for lexeme in document.index.postings for length in self.beginnings}
            for start in starts & self.by_beginning.keys():
                numbers.update(self.by_beginning[start])
        return numbers


# Stands for "now" if neither it nor the time of publication is known: no period matches such a document anyway.
_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def keys(document: matches.Prepared) -> set[str]:
    """Everything that alerts can be filed under and the document has."""
    found = set(document.index.postings)
    for name in query.TAG_FIELDS:
        found.update(tag_key(name, value) for value in document.folded[name])
    return found


def tag_key(name: str, folded_value: str) -> str:
    """The key of a tag, a value of one of query.TAG_FIELDS."""
    return f"{name}{TAG_SEPARATOR}{folded_value}"
