import datetime
import urllib.error
import urllib.request

import pytest

from articles import captures


def make_day(root, name, files):
    folder = root / name
    folder.mkdir()
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_days_come_in_order_and_other_folders_are_passed_over(tmp_path):
    make_day(tmp_path, "20220724", {"b-all.xml": "<rss/>"})
    make_day(tmp_path, "2022-07-23", {"a-all.xml": "<rss/>"})
    make_day(tmp_path, "notes", {"c.xml": "<rss/>"})
    days = captures.read_days(tmp_path)
    assert [day.date for day in days] == [datetime.date(2022, 7, 23), datetime.date(2022, 7, 24)]


def test_a_single_day_can_be_named_itself(tmp_path):
    folder = make_day(tmp_path, "20220724", {"b-all.xml": "<rss/>"})
    assert [day.folder for day in captures.read_days(folder)] == [folder]


def test_a_capture_knows_when_it_was_made_and_one_that_does_not_takes_the_days_last(tmp_path):
    stamp = "<rss><channel><lastBuildDate>2022-07-24T00:09:50.550Z</lastBuildDate></channel></rss>"
    make_day(tmp_path, "20220724", {"a.xml": stamp, "b.xml": "<rss/>"})
    day = captures.read_days(tmp_path)[0]
    assert {capture.at for capture in day.captures} == {
        datetime.datetime(2022, 7, 24, 0, 9, 50, 550000, tzinfo=datetime.UTC)
    }


def test_a_folder_without_captures_says_what_is_expected(tmp_path):
    with pytest.raises(captures.NoCaptures, match="20220723"):
        captures.read_days(tmp_path)


def test_the_server_serves_the_day_it_is_set_to_and_nothing_else(tmp_path):
    first = make_day(tmp_path, "20220723", {"a.xml": "one"})
    second = make_day(tmp_path, "20220724", {"a.xml": "two"})
    (tmp_path / "secret.xml").write_text("no")
    with captures.serve(first) as server:
        assert urllib.request.urlopen(f"{server.url}/a.xml").read() == b"one"
        server.folder = second
        assert urllib.request.urlopen(f"{server.url}/a.xml").read() == b"two"
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(f"{server.url}/..%2fsecret.xml")
        refused.value.close()


def test_publishers_names_are_read_if_there_are_any(tmp_path):
    assert captures.read_publishers(tmp_path) == {}
    (tmp_path / "publishers.csv").write_text("id,name\nkhan,경향\n", encoding="utf-8")
    assert captures.read_publishers(tmp_path) == {"khan": "경향"}
