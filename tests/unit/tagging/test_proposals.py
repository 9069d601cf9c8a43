"""Which changes of the watch list verdicts speak for."""

from articles.tagging import proposals, themes, watchlist

COMPANY = watchlist.Company(
    "대상", (watchlist.Alias("대상", "name"), watchlist.Alias("청정원", "product", ambiguous=True))
)
THEME = watchlist.Theme(
    "Cleantech", (watchlist.Term("배터리", 1.0), watchlist.Term("태양광", 1.0), watchlist.Term("충전", 0.6))
)
FINDER = themes.ThemeFinder([THEME])


def company(*said: tuple[str, bool]) -> list[proposals.Proposal]:
    cases = [proposals.CompanyCase(number, (form,), belongs) for number, (form, belongs) in enumerate(said)]
    return proposals.of_company(COMPANY, cases)


def theme(*said: tuple[str, bool]) -> list[proposals.Proposal]:
    cases = [
        proposals.ThemeCase(number, title, "", FINDER.weigh(title, "", frozenset())[0], belongs)
        for number, (title, belongs) in enumerate(said)
    ]
    return proposals.of_theme(THEME, cases)


def test_a_form_that_is_mostly_wrong_is_ambiguous():
    assert company(("대상", False), ("대상", False), ("대상", True)) == [
        proposals.Proposal("ambiguous", "대상", (0, 1))
    ]


def test_an_ambiguous_form_that_is_still_wrong_is_common():
    assert company(("청정원", False), ("청정원", False)) == [proposals.Proposal("common", "청정원", (0, 1))]


def test_one_article_or_as_many_on_either_side_suggest_nothing():
    assert company(("대상", False)) == []
    assert company(("대상", False), ("대상", False), ("대상", True), ("대상", True)) == []


def test_a_term_of_wrong_tags_weighs_less():
    found = theme(("배터리 방전", False), ("배터리 교체", False), ("태양광 발전", True))
    assert found == [proposals.Proposal("lower", "배터리", (0, 1), 1.0, 0.5)]


def test_a_term_of_missing_tags_weighs_more():
    found = theme(("충전 사업", True), ("충전 규격", True))
    assert found == [proposals.Proposal("raise", "충전", (0, 1), 0.6, 0.9)]


def test_a_longer_word_in_wrong_tags_alone_is_an_exclusion():
    found = theme(("보조배터리 반입", False), ("보조배터리를 압수", False), ("배터리 공장", True))
    assert found[0] == proposals.Proposal("exclude", "보조배터리", (0, 1))


def test_a_word_that_right_tags_have_too_is_no_exclusion():
    found = theme(("보조배터리 반입", False), ("보조배터리 압수", False), ("보조배터리 재활용 태양광", True))
    assert "exclude" not in {one.kind for one in found}


def test_a_form_with_particles_is_no_longer_word():
    found = theme(("배터리에서 불", False), ("배터리에서 연기", False))
    assert {one.kind for one in found} == {"lower"}
