"""Parts of entries, which are believed where they are read and looked at where they come in.

What the store holds is read far more often than written, and matching every string in it against
its pattern once more took half of the time of reading it. So `msgspec` is shown less of a
`StoredStruct` than its fields say, and the whole of it, as `strict`, only where something comes in.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Struct, defstruct

_WHOLE: Final[dict[type[Struct], dict[str, Any]]] = {}

# `Decimal` reads digits of every script, white space and underscores as well. Letters are left to
# the rules, which refuse exponents and what is not a number, with a message.
_IN_ASCII: Final = re.compile(r"[0-9A-Za-z.+-]+")


class StoredStruct(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A part of an entry. A decoder for it sees `str` where a field says `IndicatorId`.

    What only its fields together can say, a method `refuse_nonsense` looks at; it is asked, as the
    forms of strings are, of what comes in and not of what is read again.

    Nothing in it can refer back to it, so the garbage collector need not look at it.
    """

    def __init_subclass__(cls) -> None:
        inherited = (_WHOLE[base] for base in cls.__bases__ if base in _WHOLE)
        _WHOLE[cls] = reduce(or_, inherited, {}) | cls.__annotations__
        # As `typing.get_type_hints`, which takes a fiftieth of a whole command for all events.
        cls.__annotations__ = {name: _bare(kind) for name, kind in _WHOLE[cls].items()}


@cache
def _bare(kind: Any) -> Any:  # noqa: ANN401 - any annotation
    """A type without what `Annotated` adds to it and to its parts."""
    return _bare(kind.__origin__) if get_origin(kind) is Annotated else _of_parts(kind, _bare)


def _of_parts(kind: Any, made: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - any annotation
    """A union or a tuple of what is made of its parts; another type as it is."""
    origin, parts = get_origin(kind), tuple(map(made, get_args(kind)))
    if origin in {Union, UnionType}:
        return reduce(or_, parts)
    return origin[parts] if origin is tuple else kind


@cache
def left_out(kind: type[Struct]) -> frozenset[str]:
    """The fields of a struct that are not written where they have no value."""
    omits_defaults = kind.__struct_config__.omit_defaults
    return frozenset(
        field.name
        for field in msgspec.structs.fields(kind)
        if field.default is UNSET or (omits_defaults and not field.required)
    )


def decode_validated(data: object, kind: Any) -> Any:  # noqa: ANN401 - any annotation, and what it makes
    """What `msgspec.convert` returns for plain data that comes in.

    Raises:
        msgspec.ValidationError: it is not of the kind, some string is not of its form, or a number
            is written with anything but the digits 0-9.
    """
    msgspec.convert(data, validating_type(kind))
    value = msgspec.convert(data, kind)
    refuse_other_digits(data, value)
    return value


def refuse_other_digits(data: object, value: object, path: str = "$") -> None:
    """Refuse numbers in other digits. What is recorded already is never asked: it stays readable.

    Args:
        data: what came in.
        value: what `msgspec.convert` made of it.
        path: where it is, as `msgspec` states it.

    Raises:
        msgspec.ValidationError: a text that became a `Decimal` has other signs; says where.
    """
    match value:
        case Decimal() if isinstance(data, str) and not _IN_ASCII.fullmatch(data):
            raise msgspec.ValidationError(f"Invalid decimal string{path and f' - at `{path}`'}")
        case Struct() if isinstance(data, dict):
            for name in value.__struct_fields__:
                refuse_other_digits(data.get(name), getattr(value, name), f"{path}.{name}")
        case tuple() if isinstance(data, list | tuple):
            for index, (written, part) in enumerate(zip(data, value, strict=True)):
                refuse_other_digits(written, part, f"{path}[{index}]")
        case _:
            pass


@cache
def validating_type(kind: Any) -> Any:  # noqa: ANN401 - any annotation
    """A type as `msgspec` must see it where something comes in: with the forms of all strings.

    A struct with a `StoredStruct` one in it has a twin, a subclass, for looking only: what it makes
    is not equal to what the struct itself makes, and is thrown away.
    """
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _twin(kind)
    return _of_parts(kind, validating_type)


@cache
def _twin(kind: type[Struct]) -> type[Struct]:
    seen = kind.__annotations__ if kind in _WHOLE else get_type_hints(kind, include_extras=True)
    whole = {name: validating_type(each) for name, each in _WHOLE.get(kind, seen).items()}
    if whole == seen:
        return kind
    words = {"__doc__": kind.__doc__}
    if refuse_nonsense := getattr(kind, "refuse_nonsense", None):
        words["__post_init__"] = refuse_nonsense
    twin = defstruct(kind.__name__, (), bases=(kind,), module=kind.__module__, namespace=words)
    twin.__annotations__ = whole
    return twin
