"""The reference case on paper and back: forms filled in as a person would, tables out and in."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.support.filled_forms import Person, countersign, fill_review, fill_self_evaluation
from tests.support.places import Place, Places
from tests.support.terminal import CASE, EXAMPLES, RESULT, done, record, scoretrail
from tests.support.workbooks import Book

pytestmark = pytest.mark.slow


def test_the_reference_case_goes_round_on_paper(
    built: Mapping[str, Place], tmp_path: Path, issued: Place, places: Places
) -> None:
    """Forms out, filled in, in; the score is to the hundredth that of the case typed as acts."""
    ledger = places.copy(built["opened"])
    copytree(EXAMPLES / "evidence", tmp_path / "evidence")
    form = tmp_path / "self.xlsx"
    done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(form)))
    fill_self_evaluation(form)
    unit = ("--as", "unit-filer", "--dated", "2024-07-30", "apply", str(form))
    checked = done(scoretrail(ledger, *unit, "--check"))
    assert "output-goals" in checked.out
    assert scoretrail(ledger, "score", CASE, "--json").json["claim"]["total"] == "0.00"
    done(scoretrail(ledger, *unit))
    assert "写入 0 条" in done(scoretrail(ledger, *unit)).out

    review = tmp_path / "review.xlsx"
    done(scoretrail(ledger, "form", "review", "--case", CASE, "-o", str(review)))
    fill_review(review)
    agency = ("--as", "agency-reviewer", "--dated", "2024-12-30", "apply", str(review))
    done(scoretrail(ledger, *agency))
    countersign(ledger)
    done(scoretrail(ledger, "apply", str(RESULT)))

    on_paper = scoretrail(ledger, "score", CASE, "--json").json
    typed = scoretrail(issued, "score", CASE, "--json").json
    for same in ("claim", "award", "indicators"):
        assert on_paper[same] == typed[same]
    assert on_paper["award"]["total"] == "93.89"
    by_form, by_hand = (
        [step["delta"] for step in scoretrail(one, "bridge", CASE, "--json").json["steps"]]
        for one in (ledger, issued)
    )
    assert by_form == by_hand


def test_a_form_that_nobody_filled_in_asks_for_nothing(issued: Place, tmp_path: Path) -> None:
    for words in (("self-evaluation", "--case"), ("review", "--case")):
        form = tmp_path / f"{words[0]}.xlsx"
        done(scoretrail(issued, "form", *words, CASE, "-o", str(form)))

        said = scoretrail(issued, "--as", "agency-reviewer", "apply", str(form))

        assert said.code == 2
        assert "没有操作" in said.err


def test_claims_made_before_stand_in_the_form_and_only_what_is_changed_is_claimed_again(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    """Figures, scores, bonus claims and their evidence go out as they are, and come back so."""
    ledger = places.copy(built["claimed"])
    form = tmp_path / "self.xlsx"
    done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(form)))
    before = events(ledger, "BonusClaimed")
    assert len(before) == 4
    person = Person(form)
    for one in before:
        said = {
            key: person.book.text("加分申报", person.book.ref("加分申报", one["item"], key))
            for key in ("title", "points", "issuer", "number", "evidence")
        }
        assert {**said, "evidence": len(said["evidence"].split("\n"))} == {
            **{key: one[key] for key in ("title", "points", "issuer", "number")},
            "evidence": len(one["evidence"]),
        }
    apply = ("--as", "unit-filer", "--dated", "2024-07-30", "apply", str(form))

    changed, other = before[0], events(ledger, "ScoreClaimed")[0]
    person.fill("加分申报", changed["item"], {"points": Decimal("0.5")})
    person.fill("自评得分", other["indicator"], {"justification": "另行说明"})
    person.fill("加分申报", "bonus-new", {"title": "新的一项", "points": Decimal("0.25")})
    person.done()
    done(scoretrail(ledger, *apply))

    after = events(ledger, "BonusClaimed")
    assert after[:4] == before
    assert after[4] == {**_of_the_form(changed), "points": "0.50"}
    assert (after[5]["item"], after[5]["points"]) == ("bonus-new", "0.25")
    assert len(after) == 6
    assert events(ledger, "ScoreClaimed")[-1] == {
        **_of_the_form(other),
        "justification": "另行说明",
    }


def test_what_a_document_says_of_a_figure_is_handed_on(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    ledger = places.copy(built["claimed"])
    said = ("--goal-class", "数量", "--period", "2023-01-01/2023-12-31", "--as-of", "2023-12-31")
    row = ("--indicator", "output-goals", "--name", "巡查次数", "--value", "7", *said)
    done(scoretrail(ledger, "--as", "unit-filer", "submit", "figure", CASE, "patrols", *row))
    form = tmp_path / "self.xlsx"
    done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(form)))
    person = Person(form)
    person.fill("基础数据", "patrols", {"value": Decimal(8)})
    person.done()

    done(scoretrail(ledger, "--as", "unit-filer", "apply", str(form)))

    before, after = (
        one["figure"]
        for one in events(ledger, "FigureSubmitted")
        if one["figure"]["id"] == "patrols"
    )
    assert after == {**before, "value": "8"}
    assert after["as_of"] == "2023-12-31"


def test_a_file_that_is_filed_is_not_changed_in_the_form(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    ledger = places.copy(built["claimed"])
    form = tmp_path / "self.xlsx"
    done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(form)))
    book = Book(form)
    book.put(
        "佐证材料",
        {f"{book.column_of('佐证材料', 'number')}{book.first_row('佐证材料')}": "另一文号"},
    ).save()

    said = scoretrail(ledger, "--as", "unit-filer", "apply", str(form))
    assert (said.code, "这份材料已提交" in said.err) == (2, True)
    assert "单元格" in said.err


def _of_the_form(claim: Mapping[str, Any]) -> dict[str, Any]:
    """A claim without what a transcriber adds: whoever fills in a form speaks for himself."""
    left_out = {"cites", "transcriber_note"}
    return {key: value for key, value in claim.items() if key not in left_out}


def events(ledger: Place, kind: str) -> list[dict[str, Any]]:
    """The data of every event of a kind, in order."""
    rows = [json.loads(row[4]) for row in record(ledger) if row[1] == CASE]
    return [row["data"] for row in rows if row["type"] == kind]
