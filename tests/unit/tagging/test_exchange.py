"""The watch list as CSV: what is written, what is read, and what a file would do."""

import csv
import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.tagging import exchange, watchlist

LG = exchange.Entry(
    watchlist.Company(
        "LG화학",
        (watchlist.Alias("LG화학", "name"), watchlist.Alias("엘화", "abbreviation", ambiguous=True)),
        ticker="051910",
        parent="LG",
    )
)
GROUP = exchange.Entry(
    watchlist.Company("LG", (watchlist.Alias("LG", "name", True, True),), kind="group", sport=True)
)
STORED = {"LG화학": LG, "LG": GROUP}
AI = exchange.Entry(
    watchlist.Theme(
        "AI", (watchlist.Term("인공지능", 1.5), watchlist.Term("조류", 1.0, exclude=True)), ("LG",), 1.0
    )
)
HEADER = "name,kind,aliases,parent,remove\r\n"


def plan(text: str) -> exchange.Plan[watchlist.Company]:
    return exchange.plan_companies(exchange.read(text), STORED)


def plan_theme(text: str) -> exchange.Plan[watchlist.Theme]:
    return exchange.plan_themes(exchange.read(text), {"AI": AI}, ["LG", "기아"])


def refusal(line: exchange.Line) -> str:
    assert line.outcome == "refused"
    return line.told[0].sentence


def test_what_is_written_is_read_as_no_change():
    assert plan(exchange.write_companies(STORED.values())).changes == ()
    assert plan_theme(exchange.write_themes([AI])).changes == ()


def test_a_line_adds_changes_or_removes_a_company():
    found = plan(
        HEADER
        + "두빌,company,english:Doobil | abbreviation?:두빌리,LG,\n"
        + "LG화학,,name:LG화학 | english:LG Chem,LG,\n"
        + "LG,group,name??:LG,,\n"
    )
    assert [line.outcome for line in found.lines] == ["added", "changed", "unchanged"]
    added, changed = found.changes
    assert added.after
    assert added.after.value.aliases == (
        watchlist.Alias("두빌", "name"),
        watchlist.Alias("Doobil", "english"),
        watchlist.Alias("두빌리", "abbreviation", ambiguous=True),
    )
    assert [dict(one.values)["value"] for one in found.lines[1].told] == [
        "english:LG Chem",
        "abbreviation?:엘화",
    ]
    assert changed.after
    assert changed.after.value.ticker == "051910"
    gone = plan(HEADER + "LG,,,,yes\n")
    assert (gone.lines[0].outcome, gone.changes[0].after) == ("removed", None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",company,,,", exchange.NO_NAME),
        ("…,company,,,", exchange.NO_LETTERS),
        ("새,firm,,,", exchange.UNKNOWN_VALUE),
        ("새,company,nick:새,,", exchange.UNKNOWN_VALUE),
        ("새,company,name:a | name:a,,", exchange.FORM_TWICE),
        ("새,company,name:…,,", exchange.NO_LETTERS),
        ("새,company,,없는 그룹,", exchange.NO_PARENT),
        ("새,company,,새,", exchange.OWN_PARENT),
        ("새,,,,yes", exchange.NOT_THERE),
        ("새,,,,vielleicht", exchange.UNKNOWN_VALUE),
        (f"{'가' * 201},,,,", exchange.TOO_LONG),
        (f"새,,{'가' * 201},,", exchange.TOO_LONG),
        ("새,,,,,,zu viel", exchange.CELLS),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_and_the_others_are_not(line: str, why: str):
    found = plan(HEADER + line + "\n두빌,company,,,\n")
    assert refusal(found.lines[0]) == why
    assert [change.after and change.after.value.name for change in found.changes] == ["두빌"]


def test_a_company_that_stands_there_twice_counts_once():
    found = plan(HEADER + "두빌,company,,,\n두빌,group,,,\n")
    assert refusal(found.lines[1]) == exchange.TWICE
    assert len(found.changes) == 1


def test_a_parent_that_goes_is_nobodys_parent():
    found = plan(HEADER + "LG,,,,yes\n두빌,company,,LG,\n")
    assert refusal(found.lines[1]) == exchange.NO_PARENT


def test_a_theme_is_changed_fact_by_fact():
    found = plan_theme(
        "theme,key,value,weight,subtheme,remove\n"
        "AI,term,기계학습,1.2,LLM,\nAI,term,인공지능,2,,\nAI,exclude,조류,,,yes\nAI,threshold,1.5,,,\n"
        "AI,company,기아,,,\nAI,company,LG,,,yes\nAI,recognised,no,,,\n"
    )
    assert {line.outcome for line in found.lines} == {"changed"}
    after = found.changes[0].after
    assert after == exchange.Entry(
        watchlist.Theme(
            "AI",
            (watchlist.Term("인공지능", 2.0), watchlist.Term("기계학습", 1.2, subtheme="LLM")),
            ("기아",),
            1.5,
        ),
        enabled=False,
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",term,x,,,", exchange.NO_NAME),
        ("AI,word,x,,,", exchange.UNKNOWN_VALUE),
        ("AI,theme,,,,", exchange.UNKNOWN_VALUE),
        ("AI,term,+++,,,", exchange.BAD_TERM),
        ("AI,term,x,viel,,", exchange.NOT_A_NUMBER),
        ("AI,term,x,nan,,", exchange.NOT_A_NUMBER),
        ("AI,term,x,1e9,,", exchange.NOT_A_NUMBER),
        ("AI,term,없다,,,yes", exchange.NOT_THERE),
        ("AI,company,없다,,,", exchange.NO_COMPANY),
        ("없다,theme,,,,yes", exchange.NOT_THERE),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused(line: str, why: str):
    found = plan_theme("theme,key,value,weight,subtheme,remove\n" + line + "\n")
    assert refusal(found.lines[0]) == why
    assert found.changes == ()


def test_a_theme_goes_whole_and_a_new_one_comes():
    found = plan_theme("theme,key,value,remove\nAI,theme,,yes\n수소,term,수소차,\n")
    assert [line.outcome for line in found.lines] == ["removed", "added"]
    assert [bool(change.after) for change in found.changes] == [False, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_files_of_excel_are_decoded(encoding: str):
    assert exchange.decode("name\r\n두빌\r\n".encode(encoding)) == "name\r\n두빌\r\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x80\xff\xff", exchange.NOT_TEXT),
        (b"name\n\0", exchange.NOT_TEXT),
        (b"x" * 5_000_001, exchange.TOO_LARGE),
    ],
)
def test_files_that_are_no_text_are_refused(data: bytes, why: str):
    with pytest.raises(exchange.Unreadable, match=why[:20].replace("(", ".")):
        exchange.decode(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", exchange.NO_HEADER),
        ("a,b\n1,2\n", exchange.NO_HEADER),
        ("name,name\nx,y\n", exchange.UNKNOWN_COLUMNS),
        ("name,price\nx,y\n", exchange.UNKNOWN_COLUMNS),
        ('name\n"x\n', exchange.NOT_CSV),
        ("name\n" + "x" * 200_000 + "\n", exchange.NOT_CSV),
        ("name\n" + "x\n" * 20_001, exchange.TOO_LARGE),
    ],
)
def test_files_that_are_no_such_table_are_refused(text: str, why: str):
    with pytest.raises(exchange.Unreadable) as caught:
        exchange.read(text)
    assert str(caught.value) == why


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_semicolons_and_tabs_part_cells_too(delimiter: str):
    table = exchange.read(
        delimiter.join(("name", "kind")) + "\r\n" + delimiter.join(("두빌", "group")) + "\r\n"
    )
    assert table.rows == ((2, {"name": "두빌", "kind": "group"}),)


@pytest.mark.parametrize("name", ["=1+1", "+82", "-cmd|x", "@SUM(A1)"])
def test_no_cell_is_a_formula_and_reading_gives_the_name_back(name: str):
    entry = exchange.Entry(watchlist.Company(name, (watchlist.Alias(name, "name"),)))
    written = exchange.write_companies([entry])
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert dict(exchange.read(written).rows[0][1])["name"] == name


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=5))
def test_any_file_is_read_or_refused(rows: list[tuple[str, str, str]]):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("name", "aliases", "parent"), *rows])
    found = plan(out.getvalue())
    for change in found.changes:
        assert change.after
        again = exchange.write_companies([change.after])
        stored = {**STORED, change.after.value.name: change.after, change.after.value.parent: GROUP}
        assert exchange.plan_companies(exchange.read(again), stored).changes == ()


def test_every_alias_kind_survives():
    aliases = tuple(
        watchlist.Alias(f"{kind} x", kind, ambiguous, common)
        for kind in watchlist.ALIAS_KINDS
        for ambiguous, common in ((False, False), (True, False), (True, True))
        if not common or kind != "name"
    )
    entry = dataclasses.replace(
        LG,
        value=dataclasses.replace(
            LG.value, aliases=tuple({one.text: one for one in (*LG.value.aliases, *aliases)}.values())
        ),
    )
    table = exchange.read(exchange.write_companies([entry]))
    assert exchange.plan_companies(table, {**STORED, "LG화학": entry}).changes == ()
