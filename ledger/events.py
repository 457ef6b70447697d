"""Everything that can happen. Each step of a review is one event, never changed or deleted.

Subject first, past tense. Who, when and in which order are in the envelope (`envelope.py`), not
here. A correction is a new event that names what it corrects. Names and fields are the archive's
for decades: a changed shape needs a new version and an upcast, a changed meaning a new name.
"""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from ledger.stored_struct import StoredStruct
from ledger.values import (
    AccountId,
    Base64,
    CaseId,
    Citation,
    Count,
    DocumentId,
    Edition,
    Evidence,
    Figure,
    FigureId,
    IndicatorId,
    ItemId,
    LastDayRule,
    Months,
    OrganisationId,
    RubricId,
    Scheme,
    Sha256,
    TimeZoneName,
    Words,
    exact,
)

ObjectionOutcome = Literal["accepted", "partly", "rejected"]
AppealOutcome = Literal["upheld", "partly", "rejected"]
RetentionTerm = Literal["permanent", "30-years", "10-years"]
Appraisal = Literal["destroy", "keep"]
DestructionOutcome = Literal["approved", "refused"]
DocumentForm = Literal["original", "copy", "ocr"]
StatementKind = Literal[
    "goal", "problem", "cause", "measure", "promise", "achievement", "assurance"
]
Column = Literal["claimed", "awarded"]
Role = Literal["unit", "reviewer", "lead-reviewer", "bureau", "auditor", "administrator"]


class _Event(StoredStruct, frozen=True, kw_only=True, omit_defaults=True):
    """What all events share: unknown, missing and ill-typed fields are refused.

    A field with a default is left out of the entry where it has no value, so that entries that are
    older than the field keep their bytes.

    Attributes:
        transcriber_note: what the transcriber adds (转录说明); it is nobody else's word.
        undocumented: that no document records the command (无文件依据).
    """

    transcriber_note: Words = ""
    undocumented: bool = False


class _CaseEvent(_Event, frozen=True, kw_only=True):
    """What the events of a case share.

    Attributes:
        cites: where it is printed, in registered documents of the case.
    """

    cites: tuple[Citation, ...] = ()


# The register of accounts ------------------------------------------------------------------------


class AccountOpened(_Event, frozen=True):
    """An account exists from here on; it belongs to one organisation.

    Attributes:
        account: its id, a role or a number, never a personal name.
        organisation: whom it acts for.
        practice: in the first entry of a ledger, that nothing in it is real (演示); nowhere else.
    """

    account: AccountId
    organisation: OrganisationId
    practice: bool = False


class RoleGranted(_Event, frozen=True):
    """The account may do what the role may do."""

    account: AccountId
    role: Role


class RoleRevoked(_Event, frozen=True):
    """From here on the account may no longer do it; its earlier commands remain valid."""

    account: AccountId
    role: Role
    reason: Words


class TimeZoneSet(_Event, frozen=True):
    """The time zone of the ledger; a ledger without one is dated in Beijing.

    Attributes:
        zone: its name in the IANA database, such as Asia/Shanghai.
    """

    zone: TimeZoneName


class AccountKeyEnrolled(_Event, frozen=True):
    """An account names a key that it alone holds and signs this with it.

    It signs other commands from its countersignature on.

    Attributes:
        scheme: how it signs.
        public: the public key, in the form of its scheme.
    """

    account: AccountId
    scheme: Scheme
    public: Base64


class AccountKeyCountersigned(_Event, frozen=True):
    """An administrator confirms, from elsewhere than this ledger, whose key it is.

    Attributes:
        fingerprint: SHA-256 of the public key.
    """

    account: AccountId
    fingerprint: Sha256


class AccountKeyRetired(_Event, frozen=True):
    """A key signs nothing from here on; what it has signed before holds.

    Attributes:
        fingerprint: SHA-256 of the public key.
    """

    account: AccountId
    fingerprint: Sha256
    reason: Words


class SignaturesDemanded(_Event, frozen=True):
    """From a day on, what is recorded must be signed by its author.

    Attributes:
        since: the first day, by the time of recording.
        only: the case in which it must be; `None` for the whole ledger.
        accounts: of a demand in one case, whether also what is recorded of accounts, roles and
            keys, and of entries set aside, must be; programs before edition 6 of the rules did not
            ask for it.
    """

    since: date
    only: CaseId | None
    accounts: bool = False


class ConflictDeclared(_Event, frozen=True):
    """An account has an interest in a unit and does nothing in its cases while that lasts.

    Attributes:
        unit: the organisation under review.
    """

    account: AccountId
    unit: OrganisationId
    reason: Words


class ConflictEnded(_Event, frozen=True):
    """The interest has ended; what the account is recused from by a case itself remains."""

    account: AccountId
    unit: OrganisationId
    reason: Words


class AccountsLinked(_Event, frozen=True):
    """Two accounts are of one person, who decides under neither on what they did under the other.

    Attributes:
        also: the other account.
    """

    account: AccountId
    also: AccountId
    reason: Words


class RankingRecorded(_Event, frozen=True):
    """The final scores of a year are drawn up as one list, of which only the root is recorded.

    Attributes:
        cases: how many it has.
        entries: of the log, how many it was drawn up from.
        root: of the tree over the list (docs/formats/ranking.md).
        replaces: the root of the list of that year whose place it takes; `None` for the first.
        reason: why; `None` for the first.
    """

    year: Count
    cases: Count
    entries: Count
    root: Sha256
    replaces: Sha256 | None
    reason: Words | None


class YearNoticeRecorded(_Event, frozen=True):
    """A notice sets the last days of a year for the cases of a bureau; one that amends it, again.

    Attributes:
        bureau: whose cases it is for.
        year: under review.
        number: of the notice; `sha256` the digest of its file.
        rubric: only for cases that are scored by it; `None` for every kind of review.
        amends: the number of the notice that it amends; what it does not name stays.
        submission_due: to submit the self-evaluation and to make it public.
        draft_due: to send the draft, from the submission.
        objection_due: to comment, from the day the draft was sent.
        result_due: to issue the result, from the draft, or the submission where none is sent.
        receipt_due: to record the receipt of the result, from its issue.
        publication_due: to publish the result, from its receipt.
        rectification_due: to respond to a request, from receipt of the result.
    """

    bureau: OrganisationId
    year: Count
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


class LedgerFrozen(_Event, frozen=True):
    """The last entry of a ledger: nothing is recorded in it from here on.

    Attributes:
        year: whose cases it holds.
        reason: why it ends while cases of it are not closed; `None` where all are.
    """

    year: Count
    reason: Words | None


class PredecessorNamed(_Event, frozen=True):
    """The ledger goes on from another one, which was frozen and is the office's of the year before.

    Attributes:
        year: whose cases the other one holds.
        origin: the name of its log.
        size: of its log with the freeze, which is its last entry.
        root: of that log.
        vkey: the public key that has signed its last checkpoint.
    """

    year: Count
    origin: Words
    size: Count
    root: Sha256
    vkey: Words


class CarriedKey(StoredStruct, frozen=True):
    """A key of an account that was in use when the ledger before was frozen.

    Attributes:
        scheme: how it signs.
        public: the public key, in the form of its scheme.
    """

    scheme: Scheme
    public: Base64


class AccountCarriedOver(_Event, frozen=True):
    """An account goes on with what it had when the ledger before was frozen.

    Attributes:
        position: of the entry that opened it, in the log of the ledger before.
        roles: those that it had.
        keys: those that it signed with.
        conflicts: the units that its holder had an interest in.
        linked: the other accounts of its holder.
    """

    account: AccountId
    organisation: OrganisationId
    position: Count
    roles: tuple[Role, ...]
    keys: tuple[CarriedKey, ...]
    conflicts: tuple[OrganisationId, ...]
    linked: tuple[AccountId, ...]


class CheckpointTaken(_Event, frozen=True):
    """The upper level has taken up a checkpoint of another log, whose growth it has verified.

    Attributes:
        checkpoint: as that log has signed it: a signed note.
    """

    checkpoint: str


class MergedStream(StoredStruct, frozen=True):
    """What a merge has added to a stream.

    Attributes:
        stream: its name.
        first: version of the first entry that was added.
        version: of the last one.
        leaf: leaf hash of the last one (RFC 6962, hex).
    """

    stream: Words
    first: Count
    version: Count
    leaf: Sha256


class EntriesMerged(_Event, frozen=True):
    """Entries that were recorded elsewhere have become part of this ledger; somebody answers.

    Attributes:
        sha256: of the file that they came in.
        streams: what was added to which.
    """

    sha256: Sha256
    streams: tuple[MergedStream, ...]


class EntrySetAside(_Event, frozen=True):
    """An entry not written by the program is set aside; it keeps its position.

    Its bytes and hashes stay. Readers leave it out, and verification says who answers for that.

    Attributes:
        position: its position in the log.
        leaf: its leaf hash (RFC 6962, hex).
        reason: why it means nothing.
    """

    position: Count
    leaf: Sha256
    reason: Words


# The rubrics -------------------------------------------------------------------------------------


class RubricPublished(_Event, frozen=True):
    """An edition of a rubric, with the file exactly as published.

    A file that is longer than an entry is published in parts, by one command, one after the other.

    Attributes:
        rubric: the same for all editions.
        edition: names this one.
        sha256: of the bytes of the whole file; cases pin it.
        source: the TOML file, to the byte, or this part of it.
        part: which part this is, from 1; left out where the file is whole.
        parts: how many parts the file has; left out likewise.
    """

    rubric: RubricId
    edition: Edition
    sha256: Sha256
    source: str
    part: Count = 0
    parts: Count = 0


class RubricSuperseded(_Event, frozen=True):
    """New cases should pin the newer edition; old ones keep theirs."""

    rubric: RubricId
    edition: Edition
    by_edition: Edition
    reason: Words


# Opening -----------------------------------------------------------------------------------------


class CitedOutcome(StoredStruct, frozen=True):
    """The result of the unit's case of the year before, in the ledger that this one goes on from.

    Attributes:
        case: of that year.
        version: of the event that states the result: as issued, corrected or decided on appeal.
        leaf: hash of its entry in that log (RFC 9162).
        receipt: of that entry under the last checkpoint of that log: a C2SP tlog-proof.
    """

    case: CaseId
    version: Count
    leaf: Sha256
    receipt: str


class CaseOpened(_CaseEvent, frozen=True):
    """A case begins: one unit, one year.

    Attributes:
        title: as the commissioning document calls it.
        year: the year under review.
        unit: the reviewed department; `unit_name` as printed.
        bureau: the finance bureau that commissions and issues; `bureau_name` as printed.
        notice: document number of the notice that asks for the self-evaluation, may be empty.
        last_year: its result of the year before, where that is in another ledger.
    """

    title: Words
    year: Count
    unit: OrganisationId
    unit_name: Words
    bureau: OrganisationId
    bureau_name: Words
    notice: str
    last_year: CitedOutcome | None = None


class RubricPinned(_CaseEvent, frozen=True):
    """The case is scored by this edition and no other, until it is repinned."""

    rubric: RubricId
    edition: Edition
    sha256: Sha256


class RubricRepinned(_CaseEvent, frozen=True):
    """The case is scored again, by a corrected edition of its rubric.

    Attributes:
        previous_edition: the one that it leaves; `previous_sha256` is its digest.
        reason: why, with the document that corrects the rubric.
    """

    rubric: RubricId
    previous_edition: Edition
    previous_sha256: Sha256
    edition: Edition
    sha256: Sha256
    number: str
    reason: Words


class ReviewCommissioned(_CaseEvent, frozen=True):
    """Only this agency adjusts scores of the case."""

    agency: OrganisationId
    agency_name: Words
    number: str


# Documents and statements ------------------------------------------------------------------------


class WorkAssigned(_CaseEvent, frozen=True):
    """The review of the case, or of some of its rows, is assigned to an account of the agency.

    Attributes:
        account: who reviews them from now on, in place of whom they were assigned to before.
        indicators: the rows; none for all those that are assigned to nobody by themselves.
    """

    account: AccountId
    indicators: tuple[IndicatorId, ...]
    reason: Words


class AccountRecused(_CaseEvent, frozen=True):
    """An account has an interest in the case and does nothing more in it (回避)."""

    account: AccountId
    reason: Words


class DocumentRegistered(_CaseEvent, frozen=True):
    """A document that the record rests on; what is printed in it can be cited.

    Its bytes need not be there: anyone who has them can compare their digest.

    Attributes:
        document: its id in the case.
        number: document number, may be empty.
        printed_date: the date printed on it, or null if there is none.
        form: what the digest is of: the original, a copy of it, or text read from it by a machine.
        parts: its parts in order, such as 附件1; a citation begins with one of them.
    """

    document: DocumentId
    title: Words
    number: str
    printed_date: date | None
    sha256: Sha256
    form: DocumentForm
    parts: tuple[Words, ...]


class UnitListed(_CaseEvent, frozen=True):
    """One of the units and sub-units that figures of the case may cover.

    Attributes:
        member: its id in the case.
        name: as printed.
        within: the one that it belongs to, or null for the highest.
    """

    member: ItemId
    name: Words
    within: ItemId | None


class ScopeDefined(_CaseEvent, frozen=True):
    """A scope of figures (统计口径): the listed units that it covers."""

    scope: Words
    members: tuple[ItemId, ...]


class StatementMade(_CaseEvent, frozen=True):
    """A statement of a party that is not about the score of a row.

    Attributes:
        item: its id in the case.
        kind: a goal of the year, a problem, its cause, a measure, a promise, an achievement, or an
            assurance for which the party answers.
        statement: in the party's words.
        indicators: the rows it concerns, may be empty.
        findings: the findings it concerns, may be empty.
    """

    item: ItemId
    kind: StatementKind
    statement: Words
    indicators: tuple[IndicatorId, ...]
    findings: tuple[ItemId, ...]


class SubtotalPrinted(_CaseEvent, frozen=True):
    """A sum printed in a document, to be compared with the sum of its rows.

    Attributes:
        item: its id in the case.
        label: as printed.
        path: the levels of the rubric whose rows it sums, or the name of bonus or penalty; empty
            for the total.
        column: whether it sums claims or awards.
        printed_weight: weight as printed, or null.
        printed_score: score as printed, or null.
        printed_rate: rate as printed, in per cent, or null.
    """

    item: ItemId
    label: Words
    path: tuple[Words, ...]
    column: Column
    printed_weight: Decimal | None
    printed_score: Decimal | None
    printed_rate: Decimal | None

    def __post_init__(self) -> None:
        exact(self.printed_weight, self.printed_score, self.printed_rate)


class MaterialPublished(_CaseEvent, frozen=True):
    """Something of the case was made public, before the result or after it.

    Attributes:
        title: of what was published.
        place: where.
        document: the registered document that it should be, or null.
        sha256: of the bytes that were published, or null where nobody has them.
    """

    title: Words
    place: Words
    document: DocumentId | None
    sha256: Sha256 | None


# Self-evaluation ---------------------------------------------------------------------------------


class FigureSubmitted(_CaseEvent, frozen=True):
    """The unit submits a figure."""

    figure: Figure


class FigureWithdrawn(_CaseEvent, frozen=True):
    """The unit withdraws a figure before it submits; both stay on record."""

    figure: FigureId
    reason: Words


class EvidenceFiled(_CaseEvent, frozen=True):
    """A file can be cited by its SHA-256; its bytes are kept outside the events."""

    evidence: Evidence


class ScoreClaimed(_CaseEvent, frozen=True):
    """The score that the unit gives itself on one indicator.

    Attributes:
        score: in the rubric's scale, within [0, weight].
        justification: the unit's reason for it, may be empty.
        evidence: SHA-256 of filed files.
    """

    indicator: IndicatorId
    score: Decimal
    justification: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.score)


class BonusClaimed(_CaseEvent, frozen=True):
    """The unit claims a bonus item; caps apply to the sum, not to the item.

    Attributes:
        item: its id in the case.
        title: what was achieved.
        issuer: who commended it.
        number: document number of the commendation, may be empty.
        points: in the rubric's scale.
        recipient: who was commended, an organisation or a group; never a personal name.
        commended: the date of the commendation.
    """

    item: ItemId
    title: Words
    issuer: str
    number: str
    points: Decimal
    evidence: tuple[Sha256, ...]
    recipient: Words = ""
    commended: date | None = None

    def __post_init__(self) -> None:
        exact(self.points)


class SelfEvaluationSubmitted(_CaseEvent, frozen=True):
    """The unit declares its figures and claims complete; from here they are the reviewer's.

    Attributes:
        number: document number, may be empty.
        printed_base: sum of the rows as the report prints it, or null where it prints none.
        printed_bonus: bonus as printed.
        printed_total: total as printed.
        printed_grade: grade as printed, may be empty.
    """

    number: str
    printed_base: Decimal | None
    printed_bonus: Decimal | None
    printed_total: Decimal | None
    printed_grade: str

    def __post_init__(self) -> None:
        exact(self.printed_base, self.printed_bonus, self.printed_total)


class SubmissionReturned(_CaseEvent, frozen=True):
    """The reviewer or the bureau returns the self-evaluation for correction."""

    reason: Words


# Review ------------------------------------------------------------------------------------------


class FigureRestated(_CaseEvent, frozen=True):
    """The reviewer's own value, scope or target, next to the submitted one.

    A figure that nobody submitted can also be restated: the reviewer adds it.
    """

    figure: Figure
    reason: Words


class FigureConfirmed(_CaseEvent, frozen=True):
    """The review prints a figure as submitted; what it leaves out has no event."""

    figure: FigureId


class ClaimRestated(_CaseEvent, frozen=True):
    """The self column as the review prints it; the unit's claim remains next to it.

    Attributes:
        indicator: a row, or the rubric's bonus row.
    """

    indicator: IndicatorId
    score: Decimal
    reason: Words

    def __post_init__(self) -> None:
        exact(self.score)


class ScoreConfirmed(_CaseEvent, frozen=True):
    """The award equals the claim.

    Attributes:
        justification: what the reviewer saw.
        clause: of the standard, may be empty.
        ground: why the rule's own result is not taken, where it differs; may be empty.
    """

    indicator: IndicatorId
    award: Decimal
    justification: str
    clause: str
    ground: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.award)


class ScoreAdjusted(_CaseEvent, frozen=True):
    """The award differs from the score before it; never without a justification.

    Attributes:
        before: the standing score: the claim, or the award that this one replaces.
        award: the new score, within [0, weight].
        justification: why.
        clause: of the standard, may be empty.
        ground: why the rule's own result is not taken, where it differs; may be empty.
    """

    indicator: IndicatorId
    before: Decimal
    award: Decimal
    justification: Words
    clause: str
    ground: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.before, self.award)


class IndicatorExcluded(_CaseEvent, frozen=True):
    """A row does not apply to the unit; it has no score and is not pending.

    What that does to the totals is the rubric's (re-basing, or none).

    Attributes:
        clause: of the standard, may be empty.
        ground: why it does not apply, where no clause says so; may be empty.
    """

    indicator: IndicatorId
    justification: Words
    clause: str
    ground: str
    evidence: tuple[Sha256, ...]


class AdjustmentCountersigned(_CaseEvent, frozen=True):
    """A second account of the agency signs an award.

    Attributes:
        adjustment: version of the ScoreAdjusted or ScoreConfirmed that is signed.
    """

    indicator: IndicatorId
    adjustment: Count
    note: str


class ReasonAmended(_CaseEvent, frozen=True):
    """The reason, clause, ground or evidence of a current award is amended; no score moves.

    Attributes:
        adjustment: version of the event that made the award, or decided what the item counts.
        number: document number of the amendment; after issue never empty.
        justification: as it reads from here on; empty where it stays. So with clause and ground.
        evidence: what the award rests on from here on; empty where that stays.
        reason: why it is amended.
        item: the bonus or penalty item that it is about; the indicator is then the rubric's row of
            bonus or penalty items.
        penalty: whether the item is a penalty.
    """

    indicator: IndicatorId
    adjustment: Count
    number: str
    justification: str
    clause: str
    ground: str
    evidence: tuple[Sha256, ...]
    reason: Words
    item: ItemId | None = None
    penalty: bool = False


class AdjustmentWithdrawn(_CaseEvent, frozen=True):
    """The award is withdrawn; the claim applies again until a new award."""

    indicator: IndicatorId
    adjustment: Count
    reason: Words


class BonusRecognised(_CaseEvent, frozen=True):
    """A bonus item counts."""

    item: ItemId
    points: Decimal
    justification: Words
    clause: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.points)


class BonusRefused(_CaseEvent, frozen=True):
    """A bonus item does not count."""

    item: ItemId
    justification: Words
    clause: str


class PenaltyRecorded(_CaseEvent, frozen=True):
    """A penalty item counts, as positive points to be deducted."""

    item: ItemId
    title: Words
    points: Decimal
    justification: Words
    clause: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.points)


class FindingRaised(_CaseEvent, frozen=True):
    """What the review found.

    Attributes:
        indicators: the rows it concerns, may be empty.
    """

    finding: ItemId
    title: Words
    statement: Words
    indicators: tuple[IndicatorId, ...]


class RecommendationMade(_CaseEvent, frozen=True):
    """What the review proposes, and for which findings."""

    recommendation: ItemId
    title: Words
    statement: Words
    findings: tuple[ItemId, ...]


# Consultation ------------------------------------------------------------------------------------


class DraftSent(_CaseEvent, frozen=True):
    """The draft goes to the unit for comment, with the total at that time.

    Attributes:
        number: document number, may be empty.
        computed_total: what the awards add up to.
        respond_by: the last day for comments, or null where none is set.
    """

    number: str
    computed_total: Decimal
    respond_by: date | None

    def __post_init__(self) -> None:
        exact(self.computed_total)


class ObjectionRaised(_CaseEvent, frozen=True):
    """The unit contests a row of the draft, whether or not the row was changed.

    Attributes:
        objection: its id in the case.
        contests: version of the award that is contested.
        requested: the score that the unit asks for, or null.
        item: the bonus or penalty item that it is about; the indicator is then the rubric's row of
            bonus or penalty items.
        penalty: whether the item is a penalty.
    """

    objection: ItemId
    indicator: IndicatorId
    contests: Count
    statement: Words
    requested: Decimal | None
    evidence: tuple[Sha256, ...]
    item: ItemId | None = None
    penalty: bool = False

    def __post_init__(self) -> None:
        exact(self.requested)


class ObjectionAnswered(_CaseEvent, frozen=True):
    """The reviewer accepts an objection, in part or not at all.

    Attributes:
        adjustment: version of the award that it leads to; null where nothing changes.
        item: the bonus or penalty item that it is about; the indicator is then the rubric's row of
            bonus or penalty items.
        penalty: whether the item is a penalty.
    """

    objection: ItemId
    indicator: IndicatorId
    outcome: ObjectionOutcome
    justification: Words
    adjustment: Count | None
    item: ItemId | None = None
    penalty: bool = False


# Result ------------------------------------------------------------------------------------------


class ReportDelivered(_CaseEvent, frozen=True):
    """The agency hands over its report; that the bureau issues a result is an event of its own.

    Attributes:
        number: document number, may be empty.
        document: the registered document that it is, or null.
        printed_total: as the report prints it.
        printed_grade: as printed, may be empty.
    """

    number: str
    document: DocumentId | None
    printed_total: Decimal
    printed_grade: str

    def __post_init__(self) -> None:
        exact(self.printed_total)


class ResultIssued(_CaseEvent, frozen=True):
    """The bureau issues the score. Printed and computed totals are kept side by side.

    Attributes:
        number: document number of the result, may be empty.
        computed_total: what the awards add up to.
        computed_grade: what band holds it; empty where none does.
        printed_total: as the document prints it.
        printed_grade: as printed, may be empty.
        difference: why printed and computed differ; empty where they do not.
    """

    number: str
    computed_total: Decimal
    computed_grade: str
    printed_total: Decimal
    printed_grade: str
    difference: str

    def __post_init__(self) -> None:
        exact(self.computed_total, self.printed_total)


class ResultReceived(_CaseEvent, frozen=True):
    """The unit has received the result; time limits start on this day, not on that of issue."""

    received: date


class ResultCorrected(_CaseEvent, frozen=True):
    """After issue a score changes only by a numbered document or an appeal's decision.

    Attributes:
        number: document number of the correction.
        before: the award that was issued.
        award: the corrected one.
        item: the bonus or penalty item that it is about; the indicator is then the rubric's row of
            bonus or penalty items.
        penalty: whether the item is a penalty.
    """

    number: Words
    indicator: IndicatorId
    before: Decimal
    award: Decimal
    justification: Words
    clause: str
    evidence: tuple[Sha256, ...]
    item: ItemId | None = None
    penalty: bool = False

    def __post_init__(self) -> None:
        exact(self.before, self.award)


class ResultPublished(_CaseEvent, frozen=True):
    """Where the result was made public."""

    place: Words


# Appeal ------------------------------------------------------------------------------------------


class Contested(StoredStruct, frozen=True, omit_defaults=True):
    """An award as an appeal contests it: this version, with this score, permanently.

    Attributes:
        version: of the event that made the award.
        item: the bonus or penalty item that it is about; the indicator is then the rubric's row of
            bonus or penalty items.
        penalty: whether the item is a penalty.
    """

    indicator: IndicatorId
    version: Count
    award: Decimal
    item: ItemId | None = None
    penalty: bool = False

    def __post_init__(self) -> None:
        exact(self.award)

    @property
    def name(self) -> str:
        """The indicator or the item, as a command names it."""
        return self.item or self.indicator


class Ruling(StoredStruct, frozen=True, omit_defaults=True):
    """A new award that an appeal's decision makes.

    Attributes:
        item: the bonus or penalty item that it is about; the indicator is then the rubric's row of
            bonus or penalty items.
        penalty: whether the item is a penalty.
    """

    indicator: IndicatorId
    before: Decimal
    award: Decimal
    item: ItemId | None = None
    penalty: bool = False

    def __post_init__(self) -> None:
        exact(self.before, self.award)


class AppealLodged(_CaseEvent, frozen=True):
    """The unit contests issued awards. It stays bound to the versions it names.

    Attributes:
        appeal: its id in the case.
        number: document number, may be empty.
    """

    appeal: ItemId
    number: str
    contests: tuple[Contested, ...]
    statement: Words
    evidence: tuple[Sha256, ...]


class AppealWithdrawn(_CaseEvent, frozen=True):
    """The unit takes an appeal back before it is decided."""

    appeal: ItemId
    reason: Words


class AppealDecided(_CaseEvent, frozen=True):
    """The bureau upholds an appeal, in part or not at all, with new awards if any.

    Attributes:
        number: document number, may be empty.
        rulings: empty where the appeal is rejected.
    """

    appeal: ItemId
    outcome: AppealOutcome
    number: str
    justification: Words
    clause: str
    rulings: tuple[Ruling, ...]
    evidence: tuple[Sha256, ...]


# Rectification -----------------------------------------------------------------------------------


class RectificationRequested(_CaseEvent, frozen=True):
    """The bureau asks the unit to put findings right.

    Attributes:
        request: its id in the case.
        findings: which ones.
        number: document number, may be empty.
        due: the day the document sets; null where the clock of the rubric, or none, applies.
    """

    request: ItemId
    findings: tuple[ItemId, ...]
    demand: Words
    number: str
    due: date | None


class RectificationResponded(_CaseEvent, frozen=True):
    """The unit states what it has done.

    Attributes:
        promises: measures and promises that it had stated and that this answers.
    """

    request: ItemId
    statement: Words
    evidence: tuple[Sha256, ...]
    promises: tuple[ItemId, ...] = ()


class RectificationReturned(_CaseEvent, frozen=True):
    """The bureau finds a response insufficient; the request is open again."""

    request: ItemId
    reason: Words


class RectificationAccepted(_CaseEvent, frozen=True):
    """The bureau accepts a response; the request is done."""

    request: ItemId
    note: str


class DeadlineExtended(_CaseEvent, frozen=True):
    """The bureau gives a request more time.

    Attributes:
        due: the new last day.
    """

    request: ItemId
    due: date
    reason: Words


# Evidence ----------------------------------------------------------------------------------------


class EvidenceErased(_CaseEvent, frozen=True):
    """The bytes of a file are erased; its hash and this event stay.

    Attributes:
        ground: the legal ground.
    """

    sha256: Sha256
    ground: Words


# Retention ---------------------------------------------------------------------------------------


class RetentionSet(_CaseEvent, frozen=True):
    """How long the case is kept, by a numbered schedule; a later one takes the place of this.

    Attributes:
        term: permanently, 30 years or 10 years.
        starts: the day from which the term counts.
        schedule: SHA-256 of the file with the schedule.
        access_months: how many months it is kept who looked at the case, outside of the ledger.
    """

    term: RetentionTerm
    starts: date
    number: Words
    schedule: Sha256 | None = None
    access_months: Months | None = None


class DestructionProposed(_CaseEvent, frozen=True):
    """After the term, files of a closed case are put on a list of what is to be destroyed.

    Attributes:
        number: of the list (销毁清册).
        evidence: the files, by their SHA-256.
        accesses_before: day before which it is forgotten who looked at the case.
    """

    number: Words
    evidence: tuple[Sha256, ...]
    reason: Words
    accesses_before: date | None = None


class DestructionAppraised(_CaseEvent, frozen=True):
    """What is on a list has been appraised; what is to be kept ends the list."""

    number: Words
    outcome: Appraisal
    justification: Words


class DestructionDecided(_CaseEvent, frozen=True):
    """Another account decides on a list that was appraised; only then are its files erased."""

    number: Words
    outcome: DestructionOutcome
    note: str


# End ---------------------------------------------------------------------------------------------


class CaseClosed(_CaseEvent, frozen=True):
    """The case is over.

    Attributes:
        unfinished: rectification requests that are still open, each with the reason given.
        reason: why it is closed with open requests; empty where none is open.
    """

    unfinished: tuple[ItemId, ...]
    reason: str


class ReopeningRequested(_CaseEvent, frozen=True):
    """One account asks for a closed case to be opened again; another must agree."""

    reason: Words


class CaseReopened(_CaseEvent, frozen=True):
    """A second account agrees; the case is where it was before it was closed.

    Attributes:
        request: version of the ReopeningRequested that it agrees to.
    """

    request: Count
    note: str


class Enclosure(StoredStruct, frozen=True):
    """A file of a dossier for people, bound by its digest."""

    name: Words
    sha256: Sha256


class StreamEnd(StoredStruct, frozen=True):
    """The version of a stream that something was based on, or of what was set aside in it.

    Attributes:
        stream: its name: the register of accounts, or a rubric; the case only for what was set
            aside.
        version: of its last entry, or of one that was set aside.
        leaf: leaf hash of that entry (RFC 6962, hex).
    """

    stream: Words
    version: Count
    leaf: Sha256


class DossierIssued(_CaseEvent, frozen=True):
    """The exact answer to an appeal: everything of the case up to a named version.

    It is the last event of the dossier that it belongs to; without it a verifier could not tell
    that nothing was left off at the end.

    Attributes:
        covers: the last version before this event; the dossier holds every version up to it.
        indicator: the row that its change log is about, or null for the whole case.
        purpose: what it answers, may be empty.
        enclosures: the files for people, with their digests.
        program: version of the program that made them; empty where an older one did not say.
        streams: the last versions of the streams that the case depends on, by name, and before
            them every entry that was set aside; none where an older program did not say.
    """

    covers: Count
    indicator: IndicatorId | None
    purpose: str
    enclosures: tuple[Enclosure, ...]
    program: str
    streams: tuple[StreamEnd, ...]


RectificationEvent = (
    RectificationRequested
    | RectificationResponded
    | RectificationReturned
    | RectificationAccepted
    | DeadlineExtended
)
RegisterEvent = (
    AccountOpened
    | RoleGranted
    | RoleRevoked
    | TimeZoneSet
    | AccountKeyEnrolled
    | AccountKeyCountersigned
    | AccountKeyRetired
    | SignaturesDemanded
    | ConflictDeclared
    | ConflictEnded
    | AccountsLinked
    | RankingRecorded
    | YearNoticeRecorded
    | LedgerFrozen
    | PredecessorNamed
    | AccountCarriedOver
    | CheckpointTaken
    | EntriesMerged
    | EntrySetAside
)
RubricEvent = RubricPublished | RubricSuperseded
CaseEvent = (
    CaseOpened
    | RubricPinned
    | RubricRepinned
    | ReviewCommissioned
    | WorkAssigned
    | AccountRecused
    | DocumentRegistered
    | UnitListed
    | ScopeDefined
    | StatementMade
    | SubtotalPrinted
    | MaterialPublished
    | FigureSubmitted
    | FigureWithdrawn
    | EvidenceFiled
    | ScoreClaimed
    | BonusClaimed
    | SelfEvaluationSubmitted
    | SubmissionReturned
    | FigureRestated
    | FigureConfirmed
    | ClaimRestated
    | ScoreConfirmed
    | ScoreAdjusted
    | IndicatorExcluded
    | AdjustmentCountersigned
    | ReasonAmended
    | AdjustmentWithdrawn
    | BonusRecognised
    | BonusRefused
    | PenaltyRecorded
    | FindingRaised
    | RecommendationMade
    | DraftSent
    | ObjectionRaised
    | ObjectionAnswered
    | ReportDelivered
    | ResultIssued
    | ResultReceived
    | ResultCorrected
    | ResultPublished
    | AppealLodged
    | AppealWithdrawn
    | AppealDecided
    | RectificationEvent
    | EvidenceErased
    | RetentionSet
    | DestructionProposed
    | DestructionAppraised
    | DestructionDecided
    | CaseClosed
    | ReopeningRequested
    | CaseReopened
    | DossierIssued
)
Event = RegisterEvent | RubricEvent | CaseEvent

RECEIPT_EVENTS: Final = (SelfEvaluationSubmitted, ResultIssued, AppealDecided)
"""Submission, issue and decision: every party to them gets a receipt."""
