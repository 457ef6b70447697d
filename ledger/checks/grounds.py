"""What claims and awards rest on: figures, evidence, and reasons that fit the score."""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import chain
from typing import Final

from ledger.checks.case_file import CaseFile, amount, sources, versions
from ledger.checks.discrepancy import (
    Discrepancy,
    Held,
    Outcome,
    row_name,
    row_names,
)
from ledger.cross_checks import CrossCheck
from ledger.events import (
    AppealDecided,
    ReasonAmended,
    ResultCorrected,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
)
from ledger.language import Text, counted
from ledger.rubric import Indicator
from ledger.values import FigureId, IndicatorId


def full_marks_on_nothing(case_file: CaseFile) -> Iterator[Outcome]:
    """Full marks rest on a figure or on evidence."""
    claimed_at = {event.indicator: version for version, event in case_file.of(ScoreClaimed)}
    with_figures = {
        datum.figure.indicator
        for datum in case_file.in_force.values()
        if datum.figure.value is not None
    }
    for row in case_file.rubric.indicators:
        given = case_file.given(row)
        if given is None or given != row.weight:
            continue
        award = case_file.case.awards.get(row.id)
        stated_at = [at for at in (claimed_at.get(row.id), award and award.version) if at]
        name = row_name(row)
        read = any(datum.figure.value is not None for datum in case_file.read(row))
        claim = case_file.by_version[claimed_at[row.id]].event if row.id in claimed_at else None
        cites = bool(getattr(claim, "evidence", ()) or (award and award.evidence))
        if read or cites or row.id in with_figures:
            yield Held(name, row.id)
            continue
        message = Text(
            f"{name.zh}：满分 {given}，没有任何基础数据和佐证材料",
            f"{name.en}: full marks of {given} without any figure or evidence",
        )
        yield Discrepancy("warning", message, row.id, tuple(stated_at), (row.clause,))


def award_without_evidence(case_file: CaseFile) -> Iterator[Outcome]:
    """Every award cites evidence."""
    without = []
    for row, award in case_file.awards():
        if _cites_evidence(case_file, row.id):
            yield Held(row_name(row), row.id)
        else:
            without.append((row, award))
    if not without:
        return
    names = row_names(row for row, _ in without)
    message = Text(
        f"{len(without)} 项核查得分没有引用佐证材料：{names.zh}",
        f"{counted(len(without), 'award')} without evidence: {names.en}",
    )
    events = tuple(award.version for _, award in without)
    yield Discrepancy("warning", message, events=events)


def _cites_evidence(case_file: CaseFile, row: IndicatorId) -> bool:
    """Whether any event that has awarded the row, or amended why, cites evidence."""
    awarding: list[ScoreAdjusted | ScoreConfirmed | ResultCorrected | AppealDecided] = [
        *(event for _, event in case_file.of(ScoreAdjusted) if event.indicator == row),
        *(event for _, event in case_file.of(ScoreConfirmed) if event.indicator == row),
        *(event for _, event in case_file.of(ResultCorrected) if event.indicator == row),
    ]
    awarding += [
        event
        for _, event in case_file.of(AppealDecided)
        if any(ruling.indicator == row for ruling in event.rulings)
    ]
    amending = [event for _, event in case_file.of(ReasonAmended) if event.indicator == row]
    return any(event.evidence for event in (*awarding, *amending))


def confirmed_without_figure(case_file: CaseFile) -> Iterator[Outcome]:
    """A row that the review confirms rests on a figure that the review prints."""
    confirmed = [
        (row, award)
        for row, award in case_file.awards()
        if isinstance(case_file.by_version[award.version].event, ScoreConfirmed)
    ]
    copied, without = [], []
    for row, award in confirmed:
        if _printed_for(case_file, row, case_file.restated):
            yield Held(row_name(row), row.id)
        elif _printed_for(case_file, row, case_file.case.confirmed):
            copied.append(row)
            yield Held(row_name(row), row.id)
        else:
            without.append((row, award))
    if not without:
        return
    names, others = row_names(row for row, _ in without), row_names(copied)
    count = len(without) + len(copied)
    message = Text(
        f"核查确认的 {len(confirmed)} 项中有 {count} 项没有核查自己的数据；"
        f"{len(without)} 项没有印出任何数据：{names.zh}"
        + (f"；{len(copied)} 项只照印自评数据：{others.zh}" if copied else ""),
        f"{count} of {counted(len(confirmed), 'confirmed row')}"
        f" {'rests' if count == 1 else 'rest'} on no figure of the reviewer's own;"
        f" {len(without)} on none at all: {names.en}"
        + (f"; {len(copied)} on the unit's figures repeated: {others.en}" if copied else ""),
    )
    yield Discrepancy("note", message, events=tuple(award.version for _, award in without))


def _printed_for(case_file: CaseFile, row: Indicator, printed: Collection[FigureId]) -> bool:
    """Whether any of the printed figures is under the row or read by its rule."""
    under = {
        case_file.in_force[id_].figure.indicator for id_ in printed if id_ in case_file.in_force
    }
    return row.id in under or bool({*case_file.rule(row).figures} & {*printed})


def figures_off_the_rule(case_file: CaseFile) -> Iterator[Outcome]:
    """The numbers that a review gives for a row are among those that its rule measures."""
    printed = {*case_file.restated, *case_file.case.confirmed}
    for row, award in case_file.awards():
        measured = {*case_file.rule(row).figures, *case_file.rule(row).missing}
        numbers = [
            datum
            for id_, datum in case_file.restated.items()
            if datum.figure.indicator == row.id
            and datum.figure.number is not None
            and not any(
                id_ in _figures_read(cross_check) for cross_check in case_file.rubric.cross_checks
            )
        ]
        if not numbers or not measured:
            continue
        name = row_name(row)
        if printed & measured:
            yield Held(name, row.id)
            continue
        told = Text(
            "、".join(f"“{datum.figure.name}”{amount(datum.figure)}" for datum in numbers),
            ", ".join(f"{datum.figure.id} {amount(datum.figure)}" for datum in numbers),
        )
        message = Text(
            f"{name.zh}：核查所列{told.zh}不是标准所计的数，标准所计的数核查未列；核查得分"
            f" {award.score}",
            f"{name.en}: the review states {told.en}, which the standard does not measure, and"
            f" none of the figures that it measures; {award.score} awarded",
        )
        events = tuple(sorted({award.version, *versions(*numbers)}))
        yield Discrepancy("warning", message, row.id, events, (row.clause, *sources(*numbers)))


def _figures_read(cross_check: CrossCheck) -> set[str]:
    """The figures that a cross-check reads; what a document says of itself measures nothing."""
    fields = [getattr(cross_check, name) for name in cross_check.__struct_fields__]
    lists = [field for field in fields if isinstance(field, tuple)]
    return {word for word in (*fields, *chain(*lists)) if isinstance(word, str)}


FULL_MARKS: Final = re.compile(r"(?:得|给|计|记|评为?)满分|不(?:予)?扣分|未扣分|full marks")
NOT_SO: Final = re.compile(r"[不未没无非]\W*\w{0,2}$|not? [a-z ]{0,12}$")
TAKEN: Final = re.compile(
    r"(?<![多少漏误原])扣(?:除|减|去|了)?\s*(\d+(?:\.\d+)?)\s*分|deduct(?:ed|s)? (\d+(?:\.\d+)?)"
)
GIVEN_BACK: Final = re.compile(r"恢复|加回|补回|返还|不再|restor|give back")


def reason_against_score(case_file: CaseFile) -> Iterator[Outcome]:
    """A reason that speaks of points speaks of those that the row gets."""
    for row, award in case_file.awards():
        event = case_file.by_version[award.version].event
        if not isinstance(event, ScoreAdjusted | ScoreConfirmed):
            continue  # a correction speaks of what it changes
        words = award.justification
        lost = row.weight - award.score
        taken = [Decimal(left or other) for left, other in TAKEN.findall(words)]
        before = getattr(event, "before", row.weight)
        fitting = {lost, before - award.score}
        full = FULL_MARKS.search(words)
        name = row_name(row)
        if GIVEN_BACK.search(words):
            continue
        if taken and not fitting & {*taken, sum(taken, Decimal(0))}:
            said = "、".join(f"{points}" for points in taken)
            message = Text(
                f"{name.zh}：得扣分原因写扣 {said} 分，核查得分 {award.score}，实际扣 {lost} 分",
                f"{name.en}: the justification deducts {said}, {award.score} awarded deducts"
                f" {lost}",
            )
        elif lost > 0 and not taken and full and not NOT_SO.search(words[: full.start()]):
            message = Text(
                f"{name.zh}：得扣分原因写“{full[0]}”，核查得分 {award.score}，扣 {lost} 分",
                f"{name.en}: the justification says '{full[0]}', {award.score} awarded deducts"
                f" {lost}",
            )
        else:
            if taken or full:
                yield Held(name, row.id)
            continue
        yield Discrepancy("warning", message, row.id, (award.version,))


def evidence_cut_once(case_file: CaseFile) -> Iterator[Outcome]:
    """One file that costs a row more than its rule does is not spotless evidence for another."""
    cut: dict[str, list[tuple[Indicator, int]]] = {}
    full: dict[str, list[tuple[Indicator, int]]] = {}
    for row, award in case_file.awards():
        for sha256 in award.evidence:
            if award.score < case_file.rule(row).lowest:
                cut.setdefault(sha256, []).append((row, award.version))
            elif award.score == row.weight:
                full.setdefault(sha256, []).append((row, award.version))
    for sha256, losers in cut.items():
        for loser, at in losers:
            for winner, version in full.get(sha256, []):
                file = case_file.case.evidence.get(sha256)
                title = file.title if file else sha256
                message = Text(
                    f"同一份材料《{title}》：{row_name(loser).zh}据以扣分，{row_name(winner).zh}据"
                    "以"
                    "得满分",
                    f"one file, {title}, costs {loser.id} points and earns {winner.id} full marks",
                )
                yield Discrepancy(
                    "warning", message, loser.id, tuple(sorted((at, version))), (title,)
                )
