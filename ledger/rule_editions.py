"""Editions of the program's rules, so that a rule can become stricter without a lie.

Every recorded command is asked for again on replay. A rule that was made stricter after a command
would refuse what was right when it was done. So each event states in its envelope (`rules`) under
which edition it was recorded, and is judged by that one permanently. Rules that were always there
need no edition. What a rule lets pass later, it lets pass of later events only: what was refused
stays refused, and a program that does not know of it yet says that it is too old.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from ledger.language import Text

RuleEdition = int

FIRST: Final[RuleEdition] = 1
"""Of events that name none."""

CURRENT: Final[RuleEdition] = 6
"""Of the events that this program records."""


class StricterRule(NamedTuple):
    """What an edition refuses that those before it let pass.

    Attributes:
        since: the first edition in which it holds.
        refuses: what it refuses.
    """

    since: RuleEdition
    refuses: Text


STRICTER: Final[Mapping[str, StricterRule]] = {
    "enclosure-name": StricterRule(
        2,
        Text(
            "卷宗的附件不是程序生成的", "a dossier that encloses what the program never generates"
        ),
    ),
    "nothing-visible": StricterRule(
        2, Text("文字中没有可见的内容", "a text in which nothing can be seen")
    ),
    "unknown-scope": StricterRule(
        3,
        Text(
            "基础数据的统计口径不在已确定的口径之内",
            "a figure whose scope is not defined",
        ),
    ),
    "date": StricterRule(
        4,
        Text(
            "日期不可信或早于所依据的记录，而办理人没有确认",
            "an unconfirmed date that is implausible or earlier than what the command is based on",
        ),
    ),
    "working-days": StricterRule(
        4,
        Text(
            "延期没有晚于按国务院节假日安排算出的截止日期",
            "an extension no later than the last day by the State Council's calendar",
        ),
    ),
    "item-named-as-row": StricterRule(
        4,
        Text(
            "加减分项的编号与指标或另一加减分项相同",
            "a bonus or penalty item with the id of an indicator or of another item",
        ),
    ),
    "too-few-signers": StricterRule(
        6,
        Text(
            "持有已确认密钥的管理员不足两名，而要求一个评价事项签名",
            "a demand of signatures in one case before two administrators have countersigned keys",
        ),
    ),
    "superseded-by-itself": StricterRule(
        2, Text("指标体系的版本由其自身取代", "an edition of a rubric that supersedes itself")
    ),
}
"""By the name that a refusal gives the rule."""


def holds(rule: str, rules: RuleEdition) -> bool:
    """Whether a rule of `STRICTER` holds in an edition."""
    return rules >= STRICTER[rule].since


WIDER: Final[Mapping[str, RuleEdition]] = {"enclosure-name": 5}
"""By the name of a rule, the edition from which on it lets more pass: letters in a dossier."""


def is_wider(rule: str, rules: RuleEdition) -> bool:
    """Whether a rule of `WIDER` lets more pass in an edition."""
    return rules >= WIDER[rule]
