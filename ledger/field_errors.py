"""Everything that is wrong with data that should be a struct; `msgspec` stops at the first.

The walk follows the types of the fields, so each fault has its exact place, and names what is
allowed there: the fields of a table, the shapes of a rule, the words of a choice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, ValidationError
from msgspec.structs import FieldInfo, fields

from ledger.language import Text
from ledger.stored_struct import refuse_other_digits
from ledger.toml_lines import Path
from ledger.values import Invalid, exact, explained

_WORDS_OR_NUMBER: Final = re.compile(r"\^\(?(?P<words>[a-z|-]*)\\d\+\(\\\.\\d\+\)\?\)?\\Z\Z")


@dataclass(frozen=True)
class UnquotedNumber:
    """A number with a point or an exponent that stands in a file without quotes, as written."""

    text: str


class FieldError(NamedTuple):
    """One thing that is wrong, and where."""

    path: Path
    text: Text


def field_errors(data: object, kind: Any, path: Path = ()) -> list[FieldError]:  # noqa: ANN401 - any annotation
    """All that keeps data from being of a kind, in the order of the data.

    A table is only asked whether it makes sense as a whole once its parts do.
    """
    found = list(_inside(data, kind, path))
    return found or list(_as_a_whole(data, kind, path))


def _inside(data: object, kind: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - the same
    plain = _plain(kind)
    structs = [alternative for alternative in _alternatives(plain) if _is_struct(alternative)]
    lists = [
        alternative for alternative in _alternatives(plain) if get_origin(alternative) is tuple
    ]
    if isinstance(data, UnquotedNumber):
        yield FieldError(path, _unquoted(data.text))
    elif isinstance(data, dict) and structs:
        yield from _table(data, structs, path)
    elif isinstance(data, dict) and get_origin(plain) is dict:
        for key, value in data.items():
            yield from field_errors(value, get_args(plain)[1], (*path, key))
    elif isinstance(data, list) and lists:
        for index, value in enumerate(data):
            yield from field_errors(value, get_args(lists[0])[0], (*path, index))


def _as_a_whole(data: object, kind: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - the same
    try:
        value = msgspec.convert(data, kind)
        if isinstance(value, str) and not value.isascii() and _is_written_number(kind):
            raise ValidationError("Invalid decimal string")
        if isinstance(value, Decimal):
            exact(value)
            refuse_other_digits(data, value, "")
    except Invalid as error:
        yield FieldError(path, error.text)
    except ValidationError as error:
        # A struct that refuses its parts as a whole may know which of them is wrong.
        field = error.__cause__.field if isinstance(error.__cause__, Invalid) else ""
        yield FieldError((*path, field) if field else path, _why(data, kind, error))


def _table(
    data: dict[str, object], structs: list[type[Struct]], path: Path
) -> Iterator[FieldError]:
    config = structs[0].__struct_config__
    struct = structs[0]
    if field := config.tag_field:
        tags = dict(sorted((str(one.__struct_config__.tag), one) for one in structs))
        tag = data.get(field)
        if tag is None:
            yield FieldError(path, _lacks(field, f"（{_listed(tags)}）", f" ({_listed(tags)})"))
            return
        if not isinstance(tag, str) or tag not in tags:
            yield FieldError((*path, field), _not_one_of(tag, tags))
            return
        struct = tags[tag]
    known = {one.encode_name: one for one in fields(struct)}
    for key, value in data.items():
        if key in known:
            yield from field_errors(value, known[key].type, (*path, key))
        elif key != config.tag_field:
            yield FieldError((*path, key), _unknown(key, known))
    for key, one in known.items():
        if one.required and key not in data:
            yield FieldError(path, _lacks(key))


def _plain(kind: Any) -> Any:  # noqa: ANN401 - the same
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _alternatives(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the same
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _choice(kind: Any) -> list[str]:  # noqa: ANN401 - the same
    """The words that a kind allows, where it is made of words: a choice or a short pattern."""
    plain = [_plain(alternative) for alternative in _alternatives(_plain(kind))]
    words = [word for one in plain if get_origin(one) is Literal for word in get_args(one)]
    if words and int in plain:
        return ["0, 1, 2 …", *words]
    return words or _pattern_words(kind)


def _is_written_number(kind: Any) -> bool:  # noqa: ANN401 - the same
    """Whether a text of the kind is a number, or words of ours in its place."""
    metas = [one for one in getattr(kind, "__metadata__", ()) if isinstance(one, Meta)]
    return any("\\d" in (meta.pattern or "") for meta in metas)


def _pattern_words(kind: Any) -> list[str]:  # noqa: ANN401 - the same
    """`no-score` and a number, of a pattern that allows these two."""
    metas = [one for one in getattr(kind, "__metadata__", ()) if isinstance(one, Meta)]
    match = next((_WORDS_OR_NUMBER.match(meta.pattern or "") for meta in metas), None)
    return [*filter(None, (match["words"] or "").split("|")), '"12.5"'] if match else []


def _why(data: object, kind: Any, error: ValidationError) -> Text:  # noqa: ANN401 - the same
    text = explained(error)
    if isinstance(data, dict | list) or isinstance(error.__cause__, Invalid):
        return text
    if isinstance(data, int) and not isinstance(data, bool) and "`str`" in str(error):
        return _unquoted(str(data))
    if words := _choice(kind):
        return _not_one_of(data, words)
    shown = str(data).lower() if isinstance(data, bool) else str(data)
    return Text(f"写的是“{shown}”；{text.zh}", f"“{shown}” is written; {text.en}")


def _unquoted(number: str) -> Text:
    return Text(
        f'{number} 没有加引号；请写成 "{number}"', f'{number} is not in quotes; write "{number}"'
    )


def _not_one_of(value: object, allowed: Any) -> Text:  # noqa: ANN401 - any words
    return Text(
        f"不认识“{value}”；可用：{_listed(allowed)}",
        f"“{value}” is unknown; allowed: {_listed(allowed)}",
    )


def _unknown(key: str, known: dict[str, FieldInfo]) -> Text:
    return Text(
        f"没有字段 {key}；可用：{_listed(known)}",
        f"there is no field {key}; allowed: {_listed(known)}",
    )


def _lacks(key: str, zh: str = "", en: str = "") -> Text:
    return Text(f"缺少字段 {key}{zh}", f"the field {key} is missing{en}")


def _listed(words: Any) -> str:  # noqa: ANN401 - any words
    return ", ".join(words)
