"""An example walked through as its user would: a fresh ledger, its files in order, then reads."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from cli.main import run
from tests.support.places import Place, Places
from tests.support.terminal import begun

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
FILES: Final = ("1-opening.toml", "2-self-evaluation.toml", "3-review.toml", "4-result.toml")


class Walk(NamedTuple):
    """A ledger with one example in it, and what reads it."""

    ledger: Place
    said: pytest.CaptureFixture[str]

    def json(self, *words: str) -> Any:  # noqa: ANN401 - JSON data is what it is
        """What a read answers."""
        assert run([*self.ledger.words, *words, "--json"]) == 0
        return json.loads(self.said.readouterr().out)


def walked(name: str, places: Places, said: pytest.CaptureFixture[str]) -> Walk:
    """The example, recorded from its files."""
    ledger = begun(places.new(), "2025-03-01")
    for file in FILES:
        code = run([*ledger.words, "apply", str(EXAMPLES / name / file)])
        assert code == 0, said.readouterr().err
    said.readouterr()
    return Walk(ledger, said)


def rows(sheet: Any) -> list[str]:  # noqa: ANN401 - JSON data is what it is
    """Claim, rule result and award of each row, in a line."""
    return [
        " ".join(str(row[key]) for key in ("id", "claim", "rule", "award"))
        for row in sheet["indicators"]
    ]


def deltas(steps: Sequence[Any]) -> list[str]:
    """What each step of a bridge moves, in a line."""
    return [f"{step['indicator'] or step['kind']} {step['delta']}" for step in steps]
