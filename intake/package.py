"""What a delivered file is, and parts of one that is a ZIP of XML (.xlsx, .docx, .ods)."""

import zlib
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from intake.files import MEBIBYTE
from ledger.language import Text
from ledger.values import Invalid

BYTES_MAX: Final = 200 * MEBIBYTE
"""How large the parts of a file may be together, unpacked."""
PART_BYTES_MAX: Final = 64 * MEBIBYTE
"""How large a part may be that is read."""
TAGS_MAX: Final = 2_250_000
"""How many tags a part may have that is read: nine for each cell that a sheet may have. Each takes
a hundred bytes of memory and more, and to parse more takes longer than anybody should wait."""

DAMAGED: Final = (
    BadZipFile,
    zlib.error,
    ET.ParseError,
    LookupError,
    ValueError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What reading a damaged file raises: a password or an unknown compression is a RuntimeError, an
encoding that nobody knows a LookupError."""
OLE: Final = b"\xd0\xcf\x11\xe0"
"""How files of the old formats begin, and new ones that are locked."""


LOCKED: Final = Text(
    "有打开密码；请用密码打开，去掉密码后另存为 .xlsx 或 .docx",
    "locked by a password; open it with the password, remove that, and save it as .xlsx or .docx",
)
MACROS: Final = Text(
    "带有宏；宏可以改动显示的数字，请另存为不带宏的 .xlsx",
    "it has macros, which can change what is shown; save it as .xlsx without them",
)
_OLD: Final = (
    ("EncryptedPackage", LOCKED),
    (
        "WordDocument",
        Text(
            "是旧格式的文字文档（.doc 或 .wps）；请用 Word 或 WPS 打开后另存为 .docx",
            "an old text document (.doc or .wps); open it in Word or WPS and save it as .docx",
        ),
    ),
    (
        "Workbook",
        Text(
            "是旧格式的工作簿（.xls 或 .et）；请用表格程序打开后另存为 .xlsx",
            "an old workbook (.xls or .et); open it in a spreadsheet program and save it as .xlsx",
        ),
    ),
    (
        "",
        Text(
            "文件已损坏，或有打开密码，或是旧格式 .xls、.doc、.et、.wps；请打开后去掉密码，另存为"
            " .xlsx 或 .docx",
            "damaged, locked by a password, or an old .xls, .doc, .et or .wps; open it, remove the"
            " password, and save it as .xlsx or .docx",
        ),
    ),
)
"""What a file of the old container is, by the name of a stream in it ([MS-CFB] 2.6.1)."""


def refusal(path: Path, why: Text) -> Invalid:
    """Why a file is not read, after its name."""
    return Invalid(f"{path}：{why.zh}", f"{path}: {why.en}")


def refuse_old(path: Path, content: bytes) -> None:
    """Refuse a file of an old format, or one that is locked by a password.

    Raises:
        Invalid: it is one.
    """
    if content.startswith(OLE):
        raise refusal(path, next(t for name, t in _OLD if name.encode("utf-16-le") in content))


def refuse_large(path: Path, parts: ZipFile) -> None:
    """Refuse a file whose parts take too much room.

    Raises:
        Invalid: they do.
    """
    if sum(part.file_size for part in parts.infolist()) > BYTES_MAX:
        limit = BYTES_MAX // MEBIBYTE
        raise Invalid(
            f"{path}：文件太大，解开后超过 {limit} MiB",
            f"{path}: the file is too large, above {limit} MiB unpacked",
        )


def tree_of(path: Path, parts: ZipFile, name: str) -> ET.Element:
    """A part of the file as a tree.

    Raises:
        Invalid: it is too large.
        KeyError: there is none.
        ValueError: it declares entities or a document type.
        ParseError: not well-formed.
    """
    size = parts.getinfo(name).file_size
    data = parts.read(name) if size <= PART_BYTES_MAX else b""
    if size > PART_BYTES_MAX or data.count(b"<") > TAGS_MAX:
        raise Invalid(
            f"{path}：表太大，无法读入；请删去表外的内容和格式，或只把要读的表另存一份",
            f"{path}: too large to be read; delete contents and formats outside the table, or save"
            " the table that is to be read in a file of its own",
        )
    if b"<!DOCTYPE" in data[:1000] or b"<!ENTITY" in data:
        raise ValueError("a document type where none belongs")
    return ET.fromstring(data)  # noqa: S314 - entities are refused above
