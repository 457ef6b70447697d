"""The rows of a ledger, each by itself and against the one before it; damage is in tests/proof."""

from collections import Counter
from collections.abc import Iterator

import pytest
from small_case import CASE, ISSUED
from specification import told

from ledger.codec import decode, place
from ledger.log.growth import Growth
from ledger.log.tree import leaf_hash, tree_head
from ledger.recorded import REGISTER
from ledger.store import NewEntry, Store, StoredRow
from ledger.verify import Verification, verify


@pytest.fixture
def rows() -> Iterator[list[StoredRow]]:
    """Everything that a small ledger holds."""
    with Store.create(":memory:") as store:
        store.append(
            [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(ISSUED)]
        )
        yield list(store.audit())


def breaks(result: Verification) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in result.breaks]


@pytest.mark.parametrize("read", [decode, place])
def test_what_is_sound_holds_however_deep_one_looks(rows: list[StoredRow], read: object) -> None:
    result, growth = Verification(), Growth()
    verify(result, rows, growth, read=read)  # type: ignore[arg-type]  # one of the two

    assert result.holds
    assert (result.events, result.leaves) == (len(rows), len(rows))
    assert {CASE, REGISTER} <= result.streams
    assert growth.heads[len(rows)] == tree_head(leaf_hash(row.entry) for row in rows)


def test_each_entry_is_hashed_once_and_decoded_once(
    rows: list[StoredRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    work: Counter[str] = Counter()

    def counted_hash(entry: bytes) -> bytes:
        work["hashed"] += 1
        return leaf_hash(entry)

    def counted_decode(entry: bytes, position: int | None) -> object:
        work["decoded"] += 1
        return decode(entry, position)

    monkeypatch.setattr("ledger.verify.leaf_hash", counted_hash)
    verify(Verification(), rows, Growth(), read=counted_decode)  # type: ignore[arg-type]  # it returns what `decode` does

    assert work == {"hashed": len(rows), "decoded": len(rows)}


def test_writers_at_the_same_time_leave_places_that_are_not_in_the_order_of_writing(
    rows: list[StoredRow],
) -> None:
    """As on a server, where the order of commits is not that of the numbers given before."""
    kept = [row for row in rows if row.case_id == REGISTER]
    others = [row for row in rows if row.case_id != REGISTER]
    sealed = [row._replace(position=place) for place, row in enumerate(others + kept)]
    written = [row for row in sealed if row.case_id == REGISTER] + sealed[: len(others)]
    result, growth = Verification(), Growth()
    verify(result, written, growth)

    assert breaks(result) == []
    assert growth.heads[len(rows)] == tree_head(leaf_hash(row.entry) for row in others + kept)


def test_the_links_are_checked_without_looking_into_the_facts(rows: list[StoredRow]) -> None:
    nonsense = rows[3].entry.replace(b'"data":{', b'"data":{"colour":"red",')
    damaged = [*rows[:3], rows[3]._replace(entry=nonsense), *rows[4:]]
    here = f"#3 {rows[3].case_id} v{rows[3].version}"
    after = f"#4 {rows[4].case_id} v{rows[4].version}"
    assert rows[3].case_id == rows[4].case_id

    shallow, deep = Verification(), Verification()
    verify(shallow, damaged, read=place)
    verify(deep, damaged)

    assert breaks(shallow) == [("leaf", here), ("chain", after)]
    assert breaks(deep) == [("unreadable", here), ("leaf", here), ("chain", after)]
