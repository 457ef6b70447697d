"""A text of nothing visible is no text; what was recorded under the first rules stays right."""

import pytest
from msgspec.structs import replace

from ledger.every_command import must_show
from ledger.refusals import CommandRefused
from ledger.rule_editions import CURRENT, FIRST
from tests.support.small_case import CUT_SERVICE, SUBMITTED
from tests.support.specification import given

NOTHING = ("\u200b\u200b", "\u202e", "\u00ad \u3164", "\x1b", "\u0301")


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("field", ["justification", "clause", "ground"])
def test_a_text_in_which_nothing_can_be_seen_justifies_nothing(text: str, field: str) -> None:
    command = replace(CUT_SERVICE, **{field: text})

    given(SUBMITTED).when(command, by="reviewer").then_refused("nothing-visible", field)


@pytest.mark.parametrize("text", NOTHING)
def test_the_first_edition_of_the_rules_let_it_pass(text: str) -> None:
    command = replace(CUT_SERVICE, justification=text)

    must_show(command, FIRST)
    with pytest.raises(CommandRefused):
        must_show(command, CURRENT)
