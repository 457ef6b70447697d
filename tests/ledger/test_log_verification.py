"""The rows of a ledger, each by itself and against the one before it; damage is in tests/proof."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from ledger.codec import check
from ledger.entry_verification import VerificationFailure
from ledger.envelope import REGISTER
from ledger.evidence import EvidenceStatus, State
from ledger.language import Language, Text
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, WitnessKey, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.policy import TrustPolicy
from ledger.log.tiles import Tile, subtree_root, tiles
from ledger.log.tree import TreeHead, leaf_hash, tree_head
from ledger.log.tree_builder import TreeBuilder
from ledger.log_verification import (
    LIMITS,
    LOG_ONLY,
    NEVER_PROVEN,
    NO_AUTHORITY,
    NO_EVIDENCE,
    Level,
    StoredProofs,
    TimeStampedHead,
    Trust,
    Verification,
    VerifiedSm3,
    Walked,
    forgive_unsealed,
    read_kept,
    verify,
    verify_evidence,
    verify_hashes,
    verify_log,
    verify_tiles,
)
from ledger.store import AuditRow, NewEntry, Store, StoredCheckpoint
from projections.formatting import plain
from tests.support import naive_log as naive
from tests.support.signed_log import LOG, STRANGER, TIME, WITNESS, WITNESS_VKEY
from tests.support.small_case import CASE, ISSUED, STATEMENT
from tests.support.specification import told


@pytest.fixture
def rows() -> Iterator[list[AuditRow]]:
    """Everything that a small ledger holds."""
    with Store.create(":memory:") as store:
        store.append(
            [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(ISSUED)]
        )
        yield list(store.audit())


def breaks(result: Verification) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in result.breaks]


def test_what_is_sound_holds(rows: list[AuditRow]) -> None:
    result, growth = Verification(), TreeBuilder()
    verify(result, rows, growth)

    assert result.holds
    assert (result.events, result.leaves, result.cases) == (len(rows), len(rows), 1)
    assert {CASE, REGISTER} <= result.streams.keys()
    assert growth.heads[len(rows)] == tree_head(leaf_hash(row.entry) for row in rows)


def test_each_entry_is_hashed_once_and_looked_at_once(
    rows: list[AuditRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    work: Counter[str] = Counter()

    def counted_hash(entry: bytes) -> bytes:
        work["hashed"] += 1
        return leaf_hash(entry)

    def counted_check(entry: bytes, position: int | None) -> object:
        work["looked at"] += 1
        return check(entry, position)

    monkeypatch.setattr("ledger.entry_verification.leaf_hash", counted_hash)
    monkeypatch.setattr("ledger.entry_verification.check", counted_check)
    verify(Verification(), rows, TreeBuilder())

    assert work == {"hashed": len(rows), "looked at": len(rows)}


def test_writers_at_the_same_time_leave_places_that_are_not_in_the_order_of_writing(
    rows: list[AuditRow],
) -> None:
    """As on a server, where the order of commits is not that of the numbers given before."""
    kept = [row for row in rows if row.case_id == REGISTER]
    others = [row for row in rows if row.case_id != REGISTER]
    sealed = [row._replace(position=place) for place, row in enumerate(others + kept)]
    written = [row for row in sealed if row.case_id == REGISTER] + sealed[: len(others)]
    result, growth = Verification(), TreeBuilder()
    verify(result, written, growth)

    assert breaks(result) == []
    assert growth.heads[len(rows)] == tree_head(leaf_hash(row.entry) for row in others + kept)


def test_what_cannot_be_read_breaks_the_chain_behind_it(rows: list[AuditRow]) -> None:
    nonsense = rows[3].entry.replace(b'"data":{', b'"data":{"colour":"red",')
    damaged = [*rows[:3], rows[3]._replace(entry=nonsense), *rows[4:]]
    here = f"#3 {rows[3].case_id} v{rows[3].version}"
    after = f"#4 {rows[4].case_id} v{rows[4].version}"
    assert rows[3].case_id == rows[4].case_id

    result = Verification()
    verify(result, damaged)

    assert breaks(result) == [("unreadable", here), ("leaf", here), ("chain", after)]


class TestTheLogAlone:
    def test_is_what_the_entries_grow_to_whatever_they_say(self) -> None:
        result, growth = Verification(events=1, leaves=2), TreeBuilder([3])
        verify_hashes(result, enumerate([b"a", b"", b"c", b"d"]), growth)

        assert (result.events, result.leaves, breaks(result)) == (5, 6, [])
        leaves = [leaf_hash(entry) for entry in (b"a", b"", b"c", b"d")]
        assert growth.heads[3] == tree_head(leaves[:3])
        assert growth.heads[4] == tree_head(leaves)

    def test_has_no_hole(self) -> None:
        verify_hashes(result := Verification(), [(0, b"a"), (2, b"c")], TreeBuilder())

        assert breaks(result) == [("order", "#1"), ("order", "#2")]

    def test_says_that_it_is_all_that_was_looked_at(self) -> None:
        assert LOG_ONLY not in Verification().does_not_prove
        assert Verification(entries_unchecked=True).does_not_prove[0] == LOG_ONLY


def test_one_event_is_something_and_none_is_nothing() -> None:
    broken = VerificationFailure(
        kind="leaf", where="#0", message=Text("甲", "a"), affects=Text("乙", "b")
    )
    assert Verification(events=1).holds
    assert not Verification(events=0).holds
    assert not Verification(events=1, breaks=[broken]).holds


@pytest.mark.parametrize("column", ["case_id", "version", "type"])
def test_each_column_that_says_otherwise_than_the_entry_is_found(
    rows: list[AuditRow], column: str
) -> None:
    """In the last row of its stream, so that nothing else is wrong."""
    row = rows[-1]
    others = {
        "case_id": row._replace(case_id="rubric:other"),
        "version": row._replace(version=row.version + 1),
        "type": row._replace(type="CaseClosed"),
    }
    row = others[column]
    result = Verification()
    verify(result, [*rows[:-1], row])

    assert ("misfiled", f"#{row.position} {row.case_id} v{row.version}") in breaks(result)


def test_what_has_no_place_or_no_leaf_is_not_sealed(rows: list[AuditRow]) -> None:
    last = rows[-1]
    nothing = last._replace(position=None, hash=None)
    for row in (last._replace(position=None), last._replace(hash=None), nothing):
        result = Verification()
        verify(result, [*rows[:-1], row])

        assert breaks(result) == [("unsealed", f"#{row.position} {row.case_id} v{row.version}")]
        assert result.leaves == len(rows) - (row.position is None)


def test_what_only_waited_for_its_sealer_is_forgiven_and_nothing_else(
    rows: list[AuditRow],
) -> None:
    first, *others, last = rows
    result = Verification()
    verify(result, [first._replace(position=None), *others, last._replace(position=None)])
    altered = VerificationFailure(
        kind="leaf", where="", message=Text("", ""), affects=Text("", ""), stream=last.case_id
    )
    result.breaks.append(altered)
    waiting = breaks(result)

    forgive_unsealed(result, {(last.case_id, last.version + 1), ("another", last.version)})
    assert breaks(result) == waiting
    forgive_unsealed(result, {(last.case_id, last.version), (altered.stream, altered.version)})
    assert breaks(result) == [waiting[0], ("leaf", "")]


def signed(size: int, *, by: SigningKey = LOG, root: bytes = b"") -> SignedCheckpoint:
    """A checkpoint of the log of the numbers, or of another one."""
    head = TreeHead(size, root or naive.mth(naive.LEAVES[:size]))
    note = sign_checkpoint(Checkpoint(LOG.name, head), [by])
    return SignedCheckpoint.parse(bytes(note))


def cosigned(one: SignedCheckpoint) -> SignedCheckpoint:
    return one._replace(note=one.note.joined([WITNESS.cosign(one.note.text, TIME)]))


NOTHING_KEPT: Final = StoredProofs()
NO_TRUST: Final = Trust()


def log_of(
    *sizes: int, said: int = 5, kept: StoredProofs = NOTHING_KEPT, trust: Trust = NO_TRUST
) -> Verification:
    """What is found of the log of five numbers."""
    heads = {size: TreeHead(size, naive.mth(naive.LEAVES[:size])) for size in (*sizes, 5)}
    result = Verification()
    verify_log(result, heads, TreeHead(said, heads[5].root), kept, trust)
    return result


class TestTheTree:
    def test_that_has_another_size_than_the_log_says(self) -> None:
        assert breaks(log_of(said=6)) == [("root", "#6")]

    def test_whose_checkpoints_fit(self) -> None:
        kept = StoredProofs((signed(3), signed(5)))
        result = log_of(3, kept=kept)
        assert (breaks(result), result.checkpoints, result.signatures) == ([], 2, 0)
        assert result.level == "L0"

    def test_that_is_shorter_than_a_checkpoint(self) -> None:
        assert breaks(log_of(kept=StoredProofs((signed(6),)))) == [("truncated", "checkpoint 6")]
        assert breaks(log_of(trust=Trust(held=(signed(6),)))) == [("rollback", "checkpoint 6")]

    def test_that_has_another_root_than_a_checkpoint(self) -> None:
        other = signed(3, root=bytes(32))
        assert breaks(log_of(3, kept=StoredProofs((other,)))) == [("root", "checkpoint 3")]
        assert breaks(log_of(3, trust=Trust(held=(other,)))) == [("fork", "checkpoint 3")]

    def test_whose_kept_checkpoint_is_none(self) -> None:
        result = Verification()
        kept = read_kept(result, [StoredCheckpoint(3, bytes(32), b"junk", "")])
        assert (breaks(result), kept) == ([("unreadable", "checkpoint 3")], StoredProofs())


def test_a_place_in_the_log_that_nothing_has_is_found(rows: list[AuditRow]) -> None:
    result = Verification()
    verify(result, [row for row in rows if row.position != 1], TreeBuilder())
    odd = [where for kind, where in breaks(result) if kind == "order"]
    assert odd == ["#1", f"#{len(rows) - 1}"], "a hole, and a place beyond the number of entries"


LEVELS: dict[Level, str] = {
    "L0": "anyone who can rewrite the whole database",
    "L1": "the holder of the key can rewrite and sign again",
    "L2": "the history after the checkpoint held outside",
    "L3": "collusion between the log and its witnesses",
    "L4": "collusion between the log, its witnesses and the time-stamping authority",
}


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_level_does_not_prove_is_said_with_what_was_not_checked(level: Level) -> None:
    limit = LIMITS[level]
    assert LEVELS[level] in limit.en
    none = Verification(level=level)
    evidence = Verification(level=level, evidence_unchecked=True)
    stamps = Verification(level=level, stamps_unchecked=True)
    assert none.does_not_prove == (limit, NEVER_PROVEN)
    assert evidence.does_not_prove == (NO_EVIDENCE, limit, NEVER_PROVEN)
    assert stamps.does_not_prove == (NO_AUTHORITY, limit, NEVER_PROVEN)


def test_a_gap_in_a_stream_is_found(rows: list[AuditRow]) -> None:
    last = rows[-1]
    result = Verification()
    verify(result, [*rows[:-2], last])
    assert rows[-2].case_id == last.case_id
    assert breaks(result) == [("gap", f"#{last.position} {last.case_id} v{last.version}")]


class TestTheLevel:
    POLICY = TrustPolicy.of([LOG.public], [WitnessKey.parse(WITNESS_VKEY)])

    def trust(self, *held: SignedCheckpoint) -> Trust:
        return Trust(policy=self.POLICY, held=held)

    def test_counts_who_signed_each_checkpoint(self) -> None:
        kept = StoredProofs((signed(3), cosigned(signed(5))))
        result = log_of(3, kept=kept, trust=self.trust())
        assert (breaks(result), result.signatures, result.level) == ([], 3, "L3")

    def test_is_that_of_the_highest_checkpoint(self) -> None:
        for kept, held, level in (
            ([signed(3)], [], "L1"),
            ([signed(3)], [signed(5)], "L2"),
            ([signed(5)], [signed(3)], "L2"),
            ([cosigned(signed(3)), signed(5)], [signed(5)], "L3"),
        ):
            result = log_of(3, kept=StoredProofs(tuple(kept)), trust=self.trust(*held))
            assert (breaks(result), result.level) == ([], level)

    def test_of_an_empty_tree_is_none(self) -> None:
        result = log_of(0, trust=self.trust(cosigned(signed(0))))
        assert (breaks(result), result.signatures, result.level) == ([], 2, "L0")
        assert log_of(1, trust=self.trust(signed(1))).level == "L2"

    @pytest.mark.parametrize("false", [signed(6), signed(3, root=bytes(32))])
    def test_of_a_checkpoint_that_does_not_fit_is_none(self, false: SignedCheckpoint) -> None:
        result = log_of(3, kept=StoredProofs((false,)), trust=self.trust(false))
        assert (len(breaks(result)), result.signatures, result.level) == (2, 0, "L0")

    def test_of_a_checkpoint_by_somebody_else_is_none(self) -> None:
        result = log_of(3, kept=StoredProofs((signed(3, by=STRANGER),)), trust=self.trust())
        assert (breaks(result), result.level) == ([("signature", "checkpoint 3")], "L0")


SIZE = 66_100


@pytest.fixture(scope="module")
def kept() -> dict[Tile, bytes]:
    """The tiles of a long log."""
    found: dict[Tile, bytes] = {}
    for tile in tiles(SIZE):
        places = range(tile.number * 256, tile.number * 256 + tile.width)
        if tile.level == 0:
            found[tile] = b"".join(naive.LEAVES[places.start : places.stop])
        else:
            below = (found[Tile(tile.level - 1, place)] for place in places)
            found[tile] = b"".join(map(subtree_root, below))
    return found


@pytest.fixture(scope="module")
def head() -> TreeHead:
    """The tree of that log."""
    return tree_head(naive.LEAVES[:SIZE])


class TestTiles:
    """Of a log that is long enough for a second tile in the level above."""

    def test_of_the_tree_hold(self, kept: dict[Tile, bytes], head: TreeHead) -> None:
        result = Verification()
        verify_tiles(result, head, kept.__getitem__)
        assert breaks(result) == []

    @pytest.mark.parametrize("tile", [Tile(0, 0), Tile(0, 255), Tile(0, 256), Tile(0, 257)])
    def test_of_which_one_was_changed_do_not(
        self, kept: dict[Tile, bytes], head: TreeHead, tile: Tile
    ) -> None:
        result = Verification()
        verify_tiles(result, head, {**kept, tile: bytes(32) + kept[tile][32:]}.__getitem__)
        assert breaks(result) == [("tile", "tiles")]

    def test_of_another_tree_do_not(self, kept: dict[Tile, bytes], head: TreeHead) -> None:
        result = Verification()
        verify_tiles(result, head._replace(root=bytes(32)), kept.__getitem__)
        assert breaks(result) == [("tile", "tiles")]


def test_evidence_is_counted_and_what_is_wrong_with_it_named() -> None:
    states: list[State] = ["held", "missing", "altered", "erased", "to-erase"]
    result = Verification()
    verify_evidence(result, CASE, [EvidenceStatus(STATEMENT, state) for state in states])

    assert result.evidence == len(states)
    assert breaks(result) == [("evidence", f"{CASE} {STATEMENT.sha256}")] * 2
    title = STATEMENT.title
    assert [one.message for one in result.breaks] == [
        Text(f"“{title}”缺失", f"'{title}' is missing"),
        Text(f"“{title}”被改动", f"'{title}' is altered"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_json_it_has_the_keys_of_the_contract(language: Language) -> None:
    broken = VerificationFailure(
        kind="leaf", where="#0", message=Text("甲", "a"), affects=Text("乙", "b")
    )
    result = Verification(
        level="L4",
        events=1,
        leaves=2,
        checkpoints=3,
        signatures=4,
        evidence=5,
        streams={CASE: Walked(), REGISTER: Walked()},
        accounts=6,
        stamped=[TimeStampedHead(7, "2026-11-21T10:00:00.000000Z")],
        sm3=[VerifiedSm3(7, "valid", None)],
        breaks=[broken],
    )
    message, affects = {"zh": ("甲", "乙"), "en": ("a", "b")}[language]
    assert plain(result.report, language) == {
        "level": "L4",
        "counted": {
            "events": 1,
            "cases": 1,
            "leaves": 2,
            "checkpoints": 3,
            "signatures": 4,
            "evidence": 5,
            "stamps": 1,
            "streams": 2,
            "accounts": 6,
            "authored": 0,
        },
        "stamped": [{"size": 7, "at": "2026-11-21T10:00:00.000000Z"}],
        "sm3": [{"size": 7, "signature": "valid", "why": None}],
        "breaks": [
            {
                "kind": "leaf",
                "where": "#0",
                "message": message,
                "affects": affects,
                "stream": "",
                "version": 0,
            }
        ],
        "notes": [],
        "does_not_prove": tuple(getattr(one, language) for one in result.does_not_prove),
    }
