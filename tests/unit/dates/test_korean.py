import pytest

from tests.unit.dates.reading import read, values, written

ISSUED = [
    ("21일(현지시간)부터 나흘 동안 방문했다고 24일 밝혔다.", ["2023-08-21/2023-08-24", "2023-08-24"]),
    ("지난 1월 인수했다.", ["2023-01"]),
    ("지난달 31일 의결했다.", ["2023-07-31"]),
    ("내달 5일 출시한다.", ["2023-09-05"]),
    ("오는 8월 26일 연다.", ["2023-08-26"]),
    ("올 하반기 가동한다.", ["2023-H2"]),
    ("지난해 3분기 매출이다.", ["2022-Q3"]),
    ("2분기 매출이다.", ["2023-Q2"]),
    ("작년 말 착공했다.", ["2022-10/2022-12"]),
    ("2018년 7월부터 2020년 12월까지 일했다.", ["2018-07/2020-12"]),
    ("10~11월 열린다.", ["2023-10/2023-11"]),
    ("2030년까지 달성한다.", ["2030"]),
    ("20년대 초에는 없었다.", ["2020/2023"]),
    ("사흘 전 멈췄다.", ["2023-08-21"]),
    ("이달 중순 끝났다.", ["2023-08-11/2023-08-20"]),
    ("내년 상반기 시작한다.", ["2024-H1"]),
    ("지난주 금요일 마감했다.", ["2023-08-18"]),
    ("2016년 3월 세우고 같은 달 팔았다.", ["2016-03", "2016-03"]),
    ("2014년 상장하고 이듬해 옮겼다.", ["2014", "2015"]),
    ("2분기 매출은 전년 동기보다 늘었다.", ["2023-Q2", "2022-Q2"]),
    ("오전 10시 30분 시작했다.", ["2023-08-24T10:30"]),
    ("3개월 만에 돌아섰다.", ["2023-05"]),
    ("최근 3년간 늘었다.", ["2020-08-24/2023-08-23"]),
    ("1990년대 후반에 컸다.", ["1995/1999"]),
    ("2022.07.28 고쳤다.", ["2022-07-28"]),
    ("7/28 점검했다.", ["2023-07-28"]),
    ("28일 오후 2시 연다.", ["2023-08-28T14:00"]),
    ("8월 셋째 주 값이다.", ["2023-W33"]),
    ("11월 마지막 금요일에 연다.", ["2023-11-24"]),
    ("올해 추석은 이르다.", ["2023-09-29"]),
    ("음력 8월 15일이다.", []),
]


@pytest.mark.parametrize(("text", "expected"), ISSUED)
def test_an_expression_of_the_news_has_its_value(text: str, expected: list[str]) -> None:
    assert written(text) == expected


NO_DATES = [
    "오늘날 배터리는 쌀이다.",
    "오늘의 운세를 보라.",
    "2000년대생과 90년생이 몰렸다.",
    "100세 시대에 26.5% 늘었다.",
    "3대 2로 1위, 5G 가입자",
    "전화는 02-2023-0824, 010-1234-5678",
    "값은 2023원이다.",
    "24시간 연다.",
    "3년 임기, 5년 연속, 2분기 연속, 10년물, 9월물, 3월호",
    "일 잘하는 한일 기업의 3·1운동",
    "당시 업계는 몰랐다.",
    "내일을 여는 내일배움카드",
    "한일전과 서해안의 신정뉴타운",
    "코스피 1900~2400 등락",
    "징역 10년 6월 구형",
    "이달곤 위원장은 갔다.",
    "안방을 내주며 졌다.",
    "2024년형 모델과 2019년산 포도주",
    "1/3 수준으로 줄고 24/7 돌아간다.",
]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read(text) == []


def test_offsets_lead_back_to_the_words() -> None:
    text = "🎉 회사는 ２４일 “내달 5일”이라고 밝혔다."
    assert [text[one.start_offset : one.end_offset] for one in values(text)] == ["２４일", "내달 5일"]


def test_a_bare_day_lies_behind_unless_the_verb_points_ahead() -> None:
    assert written("27일 밝혔다.") == ["2023-07-27"]
    assert written("27일 열릴 예정이다.") == ["2023-08-27"]
    assert written("오는 3일 연다.") == ["2023-09-03"]


def test_a_day_that_has_just_been_is_not_next_months_for_a_verb_in_the_present() -> None:
    assert written("LIV는 20일(현지시간) 3차 대회에 나간다고 밝혔다.", "2022-07-22") == ["2022-07-20"]


def test_a_headline_means_the_nearest_day() -> None:
    assert written("한빛에너지 27일 이사회서 분할 확정") == ["2023-08-27"]
    assert written("한빛에너지 22일 이사회서 분할 확정") == ["2023-08-22"]


def test_a_bare_month_is_this_years_but_around_new_year() -> None:
    assert written("12월 수출이 늘었다.", "2024-01-05") == ["2023-12"]
    assert written("1월 출시될 예정이다.", "2023-12-28") == ["2024-01"]
    assert written("9월 문을 연다.") == ["2023-09"]


def test_a_bare_quarter_at_the_beginning_of_a_year_is_last_years() -> None:
    assert written("4분기 실적이다.", "2024-01-05") == ["2023-Q4"]
    assert written("3분기 출시될 예정이다.", "2024-01-05") == ["2024-Q3"]


def test_a_month_after_a_year_in_the_same_sentence_is_of_that_year() -> None:
    assert written("2019년 3월 시작돼 5월 끝났다.") == ["2019-03", "2019-05"]
    assert written("2021년 1분기(1~3월)였다.") == ["2021-Q1", "2021-01/2021-03"]


def test_a_range_goes_over_the_turn_of_a_month_and_of_a_year() -> None:
    assert written("지난 30일부터 2일까지 열렸다.") == ["2023-07-30/2023-08-02"]
    assert written("지난해 11월부터 2월까지 열렸다.") == ["2022-11/2023-02"]


def test_a_weekday_in_brackets_goes_with_its_day() -> None:
    assert written("24일(목) 오후 3시에 열었다.") == ["2023-08-24T15:00"]


def test_a_bare_weekday_looks_back() -> None:
    assert written("금요일 발표됐다.") == ["2023-08-18"]
    assert written("목요일 발표됐다.") == ["2023-08-24"]


def test_the_year_before_is_counted_from_what_the_text_speaks_of() -> None:
    text = "2분기 이익은 4조원으로 전년 동기보다 늘었다. 지난 1분기 24% 대비 올랐다. 순이익은 전년 같은 기간의 두 배다."
    assert written(text) == ["2023-Q2", "2022-Q2", "2023-Q1", "2022-Q2"]


def test_this_day_is_the_day_the_text_spoke_of() -> None:
    assert written("지난 22일 공시했다. 이날 주가는 올랐다.") == ["2023-08-22", "2023-08-22"]


def test_a_day_that_does_not_exist_has_no_value() -> None:
    assert read("2월 30일과 지난 6월 31일") == []


def test_past_planned_and_goal_are_told_apart() -> None:
    relations = [
        value.relation
        for value in values(
            "지난해 세웠다. 내달 연다. 회사는 2030년까지 탄소중립을 달성한다는 목표다. 올해는 덥다."
        )
    ]
    assert relations == ["past", "planned", "goal", "present"]


def test_the_term_of_a_contract_is_no_goal() -> None:
    assert [value.relation for value in values("2025년까지 계약을 연장했다.")] == ["planned"]


def test_what_had_to_be_guessed_is_less_certain() -> None:
    said, guessed = values("2023년 8월 24일")[0], values("2년 만에")[0]
    assert said.certainty > guessed.certainty


def test_a_day_named_with_its_month_is_meant_when_its_number_comes_again() -> None:
    text = "포럼은 10월 19일과 20일 열린다. 19일에는 학회가 연다."
    assert written(text) == ["2023-10-19", "2023-10-20", "2023-10-19"]


def test_quarters_go_on_in_the_year_that_was_said() -> None:
    assert written("2020년 1분기와 2분기에 줄었다. 2분기는 0.5%다.") == ["2020-Q1", "2020-Q2", "2023-Q2"]


def test_a_weekday_in_brackets_chooses_the_month() -> None:
    assert written("회의는 30일(수) 오후 3시로 잡혔다.") == ["2023-08-30T15:00"]


def test_what_comes_again_every_year_has_no_value() -> None:
    assert read("매년 10월 21일에 연다.") == []
