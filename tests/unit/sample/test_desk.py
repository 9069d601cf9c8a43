import datetime

import pytest

from newswatch.sample import desk, newsroom

START = datetime.datetime(2026, 11, 22, 11, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "newsroom.json"


def open_desk(path, now=START):
    return desk.Desk(newsroom.shipped(), path, now=now)


def test_a_second_start_the_next_month_serves_the_very_same_articles(path):
    first = open_desk(path)
    second = open_desk(path, now=START + datetime.timedelta(days=33))
    assert second.anchor == START
    assert second.articles == first.articles


def test_releases_come_one_by_one_and_keep_their_time_over_a_restart(path):
    newsdesk = open_desk(path)
    held = newsdesk.held()
    assert not set(held) & set(newsdesk.articles)
    assert newsdesk.release_next(now=START + MINUTE) == held[0]
    again = open_desk(path, now=START + 60 * MINUTE)
    assert again.articles[held[0]].published == START + MINUTE
    assert again.held() == held[1:]


def test_everything_is_released_in_the_end_and_then_nothing_more(path):
    newsdesk = open_desk(path)
    steps = 0
    while newsdesk.release_next(now=START + MINUTE * steps):
        steps += 1
    assert steps == 10
    assert len(newsdesk.articles) == len(newsdesk.library.drafts)
    assert {article.version for article in newsdesk.articles.values()} == {1, 2}


def test_a_correction_is_served_once_and_remembered(path):
    newsdesk = open_desk(path)
    corrected = newsdesk.correct("hanbit-1006", now=START + MINUTE)
    assert corrected.version == 2
    assert newsdesk.correct("hanbit-1006", now=START + 9 * MINUTE).updated == START + MINUTE
    assert open_desk(path).articles["hanbit-1006"] == corrected


@pytest.mark.parametrize("guid", ["nonsense", "hanbit-1002", "hanbit-1015"])
def test_an_article_without_a_published_second_version_is_not_corrected(path, guid):
    with pytest.raises(desk.Refused):
        open_desk(path).correct(guid, now=START)


def test_articles_by_hand_get_ids_of_their_own_and_survive_a_restart(path):
    newsdesk = open_desk(path)
    made = [newsdesk.publish({"title": "제목", "body": "본문"}, now=START) for _ in range(2)]
    assert made[0].guid != made[1].guid
    assert open_desk(path).articles[made[1].guid] == made[1]


@pytest.mark.parametrize(("language", "outlet"), [("ko", "hanbit"), ("en", "harbor"), ("", "hanbit")])
def test_a_language_alone_finds_an_outlet(path, language, outlet):
    article = open_desk(path).publish({"title": "t", "body": "b", "lang": language}, now=START)
    assert article.outlet == outlet


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"body": "b"}, "title is missing"),
        ({"title": "t", "body": " \n "}, "body is missing"),
        ({"title": "t" * 301, "body": "b"}, "longer than 300"),
        ({"title": ["t"], "body": "b"}, "title must be text"),
        ({"title": "t", "body": "b", "outlet": "nobody"}, "unknown outlet 'nobody'"),
        ({"title": "t", "body": "b", "lang": "fr"}, "no outlet writes in 'fr'"),
        ({"title": "t", "body": "b", "section": "Cooking"}, "no section 'Cooking'"),
    ],
)
def test_an_article_that_cannot_be_published_is_refused_with_the_reason(path, fields, complaint):
    newsdesk = open_desk(path)
    before = path.read_bytes()
    with pytest.raises(desk.Refused, match=complaint):
        newsdesk.publish(fields, now=START)
    assert path.read_bytes() == before


def test_characters_that_xml_and_utf8_cannot_carry_are_left_out(path):
    article = open_desk(path).publish({"title": "a\x00b\ud800c", "body": "one\r\n\r\ntwo\x0b"}, now=START)
    assert article.title == "abc"
    assert article.paragraphs == ("one", "two")


def test_a_broken_state_file_is_named_and_left_as_it_is(path):
    path.parent.mkdir()
    path.write_text('{"anchor": 1}')
    with pytest.raises(newsroom.BadData, match=r"newsroom\.json.*delete it"):
        open_desk(path)
    assert path.read_text() == '{"anchor": 1}'
