"""Commands that record: parameters in, the command of that name recorded, a line out.

The fields of a command, and its words, are in `intake/command_fields.py`; a command line adds which
fields are written without their names, and an example.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.by_list import of_list
from cli.group import CommandGroup
from cli.language import t
from cli.letter import letter_after, letter_option
from cli.option import F, OneOrMany, Written, example, option, together
from cli.parameter_types import FILE, VERSION
from cli.session import current
from documents.kinds import LETTERS
from intake.listed_commands import LISTS
from ledger.language import Text

if TYPE_CHECKING:
    # A group with commands among its commands does without their words until one is called.
    from intake.command_fields import CommandField, Fields

SEEN: Final = Text(
    "查看时的条号，如 v57；其后同一事由又有记录的，不写入（退出码 4）",
    "version you looked at, such as v57; refused (exit 4) if the subject has changed since",
)


def told_apart(command: F) -> F:
    """`--id` and `--seen`: idempotency key and the version last seen."""
    return together(
        option("--seen", SEEN.zh, SEEN.en, VERSION),
        option(
            "--id key",
            "幂等编号；同一编号、同一内容重复提交无影响",
            "idempotency key; resubmitting has no effect",
        ),
    )(command)


def _argument(field: "CommandField") -> click.Argument:
    """A field that is given without a name."""
    metavar = "FIGURE" if field.name == "figure_id" else None
    return click.Argument([field.name], type=_kind(field), metavar=metavar)


def field_option(do: str, field: "CommandField") -> click.Option:
    """A field that is given after its name; what is not given is left out."""
    from intake.command_fields import words  # noqa: PLC0415 - slow to import

    name = _NAMES.get(field.name) or (field.name.removesuffix("s") if field.many else field.name)
    return click.Option(
        [f"--{name.replace('_', '-')}", field.name],
        help=t(*words(do, field.name)),
        required=field.required,
        multiple=field.many,
        is_flag=field.kind is bool,
        type=_kind(field),
    )


_NAMES: Final = {"by_edition": "by", "received": "on"}
"""Options that are called otherwise than their fields."""


def _kind(field: "CommandField") -> click.ParamType[Any] | None:
    if field.kind is Path:
        return FILE
    if field.choices:
        return click.Choice(field.choices)
    from intake.command_fields import PAIRS, value_of  # noqa: PLC0415 - slow to import, not for help

    called = {str: "text", Decimal: "number", int: "integer"}.get(field.kind, field.kind.__name__)
    is_text = field.kind is not bool and field.kind not in PAIRS
    return Written(called, lambda text: value_of(text, field)) if is_text else None


def recording_command(  # noqa: PLR0913, PLR0917 - what such a command differs by
    group: CommandGroup,
    name: str,
    do: str,
    line: str,
    plain: str = "",
    fold: "Callable[[Fields], Fields] | None" = None,
    then: Sequence[str] = (),
) -> None:
    """Add a command that records one command, made when it is called.

    Args:
        group: where it is called.
        name: how it is called there.
        do: the command of the ledger that it records.
        line: an example that runs, without `scoretrail --as`.
        plain: the fields that are written without their names, in their order.
        fold: what is left to do with a file among the fields.
        then: commands that may follow in the same command, each where it is given what it asks for.
    """
    group.later(name, do, lambda: _act(name, [do, *then], line, plain.split(), fold))


def _act(
    name: str,
    dos: Sequence[str],
    line: str,
    plain: Sequence[str],
    fold: "Callable[[Fields], Fields] | None",
) -> click.Command:
    from intake.command_fields import NAMED, asked, does, is_of_case, put_together_all  # noqa: PLC0415 - slow to import
    from intake.files import each_by_bytes  # noqa: PLC0415 - the same

    def callback(**given: Any) -> None:  # noqa: ANN401 - what click hands over
        session = current()
        case_id, key, seen = given.pop("case_id", None), given.pop("key"), given.pop("seen")
        output = given.pop("letter", None)
        filled = {name: value for name, value in given.items() if value not in {None, (), False}}
        filled |= {name: each_by_bytes(filled[name]) for name in NAMED if name in filled}
        folded = [{"do": do, **fold(filled)}] if fold else put_together_all(dos, filled)
        with letter_after(session, letter, case_id, filled, output) if output else nullcontext():
            session.act(folded, case_id, key, seen)

    do, *others = dos
    letter = LETTERS.get(do, "")
    by_name = {field.name: (do, field) for field in asked(do)}
    for other in others:
        for field in asked(other):
            by_name.setdefault(field.name, (other, field._replace(required=False)))
    parameters: list[click.Parameter] = [
        *([click.Argument(["case_id"], metavar="CASE")] if is_of_case(do) else []),
        *(_argument(by_name.pop(field)[1]) for field in plain),
        *(field_option(*asking) for asking in by_name.values()),
        *([letter_option()] if letter else []),
    ]
    made = click.command(
        name,
        OneOrMany,
        params=parameters,
        help=t(*does(do, *others)),
        epilog=example(f"scoretrail --as {line}"),
    )(told_apart(callback))
    made.many = of_list(name, do) if do in LISTS else None
    return made


def recording_commands(group: CommandGroup, table: str) -> None:
    """Add commands that record one command in a case, each as `recording_command` does.

    Args:
        group: where they are called.
        table: a line for each: its name, the command of the ledger, the fields without their names;
            and of its example the account, and what follows the case.
    """
    for row in filter(str.strip, table.splitlines()):
        head, account, rest = (" ".join(cell.split()) for cell in f"{row} | ".split(" | ")[:3])
        name, do, *plain = head.split()
        line = f"{account} {group.name} {name} zhanjiang-amr-2023 {rest}"
        recording_command(group, name, do, line.rstrip(), " ".join(plain))


def kept_file(fields: "Fields") -> "Fields":
    """Keep an evidence file and identify it by its bytes."""
    from application.evidence import keep  # noqa: PLC0415 - slow to import, not needed for help
    from intake.files import hand_in  # noqa: PLC0415 - the same

    file = hand_in(fields.pop("file"))
    session, case = current(), click.get_current_context().params["case_id"]
    keep(session.store, session.place.evidence(), case, file)
    return {"evidence": {**file.identity, **fields}}
