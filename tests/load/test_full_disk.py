"""There is no more space: it is said, nothing half is there, and it goes on once there is space.

A disk is full here in ways that need no rights: the database may have no more pages, or no file may
grow beyond a size. Where one may mount, a small disk is filled, too.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Final

import pytest

from ledger.log.tree import leaf_hash
from ledger.store import MEMORY, DatabaseUnavailable, NewEntry, Store
from tests.support.crowd import founded
from tests.support.figures import tell
from tests.support.places import Place, Places
from tests.support.postgres import Server, programs, raw
from tests.support.terminal import ROOT, Said, done, given, record, scoretrail

CASE: Final = "load-0"
ACTS: Final = 60
NO_MORE_PAGES: Final = """
import sqlite3
opened = sqlite3.connect
def connect(*words, **named):
    connection = opened(*words, **named)
    connection.execute(f"PRAGMA max_page_count = {PAGES}")
    return connection
sqlite3.connect = connect
"""
NO_LARGER_FILES: Final = """
import resource
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, ({SIZE}, hard))
"""
RUN: Final = "\nfrom cli.main import main\nmain()\n"


def limited(limit: str, ledger: Place | Path, *words: str) -> Said:
    """Run one command line in a process of its own under a limit."""
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", limit + RUN, *given(ledger), *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert "Traceback" not in ran.stderr
    return Said(ran.returncode, ran.stdout, ran.stderr)


def size_limit(size: int) -> str:
    return NO_LARGER_FILES.replace("{SIZE}", str(size))


@pytest.fixture
def ledger(places: Places) -> Place:
    """A ledger with a submitted case; in a file, all of it in that one."""
    place = places.ledger()
    founded(place.target, 1)
    return place


@pytest.fixture
def acts(tmp_path: Path) -> Path:
    """Half a megabyte of acts."""
    path = tmp_path / "acts.toml"
    path.write_text(
        f'case = "{CASE}"\nas = "reviewer"\ndated = 2024-10-12\n'
        + "".join(
            '[[command]]\ndo = "adjust-score"\nindicator = "service"\nclause = "附件1"\n'
            f'award = "{number / 100:.2f}"\njustification = "{os.urandom(4000).hex()}"\n'
            for number in range(1, ACTS + 1)
        )
    )
    return path


def assert_refused_for_want_of_space(said: Said) -> None:
    assert said.code == 5
    assert "磁盘空间" in said.err
    assert any(word in said.err for word in ("磁盘空间不足", "磁盘读写错误", "超过系统容许的大小"))


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A disk of its own in a folder."""
    mount = [str(which("mount")), "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)  # noqa: S603 - constants and a folder of our own
    try:
        yield
    finally:
        subprocess.run([str(which("umount")), str(folder)], check=True)  # noqa: S603 - the same


def may_mount() -> bool:
    """Whether one may mount here: tried, because root in a container often may not."""
    if os.geteuid() != 0 or not which("mount"):
        return False
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return not subprocess.run(tried, check=False, capture_output=True).returncode  # noqa: S603 - constants


HOWS: Final = ["pages", "files", *(["disk"] if may_mount() else [])]


@pytest.mark.sqlite_only("a file that cannot grow; a server that cannot is below")
@pytest.mark.parametrize("how", HOWS)
def test_for_a_file_leaves_all_or_nothing_and_goes_on_with_space(
    ledger: Place, acts: Path, tmp_path: Path, how: str
) -> None:
    before = record(ledger)
    apply = ("apply", str(acts))
    if how == "disk":
        folder = tmp_path / "disk"
        folder.mkdir()
        with small_disk(folder, 900):
            moved = folder / "ledger.db"
            moved.write_bytes(Path(ledger.target).read_bytes())
            filler = folder / "filler"
            filler.write_bytes(bytes(400_000))
            assert_refused_for_want_of_space(limited("", moved, *apply))
            assert record(moved) == before
            done(scoretrail(moved, "verify"))
            filler.unlink()
            acts.write_text("[[command]]".join(acts.read_text().split("[[command]]")[:10]))
            done(limited("", moved, *apply))
            done(scoretrail(moved, "verify"))
            assert len(record(moved)) == len(before) + 9
    else:
        limit = NO_MORE_PAGES.replace("{PAGES}", "1") if how == "pages" else size_limit(300_000)
        assert_refused_for_want_of_space(limited(limit, ledger, *apply))
        assert record(ledger) == before
        done(limited(limit, ledger, "verify"))  # reading goes on meanwhile
        done(limited(limit, ledger, "score", CASE))
        done(limited("", ledger, *apply))
        done(scoretrail(ledger, "verify"))
        assert len(record(ledger)) == len(before) + ACTS
    tell(f"full disk, SQLite, no more {how}", lost=0, half_there=0)


@pytest.mark.sqlite_only("a file that cannot grow; a server that cannot is below")
def test_that_comes_at_any_moment_leaves_all_or_nothing(ledger: Place, acts: Path) -> None:
    before = record(ledger)
    codes = []
    for size in (40_000, 100_000, 200_000, 400_000, 1_500_000):
        said = limited(size_limit(size), ledger, "apply", str(acts))
        codes.append(said.code)
        assert len(record(ledger)) == len(before) + (0 if said.code else ACTS)
        done(scoretrail(ledger, "verify"))
    assert codes[0] == 5
    assert codes[-1] == 0
    tell("disk full at any moment, SQLite", tried=len(codes), refused=codes.count(5))


@pytest.mark.sqlite_only("a file that cannot grow; a server that cannot is below")
def test_for_a_new_ledger_leaves_nothing_in_its_way(tmp_path: Path) -> None:
    ledger = tmp_path / "new.db"
    assert_refused_for_want_of_space(limited(size_limit(20_000), ledger, "init"))
    done(scoretrail(ledger, "init"))
    done(scoretrail(ledger, "verify"))


def test_for_evidence_leaves_no_act_that_cites_it_and_no_half_file(
    ledger: Place, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(os.urandom(600_000))
    file = tmp_path / "filing.toml"
    file.write_text(
        f'case = "{CASE}"\nas = "reviewer"\ndated = 2024-10-12\n'
        '[[act]]\ndo = "file-evidence"\nfile = "paper.pdf"\n'
    )
    words = ("apply", str(file))
    before = record(ledger)
    said = limited(size_limit(300_000), ledger, *words)
    assert said.code == 2
    assert "无法写入" in said.err
    assert record(ledger) == before
    assert [path for path in ledger.evidence.rglob("*") if path.is_file()] == []
    done(limited("", ledger, *words))
    assert len(record(ledger)) == len(before) + 1


def test_for_an_export_leaves_what_was_there(ledger: Place, acts: Path, tmp_path: Path) -> None:
    done(scoretrail(ledger, "apply", str(acts)))
    file = tmp_path / "case.jsonl"
    file.write_text("an older export")
    words = ("export", CASE, "-o", str(file))
    said = limited(size_limit(100_000), ledger, *words)
    assert said.code == 2
    assert "无法写入" in said.err
    assert file.read_text() == "an older export"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("case")] == [file.name]


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that nobody else needs to write."""
    server = Server(programs())
    try:
        yield server.start()
    finally:
        server.stop()


def fill(store: Store) -> int:
    """Append large entries, many at once, until there is no more space; how many there are then."""
    last = len(store.read("filling"))
    for _ in range(100):
        batch = [
            NewEntry("filling", last + number, "T", os.urandom(60_000)) for number in range(1, 21)
        ]
        try:
            store.append(batch)
        except DatabaseUnavailable as error:
            refused = error.text
            break
        last += 20
    else:
        raise AssertionError("there was always space")
    assert "磁盘空间" in refused.zh
    assert "extend" in refused.en
    assert len(store.read("filling")) == last
    return last


def assert_whole(target: str, count: int) -> None:
    """See that events and leaves are whole and dense, and the tree is theirs."""
    with Store.open(target) as store, Store.create(MEMORY) as fresh:
        rows = list(store.audit("filling"))
        assert [row.version for row in rows] == [*range(1, count + 1)]
        assert all(row.hash == leaf_hash(row.entry) for row in rows)
        fresh.append(
            [NewEntry(one.case_id, one.version, one.type, one.entry) for one in store.read_log()]
        )
        assert fresh.head() == store.head()


def test_for_a_server_leaves_all_or_nothing_and_goes_on_with_space(own_server: Server) -> None:
    target = own_server.url
    Store.create(target).close()
    own_server.kill()
    own_server.start(largest_file=17 << 20)  # what is written ahead comes in files of 16 MiB
    with Store.open(target) as store:
        count = fill(store)
        assert store.size() == count
        assert_whole(target, count)
        store.append([NewEntry("small", 1, "T", b"{}")])  # where there is space, it goes on
    own_server.kill()
    own_server.start()
    with Store.open(target) as store:
        store.append([NewEntry("filling", count + 1, "T", os.urandom(60_000))])
    assert_whole(target, count + 1)
    tell("full disk, PostgreSQL, no larger files", written=count + 2, half_there=0)


if may_mount():

    def test_for_a_server_on_a_small_disk(own_server: Server) -> None:
        """The tables on a disk that is full; what is written ahead has space."""
        folder = own_server.folder / "small"
        folder.mkdir()
        with small_disk(folder, 30_000):
            place = folder / "tables"
            place.mkdir(mode=0o700)
            own_server.own(place)
            with raw(own_server.url) as owner:
                owner.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
                owner.execute("CREATE DATABASE small TABLESPACE small")
            target = own_server.url.rsplit("/", 1)[0] + "/small"
            Store.create(target).close()
            filler = folder / "filler"
            filler.write_bytes(bytes(8_000_000))
            with Store.open(target) as store:
                count = fill(store)
                assert_whole(target, count)
                filler.unlink()
                store.append([NewEntry("filling", count + 1, "T", os.urandom(60_000))])
            assert_whole(target, count + 1)
            with raw(own_server.url) as owner:
                owner.execute("DROP DATABASE small WITH (FORCE)")
                owner.execute("DROP TABLESPACE small")
        tell("full disk, PostgreSQL, a small disk", written=count + 1, half_there=0)
