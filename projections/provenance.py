"""Where a command comes from (出处): citations, a transcriber's note, or no document.

None of it is a party's word, so no view puts it into a justification. Here is where it is worded.
"""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from ledger import terms
from ledger.events import DocumentRegistered, Event
from ledger.language import Say
from ledger.values import DocumentId


class CitedPlace(Struct, frozen=True, kw_only=True, gc=False):
    """A place in a registered document; `number` is `None` where the document has none."""

    document: DocumentId
    title: str
    number: str | None
    place: str


class Transcribed(Protocol):
    """What transcribes a command: an event, and every row of a view that shows one."""

    @property
    def transcriber_note(self) -> str | None:
        """What the transcriber adds; empty or `None` for nothing."""

    @property
    def undocumented(self) -> bool:
        """Whether no document records the command."""


def cited_places(
    event: Event, documents: Mapping[DocumentId, DocumentRegistered]
) -> tuple[CitedPlace, ...]:
    """The places that an event cites.

    Args:
        event: of any stream; those of a case cite.
        documents: registered in the case.
    """
    return tuple(
        CitedPlace(
            document=citation.document,
            title=document.title if document else citation.document,
            number=(document.number if document else "") or None,
            place=citation.place,
        )
        for citation in getattr(event, "cites", ())
        for document in (documents.get(citation.document),)
    )


def cite(place: CitedPlace, say: Say) -> str:
    """A citation in words: `《自评报告》附件1 第 1 行`."""
    return say(f"《{place.title}》{place.place}", f"'{place.title}', {place.place}")


def remarks(transcribed: Transcribed, say: Say) -> list[str]:
    """The transcriber's note of a command, one line each."""
    lines = []
    if note := transcribed.transcriber_note:
        name = terms.TRANSCRIBER_NOTE
        lines.append(say(f"{name.zh}：{note}", f"{name.en}: {note}"))
    if transcribed.undocumented:
        lines.append(say(*terms.UNDOCUMENTED))
    return lines


def with_remarks(words: str | None, transcribed: Transcribed, say: Say) -> str:
    """The author's words, and in brackets apart from them the transcriber's note."""
    if words and not (transcribed.transcriber_note or transcribed.undocumented):  # most have none
        return words
    notes = [f"[{line}]" for line in remarks(transcribed, say)]
    return " ".join([words, *notes] if words else notes)
