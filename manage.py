#!/usr/bin/env python3
"""Django's command line for Newswatch.

On a box that runs the demo, commands talk to the demo's servers without a variable to set: the demo leaves their
addresses in var/demo.env. A production box sets SECRET_KEY and the rest in the environment.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def use_own_environment() -> None:
    """Start again under .venv when this interpreter lacks Django, so that `python3 manage.py` works too."""
    own = HERE / ".venv" / "bin" / "python"
    if own.exists() and Path(sys.prefix).resolve() != (HERE / ".venv").resolve():
        os.execv(own, [str(own), *sys.argv])  # noqa: S606 - our own interpreter, our own arguments


def adopt_demo() -> None:
    """Read the running demo's variables, unless this is a production environment."""
    if "SECRET_KEY" in os.environ or "NEWSWATCH_ENV" in os.environ:
        return
    os.environ["NEWSWATCH_ENV"] = "demo"
    recorded = Path(os.environ.get("NEWSWATCH_VAR", HERE / "var")) / "demo.env"
    if recorded.exists():
        for line in recorded.read_text().splitlines():
            name, _, value = line.partition("=")
            os.environ.setdefault(name, value)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newswatch.settings")
    try:
        from django.core import management  # noqa: PLC0415 - it may be missing from this interpreter
    except ModuleNotFoundError:
        use_own_environment()
        sys.exit("Django is not installed here. Type: make demo   (or: make test)")
    adopt_demo()
    management.execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
