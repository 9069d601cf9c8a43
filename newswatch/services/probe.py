"""Health checks of the containers: `python newswatch/services/probe.py web PORT` or `... beat FILE`.

Exit status 0 if all is well, 1 with a line of explanation if not. It runs every few seconds, so it must stay a script
of the standard library and not be run as a module: the package would load Celery.
"""

import argparse
import http.client
import os
import sys
import time
import urllib.parse
from pathlib import Path

# Beat writes its schedule every three minutes.
OLDEST_SCHEDULE = 600.0


def web(port: int, *, host: str) -> str:
    """What is wrong with the web server on this port, asked under the site's own name; empty if nothing is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read(1000).decode(errors="replace")
        return "" if answer.status == http.HTTPStatus.OK else f"/healthz answers {answer.status}: {body}"
    except (OSError, http.client.HTTPException) as error:
        return f"/healthz does not answer: {error}"
    finally:
        connection.close()


def beat(schedule: Path, *, now: float) -> str:
    """What is wrong with beat, by the age of its schedule file; empty if nothing is. `now` is Unix time."""
    written = [path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")]
    if not written:
        return f"beat has not written {schedule}"
    age = now - max(written)
    return f"beat wrote {schedule} {age:.0f} s ago" if age > OLDEST_SCHEDULE else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    kinds.add_parser("web").add_argument("port", type=int)
    kinds.add_parser("beat").add_argument("schedule", type=Path)
    options = parser.parse_args()
    if options.kind == "web":
        site = urllib.parse.urlsplit(os.environ.get("SITE_URL", ""))
        wrong = web(options.port, host=site.netloc or "127.0.0.1")
    else:
        wrong = beat(options.schedule, now=time.time())
    if wrong:
        sys.exit(wrong)


if __name__ == "__main__":
    main()
