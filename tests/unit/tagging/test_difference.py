"""Which texts two watch lists may read differently."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.tagging import difference, mentions, recognise, term_syntax, watchlist

LG = watchlist.Company(
    "LG화학", (watchlist.Alias("LG화학", "name"), watchlist.Alias("LG Chem", "english")), sector="화학"
)
GROUP = watchlist.Company("LG", (watchlist.Alias("LG", "name", ambiguous=True),), kind="group", sport=True)
KIA = watchlist.Company("기아", (watchlist.Alias("기아", "name", ambiguous=True),), sport=True)
AI = watchlist.Theme(
    "AI", (watchlist.Term("인공지능", 1.0), watchlist.Term("AI + 반도체", 0.7)), ("LG",), 1.0
)
BIO = watchlist.Theme("Bio", (watchlist.Term("신약", 1.0), watchlist.Term("신약성서", 1.0, exclude=True)))
LIST = watchlist.Watchlist((LG, GROUP, KIA), (AI, BIO), "1")


def with_company(company: watchlist.Company) -> watchlist.Watchlist:
    kept = [one for one in LIST.companies if one.name != company.name]
    return dataclasses.replace(LIST, companies=(*kept, company))


def with_theme(theme: watchlist.Theme) -> watchlist.Watchlist:
    kept = [one for one in LIST.themes if one.name != theme.name]
    return dataclasses.replace(LIST, themes=(*kept, theme))


def test_equal_lists_differ_in_nothing():
    assert not difference.between(LIST, dataclasses.replace(LIST, version="2"))


def test_a_new_alias_is_all_that_counts():
    changed = dataclasses.replace(LG, aliases=(*LG.aliases, watchlist.Alias("엘지화학", "name")))
    assert difference.between(with_company(changed), LIST).forms == {"엘지화학"}


@pytest.mark.parametrize("change", [{"kind": "other"}, {"ambiguous": True}, {"common": True}])
def test_a_flag_of_an_alias_counts_as_a_change_of_it(change: dict[str, object]):
    changed = dataclasses.replace(LG, aliases=(LG.aliases[0], dataclasses.replace(LG.aliases[1], **change)))
    assert difference.between(with_company(changed), LIST).forms == {"lg chem"}


@pytest.mark.parametrize("change", [{"parent": "LG"}, {"sport": True}, {"sector": "전지"}])
def test_a_fact_of_a_company_counts_for_all_its_forms(change: dict[str, object]):
    changed = dataclasses.replace(LG, **change)
    assert difference.between(with_company(changed), LIST).forms == {"lg화학", "lg chem"}


def test_a_company_without_aliases_counts_by_its_name():
    assert difference.of_edits([difference.CompanyEdit(None, watchlist.Company("두빌"))]).forms == {"두빌"}


def test_a_term_counts_by_its_own_words_and_not_by_those_beside_it():
    changed = dataclasses.replace(AI, terms=(AI.terms[0],))
    assert difference.between(with_theme(changed), LIST).forms == {"ai"}


def test_a_threshold_counts_for_all_terms_of_the_theme():
    changed = dataclasses.replace(BIO, threshold=2.0)
    assert difference.between(with_theme(changed), LIST).forms == {"신약", "신약성서"}


def test_a_company_that_no_longer_implies_a_theme_is_looked_for_by_its_tags():
    found = difference.between(with_theme(dataclasses.replace(AI, companies=("기아",))), LIST)
    assert (found.companies, found.forms) == ({"LG", "기아"}, frozenset())


def test_a_term_nobody_could_find_is_an_error():
    with pytest.raises(term_syntax.TermError):
        difference.between(with_theme(watchlist.Theme("X", (watchlist.Term("…", 1.0),))), LIST)


def test_edits_make_one_list_of_the_other_and_survive_json():
    changed = watchlist.Watchlist(
        (dataclasses.replace(LG, sport=True), watchlist.Company("두빌")),
        (dataclasses.replace(AI, threshold=2.0),),
        "2",
    )
    edits = difference.from_json(difference.to_json(difference.edits(changed, LIST)))
    made = difference.apply(edits, LIST)
    assert set(made.companies) == set(changed.companies)
    assert set(made.themes) == set(changed.themes)


def test_many_forms_are_found_like_few():
    forms = [f"이름{number}번" for number in range(50)]
    assert difference.Sieve(forms).holds("제목", "여기 이름49번은 있다")
    assert not difference.Sieve(forms).holds("제목", "여기 이름 49번은 없다")
    assert not difference.Sieve([]).holds("제목", "아무 글")


@pytest.mark.parametrize(
    "text",
    ["ＬＧ화학이 밝혔다", "lg화학", "\u110b\u1165\u11a8LG\u1112\u116a\u1112\u1161\u11a8", "그 LG화학은"],
)
def test_width_case_and_spelling_of_syllables_hide_no_form(text: str):
    assert difference.Sieve([difference.fold("LG화학")]).holds(text)


PIECES = [
    "LG화학",
    "LG Chem",
    "LG",
    "기아",
    "엘지화학",
    "LG 트윈스",
    "영업이익",
    "인공지능",
    "AI",
    "반도체",
    "신약",
    "신약성서",
    "은 ",
    " ",
    ". ",
    "가 ",
    "ＬＧ",
    "굶주림",
    "KT",
]
ALIASES = st.builds(
    watchlist.Alias,
    st.sampled_from(["LG화학", "LG Chem", "LG", "기아", "엘지화학", "KT", "굶주림"]),
    st.sampled_from(["name", "other", "english"]),
    st.booleans(),
)
TERMS = st.builds(
    watchlist.Term,
    st.sampled_from(["인공지능", "AI + 반도체", "AI & 신약", "신약*", "신약성서", "반도체 | LG"]),
    st.sampled_from([0.5, 1.0, -1.0]),
    st.booleans(),
)
COMPANIES = st.lists(
    st.builds(
        watchlist.Company,
        st.sampled_from(["LG화학", "LG", "기아"]),
        st.lists(ALIASES, max_size=3, unique_by=lambda one: one.text).map(tuple),
        sport=st.booleans(),
        sector=st.sampled_from(["", "화학"]),
    ),
    max_size=3,
    unique_by=lambda one: one.name,
).map(tuple)
THEMES = st.lists(
    st.builds(
        watchlist.Theme,
        st.sampled_from(["AI", "Bio"]),
        st.lists(TERMS, max_size=3, unique_by=lambda one: (one.text, one.exclude)).map(tuple),
        threshold=st.sampled_from([0.5, 1.0]),
    ),
    max_size=2,
    unique_by=lambda one: one.name,
).map(tuple)
LISTS = st.builds(watchlist.Watchlist, COMPANIES, THEMES, st.just("x"))
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(LISTS, LISTS, TEXTS, TEXTS)
def test_a_text_that_the_sieve_lets_pass_is_read_alike_by_both_lists(
    one: watchlist.Watchlist, other: watchlist.Watchlist, title: str, text: str
):
    same_order = difference.apply(difference.edits(other, one), one)
    if difference.Sieve(difference.between(same_order, one).forms).holds(title, text):
        return
    document = mentions.Document("1", title, text)
    first, second = (recognise.Recogniser(given).recognise(document) for given in (one, same_order))
    assert dataclasses.replace(first, version="") == dataclasses.replace(second, version="")
