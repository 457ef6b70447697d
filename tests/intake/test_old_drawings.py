"""Which cells of a workbook of the old format are below what is drawn over them."""

import struct

import pytest

from intake.old_drawings import DRAWING, OBJECT, TEXT, drawn

RECTANGLE, LINE, CONNECTOR, TEXT_BOX = 1, 20, 32, 202
GROUP, CHART, PICTURE, FILTER, NOTE, OTHER = 0x00, 0x05, 0x08, 0x14, 0x19, 0x1E
CLEAR, GONE = (0x1BF, 0x100000), (0x3BF, 0x20002)


def atom(kind: int, content: bytes, head: int = 0) -> bytes:
    return struct.pack("<HHI", head, kind, len(content)) + content


def container(kind: int, content: bytes, more: int = 0) -> bytes:
    """An atom that others are in, `more` bytes of them in later records."""
    return struct.pack("<HHI", 0xF, kind, len(content) + more) + content


def shape(
    *properties: tuple[int, int],
    form: int = RECTANGLE,
    place: tuple[int, ...] = (2, 0, 1, 0, 4, 9, 3, 9),
) -> bytes:
    said = b"".join(struct.pack("<HI", *one) for one in properties)
    return container(
        0xF004,
        atom(0xF00A, bytes(8), form << 4 | 2)
        + atom(0xF00B, said, len(properties) << 4 | 3)
        + atom(0xF010, struct.pack("<9H", 0, *place))
        + atom(0xF011, b""),
    )


def object_(kind: int) -> tuple[int, bytes]:
    return OBJECT, struct.pack("<HHHH", 0x15, 0x12, kind, 1) + bytes(18)


def text(length: int) -> tuple[int, bytes]:
    return TEXT, struct.pack("<10xH6x", length)


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        ((2, 0, 1, 0, 4, 9, 3, 9), (1, 2, 3, 4)),
        ((2, 0, 1, 0, 4, 0, 3, 0), (1, 2, 2, 3)),  # up to their edge
        ((2, 0, 1, 0, 2, 0, 1, 0), (1, 2, 1, 2)),
    ],
)
def test_a_shape_ends_where_its_anchor_says(
    place: tuple[int, ...], cells: tuple[int, int, int, int]
) -> None:
    assert list(drawn([(DRAWING, shape(place=place)), object_(OTHER)])) == [cells]


@pytest.mark.parametrize(
    ("record", "kind", "length", "hides"),
    [
        (shape(), OTHER, None, True),
        (shape(CLEAR), OTHER, None, False),
        (shape(CLEAR, form=TEXT_BOX), OTHER, 0, False),
        (shape(CLEAR, form=TEXT_BOX), OTHER, 4, True),
        (shape(CLEAR), PICTURE, None, True),
        (shape(CLEAR), CHART, None, True),
        (shape(form=LINE), OTHER, None, False),
        (shape(form=CONNECTOR), OTHER, None, False),
        (shape(GONE), PICTURE, None, False),
        (shape(form=TEXT_BOX), NOTE, 9, False),
        (shape(), FILTER, None, False),
        (shape(), GROUP, None, True),
    ],
)
def test_lines_frames_notes_and_buttons_of_filters_hide_nothing(
    record: bytes, kind: int, length: int | None, *, hides: bool
) -> None:
    texts = [] if length is None else [text(length)]

    assert bool(list(drawn([(DRAWING, record), object_(kind), *texts]))) is hides


def test_shapes_go_on_from_record_to_record() -> None:
    """What is in a container comes in one record for each shape, with the text between them."""
    first, second = shape(CLEAR), shape(place=(0, 0, 0, 0, 1, 0, 1, 0))
    box = atom(0xF00D, b"")
    whole = container(0xF002, container(0xF003, first, len(box + second)), len(box + second))

    records = [(DRAWING, whole), object_(OTHER), (DRAWING, box), text(2), (DRAWING, second)]

    assert list(drawn([*records, object_(OTHER)])) == [(1, 2, 3, 4), (0, 0, 0, 0)]
