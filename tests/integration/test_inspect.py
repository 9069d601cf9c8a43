"""`manage.py inspect` as others' tools call it: a process of its own, no server, no settings in the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import web

ROOT = Path(__file__).resolve().parents[2]
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>시험 신문</title><link>https://news.example/</link><language>ko</language>
<item><guid>g1</guid><link>/a/1</link><title>첫 &amp;amp; 기사</title><pubDate>Mon, 02 Mar 2026 09:00:00 +0900</pubDate>
<description>요약</description><category>경제</category></item></channel></rss>"""
PAGE = """<html><head><meta charset="utf-8"><title>배터리 공장 착공</title></head><body><nav>정치 경제</nav>
<article><h1>배터리 공장 착공</h1><p>LG에너지솔루션은 새 배터리 공장을 짓는다고 2일 밝혔다.</p>
<p>회사는 내년부터 전기차 배터리를 생산할 계획이라고 설명했다.</p></article></body></html>"""


def inspect(*arguments, stdin=b""):
    """The exit status and the printed objects."""
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "inspect", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=environment,
        cwd="/",
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def lines(*documents):
    return "\n".join(json.dumps(document, ensure_ascii=False) for document in documents).encode()


def test_a_feed_is_printed_in_the_documented_shape(tmp_path):
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    status, (feed,) = inspect("feed", tmp_path / "feed.xml", "--url", "https://news.example/rss")
    assert status == 0
    assert set(feed) == {"format", "title", "language", "encoding", "problems", "entries"}
    assert feed["entries"] == [
        {
            "id": "g1",
            "url": "https://news.example/a/1",
            "title": "첫 & 기사",
            "published": "2026-03-02T00:00:00Z",
            "updated": None,
            "authors": [],
            "summary": "요약",
            "content": "",
            "tags": ["경제"],
        }
    ]


def test_a_file_that_cannot_be_read_is_an_error_in_its_place_and_the_others_follow(tmp_path):
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    (tmp_path / "no.xml").write_text("Service Unavailable")
    status, found = inspect("feed", tmp_path / "none.xml", tmp_path / "no.xml", tmp_path / "feed.xml")
    assert status == 1
    assert ["error" in one for one in found] == [True, True, False]


def test_a_page_is_printed_in_the_documented_shape_from_a_file_or_standard_input(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    status, (page,) = inspect("page", tmp_path / "page.html", "--url", "https://news.example/a/1")
    assert status == 0
    assert set(page) >= {"url", "title", "published", "byline", "language", "text", "regions"}
    assert page["text"].split("\n\n") == [
        "LG에너지솔루션은 새 배터리 공장을 짓는다고 2일 밝혔다.",
        "회사는 내년부터 전기차 배터리를 생산할 계획이라고 설명했다.",
    ]
    assert inspect("page", "-", "--url", "https://news.example/a/1", stdin=PAGE.encode()) == (0, [page])


def test_an_address_is_fetched():
    with web.Site() as site:
        site.pages["/a/1"] = PAGE.encode()
        status, (page,) = inspect("page", site.url + "/a/1")
        assert (status, page["url"]) == (0, site.url + "/a/1")
        status, (missing,) = inspect("page", site.url + "/none")
    assert status == 1
    assert "404" in missing["error"]


def test_lines_of_text_are_tagged_with_spans_that_are_where_they_say():
    document = {
        "id": "1",
        "title": "LG화학, 신약 임상",
        "text": "LG화학은 배터리도 만든다.",
        "published": None,
    }
    status, (found,) = inspect("text", stdin=lines(document))
    assert status == 0
    assert set(found) == {"id", "language", "companies", "themes", "dates"}
    assert [company["name"] for company in found["companies"]] == ["LG화학"]
    evidence = [span for tag in found["companies"] + found["themes"] for span in tag["evidence"]]
    assert evidence
    for span in evidence:
        assert document[span["field"]][span["start"] : span["end"]] == span["text"]


def test_lines_of_text_are_dated_by_both_commands_alike():
    document = {
        "id": "1",
        "title": "",
        "text": "지난달 31일 의결했다.",
        "published": "2023-08-24T11:00:00+09:00",
    }
    status, dated = inspect("dates", stdin=lines(document, {"id": "2", "text": "어제"}))
    assert status == 1
    assert dated[0]["id"] == "1"
    assert [(one["text"], one["from"], one["to"]) for one in dated[0]["dates"]] == [
        ("지난달 31일", "2023-07-31", "2023-07-31")
    ]
    assert "published" in dated[1]["error"]
    _, (tagged,) = inspect("text", stdin=lines(document))
    assert tagged["dates"] == dated[0]["dates"]


def test_a_line_that_is_no_object_is_an_error_in_its_place():
    status, found = inspect("text", stdin=b'{"id":"1","title":"a"}\nnot json\n[1]\n{"id":"2","title":"b"}\n')
    assert status == 1
    assert [one.get("id", "error") for one in found] == ["1", "error", "error", "2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("인공지능", [True, False]),
        ("-야구 인공지능", [True, False]),
        ("theme:AI", [True, False]),
        ("company:두산에너빌리티", [False, True]),
    ],
)
def test_a_query_says_of_each_document_whether_and_where_it_matches(query, expected):
    documents = [
        {"id": "1", "title": "네이버, 인공지능을 검색에", "text": ""},
        {"id": "2", "title": "두산에너빌리티, 풍력 수주", "text": ""},
    ]
    status, (head, *found) = inspect("query", query, stdin=lines(*documents))
    assert status == 0
    assert set(head) == {"query"}
    assert [one["match"] for one in found] == expected
    for one, document in zip(found, documents, strict=True):
        for span in one["spans"]:
            assert document[span["field"]][span["start"] : span["end"]] == span["text"]


def test_a_query_that_only_excludes_is_refused_at_its_place():
    status, (found,) = inspect("query", "-야구", stdin=lines({"id": "1", "title": "a"}))
    assert status == 1
    assert found["position"] == 0
