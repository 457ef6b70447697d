"""What the record must never contain: wrong order, rights, justifications, signatures."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy
from ledger.checks.every_stream import of_strangers
from ledger.checks.rule_compliance import DIFFERS, RuleViolation
from ledger.events import AccountRecused
from ledger.language import Text, counted
from ledger.values import AccountId

RIGHTS: Final = frozenset({"role", "organisation", "no-agency"})
WORDS: Final = frozenset({"justification"})
SCALE: Final = frozenset({"score-range", "score-scale"})
DISCRETION: Final = frozenset(
    {"discretion", "unstated", "awards-unstated", "exclusion-unstated", "not-countersigned"}
)
OWN: Final = frozenset({"own-award", "own-request"})
RECUSED: Final = frozenset({"recused"})
INCOMPLETE: Final = frozenset({"claims-missing", "claims-missing-in-edition", "awards-missing"})
PRINTED: Final = frozenset({"printed-differs"})
STAGE: Final = frozenset({"stage"})
NAMED: Final = frozenset({DIFFERS}).union(
    *(RIGHTS, WORDS, SCALE, DISCRETION, OWN, RECUSED, INCOMPLETE, PRINTED, STAGE)
)
"""Rules with a check of their own; all others are reported by `refused_by_rule`."""


def _found(case_file: CaseFile, wanted: Callable[[RuleViolation], bool]) -> Iterator[Discrepancy]:
    for violation in case_file.irregular:
        if wanted(violation):
            version, name = violation.recorded.version, violation.recorded.type
            message = Text(
                f"第 {version} 条 {name}：{violation.text.zh}",
                f"event {version} {name}: {violation.text.en}",
            )
            indicator = getattr(violation.recorded.event, "indicator", None)
            yield Discrepancy("error", message, indicator, (version,))


def out_of_order(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Versions follow one another without gaps, of one case, and time does not run backwards."""
    for before, after in pairwise(case_file.record):
        if after.version != before.version + 1 or after.case != before.case:
            message = Text(
                f"{before.case} 第 {before.version} 条之后是 {after.case} 第 {after.version} 条",
                f"{before.case}: event {before.version} is followed by event {after.version} of"
                f" {after.case}",
            )
            yield Discrepancy("error", message, events=(before.version, after.version))
        if after.at < before.at:
            message = Text(
                f"第 {after.version} 条记录于 {after.at}，早于前一条的 {before.at}",
                f"event {after.version} was recorded at {after.at}, before the preceding one,"
                f" {before.at}",
            )
            yield Discrepancy("error", message, events=(before.version, after.version))


def not_entitled(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Each command is by a role and an organisation that may do it."""
    return _found(case_file, lambda one: one.rule in RIGHTS)


def not_registered(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Every author had the account, the organisation and the role at the time."""
    if case_file.accounts is None:
        return
    for violation in of_strangers(case_file.record, case_file.accounts):
        version = violation.recorded.version
        message = Text(
            f"第 {version} 条{violation.text.zh}", f"event {version} {violation.text.en}"
        )
        yield Discrepancy("error", message, events=(version,))


def not_justified(case_file: CaseFile) -> Iterator[Discrepancy]:
    """An adjustment says why."""
    return _found(case_file, lambda one: one.rule in WORDS)


def award_off_scale(case_file: CaseFile) -> Iterator[Discrepancy]:
    """A score lies within 0 and the weight and is no finer than the rubric's scale."""
    return _found(case_file, lambda one: one.rule in SCALE)


def discretion_unsigned(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Discretion names a clause or a ground, and a second person signs before it goes out."""
    return _found(case_file, lambda one: one.rule in DISCRETION)


def signed_by_author(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Nobody signs or decides on an award or a request of their own."""
    return _found(case_file, lambda one: one.rule in OWN)


def recused(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Accounts that are recused from a case, or have an interest in its unit, do nothing in it."""
    return _found(case_file, lambda one: one.rule in RECUSED)


def acted_before_recusal(case_file: CaseFile) -> Iterator[Discrepancy]:
    """What the holder of an account did in a case before they were recused from it."""
    for version, account, persons in _recusals(case_file):
        earlier = tuple(
            recorded.version
            for recorded in case_file.history
            if recorded.by.account in persons
            and not isinstance(recorded.event, AccountRecused)
            and (version is None or recorded.version < version)
        )
        if earlier:
            message = Text(
                f"{account} 回避之前已办理 {len(earlier)} 项，请复核是否受影响",
                f"{account} had recorded {counted(len(earlier), 'event')} before the recusal; see"
                " whether they are affected",
            )
            yield Discrepancy("note", message, events=earlier)


def _recusals(
    case_file: CaseFile,
) -> Iterator[tuple[int | None, AccountId, frozenset[AccountId]]]:
    """Each recusal: its version where the case records it, the account, and all of its holder."""
    known = case_file.accounts
    for version, event in case_file.of(AccountRecused):
        now = known.account(event.account, None) if known else None
        yield version, event.account, now.persons if now else frozenset({event.account})
    if known is not None:
        for account in sorted({recorded.by.account for recorded in case_file.history}):
            now = known.account(account, None)
            if (
                now
                and case_file.case.unit in now.conflicts
                and account not in case_file.case.recused
            ):
                yield None, account, frozenset({account})


def moved_after_issue(case_file: CaseFile) -> Iterator[Discrepancy]:
    """After issue no score moves but by a correction or an appeal's decision."""
    issued = {"issued", "closed"}
    return _found(case_file, lambda one: one.rule in STAGE and one.moves and one.stage in issued)


def out_of_turn(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Every command is done at its stage of the case."""
    issued = {"issued", "closed"}
    return _found(
        case_file, lambda one: one.rule in STAGE and not (one.moves and one.stage in issued)
    )


def incomplete(case_file: CaseFile) -> Iterator[Discrepancy]:
    """Nothing is submitted without its claims, and nothing goes out without its awards."""
    return _found(case_file, lambda one: one.rule in INCOMPLETE)


def print_unexplained(case_file: CaseFile) -> Iterator[Discrepancy]:
    """A result that is printed differently from what the awards give says why."""
    return _found(case_file, lambda one: one.rule in PRINTED)


def not_what_rules_give(case_file: CaseFile) -> Iterator[Discrepancy]:
    """What an event records besides what was asked for is the result of the rules."""
    return _found(case_file, lambda one: one.rule == DIFFERS)


def refused_by_later_rules(case_file: CaseFile) -> Iterator[Discrepancy]:
    """A command that the rules of its time let pass, and that a stricter edition would refuse."""
    for violation in case_file.refused_today:
        version, name, rules = (
            violation.recorded.version,
            violation.recorded.type,
            violation.recorded.rules,
        )
        message = Text(
            f"第 {version} 条 {name} 按第 {rules} 版规则记录，"
            f"今天的规则不容许：{violation.text.zh}",
            f"event {version} {name} was recorded under edition {rules} of the rules; today's"
            f" refuse it: {violation.text.en}",
        )
        indicator = getattr(violation.recorded.event, "indicator", None)
        yield Discrepancy("note", message, indicator, (version,))


def refused_by_rule(case_file: CaseFile) -> Iterator[Discrepancy]:
    """No event is recorded that any other rule of the program refuses."""
    return _found(case_file, lambda one: one.rule not in NAMED)
