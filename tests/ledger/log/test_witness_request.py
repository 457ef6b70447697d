import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import NOTE_MAX, Note, SigningKey
from ledger.log.tree import SIZE_MAX, ProofError, TreeHead, leaf_hash
from ledger.log.witness_request import RequestRefused, WitnessRequest, judge
from tests.support import naive_log as naive
from tests.support.signed_log import LOG, STRANGER, flips

FORK = [*naive.LEAVES[:3], leaf_hash(b"other"), *naive.LEAVES[4:]]
MOST = 70
HASH = b"OF2jDzkXKCyJOd/4UZV+UZqxhGsTUaFMCts7EWMnQqo=\n"


def signed(
    size: int, leaves: list[bytes] = naive.LEAVES, key: SigningKey = LOG
) -> SignedCheckpoint:
    head = TreeHead(size, naive.mth(leaves[:size]))
    return SignedCheckpoint.parse(bytes(sign_checkpoint(Checkpoint(key.name, head), [key])))


def request(old: int, size: int, leaves: list[bytes] = naive.LEAVES) -> WitnessRequest:
    """Made by the definitions of the RFC, without the program."""
    path = naive.proof(old, leaves[:size]) if 0 < old < size else []
    return WitnessRequest(old, tuple(path), signed(size, leaves))


def ground(asked: WitnessRequest, seen: SignedCheckpoint | None) -> str | None:
    try:
        judge(asked, seen, [LOG.public])
    except RequestRefused as refused:
        return refused.ground
    return None


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_what_grows_is_cosigned_and_nothing_goes_back(old: int, size: int) -> None:
    asked = WitnessRequest.parse(bytes(request(old, size)))
    found = ground(asked, signed(old) if old else None)
    assert found == ("older" if size < old else None)


@given(st.integers(4, MOST), st.integers(4, MOST))
def test_another_past_is_never_cosigned(old: int, size: int) -> None:
    """Whatever proof is sent along: that of the fork itself, or that of what was seen."""
    for leaves in (FORK, naive.LEAVES):
        path = naive.proof(old, leaves[:size]) if old < size else []
        asked = WitnessRequest(old, tuple(path), signed(size, FORK))
        expected = "older" if size < old else "fork" if size == old else "growth"
        assert ground(asked, signed(old)) == expected


def test_the_same_again_is_cosigned_again_for_an_answer_may_be_lost() -> None:
    assert ground(request(3, 9), signed(9)) is None


def test_a_proof_from_elsewhere_names_where_from() -> None:
    with pytest.raises(RequestRefused, match="from 5") as refused:
        judge(request(3, 9), signed(5), [LOG.public])
    assert (refused.value.ground, refused.value.seen) == ("since", 5)
    assert refused.value.rule == "since"


def test_a_log_that_nobody_has_named_and_a_false_signature_are_refused() -> None:
    asked = request(0, 9)
    with pytest.raises(RequestRefused) as unknown:
        judge(asked, None, [])
    assert (unknown.value.ground, unknown.value.seen) == ("unknown-log", 0)
    forged = asked._replace(signed=signed(9, key=STRANGER))
    assert ground(forged, None) == "signature"


def test_every_changed_bit_is_refused_or_means_the_same() -> None:
    asked, seen = request(3, 9), signed(3)
    for changed in flips(bytes(asked)):
        try:
            parsed = WitnessRequest.parse(changed)
        except ProofError:
            continue
        assert parsed == asked or ground(parsed, seen)


@pytest.mark.parametrize(
    "data",
    [
        b"old 03\n\n" + bytes(signed(3).note),
        b"old 3\nAAAA\n\n" + bytes(signed(3).note),
        b"old 3\n" + HASH * 64 + b"\n" + bytes(signed(3).note),
    ],
)
def test_what_is_no_request_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        WitnessRequest.parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 3",
        b"old 3\n",
        b"old 3\n" + HASH,
        b"3\n\n" + bytes(signed(3).note),
        b"new 3\n\n" + bytes(signed(3).note),
        "old 三\n\n".encode() + bytes(signed(3).note),
    ],
)
def test_what_lacks_a_part_of_a_request_is_refused_as_that(data: bytes) -> None:
    with pytest.raises(ProofError, match="an old line, hashes, a blank, a note"):
        WitnessRequest.parse(data)


def test_a_proof_may_be_as_long_as_that_of_the_largest_log() -> None:
    longest = b"old 3\n" + HASH * 63 + b"\n" + bytes(signed(3).note)
    assert bytes(WitnessRequest.parse(longest)) == longest


def test_a_request_may_be_as_large_as_its_parts_may_be() -> None:
    head = signed(3).checkpoint.head
    short = len(bytes(sign_checkpoint(Checkpoint(LOG.name, head, ("x",)), [LOG])))
    padding = "x" * (NOTE_MAX - short + 1)
    note = bytes(sign_checkpoint(Checkpoint(LOG.name, head, (padding,)), [LOG]))
    assert len(note) == NOTE_MAX
    largest = b"old %d\n" % SIZE_MAX + HASH * 63 + b"\n" + note

    assert bytes(WitnessRequest.parse(largest)) == largest


def test_what_is_larger_than_any_request_is_refused_before_its_parts_are_looked_at() -> None:
    start, most = b"old 3\n\n", 131_072 + 100 + 63 * 45
    with pytest.raises(ProofError, match="larger than 131072 bytes"):
        WitnessRequest.parse(start.ljust(most, b"x"))
    with pytest.raises(ProofError, match="an old line, hashes, a blank, a note"):
        WitnessRequest.parse(start.ljust(most + 1, b"x"))


def test_other_signatures_below_do_not_matter() -> None:
    asked = request(0, 9)
    note = Note(asked.signed.note.text, (*asked.signed.note.signatures, STRANGER.sign("x\n")))
    assert ground(asked._replace(signed=asked.signed._replace(note=note)), None) is None
