"""Files that people hand in, read whole."""

import mimetypes
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.values import Invalid


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        Invalid: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(
            f"{path}：读不了（{error.strerror}）", f"{path}: cannot be read ({error.strerror})"
        ) from None


def identify(path: Path) -> dict[str, Any]:
    """What identifies a file filed as evidence: its SHA-256, its size in bytes and its media type.

    Raises:
        Invalid: it cannot be read.
    """
    content = read_bytes(path)
    media_type, _ = mimetypes.guess_type(path.name)
    return {
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "media_type": media_type or "application/octet-stream",
    }
