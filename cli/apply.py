"""`scoretrail apply`: a file of many commands, all or nothing per case."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import click

from application.batch import StreamResult, apply_batch
from application.completing import namer
from application.form_mistakes import form_fault, form_mistakes, write_marked
from application.forms import form_writer, only_case
from application.paper import ask_for_folder
from cli.evidence import print_erasure
from cli.failure import CONFLICT, REFUSED, say
from cli.form import write_review_form
from cli.language import language, t
from cli.letter import told_only
from cli.option import command, flag, option
from cli.options import print_json
from cli.output import lasts
from cli.parameter_types import FILE
from cli.progress import watched
from cli.screen import tell
from cli.session import Session
from cli.table import print_rows
from intake.batch import read_batch
from intake.forms.form_commands import FORM_COMMANDS, form_command_rows
from intake.mistakes import MistakeCollector, whole
from ledger.envelope import is_case
from ledger.language import Text


@command(
    "执行文件（.toml、.jsonl 或填好的表 .xlsx）中的全部操作：每个评价事项全部写入或全部不写入。"
    "同一文件可反复执行，已记录的不会重复。",
    "Apply a batch file (.toml, .jsonl or a filled-in form .xlsx): all or nothing per case. A"
    " file can be applied repeatedly; recorded commands are not repeated.",
    "scoretrail apply --dry-run examples/zhanjiang-2023/3-review.toml",
)
@click.argument("file", type=FILE)
@flag("--dry-run --check", "只检查，不写入", "write nothing")
@option(
    "--review-form",
    "写入后一并生成该事项的核查评分表（.xlsx），供填写",
    "then write the reviewer's form of the case (.xlsx), to be filled in",
    FILE,
)
@option(
    "--marked",
    "将表中的错误标在副本上（.xlsx）",
    "write a copy of the form with its mistakes marked (.xlsx)",
    FILE,
)
@flag("--json", "以 JSON 列出表中的错误", "mistakes of the form as JSON")
@flag("-v --verbose", "逐条列出", "list every event")
def apply(  # noqa: C901, PLR0913 - one parameter and one step per option
    session: Session, file: Path, *, dry_run: bool, verbose: bool, review_form: Path | None,
    marked: Path | None, json: bool,
) -> int:  # fmt: skip
    if review_form:  # whether it can be written is asked before anything is recorded
        form_writer(review_form)
        ask_for_folder(review_form)
    names = namer(lambda: session.store)
    read = MistakeCollector()
    batch = read_batch(file, account=session.account, dated=session.day, named=names, mistakes=read)
    asked = (lambda: session.store, session.clock, session.place, batch, read.found)
    mistakes = partial(form_mistakes, *asked, confirmed=session.confirmed)
    faults = mistakes() if read.found or marked or json else []
    write_marked(file, marked, faults, language())
    if json:
        print_json({"faults": [form_fault(fault, language()) for fault in faults]})
    if read.found:
        raise whole(faults)
    if batch.form is not None and not json:
        title = t("表里要记录的操作", "what the form asks to be recorded")
        print_rows(FORM_COMMANDS, form_command_rows(batch.commands), title)
    where = (session.store, session.clock, session.place)
    results = apply_batch(*where, batch, dry_run=dry_run, confirmed=session.confirmed)
    done = list(watched(results, Text("正在写入", "recording"), None))
    if any(applied.recorded for applied in done) and not dry_run:
        lasts()
    for applied in done:
        print_result(applied, dry_run=dry_run, verbose=verbose, quiet=json)
    if not faults and code_of(done):
        faults = mistakes()  # those after the one that was in the way
    for fault in faults[1:]:
        say(fault.text)
    # Last: if it fails, everything that was recorded has been reported.
    fresh = [event for applied in done for event in applied.recorded]
    if not dry_run:
        session.tell_receipts(fresh)
        if review_form and code_of(done) == 0:
            write_forms(session, review_form, [r.stream for r in done if is_case(r.stream)])
    return code_of(done)


def write_forms(session: Session, output: Path, cases: Sequence[str]) -> None:
    """Write the reviewer's form of the one case that a batch was about."""
    with told_only(output, f"scoretrail form review --case {' '.join(cases)} -o {output}"):
        write_review_form(session, only_case(cases), output)


def code_of(done: Iterable[StreamResult]) -> int:
    refused = [applied.moved_on for applied in done if applied.refused]
    return (CONFLICT if all(refused) else REFUSED) if refused else 0


def print_result(
    applied: StreamResult, *, dry_run: bool, verbose: bool, quiet: bool = False
) -> None:
    """What became of one stream: to stdout what is recorded, to stderr what is not."""
    for erasure in applied.erasures:
        print_erasure(erasure)
    for reason in applied.not_again:
        say(reason)
    if applied.refused:
        say(applied.refused)
        return
    if quiet:
        return
    tell(*applied.summary(dry_run=dry_run))
    for result in applied.results if verbose else ():
        for line in result.in_words():
            tell(*line)
