"""Everything that can be asked for. A command is a wish; `decide` turns it into events or refuses.

In files and on the command line a command is named by `do`, in kebab case: `adjust-score`.
Who asks, when and under which key is in `CommandEnvelope`.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, get_args

from msgspec import UNSET, Meta, Struct, UnsetType

from ledger.envelope import AuthorSignature
from ledger.events import (
    AppealOutcome,
    Appraisal,
    CarriedKey,
    CitedOutcome,
    Column,
    DestructionOutcome,
    DocumentForm,
    Enclosure,
    MergedStream,
    ObjectionOutcome,
    RetentionTerm,
    Role,
    StatementKind,
)
from ledger.values import (
    YEARS,
    AccountId,
    Base64,
    CaseId,
    Citation,
    CommandId,
    Count,
    DocumentId,
    Edition,
    Evidence,
    Figure,
    FigureId,
    IndicatorId,
    Invalid,
    ItemId,
    LastDayRule,
    Months,
    OrganisationId,
    RubricId,
    Scheme,
    Sha256,
    TimeZoneName,
    Words,
)


def kebab(name: str) -> str:
    """`AdjustScore` as `adjust-score`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _Command(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do", tag=kebab
):
    """What all commands share: a name in `do`, and nothing unknown in them.

    What may be left out of an event is unset here, and not empty: the key and the digest of a
    command are made of its content.

    Attributes:
        transcriber_note: see `ledger.events`; likewise the next one.
    """

    transcriber_note: Words | UnsetType = UNSET
    undocumented: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.undocumented is False:
            error = Invalid(
                "undocumented 只能为 true；有文件依据的，请删去这一项",
                "undocumented can only be true; where a document records it, leave it out",
            )
            error.field = "undocumented"
            raise error


class _CaseCommand(_Command, frozen=True, kw_only=True):
    """What commands about a case share."""

    cites: Annotated[tuple[Citation, ...], Meta(min_length=1)] | UnsetType = UNSET


# The register of accounts ------------------------------------------------------------------------


class OpenAccount(_Command, frozen=True):
    """Open an account for an organisation, with its first roles."""

    account: AccountId
    organisation: OrganisationId
    roles: tuple[Role, ...] = ()


class GrantRole(_Command, frozen=True):
    """Grant a role to an account."""

    account: AccountId
    role: Role


class RevokeRole(_Command, frozen=True):
    """Revoke a role of an account."""

    account: AccountId
    role: Role
    reason: Words


class SetTimeZone(_Command, frozen=True):
    """Set the time zone of the ledger, before anybody can record anything in it."""

    zone: TimeZoneName


class EnrolKey(_Command, frozen=True):
    """Enrol a key that the account alone holds; signed with that key."""

    account: AccountId
    scheme: Scheme
    public: Base64


class CountersignKey(_Command, frozen=True):
    """Confirm whose key it is, after having asked them elsewhere than here."""

    account: AccountId
    fingerprint: Sha256


class RetireKey(_Command, frozen=True):
    """Let a key sign nothing from now on: lost, stolen or replaced."""

    account: AccountId
    fingerprint: Sha256
    reason: Words


class DemandSignatures(_Command, frozen=True):
    """Demand the author's signature on what is recorded from a day on, in a case or everywhere."""

    since: date
    only: CaseId | None = None


class DeclareConflict(_Command, frozen=True):
    """Declare that an account, one's own or another, has an interest in a unit."""

    account: AccountId
    unit: OrganisationId
    reason: Words


class EndConflict(_Command, frozen=True):
    """Record that an account has no interest in a unit any more."""

    account: AccountId
    unit: OrganisationId
    reason: Words


class LinkAccounts(_Command, frozen=True):
    """Record that two accounts are of one person."""

    account: AccountId
    also: AccountId
    reason: Words


class RecordRanking(_Command, frozen=True):
    """Record the ranking of a year's final scores by its root; the list stays outside."""

    year: Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])]
    cases: Annotated[int, Meta(ge=1)]
    entries: Count
    root: Sha256
    replaces: Sha256 | None = None
    reason: Words | None = None


class RecordYearNotice(_Command, frozen=True):
    """Record the notice of a year with its last days, or one that amends it."""

    bureau: OrganisationId
    year: Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])]
    number: Words
    sha256: Sha256
    rubric: RubricId | None = None
    amends: Words | None = None
    submission_due: LastDayRule | None = None
    draft_due: LastDayRule | None = None
    objection_due: LastDayRule | None = None
    result_due: LastDayRule | None = None
    receipt_due: LastDayRule | None = None
    publication_due: LastDayRule | None = None
    rectification_due: LastDayRule | None = None


class FreezeLedger(_Command, frozen=True):
    """Freeze the ledger of a year: this is its last entry."""

    year: Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])]
    reason: Words | None = None


class NamePredecessor(_Command, frozen=True):
    """Name the frozen ledger of the year before that this one goes on from."""

    year: Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])]
    origin: Words
    size: Count
    root: Sha256
    vkey: Words


class CarryAccount(_Command, frozen=True):
    """Carry an account over from the ledger before, with its roles and keys."""

    account: AccountId
    organisation: OrganisationId
    position: Count
    roles: tuple[Role, ...]
    keys: tuple[CarriedKey, ...] = ()
    conflicts: tuple[OrganisationId, ...] = ()
    linked: tuple[AccountId, ...] = ()


class TakeCheckpoint(_Command, frozen=True):
    """Take up the checkpoint of another log, once its signature and growth are verified."""

    checkpoint: str


class MergeEntries(_Command, frozen=True):
    """Merge entries recorded elsewhere into the ledger; done by an import."""

    sha256: Sha256
    streams: tuple[MergedStream, ...]


class SetEntryAside(_Command, frozen=True):
    """Set aside an entry that was not written by the program."""

    position: Count
    reason: Words


# The rubrics -------------------------------------------------------------------------------------


class PublishRubric(_Command, frozen=True):
    """Publish an edition of a rubric: the TOML file, unchanged."""

    source: str


class SupersedeRubric(_Command, frozen=True):
    """Supersede an edition by a newer one."""

    rubric: RubricId
    edition: Edition
    by_edition: Edition
    reason: Words


# Opening -----------------------------------------------------------------------------------------


class OpenCase(_CaseCommand, frozen=True):
    """Open a case: one unit, one year."""

    title: Words
    year: Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])]
    unit: OrganisationId
    unit_name: Words
    bureau: OrganisationId
    bureau_name: Words
    notice: str = ""
    last_year: CitedOutcome | UnsetType = UNSET


class PinRubric(_CaseCommand, frozen=True):
    """Pin the edition that the case is scored by."""

    rubric: RubricId
    edition: Edition


class RepinRubric(_CaseCommand, frozen=True):
    """Score the case by another edition of its rubric."""

    edition: Edition
    reason: Words
    number: str = ""


class CommissionReview(_CaseCommand, frozen=True):
    """Commission the reviewing agency."""

    agency: OrganisationId
    agency_name: Words
    number: str = ""


class AssignWork(_CaseCommand, frozen=True):
    """Assign the review of the case, or of some of its rows, to an account of the agency."""

    account: AccountId
    reason: Words
    indicators: tuple[IndicatorId, ...] = ()


class RecuseAccount(_CaseCommand, frozen=True):
    """Recuse an account from the case, one's own or another."""

    account: AccountId
    reason: Words


# Documents and statements ------------------------------------------------------------------------


class RegisterDocument(_CaseCommand, frozen=True):
    """Register a source document for citation."""

    document: DocumentId
    title: Words
    sha256: Sha256
    form: DocumentForm
    parts: Annotated[tuple[Words, ...], Meta(min_length=1)]
    number: str = ""
    printed_date: date | None = None


class ListUnit(_CaseCommand, frozen=True):
    """List a unit or sub-unit that figures may cover."""

    member: ItemId
    name: Words
    within: ItemId | None = None


class DefineScope(_CaseCommand, frozen=True):
    """Define a scope for figures by the units that it covers."""

    scope: Words
    members: Annotated[tuple[ItemId, ...], Meta(min_length=1)]


class MakeStatement(_CaseCommand, frozen=True):
    """Record a statement of a party that is not about the score of a row."""

    item: ItemId
    kind: StatementKind
    statement: Words
    indicators: tuple[IndicatorId, ...] = ()
    findings: tuple[ItemId, ...] = ()


class PrintSubtotal(_CaseCommand, frozen=True):
    """Record a subtotal or total printed in a document."""

    item: ItemId
    label: Words
    column: Column
    path: tuple[Words, ...] = ()
    printed_weight: Decimal | None = None
    printed_score: Decimal | None = None
    printed_rate: Decimal | None = None


class PublishMaterial(_CaseCommand, frozen=True):
    """Record where material of the case was disclosed."""

    title: Words
    place: Words
    document: DocumentId | None = None
    sha256: Sha256 | None = None


# Self-evaluation ---------------------------------------------------------------------------------


class SubmitFigure(_CaseCommand, frozen=True):
    """Submit a figure."""

    figure: Figure


class WithdrawFigure(_CaseCommand, frozen=True):
    """Withdraw a figure before submission."""

    figure: FigureId
    reason: Words


class FileEvidence(_CaseCommand, frozen=True):
    """File evidence, to be cited by its SHA-256."""

    evidence: Evidence


class ClaimScore(_CaseCommand, frozen=True):
    """Claim a score for an indicator."""

    indicator: IndicatorId
    score: Decimal
    justification: str = ""
    evidence: tuple[Sha256, ...] = ()


class ClaimBonus(_CaseCommand, frozen=True):
    """Claim a bonus item."""

    item: ItemId
    title: Words
    points: Decimal
    issuer: str = ""
    number: str = ""
    evidence: tuple[Sha256, ...] = ()
    recipient: Words | UnsetType = UNSET
    commended: date | UnsetType = UNSET


class SubmitSelfEvaluation(_CaseCommand, frozen=True):
    """Submit the self-evaluation with the totals printed in the report."""

    number: str = ""
    printed_base: Decimal | None = None
    printed_bonus: Decimal | None = None
    printed_total: Decimal | None = None
    printed_grade: str = ""


class ReturnSubmission(_CaseCommand, frozen=True):
    """Return the self-evaluation to the unit for correction."""

    reason: Words


# Review ------------------------------------------------------------------------------------------


class RestateFigure(_CaseCommand, frozen=True):
    """Record the reviewer's figure next to the submitted one."""

    figure: Figure
    reason: Words


class ConfirmFigure(_CaseCommand, frozen=True):
    """Confirm that the review prints a figure as submitted."""

    figure: FigureId


class RestateClaim(_CaseCommand, frozen=True):
    """Record a claimed score as printed in the review table."""

    indicator: IndicatorId
    score: Decimal
    reason: Words


class ConfirmScore(_CaseCommand, frozen=True):
    """Confirm the claimed score."""

    indicator: IndicatorId
    justification: str = ""
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class AdjustScore(_CaseCommand, frozen=True):
    """Award a score different from the current one, with a justification."""

    indicator: IndicatorId
    award: Decimal
    justification: str = ""
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class ExcludeIndicator(_CaseCommand, frozen=True):
    """Mark an indicator as not applicable."""

    indicator: IndicatorId
    justification: Words
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class CountersignAdjustment(_CaseCommand, frozen=True):
    """Countersign the current award of an indicator from a second account."""

    indicator: IndicatorId
    note: str = ""


class AmendReason(_CaseCommand, frozen=True):
    """Amend the reason, clause, ground or evidence of a current award; no score moves.

    Attributes:
        indicator: an indicator, or a bonus or penalty item that was decided.
    """

    indicator: IndicatorId
    reason: Words
    number: str = ""
    justification: str = ""
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class WithdrawAdjustment(_CaseCommand, frozen=True):
    """Withdraw the current award of an indicator."""

    indicator: IndicatorId
    reason: Words


class RecogniseBonus(_CaseCommand, frozen=True):
    """Recognise a bonus item."""

    item: ItemId
    points: Decimal
    justification: Words
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()


class RefuseBonus(_CaseCommand, frozen=True):
    """Disallow a bonus item."""

    item: ItemId
    justification: Words
    clause: str = ""


class RecordPenalty(_CaseCommand, frozen=True):
    """Record a penalty."""

    item: ItemId
    title: Words
    points: Decimal
    justification: Words
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()


class RaiseFinding(_CaseCommand, frozen=True):
    """Raise a finding."""

    finding: ItemId
    title: Words
    statement: Words
    indicators: tuple[IndicatorId, ...] = ()


class MakeRecommendation(_CaseCommand, frozen=True):
    """Make a recommendation."""

    recommendation: ItemId
    title: Words
    statement: Words
    findings: tuple[ItemId, ...] = ()


# Consultation ------------------------------------------------------------------------------------


class SendDraft(_CaseCommand, frozen=True):
    """Send the draft to the unit for comment."""

    number: str = ""
    respond_by: date | None = None


class RaiseObjection(_CaseCommand, frozen=True):
    """Object to an indicator or item of the draft.

    Attributes:
        indicator: an indicator, or a bonus or penalty item that was decided.
    """

    objection: ItemId
    indicator: IndicatorId
    statement: Words
    requested: Decimal | None = None
    evidence: tuple[Sha256, ...] = ()


class AnswerObjection(_CaseCommand, frozen=True):
    """Answer an objection; accepting it includes the new award."""

    objection: ItemId
    outcome: ObjectionOutcome
    justification: Words
    award: Decimal | None = None
    clause: str = ""
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


# Result ------------------------------------------------------------------------------------------


class DeliverReport(_CaseCommand, frozen=True):
    """Deliver the agency's report with its printed totals."""

    printed_total: Decimal
    printed_grade: str = ""
    number: str = ""
    document: DocumentId | None = None


class IssueResult(_CaseCommand, frozen=True):
    """Issue the result with the totals printed in the document."""

    printed_total: Decimal
    printed_grade: str = ""
    number: str = ""
    difference: str = ""


class RecordReceipt(_CaseCommand, frozen=True):
    """Record the date on which the unit received the result."""

    received: date


class NewValue(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure in force and the value that a decision after issue rests on."""

    figure: FigureId
    value: Words


NewValues = Annotated[tuple[NewValue, ...], Meta(min_length=1)] | UnsetType


class CorrectResult(_CaseCommand, frozen=True):
    """Correct an issued award by a numbered document.

    Attributes:
        indicator: an indicator, or a bonus or penalty item that was decided.
        figures: values that the correction rests on; all else of these figures stays.
    """

    number: Words
    indicator: IndicatorId
    award: Decimal
    justification: Words
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()
    figures: NewValues = UNSET


class PublishResult(_CaseCommand, frozen=True):
    """Record where the result was disclosed."""

    place: Words


# Appeal ------------------------------------------------------------------------------------------


class LodgeAppeal(_CaseCommand, frozen=True):
    """Lodge an appeal against issued awards.

    Attributes:
        indicators: indicators, or bonus or penalty items that were decided.
    """

    appeal: ItemId
    indicators: Annotated[tuple[IndicatorId, ...], Meta(min_length=1)]
    statement: Words
    number: str = ""
    evidence: tuple[Sha256, ...] = ()


class WithdrawAppeal(_CaseCommand, frozen=True):
    """Withdraw an appeal."""

    appeal: ItemId
    reason: Words


class NewAward(Struct, frozen=True, forbid_unknown_fields=True):
    """A row and the award that a decision gives it."""

    indicator: IndicatorId
    award: Decimal


class DecideAppeal(_CaseCommand, frozen=True):
    """Decide an appeal, with the new awards if it is upheld.

    Attributes:
        figures: values that the decision rests on; all else of these figures stays.
    """

    appeal: ItemId
    outcome: AppealOutcome
    justification: Words
    awards: tuple[NewAward, ...] = ()
    number: str = ""
    clause: str = ""
    evidence: tuple[Sha256, ...] = ()
    figures: NewValues = UNSET


# Rectification -----------------------------------------------------------------------------------


class RequestRectification(_CaseCommand, frozen=True):
    """Request rectification of findings."""

    request: ItemId
    findings: Annotated[tuple[ItemId, ...], Meta(min_length=1)]
    demand: Words
    number: str = ""
    due: date | None = None


class RespondRectification(_CaseCommand, frozen=True):
    """Respond to a rectification request."""

    request: ItemId
    statement: Words
    evidence: tuple[Sha256, ...] = ()
    promises: Annotated[tuple[ItemId, ...], Meta(min_length=1)] | UnsetType = UNSET


class ReturnRectification(_CaseCommand, frozen=True):
    """Return an insufficient response."""

    request: ItemId
    reason: Words


class AcceptRectification(_CaseCommand, frozen=True):
    """Accept a rectification."""

    request: ItemId
    note: str = ""


class ExtendDeadline(_CaseCommand, frozen=True):
    """Extend the due date of a request."""

    request: ItemId
    due: date
    reason: Words


# Evidence ----------------------------------------------------------------------------------------


class EraseEvidence(_CaseCommand, frozen=True):
    """Erase the bytes of a file on a legal basis."""

    sha256: Sha256
    ground: Words


# Retention ---------------------------------------------------------------------------------------


class SetRetention(_CaseCommand, frozen=True):
    """Set how long the case is kept."""

    term: RetentionTerm
    starts: date
    number: Words
    schedule: Sha256 | UnsetType = UNSET
    access_months: Months | UnsetType = UNSET


class ProposeDestruction(_CaseCommand, frozen=True):
    """Propose what is destroyed after the term."""

    number: Words
    reason: Words
    evidence: tuple[Sha256, ...] = ()
    accesses_before: date | UnsetType = UNSET


class AppraiseDestruction(_CaseCommand, frozen=True):
    """Appraise a list."""

    number: Words
    outcome: Appraisal
    justification: Words


class DecideDestruction(_CaseCommand, frozen=True):
    """Decide on a list that was appraised, from another account."""

    number: Words
    outcome: DestructionOutcome
    note: str = ""


# End ---------------------------------------------------------------------------------------------


class CloseCase(_CaseCommand, frozen=True):
    """Close the case."""

    reason: str = ""


class RequestReopening(_CaseCommand, frozen=True):
    """Request reopening of a closed case."""

    reason: Words


class ReopenCase(_CaseCommand, frozen=True):
    """Approve a reopening from a second account."""

    note: str = ""


class IssueDossier(_CaseCommand, frozen=True):
    """Record the export of a dossier, with the digests of its enclosures."""

    enclosures: tuple[Enclosure, ...]
    indicator: IndicatorId | None = None
    purpose: str = ""


RegisterCommand = (
    OpenAccount
    | GrantRole
    | RevokeRole
    | SetTimeZone
    | EnrolKey
    | CountersignKey
    | RetireKey
    | DemandSignatures
    | DeclareConflict
    | EndConflict
    | LinkAccounts
    | RecordRanking
    | RecordYearNotice
    | FreezeLedger
    | NamePredecessor
    | CarryAccount
    | TakeCheckpoint
    | MergeEntries
    | SetEntryAside
)
RubricCommand = PublishRubric | SupersedeRubric
CaseCommand = (
    OpenCase
    | PinRubric
    | RepinRubric
    | CommissionReview
    | AssignWork
    | RecuseAccount
    | RegisterDocument
    | ListUnit
    | DefineScope
    | MakeStatement
    | PrintSubtotal
    | PublishMaterial
    | SubmitFigure
    | WithdrawFigure
    | FileEvidence
    | ClaimScore
    | ClaimBonus
    | SubmitSelfEvaluation
    | ReturnSubmission
    | RestateFigure
    | ConfirmFigure
    | RestateClaim
    | ConfirmScore
    | AdjustScore
    | ExcludeIndicator
    | CountersignAdjustment
    | AmendReason
    | WithdrawAdjustment
    | RecogniseBonus
    | RefuseBonus
    | RecordPenalty
    | RaiseFinding
    | MakeRecommendation
    | SendDraft
    | RaiseObjection
    | AnswerObjection
    | DeliverReport
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
    | SetRetention
    | ProposeDestruction
    | AppraiseDestruction
    | DecideDestruction
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
        id: idempotency key; the same command may be sent again and again under it, and is recorded
            once. Without one the key is made of the content (`ledger.repetition`).
        seen: the last version of the stream that its author had looked at; `None` where unsaid.
            What was recorded since about the command's subject refuses it.
        signed: the author's signature of what will be recorded; `None` where there is none.
        confirmed_dates: days of the command that would be refused and that its author confirms.
            They are no part of what is asked for: the key and the digest do not depend on them.
    """

    case: CaseId | None
    by: AccountId
    dated: date
    id: CommandId | None
    command: Command
    seen: Annotated[int, Meta(ge=1)] | None = None
    confirmed_dates: tuple[date, ...] = ()
    signed: AuthorSignature | None = None
