"""The portfolio folded by several processes has the rows that it has by one, whatever happens."""

from collections.abc import Callable, Iterator
from multiprocessing import active_children

import pytest

from application import fold_in_parts, processes
from application.fold_in_parts import FoldingProcesses, folding
from application.place import LedgerPlace
from ledger.store import Store
from projections.portfolio import nobody, table_name
from projections.portfolio.catch_up import catch_up, differences, position, rebuild
from projections.portfolio.tables import STALE
from tests.support.many_cases import ledger_of
from tests.support.one_after_another import OneAfterAnother
from tests.support.portfolio_tables import emptied, filled, kept, killed, left, steps_of

pytestmark = pytest.mark.slow

CASES = [1, 2, 3, 4, 5, 6]
Work = Callable[..., object]


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(processes, "WORTH", 1)
    monkeypatch.setattr(fold_in_parts, "FEW", 2)
    with steps_of(1):
        yield


def by_two(store: Store, target: str, work: Work, watch: Work = nobody) -> None:
    with folding(store, LedgerPlace(target), 2) as by:
        work(store, watch=watch, folding=by)


def test_the_first_build_and_a_rebuild_have_the_rows_of_one_process(
    store: Store, store_target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", OneAfterAnother)
    catch_up(filled(store, CASES))
    by_one = kept(store)

    for work, begins in ((catch_up, emptied), (rebuild, Store.size)):
        begins(store)
        by_two(store, store_target, work)
        assert kept(store) == by_one
        assert left(store) == {}


def test_what_somebody_records_meanwhile_is_read_whole(
    store: Store, store_target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others act, and their own lists are brought up to the log, between any two steps."""
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", OneAfterAnother)
    catch_up(filled(store, CASES))
    _, cases = ledger_of([8, *CASES])
    later = iter(cases["walk-8"])

    def act(_: object) -> None:
        with Store.open(store_target) as other:
            other.append([next(later)])
            catch_up(other)

    monkeypatch.setattr(FoldingProcesses, "wait", act)
    by_two(store, store_target, rebuild)
    assert list(differences(store)) == []
    assert left(store) == {}


def test_a_process_that_is_killed_is_made_up_for(store: Store, store_target: str) -> None:
    catch_up(filled(store, CASES))
    by_one, ended = kept(store), list[str]()

    def kill(done: int, _: int) -> None:
        if done == 4:
            for process in active_children():
                ended.append(process.name)
                process.kill()

    by_two(store, store_target, rebuild, watch=kill)
    assert ended
    assert kept(store) == by_one
    assert left(store) == {}


def test_when_the_one_that_writes_is_killed_the_next_goes_on(store_target: str) -> None:
    with Store.open(store_target) as store:
        catch_up(filled(store, CASES))
        by_one = kept(store)
        emptied(store)

    end_of_the_fourth_case = 2 * 4
    assert killed(
        store_target, end_of_the_fourth_case, lambda store: by_two(store, store_target, catch_up)
    )

    with Store.open(store_target) as store:
        with store.projection_transaction(writing=False) as beside:
            assert position(beside.connection) is None, "nothing half is read"
        assert len(kept(store)[table_name("cases")]) == 4
        assert left(store) == {STALE.name: 2}
        catch_up(store)
        assert kept(store) == by_one
        assert left(store) == {}
