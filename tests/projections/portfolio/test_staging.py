"""Many cases are staged in one step after another, and read when all of them are."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from ledger.store import LockTimeout, Store
from projections.portfolio.cases import STAGED
from projections.portfolio.catch_up import catch_up, differences, position, rebuild
from projections.portfolio.staging import DUE, STAGING
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
        seen = []

        def look(done: int, total: int) -> None:
            with Store.open(store_target) as reader:
                seen.append((done, total, sum(map(len, kept(reader).values()))))

        with Store.open(store_target) as store:
            catch_up(store, upto=1)
            catch_up(store, watch=look)
            found = kept(store)

        nothing_but_the_state = 1
        assert seen == [(done, 3, nothing_but_the_state) for done in (1, 2, 3)]
        assert found == expected

    @pytest.mark.parametrize("anew", [False, True])
    def test_lose_the_step_in_which_somebody_is_killed_and_no_other(
        self, store_target: str, expected: dict[str, list[tuple[Any, ...]]], *, anew: bool
    ) -> None:
        if anew:
            with Store.open(store_target) as store:
                catch_up(store)
        nothing: dict[str, list[tuple[Any, ...]]]
        nothing = {name: [] for name in expected if "state" not in name}
        moment, was_killed = 0, True
        while was_killed:
            moment += 1
            was_killed = killed(store_target, moment, rebuild if anew else catch_up)
            with Store.open(store_target) as store:
                if not self.was_begun(store):
                    continue
                assert list(differences(store)) == []
                now = kept(store)
                hidden = left(store)
                assert now == expected or (not anew and now == now | nothing)
                steps = Steps()
                catch_up(store, watch=steps)
                assert steps.count == (hidden.get(DUE.name, 0) if now != expected else 0)
                assert kept(store) == expected
                assert list(differences(store)) == []
                (rebuild if anew else emptied)(store)
        assert moment > 2 * len(self.CASES), "each step has a moment before and one after its end"

    @staticmethod
    def was_begun(store: Store) -> bool:
        with store.projection_transaction(writing=False) as beside:
            return position(beside.connection) is not None

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

    def test_of_a_rebuild_that_was_given_up_keep_nobody_from_new_events(
        self, store: Store, store_target: str
    ) -> None:
        filled(store, [1, 2, 3])
        catch_up(store)
        with pytest.raises(Stopped):
            rebuild(store, stop_in(3))
        hidden = left(store)

        start, cases = ledger_of([4])
        assert start
        for event in cases["walk-4"]:  # one at a time: each touches one case
            store.append([event])
            catch_up(store)
            assert left(store).items() >= {DUE.name: 1, STAGED.name: 2}.items()

        assert hidden[DUE.name] == 1
        filled(store, [5, 6])
        places = []

        def look(*_: int) -> None:
            with Store.open(store_target) as reader:
                assert list(differences(reader)) == []
                with reader.projection_transaction(writing=False) as beside:
                    places.append(position(beside.connection))

        assert catch_up(store, watch=look).taken == store.size()
        assert len(places) == 1 + 2, "what was left of the rebuild, and the two new cases"
        assert len({place and place.taken for place in places}) == 1
        assert list(differences(store)) == []
        assert left(store) == {}

    def test_leave_alone_what_was_replaced_meanwhile(self, store: Store) -> None:
        start, cases = ledger_of([1, 2, 3])
        store.append(start)
        for case in cases.values():
            store.append(case[:-2])
        catch_up(store)
        with pytest.raises(Stopped):
            rebuild(store, stop_in(3))
        for event in (each for case in cases.values() for each in case[-2:]):
            store.append([event])
            catch_up(store)
        filled(store, [5, 6])

        assert catch_up(store).taken == store.size()

        assert list(differences(store)) == []
        assert left(store) == {}

    def test_take_nobody_back_who_wants_less_than_is_being_made(self, store: Store) -> None:
        """A case that was folded for an earlier position must not stay when the staging ends."""
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
            beside.connection.execute(STAGING.update().values(leaf="00" * 32))
            beside.connection.execute(STAGED.update().values(unit="of another ledger"))
        steps = Steps()

        assert catch_up(store, watch=steps).taken == store.size()

        assert steps.count == 3, "from the beginning, and once"
        assert list(differences(store)) == []
        assert left(store) == {}
