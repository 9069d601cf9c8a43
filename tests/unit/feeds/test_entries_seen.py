"""Entries that were seen before are told by their digests."""

from articles.feeds import parse


def feed(*items, site="https://paper.example/"):
    return f"<rss version='2.0'><channel><link>{site}</link>{''.join(items)}</channel></rss>".encode()


def item(number, text="글"):
    return (
        f"<item><guid>g{number}</guid><title>제목 {number}</title><link>/{number}</link><description>{text}"
        f"</description><pubDate>Sun, 01 Nov 2026 00:0{number}:00 GMT</pubDate></item>"
    )


def read(data, *, seen=(), url="https://paper.example/feed"):
    return parse.parse_feed(data, url=url, seen=seen).entries


def digests(data, **given):
    return {entry.digest for entry in read(data, **given)}


def test_an_entry_seen_before_has_its_times_and_nothing_else():
    before = read(feed(item(1)))
    (again,) = read(feed(item(1)), seen={before[0].digest})
    assert (again.again, again.id, again.url, again.summary) == (True, "", "", "")
    assert (again.published, again.digest, again.stated_zone) == (
        before[0].published,
        before[0].digest,
        before[0].stated_zone,
    )


def test_a_changed_entry_and_a_new_one_are_read():
    seen = digests(feed(item(1), item(2)))
    found = read(feed(item(3), item(2, "고침"), item(1)), seen=seen)
    assert [(entry.id, entry.again) for entry in found] == [("g3", False), ("g2", False), ("", True)]


def test_all_are_read_where_one_that_was_not_seen_has_the_id_of_one_that_was():
    seen = digests(feed(item(1), item(2)))
    found = read(feed(item(1, "고침"), item(1), item(2)), seen=seen)
    assert not any(entry.again for entry in found)


def test_another_base_of_addresses_makes_another_digest():
    data = feed(item(1), site="")
    assert digests(data).isdisjoint(digests(data, url="https://other.example/feed"))


def test_what_is_wrong_with_an_entry_is_told_each_time():
    (entry,) = read(feed(item(1, "&amp;lt;p&amp;gt;글&amp;lt;/p&amp;gt;")))
    assert entry.digest == b""


def test_fields_that_run_into_each_other_differ():
    one = "<item><guid>g</guid><title>가</title><description>나</description></item>"
    other = "<item><guid>g</guid><title>가나</title></item>"
    assert digests(feed(one)).isdisjoint(digests(feed(other)))
