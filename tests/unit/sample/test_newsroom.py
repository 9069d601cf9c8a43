import collections
import datetime
import difflib
import itertools

import pytest

from newswatch.sample import newsroom

ANCHOR = datetime.datetime(2026, 11, 22, 11, 30, tzinfo=datetime.UTC)
LIBRARY = newsroom.shipped()
DRAFTS = list(LIBRARY.drafts.items())


def compose(draft, **known):
    published = ANCHOR if draft.release else None
    return newsroom.compose(LIBRARY, draft, **{"anchor": ANCHOR, "published": published, **known})


def language(draft):
    return LIBRARY.outlets[draft.outlet].language


def size(article):
    text = "\n".join(block.text for block in article.blocks)
    return len(text) if LIBRARY.outlets[article.outlet].language == "ko" else len(text.split())


def test_two_thirds_of_about_sixty_articles_are_korean():
    languages = collections.Counter(language(draft) for _, draft in DRAFTS)
    assert 60 <= languages.total() <= 75
    assert 0.6 <= languages["ko"] / languages.total() <= 0.72


def test_every_outlet_has_a_dozen_articles_or_so():
    outlets = collections.Counter(draft.outlet for _, draft in DRAFTS)
    assert set(outlets) == set(LIBRARY.outlets)
    assert min(outlets.values()) >= 10


@pytest.mark.parametrize(("guid", "draft"), DRAFTS, ids=[guid for guid, _ in DRAFTS])
def test_an_article_is_as_long_as_a_real_one_and_has_no_token_left(guid, draft):
    article = compose(draft)
    least, most = (500, 1200) if language(draft) == "ko" else (120, 250)
    assert least <= size(article) <= most
    assert "{" not in article.title + "".join(block.text for block in article.blocks)
    assert article.guid == guid


def test_articles_are_spread_over_the_last_sixty_days_and_none_is_from_the_future():
    ages = sorted((ANCHOR - compose(draft).published).days for _, draft in DRAFTS if not draft.release)
    assert ages[0] == 0
    assert 50 <= ages[-1] <= 60
    gaps = [later - earlier for earlier, later in itertools.pairwise(ages)]
    assert max(gaps) <= 5
    assert all(compose(draft).published <= ANCHOR for _, draft in DRAFTS)


def test_each_feed_with_the_z_habit_has_an_article_young_enough_to_give_the_habit_away():
    outlet = LIBRARY.outlets["nuri"]
    assert outlet.wall_clock_as_utc
    articles = [compose(draft) for _, draft in DRAFTS if draft.outlet == "nuri" and not draft.release]
    for feed in outlet.feeds:
        assert ANCHOR - newsroom.in_feed(feed, articles)[0].published < datetime.timedelta(hours=9)


@pytest.mark.parametrize("day", ["2027-01-03", "2028-02-29", "2027-03-31", "2026-12-31"])
def test_the_newsroom_can_first_be_started_on_any_day(day):
    anchor = datetime.datetime.fromisoformat(f"{day}T16:00:00+00:00")
    articles = [compose(draft, anchor=anchor) for _, draft in DRAFTS if not draft.release]
    assert all(article.published <= anchor for article in articles)
    assert max(anchor - article.published for article in articles) < datetime.timedelta(days=61)


def test_addresses_and_guids_are_unique_and_do_not_depend_on_the_anchor():
    later = ANCHOR + datetime.timedelta(days=45)
    first = [(compose(draft).guid, compose(draft).address) for _, draft in DRAFTS]
    second = [(a.guid, a.address) for a in (compose(draft, anchor=later) for _, draft in DRAFTS)]
    assert first == second
    assert len(dict(first)) == len({address for _, address in first}) == len(DRAFTS)


def test_eight_articles_are_held_back_in_an_order_without_ties():
    releases = [draft.release for _, draft in DRAFTS if draft.release]
    releases += [draft.correction.release for _, draft in DRAFTS if draft.correction]
    assert len([draft for _, draft in DRAFTS if draft.release]) == 8
    assert len(set(releases)) == len(releases)


def test_at_least_six_stories_are_told_by_several_outlets_one_of_them_in_both_languages():
    outlets, languages = collections.defaultdict(set), collections.defaultdict(set)
    for _, draft in DRAFTS:
        if draft.story:
            outlets[draft.story].add(draft.outlet)
            languages[draft.story].add(language(draft))
    assert sum(len(tellers) > 1 for tellers in outlets.values()) >= 6
    assert {"ko", "en"} in languages.values()


@pytest.mark.parametrize("story", ["charging-standard", "wind-cranes"])
def test_wire_copies_are_nearly_identical_but_not_quite(story):
    one, other = [" ".join(compose(draft).paragraphs) for _, draft in DRAFTS if draft.story == story]
    likeness = difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    assert 0.9 < likeness < 1


def test_some_articles_are_about_nothing_watched_and_carry_the_words_that_only_look_like_names():
    texts = " ".join(draft.title + draft.body for _, draft in DRAFTS if not draft.watched)
    for trap in ("대상", "기아", "배터리", "AI", "LG", "한화", "두산"):
        assert trap in texts


def test_a_correction_changes_figures_and_the_update_time_but_not_the_identity():
    draft = LIBRARY.drafts["hanbit-1006"]
    changed_at = ANCHOR + datetime.timedelta(minutes=5)
    before, after = compose(draft), compose(draft, corrected=changed_at)
    assert "28.6%" in before.title
    assert "26.8%" in after.title
    assert "28.6%" not in " ".join(after.paragraphs)
    assert (after.guid, after.address, after.published) == (before.guid, before.address, before.published)
    assert (before.version, after.version, after.updated) == (1, 2, changed_at)
    assert after.note and not before.note  # noqa: PT018


def test_the_outlets_show_the_variety_of_real_ones():
    outlets = LIBRARY.outlets.values()
    assert {feed.format for outlet in outlets for feed in outlet.feeds} == {"rss", "atom", "rdf", "json"}
    assert LIBRARY.outlets["saebyeok"].encoding == "euc-kr"
    assert "?id=" in LIBRARY.outlets["saebyeok"].page
    assert any(feed.full for outlet in outlets for feed in outlet.feeds if feed.format == "rss")
    assert len({feed.campaign for feed in LIBRARY.outlets["hanbit"].feeds}) == 2


def test_the_portal_article_has_notices_contacts_promotions_and_ten_other_headlines():
    clutter = LIBRARY.drafts["hanbit-1001"].clutter
    assert clutter.notices
    assert clutter.contacts
    assert clutter.promotions
    assert len(clutter.headlines) == 10


def test_sources_name_every_feed_below_the_given_address():
    sources = newsroom.sources("http://127.0.0.1:8990/")
    assert len(sources) == sum(len(outlet.feeds) for outlet in LIBRARY.outlets.values())
    assert {source["url"] for source in sources} >= {"http://127.0.0.1:8990/hanbit/rss/all.xml"}
    assert {source["time_zone"] for source in sources if source["language"] == "ko"} == {"Asia/Seoul"}
    assert {source["group"] for source in sources} == {newsroom.GROUP}


HEAD = '+++\noutlet = "hanbit"\nnumber = 1\ntitle = "제목"\nsection = "산업"\nbyline = "기자"\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("본문", "must begin with TOML"),
        (HEAD + "+++\n본문", "needs release, hours_ago"),
        (HEAD.replace("산업", "요리") + "hours_ago = 1\n+++\n본문", "no section 요리"),
        (HEAD.replace("hanbit", "nobody") + "hours_ago = 1\n+++\n본문", "unknown outlet nobody"),
        (HEAD + "hours_ago = 1\ncolour = 3\n+++\n본문", "colour"),
        (HEAD + "hours_ago = = 1\n+++\n본문", "TOMLDecodeError"),
        (
            HEAD
            + 'hours_ago = 1\n[correction]\nrelease = 1\nnote = "정정"\nchanges = [{old = "2", new = "3"}]\n+++\n본문',
            "does not occur",
        ),
    ],
)
def test_a_bad_article_file_is_refused_with_its_name_and_what_is_wrong(tmp_path, text, complaint):
    path = tmp_path / "hanbit-bad.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(newsroom.BadData, match=f"hanbit-bad.md.*{complaint}"):
        newsroom.read_draft(path, LIBRARY.outlets)
