"""On a shared server it is proven who acts: by a role of the database for each person."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from ledger.commands import CommandEnvelope, GrantRole
from ledger.envelope import REGISTER
from ledger.ledger import DryRunStore, EnvelopeRefused, Ledger
from ledger.store import NewEntry, ReadOnly, Store
from tests.support.desks import house
from tests.support.places import Place, Places
from tests.support.postgres import is_postgres, raw
from tests.support.terminal import EXAMPLES, Said, done, scoretrail

OFFICER = "bureau-officer"


@pytest.fixture
def office(owned: str, tmp_path: Path) -> Place:
    """The ledger of an office with the accounts of the reference case, under the program's role."""
    address = done(scoretrail(owned, "init")).out.split()[-1]
    place = Place(address, owned, tmp_path / "office")
    done(scoretrail(place, "apply", str(EXAMPLES / "1-opening.toml")))
    return place


@pytest.fixture
def admitted(office: Place) -> Iterator[Callable[..., Place]]:
    """Lets somebody in; the roles are gone at the end."""
    roles = []

    def admit(*words: str) -> Place:
        said = done(scoretrail(office.owner, "account", "database-role", *words))
        address = said.out.split()[-1]
        roles.append(str(urlsplit(address).username))
        return office.under(address)

    yield admit
    with raw(office.owner) as connection:
        for role in roles:
            connection.execute(f'DROP OWNED BY "{role}"')
            connection.execute(f'DROP ROLE "{role}"')


def opens(ledger: Place, account: str, case: str, lang: str = "zh") -> Said:
    """Open a case, which an officer of the bureau may do."""
    words = ("case", "open", case, "--title", "t", "--year", "2024", "--unit", "u")
    names = ("--unit-name", "u", "--bureau", "zhanjiang-finance", "--bureau-name", "b")
    return scoretrail(ledger, "--as", account, *words, *names, lang=lang)


def entries(ledger: Place, case: str) -> list[dict[str, Any]]:
    with Store.open(ledger.owner) as store:
        return [json.loads(one.entry) for one in store.read(case)]


def kinds(ledger: Place) -> set[str]:
    said = scoretrail(ledger, "verify", "--json")
    return {one["kind"] for one in said.json["breaks"]}


class TestAPerson:
    def test_acts_as_the_account_that_the_server_knows_and_each_entry_says_so(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        own = admitted(OFFICER)

        done(opens(own, OFFICER, "own-2024"))

        (entry,) = entries(office, "own-2024")
        assert entry["through"] == "database-role"
        assert kinds(own) == set()

    def test_acts_as_nobody_else(self, office: Place, admitted: Callable[..., Place]) -> None:
        own = admitted("agency-reviewer")

        said = opens(own, OFFICER, "own-2024", lang="en")

        assert (said.code, said.out) == (1, "")
        assert "you are the account agency-reviewer, not bureau-officer" in said.err
        assert "--as ACCOUNT" in said.err
        assert entries(office, "own-2024") == []

    def test_has_no_way_round_the_program_to_act_as_another(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        done(opens(office, OFFICER, "claimed-2024"))
        done(opens(admitted(OFFICER), OFFICER, "proven-2024"))
        own = admitted("agency-reviewer")
        with Store.open(office.owner) as store:
            (claimed,), (proven,) = store.read("claimed-2024"), store.read("proven-2024")
        forged = [
            claimed.entry,
            proven.entry,
            claimed.entry.replace(b'"bureau-officer"', b'"agency-reviewer"'),  # says nothing
            proven.entry.replace(b'"database-role"', b'"web"'),
            b"{}",
            b'{"by":{},"through":"database-role"}',
        ]
        with Store.open(own.target) as store:
            for entry in forged:
                new = NewEntry("other-2024", 1, "CaseOpened", entry)
                with pytest.raises(ReadOnly, match="may not append such an entry"):
                    store.append([new])
                with pytest.raises(ReadOnly):
                    store.append_unsealed([new])
                with pytest.raises(ReadOnly):
                    store.append_all([new])
        assert entries(office, "other-2024") == []

    def test_writes_nothing_into_a_stream_that_says_that_it_stands_elsewhere(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        own = admitted(OFFICER)
        done(opens(own, OFFICER, "proven-2024"))
        with Store.open(office.owner) as store:
            (proven,) = store.read("proven-2024")
            register = len(store.stream(REGISTER))
        with Store.open(own.target) as store:
            for stream, version, kind in (
                (REGISTER, register + 1, "RoleGranted"),
                ("other-2024", 1, "CaseOpened"),
                ("proven-2024", 2, "CaseOpened"),
                ("proven-2024", 1, "CaseClosed"),
            ):
                with pytest.raises(ReadOnly, match="stands elsewhere"):
                    store.append([NewEntry(stream, version, kind, proven.entry)])

    @pytest.mark.parametrize("step", ["seal_last(1)", "move_on('1'::xid8)"])
    def test_fills_no_ledger(self, step: str, admitted: Callable[..., Place]) -> None:
        own = admitted(OFFICER)
        with (
            raw(own.target) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="may not fill a ledger"),
        ):
            connection.execute(f"SELECT {step}")

    def test_who_has_the_key_signs_and_keeps_a_checkpoint(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        own = admitted(OFFICER)
        done(scoretrail(own, "key", "generate", "office.example/log"))
        done(scoretrail(own, "checkpoint", "sign"))
        with Store.open(office.owner) as store:
            assert len(store.checkpoints()) == 1

    def test_keeps_the_account_for_ever(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        own = admitted(OFFICER)
        role = str(urlsplit(own.target).username)

        again = scoretrail(office.owner, "account", "database-role", OFFICER, lang="en")
        other = ("account", "database-role", "agency-lead", "--role", role)
        refused = scoretrail(office.owner, *other, lang="en")

        assert urlsplit(done(again).out.split()[-1]).password is None
        assert refused.code == 2
        assert "cannot be changed" in refused.err
        done(opens(own, OFFICER, "own-2024"))

    def test_must_have_an_account(self, office: Place) -> None:
        said = scoretrail(office.owner, "account", "database-role", "nobody", lang="en")
        assert (said.code, said.out) == (1, "")
        assert "There is no account nobody" in said.err

    def test_whose_role_is_shut_out_acts_no_more(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        own = admitted(OFFICER)
        with raw(office.owner) as connection:
            connection.execute(f'ALTER ROLE "{urlsplit(own.target).username}" NOLOGIN')
        assert opens(own, OFFICER, "own-2024").code == 5

    def test_reads_and_verifies_all_and_brings_the_portfolio_up_to_date(
        self, admitted: Callable[..., Place]
    ) -> None:
        own = admitted(OFFICER)
        done(opens(own, OFFICER, "own-2024"))
        at = done(scoretrail(own, "portfolio", "scores", "--json")).json["at"]
        assert at["position"] == at["size"] > 0
        assert kinds(own) == set()


def test_a_dry_run_refuses_what_the_server_would(
    admitted: Callable[..., Place],
) -> None:
    with Store.open(admitted("agency-reviewer").target) as store:
        act = CommandEnvelope(
            case=None,
            by="administrator",
            dated=date(2024, 1, 1),
            id="x",
            command=GrantRole(account="agency-lead", role="auditor"),
        )
        with pytest.raises(EnvelopeRefused) as refused:
            Ledger(DryRunStore(store)).handle([act], "2026-01-01T00:00:00.000000Z")
    assert refused.value.rule == "not-ones-own"


class TestAGateway:
    def test_acts_for_those_whom_it_has_proven_and_says_so(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        web = admitted("--gateway")

        done(opens(web, OFFICER, "web-2024"))
        opened = ("account", "open", "late", "--organisation", "o")
        done(scoretrail(web, "--as", "administrator", *opened))

        assert [one["through"] for one in entries(office, "web-2024")] == ["web"]
        assert entries(office, "register:accounts")[-1]["through"] == "web"
        assert kinds(web) == set()

    def test_lets_those_who_have_logged_in_act_by_the_pages(
        self, office: Place, admitted: Callable[..., Place], tmp_path: Path
    ) -> None:
        command = {"do": "open-case", "title": "t", "year": 2024, "unit": "u", "unit_name": "u",
                   "bureau": "zhanjiang-finance", "bureau_name": "b"}  # fmt: skip
        body = {"case": "page-2024", "dated": "2025-01-06", "command": command}
        with house(admitted("--gateway"), tmp_path) as made:
            desk = made.desk(OFFICER)
            sent = desk.post("/api/v1/commands", json=body, headers={"idempotency-key": "page"})
            assert sent.status_code == 201, sent.text
            assert desk.get("/cases/page-2024").status_code == 200

        (entry,) = entries(office, "page-2024")
        assert (entry["by"]["account"], entry["through"]) == (OFFICER, "web")
        assert kinds(office) == set()

    def test_cannot_say_that_somebody_was_there_in_person(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        done(opens(admitted(OFFICER), OFFICER, "proven-2024"))
        with Store.open(office.owner) as store:
            (proven,) = store.read("proven-2024")
        with Store.open(admitted("--gateway").target) as store, pytest.raises(ReadOnly):
            store.append([NewEntry("other-2024", 1, "CaseOpened", proven.entry)])


class TestTheProgramsRole:
    def test_acts_as_anybody_and_says_nothing_of_it(self, office: Place) -> None:
        done(opens(office, OFFICER, "claimed-2024"))
        (entry,) = entries(office, "claimed-2024")
        assert "through" not in entry

    def test_cannot_say_that_it_was_proven(
        self, office: Place, admitted: Callable[..., Place]
    ) -> None:
        done(opens(admitted(OFFICER), OFFICER, "proven-2024"))
        with Store.open(office.owner) as store:
            (proven,) = store.read("proven-2024")
        with Store.open(office.target) as store, pytest.raises(ReadOnly):
            store.append([NewEntry("other-2024", 1, "CaseOpened", proven.entry)])

    def test_of_a_ledger_may_say_so_in_a_text(self, office: Place) -> None:
        words = ("account", "revoke", "agency-lead", "lead-reviewer", "--reason", '"through":"web"')
        done(scoretrail(office, "--as", "administrator", *words))
        assert kinds(office) == set()


class TestVerifying:
    """Whoever administers the database writes rows as he likes; they do not fit together then."""

    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE events SET written_by = '{app}' WHERE case_id = 'proven-2024'",
            "UPDATE events SET written_by = '{own}' WHERE case_id = 'claimed-2024'",
            "UPDATE events SET written_by = '{own}' WHERE case_id = 'other-2024'",
            "UPDATE events SET written_by = '{stranger}' WHERE case_id = 'claimed-2024'",
            "UPDATE database_roles SET account = 'agency-lead' WHERE role = '{own}'",
            "UPDATE database_roles SET account = NULL, through = 'web' WHERE role = '{own}'",
        ],
    )
    def test_names_an_entry_whose_author_is_not_who_appended_it(
        self, office: Place, admitted: Callable[..., Place], attack: str
    ) -> None:
        own, stranger = admitted(OFFICER), admitted("--gateway", "--role", f"s_{id(office)}")
        done(opens(office, OFFICER, "claimed-2024"))
        done(opens(own, OFFICER, "proven-2024"))
        done(opens(stranger, OFFICER, "other-2024"))
        assert kinds(office) == set()
        names = {
            name: str(urlsplit(place.target).username)
            for name, place in (("app", office), ("own", own), ("stranger", stranger))
        }
        with raw(office.owner) as connection:
            connection.execute("SET session_replication_role = replica")
            if "stranger" in attack:
                connection.execute(
                    f"DELETE FROM database_roles WHERE role = '{names['stranger']}'"  # noqa: S608 - a name of ours
                )
            connection.execute(attack.format(**names))

        assert "identity" in kinds(office)

    def test_does_not_judge_what_an_owner_has_restored(
        self, office: Place, admitted: Callable[..., Place], places: Places, tmp_path: Path
    ) -> None:
        done(opens(admitted(OFFICER), OFFICER, "proven-2024"))
        file = tmp_path / "whole.jsonl"
        done(scoretrail(office, "export", "--all", "-o", str(file)))
        other = places.for_import()

        done(scoretrail(other.under(other.owner), "import", str(file)))

        assert [one["through"] for one in entries(other, "proven-2024")] == ["database-role"]
        assert kinds(other) == set()


def test_a_role_is_one_persons_or_a_gateways_and_a_file_has_none(
    places: Places,
) -> None:
    ledger = places.ledger()
    both = ("--gateway",) if is_postgres(ledger.target) else ()
    said = scoretrail(ledger, "account", "database-role", *both, "administrator", lang="en")
    assert (said.code, said.out) == (2, "")


def test_a_stranger_to_a_ledger_is_not_let_into_its_database(office: Place) -> None:
    """Nor can anybody hold a lock there that keeps others waiting."""
    role = f"stranger_{id(office)}"
    parts = urlsplit(office.owner)
    with raw(office.owner) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
        try:
            stranger = parts._replace(netloc=f"{role}:x@{parts.hostname}:{parts.port}").geturl()
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(stranger)
        finally:
            connection.execute(f"DROP ROLE {role}")


def test_whoever_holds_every_advisory_lock_keeps_nobody_waiting(office: Place) -> None:
    with raw(office.owner) as other:
        for key in (7270019, 7270020):
            other.execute("SELECT pg_advisory_lock(?)", (key,))
        done(opens(office, OFFICER, "own-2024"))
        done(scoretrail(office, "seal"))
        done(scoretrail(office, "portfolio", "rebuild"))
        done(scoretrail(office.owner, "migrate"))
