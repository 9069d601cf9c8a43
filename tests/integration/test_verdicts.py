"""People's words about tags: what settles them, what that does to the lists, and that it outlives re-tagging."""

import datetime

import pytest
from django.contrib.auth.models import Group

from articles import models, readings, verdicts
from articles.tagging import recognise, watchlist
from newswatch.accounts import roles
from newswatch.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW
LATER = NOW + datetime.timedelta(hours=1)


def editor() -> User:
    roles.ensure_roles()
    user = factories.person(is_staff=True)
    user.groups.add(Group.objects.get(name=roles.EDITORS))
    return User.objects.get(pk=user.pk)


def company_tag(name: str) -> verdicts.Tag:
    return verdicts.Tag("company", factories.company(name).pk)


def companies(article: models.Article) -> set[str]:
    return {tag.company.name for tag in article.company_tags.select_related("company")}


def tagger() -> readings.Tagger:
    """Recognises LG화학 and Cleantech, whatever else is stored."""
    terms = (watchlist.Term("배터리", 1.0, subtheme="batteries"),)
    watched = watchlist.Watchlist(
        (watchlist.Company("LG화학", (watchlist.Alias("LG화학", "name"),)),),
        (watchlist.Theme("Cleantech", terms),),
        "r1",
    )
    ids = {name: factories.company(name).pk for name in ("LG화학",)}
    themes = {name: factories.theme(name).pk for name in ("Cleantech",)}
    return readings.Tagger(recognise.Recogniser(watched), ids, themes)


def tag_again(article: models.Article) -> None:
    by = tagger()
    reading = readings.Reading(article, (article.title, article.body), None, by.recognise(article))
    readings.forget_tags([article.pk])
    readings.store_tags([reading], by)


def test_one_analyst_is_heard_but_changes_nothing():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    said = verdicts.say(article, company_tag("LG화학"), belongs=False, by=factories.person(), now=NOW)
    assert (said.verdict, said.by_editor, said.tagger) == ("wrong", False, "test")
    assert companies(article) == {"LG화학"}


def test_two_analysts_take_a_tag_away_and_a_third_gives_it_back():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    tag = company_tag("LG화학")
    first, second, third, fourth = (factories.person() for _ in range(4))
    verdicts.say(article, tag, belongs=False, by=first, now=NOW)
    verdicts.say(article, tag, belongs=False, by=second, now=NOW)
    assert companies(article) == set()
    verdicts.say(article, tag, belongs=True, by=third, now=NOW)
    assert companies(article) == set()
    verdicts.say(article, tag, belongs=True, by=fourth, now=NOW)
    assert companies(article) == {"LG화학"}


def test_an_editor_decides_and_the_latest_editor_last():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    tag = company_tag("LG화학")
    verdicts.say(article, tag, belongs=True, by=factories.person(), now=NOW)
    verdicts.say(article, tag, belongs=False, by=editor(), now=NOW)
    assert companies(article) == set()
    verdicts.say(article, tag, belongs=True, by=editor(), now=LATER)
    assert companies(article) == {"LG화학"}


def test_taking_a_word_back_gives_the_tag_back_as_it_was():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    before = article.company_tags.values("company", "confidence", "aliases", "published_at").get()
    by = editor()
    verdicts.say(article, company_tag("LG화학"), belongs=False, by=by, now=NOW)
    assert article.withdrawn_tags.count() == 1
    verdicts.take_back(article, company_tag("LG화학"), by=by)
    assert article.company_tags.values("company", "confidence", "aliases", "published_at").get() == before
    assert not article.withdrawn_tags.exists()
    assert not article.verdicts.exists()


def test_a_person_has_one_word_on_a_tag():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    by = factories.person()
    for belongs in (True, False, False):
        verdicts.say(article, company_tag("LG화학"), belongs=belongs, by=by, now=NOW)
    assert [row.verdict for row in article.verdicts.all()] == ["wrong"]
    assert companies(article) == {"LG화학"}


def test_a_rejected_tag_does_not_come_back_with_the_next_recognition():
    article = factories.article("LG화학 배터리 공장")
    tag_again(article)
    assert companies(article) == {"LG화학"}
    verdicts.say(article, company_tag("LG화학"), belongs=False, by=editor(), now=NOW)
    theme = verdicts.Tag("theme", factories.theme("Cleantech").pk)
    verdicts.say(article, theme, belongs=False, by=editor(), now=NOW)
    tag_again(article)
    assert companies(article) == set()
    assert not article.theme_tags.exists()
    assert article.mentions.filter(company__name="LG화학").exists()
    assert {row.company_id or row.theme_id for row in article.withdrawn_tags.all()}
    withdrawn = article.withdrawn_tags.get(theme__isnull=False)
    assert withdrawn.words == ["batteries"]


def test_a_missing_tag_is_kept_apart_and_outlives_recognition():
    article = factories.article("LG화학 소식")
    said = verdicts.say(article, company_tag("코스모신소재"), belongs=True, by=editor(), now=NOW)
    assert said.verdict == "missing"
    tag_again(article)
    by_hand = {tag.company.name: tag.by_hand for tag in article.company_tags.select_related("company")}
    assert by_hand == {"LG화학": False, "코스모신소재": True}
    verdicts.take_back(article, company_tag("코스모신소재"), by=said.user)
    assert companies(article) == {"LG화학"}


def test_what_recognition_gives_by_now_is_no_longer_by_hand():
    article = factories.article("배터리 공장")
    theme = factories.theme("Cleantech")
    verdicts.say(article, verdicts.Tag("theme", theme.pk), belongs=True, by=editor(), now=NOW)
    assert article.theme_tags.get().by_hand
    tag_again(article)
    tag = article.theme_tags.get()
    assert (tag.by_hand, tag.subthemes) == (False, ["batteries"])


def test_a_missing_tag_waits_for_a_second_analyst():
    article = factories.article("LG화학 소식")
    verdicts.say(article, company_tag("코스모신소재"), belongs=True, by=factories.person(), now=NOW)
    assert companies(article) == set()
    verdicts.say(article, company_tag("코스모신소재"), belongs=True, by=factories.person(), now=NOW)
    assert companies(article) == {"코스모신소재"}


def test_recognising_again_costs_one_query_where_nobody_said_anything(django_assert_num_queries):
    pks = [factories.article(f"제목 {number}").pk for number in range(3)]
    with django_assert_num_queries(1):
        verdicts.uphold(pks)


def test_what_is_said_of_a_tag_has_its_events_read_again():
    article = factories.article("LG화학 소식", companies=["LG화학"])
    verdicts.say(article, company_tag("LG화학"), belongs=False, by=editor(), now=NOW)
    assert models.EventsDue.objects.filter(article=article).exists()
