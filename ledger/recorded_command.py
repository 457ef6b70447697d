"""Recorded commands (一次操作): the events of each, and the command that they came from."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET

from ledger.author_proofs import by_command
from ledger.case import History
from ledger.commands import COMMANDS, CaseCommand
from ledger.envelope import RecordedEvent
from ledger.events import (
    AppealDecided,
    AppealLodged,
    BonusRecognised,
    Event,
    FigureRestated,
    ObjectionAnswered,
    PenaltyRecorded,
    ResultCorrected,
    ScoreAdjusted,
)
from ledger.stored_struct import left_out

COMMAND_OF: Final[Mapping[str, str]] = {
    "CaseOpened": "open-case",
    "RubricPinned": "pin-rubric",
    "RubricRepinned": "repin-rubric",
    "ReviewCommissioned": "commission-review",
    "WorkAssigned": "assign-work",
    "AccountRecused": "recuse-account",
    "DocumentRegistered": "register-document",
    "UnitListed": "list-unit",
    "ScopeDefined": "define-scope",
    "StatementMade": "make-statement",
    "SubtotalPrinted": "print-subtotal",
    "MaterialPublished": "publish-material",
    "FigureSubmitted": "submit-figure",
    "FigureWithdrawn": "withdraw-figure",
    "EvidenceFiled": "file-evidence",
    "ScoreClaimed": "claim-score",
    "BonusClaimed": "claim-bonus",
    "SelfEvaluationSubmitted": "submit-self-evaluation",
    "SubmissionReturned": "return-submission",
    "FigureRestated": "restate-figure",
    "FigureConfirmed": "confirm-figure",
    "ClaimRestated": "restate-claim",
    "ScoreConfirmed": "confirm-score",
    "ScoreAdjusted": "adjust-score",
    "IndicatorExcluded": "exclude-indicator",
    "AdjustmentCountersigned": "countersign-adjustment",
    "ReasonAmended": "amend-reason",
    "AdjustmentWithdrawn": "withdraw-adjustment",
    "BonusRecognised": "recognise-bonus",
    "BonusRefused": "refuse-bonus",
    "PenaltyRecorded": "record-penalty",
    "FindingRaised": "raise-finding",
    "RecommendationMade": "make-recommendation",
    "DraftSent": "send-draft",
    "ObjectionRaised": "raise-objection",
    "ObjectionAnswered": "answer-objection",
    "ReportDelivered": "deliver-report",
    "ResultIssued": "issue-result",
    "ResultReceived": "record-receipt",
    "ResultCorrected": "correct-result",
    "ResultPublished": "publish-result",
    "AppealLodged": "lodge-appeal",
    "AppealWithdrawn": "withdraw-appeal",
    "AppealDecided": "decide-appeal",
    "RectificationRequested": "request-rectification",
    "RectificationResponded": "respond-rectification",
    "RectificationReturned": "return-rectification",
    "RectificationAccepted": "accept-rectification",
    "DeadlineExtended": "extend-deadline",
    "EvidenceErased": "erase-evidence",
    "RetentionSet": "set-retention",
    "DestructionProposed": "propose-destruction",
    "DestructionAppraised": "appraise-destruction",
    "DestructionDecided": "decide-destruction",
    "CaseClosed": "close-case",
    "ReopeningRequested": "request-reopening",
    "CaseReopened": "reopen-case",
    "DossierIssued": "issue-dossier",
}
"""By the name of an event, the command that makes it."""


class RecordedCommand(tuple[RecordedEvent, ...]):  # noqa: SLOT001 - it keeps its command
    """The events of a stream that one command recorded, in order."""

    @cached_property
    def events(self) -> list[Event]:
        """What happened."""
        return [recorded.event for recorded in self]

    @cached_property
    def command(self) -> CaseCommand:
        """The command that they must have come from, in a case, see `command_of`."""
        return command_of(self.events)


class RecordedStream(History):
    """The events of a stream and the commands that recorded them."""

    @cached_property
    def commands(self) -> list[RecordedCommand]:
        """Each with its events."""
        return [*map(RecordedCommand, by_command(self))]


def command_of(events: Sequence[Event]) -> CaseCommand:
    """The command that events of a case must have come from.

    Raises:
        ValidationError: no command could have led to them.
    """
    # A decision after issue comes after the figures that it depends on, all others before the rest.
    last = events[-1]
    event = last if isinstance(last, ResultCorrected | AppealDecided) else events[0]
    kind = COMMANDS[COMMAND_OF[type(event).__name__]]
    may_be_unset = left_out(kind)  # and leave no trace in the events then
    fields: dict[str, Any] = {
        name: value
        for name in kind.__struct_fields__
        if (value := getattr(event, name, UNSET)) is not UNSET
        and (value or name not in may_be_unset)
    }
    if (item := getattr(event, "item", None)) and "indicator" in fields:
        fields["indicator"] = item
    if isinstance(event, AppealLodged):
        fields["indicators"] = tuple(contest.name for contest in event.contests)
    elif isinstance(event, AppealDecided):
        fields["awards"] = tuple(
            {"indicator": ruling.item or ruling.indicator, "award": ruling.award}
            for ruling in event.rulings
        )
    elif isinstance(event, ObjectionAnswered) and isinstance(last, ScoreAdjusted):
        for name in ("award", "clause", "ground", "evidence"):
            fields[name] = getattr(last, name)
    elif isinstance(event, ObjectionAnswered) and isinstance(
        last, BonusRecognised | PenaltyRecorded
    ):
        fields |= {"award": last.points, "clause": last.clause, "evidence": last.evidence}
    restated = [event.figure for event in events[:-1] if isinstance(event, FigureRestated)]
    if event is last and restated:
        fields["figures"] = tuple(
            {"figure": figure.id, "value": figure.value} for figure in restated
        )
    return cast("CaseCommand", msgspec.convert(fields, kind))
