"""What a webhook is called with."""

import datetime
import hashlib
import hmac
import json

from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import payload

AT = datetime.datetime(2026, 11, 20, 3, tzinfo=datetime.UTC)


def message(title="한빛배터리, 북미 공장 착공", count=1, **fields):
    story = payload.Story(
        title=title,
        url="https://news.example/articles/1/",
        original="https://paper.example/1",
        outlet="한빛일보",
        published=AT,
        text="배터리 공장을 짓는다.",
        alerts=("배터리",),
        outlets=3,
    )
    given_fields = {
        "id": "<1@news.example>",
        "title": "배터리",
        "url": "https://news.example/alerts/1/",
        **fields,
    }
    return payload.Message(stories=[story] * count, **given_fields)


def read(form, **fields):
    return json.loads(payload.body(message(**fields), form))


def test_the_plain_form_has_everything():
    [story] = read("json")["stories"]
    assert story["title"] == "한빛배터리, 북미 공장 착공"
    assert story["published_at"] == "2026-11-20T03:00:00+00:00"
    assert (story["outlet_count"], story["alerts"]) == (3, ["배터리"])


def test_slack_gets_blocks_within_its_limits():
    found = read("slack", count=60, title="가" * 5000)
    assert found["text"]
    assert len(found["blocks"]) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in found["blocks"] if block["type"] == "section")


def test_teams_gets_an_adaptive_card():
    [attachment] = read("teams")["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["body"][1]["text"].endswith("](https://news.example/articles/1/)")


HOSTILE = "<!channel> <https://evil.example|x> [a](https://evil.example) *b*"


def test_a_hostile_title_makes_no_link_in_slack_and_calls_nobody():
    text = json.dumps(read("slack", title=HOSTILE))
    assert "<!channel>" not in text
    assert "<https://evil.example" not in text


def test_a_hostile_title_makes_no_link_in_teams():
    assert "[a](https://evil.example" not in json.dumps(read("teams", title=HOSTILE))


@given(st.binary(), st.text(min_size=1))
def test_whoever_has_the_secret_can_check_the_signature(body, secret):
    when, _, digest = payload.signature(secret, body, at=AT).partition(",v1=")
    signed = when.removeprefix("t=").encode() + b"." + body
    assert hmac.compare_digest(digest, hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest())
    assert when == f"t={int(AT.timestamp())}"
