"""What a problem is about (问题说明): a page for each rule, at the address that a problem names."""

from functools import cache
from typing import Final

from starlette.responses import Response

from ledger.language import Text
from ledger.refusal_texts import worded
from ledger.values import Invalid
from web.desk import Desk

OTHERS: Final = {
    "form": Text("所送内容的形式不对。", "What was sent has not the form that is asked for."),
    "no-idempotency-key": Text(
        "办理须在 Idempotency-Key 里写操作编号；同一编号重发不会记两遍。",
        "An act needs a key in Idempotency-Key; sent again under it, it is recorded once.",
    ),
    "content-digest": Text(
        "收到的内容与 Content-Digest 不符。", "The bytes are not those that Content-Digest names."
    ),
    "not-logged-in": Text("请先登录。", "Log in first."),
    "step-up": Text("这项操作需要再次输入密码。", "This act asks for the password once more."),
    "login": Text("账号或密码不对。", "Account and password do not fit."),
    "locked": Text("登录错误次数过多，稍后再试。", "Too many failed logins; try again later."),
    "password": Text("密码不合要求。", "The password is not one that can be taken."),
    "own-login": Text("不能取消自己的登录。", "Nobody takes away their own login."),
    "no-account": Text("没有这个账号。", "There is no such account."),
    "no-roles": Text("账号没有角色。", "The account has no role."),
    "unknown-case": Text(
        "没有这一事项或内容，或者你无权查看。", "It is not there, or not for this account."
    ),
    "unknown-evidence": Text("没有这份佐证材料。", "There is no such evidence."),
    "unknown-figure": Text("没有这项数据。", "There is no such figure."),
    "which-appeal": Text("没有写明是哪一件申诉。", "It does not say which appeal."),
    "which-evidence": Text("没有写明是哪一份材料。", "It does not say which evidence."),
    "which-request": Text("没有写明是哪一项整改。", "It does not say which request."),
    "personal-number": Text(
        "内容里像是有个人证件号码；确有必要的，请确认。",
        "It seems to hold the number of a person; confirm it where it has to.",
    ),
    "no-such-rubric": Text("没有这个指标体系。", "There is no such rubric."),
    "rubric-wrong": Text("指标体系文件有误。", "The rubric file is wrong."),
    "not-a-form": Text("不是本程序的表格。", "It is no form of this program."),
    "not-handed-in": Text("引用的文件没有一并提交。", "A file that is named was not handed in."),
    "no-evidence-folder": Text("没有指定佐证材料目录。", "No folder for evidence is named."),
    "clock-behind": Text("时钟慢于最后一条记录。", "The clock is behind the last entry."),
    "outcome-unknown": Text(
        "不知道是否已经记录；请用同一编号重发。",
        "It may have been recorded or not; send it again with the same key.",
    ),
    "reading-broken": Text(
        "记录与日志不符，不予显示；请核验整个记录库。",
        "The record does not hold and is not shown; verify the whole ledger.",
    ),
    "unreadable-entry": Text("有一条记录读不出来。", "An entry cannot be read."),
    "signing-failed": Text("已经记录，但签名未完成。", "It is recorded, but was not signed."),
    "tables-not-made": Text("总览表还没有建立。", "The tables of the portfolio were not made."),
}
"""Rules beside those that refuse commands."""


def page(desk: Desk) -> Response:
    """What a rule is about, in the words in which it is told.

    Raises:
        Invalid: there is no such rule.
    """
    rule = str(desk.request.path_params["rule"])
    words = words_of().get(rule)
    if words is None:
        raise Invalid(f"没有规则 {rule}", f"there is no rule {rule}", rule="unknown-case")
    return desk.page("rule.html", rule=rule, words=words)


@cache
def words_of() -> dict[str, list[Text]]:
    """The wordings of each rule; a name in braces stands for a value."""
    found = {rule: [text] for rule, text in OTHERS.items()}
    for rule, text in worded():
        found.setdefault(rule, []).append(text)
    return found
