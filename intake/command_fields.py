"""What a command asks for (填写项), in words: the same for a command line and for a page.

Which fields a command has, of what kind each is and which are required is in `ledger/commands.py`
and is read from there; here are the words, and how what people fill in is put together where a
field of the command has parts of its own.
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


class CommandField(NamedTuple):
    """One thing that a command asks for.

    Attributes:
        name: of the field.
        kind: what it holds: a `str`, a `Decimal`, a `date`, an `int`, a `bool`, by its path a file,
            or something of two parts (`PAIRS`).
        required: whether the command cannot do without it.
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


_NEVER_ASKED: Final = frozenset({"last_year"})
"""What nobody fills in: it is made from another ledger."""


class _Words(NamedTuple):
    does: Text
    own: Mapping[str, Text]


_BY_NAME: Final = Text(
    "文件，或已提交材料的标题、文号、SHA-256 摘要",
    "file, or title, number or SHA-256 digest of filed evidence",
)
"""What names the bytes that a document or disclosed material has."""


def _does(zh: str, en: str, **own: Text) -> _Words:
    """What a command does, and its own words for fields that it calls otherwise than most."""
    return _Words(Text(zh, en), own)


def does(do: str, *others: str) -> Text:
    """What a command does, in a sentence, and what others do that may be recorded with it."""
    said, more = _ACTS[do].does, [_ACTS[other].does for other in others]
    if not more:
        return said
    zh = "、".join(other.zh.rstrip("。") for other in more)
    en = "; ".join(other.en[0].lower() + other.en[1:].rstrip(".") for other in more)
    return Text(
        f"{said.zh.rstrip('。')}；可一并{zh}。", f"{said.en} In the same step, if given: {en}."
    )


def words(do: str, field: str) -> Text:
    """What a field of a command asks for: in its own words, or by its title."""
    return _ACTS[do].own.get(field) or _FIELDS.get(field) or FIELDS[field]


def title_of(do: str, field: str) -> Text:
    """What a field of a command is called on a page: by its own words there, or by its title.

    That there may be several a page shows otherwise, and a sign between two parts it does not need.
    """
    named = _ON_A_PAGE.get(field) or _ACTS[do].own.get(field) or FIELDS.get(field)
    return without_number(named or words(do, field))


def names_of(do: str, field: str) -> set[str]:
    """What a field of a command may be called in a list, in either language."""
    called = (title_of(do, field), without_number(words(do, field)), FIELDS.get(field, ()))
    return {field, *(name for names in called for name in names)}


def without_number(text: Text) -> Text:
    """Words for a field without saying that there may be several of it."""
    return Text(text.zh.removesuffix("；可重复"), text.en.removesuffix("; repeatable"))


def is_of_case(do: str) -> bool:
    """Whether a command concerns a case, rather than the register or a rubric."""
    return COMMANDS[do] in get_args(CaseCommand)


def asked(do: str) -> Iterator[CommandField]:
    """What a command asks for, in the order of its command; a figure and a file by their parts."""
    for field in fields(COMMANDS[do]):
        if field.name in _NEVER_ASKED:
            continue
        if field.type is Figure:
            # A figure that is restated, or that the rubric declares, is known by its id.
            for part in _parts_of_figure():
                yield part._replace(required=part.name == "figure_id")
        elif (do, field.name) == ("publish-rubric", "source"):
            yield CommandField("file", Path, required=True)
        elif field.type is Evidence:
            yield CommandField("file", Path, required=True)
            yield from (_field(part) for part in fields(Evidence) if part.name in _TOLD_OF_FILES)
        else:
            yield _field(field)


def _parts_of_figure() -> Iterator[CommandField]:
    for part in fields(Figure):
        if part.name == "target":
            yield CommandField("target_sense", str, required=False, choices=get_args(Sense))
            yield CommandField("target", str, required=False)
        else:
            yield _field(part)._replace(name="figure_id" if part.name == "id" else part.name)


def _field(field: FieldInfo) -> CommandField:
    shape = _bare(field.type)
    many = get_origin(shape) is tuple
    form = get_args(shape)[0] if many else field.type
    kind = _bare(form)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    return CommandField(field.name, str if choices else kind, field.required, many, choices, form)


NAMED: Final = ("evidence", "sha256")
"""Fields of digests, in which a file may be called by any of its names."""
BEGUN: Final = (*NAMED, "fingerprint")
"""Those in which the beginning of a digest is enough."""


def value_of(written: str, field: CommandField) -> object:
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
        asked_for_more = field.kind is str and (not written.strip() or field.name in BEGUN)
        wrong = [] if asked_for_more else field_errors(value, validating_type(field.form))
        if wrong:
            raise Invalid(*wrong[0].text, field=field.name) from None
    return date.fromisoformat(written) if field.kind is date else value


def field_at(do: str, path: Iterable[str | int]) -> str:
    """Which of `asked` holds a part of the command; empty where none does.

    Args:
        do: the command.
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
"""Parts of a command that are filled in by another name, where a command asks for that one."""


def _bare(shape: Any) -> Any:  # noqa: ANN401 - any annotation
    """A type without what may only be declared next to it: limits, and that it may be absent."""
    while get_origin(shape) in {Annotated, Union, UnionType}:
        shape = get_args(shape)[0]
    return shape


def put_together(do: str, given: Mapping[str, Any]) -> Fields:
    """The fields of the command, from what was filled in.

    Args:
        do: the command.
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
    """A command and those of the others that anything was filled in for.

    Args:
        dos: the commands, in their order; the first is always among them.
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
            "目标值和目标方向须一并填写", "give a target and its direction together", field="target"
        )
    reach = {"target": {"sense": sense, "value": target}} if sense else {}
    return {"id": parts.pop("figure_id"), **parts, **reach}


def _pair(field: CommandField, text: str) -> Fields:
    """`output-goals=17.00` as an indicator and its award; likewise anything that has two parts.

    Raises:
        Invalid: not of that form.
    """
    first, sign, second = text.partition("=")
    if not sign:
        zh, en = PAIRS[field.kind]
        raise Invalid(f"“{text}”应填写为 {zh}", f"'{text}' must be {en}", field=field.name)
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
    # Of most commands
    "reason": Text("原因", "reason"),
    "justification": Text("得扣分原因", "justification"),
    "clause": Text("依据条款", "clause of the standard"),
    "ground": Text(
        "与按标准得分不同的原因（酌情）", "ground for departing from the rule result (discretion)"
    ),
    "file": Text("文件", "file"),
    "evidence": Text(
        "佐证材料：文件、标题、文号或摘要开头；可重复",
        "filed evidence: file, title, number or start of the digest; repeatable",
    ),
    "number": Text("文号", "document number"),
    "note": Text("说明", "note"),
    "indicators": Text("涉及指标；可重复", "indicator concerned; repeatable"),
    "findings": Text("所涉问题；可重复", "finding concerned; repeatable"),
    "outcome": Text("处理结果", "outcome"),
    # Accounts, rubrics, cases
    "organisation": Text("所属机构", "organisation it acts for"),
    "position": Text("日志位置", "position in the log"),
    "fingerprint": Text("公钥的 SHA-256", "SHA-256 of the public key"),
    "scheme": Text("签名方式，如 ed25519", "signature scheme, such as ed25519"),
    "public": Text("公钥（base64）", "public key in base64"),
    "since": Text("起始日期（按记录时间）", "first day, by the time of recording"),
    "only": Text("只限此评价事项", "only in this case"),
    "amends": Text("所修改通知的文号", "document number of the notice that it amends"),
    "submission_due": Text(
        "自评报送和公开期限，如 2024-07-31",
        "last day for the self-evaluation and for making it public, such as 2024-07-31",
    ),
    "draft_due": Text(
        "发出征求意见稿的期限：日期，或自报送之日起天数，如 30d、20wd（工作日）",
        "for sending the draft: a day, or days from the submission: 30d, 20wd (working days)",
    ),
    "objection_due": Text(
        "反馈意见的期限：日期，或自发出征求意见稿之日起天数",
        "for comments: a day, or days from the draft",
    ),
    "result_due": Text(
        "印发结果的期限：日期，或自发出征求意见稿之日起天数",
        "for issuing the result: a day, or days from the draft",
    ),
    "receipt_due": Text(
        "登记签收的期限：日期，或自印发之日起天数",
        "for recording the receipt: a day, or days from the issue",
    ),
    "publication_due": Text(
        "公开结果的期限：日期，或自签收之日起天数",
        "for disclosing the result: a day, or days from its receipt",
    ),
    "rectification_due": Text(
        "反馈整改的期限：日期，或自签收之日起天数",
        "for responding to rectification requests: a day, or days from receipt of the result",
    ),
    "zone": Text(
        "IANA 时区名称，如 Asia/Shanghai", "name in the IANA database, such as Asia/Shanghai"
    ),
    "roles": Text("角色；可重复", "role; repeatable"),
    "by_edition": Text("新的版本", "newer edition"),
    "rubric": Text("指标体系编号", "id of the rubric"),
    "edition": Text("版本", "edition of the rubric"),
    "year": Text("评价年度", "year under review"),
    "unit_name": Text("被评价单位名称", "name of the unit"),
    "bureau": Text("财政部门编号", "id of the bureau"),
    "bureau_name": Text("财政部门名称", "name of the bureau"),
    "notice": Text("通知文号", "document number of the notice"),
    "agency": Text("核查机构编号", "id of the agency"),
    "agency_name": Text("核查机构名称", "name of the agency"),
    # A figure
    "figure_id": Text("数据编号", "id of the figure"),
    "name": Text("名称", "name as in the document"),
    "value": Text(
        "数值；缺失的不填写，缺失不等于零",
        "value as text; omit it if missing (missing is not zero)",
    ),
    "kind": Text("值的种类", "kind of value"),
    "unit": Text("计量单位", "unit of measure"),
    "target_sense": Text("目标方向", "direction of the target"),
    "target": Text("目标值", "target"),
    "scope": Text("口径", "scope: the units that it covers"),
    "source": Text("出处", "document and place in it"),
    # Self-evaluation and result
    "points": Text("分值", "points"),
    "issuer": Text("授予单位", "issuer of the commendation"),
    "printed_base": Text("所列基础分", "printed sum of the rows"),
    "printed_bonus": Text("所列加分", "printed bonus"),
    "printed_total": Text("所列总分", "printed total"),
    "printed_grade": Text("所列等级", "printed grade"),
    "respond_by": Text("反馈截止日期", "last day for comments"),
    "difference": Text("与计算不符的原因", "reason for differing from the computed scores"),
    "received": Text("签收日期", "date of receipt"),
    "place": Text("公开位置", "place of disclosure"),
    # Objections, appeals, rectification
    "requested": Text("请求的得分", "requested score"),
    "award": Text("新的核查得分", "new awarded score"),
    "awards": Text(
        "指标或加减分项=得分；可重复",
        "INDICATOR=SCORE, or a bonus or penalty ITEM=SCORE; repeatable",
    ),
    "figures": Text(
        "所依据的基础数据的新值，基础数据=值；可重复",
        "new value of an underlying figure, FIGURE=VALUE; repeatable",
    ),
    "cites": Text("出处：文件=位置；可重复", "where it is printed, DOCUMENT=PLACE; repeatable"),
    "transcriber_note": Text("转录说明", "transcriber's note"),
    "undocumented": Text("没有文件依据", "no document records this"),
    "promises": Text("所答的改进措施或承诺；可重复", "measure or promise answered; repeatable"),
    "recipient": Text("受表彰者", "recipient of the commendation"),
    "commended": Text("表彰日期", "date of the commendation"),
    "goal_class": Text("目标类别", "class of the goal"),
    "period": Text("统计期间：起/止", "period covered, START/END"),
    "as_of": Text("统计时点", "reference date of the figure"),
    # Documents and statements
    "form": Text("形式", "form of the file that the digest is of"),
    "parts": Text("文件的组成部分，按顺序；可重复", "parts of the document, in order; repeatable"),
    "printed_date": Text("文件所载日期", "date printed on it"),
    "within": Text("上级单位的编号", "id of the parent unit"),
    "members": Text("涵盖单位的编号；可重复", "id of a covered unit; repeatable"),
    "label": Text("所列名称", "name as printed"),
    "path": Text("层级名称，自上而下；可重复", "name of a level, from the top; repeatable"),
    "demand": Text("要求", "required action"),
    "due": Text("文件所定期限", "due date set by the document"),
}
"""What a field asks for, where a command has no words of its own for it."""

_ON_A_PAGE: Final[Mapping[str, Text]] = {
    "awards": Text("新的得分", "new awards"),
    "figures": Text("所依据的基础数据的新值", "new values of the figures that it rests on"),
    "cites": Text("出处", "documents and places in them"),
}
"""What a page calls fields that a line of words has to be filled in for elsewhere."""

_FIGURE: Final = Text("所属指标", "indicator it is reported under")

_ACTS: Final[Mapping[str, _Words]] = {
    "open-account": _does(
        "开设账号。账号是编号，不写个人姓名。",
        "Open an account. Its id must not be a person's name.",
    ),
    "grant-role": _does("授予角色。", "Grant a role to an account."),
    "revoke-role": _does(
        "撤销角色。此前办理的操作仍然有效。", "Revoke a role. Earlier commands remain valid."
    ),
    "set-time-zone": _does(
        "设定记录库的时区，日期按该时区计。须在授予其他角色之前设定；未设定的按北京时间。",
        "Set the time zone whose days date what is recorded, before any role but the"
        " administrator's is granted. Without one it is Beijing time.",
    ),
    "enrol-key": _does(
        "登记本人的密钥，须用该密钥签名。经管理员确认后方可用于签名。",
        "Enrol your own key, signed with that key. It can sign once it is countersigned.",
    ),
    "countersign-key": _does(
        "确认密钥确为该账号本人持有；须先当面或另行核对。",
        "Countersign an account's key after comparing it with its owner, in person or by another"
        " way.",
    ),
    "retire-key": _does(
        "停用密钥：遗失、被盗或更换。此前的签名仍然有效。",
        "Retire a key that is lost, stolen or replaced. Its earlier signatures remain valid.",
    ),
    "demand-signatures": _does(
        "要求自某日起记录的操作须有办理人签名，全库或只限一个评价事项。不能撤回。",
        "Demand the author's signature on what is recorded from a day on, everywhere or in one"
        " case. This cannot be taken back.",
    ),
    "set-entry-aside": _does(
        "搁置无法读取或不衔接的条目。条目保留在日志中，不再视为核验不符。",
        "Set aside an entry that is unreadable or does not follow. It stays in the log but no"
        " longer fails verification.",
    ),
    "publish-rubric": _does(
        "发布指标体系的一个版本（TOML 文件，原样保存）。",
        "Publish an edition of a rubric. The TOML file is stored unchanged.",
    ),
    "supersede-rubric": _does(
        "以新版取代旧版。已启动的评价事项仍用原版。",
        "Supersede an edition. Cases keep the edition that they pinned.",
    ),
    "open-case": _does(
        "启动评价。",
        "Open a case: one unit, one year.",
        title=Text("名称", "name as in the documents"),
        unit=Text("被评价单位编号", "id of the reviewed unit"),
    ),
    "pin-rubric": _does("选定指标体系的一个版本。", "Pin an edition of a rubric."),
    "repin-rubric": _does(
        "改用指标体系的另一版本，须填写原因和文号。",
        "Pin another edition; a reason and a document number are required.",
    ),
    "commission-review": _does(
        "委托核查机构。",
        "Commission the reviewing agency.",
        number=Text("委托文号", "document number"),
    ),
    "assign-work": _does(
        "分配核查任务：把整个评价事项或其中几项指标分配给核查机构的一个账号。",
        "Assign the review of the case, or of some of its rows, to an account of the agency.",
        account=Text("负责核查的账号", "account that reviews them"),
        indicators=Text("指标；不填为整个评价事项", "rows; all of the case where none is given"),
    ),
    "recuse-account": _does(
        "回避：登记后，该账号在这一评价事项中不能再办理。",
        "Recuse an account; from then on it can do nothing in the case.",
        account=Text("回避的账号", "account that is recused"),
    ),
    "declare-conflict": _does(
        "登记利害关系：登记后，该账号不能办理该单位的评价事项。",
        "Declare a conflict of interest; from then on the account can do nothing in cases of the"
        " unit.",
        unit=Text("被评价单位", "unit"),
    ),
    "end-conflict": _does(
        "解除利害关系。本人的由另一名管理员解除。",
        "End a conflict of interest. One's own is for another administrator to end.",
        unit=Text("被评价单位", "unit"),
    ),
    "link-accounts": _does(
        "关联账号：登记两个账号属同一人，其中一个账号办理的事，另一个不能复核或决定。",
        "Link two accounts of one person, who decides under neither on what they did under the"
        " other.",
        also=Text("同一人的另一账号", "other account of the person"),
    ),
    "record-year-notice": _does(
        "登记年度通知及其规定的期限。评价事项的指标体系未规定的期限，按该通知计算。修改期限的通知须写明所修改的文号。",
        "Record the notice of a year with its time limits, which hold where the rubric of a case"
        " sets none. A notice that amends another names it.",
        number=Text("通知文号", "document number of the notice"),
        sha256=Text("通知文件，或其 SHA-256", "file of the notice, or its SHA-256"),
        rubric=Text("只适用于该指标体系（评价类型）", "only for cases of this rubric"),
    ),
    "erase-evidence": _does(
        "依法销毁一份佐证材料的字节，须填写销毁依据。条目保留，其他评价事项仍在使用的不销毁。",
        "Erase the bytes of a file on a legal basis. Its entry remains, as do bytes that another"
        " case holds.",
        sha256=Text("佐证材料", "evidence file"),
        ground=Text("法律依据", "legal basis"),
    ),
    "set-retention": _does(
        "按保管期限表设定评价事项的保管期限：永久、30 年或 10 年，及起算日。",
        "Set how long a case is kept, by the retention schedule: permanently, 30 or 10 years, and"
        " the day from which that counts.",
        number=Text("保管期限表的文号", "document number of the retention schedule"),
    ),
    "propose-destruction": _does(
        "保管期满后提出销毁清册，列入已办结事项的佐证材料；单独办理时不写明的，为尚未销毁的全部。",
        "Propose a destruction list after the term: evidence of a closed case; on its own, all that"
        " is left where none is named.",
        number=Text("销毁清册的文号", "number of the destruction list"),
    ),
    "appraise-destruction": _does(
        "鉴定销毁清册：可以销毁，或继续保存。",
        "Appraise a destruction list: destroy, or keep.",
        number=Text("销毁清册的文号", "number of the destruction list"),
    ),
    "decide-destruction": _does(
        "审批经鉴定的销毁清册。提出、鉴定的账号不能审批。",
        "Decide on a destruction list that was appraised. Another account than those that proposed"
        " and appraised it has to.",
        number=Text("销毁清册的文号", "number of the destruction list"),
    ),
    "issue-dossier": _does(
        "出具卷宗：把记录、附件和存证证明装进一个文件，交人核对；签名以后可以下载。",
        "Issue a dossier: entries, enclosures and proofs in one file that others can verify; it can"
        " be downloaded once it is signed.",
        indicator=Text("只述一项的，是哪一项", "the row that it is about, if it is about one"),
        purpose=Text("用途", "what it answers"),
    ),
    "close-case": _does(
        "办结。尚有整改未完成的，须填写原因。",
        "Close a case. Unfinished rectification requires a reason.",
        reason=Text("原因", "reason, if rectification is unfinished"),
    ),
    "request-reopening": _does(
        "申请恢复办理已办结的事项。须由另一账号同意。",
        "Request reopening of a closed case. Another account must approve it.",
    ),
    "reopen-case": _does(
        "同意恢复办理。申请账号不能自行同意。",
        "Approve a reopening. The requester cannot approve it.",
    ),
    "submit-figure": _does("填报一项基础数据。", "Submit a figure.", indicator=_FIGURE),
    "withdraw-figure": _does("提交前撤回一项基础数据。", "Withdraw a figure before submission."),
    "file-evidence": _does(
        "提交佐证材料。按 SHA-256 登记，之后可以引用。",
        "File evidence. The file can then be cited by its SHA-256.",
        title=Text("材料名称", "title of the document"),
    ),
    "register-document": _does(
        "登记依据文件，之后可以引证。只记录摘要，不保存文件。",
        "Register a source document for citation. Only its digest is stored.",
        title=Text("文件标题", "title of the document"),
        sha256=_BY_NAME,
    ),
    "list-unit": _does("列入一个单位或其下属单位。", "List a unit that figures may cover."),
    "define-scope": _does(
        "确定一个统计口径及其涵盖的单位。", "Define a scope by the units that it covers."
    ),
    "make-statement": _does(
        "登记一方的陈述：目标、问题、成因、措施、承诺、绩效、声明。",
        "Record a statement of a party: goal, problem, cause, measure, promise, achievement or"
        " assurance.",
        kind=Text("种类", "kind of statement"),
        statement=Text("内容", "text in the party's own words"),
    ),
    "print-subtotal": _does(
        "登记文件所列的小计或合计。", "Record a subtotal or total printed in a document."
    ),
    "publish-material": _does(
        "登记材料的公开位置。业务日期为公开日期。",
        "Record where material was disclosed. The business date is the day of disclosure.",
        title=Text("材料名称", "title of the material"),
        sha256=_BY_NAME,
    ),
    "confirm-figure": _does(
        "确认核查文件所列基础数据与单位填报一致。",
        "Confirm that the review prints a figure as submitted.",
    ),
    "deliver-report": _does(
        "提交核查报告，并登记报告所列合计。结果由财政部门另行印发。",
        "Deliver the agency's report with its printed totals. The bureau issues the result.",
    ),
    "claim-score": _does(
        "填报一项自评得分。",
        "Claim a score for an indicator.",
        justification=Text("说明", "reason for the claim"),
    ),
    "claim-bonus": _does(
        "申报一项加分。", "Claim a bonus item.", title=Text("事项", "subject of the bonus")
    ),
    "submit-self-evaluation": _does(
        "提交自评，并登记报告所列合计。",
        "Submit the self-evaluation with the totals printed in the report.",
    ),
    "return-submission": _does(
        "退回自评，由单位更正后重新提交。", "Return the self-evaluation to the unit for correction."
    ),
    "restate-figure": _does(
        "登记核查数据，与单位填报的基础数据并列。",
        "Record the reviewer's figure next to the submitted one.",
        indicator=_FIGURE,
    ),
    "restate-claim": _does(
        "登记核查表所列的自评得分。", "Record a claimed score as printed in the review table."
    ),
    "confirm-score": _does("确认得分：核查得分等于自评得分。", "Confirm the claimed score."),
    "adjust-score": _does(
        "调整得分：核查得分不同于当前得分，须填写得扣分原因。",
        "Award a score different from the current one; a justification is required.",
    ),
    "exclude-indicator": _does(
        "认定一项指标不适用。须填写依据条款或酌情理由，并经复核签字。",
        "Mark an indicator as not applicable. Requires a clause or a ground, and a"
        " countersignature.",
    ),
    "countersign-adjustment": _does(
        "由同一机构的另一账号复核签字。",
        "Countersign an awarded score from a second account of the agency.",
    ),
    "amend-reason": _does(
        "补正现有核查得分的理由、条款或佐证材料，得分不变。印发后由财政部门凭文号办理。",
        "Amend the justification, clause, ground or evidence of an awarded score. The score does"
        " not change. After issue only the bureau can amend, by a numbered document.",
        reason=Text("补正原因", "reason for the amendment"),
    ),
    "withdraw-adjustment": _does(
        "撤回一项核查得分，恢复自评得分。",
        "Withdraw an awarded score. The claimed score applies again.",
    ),
    "recognise-bonus": _does(
        "认定一项加分。",
        "Recognise a bonus item.",
        points=Text("认定的分值", "recognised points"),
    ),
    "refuse-bonus": _does("不予认定一项加分。", "Disallow a bonus item."),
    "record-penalty": _does(
        "记一项减分。",
        "Record a penalty.",
        title=Text("事项", "subject of the penalty"),
        points=Text("扣减的分值", "points to deduct"),
    ),
    "raise-finding": _does(
        "提出问题。",
        "Raise a finding.",
        title=Text("标题", "title"),
        statement=Text("内容", "description of the finding"),
    ),
    "make-recommendation": _does(
        "提出建议。",
        "Make a recommendation.",
        title=Text("标题", "title"),
        statement=Text("内容", "text of the recommendation"),
    ),
    "send-draft": _does("送单位征求意见。", "Send the draft to the unit for comment."),
    "raise-objection": _does(
        "对征求意见稿的一项提出反馈意见，不论该项是否调整。",
        "Object to an indicator or item of the draft, whether or not it was adjusted.",
        indicator=Text("所涉指标或加减分项", "contested indicator, bonus or penalty item"),
        statement=Text("意见", "statement of what is contested and the reasons"),
    ),
    "answer-objection": _does(
        "答复反馈意见：采纳、部分采纳或不采纳；采纳的，一并填写新的得分。",
        "Answer an objection. Accepting it requires a new awarded score.",
    ),
    "issue-result": _does(
        "印发结果，并登记文件所列合计。",
        "Issue the result with the totals printed in the document.",
    ),
    "record-receipt": _does(
        "登记单位签收结果的日期。", "Record the date on which the unit received the result."
    ),
    "correct-result": _does(
        "凭文号更正已印发的核查得分或加减分项。",
        "Correct an issued score, or a bonus or penalty item, by a numbered document.",
    ),
    "publish-result": _does("登记结果的公开位置。", "Record where the result was disclosed."),
    "lodge-appeal": _does(
        "对已印发的得分提出申诉。申诉针对所列得分的确切记录。",
        "Lodge an appeal against issued scores. It refers to the exact recorded versions of them.",
        indicators=Text("所涉指标或加减分项；可重复", "contested indicator or item; repeatable"),
        statement=Text("理由", "statement of what is contested and the reasons"),
    ),
    "withdraw-appeal": _does("在决定前撤回申诉。", "Withdraw an appeal before it is decided."),
    "decide-appeal": _does(
        "作出申诉决定。支持的，一并填写新的得分。",
        "Decide an appeal. Upholding it requires new awarded scores.",
    ),
    "request-rectification": _does("就所提问题要求整改。", "Request rectification of findings."),
    "respond-rectification": _does(
        "反馈整改情况。逾期的，同样予以记录。",
        "Respond to a rectification request. A late response is also recorded.",
        statement=Text("整改情况", "action taken"),
    ),
    "return-rectification": _does("退回不充分的整改反馈。", "Return an insufficient response."),
    "accept-rectification": _does("确认整改到位。", "Accept a rectification."),
    "extend-deadline": _does(
        "延长整改要求的期限。",
        "Extend the due date of a request.",
        due=Text("新的截止日期", "new due date"),
    ),
}
"""What each command does, that people fill in field by field."""
