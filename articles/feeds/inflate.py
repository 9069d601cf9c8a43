"""Undo HTTP content encodings within a size limit, so that a small body cannot become a large one in memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
MOST_LAYERS = 3
GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class TooLargeError(ValueError):
    """The body is larger than allowed once inflated."""


class BrokenEncodingError(ValueError):
    """The body is not what its Content-Encoding says."""


def inflate(body: bytes, content_encoding: str, *, limit: int) -> bytes:
    """Undo the layers of `content_encoding`, last first; a body that ends early gives what it holds.

    A layer that is claimed but not there is skipped, and a gzip file without a label is opened (sitemaps are often
    served so). Raises TooLargeError above `limit` bytes and BrokenEncodingError.
    """
    layers = [name.strip().lower().removeprefix("x-") for name in content_encoding.split(",")]
    layers = [name for name in layers if name and name != "identity"]
    if len(layers) > MOST_LAYERS:
        raise BrokenEncodingError(f"{len(layers)} content encodings on top of each other")
    for name in reversed(layers):
        body = _inflate_one(body, name, limit)
    if body.startswith(GZIP_MAGIC):
        body = _gzip(body, limit)
    if len(body) > limit:
        raise TooLargeError
    return body


def _inflate_one(body: bytes, name: str, limit: int) -> bytes:
    inflater = INFLATERS.get(name)
    if inflater is None:
        raise BrokenEncodingError(f"unknown content encoding {name[:40]!r}")
    if not body or body.lstrip()[:1] in (b"<", b"{"):
        return body  # labelled but sent plain
    try:
        inflated = inflater(body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise BrokenEncodingError(f"the body is not {name} as it claims") from error
    if len(inflated) > limit:
        raise TooLargeError
    return inflated


def _gzip(body: bytes, limit: int) -> bytes:
    """All members of a gzip file; rubbish behind the last one is ignored."""
    parts, size = [], 0
    while body.startswith(GZIP_MAGIC) and size <= limit:
        inflater = zlib.decompressobj(wbits=31)
        part = inflater.decompress(body, limit + 1 - size)
        parts.append(part)
        size += len(part)
        body = inflater.unused_data
    if size > limit:
        raise TooLargeError
    if not parts:
        raise zlib.error("not a gzip file")
    return b"".join(parts)


def _deflate(body: bytes, limit: int) -> bytes:
    """With the zlib header the standard asks for, or without it as some servers send it."""
    try:
        return zlib.decompressobj().decompress(body, limit + 1)
    except zlib.error:
        return zlib.decompressobj(wbits=-15).decompress(body, limit + 1)


def _brotli(body: bytes, limit: int) -> bytes:
    return bytes(brotli.Decompressor().process(body, output_buffer_limit=limit + 1))


def _zstd(body: bytes, limit: int) -> bytes:
    parts, size = [], 0
    while body.startswith(ZSTD_MAGIC) and size <= limit:
        inflater = zstd.ZstdDecompressor()
        part = inflater.decompress(body, limit + 1 - size)
        parts.append(part)
        size += len(part)
        body = inflater.unused_data if inflater.eof else b""
    if not parts:
        raise zstd.ZstdError("not a zstd frame")
    return b"".join(parts)


INFLATERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
