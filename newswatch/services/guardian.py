"""Kill what a dead supervisor has left behind.

Run as a script: `python guardian.py LOCK SECONDS`, with a pipe from the supervisor as standard input. When the pipe
closes, the supervisor is gone in whatever way; each process that still holds the file LOCK open is its child or a
child's child. They have SECONDS to end by themselves and are then killed. The death signals of tether.py reach the
children; this reaches those that a child forks and forgets, or that hang.

Must stay a script of the standard library alone, like tether.py. Without /proc it does nothing.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def start(lock: Path, *, seconds: float) -> subprocess.Popen[bytes]:
    """Start a guardian for this process; `finish` ends it."""
    command = [sys.executable, "-I", "-S", __file__, str(lock), str(seconds)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - ourselves


def finish(guardian: subprocess.Popen[bytes]) -> None:
    """Let it do its work now, and wait for the end of it. The caller must hold the lock file no more."""
    guardian.communicate()


def holders(lock: Path) -> list[int]:
    """The processes that have this very file open, as far as we may look."""
    wanted = lock.stat()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(_is_same(file, wanted) for file in (process / "fd").iterdir()):
                found.append(int(process.name))
    return found


def _is_same(file: Path, wanted: os.stat_result) -> bool:
    with contextlib.suppress(OSError):
        found = file.stat()
        return (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino)
    return False


def main(lock: Path, seconds: float) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    deadline = time.monotonic() + seconds
    while (left := holders(lock)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
