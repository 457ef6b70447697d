"""The page of refusals says of every rule what the program says."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, get_type_hints

import pytest

from cli import advice
from docs import generate
from ledger import refusals
from ledger.language import Text
from ledger.refusals import CommandRefused, NotFound

PAGE: Final = (generate.DOCS / "refusals.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = PAGE.split("\n## Refusals of commands\n")
VALUES: Final[dict[Any, Any]] = {
    str: "0" * 64,
    int: 7,
    Decimal: Decimal("1.50"),
    date: date(2024, 6, 3),
    Text: Text("甲", "a"),
    Iterable[str]: ("a", "b"),
    Iterable[int]: (3, 8),
    Iterable[Text]: (Text("甲", "a"), Text("乙", "b")),
    Sequence[str]: tuple("abcdefghijklm"),
    Sequence[Text]: (Text("甲", "a"), Text("乙", "b")),
}
WORDED: Final = [
    function
    for _, function in inspect.getmembers(refusals, inspect.isfunction)
    if get_type_hints(function).get("return") in {CommandRefused, NotFound}
]


def rows(page: str) -> list[list[str]]:
    """The rule, the text and the command of each line of the table."""
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    return [
        [cell.strip().strip("`").replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
    ]


def said(function: Callable[..., CommandRefused]) -> CommandRefused:
    """The refusal with a value of each kind that the function takes."""
    hints = get_type_hints(function)
    return function(*(VALUES[hints[name]] for name in inspect.signature(function).parameters))


def is_said_by(row: list[str], rule: str, text: str) -> bool:
    """Whether a line has this rule, and this text once its values are filled in."""
    pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(row[1]))
    return row[0] == rule and re.fullmatch(pattern, text) is not None


@pytest.mark.parametrize("function", WORDED, ids=lambda function: function.__name__)
def test_what_a_rule_says_is_on_the_page_in_both_languages_with_its_command(
    function: Callable[..., CommandRefused],
) -> None:
    refused = said(function)

    for page, text in zip((CHINESE, ENGLISH), refused.text, strict=True):
        found = [row for row in rows(page) if is_said_by(row, refused.rule, text)]
        assert found, text
        command = advice.COMMANDS.get(refused.rule)
        assert {row[2] for row in found} == {f"scoretrail {command}" if command else ""}


def test_the_page_has_a_line_for_each_function_and_none_besides() -> None:
    assert len(WORDED) > 50
    assert len(rows(CHINESE)) == len(rows(ENGLISH)) == len(WORDED)


def test_the_halves_of_the_page_are_in_one_language_each() -> None:
    assert not re.search("[\u4e00-\u9fff]", ENGLISH)
    assert not re.search("[.;,:] ", "".join(text for _, text, _ in rows(CHINESE)))
