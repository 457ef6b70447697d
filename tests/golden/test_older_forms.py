"""Forms of an older program that people have filled in stay readable, and so do its tables.

They belong to the rubric of their time, which `case` holds with the evidence that they cite.
"""

from pathlib import Path
from shutil import copy, copytree
from typing import Any, Final

import pytest

from tests.support.filled_forms import countersign
from tests.support.places import Place, Places
from tests.support.terminal import CASE, RESULT, ROOT, begun, done, record, scoretrail

VERSIONS: Final = sorted((ROOT / "tests" / "golden" / "forms").glob("v*"))
RULE_RESULTS: Final = {"v1": "19.09", "v2": None}
"""Of `benefit-goals`, by the rubric of each time."""


def version(folder: Path) -> str:
    return folder.name


def on_paper(folder: Path, places: Places, work: Path) -> Place:
    """The case of the forms, recorded from them."""
    ledger = begun(places.new(), "2024-07-30")
    done(scoretrail(ledger, "apply", str(folder / "case" / "1-opening.toml")))
    copytree(folder / "case" / "evidence", work / "evidence")
    for form, account, day in (
        ("self-evaluation.xlsx", "unit-filer", "2024-07-30"),
        ("review.xlsx", "agency-reviewer", "2024-12-30"),
    ):
        file = copy(folder / form, work)
        done(scoretrail(ledger, "--as", account, "--dated", day, "apply", str(file)))
    countersign(ledger)
    done(scoretrail(ledger, "apply", str(RESULT)))
    return ledger


@pytest.mark.parametrize("folder", VERSIONS, ids=version)
def test_filled_forms_lead_to_the_same_scores(
    folder: Path, issued: Place, places: Places, tmp_path: Path
) -> None:
    ledgers = (on_paper(folder, places, tmp_path), issued)
    written, typed = (scoretrail(one, "score", CASE, "--json").json for one in ledgers)

    for column in ("claim", "award"):
        assert written[column] == typed[column]
        assert scores(written, column) == scores(typed, column)
    assert scores(written, "rule")["benefit-goals"] == RULE_RESULTS[folder.name]


def scores(sheet: Any, column: str) -> dict[str, str | None]:  # noqa: ANN401 - JSON data is what it is
    return {row["id"]: row[column] for row in sheet["indicators"]}


@pytest.mark.parametrize("folder", VERSIONS, ids=version)
def test_score_tables_say_what_is_recorded(folder: Path, places: Places, tmp_path: Path) -> None:
    ledger = on_paper(folder, places, tmp_path)
    before = record(ledger)
    for kept in sorted(folder.glob("score-table.*.xlsx")):
        table = copy(kept, tmp_path)  # the mapping is written next to it
        words = ("--as", "agency-reviewer", "import-table", CASE, str(table), "--json")
        said = done(scoretrail(ledger, *words)).json

        assert said["recorded"] == 0
        assert len([row for row in said["rows"] if row["indicator"]]) == 30
    assert record(ledger) == before
