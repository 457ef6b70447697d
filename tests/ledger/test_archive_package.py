"""Archive packages have one form, which others can read, and every byte of them is looked at."""

from contextlib import nullcontext
from hashlib import sha256
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import archive_package
from ledger.archive_package import (
    DOSSIER,
    MANIFEST,
    METADATA,
    NOTE,
    Manifest,
    Package,
    PackagedFile,
    is_package,
)
from ledger.log.tree import ProofError
from ledger.values import Invalid
from tests.support.archive_schema import is_valid

SAID: Final = {
    "聚合层次": "案卷",
    "年度": "2023",
    "日期": "2025-06-30",
    "保管期限": "30年",
    "期限起算日": "2026-01-01",
    "文件编号": "",
}
GONE: Final = PackagedFile("", "明细 & “账”", "text/csv", 7, "c" * 64, ground="个人信息")
CONTENTS: Final = {DOSSIER: b"PK", f"evidence/{'a' * 64}": b"bytes", "documents/register.pdf": b""}


def files() -> list[PackagedFile]:
    return [PackagedFile.of(name, "题名", "x/y", content) for name, content in CONTENTS.items()]


def manifest(**said: str) -> Manifest:
    return Manifest(dict.fromkeys(METADATA, "某") | SAID | said, [*files(), GONE])


def package(made: Manifest | None = None, contents: dict[str, bytes] | None = None) -> Package:
    return Package(bytes(made or manifest()), b"note", contents or CONTENTS)


def test_it_is_the_same_again_and_its_manifest_fits_the_schema() -> None:
    made = package()

    assert Package.parse(bytes(made)) == made
    assert made.check() == manifest()
    assert is_valid(made.manifest)
    assert is_package(bytes(made))
    assert not is_package(b"PK\x03\x04" + bytes(40))


def test_it_has_the_bytes_that_every_version_of_the_program_gives_it() -> None:
    """One that was written before is read only where its content is written like that today."""
    known = "219174fe5c6d1247671aae869a6287b6f16747dceb6bb071c49075c49feaeb7f"
    assert sha256(bytes(package())).hexdigest() == known


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_words_come_back_in_one_line(title: str, ground: str) -> None:
    gone = GONE._replace(title=title, ground=ground)
    made = bytes(Manifest(dict.fromkeys(METADATA, title), [gone]))

    again = Manifest.parse(made)

    assert bytes(again) == made
    assert "\n" not in "".join(again.metadata.values()) + again.files[0].title


@pytest.mark.parametrize(
    "said", [{"保管期限": "20年"}, {"日期": "去年"}, {"年度": ""}, {"聚合层次": "件"}]
)
def test_the_schema_refuses_other_values(said: dict[str, str]) -> None:
    assert not is_valid(bytes(manifest(**said)))


def test_no_bit_of_it_is_altered_unseen() -> None:
    """By itself; the note, whose signature a verifier checks, is left out here."""
    sound, data = package(), bytes(package())
    note = data.index(b"note", data.index(NOTE.encode()) + len(NOTE))
    for at in range(len(data)):
        if note <= at < note + 4:
            continue
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            read = Package.parse(altered)
            read.check()
        except (ProofError, Invalid):
            continue
        # What is left is a manifest with other words, which the signature is about.
        assert read.manifest != sound.manifest, at


@pytest.mark.parametrize(
    "contents",
    [
        {DOSSIER: b"PK"},
        {**CONTENTS, "documents/more.pdf": b""},
        {**CONTENTS, DOSSIER: b"other"},
    ],
)
def test_a_file_that_is_missing_added_or_other_than_listed_is_found(
    contents: dict[str, bytes],
) -> None:
    with pytest.raises(ProofError):
        Package.parse(bytes(package(contents=contents))).check()


@pytest.mark.parametrize(
    "name", ["../x", "evidence/A", "run.sh", "documents/x.exe", MANIFEST + "x"]
)
def test_a_name_that_does_not_belong_there_is_refused(name: str) -> None:
    with pytest.raises(ProofError):
        Package.parse(bytes(package(contents={**CONTENTS, name: b""})))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE a><a/>",
        b"<a>",
        b"<a/>",
        bytes(manifest()).replace(b"  <", b"<", 1),
        bytes(manifest()).replace(b'"7"', b'"07"'),
        bytes(manifest()).replace(b'"7"', b'"seven"'),
        bytes(manifest()).replace(' 字节数="7"'.encode(), b""),
        bytes(manifest()).replace("案卷".encode(), "案<!---->卷".encode()),
    ],
)
def test_xml_in_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        Manifest.parse(data)


def test_xml_with_declarations_is_not_even_read() -> None:
    with pytest.raises(ProofError, match="declarations"):
        Manifest.parse(b"<!DOCTYPE a><a/>")


@pytest.mark.parametrize("missing", [MANIFEST, NOTE])
def test_a_package_without_what_all_of_them_have_is_refused(missing: str) -> None:
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name in {MANIFEST, NOTE} - {missing}:
            archive.writestr(name, b"")
    with pytest.raises(ProofError, match="is missing"):
        Package.parse(data.getvalue())


@pytest.mark.parametrize(("fewer", "shorter"), [(0, 0), (1, 0), (0, 1)])
def test_a_package_of_more_files_or_bytes_than_fit_is_not_read(
    monkeypatch: pytest.MonkeyPatch, fewer: int, shorter: int
) -> None:
    made = package()
    size = sum(map(len, (made.manifest, made.note, *made.contents.values())))
    monkeypatch.setattr(archive_package, "FILES_MAX", 2 + len(made.contents) - fewer)
    monkeypatch.setattr(archive_package, "SIZE_MAX", size - shorter)
    refused = pytest.raises(Invalid) if fewer or shorter else nullcontext()
    with refused:
        assert Package.parse(bytes(made)) == made


@pytest.mark.parametrize("data", [b"", b"PK", bytes(package())[:-1], bytes(package()) + b"\n"])
def test_what_is_no_package_is_refused_as_unreadable(data: bytes) -> None:
    with pytest.raises(Invalid):
        Package.parse(data)
