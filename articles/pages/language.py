"""Which language a text is in: Korean, English or another. Works on a headline alone.

Must not load models: the share of Hangul decides Korean, function words decide English.
"""

import re
from typing import Literal

Language = Literal["ko", "en", "other"]

SAMPLE_CHARACTERS = 2000
# A Korean text full of Latin names still has this share of Hangul among its letters.
HANGUL_SHARE = 0.15
LATIN_SHARE = 0.7
# Kana rules Korean out: a Japanese text that quotes a Korean headline is not Korean.
KANA_SHARE = 0.2

_ENGLISH_WORDS = """
the a an of to in and or for on at by with from as is are was were be been has have had will would
can could may its it this that these those after before over under into against about amid more most
new says said say how why what when where who not no out up down off than he she his her their they
we our you your first but if here there just all could should next year years week day us company
market stock stocks shares deal plans unveils launches raises signs wins sets gets makes takes opens
cuts hits faces
"""
ENGLISH_WORDS = frozenset(_ENGLISH_WORDS.split())
_OTHER_WORDS = """
der die das und den dem ein eine einer ist mit von zu im für auf nicht des sich auch wird bei nach
le la les des du une et est dans pour sur que qui pas par avec aux au ce cette el los las del y en
que por para con una se su al como más il lo gli della di che è per non sono nel con dei alla o os
da do das dos em um uma não com ao pela het een van de dat niet op voor met zijn aan och att det som
en på av till för inte i w z na się nie do jest że
"""
# Words that English shares say nothing against it.
OTHER_WORDS = frozenset(_OTHER_WORDS.split()) - ENGLISH_WORDS - {"i", "do", "die", "me", "over", "det", "som"}

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣᄀ-ᇿ]+")
_KANA = re.compile(r"[぀-ヿ]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+")
_NOT_ENGLISH = re.compile(r"[à-öø-ÿßœąćęłńśźżğışčřžőű]", re.IGNORECASE)


def detect(text: str) -> Language:
    """The language of a text or a headline; "other" for none that we read, and for text without letters."""
    sample = text[:SAMPLE_CHARACTERS]
    if sample.isascii():
        return "en" if _reads_english(sample) else "other"
    if _is_mostly_hangul(sample) and not _KANA.search(sample):
        return "ko"  # whatever else there is: most Korean texts
    letters = _count(_LETTERS, sample)
    if not letters:
        return "other"
    if _count(_HANGUL, sample) / letters >= HANGUL_SHARE and _count(_KANA, sample) / letters < KANA_SHARE:
        return "ko"
    return "en" if _count(_LATIN, sample) / letters >= LATIN_SHARE and _reads_english(sample) else "other"


def _is_mostly_hangul(sample: str) -> bool:
    """Whether Hangul has its share even of all characters; the text is read as far as it takes to know."""
    left = HANGUL_SHARE * len(sample)
    for run in _HANGUL.finditer(sample):
        left -= run.end() - run.start()
        if left <= 0:
            return True
    return False


def _count(runs: re.Pattern[str], text: str) -> int:
    """How many characters the runs have together."""
    return len("".join(runs.findall(text)))


def _reads_english(sample: str) -> bool:
    words = [word.lower() for word in _WORD.findall(sample)]
    english = sum(word in ENGLISH_WORDS for word in words)
    other = sum(word in OTHER_WORDS for word in words)
    if english or other:
        return english > other or (english == other and not _NOT_ENGLISH.search(sample))
    # A headline of names alone ("Nvidia Q3 earnings call live") has no function words of any language.
    return 0 < len(words) <= 12 and not _NOT_ENGLISH.search(sample)
