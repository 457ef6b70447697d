"""The page on rules is a test subject: its examples are read, and it names everything there is."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from ledger.rubric import Indicator
from ledger.rules import ratio
from ledger.rules.composition import Shape
from ledger.rules.measure import Constant, Measure
from ledger.rules.rule import Figures, ScoredIndicator, half_up
from ledger.values import Figure

PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def read(block: str) -> Any:  # noqa: ANN401 - whatever the block writes
    data = tomllib.loads(block)
    if "indicator" in data:
        return msgspec.convert(data["indicator"], tuple[Indicator, ...])[0]
    return msgspec.convert(data, Measure if "take" in data else Shape)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_read(block: str) -> None:
    assert read(block)


def test_every_shape_and_every_measure_has_an_example() -> None:
    shown = {type(read(block)) for block in BLOCKS}

    assert shown == {Indicator, *get_args(Shape), *get_args(Measure)}


@pytest.mark.parametrize("kind", [*get_args(Shape), *get_args(Measure)])
def test_every_parameter_is_named(kind: type[msgspec.Struct]) -> None:
    for parameter in kind.__struct_fields__:
        assert re.search(rf"\b{parameter}\b", PAGE), parameter


def test_the_first_example_scores_what_the_page_says() -> None:
    indicator = read(BLOCKS[0])
    figures = Figures(
        Figure(id=id_, indicator=indicator.id, name=id_, value=value)
        for id_, value in (("contracts", "75"), ("contracts-signed-online", "29"))
    )

    score = indicator.rule.work_out(ScoredIndicator(indicator.id, indicator.weight), figures).score

    assert half_up(score, 2) == Decimal("0.39")


def test_the_new_shape_of_the_page_works() -> None:
    (source,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    names = {**vars(ratio), "__name__": "page"}
    exec(source, names)  # noqa: S102 - the page is ours
    doubled = names["Doubled"](value=Constant(value=Decimal(30)))

    assert doubled.work_out(ScoredIndicator("row", Decimal(10)), Figures()).score == Decimal(6)
