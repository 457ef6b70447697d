"""What an act asks for (填写项), in words: the same for a command line and for a page with fields.

Which fields a command has, of what kind each is and which must be there stands in
`ledger/commands.py` and is read from there; here are the words, and how what people fill in is put
together where a field of the command has parts of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from msgspec import ValidationError
from msgspec.structs import FieldInfo, fields

from ledger.commands import COMMANDS, CaseCommand, NewAward, NewValue
from ledger.field_errors import field_errors
from ledger.language import Text
from ledger.stored_struct import decode_validated, validating_type
from ledger.terms import FIELDS
from ledger.values import Citation, Evidence, Figure, Invalid, Sense

Fields = dict[str, Any]


class ActField(NamedTuple):
    """One thing that an act asks for.

    Attributes:
        name: of the field.
        kind: what it holds: a `str`, a `Decimal`, a `date`, an `int`, a `bool`, by its path a file,
            or something of two parts (`PAIRS`).
        required: whether the act cannot do without it.
        many: whether there may be several.
        choices: what it may be, where that is a closed list.
        form: its type with all that is asked of one value of it.
    """

    name: str
    kind: type
    required: bool
    many: bool = False
    choices: tuple[str, ...] = ()
    form: Any = str


class _Words(NamedTuple):
    does: Text
    own: Mapping[str, Text]


def _does(zh: str, en: str, **own: Text) -> _Words:
    """What an act does, and its own words for fields that it calls otherwise than most."""
    return _Words(Text(zh, en), own)


def does(do: str) -> Text:
    """What an act does, in a sentence."""
    return _ACTS[do].does


def words(do: str, field: str) -> Text:
    """What a field of an act asks for: in its own words, or by its title."""
    return _ACTS[do].own.get(field) or _FIELDS.get(field) or FIELDS[field]


def is_of_case(do: str) -> bool:
    """Whether an act concerns a case, rather than the register or a rubric."""
    return COMMANDS[do] in get_args(CaseCommand)


def asked(do: str) -> Iterator[ActField]:
    """What an act asks for, in the order of its command; a figure and a file by their parts."""
    for field in fields(COMMANDS[do]):
        if field.type is Figure:
            is_restated = do == "restate-figure"  # and keeps what is not said anew
            for part in _parts_of_figure():
                required = part.required and (part.name == "figure_id" or not is_restated)
                yield part._replace(required=required)
        elif (do, field.name) == ("publish-rubric", "source"):
            yield ActField("file", Path, required=True)
        elif field.type is Evidence:
            yield ActField("file", Path, required=True)
            yield from (_field(part) for part in fields(Evidence) if part.name in _TOLD_OF_FILES)
        else:
            yield _field(field)


def _parts_of_figure() -> Iterator[ActField]:
    for part in fields(Figure):
        if part.name == "target":
            yield ActField("target_sense", str, required=False, choices=get_args(Sense))
            yield ActField("target", str, required=False)
        else:
            yield _field(part)._replace(name="figure_id" if part.name == "id" else part.name)


def _field(field: FieldInfo) -> ActField:
    shape = _bare(field.type)
    many = get_origin(shape) is tuple
    form = get_args(shape)[0] if many else field.type
    kind = _bare(form)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    return ActField(field.name, str if choices else kind, field.required, many, choices, form)


def value_of(written: str, field: ActField) -> object:
    """One value of a field, from a text: a whole number or a date as such, the rest as it is.

    Evidence may be named otherwise than by its digest. A number that no rule allows, such as one
    below 0, and a text without words in it are left to the rules.

    Raises:
        Invalid: the text is not of the form of such a value; says what that is.
    """
    value: object = written
    if field.kind is int and written.isascii() and written.isdecimal():
        value = int(written[:20])
    try:
        decode_validated(value, date if field.kind is date else field.form)
    except (ValidationError, Invalid):
        asked_for_more = field.kind is str and (not written.strip() or field.name == "evidence")
        wrong = [] if asked_for_more else field_errors(value, validating_type(field.form))
        if wrong:
            raise Invalid(*wrong[0].text, field=field.name) from None
    return date.fromisoformat(written) if field.kind is date else value


def field_at(do: str, path: Iterable[str | int]) -> str:
    """Which of `asked` holds a part of the command; empty where none does.

    Args:
        do: the act.
        path: the keys that lead to the part, as `ledger.field_errors` has them; of a refusal, the
            field that it names.
    """
    keys = [key for key in path if isinstance(key, str)]
    names = {field.name for field in asked(do)}
    if "target" in keys[:-1] and keys[-1] == "value":
        keys.pop()
    tried = (name for key in reversed(keys) for name in (_HOLDERS.get(key, key), key))
    return next((name for name in tried if name in names), "")


_HOLDERS: Final = {
    "id": "figure_id",
    "figure": "figure_id",
    "sense": "target_sense",
    "evidence": "file",
    "source": "file",
}
"""Parts of a command that are filled in by another name, where an act asks for that one."""


def _bare(shape: Any) -> Any:  # noqa: ANN401 - any annotation
    """A type without what may only be said beside it: limits, and that it may be absent."""
    while get_origin(shape) in {Annotated, Union, UnionType}:
        shape = get_args(shape)[0]
    return shape


def put_together(do: str, given: Mapping[str, Any]) -> Fields:
    """The fields of the command, from what was filled in.

    Args:
        do: the act.
        given: by the names of `asked`; what was left out is not among them.

    Raises:
        Invalid: a target without its side, or the reverse; an award that is no pair.
    """
    whole = {field.name for field in fields(COMMANDS[do])}
    put = {name: value for name, value in given.items() if name in whole}
    if "figure_id" in given:
        put |= {"figure": _figure({name: given[name] for name in given.keys() - whole})}
    for field in asked(do):
        if field.kind in PAIRS and field.name in given:
            put |= {field.name: [_pair(field, text) for text in given[field.name]]}
    return put


def put_together_all(dos: Sequence[str], given: Mapping[str, Any]) -> list[Fields]:
    """An act and those of the others that anything was filled in for.

    Args:
        dos: the acts, in their order; the first is always among them.
        given: by the names of `asked`; what several of them ask for is of each.

    Raises:
        Invalid: as `put_together` does.
    """
    first = dos[0]
    shared = {field.name for field in asked(first)}
    return [
        {"do": do, **put_together(do, given)}
        for do in dos
        if do == first
        or any(field.name in given for field in asked(do) if field.name not in shared)
    ]


def _figure(parts: Fields) -> Fields:
    sense, target = parts.pop("target_sense", None), parts.pop("target", None)
    if (sense is None) != (target is None):
        raise Invalid(
            "目标值和目标方向要一起写", "a target and its side go together", field="target"
        )
    reach = {"target": {"sense": sense, "value": target}} if sense else {}
    return {"id": parts.pop("figure_id"), **parts, **reach}


def _pair(field: ActField, text: str) -> Fields:
    """`output-goals=17.00` as an indicator and its award; likewise whatever has two parts.

    Raises:
        Invalid: not of that form.
    """
    first, sign, second = text.partition("=")
    if not sign:
        zh, en = PAIRS[field.kind]
        raise Invalid(f"“{text}”应写成 {zh}", f"“{text}” must be {en}", field=field.name)
    return dict(zip((part.name for part in fields(field.kind)), (first, second), strict=True))


PAIRS: Final[Mapping[type, Text]] = {
    NewAward: Text(
        "指标=得分，如 output-goals=17.00", "INDICATOR=AWARD, such as output-goals=17.00"
    ),
    NewValue: Text("基础数据=值，如 spent=195", "FIGURE=VALUE, such as spent=195"),
    Citation: Text(
        "文件=出处，如 review-report=附件1 第 1 行",
        "DOCUMENT=PLACE, such as review-report=Annex 1, row 1",
    ),
}
"""What is filled in as two parts with a sign between them, and how that is written."""


_TOLD_OF_FILES: Final = {"title", "number"}
"""What a person says of a file; the rest is read from it."""

_FIELDS: Final[Mapping[str, Text]] = {
    # Of most acts
    "reason": Text("原因", "why"),
    "justification": Text("理由", "why"),
    "clause": Text("依据条款", "clause of the standard"),
    "ground": Text("与按标准得分不同的原因（酌情）", "why the rule's result is not taken"),
    "file": Text("文件", "the file"),
    "evidence": Text(
        "佐证材料：文件、标题、文号或摘要开头，可多次",
        "filed evidence by file, title, number or start of its digest; repeatable",
    ),
    "number": Text("文号", "document number"),
    "note": Text("说明", "a note"),
    "indicators": Text("涉及指标，可多次", "repeatable"),
    "findings": Text("针对的问题，可多次", "repeatable"),
    "outcome": Text("结论", "the conclusion"),
    # Accounts, rubrics, cases
    "organisation": Text("所属机构", "whom it acts for"),
    "position": Text("日志位置", "its position in the log"),
    "roles": Text("角色，可多次", "repeatable"),
    "by_edition": Text("新的版本", "the newer edition"),
    "rubric": Text("指标体系编号", "id of the rubric"),
    "edition": Text("版本", "the edition"),
    "year": Text("评价年度", "year under review"),
    "unit_name": Text("被评价单位名称", "its name"),
    "bureau": Text("财政部门编号", "id of the bureau"),
    "bureau_name": Text("财政部门名称", "its name"),
    "notice": Text("通知文号", "document number of the notice"),
    "agency": Text("核查机构编号", "id of the agency"),
    "agency_name": Text("核查机构名称", "its name"),
    # A figure
    "figure_id": Text("数据编号", "id of the figure"),
    "name": Text("名称", "as the document calls it"),
    "value": Text("值；没有就不写，缺失不等于零", "as text; leave out what is missing"),
    "kind": Text("值的种类", "how to read it"),
    "unit": Text("计量单位", "unit of measure"),
    "target_sense": Text("目标方向", "side of it"),
    "target": Text("目标值", "the target"),
    "scope": Text("口径", "whom it covers"),
    "source": Text("出处", "document and place"),
    # Self-evaluation and result
    "points": Text("分值", "points"),
    "issuer": Text("发文单位", "who commended it"),
    "printed_base": Text("所列基础分", "sum of the rows as printed"),
    "printed_bonus": Text("所列加分", "bonus as printed"),
    "printed_total": Text("所列总分", "total as printed"),
    "printed_grade": Text("所列等级", "grade as printed"),
    "respond_by": Text("反馈截止日", "last day for comments"),
    "difference": Text("与计算不符的原因", "why it differs from the awards"),
    "received": Text("日期", "the day"),
    "place": Text("公开之处", "where"),
    # Objections, appeals, rectification
    "requested": Text("请求的得分", "the score that is asked for"),
    "award": Text("新的核查得分", "the new award"),
    "awards": Text("指标或加减分项=得分，可多次", "INDICATOR=AWARD, or of a bonus or penalty item"),
    "figures": Text(
        "所依据的基础数据的新值，基础数据=值，可多次",
        "new value of a figure that it rests on, FIGURE=VALUE; repeatable",
    ),
    "cites": Text("出处：文件=位置，可多次", "where it is printed, DOCUMENT=PLACE; repeatable"),
    "transcriber_note": Text("转录说明", "what whoever transcribes it adds"),
    "undocumented": Text("没有文件依据", "no document records it"),
    "promises": Text("所答的措施或承诺，可多次", "which promise it answers; repeatable"),
    "recipient": Text("受表彰者", "who was commended"),
    "commended": Text("表彰日期", "date of the commendation"),
    "goal_class": Text("目标类别", "class of the goal"),
    "period": Text("统计期间，起/止", "the two days that it counts between, START/END"),
    "as_of": Text("统计时点", "the day at which it was taken"),
    # Documents and statements
    "form": Text("形式", "what the digest is of"),
    "parts": Text("组成部分，按先后，可多次", "its parts in order, repeatable"),
    "printed_date": Text("文件所载日期", "the date that it bears"),
    "within": Text("上级单位的编号", "id of the unit that it belongs to"),
    "members": Text("涵盖单位的编号，可多次", "id of a unit, repeatable"),
    "label": Text("所列名称", "as printed"),
    "path": Text("层级名称，自上而下，可多次", "name of a level from the top, repeatable"),
    "demand": Text("要求", "what is to be done"),
    "due": Text("文件所定期限", "the day the document sets"),
}
"""What a field asks for, where an act has no words of its own for it."""

_FIGURE: Final = Text("所属指标", "the indicator it is reported under")

_ACTS: Final[Mapping[str, _Words]] = {
    "open-account": _does(
        "开设账号。账号是编号，不写个人姓名。", "Open an account. Ids only, no personal names."
    ),
    "grant-role": _does("授予角色。", "Let an account act in a role."),
    "revoke-role": _does("撤销角色；已做的事不变。", "Take a role back; what was done stands."),
    "set-entry-aside": _does(
        "搁置读不出或接不上的条目：它留在日志里，不再算作不符。",
        "Set aside an entry that cannot be read or does not follow: it stays in the log, and is no"
        " longer a break.",
    ),
    "publish-rubric": _does(
        "发布一版指标体系（TOML 文件，原样存入）。",
        "Publish an edition: a TOML file, stored as it stands.",
    ),
    "supersede-rubric": _does(
        "以新版取代旧版；已启动的评价事项仍用原版。",
        "Supersede an edition; cases keep the one they pinned.",
    ),
    "open-case": _does(
        "启动评价。",
        "Open a case: one unit, one year.",
        title=Text("名称", "as the documents call it"),
        unit=Text("被评价单位编号", "id of the reviewed unit"),
    ),
    "pin-rubric": _does("选定指标体系的一版。", "Pin an edition of a rubric."),
    "repin-rubric": _does(
        "改选指标体系的一版，须写明原因和文号。",
        "Pin another edition, for a reason and by a document.",
    ),
    "commission-review": _does(
        "委托核查机构。", "Name the reviewing agency.", number=Text("委托文号", "document number")
    ),
    "erase-evidence": _does(
        "依法清除一份佐证材料的内容，须写明依据；登记的条目留下，其他评价事项还在用的不清除。",
        "Erase the bytes of a file on a legal ground; its entry stays, and so do bytes that another"
        " case holds.",
        sha256=Text("佐证材料", "the file"),
        ground=Text("法律依据", "the legal ground"),
    ),
    "close-case": _does(
        "办结；还有整改没有完成的须写明原因。",
        "Close a case; with rectification unfinished a reason is needed.",
        reason=Text("原因", "why, with requests unfinished"),
    ),
    "request-reopening": _does(
        "申请重启已办结的事项，须由另一账号同意。",
        "Ask for a closed case to be opened again; another account must agree.",
    ),
    "reopen-case": _does(
        "同意重启；申请人自己不能同意。", "Agree to a reopening; whoever asked for it cannot."
    ),
    "submit-figure": _does("填报一项基础数据。", "Report one datum.", indicator=_FIGURE),
    "withdraw-figure": _does("提交前撤回一项基础数据。", "Take a figure back before submission."),
    "file-evidence": _does(
        "提交佐证材料：按 SHA-256 登记，之后可引用。",
        "File evidence: a file becomes citable by its SHA-256.",
        title=Text("材料名称", "as the document calls itself"),
    ),
    "register-document": _does(
        "登记依据文件，之后可以引证；只记摘要，不存文件。",
        "Register a document so that it can be cited; its digest is kept, not its bytes.",
        title=Text("文件标题", "as the document calls itself"),
    ),
    "list-unit": _does("列入一个单位或所属单位。", "List a unit that figures may cover."),
    "define-scope": _does(
        "确定一个统计口径：涵盖哪些单位。", "Define a scope by the units that it covers."
    ),
    "make-statement": _does(
        "登记一方的陈述：目标、问题、成因、措施、承诺、绩效、声明。",
        "Record what a party states apart from the scores of rows.",
        kind=Text("种类", "what it is"),
        statement=Text("内容", "in the party's words"),
    ),
    "print-subtotal": _does("登记文件所列的小计或合计。", "Record a sum as a document prints it."),
    "publish-material": _does(
        "登记材料公开之处；业务日期是公开之日。",
        "Record where material was made public; the business date is that day.",
        title=Text("材料名称", "what was made public"),
    ),
    "confirm-figure": _does(
        "确认：核查文件照列单位填报的基础数据。",
        "Record that the review prints a figure of the unit unchanged.",
    ),
    "deliver-report": _does(
        "核查机构提交核查报告，并记下报告所列合计；结果由财政部门另行印发。",
        "Deliver the agency's report, with its totals; the bureau issues the result.",
    ),
    "claim-score": _does(
        "自评一项得分。",
        "Claim a score for an indicator.",
        justification=Text("说明", "what speaks for it"),
    ),
    "claim-bonus": _does(
        "申报一项加分。", "Claim a bonus item.", title=Text("事项", "what was achieved")
    ),
    "submit-self-evaluation": _does(
        "提交自评，并记下报告所列合计。",
        "Submit the self-evaluation, with the totals as the report prints them.",
    ),
    "return-submission": _does(
        "退回自评，由单位更正后重新提交。", "Send the self-evaluation back to be corrected."
    ),
    "restate-figure": _does(
        "记录核查数据，与单位填报的基础数据并列。",
        "Record the reviewer's own figure beside the submitted one.",
        indicator=_FIGURE,
    ),
    "restate-claim": _does(
        "记录核查表所列的自评分。", "Record the self column as the review prints it."
    ),
    "confirm-score": _does("确认：核查得分等于自评得分。", "Award what was claimed."),
    "adjust-score": _does(
        "调整：核查得分不同于自评得分，必须写明理由。",
        "Award another score than the standing one, and say why.",
    ),
    "exclude-indicator": _does(
        "认定一项不适用；须写明依据条款或理由，并经复核签字。",
        "Say that a row does not apply; needs a clause or a ground, and a second signature.",
    ),
    "countersign-adjustment": _does(
        "由同一机构的另一账号复核签字。", "Sign an award as a second person of the agency."
    ),
    "amend-reason": _does(
        "补正现有核查得分的理由、条款或佐证材料，得分不变；印发后由财政部门凭文号办理。",
        "State the reason of a standing award anew, or its clause, ground or evidence; no score"
        " moves. After issue it is the bureau's, by a numbered document.",
        reason=Text("为何补正", "why it is amended"),
    ),
    "withdraw-adjustment": _does(
        "撤回一项核查得分，自评得分恢复。", "Take an award back; the claim stands again."
    ),
    "recognise-bonus": _does(
        "认定一项加分。",
        "Let a bonus item count.",
        points=Text("认定的分值", "points that count"),
    ),
    "refuse-bonus": _does("不予认定一项加分。", "Let a bonus item count nothing."),
    "record-penalty": _does(
        "记一项减分。",
        "Take points away for an item.",
        title=Text("事项", "what happened"),
        points=Text("减去的分值", "points to take away"),
    ),
    "raise-finding": _does(
        "提出问题。",
        "Record what the review found.",
        title=Text("标题", "title"),
        statement=Text("内容", "what was found"),
    ),
    "make-recommendation": _does(
        "提出建议。",
        "Record what the review proposes.",
        title=Text("标题", "title"),
        statement=Text("内容", "what is proposed"),
    ),
    "send-draft": _does("送单位征求意见。", "Send the draft to the unit for comment."),
    "raise-objection": _does(
        "单位对一项提出意见，无论该项有没有调整。",
        "Contest a row of the draft, whether or not it was changed.",
        indicator=Text("对哪一项，指标或加减分项", "which indicator, bonus or penalty item"),
        statement=Text("意见", "what is contested, and why"),
    ),
    "answer-objection": _does(
        "核查机构答复：采纳、部分采纳或不采纳；采纳的同时给出新的得分。",
        "Answer an objection; one that is accepted brings the new award with it.",
    ),
    "issue-result": _does(
        "印发结果，并记下文件所列合计。",
        "Issue the result, with the totals as the document prints them.",
    ),
    "record-receipt": _does(
        "登记单位收到结果的日期。", "Record the day on which the unit received the result."
    ),
    "correct-result": _does(
        "凭文号更正已印发的得分，或加减分项。",
        "Correct an issued award, or a bonus or penalty item, by a numbered document.",
    ),
    "publish-result": _does("登记结果公开之处。", "Record where the result was made public."),
    "lodge-appeal": _does(
        "单位对已印发的得分提出申诉；申诉固定在所争议的那一版。",
        "Contest issued awards; the appeal stays bound to the exact versions it names.",
        indicators=Text("争议的指标或加减分项，可多次", "indicator or item, repeatable"),
        statement=Text("理由", "what is contested, and why"),
    ),
    "withdraw-appeal": _does("决定前撤回申诉。", "Take an appeal back before it is decided."),
    "decide-appeal": _does(
        "财政部门作出决定；支持的同时给出新的得分。",
        "Decide an appeal; one that is upheld brings the new awards with it.",
    ),
    "request-rectification": _does(
        "财政部门就所提问题要求整改。", "Ask the unit to put findings right."
    ),
    "respond-rectification": _does(
        "单位反馈整改情况；逾期也照样记录。",
        "Say what was done; a late response is recorded all the same.",
        statement=Text("整改情况", "what was done"),
    ),
    "return-rectification": _does("退回不充分的反馈。", "Find a response insufficient."),
    "accept-rectification": _does("认可整改。", "Accept a response."),
    "extend-deadline": _does(
        "延长整改期限。", "Give a request more time.", due=Text("新期限", "the new last day")
    ),
}
"""What each act does, that people fill in field by field."""
