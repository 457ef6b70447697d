"""Everything that is wrong with data that should be a struct; `msgspec` stops at the first.

The walk follows the types of the fields, so each fault has its exact place, and names what is
allowed there: the fields of a table, the shapes of a rule, the words of a choice.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, ValidationError
from msgspec.structs import FieldInfo, fields

from ledger import right_form
from ledger.language import Text
from ledger.stored_struct import refuse_other_digits
from ledger.values import FORM, WORDS, Invalid, exact

Path = tuple[str | int, ...]
"""The keys and positions (from 0) that lead to a value: `("indicator", 2, "rule", "points")`."""


class UnquotedNumber(Struct, frozen=True):
    """A number with a point or an exponent that is in a file without quotes, as written."""

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
    elif isinstance(data, list | tuple) and lists:
        for index, value in enumerate(data):
            yield from field_errors(value, get_args(lists[0])[0], (*path, index))


def _as_a_whole(data: object, kind: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - the same
    try:
        value = msgspec.convert(data, kind)
        if isinstance(value, str) and not value.isascii() and _said(kind, WORDS) is not None:
            raise ValidationError
        if isinstance(value, Decimal):
            refuse_other_digits(data, value, "")
            exact(value)
        if refuse_nonsense := getattr(value, "refuse_nonsense", None):
            refuse_nonsense()
    except Invalid as error:
        yield FieldError((*path, error.field) if error.field else path, error.text)
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
        tags = dict(sorted((str(struct.__struct_config__.tag), struct) for struct in structs))
        tag = data.get(field)
        if tag is None:
            yield FieldError(path, _lacks(field, f"（{_listed(tags)}）", f" ({_listed(tags)})"))
            return
        if not isinstance(tag, str) or tag not in tags:
            yield FieldError((*path, field), _not_one_of(tag, tags))
            return
        struct = tags[tag]
    known = _fields(struct)
    for key, value in data.items():
        if key in known:
            yield from field_errors(value, known[key].type, (*path, key))
        elif key != config.tag_field:
            yield FieldError((*path, key), _unknown(key, known))
    for key, one in known.items():
        if one.required and key not in data:
            yield FieldError(path, _lacks(key))


@cache
def _fields(struct: type[Struct]) -> Mapping[str, FieldInfo]:
    """The fields of a struct by their keys."""
    return {field.encode_name: field for field in fields(struct)}


def _plain(kind: Any) -> Any:  # noqa: ANN401 - the same
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _alternatives(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the same
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _choice(kind: Any) -> list[str]:  # noqa: ANN401 - the same
    """The words that a kind allows, where it is made of words, or of words and a number."""
    plain = [_plain(alternative) for alternative in _alternatives(_plain(kind))]
    words = [
        word
        for alternative in plain
        if get_origin(alternative) is Literal
        for word in get_args(alternative)
    ]
    if words and int in plain:
        return ["0, 1, 2 …", *words]
    beside_number = _said(kind, WORDS)
    return words or ([] if beside_number is None else [*beside_number, '"12.5"'])


def _metas(kind: Any) -> list[Meta]:  # noqa: ANN401 - the same
    return [
        meta
        for alternative in (kind, *_alternatives(kind))
        for meta in getattr(alternative, "__metadata__", ())
        if isinstance(meta, Meta)
    ]


def _said(kind: Any, name: str) -> Any:  # noqa: ANN401 - the same
    """What a type declares next to its pattern."""
    said = [meta.extra for meta in _metas(kind) if meta.extra]
    return next((extra[name] for extra in said if name in extra), None)


def _why(data: object, kind: Any, error: ValidationError) -> Text:  # noqa: ANN401 - the same
    """What is wrong with one value, and how it is written."""
    if isinstance(error.__cause__, Invalid):
        return error.__cause__.text
    words = _choice(kind)
    plain = [_plain(alternative) for alternative in _alternatives(_plain(kind))]
    is_number = isinstance(data, int) and not isinstance(data, bool)
    if is_number and ('"12.5"' in words or (not words and {str, Decimal} & {*plain})):
        return _unquoted(str(data))
    return _not_one_of(data, words) if words else _other(data, kind, plain)


def _other(data: object, kind: Any, plain: list[Any]) -> Text:  # noqa: ANN401 - the same
    """What is wrong with a value that may be one of many."""
    if data in ([], (), {}) or (isinstance(data, str) and not data.strip()):
        return right_form.EMPTY
    if isinstance(data, str):
        return _written(data, kind, plain)
    if int in plain:
        return right_form.whole(_shown(data), *_limits(kind))
    return _is_not(data, plain)


def _is_not(data: object, plain: list[Any]) -> Text:
    words = next((_KINDS[shape] for shape in map(_shape, plain) if shape in _KINDS), _TEXT)
    return Text(f"“{_shown(data)}”应为{words.zh}。", f"'{_shown(data)}' must be {words.en}.")


_TEXT: Final = Text("文字", "a text")
_KINDS: Final = {
    str: _TEXT,
    Decimal: Text("加引号的数", "a number in quotes"),
    date: Text("日期", "a date"),
    bool: Text("true 或 false", "true or false"),
    tuple: Text("列表", "a list"),
    dict: Text("一组字段", "a table"),
    Struct: Text("一组字段", "a table"),
}
"""What something is to be, by the type of its field."""


def _shape(kind: Any) -> Any:  # noqa: ANN401 - the same
    return Struct if _is_struct(kind) else get_origin(kind) or kind


def _shown(data: object) -> str:
    """A value as its file writes it; of a list or a table only that it is one."""
    if isinstance(data, list | tuple | dict):
        return "{…}" if isinstance(data, dict) else "[…]"
    return str(data).lower() if isinstance(data, bool) else str(data)


def _limits(kind: Any) -> tuple[int | None, int | None]:  # noqa: ANN401 - the same
    metas = _metas(kind)
    low = next((int(meta.ge) for meta in metas if meta.ge is not None), None)
    return low, next((int(meta.le) for meta in metas if meta.le is not None), None)


def _written(data: str, kind: Any, plain: list[Any]) -> Text:  # noqa: ANN401 - the same
    """What is wrong with a text."""
    longest = min((meta.max_length for meta in _metas(kind) if meta.max_length), default=None)
    if longest and len(data) > longest:
        return Text(
            f"有 {len(data)} 个字，最多 {longest} 个。",
            f"It has {len(data)} characters; the limit is {longest}.",
        )
    if form := _said(kind, FORM):
        told: Text = form(data)
        return told
    if Decimal in plain:
        return right_form.number(data)
    if date in plain:
        return right_form.day(data)
    return right_form.whole(data, *_limits(kind)) if int in plain else _is_not(data, plain)


def _unquoted(number: str) -> Text:
    return Text(
        f'{number} 没有加引号；请写成 "{number}"', f'{number} is not in quotes; write "{number}"'
    )


def _not_one_of(value: object, allowed: Any) -> Text:  # noqa: ANN401 - any words
    near = like(str(value), allowed)
    return Text(
        f"无法识别“{value}”{near.zh}；可用：{_listed(allowed)}",
        f"'{value}' is not recognised{near.en}; allowed: {_listed(allowed)}",
    )


def _unknown(key: str, known: Mapping[str, FieldInfo]) -> Text:
    near = like(key, known)
    return Text(
        f"没有字段 {key}{near.zh}；可用：{_listed(known)}",
        f"there is no field {key}{near.en}; allowed: {_listed(known)}",
    )


def like(word: str, allowed: Iterable[str]) -> Text:
    """What a word that is not allowed may have been meant to be; empty where nothing is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where it goes wrong

    near = get_close_matches(word, list(allowed), n=1, cutoff=0.75)
    if not near:
        return Text("", "")
    return Text(f"（是否应为 {near[0]}）", f" (did you mean {near[0]}?)")


def _lacks(key: str, zh: str = "", en: str = "") -> Text:
    return Text(f"缺少字段 {key}{zh}", f"the field {key} is missing{en}")


def _listed(words: Any) -> str:  # noqa: ANN401 - any words
    return ", ".join(words)
