"""Whether the clause around a date tells of something done, something planned or a goal.

Looks at verb endings and a few nouns, at most 150 characters from the date and inside its sentence; knows no dates.
"""

from __future__ import annotations

import re

_REACH = 150
_RIEUL = "".join(map(chr, range(0xAC00 + 8, 0xD7A4, 28)))
_NIEUN = "".join(map(chr, range(0xAC00 + 4, 0xD7A4, 28)))
_SS = "".join(char for char in map(chr, range(0xAC00 + 20, 0xD7A4, 28)) if char not in "있겠")

_KOREAN = re.compile(
    r"(?P<end>[.!?。]['\"”’)]?\s|\n)"
    rf"|(?P<planned>예정|계획|방침|전망|관측|목표(?!주?가)|예상|기로\s(?:했|결정|합의|의결)|[{_RIEUL}]\s것(?:으로|이라|이다|임)|겠[다고]|앞(?:두|뒀|둔|둬)|예고(?:했|한\s|된|돼|됐)|[할될릴칠킬]\s(?!수\s)"
    rf"|[{_NIEUN}]다(?=[.…!?\"'”’)\s]|고\s|는\s|$)|추진)"
    r"|(?P<weak>[하되]는\s)"
    rf"|(?P<past>따르면|의하면|[{_SS}](?:다|던|으며|고|지만|으나|는데|음|습|을|기)|(?<!위)(?<!대)[가-힣]{{2}}(?:한|된|했던)\s|바\s있)"
)
_FINITE = re.compile(r"[다요야죠까](?:\s|['\"”’.!?]|$)")
_ENGLISH = re.compile(
    r"(?P<end>(?<![A-Z]\.[A-Z])(?<=[a-z0-9)%]{2})[.!?]['\"”’)]?\s(?=[A-Z\"“])|\n)"
    r"|(?P<planned>\b(?:will|would|plans?|planned\sfor|expected|expects?|scheduled|aims?|intends?|due\sto|set\sto|to\sbe|should|targets?"
    r"|forecasts?|is\sto|are\sto|takes\seffect|runs|meets|begins|opens|starts|upcoming|ahead\sof|could|may)\b)"
    r"|(?P<past>\b(?:said|was|were|had|has|have|fell|rose|bought|sold|met|began|told|won|lost|made|took|grew|cut|led"
    r"|[a-z]{3,}ed)\b)"
)
_GOAL = re.compile(
    r"목표(?!주?가)|달성|탄소\s?중립|넷제로|비전|도약|성장한다는|거듭나|선언|청사진|로드맵|글로벌\s?(?:톱|[0-9]위)|이루|확대|늘리|끌어올"
    r"|\b(?:aims?|targets?|goals?|pledge[ds]?|net[-\s]zero|carbon[-\s]neutral|ambitions?|vision)\b"
)


def tense(text: str, start: int, end: int, language: str) -> str:
    """ "past" or "planned" as the nearest verb says; "stated" for another finished sentence; "" for a headline."""
    return _english(text, start, end) if language == "en" else _korean(text, end)


def _korean(text: str, end: int) -> str:
    stretch = text[end : end + _REACH]
    found = _KOREAN.search(stretch)
    if found and found.lastgroup in ("planned", "past"):
        return found.lastgroup
    if found and found.lastgroup == "weak":
        return ""
    sentence = stretch[: found.start() + 1] if found else stretch
    return "stated" if _FINITE.search(sentence) else ""


def _english(text: str, start: int, end: int) -> str:
    before = ""
    for found in _ENGLISH.finditer(text[max(0, start - _REACH) : start]):
        before = "" if found.lastgroup == "end" else found.lastgroup or ""
    if before:
        return before
    after = _ENGLISH.search(text[end : end + _REACH])
    return after.lastgroup or "" if after and after.lastgroup != "end" else ""


def has_goal(text: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of a goal near the date."""
    before, after = text[max(0, start - 60) : start], text[end : end + 80]
    before = before[max(before.rfind("\n"), before.rfind(". ")) + 1 :]
    stops = [at for at in (after.find("\n"), after.find(". ")) if at >= 0]
    return _GOAL.search(before + " " + after[: min(stops, default=len(after))]) is not None
