"""The peer of `bench.ingest`: reader (PyPI) told line by line on standard input what to do.

Run by a Python that has reader installed; must not import anything of ours. Each answer is one line of JSON.
`add URL...`, `update` (all feeds, with threads), `index` (its search index), `count` (entries, and those searchable).
"""

import json
import sys
import time

import reader

WORKERS = 20


def main() -> None:
    database, *_ = sys.argv[1:]
    own = reader.make_reader(database)
    own.enable_search()
    for line in sys.stdin:
        command, *arguments = line.split()
        started = time.monotonic()
        print(json.dumps({**do(own, command, arguments), "seconds": time.monotonic() - started}), flush=True)


def do(own: reader.Reader, command: str, arguments: list[str]) -> dict[str, int]:
    """One command's result."""
    match command:
        case "add":
            for url in arguments:
                own.add_feed(url, exist_ok=True)
        case "update":
            return {
                "failed": sum(
                    result.error is not None
                    for result in own.update_feeds_iter(scheduled=False, workers=WORKERS)
                )
            }
        case "index":
            own.update_search()
        case "count":
            return {"entries": own.get_entry_counts().total}
    return {}


if __name__ == "__main__":
    main()
