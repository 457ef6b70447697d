"""`scoretrail object` and `appeal`: what a unit contests, before the result and after it."""

from msgspec.structs import asdict

from cli.command_parameters import recording_commands
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, flag
from cli.options import as_data, print_json
from cli.progress import watching
from cli.session import Session
from cli.table import print_rows
from documents.read_lists import APPEALS, appeal_rows

object_ = CommandGroup(
    "object", help=t("对征求意见稿的反馈与答复。", "Objections to a draft, and answers.")
)

recording_commands(
    object_,
    """
    raise raise-objection objection | unit-filer | outputs --indicator output-goals \
        --statement 三项未完成是因为没有拨款 --requested 20
    answer answer-objection objection | agency-reviewer | outputs --outcome partly --award 17 \
        --justification 采纳一项 --ground 拨款文件属实
    """,
)

appeal = CommandGroup("appeal", help=t("申诉与决定。", "Appeals and decisions."))

recording_commands(
    appeal,
    """
    lodge lodge-appeal appeal | unit-filer | outputs --indicator output-goals \
        --statement 未完成项系拨款原因 --number 申诉1号
    withdraw withdraw-appeal appeal | unit-filer | outputs --reason 已沟通
    decide decide-appeal appeal | bureau-officer | outputs --outcome partly \
        --award output-goals=17.00 --justification 一项理由成立
    """,
)


@command(
    "各评价事项的申诉：未决与已决。",
    "The appeals of all cases, open and decided.",
    "scoretrail appeal list --json",
    of=appeal,
)
@flag("--open only_open", "只看未决的", "open ones only")
@as_data
def list_(session: Session, *, only_open: bool, json_: bool) -> None:
    from application.lists import list_appeals  # noqa: PLC0415 - slow to import, and no other command needs it

    with watching() as watch:
        shown = list_appeals(session.store, only_open=only_open, watch=watch)
    day = session.day
    listed = [{**asdict(summary), "waiting": summary.waiting(day)} for summary in shown]
    print_json({"appeals": listed}) if json_ else print_rows(APPEALS, appeal_rows(shown, day))
