"""Search rows follow their articles: words, labels, and that every ready article has one."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from articles import filters, models, reads, search_rows, verdicts
from articles.search import labels
from tests import factories

pytestmark = pytest.mark.django_db


def labels_of(article: models.Article) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme FROM articles_searchrow, unnest(search) WHERE article_id = %s AND lexeme LIKE '@%%'",
            [article.pk],
        )
        return {lexeme for (lexeme,) in cursor.fetchall()}


def found(text: str) -> set[int]:
    page = reads.timeline(filters.Filters(query=text), now=timezone.now())
    return {row.pk for day in page.days for row in day.rows}


def test_an_article_is_labelled_with_what_it_is_tagged_with():
    at = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)
    row = factories.article("가온전자 배터리", companies=["가온전자"], themes=["배터리"], published_at=at)
    company, theme = factories.company("가온전자"), factories.theme("배터리")
    assert labels_of(row) == {
        labels.company(company.pk),
        labels.theme(theme.pk),
        labels.outlet(row.outlet_id),
        labels.source(row.source_id),
        "@lko",
        "@d20260305",
        "@m202603",
        "@y2026",
    }


def test_new_labels_leave_the_words_alone():
    row = factories.article("수소를 만들다", companies=["가온전자"])
    models.CompanyTag.objects.all().delete()
    search_rows.relabel([row.pk])
    assert found("수소") == {row.pk}
    assert not any(label.startswith("@c") for label in labels_of(row))


def test_a_person_who_takes_a_tag_away_takes_its_label_away():
    row = factories.article("가온전자 소식", companies=["가온전자"])
    company, editor = factories.company("가온전자"), factories.person(is_superuser=True)
    tag = verdicts.Tag("company", company.pk)
    verdicts.say(row, tag, belongs=False, by=editor, now=timezone.now())
    assert labels.company(company.pk) not in labels_of(row)
    verdicts.take_back(row, tag, by=editor)
    assert labels.company(company.pk) in labels_of(row)


def test_an_article_without_words_has_its_labels():
    row = factories.article("소식")
    models.SearchRow.objects.all().delete()
    search_rows.ensure(row.pk)
    assert labels.outlet(row.outlet_id) in labels_of(row)
    assert found("소식") == set()


def test_a_row_that_is_there_keeps_its_words():
    row = factories.article("소식")
    search_rows.ensure(row.pk)
    assert found("소식") == {row.pk}
