"""Files that people hand in, each read once: what is hashed, parsed and kept is the same bytes."""

import mimetypes
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ledger import rubric
from ledger.log.atomic_files import open_ordinary
from ledger.values import Invalid


class HandedIn(NamedTuple):
    """A file as it was when it was read.

    Attributes:
        name: without its folder.
        content: its bytes; the file itself may change after that.
    """

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes, in lower-case hex."""
        return sha256(self.content).hexdigest()

    @property
    def identity(self) -> dict[str, Any]:
        """What an event says of it: SHA-256, size in bytes and media type."""
        media_type, _ = mimetypes.guess_type(self.name)
        return {
            "sha256": self.sha256,
            "size": len(self.content),
            "media_type": media_type or "application/octet-stream",
        }


def hand_in(path: Path) -> HandedIn:
    """Read a file, once.

    Raises:
        Invalid: it cannot be read.
    """
    return HandedIn(path.name, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        Invalid: it cannot be read, or is a pipe or a device, which may never end.
    """
    try:
        with open_ordinary(path) as file:
            return file.read()
    except OSError as error:
        raise Invalid(
            f"{path}：读不了（{error.strerror}）", f"{path}: cannot be read ({error.strerror})"
        ) from None


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without the mark that some editors put before it.

    Raises:
        Invalid: it cannot be read, or is not UTF-8.
    """
    return text_of(path, read_bytes(path))


def text_of(path: Path, content: bytes) -> str:
    """The text of a UTF-8 file whose bytes were read.

    Raises:
        Invalid: it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path}：不是 UTF-8（{error}）", f"{path}: not UTF-8 ({error})") from None


def read_rubric(path: Path) -> str:
    """The text of a rubric file that can be published.

    Raises:
        Invalid: it cannot; says the file, the line and the key.
    """
    text = read_text(path)
    try:
        rubric.read_new(text.encode())
    except Invalid as error:
        raise Invalid(f"{path}：{error.text.zh}", f"{path}: {error.text.en}") from None
    return text
