"""What is said of the stages of commands is what their decisions ask."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import ledger.decide
from ledger.decide.stages import STAGES_OF, fits
from ledger.values import Stage

ALL = get_args(Stage)


def asked() -> dict[str, tuple[str, ...]]:
    """The stages that each decision asks for with any content, as its source has them."""
    found = {}
    for file in Path(ledger.decide.__file__).parent.glob("*.py"):
        for made in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(made, ast.FunctionDef):
                continue
            for call in (each for line in made.body for each in _always(line)):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "must_be":
                    stages = tuple(ast.literal_eval(stage) for stage in call.args[1:])
                    found[made.name.replace("_", "-")] = stages
    return found


def _always(line: ast.stmt) -> Iterator[ast.AST]:
    """What a line does under no condition."""
    return iter(()) if isinstance(line, ast.If) else ast.walk(line)


def test_stages_are_those_that_decisions_ask_for() -> None:
    # A file may be shown publicly at every stage that there is.
    assert {do: at for do, at in asked().items() if at != ALL} == dict(STAGES_OF)


def test_a_command_without_a_line_fits_every_stage() -> None:
    assert all(fits("issue-dossier", stage) for stage in ALL)
    assert [stage for stage in ALL if fits("adjust-score", stage)] == ["submitted", "draft"]
