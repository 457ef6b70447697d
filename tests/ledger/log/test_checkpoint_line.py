from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.checkpoint_line import CheckpointLine
from ledger.log.note import Note, Signature, SigningKey
from ledger.log.tree import ProofError, TreeHead
from tests.support.signed_log import LOG, LOG_LINE, NOTE, STRANGER, TEXT, WITNESS

SIGNED = SignedCheckpoint.parse(NOTE)
LINE = " ".join([*TEXT.split("\n")[:3], LOG_LINE.split()[2]])
"""The worked example of docs/formats/log.md."""


def test_has_what_the_log_says_and_signs_and_no_cosignature() -> None:
    assert str(CheckpointLine.of(SIGNED)) == LINE
    assert WITNESS.name in NOTE.decode()
    assert WITNESS.name not in LINE


def test_gives_the_signed_note_back() -> None:
    signed = CheckpointLine.parse(LINE).signed
    assert bytes(signed.note) == f"{TEXT}\n{LOG_LINE}".encode()
    assert signed.verify([LOG.public])[0][0] == LOG.public
    with pytest.raises(ProofError):
        signed.verify([STRANGER.public])


@given(st.sets(st.integers(min_value=LINE.index("OF2j"), max_value=len(LINE) - 1)))
def test_is_read_wherever_paper_or_a_telephone_breaks_it(breaks: set[int]) -> None:
    cuts = [0, *sorted(breaks), len(LINE)]
    broken = "\r\n ".join(LINE[start:end] for start, end in pairwise(cuts))
    assert CheckpointLine.parse(f"\t{broken}\n") == CheckpointLine.of(SIGNED)


def test_in_words_has_no_signature_and_is_a_line_as_well() -> None:
    words = CheckpointLine.of(SIGNED).in_words
    assert words == " ".join(TEXT.split("\n")[:3])
    line = CheckpointLine.parse(words)
    assert (line.checkpoint, line.signatures) == (SIGNED.checkpoint, ())
    with pytest.raises(ProofError):
        line.signed.verify([LOG.public])


def test_has_both_signatures_while_one_key_takes_over_from_another() -> None:
    both = SignedCheckpoint.parse(bytes(sign_checkpoint(SIGNED.checkpoint, [LOG, STRANGER])))
    line = CheckpointLine.parse(str(CheckpointLine.of(both)))
    assert [key for key, _ in line.signed.verify([LOG.public, STRANGER.public])] == [
        LOG.public,
        STRANGER.public,
    ]


def test_leaves_out_signatures_of_other_kinds_by_the_log() -> None:
    """A post-quantum signature of 2,420 bytes has no room in a code that a telephone reads."""
    other = Signature(LOG.name, b"abcd", bytes(2_420))
    note = Note(SIGNED.note.text, (*SIGNED.note.signatures, other))
    assert str(CheckpointLine.of(SignedCheckpoint(SIGNED.checkpoint, note))) == LINE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one two",
        LINE[:-1],
        LINE[:-4],
        LINE + "A",
        LINE.replace(" 3 ", " 03 "),
        LINE.replace(" 3 ", " three "),
        LINE.replace(" 3 ", " "),
        LINE.replace("OF2j", "OF2*"),
        TEXT.split("\n")[0] + " 0 " + TEXT.split("\n")[2],
        "检查点 " + LINE,
        LINE * 20,
    ],
)
def test_is_refused_where_it_is_none_or_not_whole(text: str) -> None:
    with pytest.raises(ProofError):
        CheckpointLine.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "one", "one 3", "one 3 OF2j", LINE[:-1], LINE[:-4], LINE.partition("=")[0], LINE + "A"],
)
def test_that_is_not_whole_has_to_be_scanned_again(text: str) -> None:
    with pytest.raises(ProofError, match="scan or copy it again"):
        CheckpointLine.parse(text)


def test_is_read_up_to_2000_characters_and_no_further() -> None:
    assert CheckpointLine.parse(LINE.ljust(2_000)) == CheckpointLine.of(SIGNED)
    with pytest.raises(ProofError, match="must be one line"):
        CheckpointLine.parse(LINE.ljust(2_001))


def test_every_changed_character_is_refused_or_is_another_statement() -> None:
    own = CheckpointLine.parse(LINE)
    for at, letter in enumerate(LINE):
        changed = LINE[:at] + chr(ord(letter) ^ 1) + LINE[at + 1 :]
        try:
            line = CheckpointLine.parse(changed)
            line.signed.verify([LOG.public])
        except ProofError:
            continue
        assert line == own, changed


def test_a_checkpoint_that_does_not_fit_on_a_line_is_refused() -> None:
    extended = Checkpoint(LOG.name, SIGNED.checkpoint.head, ("more",))
    with pytest.raises(ProofError, match="cannot be written"):
        CheckpointLine.of(SignedCheckpoint.parse(bytes(sign_checkpoint(extended, [LOG]))))


def test_a_chinese_origin_is_one_as_well() -> None:
    key = SigningKey("湛江市财政局/2023", bytes(32))
    signed = SignedCheckpoint.parse(
        bytes(sign_checkpoint(Checkpoint(key.name, TreeHead(5, bytes(32))), [key]))
    )
    assert CheckpointLine.parse(str(CheckpointLine.of(signed))).signed.verify([key.public])
