"""Compression with gzip (压缩, RFC 1952): the same bytes each time, and read within a bound."""

import gzip
import zlib
from typing import Final

from ledger.values import Invalid

FIRST: Final = b"\x1f\x8b"
"""What compressed bytes begin with."""

_GZIP: Final = 16 + zlib.MAX_WBITS
"""How `zlib` calls RFC 1952."""


def compressed(data: bytes) -> bytes:
    """These bytes in one member without a name and a time, every time the same."""
    return gzip.compress(data, 9, mtime=0)


def uncompressed(data: bytes, most: int) -> bytes:
    """What was compressed.

    Args:
        data: one member, and nothing else.
        most: how many bytes may be in it.

    Raises:
        Invalid: it is damaged or not whole, something follows it, or more bytes are in it.
    """
    unpacking = zlib.decompressobj(_GZIP)
    try:
        content = unpacking.decompress(data, most + 1)
    except zlib.error:
        raise Invalid("压缩的内容已损坏", "what it has compressed is damaged") from None
    if len(content) > most:
        raise Invalid(f"解压后超过 {most} 字节", f"it has more than {most:,} bytes uncompressed")
    if not unpacking.eof:
        raise Invalid("末尾缺失，可能已被截断", "its end is missing; it may have been truncated")
    if unpacking.unused_data:
        raise Invalid("压缩的内容之后另有内容", "something follows what it has compressed")
    return content
