"""The clock jumps, forwards and back: nothing is recorded before what stands ahead of it."""

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from application.recording import record
from ledger.commands import AdjustScore, CommandEnvelope, SetEntryAside
from ledger.ledger import Ledger
from ledger.store import RecordedBefore, Store
from tests.support.crowd import assert_sound, founded
from tests.support.places import Places
from tests.support.terminal import done, scoretrail
from tests.support.writer import DAY

CASE: Final = "load-0"
BEGUN: Final = "2026-11-21T11:00:00.000000Z"
AHEAD: Final = "2027-11-21T11:00:00.000000Z"  # by a year
BACK: Final = "2026-11-21T11:00:01.000000Z"
WITHOUT_A_BATTERY: Final = "1970-01-01T00:00:00.000000Z"
NEVER: Final = "9999-12-31T23:59:59.999999Z"


def adjustment(number: int) -> CommandEnvelope:
    """Another award, each time."""
    command = AdjustScore(
        indicator="service", award=Decimal(number), justification="有投诉", clause="附件1"
    )
    return CommandEnvelope(
        case=CASE, by="reviewer", dated=DAY, id=f"jump-{number}", command=command
    )


def aside(position: int) -> CommandEnvelope:
    command = SetEntryAside(position=position, reason="时钟走错")
    return CommandEnvelope(case=None, by="admin", dated=DAY, id=None, command=command)


def test_what_would_be_recorded_before_the_last_entry_is_refused(store_target: str) -> None:
    founded(store_target, 1)
    with Store.open(store_target) as store:
        ledger = Ledger(store)
        before = len(ledger.history(CASE))
        ledger.handle([adjustment(1)], BEGUN)
        ledger.handle([adjustment(2)], BEGUN)  # it stands still
        ledger.handle([adjustment(3)], AHEAD)
        size = store.size()
        for moment in (BACK, WITHOUT_A_BATTERY):
            with pytest.raises(RecordedBefore, match=AHEAD):
                ledger.handle([adjustment(4)], moment)
        (again,) = ledger.handle([adjustment(1)], BACK)  # what was sent before is found at any time
        assert again.repeated
        assert store.size() == size
        assert [one.at for one in ledger.history(CASE)[before:]] == [BEGUN, BEGUN, AHEAD]
    assert_sound(store_target)


def test_a_moment_far_ahead_does_not_stop_the_ledger(store_target: str) -> None:
    """An administrator sets it aside; the entry itself stands, and verification says who did so."""
    founded(store_target, 1)
    with Store.open(store_target) as store:
        ledger = Ledger(store)
        (ahead,) = ledger.handle([adjustment(1)], NEVER)
        position = ahead.recorded[0].position or 0
        with pytest.raises(RecordedBefore, match=f"#{position}"):
            ledger.handle([adjustment(2)], BACK)

        ledger.handle([aside(position)], BACK)
        ledger.handle([adjustment(2)], BACK)

        awards = [getattr(one.event, "award", None) for one in ledger.history(CASE)[-2:]]
        assert awards == [Decimal("1.00"), Decimal("2.00")]
    said = done(scoretrail(store_target, "verify", "--json", lang="en")).json
    assert [one["where"] for one in said["notes"]] == [f"#{position}"]
    assert "its recorded time is disregarded: set aside by admin" in said["notes"][0]["message"]
    findings = done(scoretrail(store_target, "check", CASE, "--json")).json["findings"]
    assert any(one["check"] == "out-of-order" for one in findings)


def test_a_clock_that_is_a_moment_behind_is_waited_for(store_target: str) -> None:
    founded(store_target, 1)
    with Store.open(store_target) as store:
        ledger = Ledger(store)
        ledger.handle([adjustment(1)], BACK)
        says = [datetime.fromisoformat(one) for one in (BACK, *[BEGUN] * 4)]
        waited: list[float] = []

        (second,) = record(ledger, says.pop, [adjustment(2)], waited.append)

        assert second.recorded[0].at == BACK
        assert waited == [1.0, 1.0]

        # Whoever waited long for the turn to write has a clock that is right all the same.
        says = [datetime.fromisoformat(one) for one in (BACK, BACK, WITHOUT_A_BATTERY)]
        (third,) = record(ledger, says.pop, [adjustment(3)], waited.append)
        assert third.recorded[0].at == BACK
        assert waited == [1.0, 1.0, 0]

        late = datetime.fromisoformat(WITHOUT_A_BATTERY)
        with pytest.raises(RecordedBefore):
            record(ledger, lambda: late, [adjustment(4)], waited.append)
        assert len(waited) == 3


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The program's clock, which says the last of these."""
    says = [BEGUN]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # it is one, but not of this class
            return datetime.fromisoformat(says[-1]).astimezone(tz or UTC)

    monkeypatch.setattr("cli.session.datetime", Clock)
    return says


def test_the_command_line_says_what_to_do_and_goes_on_signing_and_verifying(
    clock: list[str], places: Places, tmp_path: Path
) -> None:
    ledger = places.ledger()
    founded(ledger.target, 1)
    done(scoretrail(ledger, "key", "generate", "ledger.example/log"))
    vkey = ledger.file(".key.pub")
    adjust = ("--as", "reviewer", "review", "adjust", CASE, "service")
    why = ("--justification", "有投诉", "--clause", "附件1")
    for number, moment in enumerate((BEGUN, AHEAD), 1):
        clock.append(moment)
        done(scoretrail(ledger, *adjust, f"{number}.00", *why))
    with Store.open(ledger.target) as store:
        last = store.size() - 1

    clock.append(BACK)
    said = scoretrail(ledger, *adjust, "3.00", *why, lang="en")
    assert (said.code, said.out) == (1, "")
    assert (
        f"the last entry (#{last}) was recorded at {AHEAD}, later than the present time {BACK}"
        in said.err
    )
    assert f"scoretrail entry set-aside {last}" in said.err

    held = tmp_path / "checkpoint"
    done(scoretrail(ledger, "checkpoint", "sign", "-o", str(held)))
    done(scoretrail(ledger, "--as", "admin", "entry", "set-aside", str(last), "--reason", "时钟"))
    done(scoretrail(ledger, *adjust, "3.00", *why))
    against = ("--vkey", str(vkey), "--checkpoint", str(held))
    verified = done(scoretrail(ledger, "verify", "--json", *against)).json
    assert (verified["breaks"], verified["level"]) == ([], "L2")
