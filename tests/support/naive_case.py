"""A case worked out a second time, from the bytes, by a reader who has never seen the program.

Plain dictionaries and decimals, one pass, nothing imported: what the score sheet, the bridge, the
log and the work lists say is compared with this. It knows the small rubric by heart.
"""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

ROWS: Final = ("spending", "plan", "service")
BONUS_CAP, PENALTY_CAP, CAP = Decimal(3), Decimal(4), Decimal(100)
HOLIDAYS: Final = {date(2024, 1, 1)}
WITH_CLOCKS: Final = "2023-clocks"

Move = tuple[int, str, Decimal | None, Decimal | None]


class NaiveCase:
    """What a list of entries comes to."""

    def __init__(self, entries: list[bytes]) -> None:
        self.stage = "open"
        self.edition = ""
        self.since: dict[str, date] = {}
        self.claims: dict[str, Decimal] = {}
        self.awards: dict[str, tuple[Decimal, int]] = {}
        self.excluded: dict[str, int] = {}
        self.bonus_claims: dict[str, Decimal] = {}
        self.bonus: dict[str, Decimal] = {}
        self.penalties: dict[str, Decimal] = {}
        self.decided: dict[tuple[bool, str], int] = {}  # whether a penalty, and which item
        self.moves: list[Move] = []
        self.causes: dict[tuple[int, str | None], int] = {}
        self.received: date | None = None
        self.published = False
        self.respond_by: date | None = None
        self.objections: dict[str, dict[str, Any]] = {}
        self.appeals: dict[str, dict[str, Any]] = {}
        self.requests: dict[str, dict[str, Any]] = {}
        self.wanted_back = False
        for entry in entries:
            self._read(json.loads(entry))

    def _read(self, entry: dict[str, Any]) -> None:
        name, data, version = entry["type"], entry["data"], entry["version"]
        day = date.fromisoformat(entry["dated"])
        self.since[name] = day
        getattr(self, f"_{name}", lambda *_: None)(data, version, day)

    # Scores --------------------------------------------------------------------------------------

    def score(self, row: str) -> Decimal | None:
        """The standing score of a row."""
        if row in self.excluded:
            return None
        return self.awards[row][0] if row in self.awards else self.claims.get(row)

    def _move(self, version: int, row: str, becomes: Decimal | None) -> None:
        if (self.score(row), becomes) != (None, None):
            self.moves.append((version, row, self.score(row), becomes))

    def _award(self, version: int, row: str, award: str) -> None:
        self._move(version, row, Decimal(award))
        self.awards[row] = (Decimal(award), version)
        self.excluded.pop(row, None)

    def _RubricPinned(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - named after the event
        self.edition = data["edition"]

    _RubricRepinned = _RubricPinned

    def _ScoreClaimed(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        row, score = data["indicator"], Decimal(data["score"])
        self._move(version, row, score)
        self.claims[row] = score

    def _BonusClaimed(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.bonus_claims[data["item"]] = Decimal(data["points"])

    def _BonusRecognised(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        self.bonus[data["item"]] = Decimal(data["points"])
        self.decided[False, data["item"]] = version

    def _BonusRefused(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        self.bonus[data["item"]] = Decimal(0)
        self.decided[False, data["item"]] = version

    def _PenaltyRecorded(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        self.penalties[data["item"]] = Decimal(data["points"])
        self.decided[True, data["item"]] = version

    def _ScoreAdjusted(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        assert data["justification"].strip()
        self._award(version, data["indicator"], data["award"])

    def _ScoreConfirmed(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        self._award(version, data["indicator"], data["award"])

    def _ResultCorrected(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        self.causes[version, self._row(data)] = self._standing(data)
        self._decide(version, data)

    def _decide(self, version: int, data: dict[str, Any]) -> None:
        """What a correction or a ruling makes of a row, or of an item."""
        item, penalty = data.get("item"), data.get("penalty", False)
        if item is None:
            assert Decimal(data["before"]) == (self.score(data["indicator"]) or 0)
            self._award(version, data["indicator"], data["award"])
            return
        items = self.penalties if penalty else self.bonus
        assert data["indicator"] == ("late-report" if penalty else "commendation")
        assert Decimal(data["before"]) == items[item]
        items[item] = Decimal(data["award"])
        self.decided[penalty, item] = version

    def _IndicatorExcluded(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        row = data["indicator"]
        self._move(version, row, None)
        self.awards.pop(row, None)
        self.excluded[row] = version

    def _AdjustmentWithdrawn(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        row = data["indicator"]
        assert data["adjustment"] == (self.excluded.get(row) or self.awards[row][1])
        self._move(version, row, self.claims[row])
        self.awards.pop(row, None)
        self.excluded.pop(row, None)

    # Stages --------------------------------------------------------------------------------------

    def _SelfEvaluationSubmitted(self, *_: object) -> None:  # noqa: N802 - the same
        self.stage = "submitted"

    def _SubmissionReturned(self, *_: object) -> None:  # noqa: N802 - the same
        self.stage = "open"

    def _DraftSent(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.stage = "draft"
        assert Decimal(data["computed_total"]) == self.awarded_total()
        self.respond_by = data["respond_by"] and date.fromisoformat(data["respond_by"])

    def _ResultIssued(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.stage = "issued"
        assert Decimal(data["computed_total"]) == self.awarded_total()

    def _CaseClosed(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.stage = "closed"
        unfinished = [name for name, one in self.requests.items() if one["state"] != "accepted"]
        assert data["unfinished"] == unfinished
        assert not any(one["open"] for one in self.appeals.values())

    def _ReopeningRequested(self, *_: object) -> None:  # noqa: N802 - the same
        self.wanted_back = True

    def _CaseReopened(self, *_: object) -> None:  # noqa: N802 - the same
        self.stage, self.wanted_back = "issued", False

    def _ResultReceived(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.received = date.fromisoformat(data["received"])

    def _ResultPublished(self, *_: object) -> None:  # noqa: N802 - the same
        self.published = True

    # Objections and appeals ----------------------------------------------------------------------

    def _standing(self, data: dict[str, Any]) -> int:
        """The version of what decides the row, or the item, that is contested."""
        row = data["indicator"]
        if "item" in data:
            return self.decided[data.get("penalty", False), data["item"]]
        return self.excluded.get(row) or self.awards[row][1]

    @staticmethod
    def _row(data: dict[str, Any]) -> str | None:
        """The row under which the log has it: none for an item."""
        return None if "item" in data else data["indicator"]

    def _ObjectionRaised(self, data: dict[str, Any], version: int, day: date) -> None:  # noqa: N802 - the same
        assert data["contests"] == self._standing(data)
        self.causes[version, self._row(data)] = data["contests"]
        self.objections[data["objection"]] = {"version": version, "day": day, "open": True}

    def _ObjectionAnswered(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        objection = self.objections[data["objection"]]
        objection["open"] = False
        self.causes[version, self._row(data)] = objection["version"]
        if data["adjustment"] is not None:
            self.causes[data["adjustment"], self._row(data)] = version

    def _AppealLodged(self, data: dict[str, Any], version: int, day: date) -> None:  # noqa: N802 - the same
        for one in data["contests"]:
            assert one["version"] == self._standing(one)
            self.causes[version, self._row(one)] = one["version"]
        contests = tuple(
            (one["indicator"], one["version"], one["award"]) for one in data["contests"]
        )
        self.appeals[data["appeal"]] = {
            "version": version,
            "day": day,
            "open": True,
            "contests": contests,
            "rows": [self._row(one) for one in data["contests"]],
        }

    def _AppealWithdrawn(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.appeals[data["appeal"]]["open"] = False

    def _AppealDecided(self, data: dict[str, Any], version: int, _: date) -> None:  # noqa: N802 - the same
        appeal = self.appeals[data["appeal"]]
        appeal["open"] = False
        ruled = [self._row(ruling) for ruling in data["rulings"]]
        for row in appeal["rows"]:
            if row is not None or row in ruled or not any(appeal["rows"]):
                self.causes[version, row] = appeal["version"]
        for ruling in data["rulings"]:
            self._decide(version, ruling)

    # Rectification -------------------------------------------------------------------------------

    def _RectificationRequested(self, data: dict[str, Any], _: int, day: date) -> None:  # noqa: N802 - the same
        due = data["due"] and date.fromisoformat(data["due"])
        self.requests[data["request"]] = {
            "day": day,
            "due": due,
            "state": "open",
            "first": None,
            "last": None,
        }

    def _RectificationResponded(self, data: dict[str, Any], _: int, day: date) -> None:  # noqa: N802 - the same
        request = self.requests[data["request"]]
        request["state"], request["last"] = "answered", day
        request["first"] = request["first"] or day

    def _RectificationReturned(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.requests[data["request"]]["state"] = "open"

    def _RectificationAccepted(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.requests[data["request"]]["state"] = "accepted"

    def _DeadlineExtended(self, data: dict[str, Any], *_: object) -> None:  # noqa: N802 - the same
        self.requests[data["request"]]["due"] = date.fromisoformat(data["due"])

    # What it comes to ----------------------------------------------------------------------------

    def parts(self) -> dict[str, Decimal]:
        """What the standing total is made of, each part with its sign."""
        rows = {row: self.score(row) or Decimal(0) for row in ROWS}
        bonus = min(sum({**self.bonus_claims, **self.bonus}.values(), Decimal(0)), BONUS_CAP)
        penalty = min(sum(self.penalties.values(), Decimal(0)), PENALTY_CAP)
        raw = sum(rows.values(), Decimal(0)) + bonus - penalty
        capped = max(Decimal(0), min(raw, CAP))
        return {**rows, "bonus": bonus, "penalty": -penalty, "cap": capped - raw}

    def total(self) -> Decimal:
        """The standing total."""
        return sum(self.parts().values(), Decimal(0))

    def claimed_total(self) -> Decimal:
        """What the unit claims, capped."""
        bonus = min(sum(self.bonus_claims.values(), Decimal(0)), BONUS_CAP)
        return min(sum(self.claims.values(), Decimal(0)) + bonus, CAP)

    def awarded_total(self) -> Decimal:
        """What the review gives, capped."""
        raw = sum((award for award, _ in self.awards.values()), Decimal(0))
        raw += min(sum(self.bonus.values(), Decimal(0)), BONUS_CAP)
        raw -= min(sum(self.penalties.values(), Decimal(0)), PENALTY_CAP)
        return max(Decimal(0), min(raw, CAP))

    def due(self, request: str) -> date | None:
        """The last day to respond."""
        if self.requests[request]["due"]:
            return self.requests[request]["due"]  # type: ignore[no-any-return]  # plain data
        if self.edition == WITH_CLOCKS and self.received:
            return self.received + timedelta(20)
        return None

    def appeal_due(self) -> date | None:
        """The tenth working day after receipt."""
        if self.edition != WITH_CLOCKS or self.received is None:
            return None
        later = (self.received + timedelta(n) for n in range(1, 60))
        worked = [day for day in later if day.isoweekday() <= 5 and day not in HOLIDAYS]
        return worked[9]

    def late(self, request: str, today: date) -> tuple[int | None, int | None]:
        """Days by which the first response was late, and days over while one is awaited."""
        due, first = self.due(request), self.requests[request]["first"]
        if due is None:
            return None, None
        late = max(0, (first - due).days) if first else 0
        awaited = self.requests[request]["state"] == "open"
        return late, max(0, (today - due).days) if awaited else 0
