"""How often something may be done: counted in Redis, so that all processes count together.

Without Redis everything is allowed: a limit spares us work, it guards nothing that is not guarded otherwise.
"""

import logging

import redis
from django.conf import settings
from redis import backoff, retry

log = logging.getLogger(__name__)

TIMEOUT_S = 0.5


def allows(what: str, *, most: int, seconds: int) -> bool:
    """Whether `what` may be done once more: it may be `most` times in a span of so many seconds."""
    key = f"limit:{what}"
    once = retry.Retry(backoff.NoBackoff(), retries=0)
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=once
        ) as client:
            # The span begins with the first.
            client.set(key, 0, ex=seconds, nx=True)
            return int(client.incr(key)) <= most
    except redis.RedisError as error:
        log.warning("no limit is kept: %s", error)
        return True
