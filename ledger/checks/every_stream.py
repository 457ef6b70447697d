"""Every command of a stream that the program could not have recorded, in one place.

`verify` asks it of a ledger, `dossier verify` of what a dossier encloses, and `import` of entries
that are to be merged. `rule_compliance.py` asks for the commands of a case again; here the same is
done for the register of accounts and for rubrics, the register is asked who acted, as it was at
that log position, and the keys of commands are compared with what was asked for.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import product
from typing import Any, Final, NamedTuple, assert_never, cast

import msgspec

from ledger import refusals
from ledger.account_registry import (
    Account,
    AccountRegistry,
    RegisterOverTime,
    decide_register,
    evolve_register,
)
from ledger.author_proofs import faults_in
from ledger.authority import authorise
from ledger.case import Case
from ledger.checks.rule_compliance import DIFFERS, MALFORMED, irregularities
from ledger.chronology import Chronology, confirmed_days
from ledger.codec import canonical
from ledger.commands import (
    CarryAccount,
    Command,
    CommandEnvelope,
    CountersignKey,
    DeclareConflict,
    DemandSignatures,
    EndConflict,
    EnrolKey,
    FreezeLedger,
    GrantRole,
    LinkAccounts,
    MergeEntries,
    NamePredecessor,
    OpenAccount,
    PublishRubric,
    RecordRanking,
    RecordYearNotice,
    RegisterCommand,
    RetireKey,
    RevokeRole,
    SetEntryAside,
    SetTimeZone,
    SupersedeRubric,
    TakeCheckpoint,
)
from ledger.editions import Editions, decide_rubric, evolve_editions, parsed
from ledger.envelope import (
    REGISTER,
    RecordedEvent,
    StreamId,
    is_case,
    rubric_stream,
)
from ledger.events import (
    AccountCarriedOver,
    AccountKeyCountersigned,
    AccountKeyEnrolled,
    AccountKeyRetired,
    AccountOpened,
    AccountsLinked,
    CheckpointTaken,
    ConflictDeclared,
    ConflictEnded,
    EntriesMerged,
    EntrySetAside,
    Event,
    LedgerFrozen,
    PredecessorNamed,
    RankingRecorded,
    RegisterEvent,
    RoleGranted,
    RoleRevoked,
    RubricEvent,
    RubricPublished,
    RubricSuperseded,
    SignaturesDemanded,
    TimeZoneSet,
    YearNoticeRecorded,
)
from ledger.every_command import command_of
from ledger.language import Text
from ledger.ledger import content_digest
from ledger.recorded_command import RecordedCommand, RecordedStream
from ledger.refusals import CommandRefused
from ledger.rubric_parts import joined
from ledger.values import PLACES_MAX, Invalid

FOUNDING: Final = "founding"
NOT_REGISTERED: Final = "not-registered"
COMMAND_ID: Final = "command-id"
THROUGH: Final = "through"
DIGEST: Final = "digest"

RULE_OF_FAULT: Final = {
    "unsigned": "unsigned",
    "signature": "author-signature",
    "key": "author-key",
}
"""The rules that a signature breaks, by what is wrong with it."""

NEVER_THROUGH: Final = frozenset({"file", "signature"})
"""Ways of proving an account that the form of an entry foresees and no program writes: a signature
is there itself."""

Broken = tuple[str, Text]
"""The name of a rule and how it is broken."""


class Violation(NamedTuple):
    """A recorded command that the program could not have recorded."""

    recorded: RecordedEvent
    rule: str
    text: Text


def violations(
    stream: StreamId,
    record: Sequence[RecordedEvent],
    register: RegisterOverTime,
    editions: Editions,
) -> Iterator[Violation]:
    """Every command of a stream that the program could not have recorded.

    Args:
        stream: the register, a rubric or a case.
        record: all of it.
        register: who could act, at every log position.
        editions: of the rubric that it pins, where it is a case.
    """
    record = RecordedStream.of(record)
    if stream == REGISTER:
        yield from of_register(record)
    elif not is_case(stream):
        yield from of_rubric(record, register)
    else:
        yield from of_strangers(record, register)
        for violation in irregularities(record, editions, register=register):
            yield Violation(violation.recorded, violation.rule, violation.text)
    yield from of_keys(record, register)
    yield from of_dates(record)
    yield from of_frozen(record, register)


def of_frozen(record: Sequence[RecordedEvent], register: RegisterOverTime) -> Iterator[Violation]:
    """Every event that comes behind the freeze of the ledger, wherever it is.

    Those of the register its rules have found already.
    """
    for recorded in record:
        year = register.frozen_before(recorded)
        if year is not None and recorded.case != REGISTER:
            refused = refusals.ledger_frozen(year)
            yield Violation(recorded, refused.rule, refused.text)


# The register ------------------------------------------------------------------------------------


def of_register(record: Sequence[RecordedEvent]) -> Iterator[Violation]:
    """Every command of the register that its rules would not have let pass, in order."""
    register = AccountRegistry()
    for group in RecordedStream.of(record).commands:
        found = _founded(group) if group[0].version == 1 else _registered(group, register)
        for rule, text in found:
            yield Violation(group[0], rule, text)
        for recorded in group:
            evolve_register(register, cast("RegisterEvent", recorded.event))


def _founded(group: RecordedCommand) -> Iterator[Broken]:
    """The first account is an administrator's, opened and given its role by itself."""
    by, first = group[0].by, group[0].event
    practice = isinstance(first, AccountOpened) and first.practice
    made = [
        AccountOpened(account=by.account, organisation=by.organisation, practice=practice),
        RoleGranted(account=by.account, role="administrator"),
    ]
    if group.events != made or by.role != "administrator":
        yield (
            FOUNDING,
            Text(
                "记录库的第一个账号应是管理员，由它自己开设并授予角色",
                "the first account of a ledger must be an administrator that opened itself and"
                " granted itself the role",
            ),
        )


def _registered(group: RecordedCommand, register: AccountRegistry) -> Iterator[Broken]:
    events = group.events
    command = _register_command(events)
    yield from _asked(command, group[0], register.accounts.get(group[0].by.account))
    try:
        # Whether it names an entry that means nothing, only the whole log shows.
        leaf = events[0].leaf if isinstance(events[0], EntrySetAside) else None
        made: Sequence[Event] = decide_register(command, register, group[0].rules, leaf)
    except CommandRefused as refused:
        yield refused.rule, refused.text
    else:
        yield from _same(made, events)


def _register_command(events: Sequence[Event]) -> RegisterCommand:  # noqa: C901, PLR0911, PLR0912 - one branch per kind of event
    event = cast("RegisterEvent", events[0])
    match event:
        case RoleGranted():
            return command_of(GrantRole, event)
        case RoleRevoked():
            return command_of(RevokeRole, event)
        case TimeZoneSet():
            return command_of(SetTimeZone, event)
        case AccountKeyEnrolled():
            return command_of(EnrolKey, event)
        case AccountKeyCountersigned():
            return command_of(CountersignKey, event)
        case AccountKeyRetired():
            return command_of(RetireKey, event)
        case SignaturesDemanded():
            return command_of(DemandSignatures, event)
        case ConflictDeclared():
            return command_of(DeclareConflict, event)
        case ConflictEnded():
            return command_of(EndConflict, event)
        case AccountsLinked():
            return command_of(LinkAccounts, event)
        case RankingRecorded():
            return command_of(RecordRanking, event)
        case YearNoticeRecorded():
            return command_of(RecordYearNotice, event)
        case LedgerFrozen():
            return command_of(FreezeLedger, event)
        case PredecessorNamed():
            return command_of(NamePredecessor, event)
        case AccountCarriedOver():
            return command_of(CarryAccount, event)
        case CheckpointTaken():
            return command_of(TakeCheckpoint, event)
        case EntriesMerged():
            return command_of(MergeEntries, event)
        case EntrySetAside():
            return command_of(SetEntryAside, event)
        case AccountOpened():
            roles = tuple(
                granted.role for granted in events[1:] if isinstance(granted, RoleGranted)
            )
            return command_of(OpenAccount, event, roles=roles)
        case _:
            assert_never(event)


# Rubrics -----------------------------------------------------------------------------------------


def of_rubric(record: Sequence[RecordedEvent], register: RegisterOverTime) -> Iterator[Violation]:
    """Every command on a rubric that its rules would not have let pass, in order."""
    editions = Editions()
    for group in RecordedStream.of(record).commands:
        for rule, text in _published(group, editions, register):
            yield Violation(group[0], rule, text)
        for recorded in group:
            evolve_editions(editions, cast("RubricEvent", recorded.event))


def _published(
    group: RecordedCommand, editions: Editions, register: RegisterOverTime
) -> Iterator[Broken]:
    first, events = group[0], joined(group.events)
    try:
        command, stream = _rubric_command(events[0])
    except Invalid as error:
        yield MALFORMED, error.text
        return
    if stream != first.case:
        yield (
            DIFFERS,
            Text(
                f"它属于 {stream}，不属于 {first.case}",
                f"it belongs to {stream}, not to {first.case}",
            ),
        )
    yield from _asked(command, first, register.account(first.by.account, first.position))
    try:
        made: Sequence[Event] = joined(decide_rubric(command, editions, first.rules))
    except CommandRefused as refused:
        yield refused.rule, refused.text
    else:
        yield from _same(made, events)


def _rubric_command(event: Event) -> tuple[PublishRubric | SupersedeRubric, str]:
    """The command that an event must have come from, and the stream that it belongs to.

    Raises:
        Invalid: what was published is not a rubric.
    """
    if isinstance(event, RubricPublished):
        command = command_of(PublishRubric, event)
        return command, rubric_stream(parsed(event.source).id)
    assert isinstance(event, RubricSuperseded)  # noqa: S101 - the codec lets no other in
    return command_of(SupersedeRubric, event), rubric_stream(event.rubric)


# Who acted ---------------------------------------------------------------------------------------


def of_strangers(
    record: Sequence[RecordedEvent], register: RegisterOverTime
) -> Iterator[Violation]:
    """Every event whose author does not agree with the account registry at that time."""
    for recorded in record:
        if wrong := wrong_author(
            recorded, register.account(recorded.by.account, recorded.position)
        ):
            yield Violation(recorded, NOT_REGISTERED, wrong)


def wrong_author(one: RecordedEvent, account: Account | None) -> Text | None:
    """What does not fit between the author of an event and their account, as it then was."""
    by = one.by
    if account is None:
        zh, en = "账号不存在", "there is no such account"
    elif account.organisation != by.organisation:
        zh, en = f"账号属于 {account.organisation}", f"it belongs to {account.organisation}"
    elif by.role not in account.roles:
        zh, en = "当时没有这个角色", "it did not have that role then"
    else:
        return None
    return Text(
        f"由 {by.account}（{by.role}，{by.organisation}）办理，与账号登记簿不符：{zh}",
        f"is by {by.account} ({by.role}, {by.organisation}), which disagrees with the account"
        f" registry: {en}",
    )


def _asked(command: Command, first: RecordedEvent, account: Account | None) -> Iterator[Broken]:
    """What is wrong with who asked for a command that is about no case."""
    if wrong := wrong_author(first, account):
        yield NOT_REGISTERED, wrong
    by = first.by
    claimed = Account(id=by.account, organisation=by.organisation, roles={by.role})
    if account is not None:
        claimed.linked = account.linked
    try:
        authorise(command, Case(), claimed, first.rules)
    except CommandRefused as refused:
        yield refused.rule, refused.text


def _same(made: Sequence[Event], events: Sequence[Event]) -> Iterator[Broken]:
    if list(made) != list(events):
        yield (
            DIFFERS,
            Text(
                "与按规则算出的不同", "it differs from the result of the rules for the same command"
            ),
        )


# Dates -------------------------------------------------------------------------------------------


def of_dates(record: Sequence[RecordedEvent]) -> Iterator[Violation]:
    """Every command with an unconfirmed date that needed it, or the other way round."""
    chronology = Chronology()
    for group in RecordedStream.of(record).commands:
        for recorded in group:
            try:
                asked = confirmed_days(
                    recorded.event,
                    chronology,
                    recorded.dated,
                    recorded.at,
                    recorded.confirmed,
                    recorded.rules,
                )
            except CommandRefused as refused:
                yield Violation(recorded, refused.rule, refused.text)
            else:
                if asked != recorded.confirmed:
                    yield Violation(
                        recorded,
                        DIFFERS,
                        Text(
                            "确认了无须确认的日期",
                            "it confirms a date that needed none",
                        ),
                    )
        for recorded in group:
            chronology.note(recorded)


# Keys --------------------------------------------------------------------------------------------


def of_keys(record: Sequence[RecordedEvent], register: RegisterOverTime) -> Iterator[Violation]:
    """Every command whose id is another's or does not fit, or whose signature does not hold."""
    used: set[str] = set()
    faults = faults_in(record, register)
    for group in RecordedStream.of(record).commands:
        first = group[0]
        if first.command.id in used:
            yield Violation(
                first,
                COMMAND_ID,
                Text(
                    f"编号 {first.command.id} 此前已用于其他操作",
                    f"the id {first.command.id} was used by an earlier command",
                ),
            )
        used.add(first.command.id)
        yield from _never_written(group)
        if fault := faults.get(first.version):
            yield Violation(first, RULE_OF_FAULT[fault.kind], fault.text)
        asked = first.command, first.by, first.dated
        if any((event.command, event.by, event.dated) != asked for event in group[1:]):
            yield Violation(
                first,
                COMMAND_ID,
                Text(
                    "一次操作的事件编号、摘要、办理人、日期不一致",
                    "the events of one command differ in id, digest, author or date",
                ),
            )
        elif not _is_digest_of(group):
            yield Violation(
                first,
                DIGEST,
                Text(
                    "命令摘要（sha256）与所记内容不符",
                    "the digest of the command does not match what is recorded",
                ),
            )


def _never_written(group: RecordedCommand) -> Iterator[Violation]:
    for recorded in group:
        if recorded.through in NEVER_THROUGH:
            yield Violation(
                recorded,
                THROUGH,
                Text(
                    f"写明办理人由 {recorded.through} 证明，本程序不写入此项",
                    f"states that its author was proven through {recorded.through}, which this"
                    " program never writes",
                ),
            )


def _is_digest_of(group: RecordedCommand) -> bool:
    first = group[0]
    if first.case == REGISTER and first.version == 1:
        return first.command.sha256 == sha256(canonical(first.by)).hexdigest()
    try:
        command = _command(group)
    except (msgspec.ValidationError, Invalid):
        return True  # no command leads to it, which is reported already
    # Mostly it is recorded as it was written.
    return first.command.sha256 == _digest(first, command) or any(
        first.command.sha256 == _digest(first, writing) for writing in _writings(command)
    )


def _digest(first: RecordedEvent, command: Command) -> str:
    return content_digest(
        CommandEnvelope(
            case=first.case if is_case(first.case) else None,
            by=first.by.account,
            dated=first.dated,
            id=first.command.id,
            command=command,
        )
    )


def digest_of(events: Sequence[RecordedEvent]) -> str:
    """The digest that the command of some events would have, written as they are recorded.

    Raises:
        ValidationError: no command could have led to them.
        Invalid: what was published is not a rubric.
    """
    return _digest(events[0], _command(RecordedCommand(events)))


def _command(group: RecordedCommand) -> Command:
    if is_case(group[0].case):
        return group.command
    events = group.events
    return _register_command(events) if group[0].case == REGISTER else _rubric_command(events[0])[0]


def _writings(command: Any) -> Iterator[Any]:  # noqa: ANN401 - a command, or a part of one
    """A command as it may have been written: what is recorded has the decimals of the rubric."""
    names = command.__struct_fields__
    for values in product(*(_forms(getattr(command, name)) for name in names)):
        yield msgspec.structs.replace(command, **dict(zip(names, values, strict=True)))


def _forms(value: object) -> Sequence[object]:
    if isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        fewest = max(0, -exponent) if isinstance(exponent, int) else 0
        places = [-int(value.as_tuple().exponent), *range(fewest, PLACES_MAX + 1)]
        return [value.quantize(Decimal(1).scaleb(-each)) for each in dict.fromkeys(places)]
    if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        return list(product(*(list(_writings(each)) for each in value)))
    return (value,)
