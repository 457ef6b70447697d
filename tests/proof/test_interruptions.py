"""Stopped at any write, the command line loses nothing, doubles nothing, and goes on afterwards.

Acknowledged is what a command said it recorded. What it was about to record is there whole or not
at all; repeating the same act makes it one event in either case.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path
from shutil import copytree, rmtree
from typing import NamedTuple

import pytest
from houses import kinds, signed
from interrupted import CUT, KILLED, Ended, How, interrupted, limited
from postgres import raw
from terminal import CASE, OPENING, Row, Said, copied, done, record, scoretrail

from ledger.commands import Act, SubmitFigure
from ledger.ledger import Ledger, Rehearsal
from ledger.store import NewEntry, Store
from ledger.values import Figure

pytest_plugins = ["reference_ledger"]

SUBMIT = (
    *("--as", "unit-filer", "--dated", "2024-08-01"),
    *("submit", "self-evaluation", CASE, "--id", "the-submission"),
)
WRITES_MAX = 200
"""Far more than any of these commands makes: a loop that never ends is a failure, too."""


class Signed(NamedTuple):
    """A ledger that has signed, what it held then, and a checkpoint of it in other hands."""

    ledger: Path
    vkey: str
    held: Path
    before: list[Row]

    def copy(self, to: Path) -> "Signed":
        """The same, to be written to; what was there is gone."""
        rmtree(to, ignore_errors=True)
        to.mkdir()
        ledger = copied(self.ledger, to / "ledger.db")
        for what in (".key", ".key.state", ".key.pub"):
            Path(f"{ledger}{what}").write_bytes(Path(f"{self.ledger}{what}").read_bytes())
            Path(f"{ledger}{what}").chmod(0o600)
        return self._replace(ledger=ledger)

    def verify(self) -> Said:
        words = ("--vkey", self.vkey, "--checkpoint", str(self.held))
        return scoretrail(self.ledger, "verify", "--json", *words, lang="en")


@pytest.fixture(scope="module")
def claimed(built: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """All claims made, nothing submitted. Not to be written to."""
    folder = tmp_path_factory.mktemp("claimed")
    ledger = copied(built["claimed"], folder / "ledger.db")
    made = done(scoretrail(ledger, "key", "generate", "proof.example/log1"))
    held = signed(ledger, folder / "held")
    return Signed(ledger, made.out.split()[-1], held, record(ledger))


def stopped_anywhere(
    house: Signed, words: Sequence[str], how: How, folder: Path
) -> Iterator[tuple[Signed, Ended]]:
    """The house after each write at which a command line was stopped."""
    for at in count(1):
        assert at < WRITES_MAX
        one = house.copy(folder / "house")
        ended = interrupted(one.ledger, words, at, how, folder / "heard")
        if not ended.reached:
            assert at > 5  # a command that writes nothing would show nothing
            return
        yield one, ended


def is_sound(house: Signed) -> None:
    """All that was there is there; and it verifies against what left the house."""
    assert record(house.ledger)[: len(house.before)] == house.before
    assert kinds(house.verify()) == set()
    for receipt in sorted(house.ledger.parent.glob("*.receipts/*.tlog-proof")):
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
    receipt = house.ledger.parent / "later.tlog-proof"
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
    def test_killed_at_any_write(self, claimed: Signed, tmp_path: Path) -> None:
        recorded = set()
        for house, ended in stopped_anywhere(claimed, SUBMIT, "killed", tmp_path):
            assert ended.code == KILLED
            is_sound(house)
            recorded.add(len(record(house.ledger)) - len(house.before))
            goes_on(house, ended)
        assert recorded == {0, 1}

    @pytest.mark.parametrize("how", ["full", "broken"])
    def test_without_space_or_with_a_broken_disk(
        self, how: How, claimed: Signed, tmp_path: Path
    ) -> None:
        for house, ended in stopped_anywhere(claimed, SUBMIT, how, tmp_path):
            stopped(ended)
            is_sound(house)
            goes_on(house, ended)

    def test_killed_at_any_write_of_the_database_library(
        self, claimed: Signed, tmp_path: Path
    ) -> None:
        """Anywhere in the write-ahead log, in the middle of a page, too."""
        killed = 0
        for house, ended in without_room(claimed, tmp_path, kill=True):
            assert ended.code == CUT
            killed += 1
            is_sound(house)
            goes_on(house, ended)
        assert killed > 10

    def test_when_the_database_library_finds_no_room(self, claimed: Signed, tmp_path: Path) -> None:
        for house, ended in without_room(claimed, tmp_path, kill=False):
            complains(ended)
            is_sound(house)
            goes_on(house, ended)


def without_room(house: Signed, folder: Path, *, kill: bool) -> Iterator[tuple[Signed, Ended]]:
    """The house after a submission that had room for so much of the write-ahead log, and less."""
    for size in count(2_000, 1_000):
        assert size < WRITES_MAX * 1_000
        one = house.copy(folder / "house")
        with closing(sqlite3.connect(one.ledger)) as reader:  # keeps the shared files in place
            reader.execute("SELECT size FROM log_state").fetchall()
            ended = limited(one.ledger, SUBMIT, size, folder / "heard", kill=kill)
        if ended.code == 0:
            return
        yield one, ended


def test_a_checkpoint_killed_at_any_write(claimed: Signed, tmp_path: Path) -> None:
    done(scoretrail((grown := claimed.copy(tmp_path / "grown")).ledger, *SUBMIT[:-2]))
    grown = grown._replace(before=record(grown.ledger))
    to = tmp_path / "checkpoint"
    for house, ended in stopped_anywhere(
        grown, ("checkpoint", "sign", "-o", str(to)), "killed", tmp_path
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
def test_a_publication_stopped_at_any_write(how: How, claimed: Signed, tmp_path: Path) -> None:
    older, public = tmp_path / "older", tmp_path / "public"
    grown = claimed.copy(tmp_path / "grown")
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
        house = grown.copy(tmp_path / "house")
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


class TestOnAServer:
    """The statements of append, seal and keeping a checkpoint, on PostgreSQL."""

    @pytest.fixture
    def target(self, owned: str) -> str:
        """A case to which figures can be submitted, and a key."""
        done(scoretrail(owned, "--dated", "2024-07-30", "init"))
        done(scoretrail(owned, "apply", str(OPENING)))
        return owned

    @pytest.mark.parametrize("how", ["killed", "full"])
    def test_an_act_stopped_at_any_statement(self, how: How, target: str, tmp_path: Path) -> None:
        found = set()
        for at in count(1):
            assert at < WRITES_MAX
            before = self.rows(target)
            act = (
                *("--as", "unit-filer", "--dated", "2024-08-01", "submit", "figure", CASE),
                *(f"figure-{at}", "--indicator", "output-goals", "--name", "数", "--value", "1"),
                *("--id", f"the-figure-{at}"),
            )
            ended = interrupted(target, act, at, how, tmp_path / "heard")
            stopped(ended)
            new = self.rows(target)[len(before) :]
            assert new or "recorded" not in ended.heard
            assert len(new) <= 1
            found.add(len(new))
            self.is_sound(target, before)
            done(scoretrail(target, *act))
            self.is_sound(target, [*before, *new])
            assert len(self.rows(target)) == len(before) + 1
            if not ended.reached:
                break
        assert found == {0, 1}

    def test_a_seal_stopped_at_any_statement(self, target: str, tmp_path: Path) -> None:
        for at in count(1):
            assert at < WRITES_MAX
            self.append_unsealed(target)
            before = self.rows(target)
            assert before[-1][-1] is None
            ended = interrupted(target, ("seal",), at, "killed", tmp_path / "heard")
            assert [row[:-1] for row in self.rows(target)] == [row[:-1] for row in before]
            done(scoretrail(target, "seal"))
            self.is_sound(target, [])
            if not ended.reached:
                break
        assert at > 2  # before and after the one statement that seals

    def test_a_checkpoint_stopped_at_any_write(self, target: str, tmp_path: Path) -> None:
        key = ("--key", str(tmp_path / "log.key"))
        done(scoretrail(target, *key, "key", "generate", "proof.example/log1"))
        held = tmp_path / "held"
        for at in count(1):
            assert at < WRITES_MAX
            self.append_unsealed(target)
            done(scoretrail(target, "seal"))
            sign = (*key, "checkpoint", "sign", "-o", str(held))
            ended = interrupted(target, sign, at, "killed", tmp_path / "heard")
            self.is_sound(target, [])
            done(scoretrail(target, *sign))
            verify = ("--vkey", f"{tmp_path / 'log.key'}.pub", "--checkpoint", str(held))
            said = scoretrail(target, "verify", "--json", *verify, lang="en")
            assert (kinds(said), said.json["level"]) == (set(), "L2")
            if not ended.reached:
                break
        assert at > 5

    def append_unsealed(self, target: str) -> None:
        """Submit a figure on a server that leaves the sealing to others."""
        with Store.open(target) as store:
            ledger = Ledger(Rehearsal(store))
            name = f"figure-{len(ledger.history(CASE))}"
            figure = Figure(id=name, indicator="output-goals", name="数", value="1")
            command = SubmitFigure(figure=figure)
            act = Act(id=name, by="unit-filer", dated=date(2024, 8, 1), case=CASE, command=command)
            (outcome,) = ledger.handle([act], "2024-08-01T09:00:00.000000Z")
            store.append_unsealed(
                [NewEntry(one.case, one.version, one.type, one.entry) for one in outcome.recorded]
            )

    def rows(self, target: str) -> list[Row]:
        with raw(target) as connection:
            rows: list[Row] = connection.execute(
                "SELECT case_id, version, type, entry, position FROM events"
                " LEFT JOIN leaves ON event_id = events.id ORDER BY events.id"
            ).fetchall()
        return rows

    def is_sound(self, target: str, before: list[Row]) -> None:
        assert self.rows(target)[: len(before)] == before
        assert kinds(scoretrail(target, "verify", "--json", lang="en")) == set()
