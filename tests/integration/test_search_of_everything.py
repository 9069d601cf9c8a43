"""An article that is stored is found by whatever it is, and an alert sees it as the search does."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from alerts import documents
from articles import models, reads
from articles.search import matches, query
from articles.search.context import Context
from tests import factories

pytestmark = pytest.mark.django_db

NEEDS = ("people", "events", "regions")


@pytest.fixture
def article() -> models.Article:
    group = factories.company("가온그룹")
    factories.company("가온전자").parent = group
    models.Company.objects.filter(name="가온전자").update(parent=group)
    row = factories.article(
        "가온전자, 배터리 공장 세운다",
        "가온전자가 3월 5일 공장을 세웠다. 배터리는 내년에 나온다.\n\n배터리, 배터리!",
        companies=["가온전자"],
        themes=["배터리"],
        feed_regions=[{"kind": "caption", "text": "공장 사진을 보는 기자들"}],
        first_seen_at=datetime.datetime(2026, 3, 6, tzinfo=datetime.UTC),
    )
    models.ThemeTag.objects.filter(article=row).update(subthemes=["language models"])
    factories.story(row)
    call_command("index_search")
    return models.Article.objects.get(pk=row.pk)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("SENTENCE(가온전자 공장)", True),
        ("SENTENCE(공장 배터리)", True),
        ("body:SENTENCE(공장 배터리)", False),
        ("ATLEAST/4 배터리", True),
        ("ATLEAST/5 배터리", False),
        ("/3월 \\d일/", True),
        ("/3월 \\d\\d일/", False),
        ("region:caption", True),
        ("region:caption(사진 기자)", True),
        ("region:related(사진)", False),
        ("사진", False),
        ("company:가온그룹+", True),
        ("company:가온그룹", False),
        ("company:가온전자 confidence:>0.9", True),
        ("company:가온전자 confidence:>0.96", False),
        ('theme:"배터리/언어 모델"', True),
        ("subtheme:언어모델", False),
        ('tag:"language models"', True),
        ("seen:2026-03-06", True),
        ("changed:2020..", False),
        ("outlets:1", True),
        ("is:sample", False),
        ("is:unread", True),
        ("is:starred", False),
        ("note:아무", False),
        ("has:page", False),
    ],
)
def test_search_and_alerts_see_an_article_alike(article: models.Article, text: str, is_found: bool):
    ast = query.parse_query(text)
    context = Context(timezone.now())
    found = reads.matching_tree(models.Article.objects.all(), ast, context=context)
    in_memory = matches.matches(ast, matches.prepare(documents.document(article, NEEDS)), context=context)
    assert [row.pk for row in found] == [article.pk] * is_found
    assert (in_memory is not None) == is_found


def test_marks_are_the_readers_own(article: models.Article):
    reader, other = factories.person(), factories.person()
    models.Mark.objects.create(reader=reader, article=article, starred_at=timezone.now(), note="다시 볼 것")
    for text, mine, theirs in [
        ("is:starred", 1, 0),
        ("note:다시", 1, 0),
        ("has:note", 1, 0),
        ("is:unread", 1, 1),
        ("is:read", 0, 0),
    ]:
        ast = query.parse_query(text)
        for person, count in ((reader, mine), (other, theirs)):
            context = Context(timezone.now(), reader=person.pk)
            found = reads.matching_tree(models.Article.objects.all(), ast, context=context)
            assert found.count() == count, text
