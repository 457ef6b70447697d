"""What the standard gives in sum (按标准合计): every row at what its rule allows, all at once.

A row by itself shows by how much its award is off. What that means for the grade shows only when
all rows are taken together: so the totals here are joint, from the least that the rules allow to
the most, with the current bonus, penalty and cap. The arithmetic is the rubric's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from ledger.case import Case
from ledger.case_totals import own_grade
from ledger.known_results import KnownResults
from ledger.language import Text, counted, from_to, listing
from ledger.rubric import Rubric, Totals
from ledger.rules.rule import Figures, RuleResult
from ledger.values import IndicatorId

Results = Mapping[IndicatorId, RuleResult]
Scores = Mapping[IndicatorId, Decimal]

_Decisive = tuple[tuple[IndicatorId, ...], Totals | None]
_NONE: Final[_Decisive] = ((), None)

NAMED: Final = 3
"""How many rows a sentence names; the others it counts."""


def rule_results(
    case: Case,
    rubric: Rubric,
    figures: Figures | None = None,
    known: KnownResults | None = None,
) -> dict[IndicatorId, RuleResult]:
    """What the rule of each row gives from the figures in force, in the rubric's order.

    Before the unit has submitted, a row of which no figure is there is open: what a rule gives
    where nothing was reported is about a report that is complete, and missing is not zero.

    Args:
        case: at the point in time.
        rubric: which the case has pinned.
        figures: instead of those in force.
        known: what was worked out at other points of the case.
    """
    read = case.figures_in_force if figures is None else figures
    results = known.of(rubric, read) if known else rubric.rule_results(read)
    if case.submitted is not None:
        return results
    return {
        row: result if result.figures or result.score is None else _open(rubric, row, result)
        for row, result in results.items()
    }


def _open(rubric: Rubric, row: IndicatorId, result: RuleResult) -> RuleResult:
    least, most = rubric.in_scale(Decimal(0)), rubric.in_scale(rubric.by_id[row].weight)
    step = Text("自评尚未提交，本项尚无基础数据", "nothing is submitted yet and no figure is there")
    return result._replace(score=None, lowest=least, highest=most, derivation=(step,))


class OffTheRule(Struct, frozen=True, kw_only=True):
    """A row whose score lies outside what its rule allows.

    Attributes:
        score: as claimed or awarded.
        nearest: the end of the rule's range that is nearest to it.
        gap: the score less that.
    """

    indicator: IndicatorId
    score: Decimal
    nearest: Decimal
    gap: Decimal


class StandardTotals(Struct, frozen=True, kw_only=True):
    """The totals and grades that the standard allows, next to the total of the scores given.

    Attributes:
        lowest: the total with every row at the least that its rule allows.
        highest: the same with every row at the most.
        grade_lowest: the grade of the least total, or `None` where no band holds it.
        grade_highest: the grade of the greatest.
        undecided: the rows of which the rule gives no score, in the rubric's order.
        given: the total of the scores given; `None`, as all that follows, while rows lack one.
        grade_given: its grade.
        nearest: the total with every row at its score where the rule allows it, and at the nearest
            end where it does not: undecided rows are left as they were scored.
        grade_nearest: its grade.
        off: the rows whose score is off the rule, the largest gap first.
        decisive: the fewest rows, the largest first, that decide the grade. Where `nearest` has
            another grade than the total given, those off the rule that take the total given to
            another grade by themselves; else those undecided ones that can do so to `nearest`.
        decided: the total with nothing but these rows moved, `None` where there are none.
        grade_decided: its grade.
    """

    lowest: Decimal
    highest: Decimal
    grade_lowest: str | None
    grade_highest: str | None
    undecided: tuple[IndicatorId, ...]
    given: Decimal | None
    grade_given: str | None
    nearest: Decimal | None
    grade_nearest: str | None
    off: tuple[OffTheRule, ...]
    decisive: tuple[IndicatorId, ...]
    decided: Decimal | None
    grade_decided: str | None

    @property
    def range_text(self) -> Text:
        """The total as text, or from the least to the most."""
        return from_to(self.lowest, self.highest)

    @property
    def grades_text(self) -> Text:
        """The grade, or the grades at both ends."""
        return from_to(self.grade_lowest or "-", self.grade_highest or "-")


def awards_by_standard(
    case: Case, rubric: Rubric, results: Results | None = None
) -> StandardTotals:
    """What the standard gives in sum from the figures in force, next to the awards.

    Args:
        case: at the point in time.
        rubric: which the case has pinned.
        results: what the rules give from the figures in force, where that is known already.
    """
    _, bonus = case.standing()
    grade = own_grade(case, rubric)

    def totals(scores: Scores) -> Totals:
        return rubric.totals(
            scores,
            bonus,
            case.penalties.values(),
            excluded=case.excluded,
            own_grade=grade,
            figures=case.figures_in_force,
        )

    found = rule_results(case, rubric) if results is None else results
    applying = {row: result for row, result in found.items() if row not in case.excluded}
    return _by_standard(applying, case.awarded, totals)


def claims_by_standard(
    case: Case, rubric: Rubric, results: Results | None = None
) -> StandardTotals:
    """What the standard gives in sum from the unit's own figures, next to its claims.

    Args:
        case: at the point in time.
        rubric: which the case has pinned.
        results: what the rules give from the unit's figures, where that is known already.
    """
    excluded = case.excluded.keys() - case.claims.keys()

    def totals(scores: Scores) -> Totals:
        return rubric.totals(
            scores, case.bonus_claims.values(), excluded=excluded, figures=submitted
        )

    submitted = Figures.by_id(case.figures)
    found = rule_results(case, rubric, submitted) if results is None else results
    applying = {row: result for row, result in found.items() if row not in excluded}
    return _by_standard(applying, case.claims, totals)


def with_row_by_rule(
    case: Case, rubric: Rubric, row: IndicatorId, result: RuleResult
) -> tuple[Totals, Totals]:
    """The totals of the awards with one row at the least, and at the most, that its rule allows."""
    least, most = (
        rubric.totals(
            {**case.awarded, row: end},
            case.bonus.values(),
            case.penalties.values(),
            excluded=case.excluded,
            own_grade=own_grade(case, rubric),
            figures=case.figures_in_force,
        )
        for end in (result.lowest, result.highest)
    )
    return least, most


def _by_standard(
    results: Results, scores: Scores, totals: Callable[[Scores], Totals]
) -> StandardTotals:
    least = totals({row: result.lowest for row, result in results.items()})
    most = totals({row: result.highest for row, result in results.items()})
    given = totals({row: score for row, score in scores.items() if row in results})
    off = sorted(_off(results, scores), key=lambda one: (-abs(one.gap), one.indicator))
    undecided = tuple(row for row, result in results.items() if result.score is None)
    known = not given.pending
    nearest = totals({**scores, **{row.indicator: row.nearest for row in off}}) if known else None
    decisive, decided = _decisive(results, scores, off, totals) if known else _NONE
    return StandardTotals(
        lowest=least.total,
        highest=most.total,
        grade_lowest=least.grade,
        grade_highest=most.grade,
        undecided=undecided,
        given=given.total if known else None,
        grade_given=given.grade,
        nearest=nearest.total if nearest else None,
        grade_nearest=nearest.grade if nearest else None,
        off=tuple(off),
        decisive=decisive,
        decided=decided.total if decided else None,
        grade_decided=decided.grade if decided else None,
    )


def _off(results: Results, scores: Scores) -> Iterator[OffTheRule]:
    for row, result in results.items():
        score = scores.get(row)
        if score is not None and not result.allows(score):
            nearest = result.nearest(score)
            yield OffTheRule(indicator=row, score=score, nearest=nearest, gap=score - nearest)


def _decisive(
    results: Results,
    scores: Scores,
    off: list[OffTheRule],
    totals: Callable[[Scores], Totals],
) -> _Decisive:
    nearest = {**scores, **{row.indicator: row.nearest for row in off}}
    given, kept = totals(scores), totals(nearest)
    if given.grade is None or kept.grade is None:
        return _NONE
    if given.grade != kept.grade:
        up = given.total > kept.total
        moved = {row.indicator: row.nearest for row in off if (row.gap > 0) == up}
        return _fewest(scores, moved, totals)
    for end in ("lowest", "highest"):
        ends: Scores = {
            row: getattr(result, end) for row, result in results.items() if result.score is None
        }
        if totals({**nearest, **ends}).grade != kept.grade:
            by_width = sorted(ends, key=lambda row: (-abs(nearest[row] - ends[row]), row))
            return _fewest(nearest, {row: ends[row] for row in by_width}, totals)
    return _NONE


def _fewest(scores: Scores, moved: Scores, totals: Callable[[Scores], Totals]) -> _Decisive:
    """The first of the rows moved, as many as it takes for another grade."""
    before, now = totals(scores), dict(scores)
    taken: list[IndicatorId] = []
    for row, score in moved.items():
        now[row] = score
        taken.append(row)
        if totals(now).grade != before.grade:
            break
    return tuple(taken), totals(now)


# In plain words ----------------------------------------------------------------------------------

Of = Literal["claim", "award"]
"""Whose scores are next to the standard."""

_WHO: Final[Mapping[Of, Text]] = {
    "claim": Text("自评", "claimed"),
    "award": Text("核查", "awarded"),
}


def in_words(found: StandardTotals, rubric: Rubric, of: Of) -> Text:
    """The totals by the standard and which rows decide the grade, in a few sentences.

    Args:
        found: of the claims or of the awards.
        rubric: for the names of rows.
        of: which of the two.
    """
    sentences = [*_range(found, of), *_given(found, of), *_why(found, rubric, of)]
    return Text(
        "".join(f"{sentence.zh}。" for sentence in sentences),
        " ".join(f"{sentence.en}." for sentence in sentences),
    )


def _range(found: StandardTotals, of: Of) -> Iterator[Text]:
    least = total_in_words(found.lowest, found.grade_lowest)
    most = total_in_words(found.highest, found.grade_highest)
    head = Text("各项均按标准计，总分", "By the standard the total is")
    if of == "claim":
        head = Text(
            "按自评填报的数据，各项均按标准计，总分",
            "By the standard and the unit's own figures the total is",
        )
    if found.lowest == found.highest:
        yield Text(f"{head.zh}为 {most.zh}", f"{head.en} {most.en}")
        return
    left = Text("", "")
    if found.nearest is not None:
        left = _left_as_scored(found, found.nearest, of)
    yield Text(
        f"{head.zh}至多 {most.zh}，至少 {least.zh}{left.zh}",
        f"{head.en} at most {most.en} and at least {least.en}{left.en}",
    )


def _left_as_scored(found: StandardTotals, nearest: Decimal, of: Of) -> Text:
    total = total_in_words(nearest, found.grade_nearest)
    beyond = any(row.indicator in found.undecided for row in found.off)
    who = _WHO[of]
    return Text(
        f"；标准无法确定的 {len(found.undecided)} 项按{who.zh}得分计"
        f"{'（超出标准的按标准上下限计）' if beyond else ''}，为 {total.zh}",
        f"; with the {counted(len(found.undecided), 'row')} that it leaves open taken as {who.en}"
        f"{' (limited to what the standard allows)' if beyond else ''}, it is {total.en}",
    )


def _given(found: StandardTotals, of: Of) -> Iterator[Text]:
    if found.given is not None:
        total, who = total_in_words(found.given, found.grade_given), _WHO[of]
        yield Text(f"{who.zh}总分为 {total.zh}", f"The total {who.en} is {total.en}")


def _why(found: StandardTotals, rubric: Rubric, of: Of) -> Iterator[Text]:
    """Which rows decide the grade."""
    if not found.decisive or found.decided is None:
        return
    total = total_in_words(found.decided, found.grade_decided)
    if found.grade_given != found.grade_nearest:
        by_row = {row.indicator: row for row in found.off}
        names = _names([by_row[row] for row in found.decisive], rubric, of)
        yield Text(
            f"起决定作用的是{names.zh}：仅此处按标准计，总分即为 {total.zh}"
            if len(found.decisive) == 1
            else f"起决定作用的是{names.zh}：这几处按标准计，总分即为 {total.zh}",
            f"Decisive: {names.en}; scored by the standard there, the total would be {total.en}",
        )
        return
    named = found.decisive[:NAMED]
    more = len(found.decisive) - len(named)
    quoted = "、".join(f"“{rubric.by_id[row].path[-1]}”" for row in named)
    others = f" and {counted(more, 'other row')}" if more else ""
    yield Text(
        f"是否为“{found.grade_nearest}”，取决于{quoted}{f'等 {NAMED + more} 项' if more else ''}"
        f"（总分可能为 {total.zh}）",
        f"Whether it is {found.grade_nearest} depends on {', '.join(named)}{others},"
        f" which can make it {total.en}",
    )


def _names(rows: Sequence[OffTheRule], rubric: Rubric, of: Of) -> Text:
    named, who = rows[:NAMED], _WHO[of]
    more = len(rows) - len(named)
    zh, en = listing(
        Text(
            f"“{rubric.by_id[row.indicator].path[-1]}”"
            f"（{who.zh} {row.score}，按标准 {row.nearest}）",
            f"{row.indicator} ({who.en} {row.score}, by the standard {row.nearest})",
        )
        for row in named
    )
    return Text(
        f"{zh}等 {len(rows)} 项" if more else zh,
        f"{en} and {counted(more, 'other row')}" if more else en,
    )


def total_in_words(total: Decimal, grade: str | None) -> Text:
    """A total with its grade: `88.64 分（良）`."""
    if grade is None:
        return Text(f"{total} 分（不在任何等级内）", f"{total} (no grade)")
    return Text(f"{total} 分（{grade}）", f"{total} ({grade})")
