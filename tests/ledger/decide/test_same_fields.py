"""What is called the same in a command and in its event is the same."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_type_hints

import pytest
from msgspec import NODEFAULT
from msgspec.structs import fields

from ledger import commands, events
from ledger.every_command import FIELDS

LEDGER: Final = Path(commands.__file__).parent
DECIDING: Final = (
    *sorted((LEDGER / "decide").glob("*.py")),
    LEDGER / "account_registry.py",
    LEDGER / "editions.py",
)


def deciders() -> Iterator[tuple[str, ast.AST]]:
    """The functions and branches that are about one command, each with its name."""
    for file in DECIDING:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.FunctionDef(
                    args=ast.arguments(
                        args=[ast.arg(arg="command", annotation=ast.Name(id=asked)), *_]
                    )
                ) if not asked.endswith("Command"):
                    yield asked, node
                case ast.match_case(pattern=ast.MatchClass(cls=ast.Name(id=asked))):
                    yield asked, node


def made() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Each event that is made of a command: both names, and the fields found otherwise."""
    for asked, node in deciders():
        for call in ast.walk(node):
            match call:
                case ast.Call(func=ast.Name(id="event_of"), args=[ast.Name(id=kind), *_]):
                    yield asked, kind, frozenset(str(one.arg) for one in call.keywords)


@pytest.mark.parametrize(("asked", "kind", "found"), [*made()])
def test_same_fields(asked: str, kind: str, found: frozenset[str]) -> None:
    """A field of both has one type, and an event lacks none that it needs."""
    event = getattr(events, kind)
    ours, theirs = get_type_hints(getattr(commands, asked)), get_type_hints(event)
    both = (ours.keys() & theirs.keys()).difference(found, FIELDS)
    assert {name: ours[name] for name in both} == {name: theirs[name] for name in both}
    needed = {
        one.name
        for one in fields(event)
        if one.default is NODEFAULT and one.default_factory is NODEFAULT
    }
    assert needed <= both | found
