"""Fixtures for pages as an analyst sees them in English: a module that wants them gives them its own names."""

import pytest
from django.test import Client

from newswatch.accounts.models import User
from tests import factories


@pytest.fixture
def analyst() -> User:
    return factories.person("analyst", language="en")


@pytest.fixture
def client(analyst: User) -> Client:
    client = Client()
    client.force_login(analyst)
    return client
