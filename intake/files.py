"""Files that people hand in, each read once: what is hashed, parsed and kept is the same bytes."""

import mimetypes
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from ledger import rubric
from ledger.evidence import LARGEST
from ledger.field_errors import UnquotedNumber
from ledger.language import Text
from ledger.log.atomic_files import open_ordinary
from ledger.system_error import cannot_read
from ledger.toml_lines import syntax_fault
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


MEBIBYTE: Final = 2**20
WRITTEN_MAX: Final = 64 * MEBIBYTE
"""Of what people or programs write for this one: batches, forms, tables, rubrics, keys."""
CARRIED_MAX: Final = LARGEST
"""Of what is carried as it is: evidence, dossiers."""


def hand_in(path: Path) -> HandedIn:
    """Read a file that is evidence, or may become it, once.

    Raises:
        Invalid: it cannot be read, or is too large.
    """
    return HandedIn(path.name, read_bytes(path, at_most=CARRIED_MAX))


def by_bytes(name: str) -> str:
    """The SHA-256 of the file of that name, where there is one; else the name, which others know.

    Raises:
        Invalid: it is there and cannot be read.
    """
    return hand_in(Path(name)).sha256 if Path(name).is_file() else name


def each_by_bytes(names: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """The same for one name, or for each of several."""
    return by_bytes(names) if isinstance(names, str) else tuple(map(by_bytes, names))


@contextmanager
def open_to_read(path: Path) -> Iterator[BinaryIO]:
    """A file that is read as it comes, `-` for stdin.

    Raises:
        Invalid: it cannot be read, or is a pipe or a device by name, which may never end.
    """
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open_ordinary(path)
    except OSError as error:
        raise cannot_read(path, error) from None
    with file:
        yield file


def read_bytes(path: Path, *, at_most: int = WRITTEN_MAX) -> bytes:
    """The bytes of a file.

    Raises:
        Invalid: it cannot be read, is a pipe or a device, which may never end, or is larger than
            `at_most` bytes.
    """
    try:
        with open_ordinary(path) as file:
            content = file.read(at_most + 1)
    except OSError as error:
        raise cannot_read(path, error) from None
    refuse_longer(path, content, at_most)
    return content


def refuse_longer(path: Path, content: bytes, at_most: int = WRITTEN_MAX) -> None:
    """Refuse a file that is longer than what is read.

    Raises:
        Invalid: it is larger than `at_most` bytes.
    """
    if len(content) > at_most:
        limit = at_most // MEBIBYTE
        raise Invalid(
            f"{path}：文件超过 {limit} MiB，超出读入上限。请确认文件无误，或将其拆分",
            f"{path}: the file is larger than the limit of {limit} MiB; make sure that it is the"
            " right file, or split it",
        )


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
        raise Invalid(
            f"{path}：第 {error.start + 1} 个字节起不是 UTF-8。请另存为 UTF-8。",
            f"{path}: not UTF-8 from byte {error.start + 1} on. Save it as UTF-8.",
        ) from None


def toml_of(path: Path, source: str) -> dict[str, Any]:
    """What a TOML file says; a number that it does not quote stays as it is written.

    Raises:
        Invalid: it is not TOML; says on which line.
    """
    try:
        return tomllib.loads(source, parse_float=UnquotedNumber)
    except (ValueError, RecursionError) as error:  # a number may be too long, a list too deep
        fault = syntax_fault(str(error), source)
    line = Text(f" 第 {fault.line} 行", f", line {fault.line}") if fault.line else Text("", "")
    raise Invalid(
        f"{path}{line.zh}：不是 TOML（{fault.text.zh}）",
        f"{path}{line.en}: not TOML ({fault.text.en})",
    )


def read_rubric(path: Path, content: bytes | None = None) -> str:
    """The text of a rubric file that can be published.

    Args:
        path: what it is called.
        content: its bytes, where they were read.

    Raises:
        Invalid: it cannot; says the file, the line and the key.
    """
    text = text_of(path, read_bytes(path) if content is None else content)
    try:
        rubric.read_new(text.encode())
    except Invalid as error:
        raise Invalid(f"{path}：{error.text.zh}", f"{path}: {error.text.en}") from None
    return text
