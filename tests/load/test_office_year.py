"""A year of the office, from its notice to the last rectification, against plain counting.

Units hand in, two agencies of four reviewers examine, one bureau issues, corrects and decides.
What the lists and letters must say is counted here, from what the people of this file do, and by
no line of the program. CI takes a year of 12 units, `make long` one of 300 (`UNITS`).
"""

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.places import Place, Places
from tests.support.small_case import RUBRIC
from tests.support.terminal import done, record, scoretrail

UNITS: Final = int(os.environ.get("UNITS", "12"))
APPEALS: Final = min(10, UNITS // 2)
CORRECTIONS: Final = 2
YEAR: Final = 2024
DUE: Final = date(2025, 3, 31)
NOTHING: Final = Decimal(0)
GRADES: Final = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
MIDDLE: Final = """
[[band]]
grade = "中"
range = "[60,80)"
"""
NOTICE: Final = (
    *("--bureau", "finance", "--number", "财绩〔2025〕1号", "--sha256", "a" * 64),
    *("--submission-due", f"{DUE}", "--draft-due", "60d", "--result-due", "30d"),
    *("--receipt-due", "5wd", "--publication-due", "30d", "--rectification-due", "30d"),
)


def grade(total: Decimal) -> str:
    return next(name for least, name in GRADES if total >= least)


@dataclass
class Unit:
    """A unit, and what people do about it; every number is as it ought to be shown.

    Attributes:
        number: from 1; all else follows from it.
        awards: of each row, the last one.
        issued: the total of the result.
    """

    number: int
    awards: dict[str, Decimal] = field(default_factory=dict)
    issued: Decimal = NOTHING

    @property
    def id(self) -> str:
        return f"unit-{self.number}"

    @property
    def case(self) -> str:
        return f"{self.id}-{YEAR}"

    @property
    def agency(self) -> str:
        return f"agency-{1 + self.number % 2}"

    @property
    def reviewer(self) -> str:
        """In turn, but for those who keep out of units 1 and 2."""
        turn = 1 if self.number <= 2 else self.number // 2 % 4
        return f"reviewer-{self.agency[-1]}-{1 + turn}"

    @property
    def spent(self) -> int:
        return 150 + self.number * 7 % 51

    @property
    def planned(self) -> bool:
        return self.number % 5 != 0

    @property
    def claims(self) -> dict[str, Decimal]:
        rows = {"spending": 40, "plan": 30, "service": 30 - self.number % 3}
        return {row: Decimal(points) for row, points in rows.items()}

    @property
    def submitted(self) -> date:
        """Every seventh is late."""
        return DUE + timedelta(days=4) if self.number % 7 == 0 else DUE - timedelta(days=10)

    @property
    def objects(self) -> bool:
        return self.number % 6 == 1

    @property
    def is_asked(self) -> bool:
        return self.number % 2 == 0

    @property
    def responded(self) -> date | None:
        """Every fourth does not respond, every tenth is late."""
        if self.number % 4 == 0:
            return None
        return RESPONDED + timedelta(days=40 if self.number % 10 == 0 else 0)

    @property
    def total(self) -> Decimal:
        return sum(self.awards.values(), NOTHING)


OPENED, EXAMINED, DRAFTED = date(2025, 1, 15), date(2025, 5, 12), date(2025, 5, 20)
ANSWERED, ISSUED, RECEIVED = date(2025, 6, 5), date(2025, 6, 16), date(2025, 6, 18)
ASKED, APPEALED, DECIDED = date(2025, 6, 20), date(2025, 6, 25), date(2025, 7, 15)
RESPONDED, CORRECTED, LAST = date(2025, 7, 10), date(2025, 7, 20), date(2025, 9, 30)


class Office:
    """The office at its computers."""

    def __init__(self, ledger: Place, folder: Path) -> None:
        self.ledger, self.folder = ledger, folder
        self.units = [Unit(number) for number in range(1, UNITS + 1)]
        self.appealing = [unit for unit in self.units if unit.number % 3 == 1][:APPEALS]
        self.corrected = [unit for unit in self.units if unit.number % 3 == 2][:CORRECTIONS]

    def run(self, account: str, day: date, *words: str) -> str:
        return done(
            scoretrail(self.ledger, "--as", account, "--dated", f"{day}", *words, lang="en")
        ).out

    def json(self, day: date, *words: str) -> Any:  # noqa: ANN401 - JSON data is what it is
        words = ("--as", "auditor", "--dated", f"{day}", *words, "--json")
        return done(scoretrail(self.ledger, *words, lang="en")).json

    def file(self, day: date, acts: Iterable[Mapping[str, object]]) -> None:
        """Acts of many cases, by the accounts that they name, from one file."""
        lines = [f"dated = {day}"]
        for act in acts:
            lines += ["", "[[command]]", *(f"{key} = {_toml(of)}" for key, of in act.items())]
        path = self.folder / "acts.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        self.run("administrator", day, "apply", str(path))

    def list(
        self, account: str, day: date, do: Sequence[str], rows: Sequence[dict[str, str]]
    ) -> None:
        """A list with a row per case: rehearsed, done, and done again to no effect."""
        text = StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path = self.folder / "list.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        before = record(self.ledger)
        assert self.results(account, day, *do, "--from", str(path), "--dry-run") == {"possible"}
        assert record(self.ledger) == before
        assert self.results(account, day, *do, "--from", str(path)) == {"done"}
        after = record(self.ledger)
        assert self.results(account, day, *do, "--from", str(path)) == {"before"}
        assert record(self.ledger) == after

    def results(self, account: str, day: date, *words: str) -> set[str]:
        words = ("--as", account, "--dated", f"{day}", *words, "--json")
        cases = done(scoretrail(self.ledger, *words, lang="en")).json["cases"]
        return {each["result"] for each in cases}


def _toml(value: object) -> str:
    if isinstance(value, date):
        return f"{value}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(of)}" for key, of in value.items()) + "}"
    return f'"{value}"'


# The year ----------------------------------------------------------------------------------------


@pytest.fixture
def office(empty_place: Place, tmp_path: Path) -> Office:
    done(scoretrail(empty_place, "--dated", "2024-01-02", "init"))
    office = Office(empty_place, tmp_path)
    people = [
        *(("bureau-officer", "finance", "bureau"), ("bureau-second", "finance", "bureau")),
        ("auditor", "audit", "auditor"),
        *((f"lead-{n}", f"agency-{n}", "lead-reviewer") for n in "12"),
        *((f"reviewer-{n}-{k}", f"agency-{n}", "reviewer") for n in "12" for k in "1234"),
        *((f"filer-{unit.number}", unit.id, "unit") for unit in office.units),
    ]
    (tmp_path / "rubric.toml").write_text(
        RUBRIC.replace('\n[[band]]\ngrade = "差"', f'{MIDDLE}[[band]]\ngrade = "差"'),
        encoding="utf-8",
    )
    office.file(
        date(2024, 1, 2),
        [
            *(
                {
                    "do": "open-account",
                    "as": "administrator",
                    "case": "",
                    "account": account,
                    "organisation": organisation,
                    "roles": [role],
                }
                for account, organisation, role in people
            ),
            {"do": "publish-rubric", "as": "bureau-officer", "case": "", "file": "rubric.toml"},
        ],
    )
    return office


@pytest.fixture
def empty_place(places: Places) -> Place:
    return places.new()


def test_every_list_of_a_year_is_what_plain_counting_makes_of_it(office: Office) -> None:
    office.run("bureau-officer", date(2025, 1, 10), "calendar", "notice", f"{YEAR}", *NOTICE)
    opening(office)
    handing_in(office)
    examining(office)
    consulting(office)
    issuing(office)
    rectifying(office)
    appealing(office)
    correcting(office)
    closing(office)


def opening(office: Office) -> None:
    rows = [
        {
            "评价事项编号": unit.case,
            "名称": "年度绩效评价",
            "评价年度": f"{YEAR}",
            "被评价单位编号": unit.id,
            "被评价单位名称": f"{unit.number}号单位",
            "财政部门编号": "finance",
            "财政部门名称": "财政部门",
            "指标体系编号": "small",
            "版本": "2023",
            "核查机构编号": unit.agency,
            "核查机构名称": f"核查机构{unit.agency[-1]}",
        }
        for unit in office.units
    ]
    office.list("bureau-officer", OPENED, ("case", "open"), rows)
    recused = ("recuse", f"unit-1-{YEAR}", "reviewer-2-1", "--reason", "亲属")
    office.run("lead-2", OPENED, "case", *recused)
    office.run(
        "administrator", OPENED, "account", "conflict", "reviewer-1-1", "unit-2", "--reason", "任职"
    )
    office.file(
        OPENED,
        [
            {
                "do": "assign-work",
                "as": f"lead-{unit.agency[-1]}",
                "case": unit.case,
                "account": unit.reviewer,
                "reason": "按分工",
            }
            for unit in office.units
        ],
    )
    waiting = {(unit.case, unit.id, f"{DUE}") for unit in office.units}
    assert tasks(office, OPENED) == waiting
    assert tasks(office, OPENED, "--due", "7d") == set()
    assert tasks(office, DUE - timedelta(days=7), "--due", "7d") == waiting


def tasks(office: Office, day: date, *words: str) -> set[tuple[str, str, str]]:
    """The case, the party and the last day of each task."""
    work = office.json(day, "portfolio", "work", *words)["work"]
    return {(task["case"], task["party"], task["due"]) for task in work}


def handing_in(office: Office) -> None:
    """Most in time; of the late ones the list says by how many days."""
    late = [unit for unit in office.units if unit.submitted > DUE]
    for day in sorted({unit.submitted for unit in office.units}):
        office.file(
            day,
            [
                {"as": f"filer-{unit.number}", "case": unit.case, **act}
                for unit in office.units
                if unit.submitted == day
                for act in self_evaluation(unit)
            ],
        )
        if day < DUE:
            left = office.json(DUE + timedelta(days=2), "portfolio", "work", "--overdue")["work"]
            assert {(task["case"], task["left"]) for task in left} == {
                (unit.case, -2) for unit in late
            }
    expect(office, lambda unit: sum(unit.claims.values(), NOTHING), claimed=True)


def self_evaluation(unit: Unit) -> Iterator[dict[str, object]]:
    figures = (
        ("spent", "spending", "number", f"{unit.spent}", "万元"),
        ("budget", "spending", "number", "200", "万元"),
        ("plan-approved", "plan", "yes-no", "yes" if unit.planned else "no", ""),
    )
    for figure, row, kind, value, measure in figures:
        stated = {"id": figure, "indicator": row, "name": figure, "kind": kind, "value": value}
        yield {"do": "submit-figure", "figure": stated | ({"unit": measure} if measure else {})}
    for row, points in unit.claims.items():
        yield {"do": "claim-score", "indicator": row, "score": f"{points}"}
    yield {"do": "submit-self-evaluation"}


def examining(office: Office) -> None:
    """Each reviewer has what is assigned to them, and 60 days from its submission to the draft."""
    for reviewer in {unit.reviewer for unit in office.units}:
        assert tasks(office, EXAMINED, "--by", reviewer) == {
            (unit.case, unit.agency, f"{unit.submitted + timedelta(days=60)}")
            for unit in office.units
            if unit.reviewer == reviewer
        }
    acts: list[dict[str, object]] = []
    for unit in office.units:
        unit.awards = {
            "spending": Decimal(unit.spent) / 5,
            "plan": Decimal(30 if unit.planned else 0),
            "service": unit.claims["service"] - unit.number % 4,
        }
        who: dict[str, object] = {"as": unit.reviewer, "case": unit.case}
        for row, award in unit.awards.items():
            if award == unit.claims[row]:
                acts.append(who | {"do": "confirm-score", "indicator": row})
            else:
                reason = {"justification": f"按{row}的标准核减"}
                acts.append(
                    who | {"do": "adjust-score", "indicator": row, "award": f"{award}"} | reason
                )
        if unit.is_asked:
            acts.append(
                who
                | {
                    "do": "raise-finding",
                    "finding": "slow",
                    "title": "执行慢",
                    "statement": "支出偏慢",
                }
            )
    office.file(EXAMINED, acts)
    for account, name in (("reviewer-2-1", "unit-1"), ("reviewer-1-1", "unit-2")):
        words = ("--as", account, "review", "confirm", f"{name}-{YEAR}", "service")
        assert "recus" in scoretrail(office.ledger, *words, lang="en").err
    expect(office, lambda unit: unit.total)


def expect(office: Office, total: Callable[[Unit], Decimal], *, claimed: bool = False) -> None:
    """The list of scores, and the sheet of the last unit."""
    column = "claim" if claimed else "award"
    found = {
        row["case"]: (row[column], row[f"{column}_grade" if claimed else "grade"])
        for row in office.json(LAST, "portfolio", "scores", "--year", f"{YEAR}")["scores"]
    }
    totals = {unit.case: total(unit) for unit in office.units}
    assert found == {case: (f"{points:.2f}", grade(points)) for case, points in totals.items()}
    last = office.units[-1].case
    assert office.json(LAST, "score", last)[column]["total"] == f"{totals[last]:.2f}"


def consulting(office: Office) -> None:
    """Some units object; every second objection gets a point."""
    for lead in ("lead-1", "lead-2"):
        rows = [
            {
                "Case id": unit.case,
                "Last day for comments": "2025-05-30",
                "Document number": "核征〔2025〕1号",
            }
            for unit in office.units
            if unit.agency[-1] == lead[-1]
        ]
        office.list(lead, DRAFTED, ("review", "draft"), rows)
    objecting = [unit for unit in office.units if unit.objects]
    office.file(
        date(2025, 5, 26),
        [
            {
                "do": "raise-objection",
                "as": f"filer-{unit.number}",
                "case": unit.case,
                "objection": "service",
                "indicator": "service",
                "statement": "请复核",
            }
            for unit in objecting
        ],
    )
    assert {case for case, party, _ in tasks(office, ANSWERED) if party.startswith("agency")} >= {
        unit.case for unit in objecting
    }
    acts: list[dict[str, object]] = []
    for unit in objecting:
        answer: dict[str, object] = {
            "do": "answer-objection",
            "as": unit.reviewer,
            "case": unit.case,
            "objection": "service",
            "justification": "已复核",
        }
        if unit.number % 4:  # its award is below its claim
            unit.awards["service"] += 1
            answer |= {"outcome": "accepted", "award": f"{unit.awards['service']}"}
        else:
            answer |= {"outcome": "rejected"}
        acts.append(answer)
    office.file(ANSWERED, acts)
    expect(office, lambda unit: unit.total)


def issuing(office: Office) -> None:
    for unit in office.units:
        unit.issued = unit.total
    rows = [
        {
            "Case id": unit.case,
            "Printed total": f"{unit.total:.2f}",
            "Printed grade": grade(unit.total),
            "Document number": f"财绩〔2025〕{100 + unit.number}号",
        }
        for unit in office.units
    ]
    office.list("bureau-officer", ISSUED, ("review", "issue"), rows)
    received = [{"Case id": unit.case, "Date of receipt": f"{RECEIVED}"} for unit in office.units]
    unsigned = {case for case, _, due in tasks(office, RECEIVED) if due == "2025-06-23"}
    assert unsigned == {unit.case for unit in office.units}  # five working days from the issue
    office.list("bureau-officer", RECEIVED, ("review", "receive"), received)
    places = [{"Case id": unit.case, "Place of disclosure": "门户网站"} for unit in office.units]
    office.list("bureau-officer", RESPONDED, ("review", "publish"), places)


def rectifying(office: Office) -> None:
    """What is answered late stays late, and what is not answered is overdue."""
    asked = [unit for unit in office.units if unit.is_asked]
    rows = [
        {
            "Case id": unit.case,
            "Request id": "faster",
            "Finding concerned": "slow",
            "Required action": "加快执行",
        }
        for unit in asked
    ]
    office.list("bureau-officer", ASKED, ("rectify", "request"), rows)
    for day in sorted({unit.responded for unit in asked if unit.responded}):
        office.file(
            day,
            [
                {
                    "do": "respond-rectification",
                    "as": f"filer-{unit.number}",
                    "case": unit.case,
                    "request": "faster",
                    "statement": "已加快",
                }
                for unit in asked
                if unit.responded == day
            ],
        )
    due = RECEIVED + timedelta(days=30)
    found = office.json(LAST, "portfolio", "rectification")["requests"]
    assert {one["case"]: (one["due"], one["late"], one["overdue"]) for one in found} == {
        unit.case: (
            f"{due}",
            max((unit.responded - due).days, 0) if unit.responded else 0,
            0 if unit.responded else (LAST - due).days,
        )
        for unit in asked
    }
    office.file(
        LAST,
        [
            {
                "do": "accept-rectification",
                "as": "bureau-officer",
                "case": unit.case,
                "request": "faster",
            }
            for unit in asked
            if unit.responded
        ],
    )
    still = office.json(LAST, "portfolio", "rectification", "--overdue")["requests"]
    assert {one["case"] for one in still} == {unit.case for unit in asked if not unit.responded}


def appealing(office: Office) -> None:
    """Every second appeal is upheld; who has issued the result does not decide."""
    office.file(
        APPEALED,
        [
            {
                "do": "lodge-appeal",
                "as": f"filer-{unit.number}",
                "case": unit.case,
                "appeal": "service",
                "indicators": ["service"],
                "statement": "服务已改进",
            }
            for unit in office.appealing
        ],
    )
    waiting = office.json(APPEALED, "portfolio", "work")["work"]
    assert {task["case"] for task in waiting if task["subject"] == "service"} == {
        unit.case for unit in office.appealing
    }
    acts: list[dict[str, object]] = []
    for unit in office.appealing:
        decision: dict[str, object] = {
            "do": "decide-appeal",
            "as": "bureau-second",
            "case": unit.case,
            "appeal": "service",
            "number": f"财绩复〔2025〕{unit.number}号",
            "justification": "经复核",
        }
        if unit in office.appealing[::2]:
            unit.awards["service"] += Decimal("0.50")
            award = {"indicator": "service", "award": f"{unit.awards['service']}"}
            decision |= {"outcome": "upheld", "awards": [award]}
        else:
            decision |= {"outcome": "rejected"}
        acts.append(decision)
    office.file(DECIDED, acts)
    expect(office, lambda unit: unit.total)


def correcting(office: Office) -> None:
    acts: list[dict[str, object]] = []
    for unit in office.corrected:
        unit.awards["service"] -= Decimal("0.25")
        acts.append(
            {
                "do": "correct-result",
                "as": "bureau-officer",
                "case": unit.case,
                "number": f"财绩更〔2025〕{unit.number}号",
                "indicator": "service",
                "award": f"{unit.awards['service']}",
                "justification": "原评分重复",
            }
        )
    office.file(CORRECTED, acts)
    expect(office, lambda unit: unit.total)


def shown(group: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(group[key] for key in ("awards", "adjusted", "mean", "lowest", "highest"))


def mean(changes: Sequence[Decimal]) -> str:
    return f"{(sum(changes, NOTHING) / len(changes)).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


def closing(office: Office) -> None:
    """What the year comes to: deductions, letters, places and proofs."""
    changes: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for unit in office.units:
        for row, award in unit.awards.items():
            changes["indicator", row].append(award - unit.claims[row])
            changes["year", f"{YEAR}"].append(award - unit.claims[row])
    for by in ("indicator", "year"):
        found = office.json(LAST, "portfolio", "adjustments", "--by", by)["adjustments"]
        assert {f"{group[by]}": shown(group) for group in found} == {
            name: (
                len(all_),
                sum(map(bool, all_)),
                mean(all_),
                f"{min(all_):.2f}",
                f"{max(all_):.2f}",
            )
            for (what, name), all_ in changes.items()
            if what == by
        }
    found = office.json(LAST, "search", "服务已改进")["results"]
    assert {one["case"] for one in found} == {unit.case for unit in office.appealing}
    letters = office.folder / "letters"
    words = (
        "document",
        "result-letter",
        "--year",
        f"{YEAR}",
        "-o",
        str(letters),
        "--format",
        "html",
    )
    assert office.results("bureau-officer", LAST, *words) == {"done"}
    for unit in office.units:
        text = (letters / f"{unit.case}-result-letter.html").read_text("utf-8")
        assert f"{unit.issued:.2f}" in text
        assert f"财绩〔2025〕{100 + unit.number}号" in re.sub(r"<[^>]*>", "", text)
        assert ("reviewer-2-1" in text) == (unit.number == 1), "who is recused is named"
    ranking = office.folder / "ranking.json"
    office.run("bureau-officer", LAST, "ranking", "record", f"{YEAR}", str(ranking))
    listed = json.loads(ranking.read_text("utf-8"))
    best = sorted((unit.total for unit in office.units), reverse=True)
    assert [(one["place"], Decimal(one["score"])) for one in listed["cases"]] == [
        (1 + best.index(total), total) for total in best
    ]
    assert Decimal(listed["sum"]) == sum(best)
    office.run("auditor", LAST, "ranking", "audit", str(ranking))
    assert done(scoretrail(office.ledger, "verify")).code == 0
