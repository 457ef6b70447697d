"""What only a PostgreSQL server can do to a ledger, or be asked for."""

import os
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
import pytest

import migrations
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.tree import HASH_SIZE, ProofError, TreeHead, leaf_hash
from ledger.store import (
    DatabaseDamaged,
    DatabaseUnavailable,
    LedgerExists,
    LedgerNotFound,
    LockTimeout,
    NewEntry,
    OutcomeUnknown,
    ReadOnly,
    Store,
    VersionConflict,
    admit,
    postgresql,
)
from tests.support import naive_log as naive
from tests.support.attacks import BY_ROLES, ODD
from tests.support.postgres import Databases, Raw, databases, raw
from tests.support.signed_log import LOG

NOW = "2026-11-29T00:00:00.000000Z"
INSERT = "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, 'Raw', ?)"


@pytest.fixture
def store(postgres_target: str) -> Iterator[Store]:
    with Store.open(postgres_target) as opened:
        yield opened


def event(case_id: str, version: int, entry: bytes = b"{}") -> NewEntry:
    return NewEntry(case_id=case_id, version=version, type="ScoreAdjusted", entry=entry)


NO_SERVER_COMES_SO_FAR = 2**63 - 1


def horizon(target: str) -> tuple[int, str | None]:
    with raw(target) as connection:
        row: tuple[int, str | None] = connection.execute(
            "SELECT horizon, cluster FROM log_state"
        ).fetchone()
        return row


class TestTheRecordOnlyGrows:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE events SET entry = ''",
            "DELETE FROM events",
            "DELETE FROM events WHERE id = -1",
            "TRUNCATE events",
            "TRUNCATE events, leaves",
            "INSERT INTO events (case_id, version, type, entry) VALUES ('a', 1, 'Raw', '')"  # noqa: ISC004 - one statement
            " ON CONFLICT (case_id, version) DO UPDATE SET entry = excluded.entry",
            "MERGE INTO events USING leaves ON event_id = id WHEN MATCHED THEN DELETE",
            "UPDATE leaves SET hash = hash",
            "DELETE FROM leaves",
            "TRUNCATE leaves",
        ],
    )
    def test_even_for_its_owner(self, store: Store, postgres_target: str, statement: str) -> None:
        store.append([event("a", 1), event("a", 2)])
        before = list(store.read_log())
        with (
            raw(postgres_target) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="只增不改"),
        ):
            connection.execute(statement)
        assert list(store.read_log()) == before

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO events (case_id, version, type, entry)"  # noqa: ISC004 - one statement
            " VALUES ('a', 1, 'Raw', decode(repeat('00', 65536), 'hex'))",
            "INSERT INTO events (id, case_id, version, type, entry) VALUES (0, 'a', 1, 'Raw', '')",
            "INSERT INTO leaves VALUES (0, 1, 'short')",
            "INSERT INTO log_state VALUES (2, 0, '', 0, NULL)",
        ],
    )
    def test_and_takes_nothing_misshapen(
        self, store: Store, postgres_target: str, statement: str
    ) -> None:
        with (
            raw(postgres_target) as connection,
            pytest.raises(psycopg.errors.CheckViolation),
        ):
            connection.execute(statement)
        assert store.streams() == []


class TestTheRoleOfTheProgram:
    @pytest.fixture
    def of_role(self, postgres_target: str) -> Iterator[str]:
        role = f"app_{urlsplit(postgres_target).path[1:]}"
        yield admit(postgres_target, role, "p@ss/word:%")
        with raw(postgres_target) as connection:
            made = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE ?", (f"{role}%",)
            )
            for (name,) in made.fetchall():
                connection.execute(f'DROP OWNED BY "{name}"')
                connection.execute(f'DROP ROLE "{name}"')

    def test_appends_seals_and_reads(self, of_role: str) -> None:
        with Store.open(of_role) as store:
            assert store.append([event("a", 1), event("a", 2)]) == [0, 1]
            store.append_unsealed([event("b", 1)])
            assert store.seal() == range(2, 3)
            assert len(list(store.audit())) == len(list(store.read_log())) == 3

    @pytest.mark.parametrize("kind", ["the program's", "a person's", "a gateway's"])
    def test_can_do_nothing_else(self, postgres_target: str, of_role: str, kind: str) -> None:
        address = of_role if kind == "the program's" else self.admitted(postgres_target, kind)
        with Store.open(postgres_target) as store, raw(address) as connection:
            store.append([event("a", 1)])
            for statement in BY_ROLES:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
                connection.execute("ROLLBACK")
            assert store.append([event("a", 2)]) == [1]
            assert store.structure_faults() == []

    @pytest.mark.parametrize("kind", ["the program's", "a person's", "a gateway's"])
    def test_gains_nothing_by_odd_values(
        self, postgres_target: str, of_role: str, kind: str
    ) -> None:
        address = of_role if kind == "the program's" else self.admitted(postgres_target, kind)
        with Store.open(postgres_target) as store, raw(address) as connection:
            store.append([event("a", 1)])
            for call in ODD:
                with pytest.raises(psycopg.Error):
                    connection.execute(f"SELECT {call}")
            assert [one.version for one in store.audit()] == [1]
            assert store.append([event("a", 2)]) == [1]

    def test_signs_what_there_is_and_nothing_else(self, of_role: str) -> None:
        with Store.open(of_role) as store:
            for size in range(1, 12):
                store.append([event("a", size)])
                head = store.head()
                signed = sign_checkpoint(Checkpoint(LOG.name, head), [LOG])
                store.keep_checkpoint(SignedCheckpoint.parse(bytes(signed)), NOW)
            assert len(store.checkpoints()) == 11
            other = sign_checkpoint(Checkpoint(LOG.name, TreeHead(11, bytes(32))), [LOG])
            store.append([event("a", 12)])
            beyond = sign_checkpoint(Checkpoint(LOG.name, TreeHead(13, bytes(32))), [LOG])
            wrong = sign_checkpoint(Checkpoint(LOG.name, TreeHead(12, bytes(32))), [LOG])
            for signed in (beyond, wrong):
                with pytest.raises(ReadOnly):
                    store.keep_checkpoint(SignedCheckpoint.parse(bytes(signed)), NOW)
            with pytest.raises(ProofError):
                store.keep_checkpoint(SignedCheckpoint.parse(bytes(other)), NOW)

    @staticmethod
    def admitted(target: str, kind: str) -> str:
        """The address of another role, which goes with the program's."""
        role = f"app_{urlsplit(target).path[1:]}_2"
        if kind == "a person's":
            return admit(target, role, "pw", "somebody", "database-role")
        return admit(target, role, "pw", None, "web")

    @pytest.mark.parametrize("setting", ["projections, public", "projections, pg_catalog, public"])
    def test_puts_nothing_of_its_own_in_the_place_of_the_programs(
        self, postgres_target: str, of_role: str, setting: str
    ) -> None:
        """Names that look like those of the ledger, and a setting for whoever has the role."""
        with raw(postgres_target) as connection:  # as older programs did
            name = urlsplit(of_role).username
            connection.execute(f'GRANT CREATE ON SCHEMA {migrations.PROJECTIONS} TO "{name}"')
        with raw(of_role) as connection:
            for statement in (
                "CREATE TABLE projections.events (LIKE public.events)",
                "CREATE TABLE projections.log_state AS SELECT 1 AS one, 9000 AS size",
                (
                    "CREATE FUNCTION projections.append(text[], bigint[], text[], bytea[])"
                    " RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'"
                ),
                (
                    "CREATE FUNCTION projections.append_and_seal(text[], bigint[], text[], bytea[],"
                    " bigint, text, bigint, OUT positions bigint[], OUT hashes bytea[])"
                    " LANGUAGE sql AS 'SELECT ARRAY[9000::bigint], ARRAY[sha256($4[1])]'"
                ),
                (
                    "CREATE FUNCTION projections.belongs(text, text) RETURNS boolean"
                    " LANGUAGE sql AS 'SELECT true'"
                ),
                (
                    "CREATE FUNCTION projections.sha256(bytea) RETURNS bytea"
                    " LANGUAGE sql AS 'SELECT $1'"
                ),
                f"ALTER ROLE CURRENT_USER SET search_path = {setting}",
                "ALTER ROLE CURRENT_USER SET default_transaction_isolation = 'serializable'",
            ):
                connection.execute(statement)
        with Store.open(of_role) as store:
            assert store.append([event("a", 1)]) == [0]
            store.append_unsealed([event("a", 2)])
            assert store.seal() == range(1, 2)
            assert store.size() == 2
        with raw(of_role) as connection:
            stored = connection.execute("SELECT count(*) FROM public.events").fetchone()
            assert stored == (2,)

    def test_keeps_its_password_when_it_is_admitted_again(
        self, postgres_target: str, of_role: str
    ) -> None:
        again = admit(postgres_target, str(urlsplit(of_role).username), "another")
        assert urlsplit(again).password is None
        assert urlsplit(again).username == urlsplit(of_role).username
        Store.open(of_role).close()

    def test_has_a_right_for_every_table_that_there_is(self, postgres_target: str) -> None:
        with raw(postgres_target) as connection:
            tables = connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            ).fetchall()
        assert {name for (name,) in tables} == set(migrations.RIGHTS)

    def test_has_every_function_run_that_the_owner_has_run_for_others(
        self, postgres_target: str
    ) -> None:
        with raw(postgres_target) as connection:
            functions = connection.execute(
                "SELECT proname, pg_get_function_identity_arguments(oid) FROM pg_proc"
                " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            ).fetchall()
        assert {name for name, _ in functions} == set(migrations.FUNCTIONS)


def data_hashes(data: bytes) -> list[bytes]:
    """The hashes that a tile holds."""
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def write_slowly(target: str, case: int) -> None:
    """Five transactions of three events each, one of which is rolled back."""
    with raw(target) as connection:
        last = 0
        for turn in range(5):
            connection.execute("BEGIN")
            for version in range(last + 1, last + 4):
                connection.execute(INSERT, (f"c{case}", version, b""))
                time.sleep(0.003 * (case % 3))
            connection.execute("ROLLBACK" if turn == case else "COMMIT")
            last += 0 if turn == case else 3


class TestSealing:
    def test_finds_what_was_committed_late_under_an_early_id(
        self, store: Store, postgres_target: str
    ) -> None:
        with raw(postgres_target) as late:
            late.execute("BEGIN")
            late.execute(INSERT, ("late", 1, b"1"))
            assert store.append([event("a", 1)]) == [0]
            assert store.append([event("a", 2)]) == [1]
            assert store.seal() == range(2, 2)
            late.execute("COMMIT")
        assert store.seal() == range(2, 3)
        assert [e.case_id for e in store.read_log()] == ["a", "a", "late"]

    def test_leaves_out_what_was_rolled_back(self, store: Store, postgres_target: str) -> None:
        with raw(postgres_target) as undone:
            undone.execute("BEGIN")
            undone.execute(INSERT, ("undone", 1, b"1"))
            store.append([event("a", 1)])
            undone.execute("ROLLBACK")
        assert store.append([event("a", 2)]) == [1]
        assert store.streams() == [("a", 2)]

    def test_is_one_clients_turn_at_a_time(self, store: Store, postgres_target: str) -> None:
        with raw(postgres_target) as other, ThreadPoolExecutor(2) as threads:
            other.execute("BEGIN")
            other.execute("LOCK TABLE log_state IN SHARE UPDATE EXCLUSIVE MODE")
            sealing = threads.submit(store.append, [event("a", 1)])
            store.append_unsealed([event("b", 1)])  # which nobody's turn keeps waiting
            time.sleep(0.1)
            assert not sealing.done()
            other.execute("ROLLBACK")
            assert len(sealing.result(timeout=30)) == 1
        store.seal()
        assert store.size() == 2

    def test_that_fails_half_way_leaves_nothing_of_the_append(
        self, store: Store, postgres_target: str
    ) -> None:
        store.append([event("a", 1)])
        with raw(postgres_target) as connection:
            connection.execute("ALTER TABLE log_state ADD CONSTRAINT full_up CHECK (size < 2)")
        with pytest.raises(DatabaseUnavailable, match="at odds with what is there") as refused:
            store.append([event("a", 2)])
        assert "full_up" in str(refused.value.__cause__)
        assert "full_up" not in str(refused.value)  # the server's own words are for its keeper
        assert [entry.version for entry in store.read("a")] == [1]
        with raw(postgres_target) as connection:
            connection.execute("ALTER TABLE log_state DROP CONSTRAINT full_up")
        assert store.append([event("a", 2)]) == [1]

    def test_keeps_the_tiles_of_every_level(self, store: Store, postgres_target: str) -> None:
        size = 66_000
        store.append([NewEntry("a", n + 1, "Raw", b"entry %d" % n) for n in range(size - 256)])
        store.append_unsealed(
            [NewEntry("a", n + 1, "Raw", b"entry %d" % n) for n in range(size - 256, size)]
        )
        store.seal()
        leaves = naive.LEAVES[:size]
        with raw(postgres_target) as connection:
            kept = connection.execute(
                "SELECT level, number, root, data FROM tiles ORDER BY level, number"
            ).fetchall()
        assert [row[:2] + row[3:] for row in kept] == naive.full_tiles(leaves)
        assert all(root == naive.mth(data_hashes(data)) for _, _, root, data in kept)
        assert store.head() == TreeHead(size, naive.mth(leaves))

    def test_makes_tiles_of_the_roots_one_level_below(self, postgres_target: str) -> None:
        """On level 2 that takes 16 million events; so the tiles below are made by hand."""
        roots = [naive.leaf(b"%d" % number) for number in range(256)]
        with raw(postgres_target) as connection:
            for level, number, root in [(1, n, root) for n, root in enumerate(roots)] + [
                (level, n, bytes(32)) for level in (0, 3) for n in range(256)
            ]:
                connection.execute(
                    "INSERT INTO tiles VALUES (?, ?, ?, ?)", (level, number, root, bytes(8192))
                )
            connection.execute("SELECT keep_tile(2, 0, ?)", (naive.mth(roots),))
            kept = connection.execute("SELECT number, root, data FROM tiles WHERE level = 2")
            assert kept.fetchall() == [(0, naive.mth(roots), b"".join(roots))]

    def test_stops_where_a_tile_has_lost_what_it_is_made_of(
        self, store: Store, postgres_target: str
    ) -> None:
        store.append([event("a", version) for version in range(1, 256)])
        with raw(postgres_target) as connection:
            connection.execute("ALTER TABLE leaves DISABLE TRIGGER ALL")
            connection.execute("DELETE FROM leaves WHERE position = 7")
        with pytest.raises(DatabaseDamaged, match="missing"):
            store.append([event("b", 1)])

    def test_the_horizon_moves_on_and_belongs_to_the_server(
        self, store: Store, postgres_target: str
    ) -> None:
        store.append([event("a", 1)])
        first, cluster = horizon(postgres_target)
        second, version, deadline = first, 1, time.monotonic() + 60
        while second == first and time.monotonic() < deadline:  # others may hold it for a while
            version += 1
            store.append([event("a", version)])
            second, again = horizon(postgres_target)
            assert cluster == again
        assert cluster is not None
        assert 0 < first < second

    def test_moves_on_beyond_a_transaction_that_stays_open_and_still_finds_what_it_wrote(
        self, store: Store, postgres_target: str
    ) -> None:
        with raw(postgres_target) as late:
            late.execute("BEGIN")
            (own,) = late.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
            for version in range(1, 4):
                store.append([event("a", version)])
            begun, _ = horizon(postgres_target)
            late.execute(INSERT, ("late", 1, b"1"))
            store.append([event("a", 4)])
            late.execute("COMMIT")
        assert begun > own
        assert store.seal() == range(4, 5)
        assert [e.case_id for e in store.read_log()] == ["a", "a", "a", "a", "late"]

    def test_finds_what_a_transaction_writes_after_it_has_sealed(
        self, store: Store, postgres_target: str
    ) -> None:
        with raw(postgres_target) as other:
            other.execute("BEGIN")
            other.execute(INSERT, ("other", 1, b"1"))
            other.execute("SELECT seal(false, 100)")
            other.execute(INSERT, ("other", 2, b"2"))
            other.execute("COMMIT")
        assert store.append([event("a", 1)]) == [2]
        assert [e.version for e in store.read("other") if e.position is not None] == [1, 2]

    def test_after_a_restore_on_another_server_looks_at_everything_once(
        self, store: Store, postgres_target: str
    ) -> None:
        store.append([event("a", 1)])
        with raw(postgres_target) as connection:
            # As a restored dump has them: an event that waits, with the transaction of elsewhere.
            connection.execute(
                "INSERT INTO events (case_id, version, type, entry, tx)"
                " VALUES ('b', 1, 'T', '', '99999999'), ('c', 1, 'T', '', '1')"
            )
            connection.execute("UPDATE log_state SET horizon = 5000000, cluster = 'elsewhere'")
        assert store.append([event("a", 2)]) == [3]
        assert [e.case_id for e in store.read_log()] == ["a", "b", "c", "a"]
        _, cluster = horizon(postgres_target)
        assert cluster != "elsewhere"
        assert store.append([event("a", 3)]) == [4]

    def test_a_restart_of_the_server_is_no_other_server(
        self, store: Store, postgres_target: str
    ) -> None:
        store.append([event("a", 1)])
        _, cluster = horizon(postgres_target)
        assert cluster is not None
        system, _, started = cluster.partition(" ")
        with raw(postgres_target) as connection:
            # It would be found by who looks at everything.
            connection.execute(
                "INSERT INTO events (case_id, version, type, entry, tx)"
                " VALUES ('b', 1, 'T', '', '1')"
            )
            connection.execute("UPDATE log_state SET cluster = ?", (f"{system} 0",))
        assert store.append([event("a", 2)]) == [1]
        assert horizon(postgres_target)[1] == cluster
        with raw(postgres_target) as connection:
            connection.execute("UPDATE log_state SET cluster = ?", ("elsewhere 0",))
        assert store.append([event("a", 3)]) == [3]
        assert horizon(postgres_target)[1] == f"{system} {started}"

    def test_after_an_import_does_not_look_at_what_was_imported(
        self, store: Store, postgres_target: str
    ) -> None:
        store.fill([event("a", 1), event("a", 2)])

        found, cluster = horizon(postgres_target)
        assert 0 < found < NO_SERVER_COMES_SO_FAR
        assert cluster is not None
        assert store.seal() == range(2, 2)

    @pytest.mark.parametrize("began", ["before", "meanwhile"])
    @pytest.mark.parametrize("ends", ["meanwhile", "after"])
    def test_after_an_import_finds_what_others_wrote_beside_it(
        self, store: Store, postgres_target: str, began: str, ends: str
    ) -> None:
        with psycopg.connect(postgres_target) as other:

            def write() -> None:
                other.execute(
                    "INSERT INTO events (case_id, version, type, entry) VALUES ('b', 1, 'T', '')"
                )

            def entries() -> Iterator[NewEntry]:
                yield event("a", 1)
                if began == "meanwhile":
                    write()
                if ends == "meanwhile":
                    other.commit()
                yield event("a", 2)

            if began == "before":
                write()
            store.fill(entries())
            other.commit()

        assert store.seal() == range(2, 3)
        assert [entry.case_id for entry in store.read_log()] == ["a", "a", "b"]

    def test_by_many_at_once_gives_every_event_one_place(
        self, store: Store, postgres_target: str
    ) -> None:
        """Writers that commit late or not at all, others that seal, and one that only seals."""
        stop = threading.Event()

        def append(case: int) -> None:
            for version in range(1, 16):
                store.append([event(f"d{case}", version)])

        def follow() -> None:
            while not stop.is_set():
                store.seal()

        with ThreadPoolExecutor(8) as threads:
            followed = threads.submit(follow)
            writing = [threads.submit(write_slowly, postgres_target, case) for case in range(4)]
            appending = [threads.submit(append, case) for case in range(3)]
            for future in [*writing, *appending]:
                future.result()
            stop.set()
            followed.result()
        store.seal()
        rows = list(store.audit())
        assert sorted(row.position or 0 for row in rows) == list(range(len(rows)))
        assert len(rows) == store.size() == 4 * 12 + 3 * 15
        assert all(row.hash == leaf_hash(row.entry) for row in rows)
        for case_id, _ in store.streams():
            places = [entry.position or 0 for entry in store.read(case_id)]
            assert places == sorted(places)

    def test_a_walk_through_all_events_sees_one_state(
        self, store: Store, postgres_target: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.audit.BATCH", 2)
        store.append([event("a", version) for version in range(1, 4)])
        with raw(postgres_target) as late:
            late.execute("BEGIN")
            late.execute(INSERT, ("late", 1, b"1"))
            store.append([event("b", version) for version in range(1, 4)])
            walk = store.audit()
            next(walk)
            late.execute("COMMIT")
            store.append([event("c", 1)])
        assert [row.position for row in walk] == [1, 2, 3, 4, 5]


class TestWaiting:
    def test_for_another_writer_of_the_same_version_ends(self, postgres_target: str) -> None:
        with Store.open(postgres_target, patience=0.1) as hasty, raw(postgres_target) as other:
            other.execute("BEGIN")
            other.execute(INSERT, ("a", 1, b""))
            with pytest.raises(LockTimeout, match="稍后"):
                hasty.append([event("a", 1)])
            with pytest.raises(LockTimeout):
                hasty.append_unsealed([event("a", 1)])
            assert hasty.read("a") == []  # reading goes on meanwhile
            other.execute("ROLLBACK")
            assert hasty.append([event("a", 1)]) == [0]

    def test_for_another_writer_that_wins_is_a_conflict(
        self, store: Store, postgres_target: str
    ) -> None:
        with raw(postgres_target) as other, ThreadPoolExecutor(1) as threads:
            other.execute("BEGIN")
            other.execute(INSERT, ("a", 1, b""))
            late = threads.submit(store.append, [event("a", 1)])
            time.sleep(0.05)
            other.execute("COMMIT")
            with pytest.raises(VersionConflict):
                late.result(timeout=30)

    def test_for_a_sealer_that_hangs_ends(self, postgres_target: str) -> None:
        with Store.open(postgres_target, patience=0.1) as hasty, raw(postgres_target) as other:
            other.execute("BEGIN")
            other.execute("LOCK TABLE log_state IN SHARE UPDATE EXCLUSIVE MODE")
            with pytest.raises(LockTimeout):
                hasty.append([event("a", 1)])
            with pytest.raises(LockTimeout):
                hasty.seal()
            other.execute("ROLLBACK")
            assert hasty.append([event("a", 1)]) == [0]

    def test_for_a_connection_when_all_are_taken_ends(
        self, postgres_target: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.postgresql.POOL", 1)
        monkeypatch.setattr("ledger.store.postgresql.POOL_MAX", 1)
        with Store.open(postgres_target, patience=0.1) as store:
            store.append([event("a", 1)])
            walk = store.audit()
            next(walk)
            with pytest.raises(LockTimeout):
                store.size()
            walk.close()  # type: ignore[attr-defined]  # it is a generator
            assert store.size() == 1


class TestTheWayToTheServer:
    def test_that_breaks_is_told_and_found_again(
        self, store: Store, postgres_target: str, server: Databases
    ) -> None:
        store.append([event("a", 1)])
        name = urlsplit(postgres_target).path[1:]
        with raw(server.url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?", (name,)
            )
        with pytest.raises(OutcomeUnknown, match="不知道是否已经写入"):
            store.append([event("a", 2)])
        assert store.append([event("a", 2)]) == [1]

    def test_that_leads_nowhere(self) -> None:
        with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/"):
            Store.open("postgresql://me:secret@127.0.0.1:1/ledger")

    def test_to_a_database_that_is_not_there(self, server: Databases) -> None:
        with pytest.raises(DatabaseUnavailable, match="no such user or database"):
            Store.open(server.named("nowhere"))

    def test_to_a_database_without_a_ledger(self, server: Databases) -> None:
        with server.empty() as url, pytest.raises(LedgerNotFound, match="not a scoretrail ledger"):
            Store.open(url)

    def test_to_a_server_too_old(
        self, postgres_target: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.postgresql.OLDEST", 990_000)
        with pytest.raises(DatabaseUnavailable, match="newer is needed"):
            Store.open(postgres_target)

    def test_that_nobody_answers_on_is_given_up(
        self, postgres_target: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Store.open(postgres_target) as store:
            monkeypatch.setattr("ledger.store.postgresql._Connection.silence_max", 0.2)
            monkeypatch.setattr("ledger.store.streams._SIZE", "SELECT 1 FROM pg_sleep(30)")
            before = time.monotonic()
            with pytest.raises(DatabaseUnavailable, match="no answer"):
                store.size()
            assert time.monotonic() - before < 15

    def test_that_is_lost_before_the_answer_leaves_the_outcome_unknown_and_is_not_used_again(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        store.append([event("a", 1)])

        def deaf(_: object, gen: Generator[object, object, object], *__: object) -> None:
            next(gen)  # the question has been sent
            raise psycopg.OperationalError("connection socket closed")

        with monkeypatch.context() as broken:
            broken.setattr("ledger.store.postgresql._Connection.wait", deaf)
            with pytest.raises(OutcomeUnknown, match="连接断了"):
                store.append_unsealed([event("a", 2)])
        with suppress(VersionConflict):  # which it is where the question was heard
            store.append([event("a", 2)])
        assert [entry.version for entry in store.read("a")] == [1, 2]
        shown = [record for record in caplog.records if not record.name.startswith("psycopg")]
        assert shown == []  # the command line would show them as a traceback

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://me:se/cr@et@127.0.0.1:1/ledger",
            "postgresql://me:se%zzcret@127.0.0.1:1/ledger",
            "postgresql://me:secret@127.0.0.1:port/ledger",
            "postgresql://me:secret@127.0.0.1:1/ledger?nonsense=secret",
            "postgresql://me:secret@127.0.0.1:1/ledger",
            "postgres://127.0.0.1:1/ledger?password=secret&user=me",
        ],
    )
    def test_never_tells_a_password(self, url: str) -> None:
        with pytest.raises((LedgerNotFound, DatabaseUnavailable)) as refused:
            Store.open(url)
        for part in ("secret", "se/cr", "et@", "zzcret"):
            assert part not in str(refused.value)

    def test_a_wrong_password_is_not_told_either(self, postgres_target: str) -> None:
        parts = urlsplit(postgres_target)
        url = parts._replace(netloc=f"postgres:geheim@{parts.hostname}:{parts.port}").geturl()
        with pytest.raises(DatabaseUnavailable, match="wrong user name or password") as refused:
            Store.open(url)
        assert "geheim" not in str(refused.value)


class TestMaking:
    def test_by_two_at_once_makes_one(self, server: Databases) -> None:
        with server.empty() as url, ThreadPoolExecutor(2) as threads:

            def make() -> bool:
                try:
                    Store.create(url).close()
                except LedgerExists:
                    return False
                return True

            made = [threads.submit(make) for _ in range(2)]
            assert sorted(one.result() for one in made) == [False, True]
            Store.open(url).close()

    def test_that_is_refused_half_way_leaves_nothing(self, server: Databases) -> None:
        with server.empty() as url:
            with raw(url) as connection:
                connection.execute("CREATE FUNCTION leaves_refuse() RETURNS int RETURN 1")
            with pytest.raises(DatabaseUnavailable):
                Store.create(url)
            assert tables(url) == set()


def tables(target: str) -> set[str]:
    with raw(target) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    return {name for (name,) in found}


@pytest.fixture(scope="module")
def on_a_disk() -> Iterator[str]:
    with databases(durable=True) as server, server.ledger() as target:
        yield target


class TestWhileAnotherAppends:
    """Who comes then ends its turn before it waits for the disk, and reports nothing before."""

    SIZE = 2_000

    def appended(self, store: Store, case: str) -> Iterator[list[int]]:
        for version in range(1, 11):
            yield store.append([event(case, version, os.urandom(self.SIZE))])

    def is_written(self, connection: Raw) -> bool:
        """Whether a power cut would take nothing."""
        asked = "SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()"
        ((number,),) = connection.execute(asked).fetchall()
        return int(number) < self.SIZE

    def test_what_is_reported_is_on_the_disk(self, on_a_disk: str) -> None:
        with Store.open(on_a_disk) as store, raw(on_a_disk) as other, raw(on_a_disk) as looking:
            other.execute("SELECT pg_advisory_lock(7270020)")
            for nth, positions in enumerate(self.appended(store, "a")):
                assert self.is_written(looking)
                assert positions == [nth]

    def test_its_turn_ends_before(self, on_a_disk: str, monkeypatch: pytest.MonkeyPatch) -> None:
        with Store.open(on_a_disk) as store, raw(on_a_disk) as other, raw(on_a_disk) as looking:
            other.execute("SELECT pg_advisory_lock(7270020)")
            monkeypatch.setattr(postgresql, "_FLUSHED", "SELECT 1")
            # The server writes every 200 ms by itself: perhaps just then.
            assert not all(self.is_written(looking) for _ in self.appended(store, "b"))
            monkeypatch.undo()
            store.wait_for_disk()
            assert self.is_written(looking)

    def test_what_goes_wrong_then_is_not_reported_as_not_written(
        self, on_a_disk: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgresql, "_FLUSHED", "SELECT pg_cancel_backend(pg_backend_pid())")
        with Store.open(on_a_disk) as store, raw(on_a_disk) as other:
            other.execute("SELECT pg_advisory_lock(7270020)")
            with pytest.raises(OutcomeUnknown):
                store.append([event("d", 1)])
            assert [entry.case_id for entry in store.read("d")] == ["d"]

    def test_alone_it_waits_in_its_turn(
        self, on_a_disk: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgresql, "_FLUSHED", "SELECT 1")
        with Store.open(on_a_disk) as store, raw(on_a_disk) as looking:
            assert all(self.is_written(looking) for _ in self.appended(store, "c"))
