import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# The labels are those of articles.search.labels. An article that could not be split into words has no others.
MOVE = """
INSERT INTO articles_searchrow (article_id, published_at, search)
SELECT article.id, article.published_at, coalesce(article.search, '') || array_to_tsvector(
    ARRAY(SELECT '@c' || company_id FROM articles_companytag WHERE article_id = article.id)
    || ARRAY(SELECT '@t' || theme_id FROM articles_themetag WHERE article_id = article.id)
    || ARRAY[
        '@o' || article.outlet_id, '@s' || article.source_id, '@l' || lower(article.language),
        to_char(article.published_at AT TIME ZONE 'UTC', '"@d"YYYYMMDD'),
        to_char(article.published_at AT TIME ZONE 'UTC', '"@m"YYYYMM'),
        to_char(article.published_at AT TIME ZONE 'UTC', '"@y"YYYY')
    ]
)
FROM articles_article AS article WHERE article.ready_at IS NOT NULL
ORDER BY article.published_at, article.id
"""
MOVE_BACK = """
UPDATE articles_article AS article SET search = ts_delete(row.search, ARRAY(
    SELECT lexeme FROM unnest(row.search) WHERE starts_with(lexeme, '@')
))
FROM articles_searchrow AS row WHERE row.article_id = article.id
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_marks_and_saved_searches")]

    operations = [
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_row",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={"verbose_name": "search row", "verbose_name_plural": "search rows"},
        ),
        # A tsvector hardly gets smaller by being compressed, which takes longer than the rest of storing it.
        migrations.RunSQL(
            "ALTER TABLE articles_searchrow ALTER COLUMN search SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
        # The check of the rows just inserted is made at once: an index can't be built before it.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="searchrow",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=True, fields=["search"], name="searchrow_search"
            ),
        ),
        migrations.RemoveIndex(model_name="article", name="article_search"),
        migrations.RemoveField(model_name="article", name="search"),
    ]
