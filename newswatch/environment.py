"""Read settings from environment variables, and say what to set when a value is missing or wrong.

Must not import Django: settings.py reads its values through this module.
"""

import ipaddress
import os
import urllib.parse
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingError(ValueError):
    """An environment variable that Newswatch can't run with; the message says what to set."""


def text(name: str, default: str | None = None) -> str:
    """The variable's value; `default` if it is unset or empty. Raises SettingError if there is neither."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise SettingError(f"{name} is not set. Set it in the environment; docs/operations.md says to what.")
    return default


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """The variable's value, which must be one of `allowed`."""
    value = text(name, default)
    if value not in allowed:
        raise SettingError(f"{name} is {value!r}. Set it to one of: {', '.join(allowed)}.")
    return value


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    """The variable's value as a whole number between `least` and `most`, both included."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingError(f"{name} is {value!r}. Set it to a whole number from {least} to {most}.")
    return number


def words(name: str, default: str = "") -> list[str]:
    """The variable's value as a comma-separated list without empty items."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str) -> list[Network]:
    """The variable's value as a list of IP networks, such as `127.0.0.0/8,::1/128`."""
    found = []
    for word in words(name):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as error:
            raise SettingError(
                f"{name} holds {word!r}. Write networks like 10.1.0.0/16. ({error})"
            ) from error
    return found


def database(name: str, default: str | None) -> dict[str, Any]:
    """A Django database entry from `postgresql://user:password@host:port/name`.

    A Unix socket's folder goes into the query: `postgresql:///newswatch?host=/run/postgresql`.
    """
    url = text(name, default)
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise SettingError(f"{name} must start with postgresql://; Newswatch runs on PostgreSQL alone.")
    options = {key: values[-1] for key, values in urllib.parse.parse_qs(parts.query).items()}
    host = options.pop("host", "") or urllib.parse.unquote(parts.hostname or "")
    port = options.pop("port", "") or str(parts.port or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname", "") or parts.path.lstrip("/") or "newswatch",
        "USER": options.pop("user", "") or urllib.parse.unquote(parts.username or ""),
        "PASSWORD": options.pop("password", "") or urllib.parse.unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def email(name: str, default: str | None) -> dict[str, Any]:
    """Django's EMAIL_* settings from `smtp://user:password@host:port?tls=1` or `smtps://…`."""
    url = text(name, default)
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(f"{name} must look like smtp://user:password@host:587?tls=1 or smtps://host:465.")
    options = urllib.parse.parse_qs(parts.query)
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": urllib.parse.unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": urllib.parse.unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": options.get("tls", ["0"])[-1] in ("1", "true", "yes"),
    }
