"""The reference case on paper and back: forms filled in as a person would, tables out and in."""

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

from places import Place, Places
from terminal import CASE, EXAMPLES, RESULT, REVIEW, SELF, done, record, scoretrail
from workbooks import Book, Value

pytest_plugins = ["reference_ledger"]

CHOICES = {
    "number": "数值",
    "date": "日期",
    "interval": "起止日期",
    "yes-no": "是否",
    "text": "文字",
    "at-least": "不低于",
    "at-most": "不高于",
    "exactly": "恰好",
    "described": "文字目标",
    "yes": "是",
    "no": "否",
}


def acts(path: Path, *names: str) -> list[dict[str, Any]]:
    every = tomllib.loads(path.read_text())["act"]
    return [act for act in every if not names or act["do"] in names]


class Person:
    """Somebody with a form open."""

    def __init__(self, form: Path) -> None:
        self.form = form
        self.book = Book(form)
        self._free: dict[str, int] = {}

    def fill(self, sheet: str, id_: str, cells: Mapping[str, Value]) -> None:
        """Fill a row: the one of that id, or the next that is free."""
        try:
            row = self.book.row_of(sheet, id_)
        except KeyError:
            row = self._next(sheet)
            cells = {"id": id_, **cells}
        columns = {key: self.book.column_of(sheet, key) for key in cells}
        self.book.put(sheet, {f"{columns[key]}{row}": value for key, value in cells.items()})

    def _next(self, sheet: str) -> int:
        row = self._free.get(sheet, 3)
        while self.book.text(sheet, f"A{row}"):
            row += 1
        self._free[sheet] = row + 1
        return row

    def figure(self, sheet: str, figure: Mapping[str, Any], **more: Value) -> None:
        target = figure.get("target", {})
        value = figure.get("value")
        kind = figure.get("kind", "number")
        self.fill(
            sheet,
            figure["id"],
            {
                "indicator": figure["indicator"],
                "name": figure["name"],
                "kind": CHOICES[kind],
                "value": CHOICES[value] if kind == "yes-no" and value else _typed(kind, value),
                "unit": figure.get("unit", ""),
                "sense": CHOICES[target["sense"]] if target else None,
                "target": target.get("value"),
                "scope": figure.get("scope", ""),
                "source": figure.get("source", ""),
                "note": figure.get("note", ""),
                **more,
            },
        )

    def files(self, path: Path) -> None:
        for act in acts(path, "file-evidence"):
            given = {key: act.get(key) for key in ("title", "number") if act.get(key)}
            self.fill("佐证材料", act["file"], given)

    def done(self) -> Path:
        return self.book.save()


def _typed(kind: str, value: str | None) -> Value:
    """Short numbers are typed as numbers, which the file keeps in binary."""
    if value is not None and kind == "number" and len(value) < 12:
        return Decimal(value)
    return value


def cited(act: Mapping[str, Any]) -> str:
    return "\n".join(act.get("evidence", []))


def fill_self_evaluation(form: Path) -> Path:
    person = Person(form)
    person.files(SELF)
    for act in acts(SELF, "submit-figure"):
        person.figure("指标值", act["figure"])
    for act in acts(SELF, "claim-score"):
        person.fill(
            "自评得分",
            act["indicator"],
            {
                "score": Decimal(act["score"]),
                "justification": act.get("justification", ""),
                "evidence": cited(act),
            },
        )
    for act in acts(SELF, "claim-bonus"):
        person.fill(
            "加分申报",
            act["item"],
            {
                "title": act["title"],
                "points": Decimal(act["points"]),
                "issuer": act.get("issuer", ""),
                "number": act.get("number", ""),
                "evidence": cited(act),
            },
        )
    (submission,) = acts(SELF, "submit-self-evaluation")
    person.fill("汇总", "submit", {"value": "是"})
    for key in ("printed_base", "printed_bonus", "printed_total"):
        person.fill("汇总", key, {"value": Decimal(submission[key])})
    person.fill("汇总", "printed_grade", {"value": submission["printed_grade"]})
    return person.done()


def fill_review(form: Path) -> Path:
    person = Person(form)
    person.files(REVIEW)
    for act in acts(REVIEW, "restate-figure"):
        person.figure("核查指标值", act["figure"], reason=act["reason"])
    for act in acts(REVIEW, "restate-claim"):
        restated: dict[str, Value] = {
            "restated": Decimal(act["score"]),
            "restated_reason": act["reason"],
        }
        person.fill("核查评分", act["indicator"], restated)
    claims = {act["indicator"]: act["score"] for act in acts(SELF, "claim-score")}
    for act in acts(REVIEW, "confirm-score", "adjust-score"):
        person.fill(
            "核查评分",
            act["indicator"],
            {
                "award": Decimal(act.get("award", claims[act["indicator"]])),
                "justification": act.get("justification", ""),
                "clause": act.get("clause", ""),
                "ground": act.get("ground", ""),
                "evidence": cited(act),
            },
        )
    for act in acts(REVIEW, "recognise-bonus", "refuse-bonus"):
        person.fill(
            "加分认定",
            act["item"],
            {
                "points": Decimal(act.get("points", "0")),
                "justification": act["justification"],
                "clause": act.get("clause", ""),
                "evidence": cited(act),
            },
        )
    for act in acts(REVIEW, "raise-finding"):
        person.fill(
            "问题",
            act["finding"],
            {
                "title": act["title"],
                "statement": act["statement"],
                "indicators": "；".join(act["indicators"]),
            },
        )
    for act in acts(REVIEW, "make-recommendation"):
        person.fill(
            "建议",
            act["recommendation"],
            {
                "title": act["title"],
                "statement": act["statement"],
                "findings": "；".join(act["findings"]),
            },
        )
    return person.done()


def countersign(ledger: Place) -> None:
    for act in acts(REVIEW, "countersign-adjustment"):
        words = ("--as", act["as"], "--dated", "2024-12-30", "review", "countersign")
        done(scoretrail(ledger, *words, CASE, act["indicator"]))


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
    assert after[4] == {**changed, "points": "0.50"}
    assert (after[5]["item"], after[5]["points"]) == ("bonus-new", "0.25")
    assert len(after) == 6
    assert events(ledger, "ScoreClaimed")[-1] == {**other, "justification": "另行说明"}


def test_a_file_that_is_filed_is_not_changed_in_the_form(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    ledger = places.copy(built["claimed"])
    form = tmp_path / "self.xlsx"
    done(scoretrail(ledger, "form", "self-evaluation", "--case", CASE, "-o", str(form)))
    book = Book(form)
    book.put("佐证材料", {f"{book.column_of('佐证材料', 'number')}3": "另一文号"}).save()

    said = scoretrail(ledger, "--as", "unit-filer", "apply", str(form))
    assert (said.code, "这份材料已提交" in said.err) == (2, True)
    assert "单元格" in said.err


def events(ledger: Place, kind: str) -> list[dict[str, Any]]:
    """The data of every event of a kind, in order."""
    rows = [json.loads(row[4]) for row in record(ledger) if row[1] == CASE]
    return [row["data"] for row in rows if row["type"] == kind]
