"""Claims, awards, rules and totals against one another."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import Final

from ledger.case import Award
from ledger.checks.case_file import CaseFile, sources, versions
from ledger.checks.discrepancy import (
    Discrepancy,
    Held,
    NotJudged,
    Outcome,
    Severity,
    row_name,
    row_names,
    shown,
    signed,
)
from ledger.events import (
    ClaimRestated,
    FindingRaised,
    ScoreClaimed,
    SelfEvaluationSubmitted,
)
from ledger.language import Text, counted, listing
from ledger.rubric import Indicator, Totals
from ledger.rules.deduction import Deductions, ThresholdDeduction
from ledger.rules.score_range import ExactRule, format_fraction
from ledger.standard_totals import OffTheRule
from ledger.values import IndicatorId

SEVERAL: Final = 2
"""Rows: the effect of one of them on the total is reported with it."""


def graded(totals: Totals) -> Text:
    """A total with its grade, where it has one: `88.64（良）`."""
    return _with_grade(totals.total, totals.grade)


# Claims against rules ----------------------------------------------------------------------------


def claim_above_rule(case_file: CaseFile) -> Iterator[Outcome]:
    """A claim is no more than the rule gives from the unit's own figures.

    Where the review has already awarded no more than that, the row is settled; the sum of all of
    them is `claimed_total_by_standard`.
    """
    claimed_at = {event.indicator: version for version, event in case_file.of(ScoreClaimed)}
    for row, claim in case_file.claims():
        result = case_file.rule_as_submitted(row)
        if claim <= result.highest:
            yield Held(row_name(row), row.id)
            continue
        award = case_file.case.awards.get(row.id)
        if row.id in case_file.case.excluded or (award and award.score <= result.highest):
            continue
        name = row_name(row)
        alone = graded(case_file.claimed({row.id: result.highest}))
        message = Text(
            f"{name.zh}：自评得分 {claim}，按自评所填数据至多得 {result.highest}"
            f"（{signed(claim - result.highest)}）；仅此项按标准计，自评总分为 {alone.zh}",
            f"{name.en}: claimed {claim}, the unit's own figures give at most {result.highest}"
            f" ({signed(claim - result.highest)}); with this row alone by the rule the claimed"
            f" total is {alone.en}",
        )
        version = claimed_at[row.id]
        data = case_file.read_as_submitted(row)
        places = (row.clause, *case_file.cited(version), *sources(*data))
        yield Discrepancy(
            "warning", message, row.id, tuple(sorted({version, *versions(*data)})), places
        )


def claim_below_rule(case_file: CaseFile) -> Iterator[Outcome]:
    """A claim is no less than the rule gives from the unit's own figures."""
    claimed_at = {event.indicator: version for version, event in case_file.of(ScoreClaimed)}
    for row, claim in case_file.claims():
        result = case_file.rule_as_submitted(row)
        award = case_file.case.awards.get(row.id)
        if claim >= result.lowest or row.id in case_file.case.excluded:
            continue
        if award and award.score >= result.lowest:
            continue  # the review has given what the unit did not claim
        name = row_name(row)
        message = Text(
            f"{name.zh}：自评得分 {claim}，按自评所填数据至少得 {result.lowest}"
            f"（{signed(claim - result.lowest)}）",
            f"{name.en}: claimed {claim}, the unit's own figures give at least {result.lowest}"
            f" ({signed(claim - result.lowest)})",
        )
        version = claimed_at[row.id]
        yield Discrepancy(
            "note", message, row.id, (version,), (row.clause, *case_file.cited(version))
        )


def claimed_total_by_standard(case_file: CaseFile) -> Iterator[Outcome]:
    """The claims together are what the unit's own figures give, and so is their grade."""
    if not case_file.case.submitted:
        return
    together = case_file.claims_by_standard
    if together.given is None or together.nearest is None:
        return
    off = together.off
    if not off:
        yield Held(Text(f"自评总分 {together.given}", f"claimed total {together.given}"))
    if len(off) < SEVERAL or together.nearest == together.given:
        return
    rows = _moved(case_file, off)
    given = _with_grade(together.given, together.grade_given)
    nearest = _with_grade(together.nearest, together.grade_nearest)
    message = Text(
        f"自评总分 {given.zh}；与自评所填数据按标准所得不符的 {len(off)} 项一并按标准计，总分为"
        f" {nearest.zh}：{rows.zh}",
        f"claimed total {given.en}; with the {counted(len(off), 'claim')} that the unit's own"
        f" figures do not give set to what they do, {nearest.en}: {rows.en}",
    )
    claimed_at = {event.indicator: version for version, event in case_file.of(ScoreClaimed)}
    awards = case_file.case.awards
    settled = all(
        row.indicator in awards and awards[row.indicator].score <= row.nearest for row in off
    )
    severity: Severity = "note" if settled else "warning"
    events = tuple(sorted(claimed_at[row.indicator] for row in off))
    yield Discrepancy(severity, message, events=events)


def _with_grade(total: Decimal, grade: str | None) -> Text:
    """A total with its grade, where it has one: `88.64（良）`."""
    return (
        Text(f"{total}（{grade}）", f"{total} ({grade})") if grade else Text(f"{total}", f"{total}")
    )


def _moved(case_file: CaseFile, off: Sequence[OffTheRule]) -> Text:
    """The rows with what they have and what the rule gives: `16.00→10.75`."""
    named = case_file.rubric.by_id
    return Text(
        "、".join(f"{row_name(named[row.indicator]).zh}{row.score}→{row.nearest}" for row in off),
        ", ".join(f"{row.indicator} {row.score} → {row.nearest}" for row in off),
    )


# Awards against rules ----------------------------------------------------------------------------


def award_off_the_rule(case_file: CaseFile) -> Iterator[Outcome]:
    """An award is what the rule gives; where it is not, people decided, and this is how much."""
    for row, award in case_file.awards():
        result = case_file.rule(row)
        name = row_name(row)
        if result.allows(award.score):
            yield Held(name, row.id)
            continue
        nearest, by_rule = result.nearest(award.score), shown(result)
        alone = case_file.awarded({row.id: nearest})
        gap = signed(award.score - nearest)
        stated = _stated(award)
        message = Text(
            f"{name.zh}：按标准得分 {by_rule.zh}，核查得分 {award.score}（{gap}），{stated.zh}"
            f"；仅此项按标准计，总分为 {graded(alone).zh}",
            f"{name.en}: awarded {award.score}, rule result {by_rule.en} ({gap}), {stated.en};"
            f" with this row alone by the rule the total is {graded(alone).en}",
        )
        data = case_file.read(row)
        documents = (row.clause, *case_file.cited_now(award.version, award), *sources(*data))
        events = tuple(sorted({award.version, *versions(*data)}))
        yield Discrepancy("warning", message, row.id, events, documents)


def _stated(award: Award) -> Text:
    """Whether the award names a clause, or only a ground."""
    if award.clause.strip():
        return Text("写明了依据条款", "with a clause")
    if award.ground.strip():
        return Text("未写依据条款，只有酌情理由", "without a clause, on a stated ground only")
    return Text("未写依据条款", "without a clause")


def awarded_total_by_standard(case_file: CaseFile) -> Iterator[Outcome]:
    """The awards together are what the rules give, and so is their grade."""
    together = case_file.awards_by_standard
    if together.given is None or together.nearest is None or not case_file.case.awards:
        return
    off = together.off
    if not off:
        yield Held(Text(f"核查总分 {together.given}", f"awarded total {together.given}"))
    if len(off) < SEVERAL or together.nearest == together.given:
        return
    moved = _moved(case_file, off)
    named = {row.indicator for row in off}
    left = [case_file.rubric.by_id[row] for row in together.undecided if row not in named]
    open_rows = row_names(left)
    given = _with_grade(together.given, together.grade_given)
    nearest = _with_grade(together.nearest, together.grade_nearest)
    least = _with_grade(together.lowest, together.grade_lowest)
    most = _with_grade(together.highest, together.grade_highest)
    message = Text(
        f"核查总分 {given.zh}；与标准不符的 {len(off)} 项一并按标准计，总分为 {nearest.zh}："
        f"{moved.zh}"
        + (
            f"；按标准无法确定的 {len(left)} 项照核查得分：{open_rows.zh}；各项都取标准容许的"
            f"最低、最高得分，总分为 {least.zh}～{most.zh}"
            if left
            else ""
        ),
        f"awarded total {given.en}; with the {counted(len(off), 'award')} off the rule set to the"
        f" nearest score it allows, {nearest.en}: {moved.en}"
        + (
            f"; left as awarded, since the standard does not decide"
            f" {counted(len(left), 'row')}: {open_rows.en}; between the least and the most that the"
            f" rules allow everywhere the total is {least.en} to {most.en}"
            if left
            else ""
        ),
    )
    awards = case_file.case.awards
    events = tuple(sorted(awards[row.indicator].version for row in off))
    yield Discrepancy("warning", message, events=events)


def award_without_clause(case_file: CaseFile) -> Iterator[Outcome]:
    """An award that moves a score by the rule names the clause it follows."""
    for row, award in case_file.awards():
        claim = case_file.case.claims.get(row.id)
        if claim in (None, award.score) or not case_file.rule(row).allows(award.score):
            continue  # outside the rule result, the missing clause is reported there
        name = row_name(row)
        if award.clause.strip():
            yield Held(name, row.id)
            continue
        message = Text(
            f"{name.zh}：自评得分 {claim} 改为核查得分 {award.score}，未写依据条款",
            f"{name.en}: {claim} claimed, {award.score} awarded, without a clause",
        )
        yield Discrepancy("warning", message, row.id, (award.version,), (row.clause,))


def rule_undecided(case_file: CaseFile) -> Iterator[Outcome]:
    """A rule has the figures that it needs; full marks without them rest on nothing recorded."""
    claimed_at = {event.indicator: version for version, event in case_file.of(ScoreClaimed)}
    for row in case_file.rubric.indicators:
        result, given = case_file.rule(row), case_file.given(row)
        by_rule = shown(result)
        if given is None:
            continue
        name = row_name(row)
        lacking = [id_ for id_ in result.missing if not case_file.is_stated(id_)]
        if result.score is not None:
            yield Held(name, row.id)
            continue
        if not result.missing:
            yield NotJudged(
                Text(
                    f"{name.zh}：标准留待人工评定（{by_rule.zh}），得分 {given} 是否恰当未判断",
                    f"{name.en}: the standard leaves {by_rule.en} to judgement; whether"
                    f" {given} is right was not judged",
                ),
                row.id,
            )
        if not lacking:
            continue  # a value that the rule cannot count, such as a goal without a grade
        award = case_file.case.awards.get(row.id)
        full = given == row.weight
        missing = case_file.missing_names(lacking)
        message = Text(
            f"{name.zh}：缺少数据（{missing.zh}），按标准在 {by_rule.zh} 之间",
            f"{name.en}: figures are missing ({missing.en}); the rule gives {by_rule.en}",
        )
        if full:
            who = Text("核查", "awarded") if award else Text("自评", "claimed")
            message = Text(
                f"{message.zh}，{who.zh}得满分 {given}", f"{message.en}; full marks were {who.en}"
            )
        if full and award and not case_file.awarded().pending:
            least = case_file.awarded({row.id: result.lowest})
            message = Text(
                f"{message.zh}，总分因此可能只有 {graded(least).zh}",
                f"{message.en}, the total could be as low as {graded(least).en}",
            )
        data = case_file.read(row)
        at = award.version if award else claimed_at[row.id]
        events = tuple(sorted({at, *versions(*data)}))
        places = (row.clause, *sources(*data))
        yield Discrepancy("warning" if full else "note", message, row.id, events, places)


# Moves between claims and awards -----------------------------------------------------------------


def raised_above_claim(case_file: CaseFile) -> Iterator[Outcome]:
    """A reviewer who raises a score is shown as openly as one who deducts."""
    claimed_at = {event.indicator: version for version, event in case_file.of(ScoreClaimed)}
    claims = case_file.case.claims
    raised = [
        (row, award)
        for row, award in case_file.awards()
        if row.id in claims and award.score > claims[row.id]
    ]
    if not raised:
        return
    total = case_file.awarded({row.id: claims[row.id] for row, _ in raised})
    rows = Text(
        "、".join(f"{row_name(row).zh}{claims[row.id]}→{award.score}" for row, award in raised),
        ", ".join(f"{row.id} {claims[row.id]} → {award.score}" for row, award in raised),
    )
    message = Text(
        f"核查得分高于自评得分的 {len(raised)} 项：{rows.zh}；均不上调，总分为 {graded(total).zh}",
        f"awarded above the claim ({len(raised)}): {rows.en}; without that the total would be"
        f" {graded(total).en}",
    )
    events = [version for row, award in raised for version in (claimed_at[row.id], award.version)]
    yield Discrepancy("note", message, events=tuple(sorted(events)))


def total_hides_moves(case_file: CaseFile) -> Iterator[Outcome]:
    """The move of the total shows the moves of the rows, unless some of them cancel out."""
    claims = case_file.case.claims
    moves = [
        (award.version, award.score - claims[row.id])
        for row, award in case_file.awards()
        if row.id in claims
    ]
    up = sum((move for _, move in moves if move > 0), Decimal(0))
    down = sum((move for _, move in moves if move < 0), Decimal(0))
    before, after = case_file.claimed(), case_file.awarded()
    released = before.cap_loss - after.cap_loss
    if not up or not down or after.pending:
        return
    total = signed(after.total - before.total)
    cap = f"，封顶扣减 {signed(released)}" if released else ""
    cap_en = f", released by the cap {signed(released)}" if released else ""
    message = Text(
        f"总分 {before.total} → {after.total}（{total}），其中各行上调 {signed(up)}、下调"
        f" {signed(down)}{cap}；仅看总分无法发现",
        f"the total {before.total} → {after.total} ({total}) consists of {signed(up)} up and"
        f" {signed(down)} down{cap_en}; the totals alone do not show it",
    )
    yield Discrepancy("note", message, events=tuple(version for version, move in moves if move))


def claim_restated(case_file: CaseFile) -> Iterator[Outcome]:
    """The self column that a review prints is what the unit claimed, row by row."""
    claims = {
        event.indicator: (version, event.score) for version, event in case_file.of(ScoreClaimed)
    }
    restated = {event.indicator: (at, event.score) for at, event in case_file.of(ClaimRestated)}
    bonus = case_file.rubric.bonus
    if bonus and bonus.id in restated:
        claims[bonus.id] = (_submission(case_file), case_file.claimed().bonus)
    differing = {}
    for row, (at, printed) in restated.items():
        if row not in claims:
            continue
        if claims[row][1] == printed:
            yield Held(_name(case_file, row), row if row in case_file.rubric.by_id else None)
        else:
            differing[row] = (claims[row], (at, printed))
    if not differing:
        return
    scores = {row: score for row, (_, score) in {**claims, **restated}.items()}
    items = {bonus.id: scores.pop(bonus.id)} if bonus and bonus.id in scores else None
    table, own = case_file.claimed(scores, items), case_file.claimed()
    rows = listing(
        Text(
            f"{_name(case_file, row).zh}自评 {claim}、表列 {printed}",
            f"{row} {claim} claimed, {printed} printed",
        )
        for row, ((_, claim), (_, printed)) in differing.items()
    )
    same = table.total == own.total
    message = Text(
        f"核查表的自评分一栏有 {len(differing)} 处与自评不同：{rows.zh}"
        + (f"；两者总分都是 {own.total}，只看总分看不出来" if same else "")
        + ("" if same else f"；自评总分 {own.total}，表列合计 {table.total}"),
        f"the review's self column differs from the claims in"
        f" {counted(len(differing), 'place')}: {rows.en}"
        + (f"; both add up to {own.total}, so the totals hide it" if same else "")
        + ("" if same else f"; {own.total} claimed in total, {table.total} by the column"),
    )
    events = {version for pair in differing.values() for version, _ in pair}
    only = next(iter(differing)) if len(differing) == 1 else None
    yield Discrepancy("warning", message, only, tuple(sorted(events)))


def _submission(case_file: CaseFile) -> int:
    return max((version for version, _ in case_file.of(SelfEvaluationSubmitted)), default=0)


def _name(case_file: CaseFile, indicator: IndicatorId) -> Text:
    row, bonus = case_file.rubric.by_id.get(indicator), case_file.rubric.bonus
    if row:
        return row_name(row)
    return Text(f"“{bonus.name}”" if bonus and bonus.id == indicator else indicator, indicator)


def cut_without_finding(case_file: CaseFile) -> Iterator[Outcome]:
    """Once a review goes out, every row that loses points has a finding that states the problem."""
    if case_file.case.stage not in {"draft", "issued", "closed"}:
        return
    raised = case_file.of(FindingRaised)
    named = {row for _, event in raised for row in event.indicators}
    cut = [(row, award) for row, award in case_file.awards() if award.score < row.weight]
    for row, _ in cut:
        if row.id in named:
            yield Held(row_name(row), row.id)
    silent = [(row, award) for row, award in cut if row.id not in named]
    if not silent:
        return
    rows = Text(
        "、".join(f"{row_name(row).zh}失 {row.weight - award.score} 分" for row, award in silent),
        ", ".join(f"{row.id} loses {row.weight - award.score}" for row, award in silent),
    )
    message = Text(
        f"失分的 {len(cut)} 项中有 {len(silent)} 项没有列入存在问题（问题共 {len(raised)} 个）："
        f"{rows.zh}",
        f"{len(silent)} of {counted(len(cut), 'row')} with a deduction have no finding"
        f" ({counted(len(raised), 'finding')} in all): {rows.en}",
    )
    events = [award.version for _, award in silent] + [version for version, _ in raised]
    yield Discrepancy("warning", message, events=tuple(sorted(events)))


def cut_off_the_steps(case_file: CaseFile) -> Iterator[Outcome]:
    """A deduction is a whole number of the standard's steps, and there were as many incidents."""
    for row, award in case_file.awards():
        steps = _steps(row)
        result = case_file.rule(row)
        if not steps or result.allows(award.score):
            continue
        lost, step = Fraction(row.weight - award.score), min(steps)
        if (lost / _common(steps)).denominator != 1:
            zh = f"扣 {format_fraction(lost)} 分，不是每次 {format_fraction(step)} 分的整倍数"
            en = f"loses {format_fraction(lost)}, which is no multiple of {format_fraction(step)}"
        else:
            incidents = Fraction(row.weight - result.highest) / step
            zh = (
                f"扣 {format_fraction(lost)} 分，相当于每次 {format_fraction(step)} 分的"
                f" {format_fraction(lost / step)} 次；基础数据只有 {format_fraction(incidents)} 次"
            )
            en = (
                f"loses {format_fraction(lost)}, that is {format_fraction(lost / step)} times"
                f" {format_fraction(step)}; the figures show {format_fraction(incidents)}"
            )
        message = Text(f"{row_name(row).zh}：{zh}", f"{row.id} {en}")
        documents = (row.clause, *case_file.cited_now(award.version, award))
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
