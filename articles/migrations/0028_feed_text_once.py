from django.db import migrations, models

# What stands twice in rows that are there stays: taking it out would write each of them again.
FILL = "UPDATE articles_article SET feed_text = body WHERE feed_text IS NULL"


class Migration(migrations.Migration):
    dependencies = [("articles", "0027_share_seen")]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="feed_text",
            field=models.TextField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FILL),
    ]
