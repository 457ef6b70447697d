"""Receipts, keys and witnesses: what leaves the house, and who can check it."""

import gzip
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from application.receipts import FORMS
from ledger.gzipped import uncompressed
from tests.support.houses import House, exported, kinds, signed
from tests.support.places import Place, Places
from tests.support.terminal import CASE, RESULT, REVIEW, Said, done, scoretrail

Harm = Callable[[bytes], bytes]


def a_flipped_bit(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :]


def an_end_cut_off(data: bytes) -> bytes:
    return data[:-20]


def a_line_behind(data: bytes) -> bytes:
    return data + b"\n"


def far_more_than_a_receipt(_: bytes) -> bytes:
    return gzip.compress(bytes(2**27), 1)


DAMAGE: dict[Harm, tuple[str, str]] = {
    a_flipped_bit: ("压缩的内容已损坏", "what it has compressed is damaged"),
    an_end_cut_off: ("末尾缺失，可能已被截断", "its end is missing"),
    a_line_behind: ("压缩的内容之后另有内容", "something follows what it has compressed"),
    far_more_than_a_receipt: ("解压后超过 1048576 字节", "more than 1,048,576 bytes uncompressed"),
}
LIBRARY = re.compile("zlib|gzip|inflat|decompress|Exception|Traceback|stream")

PROMISE = re.compile(r"^(?:receipt|存证证明)", re.MULTILINE)


def receipts(ledger: Place) -> list[str]:
    """What lies in the folder of receipts."""
    folder = ledger.file(".receipts")
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def held(said: Said) -> list[Path]:
    """The receipts that a command has promised."""
    return [Path(line.partition(": ")[2]) for line in said.out.splitlines() if "receipt: " in line]


def promised(said: Said, kind: str, vkey: str) -> None:
    """One receipt has come, of such an event; it verifies by the entry that lies beside it."""
    (receipt,) = held(said)
    entry = receipt.with_suffix(".json")
    assert json.loads(entry.read_bytes())["type"] == kind
    assert verified(receipt, entry, vkey) == 0


def issued(ledger: Place, to: Path, *words: str) -> Path:
    """The receipt of event 173 in a file."""
    done(scoretrail(ledger, "receipt", "issue", CASE, "--version", "173", "-o", str(to), *words))
    return to


def entry_of(ledger: Place, version: int, to: Path) -> Path:
    words = ("receipt", "issue", CASE, "--version", str(version))
    done(scoretrail(ledger, *words, "-o", f"{to}.tlog-proof", "--entry", str(to)))
    return to


def verified(receipt: Path, entry: Path, vkey: str) -> int:
    return scoretrail(None, "receipt", "verify", str(receipt), str(entry), "--vkey", vkey).code


class TestAReceiptComes:
    def test_with_the_submission(self, built: Mapping[str, Place], places: Places) -> None:
        ledger = places.copy(built["claimed"])
        vkey = done(scoretrail(ledger, "key", "generate", "proof.example/log1")).out.split()[-1]
        submit = ("--as", "unit-filer", "--dated", "2024-08-01", "submit", "self-evaluation", CASE)
        said = done(scoretrail(ledger, *submit, lang="en"))
        promised(said, "SelfEvaluationSubmitted", vkey)

    def test_with_the_issue_when_a_file_is_applied(
        self, built: Mapping[str, Place], places: Places
    ) -> None:
        ledger = places.copy(built["reviewed"])
        vkey = done(scoretrail(ledger, "key", "generate", "proof.example/log1")).out.split()[-1]
        promised(done(scoretrail(ledger, "apply", str(RESULT), lang="en")), "ResultIssued", vkey)
        again = done(scoretrail(ledger, "apply", str(RESULT), lang="en"))
        assert held(again) == []  # nothing was recorded, nothing is promised

    def test_with_the_decision_of_an_appeal(self, house: House) -> None:
        lodge = (
            *("--as", "unit-filer", "--dated", "2025-01-07", "appeal", "lodge", CASE, "outputs"),
            *("--indicator", "output-goals", "--statement", "未完成项系拨款原因"),
        )
        lodged = done(scoretrail(house.ledger, *lodge, lang="en"))
        assert held(lodged) == []
        decide = (
            *("--as", "bureau-officer", "--dated", "2025-01-20"),
            *("appeal", "decide", CASE, "outputs", "--outcome", "rejected"),
            *("--justification", "理由不成立"),
        )
        promised(done(scoretrail(house.ledger, *decide, lang="en")), "AppealDecided", house.vkey)

    def test_never_without_a_key_and_without_one_nothing_is_promised(self, reviewed: Place) -> None:
        said = done(scoretrail(reviewed, "apply", str(RESULT)))
        assert not PROMISE.search(said.out)
        assert receipts(reviewed) == []
        assert not list(reviewed.beside.parent.glob("*.receipts"))

    def test_not_when_the_file_is_only_checked(self, house: House) -> None:
        said = done(scoretrail(house.ledger, "apply", "--check", str(REVIEW), lang="en"))
        assert held(said) == []


class TestAReceiptIsCompressed:
    """Where its file is named `.gz`, in each of its forms."""

    @pytest.fixture
    def held(self, house: House, tmp_path: Path) -> Path:
        return issued(house.ledger, tmp_path / "v173.tlog-proof.gz")

    @pytest.mark.parametrize("form", FORMS)
    def test_and_verifies(self, form: str, house: House, tmp_path: Path) -> None:
        entry = entry_of(house.ledger, 173, tmp_path / "v173.json")
        short = issued(house.ledger, tmp_path / "short.gz", "--format", form)
        long = issued(house.ledger, tmp_path / "long", "--format", form)
        assert uncompressed(short.read_bytes(), 2**20) == long.read_bytes()
        assert verified(short, entry, house.vkey) == 0

    def test_and_says_since_when(self, held: Path, house: House) -> None:
        shown = done(scoretrail(house.ledger, "log", CASE, "--since", str(held), "--json"))
        assert min(row["version"] for row in shown.json["entries"]) == 174

    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("harm", DAMAGE)
    def test_and_is_refused_in_words_where_it_is_damaged(
        self, harm: Harm, held: Path, house: House, *, lang: str
    ) -> None:
        held.write_bytes(harm(held.read_bytes()))
        words = ("receipt", "verify", str(held), str(held), "--vkey", house.vkey)
        said = scoretrail(None, *words, lang=lang)
        assert (said.code, said.out) == (2, "")
        assert DAMAGE[harm][lang == "en"] in said.err
        assert str(held) in said.err
        assert not LIBRARY.search(said.err.replace(str(held), ""))


class TestAReceiptIsRefused:
    @pytest.fixture
    def pair(self, house: House, tmp_path: Path) -> tuple[Path, Path]:
        entry = entry_of(house.ledger, 173, tmp_path / "v173.json")
        return Path(f"{entry}.tlog-proof"), entry

    def test_for_another_entry(self, pair: tuple[Path, Path], house: House, tmp_path: Path) -> None:
        other = entry_of(house.ledger, 172, tmp_path / "v172.json")
        assert verified(pair[0], other, house.vkey) == 3

    def test_for_a_changed_entry(self, pair: tuple[Path, Path], house: House) -> None:
        pair[1].write_bytes(pair[1].read_bytes().replace(b"2024", b"2023", 1))
        assert verified(*pair, house.vkey) == 3

    def test_with_any_bit_flipped(self, pair: tuple[Path, Path], house: House) -> None:
        data = pair[0].read_bytes()
        for place in range(0, len(data), 11):
            flipped = bytearray(data)
            flipped[place] ^= 1 << place % 8
            pair[0].write_bytes(flipped)
            # 2 where a line end is gone, as in a file that was cut off.
            assert verified(*pair, house.vkey) in {2, 3}, place

    def test_of_another_log(self, pair: tuple[Path, Path], house: House, places: Places) -> None:
        other = places.copy(house.ledger)
        vkey = done(scoretrail(other, "key", "generate", "other.example/log1")).out.split()[-1]
        assert verified(*pair, vkey) == 3

    def test_when_there_is_no_such_version(self, house: House, tmp_path: Path) -> None:
        for version in ("0", "-1", "99999"):
            words = ("receipt", "issue", CASE, "--version", version, "-o", str(tmp_path / "r"))
            assert scoretrail(house.ledger, *words).code == 2


class TestTheKey:
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
    def test_with_rights_for_others_is_not_used(self, house: House, mode: int) -> None:
        house.ledger.key.chmod(mode)
        said = scoretrail(house.ledger, "checkpoint", "sign", lang="en")
        assert (said.code, said.out) == (2, "")
        assert "chmod 600" in said.err

    def test_is_not_made_twice(self, house: House) -> None:
        before = house.ledger.key.read_bytes()
        assert scoretrail(house.ledger, "key", "generate", "proof.example/log1").code == 2
        assert house.ledger.key.read_bytes() == before

    def test_is_never_shown(self, house: House) -> None:
        secret = house.ledger.key.read_text().split("+", 4)[-1].strip()
        for words in (("key", "show"), ("key", "show", "--json"), ("key", "rotate")):
            said = done(scoretrail(house.ledger, *words))
            assert secret not in said.out + said.err

    def test_rotates_with_an_overlap_in_which_either_public_key_will_do(
        self, house: House, tmp_path: Path
    ) -> None:
        done(scoretrail(house.ledger, "key", "rotate"))
        both = done(scoretrail(house.ledger, "key", "show", "--json")).json["vkeys"]
        assert both[0] == house.vkey
        overlap = signed(house.ledger, tmp_path / "overlap")
        for vkey in both:
            verify = ("checkpoint", "verify", str(overlap), "--vkey", vkey)
            done(scoretrail(None, *verify))
            dossier = exported(house.ledger, tmp_path / "both.zip")
            done(scoretrail(None, "dossier", "verify", str(dossier), "--vkey", vkey))

        done(scoretrail(house.ledger, "key", "retire"))
        exported(house.ledger, tmp_path / "more.zip")
        alone = signed(house.ledger, tmp_path / "alone")
        assert scoretrail(None, "checkpoint", "verify", str(alone), "--vkey", both[0]).code == 3
        done(scoretrail(None, "checkpoint", "verify", str(alone), "--vkey", both[1]))
        words = ("--checkpoint", str(overlap), "--checkpoint", str(alone))
        said = house.verify("--vkey", both[0], "--vkey", both[1], *words)
        assert (kinds(said), said.json["level"]) == (set(), "L2")


class TestVerify:
    KEYS = ("level", "counted", "breaks", "does_not_prove")
    COUNTED = ("events", "cases", "leaves", "checkpoints", "signatures", "evidence")

    def test_keeps_to_its_contract(self, house: House) -> None:
        said = done(house.verify_against(house.old)).json
        assert set(self.KEYS) <= said.keys()
        assert set(self.COUNTED) <= said["counted"].keys()
        assert all(isinstance(said["counted"][name], int) for name in self.COUNTED)
        assert all(isinstance(one, str) and one for one in said["does_not_prove"])

    def test_counts_nothing_checked_as_a_failure(self, house: House) -> None:
        for words in (("--case", "no-such"), ("--case", "no-such", "--vkey", house.vkey)):
            said = house.verify(*words)
            assert (said.code, said.json["counted"]["events"]) == (3, 0)

    def test_of_one_case_counts_its_entries_and_believes_the_whole_log(self, house: House) -> None:
        one = done(house.verify("--case", CASE)).json
        words = ("--vkey", house.vkey, "--checkpoint", str(house.old))
        against = done(house.verify("--case", CASE, *words)).json
        whole = done(house.verify_against(house.old)).json
        assert one["counted"]["events"] == against["counted"]["events"]
        assert one["counted"]["events"] < whole["counted"]["events"]
        assert (one["level"], against["level"]) == ("L0", "L2")

    def test_of_one_case_finds_a_fork(self, house: House, fork: House) -> None:
        words = ("--vkey", house.vkey, "--checkpoint", str(fork.new))
        assert kinds(house.verify("--case", CASE, *words)) == {"fork"}

    def test_wants_the_key_with_a_checkpoint(self, house: House) -> None:
        assert house.verify("--checkpoint", str(house.old)).code == 2


def test_the_log_since_a_receipt_is_what_happened_after_it(house: House, tmp_path: Path) -> None:
    entry_of(house.ledger, 173, tmp_path / "v173.json")
    since = ("log", CASE, "--since", f"{tmp_path / 'v173.json'}.tlog-proof", "--json")
    shown = done(scoretrail(house.ledger, *since)).json["entries"]
    whole = done(scoretrail(house.ledger, "log", CASE, "--json")).json["entries"]
    assert shown == [one for one in whole if one["version"] > 173]
    assert 0 < len(shown) < len(whole)


def test_the_log_since_something_that_is_no_receipt_is_refused(
    house: House, tmp_path: Path
) -> None:
    no_receipt = tmp_path / "no.tlog-proof"
    no_receipt.write_text("nothing")
    assert scoretrail(house.ledger, "log", CASE, "--since", str(no_receipt)).code in {2, 3}


def test_the_log_since_a_receipt_of_another_history_is_refused(
    house: House, fork: House, tmp_path: Path
) -> None:
    entry_of(fork.ledger, 173, tmp_path / "v173.json")
    since = ("log", CASE, "--since", f"{tmp_path / 'v173.json'}.tlog-proof")
    said = scoretrail(house.ledger, *since, lang="en")
    assert (said.code, said.out) == (3, "")
    assert "rewritten since" in said.err
