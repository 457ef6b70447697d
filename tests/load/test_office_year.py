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
from statistics import quantiles
from typing import Any, Final, NamedTuple

import pytest

from tests.support.places import Place, Places
from tests.support.small_case import RUBRIC
from tests.support.terminal import done, record, scoretrail

ROWS: Final = ("spending", "plan", "service")
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


class Given(NamedTuple):
    """An award but for its number."""

    reviewer: str
    agency: str
    clause: str
    reason: str


@dataclass(eq=False)
class Unit:
    """A unit, and what people do about it; every number is as it ought to be shown.

    Attributes:
        number: from 1; all else follows from it and from the year.
        awards: of each row, the last one.
        given: of each row, by whom, for whom, under which clause and why.
        issued: the total of the result.
        second: whether it is the unit's second case of the year.
    """

    number: int
    year: int = YEAR
    awards: dict[str, Decimal] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    issued: Decimal = NOTHING
    second: bool = False

    @property
    def id(self) -> str:
        return f"unit-{self.number}"

    @property
    def case(self) -> str:
        return f"{self.id}-{self.year}{'-b' if self.second else ''}"

    @property
    def edition(self) -> str:
        """The year before, every third is scored by the edition that was then the newest."""
        return "2022" if self.year < YEAR and self.number % 3 == 0 else "2023"

    @property
    def is_pair(self) -> bool:
        """The first unit has two cases in the year before, which make no pair."""
        return self.number > 1

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
        return 150 + (self.number * 7 + (YEAR - self.year) * 13) % 51

    @property
    def planned(self) -> bool:
        return (self.number + YEAR - self.year) % 5 != 0

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

    def award(self, row: str, points: Decimal, *given: str) -> None:
        self.awards[row], self.given[row] = points, Given(*given)


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

    def letters(self, kind: str, results: set[str]) -> dict[str, str]:
        """The letters of a kind, without their tags, by case; what is there already stays."""
        folder = self.folder / kind
        words = ("document", kind, "--year", f"{YEAR}", "-o", str(folder), "--format", "html")
        assert self.results("bureau-officer", LAST, *words) == results
        return {
            path.name.removesuffix(f"-{kind}.html"): re.sub(r"<[^>]*>", "", path.read_text("utf-8"))
            for path in folder.iterdir()
        }

    def results(self, account: str, day: date, *words: str) -> set[str]:
        words = ("--as", account, "--dated", f"{day}", *words, "--json")
        cases = done(scoretrail(self.ledger, *words, lang="en")).json["cases"]
        return {each["result"] for each in cases}


def _toml(value: object) -> str:
    if isinstance(value, date | int):
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
    comparing(office)
    # What was typed in since of the year before changes no letter that went out.
    office.letters("result-letter", {"before"})
    assert done(scoretrail(office.ledger, "verify")).code == 0


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
    acts = [act for unit in office.units for act in review(unit)]
    acts += [
        {
            "do": "raise-finding",
            "as": unit.reviewer,
            "case": unit.case,
            "finding": "slow",
            "title": "执行慢",
            "statement": "支出偏慢",
        }
        for unit in office.units
        if unit.is_asked
    ]
    office.file(EXAMINED, acts)
    for account, name in (("reviewer-2-1", "unit-1"), ("reviewer-1-1", "unit-2")):
        words = ("--as", account, "review", "confirm", f"{name}-{YEAR}", "service")
        assert "recus" in scoretrail(office.ledger, *words, lang="en").err
    expect(office, lambda unit: unit.total)


def review(unit: Unit) -> Iterator[dict[str, object]]:
    """Each row confirmed or adjusted."""
    awards = {
        "spending": Decimal(unit.spent) / 5,
        "plan": Decimal(30 if unit.planned else 0),
        "service": unit.claims["service"] - unit.number % 4,
    }
    for row, award in awards.items():
        act: dict[str, object] = {"as": unit.reviewer, "case": unit.case, "indicator": row}
        if award == unit.claims[row]:
            unit.award(row, award, unit.reviewer, unit.agency, "", "")
            yield act | {"do": "confirm-score"}
            continue
        clause = "附件1 第一条" if row == "spending" else ""
        reason = f"按{row}的标准核减"
        unit.award(row, award, unit.reviewer, unit.agency, clause, reason)
        act |= {"do": "adjust-score", "award": f"{award}", "justification": reason}
        yield act | ({"clause": clause} if clause else {})


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
            award = unit.awards["service"] + 1
            unit.award("service", award, unit.reviewer, unit.agency, "", "已复核")
            answer |= {"outcome": "accepted", "award": f"{award}"}
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
            award = unit.awards["service"] + Decimal("0.50")
            unit.award("service", award, "bureau-second", "finance", "", "经复核")
            awards = [{"indicator": "service", "award": f"{award}"}]
            decision |= {"outcome": "upheld", "awards": awards}
        else:
            decision |= {"outcome": "rejected"}
        acts.append(decision)
    office.file(DECIDED, acts)
    expect(office, lambda unit: unit.total)


def correcting(office: Office) -> None:
    acts: list[dict[str, object]] = []
    for unit in office.corrected:
        award = unit.awards["service"] - Decimal("0.25")
        unit.award("service", award, "bureau-officer", "finance", "", "原评分重复")
        acts.append(
            {
                "do": "correct-result",
                "as": "bureau-officer",
                "case": unit.case,
                "number": f"财绩更〔2025〕{unit.number}号",
                "indicator": "service",
                "award": f"{award}",
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
    posting(office)
    ranking = office.folder / "ranking.json"
    office.run("bureau-officer", LAST, "ranking", "record", f"{YEAR}", str(ranking))
    listed = json.loads(ranking.read_text("utf-8"))
    best = sorted((unit.total for unit in office.units), reverse=True)
    assert [(one["place"], Decimal(one["score"])) for one in listed["cases"]] == [
        (1 + best.index(total), total) for total in best
    ]
    assert Decimal(listed["sum"]) == sum(best)
    office.run("auditor", LAST, "ranking", "audit", str(ranking))


def posting(office: Office) -> None:
    """The letters of the year: results, requests to rectify, and answers to appeals."""
    results = office.letters("result-letter", {"done"})
    for unit in office.units:
        text = results[unit.case]
        assert f"{unit.issued:.2f}" in text
        assert f"财绩〔2025〕{100 + unit.number}号" in text
        assert ("reviewer-2-1" in text) == (unit.number == 1), "who is recused is named"
    due = RECEIVED + timedelta(days=30)
    notices = office.letters("rectification", {"done"})
    for unit in office.units:
        text = notices[unit.case]
        assert ("No rectification was requested." in text) == (not unit.is_asked)
        said = ("加快执行", f"Due date: {due.day} {due:%B} {due.year}")
        assert [part in text for part in said] == [unit.is_asked] * 2
    answers = office.letters("appeal-answer", {"done", "not-ready"})
    assert answers.keys() == {unit.case for unit in office.appealing}
    for unit in office.appealing:
        text = answers[unit.case]
        assert f"财绩复〔2025〕{unit.number}号" in text
        moved = f"The total moves from {unit.issued:.2f} to {unit.total:.2f}: "
        remains = f"The total remains {unit.issued:.2f}."
        upheld = unit in office.appealing[::2]
        assert (moved in text, remains in text) == (upheld, not upheld)


@dataclass(frozen=True)
class Award:
    """An award of a row, as the comparison groups it."""

    unit: Unit
    row: str
    event: str

    @property
    def points(self) -> Decimal:
        return self.unit.awards[self.row]

    @property
    def gap(self) -> Decimal:
        return self.points - self.unit.claims[self.row]

    @property
    def standard(self) -> tuple[str, str]:
        return self.unit.edition, self.row

    def group(self, by: str) -> str:
        of: dict[str, str] = self.unit.given[self.row]._asdict()
        return {"unit": self.unit.id, "indicator": self.row, **of}[by]

    def told(self) -> dict[str, object]:
        return {
            "year": self.unit.year,
            "case": self.unit.case,
            "version": int(self.event.rpartition("v")[2]),
            "award": f"{self.points:.2f}",
            "delta": f"{self.gap:.2f}",
            "reason": self.unit.given[self.row].reason,
        }


def comparing(office: Office) -> None:
    """The year before is typed in from its papers, and each number of the comparison counted."""
    before = [Unit(number, YEAR - 1) for number in range(1, UNITS // 2 + 1)]
    before.append(Unit(1, YEAR - 1, second=True))
    year_before(office, before)
    units = sorted([*before, *office.units], key=lambda unit: (unit.id, unit.year, unit.case))
    events = awarding_events(office)
    awards = sorted(
        (
            Award(unit, row, f"{unit.case}@v{events[unit.case, row]}")
            for unit in units
            for row in unit.awards
        ),
        key=lambda award: (award.unit.case, int(award.event.rpartition("v")[2])),
    )
    for by in ("unit", "indicator", "agency", "reviewer", "clause"):
        groups = compared(office, "groups", "--by", by)
        expected = [
            counted(awards, by, group, year)
            for group, year in sorted({(award.group(by), award.unit.year) for award in awards})
        ]
        assert groups == expected
    pairs = {new: old for old in before for new in office.units if old.is_pair and old.id == new.id}
    assert compared(office, "moves") == moved(awards, pairs)
    totals = {one["case"]: one for one in compared(office, "totals")}
    assert {case: (one["award"], one["change"], one["alike"]) for case, one in totals.items()} == {
        unit.case: (
            f"{unit.total:.2f}",
            f"{unit.total - pairs[unit].total:.2f}" if unit in pairs else None,
            unit.edition == pairs[unit].edition if unit in pairs else None,
        )
        for unit in units
    }
    steps: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for unit in sorted({*units} - {before[-1]}, key=lambda unit: unit.case):
        steps[unit.year, int(unit.total) // 5 * 5].append(unit.case)
    assert compared(office, "distribution") == [
        {
            "year": year,
            "low": f"{low}",
            "high": f"{low + 5}",
            "cases": len(cases),
            "which": " ".join(cases),
        }
        for (year, low), cases in sorted(steps.items())
    ]
    cuts = {row: [award for award in awards if award.row == row and award.gap < 0] for row in ROWS}
    assert compared(office, "frequent") == [
        {
            "indicator": row,
            "deducted": len(cuts[row]),
            "awards": sum(award.row == row for award in awards),
            "median": quartiles(cuts[row])[1],
            "events": " ".join(award.event for award in cuts[row]),
        }
        for row in sorted(ROWS, key=lambda row: (-len(cuts[row]), row))
    ]


def compared(office: Office, table: str, *words: str) -> Any:  # noqa: ANN401 - JSON data is what it is
    years = ("--years", f"{YEAR - 1},{YEAR}")
    return office.json(LAST, "portfolio", "compare", *years, "--table", table, *words)["compare"]


def quartiles(awards: Sequence[Award]) -> Sequence[str | None]:
    gaps = [award.gap for award in awards]
    if not gaps:
        return [None] * 3
    if len(gaps) == 1:
        return [f"{gaps[0]:.2f}"] * 3
    return [mean([number]) for number in quantiles(gaps, n=4, method="inclusive")]


def less(later: str | None, earlier: str | None) -> str | None:
    return None if later is None or earlier is None else f"{Decimal(later) - Decimal(earlier):.2f}"


def counted(awards: Sequence[Award], by: str, group: str, year: int) -> dict[str, object]:
    """What is to be said of a group in a year."""
    mine = [award for award in awards if (award.group(by), award.unit.year) == (group, year)]
    then = [award for award in awards if (award.group(by), award.unit.year) == (group, year - 1)]
    alike = {award.standard for award in mine} & {award.standard for award in then}
    like = [award for award in mine if award.standard in alike]
    like_then = [award for award in then if award.standard in alike]
    others = [
        award
        for award in awards
        if award.unit.year == year
        if award.group(by) != group and award.standard in {one.standard for one in mine}
    ]
    lower, median, upper = quartiles(mine)
    gaps = [award.gap for award in mine]
    return {
        "group": group,
        "year": year,
        "cases": len({award.unit.case for award in mine}),
        "awards": len(mine),
        "deducted": sum(gap < 0 for gap in gaps),
        "raised": sum(gap > 0 for gap in gaps),
        "mean": mean(gaps),
        "lowest": f"{min(gaps):.2f}",
        "lower": lower,
        "median": median,
        "upper": upper,
        "highest": f"{max(gaps):.2f}",
        "change": less(median, quartiles(then)[1]),
        "like": len(like),
        "like_change": less(quartiles(like)[1], quartiles(like_then)[1]),
        "others": len(others),
        "others_median": quartiles(others)[1],
        "enough": min(len(mine), len(others)) >= 5,
        "editions": " ".join(sorted({f"small@{award.unit.edition}" for award in mine})),
        "events": " ".join(award.event for award in mine),
    }


def moved(awards: Sequence[Award], pairs: Mapping[Unit, Unit]) -> list[dict[str, object]]:
    """The rows of units that moved, the largest first, each with its two events and reasons."""
    of = {(award.unit, award.row): award for award in awards}
    both = [(of[old, new.row], new) for new in awards for old in [pairs.get(new.unit)] if old]
    rows: list[dict[str, object]] = []
    for then, now in both:
        if (then.points, then.gap) == (now.points, now.gap):
            continue
        told: dict[str, object] = {
            "unit": now.unit.id,
            "unit_name": f"{now.unit.number}号单位",
            "indicator": now.row,
            **{f"{name}_before": value for name, value in then.told().items()},
            **now.told(),
            "change": f"{now.points - then.points:.2f}",
            "alike": now.standard == then.standard,
            "reviewer": now.unit.given[now.row].reviewer,
            "clause": now.unit.given[now.row].clause,
        }
        rows.append(told)
    return sorted(
        rows, key=lambda row: (-abs(Decimal(f"{row['change']}")), row["unit"], row["indicator"])
    )


def year_before(office: Office, units: Sequence[Unit]) -> None:
    """Cases as far as their reviews; the last of them is not reviewed to its end."""
    path = office.folder / "rubric.toml"
    text = path.read_text("utf-8").replace('edition = "2023"', 'edition = "2022"')
    path.write_text(text, encoding="utf-8")
    publish: dict[str, object] = {
        "do": "publish-rubric",
        "as": "bureau-officer",
        "case": "",
        "file": "rubric.toml",
    }
    acts: list[dict[str, object]] = [publish]
    for unit in units:
        bureau: dict[str, object] = {"as": "bureau-officer", "case": unit.case}
        filer = {"as": f"filer-{unit.number}", "case": unit.case}
        acts.append(
            bureau
            | {
                "do": "open-case",
                "title": "年度绩效评价",
                "year": unit.year,
                "unit": unit.id,
                "unit_name": f"{unit.number}号单位",
                "bureau": "finance",
                "bureau_name": "财政部门",
            }
        )
        acts.append(bureau | {"do": "pin-rubric", "rubric": "small", "edition": unit.edition})
        agency = {"agency": unit.agency, "agency_name": f"核查机构{unit.agency[-1]}"}
        acts.append(bureau | {"do": "commission-review"} | agency)
        acts += [filer | act for act in self_evaluation(unit)]
        acts += review(unit)
    acts.pop()
    row = [*units[-1].awards][-1]
    del units[-1].awards[row], units[-1].given[row]
    office.file(LAST, acts)


def awarding_events(office: Office) -> dict[tuple[str, str], int]:
    """The version of the event that made each award, from the entries as they are kept."""
    found: dict[tuple[str, str], int] = {}
    for _, case, version, kind, entry, *_ in record(office.ledger):
        if kind in {"ScoreConfirmed", "ScoreAdjusted", "ResultCorrected", "AppealDecided"}:
            data = json.loads(entry)["data"]
            for award in [data] if "indicator" in data else data.get("rulings", ()):
                found[case, award["indicator"]] = version
    return found
