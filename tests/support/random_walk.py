"""Somebody who asks for anything, at any stage: histories for whatever must always hold.

Every walk has a number that makes it again.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from msgspec.structs import replace

from ledger import commands as c
from ledger.case import fold
from ledger.chronology import DAYS
from ledger.events import Appraisal, RetentionTerm
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.values import Citation, Evidence, Figure
from tests.support.later_life import (
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
from tests.support.small_case import CASE, SMALL, Story
from tests.support.specification import Memory, moment, told

ROWS = tuple(row.id for row in SMALL.indicators)
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


ABOUT_DOCUMENTS: Final = 0.1
"""The share of wishes that are about documents and what they state."""


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
        about_documents = self._random.random() < ABOUT_DOCUMENTS
        part, wish = self._random.choice(self._documents() if about_documents else self._wishes())
        people = [who for who, plays in RIGHT.items() if plays == part]
        who = self._random.choice(people if self._random.random() < 0.93 else PEOPLE)
        day, command = self._day(), self._marked(wish())
        stated = [getattr(command, name, None) for name in DAYS]
        act = c.CommandEnvelope(
            case=CASE,
            by=who,
            dated=day,
            id=f"walk-{number}",
            command=command,
            confirmed_dates=(day, *(one for one in stated if isinstance(one, date))),
        )
        try:
            (outcome,) = Ledger(self.archive).handle([act], moment(58 + number))
        except EnvelopeRefused as error:
            self.seen[error.refused.rule] += 1
        else:
            self.seen.update(one.type for one in outcome.recorded)

    def _wishes(self) -> list[tuple[int, Callable[[], c.Command]]]:
        stage = fold(Ledger(self.archive).history(CASE)).stage
        of_stage = {
            "open": self._filing,
            "submitted": self._review,
            "draft": self._consultation,
            "issued": self._afterwards,
            "closed": self._end,
        }
        every = [self._filing, self._review, self._consultation, self._afterwards, self._end]
        return (of_stage[stage] if self._random.random() < 0.9 else self._random.choice(every))()

    def _marked(self, command: c.Command) -> c.Command:
        """The command; now and then with what may stand around any."""
        chance = self._random.random()
        if chance < 0.1:
            return replace(command, transcriber_note="原文如此", undocumented=True)
        if chance < 0.15:
            place = self._random.choice(["附件1 第 1 行", "附件2"])
            return replace(command, cites=(Citation("d0", place),))
        return command

    def _documents(self) -> list[tuple[int, Callable[[], c.Command]]]:
        part = self._random.choice([1, 2])
        return [
            (part, self._register),
            (part, lambda: c.ListUnit(member=self._id("u"), name="单位")),
            (part, lambda: c.DefineScope(scope="本级", members=(self._id("u"),))),
            (part, lambda: c.MakeStatement(item=self._id("s"), kind="promise", statement="x")),
            (part, lambda: c.PrintSubtotal(item=self._id("t"), label="合计", column="awarded")),
            (part, lambda: c.PublishMaterial(title="报告", place="网站")),
            (2, lambda: c.ConfirmFigure(figure="spent")),
            (2, lambda: c.DeliverReport(printed_total=self._score())),
            (
                1,
                lambda: c.RespondRectification(
                    request=self._asked(), statement="已改", promises=(self._id("s"),)
                ),
            ),
        ]

    def _register(self) -> c.Command:
        name = self._id("d")
        return c.RegisterDocument(
            document=name,
            title="文件",
            sha256=name[-1] * 64,
            form="copy",
            parts=("附件1",),
        )

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
            (2, lambda: c.AmendReason(indicator=self._row(), clause=self._id("第"), reason="误")),
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
            (1, self._retention),
            (3, lambda: c.ProposeDestruction(number="1", reason="期满", evidence=("a" * 64,))),
            (3, self._appraisal),
            (3, lambda: c.DecideDestruction(number="1", outcome="approved")),
        ]

    def _retention(self) -> c.Command:
        term: RetentionTerm = self._random.choice(["permanent", "30-years", "10-years"])
        return c.SetRetention(term=term, starts=date(2000, 1, 1), number="1")

    def _appraisal(self) -> c.Command:
        outcome: Appraisal = self._random.choice(["destroy", "keep"])
        return c.AppraiseDestruction(number="1", outcome=outcome, justification="x")

    def _row(self) -> str:
        return self._random.choice(ROWS)

    def _contested(self) -> str:
        """A row, or a bonus or penalty item, decided or not."""
        return self._random.choice([*ROWS, *ROWS, "flag", "letter", "p0"])

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
        return c.RaiseObjection(objection=self._id("o"), indicator=self._contested(), statement="x")

    def _answer(self) -> c.Command:
        outcome = self._random.choice(["accepted", "partly", "rejected"])
        some = self._random.choice([self._score, self._points])
        award = None if outcome == "rejected" else some()
        return c.AnswerObjection(
            objection=self._id("o"),
            outcome=outcome,  # type: ignore[arg-type]  # one of the three
            award=award,
            justification="x",
            ground=self._random.choice(["x", ""]),
        )

    def _correct(self) -> c.Command:
        contested = self._contested()
        award = self._score() if contested in ROWS else self._points()
        return c.CorrectResult(number="更1号", indicator=contested, award=award, justification="x")

    def _lodge(self) -> c.Command:
        rows = tuple(self._random.sample([*ROWS, "flag", "p0"], self._random.randrange(1, 3)))
        return c.LodgeAppeal(appeal=self._id("a"), indicators=rows, statement="x")

    def _decide(self) -> c.Command:
        outcome = self._random.choice(["upheld", "partly", "rejected"])
        appeal = self._random.choice(["complaints", "a0", "a1", "a2"])
        awards = (
            ()
            if outcome == "rejected"
            else (c.NewAward(indicator=self._contested(), award=self._score()),)
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
