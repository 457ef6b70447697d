"""Commands that record one act: parameters in, the command of the same name recorded, a line out.

Every such command is the same three steps, so it is written down as what it differs by: its words,
its parameters and, where the parameters are not yet the fields of the command, how to fold them.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, get_args

import click

from cli.digits import AsciiDay
from cli.group import CommandGroup
from cli.language import t
from cli.options import F, example
from cli.screen import echo
from cli.session import Session, report
from intake.files import hand_in
from ledger.language import Text
from ledger.values import FigureKind, Invalid, Sense, version_seen

Fields = dict[str, Any]

RECEIPT_ACTS: Final = {"submit-self-evaluation", "issue-result", "decide-appeal"}
"""Acts whose parties leave with a receipt."""


class Day(click.ParamType[date]):
    """A date, ISO 8601."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The date that a text writes."""
        moment: datetime = AsciiDay(["%Y-%m-%d"]).convert(value, param, ctx)
        return moment.date()


def argument(name: str, metavar: str | None = None) -> click.Argument:
    """A required word."""
    return click.Argument([name], metavar=metavar)


def option(  # noqa: PLR0913 - what an option has
    flag: str,
    zh: str,
    en: str,
    *,
    name: str | None = None,
    required: bool = False,
    multiple: bool = False,
    kind: click.ParamType[Any] | type | None = None,
    default: object = None,
) -> click.Option:
    """An option with its help in both languages; what is not given is left out."""
    return click.Option(
        [flag, *([name] if name else [])],
        help=t(zh, en),
        required=required,
        multiple=multiple,
        type=kind,
        default=default,
        show_default=default is not None,
    )


CASE: Final = argument("case_id", "CASE")
EVIDENCE: Final = (
    "--evidence",
    "佐证材料 SHA-256，可多次",
    "SHA-256 of filed evidence, repeatable",
)


SEEN: Final = Text(
    "所看的版号，如 v57；其后同一事由又有记录就不写入（退出码 4）",
    "the version you looked at, such as v57; refused (exit 4) where its subject moved on since",
)


def having_seen(command: F) -> F:
    """`--seen` for a command that is written out."""
    return click.option("--seen", type=VersionSeen(), help=t(*SEEN))(command)


class VersionSeen(click.ParamType[int]):
    """A version of a stream as people write it: `v57`."""

    name = "VERSION"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """The number of the version."""
        try:
            return version_seen(value)
        except Invalid as error:
            self.fail(t(*error.text), param, ctx)


def evidence_option() -> click.Option:
    """The files that an act cites."""
    return option(*EVIDENCE, multiple=True)


def acting(  # noqa: PLR0913 - what such a command differs by
    group: CommandGroup,
    name: str,
    do: str,
    *,
    zh: str,
    en: str,
    line: str,
    parameters: Sequence[click.Parameter],
    fold: Callable[[Fields], Fields] | None = None,
) -> None:
    """Add a command that records one act.

    Args:
        group: where it is called.
        name: how it is called there.
        do: the command of the ledger that it records.
        zh: what it does, in Chinese.
        en: the same in English.
        line: an example that runs, without `scoretrail --as`.
        parameters: arguments and options; `case_id` names the case, the rest are fields.
        fold: turns the parameters into the fields of the command, where they are not yet that.
    """

    def callback(**given: Any) -> None:  # noqa: ANN401 - what click hands over
        session = click.get_current_context().find_object(Session)
        assert session  # noqa: S101 - the group has made one
        case_id, key, seen = given.pop("case_id", None), given.pop("key"), given.pop("seen")
        fields = {name: value for name, value in given.items() if value not in {None, ()}}
        outcome = session.act({"do": do, **(fold(fields) if fold else fields)}, case_id, key, seen)
        echo(report(outcome))
        if do in RECEIPT_ACTS and not outcome.repeated:
            from cli.receipt import receipt_lines  # noqa: PLC0415 - needed for few acts only

            for text in receipt_lines(session, outcome.recorded):
                echo(text)

    key_option = option(
        "--id",
        "操作编号；同一编号同一内容可反复提交",
        "key of the act; repeating it is harmless",
        name="key",
    )
    seen_option = option("--seen", SEEN.zh, SEEN.en, kind=VersionSeen())
    group.also(name, do)
    group.add_command(
        click.Command(
            name,
            callback=callback,
            params=[*parameters, key_option, seen_option],
            help=t(zh, en),
            epilog=example(f"scoretrail --as {line}"),
        )
    )


def figure_parameters() -> list[click.Parameter]:
    """The parts of a figure, the same for the unit and for the reviewer."""
    return [
        CASE,
        argument("figure_id", "FIGURE"),
        option("--indicator", "所属指标", "the indicator it is reported under", required=True),
        option("--name", "名称", "as the document calls it", required=True),
        option("--value", "值；没有就不写，缺失不等于零", "as text; leave out what is missing"),
        option("--kind", "值的种类", "how to read it", kind=click.Choice(get_args(FigureKind))),
        option("--unit", "计量单位", "unit of measure"),
        option("--target-sense", "目标方向", "side of it", kind=click.Choice(get_args(Sense))),
        option("--target", "目标值", "the target"),
        option("--scope", "口径", "whom it covers"),
        option("--source", "出处", "document and place"),
        option("--note", "说明", "a note"),
    ]


def fold_figure(fields: Fields) -> Fields:
    """Put the parts of a figure together, beside what else the command has.

    Raises:
        Invalid: a target without its side, or the reverse.
    """
    sense, target = fields.pop("target_sense", None), fields.pop("target", None)
    if (sense is None) != (target is None):
        raise Invalid(
            "--target 和 --target-sense 要一起写", "--target and --target-sense go together"
        )
    reason = {"reason": fields.pop("reason")} if "reason" in fields else {}
    figure = {"id": fields.pop("figure_id"), **fields}
    if sense:
        figure["target"] = {"sense": sense, "value": target}
    return {"figure": figure, **reason}


def fold_evidence(fields: Fields) -> Fields:
    """Keep an evidence file and identify it by its bytes."""
    from application.evidence import keep  # noqa: PLC0415 - slow to import, not needed for help

    file = hand_in(fields.pop("file"))
    context = click.get_current_context()
    session = context.find_object(Session)
    assert session  # noqa: S101 - the group has made one
    evidence = {**file.identity, **fields}
    with session.place.open() as store:  # which must be there: no folder beside a mistyped name
        keep(store, session.evidence(), context.params["case_id"], file)
    return {"evidence": evidence}
