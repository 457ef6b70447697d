"""What acts ask for: read from their commands, each field with words in both languages."""

from typing import Final

import pytest

from intake.command_fields import asked, does, is_of_case, put_together, words
from ledger.commands import COMMANDS, Command
from ledger.stored_struct import decode_validated
from ledger.values import Invalid

NOT_FILLED_IN: Final = {
    "merge-entries",  # an import asks for it
    "freeze-ledger",  # with the final checkpoint, where the key of the log is
    "name-predecessor",  # read from the ledger before
    "carry-account",  # the same
    "take-checkpoint",  # with a proof, read from the ledgers of a fleet
    "record-ranking",  # worked out from all cases, with a list that is kept outside
    "repin-rubric",  # shown before it is done
    "erase-evidence",  # which erases bytes, too
    "issue-dossier",  # an export asks for it
}
ACTS: Final = sorted(COMMANDS.keys() - NOT_FILLED_IN)
WITHOUT_WORDS: Final = {"file", "figure_id"}
"""What stands without its name wherever it is asked for."""


@pytest.mark.parametrize("do", ACTS)
def test_every_act_says_what_it_does_and_what_it_asks_for(do: str) -> None:
    fields = [field.name for field in asked(do) if field.name not in WITHOUT_WORDS]

    assert all(text.zh and text.en for text in (does(do), *(words(do, name) for name in fields)))


def test_what_is_asked_for_is_what_the_command_has() -> None:
    asks = {field.name: field for field in asked("decide-appeal")}

    assert [name for name, field in asks.items() if field.required] == [
        *("appeal", "outcome", "justification")
    ]
    assert set(asks["outcome"].choices) == {"upheld", "partly", "rejected"}
    assert asks["evidence"].many
    assert is_of_case("decide-appeal")
    assert not is_of_case("open-account")


def test_what_is_filled_in_becomes_the_command() -> None:
    decided = put_together(
        "decide-appeal",
        {"appeal": "a", "outcome": "upheld", "justification": "b", "awards": ("x=1.00", "y=2")},
    )
    reported = put_together(
        "restate-figure",
        {
            "figure_id": "f",
            "indicator": "x",
            "name": "n",
            "value": "8",
            "reason": "r",
            "target_sense": "at-least",
            "target": "10",
        },
    )

    assert decided["awards"] == [
        {"indicator": "x", "award": "1.00"},
        {"indicator": "y", "award": "2"},
    ]
    assert reported == {
        "reason": "r",
        "figure": {
            "id": "f",
            "indicator": "x",
            "name": "n",
            "value": "8",
            "target": {"sense": "at-least", "value": "10"},
        },
    }
    for do, fields in (("decide-appeal", decided), ("restate-figure", reported)):
        decode_validated({"do": do, **fields}, Command)


def test_a_citation_is_a_document_and_a_place_in_it() -> None:
    fields = put_together("close-case", {"cites": ("report=附件1 第 1 行",)})

    assert fields == {"cites": [{"document": "report", "place": "附件1 第 1 行"}]}


@pytest.mark.parametrize(
    ("do", "given"),
    [
        ("decide-appeal", {"awards": ("x",)}),
        ("close-case", {"cites": ("report",)}),
        ("submit-figure", {"figure_id": "f", "target": "10"}),
        ("submit-figure", {"figure_id": "f", "target_sense": "at-least"}),
    ],
)
def test_half_of_what_goes_together_is_refused(do: str, given: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        put_together(do, given)
