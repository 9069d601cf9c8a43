"""Start and stop child processes so that none is left behind, and find places for them to listen.

Must not know what the children are; postgres.py, valkey.py and supervisor.py do.
"""

import contextlib
import hashlib
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newswatch.services import tether

POLL_SECONDS = 0.02


class ServiceError(RuntimeError):
    """A service that can't be started or kept; the message is meant for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class User:
    """The account that a child runs as when the starter is root and the child must not be."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    death_signal: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: User | None = None,
    inherited: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, its output appended to `log`.

    The kernel sends it `death_signal` when the calling process dies. Call it from the main thread: it is
    the death of the starting thread that counts. `inherited` are file descriptors that the child keeps
    open.
    """
    account = f"{user.uid}:{user.gid}" if user else "-"
    launcher = [
        sys.executable,
        "-I",
        "-S",
        tether.__file__,
        str(os.getpid()),
        str(int(death_signal)),
        account,
        "--",
    ]
    log.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own command lines
            [*launcher, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            process_group=0,
            pass_fds=tuple(inherited),
        )


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float], asked: bool = False) -> None:
    """End a child and whatever is left of its process group.

    Each step is a signal and the seconds to wait for its effect; SIGKILL to the whole group follows anyway.
    `asked` says that the first signal has been sent already.
    """
    for number, (signal_number, seconds) in enumerate(steps):
        if process.poll() is not None:
            break
        if number or not asked:
            process.send_signal(signal_number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    sweep(process)


def sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's process group: workers whose master died, or the child itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], *, what: str, log: Path, seconds: float
) -> None:
    """Ask `ready` until it says so.

    Raises ServiceError with the log's last lines if the process ends or time runs out.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise ServiceError(
                f"{what} ended at its start (exit status {process.returncode}).\n{last_lines(log)}"
            )
        if time.monotonic() > deadline:
            raise ServiceError(f"{what} did not answer within {seconds:.0f} s.\n{last_lines(log)}")
        time.sleep(POLL_SECONDS)


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log file, indented, with the file's path above it."""
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            kept = deque(lines, maxlen=count)
    except OSError:
        kept = deque()
    return "\n".join([f"  {log}:", *(f"    {line.rstrip()}" for line in kept)])


def free_port(preferred: int = 0) -> int:
    """The preferred port of 127.0.0.1 if nothing listens there, else one that the kernel picks."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # A connection of the last run that lingers in TIME_WAIT does not make a port busy.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServiceError("No port of 127.0.0.1 is free.")


def socket_folder(preferred: Path, *, owner: User | None = None) -> Path:
    """A folder that only its owner can enter and where a Unix socket fits: `preferred`, or one in /tmp.

    A socket's path holds about 100 bytes, and some mounted file systems hold no sockets at all.
    """
    if _holds_sockets(preferred):
        return _private(preferred, owner)
    digest = hashlib.sha256(os.fsencode(preferred.absolute())).hexdigest()[:12]
    return _private(Path(tempfile.gettempdir()) / f"newswatch-{os.geteuid()}-{digest}", owner)


def _private(folder: Path, owner: User | None) -> Path:
    """Make the folder, mode 700. Raises ServiceError if it is somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    uid = owner.uid if owner else os.geteuid()
    if os.geteuid() == 0:
        os.chown(folder, uid, owner.gid if owner else 0, follow_symlinks=False)
    found = folder.lstat()
    if found.st_uid != uid or not stat.S_ISDIR(found.st_mode):
        raise ServiceError(f"{folder} belongs to another user. Remove it, or run as the user who made it.")
    folder.chmod(0o700)
    return folder


def _holds_sockets(folder: Path) -> bool:
    """Whether a socket of the longest name in use can be bound there."""
    probe_path = folder / ".s.PGSQL.5432.probe"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.bind(str(probe_path))
    except OSError:
        return False
    finally:
        probe_path.unlink(missing_ok=True)
    return True


def can_reach(path: Path, user: User) -> bool:
    """Whether the user may enter `path` and every folder above it, as far as they exist, by the mode bits."""
    resolved = path.resolve()
    existing = next(place for place in (resolved, *resolved.parents) if place.exists())
    return all(_may_enter(place.stat(), user) for place in (existing, *existing.parents) if place.is_dir())


def _may_enter(found: os.stat_result, user: User) -> bool:
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
