import pytest

from articles.stories import numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("신규 확진 6만8551명", "확진 6만8천여명"),
        ("영업익 4조1926억원", "영업익 4.2조"),
        ("과징금 1조 5000억원", "과징금 1조5000억"),
        ("4천억 투자", "4000억원 투자"),
        ("4,000억 투자", "4000억원 투자"),
        ("3만 5000명", "3만5천명"),
        ("55.6% 늘어", "56%↑"),
    ],
)
def test_a_rounded_number_shares_a_name_with_the_exact_one(one, other):
    assert set(numbers.numbers(one)) & set(numbers.numbers(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("28%", "28명"),
        ("3명", "3일"),
        ("6만8551명", "6만5433명"),
        ("2022년", "2021년"),
        ("4.2조", "4.2억"),
        ("22일", "26일"),
    ],
)
def test_numbers_of_other_things_or_sizes_share_none(one, other):
    assert not set(numbers.numbers(one)) & set(numbers.numbers(other))


def test_scores_shares_and_amounts_are_measures():
    assert set(numbers.measures("가나, 다라에 5-3 승…20% 올라 1억2000만원")) == {
        ("score", "5-3"),
        ("share", "20%"),
        ("amount", "120000000"),
    }
    assert set(numbers.measures("한국, 3대0 승리")) == {("score", "3-0")}
    assert list(numbers.measures("오는 22일 3명 1위 2022-07-22")) == []


def test_endless_digits_are_no_number():
    assert list(numbers.numbers("1" * 300)) == []
