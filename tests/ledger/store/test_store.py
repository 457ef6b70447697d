import multiprocessing
import os
import random
import re
import shutil
import signal
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.tree import leaf_hash
from ledger.store import (
    ENTRY_MAX,
    MEMORY,
    DatabaseDamaged,
    DatabaseUnavailable,
    Entry,
    FrozenLedger,
    LedgerExists,
    LedgerNotEmpty,
    LedgerNotFound,
    LockTimeout,
    NewEntry,
    ReadOnly,
    RecordedBefore,
    SchemaMismatch,
    Store,
    StoreClosed,
    StoreError,
    TooLarge,
    VersionConflict,
)
from ledger.store.database import Opening
from ledger.store.store import connect
from tests.support import naive_log as naive
from tests.support.postgres import is_postgres, raw

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["ledger.store"])
INSERT = "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, 'Raw', ?)"
INSERT_AT = "INSERT INTO events (id, case_id, version, type, entry) VALUES (?, ?, ?, 'Raw', ?)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def file_store(path: Path) -> Iterator[Store]:
    with Store.create(path) as made:
        yield made


def event(case_id: str, version: int, entry: bytes = b"{}") -> NewEntry:
    return NewEntry(case_id=case_id, version=version, type="ScoreAdjusted", entry=entry)


def events(case_id: str, versions: Sequence[int]) -> list[NewEntry]:
    return [event(case_id, version, f"{case_id} v{version}".encode()) for version in versions]


def assert_sound(target: str | Path) -> None:
    """Positions are dense, every event has one and is hashed, and no version is missing."""
    with Store.open(target) as store:
        log = list(store.read_log())
        assert [entry.position for entry in log] == list(range(store.size()))
        for case_id, last in store.streams():
            stream = store.read(case_id)
            assert [entry.version for entry in stream] == list(range(1, last + 1))
            assert [e.position for e in stream] == sorted(e.position or 0 for e in stream)
        head = store.head()
    with raw(target) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (len(log),)
        hashes = connection.execute("SELECT hash FROM leaves ORDER BY position").fetchall()
        assert hashes == [(leaf_hash(entry.entry),) for entry in log]
        leaves = [found for (found,) in hashes]
        tiles = connection.execute("SELECT level, number, data FROM tiles ORDER BY level, number")
        assert tiles.fetchall() == naive.full_tiles(leaves)
        assert head == (len(leaves), naive.mth(leaves))
        if not is_postgres(target):
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


class TestAppendingAndReading:
    def test_a_new_ledger_is_empty(self, store: Store) -> None:
        assert store.size() == 0
        assert store.streams() == []
        assert store.read("a") == []
        assert list(store.read_log()) == []

    def test_positions_count_from_zero_across_cases(self, store: Store) -> None:
        assert store.append([event("a", 1), event("b", 1)]) == [0, 1]
        assert store.append([event("a", 2)]) == [2]
        assert store.size() == 3

    def test_a_case_is_read_in_the_order_of_its_versions(self, store: Store) -> None:
        store.append([event("a", 1, b"1"), event("b", 1, b"x"), event("a", 2, b"2")])
        assert store.read("a") == [
            Entry(position=0, case_id="a", version=1, type="ScoreAdjusted", entry=b"1"),
            Entry(position=2, case_id="a", version=2, type="ScoreAdjusted", entry=b"2"),
        ]

    def test_a_case_is_read_up_to_a_version(self, store: Store) -> None:
        store.append(events("a", range(1, 6)))
        assert [entry.version for entry in store.read("a", upto=3)] == [1, 2, 3]
        assert store.read("a", upto=0) == []

    def test_a_stream_is_the_same_without_what_its_bytes_say(self, store: Store) -> None:
        store.append([event("a", 1, b"1"), event("b", 1, b"x"), event("a", 2, b"2")])
        store.append_unsealed([event("a", 3, b"3")])
        assert store.stream("a") == [(0, b"1"), (2, b"2"), (None, b"3")]
        assert store.stream("a", upto=1) == [(0, b"1")]
        assert store.stream("c") == []

    def test_the_log_is_read_in_the_order_of_positions(self, store: Store) -> None:
        store.append([event("b", 1), event("a", 1), event("b", 2)])
        assert [(e.case_id, e.version) for e in store.read_log()] == [("b", 1), ("a", 1), ("b", 2)]

    def test_the_log_is_read_from_a_position_on_and_not_further_than_asked(
        self, store: Store
    ) -> None:
        store.append(events("a", range(1, 11)))
        assert [entry.position for entry in store.read_log(start=3, limit=4)] == [3, 4, 5, 6]
        assert [entry.position for entry in store.read_log(start=8, limit=4)] == [8, 9]
        assert list(store.read_log(start=10)) == []
        assert list(store.read_log(limit=0)) == []

    def test_a_log_longer_than_a_batch_is_read_whole(self, store: Store) -> None:
        store.append(events("a", range(1, 2501)))
        assert [entry.position for entry in store.read_log()] == list(range(2500))
        assert [entry.position for entry in store.read_log(1500)] == list(range(1500, 2500))

    def test_what_is_appended_while_the_log_is_read_comes_at_its_end(self, store: Store) -> None:
        store.append(events("a", range(1, 1001)))
        reading = store.read_log()
        next(reading)
        store.append(events("a", [1001]))
        assert [entry.version for entry in reading][-1] == 1001

    def test_streams_come_with_their_last_version(self, store: Store) -> None:
        store.append([event("b", 1), event("a", 1), event("b", 2)])
        assert store.streams() == [("a", 1), ("b", 2)]

    def test_nothing_to_append_writes_nothing(self, store: Store) -> None:
        assert store.append([]) == []
        assert store.size() == 0

    def test_what_is_appended_unsealed_gets_its_place_with_the_next_seal(
        self, store: Store, store_target: str
    ) -> None:
        store.append_unsealed([event("a", 1), event("b", 1)])
        store.append_unsealed([event("a", 2)])
        store.append_unsealed([])
        assert store.size() == 0
        assert [entry.position for entry in store.read("a")] == [None, None]
        assert store.seal() == range(3)
        assert_sound(store_target)

    def test_what_is_appended_unsealed_is_refused_like_all_else(self, store: Store) -> None:
        store.append_unsealed([event("a", 1)])
        with pytest.raises(VersionConflict):
            store.append_unsealed([event("b", 1), event("a", 1)])
        with pytest.raises(TooLarge):
            store.append_unsealed([event("a", 2, bytes(ENTRY_MAX + 1))])
        assert store.streams() == [("a", 1)]

    def test_what_has_piled_up_is_sealed_in_several_steps(
        self, store: Store, store_target: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in ("store", "sqlite", "postgresql"):
            monkeypatch.setattr(f"ledger.store.{module}.SEQUENCE_BATCH", 10)
        store.append([event("first", 1)])
        store.append_unsealed(events("a", range(1, 31)))
        store.append_unsealed(events("b", range(1, 6)))
        assert store.append(events("c", range(1, 3))) == [36, 37]
        assert store.seal() == range(38, 38)
        store.append_unsealed(events("d", range(1, 31)))
        assert store.seal() == range(38, 68)
        assert_sound(store_target)

    @pytest.mark.slow
    @given(entries=st.lists(st.binary(max_size=300), min_size=1, max_size=5))
    def test_any_bytes_come_back_verbatim(self, entries: list[bytes]) -> None:
        with Store.create(MEMORY) as store:
            store.append([event("a", v, entry) for v, entry in enumerate(entries, start=1)])
            assert [entry.entry for entry in store.read("a")] == entries
            assert [entry.entry for entry in store.read_log()] == entries

    def test_every_byte_and_the_longest_entry_come_back_verbatim(self, store: Store) -> None:
        longest = (bytes(range(256)) * 256)[:ENTRY_MAX]
        store.append([event("a", 1, longest)])
        assert store.read("a")[0].entry == longest

    def test_words_in_any_script_come_back(self, store: Store) -> None:
        store.append([NewEntry(case_id="湛江", version=1, type="得分调整", entry=b"")])
        assert store.read("湛江")[0].type == "得分调整"

    def test_an_entry_too_long_for_the_log_is_refused_with_the_whole_batch(
        self, store: Store
    ) -> None:
        with pytest.raises(TooLarge, match="65535"):
            store.append([event("a", 1), event("a", 2, bytes(ENTRY_MAX + 1))])
        assert store.size() == 0

    def test_threads_share_a_store(self, store: Store) -> None:
        def write(case: int) -> list[int]:
            return [store.append([event(f"c{case}", v)])[0] for v in range(1, 26)]

        with ThreadPoolExecutor(8) as threads:
            positions = [p for given in threads.map(write, range(8)) for p in given]
        assert sorted(positions) == list(range(200))

    def test_a_store_in_memory_ends_with_itself(self) -> None:
        with Store.create(MEMORY) as store:
            assert store.append([event("a", 1)]) == [0]
        with Store.create(MEMORY) as store:
            assert store.size() == 0


class TestAFailureOfOurOwn:
    def test_half_way_leaves_nothing(self, store: Store, store_target: str) -> None:
        store.append([event("a", 1)])
        with (
            closing(connect(store_target, Opening.OPEN)) as database,
            pytest.raises(ZeroDivisionError),
            database.writing() as transaction,
        ):
            defect(transaction.append([event("a", 2), event("b", 1)]))
        assert store.streams() == [("a", 1)]
        assert store.append([event("a", 2)]) == [1]
        assert_sound(store_target)


def defect(*_: object) -> None:
    raise ZeroDivisionError


class TestAVersionThatIsTaken:
    def test_writes_nothing_of_the_batch(self, store: Store) -> None:
        store.append([event("a", 1)])
        with pytest.raises(VersionConflict) as refused:
            store.append([event("b", 1), event("a", 1), event("c", 1)])
        assert (refused.value.case_id, refused.value.version) == ("a", 1)
        assert store.streams() == [("a", 1)]
        assert store.size() == 1

    def test_leaves_what_was_there(self, store: Store) -> None:
        store.append([event("a", 1, b"first")])
        with pytest.raises(VersionConflict):
            store.append([event("a", 1, b"second")])
        assert [entry.entry for entry in store.read("a")] == [b"first"]

    def test_may_be_taken_by_the_batch_itself(self, store: Store) -> None:
        with pytest.raises(VersionConflict):
            store.append([event("a", 1), event("a", 1)])
        assert store.size() == 0

    def test_does_not_stop_the_next_append_and_leaves_no_gap(self, store: Store) -> None:
        store.append([event("a", 1)])
        with pytest.raises(VersionConflict):
            store.append([event("a", 1)])
        assert store.append([event("a", 2)]) == [1]

    def test_says_so_in_both_languages(self, store: Store) -> None:
        store.append([event("a", 1)])
        with pytest.raises(VersionConflict) as refused:
            store.append([event("a", 1)])
        assert "已由其他账号写入" in refused.value.text.zh
        assert "another account" in refused.value.text.en


@pytest.mark.sqlite_only("its triggers; those of a server in test_postgresql.py")
class TestTheRecordInAFileOnlyGrows:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE events SET entry = x'01'",
            "UPDATE events SET version = version + 1",
            "DELETE FROM events",
            "DELETE FROM events WHERE id = 1",
            "INSERT OR REPLACE INTO events VALUES (1, 'b', 9, 'Raw', x'01')",
            "REPLACE INTO events (case_id, version, type, entry) VALUES ('a', 1, 'Raw', x'01')",
            "INSERT INTO events VALUES (NULL, 'a', 1, 'Raw', x'01')"  # noqa: ISC004 - one statement
            " ON CONFLICT (case_id, version) DO UPDATE SET entry = x'01'",
            "UPDATE leaves SET hash = zeroblob(32)",
            "DELETE FROM leaves",
            "INSERT OR REPLACE INTO leaves VALUES (0, 2, zeroblob(32))",
            "INSERT OR REPLACE INTO leaves VALUES (2, 1, zeroblob(32))",
        ],
    )
    def test_even_for_raw_sql(self, file_store: Store, path: Path, statement: str) -> None:
        file_store.append([event("a", 1), event("a", 2)])
        before = list(file_store.read_log())
        with raw(path) as connection, pytest.raises(sqlite3.IntegrityError, match="只增不改"):
            connection.execute(statement)
        assert list(file_store.read_log()) == before
        assert_sound(path)

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO events VALUES (NULL, 'a', 1, 'Raw', 'text is not bytes')",
            "INSERT INTO events VALUES (NULL, 'a', 'one', 'Raw', x'00')",
            "INSERT INTO events VALUES (NULL, NULL, 1, 'Raw', x'00')",
            "INSERT INTO events VALUES (0, 'a', 1, 'Raw', x'00')",
            "INSERT INTO events VALUES (NULL, 'a', 1, 'Raw', zeroblob(65536))",
            "INSERT INTO leaves VALUES (0, 1, x'00')",
            "INSERT INTO log_state VALUES (2, 0, x'', 0, NULL)",
        ],
    )
    def test_and_takes_nothing_misshapen(
        self, file_store: Store, path: Path, statement: str
    ) -> None:
        with raw(path) as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        assert file_store.streams() == []

    def test_positions_survive_a_vacuum(self, file_store: Store, path: Path) -> None:
        file_store.append([event("b", 1), event("a", 1), event("b", 2)])
        before = list(file_store.read_log())
        with raw(path) as connection:
            connection.execute("VACUUM")
        assert list(file_store.read_log()) == before
        assert file_store.append([event("a", 2)]) == [3]
        assert_sound(path)


class TestAnEventThatNobodySealed:
    def test_has_no_position_and_is_not_in_the_log_yet(
        self, store: Store, store_target: str
    ) -> None:
        with raw(store_target) as connection:
            connection.execute(INSERT, ("a", 1, b""))
        assert [entry.position for entry in store.read("a")] == [None]
        assert list(store.read_log()) == []
        assert store.size() == 0

    def test_is_sealed_at_the_end(self, store: Store, store_target: str) -> None:
        store.append([event("a", 1)])
        with raw(store_target) as connection:
            connection.execute(INSERT, ("b", 1, b""))
            connection.execute(INSERT, ("a", 2, b""))
        assert store.seal() == range(1, 3)
        assert [(e.case_id, e.version) for e in store.read_log()] == [("a", 1), ("b", 1), ("a", 2)]
        assert store.seal() == range(3, 3)
        assert_sound(store_target)

    def test_is_sealed_by_the_next_append_before_its_own(
        self, store: Store, store_target: str
    ) -> None:
        with raw(store_target) as connection:
            connection.execute(INSERT, ("b", 1, b""))
        assert store.append([event("a", 1), event("a", 2)]) == [1, 2]
        assert_sound(store_target)

    def test_is_found_by_a_thorough_seal_even_under_an_old_id(
        self, store: Store, store_target: str
    ) -> None:
        with raw(store_target) as connection:
            connection.execute(INSERT_AT, (100, "a", 1, b""))
            store.seal()
            connection.execute(INSERT_AT, (50, "b", 1, b""))
        store.seal()
        store.seal(thorough=True)
        assert store.size() == 2
        assert_sound(store_target)


def write_on(target: str, seed: int, count: int) -> None:
    """Append to cases that others write too, until `count` events of one's own are in."""
    choose = random.Random(seed)  # noqa: S311 - the same choices in every run
    with Store.open(target, patience=60) as store:
        written = 0
        while written < count:
            case_id = choose.choice("abc")
            last = len(store.read(case_id))
            try:
                store.append(events(case_id, range(last + 1, last + 1 + choose.randint(1, 3))))
            except VersionConflict:
                continue
            written += 1


def write_batches(target: str, case_id: str, ready: Event) -> None:
    with Store.open(target, patience=60) as store:
        last = len(store.read(case_id))
        ready.set()
        while True:
            store.append(events(case_id, range(last + 1, last + 6)))
            last += 5


@pytest.mark.slow
class TestManyWriters:
    def test_of_the_same_cases_leave_no_gap_and_no_fork(
        self, store: Store, store_target: str
    ) -> None:
        writers = [
            PROCESSES.Process(target=write_on, args=(store_target, seed, 12)) for seed in range(8)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert [writer.exitcode for writer in writers] == [0] * 8
        assert store.size() >= 8 * 12
        assert_sound(store_target)

    def test_killed_at_any_moment_never_leave_half_a_batch(
        self, store: Store, store_target: str
    ) -> None:
        moments = random.Random(2023)  # noqa: S311 - the same moments in every run
        for case_id in "abcde" * 2:
            ready = PROCESSES.Event()
            writer = PROCESSES.Process(target=write_batches, args=(store_target, case_id, ready))
            writer.start()
            assert ready.wait(30)
            time.sleep(moments.uniform(0, 0.03))
            assert writer.pid is not None
            os.kill(writer.pid, signal.SIGKILL)
            writer.join()
            assert [last % 5 for _, last in store.streams()] == [0] * len(store.streams())
            assert_sound(store_target)
        assert store.size() > 0

    @pytest.mark.sqlite_only("one writes to a file at a time; on a server many do")
    def test_of_a_file_wait_for_each_other_but_not_for_ever(
        self, file_store: Store, path: Path
    ) -> None:
        file_store.append([event("a", 1)])
        with raw(path) as other, Store.open(path, patience=0.05) as hasty:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(LockTimeout) as refused:
                hasty.append([event("a", 2)])
            assert "稍后" in refused.value.text.zh
            assert [entry.version for entry in hasty.read("a")] == [1]  # reading goes on meanwhile
            other.execute("ROLLBACK")
            assert hasty.append([event("a", 2)]) == [1]


class TestOpening:
    def test_again_finds_everything(self, empty_target: str) -> None:
        with Store.create(empty_target) as store:
            store.append([event("a", 1, b"1"), event("b", 1, b"2")])
            before = list(store.read_log())
        with Store.open(empty_target) as store:
            assert list(store.read_log()) == before
            assert store.append([event("a", 2)]) == [2]

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_by_a_text_or_a_path_with_any_signs_in_it(self, tmp_path: Path) -> None:
        path = tmp_path / "账本 50%?mode=ro#1.db"
        Store.create(str(path)).close()
        assert path.is_file()
        Store.open(str(path)).close()

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_keeps_a_write_ahead_log(self, file_store: Store, path: Path) -> None:
        file_store.append([event("a", 1)])
        with raw(path) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)

    def test_a_file_that_is_not_there(self, path: Path) -> None:
        with pytest.raises(LedgerNotFound, match="没有这个文件"):
            Store.open(path)
        assert not path.exists()

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_a_file_that_is_not_a_database(self, path: Path) -> None:
        path.write_text("得分,满分\n93.89,100\n" * 100)
        with pytest.raises(LedgerNotFound, match="not a database"):
            Store.open(path)

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_an_empty_file(self, path: Path) -> None:
        path.touch()
        with pytest.raises(LedgerNotFound, match="not a scoretrail ledger"):
            Store.open(path)
        assert path.read_bytes() == b""

    @pytest.mark.sqlite_only("a file, byte by byte; a server in test_postgresql.py")
    def test_the_database_of_another_program_which_is_left_as_it_is(self, path: Path) -> None:
        with raw(path) as connection:
            connection.execute("CREATE TABLE events (id INTEGER)")
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        before = path.read_bytes()
        with pytest.raises(LedgerNotFound, match="not a scoretrail ledger"):
            Store.open(path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        ("revision", "words"), [("0000", "older than this program"), ("9999", "newer than")]
    )
    def test_a_ledger_of_another_revision(
        self, store_target: str, revision: str, words: str
    ) -> None:
        with raw(store_target) as connection:
            connection.execute("UPDATE scoretrail_schema SET version_num = ?", (revision,))
        with pytest.raises(SchemaMismatch, match=words) as refused:
            Store.open(store_target)
        assert refused.value.found == revision

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(LedgerNotFound):
            Store.open(tmp_path)

    def test_a_server_that_is_not_served_without_telling_its_password(self) -> None:
        with pytest.raises(LedgerNotFound, match="SQLite") as refused:
            Store.open("mysql://me:secret@db/ledger")
        assert "secret" not in str(refused.value)

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_a_ledger_in_a_folder_that_nobody_may_write(self) -> None:
        with read_only_folder() as folder, pytest.raises(DatabaseUnavailable, match="权限"):
            Store.open(folder / "ledger.db").append([event("a", 1)])

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_a_ledger_where_nothing_can_be_written_is_read_and_says_what_it_may_lack(self) -> None:
        with read_only_folder([event("a", 1)]) as folder:
            with Store.open(folder / "ledger.db") as store:
                assert store.may_lack is not None
                assert [entry.version for entry in store.read_log()] == [1]
                with store.projection_transaction(writing=True) as beside:
                    beside.connection.exec_driver_sql("CREATE TABLE projections.one (n INTEGER)")
                with pytest.raises(ReadOnly):
                    store.append([event("a", 2)])
            assert [file.name for file in folder.iterdir()] == ["ledger.db"]

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_what_waits_in_a_log_beside_it_is_read_there_too(self) -> None:
        with read_only_folder([event("a", 1)], still_open=True) as folder:
            assert (folder / "ledger.db-wal").stat().st_size > 0
            with Store.open(folder / "ledger.db") as store:
                assert store.may_lack is None
                assert store.size() == 1
                with pytest.raises(ReadOnly):
                    store.append([event("a", 2)])

    @pytest.mark.sqlite_only("a damaged file; a server finds damage itself")
    def test_a_broken_file_is_said_to_be_broken(self, path: Path) -> None:
        with Store.create(path) as store:
            store.append(events("a", range(1, 500)))
        whole = bytearray(path.read_bytes())
        whole[4096 * 2 :] = b"\xff" * (len(whole) - 4096 * 2)
        path.write_bytes(whole)
        with pytest.raises(DatabaseDamaged, match="保留原件"), Store.open(path) as store:
            list(store.read_log())


class TestMaking:
    def test_refuses_a_ledger_that_exists_and_leaves_it(self, store_target: str) -> None:
        with Store.open(store_target) as store:
            store.append([event("a", 1)])
        with pytest.raises(LedgerExists, match="已存在"):
            Store.create(store_target)
        with Store.open(store_target) as store:
            assert store.size() == 1

    def test_refuses_the_database_of_another_program_and_leaves_it(self, empty_target: str) -> None:
        with raw(empty_target) as connection:
            connection.execute("CREATE TABLE theirs (id INTEGER)")
            with pytest.raises(LedgerExists):
                Store.create(empty_target)
            connection.execute("CREATE TABLE events (id INTEGER)")  # there is none yet

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_refuses_a_file_that_is_not_a_database_and_leaves_it(self, path: Path) -> None:
        path.write_text("得分,满分\n93.89,100\n" * 100)
        before = path.read_bytes()
        with pytest.raises(LedgerNotFound):
            Store.create(path)
        assert path.read_bytes() == before

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_takes_up_an_empty_file_that_an_interrupted_attempt_left(self, path: Path) -> None:
        path.touch()
        with Store.create(path) as store:
            assert store.append([event("a", 1)]) == [0]

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_in_a_folder_that_is_not_there(self, path: Path) -> None:
        with pytest.raises(DatabaseUnavailable):
            Store.create(path / "ledger.db")

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_in_a_folder_that_nobody_may_write(self) -> None:
        with read_only_folder() as folder, pytest.raises(DatabaseUnavailable):
            Store.create(folder / "new.db")


class TestClosing:
    def test_ends_every_use(self, store_target: str) -> None:
        store = Store.open(store_target)
        reading = store.read_log()
        store.close()
        with pytest.raises(StoreClosed):
            store.append([event("a", 1)])
        with pytest.raises(StoreClosed):
            store.size()
        with pytest.raises(StoreClosed):
            next(reading)

    def test_twice_is_fine(self, store: Store) -> None:
        store.close()
        store.close()

    @pytest.mark.sqlite_only("about a file; a server has none of its own to open")
    def test_leaves_one_file_that_can_be_copied(self, tmp_path: Path, path: Path) -> None:
        with Store.create(path) as store:
            store.append([event("a", 1)])
        assert list(tmp_path.iterdir()) == [path]


def test_every_error_says_where_and_what_to_do_in_both_languages() -> None:
    errors: list[StoreError] = [
        VersionConflict("a", 1),
        RecordedBefore("2027-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000000Z", 7),
        LockTimeout("账本.db"),
        TooLarge("a", 1, 70_000),
        FrozenLedger("账本.db"),
        LedgerExists("账本.db"),
        LedgerNotFound("账本.db", "没有这个文件", "there is no such file"),
        SchemaMismatch("账本.db", "0000"),
        DatabaseUnavailable("账本.db", "disk full"),
        DatabaseDamaged("账本.db", "malformed"),
        LedgerNotEmpty("账本.db"),
        StoreClosed("账本.db"),
    ]
    assert {type(error) for error in errors} == set(StoreError.__subclasses__())
    for error in errors:
        assert re.search("[。；]请", error.text.zh)
        assert re.search(r"[.;] [A-Za-z]", error.text.en)
        assert str(error) == str(error.text)


@contextmanager
def read_only_folder(
    entries: Sequence[NewEntry] = (), *, still_open: bool = False
) -> Iterator[Path]:
    """A folder with a ledger, where even a test run by root may only read.

    Args:
        entries: what is in it.
        still_open: it is a copy of one that is in use, with all that lies beside it.
    """
    folder = Path(tempfile.mkdtemp())
    with tempfile.TemporaryDirectory() as elsewhere:
        used = Path(elsewhere) / "ledger.db"
        with Store.create(used) as store:
            store.append(entries)
            if still_open:
                for name in ("ledger.db", "ledger.db-wal"):
                    shutil.copy(used.with_name(name), folder)
        if not still_open:
            shutil.copy(used, folder)
    for file in folder.iterdir():
        file.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
