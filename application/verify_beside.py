"""What `verify` looks at next to the record: who still seals it, and the tables made of it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from time import sleep
from typing import TYPE_CHECKING, Final

from ledger.entry_verification import VerificationFailure
from ledger.language import Text
from ledger.log_verification import Verification, forgive_unsealed
from ledger.store import ProjectionsDamaged, ReadOnly, Store

if TYPE_CHECKING:
    from projections.portfolio.catch_up import ProjectionMismatch

PAUSE: Final = 0.02
"""Seconds until the next look whether an event has got its position; it usually takes one."""
LOOKS: Final = 100
"""After which it must have got it."""


def pauses(pause: Callable[[float], object] = sleep) -> Iterator[None]:
    """Moments in which an event may get its position."""
    for moment in repeat(PAUSE, LOOKS):
        pause(moment)
        yield


def wait_for_sealer(result: Verification, store: Store, size: int, pauses: Iterable[None]) -> None:
    """Pass over those events that are pending for a server's sequencing process.

    The last ones may have no position yet when the walk begins; they get one soon, after the rest.
    """
    for _ in chain((None,), pauses):
        waiting = {failure.stream for failure in result.breaks if failure.kind == "unsealed"}
        if not waiting:
            return
        rows = (row for stream in waiting for row in store.audit(stream))
        forgive_unsealed(
            result,
            {
                (row.case_id, row.version)
                for row in rows
                if row.position is not None and row.position >= size
            },
        )


def verify_tables(result: Verification, differences: "Iterable[ProjectionMismatch]") -> None:
    """Say where the tables of the portfolio differ from a replay, as far as they can be read.

    Args:
        result: to be added to.
        differences: looked for as they are asked for.
    """
    from projections.case_verification import verify_portfolio  # noqa: PLC0415 - not for the log

    try:
        for found in differences:
            if found.case:
                verify_portfolio(result, found)
            else:  # as after a restore: nobody reads them before they are rebuilt
                result.portfolio_unchecked = Text(
                    "总览表不完整，或属于其他版本、其他历史，下次读取时重建",
                    "it is incomplete, or of another version or history; it will be rebuilt when"
                    " it is next read",
                )
    except ReadOnly:  # an account that may read the record need not have access to the projections
        result.portfolio_unchecked = Text("没有读取权限", "this user has no permission to read it")
    except ProjectionsDamaged as spoiled:
        result.breaks.append(
            VerificationFailure(
                kind="portfolio",
                where="portfolio",
                message=spoiled.text,
                affects=Text(
                    "评价总览；记录本身不受影响", "the portfolio; the record itself is unaffected"
                ),
            )
        )
