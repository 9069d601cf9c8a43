"""The servers that tests run against: real ones, started when the first test asks for them.

Their addresses are fixed before anything starts, because Django's settings read the environment when they are
imported. DATABASE_URL and REDIS_URL in the environment point the tests to other servers instead.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from django import conf

from newswatch.services import postgres, processes, valkey
from tests import mailbox

# Others than root must be able to enter it: PostgreSQL runs as nobody when root runs the tests.
FOLDER = Path(tempfile.mkdtemp(prefix="newswatch-test-"))
FOLDER.chmod(0o711)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of this run; None stands for one that the environment names."""

    postgres: postgres.Postgres | None
    valkey: valkey.Valkey | None


def prepare_environment() -> Servers:
    """Choose the addresses and put them, with the other variables of a test run, into the environment."""
    database = broker = None
    if "DATABASE_URL" not in os.environ:
        database = postgres.Postgres(FOLDER / "postgres", log=FOLDER / "postgres.log", durable=False)
        os.environ["DATABASE_URL"] = database.url
    if "REDIS_URL" not in os.environ:
        broker = valkey.Valkey(FOLDER / "valkey", log=FOLDER / "valkey.log", durable=False)
        os.environ["REDIS_URL"] = broker.url
    os.environ["NEWSWATCH_ENV"] = "test"
    os.environ["NEWSWATCH_VAR"] = str(FOLDER / "var")
    # WhiteNoise warns of a folder for collected files that is not there; the tests serve them from where they are.
    (FOLDER / "var" / "static").mkdir(parents=True)
    os.environ["FETCH_ALLOW_PRIVATE"] = "127.0.0.0/8,::1/128"
    os.environ["DJANGO_SETTINGS_MODULE"] = "newswatch.settings"
    return Servers(database, broker)


SERVERS = prepare_environment()

hypothesis.settings.register_profile(
    "newswatch",
    # Two shared cores: a slow example says nothing about the code.
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    # Failing examples are printed; a folder of them in the work tree helps nobody.
    database=None,
)
hypothesis.settings.load_profile("newswatch")


def pytest_configure() -> None:
    """Load the settings, now that their variables are set; pytest-django sets Django up right after."""
    assert conf.settings.DATABASES


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A running PostgreSQL's address."""
    if SERVERS.postgres is None:
        yield os.environ["DATABASE_URL"]
        return
    SERVERS.postgres.start()
    yield SERVERS.postgres.url
    SERVERS.postgres.stop()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A running Valkey's address."""
    if SERVERS.valkey is None:
        yield os.environ["REDIS_URL"]
        return
    SERVERS.valkey.start()
    yield SERVERS.valkey.url
    SERVERS.valkey.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_url: str) -> None:
    """Start PostgreSQL when the first test wants a database, and not before (overrides pytest-django's)."""


@pytest.fixture
def service_environment(transactional_db: None, valkey_url: str) -> dict[str, str]:
    """Environment of a worker, beat or web process that shall work on the test's own database."""
    from django.db import connection  # noqa: PLC0415 - Django is set up after this file is read

    settings = connection.settings_dict
    url = postgres.url_of(Path(settings["HOST"]), settings["NAME"])
    if SERVERS.postgres is None:
        head, _, query = os.environ["DATABASE_URL"].partition("?")
        url = f"{head.rpartition('/')[0]}/{settings['NAME']}{'?' if query else ''}{query}"
    return {**os.environ, "DATABASE_URL": url, "REDIS_URL": valkey_url}


@pytest.fixture
def smtp_server() -> Iterator[mailbox.Mailbox]:
    """A mail server on a free port of 127.0.0.1 that keeps what it receives, and refuses when told to."""
    with mailbox.Mailbox() as server:
        yield server


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    return processes.free_port()
