"""The definitions of RFC 6962 section 2.1 and of C2SP tlog-tiles, written down as they stand there.

Slow, and without a line of the program under test.
"""

import hashlib
from hashlib import sha256


def leaf(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def mth(leaves: list[bytes]) -> bytes:
    """`MTH(D[n])`, of leaf hashes."""
    n = len(leaves)
    if n == 0:
        return sha256().digest()
    if n == 1:
        return leaves[0]
    k = largest_power_below(n)
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def sm3_root(entries: list[bytes]) -> bytes:
    """`MTH(D[n])` over SM3, by the OpenSSL below Python, which is not that of the library."""
    n = len(entries)
    if n == 0:
        return _sm3(b"")
    if n == 1:
        return _sm3(b"\x00" + entries[0])
    k = largest_power_below(n)
    return _sm3(b"\x01" + sm3_root(entries[:k]) + sm3_root(entries[k:]))


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """`PATH(m, D[n])`."""
    n = len(leaves)
    if n == 1:
        return []
    k = largest_power_below(n)
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: list[bytes]) -> list[bytes]:
    """`PROOF(m, D[n])`."""
    return subproof(m, leaves, b=True)


def subproof(m: int, leaves: list[bytes], *, b: bool) -> list[bytes]:
    n = len(leaves)
    if m == n:
        return [] if b else [mth(leaves)]
    k = largest_power_below(n)
    if m <= k:
        return [*subproof(m, leaves[:k], b=b), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], b=False), mth(leaves[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tile(level: int, n: int, width: int, leaves: list[bytes]) -> bytes:
    """The n-th tile at a level, of so many hashes."""
    span = 256**level
    starts = [(n * 256 + i) * span for i in range(width)]
    return b"".join(mth(leaves[start : start + span]) for start in starts)


def full_tiles(leaves: list[bytes]) -> list[tuple[int, int, bytes]]:
    """Level, number and content of every full tile, the lower levels first."""
    return [
        (level, n, tile(level, n, 256, leaves))
        for level in range(4)
        for n in range(len(leaves) // 256 ** (level + 1))
    ]


LEAVES = [leaf(b"entry %d" % i) for i in range(70_000)]
"""Of a long log."""


def node(level: int, index: int) -> bytes:
    """A full subtree of that log."""
    return mth(LEAVES[index << level : (index + 1) << level])
