"""A rubric that is longer than an entry: published in several, and read as one file (分段发布).

The log's format lets no entry have more than 65,535 bytes. A longer file is cut, and each part is
an entry of the rubric's own stream: so all that carries a stream carries the whole rubric, and
nothing has to be kept next to the record. Every part names the digest of the whole file. How a file
was cut means nothing; that its parts join to what the digest says is what readers check.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from ledger.events import Event, RubricPublished
from ledger.values import Sha256

TEXT_MAX: Final = 57_343
"""Bytes of an entry for the text of a rubric with the transcriber's note; the rest of its 65,535
are for everything else that is in it."""


def cut(source: str, note: str) -> list[str]:
    """The parts of a file that fit into an entry each; of one that fits, itself.

    They end at the end of a line, except within a line that is too long for an entry.

    Args:
        source: the text of the file.
        note: the transcriber's, which every part repeats.
    """
    room = TEXT_MAX - _written(note)
    if _written(source) <= room:
        return [source]
    parts: list[str] = []
    now: list[str] = []
    size = 0
    for piece in _pieces(source, room):
        more = _written(piece)
        if size + more > room:
            parts.append("".join(now))
            now, size = [], 0
        now.append(piece)
        size += more
    return [*parts, "".join(now)]


def _pieces(source: str, room: int) -> Iterator[str]:
    for line in source.splitlines(keepends=True):
        if _written(line) <= room:
            yield line
        else:
            step = room // 6  # no character takes more bytes, however it is written
            yield from (line[at : at + step] for at in range(0, len(line), step))


def _written(text: str) -> int:
    """The bytes of a text in an entry, without the quotes."""
    return len(msgspec.json.encode(text)) - 2


def publications(
    rubric: str, edition: str, digest: Sha256, source: str, note: str
) -> list[RubricPublished]:
    """The events that publish a file: one, or one for each of its parts."""
    parts = cut(source, note)
    one = RubricPublished(rubric=rubric, edition=edition, sha256=digest, source=source)
    if len(parts) == 1:
        return [one]
    return [
        replace(one, source=text, part=number, parts=len(parts))
        for number, text in enumerate(parts, 1)
    ]


class Joining:
    """Parts that were published, as long as the last of their file has not come."""

    def __init__(self) -> None:
        self._begun: dict[Sha256, str] = {}

    def whole(self, event: RubricPublished) -> RubricPublished | None:
        """The publication as if it were one entry; `None` as long as parts are to come."""
        if not event.parts:
            return event
        text = self._begun.pop(event.sha256, "") + event.source
        if event.part < event.parts:
            self._begun[event.sha256] = text
            return None
        return replace(event, source=text, part=0, parts=0)


def files(events: Iterable[Event]) -> dict[Sha256, str]:
    """The files that events publish, by the digest that they name. Nobody has compared it yet."""
    joining = Joining()
    published = (joining.whole(event) for event in events if isinstance(event, RubricPublished))
    return {one.sha256: one.source for one in published if one is not None}


def joined(events: Sequence[Event]) -> Sequence[Event]:
    """The events of one command, with the parts of a rubric as one publication.

    Parts that do not belong together, or of which one is missing, twice or out of order, stay as
    they are.
    """
    first = events[0]
    if not isinstance(first, RubricPublished) or not first.parts:
        return events
    expected = [
        replace(first, part=number, source=event.source)
        for number, event in enumerate(events, 1)
        if isinstance(event, RubricPublished)
    ]
    if len(events) != first.parts or expected != list(events):
        return events
    source = "".join(event.source for event in expected)
    return [replace(first, source=source, part=0, parts=0)]
