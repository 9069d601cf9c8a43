"""Keep a set of child processes running: start in order, restart what crashes, stop in reverse, leave none behind.

Must not know what the children do; demo.py composes them.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from newswatch.services import processes, restarts

TICK_SECONDS = 0.2


class Service(Protocol):
    """What the supervisor keeps running: a Program, or an embedded server."""

    log: Path
    process: subprocess.Popen[bytes] | None

    def start(self, inherited: tuple[int, ...] = ()) -> None: ...

    def stop(self) -> None: ...


class GaveUpError(Exception):
    """A child crashed too often; the message shows the end of its log."""


@dataclass(slots=True)
class Program:
    """A child that is a command line. It is up when it runs; who needs more asks it."""

    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    stop_steps: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),)
    # What the kernel sends if the supervisor is killed: there is nobody left then to insist.
    death_signal: signal.Signals = signal.SIGTERM
    # It takes its time to stop, and nobody needs it meanwhile: it is asked to before its turn.
    stops_early: bool = False
    process: subprocess.Popen[bytes] | None = None
    asked: bool = False

    def start(self, inherited: tuple[int, ...] = ()) -> None:
        self.process = processes.spawn(
            self.command,
            log=self.log,
            death_signal=self.death_signal,
            environment=self.environment,
            folder=self.folder,
            inherited=inherited,
        )

    def ask_to_stop(self) -> None:
        """Send the first signal and don't wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_steps[0][0])
            self.asked = True

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, *self.stop_steps, asked=self.asked)
            self.process = None


@dataclass(slots=True)
class _Kept:
    name: str
    service: Service
    crashes: list[float] = field(default_factory=list)
    due: float | None = None


class Supervisor:
    """Starts services, watches over them and stops them. Use it from the main thread alone."""

    def __init__(self, *, inherited: tuple[int, ...], tell: Callable[[str], None]) -> None:
        """`inherited` file descriptors go to every child; `tell` shows a line to the person at the terminal."""
        self._inherited = inherited
        self._tell = tell
        self._kept: list[_Kept] = []

    def start(self, name: str, service: Service) -> None:
        """Start a service and keep it running from now on."""
        self._kept.append(_Kept(name, service))
        service.start(self._inherited)

    def check(self) -> None:
        """Look after every child once. Raises GaveUpError if one has crashed too often."""
        now = time.monotonic()
        for kept in self._kept:
            if kept.due is not None:
                if now >= kept.due:
                    self._start_again(kept)
            elif kept.service.process is not None and kept.service.process.poll() is not None:
                self._crashed(kept, kept.service.process, now)

    def watch(self, each_tick: Callable[[], None]) -> None:
        """Look after the children for ever."""
        while True:
            self.check()
            each_tick()
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Stop everything, the last started first, so that none loses a server that it still needs."""
        for kept in reversed(self._kept):
            if isinstance(kept.service, Program) and kept.service.stops_early:
                kept.service.ask_to_stop()
        for kept in reversed(self._kept):
            kept.service.stop()
        self._kept.clear()

    def _crashed(self, kept: _Kept, process: subprocess.Popen[bytes], now: float) -> None:
        # A master that was killed may have left workers; they must not work beside the new ones.
        processes.sweep(process)
        kept.crashes.append(now)
        kept.due = restarts.next_start(kept.crashes)
        if kept.due is None:
            raise GaveUpError(
                f"{kept.name} crashed {len(kept.crashes)} times ({_ending(process)} at last).\n"
                f"{processes.last_lines(kept.service.log)}"
            )
        self._tell(f"{kept.name} ended ({_ending(process)}); starting it again. Its log: {kept.service.log}")

    def _start_again(self, kept: _Kept) -> None:
        kept.due = None
        try:
            kept.service.start(self._inherited)
        except processes.ServiceError as error:
            kept.crashes.append(time.monotonic())
            kept.due = restarts.next_start(kept.crashes)
            if kept.due is None:
                raise GaveUpError(str(error)) from error


def _ending(process: subprocess.Popen[bytes]) -> str:
    status = process.returncode
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
