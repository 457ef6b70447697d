"""The clock jumps, forwards and back: the order stays, the times are what was said, all is told."""

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from ledger.commands import AdjustScore, CommandEnvelope
from ledger.ledger import Ledger
from ledger.store import Store
from tests.support.crowd import assert_sound, founded
from tests.support.figures import tell
from tests.support.places import Places
from tests.support.postgres import is_postgres
from tests.support.terminal import done, scoretrail
from tests.support.writer import DAY

CASE: Final = "load-0"
JUMPS: Final = (
    "2026-11-21T11:00:00.000000Z",
    "2027-11-21T11:00:00.000000Z",  # a year ahead
    "2026-11-21T11:00:01.000000Z",  # and back
    "1970-01-01T00:00:00.000000Z",  # a machine without a battery
    "2026-11-21T11:00:02.000000Z",
    "2026-11-21T11:00:02.000000Z",  # it stands still
    "9999-12-31T23:59:59.999999Z",
    "2026-11-21T11:00:03.000000Z",
)


def test_between_acts_leave_the_order_and_every_time_as_it_was_said(store_target: str) -> None:
    founded(store_target, 1)
    with Store.open(store_target) as store:
        ledger = Ledger(store)
        before = len(ledger.history(CASE))
        for number, moment in enumerate(JUMPS, 1):
            command = AdjustScore(
                indicator="service", award=Decimal(number), justification="有投诉", clause="附件1"
            )
            act = CommandEnvelope(
                case=CASE, by="reviewer", dated=DAY, id=f"jump-{number}", command=command
            )
            ledger.handle([act], moment)
            (again,) = ledger.handle([act], JUMPS[0])  # sent again at another time: the first one
            assert again.repeated
            assert again.recorded[0].at == moment
        jumped = ledger.history(CASE)[before:]
    assert [one.at for one in jumped] == list(JUMPS)
    places = [one.position or 0 for one in jumped]
    assert places == list(range(places[0], places[0] + len(JUMPS)))
    assert_sound(store_target)

    known = done(scoretrail(store_target, "score", CASE, "--at", f"recorded:{JUMPS[2]}", "--json"))
    by_then = [one.version for one in jumped if one.at <= JUMPS[2]]
    assert known.json["at"]["version"] == max(by_then)  # what was said to be known by then

    findings = done(scoretrail(store_target, "check", CASE, "--json")).json["findings"]
    told = {tuple(one["events"]) for one in findings if one["check"] == "out-of-order"}
    first = jumped[0].version
    back = [first + number for number in range(1, len(JUMPS)) if JUMPS[number] < JUMPS[number - 1]]
    assert {max(versions) for versions in told} == set(back)
    database = "PostgreSQL" if is_postgres(store_target) else "SQLite"
    tell(
        f"clock jumps between acts, {database}",
        jumps=len(JUMPS) - 1,
        told_by_check=len(told),
        refused=0,
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The program's clock, which says the last of these."""
    says = [JUMPS[0]]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # it is one, but not of this class
            return datetime.fromisoformat(says[-1]).astimezone(tz or UTC)

    monkeypatch.setattr("cli.session.datetime", Clock)
    return says


def test_do_not_keep_the_command_line_from_acting_signing_and_verifying(
    clock: list[str], places: Places, tmp_path: Path
) -> None:
    ledger = places.ledger()
    founded(ledger.target, 1)
    done(scoretrail(ledger, "key", "generate", "ledger.example/log"))
    vkey = ledger.file(".key.pub")
    for number, moment in enumerate(JUMPS[:6], 1):
        clock.append(moment)
        award = ("service", f"{number}.00", "--justification", "有投诉", "--clause", "附件1")
        done(scoretrail(ledger, "--as", "reviewer", "review", "adjust", CASE, *award))
        held = tmp_path / f"{number}.checkpoint"
        done(scoretrail(ledger, "checkpoint", "sign", "-o", str(held)))
        held_so_far = [
            word
            for seen in range(1, number + 1)
            for word in ("--checkpoint", str(tmp_path / f"{seen}.checkpoint"))
        ]
        said = done(scoretrail(ledger, "verify", "--vkey", str(vkey), *held_so_far, "--json")).json
        assert said["breaks"] == []
        assert said["level"] == "L2"
    with Store.open(ledger.target) as store:
        signed = store.checkpoints()
    assert [one.signed_at for one in signed] == list(JUMPS[:6])
    assert [one.size for one in signed] == sorted(one.size for one in signed)
    assert done(scoretrail(ledger, "seal")).code == 0
