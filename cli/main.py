"""`scoretrail`: the global options, the table of commands and the exit codes."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

import click

from application.confirmed import Confirmed
from cli.group import Lazy, LazyGroup
from cli.language import LANGUAGES, Language, choose, t
from cli.option import DAY, flag, option
from cli.output import final, take_over
from cli.screen import tell
from cli.session import Session

COMMANDS: Final = {
    "init": Lazy("cli.init:init", "建立记录库", "create a ledger"),
    "demo": Lazy("cli.demo:demo", "演示 2023 年实例，从头到尾", "the 2023 case, start to end"),
    "account": Lazy("cli.account:account", "账号与角色", "accounts and roles"),
    "rubric": Lazy("cli.rubric:rubric", "指标体系", "rubrics"),
    "case": Lazy("cli.case:case", "评价事项", "cases"),
    "submit": Lazy("cli.self_evaluation:submit", "单位自评填报", "the unit's self-evaluation"),
    "review": Lazy("cli.review:review", "核查与结果", "the review and its result"),
    "object": Lazy("cli.appeal:object_", "对征求意见稿的反馈与答复", "objections to a draft"),
    "appeal": Lazy("cli.appeal:appeal", "申诉与决定", "appeals and decisions"),
    "rectify": Lazy("cli.rectification:rectify", "整改与期限", "rectification and time limits"),
    "evidence": Lazy("cli.evidence:evidence", "佐证材料", "evidence files"),
    "archive": Lazy("cli.archive:archive", "保管期限和销毁", "retention and destruction"),
    "source": Lazy("cli.source:source", "依据文件、陈述和公开", "documents and statements"),
    "apply": Lazy("cli.apply:apply", "执行一个文件中的全部操作", "run a batch file of commands"),
    "score": Lazy("cli.score:score", "任一时点的得分表", "the score sheet at any point"),
    "explain": Lazy("cli.explain:explain", "一项得分的说明", "an explanation of one score"),
    "bridge": Lazy("cli.bridge:bridge", "两个时点间的得分变动", "the steps between two scores"),
    "log": Lazy("cli.log:log", "变动记录", "the change log"),
    "replay": Lazy("cli.log:replay", "逐条回放", "a case event by event"),
    "check": Lazy("cli.check:check", "核对数字与表述，列出疑点", "discrepancies"),
    "portfolio": Lazy("cli.portfolio:portfolio", "评价总览", "scores and tasks of all cases"),
    "search": Lazy("cli.portfolio:search", "检索全部评价事项", "words in all cases"),
    "signature": Lazy("cli.signature:signature", "离线签名", "sign without the ledger"),
    "seal": Lazy("cli.sequence:seal", "编入日志，排定位置", "assign log positions"),
    "entry": Lazy("cli.sequence:entry", "搁置无法读取的条目", "set aside unreadable entries"),
    "verify": Lazy("cli.verify:verify", "从字节起全部重算核验", "recompute everything"),
    "web": Lazy("cli.web:web", "网页：用浏览器办理", "pages for a browser"),
    "form": Lazy("cli.form:form", "填报和核查用的工作簿", "workbooks to fill in"),
    "import-table": Lazy("cli.import_table:import_table", "读入已有的评分表", "an agency's table"),
    "document": Lazy("cli.document:document", "评分表、答复等文书", "tables and letters"),
    "key": Lazy("cli.key:key", "签名密钥", "the signing key"),
    "checkpoint": Lazy("cli.checkpoint:checkpoint", "检查点与联署", "checkpoints, cosignatures"),
    "calendar": Lazy("cli.calendar:calendar", "年度日程", "notices of years, their time limits"),
    "ranking": Lazy("cli.ranking:ranking", "年度名次表", "rankings of a year, places in them"),
    "year": Lazy("cli.year:year", "年终冻结与结转", "the end of a year: freeze, carry over"),
    "fleet": Lazy("cli.fleet:fleet", "多个记录库", "many ledgers, and the upper level's"),
    "receipt": Lazy("cli.receipt:receipt_", "存证证明", "proof that an entry is in the log"),
    "publish": Lazy("cli.checkpoint:publish", "将日志公布为静态文件", "the log as static files"),
    "dossier": Lazy("cli.dossier:dossier", "卷宗：导出与核验", "dossiers: export and verify"),
    "export": Lazy(
        "cli.export:export", "导出评价事项、记录库、数据", "export a case, a ledger, data"
    ),
    "verify-export": Lazy("cli.export:verify_export", "核验数据文件", "verify exported data"),
    "import": Lazy("cli.export:import_", "导入一个评价事项", "import an exported case"),
    "migrate": Lazy("cli.init:migrate", "升级旧记录库", "upgrade an older ledger"),
    "restored": Lazy("cli.restored:restored", "恢复备份之后", "after restoring a backup"),
}


AS_IT_IS: Final = "\b"
"""A line that makes click leave the lines below it alone."""


class Help(click.HelpFormatter):
    """The help pages of click, with the colons of the language and lines broken as elsewhere."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        from documents.line_breaking import cell_len, folded  # noqa: PLC0415 - for help alone

        start = f"{prefix or t('用法：', 'Usage: ')}{prog} "
        indent = " " * cell_len(start)
        lines = folded(args, max(self.width - len(indent), 20))
        self.write(start + f"\n{indent}".join(lines) + "\n")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':>{self.current_indent}}{heading}{t('：', ':')}\n")

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        from documents.line_breaking import folded  # noqa: PLC0415 - for help alone

        if not text.startswith(AS_IT_IS):
            text = "\n".join([AS_IT_IS, *folded(text, self.width - self.current_indent)])
        super().write_text(text)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands, each with what it does."""
        from documents.line_breaking import cell_len, folded  # noqa: PLC0415 - for help alone

        listed = list(rows)
        column = min(max((cell_len(name) for name, _ in listed), default=0), col_max) + col_spacing
        for name, what in listed:
            head = f"{'':>{self.current_indent}}{name}"
            indent = " " * (self.current_indent + column)
            gap = " " * (len(indent) - cell_len(head))
            begin = head + gap if len(gap) >= col_spacing else f"{head}\n{indent}"
            lines = folded(what, self.width - len(indent))
            self.write((begin + f"\n{indent}".join(lines)).rstrip() + "\n")


def program() -> click.Group:
    """The whole command line, its help in the language spoken now."""
    click.Context.formatter_class = Help  # of every command: they have no other common place

    @click.group(
        cls=LazyGroup,
        table=COMMANDS,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=t(
            "得分留痕：评价得分的每一次变动有据可查，任一时点均可重算，外部人员可以核验。",
            "An audit trail for scored reviews: every change of a score is on record, the score at"
            " any point in time can be recomputed, and outsiders can verify it.",
        ),
    )
    @option(
        "--lang",
        "语言：zh 或 en（默认随系统）",
        "zh or en (default: the locale's)",
        click.Choice(LANGUAGES),
        is_eager=True,
        expose_value=False,
    )
    @option(
        "--ledger target",
        "记录库：SQLite 文件或 postgresql:// 地址",
        "SQLite file or postgresql:// URL",
        default="scoretrail.db",
        show_default=True,
        envvar="SCORETRAIL_LEDGER",
    )
    @option("--as account", "操作账号", "account that issues the command", envvar="SCORETRAIL_AS")
    @option("--dated", "业务日期（默认今天）", "business date of the command (default: today)", DAY)
    @option(
        "--evidence evidence_folder",
        "佐证材料目录（默认记录库旁）",
        "folder of evidence files (default: next to the ledger)",
        envvar="SCORETRAIL_EVIDENCE",
    )
    @option(
        "--key key_file",
        "签名密钥文件（默认记录库旁）",
        "signing key file (default: next to the ledger)",
        envvar="SCORETRAIL_KEY",
    )
    @option(
        "--key-command",
        "输出密钥的命令，代替密钥文件",
        "command that prints the key",
        envvar="SCORETRAIL_KEY_COMMAND",
    )
    @option(
        "--author-key",
        "办理人的密钥文件、SSH 密钥或 SM2 证书，用于签名所办理的操作",
        "key file of the account, SSH key or SM2 certificate, which signs what it does",
        envvar="SCORETRAIL_AUTHOR_KEY",
    )
    @option(
        "--author-key-command",
        "用证书签名的命令：stdin 读入文字，stdout 写出签名",
        "command that signs stdin with the certificate's key, and writes the signature to stdout",
        envvar="SCORETRAIL_AUTHOR_KEY_COMMAND",
    )
    @flag(
        "--confirm-personal-number personal_numbers",
        "文字中的身份证、银行卡、手机号码确需记录（记录后不能删除）",
        "record identity card, bank card and mobile numbers in texts (never erasable)",
    )
    @option(
        "--confirm-date dates",
        "确认该日期无误；可重复",
        "confirm that this implausible date is right; repeatable",
        DAY,
        multiple=True,
    )
    @flag(
        "--unverified",
        "查看时不核验所示事项的字节",
        "do not verify the bytes of the cases that are shown",
        envvar="SCORETRAIL_UNVERIFIED",
    )
    @flag("--verbose", "在 stderr 上输出程序运行情况", "report on stderr what the program is doing")
    @click.version_option(package_name="scoretrail", prog_name="scoretrail")
    @click.pass_context
    def scoretrail(
        ctx: click.Context,
        /,
        target: str,
        *,
        personal_numbers: bool,
        dates: tuple[date, ...],
        verbose: bool,
        **more: Any,  # noqa: ANN401 - the rest of the session, as click hands it on
    ) -> None:
        from cli.verbose import log_to_stderr  # noqa: PLC0415 - help needs no logging

        log_to_stderr(verbose=verbose)
        if target in {"", ":memory:"}:  # for SQLite both are databases that end with the program
            raise click.BadParameter(
                t(
                    "记录库须是文件或数据库地址，不能只在内存中",
                    "a ledger must be a file or a database URL; it cannot be in memory only",
                ),
                param_hint="--ledger",
            )
        ctx.obj = Session(target, confirmed=Confirmed(personal_numbers, dates), **more)

    return scoretrail


def spoken(arguments: Sequence[str]) -> Language | None:
    """What `--lang` asks for: help is worded before click reads the options."""
    for given in LANGUAGES:
        if f"--lang={given}" in arguments or ("--lang", given) in pairwise(arguments):
            return given
    return None


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line.

    Returns:
        The exit code: 0 done, 1 refused, 2 usage or unreadable input, 3 integrity broken, 4 someone
        else was faster, 5 the database cannot be reached, 70 a defect of the program itself.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    choose(spoken(words))
    try:
        result = program().main(words, prog_name="scoretrail", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        tell(
            "已中断，没有写入未完成的操作。",
            "Interrupted. Nothing was left half-written.",
            err=True,
        )
        return 130
    except Exception as error:  # noqa: BLE001 - the edge: anything that happens becomes a message and a code
        from cli.failure import explain  # noqa: PLC0415 - what it imports is slow and rarely needed

        return explain(error)
    return result if isinstance(result, int) else 0


def main() -> None:
    take_over()
    sys.exit(final(run()))
