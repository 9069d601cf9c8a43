import pytest

from newswatch.services import prepare


@pytest.fixture
def base(tmp_path):
    for name in (
        "requirements.lock",
        "newswatch/settings.py",
        "newswatch/static/a.css",
        "newswatch/static/js/b.js",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_the_fingerprint_stays_while_nothing_changes(base):
    assert prepare.static_fingerprint(base) == prepare.static_fingerprint(base)


@pytest.mark.parametrize("name", ["requirements.lock", "newswatch/settings.py", "newswatch/static/js/b.js"])
def test_a_changed_file_changes_the_fingerprint(base, name):
    before = prepare.static_fingerprint(base)
    (base / name).write_text("changed")
    assert prepare.static_fingerprint(base) != before


def test_a_renamed_file_changes_the_fingerprint(base):
    before = prepare.static_fingerprint(base)
    (base / "newswatch/static/a.css").rename(base / "newswatch/static/c.css")
    assert prepare.static_fingerprint(base) != before


def test_lines_for_the_person_are_marked(capsys):
    prepare.Told().write("one\n\ntwo\n")
    assert capsys.readouterr().out == "> one\n> two\n"
