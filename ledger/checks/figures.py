"""Figures by themselves: decimals, scopes, dates, durations, names, goals."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from msgspec.structs import replace

from ledger.checks.case_file import CaseFile, StatedFigure, named, sources, versions
from ledger.checks.discrepancy import (
    NOTHING,
    Discrepancy,
    Held,
    NotJudged,
    Outcome,
    Severity,
    and_then,
    joined,
    row_name,
    shown,
)
from ledger.checks.documents import rescored
from ledger.checks.shapes import compared, durations, measures, shapes
from ledger.cross_checks import RateCheck
from ledger.language import Text, counted, listing
from ledger.rubric import Indicator
from ledger.rules.comparison import Comparison
from ledger.rules.completion import LEFT_OUT, Completion
from ledger.rules.measure import Days, ShareInTime
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import format_fraction
from ledger.values import Figure, FigureId, IndicatorId, interval_of

CENTS: Final = {"元": 2, "万元": 6, "亿元": 10}
"""Decimals of an amount that reach down to the smallest coin (分)."""

HAIR: Final = Fraction(1, 10_000)
"""Of the number compared with: closer than that, rounding decides."""


def finer_than_unit(case_file: CaseFile) -> Iterator[Outcome]:
    """An amount of money has no decimals below the smallest coin."""
    for datum in (*case_file.submitted.values(), *case_file.restated.values()):
        figure, places = datum.figure, CENTS.get(datum.figure.unit)
        if figure.number is None or places is None:
            continue
        _, dot, decimals = (figure.value or "").partition(".")
        if not dot or len(decimals) <= places:
            yield Held(_name(figure), figure.indicator)
            continue
        message = Text(
            f"“{figure.name}”{figure.value} {figure.unit}有 {len(decimals)} 位小数，精确到分以下",
            f"{figure.id}: {figure.value} {figure.unit} has {counted(len(decimals), 'decimal')},"
            " finer than a cent",
        )
        yield Discrepancy("note", message, figure.indicator, versions(datum), sources(datum))


def _name(figure: Figure) -> Text:
    return Text(f"“{figure.name}”", figure.id)


def decided_by_a_hair(case_file: CaseFile) -> Iterator[Outcome]:
    """No comparison and no target is decided by less than one part in ten thousand."""
    figures = case_file.case.figures_in_force
    for row in case_file.rubric.indicators:
        for shape in shapes(row.rule):
            if not isinstance(shape, Comparison):
                continue
            own, other = (
                side.read(ScoredIndicator(row.id, row.weight), figures)
                for side in (shape.value, shape.against)
            )
            data = [case_file.in_force[id_] for id_ in (*own.figures, *other.figures)]
            yield from _hair(row, own.span.value, other.span.value, data)
    for datum in case_file.in_force.values():
        row = case_file.rubric.by_id[datum.figure.indicator]
        number, target = datum.figure.number, datum.figure.target
        aim = target.number if target else None
        if number is not None and aim is not None:
            yield from _hair(row, Fraction(number), Fraction(aim), [datum])


def _hair(
    row: Indicator, own: Fraction | None, other: Fraction | None, data: list[StatedFigure]
) -> Iterator[Outcome]:
    if own is None or other is None:
        return
    names = named(*data)
    if own == other or abs(own - other) > abs(other) * HAIR:
        yield Held(names, row.id)
        return
    unit = data[0].figure.unit if data else ""
    sign = "<" if own < other else ">"
    gap = f"{format_fraction(abs(own - other))} {unit}".rstrip()
    numbers = f"{format_fraction(own)} {sign} {format_fraction(other)}"
    name = row_name(row)
    message = Text(
        f"{name.zh}：{names.zh}只差 {gap}：{numbers}",
        f"{name.en} is decided by {gap}: {numbers} ({names.en})",
    )
    yield Discrepancy("warning", message, row.id, versions(*data), sources(*data))


# Scopes ------------------------------------------------------------------------------------------


def scopes_mixed(case_file: CaseFile) -> Iterator[Outcome]:
    """A rate or a comparison that one document makes has the same scope on both sides."""
    seen: set[tuple[int, ...]] = set()
    for over, under, indicator in _compared(case_file):
        for view in case_file.views:
            sides = [[view.data[id_] for id_ in side if id_ in view.own] for side in (over, under)]
            complete = [len(own) for own in sides] == [len(over), len(under)]
            data = [datum for side in sides for datum in side]
            if not complete or versions(*data) in seen:
                continue
            seen.add(versions(*data))
            yield from _mixed(case_file, case_file.rubric.by_id[indicator], *sides)


def _compared(
    case_file: CaseFile,
) -> Iterator[tuple[tuple[FigureId, ...], tuple[FigureId, ...], IndicatorId]]:
    """What rules and declared rates put over one another, with the row it is for."""
    for row in case_file.rubric.indicators:
        for over, under in compared(row.rule):
            yield over, under, row.id
    for cross_check in case_file.rubric.cross_checks:
        if isinstance(cross_check, RateCheck) and cross_check.figure in case_file.in_force:
            printed = case_file.in_force[cross_check.figure].figure
            yield cross_check.over, cross_check.under, printed.indicator


def _mixed(
    case_file: CaseFile, row: Indicator, over: list[StatedFigure], under: list[StatedFigure]
) -> Iterator[Outcome]:
    scopes = [[datum.figure.scope for datum in side] for side in (over, under)]
    data, names = [*over, *under], named(*over, *under)
    if not all(scope for side in scopes for scope in side):
        return
    first, second = (_covered(case_file, side) for side in scopes)
    if first == second:
        yield Held(names, row.id)
        return
    if any(len({*side}) > 1 for side in scopes) and not _all_defined(case_file, scopes):
        yield NotJudged(
            Text(
                f"{row_name(row).zh}：{names.zh}的统计口径未定义，两边是否一致未作判断",
                f"{row.id}: the scopes of {names.en} are not defined; whether both sides cover the"
                " same was not judged",
            ),
            row.id,
        )
        return
    told = Text(
        "、".join(f"“{datum.figure.name}”为“{datum.figure.scope}”" for datum in data),
        ", ".join(f"{datum.figure.id} covers '{datum.figure.scope}'" for datum in data),
    )
    message = Text(
        f"{row_name(row).zh}：相比的数统计口径不同：{told.zh}",
        f"{row.id}: what is compared has different scopes: {told.en}",
    )
    yield Discrepancy("warning", message, row.id, versions(*data), sources(*data))


def _all_defined(case_file: CaseFile, scopes: Iterable[Iterable[str]]) -> bool:
    """Whether the case lists which units each scope covers."""
    return all(scope in case_file.scopes for side in scopes for scope in side)


def _covered(case_file: CaseFile, scopes: Iterable[str]) -> frozenset[str]:
    """The units that scopes cover; an undefined one covers just itself."""
    members = case_file.scopes
    return frozenset(unit for scope in scopes for unit in members.get(scope, (scope,)))


# Dates and durations -----------------------------------------------------------------------------


class _Duration(NamedTuple):
    """A duration that does not fit, with what the standard allows."""

    datum: StatedFigure
    days: int
    allowed: Text


def negative_duration(case_file: CaseFile) -> Iterator[Outcome]:
    """What comes second is not dated first, unless the standard allows it."""
    allowed = _allowed(case_file)
    wrong: dict[IndicatorId, list[_Duration]] = {}
    for id_, datum in case_file.in_force.items():
        days = _days(datum.figure)
        if days is None:
            continue
        limits = allowed.get(id_, [])
        if days >= 0 or (limits and all(Decimal(days) in interval_of(limit) for limit in limits)):
            yield Held(_name(datum.figure), datum.figure.indicator)
        else:
            wrong.setdefault(datum.figure.indicator, []).append(_Duration(datum, days, NOTHING))
    for indicator, durations_ in wrong.items():
        row = case_file.rubric.by_id[indicator]
        told = listing(
            Text(
                f"“{duration.datum.figure.name}”{duration.datum.figure.value}"
                f"（早 {-duration.days} 天）",
                f"{duration.datum.figure.id} {duration.datum.figure.value}"
                f" ({counted(-duration.days, 'day')} early)",
            )
            for duration in durations_
        )
        message = Text(
            f"{row_name(row).zh}：后一日期早于前一日期：{told.zh}{_scored(case_file, row).zh}",
            f"{row.id}: the second date is before the first: {told.en}{_scored(case_file, row).en}",
        )
        data = [
            said
            for duration in durations_
            for said in _said_by_all(case_file, duration.datum.figure.id)
        ]
        severity: Severity = "error" if case_file.given_too_much(row) else "warning"
        yield Discrepancy(severity, message, row.id, versions(*data), sources(*data))


def duration_too_long(case_file: CaseFile) -> Iterator[Outcome]:
    """No more is given than the standard allows for the durations."""
    broken: dict[IndicatorId, list[_Duration]] = {}
    for id_, limits in _allowed(case_file).items():
        datum = case_file.in_force[id_]
        days = _days(datum.figure)
        over = [limit for limit in limits if Decimal(days or 0) not in interval_of(limit)]
        row = case_file.rubric.by_id[datum.figure.indicator]
        if days is None or days < 0:
            continue
        if over and case_file.given_too_much(row):
            broken.setdefault(row.id, []).append(_Duration(datum, days, _days_of(over[0])))
        else:
            yield Held(_name(datum.figure), row.id)
    for indicator, durations_ in broken.items():
        row = case_file.rubric.by_id[indicator]
        told = listing(
            Text(
                f"“{duration.datum.figure.name}”{duration.datum.figure.value}"
                f" 为 {duration.days} 天，标准为{duration.allowed.zh}",
                f"{duration.datum.figure.id} {duration.datum.figure.value}:"
                f" {counted(duration.days, 'day')}, the standard allows {duration.allowed.en}",
            )
            for duration in durations_
        )
        message = Text(
            f"{row_name(row).zh}：{told.zh}{_scored(case_file, row).zh}",
            f"{row.id}: {told.en}{_scored(case_file, row).en}",
        )
        data = [
            said
            for duration in durations_
            for said in _said_by_all(case_file, duration.datum.figure.id)
        ]
        yield Discrepancy("error", message, row.id, versions(*data), sources(*data))


def _days_of(limit: str) -> Text:
    """An interval of days in words: `[0,30]`, `(-,60]` or `[30,-)`."""
    low, high, low_closed, high_closed = interval_of(limit)
    if low is None and high is not None:
        return Text(
            f"{'不超过' if high_closed else '不到'} {high} 天",
            f"{'at most' if high_closed else 'less than'} {counted(int(high), 'day')}",
        )
    if high is None and low is not None:
        return Text(
            f"{'不少于' if low_closed else '超过'} {low} 天",
            f"{'at least' if low_closed else 'more than'} {counted(int(low), 'day')}",
        )
    return Text(f" {low}～{high} 天", f"{low} to {high} days")


def _scored(case_file: CaseFile, row: Indicator) -> Text:
    """What the rule gives, and what was given."""
    given, by_rule = case_file.given(row), shown(case_file.rule(row))
    if given is None:
        return Text(f"；按标准得分 {by_rule.zh}", f"; rule result {by_rule.en}")
    who = Text("核查", "awarded") if row.id in case_file.case.awards else Text("自评", "claimed")
    return Text(
        f"；按标准得分 {by_rule.zh}，{who.zh}得分 {given}",
        f"; rule result {by_rule.en}, {given} {who.en}",
    )


def _days(figure: Figure) -> int | None:
    return (figure.days[1] - figure.days[0]).days if figure.days else None


def _said_by_all(case_file: CaseFile, id_: FigureId) -> list[StatedFigure]:
    """Everybody who states the figure."""
    return [data[id_] for data in (case_file.submitted, case_file.restated) if id_ in data]


def _allowed(case_file: CaseFile) -> dict[FigureId, list[str]]:
    """The days that the standard allows, by the figures that it judges."""
    found: dict[FigureId, list[str]] = {}
    for row in case_file.rubric.indicators:
        for measure, days in durations(row.rule):
            for id_, datum in case_file.in_force.items():
                if isinstance(measure, Days):
                    judged = id_ == measure.figure
                else:
                    own = datum.figure.indicator == row.id
                    judged = own and id_.startswith(f"{measure.prefix}-")
                if judged:
                    found.setdefault(id_, []).append(days)
    return found


def date_after_document(case_file: CaseFile) -> Iterator[Outcome]:
    """A document does not report what happens after its own date."""
    for datum in (*case_file.submitted.values(), *case_file.restated.values()):
        figure = datum.figure
        last = figure.day or (max(figure.days) if figure.days else None)
        if last is None:
            continue
        if last <= datum.recorded.dated:
            yield Held(_name(figure), figure.indicator)
            continue
        message = Text(
            f"“{figure.name}”{last}，晚于文件日期 {datum.recorded.dated}",
            f"{figure.id} reports {last} in a document dated {datum.recorded.dated}",
        )
        yield Discrepancy("warning", message, figure.indicator, versions(datum), sources(datum))


def one_thing_two_names(case_file: CaseFile) -> Iterator[Outcome]:
    """A thing whose days are counted in several steps has one name in all of them."""
    named_: dict[str, dict[str, StatedFigure]] = {}
    prefixes = {
        measure.prefix
        for row in case_file.rubric.indicators
        for measure in measures(row.rule)
        if isinstance(measure, ShareInTime)
    }
    for id_, datum in case_file.in_force.items():
        for prefix in prefixes:
            if id_.startswith(f"{prefix}-"):
                name = datum.figure.name.partition("（")[0].strip()
                named_.setdefault(id_.removeprefix(f"{prefix}-"), {}).setdefault(name, datum)
    for thing, names in named_.items():
        data = tuple(names.values())
        rows = {datum.figure.indicator for datum in data}
        if len(names) > 1 and len(rows) > 1:  # within one row the ends of ids may mean offices
            both = listing(f"“{name}”" for name in names)
            message = Text(
                f"同一件事有 {len(names)} 个名称：{both.zh}",
                f"one thing, {thing}, has {len(names)} names: {listing(names).en}",
            )
            row = data[0].figure.indicator
            yield Discrepancy("note", message, row, versions(*data), sources(*data))


# Goals -------------------------------------------------------------------------------------------


def actual_repeats_target(case_file: CaseFile) -> Iterator[Outcome]:
    """An actual is not stated in the words of its target."""
    repeated: dict[IndicatorId, list[StatedFigure]] = {}
    for datum in (*case_file.submitted.values(), *case_file.restated.values()):
        figure = datum.figure
        if figure.kind != "text" or not figure.target or figure.value is None:
            continue
        if figure.value == figure.target.value:
            repeated.setdefault(figure.indicator, []).append(datum)
        else:
            yield Held(_name(figure), figure.indicator)
    for indicator, data in repeated.items():
        told = Text(
            "、".join(f"“{datum.figure.name}”“{datum.figure.value}”" for datum in data),
            ", ".join(f"{datum.figure.id} '{datum.figure.value}'" for datum in data),
        )
        row = row_name(case_file.rubric.by_id[indicator])
        message = Text(
            f"{row.zh}：实际完成值照抄目标值，没有事实：{told.zh}",
            f"{row.en}: the actual repeats the target: {told.en}",
        )
        yield Discrepancy("warning", message, indicator, versions(*data), sources(*data))


def goal_without_grade(case_file: CaseFile) -> Iterator[Outcome]:
    """A goal in words is graded where the standard has grades; done or not done is not a grade."""
    for row in case_file.rubric.indicators:
        rule = row.rule
        if not isinstance(rule, Completion) or case_file.given(row) is None:
            continue
        words = {word: counts for word, counts in rule.words.items() if word not in {"yes", "no"}}
        grades = {
            word: Decimal(counts)
            for word, counts in (rule.grades or words).items()
            if counts != LEFT_OUT
        }
        described = [
            datum
            for datum in case_file.goals(row.id)
            if datum.figure.target and datum.figure.target.sense == "described"
        ]
        ungraded = [
            datum
            for datum in described
            if datum.figure.value == "yes" or (rule.grades and datum.figure.value not in grades)
        ]
        if not grades or not described:
            continue
        if not ungraded:
            yield Held(row_name(row), row.id)
            continue
        best = max(grades, key=lambda word: grades[word])
        would = rescored(
            case_file, *(replace(datum.figure, kind="text", value=best) for datum in ungraded)
        )
        names = named(*ungraded)
        name = row_name(row)
        effect = and_then(
            Text(
                f"都评最高的“{best}”（{grades[best]}%），{would.zh}",
                f"with the best grade '{best}' ({grades[best]}%) {would.en}",
            )
            if would.zh
            else would
        )
        message = Text(
            f"{name.zh}：{len(ungraded)} 个定性目标没有评级：{names.zh}{effect.zh}",
            f"{name.en}: {counted(len(ungraded), 'goal')} without a grade: {names.en}{effect.en}",
        )
        yield Discrepancy("warning", message, row.id, versions(*ungraded), sources(*ungraded))


def met(figure: Figure) -> bool:
    """Whether a goal reaches its target."""
    if figure.met is not None:
        return figure.met
    number, target = figure.number, figure.target
    aim = target.number if target else None
    if number is None or target is None or aim is None:
        return False
    match target.sense:
        case "at-least":
            return number >= aim
        case "at-most":
            return number <= aim
        case _:
            return number == aim


def goal_overshot(case_file: CaseFile) -> Iterator[Outcome]:
    """No more is given than a goal counts that the standard marks down for overshooting."""
    for row in case_file.rubric.indicators:
        if not isinstance(row.rule, Completion) or case_file.given(row) is None:
            continue
        over = []
        for datum in case_file.goals(row.id):
            alone = case_file.rubric.rule_result(row, Figures([datum.figure]))
            if met(datum.figure) and alone.score is not None and alone.score < row.weight:
                over.append((datum, alone.derivation[0]))
        if not over or not _above_rule(case_file, row):
            yield Held(row_name(row), row.id)
            continue
        data = [datum for datum, _ in over]
        steps = joined(step for _, step in over)
        message = Text(
            f"{row_name(row).zh}：达到目标而按标准不能计满：{steps.zh}",
            f"{row.id}: met, but not counted in full: {steps.en}",
        )
        yield Discrepancy("note", message, row.id, versions(*data), sources(*data))


def _above_rule(case_file: CaseFile, row: Indicator) -> bool:
    """Whether the award is off the rule, or the claim is above it and not yet reviewed."""
    award = case_file.case.awards.get(row.id)
    if award is not None:
        return not case_file.rule(row).allows(award.score)
    return case_file.given_too_much(row)


def award_by_fewer_goals(case_file: CaseFile) -> Iterator[Outcome]:
    """An award that the rule only gives with one goal left out suggests a miscount."""
    for row, award in case_file.awards():
        result = case_file.rule(row)
        if not isinstance(row.rule, Completion) or result.allows(award.score):
            continue
        goals = case_file.goals(row.id)
        fitting = [
            goal
            for goal in goals
            if case_file.rubric.rule_result(
                row, Figures(other.figure for other in goals if other is not goal)
            ).score
            == award.score
        ]
        if not fitting:
            continue
        message = Text(
            f"{row_name(row).zh}：核查得分 {award.score} 恰为 {len(goals)} 个目标少算一个时的得分"
            f"（{len(fitting)} 个中任少一个）；全部计入为 {shown(result).zh}",
            f"{row.id}: {award.score} is what the rule gives with one of {len(goals)} goals left"
            f" out (any of {len(fitting)}); with all of them it is {shown(result).en}",
        )
        yield Discrepancy("note", message, row.id, (award.version,), (row.clause,))
