"""What a verification of a ledger has found, in sentences."""

from collections.abc import Iterator

from ledger.language import Text, counted
from ledger.log_verification import Verification
from ledger.practice import NOT_REAL


def sentences(result: Verification) -> Iterator[Text]:
    """What does not hold, what is to be noted, the totals, and what is not proven."""
    if result.practice:
        yield NOT_REAL
    for failure in result.breaks:
        place, message, affects = failure.where, failure.message, failure.affects
        yield Text(
            f"不符 {failure.kind} {place}: {message.zh}；受影响：{affects.zh}",
            f"BROKEN {failure.kind} {place}: {message.en}; affects: {affects.en}",
        )
    for note in result.notes:
        where, message = note.where, note.message
        yield Text(f"注意 {where}：{message.zh}", f"note {where}: {message.en}")
    if not result.events:
        yield Text("没有可核验的条目。", "There was nothing to verify.")
    broken = len(result.breaks)
    zh = "全部相符" if result.holds else f"{broken} 处不符"
    en = "all hold" if result.holds else counted(broken, "break")
    yield Text(
        f"核验 {result.events} 条、{result.cases} 个评价事项、{result.leaves} 个叶、"
        f"{result.checkpoints} 个检查点、{result.signatures} 个签名、{result.evidence} 份佐证"
        f"材料：{zh}（等级 {result.level}）",
        "checked "
        + ", ".join(
            (
                counted(result.events, "event"),
                counted(result.cases, "case"),
                counted(result.leaves, "leaf", "leaves"),
                counted(result.checkpoints, "checkpoint"),
                counted(result.signatures, "signature"),
                counted(result.evidence, "evidence file"),
            )
        )
        + f": {en} (level {result.level})",
    )
    for size, at in ((stamp.size, stamp.at) for stamp in result.stamped):
        yield Text(
            f"时间戳：前 {size} 条在 {at} 以前已在日志中",
            f"time stamp: the log had its first {counted(size, 'entry', 'entries')} by {at}",
        )
    for one in result.sm3:
        zh, en = (
            ("有效", "is valid") if one.signature == "valid" else ("未核验", "was not verified")
        )
        yield Text(
            f"SM3 根：前 {one.size} 条相符，SM2 签名{zh}",
            f"SM3 root: that of the first {counted(one.size, 'entry', 'entries')}; its SM2"
            f" signature {en}",
        )
    for limit in result.does_not_prove:
        yield Text(f"不能证明：{limit.zh}", f"does not prove: {limit.en}")
