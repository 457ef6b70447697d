"""Files that are there whole or not at all, whenever the machine stops."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ledger.values import Invalid


def write(path: Path, data: bytes, *, draft: Path, mode: int) -> None:
    """Put a file in place of the one that is there, if any. It lasts once its folder is synced.

    Args:
        path: where.
        data: all of it.
        draft: a place on the same disk to prepare it; what an interruption leaves there is
            overwritten by the next one.
        mode: its rights.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    file = os.open(draft, flags, mode)
    try:
        os.fchmod(file, mode)  # whatever an older draft and the mask say
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(draft, path)  # noqa: PTH105 - the same, and tests interrupt it by this name


def sync(folder: Path) -> None:
    """Make the names in a folder last."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others that call this for the same folder waiting while the block runs.

    Raises:
        Invalid: something in the folder cannot be read or written.
    """
    with translated_errors(folder):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield
        finally:
            os.close(opened)


def open_ordinary(path: Path) -> BinaryIO:
    """Open an ordinary file to be read.

    Raises:
        Invalid: it is a pipe, a device or a folder: those may keep a reader waiting for ever.
        OSError: it cannot be opened.
    """
    # Without waiting: to open a pipe that nobody writes to would hold the program already.
    file = open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")  # noqa: PTH123, SIM115 - of a descriptor; the caller closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise Invalid(
        f"{path}：不是普通文件；请先存成文件", f"{path}: not an ordinary file; save it as one first"
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
        place = error.filename or path
        raise Invalid(
            f"{place}：读写不了（{error.strerror}）；请检查路径、权限和磁盘空间",
            f"{place}: cannot be read or written ({error.strerror}); check the path, the rights"
            " and the space on the disk",
        ) from error
