"""A dossier has one form: packed again it is told as that; what hides in it is refused by both."""

from collections.abc import Callable
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from runpy import run_path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from tests.support import stranger
from tests.support.attacks import Files, places, without
from tests.support.houses import House
from tests.support.small_dossier import packed, unpacked
from tests.support.stranger import strangers
from tests.support.terminal import Said, scoretrail

pytestmark = pytest.mark.sqlite_only("tampered with is a file that has left the ledger")


def ours(file: Path, vkey: str) -> Said:
    return scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey)


def both_refuse(file: Path, vkey: str) -> None:
    assert ours(file, vkey).code == 3
    assert strangers(file, vkey).code == 3


def deflated(data: bytes) -> bytes:
    """As somebody packs it who unpacked it to look inside."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in unpacked(data).items():
            archive.writestr(name, content)
    return out.getvalue()


def in_a_folder(data: bytes) -> bytes:
    """As a file manager packs the folder that it was unpacked into."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("answer/", b"")
        for name, content in unpacked(data).items():
            archive.writestr(f"answer/{name}", content)
    return out.getvalue()


def on_a_mac(data: bytes) -> bytes:
    """As Finder packs it, with what it adds in a folder of its own."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in unpacked(data).items():
            archive.writestr(f"answer/{name}", content)
        archive.writestr("answer/.DS_Store", b"Bud1")
        archive.writestr("__MACOSX/answer/._checkpoint", b"Mac OS X")
    return out.getvalue()


def with_times(data: bytes) -> bytes:
    """As programs pack that add the times of files to each of them (extended timestamps)."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in unpacked(data).items():
            member = ZipInfo(name, (2024, 5, 1, 8, 0, 0))
            member.extra = b"UT\x05\x00\x01" + (1714550400).to_bytes(4, "little")
            archive.writestr(member, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "pack", [deflated, in_a_folder, on_a_mac, with_times], ids=lambda one: str(one.__name__)
)
def test_packed_again_it_is_told_as_that_and_not_as_forged(
    pack: Callable[[bytes], bytes], house_as_built: House, tmp_path: Path
) -> None:
    file = tmp_path / "again.zip"
    file.write_bytes(pack(house_as_built.dossier.read_bytes()))
    said = ours(file, house_as_built.vkey)
    assert (said.code, "已被重新打包" in said.err) == (2, True)
    assert strangers(file, house_as_built.vkey).code == 3


def test_packed_again_with_other_content_it_is_altered(
    house_as_built: House, tmp_path: Path
) -> None:
    files = unpacked(house_as_built.dossier.read_bytes())
    altered = {**files, "enclosures/readme.txt": files["enclosures/readme.txt"] + b"."}
    file = tmp_path / "again.zip"
    file.write_bytes(deflated(packed(altered)))
    both_refuse(file, house_as_built.vkey)


def moved(data: bytes, before: bytes = b"", between: bytes = b"", behind: bytes = b"") -> bytes:
    """Bytes before all, before the directory, or behind all; every place is made to fit."""
    start = int.from_bytes(data[-6:-2], "little")
    members, directory, end = data[:start], data[start:-22], data[-22:]
    shifted, place = bytearray(directory), 0
    while place < len(directory):
        at = int.from_bytes(directory[place + 42 : place + 46], "little") + len(before)
        shifted[place + 42 : place + 46] = at.to_bytes(4, "little")
        lengths = directory[place + 28 : place + 34]
        place += 46 + sum(int.from_bytes(lengths[i : i + 2], "little") for i in (0, 2, 4))
    where = (len(before) + start + len(between)).to_bytes(4, "little")
    return before + members + between + bytes(shifted) + end[:16] + where + end[20:] + behind


def hidden_copy(data: bytes) -> bytes:
    """A second record of an enclosure, which the directory does not list."""
    one = packed({"enclosures/readme.txt": "总分 100.00".encode()})
    return moved(data, between=one[: int.from_bytes(one[-6:-2], "little")])


def bytes_before(data: bytes) -> bytes:
    return moved(data, before=b"#!/bin/sh\n")


def bytes_behind(data: bytes) -> bytes:
    return moved(data, behind=b"100.00")


def with_a_comment(data: bytes) -> bytes:
    return data[:-2] + (6).to_bytes(2, "little") + b"100.00"


def a_comment_that_is_not_there(data: bytes) -> bytes:
    return data[:-2] + (6).to_bytes(2, "little")


def bytes_in_the_place_of_the_end(data: bytes) -> bytes:
    """They state the size and the place of the directory as the end before them does."""
    start = data[-6:-2]
    size = len(data) - int.from_bytes(start, "little")
    return data + b"total 100.00" + size.to_bytes(4, "little") + start + bytes(2)


HIDDEN = [
    hidden_copy,
    bytes_before,
    bytes_behind,
    with_a_comment,
    a_comment_that_is_not_there,
    bytes_in_the_place_of_the_end,
]


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda one: str(one.__name__))
def test_both_refuse_what_stands_beside_the_members(
    hide: Callable[[bytes], bytes], house_as_built: House, tmp_path: Path
) -> None:
    file = tmp_path / "hidden.zip"
    file.write_bytes(hide(house_as_built.dossier.read_bytes()))
    both_refuse(file, house_as_built.vkey)


def no_register(files: Files) -> Files:
    for place in places(files, "register:accounts"):
        files = without(files, place)
    return files


def no_end_of_the_register(files: Files) -> Files:
    return without(files, places(files, "register:accounts")[-1])


def a_receipt_with_something_extra(files: Files) -> Files:
    name = f"proofs/{places(files)[3]}.tlog-proof"
    return {**files, name: files[name].replace(b"\nindex", b"\nextra QQ==\nindex", 1)}


TAMPERED = [no_register, no_end_of_the_register, a_receipt_with_something_extra]


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda one: str(one.__name__))
def test_both_refuse_what_lacks_an_end_or_has_something_extra(
    tamper: Callable[[Files], Files], house_as_built: House, tmp_path: Path
) -> None:
    file = tmp_path / "tampered.zip"
    file.write_bytes(packed(tamper(unpacked(house_as_built.dossier.read_bytes()))))
    both_refuse(file, house_as_built.vkey)


@pytest.mark.parametrize(("at", "refused"), [("15:59:59", False), ("16:00:00", True)])
def test_strangers_count_the_days_of_a_demand_in_beijing(at: str, refused: bool) -> None:  # noqa: FBT001 - a column
    """Until the register sets another time zone."""
    authors = run_path(str(stranger.STRANGER), run_name="strangers")["Authors"]("2025-01-02")
    said = {
        "at": f"2025-01-01T{at}.000000Z",
        "case": "parks-2024",
        "command": {"id": "1"},
        "data": {},
        "type": "CaseClosed",
        "v": 1,
        "version": 9,
    }
    with pytest.raises(SystemExit) if refused else nullcontext():
        authors.take(said, "a" * 64)
