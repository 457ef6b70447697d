"""Claims, awards, rules and totals against one another."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import gcd

from ledger.case import fold
from ledger.case_totals import awarded_totals
from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy, Severity, shown, signed
from ledger.events import (
    ClaimRestated,
    FindingRaised,
    ResultIssued,
    ScoreClaimed,
    SelfEvaluationSubmitted,
)
from ledger.language import Text, counted
from ledger.rubric import Indicator, Totals
from ledger.rules.deduction import Deductions, ThresholdDeduction
from ledger.rules.score_range import ExactRule, format_fraction
from ledger.values import IndicatorId


def printed_totals(papers: CaseFile) -> Iterator[Discrepancy]:
    """A printed sum, bonus, total or grade is what the rows give."""
    for version, event in papers.of(SelfEvaluationSubmitted)[-1:]:
        totals = papers.claimed()
        printed = (event.printed_base, event.printed_bonus, event.printed_total)
        yield from _printed(version, totals, printed, event.printed_grade, "")
    for version, issued in papers.of(ResultIssued)[-1:]:
        case = fold(recorded for recorded in papers.history if recorded.version <= version)
        totals = awarded_totals(case, papers.rubric)
        printed = (None, None, issued.printed_total)
        yield from _printed(version, totals, printed, issued.printed_grade, issued.difference)


def _printed(
    version: int, totals: Totals, printed: tuple[Decimal | None, ...], grade: str, why: str
) -> Iterator[Discrepancy]:
    """What differs; a difference that the document explains is no contradiction any more."""
    severity: Severity = "warning" if why else "error"
    reason = Text(f"；文件说明：{why}", f"; explained: {why}") if why else Text("", "")
    names = (("各行合计", "sum of rows"), ("加分", "bonus"), ("总分", "total"))
    computed = (totals.base, totals.bonus, totals.total)
    for (zh, en), said, adds_up in zip(names, printed, computed, strict=True):
        if said is not None and said != adds_up:
            message = Text(
                f"文件所列{zh} {said}，按各行算是 {adds_up}，相差 {signed(said - adds_up)}"
                f"{reason.zh}",
                f"the document prints {said} as its {en}; the rows give {adds_up}:"
                f" {signed(said - adds_up)}{reason.en}",
            )
            yield Discrepancy(severity, message, events=(version,))
    if grade and not totals.pending and grade != totals.grade:
        message = Text(
            f"文件所列等级“{grade}”，而 {totals.total} 分"
            + (f"属于“{totals.grade}”" if totals.grade else "不在任何一个等级之内")
            + reason.zh,
            f"the document prints the grade “{grade}”, but {totals.total} "
            + (f"is “{totals.grade}”" if totals.grade else "lies in no band")
            + reason.en,
        )
        yield Discrepancy(severity, message, events=(version,))


def claim_above_rule(papers: CaseFile) -> Iterator[Discrepancy]:
    """A claim is no more than the rule gives from the unit's own figures."""
    versions = {event.indicator: version for version, event in papers.of(ScoreClaimed)}
    for row, claim in papers.claims():
        result = papers.rule_as_submitted(row)
        if claim <= result.highest:
            continue
        total = papers.claimed({row.id: result.highest}).total
        message = Text(
            f"“{row.path[-1]}”自评 {claim}，按自己填报的数至多得 {result.highest}，多"
            f" {claim - result.highest}；自评总分应至多为 {total}",
            f"{row.id}: {claim} is claimed, its own figures give at most {result.highest}:"
            f" {signed(claim - result.highest)}; the claimed total would be at most {total}",
        )
        version = versions[row.id]
        yield Discrepancy(
            "warning", message, row.id, (version,), (row.clause, *papers.cited(version))
        )


def award_off_the_rule(papers: CaseFile) -> Iterator[Discrepancy]:
    """An award is what the rule gives; where it is not, people decided, and this is how much."""
    for row, award in papers.awards():
        result = papers.rule(row)
        if result.allows(award.score):
            continue
        nearest = result.lowest if award.score < result.lowest else result.highest
        total = papers.awarded({row.id: nearest}).total
        gap = signed(award.score - nearest)
        message = Text(
            f"“{row.path[-1]}”按标准得 {shown(result)}，核查给 {award.score}：{gap}；"
            f"按标准总分为 {total}",
            f"{row.id}: by the rule {shown(result)}, awarded {award.score}: {gap};"
            f" by the rule the total would be {total}",
        )
        documents = (row.clause, *papers.cited(award.version))
        yield Discrepancy("warning", message, row.id, (award.version,), documents)


def award_without_clause(papers: CaseFile) -> Iterator[Discrepancy]:
    """An award that moves a score, or is not the rule's, names the clause it stands on."""
    for row, award in papers.awards():
        result = papers.rule(row)
        claim = papers.case.claims.get(row.id)
        moved = claim is not None and claim != award.score
        free = not result.allows(award.score)
        event = papers.by_version[award.version].event
        if not (moved or free) or getattr(event, "clause", "").strip():
            continue
        ground = bool(getattr(event, "ground", "").strip())
        message = Text(
            f"“{row.path[-1]}”由自评 {claim} 到核查 {award.score}，没有写明依据哪一条"
            + ("，只写了酌情的理由" if ground else ""),
            f"{row.id}: from {claim} to {award.score} without a clause"
            + (", on a stated ground only" if ground else ""),
        )
        yield Discrepancy("warning", message, row.id, (award.version,), (row.clause,))


def rule_undecided(papers: CaseFile) -> Iterator[Discrepancy]:
    """A rule has the figures that it needs; full marks without them rest on nothing recorded."""
    for row in papers.rubric.indicators:
        result = papers.rule(row)
        award = papers.case.awards.get(row.id)
        if result.score is not None or not result.missing or row.id in papers.case.excluded:
            continue
        missing = "、".join(result.missing)
        message = Text(
            f"“{row.path[-1]}”缺指标值 {missing}，按标准只知在 {shown(result)} 之间",
            f"{row.id}: the figures {', '.join(result.missing)} are missing; by the rule it is"
            f" somewhere in {shown(result)}",
        )
        full = award is not None and award.score == row.weight
        if full:
            least = papers.awarded({row.id: result.lowest}).total
            message = Text(
                f"{message.zh}，却给了满分 {papers.full(row)}；至少可能使总分为 {least}",
                f"{message.en}, and full marks of {papers.full(row)} were given; the total could"
                f" be as low as {least}",
            )
        events = (award.version,) if award else ()
        yield Discrepancy("warning" if full else "note", message, row.id, events, (row.clause,))


def raised_above_claim(papers: CaseFile) -> Iterator[Discrepancy]:
    """A reviewer who raises a score is shown as openly as one who cuts it."""
    versions = {event.indicator: version for version, event in papers.of(ScoreClaimed)}
    for row, award in papers.awards():
        claim = papers.case.claims.get(row.id)
        if claim is None or award.score <= claim:
            continue
        total = papers.awarded({row.id: claim}).total
        message = Text(
            f"“{row.path[-1]}”由自评 {claim} 上调到 {award.score}：{signed(award.score - claim)}；"
            f"不上调总分为 {total}",
            f"{row.id}: raised from {claim} to {award.score}: {signed(award.score - claim)};"
            f" without that the total would be {total}",
        )
        yield Discrepancy("note", message, row.id, (versions[row.id], award.version))


def total_hides_moves(papers: CaseFile) -> Iterator[Discrepancy]:
    """The move of the total shows the moves of the rows, unless some of them cancel out."""
    claims = papers.case.claims
    moves = [
        (award.version, award.score - claims[row.id])
        for row, award in papers.awards()
        if row.id in claims
    ]
    up = sum((move for _, move in moves if move > 0), Decimal(0))
    down = sum((move for _, move in moves if move < 0), Decimal(0))
    before, after = papers.claimed(), papers.awarded()
    released = before.cap_loss - after.cap_loss
    if not up or not down or after.pending:
        return
    total = signed(after.total - before.total)
    cap = f"，封顶扣减 {signed(released)}" if released else ""
    cap_en = f", released by the cap {signed(released)}" if released else ""
    message = Text(
        f"总分 {before.total} → {after.total}（{total}），其中各行上调 {signed(up)}、下调"
        f" {signed(down)}{cap}；只看总分看不出来",
        f"the total {before.total} → {after.total} ({total}) consists of {signed(up)} up and"
        f" {signed(down)} down{cap_en}; the totals alone hide that",
    )
    yield Discrepancy("note", message, events=tuple(version for version, move in moves if move))


def claim_restated(papers: CaseFile) -> Iterator[Discrepancy]:
    """The self column that a review prints is what the unit claimed, row by row."""
    claims = {event.indicator: (version, event.score) for version, event in papers.of(ScoreClaimed)}
    restated = {event.indicator: (at, event.score) for at, event in papers.of(ClaimRestated)}
    bonus = papers.rubric.bonus
    if bonus and bonus.id in restated:
        claims[bonus.id] = (_submission(papers), papers.claimed().bonus)
    differing = {
        row: (claims[row], restated[row])
        for row in restated
        if row in claims and claims[row][1] != restated[row][1]
    }
    for row, ((version, claim), (at, printed)) in differing.items():
        message = Text(
            f"“{_name(papers, row)}”自评是 {claim}，核查表的自评分一栏印为 {printed}："
            f"{signed(printed - claim)}",
            f"{row}: {claim} was claimed, the review's self column prints {printed}:"
            f" {signed(printed - claim)}",
        )
        yield Discrepancy("warning", message, row, (version, at))
    scores = {row: score for row, (_, score) in {**claims, **restated}.items()}
    items = {bonus.id: scores.pop(bonus.id)} if bonus and bonus.id in scores else None
    table, own = papers.claimed(scores, items).total, papers.claimed().total
    if differing and table == own:
        message = Text(
            f"两个自评起点总分都是 {own}，却有 {len(differing)} 处不同；只比总分看不出来",
            f"both self columns add up to {own} and differ in"
            f" {counted(len(differing), 'place')}; totals hide"
            " that",
        )
        yield Discrepancy("warning", message, events=tuple(at for _, (at, _) in differing.values()))


def _submission(papers: CaseFile) -> int:
    return max((version for version, _ in papers.of(SelfEvaluationSubmitted)), default=0)


def _name(papers: CaseFile, indicator: IndicatorId) -> str:
    row, bonus = papers.rubric.by_id.get(indicator), papers.rubric.bonus
    if row:
        return row.path[-1]
    return bonus.name if bonus and bonus.id == indicator else indicator


def cut_without_finding(papers: CaseFile) -> Iterator[Discrepancy]:
    """Once a review goes out, every row that loses points has a finding that says what is wrong."""
    if papers.case.stage not in {"draft", "issued", "closed"}:
        return
    raised = papers.of(FindingRaised)
    named = {row for _, event in raised for row in event.indicators}
    cut = [(row, award) for row, award in papers.awards() if award.score < row.weight]
    for row, award in cut:
        if row.id in named:
            continue
        lost = row.weight - award.score
        message = Text(
            f"“{row.path[-1]}”失 {lost} 分，没有列入问题；失分共 {len(cut)} 行，问题共"
            f" {len(raised)} 个",
            f"{row.id} loses {lost} and no finding names it; {counted(len(cut), 'row')}"
            " with a deduction, but"
            f" {counted(len(raised), 'finding')}",
        )
        events = (award.version, *(version for version, _ in raised))
        yield Discrepancy("warning", message, row.id, events)


def cut_off_the_steps(papers: CaseFile) -> Iterator[Discrepancy]:
    """A deduction is a whole number of the standard's steps, and there were as many incidents."""
    for row, award in papers.awards():
        steps = _steps(row)
        result = papers.rule(row)
        if not steps or result.allows(award.score):
            continue
        lost, step = Fraction(row.weight - award.score), min(steps)
        if (lost / _common(steps)).denominator != 1:
            zh = f"扣 {format_fraction(lost)} 分，不是每次 {format_fraction(step)} 分的整倍数"
            en = f"loses {format_fraction(lost)}, which is no multiple of {format_fraction(step)}"
        else:
            counted = Fraction(row.weight - result.highest) / step
            zh = (
                f"扣 {format_fraction(lost)} 分，相当于每次 {format_fraction(step)} 分的"
                f" {format_fraction(lost / step)} 次；指标值只记 {format_fraction(counted)} 次"
            )
            en = (
                f"loses {format_fraction(lost)}, that is {format_fraction(lost / step)} times"
                f" {format_fraction(step)};"
                f" the figures show {format_fraction(counted)}"
            )
        message = Text(f"“{row.path[-1]}”{zh}", f"{row.id} {en}")
        documents = (row.clause, *papers.cited(award.version))
        yield Discrepancy("warning", message, row.id, (award.version,), documents)


def _steps(row: Indicator) -> list[Fraction]:
    """The points that single incidents cost, on the scale of the row."""
    rule: ExactRule = row.rule
    match rule:
        case Deductions(deductions=deductions, out_of=out_of):
            points = [deduction.points for deduction in deductions]
        case ThresholdDeduction(points=each, out_of=out_of):
            points = [each]
        case _:
            return []
    scaled = [Fraction(each) * Fraction(row.weight) / Fraction(out_of) for each in points]
    return [step for step in scaled if step]


def _common(steps: list[Fraction]) -> Fraction:
    """The largest number that all steps are multiples of."""
    found = Fraction(0)
    for step in steps:
        below = found.denominator * step.denominator
        found = Fraction(
            gcd(found.numerator * step.denominator, step.numerator * found.denominator), below
        )
    return found


def evidence_cut_once(papers: CaseFile) -> Iterator[Discrepancy]:
    """One file that costs a row more than its rule does is not spotless evidence for another."""
    cut: dict[str, list[tuple[Indicator, int]]] = {}
    full: dict[str, list[tuple[Indicator, int]]] = {}
    for row, award in papers.awards():
        event = papers.by_version[award.version].event
        for sha256 in getattr(event, "evidence", ()):
            if award.score < papers.rule(row).lowest:
                cut.setdefault(sha256, []).append((row, award.version))
            elif award.score == row.weight:
                full.setdefault(sha256, []).append((row, award.version))
    for sha256, losers in cut.items():
        for loser, at in losers:
            for winner, version in full.get(sha256, []):
                file = papers.case.evidence.get(sha256)
                title = file.title if file else sha256
                message = Text(
                    f"同一份材料《{title}》使“{loser.path[-1]}”被扣分，“{winner.path[-1]}”却据以满分",
                    f"one file, {title}, costs {loser.id} points and earns {winner.id} full marks",
                )
                yield Discrepancy(
                    "warning", message, loser.id, tuple(sorted((at, version))), (title,)
                )
