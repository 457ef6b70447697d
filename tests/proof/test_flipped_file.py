"""Bits and bytes of a ledger's file changed, one at a time, wherever they lie.

No change both makes an answer another one and verifies; whatever is met is said as a problem, and
never ends the program. `make long` tries 25 times as many (`FLIPS=100000`).
"""

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from application.look import look
from application.place import LedgerPlace
from application.verify import verify
from ledger.envelope import is_case
from ledger.ledger import Ledger
from ledger.log_verification import Trust
from ledger.problem import Problem
from ledger.store import NewEntry, Store
from projections.change_log import change_log
from projections.score_sheet import score_sheet
from tests.support.small_dossier import CLOSED
from tests.support.specification import told

pytestmark = [pytest.mark.sqlite_only("the bytes of a file"), pytest.mark.slow]

FLIPS: Final = int(os.environ.get("FLIPS", "4000"))
SHARES: Final = 8
"""Tests that share the changes, so that they can run beside one another."""

SIZE_MAX: Final = 100_000
NO_DISK: Final = Path("/dev/shm")  # noqa: S108 - a folder within it is made for the run


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    within = NO_DISK if NO_DISK.is_dir() else None
    with TemporaryDirectory(dir=within) as made:
        yield Path(made)


@pytest.fixture(scope="module")
def sound(folder: Path) -> bytes:
    """A whole ledger of a small case, in pages so small that most of them hold something of it."""
    large, small = folder / "large.db", folder / "small.db"
    with Store.create(large) as store:
        store.append([NewEntry(*one[1:]) for one in told(CLOSED)])
    with closing(sqlite3.connect(large, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM INTO ?", (str(small),))
    Store.open(small).close()  # from here on it keeps a write-ahead log
    found = small.read_bytes()
    assert len(found) <= SIZE_MAX
    return found


def answers(path: Path) -> str | None:
    """What readers are told of every case; `None` where they are told of a problem instead."""
    try:
        with Store.open(path) as store:
            points = [look(store, name) for name in Ledger(store).streams() if is_case(name)]
            return repr([(score_sheet(one), change_log(one)) for one in points])
    except Problem:
        return None


def verifies(path: Path) -> bool:
    try:
        with Store.open(path) as store:
            return verify(store, LedgerPlace(str(path)), Trust()).holds
    except Problem:
        return False


def test_the_file_as_it_is_verifies(sound: bytes, folder: Path) -> None:
    path = folder / "sound.db"
    path.write_bytes(sound)
    assert verifies(path)
    assert answers(path)


@pytest.mark.parametrize("share", range(SHARES))
def test_no_change_of_a_byte_both_changes_an_answer_and_verifies(
    sound: bytes, folder: Path, share: int
) -> None:
    path = folder / f"{share}.db"
    path.write_bytes(sound)
    expected = answers(path)
    draw = random.Random(share)  # noqa: S311 - any will do, as long as they are the same in every run
    for _ in range(FLIPS // SHARES):
        place = draw.randrange(len(sound))
        change = draw.choice([1 << draw.randrange(8), draw.randrange(1, 256)])
        for beside in ("-wal", "-shm"):
            path.with_name(f"{path.name}{beside}").unlink(missing_ok=True)
        flipped = bytearray(sound)
        flipped[place] ^= change
        path.write_bytes(flipped)
        said = f"byte {place} ^ {change}"
        try:
            same, holds = answers(path) == expected, verifies(path)
        except Exception as error:
            raise AssertionError(said) from error
        assert same or not holds, said
