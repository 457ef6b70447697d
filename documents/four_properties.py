"""What a verification found, by the four properties of electronic records (DA/T 70, 四性检测).

The text of DA/T 70-2018 could be read as far as its scope and its references; its tables of checks
could not. So the checks are our own, put under the property that they are about, and no number of
that standard is given. What a property takes and is not checked here is listed under it.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from documents.page import (
    Block,
    Document,
    Facts,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Signatures,
)
from ledger.language import Language, Say, Text, counted, speaker
from ledger.log.note import encode_base64
from ledger.log_verification import Verification
from ledger.program import VERSION

Quantity = Callable[[Verification], Text]


class Check(NamedTuple):
    """One thing that a verification does.

    Attributes:
        id: as programs know it.
        name: what holds if it does.
        kinds: the kinds of failures that are about it; each kind is in one check.
        quantity: how much was looked at.
        unchecked: whether it was left out, and why; `None` where it was not.
    """

    id: str
    name: Text
    kinds: frozenset[str]
    quantity: Quantity
    unchecked: Callable[[Verification], Text | None] = lambda _: None


class Property(NamedTuple):
    """One of the four.

    Attributes:
        id: as programs know it.
        not_covered: what it also takes, and this program does not check.
    """

    id: str
    name: Text
    checks: tuple[Check, ...]
    not_covered: tuple[Text, ...]


def _events(result: Verification) -> Text:
    return Text(f"{result.events} 条", counted(result.events, "entry", "entries"))


def _leaves(result: Verification) -> Text:
    return Text(f"{result.leaves} 个叶", counted(result.leaves, "leaf", "leaves"))


def _streams(result: Verification) -> Text:
    return Text(f"{len(result.streams)} 个记录流", counted(len(result.streams), "stream"))


def _cases(result: Verification) -> Text:
    return Text(f"{result.cases} 个评价事项", counted(result.cases, "case"))


def _files(result: Verification) -> Text:
    return Text(
        f"{result.evidence} 份，其中依法销毁 {result.erased} 份",
        f"{counted(result.evidence, 'file')}, {result.erased} of them legally erased",
    )


def _signatures(result: Verification) -> Text:
    return Text(
        f"办理人签名 {result.authored} 条，检查点签名 {result.signatures} 个",
        f"{counted(result.authored, 'entry', 'entries')} signed by the author,"
        f" {counted(result.signatures, 'signature')} of checkpoints",
    )


def _stamps(result: Verification) -> Text:
    return Text(f"{len(result.stamped)} 个", str(len(result.stamped)))


def _held(result: Verification) -> Text:
    return Text(f"{result.held} 个", str(result.held))


def _sm3(result: Verification) -> Text:
    return Text(f"{len(result.sm3)} 份陈述", counted(len(result.sm3), "statement"))


def _accounts(result: Verification) -> Text:
    return Text(f"{result.accounts} 个账号", counted(result.accounts, "account"))


def _attributed(result: Verification) -> Text:
    return Text(f"{result.attributed} 条", counted(result.attributed, "entry", "entries"))


def _no_server(result: Verification) -> Text | None:
    if result.attributed:
        return None
    return Text("没有服务器记下写入者", "no server keeps who wrote the entries")


def _nothing(_: Verification) -> Text:
    return Text("全部", "all")


def _no_stamp(result: Verification) -> Text | None:
    if result.stamped:
        return None
    return Text("没有可核验的时间戳", "there is no time stamp that could be verified")


def _no_evidence(result: Verification) -> Text | None:
    if not result.evidence_unchecked:
        return None
    return Text("没有佐证材料目录", "there is no folder of evidence")


def _none_held(result: Verification) -> Text | None:
    if result.held:
        return None
    return Text("未提供外部持有的检查点", "no checkpoint held outside was given")


def _no_sm3(result: Verification) -> Text | None:
    if not result.sm3:
        return Text("未提供 SM3 陈述", "no SM3 statement was given")
    if any(one.why for one in result.sm3):
        return Text("根相符；SM2 签名未核验", "its root holds; the SM2 signature was not verified")
    return None


def _no_log(result: Verification) -> Text | None:
    if result.head:
        return None
    return Text("只核验了一个评价事项", "one case only was verified")


def _no_signature(result: Verification) -> Text | None:
    if result.signatures:
        return None
    return Text(
        "未提供日志公钥，检查点签名未核验；办理人签名已核验",
        "no public key of the log was given, so signatures of checkpoints were not verified; those"
        " of authors were",
    )


PROPERTIES: Final = (
    Property(
        "authenticity",
        Text("真实性", "Authenticity"),
        (
            Check(
                "rules",
                Text(
                    "每项操作由当时有权的账号办理，并为当时的规则所容许",
                    "every command was issued by an account entitled to it, as the rules of its"
                    " time allow",
                ),
                frozenset({"rules", "edition"}),
                _accounts,
            ),
            Check(
                "identity",
                Text(
                    "服务器记下的写入者与条目所述的办理人一致",
                    "the server knows the same author as the entry names",
                ),
                frozenset({"identity"}),
                _attributed,
                _no_server,
            ),
            Check(
                "signatures",
                Text(
                    "办理人签名、检查点签名有效，签名密钥当时有效",
                    "signatures of authors and of checkpoints hold, by keys that were valid then",
                ),
                frozenset({"signature", "unsigned", "key", "practice"}),
                _signatures,
                _no_signature,
            ),
            Check(
                "bytes",
                Text(
                    "条目自记录以来未被改动：叶哈希、链、树根、瓦片",
                    "entries are as they were recorded: leaf hashes, chains, root, tiles",
                ),
                frozenset({"leaf", "chain", "root", "fork", "tile"}),
                _leaves,
                _no_log,
            ),
            Check(
                "sm3",
                Text("SM3 根与条目相符，SM2 签名有效", "the SM3 root and its SM2 signature hold"),
                frozenset({"sm3"}),
                _sm3,
                _no_sm3,
            ),
            Check(
                "columns",
                Text(
                    "元数据与内容一致：存放的列与条目所述相同，读出的即所核验的",
                    "metadata agrees with content: columns say what entries say, and what is read"
                    " is what was verified",
                ),
                frozenset({"misfiled", "reads"}),
                _streams,
            ),
            Check(
                "stamps",
                Text("时间戳有效", "time stamps hold"),
                frozenset({"stamp"}),
                _stamps,
                _no_stamp,
            ),
        ),
        (
            Text("账号背后是哪一个人", "which person is behind an account"),
            Text("所记内容是否属实", "whether what is recorded is true"),
            Text(
                "佐证材料文件自身的电子签名、电子印章",
                "electronic signatures and seals inside evidence files",
            ),
        ),
    ),
    Property(
        "integrity",
        Text("完整性", "Integrity"),
        (
            Check(
                "streams",
                Text(
                    "每个记录流从第 1 条起连续，每条都指明前一条",
                    "every stream is contiguous from version 1",
                ),
                frozenset({"gap"}),
                _streams,
            ),
            Check(
                "positions",
                Text(
                    "日志位置连续，没有未编入的条目",
                    "positions of the log are contiguous and no entry is unsealed",
                ),
                frozenset({"order", "unsealed"}),
                _events,
            ),
            Check(
                "held",
                Text(
                    "与记录库以外所持的检查点相比，末尾没有缺失",
                    "compared with checkpoints held outside, nothing is cut off at the end",
                ),
                frozenset({"truncated", "rollback"}),
                _held,
                _none_held,
            ),
            Check(
                "evidence",
                Text(
                    "记录所引用的佐证材料都在，与记录的哈希相符",
                    "the evidence that the record cites is there and has the recorded hash",
                ),
                frozenset({"evidence", "missing"}),
                _files,
                _no_evidence,
            ),
        ),
        (
            Text("有无从未记录的事项", "whether something was never recorded"),
            Text(
                "归档范围内应有而从未提交的文件",
                "documents that should have been filed and never were",
            ),
        ),
    ),
    Property(
        "usability",
        Text("可用性", "Usability"),
        (
            Check(
                "readable",
                Text(
                    "条目都能读出：规范的 JSON（RFC 8785），UTF-8 编码",
                    "every entry can be read: canonical JSON (RFC 8785) in UTF-8",
                ),
                frozenset({"unreadable"}),
                _events,
            ),
            Check(
                "replay",
                Text(
                    "由条目可重算每一步、得分、等级，得分变动逐分相加相符，总览表相符",
                    "from the entries every step, score and grade follows again, score changes add"
                    " up, and the portfolio agrees",
                ),
                frozenset({"drift", "bridge", "portfolio"}),
                _cases,
            ),
        ),
        (
            Text(
                "佐证材料能否打开和显示（只列出格式和数量）",
                "whether evidence files open and display (formats are counted only)",
            ),
            Text(
                "文件格式是否符合长期保存的要求",
                "whether formats are fit for long-term preservation",
            ),
            Text("将来的软硬件环境", "future hardware and software"),
        ),
    ),
    Property(
        "security",
        Text("安全性", "Security"),
        (
            Check(
                "structure",
                Text(
                    "数据库的表、约束、触发器、权限与建立时相同",
                    "tables, constraints, triggers and permissions are as they were created",
                ),
                frozenset({"structure"}),
                _nothing,
            ),
            Check(
                "database",
                Text("数据库自检无误", "the database finds nothing broken in itself"),
                frozenset({"database"}),
                _nothing,
            ),
        ),
        (
            Text("病毒和恶意代码", "viruses and malicious code"),
            Text("磁盘、光盘等载体的状况", "the state of disks and other media"),
            Text(
                "主机、网络、机房和人员的安全，备份是否可恢复",
                "hosts, networks, premises and staff, and whether backups can be restored",
            ),
        ),
    ),
)

BASIS: Final = Text(
    "按 DA/T 70—2018 的四性分列。该标准的逐项检测表未能取得原文，故以下为本程序自身的检查，"
    "不逐项对应该标准，不能代替档案部门按该标准进行的检测。",
    "By the four properties of DA/T 70-2018. Its tables of checks could not be obtained, so the"
    " checks below are this program's own, do not correspond to that standard item by item, and"
    " do not replace a test by an archive under it.",
)
HOLDS: Final = Text("相符", "holds")
UNCHECKED: Final = Text("未核验", "not verified")
TITLE: Final = Text("电子档案四性核验报告", "Verification report by the four properties")


def broken(check: Check, result: Verification) -> int:
    """How many failures are about a check."""
    return sum(failure.kind in check.kinds for failure in result.breaks)


def outcome(check: Check, result: Verification) -> Text:
    """What came of a check."""
    if count := broken(check, result):
        return Text(f"{count} 处不符", counted(count, "break"))
    if why := check.unchecked(result):
        return Text(f"{UNCHECKED.zh}：{why.zh}", f"{UNCHECKED.en}: {why.en}")
    return HOLDS


def state(check: Check, result: Verification) -> str:
    """The same for programs: `broken`, `unchecked` or `holds`."""
    if broken(check, result):
        return "broken"
    return "unchecked" if check.unchecked(result) else "holds"


def sentences(result: Verification) -> Iterator[Text]:
    """The report on a terminal."""
    for part in PROPERTIES:
        yield Text(f"【{part.name.zh}】", f"[{part.name.en}]")
        for check in part.checks:
            came, count = outcome(check, result), check.quantity(result)
            yield Text(
                f"{check.name.zh}（{count.zh}）：{came.zh}",
                f"{check.name.en} ({count.en}): {came.en}",
            )
        for limit in part.not_covered:
            yield Text(f"未覆盖：{limit.zh}", f"not covered: {limit.en}")


def report(result: Verification, language: Language) -> list[dict[str, object]]:
    """The report for programs."""
    say = speaker(language)
    return [
        {
            "property": part.id,
            "checks": [
                {
                    "check": check.id,
                    "name": say(*check.name),
                    "state": state(check, result),
                    "broken": broken(check, result),
                }
                for check in part.checks
            ],
            "not_covered": [say(*limit) for limit in part.not_covered],
        }
        for part in PROPERTIES
    ]


class Verified(NamedTuple):
    """What a report is about.

    Attributes:
        result: of the verification.
        origin: the name of the log; empty where it has none.
        case: the one that was verified; `None` for the whole ledger.
        at: when, for people.
        made: the same as the file states it.
        signer: whose key signs the report; empty where nobody does.
    """

    result: Verification
    origin: str
    case: str | None
    at: str
    made: str
    signer: str


def four_properties(verified: Verified, language: Language) -> Document:
    """The report as a document."""
    say, result = speaker(language), verified.result
    return Document(
        title=say(*TITLE),
        subtitle=verified.origin or verified.case or "",
        blocks=(
            Facts(tuple(_facts(verified, say))),
            Paragraph(say(*BASIS)),
            *(block for part in PROPERTIES for block in _part(part, result, say)),
            *_failures(result, say),
            PageHeading(say("本次核验不能证明", "What this verification does not prove")),
            *(Paragraph(_capital(say(*limit)) + say("。", ".")) for limit in result.does_not_prove),
            Signatures(
                tuple(
                    (say(*place), "")
                    for place in (
                        Text("核验人", "Verified by"),
                        Text("审核人", "Reviewed by"),
                        Text("日期", "Date"),
                    )
                )
            ),
        ),
        footer=(say(*_signed(verified.signer)),),
        language=language,
        made=verified.made,
    )


def _facts(verified: Verified, say: Say) -> Iterator[tuple[str, str]]:
    result = verified.result
    count = len(result.breaks)
    yield (
        say("结论", "Outcome"),
        say("所核验的全部相符", "all that was verified holds")
        if result.holds
        else say(f"{count} 处不符", counted(count, "break"))
        if count
        else say("没有可核验的条目", "there was nothing to verify"),
    )
    yield say("等级", "Level"), result.level
    yield (
        say("范围", "Scope"),
        verified.case or say("整个记录库", "the whole ledger"),
    )
    if verified.origin:
        yield say("日志名称", "Log"), verified.origin
    if head := result.head:
        yield say("条数", "Entries"), str(head.size)
        yield say("根（SHA-256）", "Root (SHA-256)"), encode_base64(head.root)
    yield say("核验时间", "Verified at"), verified.at
    yield say("程序版本", "Program"), f"scoretrail {VERSION}"


def _part(part: Property, result: Verification, say: Say) -> Iterator[Block]:
    yield PageHeading(say(*part.name))
    columns = (
        PageColumn(say("核验内容", "What is checked"), 24),
        PageColumn(say("数量", "Quantity"), 12),
        PageColumn(say("结果", "Outcome"), 12),
    )
    rows = tuple(
        PageRow(
            tuple(
                _capital(say(*text))
                for text in (check.name, check.quantity(result), outcome(check, result))
            )
        )
        for check in part.checks
    )
    name = say(f"{part.name.zh}核验项目", f"Checks of {part.name.en.lower()}")
    yield PageTable(name, columns, rows)
    if part.id == "usability" and result.media_types:
        listed = say("，", ", ").join(
            f"{kind} {count}" for kind, count in sorted(result.media_types.items())
        )
        yield Paragraph(say(f"佐证材料的格式：{listed}。", f"Formats of the evidence: {listed}."))
    limits = say("；", "; ").join(say(*limit) for limit in part.not_covered)
    yield Paragraph(say(f"未覆盖：{limits}。", f"Not covered: {limits}."))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _failures(result: Verification, say: Say) -> Iterator[Block]:
    if not result.breaks:
        return
    yield PageHeading(say("不符之处", "What does not hold"))
    name = say("不符清单", "List of breaks")
    columns = (
        PageColumn(say("代码", "Kind"), 8),
        PageColumn(say("位置", "Place"), 14),
        PageColumn(say("说明", "Message"), 26),
    )
    rows = (PageRow((one.kind, one.where, say(*one.message))) for one in result.breaks)
    yield PageTable(name, columns, tuple(rows))


def _signed(signer: str) -> Text:
    if not signer:
        return Text("本文件未签名。", "This file is not signed.")
    return Text(
        f"本文件由密钥 {signer} 签名，签名在同名的 .note 文件中。",
        f"This file is signed by the key {signer}; the signature is in the .note file of its name.",
    )
