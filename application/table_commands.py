"""The commands of a delivered table: what it has and the case lacks."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from application.understood_table import UnderstoodTable
from documents.score_table import printed_reasons
from documents.source import source
from intake.grid import place
from intake.table_figures import TableFigure, with_stated
from intake.table_mapping import BONUS
from intake.table_totals import PrintedTotal, printed_totals
from ledger.events import ScoreClaimed
from ledger.language import Text, speaker
from ledger.values import IndicatorId
from projections.score_sheet import score_sheet

RESTATED: Final = "核查评分表所列自评分 / the self column of the review table"
AMENDED: Final = "核查评分表中改写 / rewritten in the review table"
Fields = dict[str, Any]
PlacedFields = tuple[Text, Fields]


def commands_of(table: UnderstoodTable) -> list[PlacedFields]:
    """The commands with their places; first those that file the table and its mapping.

    Raises:
        Invalid: something is left open, or the table lacks indicators.
    """
    if table.refused:
        raise table.refused
    makers = {"review": _review, "self-evaluation": _self_evaluation}
    commands = list(makers[table.side](table))
    filed = table.point.case.evidence
    files = ((table.file, table.table), (table.path, table.mapping))
    return [
        *(
            (Text(str(path), str(path)), {"do": "file-evidence", "file": str(path)})
            for path, file in files
            if commands and file.sha256 not in filed
        ),
        *commands,
    ]


# Of the unit ------------------------------------------------------------------------------------


def _self_evaluation(table: UnderstoodTable) -> Iterator[PlacedFields]:
    """Figures first, then claims, then the bonus, and the submission with the printed total."""
    case = table.point.case
    claimed = {
        recorded.event.indicator: recorded.event
        for recorded in table.point.history
        if isinstance(recorded.event, ScoreClaimed)
    }
    for figure in table.figures:
        if figure.is_new(case.figures):
            yield _place(table, figure), {"do": "submit-figure", "figure": _figure(table, figure)}
    claims = dict(case.claims)
    for row, means in table.indicators:
        if row.claim is None:
            continue
        claims[means] = row.claim
        before = claimed.get(means)
        if case.claims.get(means) != row.claim or (
            before and row.unit_reason not in {"", before.justification}
        ):
            fields = {"do": "claim-score", "indicator": means, "score": f"{row.claim:f}"}
            reason = {"justification": row.unit_reason} if row.unit_reason else {}
            yield row.place(table.file), {**fields, **reason, "evidence": [str(table.file)]}
    for row, means in table.rows:
        item = table.rubric.bonus
        if means == BONUS and item and row.claim and case.bonus_claims.get(item.id) != row.claim:
            fields = {"do": "claim-bonus", "item": f"{item.id}-claimed", "title": row.name}
            yield (
                row.place(table.file),
                {**fields, "points": f"{row.claim:f}", "evidence": [str(table.file)]},
            )
    complete = all(indicator in claims for indicator in table.rubric.by_id)
    if case.stage == "open" and table.said.submit and complete:
        yield _submission(table)


def _submission(table: UnderstoodTable) -> PlacedFields:
    fields: Fields = {"do": "submit-self-evaluation"}
    total = last_total(table)
    if total is None or total.claim is None:
        return Text(str(table.file), str(table.file)), fields
    fields["printed_total"] = f"{total.claim:f}"
    grades = [band for band in table.rubric.grades if f"({band})" in total.words]
    if len(grades) == 1:
        fields["printed_grade"] = grades[0]
    return Text(total.place, total.place), fields


def last_total(table: UnderstoodTable) -> PrintedTotal | None:
    """The total of all rows that the table prints; `None` where it prints none."""
    totals = totals_of(table)
    return totals[-1] if totals else None


def totals_of(table: UnderstoodTable) -> list[PrintedTotal]:
    """The totals that the table prints, next to what its rows add up to with its figures."""
    case, own = table.point.case, table.side == "self-evaluation"
    claimed = with_stated(case.figures, table.figures if own else ())
    in_force = {**case.figures, **case.restated}
    awarded = with_stated(in_force, () if own else table.figures)
    return printed_totals(table.tables, table.rows, table.rubric, claimed, awarded)


def _place(table: UnderstoodTable, figure: TableFigure) -> Text:
    return place(table.file, figure.row.sheet, figure.cell.ref)


def _figure(table: UnderstoodTable, figure: TableFigure) -> Fields:
    return figure.fields(f"{table.table.name} {figure.row.sheet}!{figure.cell.ref}")


# What the reviewer says --------------------------------------------------------------------------


def _review(table: UnderstoodTable) -> Iterator[PlacedFields]:
    point, rubric, sheet = table.point, table.rubric, score_sheet(table.point)
    assert sheet  # noqa: S101 - a rubric is pinned, so there is a sheet
    rows = {row.id: row for row in sheet.indicators}
    known = {**point.case.figures, **point.case.restated}
    reasons = {means: row.reason for row, means in table.indicators}
    for figure in table.figures:
        if figure.is_new(known):
            fields = {"do": "restate-figure", "figure": _figure(table, figure)}
            yield _place(table, figure), {**fields, "reason": reasons[figure.indicator]}
    printed = _printed_reasons(table)
    for row, means in table.indicators:
        where, current = row.place(table.file), rows[means]
        claim = point.case.claims_restated.get(means, current.claim)
        if row.claim is not None and row.claim != claim:
            fields = {"do": "restate-claim", "indicator": means, "score": f"{row.claim:f}"}
            yield where, {**fields, "reason": RESTATED}
        if row.award is None:
            continue
        if row.award == current.award:
            if row.reason and _plain(row.reason) not in printed(means):
                fields = {"do": "amend-reason", "indicator": means, "reason": AMENDED}
                yield where, {**fields, "justification": row.reason}
        else:
            by_rule = rubric.rule_result(rubric.by_id[means], point.case.figures_in_force)
            proof = {"indicator": means, "evidence": [str(table.file)]}
            words = _words(row.reason, allowed=by_rule.allows(row.award))
            yield where, {**_award(row.award, current.claim), **proof, **words}


def _printed_reasons(table: UnderstoodTable) -> Callable[[IndicatorId], set[str]]:
    """The reason of a row's award, alone and as our own score table prints it with what adds to it.

    A table with nothing else has nothing to amend.
    """
    point = table.point
    made_from = source(point, point.history[-1].dated)
    tables = [printed_reasons(made_from, say) for say in (speaker("zh"), speaker("en"))]

    def printed(means: IndicatorId) -> set[str]:
        alone = point.case.in_force[means].justification
        return {_plain(alone), *(_plain("".join(one.get(means, ()))) for one in tables)}

    return printed


def _plain(text: str) -> str:
    return "".join(text.split())


def _award(award: Decimal, claim: Decimal | None) -> Fields:
    if award == claim:
        return {"do": "confirm-score"}
    return {"do": "adjust-score", "award": f"{award:f}"}


def _words(reason: str, *, allowed: bool) -> Fields:
    """The printed reason, also as the ground if the rule does not allow the award."""
    if not reason:
        return {}
    return {"justification": reason} if allowed else {"justification": reason, "ground": reason}
