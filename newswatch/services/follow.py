"""Read what another process appends to a log file, line by line, without waiting for it."""

from collections.abc import Iterator
from pathlib import Path


class Follower:
    """Gives the lines that were added since the last look; the first look starts at the file's present end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0
        self._unfinished = b""

    def lines(self) -> Iterator[str]:
        """The complete lines added since the last call."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._position)
            added = file.read()
        self._position += len(added)
        *complete, self._unfinished = (self._unfinished + added).split(b"\n")
        for line in complete:
            yield line.decode(errors="replace")
