"""Every check at every stage of a life with an objection, a correction and an upheld appeal.

What a check says must not depend on how far the case has come, unless what came later settles it.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import pytest

from ledger.checks import CATALOGUE
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import (
    AppealDecided,
    AppealLodged,
    DraftSent,
    EvidenceFiled,
    ObjectionAnswered,
    ObjectionRaised,
    ResultCorrected,
    ResultIssued,
    ResultReceived,
    RubricPinned,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
)
from tests.ledger.checks.test_every_check import PAIRS, Pair
from tests.support.clean_case import CLEAN, lived_on, outcomes, told

pytestmark = pytest.mark.slow

History = Sequence[RecordedEvent]
STAGES: Final = (
    RubricPinned,
    EvidenceFiled,
    ScoreClaimed,
    SelfEvaluationSubmitted,
    ScoreConfirmed,
    DraftSent,
    ObjectionRaised,
    ObjectionAnswered,
    ResultIssued,
    ResultCorrected,
    ResultReceived,
    AppealLodged,
    AppealDecided,
)
"""The last event of each of these kinds ends a stage."""


def stages(history: History) -> Iterator[tuple[str, History]]:
    """The history up to the end of each stage that it has come to."""
    for kind in STAGES:
        ends = [one.version for one in history if isinstance(one.event, kind)]
        if ends:
            yield kind.__name__, history[: ends[-1]]


def found_at(check: str, history: History, editions: Editions) -> list[str]:
    """The stages at whose end a check finds something."""
    return [stage for stage, part in stages(history) if outcomes(check, part, editions)]


@cache
def clean() -> tuple[list[RecordedEvent], Editions]:
    return lived_on(CLEAN)


CORRECTED: Final = ("ResultCorrected", "ResultReceived", "AppealLodged")
"""From a correction that takes a point until the appeal gives it back."""

OF_THE_CORRECTION: Final = {"award-off-the-rule", "cut-without-finding", "evidence-cut-once"}
"""What the checks name of it, as long as it holds. It is wrong."""

OF_AWARDS: Final = OF_THE_CORRECTION | {
    "awarded-total-by-standard",
    "duration-too-long",
    "total-hides-moves",
}
"""What depends on the score that is corrected meanwhile."""

SETTLED_BY: Final = {
    # While it is filled in, what is handed in with it is not there yet.
    "count-differs": "SelfEvaluationSubmitted",
    "scopes-mixed": "SelfEvaluationSubmitted",
    # The unit's own mistakes are named until the review has decided.
    "claim-above-rule": "ScoreConfirmed",
    "claim-below-rule": "ScoreConfirmed",
    "full-marks-on-nothing": "ScoreConfirmed",
    "bonus-beyond-cap": "DraftSent",
    "bonus-off-the-standard": "DraftSent",
}
"""The stage at which what one of two neighbours does differently has been done."""


def lasting(check: str, found: Sequence[str]) -> list[str]:
    """The stages without those of the correction, where the check looks at what it changes."""
    return [stage for stage in found if check not in OF_AWARDS or stage not in CORRECTED]


@pytest.mark.parametrize("check", [entry.name for entry in CATALOGUE])
def test_a_clean_case_yields_nothing_at_any_stage(check: str) -> None:
    wrong = list(CORRECTED) if check in OF_THE_CORRECTION else []

    assert found_at(check, *clean()) == wrong


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_what_a_check_finds_it_finds_to_the_end(pair: Pair) -> None:
    history, editions = lived_on(told(**pair.fires))
    found = lasting(pair.check, found_at(pair.check, history, editions))
    come_to = lasting(pair.check, [stage for stage, _ in stages(history)])

    assert found
    assert found == come_to[come_to.index(found[0]) :]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_next_door_a_check_is_quiet_once_that_is_done(pair: Pair) -> None:
    found = lasting(pair.check, found_at(pair.check, *lived_on(told(**pair.quiet))))
    settled = SETTLED_BY.get(pair.check, STAGES[0].__name__)
    names = [kind.__name__ for kind in STAGES]

    assert [stage for stage in found if names.index(stage) >= names.index(settled)] == []


OF_FORGERIES: Final = {
    "acted-before-recusal",
    "award-off-scale",
    "discretion-unsigned",
    "incomplete",
    "moved-after-issue",
    "not-entitled",
    "not-justified",
    "not-registered",
    "not-what-rules-give",
    "out-of-order",
    "out-of-turn",
    "print-unexplained",
    "recorded-in-the-future",
    "recused",
    "refused-by-later-rules",
    "refused-by-rule",
    "signed-by-author",
}
"""No command leads there: `test_forged_histories.py`, `test_rule_editions.py`; and what was done
before a recusal: `test_staffing.py`."""

OF_LATE_STAGES: Final = {"contested-row-moved", "upheld-and-lowered", "deadline-missed"}
"""Only what comes after the draft brings them about: `test_contested.py`, `test_deadlines.py`."""


def test_every_other_check_has_neighbours_to_be_looked_at_by() -> None:
    apart = OF_FORGERIES | OF_LATE_STAGES

    assert {entry.name for entry in CATALOGUE} == {pair.check for pair in PAIRS} | apart
