"""The mapping file of a table from which a rubric is drafted: the table is asked about once.

A person who answers the draft answers the table's own questions with it, so that the table is read
by the rubric without another round. What depends on the case or on its rules is asked then.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from application.foreseen_questions import foreseen
from application.score_table import MAPPING
from application.understood_table import NOTES
from application.written_file import write_whole
from intake.draft_file import plain_number
from intake.files import HandedIn
from intake.grid import Sheet
from intake.mapping_file import Line, answered, read, written
from intake.rubric_draft import SCALE_READ, RubricDraft
from intake.table_columns import ASKED
from intake.table_figures import OWN, RESTATED, Answered, figures_of
from intake.table_mapping import propose
from intake.table_questions import Found, Question, lines, questions
from intake.table_rows import Answers, read_tables
from ledger.rubric import Rubric
from ledger.rubric import read as read_rubric
from ledger.values import Invalid

OF_THE_TABLE: Final = {"sheets", "columns", "cells"}
"""The sections about the table alone; the others are about the indicators of a published rubric."""


def write_drafted_mapping(
    file: Path, table: HandedIn, sheets: Sequence[Sheet], draft: RubricDraft
) -> Path | None:
    """Write the mapping file next to a table, if the table leaves something open.

    Args:
        file: what the table is called.
        table: the table.
        sheets: what it holds.
        draft: the rubric that was drafted from it.

    Returns:
        Where the questions are; `None` where there are none, where a mapping file is there
        already, or where none can be written: those who read the table are asked then.
    """
    path = Path(f"{file}{MAPPING}")
    if path.exists() or any(not row.weight or row.weight < 0 for row in draft.rows):
        return None
    head = {"table": table.name, "sha256": table.sha256, "partial": False, "submit": True}
    try:
        found = _asked_once(file, table, sheets, draft)
        if not any(line.value == ASKED for line in found):
            return None
        write_whole(path, [written(head, NOTES, found).encode()])
    except Invalid:  # the draft is written all the same; reading the table reports what is wrong
        return None
    return path


def _asked_once(
    file: Path, table: HandedIn, sheets: Sequence[Sheet], draft: RubricDraft
) -> list[Line]:
    """The lines about the table alone, with what answers to its questions lead to."""
    rubric = _without_rules(draft)
    review, own = (_side(file, sheets, rubric, draft.answers, own=own) for own in (False, True))
    known = {line.key: line for line in _of_both(review[0], own[0])}
    text = written({"sha256": table.sha256}, NOTES, known.values())

    def asks(answers: Mapping[tuple[str, str], str]) -> Iterator[Question]:
        told = read(file, HandedIn(file.name, answered(text, answers).encode()), table).answers
        for own in (False, True):
            yield from _side(file, sheets, rubric, told, own=own)[1]

    asked = {one.line.key: one for one in (*own[1], *review[1])}
    return foreseen(asks, list(asked.values()), known.values())


def _side(
    file: Path, sheets: Sequence[Sheet], rubric: Rubric, answers: Answers, *, own: bool
) -> tuple[dict[tuple[str, str], Line], list[Question]]:
    """What is read and asked of the table alone, by the reviewer or by the unit."""
    tables = read_tables(file, sheets, SCALE_READ, answers, own=own)
    rows = propose(tables, rubric)
    figures, opened = figures_of(
        rows, rubric, {}, Answered(frozenset(answers.cells), {}), OWN if own else RESTATED
    )
    found = Found(tables, rows, figures, opened, answers)
    every = questions(file, found, rubric)
    asked = [one for one in every if one.line.section in OF_THE_TABLE]
    said = lines(found, every, rubric)
    return {line.key: line for line in said if line.section in OF_THE_TABLE}, asked


def _of_both(
    review: dict[tuple[str, str], Line], own: dict[tuple[str, str], Line]
) -> Iterator[Line]:
    """What both sides read alike and what either is asked; not what each takes differently."""
    for key, line in (review | own).items():
        other = review.get(key, line)
        if line.value in {ASKED, other.value}:
            yield line
        elif other.value == ASKED:
            yield other


def _without_rules(draft: RubricDraft) -> Rubric:
    """The rows of a draft as a rubric that leaves every score to the reviewer."""
    text = (
        f'id = "drafted"\nedition = "drafted"\ntitle = "drafted"\nscale = {SCALE_READ}\n'
        f'full = "{draft.total}"\ncap = "{draft.total}"\nsource = "drafted"\nband = []\n'
    )
    for row in draft.rows:
        assert row.weight  # noqa: S101 - asked before
        weight = plain_number(row.weight)
        fields = {"id": row.id, "path": list(row.path), "clause": row.clause}
        standard = {"standard": row.row.standard or row.clause}
        text += "[[indicator]]\n" + "".join(
            f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
            for key, value in (fields | standard).items()
        )
        text += f'weight = "{weight}"\nrule.shape = "discretion"\nrule.full_if = []\n'
        text += f'rule.deduct = "[0,{weight}]"\nrule.out_of = "{weight}"\n'
    return read_rubric(text.encode())
