"""The cross-checks between numbers that the rubric declares: sums, rates, copies, counts, growth.

Each is looked at as the unit sees its figures, and again as the reviewer does, who takes over what
the review does not restate. Where a reader states the figure and lacks another, or two units of
measure or scopes cannot be compared, the cross-check is not judged.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from ledger.checks.case_file import CaseFile, FigureView, StatedFigure, sources, versions
from ledger.checks.discrepancy import (
    NOTHING,
    Discrepancy,
    Held,
    NotJudged,
    Outcome,
    Severity,
    gravest,
    joined,
    shown,
    signed,
    to_places,
)
from ledger.checks.documents import rescored
from ledger.checks.figures import met
from ledger.cross_checks import (
    BonusIssuerCheck,
    CountCheck,
    CrossCheck,
    NetChangeCheck,
    RateCheck,
    SameValueCheck,
    SumCheck,
)
from ledger.events import BonusClaimed
from ledger.language import Text, from_to, listing
from ledger.rubric import Indicator
from ledger.rules.measure import Constant, MeasuredRule, Rate
from ledger.rules.rule import Figures
from ledger.values import Figure, FigureId, Invalid

K = TypeVar("K", bound=CrossCheck)
SPOKEN: Final = {"yes": "是", "no": "否"}
EXACT_UNITS: Final = ("元", "万元", "亿元", "%")
"""Numbers in these compare with their like only; those with measure words (台, 份) all compare."""


def seen(case_file: CaseFile, kind: type[K]) -> Iterator[tuple[K, FigureView]]:
    """The declared cross-checks of a kind with every view of the figures."""
    for cross_check in case_file.rubric.cross_checks:
        if isinstance(cross_check, kind):
            for view in case_file.views:
                yield cross_check, view


def clause_of(cross_check: CrossCheck) -> tuple[str, ...]:
    """Where the cross-check is prescribed, if the rubric says so."""
    return (cross_check.clause,) if cross_check.clause else ()


def _numbers(
    cross_check: CrossCheck, view: FigureView, *ids: FigureId
) -> list[StatedFigure] | NotJudged | None:
    """The data of number figures that compare, some of them the reader's own.

    Returns:
        `None` where the cross-check is not about this reader: the first figure is not stated, or
        none of them is the reader's own.
    """
    first = view.data.get(ids[0])
    if first is None or first.figure.number is None or not view.own & {*ids}:
        return None
    data = [view.data[id_] for id_ in ids if id_ in view.data]
    known = {datum.figure.id for datum in data if datum.figure.number is not None}
    if lacking := [id_ for id_ in ids if id_ not in known]:
        names = {datum.figure.id: datum.figure.name for datum in data}
        return _unjudged(
            cross_check,
            first,
            Text(
                f"缺少 {'、'.join(names.get(id_, id_) for id_ in lacking)}",
                f"{', '.join(lacking)} missing",
            ),
        )
    scopes = {datum.figure.scope for datum in data if datum.figure.scope}
    if len(scopes) > 1 and not {*ids} <= view.own and view.reviewed:
        told = listing(f"“{scope}”" for scope in sorted(scopes))
        return _unjudged(
            cross_check, first, Text(f"统计口径不同（{told.zh}）", "the scopes differ")
        )
    return data


def _unjudged(cross_check: CrossCheck, first: StatedFigure, why: Text) -> NotJudged:
    return NotJudged(
        Text(f"{cross_check.name}：{why.zh}", f"{first.figure.id}: {why.en}"),
        first.figure.indicator,
    )


def _comparable(data: list[StatedFigure]) -> bool:
    units = (datum.figure.unit for datum in data)
    return len({unit if unit in EXACT_UNITS else "" for unit in units}) == 1


def _held(cross_check: CrossCheck, figure: Figure) -> Held:
    """A cross-check that holds, with its number."""
    return Held(
        Text(f"{cross_check.name}：{_stated(figure)}", f"{figure.id} {_stated(figure)}"),
        figure.indicator,
    )


def _number(datum: StatedFigure) -> Decimal:
    return datum.figure.number or Decimal(0)


def _total(data: list[StatedFigure]) -> Decimal:
    return sum(map(_number, data), Decimal(0))


def _decimals(figure: Figure) -> int:
    return len((figure.value or "").partition(".")[2])


def _stated(figure: Figure, words: Mapping[str, str] | None = None) -> str:
    value = figure.value
    if words and figure.kind == "yes-no":
        value = words[value or ""]
    unit = figure.unit if figure.unit == "%" else f" {figure.unit}".rstrip()
    return f"{value}{unit}"


# Sums --------------------------------------------------------------------------------------------


class _Off(NamedTuple):
    """A sum that does not hold."""

    severity: Severity
    message: Text
    data: list[StatedFigure]
    clause: tuple[str, ...]


def sum_does_not_hold(case_file: CaseFile) -> Iterator[Outcome]:
    """A declared sum holds to the last digit; what one figure is not the sum of is one fact."""
    off: dict[FigureId, list[_Off]] = {}
    for cross_check, view in seen(case_file, SumCheck):
        data = _numbers(
            cross_check, view, cross_check.figure, *cross_check.plus, *cross_check.minus
        )
        if data is None:
            continue
        if isinstance(data, NotJudged):
            if view is case_file.views[-1]:
                yield data
            continue
        if not _comparable(data):
            yield _unjudged(
                cross_check, data[0], Text("计量单位不同", "the units of measure differ")
            )
            continue
        printed, parts = _number(data[0]), data[1:]
        more = len(cross_check.plus)
        computed = _total(parts[:more]) - _total(parts[more:])
        if printed == computed or (cross_check.relation == "at-most" and printed < computed):
            yield _held(cross_check, data[0].figure)
        else:
            off.setdefault(cross_check.figure, []).append(
                _sum_off(case_file, cross_check, view, data, computed)
            )
    for some in off.values():
        data = [datum for finding in some for datum in finding.data]
        message = joined(dict.fromkeys(finding.message for finding in some))
        places = (*sources(*data), *(clause for finding in some for clause in finding.clause))
        yield Discrepancy(
            gravest(finding.severity for finding in some),
            message,
            some[0].data[0].figure.indicator,
            versions(*data),
            places,
        )


def _sum_off(
    case_file: CaseFile,
    cross_check: SumCheck,
    view: FigureView,
    data: list[StatedFigure],
    computed: Decimal,
) -> _Off:
    figure, printed = data[0].figure, _number(data[0])
    rounded = to_places(Fraction(computed), _decimals(figure)) == printed
    would = NOTHING
    other = None if rounded else _instead(figure, computed)
    if other:
        would = rescored(case_file, other) if view.reviewed else would
        would = _and_rates(case_file, view, other, would)
    severity: Severity = "error" if _scores(case_file, figure) else "warning"
    gap = signed(printed - computed)
    terms = "+".join(cross_check.plus) + "".join(f"-{id_}" for id_ in cross_check.minus)
    sign = "≤" if cross_check.relation == "at-most" else "="
    message = Text(
        f"{cross_check.name}：所列 {_stated(figure)}，算出 {computed:f}，相差 {gap}"
        + ("（取整）" if rounded else "")
        + (f"；照算出的数，{would.zh}" if would.zh else ""),
        f"{figure.id} {sign} {terms}: {_stated(figure)} is stated, {computed:f} computed ({gap})"
        + (", rounded" if rounded else "")
        + (f"; with the computed number {would.en}" if would.en else ""),
    )
    return _Off(
        "note" if rounded else cross_check.severity or severity,
        message,
        data,
        clause_of(cross_check),
    )


def _scores(case_file: CaseFile, figure: Figure) -> bool:
    """Whether a rule reads the figure, so that its number can move a score."""
    results = (case_file.rule(row) for row in case_file.rubric.indicators)
    return any(figure.id in result.figures for result in results)


def _instead(figure: Figure, number: Decimal) -> Figure | None:
    """The figure with another number, where a figure can hold it."""
    try:
        return replace(figure, value=f"{number:f}")
    except Invalid:
        return None


def _and_rates(case_file: CaseFile, view: FigureView, other: Figure, would: Text) -> Text:
    """The same, with every declared rate that reads the other figure."""
    told = [would]
    instead = FigureView({**view.data}, view.own | {other.id}, view.reviewed)
    changed = {**instead.data, other.id: instead.data[other.id]._replace(figure=other)}
    for cross_check in case_file.rubric.cross_checks:
        if isinstance(cross_check, RateCheck) and other.id in (
            *cross_check.over,
            *cross_check.under,
        ):
            found = _rate_of(cross_check, instead._replace(data=changed))
            if isinstance(found, tuple) and cross_check.figure in view.data:
                rate = to_places(found[1], case_file.rubric.scale)
                told.append(
                    Text(f"{cross_check.name}为 {rate}%", f"{cross_check.figure} would be {rate}%")
                )
    return joined(told)


# Printed rates -----------------------------------------------------------------------------------


def _rates(
    case_file: CaseFile,
) -> Iterator[tuple[RateCheck, FigureView, list[StatedFigure], Fraction]]:
    """Every printed rate that its reader states, with the rate that its figures give."""
    for cross_check, view in seen(case_file, RateCheck):
        found = _rate_of(cross_check, view) if cross_check.figure in view.own else None
        if isinstance(found, tuple):
            yield cross_check, view, *found


def _rate_of(
    cross_check: RateCheck, view: FigureView
) -> tuple[list[StatedFigure], Fraction] | NotJudged | None:
    """The printed rate and its figures, with what they give."""
    data = _numbers(cross_check, view, cross_check.figure, *cross_check.over, *cross_check.under)
    if data is None or isinstance(data, NotJudged):
        return data
    if not _comparable(data[1:]):
        return _unjudged(cross_check, data[0], Text("计量单位不同", "the units of measure differ"))
    more = len(cross_check.over) + 1
    over, under = _total(data[1:more]), _total(data[more:])
    return (data, 100 * Fraction(over) / Fraction(under)) if under else None


def printed_rate(case_file: CaseFile) -> Iterator[Outcome]:
    """A printed rate is what its figures give, to the digits that it prints."""
    for cross_check, view in seen(case_file, RateCheck):
        found = _rate_of(cross_check, view) if cross_check.figure in view.own else None
        if isinstance(found, NotJudged) and view is case_file.views[-1]:
            yield found
    for cross_check, _, data, rate in _rates(case_file):
        figure, printed = data[0].figure, _number(data[0])
        computed = to_places(rate, max(case_file.rubric.scale, _decimals(figure)))
        if printed == computed:
            yield _held(cross_check, figure)
            continue
        rounded = to_places(rate, _decimals(figure)) == printed
        severity: Severity = "note" if rounded else cross_check.severity or "error"
        message = Text(
            f"{cross_check.name}：所印 {printed}%，算出 {computed}%"
            + ("（取整）" if rounded else ""),
            f"{figure.id}: {printed}% is printed, {computed}% computed"
            + (" (rounded)" if rounded else ""),
        )
        places = (*sources(*data), *clause_of(cross_check))
        yield Discrepancy(severity, message, figure.indicator, versions(*data), places)


def printed_rate_against_score(case_file: CaseFile) -> Iterator[Outcome]:
    """The rate that a document prints earns the score that the document gives."""
    for cross_check, view, data, _ in _rates(case_file):
        figure = data[0].figure
        row = case_file.rubric.by_id[figure.indicator]
        award = case_file.case.awards.get(row.id)
        claim = case_file.case.claims.get(row.id)
        given = (award.score if award else None) if view.reviewed else claim
        earned = _earned(case_file, row, cross_check, figure)
        if given is None or earned is None:
            continue
        if earned == given:
            yield _held(cross_check, figure)
            continue
        totals = (case_file.awarded if view.reviewed else case_file.claimed)({row.id: earned})
        who = Text("核查", "awarded") if view.reviewed else Text("自评", "claimed")
        message = Text(
            f"{cross_check.name}：按所印 {_stated(figure)}标准得分 {earned}，{who.zh}得分 {given}；"
            f"按所印比率，总分为 {totals.total}",
            f"{figure.id}: the printed {_stated(figure)} scores {earned}, {given} {who.en};"
            f" by the printed rate the total would be {totals.total}",
        )
        events = versions(data[0])
        if award and view.reviewed:
            events = (*events, award.version)
        yield Discrepancy("error", message, row.id, events, (*sources(data[0]), row.clause))


def _earned(
    case_file: CaseFile, row: Indicator, cross_check: RateCheck, figure: Figure
) -> Decimal | None:
    """What the row's rule gives for a rate, where the rule looks at just this rate."""
    rule = row.rule
    if not isinstance(rule, MeasuredRule) or not isinstance(rule.value, Rate):
        return None
    measured = rule.value
    if {*measured.over} != {*cross_check.over} or {*measured.under} != {*cross_check.under}:
        return None
    instead = replace(rule, value=Constant(value=figure.number or Decimal(0)))
    return case_file.rubric.rule_result(replace(row, rule=instead), Figures()).score


# Copies and counts -------------------------------------------------------------------------------


def copies_differ(case_file: CaseFile) -> Iterator[Outcome]:
    """One datum that several places state is the same everywhere."""
    for cross_check, view in seen(case_file, SameValueCheck):
        data = [view.data[id_] for id_ in cross_check.figures if id_ in view.data]
        data = [datum for datum in data if datum.figure.value is not None]
        values = {_comparand(datum.figure) for datum in data}
        if len(data) < 2 or not view.own & {datum.figure.id for datum in data}:  # noqa: PLR2004 - one copy cannot differ
            continue
        numbers = all(datum.figure.number is not None for datum in data)
        if len(values) == 1:
            yield _held(cross_check, data[0].figure)
            continue
        if numbers and not _comparable(data):
            yield _unjudged(
                cross_check, data[0], Text("计量单位不同", "the units of measure differ")
            )
            continue
        said = [f"“{datum.figure.name}”{_stated(datum.figure, SPOKEN)}" for datum in data]
        said_en = [f"{datum.figure.id} {_stated(datum.figure)}" for datum in data]
        would = NOTHING
        if view.reviewed and numbers:
            would = rescored(case_file, replace(data[0].figure, value=data[-1].figure.value))
        message = Text(
            f"{cross_check.name}不一致：{listing(said).zh}"
            + (f"；按后者，{would.zh}" if would.zh else ""),
            f"one datum, stated differently: {listing(said_en).en}"
            + (f"; by the last of them {would.en}" if would.en else ""),
        )
        places = (*sources(*data), *clause_of(cross_check))
        alike = len({datum.figure.scope for datum in data}) == 1
        severity: Severity = "error" if alike and numbers else "warning"
        yield Discrepancy(
            cross_check.severity or severity,
            message,
            data[0].figure.indicator,
            versions(*data),
            places,
        )


def _comparand(figure: Figure) -> Decimal | str:
    return figure.number if figure.number is not None else (figure.value or "")


def count_differs(case_file: CaseFile) -> Iterator[Outcome]:
    """As many are shown as a document says there are."""
    for cross_check, view in seen(case_file, CountCheck):
        said = view.data.get(cross_check.figure)
        if said is None or said.figure.number is None or cross_check.figure not in view.own:
            continue
        number, counted = said.figure.number, _counted(case_file, cross_check, view)
        if isinstance(counted, int):
            shown_, data = counted, [said]
        else:
            shown_, data = len(counted), [said, *counted]
        if number == shown_:
            yield _held(cross_check, said.figure)
            continue
        row = case_file.rubric.by_id[said.figure.indicator]
        fewer = NOTHING
        if cross_check.of == "goals" and not isinstance(counted, int) and number == shown_ - 1:
            fewer = _one_fewer(case_file, row, counted)
        message = Text(
            f"{cross_check.name}：所列 {number}，实有 {shown_}{fewer.zh}",
            f"{said.figure.id} states {number}, there are {shown_}{fewer.en}",
        )
        places = (*sources(*data), *clause_of(cross_check))
        severity: Severity = "error" if cross_check.of in {"goals", "goals-met"} else "warning"
        yield Discrepancy(
            cross_check.severity or severity, message, row.id, versions(*data), places
        )


def _counted(
    case_file: CaseFile, cross_check: CountCheck, view: FigureView
) -> int | list[StatedFigure]:
    """The figures that are counted, or how many rows or groups the rubric has."""
    rubric = case_file.rubric
    match cross_check.of:
        case "rows":
            return len(rubric.indicators)
        case "groups":
            first = rubric.by_id[cross_check.indicator or ""].path[0]
            return len({row.path[:2] for row in rubric.indicators if row.path[0] == first})
        case "persons":
            words = [
                word
                for check in rubric.cross_checks
                if isinstance(check, BonusIssuerCheck)
                for word in check.persons
            ]
            claims = {claim.item: claim for _, claim in case_file.of(BonusClaimed)}
            return sum(any(word in claim.title for word in words) for claim in claims.values())
        case "intervals":
            prefix = f"{cross_check.prefix}-"
            return [datum for id_, datum in view.data.items() if id_.startswith(prefix)]
        case _:
            goals = [
                datum
                for datum in view.data.values()
                if datum.figure.target and datum.figure.indicator == cross_check.indicator
            ]
            return (
                goals if cross_check.of == "goals" else [goal for goal in goals if met(goal.figure)]
            )


def _one_fewer(case_file: CaseFile, row: Indicator, goals: list[StatedFigure]) -> Text:
    """What the row would score with any one goal left out."""
    results = [
        case_file.rubric.rule_result(
            row, Figures(other.figure for other in goals if other is not goal)
        )
        for goal in goals
    ]
    ends = {end for result in results for end in (result.lowest, result.highest)}
    fewer, now = from_to(min(ends), max(ends)), shown(case_file.rule(row))
    return Text(
        f"；全部计入，按标准得分为 {now.zh}，少一个为 {fewer.zh}",
        f"; with all of them the rule gives {now.en}, with one fewer {fewer.en}",
    )


# Growth ------------------------------------------------------------------------------------------


def net_hides_parts(case_file: CaseFile) -> Iterator[Outcome]:
    """A net move does not hide larger moves of its parts against one another."""
    for cross_check, view in seen(case_file, NetChangeCheck):
        ids = (figure for part in cross_check.parts for figure in (part.first, part.last))
        data = _numbers(cross_check, view, cross_check.first, cross_check.last, *ids)
        if isinstance(data, NotJudged) and view is case_file.views[-1]:
            yield data
        if data is None or isinstance(data, NotJudged) or not _comparable(data):
            continue
        pairs = [(data[at], data[at + 1]) for at in range(0, len(data), 2)]
        net, *moves = [_number(last) - _number(first) for first, last in pairs]
        risen = max(moves) > abs(net)
        fallen = -min(moves) > abs(net)
        if not (risen and fallen):
            yield _held(cross_check, data[1].figure)
            continue
        parts = [
            f"“{last.figure.name}”{_percent(first, last)}（为期初的 {_share(first, last)}）"
            for first, last in pairs[1:]
        ]
        parts_en = [
            f"{last.figure.id} {_percent(first, last)} (to {_share(first, last)})"
            for first, last in pairs[1:]
        ]
        message = Text(
            f"{cross_check.name}：净变动 {_percent(*pairs[0])}，其中 {'，'.join(parts)}，互相抵销",
            f"the net change of {cross_check.last}, {_percent(*pairs[0])}, hides"
            f" {', '.join(parts_en)}",
        )
        row = data[0].figure.indicator
        yield Discrepancy("warning", message, row, versions(*data), sources(*data))


def _percent(first: StatedFigure, last: StatedFigure) -> str:
    start = _number(first)
    if not start:
        return signed(_number(last) - start)
    rate = 100 * (Fraction(_number(last)) - Fraction(start)) / Fraction(start)
    return f"{signed(to_places(rate, 2))}%"


def _share(first: StatedFigure, last: StatedFigure) -> str:
    """The last number as a percentage of the first, where that is not zero."""
    start = _number(first)
    if not start:
        return f"{_number(last):f}"
    return f"{to_places(100 * Fraction(_number(last)) / Fraction(start), 2)}%"


def net_printed_as_rate(case_file: CaseFile) -> Iterator[Outcome]:
    """A rate of gross changes is not, to its last digit, the net change of the total."""
    for cross_check, view in seen(case_file, NetChangeCheck):
        if cross_check.rate is None:
            continue
        data = _numbers(cross_check, view, cross_check.rate, cross_check.first, cross_check.last)
        if not isinstance(data, list) or not _comparable(data[1:]) or not _number(data[1]):
            continue
        first, last = Fraction(_number(data[1])), Fraction(_number(data[2]))
        figure, net = data[0].figure, 100 * (last - first) / first
        if not figure.number or to_places(net, _decimals(figure)) != figure.number:
            yield _held(cross_check, figure)
            continue
        message = Text(
            f"“{figure.name}”{figure.number}% 与{cross_check.name}的净变动 {to_places(net, 3)}%"
            " 相同；净变动不是该项所计的数，文件未写明其来源",
            f"{figure.id} prints {figure.number}%, the same as the net change of"
            f" {cross_check.last}, {to_places(net, 3)}%; the net change is not what this figure"
            " measures, and no document states the source",
        )
        yield Discrepancy("warning", message, figure.indicator, versions(*data), sources(*data))


def addition_not_reported(case_file: CaseFile) -> Iterator[Outcome]:
    """Where no additions are reported, no part of the total has grown."""
    for cross_check, view in seen(case_file, NetChangeCheck):
        if cross_check.additions is None:
            continue
        for part in cross_check.parts:
            data = _numbers(cross_check, view, cross_check.additions, part.first, part.last)
            if not isinstance(data, list) or not _comparable(data[1:]) or _number(data[0]):
                continue
            grown = _number(data[2]) - _number(data[1])
            figure, part_figure = data[0].figure, data[2].figure
            if grown <= 0:
                yield Held(Text(f"“{part_figure.name}”", part_figure.id), figure.indicator)
                continue
            message = Text(
                f"“{figure.name}”列为 0，而“{part_figure.name}”比年初多"
                f" {grown:f} {part_figure.unit}（{_percent(data[1], data[2])}）",
                f"{figure.id} is 0, but {part_figure.id} grew by {grown:f} {part_figure.unit}"
                f" ({_percent(data[1], data[2])})",
            )
            yield Discrepancy("warning", message, figure.indicator, versions(*data), sources(*data))
