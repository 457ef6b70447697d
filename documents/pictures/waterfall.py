"""The bridge as a waterfall (得分变动图): one row a step, from one total down to the other.

Rows and not columns, because names of indicators are long and there may be sixty of them.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Picture
from documents.pictures.axis import Axis, axis
from documents.pictures.svg import Drawing, fitted
from ledger.language import Language, Say, speaker
from ledger.rubric import Rubric
from ledger.terms import STEPS
from projections import formatting
from projections.bridge import Bridge, BridgeStep

WIDTH: Final = 860
LABELS: Final = 280
VALUES: Final = 76
LINE: Final = 17
GAP: Final = 9
TOP: Final = 34
HIGHEST: Final = 500
"""What fits on a landscape page below its heading."""
THINNEST: Final = Decimal("1.5")
"""A step of a hundredth beside one of twenty is still to be seen."""


class WaterfallBar(NamedTuple):
    """One row of the picture.

    Attributes:
        kind: `total`, `up` or `down`.
        start: the running total before it; for a total the left end of the axis.
        end: the running total after it.
        value: as printed beside it.
    """

    name: str
    kind: str
    start: Decimal
    end: Decimal
    value: str


def falls(bridge: Bridge, rubric: Rubric, language: Language) -> list[WaterfallBar]:
    """The rows: the first total, every step, the last total."""
    say = speaker(language)
    first, last = bridge.start.total, bridge.end.total
    least = min([first, last, *(after for _, after in _running(bridge))])
    rows = [WaterfallBar(_end_name(bridge.start.label, say), "total", least, first, f"{first:f}")]
    for step, after in _running(bridge):
        kind = "up" if step.delta > 0 else "down"
        name = step_name(step, rubric, say)
        rows.append(WaterfallBar(name, kind, after - step.delta, after, f"{step.delta:+f}"))
    rows.append(WaterfallBar(_end_name(bridge.end.label, say), "total", least, last, f"{last:f}"))
    return rows


def _running(bridge: Bridge) -> Iterator[tuple[BridgeStep, Decimal]]:
    """Each step with the running total after it."""
    total = bridge.start.total
    for step in bridge.steps:
        total += step.delta
        yield step, total


def _end_name(label: str, say: Say) -> str:
    names = {
        "self": say("自评", "self-evaluation"),
        "draft": say("征求意见稿", "draft"),
        "issued": say("印发", "issued"),
        "final": say("现在", "final"),
    }
    return names.get(label, label)


def step_name(step: BridgeStep, rubric: Rubric, say: Say) -> str:
    """What moved, in words."""
    if step.indicator is None:
        return say(*STEPS[step.kind])
    row = rubric.by_id.get(step.indicator)
    return row.path[-1] if row else step.indicator


def waterfall(bridge: Bridge, rubric: Rubric, language: Language) -> list[Picture]:
    """The picture, in as many parts on one axis as pages need, and in words what each shows."""
    rows = falls(bridge, rubric, language)
    numbers = [number for row in rows for number in (row.start, row.end)]
    scale = axis(numbers, LABELS + 16, WIDTH - LABELS - 16 - VALUES)
    parts = list(_parts(rows))
    title = speaker(language)(
        f"得分变动 {rows[0].value} → {rows[-1].value}", f"bridge {rows[0].value} → {rows[-1].value}"
    )
    return [
        _part(
            part,
            scale,
            formatting.aside(title, f"{number}/{len(parts)}" if len(parts) > 1 else "", language),
            f"waterfall-{number}",
            language,
        )
        for number, part in enumerate(parts, 1)
    ]


def _parts(rows: list[WaterfallBar]) -> Iterator[list[WaterfallBar]]:
    """The rows in runs that fit a page."""
    part: list[WaterfallBar] = []
    height = TOP
    for row in rows:
        if part and height + _height(_lines(row)) > HIGHEST:
            yield part
            part, height = [], TOP
        part.append(row)
        height += _height(_lines(row))
    yield part


def _part(
    rows: list[WaterfallBar], scale: Axis, title: str, name: str, language: Language
) -> Picture:
    say = speaker(language)
    drawing = Drawing(name, WIDTH)
    height = TOP + sum(_height(_lines(row)) for row in rows)
    _grid(drawing, scale, height)
    y = TOP
    for index, row in enumerate(rows):
        below = y + _height(_lines(row))
        _fall(drawing, scale, row, y)
        if index + 1 < len(rows):
            drawing.line(scale.x(row.end), below - GAP, scale.x(row.end), below, "link")
        y = below
    if scale.low != 0:
        low = f"{scale.low.normalize():f}"
        words = say(f"横轴从 {low} 起", f"the axis begins at {low}")
        drawing.text(scale.left, height + 16, words, kind="faint")
        height += 24
    description = say("；", "; ").join(f"{row.name} {row.value}" for row in rows)
    return Picture(
        drawing.svg(height, title, description), f"{title}{say('：', ': ')}{description}"
    )


def _lines(row: WaterfallBar) -> list[str]:
    return fitted(row.name, LABELS, 2)


def _height(lines: list[str]) -> int:
    return len(lines) * LINE + GAP


def _grid(drawing: Drawing, scale: Axis, height: int) -> None:
    for mark in scale.marks:
        x = scale.x(mark)
        drawing.line(x, TOP - 8, x, height)
        drawing.text(x, TOP - 14, f"{mark.normalize():f}", kind="faint", anchor="middle")


def _fall(drawing: Drawing, scale: Axis, row: WaterfallBar, y: int) -> None:
    lines = _lines(row)
    for index, line in enumerate(lines):
        drawing.text(LABELS, y + 13 + index * LINE, line, anchor="end")
    start = scale.low if row.kind == "total" else row.start
    left, right = sorted((scale.x(start), scale.x(row.end)))
    width = max(right - left, THINNEST)
    drawing.bar(left, y, width, _height(lines) - GAP, row.kind, f"{row.name} {row.value}")
    drawing.text(WIDTH, y + 13, row.value, anchor="end")
