"""What the command line advises about a broken rule is a command that it has."""

import ast
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click
import pytest

from application.outcome import OUTCOMES
from cli import advice, failure
from cli.main import program
from ledger.problem import Fault, Mendable, Problem
from tests.support.places import Place
from tests.support.source import nodes
from tests.support.terminal import CASE, done, scoretrail

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("ledger", "projections", "documents", "intake", "application", "cli")
RULE: Final = re.compile(r"rule ?=|CommandRefused\(|NotFound\(")


def _rules() -> Iterator[tuple[str, str]]:
    """The rule of each problem in the source, and the name of what its subject is taken from."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in nodes(path) if RULE.search(path.read_text(encoding="utf-8")) else ():
                if isinstance(node, ast.Call):
                    given = {word.arg: word.value for word in node.keywords}
                    worded = getattr(node.func, "id", "") in {"CommandRefused", "NotFound"}
                    match given.get("rule") or (node.args[0] if worded else None):
                        case ast.Constant(value=str(rule)) if rule:
                            subject = given.get("subject", ast.Constant(""))
                            names = re.findall(r"[a-z]\w+", ast.unparse(subject))
                            yield rule, names[-1] if names else ""


@cache
def subjects() -> dict[str, set[str]]:
    """The rules, and the names of what the subject of each is taken from."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for rule, subject in _rules():
        found[rule] |= {subject} - {""}
    return found


@cache
def rules() -> set[str]:
    """The same, and those that are given by a class."""
    return {*subjects()} | {
        rule
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for rule in re.findall(r'rule ?= ?"([a-z-]+)"', path.read_text(encoding="utf-8"))
    }


CITED_BY_NAME: Final = {"unknown-evidence": {"name", "sha256"}}
"""A file is cited by its SHA-256, or by the name under which a form has it."""


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

    assert rule in rules()


def test_advice_is_about_one_kind_of_subject_and_gives_it_where_the_command_takes_it() -> None:
    """A rule that is borrowed for something else would lead its reader astray."""
    assert {
        rule: kinds
        for rule, kinds in subjects().items()
        if rule in advice.COMMANDS and len(kinds) > 1
    } == CITED_BY_NAME

    for rule, words in advice.COMMANDS.items():
        if "{subject}" not in words or words[0] in "-…":
            continue
        command: click.Command = program()
        before, _, _ = words.partition("{subject}")
        for word in before.split():
            assert isinstance(command, click.Group), words
            command = command.get_command(click.Context(command), word) or command
        first = next(one for one in command.params if isinstance(one, click.Argument))
        (kind,) = subjects()[rule]
        assert (first.name or "").removesuffix("_id") == kind, words


def test_the_advice_stands_below_the_refusal_in_the_language_spoken(tmp_path: Path) -> None:
    zh = scoretrail(tmp_path / "missing.db", "score", "some-case")
    en = scoretrail(tmp_path / "missing.db", "score", "some-case", lang="en")

    assert zh.err.splitlines()[1] == "可执行：scoretrail init"
    assert en.err.splitlines()[1] == "Try: scoretrail init"


def test_the_advice_on_a_dossier_lists_those_that_were_issued(
    issued: Place, tmp_path: Path
) -> None:
    again = ("dossier", "export", CASE, "-o", str(tmp_path / "none.zip"), "--issued", "v4")
    advised = advice.COMMANDS["unknown-dossier"].format(subject=CASE)

    said = scoretrail(issued, *again, lang="en")

    assert said.code == failure.USAGE
    assert said.err.splitlines()[1:] == [f"Try: scoretrail {advised}"]
    done(scoretrail(issued, *advised.split()))


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
