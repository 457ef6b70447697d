"""The result: issue, receipt, correction by a numbered document."""

from ledger import refusals
from ledger.case import Case
from ledger.commands import (
    CorrectResult,
    DeliverReport,
    IssueResult,
    PublishResult,
    RecordReceipt,
)
from ledger.decide.preconditions import (
    decided,
    must_be,
    must_be_filed,
    must_be_printable,
    pinned_rubric,
    restated_for,
    scaled_score,
    totals_to_go_out,
)
from ledger.editions import Editions
from ledger.events import (
    CaseEvent,
    ReportDelivered,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
)
from ledger.every_command import event_of, must_be_registered
from ledger.rule_editions import RuleEdition


def deliver_report(command: DeliverReport, case: Case) -> list[CaseEvent]:
    """Hand over the report, before a result is issued."""
    must_be(case, "submitted", "draft")
    must_be_registered(command.document, case)
    must_be_printable(command.printed_total)
    return [event_of(ReportDelivered, command)]


def issue_result(command: IssueResult, case: Case, editions: Editions) -> list[CaseEvent]:
    """Issue the result; where print and computation differ, the difference is explained."""
    must_be(case, "submitted", "draft")
    if waiting := [name for name, one in case.objections.items() if not one.answered]:
        raise refusals.objection_open(case.id, waiting)
    totals = totals_to_go_out(case, pinned_rubric(case, editions))
    must_be_printable(command.printed_total)
    grade = totals.grade or ""
    differs = command.printed_total != totals.total or command.printed_grade not in {"", grade}
    if differs and not command.difference.strip():
        raise refusals.printed_differs(
            case.id,
            f"{command.printed_total} {command.printed_grade}".rstrip(),
            f"{totals.total} {grade}".rstrip(),
        )
    return [
        event_of(
            ResultIssued,
            command,
            computed_total=totals.total,
            computed_grade=grade,
            difference=command.difference if differs else "",
        )
    ]


def record_receipt(command: RecordReceipt, case: Case) -> list[CaseEvent]:
    """Record when the unit received the result, once."""
    must_be(case, "issued")
    if case.received is not None:
        raise refusals.already_received(case.id, case.received)
    return [event_of(ResultReceived, command)]


def correct_result(
    command: CorrectResult, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Correct an issued award, or what a bonus or penalty item counts, with its figures if any."""
    must_be(case, "issued")
    rubric = pinned_rubric(case, editions)
    issued = decided(case, rubric, command.indicator, rules)
    award = scaled_score(rubric, command.award, issued.most, issued.label)
    if issued.score == award and issued.applies:
        raise refusals.no_change(command.indicator, award)
    must_be_filed(case, command.evidence)
    return [
        *restated_for(case, command, rules),
        event_of(
            ResultCorrected,
            command,
            indicator=issued.indicator,
            before=issued.score,
            award=award,
            item=issued.item,
            penalty=issued.penalty,
        ),
    ]


def publish_result(command: PublishResult, case: Case) -> list[CaseEvent]:
    """Record where the result was made public."""
    must_be(case, "issued", "closed")
    return [event_of(ResultPublished, command)]
