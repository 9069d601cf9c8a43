"""What search asks of an article, apart from it: placing an article in a story leaves its words alone."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchRow(models.Model):
    """A ready article's words and labels; articles.search_rows writes it in the transaction of the article's tags."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, related_name="search_row", primary_key=True
    )
    # The article's.
    published_at = models.DateTimeField()
    # Our own tokens (articles.search.tokens), not PostgreSQL's, and articles.search.labels. Stored uncompressed.
    search = SearchVectorField()

    class Meta:
        verbose_name = _("search row")
        verbose_name_plural = _("search rows")
        indexes = [GinIndex(fields=["search"], name="searchrow_search", fastupdate=True)]

    def __str__(self) -> str:
        return str(self.article_id)
