import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from articles.dates import speech

LABELS = Path(__file__).resolve().parents[3] / "bench" / "labels" / "speech.jsonl"
ROWS = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True)
class Named:
    start: int
    end: int
    name: str
    kind: str = "company"


def quotes(text: str, *companies: str) -> list[tuple[str, str, str]]:
    mentions = [Named(text.find(name), text.find(name) + len(name), name) for name in companies]
    return [(one.speaker, one.role, one.company) for one in speech.find_quotes(text, mentions)]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_labelled_quotation_has_its_speaker(row: dict[str, object]) -> None:
    text, companies, expected = row["text"], row["companies"], row["quotes"]
    assert isinstance(text, str)
    assert isinstance(companies, list)
    assert isinstance(expected, list)
    assert quotes(text, *companies) == [tuple(one) for one in expected]


def test_offsets_are_those_of_the_words_inside_the_marks() -> None:
    text = "구 대표는 “미래를 연다”고 말했다."
    (quote,) = speech.find_quotes(text)
    assert (text[quote.start : quote.end], quote.text) == ("미래를 연다", "미래를 연다")


def test_a_speaker_who_goes_on_is_less_certain_than_one_who_is_named() -> None:
    named, carried = speech.find_quotes('김하늘 대표는 "시작한다"고 말했다. 이어 "곧 끝난다"고 덧붙였다.')
    assert named.confidence > carried.confidence
    assert carried.speaker == "김하늘"


def test_quoted_names_and_slogans_are_nobodys_speech() -> None:
    assert speech.find_quotes('이른바 "가나다 전략"을 세웠다. 영화 "바람의 노래"가 열렸다.') == ()


def test_an_honorific_is_no_name_and_a_count_is_nobody():
    (one,) = speech.find_quotes('시민 홍길동 씨는 "조용해서 좋다"고 말했다.')
    assert one.speaker == "홍길동"
    (other,) = speech.find_quotes('이용자 세 명은 "고장 난 충전기를 만났다"고 말했다.')
    assert other.speaker == ""


ROLE_ALONE = [
    ('김하늘 가온전자 회장이 공장을 찾았다. 회장은 "곧 늘리겠다"고 말했다.', "김하늘"),
    ('기자들이 가온전자 김하늘 회장을 만났다.\n\n회장은 "곧 늘리겠다"고 말했다.', "김하늘"),
    ('김하늘 가온전자 대표이사(사장)는 웃었다. 대표는 "곧 늘리겠다"고 말했다.', "김하늘"),
    ('김하늘 회장이 왔다.\n\n날이 흐렸다.\n\n회장은 "곧 늘리겠다"고 말했다.', ""),
    ('김하늘 회장과 박나래 회장이 만났다. 회장은 "곧 늘리겠다"고 말했다.', ""),
    ('김하늘 사장이 왔다. 회장은 "곧 늘리겠다"고 말했다.', ""),
    ('김하늘 전 회장이 왔다. 회장은 "곧 늘리겠다"고 말했다.', ""),
    ('김하늘 가온전자 관계자가 왔다. 관계자는 "곧 늘리겠다"고 말했다.', ""),
    ('김하늘 가온전자 회장이 왔다. 누리통신 회장은 "곧 늘리겠다"고 말했다.', ""),
]


@pytest.mark.parametrize(("text", "speaker"), ROLE_ALONE)
def test_a_role_alone_is_the_one_person_named_with_it_close_before(text: str, speaker: str) -> None:
    (quote,) = quotes(text, *(name for name in ("가온전자", "누리통신") if name in text))
    assert quote[0] == speaker


def test_who_is_known_by_her_role_brings_her_company() -> None:
    text = '김하늘 가온전자 회장이 공장을 찾았다. 회장은 "곧 늘리겠다"고 말했다.'
    assert quotes(text, "가온전자") == [("김하늘", "회장", "가온전자")]
