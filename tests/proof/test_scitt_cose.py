"""`scitt-cose`, which shares no code with ours, agrees about our receipts and statements as COSE.

It is installed with what the tests need: where it is missing, this file fails to be read.
"""

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import scitt_cose

from ledger.log.cose import CoseReceipt
from tests.support.houses import House
from tests.support.terminal import CASE, Said, done, scoretrail

ED25519_IN_DER = bytes.fromhex("302a300506032b6570032100")  # RFC 8410


def pem(vkey: str) -> bytes:
    """The public key as docs/formats/cose.md says it is made for `openssl` and others."""
    key = base64.b64decode(vkey.split("+", 2)[2])[1:]
    command = ["openssl", "pkey", "-pubin", "-inform", "DER"]
    made = subprocess.run(  # noqa: S603 - a fixed command
        command, input=ED25519_IN_DER + key, capture_output=True, check=True
    )
    return made.stdout


def issued(house: House, to: Path, form: str, *words: str) -> bytes:
    issue = ("receipt", "issue", CASE, "--format", form, "-o", str(to), *words)
    done(scoretrail(house.ledger, *issue))
    return to.read_bytes()


def ours(*words: object, vkey: str) -> Said:
    return scoretrail(None, "receipt", "verify", *map(str, words), "--vkey", vkey, lang="en")


def flips(data: bytes) -> Iterator[bytes]:
    """The data with a bit of each byte the other way."""
    for at in range(len(data)):
        yield data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


class TestAReceipt:
    @pytest.fixture
    def pair(self, house: House, tmp_path: Path) -> tuple[Path, Path]:
        receipt, entry = tmp_path / "r.cose", tmp_path / "r.json"
        issued(house, receipt, "cose", "--version", "173", "--entry", str(entry))
        return receipt, entry

    def test_is_accepted_by_both(self, house: House, pair: tuple[Path, Path]) -> None:
        receipt, entry = pair
        said = scitt_cose.verify_receipt(
            receipt.read_bytes(),
            leaf_entry_hex=entry.read_bytes().hex(),
            log_public_key_pem=pem(house.vkey),
        )
        assert (said.ok, said.errors) == (True, [])
        assert said.issuer == said.subject == "proof.example/log1"
        found = done(ours(receipt, entry, "--json", vkey=house.vkey))
        assert found.json == {"log": "proof.example/log1", "position": None, "size": None}
        assert "verified: in the log proof.example/log1" in ours(*pair, vkey=house.vkey).out

    def test_with_a_flipped_bit_is_refused_by_both_or_proves_the_same(
        self, house: House, pair: tuple[Path, Path]
    ) -> None:
        receipt, entry = pair
        sound, key = receipt.read_bytes(), pem(house.vkey)
        for count, flipped in enumerate(flips(sound)):
            said = scitt_cose.verify_receipt(
                flipped, leaf_entry_hex=entry.read_bytes().hex(), log_public_key_pem=key
            )
            # Size and position are signed by nobody: what they say may differ, what is proven not.
            assert not said.ok or said.root
            if count % 25 == 0 or said.ok:
                receipt.write_bytes(flipped)
                assert ours(receipt, entry, vkey=house.vkey).code in ({0} if said.ok else {2, 3})
        entry.write_bytes(entry.read_bytes() + b" ")
        receipt.write_bytes(sound)
        assert ours(receipt, entry, vkey=house.vkey).code == 3

    def test_of_another_log_is_refused(self, pair: tuple[Path, Path]) -> None:
        other = "proof.example/log1+9c4820c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
        assert ours(*pair, vkey=other).code == 3

    def test_needs_the_entry_and_no_witness_has_seen_it(
        self, house: House, pair: tuple[Path, Path]
    ) -> None:
        assert "name the file of the entry" in ours(pair[0], vkey=house.vkey).err
        witness = "auditor.example/w1+15cfbe2c+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
        assert ours(*pair, "--witness", witness, vkey=house.vkey).code == 3


class TestAStatement:
    def test_is_accepted_by_both_with_the_entry_in_it(self, house: House, tmp_path: Path) -> None:
        file, entry = tmp_path / "s.cose", tmp_path / "s.json"
        made = issued(house, file, "statement", "--version", "20", "--entry", str(entry))
        key = pem(house.vkey)
        said = scitt_cose.parse_signed_statement(made, public_key_pem=key)
        assert said["signature_verified"] is True
        assert (said["issuer"], said["subject"]) == ("proof.example/log1", CASE)
        assert said["payload"] == entry.read_bytes()
        assert json.loads(said["payload"])["version"] == 20
        (receipt,) = scitt_cose.extract_receipts(made)
        proven = scitt_cose.verify_receipt(
            receipt, leaf_entry_hex=said["payload"].hex(), log_public_key_pem=key
        )
        assert proven.ok
        assert ours(file, vkey=house.vkey).code == ours(file, entry, vkey=house.vkey).code == 0

    def test_with_another_entry_in_it_is_refused_by_both(
        self, house: House, tmp_path: Path
    ) -> None:
        file = tmp_path / "s.cose"
        made = issued(house, file, "statement")
        at = made.index(b'"type":"') + 9
        file.write_bytes(made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :])
        said = scitt_cose.parse_signed_statement(file.read_bytes(), public_key_pem=pem(house.vkey))
        assert said["signature_verified"] is False
        assert ours(file, vkey=house.vkey).code == 3

    def test_has_receipts_of_both_keys_while_one_takes_over(
        self, house: House, tmp_path: Path
    ) -> None:
        done(scoretrail(house.ledger, "key", "rotate"))
        both = done(scoretrail(house.ledger, "key", "show", "--json")).json["vkeys"]
        made = issued(house, tmp_path / "s.cose", "statement", "--entry", str(tmp_path / "e"))
        entry = (tmp_path / "e").read_bytes()
        for vkey, receipt in zip(both, scitt_cose.extract_receipts(made), strict=True):
            assert scitt_cose.verify_receipt(
                receipt, leaf_entry_hex=entry.hex(), log_public_key_pem=pem(vkey)
            ).ok


class TestTheLogSinceAReceipt:
    @pytest.mark.parametrize("form", ["tlog-proof", "cose", "statement"])
    def test_begins_after_its_entry_whatever_its_form(
        self, house: House, tmp_path: Path, form: str
    ) -> None:
        file = tmp_path / "held"
        issued(house, file, form, "--version", "173")
        rows = done(scoretrail(house.ledger, "log", CASE, "--since", str(file), "--json")).json
        assert rows["entries"][0]["version"] == 174
        due = scoretrail(house.ledger, "portfolio", "work", "--since", str(file), "--json")
        assert due.code == 0, due.err

    def test_does_not_begin_where_its_proof_does_not_lead(
        self, house: House, tmp_path: Path
    ) -> None:
        """Its position is not signed: one that was changed is not believed."""
        file = tmp_path / "held"
        held = CoseReceipt.parse(issued(house, file, "cose", "--version", "173"))
        for elsewhere in (held._replace(position=9), held._replace(size=held.size - 1)):
            file.write_bytes(bytes(elsewhere))
            said = scoretrail(house.ledger, "log", CASE, "--since", str(file), lang="en")
            assert (said.code, said.out) == (3, "")
            assert "Traceback" not in said.err
