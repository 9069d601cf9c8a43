"""What a browser needs to show a page for the first time: time, bytes, and whether anything moves.

    .venv/bin/python -m bench.browser --keep FOLDER [--articles 1000000] [--runs 5] [--slower 4] [--width 1440]

The database is that of bench.pages. A chromium whose processor is slowed down opens each page with an empty cache, from
the deployed server without the proxy that packs pages in production (beside it: bytes with the page packed by gzip).
Largest contentful paint, in milliseconds from the start of the navigation, of several runs; what was
transferred, by the browser's own account; the sum of layout shifts.
"""

import argparse
import contextlib
import gzip
import statistics
from pathlib import Path
from typing import Any

from bench import pages, retag
from tests.browser import driver

LOOK = """
const done = arguments[arguments.length - 1];
const found = {paint: 0, shift: 0, what: ""};
new PerformanceObserver(list => list.getEntries().forEach(one => {
  found.paint = one.startTime; found.what = one.element ? one.element.tagName + "." + one.element.className : "";
})).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(one => {
  if (!one.hadRecentInput) found.shift += one.value;
})).observe({type: "layout-shift", buffered: true});
setTimeout(() => {
  const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  found.parts = parts.map(one => [one.name, one.transferSize]);
  found.first = performance.getEntriesByType("navigation")[0].responseStart;
  done(found);
}, 1500);
"""
PAGES = ("today", "timeline", "company", "story of 200 articles", "article", "search: LG")


def main() -> None:
    """Open the pages and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--keep", required=True, help="a folder with the filled database")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slower", type=float, default=4.0)
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--parts", action="store_true", help="name what was transferred")
    options = parser.parse_args()
    home = Path(options.keep) / str(options.articles)
    with contextlib.ExitStack() as stack:
        url = pages.database(home, stack)
        retag.prepare(url, home)
        port = stack.enter_context(pages.server("newswatch.wsgi:application", url, home))
        browser = stack.enter_context(driver.chromium(width=options.width, height=900))
        site = f"http://127.0.0.1:{port}"
        browser.get(f"{site}/about-fetching")
        browser.add_cookie({"name": "sessionid", "value": pages.cookie(pages.pages_data.READER)})
        browser.execute_cdp_cmd("Network.enable", {})
        browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": options.slower})
        wished = {one.name: one.addresses[0] for one in pages.asked() if one.name in PAGES}
        print(f"{'':26} {'paint, median':>14} {'most':>6} {'first byte':>11} ms {'KB':>6} {'shift':>7}")
        for name, address in wished.items():
            found = [look(browser, site + address) for _ in range(options.runs + 1)][1:]
            show(name, found, with_parts=options.parts)


def look(browser: Any, url: str) -> dict[str, Any]:
    """Open a page and give what the browser says of it."""
    browser.get(url)
    found: dict[str, Any] = browser.execute_async_script(LOOK)
    found["packed"] = len(gzip.compress(browser.page_source.encode(), 6))
    return found


def show(name: str, found: list[dict[str, Any]], *, with_parts: bool) -> None:
    """Print a page's figures."""
    paints = [one["paint"] for one in found]
    first = statistics.median(one["first"] for one in found)
    last = found[-1]
    sent = sum(size for _, size in last["parts"]) / 1000
    packed = sent - last["parts"][0][1] / 1000 + last["packed"] / 1000
    print(
        f"{name:26} {statistics.median(paints):14.0f} {max(paints):6.0f} {first:11.0f}    {sent:6.0f}"
        f" ({packed:.0f} with the page packed) {max(one['shift'] for one in found):7.4f} {last['what']}",
        flush=True,
    )
    for part, size in last["parts"] if with_parts else ():
        print(f"    {size:8} {part}")


if __name__ == "__main__":
    main()
