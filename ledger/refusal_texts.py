"""Every refusal as written in the source, for pages that explain a rule."""

import ast
from collections.abc import Iterator
from inspect import getsource
from typing import Final

from ledger import refusals
from ledger.language import Text
from ledger.refusals import CommandRefused, NotFound

_PROBLEMS: Final = frozenset({CommandRefused.__name__, NotFound.__name__})


def worded() -> Iterator[tuple[str, Text]]:
    """Every refusal of `ledger/refusals.py`: its rule, and its text with names for its values."""
    for node in ast.walk(ast.parse(getsource(refusals))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _PROBLEMS:
            rule, zh, en = map(_wording, node.args)
            yield rule, Text(zh, en)


def _wording(expression: ast.expr) -> str:
    """A text in the source with the names of its values."""
    match expression:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=pieces):
            return "".join(map(_wording, pieces))
        case ast.FormattedValue(value=value):
            return f"{{{_value(value)}}}"
        case _:
            raise ValueError(f"ledger/refusals.py words {ast.unparse(expression)} outside the call")


def _value(expression: ast.expr) -> str:
    """The one variable in an expression, such as `rows` in `len(rows)`."""
    own = {
        ast.unparse(node.func if isinstance(node, ast.Call) else node.target)
        for node in ast.walk(expression)
        if isinstance(node, ast.Call | ast.comprehension)
    }
    names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
    (name,) = names - own
    return name
