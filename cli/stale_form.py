"""What `apply` does with a form beside recording it: show its acts, refuse one that is stale."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cli.language import t
from cli.table import TableColumn, print_table
from intake.written_command import LocatedCommand
from ledger import terms
from ledger.case import fold
from ledger.events import Event
from ledger.ledger import Ledger
from ledger.values import Invalid

SUBJECTS = ("indicator", "item", "finding", "recommendation")
SCORES = ("score", "award", "points", "printed_total")
WORDS = ("justification", "reason", "statement", "title")


def print_acts(placed: Sequence[LocatedCommand]) -> None:
    """What the form asks to be recorded, an act a line."""
    rows = []
    for one in placed:
        fields = msgspec.to_builtins(one.envelope.command)
        # The sheet and the row; the file is the one that was named on the command line.
        place = t(one.place.zh.rpartition("工作表")[2], one.place.en.partition(",")[2])
        rows.append(
            (
                place.strip(),
                str(fields["do"]),
                _subject(fields),
                _first(fields, SCORES) or _value(fields),
                _first(fields, WORDS),
            )
        )
    print_table(
        [
            TableColumn(t(*terms.PLACE)),
            TableColumn(t(*terms.COMMAND)),
            TableColumn(t(*terms.SUBJECT)),
            TableColumn(t(*terms.ACTUAL), number=True),
            TableColumn(t(*terms.JUSTIFICATION)),
        ],
        rows,
        title=t("表里要记录的操作", "what the form asks to be recorded"),
    )


def _first(fields: dict[str, Any], keys: Sequence[str]) -> str:
    return next((str(fields[key]) for key in keys if fields.get(key)), "")


def _subject(fields: dict[str, Any]) -> str:
    if figure := fields.get("figure"):
        return str(figure["id"])
    if evidence := fields.get("evidence"):
        return _first(fields, SUBJECTS) or (
            str(evidence["title"]) if isinstance(evidence, dict) else ""
        )
    return _first(fields, SUBJECTS)


def _value(fields: dict[str, Any]) -> str:
    figure = fields.get("figure") or {}
    value, unit = figure.get("value"), figure.get("unit") or ""
    return "" if value is None else f"{value}{unit}"


def refuse_stale(
    path: Path, facts: Mapping[str, str], ledger: Ledger, placed: Sequence[LocatedCommand]
) -> None:
    """Refuse a form whose case has moved on where the form would change it.

    Raises:
        Invalid: the case scores by another rubric, or a row was changed after the form was made.
    """
    case = next((one.envelope.case for one in placed), None)
    history = ledger.history(case) if case else []
    pinned = fold(history).pinned
    if pinned is not None and facts.get("sha256") != pinned.sha256:
        raise Invalid(
            f"{path}：这张表按 {facts.get('rubric')} 生成，评价事项 {case} 用的是"
            f" {pinned.rubric}@{pinned.edition}；请重新生成",
            f"{path}: the form was made for {facts.get('rubric')}, the case {case} is scored by"
            f" {pinned.rubric}@{pinned.edition}; make the form again",
        )
    if not facts.get("version", "").isdecimal():
        return
    ours = {one.envelope.id for one in placed}
    since = [
        one for one in history if one.version > int(facts["version"]) and one.command.id not in ours
    ]
    moved = {_about(one.event): one for one in since}
    for one in placed:
        row = _about(one.envelope.command)
        if row in moved and row is not None:
            event = moved[row]
            raise Invalid(
                f"{one.place.zh}：表生成以后，{row[1]} 已被第 {event.version} 条改动过；"
                "请重新生成表",
                f"{one.place.en}: since the form was made, {row[1]} was changed by"
                f" v{event.version}; make the form again",
            )


def _about(thing: Event | object) -> tuple[str, str] | None:
    """What an act or event sets: the award of a row, its claim, a figure or a bonus item."""
    name = type(thing).__name__
    if figure := getattr(thing, "figure", None):
        return ("figure", getattr(figure, "id", figure))
    if indicator := getattr(thing, "indicator", None):
        kind = "claim" if "Claim" in name else "award"
        return (kind, indicator) if "Countersign" not in name else None
    if item := getattr(thing, "item", None):
        return ("item", item)
    return None
