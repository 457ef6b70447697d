"""What a problem is about (问题说明): a page for each rule, at the address that a problem names."""

from functools import cache
from typing import Final

from starlette.responses import Response

from ledger.language import Text
from ledger.refusal_texts import worded
from web.desk import Desk
from web.not_found import not_found

OTHERS: Final = {
    "form": Text("所送内容的格式不正确。", "What was sent does not have the required form."),
    "no-idempotency-key": Text(
        "办理须在 Idempotency-Key 中填写幂等编号；同一编号重复提交不会重复记录。",
        "A command requires a key in Idempotency-Key; sent again with it, it is recorded only"
        " once.",
    ),
    "content-digest": Text(
        "收到的内容与 Content-Digest 不符。", "The bytes do not match Content-Digest."
    ),
    "no-content": Text("没有收到文件的内容。", "No bytes of a file were sent."),
    "not-logged-in": Text("请先登录。", "Log in first."),
    "step-up": Text("这项操作需要再次输入密码。", "This command requires the password again."),
    "token": Text(
        "访问令牌的用途、权限或有效期不合要求。",
        "The purpose, scope or life of the token is not allowed.",
    ),
    "token-scope": Text(
        "访问令牌只能读取，或者只用于指定的评价事项。",
        "The token is for reading only, or for the cases that it names.",
    ),
    "feed-cursor": Text(
        "游标不是为本账号和这些事项的事件流制作的。",
        "The cursor was not made for the feed of this account and these cases.",
    ),
    "link": Text("不能这样关联统一登录。", "A login through a provider cannot be linked so."),
    "read-only": Text(
        "此处只供查看，不能办理，也不能改变登录方式。",
        "This is for looking only: nothing can be done, and no way to log in changed.",
    ),
    "provider": Text(
        "没有这个登录提供方，或它没有应答。", "There is no such provider, or it does not answer."
    ),
    "passkey": Text("这里不能用这把通行密钥登录。", "This passkey does not log in here."),
    "hook": Text("推送地址不合要求。", "The address of a web hook is not allowed."),
    "login": Text("账号或密码不正确。", "Wrong account or password."),
    "locked": Text("登录错误次数过多，稍后再试。", "Too many failed logins; try again later."),
    "password": Text("密码不合要求。", "The password does not meet the requirements."),
    "own-login": Text("不能取消自己的登录。", "You cannot remove your own login."),
    "no-account": Text("没有这个账号。", "There is no such account."),
    "no-accounts": Text("账号登记簿中还没有账号。", "The account registry has no account yet."),
    "no-roles": Text("账号没有角色。", "The account has no role."),
    "not-found": Text(
        "没有所要的内容，或者您无权查看。", "Not found, or not visible to this account."
    ),
    "unknown-case": Text(
        "没有这一评价事项，或者您无权查看。", "No such case, or it is not visible to this account."
    ),
    "not-yet": Text(
        "这一条的原文和存证证明在征求意见稿或结果发出后提供。",
        "The entry and its receipt are given once the draft or the result is sent.",
    ),
    "no-words": Text("未填写要检索的词语。", "No words to search for."),
    "too-many-words": Text("检索的词语过多或过长。", "Too many words, or too long."),
    "data-at-work": Text(
        "另一份全部数据正在生成，稍后再试。", "The data is being made; try again later."
    ),
    "too-much-data": Text(
        "记录库太大，全部数据须在服务器上导出。",
        "The ledger is too large; export its data on the server.",
    ),
    "extra-missing": Text(
        "服务器没有安装所需的附加功能，请管理服务器的人员安装。",
        "An extra is not installed on the server; ask for it to be installed.",
    ),
    "nothing-signed": Text(
        "尚未签署检查点，签名程序签署后再试。",
        "No checkpoint is signed yet; try again once the signer has signed one.",
    ),
    "two-years": Text("比较至少需要两个年度。", "A comparison takes two years at least."),
    "unknown-evidence": Text("没有这份佐证材料。", "There is no such evidence."),
    "unknown-figure": Text("没有这项数据。", "There is no such figure."),
    "which-appeal": Text("未写明申诉编号。", "The appeal is not named."),
    "which-evidence": Text("未写明佐证材料。", "The evidence is not named."),
    "which-request": Text("未写明整改要求编号。", "The request is not named."),
    "personal-number": Text(
        "内容疑似含有个人号码；确需记录的，请确认。",
        "It seems to contain the number of a person; confirm it if it must be recorded.",
    ),
    "no-such-rubric": Text("没有这个指标体系。", "There is no such rubric."),
    "rubric-wrong": Text("指标体系文件有误。", "The rubric file has an error."),
    "not-a-form": Text("不是本程序的表格。", "Not a form made by this program."),
    "not-handed-in": Text("引用的文件没有一并提交。", "A cited file was not uploaded."),
    "no-evidence-folder": Text("没有指定佐证材料目录。", "No evidence folder is configured."),
    "clock-behind": Text("时钟慢于最后一条记录。", "The clock is behind the last entry."),
    "outcome-unknown": Text(
        "无法确定是否已记录；请用同一编号重新提交。",
        "It is unknown whether it was recorded; send it again with the same key.",
    ),
    "reading-broken": Text(
        "记录与日志不符，不予显示；请核验整个记录库。",
        "The record fails verification and is not shown; verify the whole ledger.",
    ),
    "unreadable-entry": Text("有一条记录无法读取。", "An entry cannot be read."),
    "signing-failed": Text("已经记录，但签名未完成。", "Recorded, but not signed."),
    "tables-not-made": Text("总览表尚未建立。", "The tables of the portfolio do not exist yet."),
}
"""Rules besides those that refuse commands."""


def page(desk: Desk) -> Response:
    """What a rule is about, in its own words.

    Raises:
        Invalid: there is no such rule.
    """
    rule = str(desk.request.path_params["rule"])
    words = words_of().get(rule)
    if words is None:
        raise not_found(f"没有规则 {rule}", f"there is no rule {rule}")
    return desk.page("rule.html", rule=rule, words=words)


@cache
def words_of() -> dict[str, list[Text]]:
    """The wordings of each rule; a name in braces is a value."""
    found = {rule: [text] for rule, text in OTHERS.items()}
    for rule, text in worded():
        found.setdefault(rule, []).append(text)
    return found
