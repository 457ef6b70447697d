"""The cover (封面), what is asked on it (汇总), and the submission that it may ask for."""

from collections.abc import Iterable, Iterator, Mapping

from documents.page import Cell
from intake.forms.filled_row import Fields, FormRow, choice_of, score_of
from intake.forms.sheet import COVER, FormColumn, FormSheet
from intake.written_command import WrittenCommand
from ledger import terms
from ledger.language import Say
from ledger.terms import ANSWERS

CoverLine = tuple[str, str, Cell]


def cover(
    lines: Iterable[CoverLine], asked: Iterable[CoverLine], say: Say
) -> tuple[FormSheet, FormSheet]:
    """The cover in two sheets: what the form is for, and what is asked on it."""
    columns = (
        FormColumn(key="id", heading=say("项", "Key"), width=10),
        FormColumn(key="label", heading=say(*terms.NAME), width=16),
    )
    value = FormColumn(key="value", heading=say("内容", "Content"), width=36)
    filled = FormColumn(key="value", heading=say("填写", "To be filled in"), width=24, open=True)
    return (
        FormSheet(
            key=COVER, name=say("封面", "Cover"), columns=(*columns, value), rows=tuple(lines)
        ),
        FormSheet(
            key="asked", name=say("汇总", "Totals"), columns=(*columns, filled), rows=tuple(asked)
        ),
    )


def explanation(say: Say) -> tuple[CoverLine, ...]:
    """How to fill the form in, on its cover."""
    return (
        (
            "how",
            say("怎样填", "How to fill it in"),
            say(
                "只填浅黄色的格。得分写数字，最多到分值的小数位；没有就空着，缺失不等于零。"
                "金额按“计量单位”一列的单位填，不写“万元”等字样。日期写 2023-11-09，起止日期写"
                " 2023-11-09/2023-11-24。佐证材料写文件名，一行一个。"
                "不要用公式，不要合并或隐藏行。",
                "Fill in the pale yellow cells only. Scores are numbers with no more decimals than"
                " the rubric has; leave empty what is missing: missing is not zero. Amounts are in"
                " the unit of their row. Dates are 2023-11-09, stretches 2023-11-09/2023-11-24."
                " Evidence is the name of a file, one a line. No formulas, merged or hidden rows.",
            ),
        ),
    )


def submission(asked: Mapping[str, FormRow], case: str, scale: int) -> Iterator[WrittenCommand]:
    """The submission of the self-evaluation, where the form asks for it."""
    row = asked["submit"]
    if choice_of(row, "value", ANSWERS) != "yes":
        return
    fields: Fields = {"do": "submit-self-evaluation"}
    for key in ("printed_base", "printed_bonus", "printed_total"):
        if key in asked and (given := score_of(asked[key], "value", scale)) is not None:
            fields[key] = given
    for key in ("number", "printed_grade"):
        if key in asked and (text := asked[key].text("value")):
            fields[key] = text
    yield WrittenCommand({"case": case, **fields}, row.place_of)
