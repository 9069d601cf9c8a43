from pathlib import Path

import pytest

from newswatch.services import programs

VAR = Path("/srv/news watch/var")
ADDRESSES = programs.Addresses(8000, 8025, 8990, "postgresql:///newswatch", "unix:///v.sock")


@pytest.mark.parametrize(
    "name", ["mail", "newsroom", "worker-process", "worker-fetch", "worker-place", "beat", "web"]
)
def test_every_process_of_the_demo_has_a_command(name):
    assert programs.commands(ADDRESSES, var=VAR)[name]


def test_the_workers_take_every_queue_once():
    commands = programs.commands(ADDRESSES, var=VAR)
    queues = [
        queue
        for name in ("worker-process", "worker-fetch", "worker-place")
        for queue in commands[name][commands[name].index("--queues") + 1].split(",")
    ]
    assert sorted(queues) == ["alerts", "celery", "fetch", "mail", "place", "process"]


def test_nothing_listens_beyond_this_machine():
    for command in programs.commands(ADDRESSES, var=VAR).values():
        assert "0.0.0.0" not in " ".join(command)
    assert "127.0.0.1:8000" in programs.commands(ADDRESSES, var=VAR)["web"]


def test_the_environment_names_the_servers():
    environment = programs.environment(ADDRESSES, var=VAR, secret_key="s")
    assert environment["DATABASE_URL"] == "postgresql:///newswatch"
    assert environment["NEWSWATCH_ENV"] == "demo"
    assert environment["SITE_URL"] == "http://127.0.0.1:8000"
