"""`verify --four`: a report that is signed, and checked by nothing but stock tools."""

import subprocess
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.houses import House
from tests.support.sm2_keys import openssl
from tests.support.terminal import done, scoretrail

pytestmark = pytest.mark.slow

ED25519_DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of a public key in SubjectPublicKeyInfo (RFC 8410)."""


def openssl_accepts(note: Path, vkey: str) -> bool:
    """What the format document says to do: the text, the signature, the key; no code of ours."""
    text, _, line = note.read_text(encoding="utf-8").rpartition("\n\n")
    folder = note.parent
    (folder / "text").write_text(text + "\n", encoding="utf-8")
    (folder / "sig").write_bytes(b64decode(line.split()[-1])[4:])
    key = ED25519_DER + b64decode(vkey.split("+", 2)[2])[1:]
    (folder / "key.der").write_bytes(key)
    said = subprocess.run(  # noqa: S603 - stock openssl
        (
            *("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER"),
            *("-inkey", str(folder / "key.der"), "-rawin", "-in", str(folder / "text")),
            *("-sigfile", str(folder / "sig")),
        ),
        capture_output=True,
        check=False,
    )
    return said.returncode == 0


def sm3_by_openssl(file: Path) -> str:
    return openssl("dgst", "-sm3", "-r", str(file)).decode().split()[0]


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_the_log_signs_the_report_and_openssl_accepts_it(
    house: House, tmp_path: Path, suffix: str
) -> None:
    file, note = tmp_path / f"report{suffix}", tmp_path / f"report{suffix}.note"

    said = house.verify("--four", "--vkey", house.vkey, "-o", str(file))

    assert said.code == 0
    assert [part["property"] for part in said.json["four"]] == [
        *("authenticity", "integrity", "usability", "security")
    ]
    first, by_sha256, by_sm3, *_ = note.read_text().split("\n")
    assert first == "scoretrail-file/1"
    assert by_sha256 == f"sha256 {sha256(file.read_bytes()).hexdigest()}"
    assert by_sm3 == f"sm3 {sm3_by_openssl(file)}"
    assert openssl_accepts(note, house.vkey)
    note.write_text(note.read_text().replace(by_sha256[-4:], "0000", 1))
    assert not openssl_accepts(note, house.vkey)


def test_an_author_signs_the_report_with_a_key_of_their_own(house: House, tmp_path: Path) -> None:
    key, file = tmp_path / "auditor.key", tmp_path / "report.pdf"
    made = scoretrail(tmp_path / "x.db", "--key", str(key), "key", "generate", "auditor")
    vkey = done(made).out.split()[-1]

    done(scoretrail(house.ledger, "--author-key", str(key), "verify", "--four", "-o", str(file)))

    assert "auditor " in (tmp_path / "report.pdf.note").read_text()
    assert openssl_accepts(tmp_path / "report.pdf.note", vkey)


def test_without_a_key_it_is_written_and_says_that_nobody_signed(
    house: House, tmp_path: Path
) -> None:
    house.ledger.file(".key").unlink()

    said = scoretrail(house.ledger, "verify", "--four", "-o", str(tmp_path / "r.pdf"), lang="en")

    assert said.code == 0
    assert "not signed" in said.err
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("r.pdf")] == ["r.pdf"]


def test_what_is_broken_is_reported_and_the_code_says_so(house: House, tmp_path: Path) -> None:
    evidence = next(path for path in house.ledger.evidence.rglob("*") if path.is_file())
    evidence.write_bytes(b"other")

    said = house.verify("--four", "-o", str(tmp_path / "report.docx"))

    assert said.code == 3
    (integrity,) = (part for part in said.json["four"] if part["property"] == "integrity")
    assert [one["check"] for one in integrity["checks"] if one["state"] == "broken"] == ["evidence"]
    assert (tmp_path / "report.docx").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--four", "--log"),
        ("-o", "x.pdf"),
        ("--four", "-o", "x.txt"),
        ("--four", "-o", "no/x.pdf"),
    ],
)
def test_what_makes_no_report_is_refused(house: House, words: tuple[str, ...]) -> None:
    assert house.verify(*words).code == 2


def test_people_read_it_on_a_terminal(house: House) -> None:
    said = done(scoretrail(house.ledger, "verify", "--four"))

    for name in ("【真实性】", "【完整性】", "【可用性】", "【安全性】"):
        assert name in said.out
    assert said.out.count("未覆盖：") >= 4
