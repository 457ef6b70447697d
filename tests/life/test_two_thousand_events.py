"""A case that went on for very long: it still answers, and its log is complete and in order."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from ledger import codec, editions, rubric
from ledger.codec import decode
from ledger.commands import (
    Command,
    CommandEnvelope,
    CorrectResult,
    DecideAppeal,
    LodgeAppeal,
    NewAward,
)
from ledger.ledger import Ledger
from ledger.store import NewEntry, Store
from projections import as_of
from projections.as_of import CaseAsOf
from projections.change_log import change_log
from projections.score_sheet import score_sheet, standing
from tests.support.later_life import ASKED
from tests.support.places import Places
from tests.support.postgres import Databases
from tests.support.small_case import CASE
from tests.support.specification import moment, told

ROUNDS = 660


def _wishes() -> Iterator[tuple[str, Command]]:
    """Appeal, decision, correction; again and again, on two rows in turn."""
    for turn in range(ROUNDS):
        row = ("service", "spending")[turn % 2]
        up, down = Decimal(20 + turn % 7), Decimal(10 + turn % 5)
        yield (
            "filer",
            LodgeAppeal(appeal=f"appeal-{turn}", indicators=(row,), statement="请再核"),
        )
        yield (
            "second-clerk",
            DecideAppeal(
                appeal=f"appeal-{turn}",
                outcome="upheld",
                justification="有理",
                awards=(NewAward(indicator=row, award=up),),
            ),
        )
        yield (
            "clerk",
            CorrectResult(
                number=f"更{turn}号", indicator=row, award=down, justification="计算有误"
            ),
        )


@pytest.fixture(scope="module")
def store(database: Databases | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with (
        Places(tmp_path_factory.mktemp("long"), database) as places,
        Store.open(places.ledger().target) as store,
    ):
        store.append(
            [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(ASKED)]
        )
        Ledger(store).handle(
            [
                CommandEnvelope(
                    case=CASE, by=who, dated=date(2024, 2, 1), id=f"long-{n}", command=command
                )
                for n, (who, command) in enumerate(_wishes())
            ],
            moment(59),
        )
        yield store


def look(store: Store) -> CaseAsOf:
    ledger = Ledger(store)
    return as_of.at(ledger.history(CASE), ledger.editions("small"))


def test_it_answers_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry is decoded once and the rubric read once: no work grows with the square."""
    work: Counter[str] = Counter()

    def counted_read_entry(entry: bytes, position: int | None = None) -> object:
        work["decoded"] += 1
        return codec.read(entry, position)

    def counted_read(source: bytes) -> rubric.Rubric:
        work["rubrics read"] += 1
        return rubric.read(source)

    monkeypatch.setattr("ledger.stream_reading.read", counted_read_entry)
    monkeypatch.setattr(editions, "read", counted_read)
    editions.parsed.cache_clear()
    start = time.perf_counter()
    sheet = score_sheet(look(store))
    took = time.perf_counter() - start

    assert sheet
    assert sheet.at.version == 2007  # 27 before, and three for each turn
    # The last corrections: turn 658 of service, 10 + 658 % 5; turn 659 of spending, 10 + 659 % 5.
    awards = {row.id: row.award for row in sheet.indicators}
    assert awards == {"service": Decimal(13), "spending": Decimal(14), "plan": Decimal(30)}
    assert sheet.award.total == Decimal("56.50")
    # The case, and the three editions of its rubric, unless their bytes are known already.
    assert work["decoded"] in {2007, 2007 + 3}
    assert work["rubrics read"] <= 1
    print(f"score of a case with 2,007 events: {took:.3f} s")  # noqa: T201 - said, not judged


def test_the_log_of_a_row_is_exact_complete_and_in_order(store: Store) -> None:
    point = look(store)
    log = [one for one in change_log(point, "service") if one.after is not None]
    stored = [decode(entry.entry) for entry in store.read(CASE)]
    first = next(one.version for one in stored if one.type == "AppealLodged")

    assert [(one.before, one.after) for one in log[:2]] == [
        (None, Decimal(28)),
        (Decimal(28), Decimal("25.5")),
    ]
    expected = []
    score = Decimal("25.5")
    for turn in range(0, ROUNDS, 2):
        up, down = Decimal(20 + turn % 7), Decimal(10 + turn % 5)
        version = first + 3 * turn
        expected += [(version + 1, score, up), (version + 2, up, down)]
        score = down
    assert [(one.version, one.before, one.after) for one in log[2:]] == expected
    linked = {one.version: one.caused_by for one in change_log(point, "service")}
    for turn in range(2, ROUNDS, 2):
        lodged = first + 3 * turn
        before = lodged - 4  # the correction of the row's turn before
        assert linked[lodged] == (before,)
        assert linked[lodged + 1] == (lodged, before)
        assert linked[lodged + 2] == (lodged + 1,)


def test_any_point_in_between_is_still_there(store: Store) -> None:
    end = look(store)
    first = next(one.version for one in end.history if one.type == "AppealLodged")

    at_issue = standing(as_of.at(end.history, end.editions, "issued"))
    halfway = standing(as_of.at(end.history, end.editions, f"v{first + 3 * 300 + 1}"))
    assert at_issue.totals.total == Decimal("93.00")
    # Turn 300 is of service and just decided: 20 + 300 % 7; spending is 10 + 299 % 5.
    assert (halfway.scores["service"], halfway.scores["spending"]) == (Decimal(26), Decimal(14))
