"""Everyday reading that believes no byte: each stream is verified as it is read.

What is shown of a case rests on its own stream and its rubric's. Their entries are canonical and
under their own names; versions are contiguous; each names the leaf hash of the one before; each
hashes to its leaf in the log. That is level L0 of these streams, at the price of a few
milliseconds. Invalid entries that were not written by the program are left out, and that is stated.
What only the whole log can show is `verify`'s: its tree, its checkpoints, and whether an entry is
missing from the end of a case; of that, reading sees what lies near.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, Literal, Protocol

from ledger.codec import UnreadableEntry, check
from ledger.entry_verification import (
    OF_ENTRY,
    START,
    Link,
    VerificationFailure,
    row_break,
    verify_entry,
)
from ledger.envelope import REGISTER, Identity, rubric_of
from ledger.events import EntrySetAside
from ledger.language import Text
from ledger.ledger import EventStore, identity_of
from ledger.log.tree import leaf_hash
from ledger.problem import Fault
from ledger.store import AuditRow, AuditTuple, Basis, Behind, Entry, NewEntry
from ledger.stream_reading import (
    entries_set_aside,
    events_of,
    is_passed_over,
    is_set_aside,
)

NEARBY: Final = 10_000
"""Positions after the last entry of a case in which no entry may be missing: it could be the
case's own. More would cost more than reading does; `verify` looks at all of them."""


class AuditedStore(EventStore, Protocol):
    """What verified reading needs of a store besides."""

    def audited(self, case_id: str, upto: int | None = None) -> list[AuditTuple]:
        """The entries of a stream in version order, with everything that the tables say of them."""

    def behind(self, position: int, limit: int) -> Behind:
        """What there is of the log after a position."""

    def followers(self, position: int, limit: int, case_id: str, leaf: bytes) -> list[Entry]:
        """Events after a position that name a leaf of a stream and lie under another name."""


class ReadingBroken(Fault):
    """What was to be shown does not hold. Nothing of it is shown.

    Attributes:
        breaks: the failures, each with where it is.
    """

    def __init__(self, stream: str, breaks: Sequence[VerificationFailure]) -> None:
        self.breaks = tuple(breaks)
        places = [
            (f"{failure.where}：{failure.message.zh}", f"{failure.where}: {failure.message.en}")
            for failure in self.breaks
        ]
        super().__init__(
            f"{stream} 的记录与日志不符，不予显示。{'；'.join(zh for zh, _ in places)}。"
            "请核验整个记录库",
            f"the record of {stream} fails verification and is not shown."
            f" {'; '.join(en for _, en in places)}. Verify the whole ledger",
            rule="reading-broken",
            subject=stream,
        )


class VerifiedReading:
    """A store whose streams are verified as they are read. Appending goes to the store as it is.

    Where `verify` is false its bytes are believed, and no level is reached.

    Attributes:
        pending: how many events were read that wait for their position in the log, so that nothing
            but their chain vouches for them.
        left_out: of each entry that means nothing there and that nobody has set aside, that it was
            left out.
    """

    def __init__(self, store: AuditedStore, *, verify: bool = True) -> None:
        self._store, self._verify = store, verify
        self.pending = 0
        self.left_out: list[Text] = []

    @property
    def level(self) -> Literal["L0"] | None:
        """The level to which all that was read is verified; `None` where it is not."""
        return "L0" if self._verify and not self.pending and not self.left_out else None

    @property
    def identity(self) -> Identity:
        """Who acts, as the store knows it."""
        return identity_of(self._store)

    def streams(self) -> list[tuple[str, int]]:
        """Every stream with its last version."""
        return self._store.streams()

    def stream(
        self, case_id: str, upto: int | None = None, *, strict: bool = True
    ) -> list[tuple[int | None, bytes]]:
        """Position and bytes of the entries of a stream, in version order, verified.

        Raises:
            ReadingBroken: an entry, its chain or its leaf does not hold, or one is missing.
        """
        if not self._verify:
            return self._store.stream(case_id, upto, strict=strict)
        rows = self._store.audited(case_id, upto)
        breaks: list[VerificationFailure] = []
        if rows and rows[-1][3] != len(rows):
            whole = next(at for at, row in enumerate(rows) if row[3] != at + 1)
            breaks += self._behind_a_gap(case_id, whole, rows[whole:])
            rows = rows[:whole]
        link = START
        for count, row in enumerate(rows, 1):
            found: list[VerificationFailure] = []
            leaf, _ = verify_entry(row, link, found)
            link = row[3], leaf
            if not (found and self._is_left_out(case_id, rows[:count], found)):
                breaks += found
        # Those at the end may be pending for the sequencing process of a server; none before a
        # sealed one may.
        sealed = max((row[3] for row in rows if row[0] is not None), default=0)
        waiting = {row[3] for row in rows if row[3] > sealed}
        breaks = [
            failure
            for failure in breaks
            if not (failure.kind == "unsealed" and failure.version in waiting)
        ]
        if breaks:
            raise ReadingBroken(case_id, breaks)
        self.pending += len(waiting)
        if upto is None and rubric_of(case_id) is None:  # an edition that is pinned is missed
            last = max((row[0] for row in rows if row[0] is not None), default=-1)
            self._nothing_missing(case_id, last)
            self._nothing_elsewhere(case_id, last, link)
        return [(row[0], row[5]) for row in rows]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        """Entries that are stored under the name of an event, as they are."""
        return self._store.of_type(case_id, type_, upto)

    def entry_at(self, position: int) -> Entry | None:
        """The entry at a log position, as it is."""
        return self._store.entry_at(position)

    def append(
        self, entries: Sequence[NewEntry], basis: Basis | None = None
    ) -> Sequence[int | None]:
        """Write all or nothing, as the store does."""
        return self._store.append(entries, basis)

    def _is_left_out(
        self, stream: str, rows: Sequence[AuditTuple], found: Sequence[VerificationFailure]
    ) -> bool:
        """Whether nothing is made of the last of some rows, so that it may be broken in itself."""
        if not {broken.kind for broken in found} <= OF_ENTRY:
            return False
        entries = [(row[0], row[5]) for row in rows]
        aside = entries_set_aside(self._store.of_type(REGISTER, EntrySetAside.__name__))
        if is_set_aside(stream, entries, aside):
            return True
        with suppress(UnreadableEntry):
            events = events_of(stream, entries, aside)
            if not events or events[-1].version < len(entries):
                self.left_out.append(_left_out(found[0].where))
                return True
        return False

    def _behind_a_gap(
        self, stream: str, last: int, rows: Sequence[AuditTuple]
    ) -> Iterator[VerificationFailure]:
        """An entry that claims to be after a gap; what does not is left out.

        Args:
            stream: its name.
            last: the version before the gap.
            rows: those after it.
        """
        aside = entries_set_aside(self._store.of_type(REGISTER, EntrySetAside.__name__))
        for position, _, _, version, kind, entry in rows:
            row = AuditRow(position, None, stream, version, kind, entry)
            if not is_passed_over(stream, position, entry, version, aside):
                if version != last + 1:
                    zh, en = f"前一条是第 {last} 条", f"the one before is v{last}"
                    yield row_break("gap", row, zh, en)
                last = version
            elif position is None or leaf_hash(entry).hex() not in aside.get(position, ()):
                self.left_out.append(_left_out(f"#{position} {stream} v{version}"))

    def _nothing_missing(self, stream: str, position: int) -> None:
        """See that no entry shortly after the last one of a stream is missing from the log."""
        size, last, there = self._store.behind(position, NEARBY)
        if last + 1 == size and there == min(NEARBY, size - position - 1):
            return
        message = (
            "日志在此之后缺少条目，可能是其后续条目",
            "later entries of the log are missing, which may belong to it",
        )
        raise ReadingBroken(stream, [_missing(stream, position, *message)])

    def _nothing_elsewhere(self, stream: str, position: int, last: Link) -> None:
        """Say so where the next entry lies near, under another name, and so is not shown."""
        version, leaf = last
        for one in self._store.followers(position, NEARBY, stream, leaf):
            with suppress(UnreadableEntry):
                said = check(one.entry)
                if (said.case, said.version) == (stream, version + 1):
                    self.left_out.append(_elsewhere(one, stream))


def _elsewhere(one: Entry, stream: str) -> Text:
    place = f"#{one.position} {one.case_id} v{one.version}"
    return Text(
        f"注意：{place} 自称是 {stream} 的下一条，却存放在别的名下，未计入；请核对记录库",
        f"note: {place} says that it is the next entry of {stream} and lies under another name; it"
        " is left out. Verify the ledger",
    )


def _left_out(place: str) -> Text:
    return Text(
        f"注意：{place} 是绕过程序写入的，内容无效，未计入。请核验记录库",
        f"note: {place} was not written by the program and is not valid; it is left out. Verify"
        " the ledger",
    )


def _missing(stream: str, position: int, zh: str, en: str) -> VerificationFailure:
    return VerificationFailure(
        kind="missing",
        where=f"#{position} {stream}",
        message=Text(zh, en),
        affects=Text(stream, stream),
        stream=stream,
    )


def level_in_words(level: str | None) -> Text:
    """To what level the bytes behind an answer were verified, and what that leaves open."""
    if level is None:
        return Text("未核验所示记录的字节", "the bytes of what is shown were not verified")
    return Text(
        f"已核验 {level}：所示事项的链、条目和日志叶哈希；未与外部检查点比对",
        f"verified {level}: chain, entries and leaf hashes of what is shown; not compared with"
        " a checkpoint held outside",
    )
