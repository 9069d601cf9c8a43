"""A briefing as plain text: for mails, and for pasting into a chat. Must not break lines: whoever shows it does."""

from collections.abc import Iterator

from articles.briefing import document


def to_text(made: document.Document) -> str:
    """The whole document, sections parted by blank lines."""
    return "\n".join(_lines(document.clean(made))).strip() + "\n"


def _lines(made: document.Document) -> Iterator[str]:
    yield made.title
    if made.date and made.date not in made.title:
        yield made.date
    if made.intro:
        yield f"\n{made.intro}"
    for section in made.sections:
        if not section.lines:
            continue
        yield f"\n[{section.heading}]" if section.heading else ""
        for line in section.lines:
            yield f"- {line.text}" + (f" ({line.source})" if line.source else "")
            if line.url:
                yield f"  {line.url}"
    if made.colophon:
        yield f"\n{made.colophon}"
