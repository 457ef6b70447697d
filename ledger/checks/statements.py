"""The identities between words that the rubric declares: what a document says against what it does.

Verdicts on rows, one fact in several rows, printed names, repeated targets, whom a bonus is from.
"""

from collections.abc import Iterator

from ledger.checks.case_file import CaseFile, sources, versions
from ledger.checks.declared import clause_of, seen
from ledger.checks.discrepancy import Discrepancy, listed, shown
from ledger.cross_checks import (
    BonusIssuerCheck,
    PartyNameCheck,
    PrintedActualCheck,
    SameFactCheck,
    StatedVerdictCheck,
)
from ledger.events import BonusClaimed, BonusRecognised, CaseOpened, ReviewCommissioned
from ledger.language import Text
from ledger.rules.rule import Figures
from ledger.values import Figure, IndicatorId


def said_in_order(papers: CaseFile) -> Iterator[Discrepancy]:
    """A document that calls a row in order has figures by which the rule gives it full marks."""
    for identity, view in seen(papers, StatedVerdictCheck):
        said = view.data.get(identity.figure)
        if identity.says != "in-order" or identity.figure not in view.own or said is None:
            continue
        row = papers.rubric.by_id[identity.indicator]
        result = papers.rule(row) if view.reviewed else papers.rule_as_submitted(row)
        if not _affirmed(said.figure) or result.highest == row.weight:
            continue
        award = papers.case.awards.get(row.id)
        given = papers.case.claims.get(row.id)
        given = award.score if award and view.reviewed else given
        message = Text(
            f"{identity.name}，而照所列的数“{row.path[-1]}”按标准得 {shown(result)}"
            f"（给了 {given}）",
            f"{identity.figure} calls {row.id} in order; by the figures the rule gives"
            f" {shown(result)} ({given} was given)",
        )
        read = [view.data[id_] for id_ in result.figures if id_ in view.data]
        places = (*sources(said, *read), *clause_of(identity))
        yield Discrepancy("error", message, row.id, versions(said, *read), places)


def said_at_fault(papers: CaseFile) -> Iterator[Discrepancy]:
    """A row that a document itself calls at fault does not get full marks."""
    for identity, view in seen(papers, StatedVerdictCheck):
        said = view.data.get(identity.figure)
        if identity.says != "at-fault" or said is None or not _affirmed(said.figure):
            continue
        row = papers.rubric.by_id[identity.indicator]
        award, claim = papers.case.awards.get(row.id), papers.case.claims.get(row.id)
        given = (award.score if award else None) if view.reviewed else claim
        if given != row.weight:
            continue
        who = Text("核查给", "the review gives") if view.reviewed else Text("自评给", "it claims")
        message = Text(
            f"{identity.name}（{said.figure.name}：{said.figure.value}），"
            f"“{row.path[-1]}”{who.zh}满分 {papers.full(row)}",
            f"{identity.figure} says that {row.id} is at fault ({said.figure.value}), and"
            f" {who.en} full marks of {papers.full(row)}",
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


def fact_treated_twice(papers: CaseFile) -> Iterator[Discrepancy]:
    """One fact is not held against a unit in one row and counted in full in another."""
    for identity in papers.rubric.identities:
        if not isinstance(identity, SameFactCheck) or identity.figure not in papers.in_force:
            continue
        datum = papers.in_force[identity.figure]
        held = [row for row in identity.indicators if _held_against(papers, row, datum.figure)]
        counted = [row for row in identity.indicators if row not in held]
        if not held or not counted:
            continue
        awards = [papers.case.awards.get(row) for row in (*held, *counted)]
        if not all(awards):
            continue
        rows = [papers.rubric.by_id[row] for row in (*held, *counted)]
        cut = listed(
            f"“{row.path[-1]}”（{award.score}/{papers.full(row)}）"
            for row, award in zip(rows, awards, strict=True)
            if award and row.id in held
        )
        full = listed(f"“{row.path[-1]}”" for row in rows if row.id in counted)
        message = Text(
            f"{identity.name}（{datum.figure.name}）：{cut.zh}因此失分，{full.zh}却计满",
            f"{identity.figure} costs points in {', '.join(held)} and counts in full in"
            f" {', '.join(counted)}",
        )
        events = {*versions(datum), *(award.version for award in awards if award)}
        places = (*sources(datum), *clause_of(identity))
        yield Discrepancy("warning", message, held[0], tuple(sorted(events)), places)


def _held_against(papers: CaseFile, indicator: IndicatorId, figure: Figure) -> bool:
    """Whether a row loses points by the figure, or at all where its rule does not read it."""
    row = papers.rubric.by_id[indicator]
    if figure.indicator == indicator:
        alone = papers.rubric.rule_result(row, Figures([figure]))
        return alone.score is not None and alone.score < row.weight
    award = papers.case.awards.get(indicator)
    return award is not None and award.score < row.weight


def party_misnamed(papers: CaseFile) -> Iterator[Discrepancy]:
    """A printed party is the party that the record names."""
    opened = dict(papers.of(CaseOpened))
    commissioned = dict(papers.of(ReviewCommissioned))
    for identity, view in seen(papers, PartyNameCheck):
        datum = view.data.get(identity.figure)
        if datum is None or identity.figure not in view.own or datum.figure.value is None:
            continue
        names = {
            "unit": {version: one.unit_name for version, one in opened.items()},
            "bureau": {version: one.bureau_name for version, one in opened.items()},
            "agency": {version: one.agency_name for version, one in commissioned.items()},
        }
        recorded = names[identity.party]
        if not recorded or datum.figure.value in recorded.values():
            continue
        version, name = list(recorded.items())[-1]
        unit = datum.figure.value in names["unit"].values()
        message = Text(
            f"{identity.name}是“{datum.figure.value}”，立项记录是“{name}”"
            + ("；所印的正是被评价单位" if unit else ""),
            f"{identity.figure} prints “{datum.figure.value}” as the {identity.party}, the record"
            f" has “{name}”" + ("; what is printed is the reviewed unit" if unit else ""),
        )
        events = tuple(sorted((version, datum.version)))
        yield Discrepancy("error", message, None, events, sources(datum))


def printed_actual_repeats_target(papers: CaseFile) -> Iterator[Discrepancy]:
    """What a document prints as done is not the words of the target."""
    for identity, view in seen(papers, PrintedActualCheck):
        datum, goal = view.data.get(identity.figure), view.data.get(identity.goal)
        if datum is None or goal is None or identity.figure not in view.own:
            continue
        if not goal.figure.target or datum.figure.value != goal.figure.target.value:
            continue
        message = Text(
            f"{identity.name}印作“{datum.figure.value}”，与目标一字不差，没有事实",
            f"{identity.figure}: “{datum.figure.value}” is printed as the actual and is the target"
            " word for word",
        )
        data = (datum, goal)
        yield Discrepancy(
            "warning", message, goal.figure.indicator, versions(*data), sources(*data)
        )


def bonus_off_the_standard(papers: CaseFile) -> Iterator[Discrepancy]:
    """A bonus item that counts comes from an issuer the standard names and is the unit's own."""
    extra = papers.rubric.bonus
    recognised = {event.item: version for version, event in papers.of(BonusRecognised)}
    tests = [
        identity for identity in papers.rubric.identities if isinstance(identity, BonusIssuerCheck)
    ]
    for version, claim in papers.of(BonusClaimed):
        points = papers.case.bonus.get(claim.item, claim.points)
        if not points or extra is None:
            continue
        others = {item: one for item, one in papers.case.bonus.items() if item != claim.item}
        without = papers.awarded(bonus=others).total
        at = recognised.get(claim.item)
        for test in tests:
            for why in _doubts(test, claim):
                would = Text(
                    f"；不计这一项，总分为 {without}", f"; without it the total would be {without}"
                )
                effect = would if at else Text("", "")
                message = Text(
                    f"加分“{claim.title}”{why.zh}{effect.zh}",
                    f"the bonus “{claim.title}” {why.en}{effect.en}",
                )
                places = (*papers.cited(at or version), *clause_of(test))
                yield Discrepancy(
                    "warning", message, extra.id, (version, at) if at else (version,), places
                )


def _doubts(test: BonusIssuerCheck, claim: BonusClaimed) -> Iterator[Text]:
    if test.issuers and not any(word in claim.issuer for word in test.issuers):
        yield Text(
            f"由“{claim.issuer}”作出，不在标准所说的机关之内",
            f"comes from “{claim.issuer}”, whom the standard does not name",
        )
    if any(word in claim.title for word in test.persons):
        yield Text("表彰的是个人，不是单位", "honours persons, not the unit")
