"""A total that nobody gave is shown as missing wherever people look: a 0.00 would be a score."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest

from documents.lists import BOM
from tests.support.places import Place, Places
from tests.support.terminal import CASE, OPENING, SELF, begun, done, scoretrail

ZERO = "0.00"


def stage(places: Places, *files: Path) -> Place:
    """The reference case as far as these files take it."""
    ledger = begun(places.new(), "2023-01-01")
    for file in files:
        done(scoretrail(ledger, "apply", str(file)))
    return ledger


def tables(ledger: Place, *words: str) -> list[list[str]]:
    out = done(scoretrail(ledger, *words, "--csv", lang="en")).out.removeprefix(BOM)
    return list(csv.reader(StringIO(out, newline="")))


def totals(ledger: Place) -> dict[str, tuple[str, str]]:
    """The lines of the totals: what is claimed and what is awarded."""
    rows = tables(ledger, "score", CASE)
    start = next(at for at, row in enumerate(rows) if row and row[0] == "Totals")
    return {row[0]: (row[1], row[3]) for row in rows[start + 1 :] if row}


def column(rows: list[list[str]], heading: str) -> list[str]:
    at = rows[0].index(heading)
    return [row[at] for row in rows[1:] if row]


@pytest.mark.parametrize("files", [(OPENING,), (OPENING, SELF)], ids=["opened", "submitted"])
def test_a_total_that_nobody_gave_is_missing(files: tuple[Path, ...], places: Places) -> None:
    ledger = stage(places, *files)
    claimed = SELF in files

    lines = totals(ledger)
    assert not [line for line, (_, award) in lines.items() if award == ZERO]
    assert lines["Total"] == ("100.00" if claimed else "", "")
    assert claimed or not [line for line, (claim, _) in lines.items() if claim == ZERO]

    # What a rule gives where nothing was reported is about a report that is complete.
    sheet = done(scoretrail(ledger, "score", CASE, "--json")).json
    assert claimed or {row["rule"] for row in sheet["indicators"]} == {None}
    assert claimed or sheet["standard"]["highest"] == "100.00"
    words = ("explain", CASE, "output-goals")
    rule = done(scoretrail(ledger, *words, "--json")).json["rule"]
    ends = ("18.00", "18.00", "18.00") if claimed else (None, ZERO, "20.00")
    assert (rule["score"], rule["lowest"], rule["highest"]) == ends

    listed = tables(ledger, "portfolio", "scores")
    assert column(listed, "Claimed") == ["100.00" if claimed else ""]
    assert column(listed, "Awarded") == [""]
    (score,) = done(scoretrail(ledger, "portfolio", "scores", "--json")).json["scores"]
    assert (score["claim"], score["award"]) == ("100.00" if claimed else None, None)

    replayed = tables(ledger, "replay", CASE)
    assert ZERO not in {*column(replayed, "Total before"), *column(replayed, "Total after")}


def test_scripts_still_read_decimals_and_beside_them_that_nobody_gave_a_total(
    places: Places,
) -> None:
    """The contract: totals are strings of digits, never null, and say how many rows are open."""
    ledger = stage(places, OPENING)
    sheet = done(scoretrail(ledger, "score", CASE, "--json")).json

    rows = len(sheet["indicators"])
    for part in ("claim", "award"):
        totals = sheet[part]
        assert (totals["scored"], totals["pending"], totals["grade"]) == (0, rows, None)
        assert {totals[key] for key in ("base", "bonus", "penalty", "raw", "total")} == {ZERO}
        assert totals["printed"] is None
    assert {(row["claim"], row["award"]) for row in sheet["indicators"]} == {(None, None)}


@pytest.mark.parametrize("kind", ["score-table", "composite", "result-letter", "register"])
def test_no_document_of_an_opened_case_prints_a_zero(
    kind: str, places: Places, tmp_path: Path
) -> None:
    ledger, page = stage(places, OPENING), tmp_path / "page.html"

    done(scoretrail(ledger, "document", kind, CASE, "-o", str(page)))

    assert not re.findall(r"(?<![\d.])0\.00", page.read_text("utf-8"))


def test_json_keeps_its_decimals_and_says_that_no_row_is_scored(places: Places) -> None:
    award = done(scoretrail(stage(places, OPENING), "score", CASE, "--json")).json["award"]

    assert (award["total"], award["scored"], award["pending"]) == (ZERO, 0, 28)


def test_a_bridge_from_nothing_starts_at_nothing(places: Places) -> None:
    ledger = stage(places, OPENING, SELF)

    found = done(scoretrail(ledger, "bridge", CASE, "--from", "v2", "--json")).json
    said = done(scoretrail(ledger, "bridge", CASE, "--from", "v2", lang="en")).out

    assert (found["from"]["given"], found["to"]["given"], found["residual"]) == (False, True, ZERO)
    assert {step["absent"] for step in found["steps"] if step["indicator"]} == {"before"}
    assert "— → 100.00" in said
