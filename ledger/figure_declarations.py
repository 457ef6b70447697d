"""Figures as a rubric declares them (基础数据的名称), once for every rule, form and view.

A rule names figures by id. What an id is called, what kind of thing it is and in what unit it is
measured is in one `[[figure]]` table, so that nobody is shown a bare id. A file without such
tables names figures in its rules alone, as all files did before.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

from msgspec import Meta, Struct
from msgspec.structs import fields, replace

from ledger.field_errors import FieldError, Path, like
from ledger.language import Text
from ledger.values import FIGURE, READ_AS, FigureId, FigureKind, IndicatorId, Words

R = TypeVar("R", bound=Struct)


class FigureDeclaration(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure that rules or cross-checks read.

    Attributes:
        id: as rules name it.
        name: what people call it.
        kind: how its value is read, as of a submitted figure.
        unit: unit of measure (台、元、万元、%); empty where it has none.
        hint: where it is found or how it is counted, for the person who fills it in.
        many: whether there is one for each of several things, such as contracts; their ids are this
            one, a hyphen and more.
        indicator: the row that it is reported under, where that is not the first that reads it.
    """

    id: FigureId
    name: Words
    kind: FigureKind = "number"
    unit: str = ""
    hint: str = ""
    many: bool = False
    indicator: IndicatorId | None = None

    def covers(self, figure: FigureId) -> bool:
        """Whether a figure of that id is the declared one, or one of the many."""
        return figure.startswith(f"{self.id}-") if self.many else figure == self.id


class Mention(NamedTuple):
    """A figure that a rule or cross-check reads.

    Attributes:
        figure: its id, or what the ids of many begin with.
        path: where it is named, within what reads it.
        read_as: the kind that it is read as; empty where more than one is right.
    """

    figure: FigureId
    path: Path
    read_as: str

    @property
    def many(self) -> bool:
        """Whether all figures are meant whose ids begin like it."""
        return self.path[-1] == "prefix"


def mentions(reader: Struct, path: Path = ()) -> Iterator[Mention]:
    """Every figure that a rule or a cross-check names, however deep, with its path below `path`.

    A completion rule reads, besides, every target that is reported under its row.
    """
    for name, key, read_as in _fields(type(reader)):
        value, place = getattr(reader, name), (*path, key)
        if read_as is None:
            for inner, child in _children(value):
                yield from mentions(child, (*place, *inner))
        elif isinstance(value, str):
            yield Mention(value, place, read_as)
        elif value is not None:
            yield from (Mention(one, (*place, at), read_as) for at, one in enumerate(value))


def renamed(rule: R, names: Mapping[FigureId, str]) -> R:
    """A rule with the names of figures in the place of their ids, to be put into words only."""
    changes: dict[str, Any] = {}
    for field, _, read_as in _fields(type(rule)):
        value = getattr(rule, field)
        if read_as is not None:
            several = isinstance(value, tuple)
            changes[field] = (
                tuple(names.get(one, one) for one in value) if several else names.get(value, value)
            )
        elif isinstance(value, Mapping):
            changes[field] = {key: _renamed(one, names) for key, one in value.items()}
        elif isinstance(value, tuple):
            changes[field] = tuple(_renamed(one, names) for one in value)
        else:
            changes[field] = _renamed(value, names)
    return replace(rule, **changes)


def _renamed(value: Any, names: Mapping[FigureId, str]) -> Any:  # noqa: ANN401 - any field of a rule
    return renamed(value, names) if isinstance(value, Struct) else value


def _children(value: Any) -> Iterator[tuple[Path, Struct]]:  # noqa: ANN401 - any field of a rule
    """The structs in a field, with what leads to them."""
    if isinstance(value, Struct):
        yield (), value
    elif isinstance(value, Mapping | tuple):
        named = value.items() if isinstance(value, Mapping) else enumerate(value)
        yield from (((key,), child) for key, child in named if isinstance(child, Struct))


@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, str, str | None], ...]:
    """The fields of a struct: name, key in the file, and as what it reads figures."""
    return tuple((one.name, one.encode_name, _read_as(one.type)) for one in fields(kind))


def _read_as(kind: Any) -> str | None:  # noqa: ANN401 - any annotation
    """As what a field of that type reads the figures it names; `None` where it names none."""
    metas = list(_metas(kind))
    if not any(meta.description == FIGURE for meta in metas):
        return None
    said = [meta.extra[READ_AS] for meta in metas if meta.extra and READ_AS in meta.extra]
    return str(said[-1]) if said else "number"


def _metas(kind: Any) -> Iterator[Meta]:  # noqa: ANN401 - the same
    """What is declared of a type and of its items."""
    yield from getattr(kind, "__metadata__", ())
    if get_origin(kind) is not dict:
        for inner in get_args(kind):
            yield from _metas(inner)


# What is wrong with a file that declares figures --------------------------------------------------


class Reader(NamedTuple):
    """What reads figures: a rule or a cross-check, and where it is in the file."""

    path: Path
    reads: Struct
    is_rule: bool


def declaration_errors(
    declared: Sequence[FigureDeclaration],
    readers: Sequence[Reader],
    rows: Collection[IndicatorId],
) -> Iterator[FieldError]:
    """What keeps declarations from being what rules read. Where none are, nothing is asked.

    Args:
        declared: the figures, in the order of the file.
        readers: everything that reads figures.
        rows: the ids of the indicators.
    """
    by_id: dict[FigureId, FigureDeclaration] = {}
    for index, one in enumerate(declared):
        if one.id in by_id:
            text = Text(f"基础数据 {one.id} 重复", f"the figure {one.id} is declared twice")
            yield FieldError(("figure", index, "id"), text)
        by_id.setdefault(one.id, one)
        if one.indicator is not None and one.indicator not in rows:
            near = like(one.indicator, rows)
            yield FieldError(
                ("figure", index, "indicator"),
                Text(
                    f"没有指标 {one.indicator}{near.zh}",
                    f"there is no indicator {one.indicator}{near.en}",
                ),
            )
    for reader in readers if by_id else ():
        for mention in mentions(reader.reads, reader.path):
            if wrong := _wrong(mention, by_id, is_rule=reader.is_rule):
                yield FieldError(mention.path, wrong)


def _wrong(
    mention: Mention, declared: Mapping[FigureId, FigureDeclaration], *, is_rule: bool
) -> Text | None:
    one = declared.get(mention.figure)
    if one is None:
        if any(other.covers(mention.figure) for other in declared.values()):
            return None  # one of many, named by itself
        near = like(mention.figure, declared)
        return Text(
            f"没有声明基础数据 {mention.figure}{near.zh}",
            f"no figure {mention.figure} is declared{near.en}",
        )
    if one.many != mention.many:
        return Text(
            f"{one.id} 的声明应写明 many = true（每件事一项）"
            if mention.many
            else f"{one.id} 声明为每件事一项（many = true），此处应为单独一项",
            f"the declaration of {one.id} must say many = true"
            if mention.many
            else f"{one.id} is declared as many figures, and this is one",
        )
    if is_rule and mention.read_as and one.kind != mention.read_as:
        kinds = f'kind = "{mention.read_as}"'
        return Text(
            f"{one.id} 声明为 {one.kind}，此处按 {kinds} 读取",
            f"{one.id} is declared as {one.kind} and read here as {kinds}",
        )
    return None
