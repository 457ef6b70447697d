"""The tables follow the log, in batches of any size, whatever stops them on the way."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, inspect, select

from ledger.envelope import is_case
from ledger.ledger import Ledger
from ledger.store import (
    LockTimeout,
    ProjectionTransaction,
    ReadOnly,
    Store,
    TablesNotMade,
    admit,
)
from projections.as_of import CaseAsOf, as_known, at, moment_over_cases
from projections.portfolio import tables
from projections.portfolio.case_writer import TABLES
from projections.portfolio.cases import CASES, CaseFilter
from projections.portfolio.catch_up import (
    ProjectionMismatch,
    ProjectionPosition,
    catch_up,
    differences,
    make_ready,
    position,
    rebuild,
)
from projections.portfolio.folded_tables import tables_at
from projections.portfolio.indicators import INDICATORS, indicator_scores
from projections.portfolio.rectification_view import requests
from projections.portfolio.scores_view import scores
from projections.portfolio.work_view import work
from projections.rectification_status import rectification
from projections.score_sheet import ScoreSheet, score_sheet
from projections.work_list import tasks
from tests.support.many_cases import ledger_of, renamed, shuffled, walk
from tests.support.portfolio_tables import (
    Stopped,
    emptied,
    filled,
    kept,
    left,
    steps_of,
    stop,
    stop_in,
)
from tests.support.postgres import is_postgres
from tests.support.terminal import scoretrail

pytestmark = pytest.mark.slow

SEEDS = st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True)
ROWS = ("spending", "plan", "service")
SLOW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def points_of(store: Store, case: str) -> Callable[[str], CaseAsOf]:
    """The points of a case by their labels, replayed from the ledger."""
    ledger = Ledger(store)
    history, editions = ledger.history(case), ledger.editions("small")
    return lambda label: at(history, editions, label)


@SLOW
@given(seeds=SEEDS, order=st.integers(0, 10**6), cases=st.integers(1, 4))
def test_the_tables_are_those_of_a_fresh_rebuild(
    store: Store, seeds: list[int], order: int, cases: int
) -> None:
    with steps_of(cases):
        follow(emptied(store), seeds, order)
    assert list(differences(store)) == []
    assert catch_up(store) == ProjectionPosition(store.size(), store.size())
    found = kept(store)
    assert list(differences(store)) == []

    rebuild(store)

    assert kept(store) == found
    assert left(store) == {}


def follow(store: Store, seeds: list[int], order: int) -> None:
    """Bring cases in bit by bit, and the tables up to them, with all that can hinder it."""
    chance = Random(order)  # noqa: S311 - an order, no secret
    start, cases = ledger_of(seeds)
    have = dict(store.streams())
    store.append([one for one in start if one.case_id not in have])
    fresh = {case: found for case, found in cases.items() if case not in have}
    for batch in shuffled(fresh, order):
        store.append(batch)
        match chance.randrange(6):
            case 0:
                catch_up(store)
            case 1:
                catch_up(store, upto=chance.randrange(store.size() + 5))
            case 2:
                with suppress(Stopped):
                    catch_up(store, watch=stop_in(chance.randrange(1, 4)))
            case 3:
                with suppress(Stopped):
                    rebuild(store, stop_in(chance.randrange(1, 4)))
            case _:
                continue
        for some in ([*fresh], []):  # the rest are compared at the end
            assert list(differences(store, some)) == []


@SLOW
@given(seeds=SEEDS, data=st.data())
def test_every_point_is_that_of_the_score_sheet_of_each_case(
    store: Store, seeds: list[int], data: st.DataObject
) -> None:
    filled(store, seeds)
    catch_up(store)
    names = [name for name, _ in store.streams() if is_case(name)]
    # Of the walks drawn, not of those that earlier examples left: draws hang on nothing else.
    drawn = [f"walk-{seed}" for seed in seeds]
    instants = sorted({one.at for name in drawn for one in Ledger(store).history(name)})
    days = st.dates(date(2023, 12, 15), date(2024, 3, 1)).map(str)
    known = st.sampled_from(instants)
    stages = st.sampled_from(["self", "draft", "issued", "final"])
    both = st.builds(as_known, days | stages, known)
    points = days | known.map("recorded:{}".format) | stages | both
    for label in data.draw(st.lists(points, min_size=1, max_size=8)):
        moment = moment_over_cases(label)
        with (
            store.projection_transaction(writing=False) as beside,
            tables_at(beside.connection, label, CaseFilter(), "scores", "indicators") as then,
        ):
            listed = {one.case: one for one in scores(then, moment, CaseFilter())}
            rows = {
                (one.case, one.indicator): one
                for one in indicator_scores(then, moment, CaseFilter(), ROWS)
            }
        sheets = {name: sheet_of(store, name, label) for name in names}
        assert listed.keys() == {name for name, sheet in sheets.items() if sheet}
        for name, sheet in sheets.items():
            if sheet is None:
                continue
            one = listed[name]
            claim, award = sheet.claim, sheet.award
            assert (one.unit_name, one.year, one.stage) == (sheet.unit, sheet.year, sheet.stage)
            assert one.edition == sheet.rubric.edition
            assert one.version <= sheet.at.version
            assert (one.claim, one.claim_grade, one.claim_pending) == (
                claim.shown("total"),
                claim.grade,
                claim.pending,
            )
            assert (one.award, one.grade, one.pending, one.bonus_undecided) == (
                award.shown("total"),
                award.grade,
                award.pending,
                award.bonus_undecided,
            )
            whole = claim.total if award.is_whole and not claim.pending else None
            assert one.gap == (None if whole is None else award.total - whole)
            for row in sheet.indicators:
                found = rows.get((name, row.id))
                shown = (found.claim, found.award, found.excluded) if found else (None, None, False)
                assert shown == (row.claim, row.award, row.excluded)


def sheet_of(store: Store, name: str, label: str) -> ScoreSheet | None:
    try:
        return score_sheet(points_of(store, name)(label))
    except ValueError:  # a stage that was not reached
        return None


@SLOW
@given(seeds=SEEDS, days=st.lists(st.integers(-400, 400), min_size=1, max_size=6))
def test_what_waits_on_a_day_is_what_the_work_list_of_each_case_says(
    store: Store, seeds: list[int], days: list[int]
) -> None:
    filled(store, seeds)
    catch_up(store)
    names = [name for name, _ in store.streams() if is_case(name)]
    for offset in days:
        day = date(2024, 2, 1) + timedelta(offset)
        with store.projection_transaction(writing=False) as beside:
            waiting = work(beside.connection, CaseFilter(), day)
            asked = requests(beside.connection, CaseFilter(), day)
        replayed = {
            (name, task.turn, task.what, task.subject or "", str(task.since), task.left)
            for name in names
            for task in tasks(points_of(store, name)("final"), day)
        }
        assert replayed == {
            (one.case, one.turn, one.what, one.subject, one.since, one.left) for one in waiting
        }
        assert {(one.case, one.request, one.state, one.late, one.overdue) for one in asked} == {
            (name, one.request, one.state, one.late, one.overdue)
            for name in names
            for one in rectification(points_of(store, name)("final"), day)
        }


@SLOW
@given(seeds=SEEDS, data=st.data())
def test_earlier_points_of_work_are_those_of_a_shorter_ledger(
    store: Store, seeds: list[int], data: st.DataObject
) -> None:
    """At the last day of all an earlier point is the end: both ways must agree."""
    filled(store, seeds)
    catch_up(store)
    day = data.draw(st.dates(date(2023, 12, 1), date(2024, 6, 1)))
    with store.projection_transaction(writing=False) as beside:
        connection = beside.connection
        with tables_at(connection, "2030-01-01", CaseFilter(), "work", "requests") as then:
            assert work(then, CaseFilter(), day) == work(connection, CaseFilter(), day)
            assert requests(then, CaseFilter(), day) == requests(connection, CaseFilter(), day)


class TestACrash:
    def test_leaves_the_tables_at_the_position_before(self, store: Store) -> None:
        filled(store, [1, 2])
        catch_up(store, upto=30)
        before = kept(store)

        with pytest.raises(Stopped):
            catch_up(store, watch=stop)

        assert kept(store) == before
        assert catch_up(store).taken == store.size()

    def test_while_rebuilding_leaves_the_tables_as_they_were(self, store: Store) -> None:
        filled(store, [1, 2])
        catch_up(store)
        before = kept(store)

        with pytest.raises(Stopped):
            rebuild(store, stop)

        assert kept(store) == before


class TestReaders:
    def test_find_the_old_state_until_a_rebuild_is_done(
        self, store: Store, store_target: str
    ) -> None:
        filled(store, [1, 2, 3])
        catch_up(store, upto=40)
        before = kept(store)
        seen = []

        def look(done: int, total: int) -> None:
            del done, total
            with Store.open(store_target) as reader:
                seen.append(kept(reader))

        rebuild(store, look)

        assert seen
        assert all(one == before for one in seen)
        assert kept(store) != before

    def test_see_one_state_though_the_tables_move_on(self, store: Store, store_target: str) -> None:
        filled(store, [1, 2, 3])
        catch_up(store, upto=40)
        with (
            Store.open(store_target) as reader,
            reader.projection_transaction(writing=False) as beside,
        ):
            first = position(beside.connection)
            catch_up(store)
            rebuild(store)
            rows = len(scores(beside.connection, moment_over_cases("final"), CaseFilter()))
            again = position(beside.connection)

        assert first is not None
        assert again is not None
        assert first.taken == again.taken == 40
        assert rows <= 3
        assert list(differences(store)) == []

    def test_do_not_wait_for_whoever_catches_up(self, store: Store, store_target: str) -> None:
        filled(store, [1])
        catch_up(store)
        inside, done = threading.Event(), threading.Event()

        def hold(*_: int) -> None:
            inside.set()
            done.wait(30)

        slow = threading.Thread(target=rebuild, args=(store, hold))
        slow.start()
        inside.wait(30)
        try:
            with Store.open(store_target) as reader:
                with pytest.raises(LockTimeout):
                    catch_up(reader)
                assert list(differences(reader)) == []
        finally:
            done.set()
            slow.join()

    def test_and_writers_of_the_ledger_are_not_kept_waiting(
        self, store: Store, store_target: str
    ) -> None:
        filled(store, [1])

        def append(done: int, total: int) -> None:
            del done, total
            with Store.open(store_target, patience=1) as writer:
                writer.append(renamed(walk(2), "walk-2"))

        size = store.size()
        assert catch_up(store, watch=append).taken == size
        assert catch_up(store).taken == store.size() > size


class TestTablesThatDoNotFit:
    def test_of_an_older_shape_are_dropped_and_made_anew(self, store: Store) -> None:
        filled(store, [1])
        with store.projection_transaction(writing=True) as beside:
            for statement in (
                *(["CREATE SCHEMA projections"] if _schema_is_wanted(beside) else []),
                "CREATE TABLE projections.portfolio_0_scores (old INTEGER)",
                "CREATE TABLE projections.of_others (kept INTEGER)",
            ):
                beside.connection.exec_driver_sql(statement)

        catch_up(store)

        with store.projection_transaction(writing=False) as beside:
            names = inspect(beside.connection).get_table_names("projections")
        assert "portfolio_0_scores" not in names
        assert "of_others" in names
        assert list(differences(store)) == []

    @pytest.mark.parametrize(
        "damage", ["DROP TABLE {}", "ALTER TABLE {} DROP COLUMN award", "DROP TABLE {state}"]
    )
    def test_that_lack_something_are_made_anew(self, store: Store, damage: str) -> None:
        filled(store, [1])
        catch_up(store)
        expected = kept(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.exec_driver_sql(
                damage.format(INDICATORS.fullname, state=tables.STATE.fullname)
            )
        assert [(one.case, one.table) for one in differences(store)] == [("", "tables")]
        with store.projection_transaction(writing=False) as beside:
            assert position(beside.connection) is None

        catch_up(store)

        assert kept(store) == expected
        assert list(differences(store)) == []

    def test_of_another_history_are_made_anew(self, store: Store) -> None:
        """As after the restore of a backup, on which other events followed."""
        filled(store, [1])
        catch_up(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(tables.STATE.update().values(leaf="00" * 32))
            beside.connection.execute(TABLES[1].update().values(award="1.00"))
        assert [one.table for one in differences(store)] == ["state"]
        with store.projection_transaction(writing=False) as beside:
            assert position(beside.connection) is None

        catch_up(store)

        assert list(differences(store)) == []

    def test_ahead_of_the_log_are_made_anew(self, store: Store) -> None:
        filled(store, [1])
        catch_up(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(tables.STATE.update().values(position=10**6))

        assert catch_up(store).taken == store.size()
        assert list(differences(store)) == []


def _schema_is_wanted(beside: ProjectionTransaction) -> bool:
    return "projections" not in inspect(beside.connection).get_schema_names()


class TestWithoutTables:
    def test_there_is_nothing_to_compare_and_nothing_is_made(
        self, store: Store, store_target: str
    ) -> None:
        filled(store, [1])

        assert list(differences(store)) == []
        with store.projection_transaction(writing=False) as beside:
            assert position(beside.connection) is None
        if not is_postgres(store_target):
            assert not Path(f"{store_target}.projections").exists()

    def test_an_empty_ledger_gives_empty_tables(self, store: Store) -> None:
        assert catch_up(store) == ProjectionPosition(0, 0)
        assert all(not rows for name, rows in kept(store).items() if "state" not in name)


class TestARubricThatComesLate:
    def test_gives_its_cases_their_scores(self, store: Store) -> None:
        """As when cases of another ledger are imported before their rubric."""
        start, cases = ledger_of([1, 2])
        rubrics = [one for one in start if one.case_id.startswith("rubric:")]
        store.append([one for one in start if one not in rubrics])
        for events in cases.values():
            store.append(events)
        catch_up(store)
        with store.projection_transaction(writing=False) as beside:
            assert not len(scores(beside.connection, moment_over_cases("final"), CaseFilter()))
        assert list(differences(store)) == []

        store.append(rubrics)
        catch_up(store)

        with store.projection_transaction(writing=False) as beside:
            assert len(scores(beside.connection, moment_over_cases("final"), CaseFilter())) == 2
        assert list(differences(store)) == []


class TestForgedTables:
    @pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
    def test_any_value_that_is_changed_is_found_with_case_and_column(
        self, store: Store, table: Table
    ) -> None:
        filled(store, [3, 7, 11, 19, 23, 31])
        catch_up(store)
        keys = set(table.primary_key.columns.keys())
        for column in table.columns:
            if column.name in keys | {"case_key"}:  # which rows are whose: below
                continue
            forged = 77 if column.type.python_type is int else "forged"
            with store.projection_transaction(writing=True) as beside:
                rows = beside.connection.execute(select(table)).all()
                beside.connection.execute(table.update().values({column.name: forged}))
            found = list(differences(store))
            with store.projection_transaction(writing=True) as beside:
                beside.connection.execute(table.delete())
                beside.insert(table, rows)

            assert found, column.name
            assert {one.column for one in found} == {column.name}
            assert {one.table for one in found} == {table.name.rpartition("_")[2]}
            assert all(one.case.startswith("walk-") for one in found)
            assert {one.kept for one in found} == {str(forged)}

    def test_a_row_that_is_missing_or_too_many_is_found(self, store: Store) -> None:
        filled(store, [3])
        catch_up(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(CASES.update().values(case_id="nobody"))

        found = list(differences(store))
        assert {one.case for one in found} == {"nobody", "walk-3"}
        assert [one for one in found if one.table == "cases"] == [
            ProjectionMismatch("nobody", "cases", "", "", "", ""),
            ProjectionMismatch("walk-3", "cases", "", "", "", ""),
        ]
        assert {one.case for one in differences(store, ["walk-3"])} == {"walk-3"}

        rebuild(store)

        assert list(differences(store)) == []
        assert left(store) == {}

    def test_rows_of_no_case_are_found_and_removed(self, store: Store) -> None:
        filled(store, [3, 7])
        catch_up(store)
        expected = kept(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(CASES.update().values(case_key=CASES.c.case_key + 100))
            numbers = list(beside.connection.execute(select(CASES.c.case_key)).scalars())

        found = list(differences(store))

        assert {one.case for one in found} == {
            "walk-3",
            "walk-7",
            *[f"#{one - 100}" for one in numbers],
        }

        rebuild(store)

        assert list(differences(store)) == []
        assert left(store) == {}
        assert kept(store) == expected

    def test_rows_of_no_case_keep_no_case_from_its_place(self, store: Store) -> None:
        filled(store, [3, 7])
        catch_up(store)
        with store.projection_transaction(writing=True) as beside:
            beside.connection.execute(CASES.delete().where(CASES.c.case_id == "walk-7"))
        filled(store, [11])

        catch_up(store)

        assert {one.case for one in differences(store)} <= {"walk-7", "#2"}
        rebuild(store)
        assert list(differences(store)) == []


class TestOnAServer:
    def test_the_owner_makes_the_tables_and_the_role_of_the_program_writes_them(
        self, postgres_target: str
    ) -> None:
        address = admit(postgres_target, "portfolio_app", "pw")
        with Store.open(postgres_target) as owner, Store.open(address) as store:
            filled(store, [1])
            with pytest.raises(TablesNotMade, match="migrating"):
                catch_up(store)
            with owner.projection_transaction(writing=True) as beside:  # of an older program
                beside.connection.exec_driver_sql("CREATE TABLE projections.portfolio_0_x (x int)")
            make_ready(owner)
            assert catch_up(store).taken == store.size()
            rebuild(store)
            filled(owner, [2])
            assert catch_up(owner).taken == owner.size()
            assert list(differences(store)) == list(differences(owner)) == []
            with owner.projection_transaction(writing=False) as beside:
                names = inspect(beside.connection).get_table_names("projections")
            assert "portfolio_0_x" not in names
            with pytest.raises(ReadOnly), store.projection_transaction(writing=True) as beside:
                tables.METADATA.drop_all(beside.connection)

    def test_whoever_may_only_read_is_told_so_and_reads(self, postgres_target: str) -> None:
        with Store.open(postgres_target) as owner:
            filled(owner, [1])
            catch_up(owner, upto=25)
        with psycopg.connect(postgres_target, autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS portfolio_reader")
            connection.execute("CREATE ROLE portfolio_reader LOGIN PASSWORD 'pw'")
            for schema in ("public", "projections"):
                connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO portfolio_reader")
                connection.execute(
                    f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO portfolio_reader"
                )
        address = postgres_target.replace(
            postgres_target.split("//")[1].split("@", maxsplit=1)[0], "portfolio_reader:pw"
        )
        try:
            with Store.open(address) as store:
                with pytest.raises(ReadOnly):
                    catch_up(store)
                with store.projection_transaction(writing=False) as beside:
                    place = position(beside.connection)
                assert place == ProjectionPosition(25, store.size())
                assert list(differences(store)) == []
                with psycopg.connect(postgres_target, autocommit=True) as connection:
                    connection.execute(
                        "REVOKE SELECT ON ALL TABLES IN SCHEMA projections FROM portfolio_reader"
                    )
                said = scoretrail(address, "verify")
                assert "总览表未核验" in said.err
                # The cases were named anew below the program, so the digests of their acts differ.
                broken = [line for line in said.out.splitlines() if line.startswith("不符")]
                assert {line.split()[1] for line in broken} == {"rules"}
        finally:
            with psycopg.connect(postgres_target, autocommit=True) as connection:
                connection.execute("DROP OWNED BY portfolio_reader")
                connection.execute("DROP ROLE portfolio_reader")
