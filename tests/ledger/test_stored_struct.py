"""What is stored is believed, what comes in is not: one struct, seen twice by the decoder."""

import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.codec import EVENTS, UnreadableEntry, canonical, decode, encode, read
from ledger.commands import Command, SubmitFigure
from ledger.envelope import belongs
from ledger.field_errors import field_errors
from ledger.stored_struct import decode_validated, validating_type
from ledger.values import Evidence, Figure, Target, Words
from tests.support.golden_files import fullest

Path = tuple[str | int, ...]

NO_ID: dict[str, object] = {"id": "No Id", "indicator": "output-goals", "name": "电梯检验数量"}

OTHER_DIGITS: Final = [
    sign for sign in map(chr, range(128, sys.maxunicode + 1)) if sign.isdecimal()
]


def forms(kind: msgspec.inspect.Type, path: Path = ()) -> Iterator[Path]:
    """Where the strings stand that must be of some form."""
    match kind:
        case msgspec.inspect.Metadata(type=inner):
            yield from forms(inner, path)
        case msgspec.inspect.StructType(fields=fields):
            for field in fields:
                yield from forms(field.type, (*path, field.encode_name))
        case msgspec.inspect.UnionType(types=types):
            for each in types:
                yield from forms(each, path)
        case msgspec.inspect.VarTupleType(item_type=item):
            yield from forms(item, (*path, 0))
        case msgspec.inspect.StrType(pattern=str()):
            yield path
        case _:
            pass


def spoiled(entry: bytes, path: Path) -> bytes:
    """The entry with a line break in place of one string, which no form allows."""
    data = json.loads(entry)
    place = data["data"]
    for step in path[:-1]:
        place = place[step]
    assert isinstance(place[path[-1]], str)
    place[path[-1]] = "\n"
    return canonical(data)


FORMS = [
    pytest.param(name, path, id=f"{name} {'.'.join(map(str, path))}")
    for name, kind in EVENTS.items()
    for path in forms(msgspec.inspect.type_info(validating_type(kind)))
]


def test_forms_are_found_in_the_parts_of_events_too() -> None:
    found = {(name, *path) for name, path in (param.values for param in FORMS)}  # type: ignore[misc]  # what stands in a param is any object

    assert ("ScoreClaimed", "indicator") in found
    assert ("FigureSubmitted", "figure", "target", "value") in found
    assert ("AppealLodged", "contests", 0, "indicator") in found
    assert ("DossierIssued", "indicator") in found
    assert ("ScoreAdjusted", "evidence", 0) in found


@pytest.mark.parametrize(("name", "path"), FORMS)
def test_every_form_is_asked_for_where_bytes_come_in_and_believed_in_the_store(
    name: str, path: Path
) -> None:
    entry = spoiled(encode(fullest(name)), path)

    with pytest.raises(UnreadableEntry):
        decode(entry)
    assert encode(read(entry)) == entry


@pytest.mark.parametrize("name", [name for name in EVENTS if belongs(name, "of-a-case")])
def test_the_store_gives_the_same_event_as_a_strict_reading(
    name: str, golden: Callable[[str], bytes]
) -> None:
    """Equal structs are of one class: none of the twins gets out."""
    entry = golden(name)

    assert read(entry) == decode(entry)
    assert repr(read(entry)) == repr(decode(entry))
    assert type(decode(entry).event) is EVENTS[name]


def test_an_event_still_says_the_whole_types_of_its_fields_where_it_is_asked() -> None:
    (name,) = (one for one in msgspec.structs.fields(validating_type(Figure)) if one.name == "name")

    assert name.type == Words
    assert validating_type(Figure) is validating_type(Figure)
    assert get_args(validating_type(tuple[Figure, ...])) == (validating_type(Figure), ...)
    assert validating_type(Figure | None) == validating_type(Figure) | None
    assert validating_type(str) is str


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Target, {"sense": "described", "value": " "}),
        (Target, {"sense": "at-least", "value": "提高"}),
        (Figure, NO_ID | {"id": "lifts", "value": "1,234"}),
        (Figure, NO_ID | {"id": "lifts", "period": "2023"}),
        (Evidence, {"sha256": "f" * 63, "title": "报告"}),
        (Figure, NO_ID),
        (SubmitFigure, {"do": "submit-figure", "figure": NO_ID}),
    ],
)
def test_what_a_decoder_lets_pass_its_strict_twin_refuses(kind: Any, data: object) -> None:  # noqa: ANN401 - any struct
    assert msgspec.convert(data, kind)
    with pytest.raises(msgspec.ValidationError):
        decode_validated(data, kind)


def test_what_comes_in_is_of_the_struct_itself_and_of_no_twin() -> None:
    data = {"do": "submit-figure", "figure": NO_ID | {"id": "lifts"}}

    assert decode_validated(data, Command) == SubmitFigure(
        Figure("lifts", "output-goals", "电梯检验数量")
    )


def test_a_command_without_parts_of_entries_has_no_twin() -> None:
    twins = {kind.__name__ for kind in get_args(Command) if validating_type(kind) is not kind}

    assert twins == {
        "SubmitFigure",
        "RestateFigure",
        "FileEvidence",
        "IssueDossier",
        "MergeEntries",
        "CarryAccount",
        "OpenCase",
    }


@given(st.sampled_from(OTHER_DIGITS), st.sampled_from(["{}", "1{}", "1{}.00", "1.{}", "-{}"]))
def test_a_number_in_digits_of_another_script_never_comes_in(digit: str, form: str) -> None:
    written = form.format(digit)
    data = {"do": "claim-score", "indicator": "output-goals", "score": written}
    assert Decimal(written).is_finite()  # Python would take it

    with pytest.raises(msgspec.ValidationError, match=r"at `\$\.score`"):
        decode_validated(data, Command)

    (fault,) = field_errors(data, Command)
    assert fault.path == ("score",)
    assert f"'{written}' is not a number. Write it with the digits 0-9" in fault.text.en


@given(st.decimals(-999, 999, places=2).map(str))
def test_a_number_in_digits_of_ours_comes_in_to_the_digit(written: str) -> None:
    data = {"do": "claim-score", "indicator": "output-goals", "score": written}

    assert str(decode_validated(data, Command).score) == written


@pytest.mark.parametrize("written", ["1_6", " 16", "16\n", "1\u00a06"])
def test_a_number_with_anything_between_its_digits_never_comes_in(written: str) -> None:
    data = {"do": "claim-score", "indicator": "output-goals", "score": written}

    with pytest.raises(msgspec.ValidationError):
        decode_validated(data, Command)
