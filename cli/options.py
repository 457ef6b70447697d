"""Options that many commands share, so that each reads and behaves the same everywhere."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from itertools import takewhile
from os import cpu_count
from pathlib import Path
from typing import Any, Final, cast

import click

from application.written_file import write_whole
from cli.language import language, t
from cli.option import F, flag, option, together, usage_error
from cli.output import SHOWN, lasts
from cli.parameter_types import FILE, WHOLE
from cli.reading import with_level
from cli.screen import CSV, as_csv, echo_json
from cli.spreadsheet import print_csv
from documents.lists import facts, json_parts
from ledger import terms


def as_facts(command: F) -> F:
    """`as_data` for a read that is not a table: CSV has a line for each value of its JSON."""
    return as_data(command, facts=True)


def as_data(command: F, *, facts: bool = False) -> F:
    """`--json` and `--csv` of a read: its view with stable keys, or its tables for spreadsheets."""

    def csv(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - as click hands it on
        del parameter
        if value:
            ctx.meta[CSV] = True

    def json_(ctx: click.Context, parameter: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - the same
        del parameter
        if value and CSV in ctx.meta:
            raise usage_error("--json 和 --csv 只能选一个", "give either --json or --csv, not both")
        return value or (facts and CSV in ctx.meta)

    return together(
        flag("--json json_", "输出 JSON（键名稳定）", "JSON with stable keys", callback=json_),
        flag(
            "--csv",
            "输出 CSV（可用 Excel 直接打开）",
            "CSV that Excel opens directly",
            is_eager=True,
            expose_value=False,
            callback=csv,
        ),
    )(command)


def at_point(command: F) -> F:
    """`--at POINT` and `--known INSTANT`: which part of the history counts."""
    at = option(
        "--at label",
        "时点：v57、self、draft、issued、final、2024-08-01、recorded:2026-11-21T10:00:00Z",
        "at v57, self, draft, issued, final, 2024-08-01 or recorded:2026-11-21T10:00:00Z",
        metavar="POINT",
        default="final",
        show_default=True,
    )
    return at(as_known("label")(command))


def as_known(*labels: str) -> Callable[[F], F]:
    """`--known INSTANT`: the points that these parameters name, as they were known then."""

    def decorate(command: F) -> F:
        @wraps(command)
        def knowing(
            *session: Any,  # noqa: ANN401 - what click hands on
            known: str | None,
            **options: Any,  # noqa: ANN401 - the same
        ) -> Any:  # noqa: ANN401 - the same
            from projections import as_of  # noqa: PLC0415 - slow to import, not needed for help

            for name in labels:
                options[name] = as_of.as_known(options[name], known)
            return command(*session, **options)

        return option(
            "--known",
            "以此时刻已有的记录为准，如 2024-09-15T00:00Z；可与日期合用",
            "as recorded by this time, such as 2024-09-15T00:00Z; can be combined with a date",
            metavar="INSTANT",
        )(cast("F", knowing))

    return decorate


decided_by: Final = option(
    "--decided-by deciders",
    "评定方式：按标准、酌情、人工评定（标准留待核查人员评定）、缺少数据",
    "basis of the award: rule, discretion, judgement (within the standard's range), missing figure",
    click.Choice(list(terms.DECIDERS)),
    multiple=True,
)
"""What the awards that are wanted rest on."""


CORES: Final = cpu_count() or 1
sharing: Final = option("--workers", "进程数", "processes", WHOLE, default=str(CORES))
"""How many processes what takes long is shared among."""


def into_file(command: F) -> F:
    """`-o FILE`: where what is asked for is written; to stdout where it is not said."""
    return option("-o --output", "文件（默认标准输出）", "file (default: stdout)", FILE)(command)


def into_named_file(command: F) -> F:
    """`-o FILE`, which has to be said."""
    return option("-o --output", "输出文件", "output file", FILE, required=True)(command)


mapped: Final = option(
    "--mapping", "对应文件（默认与表同目录）", "mapping file (default: next to the table)", FILE
)
"""How the columns of a table are read."""


def print_json(view: object, **lists: Iterable[object]) -> None:
    """A view, or views in lists and objects, to stdout: as one JSON document, readable, in UTF-8.

    Where CSV was asked for, a line for each value. Long lists are written as they are gone through.
    """
    from projections.formatting import indented_json, plain  # noqa: PLC0415 - not needed for help, slow

    if as_csv():
        print_csv([t("项目", "Item"), t("值", "Value")], facts(plain(view, language())))
        return
    in_utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    written = partial(indented_json, language=language(), in_ascii=not in_utf8)
    whole = view | dict.fromkeys(lists, ()) if isinstance(view, dict) else plain(view, language())
    echo_json(json_parts(written(with_level(whole)), lists, written))


def write_file(path: Path | None, content: bytes) -> None:
    """Write what the user asked for, as `write_lines` does."""
    write_lines(path, [content])


def write_lines(path: Path | None, lines: Iterable[bytes]) -> int:
    """Write lines as they arrive to where the user asked for them; stdout where they did not say.

    A file is there whole at the end, or as it was before.

    Returns:
        How many.

    Raises:
        Invalid: it cannot be written there.
    """
    count = 0

    def counted() -> Iterator[bytes]:
        nonlocal count
        for line in lines:
            count += 1
            yield line

    if path is None:
        sys.stdout.buffer.writelines(takewhile(lambda _: not SHOWN.closed, counted()))
        return count
    write_whole(path, counted())
    lasts()
    return count
