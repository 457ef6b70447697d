"""Written file (写出的文件): what somebody asked for, whole at the end or not there at all."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledger.system_error import cannot_write


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file piece by piece; until it is whole, what was there stays as it was.

    Args:
        path: where; a pipe or a device takes the pieces as they come.
        pieces: what it holds.

    Raises:
        Invalid: it cannot be written there.
    """
    is_file = path.is_file() or not path.exists()
    draft = path.with_name(f"{path.name}.{os.getpid()}.part") if is_file else path
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
        if is_file:
            draft.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        if is_file:
            with suppress(OSError):  # there is none, or no folder for it
                draft.unlink()
