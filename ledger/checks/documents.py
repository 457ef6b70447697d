"""Figures of the self-report against those of the review."""

from collections.abc import Iterator

from msgspec.structs import replace

from ledger.checks.case_file import CaseFile, StatedFigure, named, sources, versions
from ledger.checks.discrepancy import Discrepancy, shown
from ledger.language import Text
from ledger.rules.rule import Figures
from ledger.values import Figure, FigureId, IndicatorId


def figure_restated(papers: CaseFile) -> Iterator[Discrepancy]:
    """A figure is the same in both documents."""
    for own, theirs in papers.both():
        before, after = own.figure, theirs.figure
        if before.value is None or after.value is None or before.kind != after.kind:
            continue
        if _same_value(before, after):
            continue
        like = (before.unit, before.scope) == (after.unit, after.scope)
        effect = _effect(papers, own.figure) if before.unit == after.unit else Text("", "")
        message = Text(
            f"“{after.name}”自评填 {_amount(own).zh}，核查列 {_amount(theirs).zh}{effect.zh}",
            f"{after.id}: {_amount(own).en} was submitted, the review has {_amount(theirs).en}"
            f"{effect.en}",
        )
        yield Discrepancy(
            "warning" if like else "note",
            message,
            after.indicator,
            versions(own, theirs),
            sources(own, theirs),
        )


def _same_value(before: Figure, after: Figure) -> bool:
    if before.number is not None and after.number is not None:
        return before.unit == after.unit and before.number == after.number
    return before.value == after.value


def _amount(datum: StatedFigure) -> Text:
    figure = datum.figure
    about = [part for part in (figure.scope, figure.note) if part]
    unit = figure.unit if figure.unit == "%" else f" {figure.unit}".rstrip()
    amount = f"{figure.value}{unit}"
    if not about:
        return Text(amount, amount)
    return Text(f"{amount}（{'；'.join(about)}）", f"{amount} ({'; '.join(about)})")


def rescored(papers: CaseFile, *changed: Figure, without: tuple[FigureId, ...] = ()) -> Text:
    """How the rules' results would differ with other figures; empty where they would not."""
    data = {id_: datum.figure for id_, datum in papers.in_force.items() if id_ not in without}
    figures = Figures({**data, **{figure.id: figure for figure in changed}}.values())
    zh, en = [], []
    for row in papers.rubric.indicators:
        now, then = papers.rule(row), papers.rubric.rule_result(row, figures)
        if (now.lowest, now.highest) != (then.lowest, then.highest):
            silent = then.score is None and not then.missing and then.derivation
            why = then.derivation[-1] if silent else None
            zh.append(
                f"“{row.path[-1]}”按标准得 {shown(then)}，不是 {shown(now)}"
                + (f"（{why.zh}）" if why else "")
            )
            en.append(
                f"{row.id} would get {shown(then)} by the rule, not {shown(now)}"
                + (f" ({why.en})" if why else "")
            )
    return Text("；".join(zh), "; ".join(en))


def _effect(papers: CaseFile, figure: Figure) -> Text:
    """What the figures would score with another one in the place of its namesake."""
    would = rescored(papers, figure)
    return Text(f"；照自评的数，{would.zh}", f"; as submitted, {would.en}") if would.zh else would


def target_changed(papers: CaseFile) -> Iterator[Discrepancy]:
    """A target is the same in both documents."""
    for own, theirs in papers.both():
        before, after = own.figure.target, theirs.figure.target
        if before is None or after is None or before == after:
            continue
        if (before.sense, before.number) == (after.sense, after.number) and before.number:
            continue
        would = rescored(papers, replace(theirs.figure, target=before))
        name, id_ = theirs.figure.name, theirs.figure.id
        was, is_ = _aim(before.sense, before.value), _aim(after.sense, after.value)
        message = Text(
            f"“{name}”的目标自评是{was.zh}，核查列为{is_.zh}"
            + (f"；照原目标，{would.zh}" if would.zh else ""),
            f"{id_}: the target was {was.en}, the review has {is_.en}"
            + (f"; with the first target {would.en}" if would.en else ""),
        )
        yield Discrepancy(
            "error", message, theirs.figure.indicator, versions(own, theirs), sources(own, theirs)
        )


def _aim(sense: str, value: str) -> Text:
    sign = {"at-least": "≥", "at-most": "≤", "exactly": "="}.get(sense)
    return Text(f" {sign}{value}", f"{sign}{value}") if sign else Text(f"“{value}”", f"“{value}”")


def figure_dropped(papers: CaseFile) -> Iterator[Discrepancy]:
    """A figure or target that the unit submitted is not gone in the review."""
    for own, theirs in papers.both():
        gone = []
        if own.figure.value is not None and theirs.figure.value is None:
            gone.append(Text(f"值 {own.figure.value}", f"the value {own.figure.value}"))
        if own.figure.target and theirs.figure.target is None:
            aim = _aim(own.figure.target.sense, own.figure.target.value)
            gone.append(Text(f"目标{aim.zh}", f"the target {aim.en}"))
        for what in gone:
            message = Text(
                f"“{own.figure.name}”自评所填的{what.zh}，核查没有列出",
                f"{own.figure.id}: {what.en} was submitted and is missing in the review",
            )
            places = sources(own, theirs)
            yield Discrepancy(
                "warning", message, own.figure.indicator, versions(own, theirs), places
            )


def goal_not_submitted(papers: CaseFile) -> Iterator[Discrepancy]:
    """Every goal that the review lists stands in the self-report, too."""
    added: dict[IndicatorId, list[StatedFigure]] = {}
    for id_, datum in papers.restated.items():
        if datum.figure.target and id_ not in papers.submitted:
            added.setdefault(datum.figure.indicator, []).append(datum)
    for indicator, data in added.items():
        would = rescored(papers, without=tuple(datum.figure.id for datum in data))
        names = named(*data)
        message = Text(
            f"核查列有 {len(data)} 个目标，自评没有列：{names.zh}"
            + (f"；不计这些，{would.zh}" if would.zh else ""),
            f"goals of the review that the self-report leaves out ({len(data)}): {names.en}"
            + (f"; without them {would.en}" if would.en else ""),
        )
        yield Discrepancy("warning", message, indicator, versions(*data), sources(*data))


def scope_differs(papers: CaseFile) -> Iterator[Discrepancy]:
    """Both documents speak of the same organisation."""
    moved: dict[tuple[IndicatorId, str, str], list[tuple[StatedFigure, StatedFigure]]] = {}
    for own, theirs in papers.both():
        # A scope that a document does not state is not another scope.
        if own.figure.scope and theirs.figure.scope not in {"", own.figure.scope}:
            key = (theirs.figure.indicator, own.figure.scope, theirs.figure.scope)
            moved.setdefault(key, []).append((own, theirs))
    for (indicator, before, after), pairs in moved.items():
        data = [datum for pair in pairs for datum in pair]
        names = named(*(theirs for _, theirs in pairs))
        message = Text(
            f"范围不同：自评是“{before}”，核查是“{after}”，涉及 {len(pairs)} 个指标值：{names.zh}",
            f"the scope differs: “{before}” in the self-report, “{after}” in the review"
            f" ({len(pairs)}: {names.en})",
        )
        yield Discrepancy("warning", message, indicator, versions(*data), sources(*data))


def scope_differs_value_same(papers: CaseFile) -> Iterator[Discrepancy]:
    """A number that covers another scope is another number, or it was not collected again."""
    for own, theirs in papers.both():
        before, after = own.figure, theirs.figure
        stated = before.scope and after.scope
        if not stated or before.scope == after.scope or not before.number:
            continue
        if not _same_value(before, after):
            continue
        message = Text(
            f"“{after.name}”的范围由“{before.scope}”变为“{after.scope}”，数却仍是"
            f" {after.value} {after.unit}".rstrip(),
            f"{after.id}: the scope went from “{before.scope}” to “{after.scope}”, the number is"
            f" still {after.value} {after.unit}".rstrip(),
        )
        yield Discrepancy(
            "note", message, after.indicator, versions(own, theirs), sources(own, theirs)
        )
