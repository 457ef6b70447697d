"""Many cases are replaced in one step after another, and read when none is stale any more."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from application.lists import list_cases
from ledger.store import LockTimeout, Store
from projections.portfolio.cases import CASES
from projections.portfolio.catch_up import (
    ProjectionPosition,
    catch_up,
    differences,
    position,
    rebuild,
)
from projections.portfolio.tables import STALE, STATE, are_there
from tests.support.many_cases import ledger_of
from tests.support.portfolio_tables import (
    Steps,
    Stopped,
    emptied,
    filled,
    kept,
    killed,
    left,
    steps_of,
    stop_in,
)

pytestmark = pytest.mark.slow

TODAY = date(2024, 2, 1)


@pytest.fixture
def one_at_a_time() -> Iterator[None]:
    """Two cases are many, and each is a step of its own."""
    with steps_of(1):
        yield


class TestManyCases:
    """Made in one step after another; here each is of one case."""

    pytestmark = pytest.mark.usefixtures("one_at_a_time")
    CASES = (1, 2, 3)

    @pytest.fixture
    def expected(self, store_target: str) -> dict[str, list[tuple[Any, ...]]]:
        """What is to be read at last; the ledger has no tables yet."""
        with Store.open(store_target) as store, steps_of(100):
            catch_up(filled(store, [*self.CASES]))
            found = kept(store)
            emptied(store)
        return found

    def test_are_read_when_all_are_there(
        self, store_target: str, expected: dict[str, list[tuple[Any, ...]]]
    ) -> None:
        seen = list[tuple[int, int, int]]()

        def look(done: int, total: int) -> None:
            with Store.open(store_target) as reader:
                assert place(reader) is None or place(reader) == first
                seen.append((done, total, len(list_cases(reader, TODAY))))

        with Store.open(store_target) as store:
            catch_up(store, upto=1)
            first = place(store)
            catch_up(store, watch=look)
            found = kept(store)

        assert seen == [(done, 3, 3) for done in (1, 2, 3)], "each reader folded them for itself"
        assert found == expected

    @pytest.mark.parametrize("again", [False, True])
    def test_lose_the_step_in_which_somebody_is_killed_and_no_other(
        self, store_target: str, expected: dict[str, list[tuple[Any, ...]]], *, again: bool
    ) -> None:
        if again:
            with Store.open(store_target) as store:
                catch_up(store)
        moment, was_killed = 0, True
        while was_killed:
            moment += 1
            was_killed = killed(store_target, moment, rebuild if again else catch_up)
            with Store.open(store_target) as store:
                if not self.was_begun(store):
                    continue
                assert list(differences(store)) == []
                stale = left(store).get(STALE.name, 0)
                assert again == (kept(store) == expected) or not stale
                assert (place(store) is None) == bool(stale)
                steps = Steps()
                catch_up(store, watch=steps)
                assert steps.count == stale
                assert kept(store) == expected
                assert list(differences(store)) == []
                (rebuild if again else emptied)(store)
        assert moment > 2 * len(self.CASES), "each step has a moment before and one after its end"

    @staticmethod
    def was_begun(store: Store) -> bool:
        with store.projection_transaction(writing=False) as beside:
            return are_there(beside.connection)

    def test_are_folded_once_by_two_who_catch_up_at_once(
        self, store_target: str, expected: dict[str, list[tuple[Any, ...]]]
    ) -> None:
        steps, both = Steps(), threading.Barrier(2)

        def follow() -> None:
            with Store.open(store_target) as mine:
                both.wait(30)
                while True:
                    with suppress(LockTimeout):
                        assert catch_up(mine, watch=steps).taken
                        return

        with ThreadPoolExecutor(2) as threads:
            for one in [threads.submit(follow) for _ in range(2)]:
                one.result()

        assert steps.count == len(self.CASES)
        with Store.open(store_target) as store:
            assert kept(store) == expected
            assert left(store) == {}
            assert list(differences(store)) == []

    def test_of_a_rebuild_that_was_given_up_keep_nobody_from_new_events(self, store: Store) -> None:
        filled(store, [1, 2, 3])
        catch_up(store)
        with pytest.raises(Stopped):
            rebuild(store, stop_in(3))
        assert place(store) is not None

        start, cases = ledger_of([4])
        assert start
        for event in cases["walk-4"]:  # one at a time: each touches one case
            store.append([event])
            steps = Steps()
            assert catch_up(store, watch=steps).taken == store.size()
            assert steps.count == 1
        assert list(differences(store)) == []

    def test_are_read_while_they_are_rebuilt(self, store: Store, store_target: str) -> None:
        """A case that was wrong is right from its step on, and never without its rows."""
        filled(store, [1, 2, 3])
        catch_up(store)
        expected = kept(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(CASES.update().values(title="changed by somebody"))
        wrong = []

        def look(*_: int) -> None:
            with Store.open(store_target) as reader:
                assert place(reader) is not None
                wrong.append(len({one.case for one in differences(reader)}))

        rebuild(store, look)

        assert wrong == [3, 2, 1]
        assert kept(store) == expected

    def test_that_new_events_touch_in_the_midst_of_others_are_not_taken_back(
        self, store: Store
    ) -> None:
        start, cases = ledger_of([1, 2, 3])
        store.append(start)
        for case in cases.values():
            store.append(case[:-2])
        with pytest.raises(Stopped):
            catch_up(store, watch=stop_in(3))
        for event in (each for case in cases.values() for each in case[-2:]):
            store.append([event])
            with suppress(Stopped):
                catch_up(store, watch=stop_in(2))
        filled(store, [5, 6])

        assert catch_up(store).taken == store.size()

        assert list(differences(store)) == []
        assert left(store) == {}

    def test_take_nobody_back_who_wants_less_than_is_being_made(self, store: Store) -> None:
        start, cases = ledger_of([1, 2])
        first, second = cases.values()
        store.append(start)
        for case in (first, second):
            store.append(case[:-2])
        catch_up(store)
        for event in (*first[-2:], *second[-2:]):
            store.append([event])
        with pytest.raises(Stopped):
            catch_up(store, watch=stop_in(2))

        assert catch_up(store, upto=store.size() - 3).taken == store.size()

        assert list(differences(store)) == []

    def test_of_another_history_are_let_go(self, store: Store) -> None:
        """As where a backup was restored while the tables were being made."""
        filled(store, [1, 2, 3])
        with pytest.raises(Stopped):
            catch_up(store, watch=stop_in(3))
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(STATE.update().values(leaf="00" * 32))
            beside.connection.execute(CASES.update().values(unit="of another ledger"))
        steps = Steps()

        assert catch_up(store, watch=steps).taken == store.size()

        assert steps.count == 3, "from the beginning, and once"
        assert list(differences(store)) == []
        assert left(store) == {}


def place(store: Store) -> ProjectionPosition | None:
    """What a reader finds."""
    with store.projection_transaction(writing=False) as beside:
        return position(beside.connection)
