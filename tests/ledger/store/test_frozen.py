"""Given a frozen ledger, when anybody appends in any way, then nothing is stored."""

from collections.abc import Callable
from threading import Thread

import pytest

from ledger.store import FrozenLedger, NewEntry, Store
from tests.support.postgres import is_postgres, raw

REGISTER = "register:accounts"


def entry(version: int, kind: str = "Raw", stream: str = "a") -> NewEntry:
    return NewEntry(case_id=stream, version=version, type=kind, entry=b"{}")


FREEZE = entry(1, "LedgerFrozen", REGISTER)
WAYS: dict[str, Callable[[Store], object]] = {
    "append": lambda store: store.append([entry(2)]),
    "append unsealed": lambda store: store.append_unsealed([entry(2)]),
    "append many": lambda store: store.append_all(iter([entry(2)])),
    "another stream": lambda store: store.append([entry(1, stream="b")]),
    "in the register": lambda store: store.append([entry(2, "RoleGranted", REGISTER)]),
    "freeze again": lambda store: store.append([entry(2, "LedgerFrozen", REGISTER)]),
}


INSERT = "INSERT INTO events (case_id, version, type, entry) VALUES ('a', {}, 'Raw', {})"


@pytest.fixture
def frozen(store: Store) -> Store:
    store.append([entry(1)])
    store.append([FREEZE])
    return store


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_appended_behind_the_freeze(frozen: Store, way: str) -> None:
    with pytest.raises(FrozenLedger) as refused:
        WAYS[way](frozen)
    assert "is frozen" in refused.value.text.en
    assert (frozen.size(), len(list(frozen.audit()))) == (2, 2)


@pytest.mark.parametrize("behind", [entry(1), entry(2, "LedgerFrozen", REGISTER)])
def test_nothing_comes_in_together_with_the_freeze(store: Store, behind: NewEntry) -> None:
    with pytest.raises(FrozenLedger):
        store.append([FREEZE, behind])
    with pytest.raises(FrozenLedger):
        store.append_all([FREEZE, behind])
    assert (store.size(), len(list(store.audit()))) == (0, 0)


def test_what_the_same_statement_inserts_before_the_freeze_comes_before_it(store: Store) -> None:
    store.append([entry(1), FREEZE])
    assert [one.case_id for one in store.read_log()] == ["a", REGISTER]


def test_a_person_who_writes_past_the_program_is_refused_as_well(
    frozen: Store, store_target: str
) -> None:
    del frozen
    entry_of = "'{}'" if is_postgres(store_target) else "x'7b7d'"
    with raw(store_target) as connection, pytest.raises(Exception, match="is frozen"):
        connection.execute(INSERT.format(2, entry_of))


def test_the_freeze_waits_for_those_who_are_appending_and_comes_behind_them(
    postgres_target: str,
) -> None:
    with Store.open(postgres_target) as store, raw(postgres_target) as writer:
        writer.execute("BEGIN")
        writer.execute(INSERT.format(1, "'{}'"))
        freezing = Thread(target=store.append, args=([FREEZE],))
        freezing.start()
        freezing.join(0.3)
        assert freezing.is_alive()
        writer.execute(INSERT.format(2, "'{}'"))
        writer.execute("COMMIT")
        freezing.join(20)
        assert [one.case_id for one in store.read_log()] == ["a", "a", REGISTER]
        with pytest.raises(FrozenLedger):
            store.append([entry(3)])
