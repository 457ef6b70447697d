"""`scoretrail verify`: recompute everything from the stored bytes."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

import click
from rich.console import Console
from rich.progress import track

from cli.failure import BROKEN
from cli.language import language, t
from cli.options import as_json, example, print_json
from cli.session import Session
from cli.signing import read_checkpoint
from cli.trust import read_authorities, telling_time, trusting
from ledger.case import Case, fold
from ledger.editions import Editions
from ledger.envelope import rubric_stream
from ledger.ledger import Ledger
from ledger.log.policy import TrustPolicy
from ledger.log.tree_builder import TreeBuilder
from ledger.log_verification import (
    StoredProofs,
    Trust,
    Verification,
    VerificationFailure,
    forgive_unsealed,
    read_kept,
    verification_json,
    verify_evidence,
    verify_hashes,
    verify_log,
    verify_tiles,
)
from ledger.log_verification import verify as recompute
from ledger.store import ProjectionsDamaged, ReadOnly, Store
from ledger.values import Text
from projections.case_verification import verify_case, verify_portfolio
from projections.portfolio.catch_up import differences

PATIENCE: Final = 2.0
"""Seconds in which a sealer must have given its place to an event; a few hundredths are usual."""

PAUSE: Final = 0.02
"""Seconds until the next look whether it has."""

T = TypeVar("T")


@click.command(
    help=t(
        "从存储的字节起全部重算：条目、链、叶、次序、树、检查点、佐证。什么都没核对到也算失败。",
        "Recompute everything from the stored bytes: entries, chains, leaves, order, tree,"
        " checkpoints, evidence. To have checked nothing is a failure, too.",
    ),
    epilog=example("scoretrail verify --json"),
)
@click.option("--case", "case_id", help=t("只核对一个评价事项", "one case only"))
@click.option(
    "--log",
    "log_only",
    is_flag=True,
    help=t(
        "只核对日志：条目的哈希、根、检查点、签名；比全部核对快几十倍，可以天天做",
        "the log only: hashes of entries, root, checkpoints, signatures; many times faster than"
        " everything, for every day",
    ),
)
@click.option(
    "--checkpoint",
    "held",
    type=click.Path(path_type=Path),
    multiple=True,
    help=t("原先从外面得到的检查点，可多次", "a checkpoint got earlier, from outside; repeatable"),
)
@trusting(required=False)
@telling_time
@as_json
@click.pass_obj
def verify(  # noqa: PLR0913 - an argument an option
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
        raise click.UsageError(
            t(
                "--checkpoint 要和 --vkey 或 --policy 一起用，否则不知道是谁签的",
                "--checkpoint needs --vkey or --policy, to know who has signed it",
            )
        )
    if log_only and case_id is not None:
        raise click.UsageError(
            t("--log 核对整个日志，不能与 --case 同用", "--log is about the whole log; drop --case")
        )
    with Store.open(session.target) as store:
        result = examine_log(store, trust) if log_only else examine(store, session, trust, case_id)
    if json_:
        print_json(verification_json(result, language()))
        return 0 if result.holds else BROKEN
    return print_verification(result)


def examine(
    store: Store, session: Session, trust: Trust, case_id: str | None = None
) -> Verification:
    """Verify a ledger, or the entries of one case, with its evidence files."""
    result = Verification()
    whole = case_id is None
    about_log = whole or trust.policy.log  # signatures are about the whole log
    kept = read_kept(result, store.checkpoints(), store.stamps()) if about_log else StoredProofs()
    growth = _growth(kept, trust)
    with store.auditing() as audit:
        rows = _watched(
            audit.rows(case_id), t("正在核对", "verifying"), audit.size if whole else None
        )
        recompute(result, rows, growth if whole else None)
        if case_id is not None and all(one.kind == "unsealed" for one in result.breaks):
            # Its rubric is a stream of its own, which the walk has left out.
            beside = Verification()
            case = fold(Ledger(store).history(case_id))
            recompute(beside, audit.rows(rubric_stream(_rubric(case))))
            result.breaks += beside.breaks
        if about_log and not whole:
            verify_hashes(Verification(), audit.entries(), growth)
        head = audit.head()
    _wait_for_sealer(result, store, head.size)
    if about_log:
        verify_log(result, growth.heads, head, kept, trust)
        if not result.breaks:
            verify_tiles(result, head, store.tile)
    if not result.breaks:  # what the tables are made of holds; so what differs is theirs
        _compare_portfolio(result, store, case_id)
    _replay(result, Ledger(store), session, case_id)
    return result


def examine_log(store: Store, trust: Trust) -> Verification:
    """Verify the log alone: that what is sealed is what was sealed, whatever that says."""
    result = Verification(entries_unchecked=True)
    kept = read_kept(result, store.checkpoints(), store.stamps())
    growth = _growth(kept, trust)
    with store.auditing() as audit:
        entries = _watched(audit.entries(), t("正在核对", "verifying"), audit.size)
        verify_hashes(result, entries, growth)
        head = audit.head()
    verify_log(result, growth.heads, head, kept, trust)
    if not result.breaks:
        verify_tiles(result, head, store.tile)
    return result


def _growth(kept: StoredProofs, trust: Trust) -> TreeBuilder:
    """To grow the tree again, with its heads at every checkpoint."""
    return TreeBuilder(one.checkpoint.head.size for one in (*kept.checkpoints, *trust.held))


def _wait_for_sealer(result: Verification, store: Store, size: int) -> None:
    """Let those events pass that wait for the sealer beside a server's writers.

    The last ones may have no place yet when the walk begins. They get one soon, behind what it saw.
    """
    deadline = time.monotonic() + PATIENCE
    while waiting := {one.stream for one in result.breaks if one.kind == "unsealed"}:
        rows = (row for stream in waiting for row in store.audit(stream))
        forgive_unsealed(
            result,
            {
                (row.case_id, row.version)
                for row in rows
                if row.position is not None and row.position >= size
            },
        )
        if time.monotonic() > deadline:
            return
        time.sleep(PAUSE)


def _rubric(case: Case) -> str:
    """The name of the rubric that a case is judged by; empty where none is pinned."""
    return case.pinned.rubric if case.pinned else ""


def _replay(
    result: Verification, ledger: Ledger, session: Session, case_id: str | None = None
) -> None:
    """Verify what the entries of each case lead to, and the evidence that they name.

    A record that cannot be read has been reported; what it leads to cannot be known.
    """
    broken = {one.stream for one in result.breaks}
    folder = session.evidence_of_ledger()
    result.evidence_unchecked = folder is None
    rubrics: dict[str, Editions] = {}
    cases = [case_id] if case_id else [one for one in ledger.streams() if ":" not in one]
    for name in _watched(cases, t("正在重放", "replaying"), len(cases)):
        record = [] if name in broken else ledger.history(name)
        case = fold(record)
        rubric = _rubric(case)
        if rubric_stream(rubric) not in broken:
            if rubric not in rubrics:
                rubrics[rubric] = ledger.editions(rubric)
            verify_case(result, record, rubrics[rubric])
        if folder:
            filed = folder.examine(case.evidence.values(), case.erased)
            verify_evidence(result, name, filed)


def _watched(some: Iterable[T], words: str, total: int | None) -> Iterable[T]:
    """The same, with a progress bar on stderr where somebody looks."""
    if not sys.stderr.isatty():
        return some
    return track(some, description=words, console=Console(stderr=True), total=total)


def _compare_portfolio(result: Verification, store: Store, case_id: str | None) -> None:
    """Compare the tables of the portfolio with a replay, where they can be read."""
    try:
        for found in differences(store, case_id):
            if found.case:
                verify_portfolio(result, found)
            else:  # as after a restore: nobody reads them before they are made anew
                _say_unchecked(
                    "它不全，或属于另一个版本、另一段历史，下次读时重做",
                    "it is incomplete, of another version or of another history; it is made anew"
                    " when it is next read",
                )
    except ReadOnly:  # whoever may read the record need not be let into the projections
        _say_unchecked("没有读的权限", "this user may not read it")
    except ProjectionsDamaged as spoiled:
        result.breaks.append(
            VerificationFailure(
                kind="portfolio",
                where="portfolio",
                message=spoiled.text,
                affects=Text(
                    "评价总览；记录本身不受影响", "the portfolio; the record itself holds"
                ),
            )
        )


def _say_unchecked(zh: str, en: str) -> None:
    click.echo(
        t(f"注意：总览表未核对：{zh}", f"note: the portfolio is not checked: {en}"), err=True
    )


def print_verification(result: Verification) -> int:
    """The result for people, with what it does not prove; the exit code."""
    for one in result.breaks:
        place = f"{one.kind} {one.where}: {getattr(one.message, language())}"
        click.echo(
            t(f"不符 {place}；受影响：", f"BROKEN {place}; affects: ")
            + getattr(one.affects, language())
        )
    if not result.events:
        click.echo(t("没有可核对的条目。", "There was nothing to verify."))
    broken = len(result.breaks)
    zh = "全部相符" if result.holds else f"{broken} 处不符"
    en = "all hold" if result.holds else f"{broken} breaks"
    click.echo(
        t(
            f"核对 {result.events} 条、{result.cases} 个评价事项、{result.leaves} 个叶、"
            f"{result.checkpoints} 个检查点、{result.signatures} 个签名、{result.evidence} 份佐证："
            f"{zh}（等级 {result.level}）",
            f"checked {result.events} events, {result.cases} cases, {result.leaves} leaves,"
            f" {result.checkpoints} checkpoints, {result.signatures} signatures,"
            f" {result.evidence} evidence files: {en} (level {result.level})",
        )
    )
    for size, at in ((stamp.size, stamp.at) for stamp in result.stamped):
        click.echo(
            t(
                f"时间戳：前 {size} 条在 {at} 以前已在日志里",
                f"time stamp: the first {size} entries were in the log by {at}",
            )
        )
    for limit in result.does_not_prove:
        click.echo(t("不能证明：", "does not prove: ") + getattr(limit, language()))
    return 0 if result.holds else BROKEN
