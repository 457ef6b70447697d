"""What went wrong, in words, with the exit code that outsiders' scripts rely on."""

import os
import re
import traceback
from typing import Final

import click

from application.outcome import Outcome, outcome_of
from cli import advice
from cli.language import t
from cli.screen import echo, echo_as_laid_out, tell
from ledger import right_form
from ledger.language import Text
from ledger.problem import Problem
from ledger.redacted import redacted

REFUSED: Final = 1
USAGE: Final = 2
BROKEN: Final = 3
CONFLICT: Final = 4
UNREACHABLE: Final = 5
PRACTICE: Final = 6
DEFECT: Final = 70

CODES: Final[dict[Outcome, int]] = {
    "refused": REFUSED,
    "unusable": USAGE,
    "broken": BROKEN,  # neither 1 nor 2: those promise that nothing was written
    "conflict": CONFLICT,
    "unreachable": UNREACHABLE,
    "practice": PRACTICE,
}


def code_of(problem: Problem) -> int:
    return CODES[outcome_of(problem)]


def explain(error: Exception) -> int:
    """Print what went wrong and what to do, to stderr; the exit code for it."""
    if isinstance(error, click.ClickException):
        _say_usage(error)
        return USAGE
    if isinstance(error, UnicodeEncodeError):
        odd = ascii(error.object[error.start : error.end])
        say(
            Text(
                f"{odd} 不能用 {error.encoding} 编码。参数请用 UTF-8；输出不是 UTF-8 的，请设"
                " PYTHONIOENCODING=utf-8",
                f"{odd} cannot be encoded in {error.encoding}. Give arguments in UTF-8; if the"
                " output has another encoding, set PYTHONIOENCODING=utf-8",
            )
        )
        return USAGE
    if isinstance(error, Problem):
        say(error.text)
        if near := error.near:
            tell(f"是否应为“{near}”？", f"Did you mean '{near}'?", err=True)
        if helpful := advice.command(error):
            tell(f"可执行：{helpful}", f"Try: {helpful}", err=True)
        return code_of(error)
    if os.environ.get("SCORETRAIL_DEBUG"):
        echo_as_laid_out(redacted("".join(traceback.format_exception(error))), err=True)
    say(
        Text(
            f"程序出错（{type(error).__name__}：{error}）。请附上命令报告此问题；"
            "设 SCORETRAIL_DEBUG=1 可看详情",
            f"the program failed ({type(error).__name__}: {error}). Please report it with the"
            " command; SCORETRAIL_DEBUG=1 shows details",
        )
    )
    return DEFECT


def say(text: Text) -> None:
    """Print a message to stderr in the language spoken now."""
    echo(redacted(t(f"错误：{text.zh}", f"Error: {text.en}")), err=True)


def _say_usage(error: click.ClickException) -> None:
    """Print a usage error of the command line with the way to its help."""
    message = redacted(error.format_message())
    if isinstance(error, click.NoSuchOption) and error.ctx:
        known = {name for one in error.ctx.find_root().command.params for name in one.opts}
        told = right_form.misplaced(error.option_name, known)
        message = t(*told) if told else message
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        echo_as_laid_out(message, err=True)  # the help itself: nothing was asked for yet
        return
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "scoretrail"
    tell(f"错误：{_in_chinese(message)}", f"Error: {message}", err=True)
    tell(f"帮助：{path} --help", f"Help: {path} --help", err=True)


def _in_chinese(message: str) -> str:
    """A message of click: its marks around and after the words are not in any catalogue."""
    quoted = re.sub(r" ?'([^'\n]*)' ?", r"“\1”", message.replace("', '", "'、'"))
    return re.sub(r"\.$", "。", quoted.replace("。 ", "。"))
