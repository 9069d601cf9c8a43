import dataclasses
import datetime

from hypothesis import given
from hypothesis import strategies as st

from articles import decide
from articles.feeds import parse

NOON = datetime.datetime(2026, 3, 2, 3, 0, tzinfo=datetime.UTC)


def entry(**fields):
    values = {
        "id": "",
        "url": "https://news.example/a",
        "title": "제목",
        "published": NOON,
        "updated": None,
        "authors": (),
        "summary": "요약",
        "content": "",
        "tags": (),
    }
    return parse.Entry(**{**values, **fields})


def known(candidates, *, article_id=7, at=NOON):
    return decide.Known(
        entries={
            one.entry_key: decide.Seen(article_id, one.content_hash, at, one.identity, one.entry.title)
            for one in candidates
        },
        articles={one.identity: article_id for one in candidates},
    )


NOTHING = decide.Known({}, {})


def verdicts(entries, stored=NOTHING):
    return [decision.verdict.value for decision in decide.decide(decide.candidates(entries), stored, at=NOON)]


def test_an_entry_never_seen_is_new():
    assert verdicts([entry(id="1")]) == ["new"]


def test_the_same_entry_again_is_unchanged():
    stored = known(decide.candidates([entry(id="1")]))
    assert verdicts([entry(id="1")], stored) == ["unchanged"]


def test_an_entry_with_an_edited_text_is_updated():
    stored = known(decide.candidates([entry(id="1")]))
    decision = decide.decide(decide.candidates([entry(id="1", summary="고친 요약")]), stored, at=NOON)[0]
    assert (decision.verdict, decision.article_id) == (decide.Verdict.UPDATED, 7)


def test_an_older_copy_that_comes_later_changes_nothing():
    stored = known(decide.candidates([entry(id="1")]), at=NOON + datetime.timedelta(days=1))
    assert verdicts([entry(id="1", summary="어제의 요약")], stored) == ["unchanged"]


def test_an_edited_headline_under_a_new_address_is_still_the_same_article():
    stored = known(decide.candidates([entry(id="1", url="https://news.example/old-slug")]))
    assert verdicts([entry(id="1", url="https://news.example/new-slug")], stored) == ["unchanged"]


def test_another_entry_with_the_same_address_is_a_duplicate_of_the_article():
    stored = known(decide.candidates([entry(id="1", url="https://news.example/a?utm_source=rss")]))
    again = decide.Known({}, stored.articles)
    decision = decide.decide(
        decide.candidates([entry(id="2", url="https://news.example/a?utm_source=x")]), again, at=NOON
    )[0]
    assert (decision.verdict, decision.article_id) == (decide.Verdict.DUPLICATE, 7)


def test_two_entries_of_one_feed_with_one_address_are_one_article():
    entries = [
        entry(id="1", url="https://news.example/a?utm_medium=1"),
        entry(id="2", url="https://news.example/a"),
    ]
    assert verdicts(entries) == ["new", "duplicate"]


def test_articles_whose_id_is_in_the_query_stay_apart():
    entries = [entry(url="https://news.example/view?id=1"), entry(url="https://news.example/view?id=2")]
    assert verdicts(entries) == ["new", "new"]


def test_a_feed_that_gives_every_entry_the_same_id_loses_none():
    entries = [
        entry(id="feed", url="https://news.example/1", title="하나"),
        entry(id="feed", url="https://news.example/2", title="둘"),
    ]
    assert verdicts(entries) == ["new", "new"]
    assert verdicts(entries, known(decide.candidates(entries))) == ["unchanged", "unchanged"]


def test_an_entry_that_links_to_the_home_page_is_told_by_its_id():
    entries = [entry(id="1", url="https://news.example/"), entry(id="2", url="https://news.example/")]
    assert verdicts(entries) == ["new", "new"]


def test_an_entry_without_id_and_address_is_told_by_title_and_time():
    later = NOON + datetime.timedelta(days=1)
    assert verdicts([entry(url=""), entry(url="", published=later)]) == ["new", "new"]


def test_an_entry_of_an_address_alone_is_new_because_its_page_may_say_more():
    assert verdicts([entry(title="", summary="")]) == ["new"]


def test_an_entry_without_title_text_and_address_is_rejected_with_a_reason():
    decision = decide.decide(decide.candidates([entry(title="", summary="", url="")]), NOTHING, at=NOON)[0]
    assert decision.verdict is decide.Verdict.REJECTED
    assert decision.reason


entries = st.builds(
    entry,
    id=st.sampled_from(["", "1", "2", "3"]),
    url=st.sampled_from(
        ["", "https://a.example/1", "https://a.example/1?utm_source=x", "https://a.example/?p=2"]
    ),
    title=st.sampled_from(["가", "나", ""]),
    summary=st.sampled_from(["", "본문"]),
)


@given(st.lists(entries, max_size=8))
def test_what_was_stored_is_never_new_again(found):
    candidates = decide.candidates(found)
    fresh = [
        d for d in decide.decide(candidates, NOTHING, at=NOON) if d.verdict is not decide.Verdict.REJECTED
    ]
    stored = known([decision.candidate for decision in fresh])
    again = decide.decide([d.candidate for d in fresh], stored, at=NOON)
    assert {decision.verdict for decision in again} <= {decide.Verdict.UNCHANGED}


@given(st.lists(entries, max_size=8))
def test_each_identity_is_new_at_most_once_in_a_batch(found):
    new = [
        d.candidate.identity
        for d in decide.decide(decide.candidates(found), NOTHING, at=NOON)
        if d.verdict is decide.Verdict.NEW
    ]
    assert len(new) == len(set(new))


def seen_as(one, **fields):
    """The stored values of one entry, changed as given."""
    values = decide.Seen(7, one.content_hash, NOON, one.identity, one.entry.title)
    return decide.Known({one.entry_key: dataclasses.replace(values, **fields)}, {})


def test_an_entry_that_failed_is_tried_again_though_its_text_is_the_same():
    one = decide.candidates([entry(id="1")])[0]
    assert verdicts([entry(id="1")], seen_as(one, article_id=None, tries=1)) == ["new"]


def test_an_edit_that_failed_is_tried_again():
    one = decide.candidates([entry(id="1")])[0]
    assert verdicts([entry(id="1")], seen_as(one, tries=1)) == ["updated"]


def test_a_text_that_failed_often_waits_for_a_change():
    one = decide.candidates([entry(id="1")])[0]
    stored = seen_as(one, article_id=None, tries=decide.MOST_TRIES)
    assert verdicts([entry(id="1")], stored) == ["unchanged"]
    assert verdicts([entry(id="1", summary="고친 요약")], stored) == ["new"]


def test_an_entry_of_nothing_is_rejected_once():
    nothing = entry(id="1", url="", title="", summary="")
    one = decide.candidates([nothing])[0]
    assert verdicts([nothing]) == ["rejected"]
    assert verdicts([nothing], seen_as(one, article_id=None)) == ["unchanged"]


def test_an_article_whose_entry_has_become_empty_stays():
    one = decide.candidates([entry(id="1")])[0]
    assert verdicts([entry(id="1", url="", title="", summary="")], seen_as(one)) == ["unchanged"]


def test_an_entry_that_was_rejected_is_new_once_it_says_something():
    one = decide.candidates([entry(id="1", url="", title="", summary="")])[0]
    assert verdicts([entry(id="1")], seen_as(one, article_id=None)) == ["new"]
