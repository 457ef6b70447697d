"""The rows of a ledger, each by itself and against the one before it; damage is in tests/proof."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Literal

import pytest
from msgspec import structs

from ledger.codec import check, decode, encode
from ledger.entry_verification import VerificationFailure, event_break, fact
from ledger.envelope import REGISTER, AuthorSignature, Identity, Through
from ledger.evidence import EvidenceStatus, State
from ledger.language import Language, Text
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, WitnessKey, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.policy import TrustPolicy
from ledger.log.sm3 import BothTrees, HeldSm3, Sm3Statement
from ledger.log.stamp import TimeStamp
from ledger.log.tiles import Tile, subtree_root, tiles
from ledger.log.tree import ProofError, TreeHead, leaf_hash, tree_head
from ledger.log.tree_builder import TreeBuilder
from ledger.log_verification import (
    HELD_IN_VAIN,
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
    VerificationNote,
    VerifiedSm3,
    Walked,
    check_streams,
    forgive_unsealed,
    read_kept,
    verify,
    verify_authors,
    verify_evidence,
    verify_hashes,
    verify_integrity,
    verify_log,
    verify_names,
    verify_nothing_elsewhere,
    verify_places,
    verify_reads,
    verify_sm3,
    verify_structure,
    verify_tiles,
    verify_walked,
)
from ledger.store import (
    AuditRow,
    DatabaseDamaged,
    Entry,
    NewEntry,
    Store,
    StoredCheckpoint,
    StructureFault,
    VersionConflict,
    WrittenEntry,
)
from ledger.stream_reading import StoredEntry
from projections.formatting import plain
from tests.support import naive_log as naive
from tests.support.signed_log import LOG, STRANGER, TIME, WITNESS, WITNESS_VKEY
from tests.support.small_case import CASE, ISSUED, STATEMENT
from tests.support.specification import told


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.create(":memory:") as store:
        store.append(
            [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(ISSUED)]
        )
        yield store


@pytest.fixture
def rows(store: Store) -> list[AuditRow]:
    """Everything that a small ledger holds."""
    return list(store.audit())


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
    assert result.breaks[0].message.en == f"the one before is v{last.version - 2}"


def test_what_a_break_affects_is_the_fact_that_was_recorded_unless_it_is_stated(
    rows: list[AuditRow],
) -> None:
    event = decode(rows[-1].entry, rows[-1].position)
    why, affected = Text("因", "why"), Text("甲", "a")

    assert event_break("rules", event, why).affects == fact(event)
    assert event_break("rules", event, why, affected).affects == affected


@pytest.mark.parametrize("practice", [True, False])
def test_every_checkpoint_has_to_name_the_log_as_the_ledger_is(*, practice: bool) -> None:
    result = Verification()
    verify_names(result, [signed(3), signed(5)], practice=practice)

    assert result.practice == practice
    assert breaks(result) == [("practice", f"checkpoint {LOG.name}")] * practice


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


class TestTimeStamps:
    AT = "2026-11-21T10:00:00.000000Z"
    NOTE = bytes(cosigned(signed(5)).note)
    KNOWN: Any = ("an authority",)

    @pytest.fixture(autouse=True)
    def _one_authority(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its replies are good or not; what they look like is in tests/ledger/log."""

        def verify(stamp: TimeStamp, _: object) -> str:
            if stamp.reply != b"good":
                raise ProofError("不是", "it is not")
            return self.AT

        monkeypatch.setattr(TimeStamp, "verify", verify)

    def found(self, stamp: TimeStamp, authorities: Any) -> Verification:  # noqa: ANN401 - never looked at
        policy = TrustPolicy.of([LOG.public], [WitnessKey.parse(WITNESS_VKEY)])
        kept = StoredProofs((cosigned(signed(5)),), (stamp,))
        return log_of(kept=kept, trust=Trust(policy=policy, authorities=authorities))

    def test_that_hold_show_when_a_cosigned_checkpoint_was_there(self) -> None:
        result = self.found(TimeStamp(self.NOTE, b"good"), self.KNOWN)

        assert (breaks(result), result.level) == ([], "L4")
        assert result.stamped == [TimeStampedHead(5, self.AT)]
        assert not result.stamps_unchecked

    def test_of_an_unknown_authority_are_not_looked_at(self) -> None:
        result = self.found(TimeStamp(self.NOTE, b"bad"), ())

        assert (breaks(result), result.level, result.stamped) == ([], "L3", [])
        assert result.stamps_unchecked
        assert not log_of().stamps_unchecked

    @pytest.mark.parametrize(
        ("stamp", "where"),
        [
            (TimeStamp(NOTE, b"bad"), "checkpoint 5"),
            (TimeStamp(bytes(signed(3).note), b"good"), "checkpoint 3"),
            (TimeStamp(b"junk", b"good"), "time stamp"),
        ],
    )
    def test_that_do_not_hold_are_breaks(self, stamp: TimeStamp, where: str) -> None:
        result = self.found(stamp, self.KNOWN)

        assert (breaks(result), result.level, result.stamped) == ([("stamp", where)], "L3", [])


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


def test_what_was_checked_of_several_streams_is_added_up() -> None:
    whole = Verification(
        events=1,
        leaves=2,
        authored=3,
        proven_elsewhere=4,
        evidence=5,
        erased=6,
        media_types={"text/csv": 1},
        streams={"a": Walked()},
        out_of_order={"a"},
        faulty={1: b"a"},
        notes=[VerificationNote("#1", Text("甲", "a"))],
        breaks=[A_BREAK],
    )
    part = Verification(
        events=10,
        leaves=20,
        authored=30,
        proven_elsewhere=40,
        evidence=50,
        erased=60,
        media_types={"text/csv": 10, "text/plain": 20},
        streams={"b": Walked()},
        out_of_order={"b"},
        faulty={2: b"b"},
        notes=[VerificationNote("#2", Text("乙", "b"))],
        breaks=[A_BREAK],
    )
    whole.take_in(part)

    counts = (whole.events, whole.leaves, whole.authored, whole.proven_elsewhere, whole.evidence)
    assert (*counts, whole.erased) == (11, 22, 33, 44, 55, 66)
    assert whole.media_types == {"text/csv": 11, "text/plain": 20}
    assert (set(whole.streams), whole.out_of_order) == ({"a", "b"}, {"a", "b"})
    assert whole.faulty == {1: b"a", 2: b"b"}
    assert [one.where for one in whole.notes] == ["#1", "#2"]
    assert whole.breaks == [A_BREAK, A_BREAK]


A_BREAK: Final = VerificationFailure(
    kind="leaf", where="#0", message=Text("甲", "a"), affects=Text("乙", "b"), stream=CASE
)


@pytest.mark.parametrize(
    ("kind", "is_so"),
    [
        ("unreadable", True),
        ("misfiled", True),
        ("gap", True),
        ("chain", True),
        ("unsealed", True),
        ("leaf", True),
        ("reads", True),
        ("edition", False),
        ("identity", False),
    ],
)
def test_a_stream_is_damaged_where_its_bytes_do_not_hold(kind: str, *, is_so: bool) -> None:
    result = Verification(breaks=[structs.replace(A_BREAK, kind=kind)])
    assert result.damaged == ({CASE} if is_so else set())


def test_that_a_ledger_is_for_practice_is_stated_and_else_nothing_of_it() -> None:
    assert Verification(practice=True).report["practice"] is True
    assert "practice" not in Verification().report


def test_what_may_be_lacking_is_stated_first() -> None:
    lacking = Text("可能缺少", "may lack")
    assert Verification(may_lack=lacking, entries_unchecked=True).does_not_prove[0] == lacking


@pytest.mark.parametrize("level", LEVELS)
def test_a_checkpoint_that_was_held_in_vain_is_stated(level: Level) -> None:
    limit = HELD_IN_VAIN if level in {"L0", "L1"} else LIMITS[level]
    assert Verification(level=level, held=1).does_not_prove == (limit, NEVER_PROVEN)


def test_every_part_of_the_database_that_is_not_as_made_is_named() -> None:
    result = Verification()
    states: list[Literal["missing", "foreign", "changed"]] = ["missing", "foreign", "changed"]
    verify_structure(result, [StructureFault(f"table {state}", state) for state in states])
    verify_integrity(result, ["row 1 missing"])
    verify_places(result, [7])

    assert breaks(result) == [
        *(("structure", f"table {state}") for state in states),
        ("database", "database"),
        ("order", "#7"),
    ]
    assert [one.message.en for one in result.breaks[:3]] == [
        "it is missing",
        "this program did not create it",
        "it differs from what this program created",
    ]


def test_columns_beside_a_checkpoint_that_say_otherwise_are_found() -> None:
    one = signed(3)
    size, root, note = 3, one.checkpoint.head.root, bytes(one.note)
    for columns, found in (
        ((size, root), []),
        ((4, root), [("misfiled", "checkpoint 4")]),
        ((size, bytes(32)), [("misfiled", "checkpoint 3")]),
    ):
        result = Verification()
        kept = read_kept(result, [StoredCheckpoint(*columns, note, "")])
        assert (breaks(result), kept) == (found, StoredProofs((one,)))


def test_evidence_is_counted_by_its_kind_and_what_was_erased_as_well() -> None:
    states: list[State] = ["held", "missing", "altered", "erased", "to-erase"]
    result = Verification()
    verify_evidence(result, CASE, [EvidenceStatus(STATEMENT, state) for state in states])

    assert result.media_types == {STATEMENT.media_type: 5}
    assert result.erased == 2


# Who wrote it ------------------------------------------------------------------------------------


def written(row: AuditRow, through: Through | None, identity: Identity | None) -> WrittenEntry:
    """An entry that says how its author was proven, by a role that can be somebody."""
    event = structs.replace(decode(row.entry, row.position), through=through)
    return WrittenEntry(row._replace(entry=encode(event)), "clerk_role", identity)


def test_an_entry_of_who_may_write_it_is_no_break(rows: list[AuditRow]) -> None:
    row = rows[-1]
    account = decode(row.entry, row.position).by.account
    result = Verification(proven_elsewhere=2)
    verify_authors(
        result,
        [
            written(row, None, Identity(None, None)),
            written(row, None, Identity(account, None)),
            written(row, None, Identity(account, None)),
            written(row, "web", Identity(account, "web")),
            written(row, "database-role", Identity(None, "database-role")),
        ],
    )

    assert (result.breaks, result.notes, result.attributed) == ([], [], 5)
    assert result.proven_elsewhere == 0


@pytest.mark.parametrize(
    ("through", "identity", "why"),
    [
        (None, None, "the database role clerk_role wrote it, which is not registered"),
        (
            None,
            Identity("somebody", None),
            "the database role clerk_role wrote it, which may act only as somebody",
        ),
        (
            None,
            Identity(None, "web"),
            "role clerk_role wrote it and must be proven by web; the entry says -",
        ),
        (
            "web",
            Identity(None, None),
            "role clerk_role wrote it and must be proven by -; the entry says web",
        ),
    ],
)
def test_an_entry_of_somebody_else_is_found(
    rows: list[AuditRow], through: Through | None, identity: Identity | None, why: str
) -> None:
    result = Verification()
    verify_authors(result, [written(rows[-1], through, identity)])

    assert [(one.kind, one.message.en) for one in result.breaks] == [("identity", why)]


def test_what_cannot_be_read_has_no_author_to_compare(rows: list[AuditRow]) -> None:
    unreadable = WrittenEntry(rows[-1]._replace(entry=b"{}"), "clerk_role", None)
    result = Verification()
    verify_authors(result, [unreadable])

    assert (result.breaks, result.attributed) == ([], 1)


@pytest.mark.parametrize(("number", "where"), [(0, []), (1, ["through"]), (2, ["through"])])
def test_what_says_to_be_proven_and_cannot_be_compared_is_noted(
    number: int, where: list[str]
) -> None:
    result = Verification(proven_elsewhere=number)
    verify_authors(result, [])

    assert [one.where for one in result.notes] == where


# SM3 ---------------------------------------------------------------------------------------------

ENTRIES: Final = (b"a", b"b", b"c", b"d", b"e")


def stated(size: int, *, origin: str = LOG.name) -> Sm3Statement:
    """What a signer says of the first of these entries."""
    trees = BothTrees()
    trees.take_in(ENTRIES[:size])
    return trees.statement(origin)


def of_sm3(*held: HeldSm3, policy: TrustPolicy | None = None) -> Verification:
    result = Verification()
    trust = Trust(policy=policy or TrustPolicy(), sm3=held)
    verify_sm3(result, enumerate(ENTRIES), trust)
    return result


def test_statements_of_sm3_are_compared_with_the_entries_in_the_order_of_their_sizes() -> None:
    why = Text("没有 openssl", "no openssl")
    result = of_sm3(HeldSm3(stated(4), signed=True), HeldSm3(stated(3), signed=None, why=why))

    assert breaks(result) == []
    assert result.sm3 == [VerifiedSm3(3, "unchecked", why), VerifiedSm3(4, "valid", None)]


@pytest.mark.parametrize("other", [{"sm3": bytes(32)}, {"sha256": bytes(32)}, {"size": 6}])
def test_a_statement_of_other_roots_is_found(other: dict[str, Any]) -> None:
    said = stated(5)._replace(**other)
    result = of_sm3(HeldSm3(said, signed=True))

    assert (breaks(result), result.sm3) == ([("sm3", f"sm3 {said.size}")], [])


def test_a_statement_whose_signature_does_not_hold_counts_for_nothing() -> None:
    result = of_sm3(HeldSm3(stated(3), signed=False))

    assert (breaks(result), result.sm3) == ([("signature", "sm3 3")], [])


def test_a_statement_of_another_log_counts_for_nothing_where_the_log_is_known() -> None:
    other = HeldSm3(stated(3, origin="elsewhere.example"), signed=True)
    policy = TrustPolicy.of([LOG.public], [])

    assert breaks(of_sm3(other, policy=policy)) == [("signature", "sm3 3")]
    assert breaks(of_sm3(other)) == []
    assert breaks(of_sm3(HeldSm3(stated(3), signed=True), policy=policy)) == []


# Readers -----------------------------------------------------------------------------------------


def as_read(rows: list[AuditRow]) -> dict[str, list[Entry]]:
    """What a reader gets of each stream."""
    found: dict[str, list[Entry]] = {}
    for row in rows:
        entry = Entry(row.position, row.case_id, row.version, row.type, row.entry)
        found.setdefault(row.case_id, []).append(entry)
    return found


def reads(
    rows: list[AuditRow],
    there: dict[str, list[Entry]],
    names: dict[str, int] | None = None,
    size: int | None = None,
) -> list[tuple[str, str]]:
    """What is found where a reader gets these entries of rows that were walked through."""
    result = Verification()
    verify(result, rows)
    before = len(result.breaks)
    ends = {name: entries[-1].version for name, entries in as_read(rows).items()}
    verify_reads(
        result,
        lambda name, last: [one for one in there[name] if one.version <= last],
        (ends if names is None else names).items(),
        len(rows) if size is None else size,
    )
    return breaks(result)[before:]


def test_a_reader_gets_what_was_examined(rows: list[AuditRow]) -> None:
    ends = {name: entries[-1].version + 1 for name, entries in as_read(rows).items()}

    assert reads(rows, as_read(rows)) == reads(rows, as_read(rows), ends) == []


def test_a_reader_who_gets_something_else_is_found(rows: list[AuditRow]) -> None:
    last = as_read(rows)[CASE][-1]
    others: list[list[Entry]] = [
        [],
        [last._replace(version=last.version - 1)],
        [last._replace(position=None)],
        [last._replace(position=0)],
        [last._replace(entry=b"{}")],
    ]
    for other in others:
        there = as_read(rows)
        there[CASE][-1:] = other
        assert reads(rows, there) == [("reads", CASE)], other


def test_a_stream_that_no_list_of_streams_names_up_to_its_end_is_found(
    rows: list[AuditRow],
) -> None:
    ends = {name: entries[-1].version for name, entries in as_read(rows).items()}
    short = ends | {CASE: ends[CASE] - 1}
    without = {name: end for name, end in ends.items() if name != CASE}

    assert reads(rows, as_read(rows), short) == [("reads", CASE)]
    assert reads(rows, as_read(rows), without) == [("reads", CASE)]


def test_a_stream_of_one_event_has_to_be_named_as_well(rows: list[AuditRow]) -> None:
    first = next(row for row in rows if row.case_id == CASE)

    assert reads([first], as_read([first]), {}, size=len(rows)) == [("reads", CASE)]
    assert reads([first], as_read([first]), {CASE: 1}, size=len(rows)) == []


def test_a_position_that_was_given_after_the_walk_is_none_yet(rows: list[AuditRow]) -> None:
    last = rows[-1]
    waiting = [*rows[:-1], last._replace(position=None, hash=None)]

    assert reads(waiting, as_read(rows), size=last.position) == []
    assert reads(waiting, as_read(rows)) == [("reads", last.case_id)]
    assert reads(waiting, as_read(waiting)) == []


def test_what_was_written_in_another_order_is_read_by_its_places(rows: list[AuditRow]) -> None:
    """A gap, which something fills that was recorded afterwards: its place is later."""
    *others, one, last = rows
    assert one.case_id == last.case_id == CASE
    assert last.position is not None
    walked = [
        *others,
        last._replace(position=last.position - 1),
        one._replace(position=last.position),
    ]
    there = as_read(walked)
    there[CASE].sort(key=lambda entry: entry.version)

    assert reads(walked, there, {name: e[-1].version for name, e in there.items()}) == []
    waiting = [*walked[:-1], walked[-1]._replace(position=None)]
    there = as_read(waiting)
    there[CASE].sort(key=lambda entry: entry.version)
    assert reads(waiting, there, {name: e[-1].version for name, e in there.items()}) == []


def test_an_event_that_no_index_leads_to_is_found(rows: list[AuditRow]) -> None:
    result = Verification()
    verify(result, rows)
    there = [(name, len(one), one[-1].version) for name, one in as_read(rows).items()]
    verify_walked(result, there)
    assert breaks(result) == []

    verify_walked(result, [(CASE, 1, 1), ("elsewhere", 1, 1), ("nowhere", 0, 0)])
    assert breaks(result) == [("reads", CASE), ("reads", "elsewhere")]


def test_an_entry_of_a_stream_that_is_stored_under_another_name_is_found(
    rows: list[AuditRow],
) -> None:
    row = rows[-1]
    marked = f'{{"case":"{CASE}"}}'.encode()
    elsewhere = row._replace(case_id="other-2023")
    other = decode(row.entry, row.position)
    quoting = encode(structs.replace(other, case="other-2023")).replace(
        b'"id":"', f'"case":"{CASE}","id":"'.encode(), 1
    )
    for stored, names, found in (
        (row, [CASE], []),
        (elsewhere, [CASE], ["misfiled", "gap"]),
        (elsewhere, [CASE, REGISTER], ["misfiled", "gap"]),
        (elsewhere, [REGISTER], []),
        (elsewhere._replace(entry=marked), [CASE], []),
        (elsewhere._replace(entry=quoting), [CASE], []),
    ):
        result = Verification()
        verify_nothing_elsewhere(result, [stored], names)
        assert [one.kind for one in result.breaks] == found


# Of one walk -------------------------------------------------------------------------------------


def test_who_signed_and_who_says_to_be_proven_is_counted(rows: list[AuditRow]) -> None:
    last = decode(rows[-1].entry, rows[-1].position)
    signature = AuthorSignature(key="0" * 64, scheme="ed25519", value="c2lnbmVk")
    signed = structs.replace(last, signed=signature)
    proven = structs.replace(last, through="web")
    result = Verification()
    verify(result, [rows[-1]._replace(entry=encode(one)) for one in (last, signed, signed, proven)])

    assert (result.authored, result.proven_elsewhere) == (2, 1)


def test_what_fills_a_gap_later_is_linked_to_what_was_before_the_gap(rows: list[AuditRow]) -> None:
    *others, one, two, three, four = rows
    assert {row.case_id for row in (others[-1], one, two, three, four)} == {CASE}
    result = Verification()
    verify(result, [*others, one, three, two, four])

    assert breaks(result) == [("gap", f"#{three.position} {CASE} v{three.version}")]
    assert result.out_of_order == {CASE}


def test_breaks_are_put_together_by_streams(rows: list[AuditRow]) -> None:
    zeros = bytes(32)
    result = Verification()
    verify(result, [row._replace(hash=zeros) for row in (rows[0], rows[-1], rows[1])])
    streams = [one.stream for one in result.breaks]

    assert rows[0].case_id == rows[1].case_id != rows[-1].case_id
    assert streams == sorted(streams)


def test_entries_that_are_wrong_in_themselves_can_be_set_aside(rows: list[AuditRow]) -> None:
    """No columns are in a hash: an entry that these contradict, or its leaf does, may be sound."""
    *others, one, last = rows
    unlinked = encode(structs.replace(decode(last.entry, last.position), prev="0" * 64))
    leaf = leaf_hash(unlinked)
    broken = last._replace(entry=unlinked, hash=leaf)
    foreign = last._replace(entry=b"{}", hash=leaf_hash(b"{}"))
    for walked, faulty in (
        ([*others, one, last], {}),
        ([*others, one, broken], {last.position: leaf}),
        ([*others, one, foreign], {last.position: leaf_hash(b"{}")}),
        ([*others, last], {last.position: last.hash}),
        ([*others, one, broken._replace(hash=last.hash)], {}),
        ([*others, one, broken._replace(position=None)], {}),
        ([*others, one, last._replace(type="CaseClosed")], {}),
        ([*others, one, broken._replace(type="CaseClosed")], {}),
        ([*others, broken._replace(type="CaseClosed")], {}),
    ):
        result = Verification()
        verify(result, walked)
        assert result.faulty == faulty


# Before streams are handed out -------------------------------------------------------------------


def held(store: Store, *names: str) -> dict[str, list[StoredEntry]]:
    return {name: [(one.position, one.entry) for one in store.read(name)] for name in names}


def nobody_answers(_: Verification) -> None:
    """Nothing is taken back."""


def test_streams_that_are_those_of_the_log_are_handed_out(store: Store) -> None:
    asked: list[Verification] = []
    check_streams(store, held(store, CASE, REGISTER), asked.append)

    assert asked[0].streams.keys() == {CASE, REGISTER}


def test_a_stream_that_was_read_otherwise_than_it_is_stored_is_not_handed_out(store: Store) -> None:
    streams = held(store, CASE)
    streams[CASE][-1] = (streams[CASE][-1][0], b"{}")
    with pytest.raises(DatabaseDamaged, match="what is read differs"):
        check_streams(store, streams, nobody_answers)


def test_a_stream_that_has_grown_since_it_was_read_is_read_again(store: Store) -> None:
    streams = held(store, CASE)
    last = streams[CASE].pop()
    with pytest.raises(VersionConflict):
        check_streams(store, streams, nobody_answers)
    streams[CASE].append((None, last[1]))
    with pytest.raises(VersionConflict):
        check_streams(store, streams, nobody_answers)


def test_a_stream_of_which_something_lies_elsewhere_is_not_handed_out_unless_somebody_answers(
    store: Store,
) -> None:
    last = [*store.read(CASE)][-1]
    store.append([NewEntry("other-2023", 1, last.type, last.entry)])
    with pytest.raises(DatabaseDamaged, match="the entry says it is"):
        check_streams(store, held(store, CASE), nobody_answers)
    check_streams(store, held(store, CASE), lambda found: found.breaks.clear())


def test_a_stream_of_which_an_index_hides_something_is_not_handed_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = len(held(store, CASE)[CASE]) + 1
    monkeypatch.setattr(type(store), "walked", lambda _, names: [(names[0], more, more)])
    with pytest.raises(DatabaseDamaged, match="what is read differs"):
        check_streams(store, held(store, CASE), nobody_answers)


def test_a_stream_with_a_gap_is_handed_out_up_to_it_where_somebody_answers(store: Store) -> None:
    streams = held(store, CASE)
    last = [*store.read(CASE)][-1]
    for version in (0, last.version + 2, last.version + 4):
        store.append([NewEntry(CASE, version, last.type, last.entry)])
    with pytest.raises(DatabaseDamaged):
        check_streams(store, streams, nobody_answers)
    check_streams(store, streams, lambda found: found.breaks.clear())
