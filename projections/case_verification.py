"""Verification of what is made of the record, once its bytes hold.

Steps, after those of `ledger/log_verification.py`:

9. every act of a case is one that the rules let pass, and they make of it the very events that are
   recorded: justifications, second signatures, totals and grades among them;
10. the bridges to the score that stands, from the claims and from the review's own table, add up;
11. the tables of the portfolio are what a replay gives.

Where bytes hold and rules do not, an entry was written past the program or by another version of
it. `rules` says that the program of today refuses the act, `drift` that it makes something else.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final, get_args

from ledger.checks.rule_compliance import DIFFERS, RuleViolation, irregularities
from ledger.editions import Editions
from ledger.entry_verification import VerificationFailure, fact
from ledger.envelope import RecordedEvent
from ledger.language import Text
from ledger.log_verification import Verification
from ledger.refusals import CommandRefused
from ledger.values import Invalid
from projections.as_of import at
from projections.bridge import bridge
from projections.portfolio.catch_up import ProjectionMismatch
from projections.score_sheet import Baseline

_BASELINES: Final[tuple[Baseline, ...]] = get_args(Baseline)


def verify_case(result: Verification, record: Sequence[RecordedEvent], editions: Editions) -> None:
    """Check that a case is what the rules make of it; add the breaks to the result.

    Args:
        result: to be added to.
        record: every event of the case. Its bytes hold.
        editions: of the rubric that it pins.
    """
    # 9. Every act again, of the case as it stood.
    result.breaks += map(_irregular, irregularities(record, editions))
    # 10. Every hundredth between the first score and the one that stands.
    for baseline, rest in _residuals(record, editions):
        result.breaks.append(_unexplained(record[-1], baseline, rest))


def verify_portfolio(result: Verification, found: ProjectionMismatch) -> None:
    """Add what a table of the portfolio says that a replay does not."""
    if found.column:
        zh = f"{found.column} 是 {found.kept}，重算得 {found.replayed}"
        en = f"{found.column} is {found.kept}, a replay gives {found.replayed}"
    else:
        zh, en = "有一行多余、重复或缺少", "a row is missing or too many"
    result.breaks.append(
        VerificationFailure(
            kind="portfolio",
            where=" ".join(part for part in (found.case, found.table, found.row) if part),
            message=Text(zh, en),
            affects=Text(
                "评价总览的这一处；记录本身不受影响，总览表可以重做",
                "this place of the portfolio; the record itself holds, and the tables can be"
                " rebuilt",
            ),
        )
    )


def _residuals(
    record: Sequence[RecordedEvent], editions: Editions
) -> Iterator[tuple[Baseline, Decimal]]:
    """What the steps to the last score leave unexplained, where they leave anything."""
    # Without a self-evaluation or a rubric there is no score to explain yet; where a rubric is
    # pinned that was never published, step 9 has said so.
    with suppress(Invalid, CommandRefused):
        start, end = at(record, editions, "self"), at(record, editions)
        for baseline in _BASELINES:
            if rest := bridge(start, end, baseline).residual:
                yield baseline, rest


def _irregular(one: RuleViolation) -> VerificationFailure:
    kind, message = "drift", one.text
    if one.rule != DIFFERS:
        kind = "rules"
        message = Text(
            f"本程序的规则（{one.rule}）不容许：{one.text.zh}",
            f"the rules of this program ({one.rule}) refuse it: {one.text.en}",
        )
    return VerificationFailure(
        kind=kind, where=_where(one.recorded), message=message, affects=fact(one.recorded)
    )


def _unexplained(last: RecordedEvent, baseline: Baseline, rest: Decimal) -> VerificationFailure:
    return VerificationFailure(
        kind="bridge",
        where=_where(last),
        message=Text(
            f"得分变动（{baseline}）各步加起来还差 {rest}",
            f"the steps of the bridge ({baseline}) leave {rest}",
        ),
        affects=Text(f"{last.case} 的得分变动", f"the bridge of {last.case}"),
    )


def _where(recorded: RecordedEvent) -> str:
    return f"#{recorded.position} {recorded.case} v{recorded.version}"
