"""Bytes of a page to text. The declared encoding is a hint, never trusted first. Must not parse HTML."""

import codecs
import re

# A page larger than this is cut: no article is that long, and hostile pages are.
MAX_BYTES = 5_000_000

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.-]+)",
    re.IGNORECASE,
)
# What servers call it, and the superset that browsers read it as.
_SUPERSETS = {
    "euc-kr": "cp949",
    "euckr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "ms949": "cp949",
    "x-windows-949": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}


def decode(data: bytes, *, content_type: str = "") -> str:
    """The page's text: byte order mark, strict UTF-8, then what is declared, then CP949; never raises.

    `content_type` is the HTTP header. A page cut inside a character, or with a few broken bytes, is read in
    the encoding that leaves the fewest replacement characters.
    """
    data = data[:MAX_BYTES]
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut in the middle of its last character
            return data[: error.start].decode("utf-8")
    names = [*_declared(data, content_type), "cp949", "utf-8"]
    texts = [_read(data, name) for name in dict.fromkeys(names)]
    return min(texts, key=_damage)


def _declared(data: bytes, content_type: str) -> list[str]:
    found = [match[1] for match in [_HEADER.search(content_type)] if match]
    found += [(a or b).decode("ascii", "replace") for a, b in _META.findall(data[:8192])]
    known = []
    for name in (_SUPERSETS.get(each.strip().lower(), each.strip().lower()) for each in found):
        try:
            known.append(codecs.lookup(name).name)
        except (LookupError, ValueError):
            continue
    # UTF-8 was refused already; a Western code page reads any bytes at all, so it comes after CP949.
    western = {"cp1252", "iso8859-1", "iso8859-15"}
    trusted = [name for name in known if name not in western | {"utf-8"}]
    return [*trusted, "cp949", *(name for name in known if name in western)]


def _read(data: bytes, name: str) -> str:
    try:
        return data.decode(name, "replace")
    except (LookupError, ValueError):  # a codec that isn't a text encoding
        return data.decode("utf-8", "replace")


def _damage(text: str) -> int:
    """Replacement and control characters, and the letters that misread Korean bytes turn into."""
    sample = text[:200_000]
    return sample.count("�") + sum("\x80" <= sign <= "\x9f" for sign in sample)
