"""Given a frozen ledger, when a case of the next year is opened, it cites last year's result."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from application.carried_over import carried_over
from application.verify_replay import pinned_rubric
from ledger.account_registry import RegisterOverTime
from ledger.checks.rule_compliance import irregularities
from ledger.commands import CommandEnvelope, OpenCase
from ledger.envelope import REGISTER
from ledger.events import CaseOpened, PredecessorNamed
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.store import Store
from ledger.stored_struct import decode_validated
from tests.support.places import Place, Places, administrator
from tests.support.terminal import CASE, Said, begun, done, entries, scoretrail

DAY, NEXT = "2024-12-31", "zhanjiang-amr-2024"
OUTCOMES = {"ResultIssued", "ResultCorrected", "AppealDecided"}


def act(place: Place, account: str, *words: str) -> Said:
    return scoretrail(place, "--as", account, "--dated", DAY, *words, lang="en")


class Years:
    """The frozen ledger of a year with a result, and that of the next one."""

    def __init__(self, places: Places, old: Place, folder: Path) -> None:
        self.old, self.folder = old, folder
        done(act(old, "administrator", "key", "generate", "city.example/2024"))
        done(act(old, "administrator", "year", "freeze", "2024", "--reason", "整改在下年办理"))
        self.vkey = str(old.file(".key.pub"))
        self.new = begun(places.new(), "2025-01-05")
        done(act(self.new, "administrator", "key", "generate", "city.example/2025"))

    def succeed(self) -> None:
        done(
            act(self.new, "administrator", "year", "succeed", self.old.target, "--vkey", self.vkey)
        )
        done(act(self.new, "bureau-officer", "year", "rubrics", self.old.target))

    def next(self, before: str | None = None) -> Said:
        at = before or self.old.target
        return act(self.new, "bureau-officer", "case", "next", CASE, NEXT, "--before", at)

    @property
    def cited(self) -> dict[str, str]:
        """What the case of the next year cites."""
        found: dict[str, str] = entries(self.new, NEXT)[0]["data"]["last_year"]
        return found

    def fleet(self) -> Said:
        listed = (
            f'[[ledger]]\norigin = "city.example/{year}"\ntarget = "{place.target}"\n'
            f'vkey = "{place.file(".key.pub")}"\nstate = "{state}"\n'
            for year, place, state in ((2024, self.old, "frozen"), (2025, self.new, "live"))
        )
        file = self.folder / "fleet.toml"
        file.write_text("\n".join(listed))
        return act(self.new, "administrator", "fleet", "verify", str(file), "--json")

    def differences(self) -> list[str]:
        with (
            closing(Store.open(self.new.target)) as store,
            closing(Store.open(self.old.target)) as before,
        ):
            return [failure.message.en for failure in carried_over(store, before)]


@pytest.fixture
def years(places: Places, issued: Place, tmp_path: Path) -> Years:
    return Years(places, issued, tmp_path)


def test_it_is_cited_by_a_receipt_that_anybody_verifies(years: Years) -> None:
    years.succeed()
    assert "last year's score 93.89" in done(years.next()).out
    last = [one for one in entries(years.old) if one["type"] in OUTCOMES][-1]
    cited = years.cited
    assert (cited["case"], cited["version"]) == (CASE, last["version"])
    receipt, entry = years.folder / "receipt", years.folder / "entry.json"
    receipt.write_text(cited["receipt"])
    whole = ("receipt", "issue", CASE, "--version", str(last["version"]))
    done(
        act(years.old, "auditor", *whole, "-o", str(years.folder / "again"), "--entry", str(entry))
    )
    said = scoretrail(None, "receipt", "verify", str(receipt), str(entry), "--vkey", years.vkey)
    assert done(said)
    assert json.loads(entry.read_text())["type"] in OUTCOMES
    assert "all hold" in done(scoretrail(years.new, "verify", lang="en")).out


def test_it_is_cited_from_the_archive_as_well(years: Years) -> None:
    years.succeed()
    target = str(years.folder / "archived")
    written = ("archive", "write", years.old.target, target, "--vkey", years.vkey)
    done(act(years.old, "administrator", *written))
    done(years.next(f"archive:{target}"))
    assert years.cited["case"] == CASE
    assert years.differences() == []


def test_what_was_taken_over_is_compared_where_both_ledgers_are_listed(years: Years) -> None:
    years.succeed()
    done(years.next())
    done(act(years.new, "administrator", "checkpoint", "sign"))
    said = years.fleet()
    assert said.code == 0, said.out
    assert years.differences() == []


def rewritten(place: Place, kind: str, change: Callable[[bytes], bytes]) -> None:
    """The last event of a kind says something else, and the state of the log does not show it."""
    with administrator(place) as connection:
        key, entry = connection.execute(
            "SELECT id, entry FROM events WHERE type = ? ORDER BY id DESC LIMIT 1", (kind,)
        ).fetchone()
        assert change(bytes(entry)) != bytes(entry)
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (change(bytes(entry)), key))


def test_a_citation_of_something_else_is_found(years: Years) -> None:
    years.succeed()
    done(years.next())
    last = [one for one in entries(years.old) if one["type"] in OUTCOMES][-1]["type"]
    rewritten(years.old, last, lambda entry: entry.replace(b'"dated":"2024', b'"dated":"2023'))
    assert any("not the unit's last result" in found for found in years.differences())


def test_an_account_that_was_another_is_found(years: Years) -> None:
    years.succeed()
    rewritten(
        years.old,
        "AccountOpened",
        lambda entry: entry.replace(b'"organisation":"', b'"organisation":"x'),
    )
    assert any("was another when" in found for found in years.differences())


@pytest.mark.parametrize(
    "lie",
    [
        lambda cited: cited | {"leaf": "0" * 64},
        lambda cited: cited | {"receipt": cited["receipt"].replace("index ", "index 1")},
        lambda cited: cited | {"receipt": "none"},
        lambda cited: cited | {"receipt": cited["receipt"].replace("city.example/2024", "another")},
        lambda cited: cited | {"receipt": cited["receipt"].partition("— ")[0]},
    ],
)
def test_what_is_not_proven_is_not_cited(
    years: Years, lie: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    years.succeed()
    done(years.next())
    opening = entries(years.new, NEXT)[0]["data"]
    false = opening | {"last_year": lie(opening["last_year"]), "title": "另一件"}
    batch = years.folder / "batch.jsonl"
    told = {"do": "open-case", "case": "another-2024", "as": "bureau-officer", "dated": DAY}
    batch.write_text(json.dumps(told | false))
    said = act(years.new, "bureau-officer", "apply", str(batch))
    assert (said.code, "is not proven" in said.err) == (1, True), said
    with closing(Store.open(years.new.target)) as store, pytest.raises(EnvelopeRefused) as refused:
        open_case(store, false)
    assert refused.value.rule == "outcome-unproven"
    assert entries(years.new, "another-2024") == []


def open_case(store: Store, opening: dict[str, object]) -> None:
    command = decode_validated(opening, OpenCase)
    act = CommandEnvelope(
        case="another-2024", by="bureau-officer", dated=date(2024, 12, 31), id=None, command=command
    )
    Ledger(store).handle([act], "2024-12-31T00:00:00.000000Z")


def test_a_forged_citation_is_found_by_verify(years: Years) -> None:
    """Given an entry that was written past the program, the rules of its time refuse it."""
    years.succeed()
    done(years.next())
    with closing(Store.open(years.new.target)) as store:
        ledger = Ledger(store)
        record, register = ledger.history(NEXT), RegisterOverTime(ledger.history(REGISTER))
        opened = record[0].event
        assert isinstance(opened, CaseOpened)
        assert opened.last_year
        editions = ledger.editions(pinned_rubric(record.case))
        assert not list(irregularities(record, editions, register=register))
        false = replace(opened, last_year=replace(opened.last_year, leaf="0" * 64))
        forged = [replace(record[0], event=false), *record[1:]]
        found = {one.rule for one in irregularities(forged, editions, register=register)}
        assert found == {"outcome-unproven"}
        unnamed = RegisterOverTime(
            one for one in ledger.history(REGISTER) if not isinstance(one.event, PredecessorNamed)
        )
        found = {one.rule for one in irregularities(record, editions, register=unnamed)}
        assert found == {"outcome-unproven"}


def test_a_ledger_that_goes_on_from_none_or_another_cites_nothing(
    years: Years, places: Places
) -> None:
    said = years.next()
    assert (said.code, "No ledger of the year before is named" in said.err) == (1, True)
    years.succeed()
    other = begun(places.new(), "2024-01-05")
    said = years.next(other.target)
    assert (said.code, "is not the ledger that this one goes on from" in said.err) == (2, True)
    assert entries(years.new, NEXT) == []


def test_without_the_rubrics_it_says_so(years: Years) -> None:
    done(act(years.new, "administrator", "year", "succeed", years.old.target, "--vkey", years.vkey))
    said = years.next()
    assert (said.code, "Carry the rubrics over" in said.err) == (2, True)
