"""Which of two forms of a particle stands after a word: 은 or 는, 이 or 가, 을 or 를, 과 or 와, 으로 or 로, 이라 or 라.

The first of each stands after a sound that closes a syllable. Where nobody can say how the word is read, both
forms stay as they were written: 은(는). Pure: text in, text out.
"""

import re

# What is written for want of the word, and what stands after a closed and after an open syllable.
_FORMS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
FORM = re.compile("|".join(map(re.escape, _FORMS)))
# Between the word and its particle: quotation marks, brackets, what HTML writes for them, and its tags.
_CLOSING = re.compile(r"""(?:[”’"'»」』)\]…]|&(?:quot|#x27|#39|gt);|</?\w+>)+$""")
_LIQUID = 8  # the number of ㄹ among the sounds that close a syllable
# How figures are read: 영 일 이 삼 사 오 육 칠 팔 구.
_FIGURES = {"0": 1, "1": _LIQUID, "2": 0, "3": 1, "4": 0, "5": 0, "6": 1, "7": _LIQUID, "8": _LIQUID, "9": 0}
# Names of Latin letters that end closed: 엘 엠 엔 알.
_LETTERS = {"L": _LIQUID, "M": 1, "N": 1, "R": _LIQUID}
_ENGLISH = (
    (re.compile(r"(?:l|le)$"), _LIQUID),
    (re.compile(r"(?:[mn]|ng|ck|[aeiou][kp])$"), 1),
    (re.compile(r"[aeiouywrsxzbdfghjqtvcpk]$"), 0),
)
_WORD = re.compile(r"[A-Za-z]+$")


def settle(text: str) -> str:
    """The text with the right form after each word whose sound is known."""
    return FORM.sub(lambda form: _chosen(text[: form.start()], form[0]), text)


def _chosen(before: str, form: str) -> str:
    last = _last_sound(_CLOSING.sub("", before[-80:]))
    if last is None:
        return form
    closed, opened = _FORMS[form]
    # 서울로, not 서울으로.
    is_closed = last != 0 and not (form == "(으)로" and last == _LIQUID)
    return closed if is_closed else opened


def _last_sound(word: str) -> int | None:
    """The sound that closes the last syllable, 0 if it is open; None if nobody knows."""
    last = word[-1:]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28
    if last in _FIGURES:
        return _FIGURES[last]
    found = _WORD.search(word)
    if found is None:
        return None
    if found[0].isupper():
        return _LETTERS.get(last, 0)
    return next((sound for ending, sound in _ENGLISH if ending.search(found[0].lower())), None)
