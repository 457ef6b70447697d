"""The workbook of the example of the nation-wide form says what its batch files say."""

from pathlib import Path
from shutil import copy

import pytest

from tests.support.places import Places
from tests.support.terminal import EXAMPLES, done, scoretrail

pytestmark = pytest.mark.sqlite_only("what is recorded are ordinary commands, tried on both")
FORM = EXAMPLES.parent / "project-self-evaluation"
CASE = "sample-form-2024"


def test_the_table_and_the_typed_batches_give_the_same_scores(
    places: Places, tmp_path: Path
) -> None:
    typed, read = places.new(), places.new()
    for place in (typed, read):
        done(scoretrail(place, "--dated", "2025-03-01", "init"))
        done(scoretrail(place, "apply", str(FORM / "1-opening.toml")))
    for batch in ("2-self-evaluation.toml", "3-review.toml"):
        done(scoretrail(typed, "apply", str(FORM / batch)))
    table = copy(FORM / "self-evaluation.xlsx", tmp_path)
    for account, day, more in (
        ("unit-filer", "2025-03-10", ("--as-self",)),
        ("agency-reviewer", "2025-04-15", ()),
    ):
        words = ("--as", account, "--dated", day, "import-table", CASE, str(table), *more)
        done(scoretrail(read, *words))

    ours, theirs = (scoretrail(place, "score", CASE, "--json").json for place in (read, typed))
    for key in ("id", "claim", "rule", "award"):
        assert [row[key] for row in ours["indicators"]] == [
            row[key] for row in theirs["indicators"]
        ]
    assert ours["claim"]["printed"] == theirs["claim"]["printed"] == "100.00"

    # In its own layout the table says already what is recorded, but for the total of the claims.
    out = tmp_path / "out.xlsx"
    done(scoretrail(read, "form", "table", CASE, str(table), "-o", str(out), lang="en"))
    assert out.stat().st_size > 1000
