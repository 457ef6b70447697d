"""A drafted rubric as the file that a person reads, answers, checks and publishes.

The file is an ordinary rubric but for two things that no rubric may have: the line `drafted`,
which a person takes out who has read every row, and a `?` for all that is asked. What it was read
from is in comments.
"""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from intake.extra_sentences import ExtraPoints
from intake.rubric_draft import DraftedRow, RubricDraft
from intake.rule_sentences import Figure, FoundRule, LeftToReviewer, Open, opens
from intake.table_rows import TableRow
from ledger.language import Text
from ledger.rubric import OPEN

NOT_PRINTED: Final = "评分表这一行没有印出评分标准。"
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")


class Question(NamedTuple):
    """Something that a person has to answer in the file.

    Attributes:
        indicator: the row that it is about; empty for the rubric as a whole.
        key: of the row, or of the rubric.
        asks: what is asked.
        choices: what may be written; empty where that is free.
    """

    indicator: str
    key: str
    asks: Text
    choices: str


class DraftFile(NamedTuple):
    """The text of the file, and what it asks in the order of its lines."""

    text: str
    questions: list[Question]


HEAD: Final = """\
# 由 {table} 起草的指标体系：名称、分值、评分标准照表；规则由评分标准读出，读不出的由人评定。
# ? 是表中没有写明、要由人回答的。逐行读过、改正之后，删去 drafted 一行，再运行 rubric check。
# A rubric drafted from {table}: names, weights and standards are those of the table. A rule is what
# its standard states; all else is left to the reviewer. A ? is for a person to answer. Read
# every row, correct it, take out the line `drafted`, then run rubric check.

drafted = true"""


def draft_file(draft: RubricDraft, table: Path) -> DraftFile:
    """A draft as a file."""
    file = _Writing()
    file.lines.append(HEAD.format(table=_remark(table.name)))
    file.head(draft, table)
    for kind in ("bonus", "penalty"):
        if own := [(row, extra) for row, extra in draft.extras if extra.kind == kind]:
            file.bonus_or_penalty(kind, own)
    for row in draft.rows:
        file.row(row)
    for row in draft.rows:
        if isinstance(row.rule, FoundRule):
            for figure in row.rule.figures:
                file.figure(figure)
    return DraftFile("\n".join(file.lines) + "\n", file.questions)


class _Writing:
    """The lines of a file, and the questions in them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.questions: list[Question] = []
        self._indicator = ""

    def _text(self, key: str, text: str) -> None:
        self.lines.append(_text(key, text))

    def _ask(self, key: str, zh: str, en: str, choices: str = "") -> None:
        remark = f"{zh} {en}{': ' * bool(choices)}{choices}"
        self.lines.append(f'{key} = "{OPEN}"  # {_remark(remark)}')
        self.questions.append(Question(self._indicator, key, Text(zh, en), choices))

    def _number(self, key: str, number: Decimal | None, zh: str, en: str) -> None:
        if number is None:
            self._ask(key, zh, en)
        else:
            self._text(key, plain_number(number))

    def head(self, draft: RubricDraft, table: Path) -> None:
        """What holds for the rubric as a whole."""
        self._ask(
            "id", "编号：小写字母、数字、连字符", "its id: lower-case letters, digits, hyphens"
        )
        self._ask("edition", "版本，如 2031-1", "its edition, such as 2031-1")
        if draft.title:
            self._text("title", draft.title)
        else:
            self._ask("title", "名称", "its title")
        self._ask(
            "scale", "得分有几位小数，不加引号", "decimals of a score, without quotes", "0 | 1 | 2"
        )
        zh = "" if draft.printed is None else f"，表中印出的合计是 {draft.printed}"
        en = "" if draft.printed is None else f"; the table prints {draft.printed}"
        total = plain_number(draft.total)
        zh, en = f"各行分值相加 {total}{zh}", f"the weights add up to {total}{en}"
        self._number("full", draft.full, zh, en)
        plain = draft.full if not draft.extras else None
        cap = plain if draft.cap is None else draft.cap
        self._number("cap", cap, "总分上限", "the most that a total can be")
        self._text("source", table.name)
        self._ask(
            "band",
            "等级：改为 [[band]] 各节，没有就写 []",
            "grades: write [[band]] tables, or [] for none",
        )

    def bonus_or_penalty(self, kind: str, own: list[tuple[TableRow, ExtraPoints]]) -> None:
        """Bonus or penalty; what several rows say of it is for a person to put together."""
        self._indicator = kind
        first, single = own[0], len(own) == 1
        places = "、".join(f"{_line(row.sheet)}!{row.standard_at or row.number}" for row, _ in own)
        name = _line(first[0].name)
        self.lines += ["", f"[{kind}]"]
        self._text("id", kind)
        self._text("name", name)
        self._number("each", first[1].each if single else None, "每项分值", "points of one item")
        self._number("cap", first[1].cap if single else None, "合计上限", "the most of all items")
        self._text("clause", f"{places} {name}")
        self._text("standard", "\n".join(extra.standard for _, extra in own).strip() or NOT_PRINTED)
        if explanation := "\n".join(
            dict.fromkeys(row.explanation for row, _ in own if row.explanation)
        ):
            self._text("explanation", explanation)

    def row(self, drafted: DraftedRow) -> None:
        """An indicator with its rule."""
        row, rule = drafted.row, drafted.rule
        self._indicator = drafted.id
        self.lines += ["", "[[indicator]]", _text("id", drafted.id)]
        self.lines.append(f"path = {_value(list(drafted.path))}")
        self._number("weight", drafted.weight, "分值", "its weight")
        self._text("clause", drafted.clause)
        self._text("standard", row.standard or NOT_PRINTED)
        if row.explanation:
            self._text("explanation", row.explanation)
        if target := row.parts.get("target"):
            self.lines.append(f"# 目标值 target: {_remark(target.text)}")
        if isinstance(rule, LeftToReviewer):
            self.lines.append(
                f"# 由人评定：{_remark(rule.why.zh)} Left to the reviewer: {_remark(rule.why.en)}"
            )
            self._entry("rule", _judgement(drafted.weight))
            return
        self.lines += [f"# 读自 read from: {_remark(sentence)}" for sentence in rule.sentences]
        self.lines.append("[indicator.rule]")
        for key, value in rule.rule.items():
            self._entry(key, value)

    def _entry(self, key: str, value: object) -> None:
        """A key of a rule; a list of tables has a line for each of them."""
        if isinstance(value, list) and value and isinstance(value[0], dict):
            self.lines += [
                f"{key} = [",
                *(f"  {_value(part)},{_asks(part)}" for part in value),
                "]",
            ]
        else:
            self.lines.append(f"{key} = {_value(value)}{_asks(value)}")
        place = key if key == "rule" else f"rule.{key}"
        self.questions += [
            Question(self._indicator, place, one.asks, one.choices) for one in opens(value)
        ]

    def figure(self, figure: Figure) -> None:
        """What a figure that a rule reads is called."""
        self.lines += ["", "[[figure]]", _text("id", figure.id), _text("name", figure.name)]
        if figure.kind != "number":
            self._text("kind", figure.kind)
        if figure.unit:
            self._text("unit", figure.unit)


def _judgement(weight: Decimal | None) -> dict[str, object]:
    """The rule of a row that is left to the reviewer."""
    points: str | Open = f"{weight}"
    most: str | Open = f"[0,{weight}]"
    if weight is None:
        points = Open(Text("同分值", "as the weight"), "…")
        most = Open(Text("0 至分值", "from 0 to the weight"), "[0,…]")
    return {"shape": "discretion", "full_if": [], "deduct": most, "out_of": points}


def plain_number(number: Decimal) -> str:
    """A number as people write it: 100 for 100.0."""
    return f"{number.normalize():f}"


def _asks(value: object) -> str:
    """What is asked in a value, as the comment after it."""
    asked = dict.fromkeys(f"{one.asks.zh} {one.asks.en}: {one.choices}" for one in opens(value))
    return f"  # {_remark('; '.join(asked))}" if asked else ""


# TOML --------------------------------------------------------------------------------------------


def _value(value: object) -> str:
    """A value on one line."""
    match value:
        case Open():
            return f'"{OPEN}"'
        case str():
            return _quoted(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            pairs = (
                f"{key if _BARE.match(key) else _quoted(key)} = {_value(part)}"
                for key, part in value.items()
            )
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
        case _:
            return str(value)


def _text(key: str, text: str) -> str:
    """A key with a text; one of several lines keeps them."""
    if "\n" not in text:
        return f"{key} = {_quoted(text)}"
    lines = (_quoted(line)[1:-1] for line in text.split("\n"))
    return f'{key} = """\n' + "\n".join(lines) + '"""'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(text: str) -> str:
    return " ".join(text.split())


def _remark(text: str | Text) -> str:
    """A text as a comment holds it: on one line, without signs that are not seen."""
    return "".join(sign if sign.isprintable() else " " for sign in _line(str(text)))
