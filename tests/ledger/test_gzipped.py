"""What was compressed comes out as it went in, or is refused."""

import gzip
import tracemalloc

import pytest

from ledger.gzipped import FIRST, compressed, uncompressed
from ledger.values import Invalid

TEXT = b"".join(b"index %d\n" % number for number in range(200))
MOST = len(TEXT)


def test_it_comes_out_again() -> None:
    assert uncompressed(compressed(TEXT), MOST) == TEXT
    assert uncompressed(compressed(b""), MOST) == b""


def test_it_is_the_same_bytes_each_time_with_neither_name_nor_time() -> None:
    made = compressed(TEXT)
    flags_and_time = slice(3, 8)
    assert made == compressed(TEXT)
    assert made.startswith(FIRST)
    assert made[flags_and_time] == bytes(5)


def test_it_may_have_been_compressed_by_others() -> None:
    assert uncompressed(gzip.compress(TEXT, 1, mtime=1_700_000_000), MOST) == TEXT


def test_cut_short_anywhere_it_is_refused() -> None:
    made = compressed(TEXT)
    for length in range(len(made)):
        with pytest.raises(Invalid, match="truncated"):
            uncompressed(made[:length], MOST)


def test_with_any_bit_flipped_it_is_refused_or_the_same() -> None:
    """A time and unused bits say nothing of what is in it."""
    made, refused = compressed(TEXT), 0
    for bit in range(8 * len(made)):
        flipped = bytearray(made)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            assert uncompressed(bytes(flipped), MOST) == TEXT
        except Invalid:
            refused += 1
    assert refused > 8 * (len(made) - 10)


@pytest.mark.parametrize("more", [b"\0", b"\n", compressed(TEXT)], ids=["zero", "line", "member"])
def test_with_something_behind_it_is_refused(more: bytes) -> None:
    with pytest.raises(Invalid, match="something follows"):
        uncompressed(compressed(TEXT) + more, MOST)


def test_above_the_bound_it_is_refused_and_takes_no_memory() -> None:
    bomb = gzip.compress(bytes(2**27), 1)
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match="more than 1,048,576 bytes"):
            uncompressed(bomb, 2**20)
        assert tracemalloc.get_traced_memory()[1] < 2**22
    finally:
        tracemalloc.stop()
    with pytest.raises(Invalid, match="more than"):
        uncompressed(compressed(TEXT), MOST - 1)
