"""How a query that is being typed may go on: fields, companies, themes, saved searches. Must not parse the query."""

from collections.abc import Iterable, Iterator

from articles import models, reads
from articles.search import edit, fields
from newswatch.accounts.models import User

MOST = 10
LONGEST_TYPED = 60
# What may follow a field that has no fixed values.
VALUES = {"published": ("7d", "30d", "지난주", "이번달")}
# Fields that are asked for often, in the order of their offer.
OFFERED = (
    *("company", "theme", "title", "source", "published", "lang", "is", "search", "author", "body", "lead"),
    *("has", "note", "event", "person", "outlets"),
)


def completions(text: str, owner: User) -> list[str]:
    """Whole queries that begin with what was typed, the likeliest first. At most three queries."""
    opened = edit.being_typed(text)
    if opened is None or len(opened.typed) > LONGEST_TYPED:
        return []
    field = fields.named(opened.field) or ""
    if opened.field:
        prefix = f"{opened.before}{opened.field}:"
        return [prefix + written(value) for value in values(field, opened.typed, owner)][:MOST]
    return [opened.before + word for word in words(opened.typed)][:MOST]


def values(field: str, typed: str, owner: User) -> Iterable[str]:
    """What may follow a field's colon."""
    match field:
        case "company":
            return [company.name for company in reads.suggestions(typed, most=MOST)] if typed else []
        case "theme":
            return models.Theme.objects.filter(name__istartswith=typed).values_list("name", flat=True)
        case "source":
            outlets = models.Outlet.objects.filter(name__istartswith=typed).order_by("name")
            return outlets.values_list("name", flat=True)[:MOST]
        case "search":
            mine = models.SavedSearch.objects.filter(owner=owner, name__istartswith=typed)
            return mine.values_list("name", flat=True)[:MOST]
        case _:
            known = fields.FIXED.get(field, VALUES.get(field, ()))
            return [value for value in known if value.startswith(typed)]


def words(typed: str) -> Iterator[str]:
    """What the beginning of a word may become: a field, or a company or theme by its field."""
    folded = typed.casefold()
    yield from (f"{name}:" for name in OFFERED if name.startswith(folded))
    for company in reads.suggestions(typed, most=MOST):
        yield f"company:{written(company.name)}"
    for name in models.Theme.objects.filter(name__istartswith=typed).values_list("name", flat=True)[:MOST]:
        yield f"theme:{written(name)}"


def written(value: str) -> str:
    """A value as it stands in a query."""
    return f'"{value}"' if any(not sign.isalnum() for sign in value) else value
