"""The record, command by command: what the rules would have refused.

Every recorded command is asked again, as the command that it must have come from, of the case at
that time. Rights come from `authority.py`, rules and arithmetic from `decide`. A forged history
shows where they say no, and where they make another event of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Final, NamedTuple, cast

import msgspec

from ledger import refusals
from ledger.account_registry import Account, RegisterOverTime
from ledger.authority import authorise, check_named
from ledger.case import Case, evolve
from ledger.cited_outcome import check_cited
from ledger.commands import AssignWork, CaseCommand, OpenCase, RecuseAccount
from ledger.decide import decide
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import CaseEvent, CitedOutcome, DossierIssued, Event
from ledger.language import Text
from ledger.recorded_command import RecordedCommand, RecordedStream
from ledger.refusals import MOVED_ON, CommandRefused
from ledger.rule_editions import RuleEdition
from ledger.sight import visible_after
from ledger.subjects import recorded_since
from ledger.values import Instant, Invalid, Stage, explained

DIFFERS: Final = "differs"
MALFORMED: Final = "malformed"


class RuleViolation(NamedTuple):
    """A command that the rules would not have let pass.

    Attributes:
        rule: name of the rule that refuses it, `malformed`, or `differs` where the same command
            would have made something else.
        stage: of the case before the command.
        moves: whether it moved a score.
    """

    recorded: RecordedEvent
    rule: str
    text: Text
    stage: Stage
    moves: bool


def irregularities(
    record: Sequence[RecordedEvent],
    editions: Editions,
    rules: RuleEdition | None = None,
    register: RegisterOverTime | None = None,
) -> Iterator[RuleViolation]:
    """Every command of a record that its rules would not have let pass, in order.

    Args:
        record: every event of a case.
        editions: of the rubric that it pins.
        rules: the edition to judge all of them by; `None` for that which each was recorded under.
        register: what is known of the interests of accounts at every log position; `None`
            where nothing is, as in a dossier.
    """
    case = Case()
    before: list[RecordedEvent] = []
    for group in RecordedStream.of(record).commands:
        first, stage = group[0], case.stage
        found = list(_refusals(group, case, editions, rules or first.rules, register))
        found += _unseen(group, before, case, editions)
        before += group
        scores = _scores(case) if found else ()
        for recorded in group:
            case.id = recorded.case
            evolve(case, recorded.version, recorded.by, cast("CaseEvent", recorded.event))
        for rule, text in found:
            yield RuleViolation(first, rule, text, stage, scores != _scores(case))


def _unseen(
    group: RecordedCommand,
    before: Sequence[RecordedEvent],
    case: Case,
    editions: Editions,
) -> Iterator[tuple[str, Text]]:
    """What was recorded about the subject of a command after its author had looked, but before it.

    What was recorded at the same instant was handed in together with it.
    """
    first = group[0]
    if first.seen is None or not _is_behind(first.seen, first.at, before):
        return
    behind = visible_after(first.by.role, before, first.seen)
    later = [recorded for recorded in behind if recorded.at < first.at]
    with suppress(msgspec.ValidationError):  # no command leads to it, which is reported already
        if since := recorded_since(group.command, later, case, editions):
            versions = ", ".join(f"v{recorded.version}" for recorded in since)
            yield (
                MOVED_ON,
                Text(
                    f"作者看到 v{first.seen}，其后同一事由已有 {versions}",
                    f"its author had seen v{first.seen}; {versions} about the same subject were"
                    " recorded before it",
                ),
            )


def _is_behind(seen: int, at: Instant, before: Sequence[RecordedEvent]) -> bool:
    """Whether anything was recorded after a version by an instant, visible or not."""
    after = takewhile(lambda recorded: recorded.version > seen, reversed(before))
    return any(recorded.at < at for recorded in after)


def _scores(case: Case) -> tuple[object, ...]:
    return (
        dict(case.claims),
        case.awarded,
        tuple(case.excluded),
        dict(case.bonus),
        dict(case.penalties),
    )


def _refusals(
    group: RecordedCommand,
    case: Case,
    editions: Editions,
    rules: RuleEdition,
    register: RegisterOverTime | None,
) -> Iterator[tuple[str, Text]]:
    """What the rules say to the events of one command, at this point of the case."""
    first, events = group[0], group.events
    try:
        command = group.command
    except msgspec.ValidationError as error:
        yield MALFORMED, explained(error)
        return
    by = first.by
    try:
        authorise(command, case, _author(first, register), rules)
        if register is not None:
            _check_by_register(command, case, first, register)
    except CommandRefused as refused:
        yield refused.rule, refused.text
    try:
        notices = register.notices(first.position) if register is not None else ()
        made = decide(command, case, by, editions, rules, dated=first.dated, notices=notices)
    except CommandRefused as refused:
        yield refused.rule, refused.text
    except (KeyError, Invalid) as error:
        yield (
            MALFORMED,
            Text(f"缺少所依据的内容：{error}", f"what it is based on is missing: {error}"),
        )
    else:
        decided = list(map(_decided, events))
        if made != decided:
            yield DIFFERS, _difference(made, decided)
    if any(recorded.by != by for recorded in group):
        yield (
            DIFFERS,
            Text(
                "一次操作的事件由不同账号办理",
                "the events of one command are by different accounts",
            ),
        )


def _check_by_register(
    command: CaseCommand, case: Case, first: RecordedEvent, register: RegisterOverTime
) -> None:
    """Check what a command says of accounts and of the ledger before.

    Raises:
        CommandRefused: the register knows otherwise.
    """
    match command:
        case AssignWork() | RecuseAccount():
            named = register.account(command.account, first.position)
            if named is None:
                raise refusals.unknown_account(command.account)
            check_named(command, case, first.by, named)
        case OpenCase(last_year=CitedOutcome() as cited):
            check_cited(cited, register.predecessor(first.position))
        case _:
            pass


def _author(first: RecordedEvent, register: RegisterOverTime | None) -> Account:
    """The author of a command in the role of its entry, with the interests that are known."""
    by = first.by
    account = Account(id=by.account, organisation=by.organisation, roles={by.role})
    known = register.account(by.account, first.position) if register is not None else None
    if known is not None:
        account.conflicts, account.linked = known.conflicts, known.linked
    return account


def _decided(event: Event) -> Event:
    """The event without what the ledger adds to the result of the rules for a command."""
    if isinstance(event, DossierIssued):
        return msgspec.structs.replace(event, program="", streams=())
    return event


def _difference(made: Sequence[Event], events: Sequence[Event]) -> Text:
    """The fields in which the recorded events are not those that the rules make."""
    if [type(event) for event in made] != [type(event) for event in events]:
        names, others = ([type(event).__name__ for event in some] for some in (events, made))
        return Text(
            f"记录的是 {'、'.join(names)}，按规则应为 {'、'.join(others)}",
            f"recorded: {', '.join(names)}; by the rules: {', '.join(others)}",
        )
    fields = [
        f"{name} {getattr(event, name)} ≠ {getattr(expected, name)}"
        for expected, event in zip(made, events, strict=True)
        for name in event.__struct_fields__
        if getattr(expected, name) != getattr(event, name)
    ]
    return Text(
        f"与按规则算出的不同：{'；'.join(fields)}",
        f"not what the rules give: {'; '.join(fields)}",
    )
