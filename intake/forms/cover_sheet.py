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
            say("填写说明", "How to fill it in"),
            say(
                "只填写浅黄色单元格。得分填写数字，小数位数不超过分值的小数位数；没有的留空，缺失"
                "不等于零。金额按“计量单位”一列的单位填写，不写“万元”等字样。日期按 2023-11-09 填"
                "写，起止日期按 2023-11-09/2023-11-24 填写。佐证材料填写文件名，每行一个。请勿使用"
                "公式，请勿合并或隐藏行。",
                "Fill in the pale yellow cells only. Scores are numbers with no more decimals than"
                " the rubric allows; leave missing values empty, as missing is not zero. Amounts"
                " are in the unit of measure of their row. Write dates as 2023-11-09 and periods"
                " as 2023-11-09/2023-11-24. For evidence, write file names, one per line. Do not"
                " use formulas and do not merge or hide rows.",
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
