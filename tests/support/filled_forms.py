"""The reference case's forms, filled in as a person would."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.places import Place
from tests.support.terminal import CASE, REVIEW, SELF, done, scoretrail
from tests.support.workbooks import Book, Value

CHOICES = {
    "number": "数值",
    "date": "日期",
    "interval": "起止日期",
    "yes-no": "是否",
    "text": "文字",
    "at-least": "不低于",
    "at-most": "不高于",
    "exactly": "等于",
    "described": "定性",
    "yes": "是",
    "no": "否",
}


def acts(path: Path, *names: str) -> list[dict[str, Any]]:
    every = tomllib.loads(path.read_text())["command"]
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
        row = self._free.get(sheet, self.book.first_row(sheet))
        ids = self.book.column_of(sheet, "id")
        while self.book.text(sheet, f"{ids}{row}"):
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
                "value": CHOICES[value]
                if kind == "yes-no" and value
                else _typed(kind, value, figure.get("unit", "")),
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


def _typed(kind: str, value: str | None, unit: str) -> Value:
    """Short numbers are typed as numbers, which the file keeps in binary.

    One per cent or less is typed with its sign, so that it is no rate.
    """
    if value is not None and kind == "number" and unit == "%" and 0 < abs(Decimal(value)) <= 1:
        return f"{value}%"
    if value is not None and kind == "number" and len(value) < 12:
        return Decimal(value)
    return value


def cited(act: Mapping[str, Any]) -> str:
    return "\n".join(act.get("evidence", []))


def fill_self_evaluation(form: Path) -> Path:
    person = Person(form)
    person.files(SELF)
    for act in acts(SELF, "submit-figure"):
        person.figure("基础数据", act["figure"])
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
        person.figure("核查数据", act["figure"], reason=act["reason"])
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
