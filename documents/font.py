"""Which characters a font has: the typesetter leaves out what it lacks without a word."""

from struct import unpack_from
from typing import Final

SEGMENTED_COVERAGE: Final = 12
"""The format of a character map that reaches beyond the first 65,536 characters (OpenType)."""


def covered(font: bytes) -> frozenset[str]:
    """Every character that an OpenType font maps to a glyph."""
    cmap = _table(font, b"cmap")
    (count,) = unpack_from(">H", font, cmap + 2)
    for index in range(count):
        (offset,) = unpack_from(">I", font, cmap + 4 + index * 8 + 4)
        start = cmap + offset
        if unpack_from(">H", font, start)[0] == SEGMENTED_COVERAGE:
            return _segments(font, start)
    raise ValueError("the font has no character map of format 12")


def _table(font: bytes, name: bytes) -> int:
    (count,) = unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, offset, _ = unpack_from(">4sIII", font, 12 + index * 16)
        if tag == name:
            return int(offset)
    raise ValueError(f"the font has no table {name!r}")


def _segments(font: bytes, start: int) -> frozenset[str]:
    (count,) = unpack_from(">I", font, start + 12)
    covered: set[str] = set()
    for index in range(count):
        first, last, _ = unpack_from(">III", font, start + 16 + index * 12)
        covered.update(map(chr, range(first, last + 1)))
    return frozenset(covered)
