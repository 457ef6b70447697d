"""`scoretrail seal`: assign log positions to events, once or continuously."""

import signal
from threading import Event

from application.seal import follow as seal_on
from application.seal import seal as seal_once
from cli.command_parameters import recording_command
from cli.failure import say
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, flag
from cli.output import lasts
from cli.screen import tell
from cli.session import Session
from ledger.language import Text, counted


@command(
    "将已写入的条目编入日志。命令行写入时自动编入；多人写入的服务器须持续运行一个 --follow。",
    "Assign log positions to pending events. The command line sequences what it writes; on a"
    " server with many writers, run one process with --follow.",
    "scoretrail seal",
)
@flag("--follow", "持续编入，直到收到 SIGTERM 或 Ctrl-C", "run until SIGTERM or Ctrl-C")
@flag("--thorough", "从头检查全部条目，不限于新条目", "examine all events, not only new ones")
def seal(session: Session, *, follow: bool, thorough: bool) -> None:
    if follow:
        count = seal_on(session.target, stop_signal(), report_unreachable, thorough=thorough)
    else:
        count = seal_once(session.store, thorough=thorough)
    lasts()
    tell(f"编入日志 {count} 条", f"{counted(count, 'event')} sealed")


def stop_signal() -> Event:
    """An event that is set when the process is asked to end."""
    stop = Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    return stop


def report_unreachable(why: Text) -> None:
    """Report that the server cannot be reached, and is tried again."""
    say(why)
    tell("每秒再试一次", "trying again every second", err=True)


entry = CommandGroup("entry", help=t("无效条目。", "Entries that are not valid."))


LINE = "administrator entry set-aside 2 --reason 非本程序写入"
recording_command(entry, "set-aside", "set-entry-aside", LINE, "position")
