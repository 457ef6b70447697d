"""The one front door: commands go in, events come out, and the record can be read back."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, tzinfo
from functools import cached_property
from hashlib import sha256
from typing import Final, NamedTuple, Protocol, cast, get_args

from msgspec.structs import replace

from ledger import refusals
from ledger.account_registry import (
    OF_SIGNERS,
    AccountRegistry,
    decide_register,
    evolve_register,
    fold_register,
    must_not_be_frozen,
)
from ledger.author_proofs import NOTHING_SIGNED, AuthorProofs, is_proven
from ledger.author_signature import Statement, check, digest_before, statement_of
from ledger.authority import authorise, check_named
from ledger.case import Case, History, copied, evolve, pinned_rubrics
from ledger.chronology import Chronology, confirmed_days
from ledger.cited_outcome import check_cited
from ledger.codec import EntryTooLarge, UnreadableEntry, canonical, decode, encoded, link
from ledger.commands import (
    AssignWork,
    CaseCommand,
    CommandEnvelope,
    EnrolKey,
    ExtendDeadline,
    OpenCase,
    PinRubric,
    PublishRubric,
    RecuseAccount,
    RegisterCommand,
    SetEntryAside,
    SetTimeZone,
    SupersedeRubric,
)
from ledger.editions import Editions, decide_rubric, evolve_editions, fold_editions, parsed
from ledger.envelope import (
    REGISTER,
    UNPROVEN,
    Actor,
    AuthorSignature,
    IdempotencyKey,
    Identity,
    RecordedEvent,
    Sign,
    StreamId,
    Through,
    is_case,
    rubric_of,
    rubric_stream,
)
from ledger.events import (
    AccountOpened,
    CaseEvent,
    DossierIssued,
    EntrySetAside,
    Event,
    RegisterEvent,
    RoleGranted,
    RubricEvent,
    SignaturesDemanded,
    StreamEnd,
    TimeZoneSet,
    YearNoticeRecorded,
)
from ledger.language import Text
from ledger.last_days import Notices, notices_in
from ledger.log.tree import leaf_hash
from ledger.practice import is_practice
from ledger.problem import Mendable
from ledger.program import VERSION
from ledger.refusals import CommandRefused
from ledger.repetition import Repetitions
from ledger.rule_editions import CURRENT
from ledger.sight import reserved, visible_after, visible_to
from ledger.store import Basis, Entry, NewEntry, RecordedBefore, VersionConflict, moment_of
from ledger.stream_reading import (
    SetAside,
    StoredEntry,
    entries_set_aside,
    events_of,
    is_faulty,
    is_faulty_behind_a_gap,
)
from ledger.subjects import recorded_since
from ledger.terms import EVENTS
from ledger.time_zone import BEIJING, day_of_instant, is_known, zone_of
from ledger.values import (
    AccountId,
    CommandId,
    Instant,
    Invalid,
    OrganisationId,
    Sha256,
    TimeZoneName,
)

LOGGER: Final = logging.getLogger(__name__)


class EventStore(Protocol):
    """What the ledger needs of a store: read a stream, append to streams.

    One that knows by itself who acts says so by an attribute `identity`.
    """

    def streams(self) -> list[tuple[str, int]]:
        """Every stream with its last version."""

    def stream(
        self, case_id: str, upto: int | None = None, *, strict: bool = True
    ) -> list[tuple[int | None, bytes]]:
        """Position and bytes of the entries of a stream, one for each version from 1 up to a gap.

        Raises:
            UnreadableEntry: where it is strict, an entry after a gap that claims to be there.
        """

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        """The same of those entries that are stored under the name of an event."""

    def entry_at(self, position: int) -> Entry | None:
        """The entry at a log position; `None` where there is none."""

    def append(
        self, entries: Sequence[NewEntry], basis: Basis | None = None
    ) -> Sequence[int | None]:
        """Write all or nothing; the positions they got.

        Raises:
            VersionConflict: others were faster.
        """


class DryRunStore:
    """An archive that remembers what is appended and writes nothing: for a dry run.

    Attributes:
        appended: what would have been written, in its order.
    """

    def __init__(self, archive: EventStore) -> None:
        self._archive = archive
        self.appended: list[NewEntry] = []

    @property
    def identity(self) -> Identity:
        """Who acts, as the archive knows it."""
        return identity_of(self._archive)

    @property
    def only_asks(self) -> bool:
        """As the archive does."""
        return only_asks(self._archive)

    def streams(self) -> list[tuple[str, int]]:
        """What is stored; what would have been is read by name."""
        return self._archive.streams()

    def stream(
        self, case_id: str, upto: int | None = None, *, strict: bool = True
    ) -> list[tuple[int | None, bytes]]:
        """What is stored, and what would have been."""
        return self._archive.stream(case_id, upto, strict=strict) + [
            (None, new.entry)
            for new in self.appended
            if new.case_id == case_id and (upto is None or new.version <= upto)
        ]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        """What is stored, and what would have been."""
        return self._archive.of_type(case_id, type_, upto) + [
            (None, new.entry)
            for new in self.appended
            if (new.case_id, new.type) == (case_id, type_) and (upto is None or new.version <= upto)
        ]

    def entry_at(self, position: int) -> Entry | None:
        """What is stored; what is not written has no position."""
        return self._archive.entry_at(position)

    def append(
        self,
        entries: Sequence[NewEntry],
        basis: Basis | None = None,  # noqa: ARG002 - nothing changes while one looks
    ) -> Sequence[int | None]:
        """Remember the entries; there is no position for what is not written."""
        self.appended.extend(entries)
        return [None] * len(entries)


def only_asks(archive: EventStore) -> bool:
    """Whether an archive writes nothing, and is asked what its author would have to sign."""
    return bool(getattr(archive, "only_asks", False))


def identity_of(archive: EventStore) -> Identity:
    """Who acts, as an archive knows it; nobody in particular where it knows nothing."""
    known: Identity = getattr(archive, "identity", UNPROVEN)
    return known


class CommandResult(NamedTuple):
    """What one command led to.

    Attributes:
        envelope: with the key under which it is recorded.
        recorded: its events; those of the first time where the command was sent before.
        repeated: whether it was sent before.
        not_again: of one that was sent before and whose place another has taken since: why a rule
            forbids to record it once more.
    """

    envelope: CommandEnvelope
    recorded: tuple[RecordedEvent, ...]
    repeated: bool
    not_again: CommandRefused | None = None

    def in_words(self) -> Iterator[Text]:
        """A line for each of its events."""
        done = Text("此前已记录：", "recorded before: ") if self.repeated else _RECORDED
        for event in self.recorded:
            title, at = EVENTS[event.type], event.position
            zh = f"{event.case} 第 {event.version} 条 {title.zh}（{event.type}），日志位置 {at}"
            en = f"{event.case} v{event.version} {title.en} ({event.type}), log position {at}"
            yield Text(done.zh + zh, done.en + en)


_RECORDED: Final = Text("已记录：", "recorded: ")


class EnvelopeRefused(Mendable):
    """A command of a sequence that a rule forbids. Nothing of the sequence was written.

    It says what the refusal itself says.

    Attributes:
        index: its position in the sequence, from 0.
    """

    def __init__(self, index: int, envelope: CommandEnvelope, refused: CommandRefused) -> None:
        self.index, self.envelope, self.refused = index, envelope, refused
        super().__init__(
            *refused.text,
            rule=refused.rule,
            subject=refused.subject,
            field=refused.field,
            known=refused.known,
        )


class StreamRead(NamedTuple):
    """A stream as it was read.

    Attributes:
        entries: position and bytes, one for each version from 1.
        history: the events; what came there past the program and means nothing is left out.
    """

    entries: Sequence[StoredEntry]
    history: History


DECODED_MAX: Final = 64
"""Streams that are known by their bytes."""

_DECODED: Final[dict[StreamId, tuple[Sequence[StoredEntry], SetAside, History]]] = {}
"""The register and rubrics as they were last decoded. Every command rests on them and they seldom
change; they are read and verified every time, and known by their bytes, so nothing old is believed.
"""


class Reading:
    """Streams of an archive, each read and decoded once: what is looked at is what is decided on.

    An append based on what was read is refused if others appended first.
    """

    def __init__(self, archive: EventStore) -> None:
        self._archive = archive
        self._kept: dict[tuple[StreamId, bool], StreamRead] = {}

    def read(self, stream: StreamId, upto: int | None = None, *, strict: bool = True) -> StreamRead:
        """A stream, or its beginning.

        Args:
            stream: a case, a rubric or the register.
            upto: the last version to read; all where it is `None`.
            strict: whether bytes that may be of a newer program are refused; else they are left
                out.

        Raises:
            UnreadableEntry: one of them may be of a newer program.
        """
        kept = self._kept.get((stream, strict))
        if kept and upto is not None:
            history = History(event for event in kept.history if event.version <= upto)
            return StreamRead(kept.entries[:upto], history)
        if kept is None:
            entries = self._archive.stream(stream, upto, strict=strict)
            kept = self._decoded(stream, entries, strict=strict)
            if upto is None:
                self._kept[stream, strict] = kept
        return kept

    def _decoded(
        self, stream: StreamId, entries: Sequence[StoredEntry], *, strict: bool
    ) -> StreamRead:
        known = None if is_case(stream) else _DECODED.get(stream)
        if known and known[:2] == (entries, self._set_aside):
            return StreamRead(entries, known[2])
        history = History(events_of(stream, entries, self._set_aside, strict=strict))
        if strict and not is_case(stream):
            if len(_DECODED) >= DECODED_MAX:
                _DECODED.clear()
            _DECODED[stream] = entries, self._set_aside, history
        return StreamRead(entries, history)

    def held(self) -> dict[StreamId, Sequence[StoredEntry]]:
        """The streams that were read whole, in the order of their names."""
        return {stream: kept.entries for (stream, _), kept in sorted(self._kept.items())}

    def editions(self, rubric: str) -> Editions:
        """What was published of a rubric."""
        return fold_editions(self.read(rubric_stream(rubric)).history)

    def ends_of(self, stream: StreamId, *, whole: bool = True) -> Iterator[StreamEnd]:
        """The entries of a stream that are not events of it, and its last entry.

        Args:
            stream: exists.
            whole: whether the last entry is among them if it is an event.
        """
        entries, history = self.read(stream)
        last = len(entries) if whole else 0
        events = {event.version for event in history}
        for version, (_, entry) in enumerate(entries, 1):
            if version == last or version not in events:
                yield StreamEnd(stream=stream, version=version, leaf=leaf_hash(entry).hex())

    def leaf_of_fault(self, position: int, at: Instant) -> Sha256:
        """The leaf hash of an entry that the program cannot have recorded at its position.

        Args:
            position: its position in the log.
            at: the present moment; one that claims to be recorded later has at least a wrong time.

        Raises:
            CommandRefused: there is none, or it is sound.
        """
        found = self._archive.entry_at(position)
        if found is None:
            raise refusals.no_entry_there(position)
        entries = self._archive.stream(found.case_id, found.version, strict=False)
        if len(entries) == found.version:
            means_nothing = is_faulty(found.case_id, entries)
        else:
            means_nothing = is_faulty_behind_a_gap(found.case_id, found.entry, found.version)
        is_ahead = moment_of(found.entry).decode(errors="replace") > at
        if not is_ahead and not means_nothing:
            raise refusals.entry_means_something(position, found.case_id, found.version)
        return leaf_hash(found.entry).hex()

    def origin(self) -> Sha256:
        """What a ledger shares with its copies and with no other: its first entry's leaf hash.

        Raises:
            Invalid: there is no entry in the register yet.
        """
        entries = self.read(REGISTER, 1, strict=False).entries
        if not entries:
            raise Invalid(
                "账号登记簿中还没有任何账号。请先开设第一个账号，或导入原有记录。",
                "The account registry has no account yet. Open the first account, or import the"
                " existing records.",
                rule="no-accounts",
            )
        return leaf_hash(entries[0][1]).hex()

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Put what was appended after what was read of its streams."""
        for event in recorded:
            for strict in (True, False):
                if kept := self._kept.get((event.case, strict)):
                    self._kept[event.case, strict] = StreamRead(
                        [*kept.entries, (event.position, event.entry)],
                        kept.history.followed_by([event]),
                    )

    @cached_property
    def _set_aside(self) -> SetAside:
        return entries_set_aside(self._archive.of_type(REGISTER, EntrySetAside.__name__))


class Ledger:
    """All streams of one archive.

    Args:
        archive: where they are.
        once: whether each stream is read once only, as for one command or question; otherwise
            what others append is seen whenever one looks.
        reading: how it is read.
    """

    def __init__(
        self,
        archive: EventStore,
        *,
        once: bool = False,
        reading: Callable[[EventStore], Reading] = Reading,
    ) -> None:
        self._archive, self._reading_of = archive, reading
        self._kept = reading(archive) if once else None

    def initialise(  # noqa: PLR0913, PLR0917 - who, for whom and when
        self,
        administrator: AccountId,
        organisation: OrganisationId,
        dated: date,
        at: Instant,
        confirmed_dates: Sequence[date] = (),
        zone: TimeZoneName | None = None,
        *,
        practice: bool = False,
    ) -> list[RecordedEvent]:
        """Record the first account, which opens all others. For a new archive only.

        Args:
            administrator: its id.
            organisation: that it belongs to.
            dated: business date.
            at: the present moment.
            confirmed_dates: days that are right, although they look implausible.
            zone: the time zone of the ledger; Beijing's where it is not given.
            practice: whether nothing in it will be real; that cannot be changed later.

        Raises:
            CommandRefused: the date has to be confirmed and is not, or there is no such zone.
        """
        by = Actor(account=administrator, role="administrator", organisation=organisation)
        founding = IdempotencyKey(id="init", sha256=sha256(canonical(by)).hexdigest())
        events: list[tuple[IdempotencyKey, RegisterEvent]] = [
            (
                founding,
                AccountOpened(account=administrator, organisation=organisation, practice=practice),
            ),
            (founding, RoleGranted(account=administrator, role="administrator")),
        ]
        if zone is not None:
            events.append(_zoned(zone, administrator, dated))
        recorded: list[RecordedEvent] = []
        for version, (command, event) in enumerate(events, 1):
            days = confirmed_days(event, Chronology(), dated, at, confirmed_dates, CURRENT)
            recorded.append(
                _record(
                    REGISTER,
                    version,
                    link(recorded[-1] if recorded else None),
                    at=at,
                    dated=dated,
                    by=by,
                    command=command,
                    event=event,
                    confirmed=days,
                )
            )
        return self._append(recorded)

    # Reading -------------------------------------------------------------------------------------

    @property
    def reading(self) -> Reading:
        """What is read from now on; with what was read before, where the ledger reads once."""
        return self._kept or self._reading_of(self._archive)

    def history(self, stream: StreamId, upto: int | None = None) -> History:
        """The events of a stream, oldest first; empty for a stream that does not exist.

        What came there past the program and means nothing is left out (`ledger.stream_reading`).

        Args:
            stream: a case, a rubric or the register.
            upto: the last version to read; all where it is `None`.

        Raises:
            UnreadableEntry: one of them may be of a newer program.
        """
        return self.reading.read(stream, upto).history

    def streams(self) -> list[StreamId]:
        """The names of all streams: cases, rubrics and the register."""
        return [name for name, _ in self._archive.streams()]

    @property
    def identity(self) -> Identity:
        """Who acts, and how they sign."""
        return identity_of(self._archive)

    def register(self) -> AccountRegistry:
        """The accounts as they are now."""
        return fold_register(self.history(REGISTER))

    def zone(self) -> tzinfo:
        """The time zone of the ledger: its days date what is recorded.

        Raises:
            CommandRefused: this computer does not know it.
        """
        if not self._archive.of_type(REGISTER, TimeZoneSet.__name__):
            return BEIJING
        return zone_of(self.register().time_zone)

    @property
    def practice(self) -> bool:
        """Whether nothing in the ledger is real, as its first entry says."""
        opened = self._archive.of_type(REGISTER, AccountOpened.__name__, 1)
        with suppress(UnreadableEntry):  # reported by those who read the register
            return is_practice([decode(entry, position) for position, entry in opened])
        return False

    def editions(self, rubric: str) -> Editions:
        """What was published of a rubric."""
        return self.reading.editions(rubric)

    def notices(self, upto: int | None = None) -> Notices:
        """The notices of years, up to a version of the register; it is read only if there are any.

        Raises:
            UnreadableEntry: as `history` does.
        """
        if not self._archive.of_type(REGISTER, YearNoticeRecorded.__name__):
            return ()
        return notices_in(self.history(REGISTER, upto))

    def proofs(self, record: Sequence[RecordedEvent], upto: int | None = None) -> AuthorProofs:
        """The signatures of a stream; the register is read only if it has or needs any.

        Args:
            record: of the stream, as it is recorded.
            upto: as for `notices`.

        Raises:
            UnreadableEntry: as `history` does.
        """
        if is_proven(record) or self._archive.of_type(REGISTER, SignaturesDemanded.__name__):
            return AuthorProofs(record, self.history(REGISTER, upto))
        return NOTHING_SIGNED

    # Acting --------------------------------------------------------------------------------------

    def handle(self, envelopes: Sequence[CommandEnvelope], at: Instant) -> list[CommandResult]:
        """Record the commands of one stream, all or nothing, in one transaction.

        A command whose id was recorded before, with the same content, leads to its first result
        again. So does one without an id that repeats what was recorded and still holds. If another
        command has replaced it since, it is recorded once more; if a rule forbids that and every
        command of the sequence was recorded before, nothing is written and the result says why.

        Args:
            envelopes: of one stream, in order.
            at: when they are recorded.

        Raises:
            EnvelopeRefused: a rule forbids one of them, or it could not be read back once written.
            Invalid: a rubric file that is none.
            VersionConflict: somebody else was faster; nothing was written, try again.
        """
        outcomes, basis = self.work_out(envelopes, at)
        fresh = [
            event for outcome in outcomes if not outcome.repeated for event in outcome.recorded
        ]
        placed = iter(self._append(fresh, basis))
        return [
            outcome
            if outcome.repeated
            else outcome._replace(recorded=tuple(next(placed) for _ in outcome.recorded))
            for outcome in outcomes
        ]

    def work_out(
        self, envelopes: Sequence[CommandEnvelope], at: Instant, *, to_be_signed: bool = False
    ) -> tuple[list[CommandResult], Basis | None]:
        """The events of the commands, and what of the registry they rest on; writes nothing.

        A command whose author loses the role meanwhile would be recorded after that.

        Raises:
            EnvelopeRefused: a rule forbids one of them, or it could not be read back once written.
            Invalid: a rubric file that is none.
        """
        # What cannot be read in the register must not keep anybody from setting it aside.
        strict = not all(isinstance(envelope.command, SetEntryAside) for envelope in envelopes)
        reading = self.reading
        accounts = reading.read(REGISTER, strict=strict)
        register = fold_register(accounts.history)
        basis = Basis(REGISTER, len(accounts.entries))
        stream: _Stream | None = None
        outcomes = []
        identity = identity_of(self._archive)
        for index, envelope in enumerate(envelopes):
            try:
                if identity.account not in {None, envelope.by}:
                    raise refusals.not_ones_own(envelope.by, str(identity.account))
                name = stream_of(envelope)
                if stream is None:
                    read = reading.read(name, strict=strict)
                    stream = _Stream(name, read, register, reading, envelopes, identity=identity)
                    stream.to_be_signed = to_be_signed or only_asks(self._archive)
                elif stream.name != name:
                    raise refusals.one_stream(stream.name, name)
                outcomes.append(stream.take(envelope, at))
            except CommandRefused as refused:
                if stream is not None and stream.repetitions.all_known:
                    return stream.recorded_before(envelopes, index, refused), basis
                raise EnvelopeRefused(index, envelope, refused) from None
        if stream is not None and stream.name == REGISTER:
            basis = Basis(REGISTER, None)
        # A wrong recorded time is set aside before that time has come.
        return outcomes, basis if strict else None

    def statements(
        self, envelopes: Sequence[CommandEnvelope], at: Instant
    ) -> list[tuple[CommandResult, Statement | None]]:
        """What the author of commands is to sign; nothing is written.

        The events are worked out as they would be recorded. Where that changes until they are, the
        signatures are refused, and what is then to be signed is another text.

        Returns:
            The result that each would have, with its statement; `None` for what is recorded.

        Raises:
            EnvelopeRefused: as `handle` does.
        """
        outcomes, _ = self.work_out(envelopes, at, to_be_signed=True)
        origin = self.reading.origin()
        return [
            (done, None if done.repeated else statement_of(done.recorded, origin))
            for done in outcomes
        ]

    def _append(
        self, recorded: Sequence[RecordedEvent], basis: Basis | None = None
    ) -> list[RecordedEvent]:
        if not recorded:
            return []
        entries = [
            NewEntry(case_id=event.case, version=event.version, type=event.type, entry=event.entry)
            for event in recorded
        ]
        try:
            positions = self._archive.append(entries, basis)
        except (VersionConflict, RecordedBefore):  # what was read is behind what others recorded
            self._kept = self._kept and self._reading_of(self._archive)
            raise
        for event in recorded:
            LOGGER.info("%s is version %d of %s", event.type, event.version, event.case)
        placed = [
            replace(event, position=position)
            for event, position in zip(recorded, positions, strict=True)
        ]
        if self._kept:
            self._kept.note(placed)
        return placed


def _zoned(
    zone: TimeZoneName, administrator: AccountId, dated: date
) -> tuple[IdempotencyKey, TimeZoneSet]:
    """The key and the event of the command that sets the time zone of a new ledger.

    Raises:
        CommandRefused: there is no such zone.
    """
    if not is_known(zone):
        raise refusals.unknown_time_zone(zone)
    command = SetTimeZone(zone=zone)
    envelope = CommandEnvelope(
        case=None, by=administrator, dated=dated, id="init-time-zone", command=command
    )
    return IdempotencyKey(id="init-time-zone", sha256=content_digest(envelope)), TimeZoneSet(
        zone=zone
    )


def ledger_of(store: EventStore | Ledger) -> Ledger:
    """The ledger in a store; one that is given stays what it is, with what it has read."""
    return store if isinstance(store, Ledger) else Ledger(store)


class _Stream:
    """A stream while commands are worked out for it.

    Attributes:
        to_be_signed: whether that is to know what their author will sign.
    """

    def __init__(  # noqa: PLR0913 - what is known before the commands
        self,
        name: StreamId,
        read: StreamRead,
        register: AccountRegistry,
        reading: Reading,
        envelopes: Sequence[CommandEnvelope],
        *,
        identity: Identity,
    ) -> None:
        self.name = name
        self._identity = identity
        self.to_be_signed = False
        entries, history = read
        self._stored = len(entries)
        self.version = len(entries)
        self._link = leaf_hash(entries[-1][1]).hex() if entries else ""
        self._history = list(history)
        self.repetitions = Repetitions(history, envelopes)
        self._register = register
        self._reading = reading
        is_rubric = rubric_of(name) is not None
        # The register that was handed in has its history already.
        has_case = bool(history) and not is_rubric and name != REGISTER
        self._case = history.case if has_case else Case(id=name)
        self._is_shared = has_case
        self._unfolded: list[RecordedEvent] = []
        self._own_editions = fold_editions(history if is_rubric else ())
        self._chronology = Chronology(history)
        self._case_editions: Editions | None = None
        self._keys = {recorded.command.id for recorded in history}

    def take(self, envelope: CommandEnvelope, at: Instant) -> CommandResult:
        """Work out one command and remember its events.

        Raises:
            CommandRefused: a rule forbids it.
        """
        try:
            return self._take(envelope, at)
        except EntryTooLarge as error:
            raise refusals.too_large(error.text) from None
        except UnreadableEntry as error:
            raise refusals.unreadable(error.text) from None

    def recorded_before(
        self, envelopes: Sequence[CommandEnvelope], index: int, refused: CommandRefused
    ) -> list[CommandResult]:
        """The first results of commands all recorded before, one of which cannot be again."""
        keys = self.repetitions.keys_in_order(envelopes)
        return [
            CommandResult(
                replace(envelope, id=key),
                self._recorded_under(key),
                repeated=True,
                not_again=refused if number == index else None,
            )
            for number, (envelope, key) in enumerate(zip(envelopes, keys, strict=True))
        ]

    def _take(self, envelope: CommandEnvelope, at: Instant) -> CommandResult:
        if envelope.id is None:
            envelope = replace(envelope, id=self.repetitions.key(envelope))
        assert envelope.id  # noqa: S101 - given above
        key = IdempotencyKey(id=envelope.id, sha256=content_digest(envelope))
        if envelope.id in self._keys and (done := self._recorded_under(envelope.id)):
            if done[0].command != key:
                raise refusals.key_reused(envelope.id)
            return CommandResult(envelope, done, repeated=True)
        must_not_be_frozen(self._register)
        self._fold()
        by = authorise(envelope.command, self._case, self._register.account(envelope.by), CURRENT)
        self._check_seen(envelope, by)
        if isinstance(envelope.command, OpenCase) and envelope.command.last_year:
            check_cited(envelope.command.last_year, self._register.predecessor)
        fresh = []
        events = [self._standing(each) for each in self._decide(envelope, by, at)]
        if isinstance(envelope.command, AssignWork | RecuseAccount):
            named = self._register.account(envelope.command.account)
            check_named(envelope.command, self._case, by, named)
        confirmed_events = [(each, self._confirmed(each, envelope, at)) for each in events]
        signed = self._signature(envelope, key, confirmed_events, at)
        for event, confirmed in confirmed_events:
            recorded = _record(
                self.name,
                self.version + 1,
                self._link,
                at=at,
                dated=envelope.dated,
                by=by,
                command=key,
                event=event,
                seen=envelope.seen,
                through=self._identity.through,
                confirmed=confirmed,
                signed=signed,
            )
            self.version, self._link = recorded.version, link(recorded)
            self._history.append(recorded)
            self._chronology.note(recorded)
            self._unfolded.append(recorded)
            fresh.append(recorded)
        self._keys.add(envelope.id)
        self.repetitions.note(fresh)
        return CommandResult(envelope, tuple(fresh), repeated=False)

    def _recorded_under(self, key: CommandId) -> tuple[RecordedEvent, ...]:
        return tuple(recorded for recorded in self._history if recorded.command.id == key)

    def _statement(
        self,
        envelope: CommandEnvelope,
        key: IdempotencyKey,
        events: Sequence[tuple[Event, tuple[date, ...]]],
    ) -> Statement:
        """What the author of a command signs, once its events are known."""
        return Statement(
            self._reading.origin(),
            self.name,
            envelope.by,
            envelope.dated,
            key.id,
            envelope.seen,
            digest_before(events),
        )

    def _signature(
        self,
        envelope: CommandEnvelope,
        key: IdempotencyKey,
        events: Sequence[tuple[Event, tuple[date, ...]]],
        at: Instant,
    ) -> AuthorSignature | None:
        """The author's signature that came with a command, or is made now; it holds.

        Raises:
            CommandRefused: it does not hold, or there is none and there must be one.
        """
        if self.to_be_signed:
            return None
        if envelope.signed is not None or self._identity.sign is not None:
            statement = self._statement(envelope, key, events)
            signed = envelope.signed or cast("Sign", self._identity.sign)(statement.text())
            recorded = [event for event, _ in events]
            check(statement, signed, self._register.account(envelope.by), recorded, at)
            return signed
        if isinstance(envelope.command, EnrolKey):
            raise refusals.enrolment_unsigned(envelope.by)
        of_signers = isinstance(events[0][0], OF_SIGNERS)
        since = self._register.demand(self.name, of_signers=of_signers)
        zone = zone_of(self._register.time_zone)
        if since is not None and day_of_instant(at, zone) >= since:
            raise refusals.signature_missing(envelope.by, str(since))
        return None

    def _confirmed(self, event: Event, envelope: CommandEnvelope, at: Instant) -> tuple[date, ...]:
        """The days of an event that the author of a command had to confirm and did."""
        # A slow clock is reported where the entry is stored, not by a future date.
        at = max([at, *(last.at for last in self._history[-1:])])
        days, given = self._chronology, envelope.confirmed_dates
        return confirmed_days(event, days, envelope.dated, at, given, CURRENT)

    def _decide(self, envelope: CommandEnvelope, by: Actor, at: Instant) -> Sequence[Event]:
        command = envelope.command
        if isinstance(command, SetEntryAside):
            leaf = self._reading.leaf_of_fault(command.position, at)
            return decide_register(command, self._register, CURRENT, leaf)
        if isinstance(command, SetTimeZone) and not is_known(command.zone):
            raise refusals.unknown_time_zone(command.zone)
        if isinstance(command, RegisterCommand):
            return decide_register(command, self._register, CURRENT)
        if isinstance(command, PublishRubric | SupersedeRubric):
            return decide_rubric(command, self._own_editions, CURRENT)
        if isinstance(command, PinRubric):
            self._case_editions = self._reading.editions(command.rubric)
        if by.role == "unit":
            return self._decide_of_unit(command, by, envelope.dated)
        return self._decided(command, self._case, by, envelope.dated)

    def _decide_of_unit(self, command: CaseCommand, by: Actor, dated: date) -> Sequence[Event]:
        """Decide for a unit, which may not see all of the case: no refusal reveals the rest.

        What it sees is decided on first, and a refusal is that. What only the rest forbids is an
        id that is taken there: it is refused without a word of it, as is one that may be.
        """
        visible = visible_to({"unit"}, self._history)
        seen = self._case if len(visible) == len(self._history) else History(visible).case
        self._decided(command, seen, by, dated)
        if field := reserved(command, seen):
            raise refusals.unseen(field)
        try:
            return self._decided(command, self._case, by, dated)
        except CommandRefused as refused:
            raise refusals.unseen(refused.field) from None

    def _decided(
        self, command: CaseCommand, case: Case, by: Actor, dated: date
    ) -> Sequence[CaseEvent]:
        from ledger.decide import decide  # noqa: PLC0415 - reading decides nothing

        # What else asks for a last day does not refuse by it.
        asks = isinstance(command, ExtendDeadline)
        notices = notices_in(self._reading.read(REGISTER).history) if asks else ()
        editions = self._editions()
        return decide(command, case, by, editions, CURRENT, dated=dated, notices=notices)

    def _editions(self) -> Editions:
        """Of the rubric that the case has pinned; none before it has."""
        if self._case_editions is None and self._case.pinned:
            self._case_editions = self._reading.editions(self._case.pinned.rubric)
        return self._case_editions or Editions()

    def _check_seen(self, envelope: CommandEnvelope, by: Actor) -> None:
        """Refuse a command whose subject has moved on; what is handed in with it does not count.

        Nor does what its author cannot see.

        Raises:
            CommandRefused: something about it was recorded since, or they have seen what is not
                there yet.
        """
        if envelope.seen is None:
            return
        if envelope.seen > self._stored:
            raise refusals.seen_ahead(self.name, envelope.seen, self._stored)
        later = visible_after(by.role, self._history[: self._stored], envelope.seen)
        if since := recorded_since(envelope.command, later, self._case, self._editions()):
            raise refusals.moved_on([_in_short(recorded) for recorded in since])

    def _standing(self, event: Event) -> Event:
        """The event; of a dossier, with its program and the streams of the case."""
        if not isinstance(event, DossierIssued):
            return event
        rubrics = map(rubric_stream, pinned_rubrics(self._history))
        streams = [end for name in {REGISTER, *rubrics} for end in self._reading.ends_of(name)]
        streams += self._reading.ends_of(self.name, whole=False)
        return replace(event, program=VERSION, streams=tuple(sorted(streams, key=_by_name)))

    def _fold(self) -> None:
        """Fold what the commands before have led to; of a command that comes alone, nothing."""
        if self._unfolded and self._is_shared:
            self._case, self._is_shared = copied(self._case), False
        for recorded in self._unfolded:
            self._evolve(recorded)
        self._unfolded.clear()

    def _evolve(self, recorded: RecordedEvent) -> None:
        event = recorded.event
        if self.name == REGISTER:
            evolve_register(self._register, cast("RegisterEvent", event))
        elif rubric_of(self.name) is not None:
            evolve_editions(self._own_editions, cast("RubricEvent", event))
        else:
            evolve(self._case, recorded.version, recorded.by, cast("CaseEvent", event))


def _by_name(end: StreamEnd) -> tuple[StreamId, int]:
    return end.stream, end.version


def _in_short(recorded: RecordedEvent) -> Text:
    """What was recorded, by whom and of which day."""
    name, by, version = EVENTS[recorded.type], recorded.by.account, recorded.version
    return Text(
        f"第 {version} 条{name.zh}（{by}，{recorded.dated}）",
        f"event {version}, {name.en} ({by}, {recorded.dated})",
    )


def stream_of(envelope: CommandEnvelope) -> StreamId:
    """The stream that a command concerns.

    Raises:
        CommandRefused: a case command without a case.
        Invalid: a rubric file that is none.
    """
    match envelope.command:
        case PublishRubric(source=source):
            return rubric_stream(parsed(source).id)
        case SupersedeRubric(rubric=rubric):
            return rubric_stream(rubric)
        case command if isinstance(command, RegisterCommand):
            return REGISTER
        case _ if envelope.case:
            return envelope.case
        case _:
            raise refusals.no_case_named()


def continuation(archive: EventStore, recorded: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
    """The entries of an export that an archive does not have yet, one after the other.

    Only the hashes of what went by are kept.

    Args:
        archive: where they are to go. It is not to change meanwhile.
        recorded: entries of any streams; those of one stream in version order.

    Raises:
        CommandRefused: an entry differs from the one that is there (`other-history`), or does not
            follow the last one (`gap`). Nothing may be written then.
    """
    known: dict[StreamId, list[bytes]] = {}
    for new in recorded:
        if new.case not in known:
            known[new.case] = [leaf_hash(entry) for _, entry in archive.stream(new.case)]
        hashes = known[new.case]
        own = leaf_hash(new.entry)
        if new.version <= len(hashes):
            if hashes[new.version - 1] != own:
                raise refusals.other_history(new.case, new.version)
            continue
        last = hashes[-1].hex() if hashes else ""
        if new.version != len(hashes) + 1 or new.prev != last:
            raise refusals.gap(new.case, new.version, len(hashes))
        hashes.append(own)
        yield new


def _record(  # noqa: PLR0913 - the parts of an envelope
    stream: StreamId,
    version: int,
    prev: str,
    *,
    at: Instant,
    dated: date,
    by: Actor,
    command: IdempotencyKey,
    event: Event,
    seen: int | None = None,
    through: Through | None = None,
    confirmed: tuple[date, ...] = (),
    signed: AuthorSignature | None = None,
) -> RecordedEvent:
    return encoded(
        RecordedEvent(
            case=stream,
            version=version,
            at=at,
            dated=dated,
            by=by,
            command=command,
            prev=prev,
            event=event,
            seen=seen,
            rules=CURRENT,
            through=through,
            confirmed=confirmed,
            signed=signed,
        )
    )


_OF_CASES: Final = frozenset(get_args(CaseCommand))


def content_digest(envelope: CommandEnvelope) -> str:
    """What distinguishes a repeated command from another one under the same id."""
    is_of_case = type(envelope.command) in _OF_CASES
    content = {
        "by": envelope.by,
        "case": envelope.case if is_of_case else None,  # what is not a case's belongs to none
        "command": envelope.command,
        "dated": envelope.dated,
    }
    try:
        return sha256(canonical(content)).hexdigest()
    except UnicodeEncodeError as error:
        sign = ascii(error.object[error.start : error.end])
        raise UnreadableEntry(f"含有无效字符 {sign}", f"invalid characters {sign}") from None
