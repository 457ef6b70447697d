"""Evidence (佐证材料): what is handed in is kept, what is erased by law goes."""

from typing import NamedTuple

from msgspec import Struct

from application.completing import digest_among
from application.lists import holders
from intake.files import HandedIn
from ledger.case import Case, History
from ledger.envelope import StreamId, is_case
from ledger.evidence import EvidenceFolder, State
from ledger.language import Text, counted
from ledger.ledger import EventStore, Ledger, ledger_of
from ledger.store import Store
from ledger.terms import EVIDENCE_STATES
from ledger.values import Sha256
from projections.portfolio import Watch, nobody


class ListedFile(Struct, frozen=True):
    """A file that a case cites, as the list of them shows it; see `EvidenceStatus`."""

    sha256: Sha256
    title: str
    number: str | None
    media_type: str
    size: int
    state: State

    @property
    def lost(self) -> bool:
        """Whether its bytes are not what they were."""
        return self.state in {"missing", "altered"}

    def in_words(self) -> Text:
        """What is so with its bytes."""
        zh, en = EVIDENCE_STATES[self.state]
        return Text(f"{zh}：{self.title} ({self.sha256})", f"{en}: {self.title} ({self.sha256})")


class Erasure(NamedTuple):
    """What became of the bytes of a file whose erasure is recorded.

    Attributes:
        holders: cases that hold the same file; while there are any, its bytes stay.
        names: how many the bytes had that are erased; 0 where there were none to erase.
    """

    sha256: Sha256
    holders: tuple[StreamId, ...]
    names: int

    @property
    def told(self) -> Text | None:
        """What there is to say of it."""
        if self.holders:
            return Text(
                f"同一份材料在 {'、'.join(self.holders)} 仍在使用，字节保留，直到在那里也销毁",
                f"the same file is held by {', '.join(self.holders)}; its bytes remain until erased"
                " there as well",
            )
        if self.names > 1:
            return Text(
                f"字节已从佐证材料目录删除：{self.sha256}；它另有 {self.names - 1} 个名称"
                "（硬链接），请找到并删除",
                f"bytes erased from the folder of evidence: {self.sha256}; the same file has"
                f" {counted(self.names - 1, 'other name', 'other names')} (hard links): find and"
                " delete them",
            )
        if self.names:
            return Text(f"字节已删除：{self.sha256}", f"bytes erased: {self.sha256}")
        return None


def keep(
    store: EventStore | Ledger, folder: EvidenceFolder, case: str | None, file: HandedIn
) -> None:
    """Keep a file, before it is recorded: one that nobody cites harms nobody, a missing one would.

    What a case has erased by law does not come back when it is filed once more.

    Raises:
        Invalid: the folder cannot be written.
    """
    history = ledger_of(store).history(case) if case and is_case(case) else History()
    if file.sha256 not in history.case.erased:
        folder.keep(file.content)


def list_files(folder: EvidenceFolder, case: Case, *, hashed: bool = True) -> list[ListedFile]:
    """The files that a case cites, each hashed again, unless presence is enough."""
    return [
        ListedFile(
            sha256=file.evidence.sha256,
            title=file.evidence.title,
            number=file.evidence.number or None,
            media_type=file.evidence.media_type,
            size=file.evidence.size,
            state=file.state,
        )
        for file in folder.examine(case.evidence.values(), case.erased, hashed=hashed)
    ]


def digest_in(store: EventStore, name: str) -> Sha256:
    """The digest of evidence that any case holds, by any of its names.

    Raises:
        Invalid: that names none, or several.
    """
    ledger = ledger_of(store)
    cases = (ledger.history(stream).case for stream in ledger.streams() if is_case(stream))
    return digest_among((file for case in cases for file in case.evidence.values()), name)


def erase(store: Store, folder: EvidenceFolder, digest: Sha256, watch: Watch = nobody) -> Erasure:
    """Erase the bytes of a file whose erasure is recorded, unless another case also holds it."""
    held_by = tuple(holders(store, digest, watch))
    return Erasure(digest, held_by, 0 if held_by else folder.erase(digest))
