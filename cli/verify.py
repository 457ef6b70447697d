"""`scoretrail verify`: recompute everything from the stored bytes."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from application.handed_over import TrustPolicy, read_authorities, read_checkpoint
from application.verify import verify as verify_ledger
from application.verify import verify_log_only
from cli.failure import BROKEN
from cli.option import command, option, usage_error
from cli.options import as_facts, print_json
from cli.progress import watched
from cli.screen import tell
from cli.session import Session
from cli.table import print_sentences
from cli.trust import holding, telling_time, trusting
from documents.verification_report import sentences
from ledger.log_verification import Trust, Verification

PATIENCE: Final = 2.0
"""Seconds in which an event must have got its position; a few hundredths are usual."""

PAUSE: Final = 0.02
"""Seconds until the next look whether it has."""


@command(
    "从存储的字节起全部重新计算：条目、链、叶、次序、树、检查点、佐证材料。未核验任何内容视为"
    "失败。",
    "Recompute everything from the stored bytes: entries, chains, leaves, order, tree,"
    " checkpoints, evidence. Fails if there was nothing to verify.",
    "scoretrail verify --json",
)
@option("--case case_id", "只核验一个评价事项", "one case only")
@option(
    "--log log_only",
    "只核验日志：条目的哈希、根、检查点、签名。比全部核验快数十倍，可每日执行",
    "the log only: hashes of entries, root, checkpoints, signatures; many times faster than a"
    " full verification, for daily use",
    is_flag=True,
)
@holding
@trusting(required=False)
@telling_time
@as_facts
def verify(  # noqa: PLR0913 - one argument per option
    session: Session,
    case_id: str | None,
    *,
    log_only: bool,
    policy: TrustPolicy,
    held: tuple[Path, ...],
    tsa_ca: tuple[Path, ...],
    json_: bool,
) -> int:
    """Verify the ledger."""
    trust = Trust(
        policy=policy,
        held=tuple(read_checkpoint(path) for path in held),
        authorities=tuple(read_authorities(tsa_ca)),
    )
    if trust.held and not policy.log:
        raise usage_error(
            "--checkpoint 须与 --vkey 或 --policy 一并写明，方可核验签名",
            "--checkpoint requires --vkey or --policy to verify its signature",
        )
    if log_only and case_id is not None:
        raise usage_error(
            "--log 核验整个日志，不用 --case", "--log verifies the whole log; drop --case"
        )
    if log_only:
        result = verify_log_only(session.store, trust, watched)
    else:
        result = verify_ledger(
            session.store, session.place, trust, case_id, pauses=pauses(), watch=watched
        )
    if why := result.portfolio_unchecked:
        zh, en = why
        tell(f"注意：总览表未核验：{zh}", f"note: portfolio not verified: {en}", err=True)
    if json_:
        print_json(result.report)
        return 0 if result.holds else BROKEN
    return print_verification(result)


def pauses() -> Iterator[None]:
    """Moments in which an event may get its position."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(PAUSE)
        yield


def print_verification(result: Verification) -> int:
    """The result for people, with what it does not prove; the exit code."""
    print_sentences(sentences(result))
    return 0 if result.holds else BROKEN
