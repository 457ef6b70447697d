"""Cross-checks that any rubric may declare find what the identities of old find, and no score."""

import pytest
from msgspec.structs import replace

from ledger.checks import check_case
from ledger.commands import PublishRubric, RepinRubric, SubmitFigure
from ledger.cross_checks import SameCheck
from ledger.ledger import Ledger
from ledger.rubric import diagnose, read
from ledger.values import Figure
from tests.support.small_case import BUDGET, CASE, OPENED, RUBRIC, SPENT, Story, on
from tests.support.specification import Memory, told

KINDS = {
    "sum": """
holds = "sum"
name = "支出不超过预算"
figure = "spent"
plus = ["budget"]
relation = "at-most"
""",
    "rate": """
holds = "rate"
name = "执行率"
figure = "printed"
over = ["spent"]
under = ["budget"]
""",
    "same": """
holds = "same"
name = "两处的支出"
figures = ["spent", "again"]
""",
    "count": """
holds = "count"
name = "指标行数"
figure = "rows"
of = "rows"
""",
}
WRONG = {
    "sum": replace(SPENT, value="210"),
    "rate": Figure(id="printed", indicator="spending", name="所印执行率", value="90.00", unit="%"),
    "same": replace(SPENT, id="again", value="189"),
    "count": Figure(id="rows", indicator="plan", name="所写行数", value="4", unit="行"),
}
FOUND = {
    "sum": "sum-does-not-hold",
    "rate": "printed-rate",
    "same": "copies-differ",
    "count": "count-differs",
}


def written(kind: str, table: str = "cross-check") -> str:
    source = RUBRIC.replace('edition = "2023"', 'edition = "2023-checked"')
    return f"{source}\n[[{table}]]{KINDS[kind]}"


def found(kind: str, *figures: Figure) -> set[str]:
    story: Story = OPENED + on(
        "2024-07-02",
        ("clerk", PublishRubric(source=written(kind))),
        ("clerk", RepinRubric(edition="2023-checked", reason="加列勾稽关系")),
        *(("filer", SubmitFigure(figure=figure)) for figure in figures),
    )
    ledger = Ledger(Memory(told(story)))
    return {one.check for one in check_case([*ledger.history(CASE)], ledger.editions("small"))}


@pytest.mark.parametrize("kind", ["sum", "rate", "count"])
def test_a_general_check_is_the_identity_of_that_kind(kind: str) -> None:
    (ours,) = read(written(kind).encode()).cross_checks
    (theirs,) = read(written(kind, "identity").encode()).cross_checks

    assert ours == theirs


def test_the_same_is_what_copies_were() -> None:
    (ours,) = read(written("same").encode()).cross_checks

    assert isinstance(ours, SameCheck)
    assert ours.figures == ("spent", "again")


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_agree_is_found_and_what_agrees_is_not(kind: str) -> None:
    named = set(FOUND.values())
    wrong = [WRONG[kind], BUDGET] if kind == "sum" else [SPENT, BUDGET, WRONG[kind]]

    assert found(kind, *wrong) & named == {FOUND[kind]}
    assert not found(kind, SPENT, BUDGET) & named


def test_kinds_that_one_standard_needs_are_no_general_checks() -> None:
    source = written("sum").replace('holds = "sum"', 'holds = "verdict"')
    (problem, *_) = diagnose(source.encode())

    assert (problem.place, "count, rate, same, sum" in problem.message.en) == (
        "cross-check[1].holds",
        True,
    )
