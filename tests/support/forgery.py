"""A refused act recorded past the program: what a replay then finds.

Whoever may write into the database asks no rule. So every refusal that a test brings about is also
forged: the event that the command would have led to is appended below the program, in order but
for that, and everything that `verify` asks of a stream is asked of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from msgspec import UNSET
from msgspec.structs import replace

from ledger.account_registry import RegisterOverTime
from ledger.authority import MAY
from ledger.case import pinned_rubrics
from ledger.checks.every_stream import NOT_REGISTERED, violations
from ledger.codec import EVENTS, EntryTooLarge, UnreadableEntry, encoded
from ledger.commands import (
    AnswerObjection,
    Command,
    CommandEnvelope,
    CorrectResult,
    DecideAppeal,
    LodgeAppeal,
    OpenAccount,
    PublishRubric,
    RepinRubric,
    SetEntryAside,
    kebab,
)
from ledger.editions import Editions, parsed
from ledger.envelope import REGISTER, Actor, IdempotencyKey, RecordedEvent
from ledger.events import (
    AppealDecided,
    AppealLodged,
    EntrySetAside,
    Event,
    FigureRestated,
    RoleGranted,
)
from ledger.ledger import EventStore, Ledger, content_digest, stream_of
from ledger.log.tree import leaf_hash
from ledger.recorded_command import COMMAND_OF
from ledger.rubric import digest
from ledger.rule_editions import CURRENT
from ledger.store import NewEntry
from ledger.values import Instant, Invalid
from tests.support.golden_files import sample

UNREADABLE: Final = "unreadable"
"""What `verify` says of bytes that are no entry."""

OF_REGISTER_AND_RUBRICS: Final = {
    "open-account": "AccountOpened",
    "grant-role": "RoleGranted",
    "revoke-role": "RoleRevoked",
    "set-time-zone": "TimeZoneSet",
    "enrol-key": "AccountKeyEnrolled",
    "countersign-key": "AccountKeyCountersigned",
    "retire-key": "AccountKeyRetired",
    "demand-signatures": "SignaturesDemanded",
    "declare-conflict": "ConflictDeclared",
    "end-conflict": "ConflictEnded",
    "link-accounts": "AccountsLinked",
    "record-ranking": "RankingRecorded",
    "record-year-notice": "YearNoticeRecorded",
    "freeze-ledger": "LedgerFrozen",
    "name-predecessor": "PredecessorNamed",
    "carry-account": "AccountCarriedOver",
    "take-checkpoint": "CheckpointTaken",
    "merge-entries": "EntriesMerged",
    "set-entry-aside": "EntrySetAside",
    "publish-rubric": "RubricPublished",
    "supersede-rubric": "RubricSuperseded",
}
EVENT_OF: Final[Mapping[str, str]] = {
    **{command: event for event, command in COMMAND_OF.items()},
    **OF_REGISTER_AND_RUBRICS,
}
"""By the name of a command, the first event that it makes."""

FOUND_AS: Final[Mapping[str, set[str]]] = {
    # The register is asked about the past, and it does not know the account or the role.
    "unknown-account": {"unknown-account", NOT_REGISTERED},
    "role": {"role", NOT_REGISTERED},
}
"""Rules whose breach a replay may find under another name."""


def found_in_a_forgery(archive: EventStore, act: CommandEnvelope, at: Instant) -> set[str]:
    """The rules under which a replay finds an act that was recorded without asking any.

    Args:
        archive: what was recorded before. The forged entries are added to it.
        act: what was refused.
        at: when it is recorded.
    """
    stream = stream_of(act)
    entries = archive.stream(stream)
    ledger = Ledger(archive)
    prev = leaf_hash(entries[-1][1]).hex() if entries else ""
    try:
        events = would_be_events(act.command, ledger.history(stream))
        for version, event in enumerate(events, len(entries) + 1):
            forged = encoded(
                RecordedEvent(
                    case=stream,
                    version=version,
                    at=at,
                    dated=act.dated,
                    by=_author(ledger, act),
                    command=IdempotencyKey(id=cast("str", act.id), sha256=content_digest(act)),
                    prev=prev,
                    event=event,
                    rules=CURRENT,
                )
            )
            archive.append([NewEntry(stream, version, forged.type, forged.entry)])
            prev = leaf_hash(forged.entry).hex()
    except (UnreadableEntry, EntryTooLarge, Invalid):  # no entry can say it
        return {UNREADABLE}
    record = ledger.history(stream)
    rubrics = pinned_rubrics(record)
    editions = ledger.editions(rubrics[-1]) if rubrics else Editions()
    register = RegisterOverTime(ledger.history(REGISTER))
    return {
        one.rule
        for one in violations(stream, record, register, editions)
        if one.recorded.command.id == act.id
    }


def would_be_events(  # noqa: PLR0911 - a line for each that differs
    command: Command, before: Sequence[RecordedEvent]
) -> Sequence[Event]:
    """The events that a command asks for, as somebody forges them who asks no rule.

    What the rules would work out is anything: whoever forges it may put there what they like.
    """
    kind = EVENTS[EVENT_OF[kebab(type(command).__name__)]]
    asked: dict[str, Any] = {
        name: getattr(command, name) for name in kind.__struct_fields__ if hasattr(command, name)
    }
    event = replace(sample(kind.__name__).event, **asked)
    match command:
        case OpenAccount():
            return [
                event,
                *(RoleGranted(account=command.account, role=role) for role in command.roles),
            ]
        case RepinRubric():
            return [replace(event, rubric=one) for one in pinned_rubrics(before)[-1:]] or [event]
        case PublishRubric(source=source):
            rubric = parsed(source)
            made = {"rubric": rubric.id, "edition": rubric.edition}
            return [replace(event, **made, sha256=digest(source.encode()))]
        case SetEntryAside():  # the entry that was set aside before, if there was one
            aside = (one.event for one in before if isinstance(one.event, EntrySetAside))
            return [next((one for one in aside if one.position == command.position), event)]
        case LodgeAppeal():
            (contest,) = cast("AppealLodged", event).contests
            contests = tuple(replace(contest, indicator=one) for one in command.indicators)
            return [replace(event, contests=contests)]
        case DecideAppeal():
            (ruling,) = cast("AppealDecided", event).rulings
            rulings = tuple(
                replace(ruling, indicator=one.indicator, award=one.award) for one in command.awards
            )
            return [*_restated(command), replace(event, rulings=rulings)]
        case CorrectResult():
            return [*_restated(command), event]
        case AnswerObjection() if command.award is not None:
            fields = ("award", "justification", "clause", "ground", "evidence")
            given = {name: getattr(command, name) for name in fields}
            return [event, replace(sample("ScoreAdjusted").event, **given)]
        case _:
            return [event]


def _restated(command: CorrectResult | DecideAppeal) -> list[Event]:
    """Figures that a decision rests on, as its author calls them."""
    if command.figures is UNSET:
        return []
    restated = cast("FigureRestated", sample("FigureRestated").event)
    return [
        replace(
            restated,
            figure=replace(restated.figure, id=new.figure, value=new.value, target=None),
            reason=command.justification,
        )
        for new in command.figures
    ]


def _author(ledger: Ledger, act: CommandEnvelope) -> Actor:
    """The account in a role that may ask for it, or in one that it has."""
    allowed = MAY[type(act.command)]
    known = ledger.register().accounts.get(act.by)
    if known is None:
        return Actor(account=act.by, role=allowed[0], organisation="nowhere")
    fitting = [role for role in allowed if role in known.roles] or sorted(known.roles)
    role = fitting[0] if fitting else allowed[0]
    return Actor(account=act.by, role=role, organisation=known.organisation)
