"""Evidence files (佐证材料), known by the SHA-256 of their bytes, in a folder next to the ledger.

The events hold what identifies a file; the folder holds its bytes, which may be erased by law. What
is missing or altered is found by its name, and what was erased is not called missing.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from ledger.log.atomic_files import open_ordinary
from ledger.log.operating_system import replace
from ledger.system_error import cannot_write
from ledger.values import Evidence, Invalid, Sha256

State = Literal["held", "missing", "altered", "erased", "to-erase"]


LARGEST: Final = 2**30
"""Bytes in a file of evidence; what is longer was not kept by this program."""


TWO: Final = 2
"""Names of a file that is also to be found elsewhere."""


class EvidenceStatus(Struct, frozen=True):
    """What the folder says of a file.

    Attributes:
        state: `held`, `missing` or `altered`; `erased` by law, or `to-erase` where that is
            recorded and the bytes are still there.
    """

    evidence: Evidence
    state: State


class EvidenceFolder:
    """A folder of files named by their SHA-256, spread over 256 sub-folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def is_there(self) -> bool:
        """Whether there is such a folder at all; a copy of the ledger alone has none."""
        return self._folder.is_dir()

    def place(self, digest: Sha256) -> Path:
        """Where a file of that hash lies, or would."""
        return self._folder / digest[:2] / digest

    def keep(self, content: bytes) -> Sha256:
        """Keep a file; keeping it again changes nothing.

        One that is there is written once more: who hands it in must not notice by the time that it
        takes whether somebody else has it.

        Raises:
            Invalid: the folder cannot be written.
        """
        digest = sha256(content).hexdigest()
        place = self.place(digest)
        draft = place.with_suffix(f".{os.getpid()}.part")  # others may be keeping the same file
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A file is there whole or not at all, whenever the machine stops; one with names
            # elsewhere keeps them, since who erases it is shown their number.
            if _names(place) < TWO or self._state(digest) != "held":
                replace(draft, place)
        except OSError as error:
            if self._state(digest) != "held":
                raise cannot_write(self._folder, error) from None
        finally:
            with suppress(OSError):  # there is none, or no folder for it
                draft.unlink()
        return digest

    def read(self, digest: Sha256) -> bytes:
        """The bytes of a file.

        Raises:
            Invalid: it is not there, or is not what its name says.
        """
        state = self._state(digest)
        if state == "held":
            return self.place(digest).read_bytes()
        words = {"missing": ("缺失", "missing"), "altered": ("被改动", "altered")}[state]
        raise Invalid(f"佐证材料 {digest}：{words[0]}", f"evidence {digest}: {words[1]}")

    def has(self, digest: Sha256) -> bool:
        """Whether anything has the name of that file, a link to nowhere included."""
        return os.path.lexists(self.place(digest))

    def erase(self, digest: Sha256) -> int:
        """Erase the bytes of a file.

        Returns:
            How many names its bytes had, all but this one outside of this folder and still there;
            0 where there was no such file.
        """
        place = self.place(digest)
        if names := _names(place):
            place.unlink()
        return names

    def examine(
        self, filed: Iterable[Evidence], erased: Iterable[Sha256], *, hashed: bool = True
    ) -> list[EvidenceStatus]:
        """The state of every filed file in the folder.

        Args:
            filed: the files.
            erased: digests of those that were erased by law.
            hashed: whether each is hashed again; otherwise presence is enough.
        """
        gone, state = set(erased), self._state if hashed else self._presence
        return [
            EvidenceStatus(
                file, self._remains(file.sha256) if file.sha256 in gone else state(file.sha256)
            )
            for file in filed
        ]

    def _remains(self, digest: Sha256) -> Literal["erased", "to-erase"]:
        return "to-erase" if self.has(digest) else "erased"

    def _presence(self, digest: Sha256) -> Literal["held", "missing"]:
        return "held" if self.place(digest).is_file() else "missing"

    def _state(self, digest: Sha256) -> Literal["held", "missing", "altered"]:
        """Whether the file is there and is what its name says.

        Only a file of its own is: a link may lead to what changes by itself, a pipe or a device may
        never end.
        """
        place = self.place(digest)
        try:
            if place.is_symlink():
                return "altered"
            with open_ordinary(place) as file:
                if os.fstat(file.fileno()).st_size > LARGEST:
                    return "altered"
                return "held" if file_digest(file, "sha256").hexdigest() == digest else "altered"
        except OSError:
            return "missing"
        except Invalid:
            return "altered"


def _names(place: Path) -> int:
    """How many names a file has; 0 where there is none."""
    try:
        return place.lstat().st_nlink
    except FileNotFoundError:
        return 0
