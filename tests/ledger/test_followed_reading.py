"""Going on from what was verified: what has come is read alone, and no change is believed."""

from collections.abc import Sequence

import pytest

from ledger.codec import decode
from ledger.envelope import REGISTER
from ledger.followed_reading import FollowedReading, KeptStreams
from ledger.ledger import DryRunStore, Ledger
from ledger.store import AuditTuple, NewEntry, Store
from ledger.verified_reading import ReadingBroken, VerifiedReading
from tests.support.places import Place, Places, administrator
from tests.support.small_case import CASE, REVIEWED
from tests.support.specification import told

STORY = told(REVIEWED)
BEGUN = len(STORY) - 3
"""So many entries are there at first; the rest comes later, all of it in the case."""
BEGUN_IN_CASE = STORY[BEGUN].version - 1


class Watched:
    """A store that says after which version it was read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[tuple[str, int]] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def audited(self, case_id: str, upto: int | None = None, *, after: int = 0) -> list[AuditTuple]:
        self.asked.append((case_id, after))
        return self._store.audited(case_id, upto, after=after)


@pytest.fixture
def place(places: Places) -> Place:
    made = places.ledger()
    with Store.open(made.target) as store:
        append(store, range(BEGUN))
    return made


def append(store: Store, which: Sequence[int]) -> None:
    some = [STORY[place] for place in which]
    store.append([NewEntry(one.case_id, one.version, one.type, one.entry) for one in some])


def versions(reading: FollowedReading) -> int:
    return len(reading.read(CASE).entries)


def test_what_was_read_is_not_read_again(place: Place) -> None:
    streams = KeptStreams()
    with Store.open(place.target) as store:
        watched = Watched(store)
        first = FollowedReading(watched, streams).read(CASE)  # type: ignore[arg-type]  # it is one
        again = FollowedReading(watched, streams).read(CASE)  # type: ignore[arg-type]  # the same
    assert again is first
    assert watched.asked == [(CASE, 0)]


def test_what_has_come_since_is_read_alone_and_makes_the_same_case(place: Place) -> None:
    streams = KeptStreams()
    with Store.open(place.target) as store:
        watched = Watched(store)
        before = versions(FollowedReading(watched, streams))  # type: ignore[arg-type]  # the same
        assert FollowedReading(store, streams).read(CASE).history.case.version == before
        append(store, range(BEGUN, len(STORY)))
        grown = FollowedReading(watched, streams).read(CASE)  # type: ignore[arg-type]  # the same
        whole = Ledger(VerifiedReading(store)).history(CASE)
    assert watched.asked == [(CASE, 0), (CASE, before)]
    assert grown.history == whole
    assert grown.history.case == whole.case


@pytest.mark.parametrize("what", ["the last one", "one that has come"])
def test_what_somebody_changed_is_not_gone_on_from(place: Place, what: str) -> None:
    streams = KeptStreams()
    with Store.open(place.target) as store:
        last = versions(FollowedReading(store, streams))
        if what != "the last one":
            append(store, range(BEGUN, len(STORY)))
            last += 1
    with administrator(place) as raw:
        entry = bytes(raw.execute(
            f"SELECT entry FROM events WHERE case_id = '{CASE}' AND version = {last}"  # noqa: S608 - constants
        ).fetchone()[0])  # fmt: skip

        raw.execute(
            f"UPDATE events SET entry = ? WHERE case_id = '{CASE}' AND version = {last}",  # noqa: S608 - the same
            (entry.replace(b'"dated":"2024', b'"dated":"2023'),),
        )
    with Store.open(place.target) as store, pytest.raises(ReadingBroken):
        FollowedReading(store, streams).read(CASE)


def test_what_is_only_tried_is_not_kept(place: Place) -> None:
    streams = KeptStreams()
    with Store.open(place.target) as store:
        before = versions(FollowedReading(store, streams))
        dry = DryRunStore(store)
        reading = FollowedReading(store, streams, archive=dry)
        rest = [decode(one.entry) for one in STORY[BEGUN:]]
        reading.read(CASE)
        reading.note(rest)
        assert versions(reading) == before + len(rest)
        assert versions(FollowedReading(store, streams)) == before


def test_what_was_appended_is_gone_on_from_without_reading(place: Place) -> None:
    streams = KeptStreams()
    with Store.open(place.target) as store:
        watched = Watched(store)
        reading = FollowedReading(watched, streams)  # type: ignore[arg-type]  # the same
        reading.read(CASE)
        append(store, range(BEGUN, len(STORY)))
        reading.note([decode(row[5], row[0]) for row in store.audited(CASE, after=BEGUN_IN_CASE)])
        watched.asked.clear()
        assert versions(FollowedReading(watched, streams)) == len(store.audited(CASE))  # type: ignore[arg-type]  # the same
    assert watched.asked == []


def test_only_so_much_is_kept(place: Place) -> None:
    streams = KeptStreams(most=5)
    with Store.open(place.target) as store:
        for stream in (REGISTER, CASE):
            FollowedReading(store, streams).read(stream)
    assert streams.get(REGISTER) is None
    assert streams.get(CASE) is not None


def test_a_stream_that_is_not_there_is_empty_and_not_kept(place: Place) -> None:
    streams = KeptStreams()
    with Store.open(place.target) as store:
        assert FollowedReading(store, streams, [REGISTER, "none"]).read("none").entries == []
    assert streams.get("none") is None
