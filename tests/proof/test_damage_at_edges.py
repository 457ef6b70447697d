"""Given damage where two parts of the log meet, `verify` in parts finds what one process finds.

Parts are eight entries here. Sixteen damages are each done at every edge, at the beginning and at
the ragged end of the log, and verified by workers; and each once more by real processes and by a
Dask cluster, at an edge of its own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from shutil import copy
from typing import Final

import pytest

from application import verify_in_parts
from application.cluster import Cluster, dask
from application.handed_over import read_log_keys
from application.place import LedgerPlace
from application.verify import verify
from application.verify_in_parts import SeveralProcesses
from ledger import aligned_parts
from ledger.log.policy import TrustPolicy
from ledger.log.tree import CompactRange, leaf_hash
from ledger.log_verification import Trust
from ledger.store import Store
from tests.support.crowd import founded
from tests.support.dask_cluster import cluster
from tests.support.places import Place, administrator
from tests.support.postgres import Raw
from tests.support.sample import some
from tests.support.terminal import done, scoretrail

pytestmark = pytest.mark.sqlite_only("the parts are of positions, which are numbers on both")

HEIGHT: Final = 3
WIDTH: Final = 1 << HEIGHT
MOST: Final = 2**62
"""A position beyond all."""


def event_at(connection: Raw, position: int) -> int:
    ((event,),) = connection.execute(
        "SELECT event_id FROM leaves WHERE position = ?", (position,)
    ).fetchall()
    return int(event)


def entry_at(connection: Raw, position: int) -> bytes:
    query = "SELECT entry FROM events WHERE id = ?"
    ((entry,),) = connection.execute(query, (event_at(connection, position),)).fetchall()
    return bytes(entry)


def size_of(connection: Raw) -> int:
    ((size,),) = connection.execute("SELECT size FROM log_state").fetchall()
    return int(size)


def rewrite(connection: Raw, position: int, entry: bytes) -> None:
    event = event_at(connection, position)
    connection.execute("UPDATE events SET entry = ? WHERE id = ?", (entry, event))


def change(connection: Raw, position: int) -> None:
    entry = entry_at(connection, position)
    rewrite(connection, position, entry.replace(b'"dated":"2024', b'"dated":"2023'))


def spoil(connection: Raw, position: int) -> None:
    rewrite(connection, position, entry_at(connection, position)[:-1] + b"?")


def delete(connection: Raw, position: int) -> None:
    event = event_at(connection, position)
    connection.execute("DELETE FROM leaves WHERE event_id = ?", (event,))
    connection.execute("DELETE FROM events WHERE id = ?", (event,))


def delete_the_event(connection: Raw, position: int) -> None:
    event = event_at(connection, position)
    connection.execute("DELETE FROM events WHERE id = ?", (event,))


def delete_the_leaf(connection: Raw, position: int) -> None:
    connection.execute("DELETE FROM leaves WHERE position = ?", (position,))


def change_the_leaf(connection: Raw, position: int) -> None:
    connection.execute("UPDATE leaves SET hash = ? WHERE position = ?", (b"?" * 32, position))


def move(connection: Raw, position: int, to: int) -> None:
    connection.execute("UPDATE leaves SET position = ? WHERE position = ?", (to, position))


def beyond_the_end(connection: Raw, position: int) -> None:
    move(connection, position, size_of(connection) + 3)


def under_another_name(connection: Raw, position: int) -> None:
    event = event_at(connection, position)
    connection.execute("UPDATE events SET case_id = 'elsewhere' WHERE id = ?", (event,))


def in_place_of_the_next(connection: Raw, position: int) -> None:
    """The same entry twice."""
    if position + 1 < size_of(connection):
        rewrite(connection, position + 1, entry_at(connection, position))


# Across an edge: what is there has the last position before it and the first behind it.


def swap_entries(connection: Raw, position: int) -> None:
    other = max(position - 1, 0)
    entries = entry_at(connection, position), entry_at(connection, other)
    rewrite(connection, other, entries[0])
    rewrite(connection, position, entries[1])


def swap_positions(connection: Raw, position: int) -> None:
    move(connection, position, MOST)
    move(connection, max(position - 1, 0), position)
    move(connection, MOST, max(position - 1, 0))


def swap_leaves(connection: Raw, position: int) -> None:
    query = "SELECT hash FROM leaves WHERE position = ?"
    both = position, max(position - 1, 0)
    hashes = [connection.execute(query, (at,)).fetchone()[0] for at in both]
    for at, leaf in zip(both, reversed(hashes), strict=True):
        connection.execute("UPDATE leaves SET hash = ? WHERE position = ?", (leaf, at))


def shift(connection: Raw, position: int) -> None:
    """A hole there, and all behind it one further."""
    for at in range(size_of(connection) - 1, position - 1, -1):
        move(connection, at, at + 1)


def cut(connection: Raw, position: int) -> None:
    """The log ends there, and does not say so."""
    for at in range(position, size_of(connection)):
        delete(connection, at)


def cut_and_say_so(connection: Raw, position: int) -> None:
    edge = CompactRange()
    for at in range(position):
        edge.append(leaf_hash(entry_at(connection, at)))
    cut(connection, position)
    state = position, bytes(edge)
    connection.execute("UPDATE log_state SET size = ?, frontier = ?", state)


def change_both(connection: Raw, position: int) -> None:
    for at in {position, max(position - 1, 0)}:
        change(connection, at)


DAMAGES: Final[list[Callable[[Raw, int], None]]] = [
    *(change, spoil, delete, delete_the_event, delete_the_leaf, change_the_leaf),
    *(beyond_the_end, under_another_name, in_place_of_the_next),
    *(swap_entries, swap_positions, swap_leaves, shift, cut, cut_and_say_so),
    change_both,
]


class Sound:
    """A ledger with checkpoints within its parts and at their edges."""

    def __init__(self, folder: Path) -> None:
        self.target, self._folder, self._copies = folder / "sound.db", folder, count()
        Store.create(self.target).close()
        founded(str(self.target), 3)
        done(scoretrail(self.target, "key", "generate", "edges.example/2024"))
        for number in range(6):  # one checkpoint each, of one entry more
            done(scoretrail(self.target, "checkpoint", "sign"))
            opening = ("account", "open", f"more-{number}", "--organisation", "parks")
            done(scoretrail(self.target, "--as", "admin", "--dated", "2024-10-12", *opening))
        with Store.open(self.target) as store:
            self.size = store.size()
        keys = read_log_keys([f"{self.target}.key.pub"])
        self.trust = Trust(policy=TrustPolicy(log=tuple(keys)))

    @property
    def places(self) -> list[int]:
        """On both sides of each edge, and at both ends."""
        edges = range(WIDTH, self.size, WIDTH)
        return sorted({0, self.size - 1, *edges, *(edge - 1 for edge in edges)})

    def damaged(self, damage: Callable[[Raw, int], None], position: int) -> LedgerPlace:
        """A copy with one damage."""
        target = self._folder / f"{next(self._copies)}.db"
        copy(self.target, target)
        with administrator(Place(str(target), str(target), target)) as connection:
            damage(connection, position)
        return LedgerPlace(str(target))

    def found(self, place: LedgerPlace, workers: int | Cluster) -> tuple[object, ...]:
        with closing(place.open()) as store:
            result = verify(store, place, self.trust, None, workers)
        return result.report, result.head, sorted(result.streams), result.portfolio_unchecked


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    return Sound(tmp_path_factory.mktemp("sound"))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligned_parts, "HEIGHT", HEIGHT)
    monkeypatch.setattr(verify_in_parts, "BATCH", 1)


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each walk was made in parts whose roots fitted together."""
    seen: list[bool] = []
    walk = SeveralProcesses._walk_in_parts  # noqa: SLF001 - what is looked at

    def noting(self: SeveralProcesses, *given: object) -> bool:
        seen.append(walk(self, *given))  # type: ignore[arg-type]  # handed on
        return seen[-1]

    monkeypatch.setattr(SeveralProcesses, "_walk_in_parts", noting)
    return seen


def test_there_are_sixteen_and_many_edges(sound: Sound) -> None:
    assert len(DAMAGES) == 16
    assert sound.size % WIDTH, "its end is ragged"
    assert len(sound.places) > 8


def test_a_sound_log_is_joined_from_its_parts(sound: Sound, joined: list[bool]) -> None:
    place = LedgerPlace(str(sound.target))
    with ThreadPoolExecutor(2) as threads:
        found = sound.found(place, Cluster(threads, 2, "sound", private=True))
    assert joined == [True]
    assert found == sound.found(place, 1)
    report = found[0]
    assert isinstance(report, dict)
    assert (report["breaks"], report["level"]) == ([], "L1")


@pytest.mark.parametrize("number", range(16))
def test_damage_at_every_edge(sound: Sound, joined: list[bool], number: int) -> None:
    damage, whole = DAMAGES[number], 0
    with ThreadPoolExecutor(2) as threads:
        workers = Cluster(threads, 2, "edges", private=True)
        for position in some(sound.places):
            place = sound.damaged(damage, position)
            by_one = sound.found(place, 1)
            assert sound.found(place, workers) == by_one, position
            report = by_one[0]
            assert isinstance(report, dict)
            whole += bool(report["breaks"])
    assert whole, "it is found"
    if damage in {change, spoil, swap_entries, swap_positions, change_the_leaf, swap_leaves}:
        assert all(joined), "positions have no gap, so that roots were joined"


@contextmanager
def real_processes(_: Path) -> Iterator[Cluster]:
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        yield Cluster(processes, 2, "processes", private=True)


@contextmanager
def real_cluster(folder: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        running = stack.enter_context(cluster(folder))
        yield stack.enter_context(dask(running.address, running.tls, "edges"))


@pytest.mark.parametrize("way", [real_processes, real_cluster])
def test_damage_at_edges_found_by_other_processes(
    sound: Sound, tmp_path: Path, way: Callable[[Path], Iterator[Cluster]]
) -> None:
    with way(tmp_path) as workers:  # type: ignore[attr-defined]  # of a context manager
        for number, damage in enumerate(DAMAGES):
            position = sound.places[number % len(sound.places)]
            place = sound.damaged(damage, position)
            assert sound.found(place, workers) == sound.found(place, 1), (number, position)
