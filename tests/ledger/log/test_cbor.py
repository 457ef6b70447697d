"""Our deterministic CBOR and that of `cbor2`, which shares no code with it, are the same bytes."""

import re

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.cbor import DEPTH_MAX, Tagged, decode, encode
from ledger.log.tree import ProofError

KEYS = st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=300)
VALUES = st.recursive(
    st.none() | KEYS,
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(KEYS, inner, max_size=30),
    max_leaves=40,
)


def plain(value: object) -> object:
    """With lists where tuples were read."""
    match value:
        case tuple():
            return [plain(one) for one in value]
        case dict():
            return {key: plain(one) for key, one in value.items()}
    return value


class TestCbor:
    @given(VALUES)
    def test_is_what_another_encoder_writes_and_comes_back(self, value: object) -> None:
        # Its "canonical" puts shorter keys first (RFC 8949, 4.2.3): its own maps are left out here.
        if not any(isinstance(one, dict) for one in walk(value)):
            assert encode(value) == cbor2.dumps(value, canonical=True)
        try:
            assert plain(decode(encode(value))) == value
        except ProofError:
            assert depth(value) > DEPTH_MAX

    @given(st.dictionaries(st.integers(-(2**64), 2**64 - 1), st.none() | st.binary(max_size=9)))
    def test_has_the_keys_of_maps_in_the_order_of_their_bytes(
        self, value: dict[int, bytes | None]
    ) -> None:
        # Among numbers, the shorter key is also the first by its bytes within a major type.
        keys = list(cbor2.loads(encode(value)))
        assert [cbor2.dumps(key) for key in keys] == sorted(map(cbor2.dumps, value))
        assert dict(cbor2.loads(encode(value))) == value

    @given(st.binary(max_size=200))
    def test_of_any_bytes_is_refused_or_the_same_again(self, data: bytes) -> None:
        try:
            value = decode(data)
        except ProofError:
            return
        assert encode(value) == data

    @pytest.mark.parametrize(
        ("code", "what"),
        [
            ("", "nothing"),
            ("1800", "a number in more bytes than it takes"),
            ("190017", "the same"),
            ("5800", "a length in more bytes than it takes"),
            ("5f4100ff", "a length left open"),
            ("9fff", "a list left open"),
            ("a2010001 00", "a key twice"),
            ("a2020001 00", "keys out of order"),
            ("a1a00000", "a map as a key, and more behind it"),
            ("f4", "false"),
            ("f7", "undefined"),
            ("f93c00", "a float"),
            ("61ff", "text that is not UTF-8"),
            ("4161 00", "more behind it"),
            ("4261", "cut off"),
            ("1b0000", "cut off within a length"),
            ("9b7fffffffffffffff", "a list of more than there is"),
            ("1c", "a length that is reserved"),
            ("3b0000", "the same, of a negative number"),
            ("5bffffffffffffffff", "bytes, more than there are"),
            ("7bffffffffffffffff61", "text, more than there is"),
            ("bbffffffffffffffff", "a map of more than there is"),
            ("824300", "a list that ends within its bytes"),
            ("81" * 9 + "00", "nested too deeply"),
            ("81" * 4 + "a100" * 2 + "c1" * 3 + "00", "the same, of lists, maps and tags"),
            ("81" * 100_000 + "00", "nested far too deeply"),
        ],
    )
    def test_in_another_spelling_is_refused(self, code: str, what: str) -> None:
        with pytest.raises(ProofError):
            decode(bytes.fromhex(code))
        assert what

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (0, "00"),
            (10, "0a"),
            (23, "17"),
            (24, "1818"),
            (100, "1864"),
            (1_000, "1903e8"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (2**64 - 1, "1bffffffffffffffff"),
            (-1, "20"),
            (-24, "37"),
            (-25, "3818"),
            (-100, "3863"),
            (-1_000, "3903e7"),
            (-(2**64), "3bffffffffffffffff"),
            (b"\1\2\3\4", "4401020304"),
            ("IETF", "6449455446"),
            ("\u6c34", "63e6b0b4"),
            (Tagged(23, b"\1\2\3\4"), "d74401020304"),
            (Tagged(24, b"dIETF"), "d818456449455446"),
            (Tagged(2**64 - 1, None), "dbfffffffffffffffff6"),
            (tuple(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
            ({"a": 1, "b": (2, 3)}, "a26161016162820203"),
        ],
    )
    def test_is_that_of_rfc_8949_on_both_sides_of_each_size(self, value: object, code: str) -> None:
        """Most are examples of appendix A; 23 is the last number within the first byte."""
        assert encode(value).hex() == code
        assert decode(bytes.fromhex(code)) == value

    @pytest.mark.parametrize("code", ["81" * 8 + "00", "81" * 4 + "a100" * 2 + "c1" * 2 + "00"])
    def test_is_read_eight_deep(self, code: str) -> None:
        assert encode(decode(bytes.fromhex(code))).hex() == code

    def test_has_no_tag_of_more_than_eight_bytes(self) -> None:
        with pytest.raises(ValueError, match="18446744073709551616"):
            encode(Tagged(2**64, None))

    def test_tells_a_tag_from_a_list(self) -> None:
        assert decode(bytes.fromhex("d28100")) == Tagged(18, (0,))
        assert encode(Tagged(18, [0])) == cbor2.dumps(cbor2.CBORTag(18, [0]))

    @pytest.mark.parametrize("value", [1.5, True, 2**64, -(2**64) - 1, object()])
    def test_of_another_kind_is_not_written(self, value: object) -> None:
        with pytest.raises(ValueError, match=re.escape(str(value).lstrip("-")[:8])):
            encode([value])


def walk(value: object) -> list[object]:
    match value:
        case list():
            return [value, *(one for inner in value for one in walk(inner))]
        case dict():
            return [value, *(one for inner in value.values() for one in walk(inner))]
    return [value]


def depth(value: object) -> int:
    match value:
        case list():
            return 1 + max(map(depth, value), default=0)
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
    return 0
