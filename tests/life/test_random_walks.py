"""Anybody asks for anything, at any stage; what the program says of it is worked out twice.

Every walk has a number that makes it again. `--hypothesis-profile explore` takes many more.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from later_life import (
    ASKED,
    CONTESTED,
    DRAFTED,
    EXAMINED,
    FILLED_IN,
    HANDED_IN,
    OVER,
    SENT_OUT,
    reported,
)
from naive_case import ROWS, NaiveCase
from small_case import CASE, Story
from specification import Memory, moment, told

from ledger import commands as c
from ledger.ledger import Ledger, RefusedAct
from ledger.values import Evidence, Figure
from projections import points
from projections.bridge import bridge
from projections.change_log import change_log
from projections.points import Point
from projections.rectification import rectification
from projections.score_sheet import score_sheet, standing
from projections.work import appeals, tasks

STARTS: tuple[Story, ...] = (
    FILLED_IN,
    HANDED_IN,
    EXAMINED,
    EXAMINED,
    DRAFTED,
    DRAFTED,
    SENT_OUT,
    ASKED,
    CONTESTED,
    OVER,
)
PEOPLE = (
    "filer",
    "reviewer",
    "second-reviewer",
    "lead",
    "clerk",
    "second-clerk",
    "auditor",
    "admin",
    "other-filer",
    "other-reviewer",
    "other-clerk",
)
RIGHT = {"filer": 1, "reviewer": 2, "second-reviewer": 2, "lead": 2, "clerk": 3, "second-clerk": 3}
"""Who is asked first for a wish of the unit, the agency and the bureau."""


class Walk:
    """Somebody's random wishes, the same for the same number."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - a story, no secret
        self.archive = Memory(told(self._random.choice(STARTS)))
        self.seen: Counter[str] = Counter()
        steps = self._random.randrange(8, 28)
        for number in range(steps):
            self._step(number)

    def _step(self, number: int) -> None:
        part, wish = self._random.choice(self._wishes())
        people = [who for who, plays in RIGHT.items() if plays == part]
        who = self._random.choice(people if self._random.random() < 0.93 else PEOPLE)
        act = c.Act(case=CASE, by=who, dated=self._day(), id=f"walk-{number}", command=wish())
        try:
            (outcome,) = Ledger(self.archive).handle([act], moment(58))
        except RefusedAct as error:
            self.seen[error.refused.rule] += 1
        else:
            self.seen.update(one.type for one in outcome.recorded)

    def _wishes(self) -> list[tuple[int, Callable[[], c.Command]]]:
        stage = NaiveCase([entry.entry for entry in self.archive.read(CASE)]).stage
        of_stage = {
            "open": self._filing,
            "submitted": self._review,
            "draft": self._consultation,
            "issued": self._afterwards,
            "closed": self._end,
        }
        every = [self._filing, self._review, self._consultation, self._afterwards, self._end]
        return (of_stage[stage] if self._random.random() < 0.9 else self._random.choice(every))()

    def _filing(self) -> list[tuple[int, Callable[[], c.Command]]]:
        return [
            (1, lambda: reported("spent", "spending", str(self._random.randrange(150, 230)))),
            (1, lambda: c.WithdrawFigure(figure="spent", reason="误")),
            (1, lambda: c.ClaimScore(indicator=self._row(), score=self._score())),
            (1, lambda: c.ClaimBonus(item=self._item(), title="表彰", points=self._points())),
            (1, c.SubmitSelfEvaluation),
            (1, c.SubmitSelfEvaluation),
            (3, lambda: c.RepinRubric(edition=self._edition(), reason="更正")),
            (1, self._file),
        ]

    def _review(self) -> list[tuple[int, Callable[[], c.Command]]]:
        return [
            (2, self._adjust),
            (2, self._adjust),
            (2, lambda: c.ConfirmScore(indicator=self._row(), justification="x", ground="x")),
            (2, lambda: c.ConfirmScore(indicator=self._row(), justification="x", ground="x")),
            (2, lambda: c.ExcludeIndicator(indicator=self._row(), justification="x", ground="x")),
            (2, lambda: c.CountersignAdjustment(indicator=self._row())),
            (2, lambda: c.CountersignAdjustment(indicator=self._row())),
            (2, lambda: c.WithdrawAdjustment(indicator=self._row(), reason="误")),
            (2, self._recognise),
            (2, lambda: c.RefuseBonus(item=self._item(), justification="x")),
            (2, self._penalise),
            (2, lambda: c.RaiseFinding(finding=self._id("f"), title="x", statement="x")),
            (2, lambda: c.RestateFigure(figure=self._figure(), reason="核实")),
            (2, lambda: c.ReturnSubmission(reason="缺数")),
            (3, lambda: c.RepinRubric(edition=self._edition(), reason="更正")),
            (2, lambda: c.SendDraft(respond_by=self._maybe_day())),
            (3, lambda: c.SendDraft(respond_by=self._maybe_day())),
            (3, self._issue),
        ]

    def _consultation(self) -> list[tuple[int, Callable[[], c.Command]]]:
        return [
            *self._review(),
            *[(1, self._object)] * 3,
            *[(2, self._answer)] * 5,
            *[(3, self._issue)] * 2,
        ]

    def _afterwards(self) -> list[tuple[int, Callable[[], c.Command]]]:
        return [
            (1, lambda: c.RecordReceipt(received=self._day())),
            (3, lambda: c.PublishResult(place="网站")),
            (3, self._correct),
            *[(1, self._lodge)] * 3,
            (1, lambda: c.WithdrawAppeal(appeal=self._id("a"), reason="已沟通")),
            *[(3, self._decide)] * 4,
            *[(3, self._request)] * 2,
            *[(1, lambda: c.RespondRectification(request=self._asked(), statement="已改"))] * 3,
            (3, lambda: c.ReturnRectification(request=self._asked(), reason="不足")),
            (3, lambda: c.AcceptRectification(request=self._asked())),
            (3, self._extend),
            (1, self._file),
            (3, lambda: c.EraseEvidence(sha256="a" * 64, ground="个人信息")),
            (3, lambda: c.CloseCase(reason="x")),
        ]

    def _end(self) -> list[tuple[int, Callable[[], c.Command]]]:
        return [
            (3, lambda: c.RequestReopening(reason="新证据")),
            (3, c.ReopenCase),
            (3, c.ReopenCase),
            (3, lambda: c.PublishResult(place="网站")),
        ]

    def _row(self) -> str:
        return self._random.choice(ROWS)

    def _item(self) -> str:
        return self._random.choice(["flag", "letter", "medal"])

    def _id(self, letter: str) -> str:
        return f"{letter}{self._random.randrange(3)}"

    def _asked(self) -> str:
        return self._random.choice(["hotline", "payments", "r0", "r1"])

    def _score(self) -> Decimal:
        return Decimal(self._random.randrange(0, 3200, 25)) / 100

    def _points(self) -> Decimal:
        return Decimal(self._random.randrange(0, 9)) / 2

    def _day(self) -> date:
        return date(2023, 12, 20) + timedelta(self._random.randrange(60))

    def _maybe_day(self) -> date | None:
        return self._day() if self._random.random() < 0.5 else None

    def _edition(self) -> str:
        return self._random.choice(["2023", "2023-clocks"])

    def _figure(self) -> Figure:
        value = str(self._random.randrange(150, 230))
        return Figure(id="spent", indicator="spending", name="支出数", value=value)

    def _file(self) -> c.Command:
        digest = self._random.choice("cde") * 64
        return c.FileEvidence(evidence=Evidence(sha256=digest, title="材料"))

    def _adjust(self) -> c.Command:
        return c.AdjustScore(
            indicator=self._row(), award=self._score(), justification="x", ground="x"
        )

    def _recognise(self) -> c.Command:
        return c.RecogniseBonus(item=self._item(), points=self._points(), justification="x")

    def _penalise(self) -> c.Command:
        points = self._points()
        return c.RecordPenalty(item=self._id("p"), title="迟", points=points, justification="x")

    def _issue(self) -> c.Command:
        return c.IssueResult(printed_total=self._score(), difference="据实")

    def _object(self) -> c.Command:
        return c.RaiseObjection(objection=self._id("o"), indicator=self._row(), statement="x")

    def _answer(self) -> c.Command:
        outcome = self._random.choice(["accepted", "partly", "rejected"])
        award = None if outcome == "rejected" else self._score()
        return c.AnswerObjection(
            objection=self._id("o"),
            outcome=outcome,  # type: ignore[arg-type]  # one of the three
            award=award,
            justification="x",
            ground="x",
        )

    def _correct(self) -> c.Command:
        return c.CorrectResult(
            number="更1号", indicator=self._row(), award=self._score(), justification="x"
        )

    def _lodge(self) -> c.Command:
        rows = tuple(self._random.sample(ROWS, self._random.randrange(1, 3)))
        return c.LodgeAppeal(appeal=self._id("a"), indicators=rows, statement="x")

    def _decide(self) -> c.Command:
        outcome = self._random.choice(["upheld", "partly", "rejected"])
        appeal = self._random.choice(["complaints", "a0", "a1", "a2"])
        awards = (
            ()
            if outcome == "rejected"
            else (c.NewAward(indicator=self._row(), award=self._score()),)
        )
        return c.DecideAppeal(
            appeal=appeal,
            outcome=outcome,  # type: ignore[arg-type]  # one of the three
            justification="x",
            awards=awards,
        )

    def _request(self) -> c.Command:
        finding = self._random.choice(["complaints", "spending", "f0"])
        return c.RequestRectification(
            request=self._id("r"), findings=(finding,), demand="x", due=self._maybe_day()
        )

    def _extend(self) -> c.Command:
        return c.ExtendDeadline(request=self._asked(), due=self._day(), reason="x")


@cache
def walked(seed: int) -> tuple[Walk, Point]:
    walk = Walk(seed)
    ledger = Ledger(walk.archive)
    return walk, points.at(ledger.history(CASE), ledger.editions("small"))


def naive(point: Point) -> NaiveCase:
    return NaiveCase([one.entry for one in point.history])


WALKS = st.integers(0, 10**9)
TODAY = date(2024, 2, 5)


@given(WALKS)
def test_the_sheet_says_what_the_bytes_say(seed: int) -> None:
    _, point = walked(seed)
    sheet, expected = score_sheet(point), naive(point)

    assert sheet
    assert sheet.stage == expected.stage
    for row in sheet.rows:
        award = expected.awards.get(row.id, (None, 0))[0]
        assert (row.claim, row.award) == (expected.claims.get(row.id), award)
        assert row.excluded == (row.id in expected.excluded)
    assert sheet.claim.totals.total == expected.claimed_total()
    assert sheet.award.totals.total == expected.awarded_total()
    assert sheet.award.totals.pending == len(
        [row for row in ROWS if row not in expected.awards and row not in expected.excluded]
    )
    assert standing(point).totals.total == expected.total()


@given(WALKS, st.data())
def test_the_bridge_says_what_the_bytes_say(seed: int, data: st.DataObject) -> None:
    _, end = walked(seed)
    first = next(one.version for one in end.history if one.type == "ScoreClaimed")
    version = data.draw(st.integers(first, end.version))
    start = points.at(end.history, end.editions, f"v{version}")
    found = bridge(start, end)
    before, after = naive(start).parts(), naive(end).parts()

    assert {step.indicator or step.kind: (step.before, step.after) for step in found.steps} == {
        part: (before[part], after[part]) for part in before if before[part] != after[part]
    }
    assert found.residual == 0
    assert found.start.totals.total == naive(start).total()
    assert found.end.totals.total == naive(end).total()
    assert all(step.events for step in found.steps)


@given(WALKS)
def test_the_log_says_what_the_bytes_say(seed: int) -> None:
    _, point = walked(seed)
    log, expected = change_log(point), naive(point)
    moves = [
        (one.recorded.version, one.indicator, one.before, one.after)
        for one in log
        if one.before is not None or one.after is not None
    ]
    causes = {(one.recorded.version, one.indicator): one.caused_by for one in log}

    assert moves == expected.moves
    assert [one.recorded.version for one in log] == sorted(one.recorded.version for one in log)
    assert {one.recorded.version for one in log} == set(range(1, point.version + 1))
    for key, cause in expected.causes.items():
        assert cause in causes[key], key
    assert all(cause < version for (version, _), caused in causes.items() for cause in caused)


@given(WALKS)
def test_the_work_lists_say_what_the_bytes_say(seed: int) -> None:
    _, point = walked(seed)
    expected = naive(point)

    assert {
        one.request: (one.state, one.due, one.late, one.overdue)
        for one in rectification(point, TODAY)
    } == {
        name: (request["state"], expected.due(name), *expected.late(name, TODAY))
        for name, request in expected.requests.items()
    }
    last_day = expected.appeal_due()
    assert [
        (one.appeal, one.open, one.lodged, one.contests, one.late) for one in appeals(point)
    ] == [
        (
            name,
            one["open"],
            one["day"],
            one["contests"],
            None if last_day is None else max(0, (one["day"] - last_day).days),
        )
        for name, one in expected.appeals.items()
    ]
    assert sorted(
        (one.turn, one.subject, one.since, one.due)
        for one in tasks(point, TODAY)
        if one.what.en not in {"countersign", "issue the result"}
    ) == sorted(waiting(expected))


def waiting(case: NaiveCase) -> list[tuple[str, str, date, date | None]]:
    """Whose turn it is by the bytes, apart from what only the rubric's rules can tell."""
    since = case.since
    match case.stage:
        case "open":
            return [("unit", "", since.get("SubmissionReturned", since["CaseOpened"]), None)]
        case "submitted":
            return [("agency", "", since["SelfEvaluationSubmitted"], None)]
        case "draft":
            return waiting_in_the_draft(case)
        case "issued":
            return waiting_after_issue(case)
        case _:
            wanted = [("bureau", "", since["ReopeningRequested"], None)] if case.wanted_back else []
            return [*wanted]


def waiting_in_the_draft(case: NaiveCase) -> list[tuple[str, str, date, date | None]]:
    found: list[tuple[str, str, date, date | None]] = [
        ("agency", name, one["day"], None) for name, one in case.objections.items() if one["open"]
    ]
    if case.respond_by is None or case.respond_by >= TODAY:
        found.append(("unit", "", case.since["DraftSent"], case.respond_by))
    return found


def waiting_after_issue(case: NaiveCase) -> list[tuple[str, str, date, date | None]]:
    found: list[tuple[str, str, date, date | None]] = [
        ("bureau", name, one["day"], None) for name, one in case.appeals.items() if one["open"]
    ]
    if case.received is None:
        found.append(("unit", "", case.since["ResultIssued"], None))
    elif not case.published:
        due = case.received + timedelta(30) if case.edition == "2023-clocks" else None
        found.append(("unit", "", case.received, due))
    for name, request in case.requests.items():
        if request["state"] == "open":
            found.append(("unit", name, request["day"], case.due(name)))
        elif request["state"] == "answered":
            found.append(("bureau", name, request["last"], None))
    return found


EVENTS_MET: Counter[str] = Counter()


@settings(max_examples=150)
@given(WALKS)
def _meet(seed: int) -> None:
    EVENTS_MET.update(Walk(seed).seen)


def test_the_walks_go_everywhere() -> None:
    """Random wishes that are all refused would let every test above pass."""
    look: Callable[[], Any] = _meet
    look()
    wanted = {
        "RubricRepinned",
        "IndicatorExcluded",
        "ObjectionRaised",
        "ObjectionAnswered",
        "ResultCorrected",
        "AppealLodged",
        "AppealWithdrawn",
        "AppealDecided",
        "RectificationRequested",
        "RectificationResponded",
        "RectificationReturned",
        "RectificationAccepted",
        "DeadlineExtended",
        "EvidenceErased",
        "CaseClosed",
        "ReopeningRequested",
        "CaseReopened",
        "SubmissionReturned",
        "own-award",
        "own-request",
        "role",
        "organisation",
        "stage",
    }
    assert {name: EVENTS_MET[name] for name in wanted if EVENTS_MET[name] < 3} == {}
