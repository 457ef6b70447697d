"""What a row says of bonus and penalty (加分、减分): points of one item, and the most of all."""

import re
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from intake.rule_text import items_of, refused

Kind = Literal["bonus", "penalty"]
BONUS: Final = re.compile(r"加(?P<points>\d+(?:\.\d+)?)分(?!以|左|起|[-~—至到])")
PENALTY: Final = re.compile(r"[扣减](?P<points>\d+(?:\.\d+)?)分(?!以|左|起|[-~—至到])")
_NAMED: Final = {"bonus": re.compile("加分|加减分|奖励"), "penalty": re.compile("减分|加减分|扣分")}
_CAP: Final = re.compile(
    r"(?:最多|最高|至多|不超过|上限为?)(?:可|只)?(?:[加扣减])?(?:分)?(?:不超过)?(?P<points>\d+(?:\.\d+)?)分"
)
_OF_THE_TOTAL: Final = re.compile(
    r"(?:总分|总得分|最终得分)(?:最[高多])?(?:不[能得]?)?(?:超过|为)(?P<points>\d+(?:\.\d+)?)分?"
)


class ExtraPoints(NamedTuple):
    """Bonus or penalty, as its sentences state it.

    Attributes:
        standard: the words of this one.
        each: points of one item; `None` where they do not say one number.
        cap: the most of all items; `None` where it is not stated.
    """

    kind: Kind
    standard: str
    each: Decimal | None
    cap: Decimal | None


def extras_of(name: str, standard: str) -> list[ExtraPoints]:
    """Bonus and penalty of a row, by its name; of a row of both, by the items of its standard."""
    kinds: list[Kind] = [kind for kind, words in _NAMED.items() if words.search(name)]  # type: ignore[misc]  # the keys are the kinds
    left = bool(refused(standard))
    lines = _items(standard)
    found = []
    for kind in kinds or ["bonus"]:
        own = [
            line for line in lines if _NAMED[kind].search(line) or _points(kind).search(_flat(line))
        ]
        words = "\n".join(own) if len(kinds) > 1 and own else standard
        flat = _OF_THE_TOTAL.sub("", _flat(words))
        each = {Decimal(match["points"]) for match in _points(kind).finditer(flat)}
        caps = {Decimal(match["points"]) for match in _CAP.finditer(flat)}
        each -= caps if len(each) > 1 else set()
        found.append(
            ExtraPoints(
                kind,
                words,
                each.pop() if len(each) == 1 and not left else None,
                caps.pop() if len(caps) == 1 and not left else None,
            )
        )
    return found


def cap_of_total(standard: str) -> Decimal | None:
    """The most that the total can be, where a standard says it."""
    caps = {Decimal(match["points"]) for match in _OF_THE_TOTAL.finditer(_flat(standard))}
    return caps.pop() if len(caps) == 1 else None


def _points(kind: Kind) -> re.Pattern[str]:
    return BONUS if kind == "bonus" else PENALTY


def _flat(words: str) -> str:
    return "。".join(sentence for item in items_of(words) for sentence in item.sentences)


_ITEM: Final = re.compile(
    r"(?:(?<=^)|(?<=[。；;\n]))\s*(?=\d{1,2}\s*[.、．)）](?!\d)|[(（]\d{1,2}[)）]|[①-⑳])"
)


def _items(standard: str) -> list[str]:
    """The numbered items, as printed, without their numbers."""
    parts = [part.strip() for part in _ITEM.split(standard) if part.strip()]
    return [
        re.sub(r"^(?:\d{1,2}\s*[.、．)）]|[(（]\d{1,2}[)）]|[①-⑳])\s*", "", part) for part in parts
    ]
