"""The web server's entry point."""

import os

from django.core import wsgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newswatch.settings")
application = wsgi.get_wsgi_application()
