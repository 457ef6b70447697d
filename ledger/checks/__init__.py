"""Checks: what the record, the figures and the documents promise, each looked at by one function.

A check is a pure function from a papers to findings, named after what it finds. All of them run,
always, and every finding is reported: none hides another. Nothing here changes a score.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from ledger.checks import (
    bonus,
    declared,
    documents,
    figures,
    record,
    scores,
    standard,
    statements,
    timing,
)
from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import SEVERITIES, Discrepancy, Severity, distinct
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.values import Instant

__all__ = ["CHECKS", "SEVERITIES", "Check", "Discrepancy", "Severity", "check_case", "name_of"]

Check = Callable[[CaseFile], Iterable[Discrepancy]]

RECORD: Final[tuple[Check, ...]] = (
    record.out_of_order,
    record.not_entitled,
    record.not_registered,
    record.not_justified,
    record.award_off_scale,
    record.discretion_unsigned,
    record.signed_by_author,
    record.moved_after_issue,
    record.out_of_turn,
    record.incomplete,
    record.print_unexplained,
    record.not_what_rules_give,
    record.refused_by_rule,
    record.refused_by_later_rules,
    timing.recorded_late,
    timing.dated_ahead,
    timing.recorded_in_the_future,
    timing.no_consultation,
)
"""These need no rubric."""

CONTENT: Final[tuple[Check, ...]] = (
    scores.printed_totals,
    scores.claim_above_rule,
    scores.award_off_the_rule,
    scores.award_without_clause,
    scores.rule_undecided,
    scores.raised_above_claim,
    scores.total_hides_moves,
    scores.claim_restated,
    scores.cut_without_finding,
    scores.cut_off_the_steps,
    scores.evidence_cut_once,
    bonus.bonus_beyond_cap,
    bonus.bonus_left_out,
    bonus.rate_with_bonus,
    documents.figure_restated,
    documents.target_changed,
    documents.figure_dropped,
    documents.goal_not_submitted,
    documents.scope_differs,
    documents.scope_differs_value_same,
    figures.finer_than_unit,
    figures.decided_by_a_hair,
    figures.negative_duration,
    figures.duration_too_long,
    figures.date_after_document,
    figures.one_thing_two_names,
    figures.actual_repeats_target,
    figures.goal_without_grade,
    figures.goal_overshot,
    figures.award_by_fewer_goals,
    declared.sum_does_not_hold,
    declared.printed_rate,
    declared.printed_rate_against_score,
    declared.copies_differ,
    declared.count_differs,
    declared.net_hides_parts,
    declared.net_printed_as_rate,
    declared.addition_not_reported,
    statements.said_in_order,
    statements.said_at_fault,
    statements.fact_treated_twice,
    statements.party_misnamed,
    statements.printed_actual_repeats_target,
    statements.bonus_off_the_standard,
    standard.band_gap,
    standard.tie_undefined,
    standard.repeated_name,
)
"""These need a pinned rubric."""

CHECKS: Final[tuple[Check, ...]] = (*RECORD, *CONTENT)


def name_of(check: Check) -> str:
    """What a check is called in a finding: `claim-above-rule`."""
    return str(getattr(check, "__name__", "")).replace("_", "-")


def check_case(
    history: Sequence[RecordedEvent],
    editions: Editions,
    record: Sequence[RecordedEvent] | None = None,
    register: Sequence[RecordedEvent] = (),
    now: Instant | None = None,
) -> list[Discrepancy]:
    """Every finding of every check, in the order of `CHECKS`.

    Args:
        history: the events that count, in version order.
        editions: of the rubric that the case pins.
        record: the whole record, where the history leaves out events in the middle, as a point by
            business date does; what can only be judged without gaps is judged by it.
        register: the history of the accounts, to compare who acted with.
        now: the moment, to compare with when events were recorded.
    """
    papers = CaseFile(history, editions, record, register, now)
    return [
        replace(finding, check=name_of(check), documents=distinct(finding.documents))
        for check in (CHECKS if papers.is_pinned else RECORD)
        for finding in check(papers)
    ]
