"""`scoretrail verify`: recompute everything from the stored bytes."""

from pathlib import Path
from typing import Any

from application.trust_in import trust_in
from application.verify_beside import pauses
from application.verify_log import verify_log_only
from cli.failure import BROKEN
from cli.language import language
from cli.option import command, flag, option, usage_error
from cli.options import as_facts, print_json, sharing
from cli.output import lasts
from cli.parameter_types import FILE
from cli.progress import watched
from cli.screen import tell
from cli.session import Session
from cli.table import print_sentences
from cli.trust import demanding, holding, telling_time, trusting
from documents.verification_report import sentences
from ledger.log_verification import Verification


@command(
    "从存储的字节起全部重新计算：条目、链、叶、次序、树、检查点、佐证材料。未核验任何内容视为"
    "失败。",
    "Recompute everything from the stored bytes: entries, chains, leaves, order, tree,"
    " checkpoints, evidence. Fails if there was nothing to verify.",
    "scoretrail verify --json",
)
@option("--case case_id", "只核验一个评价事项", "one case only")
@flag(
    "--log log_only",
    "只核验日志：条目的哈希、根、检查点、签名。比全部核验快数十倍，可每日执行",
    "the log only: hashes of entries, root, checkpoints, signatures; many times faster than a"
    " full verification, for daily use",
)
@holding
@trusting(required=False)
@telling_time
@demanding
@option("--sm3", "SM3 根的陈述；可重复", "stated SM3 root; repeatable", FILE, multiple=True)
@option("--sm2-key", "核验陈述的 SM2 公钥（PEM）", "SM2 public key (PEM) of the statements", FILE)
@sharing
@flag("--four", "按真实性、完整性、可用性、安全性列出", "by four properties")
@option("-o --output", "--four 的报告：.docx、.pdf 等", "report of --four: .docx, .pdf …", FILE)
@as_facts
def verify(  # noqa: PLR0913 - one argument per option
    session: Session, case_id: str | None, *, log_only: bool, workers: int, four: bool,
    output: Path | None, json_: bool, **trusted: Any,  # noqa: ANN401 - as click hands them on
) -> int:  # fmt: skip
    trust = trust_in(**trusted)
    if trust.held and not trust.policy.log:
        raise usage_error(
            "--checkpoint 须与 --vkey 或 --policy 一并写明，方可核验签名",
            "--checkpoint requires --vkey or --policy to verify its signature",
        )
    if log_only and (case_id is not None or trust.signed_from):
        raise usage_error(
            "--log 核验整个日志，不用 --case 和 --require-signed-from",
            "--log verifies the whole log; drop --case and --require-signed-from",
        )
    if (four and log_only) or (output and not four):
        raise usage_error(
            "-o 与 --four 同用；--four 不与 --log 同用", "-o goes with --four, --four without --log"
        )
    if four:
        from application import four_properties as by_four  # noqa: PLC0415 - slow to import
    if output:
        by_four.ask_for_paper(output)
    if log_only:
        result = verify_log_only(session.store, trust, watched)
    else:
        from application.verify import verify as verify_whole  # noqa: PLC0415 - slow to import

        result = verify_whole(
            *(session.store, session.place, trust, case_id, workers), pauses=pauses(), watch=watched
        )
    if why := result.portfolio_unchecked:
        zh, en = why
        tell(f"注意：总览表未核验：{zh}", f"note: portfolio not verified: {en}", err=True)
    if output:
        by = by_four.signers(session.place, session.author_key)
        written = by_four.write_report(
            *(output, result, session.store, by, case_id), now=session.clock(), language=language()
        )
        lasts()
        tell(*written, err=True)
    if json_:
        more = {"four": by_four.report(result, language())} if four else {}
        print_json(result.report | more)
        return 0 if result.holds else BROKEN
    print_sentences(by_four.sentences(result) if four else ())
    return print_verification(result)


def print_verification(result: Verification) -> int:
    """The result for people, with what it does not prove; the exit code."""
    print_sentences(sentences(result))
    return 0 if result.holds else BROKEN
