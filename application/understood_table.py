"""What a delivered table says by its mapping file, with nothing left to be asked."""

from pathlib import Path

from intake.delivered_file import read_sheets
from intake.files import HandedIn, hand_in
from intake.table_mapping import (
    Mapped,
    Question,
    added,
    obeyed,
    propose,
    questions,
    read,
    reason_question,
    refuse_incomplete,
    refuse_open,
    write,
    written,
)
from intake.table_rows import DeliveredTables, read_tables
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned, score_sheet


def understood(
    point: CaseAsOf, file: Path, table: HandedIn, path: Path, *, keep: bool
) -> tuple[DeliveredTables, list[Mapped], HandedIn]:
    """The tables, what each row means, and the mapping file that states so.

    The mapping is written where there is none and it asks something or is to be kept; what is asked
    only after others were answered is added to it.

    Args:
        point: the case.
        file: where the table is.
        table: the file as it was read.
        path: where its mapping is, or will be.
        keep: whether the mapping is to be kept although it asks nothing.

    Raises:
        Invalid: no table, no such mapping, or something in it is left open.
    """
    rubric, sheets = pinned(point), read_sheets(file, table.content)
    if path.exists():
        mapping = hand_in(path)
    else:
        found = read_tables(file, sheets, rubric.scale)
        rows = propose(found, rubric)
        asked = _questions(file, found, rows, point)
        text = written(file, found, rows, table, point.case.id, rubric)
        text += added([question for question in asked if question.key[0] == "reason"])
        if asked or keep:
            write(path, text, "x")
        mapping = HandedIn(path.name, text.encode())
    said = read(path, mapping, table)
    tables = read_tables(file, sheets, rubric.scale, said.answers)
    rows = obeyed(said, propose(tables, rubric), rubric)
    asked = _questions(file, tables, rows, point)
    if new := [question for question in asked if question.key not in said.keys]:
        write(path, added(new), "a")
    refuse_open(path, asked)
    refuse_incomplete(path, file, rows, rubric, partial=said.partial)
    return tables, rows, mapping


def _questions(
    file: Path, tables: DeliveredTables, rows: list[Mapped], point: CaseAsOf
) -> list[Question]:
    """What a person has to say, the reasons of adjusted scores that the table does not give too."""
    sheet = score_sheet(point)
    assert sheet  # noqa: S101 - a rubric is pinned, so there is a sheet
    stands = {row.id: row for row in sheet.indicators}
    return [
        *questions(file, tables, rows, pinned(point)),
        *(
            reason_question(file, row)
            for row, means in rows
            if means in stands
            and not row.reason
            and row.award not in {None, stands[means].award, stands[means].claim}
        ),
    ]
