"""Spare the hosts we ask: all workers together send a host few requests at once, and those with a pause between.

The count stands in Redis, where every worker sees it. A place is a lease, so that a dead worker's is free again after
a while. Without Redis each process keeps the pause on its own, and nothing fails. Networks that the operator allows by
FETCH_ALLOW_PRIVATE are ours and need no sparing. Must not know what is asked for.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import redis
import redis.asyncio
from django.conf import settings

from articles.feeds import addresses, fetch

log = logging.getLogger(__name__)

# Longer than any request may take; then a place is free again.
LEASE_MS = 60_000
# When all places are taken, they are looked at again after this.
LOOK_AGAIN_MS = 100
# A Redis that failed is left alone for so long.
REST_S = 10.0
TIMEOUT_S = 1.0
MOST_AT_ONCE = 200  # hosts in one call of the script

# For each host: KEYS its places (by when their leases end) and its next free moment; ARGV its gap, a token, the longest
# wait. Gives 1 and the wait until the moment booked, or 0 and when to look again. Redis's clock is everybody's.
ENTER = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local most, lease, look = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local answers = {}
for i = 1, #KEYS / 2 do
    local places, free = KEYS[2 * i - 1], KEYS[2 * i]
    local gap, token, patience = tonumber(ARGV[3 * i + 1]), ARGV[3 * i + 2], tonumber(ARGV[3 * i + 3])
    redis.call('ZREMRANGEBYSCORE', places, '-inf', now)
    local wait = math.max(0, tonumber(redis.call('GET', free) or 0) - now)
    if redis.call('ZCARD', places) >= most then
        answers[#answers + 1] = 0
        answers[#answers + 1] = math.max(wait, look)
    elseif wait > patience then
        answers[#answers + 1] = 0
        answers[#answers + 1] = wait
    else
        redis.call('ZADD', places, now + wait + lease, token)
        redis.call('PEXPIRE', places, wait + lease)
        if gap > 0 then
            redis.call('SET', free, now + wait + gap, 'PX', wait + gap)
        end
        answers[#answers + 1] = 1
        answers[#answers + 1] = wait
    end
end
return answers
"""


@dataclass(slots=True)
class Asking:
    """Somebody who wants to pass."""

    host: str
    token: str
    patience_s: float
    passage: asyncio.Future[fetch.Passage]


class HostGate:
    """A fetch.Gate for one event loop. What is asked in the same moment goes to Redis in one call.

    `gap_s` is the pause between two requests to a host, `most` the requests at once, `exempt` the networks to which
    neither applies. Close it at the end, in its loop.
    """

    def __init__(
        self,
        url: str,
        *,
        most: int,
        gap_s: float,
        exempt: Sequence[addresses.Network] = (),
    ) -> None:
        self.most = most
        self.gap_s = gap_s
        self.exempt = tuple(exempt)
        self.gaps: dict[str, float] = {}
        self.redis = redis.asyncio.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, max_connections=4
        )
        self.enter_script = self.redis.register_script(ENTER)
        self.asking: list[Asking] = []
        self.tokens: dict[str, list[str]] = {}
        self.left: list[tuple[str, str]] = []
        self.sending: asyncio.Task[None] | None = None
        self.down_until = 0.0
        self.free_at: dict[str, float] = {}

    def keep_apart(self, host: str, gap_s: float) -> None:
        """From now on at least so many seconds lie between two requests to this host (`name:port`)."""
        self.gaps[host] = max(gap_s, self.gap_s)

    async def enter(self, host: str, *, patience_s: float) -> fetch.Passage:
        """See fetch.Gate."""
        if addresses.is_own(host, self.exempt):
            return fetch.Passage(granted=True)
        asking = Asking(
            host, secrets.token_hex(8), max(patience_s, 0.0), asyncio.get_running_loop().create_future()
        )
        self.asking.append(asking)
        self._send_soon()
        passage = await asking.passage
        if passage.granted:
            self.tokens.setdefault(host, []).append(asking.token)
        return passage

    def leave(self, host: str) -> None:
        """See fetch.Gate."""
        if tokens := self.tokens.get(host):
            self.left.append((host, tokens.pop()))
            self._send_soon()

    async def close(self) -> None:
        """Tell Redis what has left, and close the connections."""
        if self.sending is not None:
            await self.sending
        with contextlib.suppress(redis.RedisError, OSError):
            await self.redis.aclose()

    def _send_soon(self) -> None:
        if self.sending is None:
            self.sending = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        await asyncio.sleep(0)  # whoever else asks in this moment comes along
        try:
            while self.asking or self.left:
                asking, self.asking = self.asking[:MOST_AT_ONCE], self.asking[MOST_AT_ONCE:]
                left, self.left = self.left, []
                for one, passage in zip(asking, await self._passages(asking, left), strict=True):
                    if not one.passage.done():
                        one.passage.set_result(passage)
        finally:
            self.sending = None

    async def _passages(
        self, asking: Sequence[Asking], left: Sequence[tuple[str, str]]
    ) -> list[fetch.Passage]:
        if time.monotonic() >= self.down_until:
            try:
                return await self._by_redis(asking, left)
            except (redis.RedisError, OSError) as error:
                log.warning("hosts are spared by each process alone: Redis does not answer (%s)", error)
                self.down_until = time.monotonic() + REST_S
        return [self._alone(one) for one in asking]

    async def _by_redis(
        self, asking: Sequence[Asking], left: Sequence[tuple[str, str]]
    ) -> list[fetch.Passage]:
        async with self.redis.pipeline(transaction=False) as pipeline:
            for host, token in left:
                pipeline.zrem(places(host), token)
            if left:
                await pipeline.execute()
        if not asking:
            return []
        keys = [key for one in asking for key in (places(one.host), free(one.host))]
        wishes = [
            value
            for one in asking
            for value in (round(self._gap(one.host) * 1000), one.token, round(one.patience_s * 1000))
        ]
        answers = await self.enter_script(keys, [self.most, LEASE_MS, LOOK_AGAIN_MS, *wishes])
        pairs = zip(answers[::2], answers[1::2], strict=True)
        return [fetch.Passage(bool(granted), wait_ms / 1000) for granted, wait_ms in pairs]

    def _alone(self, one: Asking) -> fetch.Passage:
        """The same without Redis: the pause alone, since the fetcher counts its own requests at once."""
        now = time.monotonic()
        wait_s = max(0.0, self.free_at.get(one.host, 0.0) - now)
        if wait_s > one.patience_s:
            return fetch.Passage(granted=False, wait_s=wait_s)
        self.free_at[one.host] = now + wait_s + self._gap(one.host)
        return fetch.Passage(granted=True, wait_s=wait_s)

    def _gap(self, host: str) -> float:
        return self.gaps.get(host, self.gap_s)


def places(host: str) -> str:
    """The key of who is asking a host."""
    return f"newswatch:host:{host}:places"


def free(host: str) -> str:
    """The key of the moment from which on a host may be asked."""
    return f"newswatch:host:{host}:free"


def gate() -> HostGate:
    """A gate by the settings."""
    return HostGate(
        settings.REDIS_URL,
        most=settings.FETCH_HOST_CONCURRENCY,
        gap_s=settings.FETCH_HOST_GAP_MS / 1000,
        exempt=settings.FETCH_ALLOW_PRIVATE,
    )
