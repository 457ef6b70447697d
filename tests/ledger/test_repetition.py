"""Commands without a key: what repeats a file is not recorded twice, and what is meant again is."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.case import fold
from ledger.commands import (
    AdjustScore,
    ClaimScore,
    Command,
    CommandEnvelope,
    ConfirmScore,
    CountersignAdjustment,
    ExcludeIndicator,
    GrantRole,
    IssueResult,
    RecogniseBonus,
    RefuseBonus,
    RestateFigure,
    ReturnSubmission,
    RevokeRole,
    SubmitSelfEvaluation,
    WithdrawAdjustment,
)
from ledger.envelope import REGISTER
from ledger.ledger import CommandResult, EnvelopeRefused, Ledger
from ledger.values import Figure
from tests.support.small_case import CASE, CLAIMED, CUT_SERVICE, REVIEWED, SUBMITTED
from tests.support.specification import DAY, Memory, moment, told

Asked = tuple[str, Command]


def cut(award: str, by: str = "reviewer") -> Asked:
    return by, AdjustScore(
        indicator="service", award=Decimal(award), justification="投诉", clause="x"
    )


def keyless(*asked: Asked) -> list[CommandEnvelope]:
    return [CommandEnvelope(case=CASE, by=by, dated=DAY, id=None, command=c) for by, c in asked]


def keyed(one: Asked, key: str) -> CommandEnvelope:
    return CommandEnvelope(case=CASE, by=one[0], dated=DAY, id=key, command=one[1])


def applied(archive: Memory, *asked: Asked) -> list[CommandResult]:
    return Ledger(archive).handle(keyless(*asked), moment(59))


def award(archive: Memory) -> Decimal:
    return fold(Ledger(archive).history(CASE)).awards["service"].score


SEVEN, EIGHT, NINE = cut("7"), cut("8"), cut("9")
SIGN: Final[Asked] = ("lead", CountersignAdjustment(indicator="service"))
BACK: Final[Asked] = ("reviewer", WithdrawAdjustment(indicator="service", reason="有误"))
RETURN: Final[Asked] = ("reviewer", ReturnSubmission(reason="缺材料"))
CLAIM: Final[Asked] = ("filer", ClaimScore(indicator="service", score=Decimal(27)))
CLAIM_LESS: Final[Asked] = ("filer", ClaimScore(indicator="service", score=Decimal(26)))
SUBMIT: Final[Asked] = (
    "filer",
    SubmitSelfEvaluation(printed_base=Decimal(98), printed_total=Decimal(100)),
)


@pytest.fixture
def archive() -> Memory:
    """The small case, submitted."""
    return Memory(told(SUBMITTED))


def test_an_equal_command_after_another_one_is_recorded(archive: Memory) -> None:
    for asked in (SEVEN, EIGHT, SEVEN):
        (result,) = applied(archive, asked)
        assert not result.repeated
        assert result.recorded
    assert award(archive) == 7


def test_an_equal_command_with_nothing_between_is_a_repetition(archive: Memory) -> None:
    (first,) = applied(archive, SEVEN)
    before = list(archive.log)
    (again,) = applied(archive, SEVEN)
    assert again.repeated
    assert [one.version for one in again.recorded] == [one.version for one in first.recorded]
    assert archive.log == before


def test_what_happened_to_other_things_does_not_count(archive: Memory) -> None:
    applied(archive, SEVEN)
    applied(archive, ("reviewer", ConfirmScore(indicator="plan")))
    (again,) = applied(archive, SEVEN)
    assert again.repeated


def test_a_file_with_one_score_and_another_says_both_once(archive: Memory) -> None:
    applied(archive, SEVEN, EIGHT, SEVEN)
    before = list(archive.log)
    assert all(result.repeated for result in applied(archive, SEVEN, EIGHT, SEVEN))
    assert archive.log == before
    assert award(archive) == 7


def test_a_file_that_grew_records_what_is_new(archive: Memory) -> None:
    applied(archive, SEVEN, EIGHT)
    results = applied(archive, SEVEN, EIGHT, NINE, SEVEN)
    assert [result.repeated for result in results] == [True, True, False, False]
    assert award(archive) == 7


def test_a_signature_is_repeated_only_while_it_holds(archive: Memory) -> None:
    applied(archive, SEVEN)
    applied(archive, SIGN)
    assert applied(archive, SIGN)[0].repeated
    assert applied(archive, SEVEN)[0].repeated  # which would leave the award unsigned
    applied(archive, EIGHT)
    (again,) = applied(archive, SIGN)
    assert not again.repeated
    assert fold(Ledger(archive).history(CASE)).awards["service"].countersigned == "lead"


def test_a_second_return_and_resubmission_are_recorded(archive: Memory) -> None:
    for asked in (RETURN, SUBMIT, RETURN, SUBMIT):
        assert not applied(archive, asked)[0].repeated
    before = list(archive.log)
    assert applied(archive, SUBMIT)[0].repeated
    assert archive.log == before


def test_a_role_that_was_taken_back_can_be_given_again(archive: Memory) -> None:
    grant = ("admin", GrantRole(account="reviewer", role="auditor"))
    revoke = ("admin", RevokeRole(account="reviewer", role="auditor", reason="调离"))
    for asked in (grant, revoke, grant):
        assert not applied(archive, asked)[0].repeated
    assert "auditor" in Ledger(archive).register().account("reviewer").roles
    assert Ledger(archive).history(REGISTER)[-1].type == "RoleGranted"


def test_a_file_of_which_a_rule_forbids_to_repeat_what_was_replaced_says_so() -> None:
    """When a result is issued, the file of an award that another has replaced records nothing."""
    archive = Memory(told(REVIEWED))
    applied(archive, SEVEN, SIGN)
    applied(archive, EIGHT, SIGN)
    applied(archive, ("clerk", IssueResult(printed_total=Decimal("75.5"))))
    before = list(archive.log)
    results = applied(archive, SEVEN, SIGN)
    assert archive.log == before
    assert all(result.repeated for result in results)
    assert results[0].not_again
    assert results[0].not_again.rule == "stage"
    assert results[0].recorded[0].event.award == 7  # type: ignore[union-attr]  # the first time


def test_with_something_new_beside_it_it_is_refused(archive: Memory) -> None:
    for asked in (RETURN, CLAIM, SUBMIT, RETURN, CLAIM_LESS, SUBMIT):
        applied(archive, asked)
    before = list(archive.log)
    with pytest.raises(EnvelopeRefused) as caught:
        applied(archive, CLAIM, SEVEN)
    assert caught.value.index == 0
    assert archive.log == before


def test_a_key_of_its_own_is_final(archive: Memory) -> None:
    ledger = Ledger(archive)
    ledger.handle([keyed(SEVEN, "a")], moment(59))
    ledger.handle([keyed(EIGHT, "b")], moment(59))
    before = list(archive.log)
    (again,) = ledger.handle([keyed(SEVEN, "a")], moment(59))
    assert again.repeated
    assert archive.log == before
    assert award(archive) == 8


def test_keys_made_of_the_content_are_those_of_older_files(archive: Memory) -> None:
    """What was recorded under such a key once is still known by it."""
    (first,) = applied(archive, ("reviewer", CUT_SERVICE))
    assert first.envelope.id == "5551ee4cfe40683addaf568443d2e111"
    results = applied(Memory(told(CLAIMED)), CLAIM, CLAIM)
    assert results[1].envelope.id == f"{results[0].envelope.id}.2"


ASKED: Final[list[Asked]] = [
    *(cut(points) for points in ("7", "8", "30")),
    cut("7", by="lead"),
    BACK,
    SIGN,
    ("reviewer", ConfirmScore(indicator="service")),
    ("reviewer", ExcludeIndicator(indicator="service", justification="不适用", clause="x")),
    ("reviewer", AdjustScore(indicator="plan", award=Decimal(0), justification="x", clause="x")),
    ("reviewer", ConfirmScore(indicator="plan")),
    ("reviewer", RecogniseBonus(item="flag", points=Decimal("1.5"), justification="有")),
    ("reviewer", RefuseBonus(item="flag", justification="无")),
    RETURN,
    SUBMIT,
    CLAIM,
    CLAIM_LESS,
    *(
        (
            "reviewer",
            RestateFigure(
                figure=Figure(id="spent", indicator="spending", name="支出数", value=value),
                reason="账",
            ),
        )
        for value in ("180", "190")
    ),
]
SEQUENCES = st.lists(st.sampled_from(ASKED), max_size=12)


def state(archive: Memory) -> tuple[object, ...]:
    """What the case says, whatever number of events has led there."""
    case = fold(Ledger(archive).history(CASE))
    return (
        case.stage,
        case.claims,
        case.awarded,
        set(case.excluded),
        case.bonus,
        {name: figure.value for name, figure in {**case.figures, **case.restated}.items()},
    )


@given(SEQUENCES)
def test_line_by_line_any_sequence_comes_to_what_it_says(sequence: Sequence[Asked]) -> None:
    naive, archive = Memory(told(SUBMITTED)), Memory(told(SUBMITTED))
    for number, asked in enumerate(sequence):
        with suppress(EnvelopeRefused):
            Ledger(naive).handle([keyed(asked, f"line-{number}")], moment(59))
        before = len(archive.log)
        with suppress(EnvelopeRefused):
            (result,) = applied(archive, asked)
            assert len(archive.log) - before == (0 if result.repeated else len(result.recorded))
    assert state(archive) == state(naive)


@given(st.lists(SEQUENCES, min_size=1, max_size=4))
def test_a_whole_file_a_second_time_records_nothing(files: list[list[Asked]]) -> None:
    archive = Memory(told(SUBMITTED))
    for file in files:
        with suppress(EnvelopeRefused):
            applied(archive, *file)
            before = list(archive.log)
            assert all(result.repeated for result in applied(archive, *file))
            assert archive.log == before
