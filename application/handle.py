"""Handle (办理): one command of an account, from words and numbers to what is recorded."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import ValidationError

from application.clock import Clock
from application.completing import completed, pinned_rubric
from application.confirmed import NOTHING, Confirmed
from application.recording import record
from application.whole_key import with_whole_key
from ledger.case import Case
from ledger.commands import CommandEnvelope
from ledger.envelope import is_case
from ledger.field_errors import field_errors
from ledger.ledger import CommandResult, EnvelopeRefused, EventStore, Ledger, ledger_of
from ledger.personal_numbers import ask_about_personal_numbers
from ledger.refusals import NO_CASE
from ledger.store import OutcomeUnknown
from ledger.stored_struct import decode_validated, validating_type
from ledger.terms import ACCOUNT, BUSINESS_DATE, CASE_ID, FIELDS, VERSION
from ledger.values import AccountId, Invalid, explained


def handle(  # noqa: PLR0913 - who, when, what, and under which name
    store: EventStore | Ledger,
    clock: Clock,
    account: AccountId,
    fields: Mapping[str, object],
    *,
    key: str,
    case: str | None = None,
    dated: date | None = None,
    seen: int | None = None,
    confirmed: Confirmed = NOTHING,
) -> CommandResult:
    """Record one command of an account.

    Args:
        store: where it is recorded; a ledger that reads once, where the account has looked at it.
        clock: when.
        account: who acts.
        fields: the command as files write it, with its name in `do`; `None` is left out. What the
            case knows may be left out or called otherwise (`application.completing`).
        key: idempotency key: under the same one, the same content leads to its first result again.
        case: which case it concerns; `None` for the register and for rubrics.
        dated: business date; the clock's day where it is not given.
        seen: the version of the stream that the account had looked at, where it states one.
        confirmed: what is meant so, although it looks like a slip.

    Raises:
        Invalid: it contains the number of a person, which is not confirmed; or the fields are not
            those of the command, or what it leaves out or names is not in the case. Nothing was
            written.
        EnvelopeRefused: a rule forbids it, or its subject has moved on since `seen`; nothing was
            written.
        VersionConflict: somebody else was faster; nothing was written.
        OutcomeUnknown: it may have been recorded or not; the same key may be sent again.
    """
    commands = {key: fields}
    (done,) = handle_all(
        store, clock, account, commands, case=case, dated=dated, seen=seen, confirmed=confirmed
    )
    return done


def handle_all(  # noqa: PLR0913 - the same
    store: EventStore | Ledger,
    clock: Clock,
    account: AccountId,
    commands: Mapping[str, Mapping[str, object]],
    *,
    case: str | None = None,
    dated: date | None = None,
    seen: int | None = None,
    confirmed: Confirmed = NOTHING,
) -> list[CommandResult]:
    """Record several commands of an account in one stream, all or nothing.

    Args:
        store: see `handle`, as for the others.
        clock: when.
        account: who acts.
        commands: the fields of each command under its key, in their order.
        case: which case they concern.
        dated: business date of all of them.
        seen: the version of the stream that the account had looked at.
        confirmed: what is meant so in all of them.

    Raises:
        Invalid: as `handle` does; so for the others.
        EnvelopeRefused: says which of them is refused.
        VersionConflict: somebody else was faster.
        OutcomeUnknown: they may have been recorded or not.
    """
    moment, ledger = clock(), ledger_of(store)
    envelopes = []
    for key, fields in commands.items():
        whole = _completed(ledger, case, fields)
        given = {
            "case": case,
            "by": account,
            "dated": dated or moment.date(),
            "id": key,
            "seen": seen,
            "confirmed_dates": confirmed.dates,
            "command": {name: value for name, value in whole.items() if value is not None},
        }
        try:
            envelope: CommandEnvelope = decode_validated(given, CommandEnvelope)
        except ValidationError as error:
            raise _told(given, error) from None
        if not confirmed.personal_numbers:
            ask_about_personal_numbers(envelope.command)
        envelopes.append(envelope)
    try:
        return record(ledger, clock, envelopes)
    except EnvelopeRefused as refused:
        if refused.rule == NO_CASE:
            refused.known = tuple(filter(is_case, ledger.streams()))
        raise
    except OutcomeUnknown as error:  # only here is it known under which id to repeat it
        raise OutcomeUnknown(error.place, error.reason, envelopes[0].id) from error


def under(key: str, commands: Sequence[Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    """Commands by their idempotency keys: that of the first, by which the others have theirs."""
    keys = [key, *(f"{key}.{number}" for number in range(2, len(commands) + 1))]
    return dict(zip(keys, commands, strict=True))


def _completed(
    ledger: Ledger, case: str | None, fields: Mapping[str, object]
) -> Mapping[str, object]:
    """The fields with what the case and the rubric that it has pinned know, or the register."""
    if case is None:
        return with_whole_key(ledger.register, fields)

    def current() -> Case:
        return ledger.history(case).case

    return completed(current, fields, lambda: pinned_rubric(current(), ledger.editions))


def _told(given: Mapping[str, object], error: ValidationError) -> Invalid:
    """What is wrong with a command, after the title of the field that it is wrong with."""
    faults = field_errors(dict(given), validating_type(CommandEnvelope))
    if not faults:
        return Invalid(*explained(error))
    path, text = faults[0]
    name = next((key for key in reversed(path) if isinstance(key, str)), "")
    title = FIELDS.get(name) or _ENVELOPE.get(name)
    if title is None:
        return Invalid(*text, field=name)
    return Invalid(f"{title.zh}：{text.zh}", f"{title.en}: {text.en}", field=name)


_ENVELOPE: Final = {"case": CASE_ID, "by": ACCOUNT, "dated": BUSINESS_DATE, "seen": VERSION}
"""What is asked for around every command, by its title."""
