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
