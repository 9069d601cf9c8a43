"""The Korean catalogue has every string of the code and the templates, and the compiled file is the same."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from django.template import engines
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from articles import query_problems

BASE = Path(__file__).resolve().parents[2]
FOLDER = BASE / "newswatch" / "locale" / "ko" / "LC_MESSAGES"
APPS = ("articles", "alerts", "newswatch")
FUNCTIONS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}

Key = tuple[str, str]


def catalogue() -> dict[Key, object]:
    """Context and string of every entry -> its translation, without those that are unsure."""
    with (FOLDER / "django.po").open("rb") as file:
        messages = pofile.read_po(file, locale="ko")
    return {
        (
            message.context or "",
            message.id[0] if isinstance(message.id, tuple) else message.id,
        ): message.string
        for message in messages
        if message.id and not message.fuzzy
    }


def strings_of_code() -> Iterator[Key]:
    for app in APPS:
        for path in (BASE / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and called(node) in FUNCTIONS:
                    texts = [given.value for given in node.args if isinstance(given, ast.Constant)]
                    if texts and isinstance(texts[0], str):
                        yield (texts[0], str(texts[1])) if called(node).startswith("p") else ("", texts[0])


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def strings_of_templates() -> Iterator[Key]:
    for path in (BASE / "templates").rglob("*.*"):
        template = engines["django"].from_string(path.read_text(encoding="utf-8"))
        for node in template.template.nodelist.get_nodes_by_type(Node):
            if isinstance(node, TranslateNode):
                yield (
                    context_of(node),
                    str(node.filter_expression.var.literal or node.filter_expression.var),
                )
            elif isinstance(node, BlockTranslateNode):
                yield (context_of(node), block_text(node))


def context_of(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.var) if node.message_context else ""


def block_text(node: BlockTranslateNode) -> str:
    text, _ = node.render_token_list(node.singular)
    return re.sub(r"\s*\n\s*", " ", text.strip()) if node.trimmed else text


def test_every_string_has_a_korean_translation():
    known = catalogue()
    wanted = set(strings_of_code()) | set(strings_of_templates())
    assert len(wanted) > 300
    assert sorted(key for key in wanted if not filled(known.get(key))) == []


def filled(translation: object) -> bool:
    return all(translation) if isinstance(translation, tuple) else bool(translation)


def test_the_compiled_catalogue_is_the_written_one():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (context, text), translation in catalogue().items():
        if isinstance(translation, tuple):
            found = (
                compiled.npgettext(context, text, text, 1) if context else compiled.ngettext(text, text, 1)
            )
            assert found == translation[0]
        else:
            assert (compiled.pgettext(context, text) if context else compiled.gettext(text)) == translation


def test_a_translation_has_the_places_of_its_original():
    place = re.compile(r"%\(\w+\)[sd]|%[sd]")
    for (_, text), translation in catalogue().items():
        told = translation[0] if isinstance(translation, tuple) else str(translation)
        assert set(place.findall(told)) == set(place.findall(text)), text


def test_every_problem_the_parser_can_name_is_in_the_catalogue():
    tree = ast.parse((BASE / "articles" / "search" / "query.py").read_text(encoding="utf-8"))
    named = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and called(node) in {"fail", "QueryError"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(named) > 20
    assert named == set(query_problems.TEMPLATES)
