"""Questions that answers to others lead to, foreseen (预见), so that a person is asked once.

Whether a cell can be read may depend on what its column is, and in which unit on which figure it
gives. Every answer that is offered is tried, and what would then be asked is asked with the rest;
where the answer turns out to be another one, nothing waits for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from intake.mapping_file import Line
from intake.table_columns import ASKED
from intake.table_questions import Question

Key = tuple[str, str]
Asks = Callable[[Mapping[Key, str]], Iterable[Question]]
"""What is asked once some lines of a mapping file are answered."""

ROUNDS_MAX: Final = 8
"""How many answers to one question are tried; a column has the most, one for each role."""
ROWS_MAX: Final = 1000
"""How many rows a table has at most that is read so often; a longer one is asked about by turns."""
DEPTH: Final = 3
"""How often what is foreseen is answered in its turn."""
_IF: Final = "视其他回答而定 depending on other answers: "


def foreseen(
    asks: Asks, asked: Sequence[Question], understood: Iterable[Line], rows: int
) -> list[Line]:
    """The lines of a mapping file with those of what may have to be asked once some are answered.

    What was understood of itself stays; an answer that contradicts it is asked about then.

    Args:
        asks: reads the table again with some answers.
        asked: the questions that are open.
        understood: the lines of what was found and of what is asked.
        rows: how many the table has.
    """
    lines = {line.key: line for line in understood}
    for question in _that_follow(asks, asked) if rows <= ROWS_MAX else ():
        if lines.get(question.line.key, question.line).value == ASKED:
            lines[question.line.key] = question.line
    return list(lines.values())


def _that_follow(asks: Asks, asked: Sequence[Question]) -> list[Question]:
    """The questions with those that may follow them, and with what else may be asked in a place."""
    found = {question.line.key: question for question in asked}
    fresh = bool(asked)
    for _ in range(DEPTH if fresh else 0):
        known, fresh = list(found.values()), False
        for turn in range(min(ROUNDS_MAX, max(len(one.answers) for one in known))):
            tried = {
                one.line.key: one.answers[(turn + place) % len(one.answers)]
                for place, one in enumerate(known)
                if one.answers
            }
            for question in asks(tried):
                before = found.get(question.line.key)
                fresh = fresh or before is None
                found[question.line.key] = _with(question, before)
        if not fresh:
            break
    return list(found.values())


def _with(question: Question, before: Question | None) -> Question:
    """A question that may follow, or what was asked in its place together with it."""
    if before is None:
        line = question.line
        return question._replace(line=line._replace(remark=_IF + line.remark))
    if question.why == before.why or question.line.remark in before.line.remark:
        return before
    remark = f"{before.line.remark}; {_IF}{question.line.remark}"
    choices = tuple(dict.fromkeys((*before.choices, *question.choices)))
    return before._replace(line=before.line._replace(remark=remark), choices=choices)
