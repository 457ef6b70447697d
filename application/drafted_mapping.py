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
from intake.rule_sentences import Figure, FoundRule
from intake.table_columns import ASKED
from intake.table_figures import OWN, RESTATED, Answered, figures_of
from intake.table_mapping import by_indicator, propose
from intake.table_questions import Found, Question, lines, questions, reason_question
from intake.table_rows import Answers, TableRow, read_tables
from ledger.rubric import Rubric
from ledger.rubric import read as read_rubric
from ledger.values import Invalid

OF_THE_TABLE: Final = {"sheets", "columns", "cells", "figures", "reasons"}
"""The sections that no id of an indicator is in, which a person may change in the draft."""


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
    rubric = _reading_figures(draft)
    review, own = (_side(file, sheets, rubric, draft.answers, {}, own=own) for own in (False, True))
    known = {line.key: line for line in _of_both(review[0], own[0])}
    text = written({"sha256": table.sha256}, NOTES, known.values())

    def asks(answers: Mapping[tuple[str, str], str]) -> Iterator[Question]:
        told = read(file, HandedIn(file.name, answered(text, answers).encode()), table)
        for own in (False, True):
            yield from _side(file, sheets, rubric, told.answers, told.figures, own=own)[1]

    asked = {one.line.key: one for one in (*own[1], *review[1])}
    return foreseen(asks, list(asked.values()), known.values(), len(draft.rows))


def _side(  # noqa: PLR0913 - a table, a rubric, and what was said
    file: Path,
    sheets: Sequence[Sheet],
    rubric: Rubric,
    answers: Answers,
    ids: Mapping[tuple[str, str], str],
    *,
    own: bool,
) -> tuple[dict[tuple[str, str], Line], list[Question]]:
    """What is read and asked of the table alone, by the reviewer or by the unit."""
    tables = read_tables(file, sheets, SCALE_READ, answers, own=own)
    rows = propose(tables, rubric)
    figures, opened = figures_of(
        rows, rubric, {}, Answered(frozenset(answers.cells), ids), OWN if own else RESTATED
    )
    found = Found(tables, rows, figures, opened, answers)
    every = questions(file, found, rubric)
    indicators = () if own else by_indicator(rows, rubric)
    every += [reason_question(file, row) for row, _ in indicators if _needs_reason(row)]
    asked = [one for one in every if one.line.section in OF_THE_TABLE]
    said = [line for line in lines(found, every, rubric) if line.section in OF_THE_TABLE]
    kept = [one for one in said if one.value == ASKED or one.section != "figures"]
    return {line.key: line for line in kept}, asked


def _needs_reason(row: TableRow) -> bool:
    """Whether the reviewer gave or found something else than the unit, and does not say why."""
    actual, restated = row.parts.get("actual"), row.parts.get("actual-restated")
    found = actual is not None and restated is not None and actual.text != restated.text
    return not row.reason and (
        found or (row.claim is not None and row.award not in {None, row.claim})
    )


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


def _reading_figures(draft: RubricDraft) -> Rubric:
    """The rows of a draft as a rubric that reads the same figures and scores nothing by them."""
    text = (
        f'id = "drafted"\nedition = "drafted"\ntitle = "drafted"\nscale = {SCALE_READ}\n'
        f'full = "{draft.total}"\ncap = "{draft.total}"\nsource = "drafted"\nband = []\n'
    )
    declared = ""
    for row in draft.rows:
        assert row.weight  # noqa: S101 - asked before
        weight = plain_number(row.weight)
        fields: dict[str, object] = {"id": row.id, "path": list(row.path), "clause": row.clause}
        fields |= {"standard": row.row.standard or row.clause, "weight": weight}
        text += "[[indicator]]\n" + _toml(fields)
        figures = row.rule.figures if isinstance(row.rule, FoundRule) else ()
        text += _rule(figures, weight)
        for figure in figures:
            given = {"id": figure.id, "name": figure.name, "kind": figure.kind, "unit": figure.unit}
            declared += "[[figure]]\n" + _toml({key: one for key, one in given.items() if one})
    return read_rubric((text + declared).encode())


def _rule(figures: Sequence[Figure], weight: str) -> str:
    """A rule that reads figures of one kind; one that is left to the reviewer reads none."""
    ids = json.dumps([figure.id for figure in figures])
    match {figure.kind for figure in figures}:
        case kinds if kinds == {"number"} and len({figure.unit for figure in figures}) == 1:
            value = f'{{ take = "total", figures = {ids} }}'
            shape = f'shape = "ratio", counts = "rate", value = {value}, above = "full"'
            return f'rule = {{ {shape}, below = "zero" }}\n'
        case kinds if kinds == {"yes-no"}:
            return f'rule = {{ shape = "all-or-nothing", figures = {ids} }}\n'
        case _:
            most = f'deduct = "[0,{weight}]", out_of = "{weight}"'
            return f'rule = {{ shape = "discretion", full_if = [], {most} }}\n'


def _toml(fields: Mapping[str, object]) -> str:
    return "".join(
        f"{key} = {json.dumps(one, ensure_ascii=False)}\n" for key, one in fields.items()
    )
