"""What systems do each in their own way with files; the one place that knows which system it is.

POSIX locks a folder, makes the names in it last and shows in a mode who has rights. Windows opens
no folder, so that a file in it is locked; it keeps names in order by itself, and permissions are in
lists of its own that no mode shows.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Final

if sys.platform == "win32":
    import msvcrt

    PAUSE: Final = 0.02
    """Seconds until something is tried again that is refused while others are at it."""

    LOCK: Final = ".lock"
    """The file that is locked in the place of its folder; it may stay there."""

    TRIES: Final = 250
    """How often a file is replaced that a reader, such as a virus scanner, has open: 5 seconds."""

    def _wait() -> None:
        Event().wait(PAUSE)

    def create(path: Path, mode: int) -> int:
        """Open a file to be written from its beginning.

        Args:
            path: where.
            mode: not used: an account with rights to the folder has them to the file.

        Returns:
            Its descriptor.

        Raises:
            OSError: it cannot be opened.
        """
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_BINARY, mode)

    def replace(draft: Path, path: Path) -> None:
        """Put a file in the place of another one, if there is one.

        Raises:
            OSError: it cannot be, also not after others had some time to close the old one.
        """
        for more in reversed(range(TRIES)):
            try:
                os.replace(draft, path)  # noqa: PTH105 - the same, and tests interrupt it by this name
                break
            except PermissionError:
                if not more:
                    raise
                _wait()
        with path.open("r+b") as file:
            os.fsync(file.fileno())  # NTFS writes its journal in order: with it, the new name lasts

    def sync(folder: Path) -> None:
        """See that it is a folder; its names last by `replace`.

        Raises:
            OSError: it is none.
        """
        if not folder.is_dir():
            raise NotADirectoryError(20, "not a folder", str(folder))

    @contextmanager
    def alone_in(folder: Path) -> Iterator[None]:
        """Keep others that call this for the same folder waiting while the block runs.

        Raises:
            OSError: nothing in the folder can be locked.
        """
        sync(folder)
        file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
        try:
            while True:
                try:
                    msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
                    break
                except PermissionError:
                    _wait()
            try:
                yield
            finally:
                msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
        finally:
            os.close(file)

    def is_open_to_others(file: int) -> bool:
        """Whether the mode of an open file gives others rights to it; here none says so."""
        del file
        return False

    def program_call(command: str) -> str | list[str]:
        """A command line as `subprocess` wants it: a program takes its own apart."""
        return command

else:
    import fcntl
    import shlex

    def create(path: Path, mode: int) -> int:
        """Open a file to be written from its beginning, and never through a link.

        Args:
            path: where.
            mode: its rights, regardless of an older draft and the mask.

        Returns:
            Its descriptor.

        Raises:
            OSError: it cannot be opened.
        """
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        try:
            os.fchmod(file, mode)
        except BaseException:
            os.close(file)
            raise
        return file

    def replace(draft: Path, path: Path) -> None:
        """Put a file in the place of another one, if there is one.

        Raises:
            OSError: it cannot be.
        """
        os.replace(draft, path)  # noqa: PTH105 - the same, and tests interrupt it by this name

    def sync(folder: Path) -> None:
        """Make the names in a folder last.

        Raises:
            OSError: it is none, or the disk fails.
        """
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

    @contextmanager
    def alone_in(folder: Path) -> Iterator[None]:
        """Keep others that call this for the same folder waiting while the block runs.

        Raises:
            OSError: the folder cannot be locked.
        """
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield
        finally:
            os.close(opened)

    def is_open_to_others(file: int) -> bool:
        """Whether the mode of an open file gives others rights to it."""
        return bool(os.fstat(file).st_mode & (stat.S_IRWXG | stat.S_IRWXO))

    def program_call(command: str) -> str | list[str]:
        """A command line as `subprocess` wants it.

        Raises:
            ValueError: its quotes do not close.
        """
        return shlex.split(command)
