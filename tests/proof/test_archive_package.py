"""The archive package of a case: exported, verified offline, altered; and after destruction."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest

from tests.support.archive_schema import is_valid
from tests.support.houses import House, kinds
from tests.support.places import Place
from tests.support.sm2_keys import openssl
from tests.support.terminal import CASE, Said, done, entries, record, scoretrail

pytestmark = pytest.mark.slow

LIST = ("--number", "财档销〔2026〕1号")


def bureau(ledger: Place, *words: str, by: str = "bureau-officer") -> Said:
    return scoretrail(ledger, "--as", by, "--confirm-date", "2014-01-01", *words)


def closed(ledger: Place) -> None:
    """The case is closed, and kept for ten years that are over."""
    done(bureau(ledger, "case", "close", CASE, "--reason", "归档"))
    kept = ("--term", "10-years", "--starts", "2014-01-01", "--number", "财档〔2014〕1号")
    done(bureau(ledger, "archive", "retain", CASE, *kept))


def exported(ledger: Place, to: Path) -> Said:
    return bureau(ledger, "dossier", "export", CASE, "--archive", "-o", str(to))


def verified(file: Path, house: House) -> Said:
    return scoretrail(None, "dossier", "verify", str(file), "--vkey", house.vkey, "--json")


@pytest.fixture
def package(house: House, tmp_path: Path) -> Path:
    closed(house.ledger)
    done(exported(house.ledger, tmp_path / "aip.zip"))
    return tmp_path / "aip.zip"


def contents(file: Path) -> dict[str, bytes]:
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(file: Path, members: Mapping[str, bytes]) -> None:
    """As the program packs, so that its form gives nothing away."""
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            info = ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, content)


def test_it_holds_the_dossier_the_evidence_and_documents_and_is_verified_offline(
    house: House, package: Path
) -> None:
    said, members = done(verified(package, house)).json, contents(package)

    assert is_valid(members["package.xml"])
    assert said["metadata"]["保管期限"] == "10年"
    assert said["files"] == len(members) - 2
    assert said["dossier"]["case"] == CASE
    filed = {
        one["data"]["evidence"]["sha256"]
        for one in entries(house.ledger)
        if one["type"] == "EvidenceFiled"
    }
    assert filed == {name[9:] for name in members if name.startswith("evidence/")}
    assert members["documents/score-table.pdf"].startswith(b"%PDF")


def test_outsiders_check_it_with_stock_tools(package: Path, tmp_path: Path) -> None:
    """Each file by `openssl dgst`, as the format document says."""
    members = contents(package)
    for name in ("package.xml", "dossier.zip"):
        (tmp_path / name).write_bytes(members[name])
    digests = {
        (name, how): openssl("dgst", f"-{how}", "-r", str(tmp_path / name)).decode().split()[0]
        for name in ("package.xml", "dossier.zip")
        for how in ("sha256", "sm3")
    }
    note = members["package.xml.note"].decode()
    listed = members["package.xml"].decode()

    assert f"sha256 {digests['package.xml', 'sha256']}\nsm3 {digests['package.xml', 'sm3']}" in note
    assert f'SHA-256="{digests["dossier.zip", "sha256"]}"' in listed
    assert f'SM3="{digests["dossier.zip", "sm3"]}"' in listed


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("package.xml", "10年", "30年"),
        ("package.xml.note", "sha256 ", "sha256 0"),
        ("dossier.zip", "", "x"),
        ("documents/register.pdf", "", "x"),
    ],
)
def test_what_is_altered_is_found(
    house: House, package: Path, name: str, old: str, new: str
) -> None:
    members = contents(package)
    data = members[name]
    members[name] = data.replace(old.encode(), new.encode(), 1) if old else data + new.encode()
    packed(package, members)

    assert verified(package, house).code == 3


def test_what_is_left_out_or_packed_again_is_found(house: House, package: Path) -> None:
    members = contents(package)
    evidence = next(name for name in members if name.startswith("evidence/"))
    packed(package, {name: data for name, data in members.items() if name != evidence})
    assert verified(package, house).code == 3

    with ZipFile(package, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert verified(package, house).code == 2


def test_a_manifest_that_the_log_signed_and_its_dossier_contradicts_is_found(
    house: House, package: Path
) -> None:
    """As somebody could do who has the key of the log: it is signed by what signs files."""
    from application.signed_file import signed_file  # noqa: PLC0415 - the attacker's tool
    from ledger.log.signer import read_keys  # noqa: PLC0415 - the same

    members = contents(package)
    members["package.xml"] = members["package.xml"].replace("10年".encode(), "永久".encode())
    keys = read_keys(house.ledger.key)
    members["package.xml.note"] = signed_file(members["package.xml"], keys)
    packed(package, members)

    said = verified(package, house)

    assert said.code == 3
    assert "元数据" in said.err


def test_a_case_that_is_open_or_has_no_term_is_not_packed(house: House, tmp_path: Path) -> None:
    before = record(house.ledger)
    assert exported(house.ledger, tmp_path / "aip.zip").code == 2
    done(bureau(house.ledger, "case", "close", CASE, "--reason", "归档"))
    assert exported(house.ledger, tmp_path / "aip.zip").code == 2

    assert len(record(house.ledger)) == len(before) + 1
    assert not (tmp_path / "aip.zip").exists()


def destroyed(ledger: Place) -> None:
    """Two accounts sign the list off, and the bytes go."""
    opening = ("--organisation", "zhanjiang-finance", "--role", "bureau")
    done(bureau(ledger, "account", "open", "second-officer", *opening, by="administrator"))
    done(bureau(ledger, "archive", "propose", CASE, *LIST, "--reason", "期满"))
    judged = ("--outcome", "destroy", "--justification", "逐件鉴定，无保存价值")
    done(bureau(ledger, "archive", "appraise", CASE, *LIST, *judged))
    assert bureau(ledger, "archive", "destroy", CASE).code == 2, "nobody has approved it"
    approved = ("archive", "decide", CASE, *LIST, "--outcome", "approved")
    assert bureau(ledger, *approved).code == 1, "who proposed it does not approve it"
    done(bureau(ledger, *approved, by="second-officer"))
    done(bureau(ledger, "archive", "destroy", CASE))


def held(ledger: Place) -> list[Path]:
    return [path for path in ledger.evidence.rglob("*") if path.is_file()]


def test_after_destruction_every_proof_holds_and_older_packages_too(
    house: House, package: Path, tmp_path: Path
) -> None:
    assert held(house.ledger)

    destroyed(house.ledger)

    assert held(house.ledger) == []
    assert kinds(house.verify_against(house.old, house.new)) == set()
    assert done(verified(package, house)).json["erased"] == 0
    assert done(scoretrail(None, "dossier", "verify", str(house.dossier), "--vkey", house.vkey))
    done(exported(house.ledger, tmp_path / "later.zip"))
    later = done(verified(tmp_path / "later.zip", house)).json
    assert later["erased"] == len([n for n in contents(package) if n.startswith("evidence/")])
    assert is_valid(contents(tmp_path / "later.zip")["package.xml"])
    (listed,) = done(scoretrail(house.ledger, "archive", "list", "--json")).json["cases"]
    assert (listed["state"], listed["files"]) == ("destroyed", listed["erased"])


def test_a_destruction_that_was_stopped_in_between_is_finished_when_it_is_repeated(
    house: House,
) -> None:
    closed(house.ledger)
    kept = {path: path.read_bytes() for path in held(house.ledger)}
    destroyed(house.ledger)
    for path, data in [*kept.items()][:2]:  # recorded, and the machine stopped before these went
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    done(bureau(house.ledger, "archive", "destroy", CASE))

    assert held(house.ledger) == []


def test_the_list_for_the_year_is_printed_to_be_signed(house: House, tmp_path: Path) -> None:
    assert done(scoretrail(house.ledger, "archive", "list", "--due", "--json")).json["cases"] == []
    closed(house.ledger)

    (due,) = done(scoretrail(house.ledger, "archive", "list", "--due", "--json")).json["cases"]
    for name in ("list.docx", "list.pdf", "list.xlsx"):
        done(scoretrail(house.ledger, "archive", "list", "--due", "-o", str(tmp_path / name)))

    assert (due["state"], due["over"]) == ("due", "2024-01-01")
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
