"""Files that are there whole or not at all, whenever the machine stops."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

from ledger.log.operating_system import alone_in, create, replace, sync
from ledger.system_error import reason
from ledger.values import Invalid

__all__ = ["PUBLIC", "locked", "open_ordinary", "sync", "translated_errors", "write"]

PUBLIC: Final = 0o644
"""Rights of files that everybody may read."""


def write(path: Path, data: bytes, *, draft: Path, mode: int) -> None:
    """Put a file in place of the one that is there, if any. It lasts once its folder is synced.

    Args:
        path: where.
        data: all of it.
        draft: a place on the same disk to prepare it; what an interruption leaves there is
            overwritten by the next one.
        mode: its rights, where the system has such.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    file = create(draft, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)
    replace(draft, path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others that call this for the same folder waiting while the block runs.

    Raises:
        Invalid: something in the folder cannot be read or written.
    """
    with translated_errors(folder), alone_in(folder):
        yield


def open_ordinary(path: Path) -> BufferedReader:
    """Open an ordinary file to be read.

    Raises:
        Invalid: it is a pipe or a device: those may keep a reader waiting forever.
        OSError: it cannot be opened, or is a folder.
    """
    # Without waiting: to open a pipe that nobody writes to would hold the program already.
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    kind = os.fstat(number).st_mode
    if stat.S_ISREG(kind):
        return open(number, "rb")  # noqa: PTH123 - of a descriptor; the caller closes it
    os.close(number)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, "", str(path))
    raise Invalid(
        f"{path}：不是普通文件；请先存为文件", f"{path}: not a regular file; save it as one first"
    )


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Say in our words what the system says of a path.

    Raises:
        Invalid: it cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        place, why = error.filename or path, reason(error)
        raise Invalid(
            f"{place}：无法读写（{why.zh}）。请检查路径、权限和磁盘空间。",
            f"{place}: cannot be read or written ({why.en}). Check the path, the permissions and"
            " the disk.",
        ) from error
