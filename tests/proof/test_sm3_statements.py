"""A statement over SM3: made by the signer from the entries, checked by `verify` and by openssl."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from tests.support.houses import House, kinds
from tests.support.naive_log import sm3_root
from tests.support.places import Place
from tests.support.sm2_keys import Sm2Pair, openssl_verifies, sm2_pair
from tests.support.terminal import Said, done, record, scoretrail

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Sm2Pair:
    return sm2_pair(tmp_path_factory.mktemp("sm2"))


def state(ledger: Place, pair: Sm2Pair, to: Path) -> Said:
    """What the signer says that is to state the SM3 root."""
    words = ("checkpoint", "sign", "-o", f"{to}.checkpoint", "--sm3", str(to))
    return scoretrail(ledger, *words, "--sm2-key", str(pair.private), lang="en")


@pytest.fixture
def stated(house: House, pair: Sm2Pair, tmp_path: Path) -> Path:
    """A statement of the whole log, as it is."""
    done(state(house.ledger, pair, tmp_path / "head.sm3"))
    return tmp_path / "head.sm3"


def verified(house: House, statement: Path, pair: Sm2Pair | None = None) -> Said:
    words = ("--log", "--vkey", house.vkey, "--sm3", str(statement))
    return house.verify(*words, *(("--sm2-key", str(pair.public)) if pair else ()))


def sm3_of(said: Said) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = said.json["sm3"]
    return found


def test_it_is_the_root_of_the_entries_and_openssl_accepts_its_signature(
    house: House, pair: Sm2Pair, stated: Path
) -> None:
    rows = sorted((row for row in record(house.ledger) if row[5] is not None), key=lambda r: r[5])
    entries = [bytes(row[4]) for row in rows]

    first, origin, size, by_sm3, by_sha256 = stated.read_text().splitlines()

    assert (first, origin, int(size)) == ("scoretrail-sm3/1", "proof.example/log1", len(entries))
    assert b64decode(by_sm3) == sm3_root(entries)
    assert by_sha256 == Path(f"{stated}.checkpoint").read_text().splitlines()[2]
    assert openssl_verifies(pair.public, Path(f"{stated}.sig"), stated)


def test_verify_computes_it_again_and_says_what_it_could_not_check(
    house: House, pair: Sm2Pair, stated: Path
) -> None:
    whole = house.verify("--sm3", str(stated), "--sm2-key", str(pair.public))
    log, unsigned = verified(house, stated, pair), verified(house, stated)

    assert [kinds(said) for said in (whole, log, unsigned)] == [set(), set(), set()]
    (one,) = sm3_of(whole)
    assert (one["signature"], one["why"]) == ("valid", None)
    assert sm3_of(log) == [one]
    assert [held["signature"] for held in sm3_of(unsigned)] == ["unchecked"]
    assert any("SM2" in limit for limit in unsigned.json["does_not_prove"])
    assert not any("SM2" in limit for limit in log.json["does_not_prove"])


def test_the_signer_goes_on_from_what_it_has_taken_in(
    house: House, pair: Sm2Pair, stated: Path, tmp_path: Path
) -> None:
    opened = ("--as", "administrator", "account", "open", "later", "--organisation", "x")
    done(scoretrail(house.ledger, *opened))

    done(state(house.ledger, pair, tmp_path / "next.sm3"))

    house.ledger.file(".key.sm3").unlink()  # and from the beginning
    done(state(house.ledger, pair, tmp_path / "again.sm3"))
    assert (tmp_path / "next.sm3").read_text() == (tmp_path / "again.sm3").read_text()
    both = ("--sm3", str(stated), "--sm3", str(tmp_path / "next.sm3"))
    assert len(sm3_of(house.verify("--log", *both))) == 2


@pytest.mark.parametrize("line", range(5))
def test_any_line_that_is_altered_breaks_its_signature(
    house: House, pair: Sm2Pair, stated: Path, line: int
) -> None:
    lines = stated.read_text().splitlines()
    others = (lines[0], "other.example/log", str(int(lines[2]) - 1), lines[4], lines[3])
    lines[line] = others[line]
    stated.write_text("".join(f"{text}\n" for text in lines))

    said = verified(house, stated, pair)

    assert kinds(said) == (set() if line == 0 else {"signature"})
    assert openssl_verifies(pair.public, Path(f"{stated}.sig"), stated) is (line == 0)


@pytest.mark.parametrize("line", [2, 3, 4])
def test_a_statement_that_its_signer_made_up_is_found_by_the_entries(
    house: House, stated: Path, line: int
) -> None:
    lines = stated.read_text().splitlines()
    lines[line] = str(int(lines[2]) + 1) if line == 2 else lines[7 - line]
    stated.write_text("".join(f"{text}\n" for text in lines))

    assert kinds(verified(house, stated)) == {"sm3"}


def test_of_another_log_it_says_nothing_about_this_one(house: House, stated: Path) -> None:
    lines = stated.read_text()
    stated.write_text(lines.replace("proof.example/log1", "other.example/log1"))

    assert kinds(verified(house, stated)) == {"signature"}


@pytest.mark.usefixtures("stated")
def test_a_signer_whose_memory_of_the_trees_is_of_another_log_states_nothing(
    house: House, pair: Sm2Pair, tmp_path: Path
) -> None:
    kept = house.ledger.file(".key.sm3")
    lines = kept.read_text().splitlines()
    for other in ("damaged\n", "\n".join([*lines[:3], lines[3], lines[3], ""])):
        kept.write_text(other)

        said = state(house.ledger, pair, tmp_path / "next.sm3")

        assert said.code in {2, 3}
        assert ".key.sm3" in said.err
        assert not (tmp_path / "next.sm3").exists()


def test_a_missing_signature_or_half_of_the_options_is_asked_for(
    house: House, pair: Sm2Pair, stated: Path, tmp_path: Path
) -> None:
    Path(f"{stated}.sig").unlink()
    assert verified(house, stated, pair).code == 2
    words = ("checkpoint", "sign", "--sm3", str(tmp_path / "x"))
    assert scoretrail(house.ledger, *words).code == 2
    assert scoretrail(house.ledger, "checkpoint", "sign", "--sm2-key", "x").code == 2
    assert not (tmp_path / "x").exists()
