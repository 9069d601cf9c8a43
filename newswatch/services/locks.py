"""Who is running on a folder: one supervisor at a time, and none while children of the last one still live.

Both facts are kernel locks (flock) on files in the folder, so that nothing stale can be left behind: the
kernel drops them with the last process that holds them. Must not be used on a network file system without
locks.
"""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path

from newswatch.services import processes

CHILDREN_SECONDS = 40.0


class AlreadyRunningError(Exception):
    """Another supervisor works on this folder; `address` is where its site answers, if it is up."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class FolderLock:
    """Taken by `acquire`, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = -1
        self._children = -1

    @property
    def children(self) -> Path:
        """The file that children keep open."""
        return self._folder / "children.lock"

    @property
    def inherited(self) -> tuple[int, ...]:
        """The file descriptors that children keep open, as a sign of life."""
        return (self._children,)

    def acquire(self, *, seconds: float = CHILDREN_SECONDS) -> None:
        """Take the folder. Raises AlreadyRunningError, or ServiceError if an earlier run's children won't end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own = self._open("running.lock")
        if not _try_lock(self._own):
            raise AlreadyRunningError(_recorded_address(self._own))
        os.ftruncate(self._own, 0)
        self._children = self._open(self.children.name)
        deadline = time.monotonic() + seconds
        while not _try_lock(self._children):
            if time.monotonic() > deadline:
                raise processes.ServiceError(
                    f"Processes of an earlier run still work on {self._folder}. See them with: "
                    f"fuser -v {self.children}"
                )
            time.sleep(0.1)

    def announce(self, address: str) -> None:
        """Record where the site answers, for a second start to say."""
        os.ftruncate(self._own, 0)
        os.pwrite(self._own, json.dumps({"address": address, "pid": os.getpid()}).encode(), 0)

    def release(self) -> None:
        """Give the folder free, as far as this process is concerned."""
        for descriptor in (self._own, self._children):
            if descriptor >= 0:
                os.close(descriptor)
        self._own = self._children = -1

    def _open(self, name: str) -> int:
        path = self._folder / name
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise processes.ServiceError(
                f"{path} belongs to another user: {error}. Run as that user."
            ) from error


def _try_lock(descriptor: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _recorded_address(descriptor: int) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return str(json.loads(os.pread(descriptor, 4096, 0))["address"])
    return ""
