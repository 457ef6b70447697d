"""Everything that can be asked for. A command is a wish; `decide` turns it into events or refuses.

In files and on the command line a command is named by `do`, in kebab case: `adjust-score`.
Who asks, when and under which key stands around it, in `CommandEnvelope`.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, get_args

from msgspec import Meta, Struct

from ledger.events import AppealOutcome, Enclosure, MergedStream, ObjectionOutcome, Role
from ledger.values import (
    AccountId,
    CaseId,
    CommandId,
    Edition,
    Evidence,
    Figure,
    FigureId,
    IndicatorId,
    ItemId,
    OrganisationId,
    RubricId,
    Sha256,
    Words,
)


def kebab(name: str) -> str:
    """`AdjustScore` as `adjust-score`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _Command(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do", tag=kebab
):
    """What all commands share: a name in `do`, and nothing unknown in them."""


# The register of accounts ------------------------------------------------------------------------


class OpenAccount(_Command, frozen=True):
    """Open an account for an organisation, with its first roles."""

    account: AccountId
    organisation: OrganisationId
    roles: tuple[Role, ...] = ()


class GrantRole(_Command, frozen=True):
    """Let an account act in a role."""

    account: AccountId
    role: Role


class RevokeRole(_Command, frozen=True):
    """Take a role from an account."""

    account: AccountId
    role: Role
    reason: Words


class MergeEntries(_Command, frozen=True):
    """Make entries that were recorded elsewhere a part of the ledger; an import asks for it."""

    sha256: Sha256
    streams: tuple[MergedStream, ...]


# The rubrics -------------------------------------------------------------------------------------


class PublishRubric(_Command, frozen=True):
    """Publish an edition: the TOML file as it stands."""

    source: str


class SupersedeRubric(_Command, frozen=True):
    """Say that a newer edition takes the place of an older one."""

    rubric: RubricId
    edition: Edition
    by_edition: Edition
    reason: Words


# Opening -----------------------------------------------------------------------------------------


class OpenCase(_Command, frozen=True):
    """Begin a case: one unit, one year."""

    title: Words
    year: Annotated[int, Meta(ge=1949, le=2200)]
    unit: OrganisationId
    unit_name: Words
    bureau: OrganisationId
    bureau_name: Words
    notice: str = ""


class PinRubric(_Command, frozen=True):
    """Score the case by this edition."""

    rubric: RubricId
    edition: Edition


class RepinRubric(_Command, frozen=True):
    """Score the case again by a corrected edition of its rubric."""

    edition: Edition
    reason: Words
    number: str = ""


class CommissionReview(_Command, frozen=True):
    """Name the agency that reviews."""

    agency: OrganisationId
    agency_name: Words
    number: str = ""


# Self-evaluation ---------------------------------------------------------------------------------


class SubmitFigure(_Command, frozen=True):
    """Report one datum."""

    figure: Figure


class WithdrawFigure(_Command, frozen=True):
    """Take a datum back before submission."""

    figure: FigureId
    reason: Words


class FileEvidence(_Command, frozen=True):
    """Make a file citable by its SHA-256."""

    evidence: Evidence


class ClaimScore(_Command, frozen=True):
    """Claim a score for an indicator."""

    indicator: IndicatorId
    score: Decimal
    justification: str = ""
    evidence: tuple[Sha256, ...] = ()


class ClaimBonus(_Command, frozen=True):
    """Claim a bonus item."""

    item: ItemId
    title: Words
    points: Decimal
    issuer: str = ""
    number: str = ""
    evidence: tuple[Sha256, ...] = ()


class SubmitSelfEvaluation(_Command, frozen=True):
    """Stand by the figures and claims, with the totals as the report prints them."""

    number: str = ""
    printed_base: Decimal | None = None
    printed_bonus: Decimal | None = None
    printed_total: Decimal | None = None
    printed_grade: str = ""


class ReturnSubmission(_Command, frozen=True):
    """Send the self-evaluation back to be corrected."""

    reason: Words


# Review ------------------------------------------------------------------------------------------


class RestateFigure(_Command, frozen=True):
    """Record the reviewer's own value beside the submitted one."""

    figure: Figure
    reason: Words


class RestateClaim(_Command, frozen=True):
    """Record the self column as the review prints it."""

    indicator: IndicatorId
    score: Decimal
    reason: Words


class ConfirmScore(_Command, frozen=True):
    """Award what was claimed."""

    indicator: IndicatorId
    justification: str = ""
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class AdjustScore(_Command, frozen=True):
    """Award another score than the standing one, and say why."""

    indicator: IndicatorId
    award: Decimal
    justification: str = ""
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class ExcludeIndicator(_Command, frozen=True):
    """Say that a row does not apply to the unit."""

    indicator: IndicatorId
    justification: Words
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class CountersignAdjustment(_Command, frozen=True):
    """Sign the standing award of an indicator as a second person."""

    indicator: IndicatorId
    note: str = ""


class WithdrawAdjustment(_Command, frozen=True):
    """Take the standing award of an indicator back."""

    indicator: IndicatorId
    reason: Words


class RecogniseBonus(_Command, frozen=True):
    """Let a bonus item count."""

    item: ItemId
    points: Decimal
    justification: Words
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()


class RefuseBonus(_Command, frozen=True):
    """Let a bonus item count nothing."""

    item: ItemId
    justification: Words
    clause: str = ""


class RecordPenalty(_Command, frozen=True):
    """Take points away for an item."""

    item: ItemId
    title: Words
    points: Decimal
    justification: Words
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()


class RaiseFinding(_Command, frozen=True):
    """Record what the review found."""

    finding: ItemId
    title: Words
    statement: Words
    indicators: tuple[IndicatorId, ...] = ()


class MakeRecommendation(_Command, frozen=True):
    """Record what the review proposes."""

    recommendation: ItemId
    title: Words
    statement: Words
    findings: tuple[ItemId, ...] = ()


# Consultation ------------------------------------------------------------------------------------


class SendDraft(_Command, frozen=True):
    """Send the draft to the unit for comment."""

    number: str = ""
    respond_by: date | None = None


class RaiseObjection(_Command, frozen=True):
    """Contest a row of the draft."""

    objection: ItemId
    indicator: IndicatorId
    statement: Words
    requested: Decimal | None = None
    evidence: tuple[Sha256, ...] = ()


class AnswerObjection(_Command, frozen=True):
    """Answer an objection; one that is accepted brings the new award."""

    objection: ItemId
    outcome: ObjectionOutcome
    justification: Words
    award: Decimal | None = None
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


# Result ------------------------------------------------------------------------------------------


class IssueResult(_Command, frozen=True):
    """Issue the score, with the totals as the document prints them."""

    printed_total: Decimal
    printed_grade: str = ""
    number: str = ""
    difference: str = ""


class RecordReceipt(_Command, frozen=True):
    """Record the day on which the unit received the result."""

    received: date


class CorrectResult(_Command, frozen=True):
    """Correct an issued award by a numbered document."""

    number: Words
    indicator: IndicatorId
    award: Decimal
    justification: Words
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()


class PublishResult(_Command, frozen=True):
    """Record where the result was made public."""

    place: Words


# Appeal ------------------------------------------------------------------------------------------


class LodgeAppeal(_Command, frozen=True):
    """Contest issued awards."""

    appeal: ItemId
    indicators: Annotated[tuple[IndicatorId, ...], Meta(min_length=1)]
    statement: Words
    number: str = ""
    evidence: tuple[Sha256, ...] = ()


class WithdrawAppeal(_Command, frozen=True):
    """Take an appeal back."""

    appeal: ItemId
    reason: Words


class NewAward(Struct, frozen=True, forbid_unknown_fields=True):
    """A row and the award that a decision gives it."""

    indicator: IndicatorId
    award: Decimal


class DecideAppeal(_Command, frozen=True):
    """Decide an appeal, with new awards where it is upheld."""

    appeal: ItemId
    outcome: AppealOutcome
    justification: Words
    awards: tuple[NewAward, ...] = ()
    number: str = ""
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()


# Rectification -----------------------------------------------------------------------------------


class RequestRectification(_Command, frozen=True):
    """Ask the unit to put findings right."""

    request: ItemId
    findings: Annotated[tuple[ItemId, ...], Meta(min_length=1)]
    demand: Words
    number: str = ""
    due: date | None = None


class RespondRectification(_Command, frozen=True):
    """Say what was done."""

    request: ItemId
    statement: Words
    evidence: tuple[Sha256, ...] = ()


class ReturnRectification(_Command, frozen=True):
    """Find a response insufficient."""

    request: ItemId
    reason: Words


class AcceptRectification(_Command, frozen=True):
    """Accept a response."""

    request: ItemId
    note: str = ""


class ExtendDeadline(_Command, frozen=True):
    """Give a request more time."""

    request: ItemId
    due: date
    reason: Words


# Evidence ----------------------------------------------------------------------------------------


class EraseEvidence(_Command, frozen=True):
    """Erase the bytes of a file on a legal ground."""

    sha256: Sha256
    ground: Words


# End ---------------------------------------------------------------------------------------------


class CloseCase(_Command, frozen=True):
    """Close the case."""

    reason: str = ""


class RequestReopening(_Command, frozen=True):
    """Ask for a closed case to be opened again."""

    reason: Words


class ReopenCase(_Command, frozen=True):
    """Agree to a reopening as a second person."""

    note: str = ""


class IssueDossier(_Command, frozen=True):
    """Record that a dossier is issued, with the digests of what it encloses."""

    enclosures: tuple[Enclosure, ...]
    indicator: IndicatorId | None = None
    purpose: str = ""


RegisterCommand = OpenAccount | GrantRole | RevokeRole | MergeEntries
RubricCommand = PublishRubric | SupersedeRubric
CaseCommand = (
    OpenCase
    | PinRubric
    | RepinRubric
    | CommissionReview
    | SubmitFigure
    | WithdrawFigure
    | FileEvidence
    | ClaimScore
    | ClaimBonus
    | SubmitSelfEvaluation
    | ReturnSubmission
    | RestateFigure
    | RestateClaim
    | ConfirmScore
    | AdjustScore
    | ExcludeIndicator
    | CountersignAdjustment
    | WithdrawAdjustment
    | RecogniseBonus
    | RefuseBonus
    | RecordPenalty
    | RaiseFinding
    | MakeRecommendation
    | SendDraft
    | RaiseObjection
    | AnswerObjection
    | IssueResult
    | RecordReceipt
    | CorrectResult
    | PublishResult
    | LodgeAppeal
    | WithdrawAppeal
    | DecideAppeal
    | RequestRectification
    | RespondRectification
    | ReturnRectification
    | AcceptRectification
    | ExtendDeadline
    | EraseEvidence
    | CloseCase
    | RequestReopening
    | ReopenCase
    | IssueDossier
)
Command = RegisterCommand | RubricCommand | CaseCommand
COMMANDS: Final = {kebab(command.__name__): command for command in get_args(Command)}


class CommandEnvelope(Struct, frozen=True, kw_only=True):
    """A command with who asks for it, its business date and its key.

    Attributes:
        case: the case that it concerns; `None` for the register and for rubrics.
        by: the account that acts.
        dated: the business date, from the document.
        id: idempotency key; the same act may be sent again and again under it, and is recorded
            once. Without one the key is made of the content (`ledger.repetition`).
        seen: the last version of the stream that its author had looked at; `None` where unsaid.
            What was recorded since about the act's subject refuses it.
    """

    case: CaseId | None
    by: AccountId
    dated: date
    id: CommandId | None
    command: Command
    seen: Annotated[int, Meta(ge=1)] | None = None
