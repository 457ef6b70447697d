"""Next year (下一年度): this year's case proposed from last year's, with what differs."""

from decimal import Decimal
from typing import Any

from msgspec import Struct

from ledger.editions import Editions
from ledger.language import Text, counted
from ledger.values import AccountId, Edition, Invalid
from projections.as_of import CaseAsOf
from projections.rubric_diff import Change, differences
from projections.score_sheet import score_sheet


class NextCase(Struct, frozen=True, kw_only=True):
    """What opening the next case would record, and what is different there.

    Attributes:
        like: the case that it is taken from; `version` its last event.
        commands: as a batch file writes them.
        changes: from the edition that last year's case was scored by.
        total: of last year, and its grade.
        assigned: who reviewed which rows; the lead reviewer assigns them again.
    """

    like: str
    version: int
    commands: list[dict[str, Any]]
    edition_before: Edition
    edition: Edition
    changes: tuple[Change, ...]
    total: Decimal | None
    assigned: dict[str, AccountId]

    @property
    def heading(self) -> Text:
        """Between which editions the differences are."""
        return Text(
            f"指标体系 {self.edition_before} 版与 {self.edition} 版的差别",
            f"differences between the editions {self.edition_before} and {self.edition}",
        )

    @property
    def summary(self) -> Text:
        """From where it is, and who reviewed."""
        score = f"{self.total}" if self.total is not None else "—"
        who = sorted(set(self.assigned.values()))
        zh = f"；上年核查：{'、'.join(who)}，由核查负责人重新分配" if who else ""
        en = f"; reviewed by {', '.join(who)}, for the lead reviewer to assign again" if who else ""
        return Text(
            f"据 {self.like} 第 {self.version} 条：上年得分 {score}，"
            f"差别 {len(self.changes)} 处{zh}",
            f"from {self.like} v{self.version}: last year's score {score},"
            f" {counted(len(self.changes), 'difference')}{en}",
        )


def next_case(  # noqa: PLR0913 - one argument for each thing that may differ
    before: CaseAsOf,
    *,
    year: int | None = None,
    title: str | None = None,
    edition: Edition | None = None,
    notice: str | None = None,
    editions: Editions | None = None,
) -> NextCase:
    """The next case of a unit, with the names, the rubric and the agency of the last one.

    Args:
        before: the last one, as it is now.
        year: that is reviewed; the one after the last where it is not given.
        title: of the case; the last one's with the year changed.
        edition: of the rubric; the newest one that none supersedes.
        notice: document number of the notice that asks for the self-evaluation.
        editions: of the rubric, where the next case is in another ledger.

    Raises:
        Invalid: the case has no rubric, so that there is nothing to go by.
        CommandRefused: there is no such edition.
    """
    case, rubric, editions = before.case, before.rubric, editions or before.editions
    if case.opened is None or case.pinned is None or rubric is None:
        raise Invalid(
            f"{case.id}：尚未选定指标体系，无法据以启动下一年度的评价",
            f"{case.id}: no rubric is pinned, so the next year cannot be opened from it",
        )
    opened, year = case.opened, year or case.opened.year + 1
    edition = edition or editions.newest or case.pinned.edition
    commands: list[dict[str, Any]] = [
        {
            "do": "open-case",
            "title": title or opened.title.replace(str(opened.year), str(year)),
            "year": year,
            "unit": opened.unit,
            "unit_name": opened.unit_name,
            "bureau": opened.bureau,
            "bureau_name": opened.bureau_name,
            **({"notice": notice} if notice else {}),
        },
        {"do": "pin-rubric", "rubric": rubric.id, "edition": edition},
    ]
    if agency := case.commissioned:
        names = {"agency": agency.agency, "agency_name": agency.agency_name}
        commands.append({"do": "commission-review", **names})
    sheet = before.made(score_sheet)
    return NextCase(
        like=case.id,
        version=before.version,
        commands=commands,
        edition_before=case.pinned.edition,
        edition=edition,
        changes=tuple(differences(rubric, editions.rubric(edition))),
        total=sheet.award.shown("total") if sheet else None,
        assigned={row or "": account for row, account in case.assigned.items()},
    )
