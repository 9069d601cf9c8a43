from django.apps import AppConfig
from django.db.models import signals
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("News")

    def ready(self) -> None:
        # Models are there only now.
        from articles import models, story_rows  # noqa: PLC0415

        # Nothing of ours deletes articles; who does it by hand should not have to know of stories.
        signals.post_delete.connect(
            story_rows.recount_of_deleted, sender=models.Article, dispatch_uid="stories of deleted articles"
        )
