"""Practice ledgers (演示记录库): nothing in them is real, and all that leaves them says so.

The first entry of a ledger says that it is for practice (`AccountOpened.practice`); no command can
say so later, and none can take it back. The name of its log begins with `MARK`, so that it is in
the signed bytes of every checkpoint, and with them in every receipt, dossier and time stamp.
"""

from collections.abc import Iterable
from typing import Final

from ledger import terms
from ledger.envelope import REGISTER, RecordedEvent
from ledger.events import AccountOpened
from ledger.language import Text
from ledger.log.tree import ProofError
from ledger.problem import Mendable

MARK: Final = f"{terms.PRACTICE.en}/"
"""How the name of the log of a practice ledger begins, and that of no other log."""

NOT_REAL: Final = Text(
    f"{terms.PRACTICE.zh}记录库，所记均为练习，不作任何依据",
    f"{terms.PRACTICE.en} ledger: nothing in it is real, and nothing can be based on it",
)
"""What pages, papers and reports of such a ledger say."""


class OnlyPractice(Mendable):
    """It is of a practice ledger, and something real was asked for; or the reverse."""


def is_practice(register: Iterable[RecordedEvent]) -> bool:
    """Whether a ledger is for practice, by its register, oldest first."""
    first = next(iter(register), None)
    if first is None or (first.case, first.version) != (REGISTER, 1):
        return False
    return isinstance(first.event, AccountOpened) and first.event.practice


def is_marked(origin: str) -> bool:
    """Whether the name of a log says that it is for practice."""
    return origin.startswith(MARK)


def marked_name(name: str) -> str:
    """The name of the log of a practice ledger."""
    return name if is_marked(name) else f"{MARK}{name}"


def differs(origin: str, *, practice: bool) -> Text | None:
    """How the name of a log and the first entry of its ledger contradict each other."""
    if is_marked(origin) == practice:
        return None
    zh, en = terms.PRACTICE
    if practice:
        return Text(
            f"{zh}记录库的日志名称须以 {MARK} 开头，不能是 {origin}",
            f"the log of a {en} ledger must be named {MARK}…, not {origin}",
        )
    return Text(
        f"日志名称 {origin} 属{zh}记录库，而记录库的首条没有写明是{zh}",
        f"the log's name {origin} is that of a {en} ledger, but its first entry does not say so",
    )


def must_agree(origin: str, *, practice: bool) -> None:
    """Check that the name of a log and the first entry of its ledger say the same.

    Raises:
        ProofError: they do not.
    """
    if why := differs(origin, practice=practice):
        raise ProofError(*why)


def must_be_asked_for(origin: str, *, practice: bool) -> None:
    """Take what is of a practice ledger for practice only, and what is real for nothing else.

    Args:
        origin: the name of its log.
        practice: whether something of a practice ledger was asked for.

    Raises:
        OnlyPractice: it is the other one.
    """
    if is_marked(origin) == practice:
        return
    zh, en = terms.PRACTICE
    if practice:
        raise OnlyPractice(
            f"日志 {origin} 不是{zh}记录库的：所核验的不是{zh}。请按真实的核验。",
            f"The log {origin} is not that of a {en} ledger: this is not {en}. Verify it as real.",
            rule="not-practice",
        )
    raise OnlyPractice(
        f"{zh}，不是真实的：日志 {origin} 属于{NOT_REAL.zh}。确要核验{zh}内容的，请写明。",
        f"{en}, NOT REAL: {origin} is the log of a {NOT_REAL.en}. Say so if you mean to verify"
        f" {en}.",
        rule="practice",
    )
