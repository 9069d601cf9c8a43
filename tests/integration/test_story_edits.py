"""What editors do to stories stays, can be undone, and is minded by what is placed later."""

import datetime

import pytest
from django.utils import timezone, translation

from articles import models, placing, story_edits, story_rows
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
TITLE = "한빛배터리, 북미 공장 착공… 2028년 양산"
BODY = (
    "한빛배터리는 20일 북미에 배터리 공장을 짓기 시작했다고 밝혔다. 공장은 해마다 전기차 30만 대에 들어갈 전지를 "
    "만들며 2028년에 양산을 시작한다. 회사는 3조 원을 들여 일자리 2천 개를 만든다고 덧붙였다."
)
OTHER = "새벽전자, 신형 돌봄 로봇을 병원 열 곳에 공급"
OTHER_BODY = "새벽전자는 돌봄 로봇을 병원 열 곳에 공급한다고 19일 밝혔다. 로봇은 밤에 환자의 낙상을 알아챈다."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def editor():
    return factories.person("editor")


def arrive(title=TITLE, body=BODY, *, outlet="한빛일보", hours=0.0):
    at = timezone.now() - hours * HOUR
    return factories.article(title, body, of=factories.source(factories.outlet(outlet)), published_at=at)


def place():
    placing.place_waiting(now=timezone.now)


def story_of(article):
    article.refresh_from_db()
    return article.story


def restart():
    placing.memory.cache_clear()


def move(article, to=None, *, by=None):
    return story_edits.move(article, to=to, by=by, now=timezone.now())


def merge(story, into):
    return story_edits.merge(story, into, by=None, now=timezone.now())


def undo(edit):
    return story_edits.undo(edit, by=None, now=timezone.now())


def snapshot():
    """All that stories and articles say, but when it last changed and what an emptied story was."""
    assert story_rows.recount_all(now=timezone.now()) == 0
    articles = models.Article.objects.order_by("pk").values_list("pk", *story_edits.PLACE)
    stories = models.Story.objects.told().order_by("pk")
    return list(articles), list(
        stories.values_list("pk", "article_count", "outlet_count", "copy_count", "headline", "merged_into")
    )


@pytest.fixture
def told():
    """A story of three outlets, and another one of two."""
    rows = [arrive(outlet=name, hours=9 - number) for number, name in enumerate(("가", "나", "다"))]
    rows += [arrive(OTHER, OTHER_BODY, outlet=name, hours=4) for name in ("가", "나")]
    place()
    [first, second] = models.Story.objects.order_by("-article_count")
    assert (first.article_count, second.article_count) == (3, 2)
    return first, second, [story_of(row) and row for row in rows]


def test_an_article_moved_out_is_a_story_of_its_own(told, editor):
    first, _, rows = told
    edit = move(rows[1], by=editor)
    own = story_of(rows[1])
    assert own not in (first, None)
    assert (own.article_count, own.headline) == (1, rows[1])
    assert (rows[1].story_pinned, rows[1].story_reason, rows[1].near_duplicate_of) == (True, "pinned", None)
    first.refresh_from_db()
    assert (first.article_count, first.outlet_count, first.copy_count) == (2, 2, 1)
    assert (edit.kind, edit.by, edit.story, edit.into) == ("move", editor, first, own)


def test_a_story_whose_first_article_leaves_keeps_its_id_and_gets_another_headline(told):
    first, _, rows = told
    move(rows[0])
    first.refresh_from_db()
    assert first.headline != rows[0]
    assert first.copy_count == sum(
        article.near_duplicate_of_id is not None for article in first.articles.all()
    )
    assert story_of(rows[0]).pk > max(row.pk for row in rows)


def test_an_article_moved_to_another_story_counts_there(told):
    first, second, rows = told
    move(rows[2], second)
    second.refresh_from_db()
    assert (second.article_count, second.outlet_count) == (3, 3)
    assert story_of(rows[2]) == second
    assert first.articles.count() == 2


@pytest.mark.parametrize("restarted", [False, True])
def test_what_is_like_a_moved_article_joins_it_where_it_is(told, restarted):
    _, second, rows = told
    for row in rows[1:3]:
        move(row, second)
    move(rows[0], second)
    if restarted:
        restart()
    later = arrive(outlet="라")
    place()
    assert story_of(later) == second


def test_a_story_that_loses_its_last_article_leads_to_where_it_went(told):
    first, second, rows = told
    for row in rows[:3]:
        move(row, second)
    first.refresh_from_db()
    assert first.merged_into == second
    assert story_edits.follow(first) == second
    assert first not in models.Story.objects.told()


@pytest.mark.parametrize("restarted", [False, True])
def test_merged_stories_are_one_and_later_articles_of_either_join_it(told, restarted):
    first, second, _ = told
    merge(second, first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.article_count, second.article_count, second.merged_into) == (5, 0, first)
    if restarted:
        restart()
    later = arrive(OTHER, OTHER_BODY, outlet="라")
    place()
    assert story_of(later) == first


def test_a_merged_storys_address_is_followed_to_the_end(told):
    first, second, _ = told
    third = arrive("누리바이오, 신약 허가", "누리바이오가 신약 허가를 받았다.")
    place()
    merge(second, first)
    merge(second, story_of(third))
    assert story_edits.follow(second) == third.story
    assert story_edits.follow(second).article_count == 6


@pytest.mark.parametrize("restarted", [False, True])
def test_undoing_a_merge_puts_all_back(told, restarted):
    first, second, _ = told
    before = snapshot()
    edit = merge(second, first)
    place()
    undo(edit)
    assert snapshot() == before
    if restarted:
        restart()
    later = arrive(OTHER, OTHER_BODY, outlet="라")
    place()
    assert story_of(later) == second


def test_an_article_that_came_after_a_merge_stays_when_it_is_undone(told):
    first, second, rows = told
    edit = merge(second, first)
    later = arrive(outlet="라")
    place()
    undo(edit)
    assert story_of(later) == first
    assert story_of(rows[4]) == second


@pytest.mark.parametrize("whither", ["own", "other"])
@pytest.mark.parametrize("which", [0, 1])
def test_undoing_a_move_puts_all_back(told, which, whither):
    _, second, rows = told
    before = snapshot()
    edit = move(rows[which], second if whither == "other" else None)
    undone = undo(edit)
    assert snapshot() == before
    assert (undone.kind, undone.undoes) == ("undo", edit)
    later = arrive(outlet="라")
    place()
    assert story_of(later) == story_of(rows[which])


def test_an_edit_is_undone_once(told):
    first, second, _ = told
    edit = merge(second, first)
    undone = undo(edit)
    for again in (edit, undone):
        with pytest.raises(story_edits.EditError, match="already"):
            undo(again)


def test_what_was_moved_on_since_is_not_undone(told):
    first, second, rows = told
    edit = move(rows[0], second)
    move(rows[0], first)
    with pytest.raises(story_edits.EditError, match="moved on"):
        undo(edit)
    assert story_of(rows[0]) == first


TOLD = "가나전자, 다라시에 배터리 공장 8400억원 투자"
JOBS = "다라시 일자리 500개 생긴다"
BOTH = "가나전자 다라시에 배터리 공장 8400억 투자…일자리 500개 생긴다"


def two_and_their_bridge(*, again=lambda: None):
    """Two stories of one event, and the article that shows that they are one; `again` runs before it is placed."""
    one = arrive(TOLD, "", hours=6)
    place()
    other = arrive(JOBS, "", outlet="새벽신문", hours=2)
    place()
    assert story_of(one) != story_of(other)
    again()
    bridge = arrive(BOTH, "", outlet="아침뉴스", hours=1)
    place()
    return one, other, bridge


@pytest.mark.parametrize("again", [lambda: None, restart])
def test_two_young_stories_that_turn_out_to_be_one_are_joined_and_it_is_written_down(again):
    one, other, bridge = two_and_their_bridge(again=again)
    story = story_of(one)
    assert story_of(other) == story_of(bridge) == story
    assert (story.article_count, story.outlet_count) == (3, 3)
    edit = models.StoryEdit.objects.get()
    assert (edit.kind, edit.by, edit.into, edit.articles) == ("join", None, story, [other.pk])
    assert edit.story.merged_into == story
    assert not other.story_pinned
    assert story_rows.recount_all(now=timezone.now()) == 0


@pytest.mark.parametrize("again", [lambda: None, restart])
def test_stories_that_an_editor_took_apart_do_not_join_again(again):
    one, other, _ = two_and_their_bridge()
    undo(models.StoryEdit.objects.get())
    assert story_of(one) != story_of(other)
    again()
    late = arrive(BOTH, "", outlet="저녁뉴스")
    place()
    assert story_of(late) in {story_of(one), story_of(other)}
    assert story_of(one) != story_of(other)
    assert models.StoryEdit.objects.filter(kind="join").count() == 1


def test_a_worker_knows_what_another_one_joined(monkeypatch):
    one = arrive(TOLD, "", hours=6)
    place()
    other = arrive(JOBS, "", outlet="새벽신문", hours=2)
    place()
    mine = placing.memory()
    restart()
    arrive(BOTH, "", outlet="아침뉴스", hours=1)
    place()
    placed_later = arrive(JOBS, "", outlet="저녁뉴스")
    monkeypatch.setattr(placing, "memory", lambda: mine)
    place()
    assert story_of(placed_later) == story_of(other) == story_of(one)


def test_a_story_whose_article_is_deleted_counts_the_others(told):
    first, second, third = told[2][:3]
    story = story_of(first)
    assert (story_of(second), story_of(third), story.headline_id) == (story, story, first.pk)
    number = story.article_count
    models.Article.objects.filter(pk=first.pk).delete()
    story.refresh_from_db()
    assert (story.article_count, story.headline_id) == (number - 1, second.pk)
    models.Article.objects.filter(story=story).delete()
    story.refresh_from_db()
    assert (story.article_count, story.headline_id) == (0, None)


def test_edits_that_change_nothing_are_refused(told):
    first, second, rows = told
    alone = arrive("누리바이오, 신약 허가", "누리바이오가 신약 허가를 받았다.")
    with pytest.raises(story_edits.EditError, match="no story"):
        move(alone)
    place()
    with pytest.raises(story_edits.EditError, match="alone"):
        move(alone)
    with pytest.raises(story_edits.EditError, match="already"):
        move(rows[0], first)
    merge(second, first)
    with pytest.raises(story_edits.EditError, match="one story"):
        merge(first, second)
    assert models.StoryEdit.objects.count() == 1
