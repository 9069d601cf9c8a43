"""One address for each article: what a feed, a portal and a share button write differently becomes equal.

The result is an identity to compare and store, not an address to fetch: `www.` and `http:` are folded away
though a server may insist on them. Two articles must never fold into one, so whatever may carry an
article's id (path, query keys we don't know, application fragments) stays. Must not touch the network.
"""

import functools
import re
from urllib import parse

MAX_LENGTH = 4096

# Query keys that say how a reader came, never what they read. Compared in lower case.
TRACKING_PREFIXES = (
    "utm_",
    "pk_",
    "mtm_",
    "hsa_",
    "at_campaign",
    "at_medium",
    "vero_",
    "oly_",
    "trk_",
    "nv_",
    "n_",
)
_TRACKING_KEYS = """
_ga _gl _hsenc _hsmi _openstat cmpid cmp dclid dicbo efid ef_id epik fb_action_ids fb_action_types
fb_ref fb_source fbclid gad_source gbraid gclid gclsrc hsctatracking icid igsh igshid irclickid
li_fat_id mc_cid mc_eid mibextid mkt_tok msclkid ncid ns_campaign ns_mchannel ns_source obclid ocid
rb_clickid recruiter s_cid s_kwcid sc_cid smid spm sr_share srsltid taid tblci ttclid twclid vgo_ee
wbraid wickedid wt_mc xtor yclid zanpid cloc dable_id dep0 dep1 dep2 from_rss fromrss kakao_agent
kkid lfrom napm outlink outurl rssid rsstype service_from sns_share
"""
TRACKING_KEYS = frozenset(_TRACKING_KEYS.split())
# Keys that may be meaningful elsewhere, but not when their value names a channel.
_CHANNEL_KEYS = "by channel from medium partner ref referer referrer share site source src via input"
CHANNEL_KEYS = frozenset(_CHANNEL_KEYS.split())
CHANNEL_VALUE = re.compile(
    r"(?:rss|atom|feed|naver|daum|nate|zum|google|bing|yahoo|twitter|tw|x|facebook|fb|instagram|ig|kakao(?:talk|story)?"
    r"|kt|kkt|line|band|telegram|linkedin|reddit|pinterest|youtube|whatsapp|newsletter|email|e-mail|mail|sns|share"
    r"|app|push|copy|main|home|top|popup|newsstand|pc|mobile|m)(?:[_\-.:]?[a-z0-9]{0,12})?",
    re.ASCII | re.IGNORECASE,
)
# Keys of one outlet that name the shelf an article was taken from; its id is elsewhere in the address.
SHELF_KEYS = {
    "ytn.co.kr": {"site"},
    "yna.co.kr": {"section", "site", "input"},
    "kmib.co.kr": {"code", "sid1", "sid2", "cp"},
    "newsis.com": {"cid", "pid"},
    "naver.com": {"sid", "sid1", "sid2", "mode", "mid", "lfrom", "ntype", "type"},
}
# Paths of one outlet that repeat an article under several sections; the id is unique in the whole outlet.
SHELF_PATHS = (
    ("khan.co.kr", re.compile(r"/.*/article/(\d{12,})"), r"/article/\1"),
    ("donga.com", re.compile(r"/news/(?:[^/]+/)?article/all/(\d{8}/\d+)(?:/\d)?"), r"/news/article/all/\1/1"),
    ("naver.com", re.compile(r"/(?:m?news/)?article/(\d{3}/\d{10})"), r"/article/\1"),
)
HOST_ALIASES = {
    "news.v.daum.net": "v.daum.net",
    "v.media.daum.net": "v.daum.net",
    "n.news.naver.com": "news.naver.com",
}
VARIANT_LABELS = frozenset({"www", "m", "mobile", "amp"})
SECOND_LEVEL = frozenset({"co", "com", "or", "org", "go", "gov", "ac", "ne", "net", "re", "pe", "edu"})

_DOUBLED = re.compile(r"https?://[^/?#]*?(?=https?://)", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_NUMBERS = re.compile(r"[\d.]+")
_UNSAFE = re.compile(r"[^!#$%&'()*+,/:;=?@\[\]~\w.\-]|[^\x00-\x7f]")
_AMP_CACHE = re.compile(
    r"https?://(?:www\.)?google\.[a-z.]+/amp/(s/)?(?=[^/]+\.)|https?://[^/]+\.cdn\.ampproject\.org/[a-z]/(s/)?"
)


# A feed shows most of its entries again with every poll.
@functools.lru_cache(maxsize=32_768)
def canonical_url(url: str) -> str:
    """The address that all spellings of one article's address share; "" for one without a host.

    Idempotent. Folded: letter case of the host, default ports, `http`/`https`, `www.`, `m.`, `mobile.` and
    `amp.` hosts, AMP suffixes, trailing slashes, tracking parameters, the order of parameters, fragments that
    only point into the page. An address that can't be parsed comes back stripped, otherwise unchanged.
    """
    text = "".join(url.split())[:MAX_LENGTH]
    for _ in range(4):  # an unwrapped address may be wrapped once more; four layers were never seen
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text


def _fold(url: str) -> str:
    try:
        parts = parse.urlsplit(_unwrap(url))
        port = parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not parts.hostname:
        return url if scheme else ""
    host = _fold_host(parts.hostname)
    pairs = _fold_query(parts.query, host)
    path = _fold_path(parts.path, host)
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"  # an unusual port is a server of its own: keep its scheme too
    elif _has_name(parts.hostname):
        scheme = "https"
    fragment = _escape(parts.fragment) if parts.fragment[:1] in {"!", "/"} else ""
    return parse.urlunsplit((scheme, host, path, "&".join(pairs), fragment))


def _unwrap(url: str) -> str:
    """An address glued behind a site's own (`http://a.krhttp://a.kr/1`) or wrapped by an AMP cache."""
    inner = _DOUBLED.sub("", url)
    cache = _AMP_CACHE.match(inner)
    return f"https://{inner[cache.end() :]}" if cache else inner


def _has_name(host: str) -> bool:
    return "." in host and not _NUMBERS.fullmatch(host) and ":" not in host


@functools.lru_cache(maxsize=1 << 12)
def _fold_host(host: str) -> str:
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host
    host = HOST_ALIASES.get(host, host)
    if not _has_name(host):
        return host
    labels = host.split(".")
    while labels[0] in VARIANT_LABELS and _is_registrable(labels[1:]):
        labels = labels[1:]
    return HOST_ALIASES.get(".".join(labels), ".".join(labels))


def _is_registrable(labels: list[str]) -> bool:
    return len(labels) > 2 or (len(labels) == 2 and not (labels[0] in SECOND_LEVEL and len(labels[1]) == 2))


def _belongs(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _fold_path(path: str, host: str) -> str:
    path = _escape(path)
    if "amp" in path.lower():
        path = re.sub(r"(?<=.)(?:/amp|\.amp)/?$", "", path, flags=re.IGNORECASE)
        path = re.sub(r"\.amp(?=\.html?$)", "", path, flags=re.IGNORECASE)
        path = re.sub(r"(?<=/articleView)Amp(?=\.html$)", "", path)
    for domain, pattern, replacement in SHELF_PATHS:
        if _belongs(host, domain) and (found := pattern.fullmatch(path.rstrip("/"))):
            path = found.expand(replacement)
    return path.rstrip("/") or "/"


@functools.lru_cache(maxsize=1 << 12)
def _shelf_keys(host: str) -> frozenset[str]:
    return frozenset(key for domain, keys in SHELF_KEYS.items() if _belongs(host, domain) for key in keys)


def _fold_query(query: str, host: str) -> list[str]:
    if not query:
        return []
    shelf = _shelf_keys(host)
    pairs = []
    for pair in query.replace("&amp;", "&").split("&"):
        key, equals, value = pair.partition("=")
        name = parse.unquote(key).lower()
        if pair and not _says_only_whence(name, equals, value) and name not in shelf:
            pairs.append(f"{_escape(key)}{equals}{_escape(value)}")
    return sorted(dict.fromkeys(pairs), key=lambda pair: pair.partition("=")[0])


def _says_only_whence(name: str, equals: str, value: str) -> bool:
    if equals and not value:
        return True
    if name in TRACKING_KEYS or name.startswith(TRACKING_PREFIXES):
        return True
    if name in {"amp", "outputtype"} and value.lower() in {"", "1", "amp", "true"}:
        return True
    return name in CHANNEL_KEYS and CHANNEL_VALUE.fullmatch(value) is not None


def _escape(text: str) -> str:
    """Percent escapes in one spelling: none for unreserved characters, upper-case digits elsewhere."""
    if "%" in text:
        text = _ESCAPE.sub(_unescape_unreserved, text)
    return _UNSAFE.sub(lambda found: parse.quote(found[0], safe=""), text)


def _unescape_unreserved(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()
