"""What a rubric file says once (默认值、共用规则), put where it is meant before the file is read.

Two tables of the file belong to its writing and not to its meaning: `[default.…]` gives what a row,
a shape, a measure or a ground for deducting leaves out, and `[shared.…]` holds tables that rows
take over by `use`. What is published and digested is the file as it was written; this is the one
place that resolves it, the same for everybody (docs/formats/rubric.md). A file with neither means
what it always meant.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, get_args

from ledger.field_errors import FieldError, Path, like
from ledger.language import Text
from ledger.rules.composition import Shape
from ledger.rules.measure import Measure

DEFAULT: Final = "default"
SHARED: Final = "shared"
USE: Final = "use"

_ITEMS: Final = {"deductions": "deduction"}
"""What the items of a list are called in `[default.…]`, where they have no tag of their own."""

_PLAIN: Final = {"words", "grades"}
"""Maps whose keys are words of the standard: nothing in them is ours to resolve."""

_TAGS: Final = {str(one.__struct_config__.tag) for one in (*get_args(Shape), *get_args(Measure))}
DEFAULT_NAMES: Final = ("indicator", *_ITEMS.values(), *sorted(_TAGS))
"""What `[default.…]` can be about."""


class Resolved(NamedTuple):
    """A file with everything where it is meant.

    Attributes:
        data: the tables, without the two that are resolved.
        origins: where a part of it is written, by its path, if that is elsewhere.
        errors: what cannot be resolved, at the place where it is written.
        broken: the places of tables that lack what they would have taken over.
        unused: the places of defaults and shared tables that nothing takes over.
    """

    data: dict[str, Any]
    origins: Mapping[Path, Path]
    errors: tuple[FieldError, ...] = ()
    broken: frozenset[Path] = frozenset()
    unused: tuple[Path, ...] = ()

    def written_at(self, path: Path) -> Path:
        """The place in the file of a place in the data."""
        for length in range(len(path), 0, -1):
            if origin := self.origins.get(path[:length]):
                return (*origin, *path[length:])
        return path

    def is_broken(self, path: Path) -> bool:
        """Whether a place is within a table that could not be resolved."""
        return any(path[:length] in self.broken for length in range(len(path) + 1))


def resolve(data: Mapping[str, Any]) -> Resolved:
    """The tables of a file with its defaults and shared tables in place."""
    if DEFAULT not in data and SHARED not in data:
        return Resolved(dict(data), {})
    return _Resolver(data).whole()


class _Written(NamedTuple):
    """A value, and where it is written."""

    value: Any
    origin: Path


class _Resolver:
    """One walk over the rows of a file."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._errors: list[FieldError] = []
        self._origins: dict[Path, Path] = {}
        self._broken: set[Path] = set()
        self._taken: set[Path] = set()
        self._defaults = self._tables(DEFAULT)
        self._shared = self._tables(SHARED)

    def whole(self) -> Resolved:
        self._errors += self._unknown_defaults()
        data = {key: value for key, value in self._data.items() if key not in {DEFAULT, SHARED}}
        if isinstance(rows := data.get("indicator"), list):
            data["indicator"] = self._list(rows, ("indicator",), ("indicator",), "indicator")
        wanted = [(name, key) for name in (DEFAULT, SHARED) for key in self._named(name)]
        unused = tuple(path for path in wanted if path not in self._taken)
        errors = tuple(dict.fromkeys(self._errors))
        return Resolved(data, self._origins, errors, frozenset(self._broken), unused)

    def _named(self, name: str) -> Mapping[str, dict[str, Any]]:
        return self._defaults if name == DEFAULT else self._shared

    def _tables(self, name: str) -> dict[str, dict[str, Any]]:
        """The tables of one of the two; what is none is reported."""
        found = self._data.get(name, {})
        if not isinstance(found, dict):
            self._errors.append(FieldError((name,), _no_table(name)))
            return {}
        for key, table in found.items():
            if not isinstance(table, dict):
                self._errors.append(FieldError((name, key), _no_table(f"{name}.{key}")))
        return {key: table for key, table in found.items() if isinstance(table, dict)}

    def _unknown_defaults(self) -> Iterator[FieldError]:
        for name in self._defaults:
            if name not in DEFAULT_NAMES:
                near = like(name, DEFAULT_NAMES)
                yield FieldError(
                    (DEFAULT, name),
                    Text(
                        f"默认值没有“{name}”这一类{near.zh}；可用：{', '.join(DEFAULT_NAMES)}",
                        f"there are no defaults of '{name}'{near.en}; allowed:"
                        f" {', '.join(DEFAULT_NAMES)}",
                    ),
                )

    def _list(self, items: list[Any], path: Path, origin: Path, name: str) -> list[Any]:
        return [
            self._value(item, (*path, index), (*origin, index), name)
            for index, item in enumerate(items)
        ]

    def _value(self, value: Any, path: Path, origin: Path, name: str) -> Any:  # noqa: ANN401 - any value of a file
        if isinstance(value, list):
            return self._list(value, path, origin, name)
        if not isinstance(value, dict):
            return value
        whole = self._used(value, path, origin, ())
        tag = whole.get("shape", whole.get("take"))
        kind = tag.value if tag and isinstance(tag.value, str) else name
        for key, default in self._defaults.get(kind, {}).items():
            self._taken.add((DEFAULT, kind))
            whole.setdefault(key, _Written(default, (DEFAULT, kind, key)))
        table = {}
        for key, (inner, written) in whole.items():
            place = (*path, key)
            if written != (*origin, key):
                self._origins[place] = written
            plain = key in _PLAIN
            table[key] = inner if plain else self._value(inner, place, written, _ITEMS.get(key, ""))
        return table

    def _used(
        self, table: dict[str, Any], path: Path, origin: Path, using: tuple[str, ...]
    ) -> dict[str, _Written]:
        """A table with the keys of the shared one that it uses; its own come first."""
        own = {key: _Written(value, (*origin, key)) for key, value in table.items() if key != USE}
        if USE not in table:
            return own
        name = table[USE]
        if fault := self._not_usable(name, using):
            self._errors.append(FieldError((*origin, USE), fault))
            self._broken.add(path)
            return own
        self._taken.add((SHARED, name))
        shared = self._used(self._shared[name], path, (SHARED, name), (*using, name))
        return {**shared, **own}

    def _not_usable(self, name: object, using: tuple[str, ...]) -> Text | None:
        if not isinstance(name, str) or name not in self._shared:
            near = like(str(name), self._shared)
            listed = ", ".join(self._shared) or "-"
            return Text(
                f"没有共用的“{name}”{near.zh}；[shared] 中有：{listed}",
                f"nothing shared is called '{name}'{near.en}; [shared] has: {listed}",
            )
        if name in using:
            chain = " → ".join((*using, name))
            return Text(f"共用的规则互相引用：{chain}", f"shared tables use each other: {chain}")
        return None


def _no_table(name: str) -> Text:
    return Text(f"{name} 应为一组字段", f"{name} must be a table")
