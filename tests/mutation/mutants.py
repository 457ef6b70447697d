"""Mutants: programs with one small thing wrong in them, which the tests have to notice."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import CodeType
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CONFUSED: Final = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "partition": "rpartition",
    "rpartition": "partition",
}
_SENTENCE: Final = re.compile(r"[^\x00-\u2fff]|\w,? [\w(]|: ")
"""What people read: its wording is not what a verifier is held to."""

_CODECS: Final = ("ascii", "latin-1", "utf-8")
"""Python takes them for the same with other signs around them."""

_REMOVED: Final = (ast.Raise, ast.AugAssign, ast.Assert, ast.Continue, ast.Break, ast.Expr)


class Mutant(NamedTuple):
    """One small thing changed.

    Attributes:
        file: which, from the root of the repository.
        function: the qualified name of the function it is in; of the constant, outside of one.
        was: the statement, or the head of it, as it was.
        now: the same with the change.
        number: which of the changes to the file it is.
    """

    file: str
    function: str
    was: str
    now: str
    number: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others, wherever its line moves to."""
        return self[:4]

    def tree(self) -> ast.Module:
        """The whole module with the change."""
        tree = _read(self.file)
        next(islice(_changes(tree), self.number, None))  # stops where this change is in place
        return tree

    def code(self) -> CodeType:
        """The code of the outermost function that is changed.

        Where the change took its call of super() away it still names its class: code with another
        closure could not be put in the place of the old one.
        """
        tree = self.tree()
        code = _code(tree, self)
        if code.co_freevars != _code(_read(self.file), self).co_freevars:
            for one in ast.walk(tree):
                if isinstance(one, ast.FunctionDef) and one.lineno == code.co_firstlineno:
                    one.body.append(ast.Expr(ast.Name("__class__", ast.Load())))
            code = _code(ast.fix_missing_locations(tree), self)
        return code


def _code(tree: ast.Module, mutant: Mutant) -> CodeType:
    return functions(compile(tree, str(ROOT / mutant.file), "exec"))[mutant.function]


def code_of(file: str) -> CodeType:
    """The code of a whole file as it is."""
    return compile((ROOT / file).read_bytes(), str(ROOT / file), "exec")


def functions(code: CodeType) -> dict[str, CodeType]:
    """The code of every function in a module or class, by its qualified name."""
    found = {}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found[one.co_qualname] = one
            found |= functions(one)
    return found


def mutants(file: str) -> list[Mutant]:
    """Every mutant of a file, in the order of the text."""
    found = []
    seen: Counter[tuple[str, str, str]] = Counter()
    for number, change in enumerate(_changes(_read(file))):
        seen[change] += 1
        function, was, now = change
        again = f"  # {seen[change]}" if seen[change] > 1 else ""  # the same elsewhere in it
        found.append(Mutant(file, function, was, now + again, number))
    return found


def _read(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def _changes(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Change a module in one place after another; each is undone when the next is asked for.

    Yields:
        The name of the function or constant, the statement as it was, and as it is.
    """
    for name, holder, statement in _statements(tree.body, tree):
        was = ast.unparse(_head(statement))
        if isinstance(statement, _REMOVED):
            lists = [getattr(holder, one, []) for one in ("body", "orelse", "finalbody")]
            body = next(one for one in lists if any(each is statement for each in one))
            place = next(at for at, each in enumerate(body) if each is statement)
            body[place] = ast.copy_location(ast.Pass(), statement)
            yield name, was, "pass"
            body[place] = statement
        for parent, field, index, node in _expressions(statement):
            for other in _others(node):
                _put(parent, field, index, ast.copy_location(other, node))
                ast.fix_missing_locations(statement)
                now = ast.unparse(_head(statement))
                if now != was:
                    yield name, was, now
                _put(parent, field, index, node)


def _statements(
    body: list[ast.stmt], holder: ast.AST, name: str = "", *, inside: bool = False
) -> Iterator[tuple[str, ast.AST, ast.stmt]]:
    """Each statement with what holds it and the name of its outermost function."""
    for one in body:
        if isinstance(one, ast.FunctionDef):
            inner = name if inside else f"{name}{one.name}"
            yield from _statements(one.body, one, inner, inside=True)
        elif isinstance(one, ast.ClassDef):
            yield from _statements(one.body, one, f"{name}{one.name}.")
        elif inside:
            if not _is_docstring(one):
                yield name, holder, one
            for part in (one, *getattr(one, "handlers", ()), *getattr(one, "cases", ())):
                for field in ("body", "orelse", "finalbody"):
                    below = getattr(part, field, [])
                    if isinstance(below, list):
                        yield from _statements(below, part, name, inside=True)
        elif (
            isinstance(one, ast.AnnAssign) and one.value and "Final" in ast.unparse(one.annotation)
        ):
            yield f"{name}{ast.unparse(one.target)}", holder, one


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _head(statement: ast.stmt) -> ast.AST:
    """What is shown of a statement: without the block under it."""
    match statement:
        case ast.If() | ast.While():
            return statement.test
        case ast.For():
            return statement.iter
        case ast.Match():
            return statement.subject
        case ast.With():
            return statement.items[0].context_expr
        case ast.Try():
            return ast.Pass()
    return statement


def _expressions(
    node: ast.AST,
) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each expression of a statement with its place, but for what lies in the block under it."""
    for field, value in ast.iter_fields(node):
        if field in {"body", "orelse", "finalbody", "handlers", "cases", "annotation"} and (
            isinstance(node, ast.stmt)
        ):
            continue
        for index, one in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(one, ast.AST) and not _is_sentence(one):
                yield node, field, index, one
                yield from _expressions(one)


def _is_sentence(node: ast.AST) -> bool:
    """Whether it is a message put together from parts."""
    if not isinstance(node, ast.JoinedStr):
        return False
    parts = (str(one.value) if isinstance(one, ast.Constant) else "x" for one in node.values)
    return bool(_SENTENCE.search("".join(parts)))


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _others(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - one branch per kind of expression
    """What may stand in the place of an expression by mistake."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                ops = [*node.ops]
                ops[at] = _COMPARED[type(operator)]()
                yield ast.Compare(node.left, ops, node.comparators)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield ast.BoolOp(other, node.values)
            for at in range(len(node.values)):
                rest = [one for place, one in enumerate(node.values) if place != at]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.BinOp() if type(node.op) in _COMPUTED:
            yield ast.BinOp(node.left, _COMPUTED[type(node.op)](), node.right)
        case ast.Name() if node.id in _CONFUSED:
            yield ast.Name(_CONFUSED[node.id], node.ctx)
        case ast.Attribute() if node.attr in _CONFUSED:
            yield ast.Attribute(node.value, _CONFUSED[node.attr], node.ctx)
        case ast.Constant():
            yield from map(ast.Constant, _other_values(node.value))


def _other_values(value: object) -> Iterator[str | bytes | int | bool]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
            if value > 1:
                yield value - 1
        case str() if not _SENTENCE.search(value) and value not in _CODECS:
            yield f"{value}~"
        case bytes():
            yield value + b"~"
