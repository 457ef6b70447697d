"""The table of forgeries in docs/trust.md: `python -m tests.support.forgeries`.

The tests of `decide` and of rights bring every refusal about, and each of them forges it, too
(`specification.When.then_refused`). They are run here once more, by themselves, to note which
refusals were forged and what found them. With `--print` the table is printed and nothing written.
"""

import ast
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import wraps
from inspect import isfunction
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest

from ledger import refusals
from ledger.refusals import CommandRefused
from tests.support import specification

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "trust.md"
BEGIN: Final = "<!-- forgeries -->\n"
END: Final = "<!-- /forgeries -->\n"
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
HEAD: Final = (
    "| 拒绝 / refusal | 伪造之例 / the forgery, by what refuses it | 发现 / finding |\n"
    "|---|---|---|\n"
)
SITUATIONS: Final = (
    "tests/ledger/decide",
    "tests/ledger/test_account_registry.py",
    "tests/ledger/test_editions.py",
    "tests/ledger/test_transcription.py",
    "tests/ledger/test_authority.py",
    "tests/ledger/test_author_signature.py",
    "tests/ledger/test_last_days.py",
    "tests/ledger/checks/test_rule_editions.py",
    "tests/life/test_contested_items.py",
    "tests/life/test_needs_of_awards.py",
)
ELSEWHERE: Final = {
    # An act of today never meets it; tests/ledger/test_transcription.py forges an older entry.
    "not_known_then": refusals.not_known_then(["transcriber_note"], 2, 3),
}
"""Refusals that are forged by hand, worded as there."""
DECIDING: Final = (
    "authority.py",
    "account_registry.py",
    "editions.py",
    "every_command.py",
    *(f"decide/{path.name}" for path in sorted((ROOT / "ledger" / "decide").glob("*.py"))),
)
"""The modules that decide whether an act is allowed, in `ledger/`."""


def main() -> None:
    """Print the table, or put it into the page."""
    table = HEAD + "".join(rows())
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(table)
        return
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}", encoding="utf-8")


def refusing() -> list[str]:
    """The refusals that an act can meet, by their functions, in the order of the file."""
    used = {
        node.attr
        for name in DECIDING
        for node in ast.walk(ast.parse((ROOT / "ledger" / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "refusals"
    }
    return [name for name in vars(refusals) if name in used]


def rows() -> list[str]:
    """A line for each refusal that was forged, in the order of the file."""
    found = {name: (refused, refused.rule) for name, refused in ELSEWHERE.items()}
    for name, function in list(vars(refusals).items()):
        if isfunction(function) and function.__module__ == refusals.__name__ and name[0] != "_":
            setattr(refusals, name, _noting(name, function))
    with redirect_stdout(StringIO()) as said:
        code = pytest.main(
            [*map(str, map(ROOT.joinpath, SITUATIONS)), "-q", "-p", "no:cacheprovider"]
        )
    if code:
        sys.exit(f"the situations do not pass: {said.getvalue()[-2000:]}")
    for refused, finding in specification.FORGED:
        found.setdefault(getattr(refused, "worded_by", ""), (refused, finding))
    return [_row(name, *found[name]) for name in refusing() if name in found]


def _noting(name: str, function: Callable[..., CommandRefused]) -> Callable[..., CommandRefused]:
    @wraps(function)
    def noted(*words: Any, **named: Any) -> CommandRefused:  # noqa: ANN401 - whatever it takes
        refused = function(*words, **named)
        refused.worded_by = name  # type: ignore[attr-defined]  # for the table only
        return refused

    return noted


def _row(name: str, refused: CommandRefused, finding: str) -> str:
    kind = "unreadable" if finding == "unreadable" else f"rules ({finding})"
    zh, en = (" ".join(text.split()).replace("|", "\\|") for text in refused.text)
    if CHINESE.search(en):  # a name in it
        en = f"`{en}`"
    return f"| `{name}` | {zh} / {en} | `{kind}` |\n"


if __name__ == "__main__":
    main()
