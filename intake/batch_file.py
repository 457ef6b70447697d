"""Files of acts: TOML or JSON Lines in, `CommandEnvelope` out (docs/act-files.md)."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

import msgspec

from intake.files import identify
from ledger import rubric
from ledger.codec import canonical
from ledger.commands import COMMANDS, Command, CommandEnvelope
from ledger.stored_struct import decode_validated
from ledger.values import Invalid, Text, explained

DEFAULTS: Final = ("case", "as", "dated")
_SHA256: Final = re.compile(r"^[0-9a-f]{64}\Z")


class LocatedCommand(NamedTuple):
    """An act and where it stands: `review.toml, act 3, line 25`.

    Attributes:
        evidence: the file that the act files as evidence, if it does.
    """

    act: CommandEnvelope
    place: Text
    evidence: Path | None


def read(
    path: Path, *, account: str | None, dated: date | None, today: date
) -> list[LocatedCommand]:
    """The acts of a file, in order.

    An act without an `id` gets one made of its content, so that applying the same file again, or
    going on after a kill, repeats nothing.

    Args:
        path: a `.toml` or `.jsonl` file, or a filled-in form (`.xlsx`).
        account: who acts where the file does not say.
        dated: the business date where the file does not say.
        today: the business date where nobody says.

    Raises:
        Invalid: unreadable, or an act that is none; says the file, the act, the line and the key.
    """
    kinds = {".toml": _toml, ".jsonl": _json_lines, ".xlsx": _workbook, ".xlsm": _workbook}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise Invalid(
            f"{path}：只认 .toml、.jsonl 和 .xlsx 文件",
            f"{path}: only .toml, .jsonl and .xlsx files are read",
        )
    placed = envelopes(kind(path), path.parent, account=account, dated=dated or today)
    if not placed:
        raise Invalid(f"{path}：文件里没有操作", f"{path}: there is no act in the file")
    return placed


def envelopes(
    acts: Iterable[tuple[Text, dict[str, Any]]],
    folder: Path,
    *,
    account: str | None,
    dated: date,
) -> list[LocatedCommand]:
    """Acts out of plain data, each with its place.

    Raises:
        Invalid: an act that is none; says where.
    """
    given: dict[str, Any] = {"as": account, "dated": dated}
    times: Counter[str] = Counter()
    placed = []
    for place, data in acts:
        merged = {**given, **data}
        try:
            evidence = None
            if merged.get("do") == "file-evidence" and "file" in merged:
                evidence = folder / str(merged["file"])
            placed.append(LocatedCommand(_act(merged, folder, times), place, evidence))
        except msgspec.ValidationError as error:
            why = explained(error)
            raise Invalid(f"{place.zh}：{why.zh}", f"{place.en}: {why.en}") from None
        except Invalid as error:
            raise Invalid(f"{place.zh}：{error.text.zh}", f"{place.en}: {error.text.en}") from None
    return placed


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without the mark that some editors put before it.

    Raises:
        Invalid: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Invalid(
            f"{path}：读不了（{error.strerror}）", f"{path}: cannot be read ({error.strerror})"
        ) from None
    except UnicodeDecodeError as error:
        raise Invalid(f"{path}：不是 UTF-8({error})", f"{path}: not UTF-8 ({error})") from None


def read_rubric(path: Path) -> str:
    """The text of a rubric file that can be published.

    Raises:
        Invalid: it cannot; says the file, the line and the key.
    """
    text = read_text(path)
    try:
        rubric.read(text.encode())
    except Invalid as error:
        raise Invalid(f"{path}：{error.text.zh}", f"{path}: {error.text.en}") from None
    return text


def _toml(path: Path) -> Iterator[tuple[Text, dict[str, Any]]]:
    text = read_text(path)

    def refuse(number: str) -> NoReturn:
        line = next((n for n, row in enumerate(text.split("\n"), 1) if number in row), "?")
        raise Invalid(
            f'{path} 第 {line} 行：{number} 不带引号；得分和金额请写成 "{number}"',
            f"{path}, line {line}: {number} is not in quotes;"
            f' write scores and amounts as "{number}"',
        )

    try:
        data = tomllib.loads(text, parse_float=refuse)
    except Invalid:
        raise
    except (ValueError, RecursionError) as error:  # a number may be too long, a list too deep
        raise Invalid(f"{path}：不是 TOML({error})", f"{path}: not TOML ({error})") from None
    acts = data.pop("act", None)
    unknown = set(data) - set(DEFAULTS)
    if unknown or not isinstance(acts, list) or not all(isinstance(act, dict) for act in acts):
        raise Invalid(
            f"{path}：应为 case、as、dated 和若干 [[act]]{_also(unknown)}",
            f"{path}: expected case, as, dated and a number of [[act]]{_also(unknown)}",
        )
    lines = [n for n, row in enumerate(text.split("\n"), 1) if row.strip() == "[[act]]"]
    for index, act in enumerate(acts):
        line = lines[index] if len(lines) == len(acts) else "?"
        yield _place(path, index + 1, line), {**data, **act}


def _also(unknown: set[str]) -> str:
    return f": {', '.join(sorted(unknown))}" if unknown else ""


def _workbook(path: Path) -> Iterator[tuple[Text, dict[str, Any]]]:
    """A filled-in form."""
    from intake.form_reader import acts_of  # noqa: PLC0415 - what reads workbooks is slow to import

    return acts_of(path)


def _json_lines(path: Path) -> Iterator[tuple[Text, dict[str, Any]]]:
    # Not by `splitlines`: JSON may hold other line ends, such as U+2028, inside a string.
    for line, row in enumerate(read_text(path).split("\n"), 1):
        if not row.strip():
            continue
        place = _place(path, line, line)
        try:
            act = json.loads(
                row, parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_distinct
            )
            json.dumps(act, ensure_ascii=False).encode()  # a half of a surrogate pair is no text
        except Invalid as error:
            raise Invalid(f"{place.zh}：{error.text.zh}", f"{place.en}: {error.text.en}") from None
        except (ValueError, RecursionError) as error:
            raise Invalid(
                f"{place.zh}：不是 JSON（{error}）", f"{place.en}: not JSON ({error})"
            ) from None
        if not isinstance(act, dict):
            raise Invalid(f"{place.zh}：不是一个对象", f"{place.en}: not an object")
        yield place, act


def _refuse(number: str) -> NoReturn:
    raise Invalid(
        f'{number} 不带引号；得分和金额请写成 "{number}"',
        f'{number} is not in quotes; write scores and amounts as "{number}"',
    )


def _distinct(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise Invalid(f"{twice[0]} 写了两次", f"{twice[0]} is written twice")
    return dict(pairs)


def _place(path: Path, index: int, line: int | str) -> Text:
    return Text(f"{path} 第 {index} 个操作（第 {line} 行）", f"{path}, act {index} (line {line})")


def _act(data: Mapping[str, Any], folder: Path, times: Counter[str]) -> CommandEnvelope:
    """One act, its conveniences resolved."""
    fields = dict(data)
    case, by, dated = fields.pop("case", None), fields.pop("as", None), fields.pop("dated")
    key = fields.pop("id", None)
    if not by:
        raise Invalid(
            "没有写明由谁操作（as）；写在文件里或用 --as",
            "`as` says who acts; in the file or by --as",
        )
    _resolve(fields, folder)
    command = decode_validated(fields, Command)
    if isinstance(command, tuple(COMMANDS[name] for name in _WITHOUT_CASE)):
        case = None
    if key is None:
        content = sha256(canonical([case, by, str(dated), command])).hexdigest()[:32]
        times[content] += 1
        key = content if times[content] == 1 else f"{content}.{times[content]}"
    return msgspec.convert(
        {"case": case, "by": by, "dated": dated, "id": key, "command": command}, CommandEnvelope
    )


_WITHOUT_CASE: Final = (
    "open-account",
    "grant-role",
    "revoke-role",
    "publish-rubric",
    "supersede-rubric",
)


def _resolve(fields: dict[str, Any], folder: Path) -> None:
    """Put files in the place of their names: a rubric's text, evidence by its SHA-256."""
    match fields.get("do"):
        case "publish-rubric" if "file" in fields:
            fields["source"] = read_rubric(folder / _name(fields.pop("file")))
        case "file-evidence" if "file" in fields:
            path = folder / _name(fields.pop("file"))
            names = [name for name in ("title", "number", "media_type") if name in fields]
            given = {name: fields.pop(name) for name in names}
            fields["evidence"] = {"title": path.name, **identify(path), **given}
        case _:
            cited = fields.get("evidence")
            if isinstance(cited, list):
                fields["evidence"] = [
                    name
                    if not isinstance(name, str) or _SHA256.match(name)
                    else identify(folder / _name(name))["sha256"]
                    for name in cited
                ]


def _name(name: object) -> str:
    """A name that a file can have."""
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise Invalid(f"{name!r} 不是文件名", f"{name!r} is not the name of a file")
    return name
