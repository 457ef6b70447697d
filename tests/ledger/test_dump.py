"""A whole ledger as one file: all of it arrives, to the byte, or nothing does."""

import random
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.codec import EVENTS, canonical, encode
from ledger.dump import LINE_MAX, dump, evidence, read_header, restore
from ledger.envelope import REGISTER, RecordedEvent, belongs
from ledger.events import EvidenceErased, EvidenceFiled
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.stamp import REPLY_MAX, TimeStamp
from ledger.log.tiles import tiles
from ledger.log.tree import ProofError, leaf_hash
from ledger.store import MEMORY, LedgerNotEmpty, NewEntry, Store, StoreClosed
from ledger.values import Invalid
from tests.support.arbitrary import events, recorded
from tests.support.places import Places, administrator
from tests.support.postgres import is_postgres, raw
from tests.support.small_case import CASE, SUBMITTED
from tests.support.specification import history, told

KEY = SigningKey("reviews.example/log1", bytes(range(32)))
AT = "2026-11-22T01:02:03.000004Z"


def told_entries() -> list[NewEntry]:
    """The log of the small case, submitted."""
    return [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(SUBMITTED)]


def sign(store: Store) -> None:
    """Keep a checkpoint of the log as it is."""
    note = sign_checkpoint(Checkpoint(KEY.name, store.head()), [KEY])
    store.keep_checkpoint(SignedCheckpoint.parse(bytes(note)), AT)


def grown(store: Store, entries: Sequence[NewEntry], signed_at: Sequence[int]) -> None:
    """A log with a checkpoint kept at each of these sizes."""
    done = 0
    for size in [*signed_at, len(entries)]:
        store.append(entries[done:size])
        done = size
        if size in signed_at:
            sign(store)


def chained(length: int, case: str = "long") -> Iterator[NewEntry]:
    """The entries of a case of any length, one after the other."""
    first, prev = history(SUBMITTED)[-1], ""
    for version in range(1, length + 1):
        entry = encode(replace(first, case=case, version=version, prev=prev))
        prev = leaf_hash(entry).hex()
        yield NewEntry(case, version, first.type, entry)


def exported(store: Store) -> list[bytes]:
    return list(dump(store)[1])


def imported(store: Store, lines: Sequence[bytes]) -> None:
    first, *others = lines
    store.fill(restore(read_header(first), others))


def everything(store: Store) -> tuple[object, ...]:
    """All that a ledger says of its log."""
    head = store.head()
    kept = [store.tile(tile) for tile in tiles(head.size)]
    return head, list(store.read_log()), kept, store.checkpoints(), list(store.audit())


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """The export of the small case, with checkpoints in the middle and at the end."""
    with Store.create(MEMORY) as store:
        entries = told_entries()
        grown(store, entries, [0, 7, len(entries)])
        return exported(store)


class TestAFile:
    def test_holds_every_entry_verbatim_and_checkpoints_after_what_they_cover(
        self, lines: list[bytes]
    ) -> None:
        entries = [one.entry for one in told(SUBMITTED)]
        header, before_all, *others = lines
        assert read_header(header).size == len(entries)
        assert read_header(header).checkpoints == 3
        assert before_all.startswith(b'{"note":"reviews.example/log1\\n0\\n')
        assert others[7].startswith(b'{"note":"reviews.example/log1\\n7\\n')
        assert others[-1].startswith(b'{"note":')
        assert [*others[:7], *others[8:-1]] == [entry + b"\n" for entry in entries]

    def test_is_read_from_the_ledger_as_it_is_asked_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.store.BATCH", 10)
        with Store.create(MEMORY) as store:
            store.append_all(chained(100))
            header, lines = dump(store)
            ahead = [next(lines) for _ in range(5)]
            assert (header.size, len(ahead)) == (100, 5)
            store.close()  # of what is left only the batch at hand has been read
            with suppress(StoreClosed):
                for line in lines:
                    ahead.append(line)  # noqa: PERF402 - what came before the end is to be kept
        assert len(ahead) == 1 + 10

    def test_of_nothing_is_refused(self) -> None:
        with Store.create(MEMORY) as store, pytest.raises(Invalid, match="nothing"):
            dump(store)

    def test_leaves_out_what_has_no_place(self) -> None:
        with Store.create(MEMORY) as store:
            store.append(told_entries())
            store.append_unsealed(list(chained(1)))
            header, lines = dump(store)
            assert header.size == len(told(SUBMITTED)) == len(list(lines)) - 1


# The change and its value, and what is said of the place.
DAMAGES = {
    "an entry": ("UPDATE events SET entry = ? WHERE id = 5", b"{}", "checkpoint 7: "),
    "a leaf": ("DELETE FROM leaves WHERE position = ?", 5, "#5: "),
    "the frontier": ("UPDATE log_state SET frontier = ?", b"x" * 96, "another root"),
    "a note": ("UPDATE checkpoints SET note = ?", b"x", "checkpoint 7: "),
    "a root": ("UPDATE checkpoints SET root = ?", b"x" * 32, "checkpoint 7: "),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_ledger_is_not_exported(what: str, places: Places) -> None:
    place = places.ledger()
    change, to, said = DAMAGES[what]
    with Store.open(place.target) as store:
        grown(store, told_entries(), [7])
        assert store.size().bit_count() == 3  # as many hashes has its frontier
    with administrator(place) as connection:
        connection.execute(change, (to,))
    with (
        Store.open(place.target) as store,
        pytest.raises(ProofError, match=f"{said}.*verify it"),
    ):
        exported(store)


class TestAnImport:
    def test_is_the_same_log_on_either_database(self, store: Store, lines: list[bytes]) -> None:
        imported(store, lines)
        assert exported(store) == lines
        with Store.create(MEMORY) as other:
            entries = told_entries()
            grown(other, entries, [0, 7, len(entries)])
            assert everything(store) == everything(other)

    def test_goes_on_as_the_log_it_is(self, store: Store, lines: list[bytes]) -> None:
        imported(store, lines)
        size = store.size()
        assert store.append(list(chained(3))) == [size, size + 1, size + 2]
        sign(store)
        with Store.create(MEMORY) as other:
            other.append([*told_entries(), *chained(3)])
            assert store.head() == other.head()

    def test_leaves_nothing_to_look_for_to_the_next_seal(
        self, store_target: str, lines: list[bytes]
    ) -> None:
        with Store.open(store_target) as store:
            imported(store, lines)
            assert store.seal() == range(len(told_entries()), len(told_entries()))
        with raw(store_target) as connection:
            (horizon,) = connection.execute("SELECT horizon FROM log_state").fetchone()
            if is_postgres(store_target):  # where transactions are counted, and not events
                left = "SELECT count(*) FROM events WHERE tx >= ?::text::xid8"
                assert connection.execute(left, (str(horizon),)).fetchone() == (0,)
            else:
                assert horizon == len(told_entries())

    def test_has_the_tiles_of_a_long_log(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.bulk_load.BATCH", 100)
        with Store.create(MEMORY) as source:
            grown(source, list(chained(700)), [256, 600])
            imported(store, exported(source))
            assert everything(store) == everything(source)
            assert store.append(list(chained(100, "next"))) == list(range(700, 800))
            source.append(list(chained(100, "next")))
            assert everything(store) == everything(source)

    @pytest.mark.slow
    def test_does_not_hold_more_of_a_longer_file(
        self, places: Places, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.store.BATCH", 50)
        monkeypatch.setattr("ledger.store.bulk_load.BATCH", 50)
        peaks = []
        for length in (10, 300, 3_000):
            source, other = (Store.open(places.ledger().target) for _ in range(2))
            with source, other:
                source.append_all(chained(length))
                tracemalloc.start()
                header, lines = dump(source)
                next(lines)
                other.fill(restore(header, lines))
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
                assert other.head() == source.head()
        assert peaks[2] < 1.5 * peaks[1]


@st.composite
def logs(draw: st.DrawFn) -> list[RecordedEvent]:
    """Events of any kind in several streams, each stream linked."""
    last: dict[str, tuple[int, str]] = {}
    log = []
    names = draw(st.lists(st.sampled_from(sorted(EVENTS)), min_size=1, max_size=12))
    end = [name for name in names if name == "LedgerFrozen"][:1]  # nothing comes after it
    for name in [*(name for name in names if name not in end), *end]:
        one = draw(recorded(events(name)))
        streams = [each for each in ("a", "b", "rubric:r", REGISTER) if belongs(name, each)]
        case = draw(st.sampled_from(streams))
        version, prev = last.get(case, (0, ""))
        seen = one.seen if one.seen and one.seen <= version else None
        one = replace(one, case=case, version=version + 1, prev=prev, seen=seen)
        one = replace(one, entry=encode(one))
        last[case] = one.version, leaf_hash(one.entry).hex()
        log.append(one)
    return log


@pytest.mark.slow
@settings(max_examples=20)  # each makes two ledgers
@given(log=logs(), data=st.data())
def test_whatever_a_ledger_holds_is_the_same_after_a_move(
    log: list[RecordedEvent], data: st.DataObject
) -> None:
    entries = [NewEntry(one.case, one.version, one.type, one.entry) for one in log]
    sizes = data.draw(st.sets(st.integers(0, len(entries))).map(sorted))
    with Store.create(MEMORY) as first, Store.create(MEMORY) as second:
        grown(first, entries, sizes)
        imported(second, exported(first))
        assert everything(second) == everything(first)
        assert exported(second) == exported(first)


# What is not the file that was written -----------------------------------------------------------

Change = Callable[[list[bytes]], list[bytes]]


def stating(**changes: object) -> Change:
    """Another first line."""
    return lambda lines: [canonical(replace(read_header(lines[0]), **changes)) + b"\n", *lines[1:]]


# The lines are: the header, a checkpoint, seven entries, a checkpoint, entries, a checkpoint.
BROKEN: dict[str, tuple[Change, str]] = {
    "the last line left out": (lambda lines: lines[:-1], "2 checkpoints"),
    "the last entry left out": (lambda lines: [*lines[:-2], lines[-1]], "not of the"),
    "an entry left out": (lambda lines: lines[:5] + lines[6:], "line 6: "),
    "a checkpoint left out": (lambda lines: lines[:9] + lines[10:], "2 checkpoints"),
    "all but the first line left out": (lambda lines: lines[:1], "line 1: "),
    "an entry twice": (lambda lines: [*lines[:6], *lines[5:]], "line 7: "),
    "two entries in the other order": (
        lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]],
        "line 4: ",
    ),
    "a checkpoint too early": (
        lambda lines: [*lines[:8], lines[9], lines[8], *lines[10:]],
        "line 9: the checkpoint of 7 entries is not of the 6 above it",
    ),
    "a checkpoint twice": (lambda lines: [*lines, lines[-1]], "a second checkpoint"),
    "another entry at the end": (
        lambda lines: [*lines, next(chained(1)).entry + b"\n"],
        "entries",
    ),
    "a line cut short": (lambda lines: [*lines[:5], lines[5][:-20]], "line 6: the line is cut off"),
    "an empty line": (lambda lines: [*lines[:5], b"\n", *lines[5:]], "line 6: "),
    "a line of something else": (lambda lines: [*lines, b'{"hello":1}\n'], "unreadable"),
    "a line far too long": (lambda lines: [*lines[:5], b"0" * LINE_MAX], "line 6: "),
    "an unreadable note": (
        lambda lines: [lines[0], b'{"note":"x","signed_at":"%s"}\n' % AT.encode(), *lines[2:]],
        "line 2: ",
    ),
    "a checkpoint with more to it": (
        lambda lines: [lines[0], lines[1][:-2] + b',"x":1}\n', *lines[2:]],
        "line 2: ",
    ),
    "a checkpoint with spaces": (
        lambda lines: [lines[0], lines[1].replace(b'":', b'": '), *lines[2:]],
        "line 2: ",
    ),
    "another root stated": (stating(root="0" * 64), "root"),
    "a smaller size stated": (stating(size=5), "states 5"),
    "a newer format": (
        lambda lines: [lines[0].replace(b'"v":1', b'"v":2'), *lines[1:]],
        "line 1: ",
    ),
}


# Stamps stand at the end; whether they hold is for `verify` to say, so any bytes do here.
BROKEN_STAMPS: dict[str, tuple[Change, str]] = {
    "left out": (lambda lines: lines[:-1], "1 time stamps; its first line states .* 2"),
    "twice": (lambda lines: [*lines, lines[-1]], "3 time stamps"),
    "not base64": (lambda lines: [*lines[:-1], lines[-1].replace(b"==", b"")], "line 12: "),
    "above all bounds": (
        lambda lines: [
            *lines[:-1],
            b'{"reply":"%s","stamped":"x"}\n' % b64encode(bytes(REPLY_MAX + 1)),
        ],
        "line 12: a time stamp above",
    ),
}


def stamped() -> list[bytes]:
    """The export of a ledger of nine entries with two time stamps."""
    with Store.create(MEMORY) as store:
        store.append(told_entries()[:9])
        store.keep_stamp(TimeStamp("reviews.example/log1 — 一\n".encode(), b"ours"))
        store.keep_stamp(TimeStamp(b"reviews.example/log1\n", b"four"))
        return exported(store)


class TestTimeStamps:
    def test_stand_at_the_end_and_are_the_same_after_a_move(self, store: Store) -> None:
        lines = stamped()
        assert read_header(lines[0]).stamps == 2
        imported(store, lines)
        assert {one.reply: one.note.decode() for one in store.stamps()} == {
            b"ours": "reviews.example/log1 — 一\n",
            b"four": "reviews.example/log1\n",
        }
        assert exported(store) == lines

    @pytest.mark.parametrize("what", BROKEN_STAMPS)
    def test_that_are_not_those_that_were_written_are_refused(self, what: str) -> None:
        change, said = BROKEN_STAMPS[what]
        with Store.create(MEMORY) as store:
            with pytest.raises(Invalid, match=said):
                imported(store, change(stamped()))
            assert (store.stamps(), store.head().size) == ([], 0)


def nothing_was_written(target: str) -> bool:
    with raw(target) as connection:
        found = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - constants
            for table in ("events", "leaves", "tiles", "checkpoints")
        ]
        (size,) = connection.execute("SELECT size FROM log_state").fetchone()
    return [*found, size] == [0] * 5


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_with_the_line(
    what: str, lines: list[bytes], store_target: str
) -> None:
    change, said = BROKEN[what]
    with Store.open(store_target) as store, pytest.raises(Invalid, match=said):
        imported(store, change(lines))
    assert nothing_was_written(store_target)


def test_a_file_broken_at_its_end_leaves_an_empty_ledger_that_can_be_filled(
    store_target: str, lines: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.bulk_load.BATCH", 5)
    with Store.open(store_target) as store:
        with pytest.raises(Invalid):
            imported(store, lines[:-1])
        assert nothing_was_written(store_target)
        imported(store, lines)
        assert exported(store) == lines


def test_a_file_cut_off_anywhere_is_refused(lines: list[bytes]) -> None:
    whole = b"".join(lines)
    with Store.create(MEMORY) as store:
        for place in range(1, len(whole), 97):
            with pytest.raises(Invalid):
                imported(store, whole[:place].splitlines(keepends=True))
        assert store.streams() == []


def test_a_changed_bit_anywhere_is_refused(lines: list[bytes]) -> None:
    """In the last entry of a stream, too, which no later one names by its hash.

    All but in signatures and in the time when one was kept: the tree does not cover these.
    """
    chance = random.Random(2026)  # noqa: S311 - places to try, no secrets
    places = [number for number, line in enumerate(lines) if not line.startswith(b'{"note"')]
    with Store.create(MEMORY) as store:
        for _ in range(300):
            number = chance.choice(places)
            line = bytearray(lines[number])
            line[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
            changed = [*lines[:number], bytes(line), *lines[number + 1 :]]
            with pytest.raises(Invalid):
                imported(store, b"".join(changed).splitlines(keepends=True))
        assert store.streams() == []


class TestOnlyAnEmptyLedger:
    def test_takes_a_whole_one(self, store: Store, lines: list[bytes]) -> None:
        store.append(list(chained(2, "own")))
        before = everything(store)
        with pytest.raises(LedgerNotEmpty, match="or create an empty ledger"):
            imported(store, lines)
        assert everything(store) == before

    def test_and_an_event_that_waits_for_its_place_is_something(
        self, store: Store, lines: list[bytes]
    ) -> None:
        store.append_unsealed(list(chained(1, "own")))
        with pytest.raises(LedgerNotEmpty):
            imported(store, lines)
        store.seal()
        assert [one.case_id for one in store.read_log()] == ["own"]

    def test_and_so_is_a_checkpoint(self, store: Store, lines: list[bytes]) -> None:
        sign(store)
        with pytest.raises(LedgerNotEmpty):
            imported(store, lines)
        assert store.size() == 0


def test_the_evidence_that_a_ledger_cites_is_listed_but_for_what_was_erased() -> None:
    with Store.create(MEMORY) as store:
        store.append(told_entries())
        filed = [one.event for one in history(SUBMITTED) if isinstance(one.event, EvidenceFiled)]
        cited = [(CASE, one.evidence) for one in filed]
        assert cited
        assert list(evidence(store)) == cited
        last = history(SUBMITTED)[-1]
        gone = replace(
            last,
            version=last.version + 1,
            prev=leaf_hash(last.entry).hex(),
            event=EvidenceErased(sha256=filed[0].evidence.sha256, ground="个人信息保护"),
        )
        store.append([NewEntry(CASE, gone.version, gone.type, encode(gone))])
        assert list(evidence(store)) == cited[1:]
