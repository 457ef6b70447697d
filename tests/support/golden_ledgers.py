"""Keeps what today's program makes for later ones: `python tests/support/golden_ledgers.py v2`.

Everything is done by the command line, as its users do it, so that a later program can be told to
do the same, but for one act of a machine whose clock is wrong; tests/golden/ledgers/README.md says
what lies where. A folder that is there is never written to; a path makes one elsewhere, to try it.
The keys that sign are made for this one run and are gone with it.
"""

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from shutil import copy, copytree
from tempfile import TemporaryDirectory
from typing import Final

from ledger.commands import CommandEnvelope, OpenAccount
from ledger.ledger import Ledger
from ledger.store import Store
from tests.support.postgres import databases, programs
from tests.support.terminal import scoretrail

ROOT: Final = Path(__file__).parents[2]
GOLDEN: Final = ROOT / "tests" / "golden"
FOLDER: Final = GOLDEN / "ledgers"

EXAMPLES: Final = ROOT / "examples"
CASES: Final = {  # of a folder of acts; together they hold every kind of event
    GOLDEN / "other-acts": "other-acts-2024",  # first, since it begins with the time zone
    EXAMPLES / "whole-life": "parks-2022",
    GOLDEN / "documented-acts": "documented-2024",
}
"""Small ones: the reference case is among those of v1 and v2, and takes four times their place."""
OTHER, WHOLE_LIFE, DOCUMENTED = CASES.values()
DOSSIERS: Final = {  # of a whole case, and as the answer about one row
    DOCUMENTED: (),
    WHOLE_LIFE: ("--indicator", "plan"),
}
DAY: Final = "2025-03-01"
"""After everything in the acts."""

Scoretrail = Callable[..., str]
"""One command line on the ledger that is being made; what it prints."""


def main() -> None:
    """Make a folder of that name, or path, with a ledger on either database in it."""
    to = FOLDER / sys.argv[1]
    name = to.name
    for variable in [name for name in os.environ if name.startswith("SCORETRAIL_")]:
        del os.environ[variable]
    if to.exists():
        sys.exit(f"{to} is there; what was kept once stays as it is")
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory()))
        kept = work / name
        kept.mkdir()
        ledger = work / "ledger.sqlite"
        run = _scoretrail(str(ledger), work, "sqlite")
        run("--dated", "2023-03-01", "init")
        _fill(run, str(ledger), work, kept / "sqlite", f"golden.example/{name}-sqlite")
        _hand_out(run, work, kept / "handed-out")
        for each in (ledger, Path(f"{ledger}.projections")):
            copy(each, kept / "sqlite")
        copytree(work / "sqlite.evidence", kept / "evidence")

        server = stack.enter_context(databases())
        owner = stack.enter_context(server.empty())
        made = _scoretrail(owner, work, "postgresql")("--dated", "2023-03-01", "init")
        target = made.split()[-1]
        run = _scoretrail(target, work, "postgresql")
        _fill(run, target, work, kept / "postgresql", f"golden.example/{name}-postgresql")
        (kept / "postgresql" / "ledger.sql.gz").write_bytes(gzip.compress(_dump(owner), mtime=0))
        copytree(kept, to)


def _scoretrail(target: str, work: Path, place: str) -> Scoretrail:
    beside = ("--evidence", str(work / f"{place}.evidence"), "--key", str(work / f"{place}.key"))

    def run(*words: str) -> str:
        said = scoretrail(target, *beside, *words, lang="en")
        if said.code:
            sys.exit(f"{' '.join(words)}: exit code {said.code}: {said.err}")
        return said.out

    return run


def _fill(run: Scoretrail, target: str, work: Path, kept: Path, key: str) -> None:
    """Record, sign and read; keep the public key, two checkpoints and what was read."""
    kept.mkdir()
    (kept / "vkey").write_text(run("key", "generate", key).split()[-1] + "\n")
    for folder in CASES:
        for file in _acts(folder, work / kept.name):
            run("apply", str(file))
        if not (kept / "held").exists():  # whoever took it saw the first case alone
            run("checkpoint", "sign", "-o", str(kept / "held"))
    _go_on_from_another(run, target, work, kept)
    _share_the_work(run, work, kept.name)
    _merge(run, work, kept.name)
    _destroy(run)
    _rank(run, work, kept.name)
    _set_time_limits(run, work, kept.name)
    _set_a_moment_aside(run, target)
    signing = _enrol_keys(run, work, kept.name)
    officer = {case: f"{folder.name}-bureau-officer" for folder, case in CASES.items()}
    held = ("--checkpoint", str(kept / "held"))
    for case, words in DOSSIERS.items():
        who = ("--as", officer[case], "--dated", DAY, *(signing if case == WHOLE_LIFE else ()))
        file = work / f"{kept.name}-{case}.zip"
        run(*who, "dossier", "export", case, *words, *held, "-o", str(file))
    run("portfolio", "scores")  # which makes its tables
    run("checkpoint", "sign", "-o", str(kept / "newest"))
    both = (*held, "--checkpoint", str(kept / "newest"))
    verified = run("verify", "--json", "--vkey", str(kept / "vkey"), *both)
    (kept / "verified.json").write_text(verified, encoding="utf-8")
    reads = {" ".join(words): json.loads(run(*words)) for words in _reads()}
    lines = (f'"{words}": {json.dumps(said, ensure_ascii=False)}' for words, said in reads.items())
    (kept / "reads.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _go_on_from_another(run: Scoretrail, target: str, work: Path, kept: Path) -> None:
    """Freeze a ledger of the year before, go on from it, and take its last checkpoint up.

    A case of the next year cites its result. It is kept next to the ledger in a file, with a
    receipt in two steps of the case's last event.
    """
    before, year = work / f"{kept.name}-before.sqlite", "2024"
    last = _scoretrail(str(before), work, f"{kept.name}-before")
    by = ("--as", "administrator", "--dated", DAY)
    last("--dated", "2023-03-01", "init")
    for file in _acts(EXAMPLES / "whole-life", work / f"{kept.name}-before", "before"):
        last("apply", str(file))
    last(*by, "account", "open", "carried-over", "--organisation", "third", "--role", "auditor")
    vkey = work / f"{kept.name}-before.vkey"
    vkey.write_text(
        last("key", "generate", f"golden.example/{kept.name}-{year}").split()[-1] + "\n"
    )
    last(*by, "year", "freeze", year)
    run(*by, "year", "succeed", str(before), "--vkey", str(vkey))
    officer = ("--as", "whole-life-bureau-officer", "--dated", DAY)
    run(*officer, "case", "next", WHOLE_LIFE, "parks-2023", "--before", str(before))
    listed = work / f"{kept.name}-fleet.toml"
    listed.write_text(
        f'[[ledger]]\norigin = "golden.example/{kept.name}-{year}"\ntarget = "{before}"\n'
        f'vkey = "{vkey}"\nstate = "frozen"\n'
    )
    run(*by, "fleet", "checkpoint", str(listed))
    last("export", "--all", "-o", str(work / f"{kept.name}-before.jsonl"))
    if kept.name == "sqlite":
        frozen = kept.parent / "frozen"
        frozen.mkdir()
        copy(before, frozen / "ledger.sqlite")
        copy(vkey, frozen / "vkey")
        last("archive", "write", str(before), str(frozen / "archived"), "--vkey", str(vkey))
        run("checkpoint", "sign")
        words = ("-o", str(frozen / "two-step.gz"), "--entry", str(frozen / "two-step.json"))
        last("receipt", "issue", WHOLE_LIFE, *words, "--upper", target)


def _share_the_work(run: Scoretrail, work: Path, name: str) -> None:
    """Assign the review, recuse a reviewer, declare interests, and file what can be destroyed."""
    reviewer, lead, unit = (
        f"other-acts-{who}" for who in ("agency-reviewer", "agency-lead", "unit-filer")
    )
    by = ("--as", lead, "--dated", DAY, "case")
    run(*by, "assign", OTHER, reviewer, "--indicator", "first", "--reason", "熟悉该单位")
    run(*by, "recuse", OTHER, reviewer, "--reason", "调任该单位")
    by = ("--as", "administrator", "--dated", DAY, "account")
    run(*by, "conflict", lead, "third-unit", "--reason", "亲属任职")
    run(*by, "end-conflict", lead, "third-unit", "--reason", "亲属已离任")
    run(*by, "link", reviewer, lead, "--reason", "同一人")
    file = work / f"{name}-minutes.txt"
    file.write_text("会议记录\n", encoding="utf-8")
    filing = ("submit", "evidence", OTHER, str(file), "--title", "会议记录")
    run("--as", unit, "--dated", DAY, *filing)


def _destroy(run: Scoretrail) -> None:
    """Keep the closed case for a term that is over, and destroy what it holds."""
    first, second = "other-acts-bureau-officer", "other-acts-second-officer"
    opening = ("account", "open", second, "--organisation", "other-finance", "--role", "bureau")
    run("--as", "administrator", "--dated", DAY, *opening)
    by, listed = ("--as", first, "--dated", DAY, "archive"), ("--number", "销毁1号")
    term = ("--term", "10-years", "--starts", "2014-12-31", "--number", "保管期限表1号")
    run("--confirm-date", "2014-12-31", *by, "retain", OTHER, *term)
    run(*by, "propose", OTHER, *listed, "--reason", "保管期满")
    agreed = ("--outcome", "destroy", "--justification", "没有保存价值")
    run(*by, "appraise", OTHER, *listed, *agreed)
    by = ("--as", second, "--dated", DAY, "archive")
    run(*by, "decide", OTHER, *listed, "--outcome", "approved")


def _rank(run: Scoretrail, work: Path, name: str) -> None:
    """Record the ranking of a year; the list itself is thrown away."""
    by = ("--as", "whole-life-bureau-officer", "--dated", DAY)
    run(*by, "ranking", "record", "2022", str(work / f"{name}-ranking.json"))


def _set_time_limits(run: Scoretrail, work: Path, name: str) -> None:
    """Record the notice of a year and one that amends it."""
    file = work / f"{name}-notice.txt"
    file.write_text("年度通知\n", encoding="utf-8")
    by = ("--as", "whole-life-bureau-officer", "--dated", DAY, "calendar", "notice", "2022")
    of = ("--bureau", "finance", "--sha256", str(file), "--number")
    run(*by, *of, "财绩〔2023〕9号", "--submission-due", "2023-04-30", "--receipt-due", "5wd")
    run(*by, *of, "财绩〔2023〕10号", "--amends", "财绩〔2023〕9号", "--draft-due", "60d")


def _merge(run: Scoretrail, work: Path, name: str) -> None:
    """Make a part of the ledger what was recorded in another one, which had begun as this one."""
    export = str(work / f"{name}.jsonl")
    beside = _scoretrail(str(work / f"{name}-beside.sqlite"), work, f"{name}-beside")
    run("export", OTHER, "-o", export)
    beside("import", export)
    officer = ("--as", "other-acts-bureau-officer", "--dated", DAY)
    beside(*officer, "case", "close", OTHER, "--reason", "余下转下一年度")
    again = str(work / f"{name}-again.jsonl")
    beside("export", OTHER, "-o", again)
    run("--as", "administrator", "--dated", DAY, "import", again)


def _enrol_keys(run: Scoretrail, work: Path, name: str) -> tuple[str, ...]:
    """Enrol two keys of the officer who closes the whole life, of which one is retired at once.

    Returns:
        The words with which that officer signs what they do.
    """
    officer = "whole-life-bureau-officer"
    for key in ("lost", "used"):
        file = str(work / f"{name}-{key}.author")
        own = ("--as", officer, "--dated", DAY, "account", "key", "enroll", file)
        fingerprint = run(*own).strip()[-64:]
        by = ("--as", "administrator", "--dated", DAY, "account")
        run(*by, "key", "countersign", officer, fingerprint)
        if key == "lost":
            run(*by, "key", "retire", officer, fingerprint, "--reason", "遗失")
    _let_two_sign(run, work, name)
    run(*by, "demand-signatures", "2099-01-01", "--only", OTHER)
    return "--author-key", file


def _let_two_sign(run: Scoretrail, work: Path, name: str) -> None:
    """Two administrators with keys, without whom no signatures are demanded."""
    first, second = "administrator", "second-administrator"
    opening = ("account", "open", second, "--organisation", "administration", "--role", first)
    run("--as", first, "--dated", DAY, *opening)
    for account, other in ((first, second), (second, first)):
        file = str(work / f"{name}-{account}.author")
        own = ("--as", account, "--dated", DAY, "account", "key", "enroll", file)
        fingerprint = run(*own).strip()[-64:]
        by = ("--as", other, "--dated", DAY, "account", "key", "countersign")
        run(*by, account, fingerprint)


def _set_a_moment_aside(run: Scoretrail, target: str) -> None:
    """Record an act on a machine whose clock is wrong, and set its moment aside."""
    act = CommandEnvelope(
        case=None,
        by="administrator",
        dated=date.fromisoformat(DAY),
        id="clock-ahead",
        command=OpenAccount(account="clock-ahead", organisation="administration"),
    )
    with Store.open(target) as store:
        (ahead,) = Ledger(store).handle([act], "2099-01-01T00:00:00.000000Z")
    position = str(ahead.recorded[0].position)
    setting = ("entry", "set-aside", position, "--reason", "时钟走错")
    run("--as", "administrator", "--dated", DAY, *setting)


def _acts(folder: Path, work: Path, name: str = "") -> list[Path]:
    """The files of acts, their accounts named after the folder: all open some of one name."""
    copied = work / (name or folder.name)
    copytree(folder, copied)
    files = sorted(copied.glob("[1-9]-*.toml"))
    for file in files:
        text = file.read_text(encoding="utf-8")
        account, renamed = r'(?m)^(as|account) = "(?!administrator")', rf'\1 = "{copied.name}-'
        file.write_text(re.sub(account, renamed, text), encoding="utf-8")
    return files


def _reads() -> Iterator[tuple[str, ...]]:
    """What is asked of the whole ledger, by the words of the command lines."""
    for case in CASES.values():
        for point in ("self", "issued", "final"):
            yield "score", case, "--at", point, "--json"
        yield "bridge", case, "--json"
    yield "score", WHOLE_LIFE, "--at", "draft", "--json"  # the only one that was sent as a draft
    yield "bridge", DOCUMENTED, "--baseline", "review-table", "--json"
    yield "log", DOCUMENTED, "--json"


def _hand_out(run: Scoretrail, work: Path, kept: Path) -> None:
    """Keep what leaves the house, of the ledger in a file."""
    kept.mkdir()
    for case in DOSSIERS:
        copy(work / f"sqlite-{case}.zip", kept / f"{case}.zip")
    copytree(work / "sqlite.receipts", kept / "receipts")
    run("publish", str(kept / "public"))
    run("export", WHOLE_LIFE, "-o", str(kept / f"{WHOLE_LIFE}.jsonl"))
    run("export", "--all", "-o", str(kept / "ledger.jsonl"))
    exports = (kept / "ledger.jsonl", work / "sqlite-before.jsonl")
    whole = "".join(file.read_text(encoding="utf-8") for file in exports)
    known = {file.name.partition(".")[0] for file in (GOLDEN / "events").iterdir()}
    if lacking := [one for one in sorted(known) if f'"type":"{one}"' not in whole]:
        sys.exit(f"add acts to {GOLDEN / 'other-acts'} for: {', '.join(lacking)}")


def _dump(owner: str) -> bytes:
    """The whole database as plain SQL that any server takes from any client.

    Left out: who owns what and may do what, which belongs to a server; and the lines that only a
    server and a psql of this very version know.
    """
    words = ("--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100")
    line = [str(programs() / "pg_dump"), *words, owner]
    dumped = subprocess.run(line, capture_output=True, check=True).stdout  # noqa: S603 - the server's own program
    theirs = (b"\\restrict ", b"\\unrestrict ", b"SET transaction_timeout ")
    lines = dumped.splitlines(keepends=True)
    return b"".join(one for one in lines if not one.startswith(theirs))


if __name__ == "__main__":
    main()
