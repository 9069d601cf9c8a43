"""The sites' rules for robots, kept for a day: in Redis for all workers, and in this process if Redis is away.

Which rules allow what is decided in feeds/robots.py. Losing them costs one more request a site.
"""

import logging
import time
import zlib
from collections.abc import Collection

import redis
from django.conf import settings

from articles.feeds import robots

log = logging.getLogger(__name__)

KEEP_S = 86_400
# A site that could not be asked is asked again soon, but not by every article at once.
KEEP_UNREACHABLE_S = 10
MOST_HERE = 2_000
TIMEOUT_S = 1.0

Policies = dict[str, robots.Policy]
# By the address of the rules: until when they are good by the monotonic clock, and the policy.
_here: dict[str, tuple[float, robots.Policy]] = {}


def known(addresses: Collection[str]) -> Policies:
    """The policies that are known, by the addresses of their rules."""
    now = time.monotonic()
    found = {
        address: _here[address][1] for address in addresses if address in _here and _here[address][0] > now
    }
    missing = [address for address in addresses if address not in found]
    return found | (_in_redis(missing) if missing else {})


def keep(address: str, policy: robots.Policy) -> None:
    """Remember a policy."""
    seconds = KEEP_UNREACHABLE_S if policy.unreachable else KEEP_S
    if len(_here) >= MOST_HERE:
        _here.clear()
    _here[address] = (time.monotonic() + seconds, policy)
    try:
        with _client() as client:
            client.set(_key(address), _packed(policy), ex=seconds)
    except (redis.RedisError, OSError) as error:
        log.info("the rules of %s are kept by this process alone (%s)", address, error)


def forget() -> None:
    """Forget what this process keeps."""
    _here.clear()


def _in_redis(addresses: list[str]) -> Policies:
    try:
        with _client() as client:
            found = client.mget([_key(address) for address in addresses])
    except (redis.RedisError, OSError) as error:
        log.info("the rules of %d sites are asked for again (%s)", len(addresses), error)
        return {}
    pairs = zip(addresses, found, strict=True)
    return {address: _unpacked(data) for address, data in pairs if data}


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
    )


def _key(address: str) -> str:
    return f"newswatch:robots:{address}"


def _packed(policy: robots.Policy) -> bytes:
    return zlib.compress(f"{policy.unreachable}\x00{policy.text}".encode())


def _unpacked(data: bytes) -> robots.Policy:
    unreachable, _, text = zlib.decompress(data).decode().partition("\x00")
    return robots.Policy(text=text, unreachable=unreachable)
