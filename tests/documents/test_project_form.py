"""The nation-wide form made of a case alone: what it says is read back as it was recorded."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from application.table_commands import commands_of, totals_of
from application.understood_table import UnderstoodTable, understand
from documents.formats import printer
from documents.page import Document, FormCell, PageForm
from documents.project_form import project_form
from documents.source import source
from intake.files import HandedIn
from ledger.case import Case
from ledger.language import Language
from tests.support.examples import example

OPENED: Final = "v3"
"""Where a case has its rubric and nothing of its unit."""
NAMES: Final = (
    "project-self-evaluation",
    "evaluation-framework",
    "project-expenditure",
    "nested-blocks",
)
SAME_NAMES: Final = "zhanjiang-2023"
"""Whose rubric has rows of one path and weight, and so no form that can be read without asking."""


def made(name: str, language: Language = "zh") -> Document:
    return project_form(source(example(name, "self"), date(2025, 12, 31)), language)


def read_back(name: str, suffix: str, language: Language) -> UnderstoodTable:
    """The printed form as the unit reads it into the case before it has anything of it.

    A rule that reads figures by ids of which the rubric says no names asks which is which; that is
    answered by the names.
    """
    content = printer(suffix)(made(name, language))
    table, path = Path(f"form{suffix}"), Path(f"form{suffix}.mapping.toml")
    handed, point = HandedIn(table.name, content), example(name, OPENED)
    seen = understand(point, table, handed, path, None, side="self-evaluation")
    ids = {one.name: one.id for one in example(name, "self").case.figures.values()}
    text = seen.mapping.content.decode()
    for figure in seen.figures:
        if figure.id == "?":
            at = f'"{figure.row.sheet}!{figure.cell.ref}" = '
            text = text.replace(f'{at}"?"', f'{at}"{ids[figure.name]}"')
    mapping = HandedIn(path.name, text.encode())
    return understand(point, table, handed, path, mapping, side="self-evaluation")


def facts(case: Case) -> set[tuple[Any, ...]]:
    """The figures of a case by what they say; one of the unit's own may have another id."""
    return {
        (
            one.indicator,
            one.kind,
            one.value if one.kind != "number" or not one.value else Decimal(one.value),
            one.unit,
            one.target and (one.target.sense, one.target.value),
        )
        for one in case.figures.values()
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("suffix", "language"), [(".xlsx", "zh"), (".docx", "zh"), (".xlsx", "en")]
)
def test_what_the_form_says_is_read_back_as_it_was_recorded(
    name: str, suffix: str, language: Language
) -> None:
    case = example(name, "self").case
    seen = read_back(name, suffix, language)

    assert seen.refused is None, seen.refused and seen.refused.text
    fields = [said for _, said in commands_of(seen)]
    claims = {
        said["indicator"]: Decimal(said["score"]) for said in fields if said["do"] == "claim-score"
    }
    assert claims == case.claims
    figures = [said["figure"] for said in fields if said["do"] == "submit-figure"]
    read = {
        (
            one["indicator"],
            one["kind"],
            Decimal(one["value"])
            if one["kind"] == "number" and one.get("value")
            else one.get("value"),
            one.get("unit", ""),
            one.get("target") and (one["target"]["sense"], one["target"]["value"]),
        )
        for one in figures
    }
    assert read == facts(case)
    assert not any(total.differs for total in totals_of(seen))


def test_reading_it_into_the_case_that_it_was_made_of_records_nothing() -> None:
    content = printer(".xlsx")(made("project-self-evaluation"))
    table, path = Path("form.xlsx"), Path("form.xlsx.mapping.toml")
    point = example("project-self-evaluation", "self")

    seen = understand(
        point, table, HandedIn(table.name, content), path, None, side="self-evaluation"
    )

    assert commands_of(seen) == []


def test_rows_of_one_path_and_weight_are_asked_about_and_never_mixed_up() -> None:
    case, seen = example(SAME_NAMES, "self").case, read_back(SAME_NAMES, ".xlsx", "zh")

    assert seen.refused is not None
    assert "form.xlsx" in seen.refused.text.en
    for row, means in seen.indicators:
        assert row.claim in {None, case.claims.get(means)}, (means, row)


def cells(document: Document) -> list[list[FormCell]]:
    (form,) = (block for block in document.blocks if isinstance(block, PageForm))
    return [list(line) for line in form.lines]


def test_figures_have_a_line_each_and_the_score_goes_over_the_lines_of_its_row() -> None:
    lines = cells(made("project-self-evaluation"))
    (line,) = (line for line in lines if any(cell.text == "清淤河道长度" for cell in line))

    assert [(cell.text, cell.rows) for cell in line][-6:] == [
        ("清淤河道长度", 1),
        ("≥ 20公里", 1),
        ("18公里", 1),
        (Decimal("15.00"), 2),
        (Decimal("15.00"), 2),
        ("", 2),
    ]


def test_every_place_of_the_grid_has_one_cell() -> None:
    for name in (*NAMES, SAME_NAMES):
        (form,) = (block for block in made(name).blocks if isinstance(block, PageForm))
        places = [
            (line + down, column + right)
            for line, column, cell in form.placed()
            for down in range(cell.rows)
            for right in range(cell.columns)
        ]

        assert len(places) == len(set(places)), name
        assert set(places) == {
            (line, column) for line in range(len(form.lines)) for column in range(len(form.widths))
        }, name
