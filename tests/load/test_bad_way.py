"""The way to the server is slow, falls silent, or breaks at any byte of a question or an answer."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.commands import AdjustScore, CommandEnvelope
from ledger.ledger import CommandResult, EventStore, Ledger
from ledger.store import Basis, DatabaseUnavailable, LockTimeout, NewEntry, OutcomeUnknown, Store
from tests.support.crowd import AT, assert_sound, founded
from tests.support.figures import share, tell
from tests.support.postgres import raw
from tests.support.terminal import scoretrail
from tests.support.way import Direction, Way
from tests.support.writer import Unsealed

CASE: Final = "load-0"
POINTS: Final = 24
"""Places at which the way is cut, in each direction."""


@pytest.fixture
def target(postgres_target: str) -> str:
    """A ledger with a submitted case."""
    founded(postgres_target, 1)
    return postgres_target


@pytest.fixture
def way(target: str) -> Iterator[Way]:
    with Way(target) as opened:
        yield opened


def adjust(key: str) -> CommandEnvelope:
    """One act; another score under each key."""
    award = Decimal(int.from_bytes(key.encode()[-3:]) % 3000) / 100
    command = AdjustScore(indicator="service", award=award, justification=key, clause="附件1")
    return CommandEnvelope(
        case=CASE, by="reviewer", dated=date(2024, 10, 12), id=key, command=command
    )


def handle(archive: EventStore, key: str) -> CommandResult:
    """Have one act recorded."""
    return Ledger(archive).handle([adjust(key)], AT)[0]


def send_again(archive: EventStore, key: str) -> None:
    """The same act, until there is an answer: the way may have broken just behind the last one."""
    for _ in range(3):
        with suppress(DatabaseUnavailable):
            handle(archive, key)
            return
    handle(archive, key)


def keys(target: str) -> Counter[str]:
    """How often each key stands in the case."""
    with Store.open(target) as store:
        return Counter(json.loads(one.entry)["command"]["id"] for one in store.read(CASE))


class Cutting:
    """An archive whose way to the server is cut while it appends: after so many bytes of that."""

    def __init__(self, archive: EventStore, way: Way) -> None:
        self._archive = archive
        self._way = way
        self.streams = archive.streams
        self.stream = archive.stream
        self.of_type, self.entry_at = archive.of_type, archive.entry_at
        self.place: tuple[Direction, int] | None = None

    def append(
        self, entries: Sequence[NewEntry], basis: Basis | None = None
    ) -> Sequence[int | None]:
        """Append, and have it cut."""
        if self.place:
            self._way.cut(*self.place)
        else:
            self._way.watch()
        return self._archive.append(entries, basis)


def places(passed: dict[Direction, int]) -> list[tuple[Direction, int]]:
    """Where to cut: evenly, and byte by byte at the end, where it is decided what is written."""
    return [
        (direction, after)
        for direction, size in passed.items()
        for after in sorted(
            {1 + size * point // POINTS for point in range(POINTS)}
            | {size + near for near in range(-6, 2)}
        )
    ]


@pytest.mark.parametrize("is_sealed", [True, False])
def test_that_breaks_at_any_byte_leaves_an_act_to_be_sent_again_and_recorded_once(
    target: str, way: Way, *, is_sealed: bool
) -> None:
    told: Counter[str] = Counter()
    with Store.open(way.url) as store:
        archive = Cutting(store if is_sealed else Unsealed(store), way)
        for warm in map("warm-{}".format, range(8)):  # what is prepared is prepared then
            handle(archive, warm)
        sent = []
        for number, archive.place in enumerate(places(dict(way.passed))):
            sent.append(f"sent-{number}")
            send_again(store, "warm-0")  # there is a connection, which has prepared what it reads
            try:
                handle(archive, sent[-1])
            except OutcomeUnknown:
                told["unknown"] += 1
                told["found"] += keys(target)[sent[-1]]
            else:
                told["unhurt"] += 1
            way.watch()
            send_again(store, sent[-1])
    assert way.cuts > POINTS
    assert told["unhurt"] <= 4
    assert 0 < told["found"] < told["unknown"]
    found = keys(target)
    assert [found[key] for key in sent] == [1] * len(sent)
    with Store.open(target) as store:
        store.seal()
    assert_sound(target)
    tell(
        f"a way cut at any byte of an append, {'sealed' if is_sealed else 'unsealed'}",
        cuts=way.cuts,
        told_that_the_outcome_is_unknown=told["unknown"],
        found_to_have_been_written=told["found"],
    )


def test_that_breaks_before_the_answer_is_exit_code_5_and_says_to_send_it_again(
    target: str, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = written_down(tmp_path, "12.34")
    with monkeypatch.context() as counted:
        counted.setattr(Store, "append", armed(Store.append, way.watch))
        assert scoretrail(way.url, "apply", str(written_down(tmp_path, "12.35"))).code == 0
    before, size = keys(target), way.passed["down"]
    with monkeypatch.context() as cut:
        cut.setattr(Store, "append", armed(Store.append, lambda: way.cut("down", size - 1)))
        said = scoretrail(way.url, "apply", str(written))
    assert said.code == 5
    assert "不知道是否已经写入；请以同一编号" in said.err
    assert keys(target).total() == before.total() + 1  # it was, in this case
    way.watch()
    again = scoretrail(way.url, "apply", str(written))
    assert again.code == 0
    assert "已记录 1 个操作" in again.out
    assert keys(target).total() == before.total() + 1


def test_that_breaks_before_the_answer_names_the_id_to_repeat_a_single_act_under(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    adjust = ("--as", "reviewer", "review", "adjust", CASE, "service")
    why = ("--justification", "有投诉", "--clause", "附件1")
    with monkeypatch.context() as counted:
        counted.setattr(Store, "append", armed(Store.append, way.watch))
        assert scoretrail(way.url, *adjust, "12.34", *why, "--id", "x" * 36).code == 0
    size = way.passed["down"]
    with monkeypatch.context() as cut:
        cut.setattr(Store, "append", armed(Store.append, lambda: way.cut("down", size - 1)))
        said = scoretrail(way.url, *adjust, "12.35", *why)
    assert said.code == 5
    named = re.search(r"--id ([0-9a-f-]{36})", said.err)
    assert named
    way.watch()
    again = scoretrail(way.url, *adjust, "12.35", *why, "--id", named[1])
    assert again.code == 0
    assert "此前已记录" in again.out


def written_down(folder: Path, award: str) -> Path:
    """A file with one act."""
    file = folder / f"{award}.toml"
    file.write_text(
        f'case = "{CASE}"\nas = "reviewer"\ndated = 2024-10-12\n[[act]]\ndo = "adjust-score"\n'
        f'indicator = "service"\naward = "{award}"\njustification = "有投诉"\nclause = "附件1"\n'
    )
    return file


def armed(append: Callable[..., list[int]], arm: Callable[[], None]) -> Callable[..., list[int]]:
    """The same, but something is done before."""

    def then(*given: Any) -> list[int]:  # noqa: ANN401 - what `append` takes
        arm()
        return append(*given)

    return then


@pytest.mark.parametrize("is_sealed", [True, False])
def test_that_falls_silent_is_given_up_and_found_again(
    target: str, way: Way, monkeypatch: pytest.MonkeyPatch, *, is_sealed: bool
) -> None:
    with Store.open(way.url) as store:
        archive: EventStore = store if is_sealed else Unsealed(store)
        handle(archive, "before")
        monkeypatch.setattr("ledger.store.postgresql._Connection.silence_max", 0.3)
        way.silence()
        begun = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="no answer; it is waited for no longer"):
            handle(archive, "meanwhile")
        assert time.monotonic() - begun < 10
        way.watch()
        handle(archive, "meanwhile")
    assert keys(target)["meanwhile"] == 1


def test_that_falls_silent_before_it_is_opened_is_given_up(way: Way) -> None:
    way.silence()
    with pytest.raises(DatabaseUnavailable):
        Store.open(way.url, patience=2)


def test_that_is_slow_is_gone_once_to_append_and_twice_to_be_sealed(way: Way) -> None:
    to_and_fro = 0.06
    took: dict[str, list[float]] = {"append": [], "append and seal": []}
    with Store.open(way.url) as store:
        ways: dict[str, Callable[[list[NewEntry]], object]] = {
            "append": store.append_unsealed,
            "append and seal": store.append,
        }
        for version in range(1, 10):
            way.delay = to_and_fro / 2 if version > 3 else 0
            for name, append in ways.items():
                begun = time.monotonic()
                append([NewEntry(name, version, "T", b"{}")])
                took[name] += [time.monotonic() - begun] if way.delay else []
    assert min(took["append"]) < 1.9 * to_and_fro
    assert min(took["append and seal"]) < 2.9 * to_and_fro
    tell(
        f"a way that takes {to_and_fro * 1000:.0f} ms to and fro",
        append_p50_ms=share(took["append"], 0.5),
        append_and_seal_p50_ms=share(took["append and seal"], 0.5),
    )


def test_that_breaks_for_all_at_once_is_found_again_by_all(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool has no more connections than before: none is lost to those that broke."""
    monkeypatch.setattr("ledger.store.postgresql.POOL", 3)
    monkeypatch.setattr("ledger.store.postgresql.POOL_MAX", 3)
    told: Counter[str] = Counter()
    with Store.open(way.url, patience=20) as store, ThreadPoolExecutor(6) as threads:

        def go_on(number: int) -> None:
            for turn in range(12):
                try:
                    store.read(CASE)
                    told["read"] += 1
                except DatabaseUnavailable:
                    told["cut"] += 1
                if number == 0:
                    way.cut("down", 1 if turn % 2 else 3000)

        for done in [threads.submit(go_on, number) for number in range(6)]:
            done.result()
        way.watch()
        readings = [threads.submit(store.read, CASE) for _ in range(12)]
        assert len({len(reading.result()) for reading in readings}) == 1
    assert told["cut"] > 0
    assert told["read"] > told["cut"]


def test_to_a_statement_that_takes_too_long_ends_with_exit_code_4(
    target: str, tmp_path: Path
) -> None:
    file = written_down(tmp_path, "12.34")
    with raw(target) as owner:
        owner.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$"
        )
        owner.execute("CREATE TRIGGER slow BEFORE INSERT ON events EXECUTE FUNCTION slow()")
        before = keys(target)
        hasty = f"{target}?options=-c%20statement_timeout%3D200"
        said = scoretrail(hasty, "apply", str(file))
        assert said.code == 4
        assert "本次未写入" in said.err
        with Store.open(hasty) as store, pytest.raises(LockTimeout):
            handle(Unsealed(store), "slow")
        owner.execute("DROP TRIGGER slow ON events")
        assert keys(target) == before
        assert scoretrail(hasty, "apply", str(file)).code == 0
