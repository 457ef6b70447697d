"""Figures by themselves: decimals, dates, durations, names, goals and how rules count them."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from ledger.checks.case_file import CaseFile, StatedFigure, named, sources, versions
from ledger.checks.discrepancy import Discrepancy, listed, shown
from ledger.checks.documents import rescored
from ledger.checks.shapes import durations, measures, shapes
from ledger.language import Text, counted
from ledger.rubric import Indicator
from ledger.rules.comparison import Comparison
from ledger.rules.completion import LEFT_OUT, Completion
from ledger.rules.measure import Days, ShareInTime
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import format_fraction
from ledger.values import Figure, FigureId, interval_of

CENTS: Final = {"元": 2, "万元": 6, "亿元": 10}
"""Decimals of an amount that reach down to the smallest coin (分)."""

HAIR: Final = Fraction(1, 10_000)
"""Of the number compared with: closer than that, rounding decides."""


def finer_than_unit(papers: CaseFile) -> Iterator[Discrepancy]:
    """An amount of money has no decimals below the smallest coin."""
    for datum in (*papers.submitted.values(), *papers.restated.values()):
        figure, places = datum.figure, CENTS.get(datum.figure.unit)
        if figure.number is None or places is None:
            continue
        _, dot, decimals = (figure.value or "").partition(".")
        if dot and len(decimals) > places:
            message = Text(
                f"“{figure.name}”{figure.value} {figure.unit}有 {len(decimals)} 位小数，细过分",
                f"{figure.id}: {figure.value} {figure.unit} has"
                f" {counted(len(decimals), 'decimal')}, finer"
                " than the smallest coin",
            )
            yield Discrepancy("warning", message, figure.indicator, versions(datum), sources(datum))


def decided_by_a_hair(papers: CaseFile) -> Iterator[Discrepancy]:
    """No comparison and no target is decided by less than one part in ten thousand."""
    figures = papers.case.figures_in_force
    for row in papers.rubric.indicators:
        for shape in shapes(row.rule):
            if not isinstance(shape, Comparison):
                continue
            own, other = (
                side.read(ScoredIndicator(row.id, row.weight), figures)
                for side in (shape.value, shape.against)
            )
            data = [papers.in_force[id_] for id_ in (*own.figures, *other.figures)]
            yield from _hair(row, own.span.value, other.span.value, data)
    for datum in papers.in_force.values():
        row = papers.rubric.by_id[datum.figure.indicator]
        number, target = datum.figure.number, datum.figure.target
        aim = target.number if target else None
        if number is not None and aim is not None:
            yield from _hair(row, Fraction(number), Fraction(aim), [datum])


def _hair(
    row: Indicator, own: Fraction | None, other: Fraction | None, data: list[StatedFigure]
) -> Iterator[Discrepancy]:
    if own is None or other is None or own == other or abs(own - other) > abs(other) * HAIR:
        return
    unit = data[0].figure.unit if data else ""
    sign = "<" if own < other else ">"
    gap = f"{format_fraction(abs(own - other))} {unit}".rstrip()
    names = named(*data)
    compared = f"{format_fraction(own)} {sign} {format_fraction(other)}"
    message = Text(
        f"“{row.path[-1]}”的“{names.zh}”只差 {gap}：{compared}",
        f"{row.id} is decided by {gap}: {compared} ({names.en})",
    )
    yield Discrepancy("warning", message, row.id, versions(*data), sources(*data))


# Dates and durations -----------------------------------------------------------------------------


def negative_duration(papers: CaseFile) -> Iterator[Discrepancy]:
    """What comes second is not dated first, unless the standard allows it."""
    allowed = _allowed(papers)
    for id_, datum in papers.in_force.items():
        days = _days(datum.figure)
        if days is None or days >= 0:
            continue
        limits = allowed.get(id_, [])
        if limits and all(Decimal(days) in interval_of(limit) for limit in limits):
            continue
        row = papers.rubric.by_id[datum.figure.indicator]
        award = papers.case.awards.get(row.id)
        by_rule = shown(papers.rule(row))
        given = (f"，给了 {award.score}", f", {award.score} was given") if award else ("", "")
        message = Text(
            f"“{datum.figure.name}”{datum.figure.value}：后一日期早 {-days} 天；"
            f"“{row.path[-1]}”按标准得 {by_rule}{given[0]}",
            f"{id_} {datum.figure.value}: the second date is {-days} days before the first;"
            f" by the rule {row.id} gets {by_rule}{given[1]}",
        )
        data = _told(papers, id_)
        yield Discrepancy("error", message, row.id, versions(*data), sources(*data))


def duration_too_long(papers: CaseFile) -> Iterator[Discrepancy]:
    """A duration lies within what the standard allows."""
    for id_, limits in _allowed(papers).items():
        datum = papers.in_force[id_]
        days = _days(datum.figure)
        broken = [limit for limit in limits if Decimal(days or 0) not in interval_of(limit)]
        if days is None or days < 0 or not broken:
            continue
        row = papers.rubric.by_id[datum.figure.indicator]
        award = papers.case.awards.get(row.id)
        by_rule = shown(papers.rule(row))
        given = (f"，给了 {award.score}", f", {award.score} was given") if award else ("", "")
        message = Text(
            f"“{datum.figure.name}”{datum.figure.value} 是 {days} 天，标准是 {broken[0]}；"
            f"“{row.path[-1]}”按标准得 {by_rule}{given[0]}",
            f"{id_} {datum.figure.value}: {counted(days, 'day')}, the standard allows {broken[0]};"
            f" by the rule {row.id} gets {by_rule}{given[1]}",
        )
        data = _told(papers, id_)
        yield Discrepancy("warning", message, row.id, versions(*data), sources(*data))


def _days(figure: Figure) -> int | None:
    return (figure.days[1] - figure.days[0]).days if figure.days else None


def _told(papers: CaseFile, id_: FigureId) -> list[StatedFigure]:
    """Everybody who states the figure."""
    return [data[id_] for data in (papers.submitted, papers.restated) if id_ in data]


def _allowed(papers: CaseFile) -> dict[FigureId, list[str]]:
    """The days that the standard allows, by the figures that it judges."""
    found: dict[FigureId, list[str]] = {}
    for row in papers.rubric.indicators:
        for measure, days in durations(row.rule):
            for id_, datum in papers.in_force.items():
                if isinstance(measure, Days):
                    judged = id_ == measure.figure
                else:
                    own = datum.figure.indicator == row.id
                    judged = own and id_.startswith(f"{measure.prefix}-")
                if judged:
                    found.setdefault(id_, []).append(days)
    return found


def date_after_document(papers: CaseFile) -> Iterator[Discrepancy]:
    """A document does not report what lies after its own date."""
    for datum in (*papers.submitted.values(), *papers.restated.values()):
        figure = datum.figure
        last = figure.day or (max(figure.days) if figure.days else None)
        if last is None or last <= datum.recorded.dated:
            continue
        message = Text(
            f"“{figure.name}”写到 {last}，文件日期是 {datum.recorded.dated}，还没有到那一天",
            f"{figure.id} reports {last} in a document dated {datum.recorded.dated}",
        )
        yield Discrepancy("warning", message, figure.indicator, versions(datum), sources(datum))


def one_thing_two_names(papers: CaseFile) -> Iterator[Discrepancy]:
    """A thing whose days are counted in several steps has one name in all of them."""
    named: dict[str, dict[str, StatedFigure]] = {}
    prefixes = {
        measure.prefix
        for row in papers.rubric.indicators
        for measure in measures(row.rule)
        if isinstance(measure, ShareInTime)
    }
    for id_, datum in papers.in_force.items():
        for prefix in prefixes:
            if id_.startswith(f"{prefix}-"):
                name = datum.figure.name.partition("（")[0].strip()
                named.setdefault(id_.removeprefix(f"{prefix}-"), {}).setdefault(name, datum)
    for thing, names in named.items():
        data = tuple(names.values())
        rows = {datum.figure.indicator for datum in data}
        if len(names) > 1 and len(rows) > 1:  # within one row the ends of ids may mean offices
            both = listed(f"“{name}”" for name in names)
            message = Text(
                f"同一件事用了 {len(names)} 个名称：{both.zh}",
                f"one thing, {thing}, goes by {len(names)} names: {both.en}",
            )
            row = data[0].figure.indicator
            yield Discrepancy("note", message, row, versions(*data), sources(*data))


# Goals -------------------------------------------------------------------------------------------


def actual_repeats_target(papers: CaseFile) -> Iterator[Discrepancy]:
    """What was done is not told in the words of what was to be done."""
    for datum in (*papers.submitted.values(), *papers.restated.values()):
        figure = datum.figure
        if figure.kind != "text" or not figure.target or figure.value != figure.target.value:
            continue
        message = Text(
            f"“{figure.name}”的完成情况“{figure.value}”只是重复目标，没有事实",
            f"{figure.id}: the actual “{figure.value}” only repeats the target",
        )
        yield Discrepancy("warning", message, figure.indicator, versions(datum), sources(datum))


def goal_without_grade(papers: CaseFile) -> Iterator[Discrepancy]:
    """A goal in words is graded where the standard has grades; done or not done is no grade."""
    for row in papers.rubric.indicators:
        rule = row.rule
        if not isinstance(rule, Completion):
            continue
        words = {word: counts for word, counts in rule.words.items() if word not in {"yes", "no"}}
        grades = {
            word: Decimal(counts)
            for word, counts in (rule.grades or words).items()
            if counts != LEFT_OUT
        }
        ungraded = [
            datum
            for datum in papers.goals(row.id)
            if datum.figure.target
            and datum.figure.target.sense == "described"
            and (datum.figure.value == "yes" or (rule.grades and datum.figure.value not in grades))
        ]
        if not grades or not ungraded:
            continue
        best = max(grades, key=lambda word: grades[word])
        would = rescored(
            papers, *(replace(one.figure, kind="text", value=best) for one in ungraded)
        )
        names = named(*ungraded)
        message = Text(
            f"{len(ungraded)} 个文字目标没有评级：{names.zh}；"
            f"都评最高的“{best}”（{grades[best]}%），{would.zh or '得分不变'}",
            f"goals in words without a grade ({len(ungraded)}): {names.en};"
            f" with the best one, “{best}” ({grades[best]} %), {would.en or 'nothing changes'}",
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


def goal_overshot(papers: CaseFile) -> Iterator[Discrepancy]:
    """A goal that is met counts in full, unless the standard takes something for overshooting."""
    for row in papers.rubric.indicators:
        if not isinstance(row.rule, Completion):
            continue
        for datum in papers.goals(row.id):
            alone = papers.rubric.rule_result(row, Figures([datum.figure]))
            if not met(datum.figure) or alone.score is None or alone.score == row.weight:
                continue
            step = alone.derivation[0]
            message = Text(
                f"达到目标而按标准不能计满：{step.zh}", f"met, and not counted in full: {step.en}"
            )
            yield Discrepancy("note", message, row.id, versions(datum), sources(datum))


def award_by_fewer_goals(papers: CaseFile) -> Iterator[Discrepancy]:
    """An award that the rule only gives with one goal left out suggests a miscount."""
    for row, award in papers.awards():
        result = papers.rule(row)
        if not isinstance(row.rule, Completion) or result.allows(award.score):
            continue
        goals = papers.goals(row.id)
        fitting = [
            goal
            for goal in goals
            if papers.rubric.rule_result(
                row, Figures(one.figure for one in goals if one is not goal)
            ).score
            == award.score
        ]
        if not fitting:
            continue
        message = Text(
            f"“{row.path[-1]}”核查给 {award.score}，正是 {len(goals)} 个目标少算一个时的得分"
            f"（{len(fitting)} 个中任少一个）；全部计入是 {shown(result)}",
            f"{row.id}: {award.score} is what the rule gives with one of {len(goals)} goals left"
            f" out (any of {len(fitting)}); with all of them it is {shown(result)}",
        )
        yield Discrepancy("note", message, row.id, (award.version,), (row.clause,))
