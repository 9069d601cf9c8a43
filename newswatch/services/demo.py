"""`make demo`: the whole newsroom on one machine, with its own servers, until Ctrl-C.

Starts PostgreSQL, Valkey, a mail sink, the sample newsroom, two Celery workers, beat and the web server as
children, says when the site can be opened, and stops them all at the end. DATABASE_URL and REDIS_URL in the
environment name other servers instead. It is for one person on one machine; docs/operations.md has the
production set-up.
"""

import argparse
import contextlib
import http.client
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newswatch.services import follow, guardian, locks, postgres, processes, programs, supervisor, valkey

BASE = Path(__file__).resolve().parents[2]
WEB_PORT, MAIL_PORT, NEWSROOM_PORT = 8000, 8025, 8990
SITE_SECONDS = 60.0
# What children get to end by themselves when the supervisor has been killed.
ORPHAN_SECONDS = 10.0
LARGEST_LOG = 10_000_000  # bytes
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORGOTTEN = ("mail", "beat", "log", "static", "sample", "static.stamp", "demo.env")
# What prepare.py says when the tables are there.
DATABASE_READY = "The database is ready"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for; `began` is the Unix time at which the command was typed."""

    var: Path
    port: int
    online: bool
    began: float


def main(arguments: list[str] | None = None) -> int:
    """Run or reset the demo. The exit status is 0 after Ctrl-C and 1 if it can't go on."""
    given = _parser().parse_args(arguments)
    var = Path(os.environ.get("NEWSWATCH_VAR") or BASE / "var").absolute()
    os.umask(0o022)
    lock = locks.FolderLock(var)
    try:
        lock.acquire()
        if given.reset:
            return reset(var)
        return run(Options(var, given.port, given.online, given.began), lock)
    except locks.AlreadyRunningError as running:
        return say_running(running.address, reset_wanted=given.reset)
    except (processes.ServiceError, OSError) as error:
        print(f"\nNewswatch can't start: {error}", file=sys.stderr)
        return 1
    finally:
        lock.release()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="newswatch.services.demo", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=WEB_PORT, help="the site's port if it is free (%(default)s)"
    )
    parser.add_argument("--online", action="store_true", help="poll the catalogue of real feeds, too")
    parser.add_argument(
        "--began", type=float, default=time.time(), help="when the command was typed (Unix time)"
    )
    parser.add_argument("--reset", action="store_true", help="forget the demo's data instead of running it")
    return parser


def say_running(address: str, *, reset_wanted: bool) -> int:
    """Tell that the demo runs already, and where."""
    if reset_wanted:
        print("The demo is running. Stop it with Ctrl-C first, then reset it.", file=sys.stderr)
        return 1
    print(f"Newswatch is running already: {address or 'it is just starting or stopping'}")
    return 0


def reset(var: Path) -> int:
    """Delete what the demo has stored; what else is under var/ stays."""
    postgres.forget(var / "postgres")
    valkey.forget(var / "valkey")
    for place in (var / name for name in FORGOTTEN):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    print(f"The demo's data under {var} are gone.")
    return 0


def run(options: Options, lock: locks.FolderLock) -> int:
    """Bring everything up and keep it up until a signal comes."""
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    guard = guardian.start(lock.children, seconds=ORPHAN_SECONDS)
    demo = Demo(options, lock)
    try:
        demo.run()
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
    except supervisor.GaveUpError as error:
        print(f"\nStopping: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        # A second Ctrl-C must leave nothing behind.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        lock.announce("")
        demo.supervisor.stop()
        lock.release()
        guardian.finish(guard)
    print("Stopped; the data are kept. make demo goes on, make demo-reset forgets.", flush=True)
    return 0


class Demo:
    """One run of the demo."""

    def __init__(self, options: Options, lock: locks.FolderLock) -> None:
        self.options = options
        self.lock = lock
        self.supervisor = supervisor.Supervisor(inherited=lock.inherited, tell=self.tell)
        self.said: list[str] = []

    def run(self) -> None:
        """Start everything, say so, and watch over it."""
        for folder in ("beat", "sample"):
            (self.options.var / folder).mkdir(parents=True, exist_ok=True)
        self._put_long_logs_aside()
        addresses = self._start_servers()
        environment = self._environment(addresses)
        commands = programs.commands(addresses, var=self.options.var)
        mails = follow.Follower(self._log("mail"))
        for name in ("mail", "newsroom", "worker-process", "worker-fetch", "worker-place"):
            self._start(name, commands[name], environment)
        self.tell("Mail sink, sample newsroom and workers are starting")
        with self._preparation(addresses, environment) as preparation:
            self._follow(preparation, until=DATABASE_READY)
            self._start("beat", commands["beat"], environment)
            self._start("web", commands["web"], environment)
            self._follow(preparation)
        self._wait_for_site(addresses)
        self._announce(addresses)
        self.supervisor.watch(lambda: self._tell_all(mails))

    def tell(self, line: str) -> None:
        """A line of progress, with the seconds since the command was typed."""
        print(f"{time.time() - self.options.began:6.1f} s  {line}", flush=True)

    def _start_servers(self) -> programs.Addresses:
        """Start the servers that the environment does not name, and choose the ports of the others."""
        var = self.options.var
        database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
        if not database_url:
            database = postgres.Postgres(var / "postgres", log=self._log("postgres"))
            database_url = database.url
            self.supervisor.start("postgres", database)
            self.tell(f"PostgreSQL is up (data in {database.place.data})")
        if not redis_url:
            broker = valkey.Valkey(var / "valkey", log=self._log("valkey"))
            redis_url = broker.url
            self.supervisor.start("valkey", broker)
            self.tell("Valkey is up")
        return programs.Addresses(
            web_port=processes.free_port(self.options.port),
            mail_port=processes.free_port(MAIL_PORT),
            newsroom_port=processes.free_port(NEWSROOM_PORT),
            database_url=database_url,
            redis_url=redis_url,
        )

    def _environment(self, addresses: programs.Addresses) -> dict[str, str]:
        """Our environment with the demo's settings, which are also left in demo.env for manage.py."""
        file = self.options.var / "demo.env"
        ours = programs.environment(addresses, var=self.options.var, secret_key=_kept_secret(file))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as lines:
            lines.writelines(f"{name}={value}\n" for name, value in ours.items())
        return {**os.environ, **ours, "PYTHONUNBUFFERED": "1"}

    def _start(self, name: str, command: tuple[str, ...], environment: dict[str, str]) -> None:
        self.supervisor.start(
            name, programs.program(name, command, log=self._log(name), environment=environment, folder=BASE)
        )

    @contextlib.contextmanager
    def _preparation(
        self, addresses: programs.Addresses, environment: dict[str, str]
    ) -> Iterator[supervisor.Program]:
        """The child that fills the database; it is gone when the block is left in whatever way."""
        online = ("--online",) if self.options.online else ()
        command = (
            sys.executable,
            "-m",
            "newswatch.services.prepare",
            "--newsroom",
            addresses.newsroom,
            *online,
        )
        log = self._log("prepare")
        log.unlink(missing_ok=True)
        child = programs.program("prepare", command, log=log, environment=environment, folder=BASE)
        self._prepared = follow.Follower(log)
        child.start(self.lock.inherited)
        try:
            yield child
        finally:
            child.stop()

    def _follow(self, child: supervisor.Program, *, until: str | None = None) -> None:
        """Show what the child says until it says `until` or ends. Raises ServiceError if it fails."""
        while True:
            ended = child.process is None or child.process.poll() is not None
            for line in self._prepared.lines():
                if line.startswith("> "):
                    self._hear(line.removeprefix("> "))
                if until and line.endswith(until):
                    return
            if ended:
                break
            self.supervisor.check()
            time.sleep(processes.POLL_SECONDS)
        if child.process and child.process.returncode:
            raise processes.ServiceError(
                f"its data could not be prepared.\n{processes.last_lines(child.log, 30)}"
            )

    def _hear(self, line: str) -> None:
        """Show a line of the preparation now, or a log-in at the end."""
        if line.startswith("Log in"):
            self.said.append(line)
        else:
            self.tell(line)

    def _wait_for_site(self, addresses: programs.Addresses) -> None:
        deadline = time.monotonic() + SITE_SECONDS
        while not _answers(addresses.web_port):
            self.supervisor.check()
            if time.monotonic() > deadline:
                raise processes.ServiceError(
                    f"the site does not answer.\n{processes.last_lines(self._log('web'))}"
                )
            time.sleep(0.1)

    def _announce(self, addresses: programs.Addresses) -> None:
        self.lock.announce(f"{addresses.site}/")
        seconds = time.time() - self.options.began
        var = self.options.var
        lines = [
            f"Newswatch is ready: {addresses.site}/   (after {seconds:.1f} s)",
            *self.said,
            f"Publish an article: {addresses.newsroom}",
            f"Mails go to {var / 'mail'}, logs to {var / 'log'}",
            "Ctrl-C stops everything and keeps the data.",
        ]
        print("\n" + "\n".join(f"  {line}" for line in lines) + "\n", flush=True)

    def _tell_all(self, follower: follow.Follower) -> None:
        for line in follower.lines():
            self.tell(line)

    def _log(self, name: str) -> Path:
        return self.options.var / "log" / f"{name}.log"

    def _put_long_logs_aside(self) -> None:
        for log in (self.options.var / "log").glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.old"))


def _kept_secret(file: Path) -> str:
    """The secret key of the last run, so that log-ins outlive a restart; else a new one."""
    if file.exists():
        for line in file.read_text().splitlines():
            if line.startswith("SECRET_KEY="):
                return line.removeprefix("SECRET_KEY=")
    return secrets.token_urlsafe(48)


def _answers(port: int) -> bool:
    """Whether the site answers its health check."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
