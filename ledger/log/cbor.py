"""CBOR in its deterministic encoding (RFC 8949, section 4.2.1), as far as COSE messages need it.

One value has one encoding, and any other is refused: no length is left open or
longer than it must be, the keys of a map are in order and come once. There are no floats.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ledger.log.tree import ProofError

DEPTH_MAX: Final = 8
"""Arrays, maps and tags inside each other; a statement with its receipts takes four."""

_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
_NULL: Final = b"\xf6"
_IN_INITIAL_BYTE: Final = 23
_SIZES: Final = {24: 1, 25: 2, 26: 4, 27: 8}


class Tagged(NamedTuple):
    """A value that a tag says more about."""

    tag: int
    value: object


def encode(value: object) -> bytes:
    """The one encoding of a value.

    Args:
        value: `None`, int, bytes, str, `Tagged`, a sequence or a mapping, of such values.

    Raises:
        ValueError: it is of another kind, or a number beyond 64 bits.
    """
    made = None
    match value:
        case None:
            made = _NULL
        case int() if not isinstance(value, bool):
            made = _head(_UINT, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case bytes():
            made = _head(_BYTES, len(value)) + value
        case str():
            text = value.encode()
            made = _head(_TEXT, len(text)) + text
        case Tagged(tag, content):
            made = _head(_TAG, tag) + encode(content)
        case Mapping():
            pairs = sorted((encode(key), encode(one)) for key, one in value.items())
            made = _head(_MAP, len(pairs)) + b"".join(key + one for key, one in pairs)
        case Sequence():
            made = _head(_ARRAY, len(value)) + b"".join(map(encode, value))
    if made is None:
        raise ValueError(value)
    return made


def decode(data: bytes) -> object:
    """The value in these bytes, with tuples and dicts: `encode(value)` is the same again.

    Raises:
        ProofError: they are not one value in its deterministic encoding, or nested too deeply.
    """
    try:
        value, _ = _item(data, 0, DEPTH_MAX)
        if encode(value) == data:  # all of them, since one value has one encoding
            return value
    except (IndexError, TypeError, UnicodeError, ValueError):
        pass  # ends too early, a key that is not a key, or not UTF-8: refused like the others
    raise ProofError(
        "文件已损坏，或不是 COSE 文件（RFC 8949 第 4.2.1 节）",
        "the file is damaged, or is no COSE file (RFC 8949, section 4.2.1)",
    )


def _head(major: int, argument: int) -> bytes:
    if argument <= _IN_INITIAL_BYTE:
        return bytes([major << 5 | argument])
    for code, size in _SIZES.items():
        if argument < 1 << 8 * size:
            return bytes([major << 5 | code]) + argument.to_bytes(size, "big")
    raise ValueError(argument)


def _item(data: bytes, start: int, depth: int) -> tuple[object, int]:
    """The value that starts there, and where it ends."""
    if data[start : start + 1] == _NULL:
        return None, start + 1
    major, argument, at = _read_head(data, start)
    if major in {_UINT, _NEGATIVE}:
        return (argument if major == _UINT else -1 - argument), at
    if major in {_BYTES, _TEXT}:
        content = data[at : at + argument]
        return (content if major == _BYTES else content.decode()), at + argument
    if depth == 0:
        raise ValueError(depth)
    count = {_ARRAY: argument, _MAP: 2 * argument, _TAG: 1}[major]
    values = []
    for _ in range(count):
        value, at = _item(data, at, depth - 1)
        values.append(value)
    if major == _TAG:
        return Tagged(argument, values[0]), at
    if major == _MAP:
        return dict(zip(values[::2], values[1::2], strict=True)), at
    return tuple(values), at


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    """The major type, its argument, and where what follows them begins."""
    major, code = data[at] >> 5, data[at] & 31
    if major > _TAG:
        raise ValueError(major)
    if code <= _IN_INITIAL_BYTE:
        return major, code, at + 1
    if code not in _SIZES:
        raise ValueError(code)
    end = at + 1 + _SIZES[code]
    return major, int.from_bytes(data[at + 1 : end], "big"), end
