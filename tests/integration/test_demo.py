"""`make demo` as a person meets it: it comes up, survives a crash, stops without a trace and keeps its data."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from newswatch.services import locks, processes

ROOT = Path(__file__).resolve().parents[2]
# Many times what it takes on two quiet cores; nothing is measured here.
PATIENCE = 400.0


class Run:
    """One run of the demo on a folder, and what it has said so far."""

    def __init__(self, var, *arguments):
        ours = ("DATABASE_URL", "REDIS_URL", "NEWSWATCH_ENV", "FETCH_ALLOW_PRIVATE", "SECRET_KEY")
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "newswatch.services.demo", *arguments],
            env={**environment, "NEWSWATCH_VAR": str(var)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, pattern):
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.said)):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)
        return match

    def end(self, signal_number=signal.SIGINT):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal_number)
        return self.finish()

    def finish(self):
        status = self.process.wait(PATIENCE)
        self._reader.join()
        self.process.stdout.close()
        return status


@pytest.fixture
def var():
    """A folder that PostgreSQL can reach when the tests run as root, and where nothing is left at the end."""
    path = Path(os.path.realpath("/tmp")) / f"newswatch-demo-{os.getpid()}"
    path.mkdir(mode=0o711)
    yield path
    subprocess.run(["rm", "-rf", str(path)], check=True)


def children_are_gone(var):
    lock = locks.FolderLock(var)
    lock.acquire(seconds=30)
    lock.release()
    return True


def pid_of(var, word):
    """The process of the demo on this folder whose command line has the word."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().decode()
            if word in command and f"NEWSWATCH_VAR={var}\0" in (folder / "environ").read_text():
                return int(folder.name)
    return None


@pytest.mark.slow
def test_the_demo_comes_up_survives_a_crash_stops_without_a_trace_and_keeps_its_data(var):
    port = processes.free_port()
    run = Run(var, "--port", str(port))
    try:
        site = run.wait_for(r"Newswatch is ready: (http://127\.0\.0\.1:\d+/)")[1]
        assert site == f"http://127.0.0.1:{port}/"
        assert re.findall(r"Log in as (\w+)", run.said) == ["analyst", "editor", "admin"]
        with urllib.request.urlopen(site, timeout=60) as page:
            assert "Newswatch" in page.read().decode()

        second = Run(var)
        assert second.finish() == 0
        assert f"running already: {site}" in second.said
        assert Run(var, "--reset").finish() == 1

        os.kill(pid_of(var, "gunicorn"), signal.SIGKILL)
        run.wait_for(r"web ended \(killed by SIGKILL\)")
    finally:
        assert run.end() == 0, run.said
    assert children_are_gone(var)

    again = Run(var, "--port", str(port))
    try:
        again.wait_for("Newswatch is ready")
        assert " 0 feeds of the sample newsroom added" in again.said
    finally:
        # Nobody is left to clean up after this one.
        again.end(signal.SIGKILL)
    assert children_are_gone(var)

    assert Run(var, "--reset").finish() == 0
    assert not (var / "postgres").exists()
    assert not (var / "demo.env").exists()


@pytest.mark.slow
def test_a_demo_that_can_not_prepare_its_data_says_why_and_stops(var):
    run = Run(var, "--port", str(processes.free_port()))
    run.process.send_signal(0)
    (var / "static").mkdir()
    (var / "static.stamp").mkdir()
    assert run.finish() == 1
    assert "Newswatch can't start" in run.said
    assert "static.stamp" in run.said
    assert children_are_gone(var)
