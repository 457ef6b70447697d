"""Questions to the exported data of a province: whether each takes what it may.

`python -m bench.fleet_data` writes exports of 132,000 made-up cases, in 21 ledgers and two years,
as tables and not by commands, and prints of each question the seconds of the processor and the
memory that a process takes which asks nothing else, imports and all rows included. The tables have
as many rows as those of cases whose events are each recorded at an instant of their own, the most
that there can be: 68 scores, 28 awards, 3 requests and 2 tasks a case. `--cases` makes fewer.
"""

import resource
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from application.fleet_data import OF, ask_fleet, folders_in
from documents.parquet_file import FORMAT, WrittenFile, schema_of
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.tree import EMPTY_ROOT, TreeHead
from projections.portfolio.exported_views import FILES

CASES: Final = 132_000
LEDGERS: Final = 21
SECONDS, MEBIBYTES = 2.0, 500
NOTHING: Final[dict[str, Any]] = {
    **dict.fromkeys(("cases", "years", "units", "rubrics", "stages"), ()),
    **dict.fromkeys(("indicators", "reviewers", "clauses", "deciders", "by"), ()),
    "discretion": None,
    "label": "final",
    "table": "groups",
    "dimension": "agency",
    "today": date(2024, 12, 31),
    "language": "zh",
}
QUESTIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("scores", {}),
    ("ranking", {}),
    ("adjustments", {"by": ("indicator", "reviewer")}),
    ("adjustments", {"by": ("clause", "organisation"), "discretion": "yes"}),
    ("adjustments", {"by": ("year", "origin"), "label": "2024-08-01"}),
    *(
        ("deductions", {"by": (by,)})
        for by in ("indicator", "clause", "organisation", "year", "reviewer", "unit")
    ),
    *(("compare", {"dimension": by}) for by in ("agency", "indicator", "reviewer", "clause")),
    *(("compare", {"table": table}) for table in ("totals", "frequent", "distribution")),
    ("rectification", {}),
    ("work", {}),
)
_CASE: Final = """'$origin' AS origin, 'case-' || c AS "case", 'unit-' || (c // 2) AS unit,
    '单位' || (c // 2) AS unit_name, 2023 + c % 2 AS year"""
_MADE: Final = {
    "cases": Template("""
        SELECT $case, '$origin-bureau' AS bureau_id, 'issued' AS stage, 1 AS scored
        FROM range($cases) t(c)
    """),
    "requests": Template("""
        SELECT $case, 'request-' || n AS request, 190 + n AS version, '2024-09-01' AS requested,
            '' AS number, '整改' AS demand, ['open', 'answered', 'accepted'][1 + n % 3] AS state,
            '2024-12-' || (10 + c % 20) AS due, 'document' AS due_by, n % 3 AS responses,
            if(n % 3 = 0, NULL, '2024-11-01') AS responded, '[]' AS findings, '[]' AS answers,
            if(n % 3 = 2, '2024-11-20', NULL) AS accepted, 0 AS late
        FROM range($cases) t(c), range(3) s(n)
    """),
    "work": Template("""
        SELECT $case, n AS number, ['unit', 'bureau'][1 + n % 2] AS turn, '整改反馈' AS what_zh,
            'respond' AS what_en, 'request-' || n AS subject, '2024-09-01' AS since,
            '2024-12-' || (10 + c % 20) AS due, NULL::VARCHAR AS decided_by,
            NULL::VARCHAR AS assigned, '0001-01-01' AS shown_from, '~' AS shown_until,
            'unit-' || c AS party, '2024-12-31' AS last
        FROM range($cases) t(c), range(2) s(n)
    """),
    "scores": Template("""
        SELECT *, claim::VARCHAR AS claim_text, award::VARCHAR AS award_text,
            award - claim AS gap, (award - claim)::VARCHAR AS gap_text
        FROM (SELECT $case, 170 + n AS version, 'issued' AS stage, 'departments' AS rubric,
            '2024-1' AS edition, '优' AS claim_grade, 0 AS claim_pending, '良' AS grade,
            0 AS pending, 0 AS bonus_undecided,
            if(n < 3, 'stage', if(n < 18, 'dated', 'recorded')) AS axis,
            (DATE '2024-01-01' + 20 * n::INTEGER)::VARCHAR AS since,
            if(n IN (17, 67), '~', (DATE '2024-01-21' + 20 * n::INTEGER)::VARCHAR) AS until,
            ((9000 + hash(c, n) % 900)::DECIMAL(9, 0) * 0.01)::DECIMAL(18, 6) AS claim,
            ((8000 + hash(n, c) % 1900)::DECIMAL(9, 0) * 0.01)::DECIMAL(18, 6) AS award
        FROM range($cases) t(c), range(68) s(n))
    """),
    "adjustments": Template("""
        SELECT *, claim::VARCHAR AS claim_text, award::VARCHAR AS award_text
        FROM (SELECT $case, 'indicator-' || n AS indicator, 100 + n AS version,
            2147483647 AS version_until, '2024-07-' || (10 + n % 18) AS dated, '~' AS dated_until,
            '2024-07-' || (10 + n % 18) || 'T08:00:00.000000Z' AS recorded, '~' AS recorded_until,
            'ScoreAdjusted' AS kind, '$origin-reviewer-' || (hash(c, n) % 12) AS reviewer,
            '$origin-agency-' || (c % 3) AS organisation, '第' || (n % 14) || '条' AS clause,
            ['rule', 'discretion', 'judgement'][1 + (hash(n, c) % 3)::INTEGER] AS decided_by,
            if(hash(c, n) % 2 = 0, 'lead', NULL) AS countersigned,
            ((300 + n * 37 % 800 - hash(c) % 5 * 10)::DECIMAL(9, 0) * 0.01)::DECIMAL(18, 6)
                AS claim,
            ((200 + n * 37 % 800 - hash(c, n) % 15 * 10)::DECIMAL(9, 0) * 0.01)::DECIMAL(18, 6)
                AS award
        FROM range($cases) t(c), range(28) s(n))
    """),
}


def write_exports(folder: Path, cases: int) -> None:
    """Write exports of made-up cases."""
    for number in range(LEDGERS):
        origin = f"city-{number}.example"
        key = SigningKey(origin, bytes(32))
        note = bytes(sign_checkpoint(Checkpoint(origin, TreeHead(0, EMPTY_ROOT)), [key])).decode()
        own = folder / f"{OF}{origin}"
        own.mkdir(parents=True)
        for name, view in FILES.items():
            file = own / f"{name}.parquet"
            if made := _MADE.get(name):
                text = Template(made.safe_substitute(case=_CASE)).substitute(
                    origin=origin, cases=cases // LEDGERS
                )
                duckdb.sql(
                    f"COPY ({text}) TO '{file}' (FORMAT parquet, COMPRESSION zstd,"
                    f" KV_METADATA {{format: '{FORMAT}', checkpoint: '{note}'}})"
                )
            else:
                WrittenFile(file, schema_of(view, {"checkpoint": note})).end()


def answered(folder: Path, number: int) -> Iterator[str]:
    """Ask a question in this process, and say what that took."""
    question, options = QUESTIONS[number]
    rows = sum(1 for _ in ask_fleet(question, folders_in(folder), {**NOTHING, **options}).rows)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Not `ru_maxrss`, which begins with what the parent had.
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (peak,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
    yield f"{used.ru_utime + used.ru_stime} {int(peak) / 1024} {rows}"


def main() -> None:
    """Write the exports, and print what each question takes."""
    parser = ArgumentParser()
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--ask", nargs=2)
    asked = parser.parse_args()
    if asked.ask:
        print(*answered(Path(asked.ask[0]), int(asked.ask[1])))
        return
    with TemporaryDirectory() as folder:
        write_exports(Path(folder), asked.cases)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
        print(f"{asked.cases} 个事项 / cases, {size / 2**20:.0f} MiB")
        print("| 问题 / question | CPU s | MiB | 行 / rows | |\n|---|---|---|---|---|")
        for number, (question, options) in enumerate(QUESTIONS):
            words = [sys.executable, "-m", "bench.fleet_data", "--ask", folder, str(number)]
            said = subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603 - this program
            seconds, memory, rows = map(float, said.split())
            met = "" if seconds <= SECONDS and memory <= MEBIBYTES else "✗"
            how = " ".join(f"{name} {value}" for name, value in options.items())
            print(f"| {question} {how} | {seconds:.2f} | {memory:.0f} | {rows:.0f} | {met} |")


if __name__ == "__main__":
    main()
