"""Backups as docs/backup.md tells to make them: what a restored one shows, and how it goes on."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store import NewEntry, Store
from tests.support.houses import House, kinds
from tests.support.places import Places
from tests.support.postgres import Databases, Server, is_postgres, programs, raw
from tests.support.terminal import CASE, Said, done, scoretrail

Restore = Callable[[str], str]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Databases]:
    """Another server, with transactions and an identifier of its own."""
    server = Server(programs())
    try:
        with closing(Databases(server.start().url)) as databases:
            yield databases
    finally:
        server.stop()


@pytest.fixture
def empty_elsewhere(elsewhere: Databases) -> Iterator[str]:
    with elsewhere.empty() as url:
        yield url


@pytest.fixture
def empty_here(server: Databases) -> Iterator[str]:
    with server.empty() as url:
        yield url


def run(program: str, *words: str) -> None:
    """Run a program of the server's."""
    done = subprocess.run(  # noqa: S603 - the server's own program
        [programs() / program, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def dumped(url: str, to: Path) -> Path:
    run("pg_dump", "--format=custom", f"--file={to}", url)
    return to


def restored(dump: Path, url: str) -> str:
    run("pg_restore", "--exit-on-error", f"--dbname={url}", str(dump))
    return url


def backed_up(ledger: Path, to: Path) -> Path:
    """A copy by SQLite itself, while others may write."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    return to


class Kept:
    """A ledger that is written to, on either database, and its key.

    Attributes:
        ledger: where it is now.
        house: whose it is.
    """

    def __init__(self, house: House, places: Places) -> None:
        self.ledger, self.house, self._places = house.ledger, house, places

    def words(self, *words: str) -> Said:
        key = ("--key", str(self.house.ledger.key))
        return scoretrail(self.ledger, *key, *words, lang="en")

    def goes_on(self) -> None:
        receive = ("review", "receive", CASE, "--on", "2025-01-07")
        done(self.words("--as", "unit-filer", *receive))

    def published(self, name: str) -> Path:
        path = self.house.ledger.file(f".{name}")
        done(self.words("checkpoint", "sign", "-o", str(path)))
        return path

    def backup(self) -> Path:
        path = self.house.ledger.file(".backup")
        if is_postgres(self.ledger.owner):
            return dumped(self.ledger.owner, path)
        return backed_up(Path(self.ledger.target), path)

    def restore(self, backup: Path) -> None:
        """Use the backup from now on. The key and its state stay where they are."""
        address = self.ledger.target.rpartition("/")[0]
        self.ledger = self._places.new()
        if is_postgres(self.ledger.owner):
            restored(backup, self.ledger.owner)
            self.ledger = self.ledger.under(f"{address}/{self.ledger.name}")
        else:
            backup.rename(self.ledger.target)

    def verified(self, *held: Path) -> Said:
        words = [word for one in held for word in ("--checkpoint", str(one))]
        return self.words("verify", "--json", "--vkey", self.house.vkey, *words)


@pytest.fixture
def kept(house: House, places: Places) -> Kept:
    """The reference case on either database."""
    return Kept(house, places)


class TestABackup:
    def test_that_is_as_new_as_the_ledger_goes_on(self, kept: Kept) -> None:
        last = kept.published("last")
        kept.restore(kept.backup())
        assert kinds(kept.verified(kept.house.old, last)) == set()
        kept.goes_on()
        assert kinds(kept.verified(last, kept.published("next"))) == set()

    def test_that_is_older_than_a_checkpoint_held_outside_is_recognised(self, kept: Kept) -> None:
        backup = kept.backup()
        kept.goes_on()
        outside = kept.published("outside")
        assert kinds(kept.verified(outside)) == set()
        kept.restore(backup)
        said = kept.verified(kept.house.old, outside)
        assert kinds(said) == {"rollback"}
        assert "an older backup" in said.out

    def test_that_is_older_is_not_signed(self, kept: Kept) -> None:
        backup = kept.backup()
        kept.goes_on()
        kept.published("outside")
        kept.restore(backup)
        said = kept.words("checkpoint", "sign")
        assert (said.code, said.out) == (3, "")
        assert "not signed" in said.err

    def test_that_is_older_and_went_on_otherwise_is_not_signed_either(self, kept: Kept) -> None:
        backup = kept.backup()
        kept.goes_on()
        outside = kept.published("outside")
        kept.restore(backup)
        opening = ("account", "open", "other", "--organisation", "o", "--role", "auditor")
        done(kept.words("--as", "administrator", *opening))
        assert kinds(kept.verified(outside)) == {"fork"}
        assert kept.words("checkpoint", "sign").code == 3

    def test_that_is_older_looks_sound_to_whoever_holds_nothing(self, kept: Kept) -> None:
        backup = kept.backup()
        kept.goes_on()
        kept.published("outside")
        kept.restore(backup)
        assert kinds(kept.verified()) == set()


@pytest.mark.sqlite_only("the log beside a file; a dump is taken of what is committed")
def test_a_file_is_backed_up_whole_while_its_newest_pages_are_in_the_log_beside_it(
    house: House, tmp_path: Path
) -> None:
    with Store.open(house.ledger.target) as store:
        store.append([NewEntry("late", 1, "T", b"{}")])
        assert house.ledger.file("-wal").stat().st_size
        copy = backed_up(Path(house.ledger.target), tmp_path / "copy.db")
        with Store.open(copy) as other:
            assert list(other.read_log()) == list(store.read_log())
            assert other.head() == store.head()


# Sealing after a restore --------------------------------------------------------------------------


@pytest.fixture(params=["another server", "another database of the same server"])
def fresh(request: pytest.FixtureRequest) -> str:
    """Where a dump is restored."""
    name = "empty_elsewhere" if request.param == "another server" else "empty_here"
    url: str = request.getfixturevalue(name)
    return url


def appended(case: str, count: int) -> list[NewEntry]:
    return [NewEntry(case, version, "T", b"{}") for version in range(1, count + 1)]


def identifier(url: str) -> str:
    with raw(url) as connection:
        query = "SELECT system_identifier::text FROM pg_control_system()"
        found: str = connection.execute(query).fetchone()[0]
        return found


def test_events_that_waited_for_their_places_get_them_after_a_restore(
    postgres_target: str, fresh: str, tmp_path: Path
) -> None:
    with Store.open(postgres_target) as store:
        store.append(appended("sealed", 300))
        store.append_unsealed(appended("waiting", 20))
        dump = dumped(postgres_target, tmp_path / "dump")
        before = list(store.read_log())
    with Store.open(restored(dump, fresh)) as store:
        assert store.size() == 300
        assert store.append(appended("new", 2)) == [320, 321]
        store.append_unsealed(appended("newer", 3))
        assert store.seal() == range(322, 325)
        log = list(store.read_log())
        assert log[:300] == before
        assert {one.case_id for one in log[300:320]} == {"waiting"}
        assert [one.version for one in log[300:320]] == list(range(1, 21))
        assert all(row.hash for row in store.audit())
        assert store.seal(thorough=True) == range(325, 325)


def test_the_servers_of_these_tests_are_two(postgres_target: str, empty_elsewhere: str) -> None:
    assert identifier(postgres_target) != identifier(empty_elsewhere)


def test_a_horizon_that_the_server_has_not_reached_is_of_another_one(postgres_target: str) -> None:
    """A dump restored on a copy of its own server that has come less far: same identifier."""
    with Store.open(postgres_target) as store:
        store.append(appended("a", 1))
        with raw(postgres_target) as connection:
            connection.execute("UPDATE log_state SET horizon = 1000000000000")
        store.append_unsealed(appended("waiting", 2))
        assert store.append(appended("b", 1)) == [3]
        with raw(postgres_target) as connection:
            (horizon,) = connection.execute("SELECT horizon FROM log_state").fetchone()
        assert horizon < 1000000000000
        assert store.seal(thorough=True) == range(4, 4)


def test_a_role_that_is_there_before_the_restore_has_its_rights(
    server: Databases, empty_elsewhere: str, tmp_path: Path
) -> None:
    with server.empty() as owned:
        address = done(scoretrail(None, "init", "--database", owned)).out.split()[-1]
        role = f"{owned.rpartition('/')[2]}_app"
        dump = dumped(owned, tmp_path / "dump")
        with raw(owned) as connection:
            connection.execute(f'DROP OWNED BY "{role}"')
            connection.execute(f'DROP ROLE "{role}"')
    assert address
    with raw(empty_elsewhere) as connection:
        connection.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'secret'")
    url = restored(dump, empty_elsewhere)
    there = url.replace(url.partition("//")[2].partition("@")[0], f"{role}:secret")
    opening = ("account", "open", "other", "--organisation", "o", "--role", "auditor")
    done(scoretrail(there, "--as", "administrator", *opening))
    assert done(scoretrail(there, "verify", "--json")).json["counted"]["events"] == 4
    with raw(there) as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute("DELETE FROM events")
    with raw(url) as connection:
        connection.execute(f'DROP OWNED BY "{role}"')
        connection.execute(f'DROP ROLE "{role}"')
