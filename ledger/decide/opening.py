"""Opening a case: unit, rubric, agency."""

from decimal import Decimal

from ledger.case import Case
from ledger.commands import (
    CommandRefused,
    CommissionReview,
    OpenCase,
    PinRubric,
    RepinRubric,
)
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
from ledger.rubric import Indicator, Rubric
from ledger.rules.rule import half_up


def open_case(command: OpenCase, case: Case) -> list[CaseEvent]:
    """Begin a case."""
    if case.opened is not None:
        raise CommandRefused(
            "case-exists",
            f"评价事项 {case.id} 已存在；请换一个编号",
            f"the case {case.id} exists already; choose another id",
        )
    return [
        CaseOpened(
            title=command.title,
            year=command.year,
            unit=command.unit,
            unit_name=command.unit_name,
            bureau=command.bureau,
            bureau_name=command.bureau_name,
            notice=command.notice,
        )
    ]


def pin_rubric(command: PinRubric, case: Case, editions: Editions) -> list[CaseEvent]:
    """Pin a published edition, once."""
    must_be(case, "open")
    if case.pinned is not None:
        raise CommandRefused(
            "rubric-pinned",
            f"已选定 {case.pinned.rubric} 的 {case.pinned.edition} 版；一个评价事项只用这一版",
            f"edition {case.pinned.edition} of {case.pinned.rubric} is pinned already;"
            " the case keeps it",
        )
    sha256 = editions.digest(command.edition)
    return [RubricPinned(rubric=command.rubric, edition=command.edition, sha256=sha256)]


def commission_review(command: CommissionReview, case: Case) -> list[CaseEvent]:
    """Name the agency; it is not the unit, and not changed once it has begun."""
    must_be(case, "open", "submitted")
    if command.agency == case.unit:
        raise CommandRefused(
            "own-review",
            "核查机构不能是被评价单位自己；请委托另一家机构",
            "the reviewed unit cannot be its own reviewing agency; commission another one",
        )
    if case.commissioned is not None and (case.awards or case.excluded):
        raise CommandRefused(
            "review-begun",
            f"{case.agency} 已开始核查，不能换机构",
            f"{case.agency} has begun the review; the agency cannot be changed",
        )
    return [
        ReviewCommissioned(
            agency=command.agency, agency_name=command.agency_name, number=command.number
        )
    ]


def repin_rubric(command: RepinRubric, case: Case, editions: Editions) -> list[CaseEvent]:
    """Score the case by another edition; nothing that stands may lose its place in it.

    Raises:
        CommandRefused: not before issue, unknown or the same edition, a score that the new edition
            has no room for, or a new row that the unit can no longer claim.
    """
    must_be(case, "open", "submitted", "draft")
    pinned_rubric(case, editions)
    pinned = case.pinned
    assert pinned  # noqa: S101 - pinned_rubric has seen to it
    if command.edition == pinned.edition:
        raise CommandRefused(
            "rubric-pinned",
            f"现在用的就是 {pinned.edition} 版；请写另一版",
            f"edition {pinned.edition} is pinned already; name another one",
        )
    corrected = editions.rubric(command.edition)
    if corrected.scale != editions.rubric(pinned.edition).scale:
        raise CommandRefused(
            "other-scale",
            f"{command.edition} 版的小数位数不同，已有的得分没法照原样放进去；请用位数相同的一版",
            f"edition {command.edition} has another number of decimals, which scores that stand"
            " would not fit; name one with the same",
        )
    if misfits := _misfits(case, corrected):
        raise CommandRefused(
            "misfit",
            f"{command.edition} 版容不下已有的得分：{'、'.join(misfits)}；请先撤回或退回",
            f"edition {command.edition} has no room for scores that stand:"
            f" {', '.join(misfits)}; withdraw or return them first",
        )
    lacking = [row for row in corrected.by_id if row not in case.claims]
    if lacking and case.stage != "open":
        raise CommandRefused(
            "claims-missing",
            f"{command.edition} 版多出没有自评得分的项：{'、'.join(lacking)}；请先退回自评",
            f"edition {command.edition} has rows without a claim: {', '.join(lacking)};"
            " return the self-evaluation first",
        )
    return [
        RubricRepinned(
            rubric=pinned.rubric,
            previous_edition=pinned.edition,
            previous_sha256=pinned.sha256,
            edition=command.edition,
            sha256=editions.digest(command.edition),
            number=command.number,
            reason=command.reason,
        )
    ]


def _misfits(case: Case, rubric: Rubric) -> list[str]:
    """Rows and items that stand and that a rubric has no room for."""
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
