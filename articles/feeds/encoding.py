"""Turn a feed's bytes into text, whatever its labels claim.

Labels lie more often than bytes do, so the bytes are asked first: a byte order mark, then strict UTF-8, then what the
header or the XML declaration names, then the Korean superset cp949. Nothing here parses markup, and nothing raises:
the worst outcome is text with replacement characters and a sentence in `problems`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<?" and "<r" in encodings that need more than a byte for them, without a byte order mark.
WIDE_STARTS = (
    (re.compile(rb"^\s*<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"^\x00<\x00[^\x00]"), "utf-16-be"),
)
# Names in the wild, letters and digits only, and the codec that reads the most of what is published under them.
# A superset is always safe: cp949 reads all of EUC-KR, cp1252 is what "ISO-8859-1" means on the web.
CODECS = {
    **dict.fromkeys(
        [
            "euckr",
            "cseuckr",
            "ksc5601",
            "ksc56011987",
            "ksc56011989",
            "ksc5601987",
            "kscs5601",
            "ks5601",
            "csksc56011987",
            "isoir149",
            "korean",
            "windows949",
            "ms949",
            "cp949",
            "uhc",
            "949",
            "euckrcp949",
        ],
        "cp949",
    ),
    **dict.fromkeys(["gb2312", "gbk", "gb23121980", "euccn", "chinese", "cp936", "windows936"], "gb18030"),
    **dict.fromkeys(["shiftjis", "sjis", "mskanji", "windows31j"], "cp932"),
    **dict.fromkeys(
        ["iso88591", "latin1", "l1", "ascii", "usascii", "ansix341968", "windows1252", "xansi"], "cp1252"
    ),
    **dict.fromkeys(["utf8", "unicode11utf8", "utf8mb4", "unicode"], "utf-8"),
    "big5": "big5hkscs",
    "iso88599": "cp1254",
}
# Their bytes would pass for Korean, so a declaration that fits is believed. Shift JIS fits nearly anything, so not it.
CHINESE_AND_JAPANESE = ("gb18030", "big5hkscs", "euc_jp")
SEVEN_BIT_ESCAPES = ("iso2022_kr", "iso2022_jp", "hz")
DECLARED_IN_XML = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:\- ]{1,40}?)\s*["']"""
)
DECLARED_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)
HANGUL = re.compile(r"[\uac00-\ud7a3\u3131-\u318e]+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
REPLACEMENT = "\ufffd"
SAMPLE = (
    200_000  # bytes to judge by; replacing broken characters is slow, and hostile bytes can all be broken
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the usual name of the encoding it was in, and what was wrong with the labels or the bytes, in words."""

    text: str
    encoding: str
    problems: tuple[str, ...] = ()


def decode(data: bytes, *, content_type: str = "") -> Decoded:
    """Decode `data`; `content_type` is the HTTP header's value, believed only where the bytes allow it."""
    marked = _by_mark(data)
    if marked:
        return marked
    labels = _labels(data, content_type)
    codecs_named = [codec for codec in map(codec_of, labels) if codec]
    unknown = tuple(f"unknown encoding {label!r} declared" for label in labels if not codec_of(label))
    escaped = _by_escape(data, codecs_named)
    if escaped:
        return Decoded(escaped.text, escaped.encoding, unknown)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, codecs_named, unknown)
    return Decoded(text, "utf-8", unknown + _mislabelled(data, codecs_named, "utf-8"))


def codec_of(label: str) -> str:
    """The Python codec for a declared name in any spelling; empty if nobody knows it."""
    key = re.sub(r"[^a-z0-9]", "", label.lower())
    for name in (key, key.removeprefix("x")):
        if name in CODECS:
            return CODECS[name]
    try:
        found = codecs.lookup(label.strip())
        b"a".decode(found.name)  # some codecs are not text encodings
    except (LookupError, UnicodeError, ValueError, TypeError):
        return ""
    return found.name


def _labels(data: bytes, content_type: str) -> list[str]:
    header = DECLARED_IN_HEADER.search(content_type)
    declaration = DECLARED_IN_XML.search(data[:1024])
    labels = [header.group(1)] if header else []
    if declaration:
        labels.append(declaration.group(1).decode("ascii", "replace"))
    return labels


def _by_mark(data: bytes) -> Decoded | None:
    for mark, codec in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], codec)
    for start, codec in WIDE_STARTS:
        if start.match(data[:64]):
            decoded = _lenient(data, codec)
            return Decoded(decoded.text, codec, (f"{codec} without a byte order mark", *decoded.problems))
    return None


def _by_escape(data: bytes, named: list[str]) -> Decoded | None:
    """ISO-2022 and HZ look like ASCII, so strict UTF-8 would accept them as gibberish."""
    for codec in named:
        if codec in SEVEN_BIT_ESCAPES and (b"\x1b" in data or b"~{" in data):
            try:
                return Decoded(data.decode(codec), codec)
            except UnicodeDecodeError:
                return None
    return None


def _not_utf8(data: bytes, named: list[str], problems: tuple[str, ...]) -> Decoded:
    if _is_mostly_utf8(data[:SAMPLE].decode("utf-8", "replace")) or _is_cut_utf8(data):
        nearly = data.decode("utf-8", "replace")
        lost = nearly.count(REPLACEMENT)
        return Decoded(nearly, "utf-8", (*problems, f"{lost} broken UTF-8 characters were replaced"))
    for codec in named:
        text = _strictly(data, codec) if codec in CHINESE_AND_JAPANESE else None
        if text is not None:
            return Decoded(text, codec, problems)
    korean = _strictly(data, "cp949")
    if korean is not None and _is_korean(korean):
        name = _korean_name(data)
        return Decoded(korean, name, problems + _mislabelled(data, named, "cp949"))
    for codec in named:
        text = _strictly(data, codec)
        if text is not None:
            return Decoded(text, _western_name(data, codec), problems)
    best = _least_damaged(data, [*named, "cp949"])
    return Decoded(
        best.text, best.encoding, problems + best.problems + _mislabelled(data, named, best.encoding)
    )


def _strictly(data: bytes, codec: str) -> str | None:
    if codec == "cp1252":
        # Five bytes are unassigned in Windows-1252; the web reads them as C1 controls.
        return "".join(
            chunk.decode("cp1252") if chunk[0] not in b"\x81\x8d\x8f\x90\x9d" else chunk.decode("latin-1")
            for chunk in re.findall(rb"[\x81\x8d\x8f\x90\x9d]+|[^\x81\x8d\x8f\x90\x9d]+", data)
        )
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _least_damaged(data: bytes, named: list[str]) -> Decoded:
    """The candidate that loses the fewest characters; Windows-1252 reads anything, so it comes last."""
    sample = data[:SAMPLE]
    candidates = [_lenient(sample, codec) for codec in dict.fromkeys(named) if codec != "cp1252"]
    best = min(candidates, key=lambda decoded: decoded.text.count(REPLACEMENT))
    lost = best.text.count(REPLACEMENT)
    if lost * 20 <= _count(NOT_ASCII, best.text) or (best.encoding == "cp949" and _is_korean(best.text)):
        return _lenient(data, best.encoding)
    western = _strictly(data, "cp1252") or ""
    return Decoded(
        western, _western_name(data, "cp1252"), ("the encoding is not declared; read as Western European",)
    )


def _lenient(data: bytes, codec: str) -> Decoded:
    text = data.decode(codec, "replace")
    lost = text.count(REPLACEMENT)
    problems = (f"{lost} characters are broken in {codec} and were replaced",) if lost else ()
    return Decoded(text, codec, problems)


def _is_mostly_utf8(text: str) -> bool:
    """A cut or a stray byte breaks one character in many; another encoding breaks most of them."""
    lost = text.count(REPLACEMENT)
    whole = _count(NOT_ASCII, text) - lost
    return lost * 4 <= whole


def _is_cut_utf8(data: bytes) -> bool:
    """Sound but for a last character that is not complete."""
    return any(_strictly(data[:-missing], "utf-8") is not None for missing in (1, 2, 3))


def _is_korean(text: str) -> bool:
    """Text in another encoding rarely decodes as cp949, and then not mostly to Hangul."""
    return _count(HANGUL, text) * 2 > _count(NOT_ASCII, text)


def _count(runs: re.Pattern[str], text: str) -> int:
    """How many characters the runs have together."""
    return len("".join(runs.findall(text)))


def _korean_name(data: bytes) -> str:
    """EUC-KR when no character needs Microsoft's extension."""
    return "cp949" if _strictly(data, "euc_kr") is None else "euc-kr"


def _western_name(data: bytes, codec: str) -> str:
    if codec != "cp1252":
        return codec
    return "windows-1252" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-1"


def _mislabelled(data: bytes, named: list[str], actual: str) -> tuple[str, ...]:
    if data.isascii():
        return ()
    wrong = dict.fromkeys(codec for codec in named if codec != actual)
    return tuple(f"declared as {codec} but written in {actual}" for codec in wrong)
