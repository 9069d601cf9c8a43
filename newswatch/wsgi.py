"""The web server's entry point."""

import gc
import os

from django.core import wsgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newswatch.settings")
application = wsgi.get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - the settings are known only now

# The pages' modules are read now rather than within the first request. None of it ever goes: the collector, which
# took a tenth of a second for a look at all of it every forty pages, need not visit it.
get_resolver().url_patterns  # noqa: B018 - reading it loads them
gc.collect()
gc.freeze()
