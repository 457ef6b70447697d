"""The cover (封面), what is asked on it (汇总), and the submission that it may ask for."""

from collections.abc import Iterable, Iterator, Mapping

from documents.page import Cell
from documents.source import Source
from intake.forms.filled_row import Fields, FormRow, choice_of, score_of
from intake.forms.sheet import COVER, FormColumn, FormSheet, id_column
from intake.written_command import WrittenCommand
from ledger import terms
from ledger.language import Say
from ledger.terms import ANSWERS

CoverLine = tuple[str, str, Cell]


def cover(
    lines: Iterable[CoverLine], asked: Iterable[CoverLine], say: Say
) -> tuple[FormSheet, FormSheet]:
    """The cover in two sheets: what the form is for, and what is asked on it."""
    label = FormColumn(key="label", heading=say(*terms.NAME), width=14)
    value = FormColumn(key="value", heading=say("内容", "Content"), width=30)
    filled = FormColumn(key="value", heading=say("填写", "To be filled in"), width=24, open=True)

    def sheet(key: str, name: str, content: FormColumn, given: Iterable[CoverLine]) -> FormSheet:
        rows = tuple((words, cell, id_) for id_, words, cell in given)
        columns = (label, content, id_column(say))
        return FormSheet(key=key, name=name, columns=columns, rows=rows, portrait=True)

    return (
        sheet(COVER, say("封面", "Cover"), value, lines),
        sheet("asked", say("汇总", "Totals"), filled, asked),
    )


def about(source: Source, say: Say) -> str:
    """Whose form it is and of which year, in one line."""
    return say(f"{source.unit} {source.year}年度", f"{source.unit}, {source.year}")


def explanation(say: Say) -> tuple[CoverLine, ...]:
    """How to fill the form in, on its cover."""
    return (
        (
            "how",
            say("填写说明", "How to fill it in"),
            say(
                "只填写浅黄色单元格。得分填写数字，小数位数不超过分值的小数位数；没有的留空，缺失"
                "不等于零。百分数填 96，不填 0.96。金额按“计量单位”一列的单位填写，不写“万元”等字"
                "样。日期按 2023-11-09 填写，起止日期按 2023-11-09/2023-11-24 填写。佐证材料填写文"
                "件名，每行一个。请勿使用公式，请勿合并、隐藏、插入或复制行；合计和分差自动计算。",
                "Fill in the pale yellow cells only. Scores are numbers with no more decimals than"
                " the rubric allows; leave missing values empty, as missing is not zero. Write 96"
                " for 96%, not 0.96. Amounts are in the unit of measure of their row. Write dates"
                " as 2023-11-09 and periods as 2023-11-09/2023-11-24. For evidence, write file"
                " names, one per line. Do not use formulas, and do not merge, hide, insert or copy"
                " rows; sums and differences are worked out.",
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
    yield row.written({"case": case, **fields})
