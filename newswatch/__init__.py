"""The project: settings, the Celery app, log-in, and the servers for a machine that has none."""

from newswatch.celery import app as celery_app

__all__ = ["celery_app"]
