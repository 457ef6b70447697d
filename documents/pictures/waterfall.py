"""The bridge as a waterfall (得分变动图): one row per step, from one total down to the other.

Rows and not columns, because names of indicators are long and there may be sixty of them.
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from documents.page import Picture, with_minus
from documents.pictures.axis import Axis, axis
from documents.pictures.svg import PHONE, Drawing, fitted
from ledger.language import Language, Say, speaker
from ledger.rubric import Rubric
from ledger.terms import STEPS
from projections import formatting
from projections.bridge import Bridge, BridgeStep

LINE: Final = 17
GAP: Final = 9
TOP: Final = 34
BOTTOM: Final = 24
ZERO: Final = Decimal(0)
MARK: Final = 10
"""Half of a number on the axis."""
STUB: Final = 28
"""From 0 to where an axis that leaves numbers out goes on."""
HIGHEST: Final = 500
"""What fits on a landscape page below its heading."""
THINNEST: Final = Decimal("1.5")
"""A step of a hundredth next to one of twenty must remain visible."""


class Layout(NamedTuple):
    """Where things are: the names left of the bars, or above them where there is no room.

    Attributes:
        labels: room for names; where it is all of `width`, they are above their bars.
        left: where the bars begin.
        right: where they end.
        lines: how many lines a name may take.
    """

    width: int
    labels: int
    left: int
    right: int
    lines: int

    @property
    def above(self) -> bool:
        """Whether names are above their bars."""
        return self.left == 0


WIDE: Final = Layout(width=860, labels=280, left=296, right=784, lines=2)
ON_PHONE: Final = Layout(width=PHONE, labels=PHONE - 76, left=0, right=PHONE - 4, lines=2)


class WaterfallBar(NamedTuple):
    """One row of the picture.

    Attributes:
        kind: `total`, `up` or `down`.
        start: the running total before it; 0 for a total.
        end: the running total after it.
        value: as printed next to it.
    """

    name: str
    kind: str
    start: Decimal
    end: Decimal
    value: str


def falls(bridge: Bridge, rubric: Rubric, language: Language, zone: tzinfo) -> list[WaterfallBar]:
    """The rows: the first total, every step, the last total; instants as in a time zone."""
    say = speaker(language)
    first, last = bridge.start.total, bridge.end.total
    rows = [
        WaterfallBar(
            formatting.point_name(bridge.start.label, language, zone),
            "total",
            ZERO,
            first,
            bridge.start.shown,
        )
    ]
    for step, after in _running(bridge):
        kind = "up" if step.delta > 0 else "down"
        name, value = step_name(step, rubric, say), with_minus(f"{step.delta:+f}")
        rows.append(WaterfallBar(name, kind, after - step.delta, after, value))
    rows.append(
        WaterfallBar(
            formatting.point_name(bridge.end.label, language, zone),
            "total",
            ZERO,
            last,
            bridge.end.shown,
        )
    )
    return rows


def _running(bridge: Bridge) -> Iterator[tuple[BridgeStep, Decimal]]:
    """Each step with the running total after it."""
    total = bridge.start.total
    for step in bridge.steps:
        total += step.delta
        yield step, total


def step_name(step: BridgeStep, rubric: Rubric, say: Say) -> str:
    """What moved, in words."""
    if step.indicator is None:
        named = {"bonus": rubric.bonus, "penalty": rubric.penalty}.get(step.kind)
        return named.name if named else say(*STEPS[step.kind])
    row = rubric.by_id.get(step.indicator)
    return row.path[-1] if row else step.indicator


def waterfall(bridge: Bridge, rubric: Rubric, language: Language, zone: tzinfo) -> list[Picture]:
    """The picture, in as many parts on one axis as pages need, and in words what each shows."""
    rows = falls(bridge, rubric, language, zone)
    parts = list(_parts(rows))
    title = speaker(language)(
        f"得分变动 {rows[0].value} → {rows[-1].value}", f"bridge {rows[0].value} → {rows[-1].value}"
    )
    return [
        _part(
            part,
            rows,
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
        if part and height + _height(row, WIDE) > HIGHEST:
            yield part
            part, height = [], TOP
        part.append(row)
        height += _height(row, WIDE)
    yield part


def _part(
    part: list[WaterfallBar], rows: list[WaterfallBar], title: str, name: str, language: Language
) -> Picture:
    description = speaker(language)("；", "; ").join(f"{row.name} {row.value}" for row in part)
    (svg, height), (narrow, _) = (
        _drawn(part, _scale(rows, layout), layout, (name_in, title, description), language)
        for layout, name_in in ((WIDE, name), (ON_PHONE, f"{name}-narrow"))
    )
    words = f"{title}{speaker(language)('：', ': ')}{description}"
    return Picture(svg, narrow, (WIDE.width, height), words)


def _scale(rows: list[WaterfallBar], layout: Layout) -> Axis:
    """The axis of all rows, broken where it leaves out what is between 0 and the smallest."""
    numbers = running_totals(rows)
    scale = axis(numbers, layout.left, layout.right - layout.left)
    if scale.low <= 0:
        return scale
    return axis(numbers, layout.left + STUB, layout.right - layout.left - STUB)


def running_totals(rows: Sequence[WaterfallBar]) -> list[Decimal]:
    """The numbers that an axis must have room for: a total may begin left of it, at 0."""
    steps = [row.start for row in rows if row.kind != "total"]
    return [*steps, *(row.end for row in rows)]


def _drawn(
    part: list[WaterfallBar],
    scale: Axis,
    layout: Layout,
    names: tuple[str, str, str],
    language: Language,
) -> tuple[str, int]:
    """The picture in a layout, and its height."""
    name, title, description = names
    drawing = Drawing(name, layout.width)
    height = TOP + sum(_height(row, layout) for row in part)
    _grid(drawing, scale, layout, height)
    y = TOP
    for index, row in enumerate(part):
        below = y + _height(row, layout)
        _fall(drawing, scale, layout, row, y)
        if index + 1 < len(part) and not layout.above:
            drawing.line(scale.x(row.end), below - GAP, scale.x(row.end), below, "link")
        y = below
    if scale.low > 0:
        low = f"{scale.low.normalize():f}"
        words = speaker(language)(
            f"横轴断开：0至{low}未按比例画出",
            f"broken axis: what is between 0 and {low} is not drawn to scale",
        )
        drawing.text(layout.left, height + 16, words, kind="faint")
        height += BOTTOM
    return drawing.svg(height, title, description), height


def _lines(row: WaterfallBar, layout: Layout) -> list[str]:
    return fitted(row.name, layout.labels, layout.lines)


def _height(row: WaterfallBar, layout: Layout) -> int:
    return (len(_lines(row, layout)) + layout.above) * LINE + GAP


def _grid(drawing: Drawing, scale: Axis, layout: Layout, height: int) -> None:
    for mark in scale.marks:
        x = scale.x(mark)
        drawing.line(x, TOP - 8, x, height)
        anchor = "end" if x + MARK > layout.width else "middle"
        drawing.text(x, TOP - 14, f"{mark.normalize():f}", kind="faint", anchor=anchor)
    if scale.low > 0:
        drawing.line(layout.left, TOP - 8, layout.left, height)
        drawing.text(layout.left, TOP - 14, "0", kind="faint")
        drawing.torn(layout.left + STUB // 2, TOP - 11, 6)


def _fall(drawing: Drawing, scale: Axis, layout: Layout, row: WaterfallBar, y: int) -> None:
    lines = _lines(row, layout)
    for index, line in enumerate(lines):
        at = (0, "start") if layout.above else (layout.labels, "end")
        drawing.text(at[0], y + 13 + index * LINE, line, anchor=at[1])
    drawing.text(layout.width, y + 13, row.value, anchor="end")
    torn = row.kind == "total" and scale.low > 0
    start = layout.left if torn else scale.x(row.start)
    left, right = sorted((Decimal(start), scale.x(row.end)))
    top = y + len(lines) * LINE if layout.above else y
    bar = _height(row, layout) - GAP - (top - y)
    drawing.bar(left, top, max(right - left, THINNEST), bar, row.kind, f"{row.name} {row.value}")
    if torn:
        drawing.torn(layout.left + STUB // 2, top, bar)
