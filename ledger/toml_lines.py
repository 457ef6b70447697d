"""Where things are in a TOML file: `tomllib` reads the values and forgets the lines.

The walk checks nothing, that is for `tomllib`; of a file that is not TOML it only finds the key
that is written twice, since `tomllib` names the line on which the second value ends.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ledger.field_errors import Path
from ledger.language import Text

_TOKEN: Final = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?:"{0,2})'''  # up to two quotes may come before the closing ones
    r"""|\'\'\'.*?\'\'\'(?:'{0,2})"""
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|'[^'\n]*'"""
    r"""|\#[^\n]*"""
    r"""|\n|[\[\]{},=.]"""
    r"""|[^\s\[\]{},=."'#]+""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)")
_ESCAPED: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class _Token(NamedTuple):
    text: str
    line: int


def lines_of(source: str) -> Mapping[Path, int]:
    """The line, from 1, on which every table, key and list item of a valid TOML file begins."""
    walk = _Walk(source)
    walk.document()
    return walk.lines


def line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """The line of a path, or of the nearest thing around it; `None` for the file as a whole."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)


class SyntaxFault(NamedTuple):
    """Why a file is not TOML, and on which line, from 1; `None` where nobody can say."""

    line: int | None
    text: Text


def syntax_fault(message: str, source: str) -> SyntaxFault:
    """The words of `tomllib` for a file that is not TOML, the most common in Chinese as well.

    Args:
        message: of the error that it raised.
        source: the file.
    """
    match = _AT.search(message)
    line = int(match["line"]) if match else None
    plain = _AT.sub("", message)
    if plain.startswith(_TWICE):
        walk = _Walk(source)
        walk.document()
        line = walk.twice or line
    elif message.endswith(_AT_END):
        line, plain = source.count("\n") + 1, plain.removesuffix(_AT_END)
    words = (text for start, text in _IN_OUR_WORDS if plain.startswith(start))
    return SyntaxFault(line, next(words, Text("不合 TOML 格式", "not valid TOML")))


_AT: Final = re.compile(r" \(at line (?P<line>\d+), column \d+\)\Z")
_AT_END: Final = " (at end of document)"
_TWICE: Final = ("Cannot overwrite", "Duplicate inline table key")
_IN_OUR_WORDS: Final = (
    ("Cannot overwrite", Text("键重复", "a key is given twice")),
    ("Cannot declare", Text("表重复", "a table is given twice")),
    ("Duplicate inline table key", Text("键重复", "a key is given twice")),
    ("Expected '=' after a key", Text("键的后面缺少等号", "'=' is missing after a key")),
    (
        "Expected newline or end of document",
        Text("一行只能写一个键；字符串要加引号", "write one key per line; text must be in quotes"),
    ),
    ("Unclosed array", Text("方括号不成对", "a bracket is not closed")),
    ("Unclosed inline table", Text("花括号不成对", "a brace is not closed")),
    ("Unterminated string", Text("引号不成对", "quotes are not closed")),
    (
        "Illegal character",
        Text(
            "引号不成对，或有不允许的字符", "quotes are not closed, or a character is not allowed"
        ),
    ),
    (
        "Invalid value",
        Text("值的格式不正确；文字须加引号", "not a valid value; text must be in quotes"),
    ),
    ("Invalid statement", Text("这一行不是“键 = 值”", "this line is not 'key = value'")),
    ("maximum recursion depth", Text("嵌套过深", "nested too deeply")),
)
"""How the messages of `tomllib` begin, and what we say in their place."""


class _Walk:
    """One pass over the tokens; a method for each thing that TOML is made of."""

    def __init__(self, source: str) -> None:
        self.lines: dict[Path, int] = {}
        self.twice: int | None = None  # the line of the first key that has a value already
        self._assigned: set[Path] = set()
        self._tables: dict[Path, int] = {}  # how many [[…]] of that name there are so far
        self._tokens = list(_tokens(source))
        self._at = 0

    def document(self) -> None:
        table: Path = ()
        while token := self._next(blank=True):
            if token.text == "[":
                table = self._header(token.line)
            else:
                self._assignment(token, table)

    def _header(self, line: int) -> Path:
        many = self._peek() == "["
        if many:
            self._next()
        keys = self._keys(self._next())
        self._next()
        if many:
            self._next()
        table: Path = ()
        for key in keys:
            table = self._last(table)
            table = (*table, key)
        if many:
            self._tables[table] = self._tables.get(table, 0) + 1
            self.lines.setdefault(table, line)
        table = self._last(table)
        self._place(table, line)
        return table

    def _last(self, table: Path) -> Path:
        """A name of several tables means the last of them."""
        return (*table, self._tables[table] - 1) if table in self._tables else table

    def _assignment(self, first: _Token, table: Path) -> None:
        path = table
        for key in self._keys(first):  # ends after the equals sign
            path = (*path, key)
            self.lines.setdefault(path, first.line)
        if path in self._assigned and self.twice is None:
            self.twice = first.line
        self._assigned.add(path)
        self._value(path)

    def _keys(self, token: _Token | None) -> list[str]:
        """The keys of a dotted name, up to the bracket or after the equals sign."""
        keys = []
        while token:
            keys.append(_key(token.text))
            if self._peek() == "]":
                break
            separator = self._next()
            if separator is None or separator.text == "=":
                break
            token = self._next()
        return keys

    def _value(self, path: Path) -> None:
        token = self._next(blank=True)
        if token is None:
            return
        self.lines.setdefault(path, token.line)
        if token.text == "[":
            self._list(path)
        elif token.text == "{":
            self._inline(path)
        else:
            while self._peek() not in {",", "]", "}", "\n", ""}:  # 1.5 and dates are many tokens
                self._next()

    def _list(self, path: Path) -> None:
        index = 0
        while self._skip_to_value() != "]":
            self._value((*path, index))
            index += 1
        self._next(blank=True)

    def _inline(self, path: Path) -> None:
        while self._skip_to_value() != "}":
            token = self._next()
            if token is None:
                return
            self._assignment(token, path)
        self._next(blank=True)

    def _skip_to_value(self) -> str:
        while self._peek() in {"\n", ","}:
            self._at += 1
        return self._peek() or "]"

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next(self, *, blank: bool = False) -> _Token | None:
        while blank and self._peek() == "\n":
            self._at += 1
        if self._at == len(self._tokens):
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _place(self, table: Path, line: int) -> None:
        for length in range(1, len(table) + 1):
            self.lines.setdefault(table[:length], line)


def _tokens(source: str) -> Iterator[_Token]:
    line = 1
    at = 0
    for match in _TOKEN.finditer(source):
        line += source.count("\n", at, match.start())
        at = match.start()
        text = match.group()
        if not text.startswith("#"):
            yield _Token(text, line)


def _key(text: str) -> str:
    if text.startswith("'"):
        return text[1:-1]
    return _ESCAPE.sub(_unescaped, text[1:-1]) if text.startswith('"') else text


def _unescaped(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return chr(int(short or long, 16)) if short or long else _ESCAPED.get(letter, letter)
