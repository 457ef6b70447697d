"""Everything that can happen. Each act of a review is one event, never changed and never deleted.

Subject first, past tense. Who, when and in which order stand in the envelope (`recorded.py`), not
here. A correction is a new event that names what it corrects. Names and fields are the archive's
for decades: a changed shape needs a new version and an upcast, a changed meaning a new name.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from ledger.values import (
    AccountId,
    Count,
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
    exact,
)

Role = Literal["unit", "reviewer", "lead-reviewer", "bureau", "auditor", "administrator"]


class _Event(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all events share: unknown, missing and ill-typed fields are refused."""


# The register of accounts ------------------------------------------------------------------------


class AccountOpened(_Event, frozen=True):
    """开设账号。An account exists from here on; it belongs to one organisation.

    Attributes:
        account: its id, a role or a number, never a personal name.
        organisation: whom it acts for.
    """

    account: AccountId
    organisation: OrganisationId


class RoleGranted(_Event, frozen=True):
    """授予角色。The account may do what the role may do."""

    account: AccountId
    role: Role


class RoleRevoked(_Event, frozen=True):
    """撤销角色。From here on the account may no longer do it; what it did stands."""

    account: AccountId
    role: Role
    reason: Words


# The rubrics -------------------------------------------------------------------------------------


class RubricPublished(_Event, frozen=True):
    """发布指标体系。An edition of a rubric, with the file exactly as published.

    Attributes:
        rubric: the same for all editions.
        edition: names this one.
        sha256: of the file's bytes; cases pin it.
        source: the TOML file, to the byte.
    """

    rubric: RubricId
    edition: Edition
    sha256: Sha256
    source: str


class RubricSuperseded(_Event, frozen=True):
    """指标体系被新版取代。New cases should pin the newer edition; old ones keep theirs."""

    rubric: RubricId
    edition: Edition
    by_edition: Edition
    reason: Words


# Opening -----------------------------------------------------------------------------------------


class CaseOpened(_Event, frozen=True):
    """立项。A case begins: one unit, one year.

    Attributes:
        title: as the commissioning document calls it.
        year: the year under review.
        unit: the reviewed department; `unit_name` as printed.
        bureau: the finance bureau that commissions and issues; `bureau_name` as printed.
        notice: document number of the notice that asks for the self-evaluation, may be empty.
    """

    title: Words
    year: Count
    unit: OrganisationId
    unit_name: Words
    bureau: OrganisationId
    bureau_name: Words
    notice: str


class RubricPinned(_Event, frozen=True):
    """选定指标体系。The case is scored by this edition and no other, whatever comes later."""

    rubric: RubricId
    edition: Edition
    sha256: Sha256


class ReviewCommissioned(_Event, frozen=True):
    """委托核查。Only this agency adjusts scores of the case."""

    agency: OrganisationId
    agency_name: Words
    number: str


# Self-evaluation ---------------------------------------------------------------------------------


class FigureSubmitted(_Event, frozen=True):
    """填报指标值。The unit reports one datum."""

    figure: Figure


class FigureWithdrawn(_Event, frozen=True):
    """撤回指标值。The unit takes a datum back before it submits; both stay on record."""

    figure: FigureId
    reason: Words


class EvidenceFiled(_Event, frozen=True):
    """提交佐证材料。A file becomes citable by its SHA-256; its bytes live outside the events."""

    evidence: Evidence


class ScoreClaimed(_Event, frozen=True):
    """自评得分。The score that the unit gives itself on one indicator.

    Attributes:
        score: in the rubric's scale, within [0, weight].
        justification: what the unit says for it, may be empty.
        evidence: SHA-256 of filed files.
    """

    indicator: IndicatorId
    score: Decimal
    justification: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.score)


class BonusClaimed(_Event, frozen=True):
    """申报加分。The unit claims a bonus item; caps apply to the sum, not to the item.

    Attributes:
        item: its id in the case.
        title: what was achieved.
        issuer: who commended it.
        number: document number of the commendation, may be empty.
        points: in the rubric's scale.
    """

    item: ItemId
    title: Words
    issuer: str
    number: str
    points: Decimal
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.points)


class SelfEvaluationSubmitted(_Event, frozen=True):
    """提交自评。The unit stands by its figures and claims; from here they are the reviewer's.

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


class SubmissionReturned(_Event, frozen=True):
    """退回自评。The reviewer or the bureau sends the self-evaluation back to be corrected."""

    reason: Words


# Review ------------------------------------------------------------------------------------------


class FigureRestated(_Event, frozen=True):
    """核查指标值。The reviewer's own value, scope or target, beside the submitted one.

    A figure that nobody submitted can be restated, too: the reviewer adds it.
    """

    figure: Figure
    reason: Words


class ClaimRestated(_Event, frozen=True):
    """核查表所列自评分。The self column as the review prints it; the unit's claim stands beside it.

    Attributes:
        indicator: a row, or the rubric's bonus row.
    """

    indicator: IndicatorId
    score: Decimal
    reason: Words

    def __post_init__(self) -> None:
        exact(self.score)


class ScoreConfirmed(_Event, frozen=True):
    """确认得分。The award equals the claim.

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


class ScoreAdjusted(_Event, frozen=True):
    """调整得分。The award differs from what stood before it; never without a justification.

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


class AdjustmentCountersigned(_Event, frozen=True):
    """复核签认。A second account of the agency signs an award.

    Attributes:
        adjustment: version of the ScoreAdjusted or ScoreConfirmed that is signed.
    """

    indicator: IndicatorId
    adjustment: Count
    note: str


class AdjustmentWithdrawn(_Event, frozen=True):
    """撤回核查得分。The award is taken back; the claim stands again until a new award."""

    indicator: IndicatorId
    adjustment: Count
    reason: Words


class BonusRecognised(_Event, frozen=True):
    """认定加分。A bonus item counts."""

    item: ItemId
    points: Decimal
    justification: Words
    clause: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.points)


class BonusRefused(_Event, frozen=True):
    """不予加分。A bonus item does not count."""

    item: ItemId
    justification: Words
    clause: str


class PenaltyRecorded(_Event, frozen=True):
    """减分。A penalty item counts, as positive points to be taken away."""

    item: ItemId
    title: Words
    points: Decimal
    justification: Words
    clause: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.points)


class FindingRaised(_Event, frozen=True):
    """提出问题。What the review found.

    Attributes:
        indicators: the rows it concerns, may be empty.
    """

    finding: ItemId
    title: Words
    statement: Words
    indicators: tuple[IndicatorId, ...]


class RecommendationMade(_Event, frozen=True):
    """提出建议。What the review proposes, and for which findings."""

    recommendation: ItemId
    title: Words
    statement: Words
    findings: tuple[ItemId, ...]


# Consultation ------------------------------------------------------------------------------------


class DraftSent(_Event, frozen=True):
    """征求意见。The draft goes to the unit for comment, with the total as it then stands.

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


# Result ------------------------------------------------------------------------------------------


class ResultIssued(_Event, frozen=True):
    """印发结果。The bureau issues the score. Printed and computed totals are kept side by side.

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


class ResultReceived(_Event, frozen=True):
    """收到结果。The unit has the result in hand; clocks start on this day, not on that of issue."""

    received: date


class ResultCorrected(_Event, frozen=True):
    """更正结果。After issue a score moves only by a numbered document or an appeal's decision.

    Attributes:
        number: document number of the correction.
        before: the award that was issued.
        award: the corrected one.
    """

    number: Words
    indicator: IndicatorId
    before: Decimal
    award: Decimal
    justification: Words
    clause: str
    evidence: tuple[Sha256, ...]

    def __post_init__(self) -> None:
        exact(self.before, self.award)


class ResultPublished(_Event, frozen=True):
    """公开结果。Where the result was made public."""

    place: Words


RegisterEvent = AccountOpened | RoleGranted | RoleRevoked
RubricEvent = RubricPublished | RubricSuperseded
CaseEvent = (
    CaseOpened
    | RubricPinned
    | ReviewCommissioned
    | FigureSubmitted
    | FigureWithdrawn
    | EvidenceFiled
    | ScoreClaimed
    | BonusClaimed
    | SelfEvaluationSubmitted
    | SubmissionReturned
    | FigureRestated
    | ClaimRestated
    | ScoreConfirmed
    | ScoreAdjusted
    | AdjustmentCountersigned
    | AdjustmentWithdrawn
    | BonusRecognised
    | BonusRefused
    | PenaltyRecorded
    | FindingRaised
    | RecommendationMade
    | DraftSent
    | ResultIssued
    | ResultReceived
    | ResultCorrected
    | ResultPublished
)
Event = RegisterEvent | RubricEvent | CaseEvent
