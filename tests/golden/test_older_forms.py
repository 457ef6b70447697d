"""Forms of an older program that people have filled in stay readable, and so do its tables."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy, copytree
from typing import Final

import pytest

from tests.support.filled_forms import countersign
from tests.support.places import Place, Places
from tests.support.terminal import CASE, EXAMPLES, RESULT, ROOT, done, record, scoretrail

VERSIONS: Final = sorted((ROOT / "tests" / "golden" / "forms").glob("v*"))


def version(folder: Path) -> str:
    return folder.name


@pytest.mark.parametrize("folder", VERSIONS, ids=version)
def test_filled_forms_lead_to_the_same_scores(
    folder: Path, built: Mapping[str, Place], issued: Place, places: Places, tmp_path: Path
) -> None:
    ledger = places.copy(built["opened"])
    copytree(EXAMPLES / "evidence", tmp_path / "evidence")
    for form, account, day in (
        ("self-evaluation.xlsx", "unit-filer", "2024-07-30"),
        ("review.xlsx", "agency-reviewer", "2024-12-30"),
    ):
        file = copy(folder / form, tmp_path)
        done(scoretrail(ledger, "--as", account, "--dated", day, "apply", str(file)))
    countersign(ledger)
    done(scoretrail(ledger, "apply", str(RESULT)))

    on_paper, typed = (scoretrail(one, "score", CASE, "--json").json for one in (ledger, issued))
    for column in ("claim", "award", "indicators"):
        assert on_paper[column] == typed[column]


@pytest.mark.parametrize("folder", VERSIONS, ids=version)
def test_score_tables_say_what_is_recorded(folder: Path, issued: Place, tmp_path: Path) -> None:
    before = record(issued)
    for kept in sorted(folder.glob("score-table.*.xlsx")):
        table = copy(kept, tmp_path)  # the mapping is written next to it
        words = ("--as", "agency-reviewer", "import-table", CASE, str(table), "--json")
        said = done(scoretrail(issued, *words)).json

        assert said["recorded"] == 0
        assert len([row for row in said["rows"] if row["indicator"]]) == 30
    assert record(issued) == before
