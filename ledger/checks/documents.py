"""Figures of the self-report against those of the review."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import UNSET
from msgspec.structs import replace

from ledger.checks.case_file import CaseFile, StatedFigure, amount, named, sources, versions
from ledger.checks.discrepancy import (
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
from ledger.events import DocumentRegistered, MaterialPublished
from ledger.language import Text, counted, listing
from ledger.rules.rule import Figures
from ledger.values import Figure, FigureId, IndicatorId

Pair = tuple[StatedFigure, StatedFigure]
"""One figure as the unit submitted it and as the review restates it."""


# Values ------------------------------------------------------------------------------------------


def figure_restated(case_file: CaseFile) -> Iterator[Outcome]:
    """A figure is the same in both documents.

    Numbers of another scope are other numbers: `scope_differs` reports them all at once, and here
    they count only where the rule gives another score by them, or its score rests on them alone.
    """
    differing: dict[IndicatorId, list[Pair]] = {}
    for own, theirs in case_file.both():
        before, after = own.figure, theirs.figure
        if before.value is None or after.value is None or before.kind != after.kind:
            continue
        if after.target and after.value == after.target.value and before.number is None:
            continue  # it repeats its target, which `actual_repeats_target` reports
        if same_value(before, after):
            if before.scope == after.scope:
                yield Held(_name(after), after.indicator)
        elif _tells(case_file, own, theirs):
            differing.setdefault(after.indicator, []).append((own, theirs))
    for indicator, pairs in differing.items():
        data = [datum for pair in pairs for datum in pair]
        would = rescored(
            case_file, *(own.figure for own, theirs in pairs if _same_unit(own, theirs))
        )
        told = listing(
            (
                Text(
                    f"“{theirs.figure.name}”自评 {_amount(own).zh}、核查 {_amount(theirs).zh}",
                    f"{theirs.figure.id} {_amount(own).en} submitted,"
                    f" {_amount(theirs).en} reviewed",
                )
                for own, theirs in pairs
            ),
            "，",
        )
        row = row_name(case_file.rubric.by_id[indicator])
        effect = Text(f"；按自评数据，{would.zh}", f"; as submitted, {would.en}")
        message = Text(
            f"{row.zh}：核查数据与自评不同：{told.zh}{effect.zh if would.zh else ''}",
            f"{row.en}: the review restates {told.en}{effect.en if would.en else ''}",
        )
        words = any(own.figure.number is None for own, _ in pairs)
        result = case_file.rule(case_file.rubric.by_id[indicator])
        read = any(theirs.figure.id in result.figures for _, theirs in pairs)
        undecided = read and result.missing
        severity: Severity = "warning" if words or would.zh or undecided else "note"
        yield Discrepancy(severity, message, indicator, versions(*data), sources(*data))


def same_value(before: Figure, after: Figure) -> bool:
    """Whether two figures state one value, in one unit of measure."""
    if before.number is not None and after.number is not None:
        return before.unit == after.unit and before.number == after.number
    return before.value == after.value


def _same_unit(own: StatedFigure, theirs: StatedFigure) -> bool:
    return own.figure.unit == theirs.figure.unit


def _tells(case_file: CaseFile, own: StatedFigure, theirs: StatedFigure) -> bool:
    """Whether another value means more than another scope."""
    before, after = own.figure, theirs.figure
    if before.number is None or (before.scope, before.unit) == (after.scope, after.unit):
        return True
    result = case_file.rule(case_file.rubric.by_id[after.indicator])
    if result.missing and after.id in result.figures:
        return True
    return _same_unit(own, theirs) and bool(rescored(case_file, before).zh)


def _name(figure: Figure) -> Text:
    return Text(f"“{figure.name}”", figure.id)


def _amount(datum: StatedFigure) -> Text:
    figure = datum.figure
    as_of = f"{figure.as_of}" if figure.as_of is not UNSET else ""
    about = [part for part in (figure.scope, as_of, figure.note) if part]
    much = amount(figure)
    if not about:
        return Text(much, much)
    return Text(f"{much}（{'；'.join(about)}）", f"{much} ({'; '.join(about)})")


def rescored(case_file: CaseFile, *changed: Figure, without: tuple[FigureId, ...] = ()) -> Text:
    """How the rules' results would differ with other figures; empty where they would not."""
    data = {id_: datum.figure for id_, datum in case_file.in_force.items() if id_ not in without}
    figures = Figures({**data, **{figure.id: figure for figure in changed}}.values())
    told = []
    for row in case_file.rubric.indicators:
        now, then = case_file.rule(row), case_file.rubric.rule_result(row, figures)
        if (now.lowest, now.highest) != (then.lowest, then.highest):
            silent = then.score is None and not then.missing and then.derivation
            why = then.derivation[-1] if silent else None
            name = row_name(row)
            told.append(
                Text(
                    f"{name.zh}按标准得分为 {shown(then).zh}，而非 {shown(now).zh}"
                    + (f"（{why.zh}）" if why else ""),
                    f"the rule gives {name.en} {shown(then).en} instead of {shown(now).en}"
                    + (f" ({why.en})" if why else ""),
                )
            )
    return joined(told)


# Targets -----------------------------------------------------------------------------------------


def target_changed(case_file: CaseFile) -> Iterator[Outcome]:
    """A target is the same in both documents."""
    for own, theirs in case_file.both():
        before, after = own.figure.target, theirs.figure.target
        if before is None or after is None:
            continue
        same_number = (before.sense, before.number) == (after.sense, after.number)
        if before == after or (same_number and before.number):
            yield Held(_name(theirs.figure), theirs.figure.indicator)
            continue
        would = rescored(case_file, replace(theirs.figure, target=before))
        name = _name(theirs.figure)
        was, is_ = _aim(before.sense, before.value), _aim(after.sense, after.value)
        effect = and_then(
            Text(f"按自评的目标值，{would.zh}", f"with the submitted target {would.en}")
            if would.zh
            else would
        )
        message = Text(
            f"{name.zh}：目标值自评为{was.zh}，核查为{is_.zh}{effect.zh}",
            f"{name.en}: target {was.en} submitted, {is_.en} in the review{effect.en}",
        )
        yield Discrepancy(
            "error", message, theirs.figure.indicator, versions(own, theirs), sources(own, theirs)
        )


def _aim(sense: str, value: str) -> Text:
    sign = {"at-least": "≥", "at-most": "≤", "exactly": "="}.get(sense)
    return Text(f" {sign}{value}", f"{sign}{value}") if sign else Text(f"“{value}”", f"'{value}'")


# What only one document has ----------------------------------------------------------------------


def figure_dropped(case_file: CaseFile) -> Iterator[Outcome]:
    """A value or target that the unit submitted is not blank where the review lists the figure."""
    gone: dict[IndicatorId, list[tuple[Pair, Text]]] = {}
    for own, theirs in case_file.both():
        before, after = own.figure, theirs.figure
        if before.value is not None and after.value is None:
            what = Text(f"值 {_amount(own).zh}", f"value {_amount(own).en}")
            gone.setdefault(after.indicator, []).append(((own, theirs), what))
        if before.target and after.target is None:
            aim = _aim(before.target.sense, before.target.value)
            what = Text(f"目标值{aim.zh}", f"target {aim.en}")
            gone.setdefault(after.indicator, []).append(((own, theirs), what))
    for indicator, items in gone.items():
        data = [datum for pair, _ in items for datum in pair]
        row = row_name(case_file.rubric.by_id[indicator])
        told = listing(
            (
                Text(f"“{own.figure.name}”{what.zh}", f"{own.figure.id} {what.en}")
                for (own, _), what in items
            ),
            "，",
        )
        message = Text(
            f"{row.zh}：自评所填、核查未列：{told.zh}",
            f"{row.en}: submitted and left blank in the review: {told.en}",
        )
        yield Discrepancy("warning", message, indicator, versions(*data), sources(*data))


def goal_not_printed(case_file: CaseFile) -> Iterator[Outcome]:
    """Every goal of the self-report is in the review, where the review lists goals of its row."""
    confirmed, restated = case_file.case.confirmed, case_file.case.restated
    if case_file.case.awards and not confirmed:
        yield NotJudged(
            Text(
                "核查未登记按自评确认的数据，未列出的数据是相同还是漏列未作判断",
                "no figure is recorded as confirmed by the review; whether unlisted figures are"
                " unchanged or omitted was not judged",
            )
        )
        return
    goals = [datum for datum in case_file.submitted.values() if datum.figure.target]
    shown_ = {*confirmed, *restated}
    rows = {datum.figure.indicator for datum in goals if datum.figure.id in shown_}
    rows |= {datum.figure.indicator for datum in case_file.restated.values() if datum.figure.target}
    gone: dict[IndicatorId, list[StatedFigure]] = {}
    for datum in goals:
        if datum.figure.id in shown_:
            yield Held(_name(datum.figure), datum.figure.indicator)
        elif datum.figure.indicator in rows and datum.figure.indicator in case_file.case.awards:
            gone.setdefault(datum.figure.indicator, []).append(datum)
    for indicator, data in gone.items():
        listed = Text("自评列有而核查未印的", "of the self-evaluation not printed in the review")
        yield _in_one_only(case_file, indicator, data, listed)


def goal_class_differs(case_file: CaseFile) -> Iterator[Outcome]:
    """A goal is of the same class in both documents."""
    for own, theirs in case_file.both():
        before, after = own.figure.goal_class, theirs.figure.goal_class
        if before is UNSET or after is UNSET:
            continue
        if before == after:
            yield Held(_name(theirs.figure), theirs.figure.indicator)
            continue
        message = Text(
            f"“{theirs.figure.name}”自评列为{before}，核查列为{after}",
            f"{theirs.figure.id} is '{before}' in the self-evaluation and '{after}' in the review",
        )
        yield Discrepancy(
            "note", message, theirs.figure.indicator, versions(own, theirs), sources(own, theirs)
        )


def number_with_two_titles(case_file: CaseFile) -> Iterator[Outcome]:
    """A document number belongs to one title."""
    titles: dict[str, dict[str, int]] = {}
    for version, document in case_file.of(DocumentRegistered):
        if document.number:
            titles.setdefault(document.number, {}).setdefault(document.title, version)
    for number, named_ in titles.items():
        if len(named_) == 1:
            yield Held(Text(number, number))
            continue
        told = listing(Text(f"《{title}》", f"'{title}'") for title in named_)
        message = Text(
            f"文号 {number} 有 {len(named_)} 个标题：{told.zh}",
            f"document number {number} has {len(named_)} titles: {told.en}",
        )
        yield Discrepancy("note", message, None, tuple(sorted(named_.values())), (number,))


def published_otherwise(case_file: CaseFile) -> Iterator[Outcome]:
    """What was published is what was submitted, byte by byte."""
    for version, material in case_file.of(MaterialPublished):
        document = case_file.case.documents.get(material.document or "")
        title = Text(f"《{material.title}》", f"'{material.title}'")
        if document is None or material.sha256 is None:
            yield NotJudged(
                Text(
                    f"{title.zh}：没有公开件或报送件的摘要，二者是否一致未判断",
                    f"{title.en}: no digest of what was published or of what was submitted;"
                    " whether they are the same was not judged",
                )
            )
        elif material.sha256 == document.sha256:
            yield Held(title)
        else:
            message = Text(
                f"{title.zh}（{material.place}）与所登记的《{document.title}》不一致：摘要不同",
                f"{title.en} at {material.place} is not the registered '{document.title}': the"
                " digests differ",
            )
            yield Discrepancy("warning", message, None, (version,), (document.title,))


def goal_not_submitted(case_file: CaseFile) -> Iterator[Outcome]:
    """Every goal that the review lists is in the self-report as well."""
    added: dict[IndicatorId, list[StatedFigure]] = {}
    for id_, datum in case_file.restated.items():
        if not datum.figure.target:
            continue
        if id_ in case_file.submitted:
            yield Held(_name(datum.figure), datum.figure.indicator)
        else:
            added.setdefault(datum.figure.indicator, []).append(datum)
    for indicator, data in added.items():
        listed = Text("核查列有而自评未列的", "of the review not in the self-evaluation")
        yield _in_one_only(case_file, indicator, data, listed)


def _in_one_only(
    case_file: CaseFile, indicator: IndicatorId, data: Sequence[StatedFigure], listed: Text
) -> Discrepancy:
    """That goals are in only one of the two documents, and what the rule gives without them."""
    would = rescored(case_file, without=tuple(datum.figure.id for datum in data))
    names = named(*data)
    row = row_name(case_file.rubric.by_id[indicator])
    effect = and_then(
        Text(f"不计这些，{would.zh}", f"without them {would.en}") if would.zh else would
    )
    message = Text(
        f"{row.zh}：{listed.zh}目标 {len(data)} 个：{names.zh}{effect.zh}",
        f"{row.en}: {counted(len(data), 'goal')} {listed.en}: {names.en}{effect.en}",
    )
    return Discrepancy("warning", message, indicator, versions(*data), sources(*data))


# Scopes ------------------------------------------------------------------------------------------


def scope_differs(case_file: CaseFile) -> Iterator[Outcome]:
    """Both documents speak of the same organisation. An empty scope is not a scope."""
    moved: dict[tuple[str, str], list[Pair]] = {}
    unstated = []
    for own, theirs in case_file.both():
        before, after = own.figure.scope, theirs.figure.scope
        if before and after and before != after:
            moved.setdefault((before, after), []).append((own, theirs))
        elif before and after:
            yield Held(_name(theirs.figure), theirs.figure.indicator)
        elif before or after:
            unstated.append(theirs)
    if unstated:
        names = _some(unstated)
        yield NotJudged(
            Text(
                f"{len(unstated)} 项基础数据有一方未写明统计口径，能否相比未作判断：{names.zh}",
                f"{counted(len(unstated), 'figure')} with a scope in one document only; whether"
                f" they compare was not judged: {names.en}",
            )
        )
    if not moved:
        return
    pairs = [pair for some in moved.values() for pair in some]
    data = [datum for pair in pairs for datum in pair]
    told = joined(
        Text(
            f"自评“{before}”、核查“{after}”{len(some)} 项（{_some(two for _, two in some).zh}）",
            f"'{before}' submitted, '{after}' in the review: {len(some)}"
            f" ({_some(two for _, two in some).en})",
        )
        for (before, after), some in moved.items()
    )
    message = Text(
        f"两份文件的统计口径不同，共 {len(pairs)} 项基础数据不能直接相比：{told.zh}",
        f"the documents cover different scopes; {counted(len(pairs), 'figure')} cannot be compared"
        f" directly: {told.en}",
    )
    yield Discrepancy("warning", message, None, versions(*data), sources(*data))


FEW = 3


def _some(data: Iterable[StatedFigure]) -> Text:
    """The first names, and how many there are."""
    all_ = list(data)
    names = named(*all_[:FEW])
    more = len(all_) > FEW
    return Text(names.zh + ("等" if more else ""), names.en + (", …" if more else ""))


def scope_differs_value_same(case_file: CaseFile) -> Iterator[Outcome]:
    """A number that covers another scope is another number, or it was not collected again."""
    same = []
    for own, theirs in case_file.both():
        before, after = own.figure, theirs.figure
        if before.scope and after.scope and before.scope != after.scope and before.number:
            if same_value(before, after):
                same.append((own, theirs))
            else:
                yield Held(_name(after), after.indicator)
    if not same:
        return
    data = [datum for pair in same for datum in pair]
    told = listing(
        Text(
            f"“{two.figure.name}”{two.figure.value} {two.figure.unit}".rstrip(),
            f"{two.figure.id} {two.figure.value} {two.figure.unit}".rstrip(),
        )
        for _, two in same
    )
    message = Text(
        f"统计口径变了而数值未变的 {len(same)} 项：{told.zh}",
        f"another scope, the same number ({len(same)}): {told.en}",
    )
    rows = {two.figure.indicator for _, two in same}
    only = rows.pop() if len(rows) == 1 else None
    yield Discrepancy("note", message, only, versions(*data), sources(*data))
