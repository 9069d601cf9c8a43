"""Where the words of a field stand: under which lexemes those of a region are found. Shared by both engines."""

from articles.search import fields, query, tokens


def lexemes_in(lexemes: tuple[str, ...], where: str) -> tuple[str, ...]:
    """The lexemes of a query's word as they stand in its field: those of a region have its name before them."""
    if not where.startswith(query.REGION):
        return lexemes
    kind = where.removeprefix(query.REGION)
    return tokens.in_region(lexemes, (kind,) if kind else fields.REGIONS)
