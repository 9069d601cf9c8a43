"""The yardstick of bench.pages: fifty rows as Django draws them without anything else.

One query and one template, no middleware, no session, nobody logged in; a WSGI application of its own.
"""

import os

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from newswatch import environment

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY=os.environ["SECRET_KEY"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "newswatch.accounts", "articles"],
    AUTH_USER_MODEL="accounts.User",
    DATABASES={"default": {**environment.database("DATABASE_URL", None), "CONN_MAX_AGE": 60}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
    POLL_FLOOR_SECONDS=1,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - these need the settings

from articles import models  # noqa: E402

PAGE = """<!doctype html><title>News</title><ul>{% for row in rows %}
<li><time datetime="{{ row.published_at|date:'c' }}">{{ row.published_at|date:"H:i" }}</time>
<a href="/articles/{{ row.pk }}/">{{ row.title }}</a> <p>{{ row.body|truncatechars:240 }}</p>
<span>{{ row.outlet.name }}</span> <abbr>{{ row.language }}</abbr></li>{% endfor %}</ul>"""
TEMPLATE = engines["django"].from_string(PAGE)


def page(request: HttpRequest) -> HttpResponse:
    """The newest articles."""
    articles = models.Article.objects.ready().select_related("outlet").order_by("-published_at", "-pk")
    rows = articles.only("title", "published_at", "body", "language", "outlet__name")[:50]
    return HttpResponse(TEMPLATE.render({"rows": rows}, request))


urlpatterns = [path("", page)]
application = get_wsgi_application()
