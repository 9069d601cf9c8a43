"""What a story that was told has to say again: a correction that matters, or a new fact about what the alert asks for.

Most later articles of a story say nothing new in new words, so more than new words is asked for: a figure that nobody
named, in the title or in a sentence with what the alert matched. Texts in, values out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.stories import additions

# What outlets write where they correct.
_CORRECTION = re.compile(r"정정|바로\s?잡습니다|\bcorrect(?:ion|ed|s)\b|\bclarification\b", re.IGNORECASE)
# Articles before one that are compared with it; a longer story has said it all.
MOST_EARLIER = 40

# Where an article matches: field, start, end.
Spans = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Text:
    """An article as it was or is."""

    title: str
    body: str


def is_corrected(before: Text, after: Text, spans: Spans) -> bool:
    """Whether a changed text matters: it says that it corrects, or a figure gave way to another one in the title or
    where it matched. A text of which we have more now is not corrected by that.

    `spans` are places in the text as it is now.
    """
    said, says = f"{before.title}\n{before.body}", f"{after.title}\n{after.body}"
    if 2 * len(said) > len(says) and _CORRECTION.search(says) and not _CORRECTION.search(said):
        return True
    figures = additions.figures_of(said)
    if figures <= additions.figures_of(says):
        return False
    return any(additions.figures_of(part) - figures for part in (after.title, *matched(after.body, spans)))


def has_new_fact(article: Text, earlier: Sequence[Text], spans: Spans) -> bool:
    """Whether a sentence of the article in which the alert matched is new to the story and names a new figure.

    `earlier`: the story's articles before it, oldest first.
    """
    known = [*earlier[:1], *earlier[1:][1 - MOST_EARLIER :]]
    figures = frozenset[str]().union(*(additions.figures_of(text.title + "\n" + text.body) for text in known))
    found = {
        sentence for sentence in matched(article.body, spans) if additions.figures_of(sentence) - figures
    }
    if not found:
        return False
    reports = [additions.Report(text.title, text.body) for text in (*known, article)]
    return not found.isdisjoint(additions.additions(reports)[-1].sentences)


def matched(body: str, spans: Spans) -> list[str]:
    """The sentences of a text in which something matched."""
    places = [(int(str(start)), int(str(end))) for field, start, end in spans if field == "text"]
    found, at = [], 0
    for sentence in additions.sentences(body):
        begin = body.find(sentence, at)
        at = begin + len(sentence)
        if any(begin <= start and end <= at for start, end in places):
            found.append(sentence)
    return found
