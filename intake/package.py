"""Parts of a file that is a ZIP of XML (.xlsx, .docx, .ods), read with care."""

import zlib
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from intake.files import MEBIBYTE
from ledger.values import Invalid

BYTES_MAX: Final = 200 * MEBIBYTE
"""How large the parts of a file may be together, unpacked."""


DAMAGED: Final = (
    BadZipFile,
    zlib.error,
    ET.ParseError,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What reading a damaged file raises; a password and an unknown compression are RuntimeErrors."""
OLE: Final = b"\xd0\xcf\x11\xe0"
"""How files of the old formats begin, and new ones that are locked."""


def refuse_old(path: Path, content: bytes) -> None:
    """Refuse a file of an old format, or one that is locked by a password.

    Raises:
        Invalid: it is one.
    """
    if content.startswith(OLE):
        raise Invalid(
            f"{path}：有打开密码，或是旧格式 .xls、.doc；请去掉密码，另存为 .xlsx 或 .docx",
            f"{path}: locked by a password, or an old .xls or .doc; remove the password and save it"
            " as .xlsx or .docx",
        )


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


def tree_of(parts: ZipFile, name: str) -> ET.Element:
    """A part of the file as a tree.

    Raises:
        KeyError: there is none.
        ValueError: it declares entities or a document type.
        ParseError: not well-formed.
    """
    data = parts.read(name)
    if b"<!DOCTYPE" in data[:1000] or b"<!ENTITY" in data:
        raise ValueError("a document type where none belongs")
    return ET.fromstring(data)  # noqa: S314 - entities are refused above
