"""Terms: each Chinese term with one English term, and a title for whatever people can meet."""

from collections.abc import Mapping
from typing import get_args, get_type_hints

import pytest

from ledger import terms
from ledger.codec import EVENTS
from ledger.commands import COMMANDS
from ledger.events import AppealOutcome, ObjectionOutcome, Role
from ledger.language import Text
from ledger.rubric import Totals
from ledger.values import FigureKind, Sense, Stage

COLUMNS = {name: term for name, term in vars(terms).items() if isinstance(term, Text)}
GROUPS = {
    name: group
    for name, group in vars(terms).items()
    if isinstance(group, Mapping) and name.isupper()
}


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (terms.EVENTS, EVENTS),
        (terms.COMMANDS, COMMANDS),
        (terms.ROLES, get_args(Role)),
        (terms.STAGES, get_args(Stage)),
        (terms.OBJECTION_OUTCOMES, get_args(ObjectionOutcome)),
        (terms.APPEAL_OUTCOMES, get_args(AppealOutcome)),
        (terms.FIGURE_KINDS, get_args(FigureKind)),
        (terms.DIRECTIONS, get_args(Sense)),
    ],
)
def test_every_name_has_its_words(group: Mapping[str, Text], names: Mapping[str, object]) -> None:
    assert list(group) == list(names)


def test_every_line_of_a_total_has_its_words() -> None:
    assert set(terms.TOTALS_LINES) <= set(get_type_hints(Totals))


@pytest.mark.parametrize("group", [COLUMNS, *GROUPS.values()], ids=["COLUMNS", *GROUPS])
def test_a_chinese_term_has_one_english_term_and_the_other_way_round(
    group: Mapping[str, Text],
) -> None:
    """A column and the value in it may differ: 复核签字, "countersigned" and "countersign"."""
    pairs = {(term.zh, term.en.lower().removesuffix("s")) for term in group.values()}

    assert len({zh for zh, _ in pairs}) == len(pairs)
    assert len({en for _, en in pairs}) == len(pairs)


@pytest.mark.parametrize("term", [term for group in GROUPS.values() for term in group.values()])
def test_no_term_is_a_sentence(term: Text) -> None:
    assert term.zh
    assert term.en
    assert not set("。.；;，,") & set(term.zh + term.en)
