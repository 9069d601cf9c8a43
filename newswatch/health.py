"""Says whether this process can serve: asks the database and Redis. For load balancers and the demo's start."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis import backoff, retry


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; a Redis that is down is named but loses nothing, so it is no failure."""
    checks = {"database": database_answers(), "redis": redis_answers()}
    return JsonResponse(checks, status=200 if checks["database"] else 503)


def database_answers() -> bool:
    """Whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def redis_answers() -> bool:
    """Whether Redis answers within a second."""
    try:
        once = retry.Retry(backoff.NoBackoff(), retries=0)
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=once
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
