"""What the command line advises about a broken rule is a command that it has."""

import re
import shlex
from pathlib import Path
from typing import Final

import click
import pytest

from application.outcome import OUTCOMES
from cli import advice, failure
from cli.main import program
from ledger.problem import Fault, Mendable, Problem
from tests.support.terminal import scoretrail

ROOT: Final = Path(__file__).parents[2]
RULES: Final = {
    rule
    for folder in ("ledger", "projections", "documents", "intake", "application", "cli")
    for path in (ROOT / folder).rglob("*.py")
    for rule in re.findall(
        r'(?:CommandRefused\(\s*|rule ?= ?)"([a-z-]+)"', path.read_text(encoding="utf-8")
    )
}


@pytest.mark.parametrize("rule", advice.COMMANDS)
def test_every_advice_is_for_a_rule_and_names_a_command_with_its_options(rule: str) -> None:
    command: click.Command = program()
    context = click.Context(command, info_name="scoretrail")
    words = iter(shlex.split(advice.COMMANDS[rule].replace("|", "")))
    options: list[click.Parameter] = list(command.params)
    for word in words:
        if word.startswith("--") and advice.COMMANDS[rule][0] != "…":
            assert any(word in option.opts for option in options), f"{word} of {command.name}"
        elif isinstance(command, click.Group) and (next_ := command.get_command(context, word)):
            command, options = next_, list(next_.params)
    if advice.COMMANDS[rule][0] not in "-…":
        assert not isinstance(command, click.Group), advice.COMMANDS[rule]

    assert rule in RULES


def test_the_advice_stands_below_the_refusal_in_the_language_spoken(tmp_path: Path) -> None:
    zh = scoretrail(tmp_path / "missing.db", "score", "some-case")
    en = scoretrail(tmp_path / "missing.db", "score", "some-case", lang="en")

    assert zh.err.splitlines()[1] == "可执行：scoretrail init"
    assert en.err.splitlines()[1] == "Try: scoretrail init"


def _families(kind: type[Problem]) -> list[type[Problem]]:
    return [kind, *(one for each in kind.__subclasses__() for one in _families(each))]


OF_PEOPLE: Final = {failure.REFUSED, failure.USAGE, failure.CONFLICT, failure.PRACTICE}
"""Exit codes of what a person can mend: the last says that practice was taken for real."""


def test_every_problem_has_one_exit_code_and_one_to_blame() -> None:
    """What a person can mend is never a broken ledger, and a fault never a mistake of theirs."""
    abstract = {Problem, Mendable, Fault}
    for kind in set(_families(Problem)) - abstract:
        codes = [failure.CODES[one] for base, one in OUTCOMES if issubclass(kind, base)]
        assert codes, kind
        if kind.__module__.startswith("ledger.store") and kind.__name__ == "StoreError":
            continue
        assert issubclass(kind, Mendable) != issubclass(kind, Fault), kind
        if issubclass(kind, Fault):
            assert codes[0] not in {failure.REFUSED, failure.USAGE}, kind
        else:
            assert codes[0] in OF_PEOPLE, kind
