"""The Celery app, its queues and the whole beat schedule.

Redis carries wake-up calls only. What there is to do stands in PostgreSQL, and the schedule looks there every
few seconds, so that a lost message delays work by seconds and loses nothing.
"""

import os

from celery import Celery
from celery.schedules import crontab
from kombu.entity import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newswatch.settings")

app = Celery("newswatch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_default_queue="process",
    task_queues=[Queue("fetch"), Queue("process"), Queue("place"), Queue("alerts"), Queue("mail")],
    task_routes={
        "articles.tasks.poll_sources": {"queue": "fetch"},
        "articles.tasks.fetch_pages": {"queue": "fetch"},
        "articles.tasks.ask_hubs": {"queue": "fetch"},
        "articles.tasks.process_articles": {"queue": "process"},
        # A queue of its own: the window of earlier articles is in the memory of whichever process does this.
        "articles.tasks.place_articles": {"queue": "place"},
        "articles.tasks.check_sources": {"queue": "mail"},
        "articles.tasks.send_shares": {"queue": "mail"},
        "articles.tasks.prune": {"queue": "mail"},
        "alerts.tasks.match_outbox": {"queue": "alerts"},
        "alerts.tasks.release_hits": {"queue": "alerts"},
        "alerts.tasks.check_spikes": {"queue": "mail"},
        "alerts.tasks.count_words": {"queue": "mail"},
        "alerts.tasks.read_bounces": {"queue": "mail"},
        # Strangers' servers answer as slowly as they like: not beside the mails.
        "alerts.tasks.call_webhooks": {"queue": "fetch"},
        "alerts.tasks.send_deliveries": {"queue": "mail"},
    },
    # Acknowledged when taken: a lost call is sent again by the schedule, and a worker that would acknowledge after the
    # broker has gone can't (kombu ends it).
    task_acks_late=False,
    task_time_limit=300,
    task_soft_time_limit=240,
    # A wake-up call that nobody took in this time is worthless: the schedule has sent others since.
    task_default_expires=60,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 600,
        "socket_timeout": 20,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": True,
        # Who sends a wake-up call does not wait for a broker that is down.
        "max_retries": 1,
        "interval_start": 0.1,
        "interval_max": 0.1,
    },
    timezone="UTC",
    beat_schedule={
        "poll due sources": {
            "task": "articles.tasks.poll_sources",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        "fetch waiting pages": {
            "task": "articles.tasks.fetch_pages",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        "ask the hubs of subscriptions": {
            "task": "articles.tasks.ask_hubs",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "process waiting articles": {
            "task": "articles.tasks.process_articles",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        "place articles in stories": {
            "task": "articles.tasks.place_articles",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        "bring counts in line": {
            "task": "articles.tasks.fold_rollups",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
        "read events": {
            "task": "articles.tasks.tell_events",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        "check the sources": {
            "task": "articles.tasks.check_sources",
            "schedule": 300.0,
            "options": {"expires": 280},
        },
        # It reads the history of every source that is quiet.
        "look for sources that fell silent": {
            "task": "articles.tasks.check_sources",
            "kwargs": {"silences": True},
            "schedule": 3600.0,
            "options": {"expires": 3000},
        },
        "send what was shared": {
            "task": "articles.tasks.send_shares",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "read pages again": {
            "task": "articles.tasks.reread_pages",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "tag articles again": {
            "task": "articles.tasks.retag",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        # 03:17 in Seoul, in UTC as all of this.
        "forget what is old": {
            "task": "articles.tasks.prune",
            "schedule": crontab(hour="18", minute="17"),
            "options": {"expires": 3600},
        },
        "match waiting articles with alerts": {
            "task": "alerts.tasks.match_outbox",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        # 03:37 in Seoul.
        "erase deleted alerts": {
            "task": "alerts.tasks.erase_deleted",
            "schedule": crontab(hour="18", minute="37"),
            "options": {"expires": 3600},
        },
        "count for backtests": {
            "task": "alerts.tasks.run_backtests",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "tell what waited for outlets": {
            "task": "alerts.tasks.release_hits",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "call webhooks": {
            "task": "alerts.tasks.call_webhooks",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
        "read mails that came back": {
            "task": "alerts.tasks.read_bounces",
            "schedule": 120.0,
            "options": {"expires": 120},
        },
        "look for more than usual": {
            "task": "alerts.tasks.check_spikes",
            "schedule": 600.0,
            "options": {"expires": 500},
        },
        # 04:37 in Seoul.
        "count which words are rare": {
            "task": "alerts.tasks.count_words",
            "schedule": crontab(hour="19", minute="37"),
            "options": {"expires": 3600},
        },
        "send waiting mails": {
            "task": "alerts.tasks.send_deliveries",
            "schedule": 5.0,
            "options": {"expires": 15},
        },
    },
)
app.autodiscover_tasks()
