"""What is wrong with a query, and where. Knows no language but English: translating is for whoever shows it."""


class QueryError(ValueError):
    """A query that can't be read.

    `message` says what is wrong and how to mend it; `position` is the offset of the character it is about, in code
    points. `template` and `values` are the message before filling in, for a catalogue of translations.
    """

    def __init__(self, template: str, position: int, **values: object) -> None:
        self.template = template
        self.values = values
        self.message = template % values if values else template
        self.position = position
        super().__init__(f"{self.message} (character {position + 1})")
