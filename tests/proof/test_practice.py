"""A practice ledger: all that leaves it says so, and nobody takes that off or puts it on."""

import json
from pathlib import Path
from typing import Final

import pytest

from ledger import dossier
from ledger.log.note import SigningKey, VerifierKey
from ledger.log.tree import ProofError
from ledger.practice import MARK, is_practice
from tests.support import small_dossier
from tests.support.places import Place, Places
from tests.support.small_dossier import in_order, packed
from tests.support.stranger import strangers
from tests.support.strangers_in_go import Verifier, goverify
from tests.support.terminal import Said, begun, done, entries, record, scoretrail

__all__ = ["goverify"]

REGISTER: Final = "register:accounts"
REAL: Final = small_dossier.KEY
MARKED: Final = SigningKey(f"{MARK}{REAL.name}", REAL.seed)
PRACTICE: Final = 6
BROKEN: Final = 3
DAY: Final = "2024-01-05"


def made(key: SigningKey, *, practice: bool) -> dict[str, bytes]:
    """The members of a dossier that is signed by whoever has the key, under any name."""
    log = small_dossier.entries(practice=practice)
    return small_dossier.files(log, signed=small_dossier.checkpoint(log, origin=key.name, key=key))


def by_strangers(tmp_path: Path, members: dict[str, bytes], key: SigningKey, *more: str) -> Said:
    file = tmp_path / "dossier.zip"
    file.write_bytes(packed(in_order(members)))
    return strangers(file, str(key.public), *more, page=False)


def by_us(members: dict[str, bytes], key: SigningKey) -> dossier.Verified:
    public: VerifierKey = key.public
    return dossier.verify(dossier.parse(packed(in_order(members))), [public])


class TestADossier:
    def test_of_practice_is_verified_as_practice_only(self, tmp_path: Path) -> None:
        members = made(MARKED, practice=True)

        unasked = by_strangers(tmp_path, members, MARKED)
        asked = by_strangers(tmp_path, members, MARKED, "--practice")

        assert (unasked.code, asked.code) == (PRACTICE, 0)
        assert unasked.out.startswith("NOT VERIFIED: ")
        assert "PRACTICE, NOT REAL" in unasked.out
        assert asked.out.startswith("PRACTICE, NOT REAL: VERIFIED: ")
        assert is_practice(by_us(members, MARKED).others)

    def test_that_is_real_is_verified_as_before_and_never_as_practice(self, tmp_path: Path) -> None:
        members = made(REAL, practice=False)

        assert by_strangers(tmp_path, members, REAL).code == 0
        assert by_strangers(tmp_path, members, REAL, "--practice").code == PRACTICE

    @pytest.mark.parametrize(("key", "practice"), [(REAL, True), (MARKED, False)])
    def test_whose_log_and_first_entry_contradict_is_refused_whoever_has_signed_it(
        self, tmp_path: Path, key: SigningKey, *, practice: bool
    ) -> None:
        """Even with the key: the name is changed, and all the rest is as it was."""
        members = made(key, practice=practice)

        for asked in ((), ("--practice",)):
            assert by_strangers(tmp_path, members, key, *asked).code in {BROKEN, PRACTICE}
        if practice:
            assert by_strangers(tmp_path, members, key).code == BROKEN
        with pytest.raises(ProofError, match="PRACTICE"):
            by_us(members, key)

    def test_whose_mark_is_cut_out_of_the_signed_name_has_no_signature(
        self, tmp_path: Path
    ) -> None:
        members = {
            name: content.replace(MARK.encode(), b"")
            for name, content in made(MARKED, practice=True).items()
        }

        assert by_strangers(tmp_path, members, REAL).code == BROKEN
        with pytest.raises(ProofError):
            by_us(members, REAL)

    def test_whose_first_entry_is_made_real_is_of_another_log(self, tmp_path: Path) -> None:
        members = made(MARKED, practice=True)
        first = "entries/000000000000.json"
        cut = members[first].replace(b',"practice":true', b"")
        assert cut != members[first]

        for key in (MARKED, REAL):
            forged = members | {first: cut}
            assert by_strangers(tmp_path, forged, key, "--practice").code in {BROKEN, PRACTICE}
            with pytest.raises(ProofError):
                by_us(forged, key)


class TestALedger:
    def test_says_so_in_its_first_entry_and_nowhere_else(self, places: Places) -> None:
        ledger = begun(places.new(), DAY, "--practice")

        first, *more = entries(ledger, REGISTER)

        assert first["data"]["practice"] is True
        assert all("practice" not in one["data"] for one in more)
        assert scoretrail(ledger, "verify", lang="en").out.startswith("PRACTICE ledger: nothing")

    def test_that_is_real_is_never_made_one_for_practice_nor_the_reverse(
        self, places: Places, tmp_path: Path
    ) -> None:
        """No command has such a field, and what was written past the program is found."""
        ledger = begun(places.new(), DAY)
        file = tmp_path / "acts.toml"
        file.write_text(
            '[[act]]\ndo = "open-account"\naccount = "late"\norganisation = "o"\n'
            "roles = []\npractice = true\n",
            encoding="utf-8",
        )
        before = record(ledger)

        said = scoretrail(ledger, "--as", "administrator", "apply", str(file))

        assert said.code != 0
        assert record(ledger) == before

    @pytest.mark.parametrize("practice", [True, False])
    def test_signs_nothing_under_a_name_that_says_the_contrary(
        self, places: Places, *, practice: bool
    ) -> None:
        ledger = begun(places.new(), DAY, *(["--practice"] if practice else []))
        name = "reviews.example/log1" if practice else f"{MARK}reviews.example/log1"
        # On another computer, which does not see the ledger that it will sign for.
        elsewhere = ("--ledger", str(ledger.file(".elsewhere")), "--key", str(ledger.key))
        done(scoretrail(None, *elsewhere, "key", "generate", name))

        said = scoretrail(ledger, "checkpoint", "sign", lang="en")

        assert said.code == 2
        assert "PRACTICE" in said.err

    @pytest.mark.sqlite_only("the key is next to the file")
    def test_marks_the_name_of_its_log_by_itself_and_what_leaves_it_has_it_in_signed_bytes(
        self, places: Places, tmp_path: Path
    ) -> None:
        ledger = begun(places.new(), DAY, "--practice")
        vkey = done(scoretrail(ledger, "key", "generate", "reviews.example/log1")).out.split()[-1]
        receipt, entry = tmp_path / "receipt", tmp_path / "entry.json"
        issue = ("receipt", "issue", REGISTER, "-o", str(receipt), "--entry", str(entry))
        done(scoretrail(ledger, *issue))

        assert vkey.startswith(f"{MARK}reviews.example/log1+")
        assert f"\n{MARK}reviews.example/log1\n" in receipt.read_text("utf-8")
        verify = ("receipt", "verify", str(receipt), str(entry), "--vkey", vkey)
        assert scoretrail(None, *verify).code == PRACTICE
        assert scoretrail(None, *verify, "--practice").code == 0

    @pytest.mark.sqlite_only("the export of a file")
    def test_stays_one_when_it_is_moved_and_does_not_go_into_a_real_one(
        self, places: Places, tmp_path: Path
    ) -> None:
        ledger, real = begun(places.new(), DAY, "--practice"), begun(places.new(), DAY)
        done(scoretrail(ledger, "export", "--all", "-o", str(tmp_path / "all.jsonl")))
        copy = places.new()

        done(scoretrail(copy, "import", str(tmp_path / "all.jsonl")))
        into_real = scoretrail(real, "--as", "administrator", "import", str(tmp_path / "all.jsonl"))

        assert record(copy) == record(ledger)
        assert into_real.code != 0
        assert len(entries(real, REGISTER)) == 2

    @pytest.mark.sqlite_only("checkpoints that were put into a file past the program")
    def test_is_found_by_verify_to_have_been_signed_under_another_name(
        self, places: Places
    ) -> None:
        """By somebody who has the key and calls the log as a real one would be called."""
        ledger = begun(places.new(), DAY, "--practice")
        done(scoretrail(ledger, "key", "generate", "reviews.example/log1"))
        done(scoretrail(ledger, "checkpoint", "sign"))
        _signed_as_real(ledger)

        said = scoretrail(ledger, "verify", "--json", lang="en")

        assert said.code == BROKEN
        assert "practice" in {one["kind"] for one in said.json["breaks"]}
        assert said.json["practice"] is True


def _signed_as_real(ledger: Place) -> None:
    import sqlite3  # noqa: PLC0415 - of this attack alone

    with sqlite3.connect(ledger.target) as connection:
        for name in ("checkpoints_refuse_update", "checkpoints_refuse_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        (note,) = connection.execute("SELECT note FROM checkpoints").fetchone()
        raw = note if isinstance(note, bytes) else note.encode()
        connection.execute("UPDATE checkpoints SET note = ?", (raw.replace(MARK.encode(), b""),))


def test_the_strangers_program_in_go_takes_it_for_practice_only(
    goverify: Verifier, tmp_path: Path
) -> None:
    from tests.support.strangers_in_go import published  # noqa: PLC0415 - with Go alone

    vkeys = {
        practice: published(
            tmp_path / str(practice),
            small_dossier.entries(practice=practice),
            MARKED if practice else REAL,
        )
        for practice in (True, False)
    }
    assert goverify(vkeys[True], tmp_path / "True").returncode == PRACTICE
    assert goverify(vkeys[True], tmp_path / "True", "-practice").returncode == 0
    assert goverify(vkeys[False], tmp_path / "False").returncode == 0
    assert goverify(vkeys[False], tmp_path / "False", "-practice").returncode == PRACTICE
    liar = published(tmp_path / "liar", small_dossier.entries(practice=True), REAL)
    assert goverify(liar, tmp_path / "liar").returncode == BROKEN


def test_an_account_that_is_opened_later_cannot_carry_the_mark() -> None:
    """Written past the program, into a later entry of the register, it is found by a replay."""
    from ledger.checks.every_stream import of_register  # noqa: PLC0415 - of this test alone
    from ledger.codec import decode  # noqa: PLC0415 - the same

    log = [json.loads(one) for one in small_dossier.entries()]
    register = [one for one in log if one["case"] == REGISTER]
    later = next(one for one in register[1:] if one["type"] == "AccountOpened")
    later["data"]["practice"] = True
    text = [
        json.dumps(one, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        for one in register
    ]

    found = [*of_register([decode(one, at) for at, one in enumerate(text)])]

    assert [one.recorded.version for one in found] == [later["version"]]
    assert not is_practice([decode(one, at) for at, one in enumerate(text)])
