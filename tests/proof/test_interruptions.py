"""Stopped at any write, the command line loses nothing, doubles nothing, and goes on afterwards.

Acknowledged is what a command said it recorded. What it was about to record is there whole or not
at all; repeating the same act makes it one event in either case.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from shutil import copytree, rmtree
from typing import NamedTuple

import pytest

from ledger.commands import CommandEnvelope, SubmitFigure
from ledger.ledger import DryRunStore, Ledger
from ledger.store import NewEntry, Store
from ledger.values import Figure
from tests.support.houses import kinds, signed
from tests.support.interrupted import CUT, KILLED, Ended, How, interrupted, limited
from tests.support.places import Place, Places
from tests.support.postgres import Databases, is_postgres, raw
from tests.support.sample import SLOW, so_many
from tests.support.terminal import CASE, Row, Said, done, record, scoretrail

SUBMIT = (
    *("--as", "unit-filer", "--dated", "2024-08-01"),
    *("submit", "self-evaluation", CASE, "--id", "the-submission"),
)
WRITES_MAX = 200
"""Far more than any of these commands makes: a loop that never ends is a failure, too."""


class Signed(NamedTuple):
    """A ledger that has signed, what it held then, and a checkpoint of it in other hands."""

    ledger: Place
    vkey: str
    held: Path
    before: list[Row]

    def copy(self, places: Places) -> "Signed":
        """The same, to be written to."""
        ledger = places.copy(self.ledger)
        for what in (".key", ".key.state", ".key.pub"):
            ledger.file(what).write_bytes(self.ledger.file(what).read_bytes())
            ledger.file(what).chmod(0o600)
        return self._replace(ledger=ledger)

    def verify(self) -> Said:
        words = ("--vkey", self.vkey, "--checkpoint", str(self.held))
        return scoretrail(self.ledger, "verify", "--json", *words, lang="en")


@pytest.fixture(scope="module")
def claimed(
    database: Databases | None,
    built: Mapping[str, Place],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Signed]:
    """All claims made, nothing submitted. Not to be written to."""
    folder = tmp_path_factory.mktemp("claimed")
    with Places(folder, database) as places:
        ledger = places.copy(built["claimed"])
        made = done(scoretrail(ledger, "key", "generate", "proof.example/log1"))
        held = signed(ledger, folder / "held")
        yield Signed(ledger, made.out.split()[-1], held, record(ledger))


def stopped_anywhere(
    house: Signed, words: Sequence[str], how: How, places: Places
) -> Iterator[tuple[Signed, Ended]]:
    """The house after each write at which a command line was stopped."""
    for at in count(1, step(house)):
        assert at < WRITES_MAX
        one = house.copy(places)
        ended = interrupted(one.ledger, words, at, how, one.ledger.file(".heard"))
        if not ended.reached:
            assert at > 5  # a command that writes nothing would show nothing
            return
        yield one, ended


def step(house: Signed) -> int:
    """Each write in a file; on a server, where a copy takes long, each third; in CI a quarter."""
    usual = 3 if is_postgres(house.ledger.target) else 1
    return so_many(usual if SLOW == 1 else 4 * usual, 1)


def is_sound(house: Signed) -> None:
    """All that was there is there; and it verifies against what left the house."""
    assert record(house.ledger)[: len(house.before)] == house.before
    assert kinds(house.verify()) == set()
    for receipt in sorted(house.ledger.file(".receipts").glob("*.tlog-proof")):
        entry = receipt.with_suffix(".json")
        verify = ("receipt", "verify", str(receipt), str(entry), "--vkey", house.vkey)
        done(scoretrail(None, *verify))


def goes_on(house: Signed, ended: Ended) -> None:
    """The act is recorded once, whether or not it had been when it was stopped."""
    new = record(house.ledger)[len(house.before) :]
    assert len(new) <= 1
    assert new or "recorded" not in ended.heard
    assert not new or ended.code not in {1, 2}  # which promise that nothing was written
    done(scoretrail(house.ledger, *SUBMIT))
    whole = record(house.ledger)
    assert len(whole) == len(house.before) + 1
    assert whole[len(house.before) :] == new or not new
    receipt = house.ledger.file(".later.tlog-proof")
    done(scoretrail(house.ledger, "receipt", "issue", CASE, "-o", str(receipt)))
    is_sound(house)


def stopped(ended: Ended) -> None:
    """Killed, or in words; or not at all, where what went wrong was not needed."""
    if ended.code not in {0, KILLED}:
        complains(ended)


def complains(ended: Ended) -> None:
    """In words, and with an exit code for what is not a matter of the record."""
    assert ended.code in {2, 3, 5}, ended
    assert "Error: " in ended.heard
    assert "Traceback" not in ended.heard


class TestAnActWithItsReceipt:
    def test_killed_at_any_write(self, claimed: Signed, places: Places) -> None:
        recorded = set()
        for house, ended in stopped_anywhere(claimed, SUBMIT, "killed", places):
            assert ended.code == KILLED
            is_sound(house)
            recorded.add(len(record(house.ledger)) - len(house.before))
            goes_on(house, ended)
        assert recorded == {0, 1}

    @pytest.mark.parametrize("how", ["full", "broken"])
    def test_without_space_or_with_a_broken_disk(
        self, how: How, claimed: Signed, places: Places
    ) -> None:
        for house, ended in stopped_anywhere(claimed, SUBMIT, how, places):
            stopped(ended)
            is_sound(house)
            goes_on(house, ended)

    @pytest.mark.sqlite_only("a server's files are written by no command line; see tests/load")
    def test_killed_at_any_write_of_the_database_library(
        self, claimed: Signed, places: Places
    ) -> None:
        """Anywhere in the write-ahead log, in the middle of a page, too."""
        killed = 0
        for house, ended in without_room(claimed, places, kill=True):
            assert ended.code == CUT
            killed += 1
            is_sound(house)
            goes_on(house, ended)
        assert killed > 10

    @pytest.mark.sqlite_only("a server's files are written by no command line; see tests/load")
    def test_when_the_database_library_finds_no_room(self, claimed: Signed, places: Places) -> None:
        for house, ended in without_room(claimed, places, kill=False):
            complains(ended)
            is_sound(house)
            goes_on(house, ended)


def without_room(house: Signed, places: Places, *, kill: bool) -> Iterator[tuple[Signed, Ended]]:
    """The house after a submission that had room for so much of the write-ahead log, and less."""
    for size in count(2_000, 1_000):
        assert size < WRITES_MAX * 1_000
        one = house.copy(places)
        with raw(one.ledger.owner) as reader:  # keeps the shared files in place
            reader.execute("SELECT size FROM log_state").fetchall()
            ended = limited(one.ledger, SUBMIT, size, one.ledger.file(".heard"), kill=kill)
        if ended.code == 0:
            return
        yield one, ended


def test_a_checkpoint_killed_at_any_write(claimed: Signed, places: Places, tmp_path: Path) -> None:
    done(scoretrail((grown := claimed.copy(places)).ledger, *SUBMIT[:-2]))
    grown = grown._replace(before=record(grown.ledger))
    to = tmp_path / "checkpoint"
    for house, ended in stopped_anywhere(
        grown, ("checkpoint", "sign", "-o", str(to)), "killed", places
    ):
        assert ended.code == KILLED
        is_sound(house)
        done(scoretrail(house.ledger, "checkpoint", "sign", "-o", str(to)))
        is_sound(house._replace(held=to))


def contents(folder: Path) -> dict[str, bytes]:
    """The published files; what was being prepared is none."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and one.name != ".draft"
    }


@pytest.mark.parametrize("how", ["killed", "full"])
def test_a_publication_stopped_at_any_write(
    how: How, claimed: Signed, places: Places, tmp_path: Path
) -> None:
    older, public = tmp_path / "older", tmp_path / "public"
    grown = claimed.copy(places)
    done(scoretrail(grown.ledger, "publish", str(older)))
    done(scoretrail(grown.ledger, *SUBMIT))
    grown = grown._replace(before=record(grown.ledger))
    copytree(older, tmp_path / "newer")
    done(scoretrail(grown.ledger, "publish", str(tmp_path / "newer")))
    old, new = contents(older), contents(tmp_path / "newer")
    assert old["checkpoint"] != new["checkpoint"]
    seen = set()
    for at in count(1):
        assert at < WRITES_MAX
        house = grown.copy(places)
        rmtree(public, ignore_errors=True)
        copytree(older, public)
        ended = interrupted(house.ledger, ("publish", str(public)), at, how, tmp_path / "heard")
        if not ended.reached:
            break
        stopped(ended)
        found = contents(public)
        seen.add(found["checkpoint"])
        sound = old if found["checkpoint"] == old["checkpoint"] else new
        assert {name: found.get(name) for name in sound} == sound
        is_sound(house)
        done(scoretrail(house.ledger, "publish", str(public)))
        assert contents(public) == new
    assert seen == {old["checkpoint"], new["checkpoint"]}


class TestASeal:
    @pytest.mark.parametrize("how", ["killed", "full"])
    def test_stopped_at_any_write(
        self, how: How, claimed: Signed, places: Places, tmp_path: Path
    ) -> None:
        ledger = claimed.copy(places).ledger
        for at in count(1):
            assert at < WRITES_MAX
            self.append_unsealed(ledger)
            before = record(ledger)
            assert before[-1][-1] is None
            ended = interrupted(ledger, ("seal",), at, how, tmp_path / "heard")
            stopped(ended)
            assert [row[:5] for row in record(ledger)] == [row[:5] for row in before]
            done(scoretrail(ledger, "seal"))
            assert kinds(scoretrail(ledger, "verify", "--json", lang="en")) == set()
            if not ended.reached:
                break
        assert at > 2  # before and after the one statement that seals

    def append_unsealed(self, place: Place) -> None:
        """Submit a figure beside a server that leaves the sealing to others."""
        with Store.open(place.target) as store:
            ledger = Ledger(DryRunStore(store))
            name = f"figure-{len(ledger.history(CASE))}"
            figure = Figure(id=name, indicator="output-goals", name="数", value="1")
            command = SubmitFigure(figure=figure)
            act = CommandEnvelope(
                id=name, by="unit-filer", dated=date(2024, 8, 1), case=CASE, command=command
            )
            (outcome,) = ledger.handle([act], "2024-08-01T09:00:00.000000Z")
            store.append_unsealed(
                [NewEntry(one.case, one.version, one.type, one.entry) for one in outcome.recorded]
            )
