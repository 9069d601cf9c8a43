"""Real Celery workers and a real beat for tests, each in a process group of its own that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from newswatch.services import processes

COMMANDS = {
    "fetch": ["worker", "-Q", "fetch", "-c", "1", "-n", "fetch@%h"],
    "process": ["worker", "-Q", "process,place,alerts,mail", "-c", "2", "-n", "process@%h"],
    "beat": ["beat"],
}


class Workers:
    """The fetching worker, the processing worker and the beat, for a `with` block."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Workers":
        for name in COMMANDS:
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            processes.stop(process, (signal.SIGTERM, 10.0))

    def start(self, name: str) -> None:
        """Start one of them; does not wait until it is up, as nobody does after a crash either."""
        command = [sys.executable, "-m", "celery", "-A", "newswatch", *COMMANDS[name], "-l", "WARNING"]
        if name == "beat":
            command += ["-s", str(self.folder / "beat-schedule")]
        self.running[name] = processes.spawn(
            command, log=self.folder / f"{name}.log", environment=self.environment, folder=Path.cwd()
        )

    def kill(self, name: str) -> None:
        """SIGKILL to the worker and all its children, as the kernel does when memory runs out."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def logs(self) -> str:
        """The ends of their logs, for a failing test's message."""
        return "\n".join(processes.last_lines(self.folder / f"{name}.log") for name in COMMANDS)


def wait_for(condition: Callable[[], bool], *, seconds: float = 120) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
