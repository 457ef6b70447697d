"""`python -m bench.paper`: seconds for every document of a large case in every format.

Sixty indicators with long names, more than five hundred entries of the log, an appeal against
twenty rows: as large as a case becomes. No ratio, because there is nothing of the kind to compare
with; what is asked for is seconds, not minutes.
"""

from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from cli.main import run
from documents.formats import FORMATS, printer
from documents.kinds import KINDS, document_of
from documents.source import Source, source
from ledger.commands import (
    AdjustScore,
    ClaimScore,
    Command,
    CommandEnvelope,
    CommissionReview,
    CountersignAdjustment,
    IssueResult,
    LodgeAppeal,
    OpenCase,
    PinRubric,
    PublishRubric,
    RaiseFinding,
    RequestRectification,
    SubmitFigure,
    SubmitSelfEvaluation,
)
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.values import Figure, instant
from projections.as_of import at

CASE: Final = "large-2023"
DAY: Final = date(2024, 8, 1)
ROWS: Final = 60
FINDINGS: Final = 80
CONTESTED: Final = 20
FIGURES_PER_ROW: Final = 4
LONG: Final = "专项资金绩效目标完成情况与预算执行进度及其整改落实情况综合评价（含下属单位）"


def _weight(number: int) -> Decimal:
    """The first forty rows weigh 2, the last twenty 1: together 100."""
    return Decimal(2 if number < 40 else 1)  # noqa: PLR2004 - as the docstring says


def _rubric() -> str:
    rows = "".join(
        f'[[indicator]]\nid = "i{number}"\npath = ["一级{number // 20}", "二级{number // 6}",'
        f' "{number}{LONG}"]\nweight = "{_weight(number)}"\nclause = "附件1"\n'
        f'standard = "{LONG * 2}"\nrule = {{ shape = "all-or-nothing", figures = ["f{number}"] }}\n'
        for number in range(ROWS)
    )
    return (
        'id = "large"\nedition = "1"\ntitle = "大"\nscale = 2\nfull = "100"\ncap = "100"\n'
        f'source = "附件1"\n[[band]]\ngrade = "优"\nrange = "[0,100]"\n{rows}'
    )


def _acts() -> list[tuple[str, Command]]:
    opening = OpenCase(
        title="大",
        year=2023,
        unit="zhanjiang-amr",
        unit_name="局",
        bureau="zhanjiang-finance",
        bureau_name="财政局",
    )
    acts: list[tuple[str, Command]] = [
        ("bureau-officer", opening),
        ("bureau-officer", PinRubric(rubric="large", edition="1")),
        ("bureau-officer", CommissionReview(agency="guangzhou-xianghe", agency_name="公司")),
    ]
    for number in range(ROWS):
        row = f"i{number}"
        for part in range(FIGURES_PER_ROW):
            name = f"f{number}" if part == 0 else f"f{number}-{part}"
            figure = Figure(id=name, indicator=row, name=LONG, kind="yes-no", value="yes")
            acts.append(("unit-filer", SubmitFigure(figure=figure)))
        claim = ClaimScore(indicator=row, score=_weight(number), justification=LONG)
        acts.append(("unit-filer", claim))
    acts.append(("unit-filer", SubmitSelfEvaluation()))
    for number in range(ROWS):
        row, award = f"i{number}", Decimal("0.99") if number % 2 else Decimal("0.01")
        adjust = AdjustScore(indicator=row, award=award, justification=LONG * 3, ground="酌情")
        acts += [
            ("agency-reviewer", adjust),
            ("agency-lead", CountersignAdjustment(indicator=row)),
        ]
    acts += [
        ("agency-reviewer", RaiseFinding(finding=f"q{number}", title=LONG, statement=LONG * 4))
        for number in range(FINDINGS)
    ]
    contested = tuple(f"i{number}" for number in range(CONTESTED))
    asked = tuple(f"q{number}" for number in range(FINDINGS))
    acts += [
        ("bureau-officer", IssueResult(printed_total=Decimal("30.00"), printed_grade="优")),
        ("unit-filer", LodgeAppeal(appeal="appeal", indicators=contested, statement=LONG)),
        ("bureau-officer", RequestRectification(request="all", findings=asked, demand=LONG)),
    ]
    return acts


def large_case(folder: Path) -> Source:
    """The case in a ledger of its own, as it stands after all of its acts."""
    with redirect_stdout(StringIO()):
        run(["--ledger", str(folder / "large.db"), "demo"])  # its accounts are those needed
    publication = PublishRubric(source=_rubric())
    acts = [
        CommandEnvelope(case=CASE, by=by, dated=DAY, id=f"a{number}", command=command)
        for number, (by, command) in enumerate(_acts())
    ]
    with Store.open(str(folder / "large.db")) as store:
        ledger = Ledger(store)
        now = instant(datetime.now(UTC))
        ledger.handle(
            [
                CommandEnvelope(
                    case=None, by="bureau-officer", dated=DAY, id="large", command=publication
                )
            ],
            now,
        )
        ledger.handle(acts, now)
        return source(at(ledger.history(CASE), ledger.editions("large"), "final"), DAY)


def seconds(made_from: Source) -> dict[str, dict[str, float]]:
    """How long each kind of document takes in each format, the making of its blocks included."""
    spent: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        for suffix in FORMATS:
            start = perf_counter()
            printer(suffix)(document_of(kind, made_from, "zh"))
            spent.setdefault(kind, {})[suffix] = perf_counter() - start
    return spent


def main() -> None:
    """Measure and print the table."""
    with TemporaryDirectory() as name:
        made_from = large_case(Path(name))
        entries = len(made_from.point.history)
        print(f"{ROWS} indicators, {entries} entries of the log; seconds")
        print(f"{'document':16}" + "".join(f"{suffix:>8}" for suffix in FORMATS))
        for kind, spent in seconds(made_from).items():
            print(f"{kind:16}" + "".join(f"{spent[suffix]:8.2f}" for suffix in FORMATS))


if __name__ == "__main__":
    main()
