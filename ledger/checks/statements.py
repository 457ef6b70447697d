"""The cross-checks between words that the rubric declares: what a document says and what it does.

Verdicts on rows, one fact in several rows, printed names, repeated targets, whom a bonus is from.
"""

from collections.abc import Iterator

from ledger.checks.case_file import CaseFile, StatedFigure, sources, versions
from ledger.checks.declared import clause_of, seen
from ledger.checks.discrepancy import (
    Discrepancy,
    Held,
    NotJudged,
    Outcome,
    Severity,
    joined,
    row_name,
    shown,
)
from ledger.cross_checks import (
    BonusIssuerCheck,
    PartyNameCheck,
    PrintedActualCheck,
    SameFactCheck,
    StatedVerdictCheck,
)
from ledger.events import BonusClaimed, BonusRecognised, CaseOpened, ReviewCommissioned
from ledger.language import Text
from ledger.rubric import Indicator
from ledger.rules.rule import Figures
from ledger.values import Figure, IndicatorId


def said_in_order(case_file: CaseFile) -> Iterator[Outcome]:
    """A document that calls a row in order has figures by which the rule gives it full marks."""
    for cross_check in case_file.rubric.cross_checks:
        if not isinstance(cross_check, StatedVerdictCheck) or cross_check.says != "in-order":
            continue
        row = case_file.rubric.by_id[cross_check.indicator]
        award, claim = case_file.case.awards.get(row.id), case_file.case.claims.get(row.id)
        wrong, data = [], []
        for view in case_file.views:
            said = view.data.get(cross_check.figure)
            result = case_file.rule(row) if view.reviewed else case_file.rule_as_submitted(row)
            if said is None or cross_check.figure not in view.own or not _affirmed(said.figure):
                continue
            if result.highest == row.weight:
                yield _agreed(cross_check, row, decided=result.score is not None)
                continue
            given = (award.score if award else None) if view.reviewed else claim
            who = Text("核查", "awarded") if view.reviewed else Text("自评", "claimed")
            by_rule = Text(
                f"按{who.zh}数据标准得分 {shown(result).zh}", f"rule result {shown(result).en}"
            )
            if given is not None:
                by_rule = Text(
                    f"{by_rule.zh}，{who.zh}得分 {given}", f"{by_rule.en}, {given} {who.en}"
                )
            wrong.append(by_rule)
            data += [said, *(view.data[id_] for id_ in result.figures if id_ in view.data)]
        if not wrong:
            continue
        told = joined(wrong)
        message = Text(
            f"{cross_check.name}，而{row_name(row).zh}：{told.zh}",
            f"{cross_check.figure} calls {row.id} in order: {told.en}",
        )
        places = (*sources(*data), *clause_of(cross_check))
        yield Discrepancy("error", message, row.id, versions(*data), places)


def _agreed(cross_check: StatedVerdictCheck, row: Indicator, *, decided: bool) -> Outcome:
    """A verdict that the figures confirm, or that they cannot judge because they are missing."""
    if decided:
        return Held(Text(cross_check.name, cross_check.figure), row.id)
    return NotJudged(
        Text(
            f"{cross_check.name}：{row_name(row).zh}缺少数据，是否如此未判断",
            f"{cross_check.figure}: figures of {row.id} are missing; whether it is so was not"
            " judged",
        ),
        row.id,
    )


def said_at_fault(case_file: CaseFile) -> Iterator[Outcome]:
    """A row that a document itself calls at fault does not get full marks."""
    for cross_check, view in seen(case_file, StatedVerdictCheck):
        said = view.data.get(cross_check.figure)
        if cross_check.says != "at-fault" or said is None or not _affirmed(said.figure):
            continue
        row = case_file.rubric.by_id[cross_check.indicator]
        award, claim = case_file.case.awards.get(row.id), case_file.case.claims.get(row.id)
        given = (award.score if award else None) if view.reviewed else claim
        if given is None:
            continue
        who = Text("核查", "awarded") if view.reviewed else Text("自评", "claimed")
        if given != row.weight:
            held = Text(f"{cross_check.name}（{who.zh}）", f"{cross_check.figure} ({who.en})")
            yield Held(held, row.id)
            continue
        message = Text(
            f"{cross_check.name}（{said.figure.name}：{said.figure.value}），"
            f"{row_name(row).zh}{who.zh}得满分 {case_file.full(row)}",
            f"{cross_check.figure} admits a problem with {row.id} ({said.figure.value}); full marks"
            f" of {case_file.full(row)} {who.en}",
        )
        events = versions(said)
        if award and view.reviewed:
            events = (*events, award.version)
        yield Discrepancy("warning", message, row.id, events, (*sources(said), row.clause))


def _affirmed(figure: Figure) -> bool:
    """Whether a figure says that it is so."""
    if figure.number is not None:
        return figure.number > 0
    return figure.met if figure.met is not None else figure.value is not None


def fact_treated_twice(case_file: CaseFile) -> Iterator[Outcome]:
    """One fact is not held against a unit in one row and counted in full in another."""
    for cross_check in case_file.rubric.cross_checks:
        if (
            not isinstance(cross_check, SameFactCheck)
            or cross_check.figure not in case_file.in_force
        ):
            continue
        datum = case_file.in_force[cross_check.figure]
        held = [
            row for row in cross_check.indicators if _held_against(case_file, row, datum.figure)
        ]
        counted = [row for row in cross_check.indicators if row not in held]
        if not held or not counted:
            yield Held(Text(cross_check.name, cross_check.figure))
            continue
        awards = [case_file.case.awards.get(row) for row in (*held, *counted)]
        if not all(awards):
            continue
        rows = [case_file.rubric.by_id[row] for row in (*held, *counted)]
        cut = "、".join(
            f"{row_name(row).zh}（{award.score}/{case_file.full(row)}）"
            for row, award in zip(rows, awards, strict=True)
            if award and row.id in held
        )
        full = "、".join(row_name(row).zh for row in rows if row.id in counted)
        message = Text(
            f"{cross_check.name}（{datum.figure.name}）：{cut}因此失分，{full}但计满分",
            f"{cross_check.figure} costs points in {', '.join(held)} and counts in full in"
            f" {', '.join(counted)}",
        )
        events = {*versions(datum), *(award.version for award in awards if award)}
        places = (*sources(datum), *clause_of(cross_check))
        yield Discrepancy("warning", message, held[0], tuple(sorted(events)), places)


def _held_against(case_file: CaseFile, indicator: IndicatorId, figure: Figure) -> bool:
    """Whether a row loses points by the figure, or at all where its rule does not read it."""
    row = case_file.rubric.by_id[indicator]
    if figure.indicator == indicator:
        alone = case_file.rubric.rule_result(row, Figures([figure]))
        return alone.score is not None and alone.score < row.weight
    award = case_file.case.awards.get(indicator)
    return award is not None and award.score < row.weight


def party_misnamed(case_file: CaseFile) -> Iterator[Outcome]:
    """A printed party is the party that the record names."""
    opened = dict(case_file.of(CaseOpened))
    commissioned = dict(case_file.of(ReviewCommissioned))
    for cross_check, view in seen(case_file, PartyNameCheck):
        datum = view.data.get(cross_check.figure)
        if datum is None or cross_check.figure not in view.own or datum.figure.value is None:
            continue
        names = {
            "unit": {version: one.unit_name for version, one in opened.items()},
            "bureau": {version: one.bureau_name for version, one in opened.items()},
            "agency": {version: one.agency_name for version, one in commissioned.items()},
        }
        recorded = names[cross_check.party]
        if not recorded:
            continue
        if datum.figure.value in recorded.values():
            yield Held(Text(cross_check.name, cross_check.figure))
            continue
        version, name = list(recorded.items())[-1]
        unit = datum.figure.value in names["unit"].values()
        message = Text(
            f"{cross_check.name}为“{datum.figure.value}”，本事项记录为“{name}”"
            + ("；所印的是被评价单位" if unit else ""),
            f"{cross_check.figure} prints '{datum.figure.value}' as the {cross_check.party}, the"
            f" record has '{name}'"
            + ("; what is printed is the unit under review" if unit else ""),
        )
        events = tuple(sorted((version, datum.version)))
        severity: Severity = "note" if unit else "warning"
        yield Discrepancy(cross_check.severity or severity, message, None, events, sources(datum))


def printed_actual_repeats_target(case_file: CaseFile) -> Iterator[Outcome]:
    """What a document prints as done is not the words of the target."""
    repeated: dict[IndicatorId, list[tuple[StatedFigure, StatedFigure]]] = {}
    for cross_check, view in seen(case_file, PrintedActualCheck):
        datum, goal = view.data.get(cross_check.figure), view.data.get(cross_check.goal)
        if datum is None or goal is None or cross_check.figure not in view.own:
            continue
        if not goal.figure.target:
            continue
        if datum.figure.value == goal.figure.target.value:
            repeated.setdefault(goal.figure.indicator, []).append((datum, goal))
        else:
            yield Held(Text(f"“{goal.figure.name}”", goal.figure.id), goal.figure.indicator)
    for indicator, pairs in repeated.items():
        row = row_name(case_file.rubric.by_id[indicator])
        told = Text(
            "、".join(f"“{goal.figure.name}”印作“{datum.figure.value}”" for datum, goal in pairs),
            ", ".join(f"{goal.figure.id} '{datum.figure.value}'" for datum, goal in pairs),
        )
        message = Text(
            f"{row.zh}：所印完成情况照抄目标值，没有事实：{told.zh}",
            f"{row.en}: the printed actual repeats the target word for word: {told.en}",
        )
        data = [datum for pair in pairs for datum in pair]
        yield Discrepancy("warning", message, indicator, versions(*data), sources(*data))


def bonus_off_the_standard(case_file: CaseFile) -> Iterator[Outcome]:
    """A bonus item that counts comes from an issuer the standard names and is the unit's own."""
    extra = case_file.rubric.bonus
    recognised = {event.item: version for version, event in case_file.of(BonusRecognised)}
    tests = [
        cross_check
        for cross_check in case_file.rubric.cross_checks
        if isinstance(cross_check, BonusIssuerCheck)
    ]
    for version, claim in case_file.of(BonusClaimed):
        points = case_file.case.bonus.get(claim.item, claim.points)
        if not points or extra is None or not tests:
            continue
        doubts = joined(doubt for test in tests for doubt in _doubts(test, claim))
        if not doubts.zh:
            yield Held(Text(f"加分“{claim.title}”", f"bonus '{claim.title}'"))
            continue
        at = recognised.get(claim.item)
        others = {item: one for item, one in case_file.case.bonus.items() if item != claim.item}
        without = case_file.awarded(bonus=others).total
        effect = (
            Text(f"；不计这一项，总分为 {without}", f"; without it the total would be {without}")
            if at
            else Text("", "")
        )
        message = Text(
            f"加分“{claim.title}”：{doubts.zh}{effect.zh}",
            f"bonus '{claim.title}' {doubts.en}{effect.en}",
        )
        clauses = [clause for test in tests for clause in clause_of(test)]
        reason = case_file.case.reasons.get(("bonus", claim.item)) if at else None
        cited = case_file.cited_now(at, reason) if at and reason else case_file.cited(version)
        places = (*cited, *clauses)
        events = (version, at) if at else (version,)
        yield Discrepancy("warning", message, extra.id, events, places)


def _doubts(test: BonusIssuerCheck, claim: BonusClaimed) -> Iterator[Text]:
    if test.issuers and not any(word in claim.issuer for word in test.issuers):
        yield Text(
            f"由“{claim.issuer}”作出，不在标准所列机关之内",
            f"comes from '{claim.issuer}', which the standard does not name",
        )
    if any(word in claim.title for word in test.persons):
        yield Text("表彰的是个人，不是单位", "honours persons, not the unit")
