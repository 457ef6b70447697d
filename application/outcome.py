"""Outcome (结果): what kind of problem ended a use case; a door makes a code or status of it."""

from typing import Final, Literal

from ledger import refusals, store
from ledger.ledger import EnvelopeRefused
from ledger.practice import OnlyPractice
from ledger.problem import Fault, Mendable, Problem
from ledger.refusals import CommandRefused

Outcome = Literal["refused", "unusable", "broken", "conflict", "unreachable", "practice"]

# The first class that fits decides; the last two lines catch what has no line of its own.
OUTCOMES: Final[tuple[tuple[type[Problem], Outcome], ...]] = (
    (CommandRefused, "refused"),
    (EnvelopeRefused, "refused"),
    (store.LedgerExists, "refused"),
    (store.LedgerNotEmpty, "refused"),
    (store.FrozenLedger, "refused"),
    (store.VersionConflict, "conflict"),
    (store.RecordedBefore, "refused"),
    (store.LockTimeout, "conflict"),
    (store.DatabaseDamaged, "broken"),
    (store.LedgerNotFound, "unusable"),
    (store.SchemaMismatch, "unusable"),
    (store.TooLarge, "unusable"),
    (store.StoreError, "unreachable"),
    (OnlyPractice, "practice"),
    (Mendable, "unusable"),
    (Fault, "broken"),
)


def outcome_of(problem: Problem) -> Outcome:
    """What kind of problem it is.

    Returns:
        `refused` by a rule, nothing written; `unusable` input, nothing written; `broken` integrity,
            or a recorded command although what was to follow it failed; `conflict`: somebody else
            was faster, try again; `unreachable` database; `practice` where something real was asked
            for, or the reverse.
    """
    if problem.rule == refusals.MOVED_ON:
        return "conflict"
    return next(outcome for kind, outcome in OUTCOMES if isinstance(problem, kind))
