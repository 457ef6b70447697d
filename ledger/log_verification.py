"""Verification: everything recomputed from the stored bytes, every failure located.

Steps, numbered again where they are done:

1. every entry is canonical and readable, and its columns agree with it;
2. every stream is contiguous from version 1 and each entry names the leaf hash of the one before;
   nowhere in the log does an edition of the rules come after a later one, or a forger could choose
   the rules that a command is judged by;
3. every event has a leaf, positions are dense from 0, and each leaf's hash is that of its entry;
4. the tree over the entries is the one that the log says it has, and had at every checkpoint, and
   the tiles that proofs are made of are the tree's;
5. the checkpoints are signed by the log's key (level L1);
6. the log only grew since every checkpoint that the caller holds from outside (L2);
7. witnesses have cosigned one of these, as many as the verifier's quorum wants (L3);
8. an authority that the verifier trusts has stamped such a one with the time (L4);
9. the roots that a signer has stated over SM3 are those of the entries;
10. where a server knows who appended an entry, the entry says the same of its author;
11. a reader of a stream gets what was examined, by any index; the database
    finds nothing broken in itself; and what its tables are made of is what the program made.

What the reached level cannot show is stated with the result. What is made of the record, by rules
and projections, is verified in `projections/case_verification.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from itertools import islice, pairwise
from typing import Final, Literal, Protocol

from msgspec import Struct, field

from ledger.codec import UnreadableEntry, authorship, check
from ledger.entry_verification import (
    IN_ITSELF,
    START,
    Link,
    VerificationFailure,
    row_break,
    verify_entry,
)
from ledger.envelope import REGISTER, RecordedEvent, is_case
from ledger.events import EntriesMerged, MergedStream
from ledger.evidence import EvidenceStatus
from ledger.language import Text, counted
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.policy import TrustPolicy
from ledger.log.sm3 import BothTrees, HeldSm3
from ledger.log.stamp import Authority, TimeStamp
from ledger.log.tiles import (
    TileReader,
    check_tiles,
)
from ledger.log.tree import SIZE_MAX, ProofError, TreeHead, leaf_hash
from ledger.log.tree_builder import TreeBuilder
from ledger.practice import differs
from ledger.rule_editions import FIRST, RuleEdition
from ledger.store import (
    AuditRow,
    AuditTuple,
    DatabaseDamaged,
    Entry,
    Store,
    StoredCheckpoint,
    StructureFault,
    VersionConflict,
    WrittenEntry,
)
from ledger.stream_reading import StoredEntry, events_of_type
from ledger.values import Instant

OF_BYTES: Final = frozenset({"unreadable", "misfiled", "gap", "chain", "unsealed", "leaf", "reads"})
"""Kinds of breaks after which nothing can be made of a stream."""

Level = Literal["L0", "L1", "L2", "L3", "L4"]

_STATES: Final = {
    "missing": ("缺少", "it is missing"),
    "foreign": ("不是本程序建立的", "this program did not create it"),
    "changed": ("与本程序建立的不同", "it differs from what this program created"),
}
NEVER_PROVEN: Final = Text(
    "有无未记录的事项，以及所记内容是否属实",
    "that nothing was left unrecorded, nor that what was recorded is true",
)
NO_EVIDENCE: Final = Text(
    "佐证材料未核验：记录库旁没有佐证材料目录，也没有指明目录",
    "evidence files were not verified: there is no evidence folder next to the ledger and none was"
    " named",
)
LOG_ONLY: Final = Text(
    "仅核验了日志：条目内容、各事项的链、待编入的条目、佐证材料、规则和总览表均未核验",
    "only the log was verified: not the content of entries, the chains of cases, pending entries,"
    " evidence, rules or the portfolio",
)
NO_AUTHORITY: Final = Text(
    "时间戳未核验：未提供时间戳机构的证书",
    "time stamps were not verified: no certificate of an authority was given",
)
HELD_IN_VAIN: Final = Text(
    "提供了外部持有的检查点，但与记录库不符，或未核验其签名：没有任何历史由外部证实",
    "a checkpoint held outside was given, but it does not match this ledger or its signature was"
    " not verified: nothing is confirmed from outside",
)
LIMITS: Final[Mapping[Level, Text]] = {
    "L0": Text(
        "没有记录库以外的检查点可比对：能改写整个数据库的人可以连同全部哈希一起重算",
        "there is no checkpoint from outside to compare with: anyone who can rewrite the whole"
        " database can recompute every hash in it",
    ),
    "L1": Text(
        "检查点由日志密钥签名，但未与外部持有的比对：持有密钥的人可以改写后重签",
        "the checkpoints are signed, but none was compared with one held outside: the holder of"
        " the key can rewrite and sign again",
    ),
    "L2": Text(
        "外部持有的检查点之后的历史，持有密钥的人仍可改写",
        "the history after the checkpoint held outside can still be rewritten by the holder of the"
        " key",
    ),
    "L3": Text(
        "见证人与日志合谋的情形，以及最后一次联署之后的历史",
        "collusion between the log and its witnesses, and the history after the last cosignature",
    ),
    "L4": Text(
        "见证人、时间戳机构与日志合谋的情形，以及最后一个盖过时间戳的检查点之后的历史",
        "collusion between the log, its witnesses and the time-stamping authority, and the history"
        " after the last time-stamped checkpoint",
    ),
}


class TimeStampedHead(Struct, frozen=True):
    """That the first entries of the log were there at a time, by a stamp that holds.

    Attributes:
        size: how many entries.
        at: when, as the authority says.
    """

    size: int
    at: Instant


class VerifiedSm3(Struct, frozen=True):
    """That the first entries of the log have the SM3 root that a signer has stated.

    Attributes:
        size: how many entries.
        signature: whether the SM2 signature of the statement was verified, and holds.
        why: why it was not; `None` where it was.
    """

    size: int
    signature: Literal["valid", "unchecked"]
    why: Text | None


class VerificationNote(Struct, frozen=True):
    """What somebody answers for, so that it is not a break: an entry set aside, entries merged.

    Attributes:
        where: log position and stream with version.
        message: who answers for it, since when and why.
    """

    where: str
    message: Text


class Walked:
    """What was seen of a stream, to be compared with what a reader of it gets.

    Attributes:
        events: how many.
        last: the version of the last.
    """

    def __init__(self) -> None:
        self.events = 0
        self.last = 0
        self._seen = sha256()

    def on(self, version: int, position: int | None, leaf: bytes) -> None:
        """One event further."""
        self.events += 1
        self.last = max(self.last, version)
        self._seen.update(b"%d %d %s" % (version, -1 if position is None else position, leaf))

    def digest(self) -> bytes:
        """SHA-256 over their versions, positions and leaf hashes, in their order."""
        return self._seen.digest()


class Verification(Struct, kw_only=True):
    """What was checked and what was found. Nothing checked is a failure as well.

    Attributes:
        erased: how many of the evidence files are erased by law, as the record says.
        media_types: how many evidence files there are of each.
        attributed: how many entries a server knows the writer of.
        head: of the tree grown again from the entries; `None` where the log was not verified.
        practice: whether nothing in the ledger is real.
    """

    level: Level = "L0"
    practice: bool = False
    checkpoints: int = 0
    signatures: int = 0
    evidence: int = 0
    evidence_unchecked: bool = False
    erased: int = 0
    media_types: dict[str, int] = field(default_factory=dict)
    head: TreeHead | None = None
    entries_unchecked: bool = False
    stamped: list[TimeStampedHead] = field(default_factory=list)
    stamps_unchecked: bool = False
    sm3: list[VerifiedSm3] = field(default_factory=list)
    portfolio_unchecked: Text | None = None
    may_lack: Text | None = None
    held: int = 0
    accounts: int = 0
    authored: int = 0
    proven_elsewhere: int = 0
    attributed: int = 0
    events: int = 0
    leaves: int = 0
    streams: dict[str, Walked] = field(default_factory=dict)
    out_of_order: set[str] = field(default_factory=set)
    faulty: dict[int, bytes] = field(default_factory=dict)
    notes: list[VerificationNote] = field(default_factory=list)
    breaks: list[VerificationFailure] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many cases were checked; rubrics and the register are not among them."""
        return sum(1 for stream in self.streams if is_case(stream))

    @property
    def counted(self) -> dict[str, int]:
        """How much was checked, by the names that programs know."""
        return {
            "events": self.events,
            "cases": self.cases,
            "leaves": self.leaves,
            "checkpoints": self.checkpoints,
            "signatures": self.signatures,
            "evidence": self.evidence,
            "stamps": len(self.stamped),
            "streams": len(self.streams),
            "accounts": self.accounts,
            "authored": self.authored,
        }

    @property
    def damaged(self) -> set[str]:
        """The streams whose bytes do not hold, so that nothing can be made of them."""
        return {broken.stream for broken in self.breaks if broken.kind in OF_BYTES}

    @property
    def does_not_prove(self) -> tuple[Text, ...]:
        """What was not checked, and what the level that was reached leaves open."""
        entries = (LOG_ONLY,) if self.entries_unchecked else ()
        evidence = (NO_EVIDENCE,) if self.evidence_unchecked else ()
        stamps = (NO_AUTHORITY,) if self.stamps_unchecked else ()
        lacking = (self.may_lack,) if self.may_lack else ()
        sm2 = tuple(
            Text(
                f"SM2 签名（{one.size} 条的 SM3 陈述）未核验：{one.why.zh}",
                f"the SM2 signature of the SM3 statement of {one.size} was not verified:"
                f" {one.why.en}",
            )
            for one in self.sm3
            if one.why
        )
        in_vain = self.held and self.level in {"L0", "L1"}
        limit = HELD_IN_VAIN if in_vain else LIMITS[self.level]
        return *lacking, *entries, *evidence, *stamps, *sm2, limit, NEVER_PROVEN

    @property
    def report(self) -> dict[str, object]:
        """The result as programs read it."""
        names = ("level", "counted", "stamped", "sm3", "breaks", "notes", "does_not_prove")
        found = {name: getattr(self, name) for name in names}
        return found | ({"practice": True} if self.practice else {})

    @property
    def holds(self) -> bool:
        """Whether something was checked and nothing is broken."""
        return self.events > 0 and not self.breaks

    def take_in(self, part: "Verification") -> None:
        """Add what was checked and found of other streams, or of other cases."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(part, name))
        for kind, number in part.media_types.items():
            self.media_types[kind] = self.media_types.get(kind, 0) + number
        self.streams.update(part.streams)
        self.out_of_order.update(part.out_of_order)
        self.faulty.update(part.faulty)
        self.notes += part.notes
        self.breaks += part.breaks


_COUNTS: Final = ("events", "leaves", "authored", "proven_elsewhere", "evidence", "erased")
"""What is counted of a part of the ledger; all else is found of the whole."""


class Grown(Protocol):
    """Gets the hash of every entry that has a place; a `TreeBuilder` makes the tree of them."""

    def place(self, position: int, leaf: bytes) -> None:
        """Take the hash of the entry at a position."""

    def end(self) -> list[int]:
        """The positions that something is wrong with."""


def verify(
    result: Verification,
    rows: Iterable[AuditTuple],
    growth: Grown | None = None,
    merged: Sequence[RecordedEvent] = (),
) -> "Spans":
    """Check every row by itself and against the one before it in its stream.

    Memory grows with the number of streams, not of rows.

    Args:
        result: to be added to.
        rows: every stored event with its leaf, those of one stream in version order.
        growth: gets the hash of every entry that has a place, where these are all events of the
            log; the positions of some have gaps.
        merged: commands that have made a part of the log what was recorded elsewhere.

    Returns:
        From where to where in the log each edition of the rules was used, for who walks in shares.
    """
    last: dict[str, Link] = {}
    beside: dict[str, dict[int, Link]] = defaultdict(dict)  # of streams with a gap: all links
    walked: dict[str, Walked] = defaultdict(Walked)
    editions = _EditionsOfRules(merged)
    events = leaves = authored = said_proven = 0
    for row in rows:
        position, _, case_id, version, _, _ = row
        events += 1
        before = len(result.breaks)
        link = last.get(case_id, START)
        if version != link[0] + 1:  # after a gap, or what was recorded before one afterwards
            beside[case_id][link[0]] = link
            link = beside[case_id].get(version - 1, link)
        leaf, said = verify_entry(row, link, result.breaks)
        kinds = {broken.kind for broken in result.breaks[before:]}
        # An entry that claims another position may be sound: columns are in no hash.
        if kinds and kinds <= IN_ITSELF | {"gap"} and position is not None:
            result.faulty[position] = leaf
        last[case_id] = version, leaf
        if case_id in beside:
            beside[case_id][version] = version, leaf
        if said:
            authored += bool(said.signed)
            said_proven += bool(said.through)
            if position is not None:
                editions.note(said.rules, position, row, leaf)
        walked[case_id].on(version, position, leaf)
        if position is not None:
            leaves += 1
            if growth is not None:
                growth.place(position, leaf)
    result.events += events
    result.leaves += leaves
    result.authored += authored
    result.proven_elsewhere += said_proven
    result.streams.update(walked)
    result.out_of_order.update(beside)
    result.breaks.sort(key=_stream)  # as several processes put them together
    spans = editions.spans()
    result.breaks += editions.decreases()
    result.notes += editions.let_pass()
    if growth is not None:
        end_of_log(result, growth)
    return spans


def end_of_log(result: Verification, growth: Grown) -> None:
    """Report which log positions are wrong, once every entry has been located."""
    result.breaks += map(_order, growth.end())


Spans = dict[RuleEdition, tuple[int, int]]
"""The first and the last place of each edition of the rules."""


def _stream(broken: VerificationFailure) -> str:
    return broken.stream


def joined_spans(parts: Iterable[Spans]) -> Spans | None:
    """Those of several shares of a log; `None` where an edition goes back between them."""
    joined: Spans = {}
    for part in parts:
        for rules, (first, last) in part.items():
            before = joined.get(rules, (first, last))
            joined[rules] = min(first, before[0]), max(last, before[1])
    ordered = [joined[rules] for rules in sorted(joined)]
    apart = all(older[1] < newer[0] for older, newer in pairwise(ordered))
    return joined if apart else None


class _EditionsOfRules:
    """Which edition of the rules the events of a log were recorded under, and where it came up.

    Places are compared, not the order of the walk: that is the order of writing, and a writer who
    was slow to get a place has not gone back. What was merged, as the register says, was recorded
    elsewhere under the rules of that place; nothing else goes back.
    """

    def __init__(self, merged: Sequence[RecordedEvent]) -> None:
        self._merged = merged
        self._ends = {
            (part.stream, part.version): b"" for merge in merged for part in _parts_of(merge)
        }
        self._passed: dict[int, int] = {}
        self._first: dict[RuleEdition, int] = {}
        self._last: dict[RuleEdition, tuple[int, AuditTuple]] = {}
        self._suspects: dict[int, tuple[RuleEdition, AuditTuple]] = {}
        self._newest = FIRST
        self._last_place = 0

    def note(self, rules: RuleEdition, position: int, row: AuditTuple, leaf: bytes) -> None:
        """An event that was recorded under an edition."""
        if row[2:4] in self._ends:
            self._ends[row[2:4]] = leaf
        if position < self._first.get(rules, SIZE_MAX):
            self._first[rules] = position
        if rules < self._newest:
            self._suspects[position] = rules, row
        elif rules > self._newest or position >= self._last_place:
            self._last[rules] = position, row
            self._newest, self._last_place = rules, position

    def spans(self) -> Spans:
        """From where to where each edition was used."""
        ends = {rules: place for rules, (place, _) in self._last.items()}
        for place, (rules, _) in self._suspects.items():
            ends[rules] = max(place, ends.get(rules, place))
        return {rules: (self._first[rules], end) for rules, end in ends.items()}

    def decreases(self) -> Iterator[VerificationFailure]:
        """The events that come after the first one of a later edition."""
        for rules, (position, row) in self._last.items():
            self._suspects[position] = rules, row
        for position, (rules, row) in sorted(self._suspects.items()):
            before = max(edition for edition, first in self._first.items() if first <= position)
            if before > rules and not self._was_merged(position, AuditRow(*row)):
                yield _edition(AuditRow(*row), rules, before)

    def let_pass(self) -> Iterator[VerificationNote]:
        """Who answers for events of an older edition that were merged, as far as there are any."""
        for merge in self._merged:
            if merge.position in self._passed:
                count = self._passed[merge.position]
                yield VerificationNote(
                    f"#{merge.position} {merge.case} v{merge.version}",
                    Text(
                        f"{merge.by.account} 于 {merge.at} 并入的记录中，"
                        f"有 {count} 条按更早一版规则记录",
                        f"of the entries merged by {merge.by.account} at {merge.at}, {count} were"
                        " recorded under an older edition of the rules",
                    ),
                )

    def _was_merged(self, position: int, row: AuditRow) -> bool:
        """Whether an event is one of those that a later command has merged, to the last byte.

        Each entry names the hash of the one before it, so the last of a stream vouches for all.
        """
        for merge in self._merged:
            if merge.position is None or merge.position < position:
                continue
            for part in _parts_of(merge):
                is_part = part.stream == row.case_id and part.first <= row.version <= part.version
                if is_part and self._ends[part.stream, part.version].hex() == part.leaf:
                    self._passed[merge.position] = self._passed.get(merge.position, 0) + 1
                    return True
        return False


def _parts_of(merge: RecordedEvent) -> tuple[MergedStream, ...]:
    return merge.event.streams if isinstance(merge.event, EntriesMerged) else ()


def verify_structure(result: Verification, faults: Iterable[StructureFault]) -> None:
    """Name what guards the tables, or decides what is read, and is not as it should be."""
    for fault in faults:
        zh, en = _STATES[fault.state]
        result.breaks.append(
            VerificationFailure(
                kind="structure",
                where=fault.part,
                message=Text(zh, en),
                affects=Text(
                    "此后写入和读出的全部内容", "everything written and read from then on"
                ),
            )
        )


def verify_authors(result: Verification, written: Iterable[WrittenEntry]) -> None:
    """Compare what entries say of their authors with what the server knows of who appended them.

    It knows nothing of those that were there before it kept that, nor of those that an owner of
    the database has written, as when a whole ledger is imported. Where such an entry says that its
    author was proven, there is a note of it: nothing here can confirm that.
    """
    for row, role, identity in written:
        result.attributed += 1
        try:
            account, through = authorship(row.entry)
        except UnreadableEntry:
            continue  # which is named already
        if identity is None:
            zh = f"由数据库角色 {role} 写入，这个角色没有登记"
            en = f"the database role {role} wrote it, which is not registered"
        elif identity.account not in {None, account}:
            zh = f"由数据库角色 {role} 写入，它只能以账号 {identity.account} 办理"
            en = f"the database role {role} wrote it, which may act only as {identity.account}"
        elif identity.through != through:
            is_so, is_not = identity.through or "-", through or "-"
            zh = f"由数据库角色 {role} 写入，证明方式应为 {is_so}，条目写为 {is_not}"
            en = f"role {role} wrote it and must be proven by {is_so}; the entry says {is_not}"
        else:
            result.proven_elsewhere -= through is not None
            continue
        result.breaks.append(row_break("identity", row, zh, en))
    if (number := result.proven_elsewhere) > 0:
        message = Text(
            f"有 {number} 条写明办理人已由服务器证明，这里无从核实（例如从服务器整库迁来）",
            f"{counted(number, 'entry says', 'entries say')} that a server proved the author; this"
            " cannot be verified here (as after a move from a server)",
        )
        result.notes.append(VerificationNote("through", message))


def verify_integrity(result: Verification, found: Iterable[str]) -> None:
    """Name what the database finds broken in itself."""
    for complaint in found:
        result.breaks.append(
            VerificationFailure(
                kind="database",
                where="database",
                message=Text(
                    f"数据库自查不符：{complaint}",
                    f"the database's own integrity check fails: {complaint}",
                ),
                affects=Text("读出的全部内容", "everything that is read"),
            )
        )


def verify_places(result: Verification, strays: Iterable[int]) -> None:
    """Name log positions that belong to no event: nothing more can be appended after them."""
    for position in strays:
        result.breaks.append(
            VerificationFailure(
                kind="order",
                where=f"#{position}",
                message=Text(
                    "该位置没有条目，或在日志末尾之后",
                    "there is no entry at this position, or it is beyond the end of the log",
                ),
                affects=Text("日志次序", "the order of the log"),
            )
        )


def verify_reads(
    result: Verification,
    read: Callable[[str, int], Sequence[Entry]],
    streams: Iterable[tuple[str, int]],
    size: int,
) -> None:
    """Check that a reader of a stream gets exactly what was examined.

    A reader finds a stream by indexes, and what they lack is not in its table for him.

    Args:
        result: of `verify`, with the streams that were walked through.
        read: the events of a stream up to a version, as every reader gets them.
        streams: the names of all streams with their last versions, as readers get them.
        size: of the log when the walk began; a place beyond was given later.
    """
    named = dict(streams)
    for name, walked in result.streams.items():
        got = Walked()
        entries = read(name, walked.last)
        if name in result.out_of_order:  # a version was written before an earlier one
            entries = sorted(entries, key=_place)
        for entry in entries:
            place = None if entry.position is None or entry.position >= size else entry.position
            got.on(entry.version, place, leaf_hash(entry.entry))
        if got.digest() != walked.digest() or named.get(name, 0) < walked.last:
            result.breaks.append(_unread(name, got.events, walked.events))


def _place(entry: Entry) -> int:
    return SIZE_MAX if entry.position is None else entry.position


def verify_walked(result: Verification, there: Iterable[tuple[str, int, int]]) -> None:
    """Check that no event of a stream was passed over because an index does not lead to it.

    Args:
        result: of `verify`, with the streams that it found by their names.
        there: streams with the number of their events and the last version, found without.
    """
    for name, events, last in there:
        found = result.streams.get(name, Walked())
        if (found.events, found.last) != (events, last):
            result.breaks.append(_unread(name, found.events, events))


def verify_nothing_elsewhere(
    result: Verification, rows: Iterable[AuditTuple], names: Collection[str]
) -> None:
    """Name entries that say they are of some streams and are stored under other names.

    Args:
        result: to be added to.
        rows: every stored event with its leaf.
        names: of the streams, each of which was walked through by its name.
    """
    marks = [f'"case":"{name}"'.encode() for name in names]
    for row in rows:
        entry = row[5]
        if row[2] in names or not any(mark in entry for mark in marks):
            continue
        with suppress(UnreadableEntry):
            if check(entry).case in names:
                verify_entry(row, START, result.breaks)


def check_streams(
    store: Store,
    held: Mapping[str, Sequence[StoredEntry]],
    answered_for: Callable[[Verification], object],
) -> None:
    """Check that streams are those of the log, all of them, before they are handed out.

    Every entry is checked by itself, against the one before it and against its leaf, and the whole
    table of events is gone through for those that no index leads to.

    Args:
        store: of the ledger.
        held: the streams by name, whole, as they were read and are to be handed out.
        answered_for: takes back what was found of entries that somebody has set aside.

    Raises:
        DatabaseDamaged: what is read of one of them is not what is stored.
        VersionConflict: one of them has grown since it was read.
    """
    behind: list[VersionConflict] = []

    def read(name: str, last: int) -> Sequence[Entry]:
        entries = held[name]
        whole = [
            Entry(position, name, version, "", entry)
            for version, (position, entry) in enumerate(entries, 1)
        ]
        beside: list[Entry] = []
        if len(whole) != result.streams[name].events:  # after a gap, or it has grown
            beside = [one for one in store.read(name, last) if not 0 < one.version <= len(whole)]
        grown = any(one.version == len(whole) + 1 for one in beside)
        if grown or any(position is None for position, _ in entries):
            behind.append(VersionConflict(name, last))
            return store.read(name, last)
        return sorted(whole + beside, key=lambda one: one.version)

    result = Verification()
    merged = events_of_type(store.of_type(REGISTER, EntriesMerged.__name__), EntriesMerged)
    with store.auditing() as audit:
        for name in held:
            verify(result, audit.rows(name), merged=merged)
        verify_nothing_elsewhere(result, audit.rows(), held)
        size = audit.size
    answered_for(result)
    verify_reads(result, read, store.streams(), size)
    verify_walked(result, store.walked([*held]))
    if result.breaks:
        first = result.breaks[0]
        raise DatabaseDamaged(store.place, f"{first.where}: {first.message}")
    for conflict in behind:
        raise conflict


def _unread(name: str, got: int, there: int) -> VerificationFailure:
    """That a reader of a stream does not get what is stored of it.

    Args:
        name: of the stream.
        got: how many events a reader gets.
        there: how many there are.
    """
    return VerificationFailure(
        kind="reads",
        where=name,
        message=Text(
            f"读出的与存储的不同：读出 {got} 条，存有 {there} 条；索引被改动或损坏",
            f"what is read differs from what is stored: {got} of {there} events; an index was"
            " changed or is damaged",
        ),
        affects=Text(f"{name} 读出的全部内容", f"everything read of {name}"),
        stream=name,
    )


def verify_hashes(
    result: Verification, entries: Iterable[tuple[int, bytes]], growth: TreeBuilder
) -> None:
    """Rebuild the tree from the bytes of all sequenced entries, regardless of their content.

    With `verify_log` and `verify_tiles` that is the whole log; what is sealed there is not looked
    at.

    Args:
        result: to be added to.
        entries: the position and the bytes of each.
        growth: gets the hash of each.
    """
    count = 0
    for position, entry in entries:
        growth.place(position, leaf_hash(entry))
        count += 1
    result.events += count
    result.leaves += count
    end_of_log(result, growth)


def forgive_unsealed(result: Verification, since: Collection[tuple[str, int]]) -> None:
    """Withdraw failures of events that were only pending while the log was verified.

    Args:
        result: of `verify`.
        since: stream and version of those that have got their position since then, after all that
            was verified.
    """
    result.breaks = [
        broken
        for broken in result.breaks
        if broken.kind != "unsealed" or (broken.stream, broken.version) not in since
    ]


class Trust(Struct, frozen=True, kw_only=True):
    """What a verifier brings along; none of it may come from the ledger itself.

    Attributes:
        policy: public keys of the log and of witnesses, and how many of these are enough.
        held: checkpoints that were got earlier, from elsewhere.
        authorities: certificates of authorities that tell the time.
        sm3: statements of SM3 roots.
        signed_from: the day from which on authors must have signed, whether or not it is demanded.
    """

    policy: TrustPolicy = TrustPolicy()
    held: tuple[SignedCheckpoint, ...] = ()
    authorities: tuple[Authority, ...] = ()
    sm3: tuple[HeldSm3, ...] = ()
    signed_from: date | None = None


class StoredProofs(Struct, frozen=True):
    """What the log has kept to show for itself; none of it is believed.

    Attributes:
        checkpoints: that it has signed, with the cosignatures that came back.
        stamps: that an authority has given for them.
    """

    checkpoints: tuple[SignedCheckpoint, ...] = ()
    stamps: tuple[TimeStamp, ...] = ()


def verify_log(
    result: Verification,
    heads: Mapping[int, TreeHead],
    said: TreeHead,
    kept: StoredProofs,
    trust: Trust,
) -> None:
    """Check the tree, its checkpoints and their signatures; add what was found to the result.

    Args:
        result: of `verify`, to be added to.
        heads: the tree grown again from all sealed entries, at the end and, as far as there are
            entries, at the sizes of the checkpoints.
        said: the size and root that the log says it has.
        kept: the checkpoints and time stamps that the log has kept.
        trust: what the verifier brings along.
    """
    result.held = len(trust.held)
    size, last = max(heads), heads[max(heads)]
    result.head = last
    # 4. The tree is what the log says, now and at every checkpoint.
    if (said.size, said.root) != (last.size, last.root):
        result.breaks.append(
            _tree_break(
                "root",
                f"#{said.size}",
                f"重算得 {size} 条，根不同",
                f"recomputed: {counted(size, 'entry', 'entries')}, another root",
            )
        )
    fitting: dict[str, SignedCheckpoint] = {}
    for outside, group in ((False, kept.checkpoints), (True, trust.held)):
        for signed in group:
            if _grown(result, signed, heads, size, outside=outside):
                # The same text in two places is about the same checkpoint.
                note = fitting.get(signed.note.text, signed).note.joined(signed.note.signatures)
                fitting[signed.note.text] = signed._replace(note=note)
    # 8. When it was there; asked first, because the level is known with the signatures.
    stamped = _stamps(result, kept.stamps, fitting, trust)
    # 5. to 7. Who signed what fits.
    held = {signed.note.text for signed in trust.held}
    for text, one in fitting.items():
        _signatures(result, one, trust, outside=text in held, stamped=text in stamped)


def verify_names(
    result: Verification, checkpoints: Iterable[SignedCheckpoint], *, practice: bool
) -> None:
    """Check that every checkpoint names the log as the first entry of the ledger wants it."""
    result.practice = practice
    for origin in sorted({signed.checkpoint.origin for signed in checkpoints}):
        if why := differs(origin, practice=practice):
            result.breaks.append(_tree_break("practice", f"checkpoint {origin}", *why))


def verify_sm3(result: Verification, entries: Iterable[tuple[int, bytes]], trust: Trust) -> None:
    """Grow both trees from the entries, and compare them with the statements that are brought.

    Args:
        result: to be added to.
        entries: with their positions, in order.
        trust: what the verifier brings along.
    """
    trees, rest = BothTrees(), iter(entries)
    names = {key.name for key in trust.policy.log}
    for held in sorted(trust.sm3, key=lambda one: one.statement.size):  # 9.
        said = held.statement
        trees.take_in(entry for _, entry in islice(rest, said.size - trees.size))
        where = f"sm3 {said.size}"
        if held.signed is False:
            zh, en = "SM3 陈述的 SM2 签名不正确", "the SM2 signature of the statement is invalid"
            result.breaks.append(_tree_break("signature", where, zh, en))
        elif names and said.origin not in names:
            zh, en = f"是日志 {said.origin} 的陈述", f"the statement is of the log {said.origin}"
            result.breaks.append(_tree_break("signature", where, zh, en))
        elif trees.statement(said.origin) != said:
            zh = f"按条目算出 {trees.size} 条，根与 SM3 陈述不同"
            en = f"the entries give {trees.size} and other roots than the SM3 statement"
            result.breaks.append(_tree_break("sm3", where, zh, en))
        else:
            state: Literal["valid", "unchecked"] = "valid" if held.signed else "unchecked"
            result.sm3.append(VerifiedSm3(said.size, state, held.why))


def read_kept(
    result: Verification, stored: Iterable[StoredCheckpoint], stamps: Iterable[TimeStamp] = ()
) -> StoredProofs:
    """What the log has kept; checkpoints that are none are breaks."""
    kept = []
    for one in stored:
        where = f"checkpoint {one.size}"
        try:
            signed = SignedCheckpoint.parse(one.note)
        except ProofError as error:
            result.breaks.append(_tree_break("unreadable", where, error.text.zh, error.text.en))
            continue
        kept.append(signed)
        if (one.size, one.root) != (signed.checkpoint.head.size, signed.checkpoint.head.root):
            zh, en = "检查点旁的列与检查点不符", "its columns do not say what the checkpoint says"
            result.breaks.append(_tree_break("misfiled", where, zh, en))
    return StoredProofs(tuple(kept), tuple(stamps))


def verify_tiles(result: Verification, head: TreeHead, read: TileReader) -> None:
    """Check that the tiles are those of a tree that holds: what they say makes every proof."""
    try:
        check_tiles(head, read)  # 4.
    except ProofError as error:
        result.breaks.append(_tree_break("tile", "tiles", error.text.zh, error.text.en))


def _grown(
    result: Verification,
    signed: SignedCheckpoint,
    heads: Mapping[int, TreeHead],
    size: int,
    *,
    outside: bool,
) -> bool:
    """Whether the log is that of a checkpoint, grown; a break otherwise."""
    result.checkpoints += 1
    head = signed.checkpoint.head
    where = f"checkpoint {head.size}"
    if head.size > size:
        result.breaks.append(
            _tree_break(
                "rollback" if outside else "truncated",
                where,
                f"检查点有 {head.size} 条，记录库只有 {size} 条：末尾被删，或恢复了旧备份",
                f"the checkpoint has {counted(head.size, 'entry', 'entries')}, the ledger"
                f" {size}: cut off, or an older"
                " backup",
            )
        )
        return False
    if heads[head.size].root != head.root:
        result.breaks.append(
            _tree_break(
                "fork" if outside else "root",
                where,
                f"前 {head.size} 条与检查点不同：历史被重写",
                f"the first {head.size} entries are not those of the checkpoint: rewritten",
            )
        )
        return False
    return True


def _stamps(
    result: Verification,
    stamps: Sequence[TimeStamp],
    fitting: Mapping[str, SignedCheckpoint],
    trust: Trust,
) -> set[str]:
    """The texts of checkpoints that have a time stamp which holds; a break for one that does not.

    A stamp of an authority that the verifier does not know cannot be distinguished from a forged
    one.
    """
    if not trust.authorities:
        result.stamps_unchecked = bool(stamps)
        return set()
    found = set()
    for stamp in stamps:
        where = "time stamp"
        try:
            signed = SignedCheckpoint.parse(stamp.note)
            where = f"checkpoint {signed.checkpoint.head.size}"
            at = stamp.verify(trust.authorities)
            if signed.note.text not in fitting:
                raise ProofError(
                    "时间戳：不是本日志检查点的时间戳",
                    "time stamp: it is not for a checkpoint of this log",
                )
        except ProofError as error:
            result.breaks.append(_tree_break("stamp", where, error.text.zh, error.text.en))
        else:
            result.stamped.append(TimeStampedHead(signed.checkpoint.head.size, at))
            found.add(signed.note.text)
    return found


def _signatures(
    result: Verification, signed: SignedCheckpoint, trust: Trust, *, outside: bool, stamped: bool
) -> None:
    """Count the trusted signatures of a checkpoint that fits, and the level that they give."""
    policy = trust.policy
    if not policy.log:
        return
    try:
        found = signed.verify(policy.log, policy.witnesses)
    except ProofError as error:
        where = f"checkpoint {signed.checkpoint.head.size}"
        result.breaks.append(_tree_break("signature", where, error.text.zh, error.text.en))
        return
    result.signatures += len(found)
    if signed.checkpoint.head.size == 0:  # every log has grown from nothing
        return
    reached: Level = "L2" if outside else "L1"
    if policy.met_by(key for key, _ in found):
        reached = "L4" if stamped else "L3"
    result.level = max(result.level, reached)


def _tree_break(kind: str, where: str, zh: str, en: str) -> VerificationFailure:
    return VerificationFailure(
        kind=kind, where=where, message=Text(zh, en), affects=Text("整个日志", "the whole log")
    )


def verify_evidence(result: Verification, case: str, held: Iterable[EvidenceStatus]) -> None:
    """Name the evidence files of a case that are missing or altered."""
    for file in held:
        result.evidence += 1
        kind = file.evidence.media_type
        result.media_types[kind] = result.media_types.get(kind, 0) + 1
        result.erased += file.state in {"erased", "to-erase"}
        if file.state in {"missing", "altered"}:
            title, digest = file.evidence.title, file.evidence.sha256
            words = {"missing": ("缺失", "missing"), "altered": ("被改动", "altered")}[file.state]
            result.breaks.append(
                VerificationFailure(
                    kind="evidence",
                    where=f"{case} {digest}",
                    message=Text(f"“{title}”{words[0]}", f"'{title}' is {words[1]}"),
                    affects=Text(f"{case} 引用它的得分", f"scores of {case} that cite it"),
                )
            )


def _edition(row: AuditRow, rules: RuleEdition, before: RuleEdition) -> VerificationFailure:
    return row_break(
        "edition",
        row,
        f"按第 {rules} 版规则记录，而此前已用到第 {before} 版",
        f"recorded under edition {rules} of the rules, after edition {before} had come into use",
    )


def _order(position: int) -> VerificationFailure:
    return VerificationFailure(
        kind="order",
        where=f"#{position}",
        message=Text("日志位置不连续", "the positions of the log have gaps"),
        affects=Text("日志顺序", "the order of the log"),
    )
