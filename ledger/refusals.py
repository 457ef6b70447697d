"""Every refusal of a command, one function per rule: where, what is wrong, what to do.

Likewise what a reader may ask for by a name that does not exist (see the end of the file).

The functions only word what their callers have found; they decide nothing. Where one rule is broken
in ways that call for different advice, it has one function for each of them. No text names a
command or an option: an edge adds those by `rule` (see `problem.py`). The page `docs/refusals.md`
is generated from this file, so a text is written in the call of `CommandRefused` itself.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from ledger.language import Text, counted, listing
from ledger.problem import Mendable
from ledger.values import Invalid

LISTED: Final = 10
"""How many events a refusal lists at most."""

NO_CASE: Final = "no-case"
"""The rule whose refusal may have meant another case."""

MOVED_ON: Final = "moved-on"
"""The rule whose refusal asks its author to look again, not to give something else."""


class CommandRefused(Mendable):
    """A command that a rule forbids now. Nothing was written."""

    def __init__(  # noqa: PLR0913 - the message and its parts
        self,
        rule: str,
        zh: str,
        en: str,
        *,
        subject: str = "",
        field: str = "",
        known: Iterable[str] = (),
    ) -> None:
        super().__init__(zh, en, rule=rule, subject=subject, field=field, known=known)


class NotFound(Invalid):
    """What is asked for does not exist, or not for this reader."""

    def __init__(
        self, rule: str, zh: str, en: str, *, subject: str = "", known: Iterable[str] = ()
    ) -> None:
        super().__init__(zh, en, rule=rule, subject=subject, known=known)


def _listed(ids: Iterable[str]) -> Text:
    """Ids as a list in each language; a dash where there are none."""
    return listing(tuple(ids) or ("-",))


# Accounts and roles ------------------------------------------------------------------------------


def unknown_account(account: str, opened: Iterable[str] = ()) -> CommandRefused:
    """Nobody opened the account."""
    return CommandRefused(
        "unknown-account",
        f"账号 {account} 不存在。请管理员先开设账号。",
        f"There is no account {account}. An administrator must open it first.",
        subject=account,
        known=opened,
    )


def not_ones_own(account: str, own: str) -> CommandRefused:
    """The server knows that somebody else acts."""
    return CommandRefused(
        "not-ones-own",
        f"数据库服务器已证明办理人是账号 {own}，不能以账号 {account} 办理。请以本人账号办理。",
        f"The database server has proven that you are the account {own}, not {account}. Use your"
        " own account.",
        subject=account,
    )


def account_exists(account: str) -> CommandRefused:
    """The account is open already."""
    return CommandRefused(
        "account-exists",
        f"账号 {account} 已存在。请换一个账号名。",
        f"The account {account} exists already. Choose another id.",
        subject=account,
    )


def role_held(account: str, role: str) -> CommandRefused:
    """The account has the role that was to be granted."""
    return CommandRefused(
        "role-held",
        f"账号 {account} 已有角色 {role}，无需再授予。",
        f"The account {account} has the role {role} already. There is nothing to grant.",
        subject=account,
    )


def role_not_held(account: str, role: str) -> CommandRefused:
    """The account lacks the role that was to be revoked."""
    return CommandRefused(
        "role-not-held",
        f"账号 {account} 没有角色 {role}，无需撤销。",
        f"The account {account} does not have the role {role}. There is nothing to revoke.",
        subject=account,
    )


def last_administrator(account: str) -> CommandRefused:
    """Without this administrator nobody could open accounts."""
    return CommandRefused(
        "last-administrator",
        f"{account} 是最后一个管理员，撤销后无人能开设账号。请先授予另一账号。",
        f"{account} is the last administrator; without it nobody could open accounts. Grant the"
        " role to another account first.",
        subject=account,
    )


def unknown_time_zone(name: str) -> CommandRefused:
    """No zone of that name in the time zone database of this computer."""
    return CommandRefused(
        "unknown-time-zone",
        f"本机的时区数据库中没有时区“{name}”。请填写 IANA 时区名称，如 Asia/Shanghai；"
        "没有时区数据库的电脑，请安装 tzdata。",
        f"The time zone database of this computer has no zone '{name}'. Give a name of the IANA"
        " database, such as Asia/Shanghai; where there is no database, install tzdata.",
        subject=name,
        field="zone",
    )


def time_zone_is_set(zone: str) -> CommandRefused:
    """What was recorded is dated by the days of a zone, which nobody can change afterwards."""
    return CommandRefused(
        "time-zone-set",
        f"记录库的时区是 {zone}，已用于记录，不能再改。需要其他时区的，请另建记录库。",
        f"The time zone of the ledger is {zone} and already in use; it can no longer change. Create"
        " another ledger for another time zone.",
        subject=zone,
        field="zone",
    )


def no_public_key(scheme: str) -> CommandRefused:
    """No signature can be verified by what was given."""
    return CommandRefused(
        "public-key",
        f"不是 {scheme} 签名方式的公钥，或本程序不能核验这种签名。请检查签名方式和公钥。",
        f"This is no public key of the scheme {scheme}, or this program cannot verify such"
        " signatures. Check the scheme and the key.",
        field="public",
    )


def key_known(account: str, key: str) -> CommandRefused:
    """A key belongs to one account, once."""
    return CommandRefused(
        "key-known",
        f"密钥 {key[:12]} 已由账号 {account} 登记。请另生成一把密钥。",
        f"The key {key[:12]} is enrolled already, by the account {account}. Generate another one.",
        subject=account,
        field="public",
    )


def unknown_key(account: str, key: str) -> CommandRefused:
    """The account has no such key."""
    return CommandRefused(
        "unknown-key",
        f"账号 {account} 没有登记密钥 {key[:12]}。请核对公钥的 SHA-256。",
        f"The account {account} has enrolled no key {key[:12]}. Check the SHA-256 of the public"
        " key.",
        subject=account,
        field="fingerprint",
    )


def key_retired(account: str, key: str) -> CommandRefused:
    """What is retired stays so."""
    return CommandRefused(
        "key-retired",
        f"账号 {account} 的密钥 {key[:12]} 已停用，不能恢复。请登记新的密钥。",
        f"The key {key[:12]} of the account {account} is retired permanently. Enrol a new one.",
        subject=account,
        field="fingerprint",
    )


def key_countersigned(account: str, key: str) -> CommandRefused:
    """Once is enough."""
    return CommandRefused(
        "key-countersigned",
        f"账号 {account} 的密钥 {key[:12]} 此前已确认，无须再次确认。",
        f"The key {key[:12]} of the account {account} is countersigned already.",
        subject=account,
        field="fingerprint",
    )


def own_key(account: str) -> CommandRefused:
    """Nobody confirms their own key."""
    return CommandRefused(
        "own-key",
        f"账号 {account} 不能确认自己的密钥。请由另一名管理员确认。",
        f"The account {account} cannot countersign its own key. Another administrator has to.",
        subject=account,
    )


def others_key(account: str, owner: str) -> CommandRefused:
    """A key is its holder's, who alone enrols it; an administrator may retire it."""
    return CommandRefused(
        "others-key",
        f"账号 {account} 不能登记或停用账号 {owner} 的密钥：密钥由本人登记，由本人或管理员停用。",
        f"The account {account} can neither enrol nor retire a key of {owner}: holders enrol their"
        " keys themselves, and they or an administrator retire them.",
        subject=owner,
    )


def signatures_demanded(since: str) -> CommandRefused:
    """What is demanded cannot be put off."""
    return CommandRefused(
        "signatures-demanded",
        f"自 {since} 起已要求签名，不能再改。",
        f"Signatures are demanded from {since} on, which can no longer change.",
        field="since",
    )


def ranking_replaced(year: int, present: str) -> CommandRefused:
    """A ranking takes the place of the one in force, which it names, and of no other."""
    zh, en = (
        (f"现为 {present}。请写明它是所取代的一份。", f"is {present}. Name it as the one replaced.")
        if present
        else ("尚未登记，无可取代。", "does not exist yet, so none is replaced.")
    )
    return CommandRefused(
        "ranking-replaced",
        f"{year} 年度的名次表{zh}",
        f"The ranking of {year} {en}",
        subject=str(year),
        field="replaces",
    )


def ranking_unjustified(year: int) -> CommandRefused:
    """Nobody changes the places of a year without a reason."""
    return CommandRefused(
        "justification",
        f"{year} 年度的名次表已登记，重新登记须说明原因。请填写原因。",
        f"The ranking of {year} is recorded; recording another requires a reason. Give one.",
        subject=str(year),
        field="reason",
    )


def notice_in_force(year: int, present: str) -> CommandRefused:
    """A notice amends the last one of its kind, which it names, and no other."""
    zh, en = (
        (f"现为 {present}。请写明所修改的通知文号。", f"is {present}. Name it as the one amended.")
        if present
        else ("尚未登记，无可修改。", "does not exist yet, so none is amended.")
    )
    return CommandRefused(
        "notice-in-force",
        f"{year} 年度的通知{zh}",
        f"The notice of {year} {en}",
        subject=str(year),
        field="amends",
    )


def notice_recorded(year: int, number: str) -> CommandRefused:
    """A notice is recorded once."""
    return CommandRefused(
        "notice-recorded",
        f"{year} 年度的通知 {number} 已登记。修改期限须有另一文号的通知。",
        f"The notice {number} of {year} is recorded. Amending it requires a notice with another"
        " number.",
        subject=str(year),
        field="number",
    )


def notice_without_days(year: int) -> CommandRefused:
    """A notice that sets nothing is of no use."""
    return CommandRefused(
        "notice-without-days",
        f"{year} 年度的通知未写明任何期限。请至少填写一项。",
        f"The notice of {year} sets no last day. Give at least one.",
        subject=str(year),
        field="submission_due",
    )


def no_last_day(field: str, rule: str) -> CommandRefused:
    """A day that there is not, or days that nothing begins."""
    return CommandRefused(
        "no-last-day",
        f"“{rule}”不能作为期限：没有这一天，或者没有起算日（自评报送只能填写日期）。请改正。",
        f"'{rule}' sets no last day: there is no such day, or nothing that it counts from (the"
        " self-evaluation takes a date only). Correct it.",
        subject=field,
        field=field,
    )


def too_few_signers(least: int) -> CommandRefused:
    """Nobody could enrol and countersign keys any more."""
    return CommandRefused(
        "too-few-signers",
        f"要求签名之前，须至少有 {least} 名管理员持有已确认的密钥，否则无人能确认新的密钥。"
        "请先登记并相互确认。",
        f"Before signatures are demanded, at least {least} administrators need countersigned keys,"
        " or nobody could countersign new ones. Let them enrol their keys and countersign each"
        " other's first.",
        field="since",
    )


def signature_missing(account: str, since: str) -> CommandRefused:
    """The ledger or the case demands the author's signature."""
    return CommandRefused(
        "unsigned",
        f"自 {since} 起，办理须有办理人签名，账号 {account} 未签名。请用已确认的密钥签名后再提交。",
        f"From {since} on, what is recorded has to be signed by its author, and {account} has not"
        " signed. Sign it with a countersigned key and submit it again.",
        subject=account,
    )


def enrolment_unsigned(account: str) -> CommandRefused:
    """An enrolment shows that its author holds the key."""
    return CommandRefused(
        "unsigned",
        f"登记密钥须用该密钥本身签名，以证明由账号 {account} 持有。请签名后再提交。",
        f"An enrolment has to be signed with the key that it enrols, to show that {account} holds"
        " it. Sign it and submit it again.",
        subject=account,
    )


def key_not_active(account: str, key: str) -> CommandRefused:
    """The key signs for nobody, for somebody else, or no longer."""
    return CommandRefused(
        "author-key",
        f"密钥 {key[:12]} 不是账号 {account} 现用的密钥：未登记、未经确认或已停用。"
        "请换用已确认的密钥。",
        f"The key {key[:12]} is not one that the account {account} signs with: it is not enrolled,"
        " not countersigned, or retired. Use a countersigned key.",
        subject=account,
    )


def signature_does_not_hold(account: str, key: str) -> CommandRefused:
    """Another text was signed, or by another key."""
    return CommandRefused(
        "author-signature",
        f"账号 {account} 的签名与将要记录的内容不符（密钥 {key[:12]}）。"
        "内容可能在签名后有变化，请重新准备并签名。",
        f"The signature of {account} does not match what would be recorded (key {key[:12]}). It may"
        " have changed since it was signed; prepare and sign it again.",
        subject=account,
    )


def signature_not_verifiable(account: str) -> CommandRefused:
    """What nobody here can verify is not recorded as if it held."""
    return CommandRefused(
        "author-signature",
        f"此处没有能核验 SM2 签名的 openssl（3.0 以上），账号 {account} 的签名无法核验，不予记录。"
        "请安装后再提交。",
        f"There is no openssl here that verifies SM2 (version 3.0 or later), so the signature of"
        f" {account} cannot be verified and is not recorded. Install it and submit again.",
        subject=account,
    )


def role_missing(title: Text, account: str, allowed: Text) -> CommandRefused:
    """No role of the account may do this."""
    return CommandRefused(
        "role",
        f"“{title.zh}”只能由{allowed.zh}办理，账号 {account} 没有这个角色。请换用有此角色的账号。",
        f"'{title.en}' requires the role {allowed.en}, which the account {account} does not have."
        " Use an account that has it.",
        subject=account,
    )


def no_agency_yet(title: Text, case: str) -> CommandRefused:
    """It is for the reviewing agency, and none is commissioned."""
    return CommandRefused(
        "no-agency",
        f"“{title.zh}”由核查机构办理，而这一评价事项尚未委托核查机构。请先委托核查。",
        f"'{title.en}' is done by the reviewing agency, and none is commissioned for this case yet."
        " Commission the review first.",
        subject=case,
    )


def other_organisation(title: Text, account: str, belongs_to: str, wanted: str) -> CommandRefused:
    """The account's organisation has another part in the case."""
    return CommandRefused(
        "organisation",
        f"“{title.zh}”由 {wanted} 办理，账号 {account} 属于 {belongs_to}。请换用 {wanted} 的账号。",
        f"'{title.en}' is done by {wanted} in this case; the account {account} belongs to"
        f" {belongs_to}. Use an account of {wanted}.",
        subject=account,
    )


# Interests ---------------------------------------------------------------------------------------


def recused(account: str) -> CommandRefused:
    """Who has an interest in a case does nothing in it."""
    return CommandRefused(
        "recused",
        f"账号 {account} 已回避这一评价事项，不能办理。请由另一账号办理。",
        f"The account {account} is recused from this case. Use another account.",
        subject=account,
    )


def recused_already(account: str) -> CommandRefused:
    """Once is enough."""
    return CommandRefused(
        "recused-already",
        f"账号 {account} 已回避这一评价事项，无需再登记。",
        f"The account {account} is already recused from this case. There is nothing to record.",
        subject=account,
    )


def assigned_already(account: str) -> CommandRefused:
    """All of it is assigned to the account."""
    return CommandRefused(
        "assigned-already",
        f"所列内容已分配给账号 {account}，无需再分配。",
        f"All of this is assigned to {account} already. There is nothing to assign.",
        subject=account,
    )


def not_a_reviewer(account: str) -> CommandRefused:
    """The review is for the accounts of the agency that is commissioned."""
    return CommandRefused(
        "not-a-reviewer",
        f"账号 {account} 不是所委托核查机构的核查人员。请分配给该机构的核查人员。",
        f"The account {account} is no reviewer of the agency that is commissioned. Assign the"
        " review to one of its reviewers.",
        subject=account,
    )


def others_conflict(account: str, other: str) -> CommandRefused:
    """One's own interests are for oneself to declare, others' for those who lead."""
    return CommandRefused(
        "others-conflict",
        f"账号 {account} 不能登记账号 {other} 的利害关系：本人的由本人登记；他人的，由其核查"
        "负责人、财政部门或管理员登记。",
        f"The account {account} cannot declare an interest of {other}: all declare their own; those"
        " of others are for their lead reviewer, the bureau or an administrator to declare.",
        subject=account,
    )


def own_conflict(account: str) -> CommandRefused:
    """Nobody clears themselves."""
    return CommandRefused(
        "own-conflict",
        f"账号 {account} 不能解除本人的利害关系。请由另一名管理员办理。",
        f"The account {account} cannot end a conflict of interest of its own. Another administrator"
        " has to.",
        subject=account,
    )


def conflict_known(account: str, unit: str) -> CommandRefused:
    """Once is enough."""
    return CommandRefused(
        "conflict-known",
        f"账号 {account} 与 {unit} 的利害关系已登记，无需再登记。",
        f"The conflict of interest of {account} with {unit} is declared already. There is nothing"
        " to record.",
        subject=account,
    )


def no_conflict(account: str, unit: str) -> CommandRefused:
    """There is nothing to end."""
    return CommandRefused(
        "no-conflict",
        f"没有登记账号 {account} 与 {unit} 的利害关系。请核对账号和单位。",
        f"No conflict of interest of {account} with {unit} is declared. Check the account and the"
        " unit.",
        subject=account,
    )


def accounts_linked(account: str, also: str) -> CommandRefused:
    """They are of one person already, or one and the same."""
    return CommandRefused(
        "accounts-linked",
        f"账号 {account} 和 {also} 已属同一人，无需再关联。",
        f"The accounts {account} and {also} are of one person already. There is nothing to link.",
        subject=account,
    )


# Entries that came past the program --------------------------------------------------------------


def no_entry_there(position: int) -> CommandRefused:
    """No entry has that position in the log."""
    return CommandRefused(
        "no-entry",
        f"日志第 {position} 个位置没有条目。请写明核对所指出的位置。",
        f"There is no entry at position {position} of the log. Give the position that"
        " verification names.",
        field="position",
    )


def entry_means_something(position: int, stream: str, version: int) -> CommandRefused:
    """The program could have recorded it; nobody may make it disappear."""
    return CommandRefused(
        "sound-entry",
        f"日志第 {position} 个位置（{stream} 第 {version} 条）的条目可以读取，不能搁置。"
        "内容有误的，请以新的操作更正。",
        f"The entry at position {position} of the log ({stream} v{version}) can be read and cannot"
        " be set aside. If it is wrong, correct it by a new command.",
        field="position",
    )


def ledger_frozen(year: int) -> CommandRefused:
    """Nothing is recorded after the last entry of a ledger."""
    return CommandRefused(
        "ledger-frozen",
        f"{year} 年度的记录库已冻结，不再登记任何内容。请在其后一个年度的记录库中办理。",
        f"The ledger of {year} is frozen; nothing is recorded in it any more. Use the ledger of a"
        " later year.",
        subject=str(year),
    )


def predecessor_named(origin: str) -> CommandRefused:
    """A ledger goes on from one other ledger, once."""
    return CommandRefused(
        "predecessor-named",
        f"本记录库已登记由 {origin} 结转而来，不能再次登记。",
        f"This ledger already goes on from {origin}. Another one cannot be named.",
        subject=origin,
        field="origin",
    )


def no_predecessor() -> CommandRefused:
    """What is carried over is carried over from a ledger that is named."""
    return CommandRefused(
        "no-predecessor",
        "尚未登记上一年度的记录库，无从结转账号。请先登记。",
        "No ledger of the year before is named, so no account can be carried over. Name it first.",
    )


def outcome_unproven(case: str, why: Text) -> CommandRefused:
    """What is cited of the ledger before is proven by its last checkpoint."""
    return CommandRefused(
        "outcome-unproven",
        f"所引用的上年结果（{case}）没有得到证明：{why.zh}。请由上一年度的记录库重新引用。",
        f"The result of the year before that is cited ({case}) is not proven: {why.en}. Cite it"
        " again from the ledger of that year.",
        subject=case,
        field="last_year",
    )


def no_checkpoint() -> CommandRefused:
    """What is taken up is a signed checkpoint."""
    return CommandRefused(
        "no-checkpoint",
        "这不是已签名的检查点。请取得该日志最近签署的检查点。",
        "This is not a signed checkpoint. Get the one that the log has signed last.",
        field="checkpoint",
    )


def log_rewritten(origin: str, before: int, size: int) -> CommandRefused:
    """A log that holds less than it did, or something else, was rewritten."""
    return CommandRefused(
        "log-rewritten",
        f"{origin}：此前已登记 {before} 条的检查点，现为 {size} 条，与其矛盾：日志被改写或缩短，"
        "未予登记。请查明原因。",
        f"{origin}: a checkpoint of {before} entries was taken up before; this one, of {size},"
        " contradicts it. The log was rewritten or cut off, and is not taken up. Find out the"
        " cause.",
        subject=origin,
        field="checkpoint",
    )


def checkpoint_taken(origin: str, size: int) -> CommandRefused:
    """A log that has not grown needs no other entry."""
    return CommandRefused(
        "checkpoint-taken",
        f"{origin}：{size} 条的检查点已登记，无需重复。",
        f"{origin}: the checkpoint of {size} entries is taken up already. There is nothing to do.",
        subject=origin,
        field="checkpoint",
    )


def already_set_aside(position: int) -> CommandRefused:
    """It was set aside before."""
    return CommandRefused(
        "set-aside",
        f"日志第 {position} 个位置的条目已经搁置，无需重复。",
        f"The entry at position {position} of the log is already set aside. There is nothing to"
        " do.",
        field="position",
    )


# Rubrics -----------------------------------------------------------------------------------------


def edition_exists(rubric: str, edition: str) -> CommandRefused:
    """A published edition never changes."""
    return CommandRefused(
        "edition-exists",
        f"指标体系 {rubric} 的 {edition} 版已发布。有改动的，请用新的版本号。",
        f"Edition {edition} of {rubric} is published. Give a changed file a new edition.",
        subject=rubric,
    )


def unknown_edition(edition: str, published: Iterable[str]) -> CommandRefused:
    """The edition was never published."""
    known = _listed(published)
    return CommandRefused(
        "unknown-edition",
        f"指标体系没有 {edition} 版；已发布：{known.zh}。请选用已发布的版本。",
        f"The rubric has no edition {edition}; published: {known.en}. Name one of these.",
        subject=edition,
        known=published,
    )


def no_editions() -> CommandRefused:
    """Nothing was published under the name of the rubric."""
    return CommandRefused(
        "unknown-edition",
        "未发布过这一指标体系。请核对指标体系的编号，或先发布。",
        "No such rubric is published. Check the id of the rubric, or publish it first.",
        field="rubric",
    )


def superseded_by_itself(edition: str) -> CommandRefused:
    """Another edition takes the place of one."""
    return CommandRefused(
        "superseded-by-itself",
        f"{edition} 版不能由它自己取代。请写明取代它的那一版。",
        f"Edition {edition} cannot supersede itself. Name the edition that supersedes it.",
        subject=edition,
    )


def no_rubric(case: str) -> CommandRefused:
    """No edition is pinned, so nothing can be scored."""
    return CommandRefused(
        "no-rubric",
        f"{case}：尚未选定指标体系。请先选定。",
        f"{case}: no rubric is pinned yet. Pin one first.",
        subject=case,
    )


def rubric_pinned(case: str, rubric: str, edition: str) -> CommandRefused:
    """A case pins once; later it changes to another edition by a document."""
    return CommandRefused(
        "rubric-pinned",
        f"{case}：已选定 {rubric} 的 {edition} 版，不能重复选定。要换版的，请以文件改用另一版。",
        f"{case}: edition {edition} of {rubric} is pinned already."
        " To score by another edition, repin the case.",
        subject=case,
    )


def same_edition(case: str, edition: str) -> CommandRefused:
    """The edition to change to is the one in use."""
    return CommandRefused(
        "rubric-pinned",
        f"{case}：当前已选定 {edition} 版。请填写其他版本。",
        f"{case}: edition {edition} is pinned already. Name another one.",
        subject=case,
    )


def other_scale(edition: str, decimals: int, pinned: str, pinned_decimals: int) -> CommandRefused:
    """Scores already there would not fit an edition with other decimals."""
    return CommandRefused(
        "other-scale",
        f"{edition} 版的小数位数（{decimals}）与 {pinned} 版（{pinned_decimals}）不同，"
        "已有得分无法沿用。请选用小数位数相同的版本。",
        f"Edition {edition} has {decimals} decimals, the pinned edition {pinned} has"
        f" {pinned_decimals}; existing scores cannot be carried over."
        " Choose an edition with the same number of decimals.",
        subject=edition,
    )


def misfit(edition: str, scores: Iterable[str]) -> CommandRefused:
    """Existing scores have no row, or not enough points, in the new edition."""
    rows = _listed(scores)
    return CommandRefused(
        "misfit",
        f"已有得分与 {edition} 版不符：{rows.zh}。请先撤回或退回这些得分。",
        f"Existing scores do not fit edition {edition}: {rows.en}. Withdraw or return them first.",
        subject=edition,
    )


# The case and its stages -------------------------------------------------------------------------


def no_case_named() -> CommandRefused:
    """A command about a case that names no case."""
    return CommandRefused(
        "no-case-named",
        "未填写评价事项。请填写其编号。",
        "The command names no case. Name one.",
        field="case",
    )


def no_case(case: str) -> CommandRefused:
    """Nobody opened the case."""
    return CommandRefused(
        "no-case",
        f"没有评价事项 {case}。请先启动评价。",
        f"There is no case {case}. Open it first.",
        subject=case,
    )


def case_exists(case: str) -> CommandRefused:
    """The id is taken."""
    return CommandRefused(
        "case-exists",
        f"评价事项 {case} 已存在。请换一个编号。",
        f"The case {case} exists already. Choose another id.",
        subject=case,
    )


def wrong_stage(case: str, stage: Text, allowed: Text) -> CommandRefused:
    """The case has not reached this stage, or is past it."""
    return CommandRefused(
        "stage",
        f"{case}：当前为“{stage.zh}”阶段，本操作仅限“{allowed.zh}”阶段。",
        f"{case} is in stage '{stage.en}'; this command requires {allowed.en}.",
        subject=case,
    )


def own_review(case: str, unit: str) -> CommandRefused:
    """A unit does not review itself."""
    return CommandRefused(
        "own-review",
        f"{case}：核查机构不能是被评价单位（{unit}）自己。请委托另一家机构。",
        f"{case}: the reviewed unit ({unit}) cannot be its own reviewing agency."
        " Commission another one.",
        subject=case,
    )


def agency_at_work(case: str, agency: str) -> CommandRefused:
    """The agency has made awards and is not exchanged."""
    return CommandRefused(
        "review-begun",
        f"{case}：{agency} 已开始核查，不能更换机构。确需更换的，请先撤回其核查得分。",
        f"{case}: {agency} has begun the review and cannot be replaced. Withdraw its awarded"
        " scores first.",
        subject=case,
    )


def awards_exist(case: str) -> CommandRefused:
    """A self-evaluation is not returned over the head of the review."""
    return CommandRefused(
        "review-begun",
        f"{case}：已有核查得分，不能退回自评。确要退回的，请先撤回核查得分。",
        f"{case}: awards exist already. Withdraw them before the self-evaluation is returned.",
        subject=case,
    )


# What a command refers to ------------------------------------------------------------------------


def unknown_indicator(indicator: str, known: Iterable[str]) -> CommandRefused:
    """The rubric has no such indicator."""
    rows = _listed(known)
    return CommandRefused(
        "unknown-indicator",
        f"指标体系中没有指标 {indicator}。现有指标：{rows.zh}。请核对编号。",
        f"The rubric has no indicator {indicator}. It has: {rows.en}. Check the id.",
        subject=indicator,
        known=known,
        field="indicator",
    )


def unknown_figure(figure: str, submitted: Iterable[str]) -> CommandRefused:
    """The figure was never submitted, or is withdrawn."""
    known = _listed(submitted)
    return CommandRefused(
        "unknown-figure",
        f"基础数据 {figure} 尚未填报。已填报：{known.zh}。请核对编号。",
        f"Figure {figure} was not submitted. Submitted: {known.en}. Check the id.",
        subject=figure,
        known=submitted,
        field="figure",
    )


def unknown_item(item: str, claimed: Iterable[str]) -> CommandRefused:
    """The bonus item was never claimed."""
    known = _listed(claimed)
    return CommandRefused(
        "unknown-item",
        f"加分项 {item} 尚未申报。已申报：{known.zh}。请核对编号。",
        f"Bonus item {item} was not claimed. Claimed: {known.en}. Check the id.",
        subject=item,
        known=claimed,
        field="item",
    )


def item_named_as_row(item: str) -> CommandRefused:
    """What is contested by its id has it alone."""
    return CommandRefused(
        "item-named-as-row",
        f"编号 {item} 已用于指标或另一加减分项。请换用其他编号。",
        f"The id {item} already belongs to an indicator or another item. Choose another id.",
        subject=item,
        field="item",
    )


def item_ground(item: str) -> CommandRefused:
    """A ground is why a rule's result is not taken; items have no rule."""
    return CommandRefused(
        "item-ground",
        f"{item} 是加减分项，没有按标准得分，不写酌情理由。请把理由写入答复理由。",
        f"{item} is a bonus or penalty item and has no rule result. Give the reason as the"
        " justification, not as a ground.",
        subject=item,
        field="ground",
    )


def same_value(figure: str, value: str) -> CommandRefused:
    """The figure has that value already."""
    return CommandRefused(
        "same-value",
        f"基础数据 {figure} 已是 {value}，没有变化。不必填写。",
        f"The figure {figure} is {value} already. Leave it out.",
        subject=figure,
        field="figures",
    )


def figure_value(figure: str, why: Text) -> CommandRefused:
    """The value is not of the figure's kind."""
    return CommandRefused(
        "figure-value",
        f"基础数据 {figure}：{why.zh.rstrip('。')}。请按其种类填写。",
        f"Figure {figure}: {why.en.rstrip('.')}. Give a value of its kind.",
        subject=figure,
        field="figures",
    )


def unknown_finding(finding: str, raised: Iterable[str]) -> CommandRefused:
    """The finding was never raised."""
    known = _listed(raised)
    return CommandRefused(
        "unknown-finding",
        f"问题 {finding} 尚未提出。已提出：{known.zh}。请核对编号。",
        f"Finding {finding} was not raised. Raised: {known.en}. Check the id.",
        subject=finding,
        known=raised,
        field="findings",
    )


def unknown_document(document: str, known: Iterable[str]) -> CommandRefused:
    """What is cited was never registered."""
    listed = _listed(known)
    return CommandRefused(
        "unknown-document",
        f"文件 {document} 尚未登记。已登记：{listed.zh}。请先登记文件。",
        f"There is no document {document}. Registered: {listed.en}. Register it first.",
        subject=document,
        known=known,
    )


def unknown_place(document: str, place: str, parts: Iterable[str]) -> CommandRefused:
    """A document has no such place."""
    listed = _listed(parts)
    return CommandRefused(
        "unknown-place",
        f"文件 {document} 中没有“{place}”。其各部分：{listed.zh}。请以其中之一开头填写。",
        f"The document {document} has no place '{place}'. Its parts: {listed.en}. Begin the place"
        " with one of them.",
        subject=document,
    )


def document_registered(document: str, title: str) -> CommandRefused:
    """The id or the digest is that of a registered document."""
    return CommandRefused(
        "document-registered",
        f"该文件已登记为 {document}（{title}）。请直接引用。",
        f"This file is already registered as {document} ({title}). Cite that document.",
        subject=document,
    )


def not_known_then(fields: Iterable[str], rules: int, since: int) -> CommandRefused:
    """An entry names an edition whose programs could not have written it."""
    listed = ", ".join(fields)
    return CommandRefused(
        "not-known-then",
        f"{listed} 自第 {since} 版规则起才有，本条记录按第 {rules} 版规则作出。请核实其来源。",
        f"{listed}: used only since edition {since} of the rules, but this entry was recorded"
        f" under edition {rules}. Find out where the entry comes from.",
    )


def amendment_by(indicator: str, allowed: Text) -> CommandRefused:
    """Reasons are the agency's to amend before issue, and the bureau's after it."""
    return CommandRefused(
        "amendment-by",
        f"{indicator}：理由、依据条款和佐证材料现由{allowed.zh}补正。请由其办理。",
        f"{indicator}: at this stage only the {allowed.en} can amend its reason. Ask them to do"
        " so.",
        subject=indicator,
    )


def amendment_number(indicator: str) -> CommandRefused:
    """After issue nothing is amended without a document."""
    return CommandRefused(
        "amendment-number",
        f"{indicator}：结果已印发，补正理由须凭文件。请填写文号。",
        f"{indicator}: the result is issued; amending a reason requires a document. Give its"
        " number.",
        subject=indicator,
        field="number",
    )


def nothing_amended(indicator: str) -> CommandRefused:
    """The amendment is the same as what is recorded."""
    return CommandRefused(
        "nothing-amended",
        f"{indicator}：填写内容与现有内容相同，无可补正。请填写改动的部分。",
        f"{indicator}: nothing differs from what is recorded. State what changes.",
        subject=indicator,
    )


def date_in_question(day: date, why: Sequence[Text]) -> CommandRefused:
    """A date is most likely a slip, and its author has not confirmed it."""
    zh, en = listing(why, "；", "; ")
    return CommandRefused(
        "date",
        f"{zh}。请改正日期；确实如此的，请确认这一日期。",
        f"{en}. Correct the date, or confirm it if it is right.",
        subject=str(day),
    )


def unit_listed(member: str) -> CommandRefused:
    """The id is that of a unit on the list."""
    return CommandRefused(
        "unit-listed",
        f"单位 {member} 已列入。请换用其他编号。",
        f"The unit {member} is listed already. Choose another id.",
        subject=member,
    )


def unknown_unit(member: str, known: Iterable[str]) -> CommandRefused:
    """A unit that nobody has listed."""
    listed = _listed(known)
    return CommandRefused(
        "unknown-unit",
        f"单位 {member} 尚未列入。已列入：{listed.zh}。请先列入。",
        f"The unit {member} is not listed. Listed: {listed.en}. List it first.",
        subject=member,
        known=known,
    )


def scope_defined(scope: str) -> CommandRefused:
    """The scope has its meaning, which figures rest on."""
    return CommandRefused(
        "scope-defined",
        f"统计口径“{scope}”已经确定。请换用其他名称。",
        f"The scope '{scope}' is already defined. Choose another name.",
        subject=scope,
    )


def unknown_scope(figure: str, scope: str, defined: Iterable[str]) -> CommandRefused:
    """A figure states a scope that is not on the list."""
    listed = _listed(defined)
    return CommandRefused(
        "unknown-scope",
        f"{figure}：没有统计口径“{scope}”。已确定：{listed.zh}。请选用其中之一，或先确定口径。",
        f"{figure}: there is no scope '{scope}'. Defined: {listed.en}. Choose one of them, or"
        " define it first.",
        subject=figure,
    )


def statement_exists(item: str) -> CommandRefused:
    """The id is that of a statement."""
    return CommandRefused(
        "statement-exists",
        f"陈述 {item} 已登记。请换用其他编号。",
        f"The statement {item} is recorded already. Choose another id.",
        subject=item,
    )


def no_promise(item: str, promised: Iterable[str]) -> CommandRefused:
    """A response answers only what the unit had promised."""
    listed = _listed(promised)
    return CommandRefused(
        "no-promise",
        f"{item} 不是被评价单位的改进措施或承诺。可答复：{listed.zh}。请核对编号。",
        f"{item} is not an improvement measure or a promise of the unit. Those are: {listed.en}."
        " Check the id.",
        subject=item,
        known=promised,
    )


def subtotal_exists(item: str) -> CommandRefused:
    """The id is that of a printed sum."""
    return CommandRefused(
        "subtotal-exists",
        f"合计 {item} 已登记。请换用其他编号。",
        f"The printed sum {item} is recorded already. Choose another id.",
        subject=item,
    )


def unknown_level(path: Sequence[str]) -> CommandRefused:
    """No row of the rubric is under these levels."""
    written = " / ".join(path)
    return CommandRefused(
        "unknown-level",
        f"指标体系中没有“{written}”。请填写一级、二级指标的名称，或加分、减分项的名称。",
        f"The rubric has no '{written}'. Give the names of its levels, or the name of its bonus or"
        " penalty rule.",
        subject=written,
    )


def figure_decided(figure: str, value: str) -> CommandRefused:
    """The review has said something else of the figure, or the same already."""
    return CommandRefused(
        "figure-decided",
        f"{figure} 已有核查结论（{value}）。数据有变动的，请登记核查数据。",
        f"The review has already decided figure {figure} ({value}). If it has changed, restate it.",
        subject=figure,
    )


def unknown_evidence(sha256: str) -> CommandRefused:
    """The evidence was never filed in this case."""
    return CommandRefused(
        "unknown-evidence",
        f"佐证材料 {sha256[:12]}… 尚未提交。请先提交。",
        f"The evidence {sha256[:12]}… was never filed. File it first.",
        subject=sha256,
        field="evidence",
    )


def evidence_filed(sha256: str, title: str) -> CommandRefused:
    """The file is there already."""
    return CommandRefused(
        "evidence-filed",
        f"该份材料已提交：{title}。请直接引用。",
        f"This file is already filed: {title}. Cite it.",
        subject=sha256,
    )


def evidence_erased(sha256: str) -> CommandRefused:
    """The bytes are gone already."""
    return CommandRefused(
        "erased",
        f"佐证材料 {sha256[:12]}… 已销毁，无需重复。",
        f"The evidence {sha256[:12]}… is already erased. There is nothing to do.",
        subject=sha256,
    )


def same_retention(case: str) -> CommandRefused:
    """It is kept so long already."""
    return CommandRefused(
        "same-retention",
        f"{case}：保管期限已是如此，没有变化。不必填写。",
        f"{case}: the retention term is this one already. Leave it out.",
        subject=case,
    )


def no_retention(case: str) -> CommandRefused:
    """Nobody knows how long it is kept."""
    return CommandRefused(
        "no-retention",
        f"{case}：尚未设定保管期限。请先按保管期限表设定。",
        f"{case}: no retention term is set. Set it by the retention schedule first.",
        subject=case,
    )


def kept_permanently(case: str) -> CommandRefused:
    """Its term never ends."""
    return CommandRefused(
        "kept-permanently",
        f"{case}：保管期限为永久，不能销毁。",
        f"{case} is kept permanently; nothing of it is destroyed.",
        subject=case,
    )


def term_not_over(case: str, over: date) -> CommandRefused:
    """It is too early."""
    return CommandRefused(
        "term-not-over",
        f"{case}：保管期限未满，{over} 起方可提出销毁。请届时再提。",
        f"{case}: the retention term is not over before {over}. Propose it then.",
        subject=case,
    )


def no_access_term(case: str) -> CommandRefused:
    """Nothing says how long it is kept who looked at a case."""
    return CommandRefused(
        "no-access-term",
        f"{case}：尚未设定访问记录的保管月数。请先按保管期限表设定。",
        f"{case}: how many months accesses are kept is not set. Set it by the schedule first.",
        subject=case,
    )


def accesses_still_kept(case: str, until: date) -> CommandRefused:
    """It is too early."""
    return CommandRefused(
        "accesses-still-kept",
        f"{case}：访问记录未满保管月数，目前可销毁的是 {until} 以前的。请写明该日或更早的日期。",
        f"{case}: accesses are kept for longer; those before {until} can be destroyed now. Name"
        " that day or an earlier one.",
        subject=case,
    )


def destruction_open(case: str, number: str) -> CommandRefused:
    """One list after the other."""
    return CommandRefused(
        "destruction-open",
        f"{case}：销毁清册 {number} 尚在办理。请先办完。",
        f"{case}: the destruction list {number} is under way. Finish it first.",
        subject=case,
    )


def nothing_to_destroy(case: str) -> CommandRefused:
    """No file is left whose bytes could go."""
    return CommandRefused(
        "nothing-to-destroy",
        f"{case}：没有列明可销毁的佐证材料。请列明；全部已销毁的，不必提出。",
        f"{case}: no evidence to be destroyed is named. Name it; if all of it is erased, there is"
        " nothing to do.",
        subject=case,
    )


def no_such_list(case: str, number: str, found: str) -> CommandRefused:
    """No list of that number waits for this step."""
    return CommandRefused(
        "no-such-list",
        f"{case}：销毁清册 {number} 不在办理，或不在这一步。在办：{found}。请核对文号和步骤。",
        f"{case}: no destruction list {number} waits for this step. Under way: {found}."
        " Check the number and the step.",
        subject=number,
    )


def own_list(account: str, number: str) -> CommandRefused:
    """Destruction takes two accounts."""
    return CommandRefused(
        "own-list",
        f"{account} 提出或鉴定了销毁清册 {number}，不能审批。请由另一账号审批。",
        f"{account} proposed or appraised the destruction list {number} and cannot decide on it."
        " Use another account.",
        subject=account,
    )


def no_bonus_in_rubric() -> CommandRefused:
    """The rubric knows no bonus."""
    return CommandRefused(
        "no-extra",
        "指标体系没有加分项，不能记加分。请按三级指标评分。",
        "The rubric has no bonus, so none can be given. Score the indicators instead.",
    )


def no_penalty_in_rubric() -> CommandRefused:
    """The rubric knows no penalty."""
    return CommandRefused(
        "no-extra",
        "指标体系没有减分项，不能记减分。请按三级指标评分。",
        "The rubric has no penalty, so none can be given. Score the indicators instead.",
    )


def nothing_visible(field: str) -> CommandRefused:
    """Words in which there is nothing to see are no words."""
    return CommandRefused(
        "nothing-visible",
        f"{field}：未填写可见的文字。请填写。",
        f"{field}: the text has no visible characters. Write something that can be read.",
        subject=field,
        field=field,
    )


# Numbers -----------------------------------------------------------------------------------------


def score_scale(what: str, reason: Text) -> CommandRefused:
    """More decimals than the rubric has, or not a number at all."""
    return CommandRefused(
        "score-scale",
        f"{what}：{reason.zh}",
        f"{what}: {reason.en}",
        subject=what,
    )


def score_range(what: str, score: Decimal, most: Decimal) -> CommandRefused:
    """Less than nothing, or more than there is to have."""
    return CommandRefused(
        "score-range",
        f"{what}：{score} 不在 0～{most} 之间。请填写此范围内的得分。",
        f"{what}: {score} is outside 0 to {most}. Give a score within that range.",
        subject=what,
    )


def printed_number(reason: Text) -> CommandRefused:
    """A number allegedly printed in a document is not a number."""
    return CommandRefused(
        "printed-number",
        f"文件所列数字：{reason.zh}",
        f"A number that the document prints: {reason.en}",
    )


def claims_missing(case: str, rows: Sequence[str]) -> CommandRefused:
    """Not every indicator has a claimed score."""
    lacking = _listed(rows)
    return CommandRefused(
        "claims-missing",
        f"{case}：{len(rows)} 项指标没有自评得分：{lacking.zh}。请先填报。",
        f"{case}: {counted(len(rows), 'indicator')} without a claimed score: {lacking.en}. Claim"
        " them first.",
        subject=case,
    )


def claims_missing_in_edition(edition: str, rows: Iterable[str]) -> CommandRefused:
    """A new edition has indicators that the unit can no longer claim."""
    lacking = _listed(rows)
    return CommandRefused(
        "claims-missing-in-edition",
        f"{edition} 版有尚无自评得分的指标：{lacking.zh}。请先退回自评，由单位补报。",
        f"Edition {edition} has indicators without a claimed score: {lacking.en}. Return the"
        " self-evaluation first, so that the unit can claim them.",
        subject=edition,
    )


# Awards ------------------------------------------------------------------------------------------


def no_award(indicator: str) -> CommandRefused:
    """There is no awarded score to sign, withdraw or contest."""
    return CommandRefused(
        "no-award",
        f"{indicator}：尚无核查得分。请先确认或调整得分。",
        f"{indicator} has no awarded score yet. Confirm or adjust its score first.",
        subject=indicator,
    )


def no_change(indicator: str, score: Decimal) -> CommandRefused:
    """The new score is the one in force."""
    return CommandRefused(
        "no-change",
        f"{indicator}：得分已是 {score}，没有变化。请填写不同的得分；维持自评得分的，可予确认。",
        f"{indicator} is already scored {score}. Give a different score; to keep the claimed one,"
        " confirm it.",
        subject=indicator,
    )


def adjustment_unjustified(indicator: str) -> CommandRefused:
    """An adjustment says why."""
    return CommandRefused(
        "justification",
        f"{indicator}：调整得分须说明理由。请填写得扣分原因。",
        f"{indicator}: an adjustment requires a justification. Give one.",
        subject=indicator,
        field="justification",
    )


def return_to_claim_unjustified(indicator: str, score: Decimal) -> CommandRefused:
    """Going back to the claimed score says why, as any other change."""
    return CommandRefused(
        "justification",
        f"{indicator}：已有核查得分 {score}，恢复自评得分须说明理由。请填写得扣分原因。",
        f"{indicator}: awarded {score}; returning to the claimed score requires a justification."
        " Give one.",
        subject=indicator,
        field="justification",
    )


def closing_unjustified(case: str, unfinished: Iterable[str]) -> CommandRefused:
    """Closing over unfinished rectification says why."""
    lacking = _listed(unfinished)
    return CommandRefused(
        "justification",
        f"{case}：尚有整改未完成：{lacking.zh}。确需办结的，请填写原因。",
        f"{case}: rectification is unfinished: {lacking.en}. To close the case nevertheless, give"
        " a reason.",
        subject=case,
        field="reason",
    )


def discretion(indicator: str, rule_result: Text, award: Decimal) -> CommandRefused:
    """An award outside the rule result needs a clause or a ground."""
    return CommandRefused(
        "discretion",
        f"{indicator}：按标准得分 {rule_result.zh}，核查得分 {award} 属酌情评分。"
        "请填写依据条款或酌情理由。",
        f"{indicator}: awarded {award}, rule result {rule_result.en}. Discretion requires a clause"
        " or a ground. Give one.",
        subject=indicator,
        field="ground",
    )


def discretion_unstated(case: str, rows: Iterable[str]) -> CommandRefused:
    """Awards became discretion after they were made, and say no clause or ground."""
    unstated = _listed(rows)
    return CommandRefused(
        "awards-unstated",
        f"{case}：下列核查得分与按标准得分不同，未写明依据条款或酌情理由：{unstated.zh}。请撤回后"
        "补充，重新评分。",
        f"{case}: awarded scores differ from the rule result without a clause or a ground:"
        f" {unstated.en}. Withdraw them and award them again with one.",
        subject=case,
    )


def award_unstated(
    indicator: str, rule_result: Text, award: Decimal, decided_by: Text, lacking: Text
) -> CommandRefused:
    """The rubric asks more words of an award than were given."""
    return CommandRefused(
        "unstated",
        f"{indicator}：按标准得分 {rule_result.zh}，核查得分 {award} 属{decided_by.zh}，"
        f"指标体系要求写明：{lacking.zh}。请补充。",
        f"{indicator}: awarded {award}, rule result {rule_result.en}, decided by {decided_by.en};"
        f" the rubric requires {lacking.en}. Add it.",
        subject=indicator,
        field="ground",
    )


def awards_unstated(case: str, rows: Iterable[Text]) -> CommandRefused:
    """What awards rest on has changed since they were made, and now needs words they lack."""
    unstated = listing(rows)
    return CommandRefused(
        "awards-unstated",
        f"{case}：下列核查得分缺少须写明的依据条款或理由：{unstated.zh}。请撤回后补充，重新评分。",
        f"{case}: these awarded scores lack a required clause or ground: {unstated.en}. Withdraw"
        " them and award them again with one.",
        subject=case,
    )


def exclusion_unstated(indicator: str) -> CommandRefused:
    """That an indicator does not apply needs a clause or a ground."""
    return CommandRefused(
        "exclusion-unstated",
        f"{indicator}：认定不适用须有依据。请填写依据条款或酌情理由。",
        f"{indicator}: excluding it as not applicable requires a clause or a ground. Give one.",
        subject=indicator,
        field="ground",
    )


def own_award_signed(account: str) -> CommandRefused:
    """Nobody countersigns their own award."""
    return CommandRefused(
        "own-award",
        f"{account} 不能复核自己的评分。请由同一机构的另一账号复核签字。",
        f"{account} cannot countersign a score that it awarded itself. Use another account of the"
        " agency.",
        subject=account,
    )


def own_award_appealed(account: str) -> CommandRefused:
    """Nobody decides an appeal against their own award."""
    return CommandRefused(
        "own-award",
        f"{account} 是被申诉得分的评分人或复核签字人，不能作出决定。请由另一账号决定。",
        f"{account} awarded or countersigned the contested score and cannot decide the appeal. Use"
        " another account.",
        subject=account,
    )


def countersigned(indicator: str, account: str) -> CommandRefused:
    """One countersignature is enough."""
    return CommandRefused(
        "countersigned",
        f"{indicator}：已由 {account} 复核签字，无需再签。",
        f"{indicator} is already countersigned by {account}. There is nothing to sign.",
        subject=indicator,
    )


def awards_missing(case: str, rows: Sequence[str]) -> CommandRefused:
    """Not every indicator and bonus item has been decided."""
    lacking = _listed(rows)
    return CommandRefused(
        "awards-missing",
        f"{case}：{len(rows)} 项指标或加分尚无核查结论：{lacking.zh}。请先评分。",
        f"{case}: {counted(len(rows), 'indicator or bonus item', 'indicators or bonus items')} not"
        f" yet reviewed: {lacking.en}. Award them first.",
        subject=case,
    )


def not_countersigned(case: str, rows: Iterable[Text]) -> CommandRefused:
    """Discretion, exclusions and what the rubric names go out with two signatures only."""
    lacking = listing(rows)
    return CommandRefused(
        "not-countersigned",
        f"{case}：下列指标尚未复核签字：{lacking.zh}。签字后方可发出或印发。",
        f"{case}: these indicators lack a countersignature: {lacking.en}."
        " Countersign them before sending or issuing.",
        subject=case,
    )


# Draft, result and correction --------------------------------------------------------------------


def objection_exists(objection: str) -> CommandRefused:
    """The id is taken."""
    return CommandRefused(
        "objection-exists",
        f"反馈意见 {objection} 已存在。请换一个编号。",
        f"The objection {objection} exists already. Choose another id.",
        subject=objection,
    )


def no_open_objection(objection: str, waiting: Iterable[str]) -> CommandRefused:
    """It was never raised, or is answered."""
    known = _listed(waiting)
    return CommandRefused(
        "no-open-objection",
        f"没有待答复的反馈意见 {objection}。待答复：{known.zh}。请核对编号。",
        f"No open objection {objection}. Open: {known.en}. Check the id.",
        subject=objection,
    )


def objection_open(case: str, waiting: Iterable[str]) -> CommandRefused:
    """No result is issued over objections without an answer."""
    known = _listed(waiting)
    return CommandRefused(
        "objection-open",
        f"{case}：尚有反馈意见未答复：{known.zh}。请先答复。",
        f"{case}: objections are not yet answered: {known.en}. Answer them first.",
        subject=case,
    )


def objection_award(objection: str) -> CommandRefused:
    """Accepting changes the score, rejecting does not."""
    return CommandRefused(
        "outcome-award",
        f"反馈意见 {objection}：采纳或部分采纳的须有新的核查得分，不采纳的不得有。请改正。",
        f"Objection {objection}: accepting it requires an awarded score; rejecting it allows none."
        " Correct the answer.",
        subject=objection,
        field="award",
    )


def printed_differs(case: str, printed: str, computed: str) -> CommandRefused:
    """The document prints something else than the awards give, and nobody says why."""
    return CommandRefused(
        "printed-differs",
        f"{case}：文件所列 {printed} 与计算结果 {computed} 不符。确需印发的，请填写差异原因。",
        f"{case}: the document prints {printed}, but the awarded scores give {computed}. To issue"
        " it nevertheless, give the reason for the difference.",
        subject=case,
        field="difference",
    )


def already_received(case: str, received: date) -> CommandRefused:
    """Time limits run from one day."""
    return CommandRefused(
        "received",
        f"{case}：已登记于 {received} 签收，时限自该日起算，无需重复登记。",
        f"{case}: already recorded as received on {received}; time limits run from that day. There"
        " is nothing to record.",
        subject=case,
    )


# Appeals -----------------------------------------------------------------------------------------


def appeal_exists(appeal: str) -> CommandRefused:
    """The id is taken."""
    return CommandRefused(
        "appeal-exists",
        f"申诉 {appeal} 已存在。请换一个编号。",
        f"The appeal {appeal} exists already. Choose another id.",
        subject=appeal,
    )


def no_open_appeal(appeal: str, waiting: Iterable[str]) -> CommandRefused:
    """It was never lodged, or is decided or withdrawn."""
    known = _listed(waiting)
    return CommandRefused(
        "no-open-appeal",
        f"没有未决的申诉 {appeal}。未决：{known.zh}。请核对编号。",
        f"No open appeal {appeal}. Open: {known.en}. Check the id.",
        subject=appeal,
    )


def appeal_open(case: str, waiting: Iterable[str]) -> CommandRefused:
    """No case is closed over open appeals."""
    known = _listed(waiting)
    return CommandRefused(
        "appeal-open",
        f"{case}：尚有未决的申诉：{known.zh}。请先决定。",
        f"{case}: appeals are open: {known.en}. Decide them first.",
        subject=case,
    )


def contested(indicator: str, appeal: str) -> CommandRefused:
    """One open appeal for an indicator at a time."""
    return CommandRefused(
        "contested",
        f"{indicator} 已在申诉 {appeal} 中提出，尚未决定。请待决定后再提，或先撤回该申诉。",
        f"{indicator} is already contested by the open appeal {appeal}. Wait for its decision or"
        " withdraw it.",
        subject=indicator,
    )


def not_contested(indicator: str, contests: Iterable[str]) -> CommandRefused:
    """A decision keeps to what the appeal contests."""
    rows = _listed(contests)
    return CommandRefused(
        "not-contested",
        f"申诉未涉及 {indicator}。所涉：{rows.zh}。请仅就所涉各项作出决定。",
        f"The appeal does not contest {indicator}. It contests: {rows.en}. Decide only these.",
        subject=indicator,
    )


def appeal_award(appeal: str) -> CommandRefused:
    """Upholding changes the score, dismissing does not."""
    return CommandRefused(
        "outcome-award",
        f"申诉 {appeal}：支持或部分支持的须有新的得分，驳回的不得有。请改正。",
        f"Appeal {appeal}: upholding it requires new awarded scores; dismissing it allows none."
        " Correct the decision.",
        subject=appeal,
        field="awards",
    )


def row_twice(rows: Iterable[str]) -> CommandRefused:
    """Two new scores for one indicator."""
    twice = _listed(rows)
    return CommandRefused(
        "row-twice",
        f"{twice.zh} 填写了两个得分。每项指标请只填写一个。",
        f"Two scores are given for {twice.en}. Give one for each indicator.",
        field="awards",
    )


# Rectification -----------------------------------------------------------------------------------


def request_exists(request: str) -> CommandRefused:
    """The id is taken."""
    return CommandRefused(
        "request-exists",
        f"整改要求 {request} 已存在。请换一个编号。",
        f"The request {request} exists already. Choose another id.",
        subject=request,
    )


def unknown_request(request: str, known: Iterable[str]) -> CommandRefused:
    """The request was never made."""
    there = _listed(known)
    return CommandRefused(
        "unknown-request",
        f"没有整改要求 {request}。现有：{there.zh}。请核对编号。",
        f"There is no request {request}. There are: {there.en}. Check the id.",
        subject=request,
        known=known,
    )


def request_state(request: str, state: Text, needed: Text) -> CommandRefused:
    """The request is not in a state for this."""
    return CommandRefused(
        "request-state",
        f"整改要求 {request} 的状态是“{state.zh}”，本操作仅限“{needed.zh}”状态。",
        f"The request {request} is '{state.en}'; this command requires: {needed.en}.",
        subject=request,
    )


def not_later(request: str, new: date, due: date) -> CommandRefused:
    """An extension extends."""
    return CommandRefused(
        "not-later",
        f"整改要求 {request}：新的截止日期 {new} 不晚于现截止日期 {due}。请填写更晚的日期。",
        f"Request {request}: the new due date {new} is not later than the present one, {due}. Give"
        " a later date.",
        subject=request,
        field="due",
    )


# The end of a case -------------------------------------------------------------------------------


def reopening_requested(case: str, account: str) -> CommandRefused:
    """It was asked for already; it needs somebody else."""
    return CommandRefused(
        "reopening-requested",
        f"{case}：{account} 已申请恢复办理。请由另一账号同意。",
        f"{case}: {account} has already requested reopening. Another account must approve it.",
        subject=case,
    )


def no_reopening_requested(case: str) -> CommandRefused:
    """There is nothing to agree to."""
    return CommandRefused(
        "no-reopening-requested",
        f"{case}：尚未申请恢复办理。请先申请并填写原因。",
        f"{case}: reopening has not been requested. Request it first, with a reason.",
        subject=case,
    )


def own_request(account: str) -> CommandRefused:
    """Reopening takes two accounts."""
    return CommandRefused(
        "own-request",
        f"{account} 不能同意自己的申请。请由另一账号同意。",
        f"{account} cannot approve its own request. Use another account.",
        subject=account,
    )


def enclosure_name(names: Iterable[str]) -> CommandRefused:
    """A dossier encloses only what the program generates from the record."""
    return CommandRefused(
        "enclosure-name",
        f"卷宗没有名为 {'、'.join(names)} 的附件。附件由程序根据记录生成，不能自行指定。请删去。",
        f"No dossier encloses {', '.join(names)}. Enclosures are generated from the record and"
        " cannot be chosen. Leave them out.",
        field="enclosures",
    )


# The record --------------------------------------------------------------------------------------


def one_stream(first: str, other: str) -> CommandRefused:
    """A sequence of commands keeps to one stream."""
    return CommandRefused(
        "one-stream",
        f"一次只能处理一个评价事项：{first} 与 {other}。请分开提交。",
        f"Commands for two streams: {first} and {other}. Submit them separately.",
        subject=other,
    )


def moved_on(since: Sequence[Text]) -> CommandRefused:
    """More was recorded about the subject of a command since its author had looked."""
    named, left = since[:LISTED], len(since) - LISTED
    news = listing(named, en="; ")
    more = Text(f"……另有 {left} 条", f" and {left} more") if left > 0 else Text("", "")
    return CommandRefused(
        "moved-on",
        f"查看之后，同一事由又有新的记录：{news.zh}{more.zh}。请重新查看后再提交。",
        f"Since you looked, the same subject has new records: {news.en}{more.en}. Review"
        " them, then submit again.",
    )


def unseen(field: str) -> CommandRefused:
    """An id that is, or may be, that of something which the author does not see yet."""
    return CommandRefused(
        "unseen",
        "征求意见前，以 review- 开头的编号留给核查机构，尚不公开的记录也可能占用别的编号。"
        "请换用其他编号。",
        "Before the draft, ids that begin with review- are for the agency, and records that are not"
        " shown may have others. Use another id.",
        field=field,
    )


def seen_ahead(stream: str, seen: int, last: int) -> CommandRefused:
    """Nobody has seen what is not there yet."""
    return CommandRefused(
        "seen-ahead",
        f"{stream} 只有 {last} 条，不可能看到过 v{seen}。请填写查看时的条号。",
        f"{stream} has only {counted(last, 'event')}, so v{seen} cannot have been seen. Give the"
        " version that you looked at.",
    )


def key_reused(key: str) -> CommandRefused:
    """The key of the command belongs to another content."""
    return CommandRefused(
        "command-id",
        f"编号 {key} 已用于内容不同的操作。请换用其他编号。",
        f"The id {key} was used for a command with different content. Give the changed"
        " command a new id.",
        subject=key,
        field="id",
    )


def too_large(reason: Text) -> CommandRefused:
    """Its event would be longer than an entry may be."""
    return CommandRefused("too-large", f"{reason.zh}", f"{reason.en}")


def unreadable(reason: Text) -> CommandRefused:
    """Its event could not be read back."""
    return CommandRefused("unreadable", f"{reason.zh}", f"{reason.en}")


def other_history(stream: str, version: int) -> CommandRefused:
    """What is to be merged contradicts what is there."""
    return CommandRefused(
        "other-history",
        f"{stream} 第 {version} 条与记录库中已有的不同，不能并入。请核实两者的来源。",
        f"{stream} v{version} differs from the one in the ledger and cannot be merged. Find out"
        " where each comes from.",
        subject=stream,
    )


def gap(stream: str, version: int, known: int) -> CommandRefused:
    """What is to be merged does not continue what is there."""
    return CommandRefused(
        "gap",
        f"{stream} 第 {version} 条与前一条不衔接（记录库中有 {known} 条）。请取得其间的条目后一并"
        "导入。",
        f"{stream} v{version} does not continue the ledger, which has {counted(known, 'event')}."
        " Get the entries in between and import them together.",
        subject=stream,
    )


def merge_irregular(count: int, named: Sequence[Text]) -> CommandRefused:
    """What is to be merged could not have been recorded here."""
    return CommandRefused(
        "merge-irregular",
        f"有 {count} 条不符合规则，未导入任何内容：{'；'.join(text.zh for text in named)}",
        f"{counted(count, 'entry breaks', 'entries break')} the rules; nothing was imported."
        f" {'; '.join(text.en for text in named)}",
    )


# What does not exist -----------------------------------------------------------------------------


def unknown_case(case: str, known: Iterable[str] = ()) -> NotFound:
    """There is no case of that id, or none that the reader may see."""
    return NotFound(
        "unknown-case",
        f"没有评价事项 {case}；请查看全部评价事项的列表",
        f"there is no case {case}; see the list of all cases",
        subject=case,
        known=known,
    )


def unknown_dossier(case: str, version: int, issued: Iterable[int]) -> NotFound:
    """The event did not issue a dossier."""
    known = _listed(map(str, issued))
    return NotFound(
        "unknown-dossier",
        f"{case} 第 {version} 条没有出具卷宗。出具卷宗的条号：{known.zh}。请核对。",
        f"{case}: event {version} issued no dossier. Events that did: {known.en}. Check the"
        " version.",
        subject=case,
    )


def not_ranked(case: str, ranked: Iterable[str]) -> NotFound:
    """The file of the ranking has no such case."""
    return NotFound(
        "not-ranked",
        f"名次表中没有评价事项 {case}。请核对编号。",
        f"There is no case {case} in the ranking. Check the id.",
        subject=case,
        known=ranked,
    )
