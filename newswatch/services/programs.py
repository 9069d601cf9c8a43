"""What the demo runs: the command line of each process, and the environment they share. Starts nothing itself."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newswatch.services import supervisor

RELEASE_SECONDS = 90  # between two articles that the sample newsroom holds back
# A worker may finish its task; else it drops it, and the schedule brings it again.
WORKER_STOP = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 5.0))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the demo's processes find each other: ports of 127.0.0.1, and the servers' URLs."""

    web_port: int
    mail_port: int
    newsroom_port: int
    database_url: str
    redis_url: str

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def newsroom(self) -> str:
        return f"http://127.0.0.1:{self.newsroom_port}/"


def environment(addresses: Addresses, *, var: Path, secret_key: str) -> dict[str, str]:
    """The settings of the demo, as environment variables."""
    return {
        "NEWSWATCH_ENV": "demo",
        "NEWSWATCH_VAR": str(var),
        "SECRET_KEY": secret_key,
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CSRF_TRUSTED_ORIGINS": "",
        "SITE_URL": addresses.site,
        "EMAIL_URL": f"smtp://127.0.0.1:{addresses.mail_port}",
        "DEFAULT_FROM_EMAIL": "Newswatch <newswatch@demo.example>",
        "FETCH_ALLOW_PRIVATE": "127.0.0.1/32",
    }


def commands(addresses: Addresses, *, var: Path) -> dict[str, tuple[str, ...]]:
    """The command line of each process, by its name."""
    return {
        "mail": _python("newswatch.services.mailsink", port=addresses.mail_port, folder=var / "mail"),
        "newsroom": _python(
            "newswatch.sample.server",
            port=addresses.newsroom_port,
            state=var / "sample" / "newsroom.json",
            release_every=RELEASE_SECONDS,
        ),
        "worker-process": _worker("process", "process,celery,alerts,mail", processes=2),
        # Where cores are scarce, readers, fetching and mails come before putting into stories.
        "worker-place": _worker("place", "place", processes=1, nice=19),
        # One more than the two cores of a small box: each waits for the database a third of its time.
        "worker-fetch": _worker("fetch", "fetch", processes=3),
        "beat": (
            *(sys.executable, "-m", "celery", "-A", "newswatch", "beat", "--loglevel", "INFO"),
            *("--pidfile", "", "--schedule", str(var / "beat" / "schedule")),
        ),
        "web": (
            *(sys.executable, "-m", "gunicorn", "newswatch.wsgi:application", "--no-control-socket"),
            *("--bind", f"127.0.0.1:{addresses.web_port}", "--worker-class", "gthread", "--threads", "8"),
        ),
    }


def program(
    name: str, command: tuple[str, ...], *, log: Path, environment: Mapping[str, str], folder: Path
) -> supervisor.Program:
    """A process of the demo for the supervisor, with the way to stop it."""
    is_worker = name.startswith("worker-")
    serves_others = name in ("mail", "newsroom")
    return supervisor.Program(
        command=command,
        log=log,
        environment=environment,
        folder=folder,
        stop_steps=WORKER_STOP if is_worker else ((signal.SIGTERM, 10.0),),
        death_signal=signal.SIGQUIT if is_worker else signal.SIGTERM,
        stops_early=not serves_others,
    )


def _python(module: str, **options: object) -> tuple[str, ...]:
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    return (sys.executable, "-m", module, *words)


def _worker(name: str, queues: str, *, processes: int, nice: int = 0) -> tuple[str, ...]:
    return (
        *(("nice", "-n", str(nice)) if nice else ()),
        *(sys.executable, "-m", "celery", "-A", "newswatch", "worker", "--loglevel", "INFO"),
        *(
            "--hostname",
            f"{name}@%h",
            "--queues",
            queues,
            "--pool",
            "prefork",
            "--concurrency",
            str(processes),
        ),
        # Workers of one machine have nothing to tell each other; asking costs a second at the start.
        *("--without-gossip", "--without-mingle"),
    )
