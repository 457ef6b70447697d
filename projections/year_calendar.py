"""The calendar of a year (年度日程): the last days that notices set, each with what sets it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from ledger.envelope import RecordedEvent
from ledger.events import YearNoticeRecorded
from ledger.language import Text
from ledger.last_days import STEPS, NoticeKind, Notices, due_field, fixed_day, limit_of
from ledger.time_limits import DueDate
from ledger.values import Invalid, LastDayRule
from projections.as_of import FINAL, moment_of, notices_at

BEGINS: Final[Mapping[str, Text]] = {
    "draft": Text("自报送之日起", "from the submission"),
    "objection": Text("自发出征求意见稿之日起", "from the day the draft was sent"),
    "result": Text("自发出征求意见稿之日起", "from the day the draft was sent"),
    "receipt": Text("自印发之日起", "from the issue"),
    "publication": Text("自签收之日起", "from receipt of the result"),
    "rectification": Text("自签收之日起", "from receipt of the result"),
}
"""From when a number of days is counted."""


class YearDeadline(Struct, frozen=True, kw_only=True):
    """A last day of a year, as the notices have it at a point.

    Attributes:
        rubric: the kind of review that it is for; `None` for all.
        step: what is to be done by then.
        rule: as the notice has it; `what` the same in words.
        due: the day, where it is the same for all cases.
        number: of the notice that sets it; `dated` its day, `sha256` its file.
        version: of its event in the register.
        amended: whether an earlier notice had set another.
    """

    bureau: str
    year: int
    rubric: str | None
    step: str
    rule: LastDayRule
    what: Text
    due: date | None
    number: str
    dated: date
    sha256: str
    version: int
    amended: bool

    @property
    def kind(self) -> tuple[int, str, str]:
        """Of what it is a last day, the newest year first."""
        return (-self.year, self.bureau, self.rubric or "")


def year_calendar(notices: Notices, label: str = FINAL) -> list[YearDeadline]:
    """The last days that notices set at a point, by year, bureau and kind, in their order.

    Args:
        notices: of the register.
        label: a day, an instant of recording, or both; `final` for all that is recorded.

    Raises:
        Invalid: a point that only a case has.
    """
    if moment_of(label).axis in {"version", "stage"}:
        raise Invalid(
            f"年度日程没有“{label}”这一时点。请填写日期或记录时刻。",
            f"a calendar has no point '{label}'; give a day or an instant of recording",
        )
    kinds: dict[NoticeKind, list[RecordedEvent]] = {}
    for recorded in notices_at(notices, label):
        if isinstance(event := recorded.event, YearNoticeRecorded):
            kinds.setdefault((event.bureau, event.year, event.rubric), []).append(recorded)
    order = sorted(kinds, key=lambda kind: (-kind[1], kind[0], kind[2] or ""))
    return [deadline for kind in order for deadline in _deadlines(kinds[kind])]


def _deadlines(of_kind: Iterable[RecordedEvent]) -> Iterator[YearDeadline]:
    found = list(of_kind)
    for step in STEPS:
        setting = [(one, rule) for one in found if (rule := getattr(one.event, due_field(step)))]
        if not setting:
            continue
        recorded, rule = setting[-1]
        notice: YearNoticeRecorded = recorded.event  # type: ignore[assignment]  # `year_calendar` hands on no others
        yield YearDeadline(
            bureau=notice.bureau,
            year=notice.year,
            rubric=notice.rubric,
            step=step,
            rule=rule,
            what=rule_words(step, rule),
            due=fixed_day(rule),
            number=notice.number,
            dated=recorded.dated,
            sha256=notice.sha256,
            version=recorded.version,
            amended=len(setting) > 1,
        )


def rule_words(step: str, rule: LastDayRule) -> Text:
    """A last day in words: `自签收之日起 20 日`."""
    limit = limit_of(rule, "")
    if isinstance(limit, DueDate):
        return Text(str(limit.by), str(limit.by))
    working = limit.counting == "working"
    zh, en = BEGINS[step]
    unit = ("个工作日", "working days") if working else ("日", "days")
    return Text(f"{zh} {limit.days} {unit[0]}", f"{limit.days} {unit[1]} {en}")
