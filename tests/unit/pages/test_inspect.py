"""The shape that `manage.py inspect page` prints."""

import json

from articles.pages import inspect
from tests.unit.pages import samples


def test_a_page_is_described_in_plain_values():
    described = inspect.describe(samples.korean_page().encode(), url="https://dawn.example/a/1")

    assert set(described) >= {"url", "title", "published", "byline", "language", "text", "regions"}
    assert described["published"] == "2026-03-12T05:05:00Z"
    assert described["changed"] == "2026-03-13T00:00:00Z"
    assert described["authors"] == [{"name": "김하늘", "role": "기자", "address": "sky@dawn.example"}]
    assert described["text"] == "\n\n".join(samples.KOREAN_BODY)
    assert {"kind": "title", "text": samples.KOREAN_TITLE} in described["regions"]
    assert json.loads(json.dumps(described)) == described


def test_a_page_without_a_time_says_null():
    assert inspect.describe(b"<p>Nothing here.</p>")["published"] is None
