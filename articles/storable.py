"""What PostgreSQL's text can hold. Pure: must not touch the database.

Its text has no NUL, and UTF-8 has no lone surrogates; JSON can spell both. Whatever comes from outside and has not
been through a cleaner goes through here before it is written.
"""

import dataclasses
import re

from articles.feeds import parse

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def text(value: str) -> str:
    """The text without what PostgreSQL refuses."""
    return UNSTORABLE.sub("", value) if UNSTORABLE.search(value) else value


def cleaned(entry: parse.Entry) -> parse.Entry:
    """The entry without what PostgreSQL refuses; the very same one if there is none."""
    given = (entry.id, entry.url, entry.title, entry.summary, entry.content, *entry.authors)
    if not any(UNSTORABLE.search(value) for value in given):
        return entry
    return dataclasses.replace(
        entry,
        id=text(entry.id),
        url=text(entry.url),
        title=text(entry.title),
        summary=text(entry.summary),
        content=text(entry.content),
        authors=tuple(text(author) for author in entry.authors),
    )
