"""Opening a case: unit, rubric, agency."""

from decimal import Decimal

from ledger import refusals
from ledger.case import Case
from ledger.commands import CommissionReview, OpenCase, PinRubric, RepinRubric
from ledger.decide.preconditions import (
    must_be,
    pinned_rubric,
)
from ledger.editions import Editions
from ledger.events import (
    CaseEvent,
    CaseOpened,
    ReviewCommissioned,
    RubricPinned,
    RubricRepinned,
)
from ledger.every_command import event_of
from ledger.rubric import Indicator, Rubric
from ledger.rules.rule import half_up


def open_case(command: OpenCase, case: Case) -> list[CaseEvent]:
    """Begin a case."""
    if case.opened is not None:
        raise refusals.case_exists(case.id)
    return [event_of(CaseOpened, command, last_year=command.last_year or None)]


def pin_rubric(command: PinRubric, case: Case, editions: Editions) -> list[CaseEvent]:
    """Pin a published edition, once."""
    must_be(case, "open")
    if case.pinned is not None:
        raise refusals.rubric_pinned(case.id, case.pinned.rubric, case.pinned.edition)
    sha256 = editions.digest(command.edition)
    return [event_of(RubricPinned, command, sha256=sha256)]


def commission_review(command: CommissionReview, case: Case) -> list[CaseEvent]:
    """Name the agency; it is not the unit, and not changed once it has begun."""
    must_be(case, "open", "submitted")
    if command.agency == case.unit:
        raise refusals.own_review(case.id, command.agency)
    if case.commissioned is not None and (case.awards or case.excluded):
        raise refusals.agency_at_work(case.id, case.commissioned.agency)
    return [event_of(ReviewCommissioned, command)]


def repin_rubric(command: RepinRubric, case: Case, editions: Editions) -> list[CaseEvent]:
    """Score the case by another edition; no recorded score may lose its row in it.

    Raises:
        CommandRefused: not before issue, unknown or the same edition, a score that the new edition
            has no room for, or a new row that the unit can no longer claim.
    """
    must_be(case, "open", "submitted", "draft")
    present = pinned_rubric(case, editions)
    pinned = case.pinned
    assert pinned  # noqa: S101 - pinned_rubric has seen to it
    if command.edition == pinned.edition:
        raise refusals.same_edition(case.id, pinned.edition)
    corrected = editions.rubric(command.edition)
    if corrected.scale != present.scale:
        raise refusals.other_scale(command.edition, corrected.scale, pinned.edition, present.scale)
    if misfits := _misfits(case, corrected):
        raise refusals.misfit(command.edition, misfits)
    lacking = [row for row in corrected.by_id if row not in case.claims]
    if lacking and case.stage != "open":
        raise refusals.claims_missing_in_edition(command.edition, lacking)
    return [
        event_of(
            RubricRepinned,
            command,
            rubric=pinned.rubric,
            previous_edition=pinned.edition,
            previous_sha256=pinned.sha256,
            sha256=editions.digest(command.edition),
        )
    ]


def _misfits(case: Case, rubric: Rubric) -> list[str]:
    """Recorded rows and items that do not fit a rubric."""
    scores = [*case.claims.items(), *case.awarded.items()]
    scores += [(row, Decimal(0)) for row in case.excluded]
    rows = [row for row, score in scores if not _fits(rubric, rubric.by_id.get(row), score)]
    if rubric.bonus is None:
        rows += [*case.bonus_claims, *case.bonus]
    if rubric.penalty is None:
        rows += case.penalties
    return list(dict.fromkeys(rows))


def _fits(rubric: Rubric, row: Indicator | None, score: Decimal) -> bool:
    return row is not None and score <= row.weight and half_up(score, rubric.scale) == score
