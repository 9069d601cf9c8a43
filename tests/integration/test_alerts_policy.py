"""Who is told when: digests, quiet hours, floods, outlets, updates, several readers; in a real PostgreSQL."""

import datetime
import zoneinfo

import pytest
from django.contrib.auth.models import Group

from alerts import holding, models, mutes, outbox, watch
from alerts.matching import policy
from articles import models as news
from articles import story_edits
from tests import factories

pytestmark = pytest.mark.django_db

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
# A Friday morning.
NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=SEOUL)
BODY = "한빛배터리는 북미에 배터리 공장을 짓는다고 밝혔다."
NIGHT = {"quiet_from": datetime.time(22), "quiet_until": datetime.time(7)}


@pytest.fixture(autouse=True)
def owner(db):
    watch.watch().clear()
    return factories.person("analyst")


def alert(owner, query="배터리", **fields):
    return factories.alert(owner, query, created_at=NOON - 99 * HOUR, active_since=NOON - 99 * HOUR, **fields)


def arrive(title, body=BODY, *, at=NOON, outlet="한빛일보", story=None, **fields):
    """An article of a story of its own, or of another article's, waiting in the outbox."""
    feed = factories.source(factories.outlet(outlet))
    article = factories.article(
        title, body, of=feed, published_at=at, first_seen_at=at, ready_at=at, **fields
    )
    factories.story(*([story] if story else []), article)
    news.Outbox.objects.create(article=article, kind="new", created_at=at)
    return article


def match(at=NOON):
    outbox.match_waiting(now=at)


def sent(at=NOON):
    """Note that all mails that are due were sent."""
    due = models.Delivery.objects.filter(due_at__lte=at, state="waiting")
    due.update(state="sent", sent_at=at, sealed_at=at)


def waiting():
    """What waits: until when in Seoul, why, for how many hits."""
    rows = models.Delivery.objects.filter(state="waiting").order_by("due_at", "pk")
    return [(row.due_at.astimezone(SEOUL), row.held, row.hits.count()) for row in rows]


def held():
    return list(models.Hit.objects.order_by("pk").values_list("held", flat=True))


def test_a_daily_alert_collects_until_its_hour(owner):
    alert(owner, mode="daily", at_hour=8)
    for number in range(3):
        arrive(f"배터리 {number}호", at=NOON + number * HOUR)
        match(NOON + number * HOUR)
    assert waiting() == [(datetime.datetime(2026, 11, 21, 8, tzinfo=SEOUL), "digest", 3)]


def test_what_comes_at_night_waits_until_the_morning_and_is_not_lost(owner):
    alert(owner, **NIGHT)
    late = NOON.replace(hour=23)
    arrive("배터리 하나", at=late)
    match(late)
    arrive("배터리 둘", at=late + HOUR)
    match(late + HOUR)
    assert waiting() == [(datetime.datetime(2026, 11, 21, 7, tzinfo=SEOUL), "quiet", 2)]


def test_an_urgent_alert_passes_quiet_hours(owner):
    alert(owner, **NIGHT, priority="high")
    late = NOON.replace(hour=23)
    arrive("배터리 하나", at=late)
    match(late)
    assert waiting() == [(late, "", 1)]
    assert models.Delivery.objects.get().urgent


def test_a_mail_on_a_holiday_waits_for_the_next_working_day(owner):
    alert(owner, working_days_only=True, at_hour=9)
    christmas = datetime.datetime(2026, 12, 25, 12, tzinfo=SEOUL)
    arrive("배터리 하나", at=christmas)
    match(christmas)
    assert waiting() == [(datetime.datetime(2026, 12, 28, 9, tzinfo=SEOUL), "day-off", 1)]


def test_a_story_of_a_digest_comes_along_with_a_mail_that_leaves_earlier(owner):
    daily = alert(owner, "배터리", mode="daily")
    first = arrive("배터리 공장 하나")
    arrive("배터리 공장 둘")
    match()
    hourly = alert(owner, "수소", mode="hourly")
    later = NOON + 10 * MINUTE
    arrive("수소 공장", "수소 공장을 짓는다.", at=later, story=first, outlet="새벽신문")
    match(later)
    soon, digest = models.Delivery.objects.order_by("due_at")
    assert set(soon.alerts.all()) == {daily, hourly}
    assert soon.hits.count() == 2
    assert set(digest.alerts.all()) == {daily}
    assert digest.hits.count() == 1


def test_a_mail_that_loses_all_it_told_is_gone(owner):
    alert(owner, "배터리", mode="daily")
    first = arrive("배터리 공장 하나")
    match()
    alert(owner, "수소")
    arrive("수소 공장", "수소 공장을 짓는다.", at=NOON + MINUTE, story=first, outlet="새벽신문")
    match(NOON + MINUTE)
    assert waiting() == [(NOON + MINUTE, "", 2)]


def test_a_story_that_one_of_two_alerts_would_collect_is_told_once_by_the_earlier_mail(owner):
    both = {alert(owner, "배터리", mode="daily"), alert(owner, "공장")}
    arrive("배터리 공장 하나")
    match()
    assert set(models.Delivery.objects.get().alerts.all()) == both
    assert waiting() == [(NOON, "", 2)]


def test_a_flood_becomes_one_mail_that_says_so(owner):
    alert(owner)
    for number in range(policy.FLOOD_MAILS + 5):
        at = NOON + number * MINUTE
        arrive(f"배터리 {number}호", at=at)
        match(at)
        sent(at)
    last = NOON + policy.FLOOD_MAILS * MINUTE
    assert models.Delivery.objects.filter(state="sent", held="").count() == policy.FLOOD_MAILS
    assert waiting() == [(last + policy.FLOOD_WITHIN, "flood", 5)]


def test_an_urgent_hit_is_not_held_by_a_flood_of_others(owner):
    alert(owner)
    for number in range(policy.FLOOD_MAILS + 1):
        arrive(f"배터리 {number}호")
        match()
        sent()
    alert(owner, "수소", priority="high")
    arrive("수소 충전소", "수소 충전소다.")
    match()
    assert [why for _, why, _ in waiting()] == ["", "flood"]


def test_a_mail_that_a_sender_has_taken_is_not_added_to(owner):
    alert(owner)
    arrive("배터리 하나")
    match()
    [taken] = models.Delivery.objects.claim_due(now=NOON, until=NOON + HOUR, most=1)
    arrive("배터리 둘")
    match()
    assert taken.hits.count() == 1
    assert models.Delivery.objects.count() == 2


def test_a_story_waits_for_its_outlets_and_is_told_with_all_that_waited(owner):
    alert(owner, least_outlets=3)
    first = arrive("배터리 하나")
    match()
    arrive("배터리 둘", story=first, outlet="새벽신문")
    match()
    assert held() == ["few", "few"]
    assert not models.Delivery.objects.exists()
    # The third outlet's article does not match, but the story has its outlets.
    arrive("딴말", "다른 말이다.", story=first, outlet="한낮경제")
    match()
    assert held() == ["", ""]
    assert models.Delivery.objects.get().hits.count() == 2


def test_outlets_that_an_editor_brings_release_a_story_too(owner):
    alert(owner, least_outlets=2)
    first = arrive("배터리 하나")
    match()
    other = factories.article("딴말", "다른 말이다.", of=factories.source(factories.outlet("새벽신문")))
    factories.story(first, other)
    holding.release_all(now=NOON + HOUR)
    assert held() == [""]
    assert waiting() == [(NOON + HOUR, "", 1)]
    holding.release_all(now=NOON + HOUR)
    assert models.Delivery.objects.count() == 1


def test_a_story_is_told_again_when_enough_outlets_tell_it(owner):
    alert(owner, again_at_outlets=3)
    first = arrive("배터리 하나")
    match()
    sent()
    for outlet in ("새벽신문", "한낮경제", "저녁경제"):
        arrive("배터리 하나", story=first, outlet=outlet)
        match()
    assert [(row.news, row.outlets) for row in models.DeliveryHit.objects.order_by("pk")] == [
        ("", 1),
        ("outlets", 3),
    ]


def test_a_story_that_many_outlets_told_already_is_not_told_again_for_that(owner):
    first = arrive("딴말", "다른 말이다.")
    for outlet in ("새벽신문", "한낮경제"):
        arrive("딴말", "다른 말이다.", story=first, outlet=outlet)
    match()
    alert(owner, again_at_outlets=3)
    arrive("배터리 하나", story=first, outlet="저녁경제")
    match()
    assert [row.news for row in models.DeliveryHit.objects.all()] == [""]


def update(owner, body, *, after=2 * HOUR, **fields):
    """What becomes of a second article of a story that was told."""
    alert(owner, **fields)
    first = arrive("배터리 공장 착공")
    match()
    sent()
    arrive("배터리 공장 착공 2보", body, at=NOON + after, story=first, outlet="새벽신문")
    match(NOON + after)
    return [row.news for row in models.DeliveryHit.objects.order_by("pk")]


FACT = "이 배터리 공장은 2028년 연간 45GWh를 생산한다."


def test_a_new_fact_is_told(owner):
    assert update(owner, FACT) == ["", "fact"]
    assert held() == ["", ""]


def test_the_same_in_other_words_is_not(owner):
    assert update(owner, "배터리 업계는 기대가 크다.") == [""]
    assert held() == ["", "same"]


def test_a_new_fact_right_after_the_mail_is_one_of_many_reports(owner):
    assert update(owner, FACT, after=10 * MINUTE) == [""]


def test_who_wants_no_updates_gets_none(owner):
    assert update(owner, FACT, tell_updates=False) == [""]


def change(article, body, at):
    """A text that its outlet changed, as the pipeline stores it."""
    news.Version.objects.create(
        article=article, number=article.version, title=article.title, body=article.body, replaced_at=at
    )
    article.version += 1
    article.body = body
    article.save()
    news.Outbox.objects.create(article=article, kind="updated", created_at=at)


def test_a_correction_of_what_was_told_is_told_once(owner):
    alert(owner)
    article = arrive("배터리 공장 착공", "배터리 공장에 3조원을 들인다.")
    match()
    sent()
    change(article, "배터리 공장에 4조원을 들인다.", NOON + HOUR)
    match(NOON + HOUR)
    news.Outbox.objects.create(article=article, kind="updated", created_at=NOON + HOUR)
    match(NOON + HOUR)
    assert [row.news for row in models.DeliveryHit.objects.order_by("pk")] == ["", "corrected"]
    assert models.Hit.objects.count() == 1


def test_a_correction_before_the_mail_left_needs_no_second_one(owner):
    alert(owner, mode="daily")
    article = arrive("배터리 공장 착공", "배터리 공장에 3조원을 들인다.")
    match()
    change(article, "배터리 공장에 4조원을 들인다.", NOON + HOUR)
    match(NOON + HOUR)
    assert models.DeliveryHit.objects.count() == 1


def test_while_an_alert_is_muted_its_hits_are_listed_and_not_mailed(owner):
    alert(owner, muted_until=NOON + HOUR)
    first = arrive("배터리 하나")
    match()
    assert held() == ["muted"]
    arrive("배터리 둘", story=first, outlet="새벽신문", at=NOON + HOUR)
    match(NOON + HOUR)
    assert held() == ["muted", ""]


def test_every_reader_is_told_in_her_own_way(owner):
    watched = alert(owner)
    now = NOON
    colleague = factories.person(time_zone="Europe/London")
    models.AlertRecipient.objects.create(
        alert=watched, user=colleague, mode="daily", at_hour=8, created_at=now
    )
    confirmed = models.Address.objects.create(address="a@example.org", created_at=now, confirmed_at=now)
    asked = models.Address.objects.create(address="b@example.org", created_at=now)
    for address in (confirmed, asked):
        models.AlertRecipient.objects.create(alert=watched, address=address, created_at=now)
    hook = models.Webhook.objects.create(alert=watched, url="https://x.example/", secret="s", created_at=now)
    arrive("배터리 하나")
    match()
    found = {
        (row.recipient, row.address, row.webhook): row.due_at.astimezone(SEOUL)
        for row in models.Delivery.objects.all()
    }
    # 8:00 in London.
    tomorrow = datetime.datetime(2026, 11, 20, 17, tzinfo=SEOUL)
    assert found == {
        (owner, None, None): NOON,
        (colleague, None, None): tomorrow,
        (None, confirmed, None): NOON,
        (None, None, hook): NOON,
    }


def test_an_alert_without_readers_lists_its_hits_and_says_so(owner):
    alert(owner, tell_owner=False)
    arrive("배터리 하나")
    match()
    assert held() == ["nobody"]


def test_what_a_stopped_address_would_get_waits_until_it_is_resumed(owner):
    models.Address.objects.create(
        address=owner.email.lower(), created_at=NOON, stopped_at=NOON, stop="bounced"
    )
    alert(owner)
    arrive("배터리 하나")
    match()
    assert models.Delivery.objects.get().state == "stopped"
    assert models.Delivery.objects.claim_due(now=NOON + HOUR, until=NOON + 2 * HOUR, most=9) == []


def test_a_muted_story_is_listed_and_not_mailed_to_who_muted_it(owner):
    watched = alert(owner)
    colleague = factories.person()
    models.AlertRecipient.objects.create(alert=watched, user=colleague, created_at=NOON)
    first = factories.article("딴말", "다른 말이다.", of=factories.source(factories.outlet("한빛일보")))
    models.StoryMute.objects.create(story=factories.story(first), person=owner, at=NOON)
    arrive("배터리 하나", story=first)
    match()
    assert models.Delivery.objects.get().recipient == colleague
    assert held() == [""]


def two_stories() -> tuple[news.Story, news.Story]:
    """Two stories of other outlets, so that what arrives is in neither by itself."""
    papers = [factories.source(factories.outlet(name)) for name in ("한빛일보", "새벽신문")]
    return tuple(factories.story(factories.article("딴말", "다른 말이다.", of=paper)) for paper in papers)


def test_a_mute_follows_its_story_into_the_one_it_is_merged_into_and_back(owner):
    alert(owner)
    muted, other = two_stories()
    models.StoryMute.objects.create(story=muted, person=owner, at=NOON)
    assert mutes.muted([muted.pk, other.pk]) == {(("recipient", owner.pk), muted.pk)}
    edit = story_edits.merge(muted, other, by=None, now=NOON)
    assert mutes.muted([other.pk]) == {(("recipient", owner.pk), other.pk)}
    arrive("배터리 하나", story=other.articles.first())
    match()
    assert not models.Delivery.objects.exists()
    story_edits.undo(edit, by=None, now=NOON)
    assert mutes.muted([muted.pk, other.pk]) == {(("recipient", owner.pk), muted.pk)}


def test_who_unmutes_a_merged_story_is_told_of_it_again(owner):
    first, second = two_stories()
    reader = {"person": owner, "address": None}
    mutes.mute(first, reader, now=NOON)
    mutes.mute(second, reader, now=NOON)
    story_edits.merge(first, second, by=None, now=NOON)
    mutes.unmute(first, reader)
    assert mutes.muted([second.pk]) == set()


def test_an_alert_is_seen_by_its_owner_its_team_and_its_readers(owner):
    team = Group.objects.create(name="배터리팀")
    watched = alert(owner, team=team)
    member, reader, stranger = factories.person(), factories.person(), factories.person()
    member.groups.add(team)
    models.AlertRecipient.objects.create(alert=watched, user=reader, created_at=NOON)
    for person, seen in ((owner, True), (member, True), (reader, True), (stranger, False)):
        assert models.Alert.objects.seen_by(person).exists() == seen


def test_a_spike_alerts_hits_are_counted_and_not_mailed(owner):
    alert(owner, kind="spike")
    arrive("배터리 하나")
    match()
    assert held() == ["spike"]
    assert not models.Delivery.objects.exists()
