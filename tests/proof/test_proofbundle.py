"""`proofbundle verify-proof`, which shares no code with ours, agrees about our receipts.

It is installed with what the tests need: where it is missing, this file fails to be read.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from proofbundle.tlogproof import verify_tlog_proof

from tests.support.houses import House
from tests.support.places import Places
from tests.support.postgres import Databases
from tests.support.terminal import CASE, done, scoretrail

PROGRAM = Path(sys.executable).with_name("proofbundle")
ORIGIN = "proof.example/log1"
OTHER_KEY = "proof.example/log1+9c4820c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def verify_proof(receipt: Path, entry: Path, vkey: str, *words: str) -> int:
    """The exit code of the foreign program; what it says must be the same."""
    said = subprocess.run(  # noqa: S603 - a verifier on files of this test
        [
            *(PROGRAM, "verify-proof", receipt, "--payload-file", entry),
            *("--log-vkey", vkey, "--json", *words),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode in {0, 1}:
        assert json.loads(said.stdout)["ok"] is (said.returncode == 0), said.stdout
    return said.returncode


@pytest.fixture(scope="module")
def pair(
    database: Databases | None, house_as_built: House, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The receipt of the issue and its entry, as our command line wrote them."""
    folder = tmp_path_factory.mktemp("receipt")
    receipt, entry = folder / "v173.tlog-proof", folder / "v173.json"
    issue = ("receipt", "issue", CASE, "--version", "173", "-o", str(receipt))
    with Places(folder, database) as places:
        done(scoretrail(house_as_built.copy(places).ledger, *issue, "--entry", str(entry)))
    return receipt, entry


def test_it_accepts_the_receipt_that_comes_with_an_act(house: House) -> None:
    lodge = (
        *("--as", "unit-filer", "--dated", "2025-01-07", "appeal", "lodge", CASE, "outputs"),
        *("--indicator", "output-goals", "--statement", "未完成项系拨款原因"),
    )
    decide = (
        *("--as", "bureau-officer", "--dated", "2025-01-20", "appeal", "decide", CASE, "outputs"),
        *("--outcome", "rejected", "--justification", "理由不成立"),
    )
    done(scoretrail(house.ledger, *lodge))
    said = done(scoretrail(house.ledger, *decide, lang="en"))
    (line,) = (line for line in said.out.splitlines() if line.startswith("receipt: "))
    receipt = Path(line.partition(": ")[2])
    assert verify_proof(receipt, receipt.with_suffix(".json"), house.vkey) == 0


def test_it_accepts_the_receipt_of_every_tenth_event(house: House, tmp_path: Path) -> None:
    receipt, entry = tmp_path / "one.tlog-proof", tmp_path / "one.json"
    for version in range(1, 180, 10):
        issue = ("receipt", "issue", CASE, "--version", str(version), "-o", str(receipt))
        done(scoretrail(house.ledger, *issue, "--entry", str(entry)))
        assert holds(receipt.read_bytes(), entry.read_bytes(), house.vkey)
        receipt.unlink()
        entry.unlink()


def test_it_accepts_ours_for_the_log_that_is_named(
    pair: tuple[Path, Path], house_as_built: House
) -> None:
    vkey = house_as_built.vkey
    assert verify_proof(*pair, vkey, "--expected-origin", ORIGIN) == 0
    assert verify_proof(*pair, vkey, "--expected-origin", "proof.example/log2") != 0


def test_it_refuses_another_entry_another_key_and_a_cut_off_receipt(
    pair: tuple[Path, Path], house_as_built: House, tmp_path: Path
) -> None:
    receipt, entry = pair
    changed, short = tmp_path / "changed.json", tmp_path / "short.tlog-proof"
    changed.write_bytes(entry.read_bytes() + b" ")
    short.write_bytes(receipt.read_bytes()[:-20])
    assert verify_proof(receipt, changed, house_as_built.vkey) != 0
    assert verify_proof(receipt, entry, OTHER_KEY) != 0
    assert verify_proof(short, entry, house_as_built.vkey) != 0


@pytest.mark.sqlite_only("changed are bytes in memory, wherever they were read from")
def test_it_refuses_the_receipt_with_any_byte_changed(
    pair: tuple[Path, Path], house_as_built: House
) -> None:
    receipt, entry = (file.read_bytes() for file in pair)
    assert holds(receipt, entry, house_as_built.vkey)
    for place in range(len(receipt)):
        flipped = bytearray(receipt)
        flipped[place] ^= 1 << place % 8
        assert not holds(bytes(flipped), entry, house_as_built.vkey), place


def holds(receipt: bytes, entry: bytes, vkey: str) -> bool:
    """What the program's own function says, which its command calls."""
    try:
        return bool(verify_tlog_proof(receipt.decode(), entry, vkey)["ok"])
    except ValueError:  # its own errors and those of decoding are ones
        return False
