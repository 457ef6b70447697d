"""Verification of what is made of the record, once its bytes hold.

Steps, after those of `ledger/log_verification.py`:

9. every command of a case, of the register of accounts and of a rubric is one that the rules of its
   time let pass, by somebody whom the register then bore out, under a key of its own; and the rules
   lead to the very events that are recorded: justifications, second signatures, totals and grades,
   digests of rubrics among them;
10. the bridges to the current score, from the claims and from the review's own table, add up;
11. the tables of the portfolio are what a replay gives.

Where bytes hold and rules do not, an entry was written past the program or by another version of
it. `rules` says that the program of today refuses the command, `drift` that it makes something
else.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Final, get_args

from ledger.account_registry import RegisterOverTime
from ledger.checks import every_stream
from ledger.checks.rule_compliance import DIFFERS, RuleViolation, irregularities
from ledger.editions import Editions
from ledger.entry_verification import VerificationFailure, event_break
from ledger.envelope import RecordedEvent
from ledger.language import Text, counted
from ledger.log_verification import Verification, VerificationNote
from ledger.refusals import CommandRefused
from ledger.values import Invalid
from projections.as_of import at
from projections.bridge import residual
from projections.portfolio.catch_up import ProjectionMismatch
from projections.score_sheet import Baseline
from projections.signed_commands import UNCHECKED, count_signed

_BASELINES: Final[tuple[Baseline, ...]] = get_args(Baseline)


KINDS: Final = {rule: kind for kind, rule in every_stream.RULE_OF_FAULT.items()}
"""Breaks about the signatures of authors, which no rule of the process is about."""


def verify_case(
    result: Verification,
    record: Sequence[RecordedEvent],
    editions: Editions,
    register: RegisterOverTime | None,
) -> None:
    """Check that a case is the result of the rules; add the breaks to the result.

    Args:
        result: to be added to.
        record: every event of the case. Its bytes hold.
        editions: of the rubric that it pins.
        register: who could act, at every log position; `None` where nothing is known of it.
    """
    # 9. Every command again, applied to the case at that time.
    result.breaks += map(_irregular, irregularities(record, editions, register=register))
    # 10. Every hundredth between the first score and the current one.
    for baseline, rest in _residuals(record, editions):
        result.breaks.append(_unexplained(record[-1], baseline, rest))


def verify_register(
    result: Verification, record: Sequence[RecordedEvent], signed_from: date | None = None
) -> RegisterOverTime:
    """Check that the accounts are the result of the rules; what all others are judged by."""
    register = RegisterOverTime(record, signed_from)
    _add(result, every_stream.of_register(record), *_of_any(result, record, register))
    return register


def verify_rubric(
    result: Verification, record: Sequence[RecordedEvent], register: RegisterOverTime
) -> None:
    """Check that a rubric was published by those who may, and is what its digests say."""
    _add(result, every_stream.of_rubric(record, register), *_of_any(result, record, register))


def verify_authors(
    result: Verification, record: Sequence[RecordedEvent], register: RegisterOverTime
) -> None:
    """Check that the registry confirms who acted in a case, and the keys of their commands."""
    _add(result, every_stream.of_strangers(record, register), *_of_any(result, record, register))


def _of_any(
    result: Verification, record: Sequence[RecordedEvent], register: RegisterOverTime
) -> tuple[Iterable[every_stream.Violation], ...]:
    """What is asked of every stream; what nothing here can verify is noted, and is not a break."""
    if record and (unchecked := count_signed(record).unchecked):
        message = Text(
            f"有 {unchecked} 个操作的办理人签名未核验：{UNCHECKED.zh}",
            f"the signatures of {counted(unchecked, 'command')} were NOT CHECKED: {UNCHECKED.en}",
        )
        result.notes.append(VerificationNote(record[0].case, message))
    return (
        every_stream.of_keys(record, register),
        every_stream.of_dates(record),
        every_stream.of_frozen(record, register),
    )


def _add(result: Verification, *found: Iterable[every_stream.Violation]) -> None:
    result.breaks += map(_irregular, chain(*found))


def verify_portfolio(result: Verification, found: ProjectionMismatch) -> None:
    """Add what a table of the portfolio says that a replay does not."""
    if found.column:
        zh = f"{found.column} 是 {found.kept}，重算得 {found.replayed}"
        en = f"{found.column} is {found.kept}, a replay gives {found.replayed}"
    else:
        zh, en = "有一行多余、重复或缺失", "a row is missing, extra or repeated"
    result.breaks.append(
        VerificationFailure(
            kind="portfolio",
            where=" ".join(part for part in (found.case, found.table, found.row) if part),
            message=Text(zh, en),
            affects=Text(
                "评价总览的此处；记录本身不受影响，总览表可以重建",
                "this part of the portfolio; the record itself is unaffected, and the tables can"
                " be rebuilt",
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
            if rest := residual(start, end, baseline):
                yield baseline, rest


def _irregular(violation: RuleViolation | every_stream.Violation) -> VerificationFailure:
    kind, message = KINDS.get(violation.rule, "drift"), violation.text
    if violation.rule != DIFFERS and violation.rule not in KINDS:
        kind = "rules"
        message = Text(
            f"本程序的规则（{violation.rule}）不容许：{violation.text.zh}",
            f"the rules of this program ({violation.rule}) refuse it: {violation.text.en}",
        )
    return event_break(kind, violation.recorded, message)


def _unexplained(last: RecordedEvent, baseline: Baseline, rest: Decimal) -> VerificationFailure:
    message = Text(
        f"得分变动（{baseline}）各步合计仍差 {rest}",
        f"the steps of the bridge ({baseline}) leave {rest} unexplained",
    )
    affected = Text(f"{last.case} 的得分变动", f"the bridge of {last.case}")
    return event_break("bridge", last, message, affected)
