"""What a site's robots.txt says to us (RFC 9309). Pure: the answer for /robots.txt in, what may be asked out.

A site without rules (4xx) allows everything. One that can't be asked (5xx, no answer) allows nothing for now: its
pages are put off. Must not fetch and must not keep anything.
"""

import functools
import urllib.parse
from dataclasses import dataclass

import protego

# RFC 9309 wants 500 KiB at least to be read; rules beyond are not.
MOST_BYTES = 512_000
# A site may ask for a pause between two requests, within reason.
LONGEST_DELAY_S = 10.0


@dataclass(frozen=True, slots=True)
class Policy:
    """`text` is the rules, empty if there are none; `unreachable` says in words why they could not be had."""

    text: str = ""
    unreachable: str = ""

    def allows(self, url: str, *, agent: str) -> bool:
        """Whether whoever calls themselves `agent` may ask for this address. Nobody may while rules can't be had."""
        if self.unreachable:
            return False
        try:
            return not self.text or bool(rules(self.text).can_fetch(url, agent))
        except ValueError:
            return True  # an address that can't be taken apart is the fetcher's to refuse

    def delay_s(self, *, agent: str) -> float:
        """The pause the site asks for between two requests, in seconds, up to LONGEST_DELAY_S."""
        if not self.text:
            return 0.0
        found = rules(self.text)
        rate = found.request_rate(agent)
        asked = max(found.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)
        return min(max(asked, 0.0), LONGEST_DELAY_S)


def address(url: str) -> str:
    """Where the rules of an address's site are; empty for what is no address of the web."""
    try:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return ""
    except ValueError:
        return ""
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}/robots.txt"


def policy(*, status: int, body: bytes, error: str) -> Policy:
    """The policy by the answer for /robots.txt; `status` is 0 and `error` set if there was none."""
    if 400 <= status < 500 and status != 429:
        return Policy()
    if status in (0, 429) or status >= 500:
        return Policy(unreachable=error or f"the server answered {status}")
    text = body[:MOST_BYTES].decode("utf-8", "replace").replace("\x00", "")
    # A page of the site instead of rules is no rules.
    return Policy() if text.lstrip("\ufeff \t\r\n").startswith("<") else Policy(text)


def product(user_agent: str) -> str:
    """The name that rules call us by: `Newswatch` of `Newswatch/0.1 (+https://…)`."""
    return user_agent.partition("/")[0].strip() or user_agent


@functools.lru_cache(maxsize=256)
def rules(text: str) -> protego.Protego:
    """The rules, read once."""
    return protego.Protego.parse(text)
