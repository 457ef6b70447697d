"""What a rule refuses is told on a page in words of people, at the field that is to be mended."""

import inspect
import re
from collections.abc import Callable
from typing import Final

import pytest

from intake.command_fields import field_at
from ledger.commands import COMMANDS
from ledger.refusals import CommandRefused
from tests.docs.test_refusals_page import WORDED, said

OF_A_COMMAND_LINE: Final = re.compile(
    r"scoretrail|(?<![\w-])--?[a-z]|`|\bexit\b|\bstd(in|out|err)\b|SCORETRAIL_|\boption\b"
    r"|命令行|参数|选项|退出码|环境变量"
)

AROUND: Final = {"case", "dated", "id", "seen"}
"""What stands around every act: its page asks for it, or holds it."""

FROM_BEFORE: Final = {"last_year"}
"""Read from the ledger of the year before, with which the command is made."""


@pytest.mark.parametrize("function", WORDED, ids=lambda function: function.__name__)
def test_no_refusal_speaks_as_to_a_command_line(function: Callable[..., CommandRefused]) -> None:
    for text in said(function).text:
        assert not OF_A_COMMAND_LINE.search(text), text
    # An act is called by its title, in the language of the reader.
    assert "command" not in inspect.signature(function).parameters


@pytest.mark.parametrize("function", WORDED, ids=lambda function: function.__name__)
def test_a_refusal_is_about_a_field_that_some_act_has(
    function: Callable[..., CommandRefused],
) -> None:
    refused = said(function)
    takes_its_field = "field" in inspect.signature(function).parameters
    if refused.field and not takes_its_field:
        pages = [do for do in COMMANDS if field_at(do, (refused.field,))]
        assert pages or refused.field in AROUND | FROM_BEFORE, refused.field


RANKING: Final = {
    ("record-ranking", name) for name in ("year", "cases", "entries", "root", "replaces", "reason")
}
"""Worked out where the list is drawn up, which no page does."""

OF_YEARS: Final = {
    (do, name)
    for do in ("freeze-ledger", "name-predecessor", "carry-account", "take-checkpoint")
    for name in inspect.signature(COMMANDS[do]).parameters
}
"""Done where the key of the log is, or read from the ledger before."""


def test_every_field_of_a_command_is_filled_in_somewhere_on_its_page() -> None:
    """So that whatever is told of a field is told at one."""
    for do, command in COMMANDS.items():
        for name in inspect.signature(command).parameters:
            by_hand = (do, name) not in {
                ("issue-dossier", "enclosures"), ("merge-entries", "sha256"),
                ("merge-entries", "streams"), *RANKING, *OF_YEARS,
                *(("open-case", name) for name in FROM_BEFORE),
            }  # fmt: skip
            if by_hand:
                assert field_at(do, (name,)), (do, name)


@pytest.mark.parametrize(
    ("do", "path", "field"),
    [
        ("submit-figure", ("figure", "id"), "figure_id"),
        ("submit-figure", ("figure", "value"), "value"),
        ("submit-figure", ("figure", "target", "value"), "target"),
        ("submit-figure", ("figure", "target", "sense"), "target_sense"),
        ("submit-figure", ("figure", "source"), "source"),
        ("confirm-figure", ("figure",), "figure"),
        ("file-evidence", ("evidence", "title"), "title"),
        ("file-evidence", ("evidence", "sha256"), "file"),
        ("adjust-score", ("evidence", 0), "evidence"),
        ("publish-rubric", ("source",), "file"),
        ("decide-appeal", ("awards", 0, "award"), "awards"),
        ("adjust-score", (), ""),
    ],
)
def test_a_part_of_a_command_is_told_where_it_is_filled_in(
    do: str, path: tuple[str | int, ...], field: str
) -> None:
    assert field_at(do, path) == field
