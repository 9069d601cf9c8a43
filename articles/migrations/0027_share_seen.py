from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0026_shares")]

    operations = [
        migrations.AddField(
            model_name="share",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen"),
        ),
    ]
