"""What went wrong with a source, in the reader's language.

The pure core says it in English and is stored so. A sentence that is not known here is shown as it is.
"""

import functools
import re

from django.utils.translation import gettext, gettext_noop

SENTENCES = (
    # articles.feeds.fetch
    gettext_noop("refused: the host's address is not a public address"),
    gettext_noop("the host name %(host)s could not be resolved"),
    gettext_noop("no connection: %(why)s"),
    gettext_noop("no connection within %(n)s s"),
    gettext_noop("not finished within %(n)s s"),
    gettext_noop("the server answered %(status)s"),
    gettext_noop("the server closed the connection without an answer"),
    gettext_noop("the connection broke off after %(n)s bytes"),
    gettext_noop("the connection broke off: %(why)s"),
    gettext_noop("the TLS certificate is not accepted: %(why)s"),
    gettext_noop("TLS failed: %(why)s"),
    gettext_noop("the answer is not HTTP: %(why)s"),
    gettext_noop("redirects in a circle, back to %(url)s"),
    gettext_noop("more than %(n)s redirects"),
    gettext_noop("the body is larger than %(n)s bytes"),
    gettext_noop("the body has %(n)s bytes; more than %(most)s are not read"),
    gettext_noop("not an address: %(what)s"),
    gettext_noop("not asked: the host did not answer in time before"),
    gettext_noop("not asked: others are asking the host, which is asked slowly"),
    # articles.pipeline, articles.page_fetching
    gettext_noop("the feed could not be read: %(why)s"),
    gettext_noop("the worker died each time it read the feed"),
    gettext_noop("a worker died while it read this article"),
    gettext_noop("an entry could not be stored: %(why)s"),
    gettext_noop("an entry has neither a title, a text nor an address"),
    gettext_noop("the page could not be read: %(why)s"),
    gettext_noop("the page is empty"),
    gettext_noop("the page has no more text than the feed"),
    gettext_noop("the page shows only the beginning and wants its reader to pay or log in for the rest"),
    gettext_noop(
        "the page, and the feed too, shows only the beginning; the rest is for those who pay or log in"
    ),
    gettext_noop("the site's robots.txt does not allow us to fetch the page"),
    gettext_noop("the site's robots.txt could not be had: %(why)s"),
    # articles.polls, articles.websub
    gettext_noop("the server says that the feed is gone for good (%(why)s)"),
    gettext_noop("moved permanently to %(url)s; its address is changed after %(n)s polls that say so"),
    gettext_noop("moved permanently to %(url)s, which is another source's address already"),
    gettext_noop("moved permanently from %(old)s to %(url)s: its address is changed"),
    gettext_noop("pushed by its hub"),
    gettext_noop("the hub refuses: %(why)s"),
    gettext_noop("the hub answered %(status)s"),
    gettext_noop("%(scheme)s: only http and https addresses are fetched"),
    gettext_noop("an address without a host: %(what)s"),
    gettext_noop("redirected to what is no address: %(what)s"),
    # articles.feeds.discover, articles.sources
    gettext_noop("there is no address"),
    gettext_noop("this is no address of the web"),
    gettext_noop("only http and https addresses can be asked, not %(scheme)s:"),
    gettext_noop("an address has at most %(n)s characters"),
    gettext_noop("the file names it twice"),
    # articles.feeds.parse and what it is made of
    gettext_noop("the file is empty"),
    gettext_noop("this is an HTML page, not a feed; it names a feed at %(url)s"),
    gettext_noop("this is an HTML page, not a feed"),
    gettext_noop("this is markup, but not a feed"),
    gettext_noop("this is neither XML nor JSON"),
    gettext_noop("this is markup, but nothing in it can be read"),
    gettext_noop("the feed has no entries"),
    gettext_noop("the file ends in the middle; what came before the cut was read"),
    gettext_noop("not well-formed XML (%(why)s); read as far as possible"),
    gettext_noop("%(n)s bare ampersands"),
    gettext_noop("%(n)s control characters were removed"),
    gettext_noop("entities XML does not know: %(names)s"),
    gettext_noop("text before the feed's first tag"),
    gettext_noop("declared as %(one)s but written in %(other)s"),
    gettext_noop("%(n)s dates could not be read, such as %(date)s"),
    gettext_noop("%(n)s texts were escaped twice"),
    gettext_noop("%(n)s texts were cut at %(most)s characters"),
    gettext_noop("the feed has %(n)s bytes; more than %(most)s are not read"),
    gettext_noop("this is XML of another kind (%(kind)s), not a feed"),
    gettext_noop("this is XML (%(kind)s) without a channel or an item of a feed"),
    gettext_noop("this is an index of sitemaps, not a sitemap; the first one it names is %(url)s"),
    gettext_noop("this is JSON, but not a JSON Feed"),
    gettext_noop("broken JSON: %(why)s"),
    gettext_noop("%(n)s items are not objects"),
    gettext_noop("%(n)s entries; only the first %(most)s were read"),
    gettext_noop("blank characters before the XML declaration"),
    gettext_noop("the document type declaration was ignored"),
    gettext_noop("namespace prefixes that are not declared: %(names)s"),
    gettext_noop("%(n)s references to characters XML forbids were removed"),
    gettext_noop("unknown encoding %(name)s declared"),
    gettext_noop("%(name)s without a byte order mark"),
    gettext_noop("%(n)s characters are broken in %(name)s and were replaced"),
    gettext_noop("%(n)s broken UTF-8 characters were replaced"),
    gettext_noop("the encoding is not declared; read as Western European"),
    # articles.feeds.clock
    gettext_noop("times are %(zone)s wall-clock times stamped as UTC"),
    gettext_noop("%(n)s times are in the future and held, such as %(time)s of %(title)s"),
    # articles.feeds.listing, articles.feeds.selectors
    gettext_noop("there is no selector"),
    gettext_noop("the selector can’t be read: %(why)s"),
    gettext_noop("a selector has at most %(n)s characters"),
    gettext_noop("a selector has at most %(n)s parts"),
    gettext_noop("a selector picks elements, not what stands before or in them (::)"),
    gettext_noop("a selector within brackets describes one element; :has() is not known here"),
    gettext_noop("the selector %(selector)s picks no links on this page"),
    gettext_noop("no date stands beside %(n)s of %(all)s links; they are as old as their first sighting"),
    gettext_noop("%(n)s links are picked; the first %(most)s are read"),
    gettext_noop("this is no web page"),
    gettext_noop("the page has %(n)s bytes; more than %(most)s are not read"),
    gettext_noop("the page has more than %(n)s elements"),
    # articles.feeds.opml
    gettext_noop("this is markup, but no OPML"),
    gettext_noop("the file has %(n)s bytes; more than %(most)s are not read"),
    gettext_noop("the file names more than %(n)s feeds"),
)
# A sentence has at most so many parts that semicolons part.
MOST_PARTS = 4


def translated(text: str) -> str:
    """A problem, or several joined by semicolons, in the language that is active.

    The shortest beginning that is a sentence is taken for one: what stands in a sentence's places may have semicolons
    too, but so do two sentences.
    """
    said: list[str] = []
    while text:
        first, text = _first(text)
        said.append(first)
    return "; ".join(said)


def _first(text: str) -> tuple[str, str]:
    """The first problem, translated, and the others."""
    parts = text.split("; ")
    for number in range(1, min(len(parts), MOST_PARTS) + 1):
        if (found := _sentence("; ".join(parts[:number]))) is not None:
            return found, "; ".join(parts[number:])
    return parts[0], "; ".join(parts[1:])


def _sentence(text: str) -> str | None:
    """The translation of a sentence; None if it is not known. A reason within it is translated as well."""
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            if "why" in values:
                values["why"] = translated(values["why"])
            return gettext(sentence) % values
    return None


@functools.lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns whose places take anything; those without places first, as they say more."""
    place = re.compile(r"%\((\w+)\)s")
    found = []
    for sentence in sorted(SENTENCES, key=lambda one: len(place.findall(one))):
        parts = place.split(sentence)
        parts[::2] = [re.escape(part) for part in parts[::2]]
        parts[1::2] = [f"(?P<{name}>.+?)" for name in parts[1::2]]
        found.append((re.compile("".join(parts), re.DOTALL), sentence))
    return tuple(found)
