"""Where a ledger lies, and what belongs to it: evidence files next to it, and the signing key."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.evidence import EvidenceFolder
from ledger.objects import ARCHIVE, objects_at
from ledger.store import Store
from ledger.values import Invalid

if TYPE_CHECKING:
    from ledger.archive import ArchivedStore

__all__ = ["LedgerPlace", "Store"]

KEY_VARIABLES: Final = ("SCORETRAIL_KEY", "SCORETRAIL_KEY_COMMAND")
"""Variables of the environment that lead to the signing key."""


class LedgerPlace(NamedTuple):
    """Where everything is.

    Attributes:
        target: SQLite file, `postgresql://` URL, or `archive:` and the place of an archive.
        evidence_folder: where evidence files are kept; next to the ledger where it is not given.
        key_path: the key that signs checkpoints; next to the ledger where it is not given.
        key_command: a command that prints the key instead.
    """

    target: str
    evidence_folder: Path | None = None
    key_path: Path | None = None
    key_command: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether the ledger is a file, so that something can be next to it."""
        return "://" not in self.target and self.archive is None

    @property
    def archive(self) -> str | None:
        """The place of the archive, where the ledger is in one."""
        return self.target.removeprefix(ARCHIVE) if self.target.startswith(ARCHIVE) else None

    def open(self) -> Store:
        """The ledger.

        Raises:
            StoreError: it is not there, or cannot be opened.
        """
        if self.archive:
            return self._archived()
        return Store.open(self.target)

    def _archived(self) -> "ArchivedStore":
        from ledger.archive import ArchivedStore  # noqa: PLC0415 - for ledgers that are in one

        return ArchivedStore(objects_at(self.archive or ""))

    def evidence(self) -> EvidenceFolder:
        """The folder of the evidence files.

        Raises:
            Invalid: the ledger is not a file, and no folder is named.
        """
        if self.evidence_folder:
            return EvidenceFolder(self.evidence_folder)
        if self.archive:
            return self._archived().evidence()
        if not self.is_file:
            raise Invalid(
                "记录库不是文件，请写明佐证材料放在哪个目录",
                "the ledger is not a file; name the folder of the evidence files",
                rule="no-evidence-folder",
            )
        return EvidenceFolder(Path(f"{self.target}.evidence"))

    def evidence_there(self) -> EvidenceFolder | None:
        """The folder of the evidence files, where there is one."""
        if not (self.is_file or self.archive or self.evidence_folder):
            return None
        folder = self.evidence()
        return folder if folder.is_there else None

    @property
    def key_file(self) -> Path:
        """The key file: as named, else next to the ledger.

        Raises:
            Invalid: the ledger is not a file, and no key file is named.
        """
        if self.key_path:
            return self.key_path
        if not self.is_file:
            raise Invalid(
                "记录库不是文件，请写明密钥文件",
                "the ledger is not a file; name the key file",
                rule="no-key-file",
            )
        return Path(f"{self.target}.key")
