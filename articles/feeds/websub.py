"""WebSub (W3C recommendation of 23 January 2018): what a feed offers, what a hub is asked, whether a push is genuine.

Pure. Must not talk to a hub and must not keep a subscription; articles/websub.py does.
"""

import hashlib
import hmac
import ipaddress
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

# How long a subscription we ask for, and the shortest and longest that is believed.
LEASE_S = 10 * 86_400
SHORTEST_LEASE_S, LONGEST_LEASE_S = 300, 90 * 86_400
METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
LINK = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")
RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]{0,200})\"|([^\s;,\"]{1,200}))", re.IGNORECASE)
LONGEST_ADDRESS = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """A hub that pushes a topic."""

    hub: str
    topic: str


def offer(headers: Mapping[str, str], *, hub: str, topic: str, url: str) -> Offer | None:
    """The hub that an answer offers: by its Link header, else by the feed's own links `hub` and `topic` (its "self").

    Without a "self" the topic is the address that was asked, `url`. None if there is no usable hub.
    """
    links = header_links(headers.get("link", ""))
    found = urllib.parse.urldefrag(urllib.parse.urljoin(url, links.get("hub") or hub))[0]
    about = urllib.parse.urljoin(url, links.get("self") or topic)
    if not (links.get("hub") or hub) or max(len(found), len(about)) > LONGEST_ADDRESS:
        return None
    return Offer(found, about) if is_web(found) and is_web(about) else None


def header_links(value: str) -> dict[str, str]:
    """The addresses of a Link header by relation; the first of each counts."""
    found: dict[str, str] = {}
    for address, parameters in LINK.findall(value[:10_000]):
        relations = RELATION.search(parameters)
        for relation in (relations[1] or relations[2] or "").lower().split() if relations else ():
            found.setdefault(relation, address.strip())
    return found


def is_web(url: str) -> bool:
    """Whether it is an absolute address of the web."""
    return re.match(r"https?://[^/?#\s]+", url, re.IGNORECASE) is not None


def ending(offered: Offer, *, callback: str) -> tuple[tuple[str, str], ...]:
    """The form that asks a hub to end a subscription."""
    return (("hub.mode", "unsubscribe"), ("hub.topic", offered.topic), ("hub.callback", callback))


def request(offered: Offer, *, callback: str, secret: str) -> tuple[tuple[str, str], ...]:
    """The form that asks a hub for a subscription."""
    return (
        ("hub.mode", "subscribe"),
        ("hub.topic", offered.topic),
        ("hub.callback", callback),
        ("hub.secret", secret),
        ("hub.lease_seconds", str(LEASE_S)),
    )


def lease_s(text: str) -> int:
    """The lease that a hub grants, in seconds, within reason; what we asked for if it does not say."""
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else LEASE_S
    return min(max(asked, SHORTEST_LEASE_S), LONGEST_LEASE_S)


def is_genuine(body: bytes, signature: str, *, secret: str) -> bool:
    """Whether an X-Hub-Signature is that of the body, compared in constant time."""
    method, _, digest = signature.strip().partition("=")
    hasher = METHODS.get(method.lower())
    if hasher is None or not digest.isascii():
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, hasher).hexdigest(), digest.strip().lower())


def is_reachable(site_url: str) -> bool:
    """Whether a hub can be expected to reach this site: https, and a name or number of the public internet."""
    parts = urllib.parse.urlsplit(site_url)
    name = (parts.hostname or "").lower()
    try:
        return parts.scheme == "https" and ipaddress.ip_address(name).is_global
    except ValueError:
        local = name.endswith(
            (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid")
        )
        return parts.scheme == "https" and "." in name and not local
