"""Ask the web in a thread of its own, so that fetching goes on while what came is being stored.

Requests can be added while others are under way, so that one slow host keeps nobody waiting. Must not store anything.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Self

from django.conf import settings

from articles import politeness
from articles.feeds import fetch


class Asking:
    """Requests under way, for a `with` block; leaving it abandons those that are not answered."""

    def __init__(self, limits: fetch.Limits) -> None:
        self.limits = limits
        self.under_way = 0
        self._arrived: queue.SimpleQueue[fetch.Response | None] = queue.SimpleQueue()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="asking", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def ask(self, requests: Iterable[fetch.Request]) -> None:
        """Ask for these too."""
        asked = list(requests)
        self.under_way += len(asked)
        self._loop.call_soon_threadsafe(self._take, asked)

    def keep_apart(self, host: str, gap_s: float) -> None:
        """Let so many seconds pass between two requests to a host (`name:port`)."""
        self._loop.call_soon_threadsafe(self._gate.keep_apart, host, gap_s)

    def answers(self, most: int = 100, *, patience_s: float | None = None) -> list[fetch.Response]:
        """What has arrived, after waiting for at least one, `patience_s` at most; nothing if nothing is under way.

        Raises RuntimeError if the thread has died.
        """
        found: list[fetch.Response] = []
        while self.under_way and len(found) < most:
            try:
                response = self._arrived.get(block=not found, timeout=patience_s)
            except queue.Empty:
                break
            if response is None:
                raise RuntimeError("the thread that fetches has died")
            found.append(response)
            self.under_way -= 1
        return found

    @property
    def arrived(self) -> int:
        """How many answers have arrived that were not taken yet."""
        return self._arrived.qsize()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing has arrived that was not taken yet."""
        return self._arrived.empty()

    def _run(self) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                fetch.run(self._collect())
        finally:
            self._started.set()
            self._arrived.put(None)

    async def _collect(self) -> None:
        self._loop, self._requests = asyncio.get_running_loop(), asyncio.Queue[fetch.Request]()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is a coroutine that runs
        self._task, self._gate = task, politeness.gate()
        self._started.set()
        try:
            async for response in fetch.fetch_many(
                self._endless(),
                limits=self.limits,
                user_agent=settings.FETCH_USER_AGENT,
                allow_private=settings.FETCH_ALLOW_PRIVATE,
                gate=self._gate,
            ):
                self._arrived.put(response)
        finally:
            await self._gate.close()

    def _take(self, requests: list[fetch.Request]) -> None:
        for request in requests:
            self._requests.put_nowait(request)

    async def _endless(self) -> AsyncIterator[fetch.Request]:
        while True:
            yield await self._requests.get()
