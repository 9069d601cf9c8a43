"""docker-compose.yml without Docker: its shape against the specification, its command lines against real servers."""

import importlib.resources
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import psycopg
import pytest
import yaml

from newswatch.services import postgres, processes, valkey

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
REQUIRED = {
    "SITE_HOST",
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
}
VARIABLES = {
    "SITE_HOST": "news.example.org",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "POSTGRES_PASSWORD": "0a1b2c",
    "VALKEY_PASSWORD": "3d4e5f",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "DEFAULT_FROM_EMAIL": "Newswatch <news@example.org>",
}


def interpolate(value, variables):
    """What Compose makes of `${NAME:-default}`, `${NAME:?message}` and `$$`, in strings, lists and mappings."""
    if isinstance(value, dict):
        return {key: interpolate(inner, variables) for key, inner in value.items()}
    if isinstance(value, list):
        return [interpolate(inner, variables) for inner in value]
    if not isinstance(value, str):
        return value

    def replace(match):
        if match["name"] is None:
            return "$"
        if match["name"] in variables:
            return variables[match["name"]]
        if match["kind"] == ":?":
            raise KeyError(match["rest"])
        return match["rest"]

    return re.sub(r"\$\$|\$\{(?P<name>\w+)(?P<kind>:[-?])(?P<rest>[^}]*)\}", replace, value)


class Box:
    """Runs a service's command line the way its container would, against the servers of the tests."""

    def __init__(self, environment, folder):
        self.environment = environment
        self.folder = folder
        self.port = processes.free_port()
        self.running = []

    def command(self, words):
        at_home = {
            "0.0.0.0:8000": f"127.0.0.1:{self.port}",
            "8000": str(self.port),
            "/tmp/beat-schedule": str(self.folder / "beat-schedule"),
        }
        words = [at_home.get(word, word) for word in interpolate(words, VARIABLES)]
        program = Path(sys.executable).with_name(words[0])
        return [str(program) if program.exists() else words[0], *words[1:]]

    def start(self, name):
        log = self.folder / f"{name}.log"
        process = processes.spawn(
            self.command(SERVICES[name]["command"]), log=log, environment=self.environment, folder=ROOT
        )
        self.running.append(process)
        return process, log

    def check(self, name):
        """The exit status and output of the service's health check."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        command = (
            ["/bin/sh", "-c", interpolate(words[0], VARIABLES)]
            if kind == "CMD-SHELL"
            else self.command(words)
        )
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )

    def wait_until_healthy(self, name, process, log, seconds=60):
        deadline = time.monotonic() + seconds
        while (answer := self.check(name)).returncode != 0:
            assert process.poll() is None, processes.last_lines(log)
            assert time.monotonic() < deadline, answer.stdout + answer.stderr + processes.last_lines(log)
            time.sleep(0.2)

    def stop(self):
        for process in self.running:
            processes.stop(process, (processes.signal.SIGTERM, 20))


def listens(port):
    """Whether something accepts connections on that port of 127.0.0.1."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    """Valkey by the compose file's own command line."""
    folder = tmp_path_factory.mktemp("broker")
    port = processes.free_port()
    words = interpolate(SERVICES["valkey"]["command"], VARIABLES)
    assert words[0] == "valkey-server"
    words = [str(folder) if word == "/data" else word for word in words[1:]]
    program = valkey.Valkey(folder / "unused", log=folder / "log").command()[0]
    process = processes.spawn(
        [program, *words, "--port", str(port), "--bind", "127.0.0.1"],
        log=folder / "valkey.log",
        folder=folder,
    )
    processes.wait_until(lambda: listens(port), process, what="Valkey", log=folder / "valkey.log", seconds=30)
    yield f"redis://:{VARIABLES['VALKEY_PASSWORD']}@127.0.0.1:{port}/0"
    processes.stop(process, (processes.signal.SIGTERM, 10))


@pytest.fixture
def box(service_environment, broker, tmp_path):
    own = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    settings = interpolate(SERVICES["web"]["environment"], VARIABLES)
    servers = {"DATABASE_URL": service_environment["DATABASE_URL"], "REDIS_URL": broker}
    environment = {**own, **settings, **servers, "NEWSWATCH_VAR": str(tmp_path)}
    shutil.copytree(ROOT / "newswatch" / "static", tmp_path / "static")
    box = Box(environment, tmp_path)
    yield box
    box.stop()


def test_the_file_follows_the_compose_specification():
    schemas = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(COMPOSE)] == []


def test_all_the_parts_are_there():
    assert set(SERVICES) == {
        *(
            "postgres",
            "valkey",
            "migrate",
            "web",
            "worker-fetch",
            "worker-process",
            "worker-place",
            "beat",
            "proxy",
        )
    }


def test_nothing_secret_has_a_default():
    used = {(match[1], match[2]) for match in re.finditer(r"\$\{(\w+)(:[-?])", TEXT)}
    assert {name for name, kind in used if kind == ":?"} == REQUIRED
    assert not REQUIRED & {name for name, kind in used if kind == ":-"}


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_a_missing_value_stops_the_start(missing):
    with pytest.raises(KeyError, match="set"):
        interpolate(COMPOSE, {name: value for name, value in VARIABLES.items() if name != missing})


def test_the_example_names_every_variable():
    used = {match[1] for match in re.finditer(r"\$\{(\w+)", TEXT)} - {"NEWSWATCH_VERSION"}
    lines = (ROOT / "deploy" / "example.env").read_text().splitlines()
    assert {line.partition("=")[0] for line in lines if line and not line.startswith("#")} == used


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root_or_writes_where_it_should_not(name):
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("", "0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_is_checked_and_restarted(name):
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert "data" not in SERVICES["proxy"]["networks"]
    assert COMPOSE["networks"]["data"] == {"internal": True}


def test_every_volume_and_network_in_use_is_declared():
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])


def test_the_workers_take_every_queue_once():
    queues = []
    for name in ("worker-fetch", "worker-process", "worker-place"):
        command = SERVICES[name]["command"]
        queues += command[command.index("--queues") + 1].split(",")
    assert sorted(queues) == ["alerts", "celery", "fetch", "mail", "place", "process"]


def test_the_database_is_made_with_the_locale_that_reads_korean():
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == " ".join(postgres.LOCALE)


def test_a_password_that_is_wrong_is_refused_by_the_broker(broker):
    with socket.create_connection(("127.0.0.1", int(broker.rpartition(":")[2].split("/")[0]))) as client:
        client.sendall(b"PING\r\n")
        assert client.recv(100).startswith(b"-NOAUTH")


def test_the_settings_pass_the_deployment_check(box):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=box.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_migrations_run(box):
    process, log = box.start("migrate")
    assert process.wait(60) == 0, processes.last_lines(log)
    with psycopg.connect(box.environment["DATABASE_URL"]) as client:
        assert client.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


def test_the_web_server_answers_its_health_check(box):
    assert box.check("web").returncode == 1
    box.wait_until_healthy("web", *box.start("web"))


@pytest.mark.parametrize("name", ["worker-fetch", "worker-process", "worker-place"])
def test_a_worker_answers_its_health_check(box, name):
    box.wait_until_healthy(name, *box.start(name))


def test_beat_passes_its_health_check(box):
    assert box.check("beat").returncode == 1
    box.wait_until_healthy("beat", *box.start("beat"))
