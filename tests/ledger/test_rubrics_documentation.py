"""The page on rubric files is a test subject: its examples are read, and it names every key."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import fields

from ledger.award_needs import AwardNeeds
from ledger.figure_declarations import FigureDeclaration
from ledger.rubric import BonusPenaltyRule, GradeBand, Indicator, Rubric, read
from ledger.rules.rule import Figures
from ledger.rules.totals import Block, TotalsRule
from ledger.values import Figure

PAGE = (Path(__file__).parents[2] / "docs" / "rubrics.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = PAGE.split('<a id="english"></a>')
WHOLE, FIGURES, ONCE, NEEDS, TOTALS, CEILINGS, GAP = re.findall(
    r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE
)


def test_the_small_file_is_a_rubric() -> None:
    rubric = read(WHOLE.encode())

    assert (rubric.id, [row.id for row in rubric.indicators]) == (
        "sample",
        ["execution", "results"],
    )
    assert rubric.grade(Decimal(100)) == "优"


def test_the_table_of_totals_is_the_one_of_the_example() -> None:
    shown = msgspec.convert(tomllib.loads(TOTALS)["totals"], TotalsRule)
    example = Path(__file__).parents[2] / "examples" / "nested-blocks" / "rubric.toml"

    assert shown == read(example.read_bytes()).totals_rule


@pytest.mark.parametrize(
    ("spent", "total"),
    [("79.96", "89.00"), ("80", "100.00"), ("69.9", "79.00"), (None, "100.00"), ("120", "100.00")],
)
def test_the_total_is_limited_by_the_number_as_the_page_says(spent: str | None, total: str) -> None:
    rubric = read(WHOLE.replace("[bonus]", f"{CEILINGS}\n[bonus]", 1).encode())
    figures = Figures(
        Figure(id=id_, indicator="execution", name=id_, value=value)
        for id_, value in (("funds-spent", spent), ("funds-budgeted", "100"))
    )
    totals = rubric.totals({"execution": Decimal(40), "results": Decimal(60)}, figures=figures)

    assert (str(totals.total), str(totals.raw - totals.total)) == (total, str(totals.cap_loss))


def test_the_table_of_needs_asks_for_what_the_page_says() -> None:
    rubric = read(WHOLE.replace("[bonus]", f"{NEEDS}\n[bonus]", 1).encode())

    assert rubric.needs("results", "judgement") == {"clause-or-ground", "second-signature"}
    assert rubric.needs("results", "missing") == {"second-signature"}
    assert rubric.needs("results", "rule") == set()


def test_the_declared_figures_are_those_of_a_rubric() -> None:
    figures = msgspec.convert(tomllib.loads(FIGURES)["figure"], tuple[FigureDeclaration, ...])

    assert [(one.id, one.kind, one.unit, one.many) for one in figures] == [
        ("funds-spent", "number", "万元", False),
        ("goals-met", "yes-no", "", False),
        ("award-to-signing", "interval", "", True),
    ]


def test_what_is_written_once_means_what_it_would_written_out() -> None:
    head = WHOLE[: WHOLE.index("[[indicator]]")]
    short = read((head + ONCE).encode())
    execution, quantity, quality = short.indicators

    assert execution.rule == read(WHOLE.encode()).indicators[0].rule
    assert {row.clause for row in short.indicators} == {"附件1 评分标准"}
    assert quality.rule == msgspec.structs.replace(quantity.rule, no_targets="no-score")


@pytest.mark.parametrize(
    ("gap", "score"),
    [("0", "2.00"), ("4.99", "2.00"), ("12.3", "1.00"), ("25", "0.00"), ("-7", "2.00")],
)
def test_the_gap_between_self_score_and_review_costs_what_the_page_says(
    gap: str, score: str
) -> None:
    (row,) = msgspec.convert(tomllib.loads(GAP)["indicator"], tuple[Indicator, ...])
    figure = Figure(id="self-review-gap", indicator=row.id, name="自评与核查之差", value=gap)

    assert str(read(WHOLE.encode()).rule_result(row, Figures([figure])).score) == score


@pytest.mark.parametrize(
    "kind",
    [
        Rubric,
        Indicator,
        BonusPenaltyRule,
        GradeBand,
        TotalsRule,
        Block,
        AwardNeeds,
        FigureDeclaration,
    ],
)
@pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_key_is_named_in_both_languages(kind: type[msgspec.Struct], page: str) -> None:
    for field in fields(kind):
        assert re.search(rf"`\[*{field.encode_name}\]*`", page), field.encode_name
