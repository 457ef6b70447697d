"""Every key of a rubric, with a value of every type that TOML has: named, never a defect."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from ledger.rubric import diagnose, read
from ledger.values import Invalid

ROOT: Final = Path(__file__).parents[2]
RUBRICS: Final = [
    ROOT / "examples" / name / "rubric.toml"
    for name in ("nested-blocks", "project-expenditure", "whole-life")
]
VALUES: Final = {
    "an empty list": "[]",
    "a list of lists": "[[1], []]",
    "a list of words": '["a", ""]',
    "a list of tables": "[{a = 1}]",
    "an empty table": "{}",
    "a table": '{shape = "tiers", a = []}',
    "yes": "true",
    "a day": "2024-02-29",
    "a time": "10:00:00",
    "an instant": "2024-02-29T10:00:00Z",
    "a fraction": "1.5",
    "no number": "nan",
    "without end": "-inf",
    "a whole number": "7",
    "a negative number": "-1",
    "a very large number": "1" + "0" * 60,
    "no words": '""',
    "blanks": '"  "',
    "words": '"odd"',
    "a number in quotes": '"1e400"',
}


def keys(source: str) -> Iterator[tuple[str, int]]:
    """The first line of each key below each heading, in a table of each shape."""
    seen, heading, shape = set(), "", ""
    for number, line in enumerate(source.split("\n")):
        if line.startswith("["):
            heading, shape = line, ""
        if match := re.match(r"shape = (.*)", line):
            shape = match[1]
        if (match := re.match(r"([\w-]+) = ", line)) and (heading, shape, match[1]) not in seen:
            seen.add((heading, shape, match[1]))
            yield match[1], number


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.parent.name)
def test_a_value_of_any_type_is_named_or_allowed(path: Path, value: str) -> None:
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    places = list(keys(source))
    assert len(places) > 20

    for key, number in places:
        changed = [*lines[:number], f"{key} = {VALUES[value]}", *lines[number + 1 :]]
        written = "\n".join(changed).encode()
        problems = diagnose(written)
        if problems:
            assert all(problem.message.zh and problem.message.en for problem in problems)
            with pytest.raises(Invalid):
                read(written)
        else:
            assert read(written)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("heading", ["indicator", "indicator.rule", "band", "clocks", "totals"])
def test_a_table_that_is_something_else_is_named(heading: str, value: str) -> None:
    lines = RUBRICS[-1].read_text(encoding="utf-8").split("\n")
    first = next((n for n, line in enumerate(lines) if line.startswith("[")), 0)
    outer, _, inner = heading.partition(".")
    written = (
        f"{outer} = {VALUES[value]}" if not inner else f"[[{outer}]]\n{inner} = {VALUES[value]}"
    )

    problems = diagnose("\n".join([*lines[:first], written]).encode())

    assert problems
