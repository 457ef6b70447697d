from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import SignedCheckpoint, WitnessKey, WitnessSigningKey
from ledger.log.policy import LINES_MAX, POLICY_MAX, TrustPolicy
from ledger.log.tree import ProofError
from tests.support.signed_log import LOG, LOG_VKEY, NOTE, STRANGER, WITNESS, WITNESS_VKEY

PUBLIC = [WitnessSigningKey(f"w{n}", bytes([n]) * 32).public.public for n in range(6)]
SEERS = [WitnessKey(f"w{n}", public) for n, public in enumerate(PUBLIC)]
NAMED = "".join(f"witness W{n} {key}\n" for n, key in enumerate(SEERS))
TWO_LEVELS = f"""\
# who watches
log {LOG_VKEY}

{NAMED}
group X 2 W0 W1 W2
\tgroup\tY  any W3 W4 W5 \t
group both all X Y
quorum both
"""


def policy(text: str) -> TrustPolicy:
    return TrustPolicy.parse(text.encode())


def simple(quorum: str, *groups: str) -> TrustPolicy:
    lines = "".join(f"{one}\n" for one in groups)
    return policy(f"log {LOG_VKEY}\n{NAMED}{lines}quorum {quorum}\n")


def test_the_example_of_the_specification_means_what_it_says() -> None:
    both = policy(TWO_LEVELS)
    assert both.log == (LOG.public,)
    assert both.witnesses == tuple(SEERS)
    for count in range(7):
        for cosigned in combinations(range(6), count):
            enough = len({0, 1, 2} & set(cosigned)) >= 2 and bool({3, 4, 5} & set(cosigned))
            assert both.met_by(SEERS[n] for n in cosigned) == enough, cosigned


@given(k=st.integers(1, 6), cosigned=st.sets(st.integers(0, 5)))
def test_a_number_is_how_many_are_enough(k: int, cosigned: set[int]) -> None:
    every = " ".join(f"W{n}" for n in range(6))
    found = simple("G", f"group G {k} {every}")
    assert found.met_by(SEERS[n] for n in cosigned) == (len(cosigned) >= k)


def test_one_witness_can_be_the_quorum_and_no_other_will_do() -> None:
    one = simple("W3")
    assert one.met_by([SEERS[3]])
    assert not one.met_by([SEERS[2], LOG.public])
    with pytest.raises(ProofError, match="fewer cosignatures"):
        one.check([LOG.public, SEERS[2]])


def test_none_wants_nobody_and_is_never_a_quorum() -> None:
    """A checkpoint may be believed without cosignatures, and is not called cosigned for that."""
    none = simple("none")
    none.check([LOG.public])
    assert not none.met_by([LOG.public, *SEERS])


def test_whoever_names_keys_only_is_content_with_any_witness() -> None:
    named = TrustPolicy.of([LOG.public], SEERS[:2])
    assert named.met_by([SEERS[1]])
    assert not named.met_by([SEERS[2]])
    TrustPolicy.of([LOG.public], []).check([LOG.public])


def test_a_checkpoint_is_checked_against_it() -> None:
    text = f"log {LOG_VKEY} https://log.example/\nwitness w {WITNESS_VKEY} https://w.example/\n"
    found = policy(f"{text}quorum w\n")
    signed = SignedCheckpoint.parse(NOTE)
    found.check(key for key, _ in signed.verify(found.log, found.witnesses))
    bare = signed._replace(note=signed.note._replace(signatures=signed.note.signatures[:1]))
    with pytest.raises(ProofError):
        found.check(key for key, _ in bare.verify(found.log, found.witnesses))


def test_names_are_octets_and_comments_may_be_in_any_language() -> None:
    kelvin = f"# 见证人\nlog {LOG_VKEY}\nwitness \u212a {WITNESS_VKEY}\n"
    assert policy(f"{kelvin}quorum \u212a\n").witnesses == (WITNESS.public,)
    with pytest.raises(ProofError, match="not defined"):
        policy(f"{kelvin}quorum K\n")
    odd = kelvin.encode() + b"group \xff any \xe2\x84\xaa\nquorum \xff\n"
    assert TrustPolicy.parse(odd).met_by([WITNESS.public])


START = f"log {LOG_VKEY}\n{NAMED}"
SAME = WitnessKey("other", SEERS[0].public)
LONG = "".join(f"group G{n} any {f'G{n - 1}' if n else 'W0'}\n" for n in range(2 * LINES_MAX))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no newline"),
        ("\n", "no log"),
        (f"{NAMED}quorum W0\n", "no log"),
        (START, "no quorum"),
        (f"{START}quorum W0", "no newline"),
        (f"{START}quorum W0\r\n", "control"),
        (f"{START}# \x7f\nquorum W0\n", "control"),
        (f"{START}quorum W0\nquorum W0\n", "line 9: there is a quorum"),
        (f"{START}quorum W9\n", "not defined"),
        (f"{START}quorum G\ngroup G any W0\n", "not defined"),
        (f"{START}quorum W0 W1\n", "wrong number of fields"),
        (f"{START}quorum\n", "wrong number of fields"),
        (f"{START}quorum W0~\n", "not defined"),
        (f"{START}witness W9\nquorum W0\n", "wrong number of fields"),
        (f"{START}witness W9 {WITNESS_VKEY} url more\nquorum W0\n", "wrong number of fields"),
        (f"{START}Quorum W0\n", "is none of"),
        (f"{START}group G any none\nquorum G\n", "not defined"),
        (f"{START}group none any W0\nquorum none\n", "is already defined"),
        (f"{START}group W0 any W1\nquorum W0\n", "is already defined"),
        (f"{START}witness W0 {WITNESS_VKEY}\nquorum W0\n", "is already defined"),
        (f"{START}group G any W0 W0\nquorum G\n", "already a member"),
        (f"{START}group G any W0\ngroup H any W0\nquorum H\n", "already a member"),
        (f"{START}group G any\nquorum G\n", "wrong number of fields"),
        (f"{START}group G 0 W0\nquorum G\n", "1 to 1"),
        (f"{START}group G 2 W0\nquorum G\n", "1 to 1"),
        (f"{START}group G 01 W0\nquorum G\n", "1 to 1"),
        (f"{START}group G +1 W0\nquorum G\n", "1 to 1"),
        (f"{START}group G \u0661 W0\nquorum G\n", "1 to 1"),
        (f"{START}log {LOG_VKEY}\nquorum W0\n", "repeated"),
        (f"{START}witness again {SAME}\nquorum W0\n", "repeated"),
        (f"log {WITNESS_VKEY}\nquorum none\n", "another id or type"),
        (f"{START}witness w {LOG_VKEY}\nquorum none\n", "another id or type"),
        (f"{START}witness w junk\nquorum none\n", "not a vkey"),
        (f"log {LOG_VKEY} url more\nquorum none\n", "wrong number of fields"),
        (f"{START}{LONG}quorum G0\n", "too many definitions"),
        (f"{START}quorum W0\n{'#' * POLICY_MAX}\n", "larger"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ProofError, match=said):
        policy(text)


def test_a_name_that_is_not_utf_8_is_shown_as_far_as_it_can_be() -> None:
    with pytest.raises(ProofError, match="'\ufffd' is not defined"):
        TrustPolicy.parse(f"{START}quorum ".encode() + b"\xff\n")


def test_a_file_has_a_limit() -> None:
    start = f"{START}quorum W0\n"
    assert policy(f"{start}{'#' * (131_071 - len(start))}\n").quorum
    with pytest.raises(ProofError, match="larger than 131072 bytes"):
        policy(f"{start}{'#' * (131_072 - len(start))}\n")


def test_there_may_be_128_witnesses_and_one_group_of_all_of_them() -> None:
    keys = [
        WitnessKey(f"w{n}", WitnessSigningKey(f"w{n}", bytes([n]) * 32).public.public)
        for n in range(129)
    ]
    lines = [f"witness W{n} {key}\n" for n, key in enumerate(keys)]
    names = " ".join(f"W{n}" for n in range(128))
    end = f"group G all {names}\nquorum G\n"
    whole = policy(f"log {LOG_VKEY}\n{''.join(lines[:128])}{end}")
    assert whole.met_by(keys[:128])
    assert not whole.met_by(keys[:127])
    with pytest.raises(ProofError, match="more than 128"):
        policy(f"log {LOG_VKEY}\n{''.join(lines)}{end}")


def test_a_key_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ProofError, match="not UTF-8"):
        TrustPolicy.parse(b"log \xff+00000000+AA==\nquorum none\n")


@given(cut=st.integers(0, len(TWO_LEVELS) - 1))
def test_a_file_that_was_cut_off_never_means_something_else(cut: int) -> None:
    """At whichever byte: what is left has no quorum or no end, and is refused."""
    with pytest.raises(ProofError):
        policy(TWO_LEVELS[:cut])


@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(data: bytes) -> None:
    with pytest.raises(ProofError):
        TrustPolicy.parse(data)


def test_the_key_of_another_log_of_that_key_is_not_the_log_s() -> None:
    """The key's name is the log's: what it signs for another origin is believed by nobody."""
    other = SignedCheckpoint.parse(NOTE)
    renamed = other._replace(checkpoint=other.checkpoint._replace(origin="elsewhere"))
    assert other.verify([LOG.public])
    with pytest.raises(ProofError, match="not signed by the log"):
        renamed.verify([LOG.public])
    with pytest.raises(ProofError):
        other.verify([STRANGER.public])
