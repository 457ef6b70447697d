"""What whoever administers the database can do to it, and exactly what `verify` then says.

The triggers are dropped first, as an administrator can. What no log can detect is here, too, and is
found to verify: docs/trust.md says so, and says what has to be published against it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from ledger.codec import canonical
from ledger.envelope import REGISTER
from ledger.evidence import EvidenceFolder
from ledger.log_verification import verify
from ledger.store import NewEntry, Store
from tests.support.attacks import (
    ADJUSTED,
    ON_LEDGERS,
    Attack,
    an_award,
    append,
    backup,
    cut,
    edit,
    insert_between,
    last_of,
    mend_cover,
    recompute,
    spoil,
)
from tests.support.houses import House, kinds, signed
from tests.support.places import Places, administrator
from tests.support.terminal import CASE, Said, done, record, scoretrail


def set_back(house: House, checkpoint: Path | None = None) -> None:
    """What only the holder of the key can do: make the signer forget what it signed."""
    origin = house.vkey.split("+")[0]
    text = f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    if checkpoint:
        text = checkpoint.read_text().partition("\n\n")[0] + "\n"
    house.ledger.file(".key.state").write_text(text)


def breaks(said: Said) -> dict[str, str]:
    """The fact that each kind of break affects; the first where there are several."""
    found: dict[str, str] = {}
    for one in said.json["breaks"]:
        found.setdefault(one["kind"], one["affects"])
    assert said.code == (3 if found else 0)
    return found


def refuses_to_sign(house: House) -> None:
    said = scoretrail(house.ledger, "checkpoint", "sign", lang="en")
    assert (said.code, said.out) == (3, "")
    assert "not signed" in said.err


def test_nothing_done_nothing_found(house: House) -> None:
    said = done(house.verify_against(house.old, house.new)).json
    assert (said["breaks"], said["level"]) == ([], "L2")


@pytest.mark.parametrize("against", [(), ("--case", CASE)])
def test_an_act_while_it_verifies_is_no_damage(
    house: House, against: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def while_somebody_acts(*given: Any, **more: Any) -> None:  # noqa: ANN401 - as `verify` has it
        verify(*given, **more)
        opening = ("account", "open", f"other-{len(record(house.ledger))}", "--organisation", "o")
        done(scoretrail(house.ledger, "--as", "administrator", *opening))

    before = len(record(house.ledger))
    monkeypatch.setattr("application.verify_in_parts.verify", while_somebody_acts)
    said = house.verify("--vkey", house.vkey, "--checkpoint", str(house.new), *against)
    assert kinds(said) == set()
    assert len(record(house.ledger)) > before


@pytest.mark.parametrize("against", [(), ("--case", CASE)])
def test_an_act_that_waits_for_its_sealer_is_no_damage(
    house: House, against: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave_it_to_the_sealer(
        store: Store, entries: list[NewEntry], *_: object, **__: object
    ) -> list[None]:
        store.append_unsealed(entries)
        return [None] * len(entries)

    def while_a_sealer_follows(*given: Any, **more: Any) -> None:  # noqa: ANN401 - as `verify` has it
        verify(*given, **more)
        done(scoretrail(house.ledger, "seal"))

    receive = ("review", "receive", CASE, "--on", "2025-01-07")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", leave_it_to_the_sealer)
        done(scoretrail(house.ledger, "--as", "unit-filer", *receive))
    assert kinds(house.verify(*against)) == {"unsealed"}
    monkeypatch.setattr("application.verify_in_parts.verify", while_a_sealer_follows)
    assert kinds(house.verify(*against)) == set()


@pytest.mark.parametrize("attack", ON_LEDGERS, ids=lambda one: str(one.do.__name__))
def test_every_attack_shows_as_what_it_is(attack: Attack, house: House) -> None:
    attack.do(house)
    assert kinds(house.verify_against()) == attack.alone
    assert kinds(house.verify_against(house.new)) == attack.held
    assert attack.finding in attack.held


class TestEdits:
    def test_an_event(self, house: House) -> None:
        edited = edit(house)
        said = house.verify()
        assert kinds(said) == {"leaf", "chain", "root"}
        assert kinds(house.verify_against(house.new)) == {"leaf", "chain", "root", "fork"}
        (leaf,) = (one for one in said.json["breaks"] if one["kind"] == "leaf")
        assert leaf["affects"] == edited
        assert leaf["where"].split()[1] == CASE

    def test_an_event_beyond_what_anybody_can_read(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            connection.execute(f"UPDATE events SET entry = ? WHERE {ADJUSTED}", (b"{}",))  # noqa: S608 - a constant
        assert {"unreadable", "leaf", "root"} <= kinds(house.verify())

    def test_the_form_of_an_event_whose_words_stay(self, house: House) -> None:
        """Verifying looks at the form, whatever was recomputed; so does reading by default."""
        with administrator(house.ledger) as connection:
            key, entry = an_award(connection)
            spaced = entry.replace(b'"data":', b'"data": ')
            connection.execute("UPDATE events SET entry = ? WHERE id = ?", (spaced, key))
        recompute(house, checkpoints=True)
        assert kinds(house.verify()) == {"unreadable"}
        assert kinds(house.verify_against(house.new)) == {"unreadable", "fork"}
        assert scoretrail(house.ledger, "score", CASE).code == 3
        assert scoretrail(house.ledger, "--unverified", "score", CASE).code == 0

    def test_an_event_with_everything_recomputed_contradicts_the_checkpoints(
        self, house: House
    ) -> None:
        edit(house)
        recompute(house)
        assert kinds(house.verify()) == {"root"}
        assert kinds(house.verify_against(house.new)) == {"root", "fork"}
        refuses_to_sign(house)

    def test_the_state_of_the_log(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            connection.execute("UPDATE log_state SET size = size - 1")
        said = house.verify()
        assert said.code == 3


def test_a_flipped_bit_anywhere_in_what_is_stored_is_found(house: House) -> None:
    """In entries, leaves, tiles, the frontier and kept checkpoints; here and there in each."""
    columns = (
        ("events", "entry", "id", "id % 97 = 5"),
        ("leaves", "hash", "position", "position % 119 = 3"),
        ("tiles", "data", "number", "level = 0"),
        ("tiles", "root", "number", "level = 0"),
        ("log_state", "frontier", "one", "one = 1"),
        ("checkpoints", "note", "size", "size > 0"),
    )
    for table, column, key, some in columns:
        with administrator(house.ledger) as connection:
            kept: list[tuple[int, bytes]] = connection.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {some}"  # noqa: S608 - constants
            ).fetchall()
        assert kept
        put = f"UPDATE {table} SET {column} = ? WHERE {key} = ? AND {some}"  # noqa: S608 - constants
        for row, sound in kept:
            flipped = bytearray(sound)
            flipped[len(sound) * 2 // 3] ^= 1
            with administrator(house.ledger) as connection:
                connection.execute(put, (bytes(flipped), row))
            assert house.verify("--vkey", house.vkey).code == 3, (table, column, row)
            with administrator(house.ledger) as connection:
                connection.execute(put, (sound, row))
    assert kinds(house.verify_against(house.new)) == set()


class TestDeletions:
    def test_the_tail_with_everything_recomputed(self, house: House) -> None:
        cut(house)
        recompute(house)
        assert kinds(house.verify()) == {"truncated"}
        refuses_to_sign(house)

    def test_the_tail_with_the_checkpoints_needs_one_from_outside(self, house: House) -> None:
        cut(house)
        recompute(house, checkpoints=True)
        assert kinds(house.verify_against(house.old)) == set()
        assert kinds(house.verify_against(house.new)) == {"rollback"}
        refuses_to_sign(house)

    def test_in_the_middle_with_everything_recomputed(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            key, _ = last_of(connection, "FigureRestated")
            connection.execute("DELETE FROM events WHERE id = ?", (key,))
            mend_cover(connection, -1)
        recompute(house, checkpoints=True)
        assert kinds(house.verify()) == set()
        assert kinds(house.verify_against(house.old, house.new)) == {"rollback"}
        refuses_to_sign(house)

    def test_of_everything_is_nothing_to_verify(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            for table in ("checkpoints", "leaves", "tiles", "events", "snapshots"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        recompute(house)
        said = house.verify()
        assert (said.code, said.json["breaks"], said.json["counted"]["events"]) == (3, [], 0)
        assert kinds(house.verify_against(house.new)) == {"rollback"}


class TestOrder:
    def test_a_back_dated_event_put_in_between(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            insert_between(connection, *last_of(connection, "FigureRestated"))
            mend_cover(connection, +1)
        recompute(house, checkpoints=True)
        assert kinds(house.verify()) == set()
        assert kinds(house.verify_against(house.new)) == {"fork"}
        refuses_to_sign(house)

    def test_a_row_written_past_the_program_has_no_place(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            append(connection)
        said = house.verify()
        assert kinds(said) == {"unsealed"}
        assert breaks(said)["unsealed"].startswith("the award of ")

    def test_once_sealed_it_is_at_the_end_and_not_in_the_past(self, house: House) -> None:
        """The log cannot know who wrote it; only what it says can tell."""
        with administrator(house.ledger) as connection:
            letter = EvidenceFolder(house.ledger.evidence).keep(b"a letter")
            append(connection, "EvidenceFiled", letter)
        done(scoretrail(house.ledger, "seal"))
        assert kinds(house.verify_against(house.new)) == set()
        assert record(house.ledger)[-1][5] == len(record(house.ledger)) - 1

    def test_once_sealed_it_is_still_against_the_rules(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            append(connection)
        done(scoretrail(house.ledger, "seal"))
        found = breaks(house.verify_against(house.new))
        assert set(found) == {"rules"}
        assert found["rules"].startswith("the award of ")

    def test_it_is_against_the_rules_whatever_else_is_broken(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            append(connection)
        done(scoretrail(house.ledger, "seal"))
        spoil(house, REGISTER)
        assert {"leaf", "rules"} <= kinds(house.verify())

    def test_by_rules_that_are_broken_themselves_nothing_is_judged(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            append(connection)
        done(scoretrail(house.ledger, "seal"))
        spoil(house, "rubric:%")
        assert {"leaf", "root"} <= kinds(house.verify()) <= {"leaf", "chain", "root", "rules"}

    def test_of_one_case_its_rubric_is_looked_at_too(self, house: House) -> None:
        done(scoretrail(house.ledger, "portfolio", "scores"))
        spoil(house, "rubric:%")
        said = house.verify("--case", CASE)
        assert {"leaf"} <= kinds(said) <= {"leaf", "chain"}
        with administrator(house.ledger) as connection:
            statement = "UPDATE events SET entry = ? WHERE case_id LIKE ?"
            connection.execute(statement, (b"{}", "rubric:%"))
        assert "unreadable" in kinds(house.verify("--case", CASE))


class TestAnOlderBackup:
    def test_verifies_by_itself_and_not_against_what_left_the_house(self, house: House) -> None:
        backup(house)
        assert kinds(house.verify_against(house.old)) == set()
        assert kinds(house.verify_against(house.new)) == {"rollback"}
        refuses_to_sign(house)

    def test_with_the_signers_state_restored_from_the_same_backup_the_signer_signs(
        self, house: House, tmp_path: Path
    ) -> None:
        """Which is why the state must not be in the backup. Who holds the newer one knows."""
        backup(house)
        set_back(house, house.old)
        signed(house.ledger, tmp_path / "again")
        assert kinds(house.verify_against(house.new)) == {"rollback"}


class TestWhoHoldsTheKey:
    def test_rewrites_what_is_newer_than_any_checkpoint_outside_unseen(
        self, house: House, tmp_path: Path
    ) -> None:
        """No log can detect it. Only publishing more often can."""
        edit(house)  # after the old checkpoint, which is all that anybody holds
        recompute(house, checkpoints=True)
        set_back(house, house.old)
        signed(house.ledger, tmp_path / "again")
        said = house.verify_against(house.old)
        assert (kinds(said), said.json["level"]) == (set(), "L2")

    def test_cuts_off_what_is_newer_than_any_checkpoint_outside_unseen(
        self, house: House, tmp_path: Path
    ) -> None:
        cut(house)
        recompute(house, checkpoints=True)
        set_back(house, house.old)
        signed(house.ledger, tmp_path / "again")
        assert kinds(house.verify_against(house.old)) == set()

    def test_rewrites_what_somebody_holds_a_checkpoint_of_and_is_seen(
        self, house: House, tmp_path: Path
    ) -> None:
        edit(house)
        recompute(house, checkpoints=True)
        set_back(house)
        again = signed(house.ledger, tmp_path / "again")
        assert kinds(house.verify_against()) == set()  # L1: who holds nothing sees nothing
        assert kinds(house.verify_against(house.new)) == {"fork"}
        refused = scoretrail(None, "dossier", "verify", str(house.dossier), "--vkey", house.vkey,
                             "--checkpoint", str(again))  # fmt: skip
        assert refused.code == 3

    def test_a_receipt_of_what_was_rewritten_contradicts_the_new_checkpoint(
        self, house: House, tmp_path: Path
    ) -> None:
        """Receipt and checkpoint are signed by the same key and have two roots of one size."""
        receipt = Path(f"{tmp_path}/held.tlog-proof")
        done(scoretrail(house.ledger, "receipt", "issue", CASE, "-o", str(receipt)))
        edit(house)
        recompute(house, checkpoints=True)
        set_back(house)
        signed(house.ledger, tmp_path / "again")
        held = tmp_path / "held"
        held.write_bytes(receipt.read_bytes().partition(b"\n\n")[2])
        assert kinds(house.verify_against(held)) == {"fork"}

    def test_another_key_is_no_key(self, house: House, tmp_path: Path) -> None:
        for what in (".key", ".key.state"):
            house.ledger.file(what).unlink()
        done(scoretrail(house.ledger, "key", "generate", house.vkey.split("+")[0]))
        edit(house)
        recompute(house, checkpoints=True)
        held = signed(house.ledger, tmp_path / "again")
        assert "signature" in kinds(house.verify_against())
        assert "signature" in kinds(house.verify_against(held))


class TestTheLogAlone:
    """`verify --log`: that what is sealed is what was sealed, whatever it says."""

    def of(self, house: House, *held: Path) -> Said:
        words = [word for one in held for word in ("--checkpoint", str(one))]
        return house.verify("--log", "--vkey", house.vkey, *words)

    def test_reaches_the_level_and_says_what_it_has_not_looked_at(self, house: House) -> None:
        said = done(self.of(house, house.old, house.new)).json
        assert (said["breaks"], said["level"]) == ([], "L2")
        counted = done(house.verify()).json["counted"]
        assert said["counted"]["events"] == said["counted"]["leaves"] == counted["events"]
        assert said["counted"]["cases"] == said["counted"]["evidence"] == 0
        assert said["does_not_prove"][0].startswith("only the log was verified")

    def test_an_event_that_was_edited_is_another_tree(self, house: House) -> None:
        edit(house)
        assert kinds(self.of(house)) == {"root"}
        assert kinds(self.of(house, house.new)) == {"root", "fork"}

    def test_with_everything_recomputed_it_is_another_tree_than_outside(self, house: House) -> None:
        edit(house)
        recompute(house, checkpoints=True)
        assert kinds(self.of(house)) == set()
        assert kinds(self.of(house, house.new)) == {"fork"}

    def test_what_was_cut_off_is_missed_by_whoever_holds_a_checkpoint(self, house: House) -> None:
        cut(house)
        recompute(house, checkpoints=True)
        assert kinds(self.of(house, house.old)) == set()
        assert kinds(self.of(house, house.new)) == {"rollback"}

    def test_a_place_that_is_missing(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            connection.execute("DELETE FROM leaves WHERE position = 50")
        assert {"order", "root", "truncated"} <= kinds(self.of(house))

    def test_a_tile(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            connection.execute("UPDATE tiles SET data = ?, root = ?", (bytes(8192), bytes(32)))
        assert kinds(self.of(house)) == {"tile"}

    def test_what_is_not_sealed_is_not_in_it(self, house: House) -> None:
        with administrator(house.ledger) as connection:
            append(connection)
        assert kinds(self.of(house)) == set()

    def test_of_an_empty_one_there_is_nothing_to_verify(self, places: Places) -> None:
        said = scoretrail(places.ledger(), "verify", "--log", "--json")
        assert (said.code, said.json["counted"]["events"], said.json["breaks"]) == (3, 0, [])

    def test_is_not_that_of_one_case(self, house: House) -> None:
        assert house.verify("--log", "--case", CASE).code == 2


class TestEvidence:
    def a_file(self, house: House) -> Path:
        return next(one for one in sorted(house.ledger.evidence.rglob("*")) if one.is_file())

    def test_missing(self, house: House) -> None:
        self.a_file(house).unlink()
        found = breaks(house.verify())
        assert found == {"evidence": f"scores of {CASE} that cite it"}

    def test_altered(self, house: House) -> None:
        file = self.a_file(house)
        file.chmod(0o644)
        file.write_bytes(file.read_bytes() + b"\n")
        assert kinds(house.verify()) == {"evidence"}

    def test_all_of_it_gone_is_said_to_be_unchecked(self, house: House) -> None:
        rmtree(house.ledger.evidence)
        said = done(house.verify()).json
        assert said["counted"]["evidence"] == 0
        assert said["does_not_prove"][0].startswith("evidence files were not verified")


def test_the_ledger_is_never_the_reason_to_believe_it(house: House) -> None:
    """Without a key from elsewhere the level is L0, however many signatures the ledger holds."""
    said = done(house.verify()).json
    assert (said["level"], said["counted"]["signatures"]) == ("L0", 0)
    assert "recompute every hash" in said["does_not_prove"][0]


def test_a_checkpoint_of_a_fork_is_said_to_confirm_nothing(house: House, fork: House) -> None:
    """It was given: to say that none was there to compare with would be false."""
    said = house.verify_against(fork.new)
    assert "fork" in kinds(said)
    assert said.json["level"] == "L1"
    assert "nothing is confirmed from outside" in "".join(said.json["does_not_prove"])


# How an author was proven -------------------------------------------------------------------------


def claiming(house: House, **claim: object) -> Said:
    """What `verify` says where the last adjusted score claims that its author was proven."""
    with administrator(house.ledger) as connection:
        key, entry = an_award(connection)
        claimed = canonical(json.loads(entry) | claim)
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (claimed, key))
    recompute(house, checkpoints=True)
    return house.verify()


@pytest.mark.parametrize("way", ["file", "signature"])
def test_a_way_of_proving_an_author_that_no_program_has(house: House, way: str) -> None:
    said = claiming(house, through=way)
    assert kinds(said) == {"rules"}
    assert f"through {way}" in said.json["breaks"][0]["message"]


def test_a_signature_by_a_key_that_was_nobodys(house: House) -> None:
    signature = {"key": "b" * 64, "scheme": "ed25519", "value": "AAAA"}
    assert kinds(claiming(house, signed=signature)) == {"key"}


@pytest.mark.parametrize("way", ["database-role", "web"])
def test_a_server_that_is_not_there_proves_nobody_which_is_said(house: House, way: str) -> None:
    """Whoever has moved a ledger from a server has such entries, so it is no break."""
    said = claiming(house, through=way)
    assert kinds(said) == set()
    (note,) = said.json["notes"]
    assert note["where"] == "through"
    assert note["message"].startswith("1 entry says that a server proved the author")


# How far a dossier says that others went ----------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda ends: [ends[0] | {"version": ends[0]["version"] - 1}, *ends[1:]],
        lambda ends: [ends[0] | {"version": 9_999}, *ends[1:]],
        lambda ends: [ends[0] | {"leaf": "a" * 64}, *ends[1:]],
        lambda ends: ends[:1],
        lambda ends: [*ends, ends[0] | {"stream": "rubric:another"}],
        lambda _: [],
    ],
    ids=["shorter", "longer", "another leaf", "one less", "one more", "none"],
)
def test_a_dossier_that_says_otherwise_how_far_the_register_went(
    house: House, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    with administrator(house.ledger) as connection:
        key, entry = last_of(connection, "DossierIssued")
        said = json.loads(entry)
        said["data"]["streams"] = change(said["data"]["streams"])
        connection.execute("UPDATE events SET entry = ? WHERE id = ?", (canonical(said), key))
    recompute(house, checkpoints=True)
    found = breaks(house.verify())
    assert set(found) == {"rules"}
    assert "DossierIssued" in found["rules"]
