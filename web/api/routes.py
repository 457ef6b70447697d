"""The addresses of the API (接口地址), each with what it takes and gives.

`web/app.py` makes routes of this table, `web/api/openapi.py` the description; there is no third.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from starlette.responses import Response

from application.comparison import Comparison
from application.lists import ListedCase
from application.search import SearchResult
from documents.comparison_lists import DIMENSIONS
from ledger.language import Text
from projections.bridge import Bridge
from projections.case_summary import CaseSummary
from projections.change_log import ChangeLogRow
from projections.explanation import Explanation
from projections.listed import AppealSummary, RectificationStatus, Task
from projections.score_sheet import ScoreSheet
from web.api import commands, feed, read
from web.cloud_event import BATCH
from web.desk import Desk
from web.feed_cursor import PATTERN
from web.pages import deadlines, evidence


class Asked(NamedTuple):
    """Something that an address may ask for after its question mark.

    Attributes:
        many: whether it may be asked for several times.
    """

    name: str
    words: Text
    pattern: str = ""
    many: bool = False


class Operation(NamedTuple):
    """One method of one address.

    Attributes:
        gives: what the answer is made of: a type of ours, a list of it under a name, or the media
            type of bytes.
        takes: what is sent: the name of a schema, or a media type.
        asked: what may follow the question mark.
        open: whether nobody need be logged in.
        at_head: whether the answer says by its ETag how far the case has come.
        poll: whether pages ask for it by themselves, again and again.
        feed: whether it is cut to the cases that a token names.
    """

    method: str
    path: str
    answer: Callable[[Desk], Response]
    words: Text
    gives: object
    takes: str = ""
    asked: tuple[Asked, ...] = ()
    open: bool = False
    at_head: bool = False
    poll: bool = False
    feed: bool = False


DAY: Final = r"^\d{4}-\d\d-\d\d$"
NUMBER: Final = r"^[0-9]{1,9}$"
AT: Final = Asked("at", Text("时点，如 v57、self、2024-08-01", "a point, such as v57 or self"))
KNOWN: Final = Asked("known", Text("以此时刻已有的记录为准", "as recorded by this time"))
AFTER: Final = Asked("after", Text("此条之后", "after this version"), NUMBER)
LOG: Final = (
    AT,
    Asked("indicator", Text("指标编号", "id of an indicator")),
    AFTER,
    Asked("by", Text("账号", "an account"), many=True),
    Asked("role", Text("角色", "a role"), many=True),
    Asked("kind", Text("事件类型", "a kind of event"), many=True),
    Asked("dated_from", Text("业务日期自", "dated from"), DAY),
    Asked("dated_to", Text("业务日期至", "dated to"), DAY),
    Asked("recorded_from", Text("记录时间自", "recorded from")),
    Asked("recorded_to", Text("记录时间至", "recorded to")),
    Asked("late", Text("仅限补记", "only late records"), "^1$"),
    Asked("since", Text("此条之后", "after this version"), NUMBER),
)
CONFIRM: Final = Asked(
    "confirm_personal_number", Text("确需记录号码", "a number of a person is meant"), "^1$"
)
REHEARSE: Final = Asked("rehearse", Text("试运行，不写入", "dry run: write nothing"), "^1$")
CASE: Final = "/cases/{case}"
EVENT: Final = {
    "type": "object",
    "properties": {
        "case": {"type": "string"},
        "version": {"type": "integer"},
        "position": {"type": ["integer", "null"]},
        "type": {"type": "string"},
        "entry": {"type": ["object", "string", "null"]},
        "decoded": {"type": "object"},
    },
    "required": ["version", "position", "entry"],
}
"""An event in an answer: what was recorded (`entry`), or its bytes in base64 next to them.

`null` where the account does not see all of the case yet, as the bytes name the true number.
"""


def _listed(name: str, kind: object, **more: Any) -> Mapping[str, object]:  # noqa: ANN401 - schemas
    """A list under a name, with what accompanies it."""
    return {**more, name: [kind]}


API: Final[tuple[Operation, ...]] = (
    Operation(
        "GET",
        "/cases",
        read.cases,
        Text("相关的评价事项", "cases that concern the account"),
        _listed("cases", ListedCase),
        asked=(
            Asked("year", Text("年度", "year"), r"^\d{4}$"),
            Asked("stage", Text("阶段", "stage")),
            Asked("q", Text("词语", "words")),
            Asked("after", Text("此事项之后", "after this case")),
            Asked("limit", Text("每页项数", "cases per page"), NUMBER),
        ),
    ),
    Operation(
        "GET",
        "/search",
        read.search,
        Text("检索", "what was said in words, in all cases that the account sees"),
        _listed("results", SearchResult),
        asked=(
            Asked("q", Text("词语，以空格分隔", "words, with spaces between them")),
            Asked("year", Text("年度", "year"), r"^\d{4}$"),
            Asked("unit", Text("单位编号", "id of a unit"), many=True),
            Asked("kind", Text("内容类别", "a kind of text"), many=True),
            Asked("by", Text("账号", "an account"), many=True),
            AT,
            KNOWN,
            Asked("after", Text("上一页的终点", "where the page before ended")),
            Asked("limit", Text("每页条数", "results per page"), NUMBER),
        ),
    ),
    Operation(
        "GET",
        "/feed",
        feed.feed,
        Text(
            "事件流：可见的事件，依可见的先后（CloudEvents）",
            "the events that the account sees, in the order in which it could (CloudEvents)",
        ),
        BATCH,
        asked=(
            Asked("after", Text("上次的游标之后", "after this cursor"), PATTERN),
            Asked("from", Text("未写游标时的起点：从头，或现在", "where to begin"), "^now$"),
            Asked("case", Text("仅限此事项", "only this case"), many=True),
            Asked("limit", Text("每页条数", "events per page"), NUMBER),
        ),
        feed=True,
    ),
    Operation(
        "GET",
        "/deadlines",
        deadlines.deadlines,
        Text("期限日历（RFC 5545）", "the deadlines of the account (RFC 5545)"),
        "text/calendar",
        feed=True,
    ),
    Operation(
        "GET",
        "/portfolio/compare",
        read.comparison,
        Text("年度比较", "years compared, in the cases that the account sees as a whole"),
        Comparison,
        asked=(
            Asked("years", Text("年度，如 2023,2024", "years, such as 2023,2024")),
            Asked("by", Text("比较对象", "what to compare"), f"^({'|'.join(DIMENSIONS)})$"),
            Asked("unit", Text("单位编号", "id of a unit")),
            Asked("rubric", Text("指标体系编号", "id of a rubric")),
            AT,
            KNOWN,
        ),
    ),
    Operation(
        "GET",
        CASE,
        read.summary,
        Text("评价事项", "the case"),
        CaseSummary,
        asked=(AT,),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/head",
        read.head,
        Text("截至条号", "last version"),
        {"case": str, "version": int},
        at_head=True,
        poll=True,
    ),
    Operation(
        "GET",
        f"{CASE}/sheet",
        read.sheet,
        Text("得分表", "the score sheet"),
        ScoreSheet,
        asked=(AT,),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/bridge",
        read.bridge,
        Text("得分变动", "the steps between two scores"),
        Bridge,
        asked=(
            Asked("from", Text("起点", "starting point")),
            Asked("to", Text("终点", "end point")),
            Asked("baseline", Text("基准", "baseline"), "^(claims|review-table)$"),
        ),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/log",
        read.log,
        Text("变动记录", "the change log"),
        _listed("entries", ChangeLogRow, case=str),
        asked=LOG,
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/indicators/{{row}}",
        read.indicator,
        Text("一项指标的得分说明", "explanation of one score"),
        Explanation,
        asked=(AT,),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/work",
        read.work,
        Text("待办", "open tasks"),
        _listed("tasks", Task),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/rectification",
        read.requests,
        Text("整改", "rectification requests"),
        _listed("requests", RectificationStatus),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/appeals",
        read.contests,
        Text("申诉", "appeals"),
        _listed("appeals", AppealSummary),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/events",
        read.events,
        Text("条目，与存储的相同", "entries as they are stored"),
        {"case": str, "events": [EVENT]},
        asked=(AFTER,),
        at_head=True,
    ),
    Operation(
        "GET",
        f"{CASE}/events/{{version}}/receipt",
        read.receipt,
        Text("存证证明；签名之前是 202", "the receipt; 202 until it is signed"),
        "text/plain",
    ),
    Operation(
        "GET",
        f"{CASE}/events/{{version}}/receipt.cose",
        read.cose_receipt,
        Text("COSE 存证证明；签名之前是 202", "the receipt as COSE; 202 until it is signed"),
        "application/cose",
    ),
    Operation(
        "GET",
        f"{CASE}/evidence/{{sha256}}",
        evidence.file,
        Text("佐证材料", "an evidence file"),
        "*/*",
    ),
    Operation(
        "GET",
        f"{CASE}/dossiers/{{version}}",
        read.dossier,
        Text("卷宗；签名之前是 202", "a dossier; 202 until it is signed"),
        "application/zip",
    ),
    Operation(
        "POST",
        f"{CASE}/commands",
        commands.of_case,
        Text("在事项中办理", "record a command in the case"),
        {"events": [EVENT]},
        takes="CommandsOfCase",
        asked=(REHEARSE,),
    ),
    Operation(
        "POST",
        f"{CASE}/evidence",
        commands.hand_in,
        Text("提交佐证材料", "hand in an evidence file"),
        {"events": [EVENT]},
        takes="application/octet-stream",
        asked=(
            Asked("name", Text("文件名", "name of the file")),
            Asked("title", Text("标题", "title")),
            Asked("number", Text("文号", "number")),
            Asked("dated", Text("业务日期", "business date"), DAY),
            REHEARSE,
        ),
    ),
    Operation(
        "POST",
        f"{CASE}/dossiers",
        commands.issue_dossier,
        Text("导出卷宗", "export a dossier"),
        {"events": [EVENT]},
        takes="DossierWanted",
        asked=(REHEARSE,),
    ),
    Operation(
        "POST",
        f"{CASE}/signed",
        commands.signed_of_case,
        Text("在事项中提交已签名的操作", "submit commands in the case that are signed"),
        {"events": [EVENT]},
        takes="SignedCommands",
        asked=(CONFIRM,),
    ),
    Operation(
        "POST",
        "/signed",
        commands.signed_outside_cases,
        Text("提交其他已签名的操作", "submit other commands that are signed"),
        {"events": [EVENT]},
        takes="SignedCommands",
        asked=(CONFIRM,),
    ),
    Operation(
        "POST",
        "/commands",
        commands.outside_cases,
        Text("启动评价；登记账号；发布指标体系", "open a case; accounts; rubrics"),
        {"events": [EVENT]},
        takes="CommandsOfHouse",
        asked=(REHEARSE,),
    ),
    Operation(
        "POST",
        "/register/commands",
        commands.of_register,
        Text("登记账号", "commands on the account registry"),
        {"events": [EVENT]},
        takes="CommandsOfRegister",
        asked=(REHEARSE,),
    ),
    Operation(
        "POST",
        "/rubrics/commands",
        commands.of_rubrics,
        Text("发布指标体系", "publish rubrics"),
        {"events": [EVENT]},
        takes="CommandsOfRubrics",
        asked=(REHEARSE,),
    ),
    Operation(
        "GET",
        "/checkpoint",
        read.checkpoint,
        Text("最近签名的检查点", "the last checkpoint that was signed"),
        "text/plain",
        open=True,
    ),
    Operation(
        "GET",
        "/tile/{path:path}",
        read.tile,
        Text("日志的哈希（C2SP tlog-tiles）", "hashes of the log (C2SP tlog-tiles)"),
        "application/octet-stream",
        open=True,
    ),
)
