"""The Korean catalogue has every string of the code and the templates, and the compiled file is the same."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import gettext as gettext_of
from django.utils.translation import override

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


def catalogue() -> dict[Key, str]:
    """Context and string of every entry -> its translation, without those that are unsure."""
    text = (FOLDER / "django.po").read_text(encoding="utf-8")
    entries = [
        read_entry(block) for block in text.split("\n\n") if "fuzzy" not in block.partition("msgid")[0]
    ]
    return {
        (entry.get("msgctxt", ""), entry["msgid"]): entry.get("msgstr") or entry.get("msgstr[0]", "")
        for entry in entries
        if entry.get("msgid")
    }


def read_entry(block: str) -> dict[str, str]:
    """The keywords of an entry and their strings; a string may go on in the lines below its keyword."""
    entry: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        if not line or line.startswith("#"):
            continue
        before, quote, text = line.partition('"')
        keyword = before.strip() or keyword
        entry[keyword] = entry.get(keyword, "") + ast.literal_eval(quote + text)
    return entry


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
    assert sorted(key for key in wanted if not known.get(key)) == []


def test_the_compiled_catalogue_is_the_written_one():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (context, text), translation in catalogue().items():
        # A string with a plural is filed under its number.
        found = {compiled.pgettext(context, text), compiled.npgettext(context, text, text, 1)}
        plain = {compiled.gettext(text), compiled.ngettext(text, text, 1)}
        assert translation in (found if context else plain), text


def test_a_translation_has_the_places_of_its_original():
    place = re.compile(r"%\(\w+\)[sd]|%[sd]")
    for (_, text), translation in catalogue().items():
        assert set(place.findall(translation)) == set(place.findall(text)), text


def test_every_problem_the_parser_can_name_is_in_the_catalogue():
    named = {text for name in ("query", "scan", "saved", "regex") for text in sentences_of(name)}
    assert len(named) > 20
    assert named == set(query_problems.TEMPLATES)


def sentences_of(name: str) -> Iterator[str]:
    """The sentences in a module of the query language, which are its problems; docstrings aside."""
    tree = ast.parse((BASE / "articles" / "search" / f"{name}.py").read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in said else None
        if isinstance(text, str) and re.fullmatch(r"\S+ .{20,}(\.|%\(problem\)s)", text):
            yield text


def test_a_name_in_a_korean_sentence_gets_the_particle_that_fits_it():
    written = "{% load i18n %}{% blocktranslate %}named together with {{ name }}{% endblocktranslate %}"
    with override("ko"):
        said = gettext_of("named together with %(name)s") % {"name": "카카오"}
        shown = engines["django"].from_string(written).render({"name": "“LG화학”"})
    assert (said, shown) == ("카카오와 나란히 언급됨", "“LG화학”과 나란히 언급됨")
