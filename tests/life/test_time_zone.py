"""A ledger of another time zone: its days date what is recorded, wherever the machine is."""

import json
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from ledger.account_registry import RegisterOverTime
from ledger.checks.every_stream import violations
from ledger.editions import Editions
from ledger.envelope import REGISTER
from ledger.ledger import Ledger
from ledger.store import Store
from tests.support.places import Place, Places
from tests.support.stranger import strangers
from tests.support.terminal import CASE, OPENING, begun, done, entries, scoretrail

ZONE = "America/New_York"
CLAIM = ("--as", "unit-filer", "submit", "score", CASE, "e-contracts", "1.00")


class Evening(datetime):
    """Six in the evening in New York: in Greenwich it is still that day, in Beijing the next."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2027, 11, 28, 23, 0, tzinfo=UTC).astimezone(tz)


@pytest.fixture
def overseas(places: Places, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A ledger that is dated in New York, with a case that was opened there."""
    monkeypatch.setattr("cli.session.datetime", Evening)
    ledger = begun(places.ledger(), "2024-01-05", "--time-zone", ZONE)
    done(scoretrail(ledger, "--as", "administrator", "apply", str(OPENING)))
    return ledger


def test_a_day_is_the_ledgers_everywhere(overseas: Place, tmp_path: Path) -> None:
    done(scoretrail(overseas, *CLAIM))
    done(scoretrail(overseas, "--dated", "2027-11-26", *CLAIM[:-1], "0.50"))
    last = entries(overseas)[-2]
    assert (last["dated"], last["at"][:10]) == ("2027-11-28", "2027-11-28")

    # Both were recorded on the 28th, so one of them two days late.
    log = done(scoretrail(overseas, "log", CASE, "--json")).json["entries"]
    assert [entry["recorded_late_days"] for entry in log[-2:]] == [0, 2]
    known = ("--known", "2027-11-28T23:30Z")
    said = done(scoretrail(overseas, "score", CASE, *known, lang="en"))
    assert "as recorded by 28 November 2027 18:30 America/New_York time" in said.err
    assert done(scoretrail(overseas, "account", "list", "--json")).json["time_zone"] == ZONE
    assert ZONE in done(scoretrail(overseas, "account", "list")).out

    # An outsider finds it among the entries of the register, and makes the enclosures of it.
    vkey = done(scoretrail(overseas, "key", "generate", "test.example/log")).out.split()[-1]
    file = tmp_path / "dossier.zip"
    done(scoretrail(overseas, "--as", "bureau-officer", "dossier", "export", CASE, "-o", str(file)))
    done(scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey))
    assert strangers(file, vkey).code == 0
    assert done(scoretrail(overseas, "verify", "--json")).json["breaks"] == []


def test_a_zone_forged_behind_what_was_recorded_is_found(overseas: Place) -> None:
    refused = scoretrail(overseas, "--as", "administrator", "account", "time-zone", "UTC")
    assert refused.code == 1
    assert ZONE in refused.err

    with Store.open(overseas.target) as store:
        record = list(Ledger(store).history(REGISTER))
    assert [one.type for one in record[:3]] == ["AccountOpened", "RoleGranted", "TimeZoneSet"]
    moved = [*record[:2], *record[3:], record[2]]
    register = RegisterOverTime(record)
    assert [*violations(REGISTER, record, register, Editions())] == []
    assert [one.rule for one in violations(REGISTER, moved, register, Editions())] == [
        "time-zone-set"
    ]


def test_a_zone_that_does_not_exist_founds_no_ledger(places: Places) -> None:
    place = places.new()
    said = scoretrail(place, "init", "--time-zone", "Asia/Atlantis", lang="en")
    assert (said.code, said.out) == (1, "")
    assert "has no zone 'Asia/Atlantis'" in said.err
    ledger = begun(place, "2024-01-05")
    assert json.dumps(entries(ledger, REGISTER)).count("TimeZoneSet") == 0
