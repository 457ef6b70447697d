"""What a scoring standard (评分标准) says, as a rule, where its sentences say it and nothing else.

A small grammar of the sentences that people print: full marks or none, tiers, points off for each
incident or step, a rate times the weight, grades, parts. It is asked last: first come the words by
which a standard leaves points to a person, ranks, or looks at the scores of others, and one of them
makes the whole row a person's. Then every word that speaks of points has to be understood; what is
left over makes the row a person's too. A parameter that the sentences do not give stays open
(`Open`), with what may be chosen: nothing is filled in that nobody has written.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from intake.rule_actions import (
    ACTION,
    BELOW,
    COUNT_LIMIT,
    GRAVER,
    IF_NOT,
    ITS,
    LATE,
    SCORE,
    STEP,
    WEIGHT,
    Action,
    actions_of,
    condition,
    is_bare,
)
from intake.rule_numbers import RATE, Stretch, Tier, Unclear, stretch_of, tiers_of
from intake.rule_text import NUMBER, Item, items_of, refused, scoring
from ledger.language import Text


class Open(NamedTuple):
    """A parameter that the sentences do not give.

    Attributes:
        asks: what a person has to say.
        choices: what may be written, as the file writes it.
    """

    asks: Text
    choices: str


class Figure(NamedTuple):
    """A figure that a rule reads, called by the words of its condition.

    Attributes:
        unit: its unit of measure; empty where the sentence names none.
    """

    id: str
    name: str
    kind: Literal["number", "yes-no", "text"] = "number"
    unit: str = ""


class FoundRule(NamedTuple):
    """A rule that sentences state.

    Attributes:
        rule: as a rubric file has it, with an `Open` for each parameter that is not stated.
        figures: what it reads.
        sentences: those that state it, without white space and with narrow signs.
    """

    rule: dict[str, Any]
    figures: tuple[Figure, ...]
    sentences: tuple[str, ...]

    @property
    def questions(self) -> Iterator[Open]:
        """What is left to be answered."""
        return opens(self.rule)


class LeftToReviewer(NamedTuple):
    """A standard of which no rule is made.

    Attributes:
        why: the words, or the lack of them, for which it is left.
    """

    why: Text


def _unstated(zh: str, en: str, choices: str) -> Open:
    return Open(Text(f"没有写明：{zh}", f"not stated: {en}"), choices)


def opens(value: object) -> Iterator[Open]:
    """Every open parameter in a rule, however deep."""
    match value:
        case Open():
            yield value
        case dict():
            for part in value.values():
                yield from opens(part)
        case list():
            for part in value:
                yield from opens(part)


def understand(
    standard: str, weight: Decimal, indicator: str, name: str
) -> FoundRule | LeftToReviewer:
    """The rule that a standard states, or why it is left to the reviewer.

    Args:
        standard: as printed.
        weight: of the row.
        indicator: id of the row; ids of figures begin with it.
        name: of the row, by which a number without a name of its own is called.
    """
    if why := refused(standard):
        return LeftToReviewer(why)
    try:
        return _Standard(items_of(standard), weight, indicator, name).rule()
    except Unclear as error:
        return LeftToReviewer(error.text)


# A standard --------------------------------------------------------------------------------------

_QUOTIENT: Final = (
    r"(?P<open>\()?(?P<over>[^/÷×*=,;]+)[/÷](?P<under>[^/÷×*=,;]+?)(?P<close>\))?(?:[×*]100%?)?"
)
_FORMULA: Final = re.compile(f"(?P<name>[^=≤≥<>,;:]{{1,40}})={_QUOTIENT}")
_FORMULA_ONLY: Final = re.compile(_QUOTIENT)
_SHARE: Final = (
    r"(?P<open>\()?(?P<over>[^,占\d]{1,40})占(?P<under>[^,占\d]{1,40}?)的(?:比例|比率|比重)"
    r"(?P<close>\))?"
)
_SHARE_OF: Final = re.compile(rf"(?:(?P<name>[^,占\d]{{1,20}}?)(?:是|为|指|即))?{_SHARE}")
_SHARE_ONLY: Final = re.compile(_SHARE)
_CAPPED: Final = re.compile(
    ",?(?:(?:[^,]{0,8}?(?:最大值?|最高|最多)(?:等于|为|不超过|按))(?:1|100%)(?:计算?|取值)?"
    "|(?:[^,]{0,6}(?:超过|大于)(?:1|100%)的?,?(?:仍|均)?按(?:1|100%)(?:计算?|取值))"
    "|(?:最高|最多)(?:不超过|得)满分|(?:得分)?不超过(?:分值|满分))(?=$|,)"
)
"""That a rate counts as 100% at most."""
_ALL: Final = "(?:累计|合计|总计|本项|该项|此项)?(?:扣分)?"
_ROW: Final = "(?:本项|该项|此项|本指标|该指标)"
_OUT_OF: Final = re.compile(
    f"(?:{_ALL}(?:最多|最高|至多|上限为?|不超过)(?:可|只)?扣?分?(?:不超过)?"
    f"|{_ROW}?(?:总分|满分|分值|共|共计|合计)(?:为|共|计)?|{_ROW})"
    f"(?P<points>{NUMBER})分(?:为限|封顶|为上限|为止)?"
)
"""How many points the row has, or can lose: its weight, or it is not understood."""
_SHARES: Final = re.compile(
    rf"(?:自|按|各|分别)*占(?P<shares>{NUMBER}%(?:[、,和及]+{NUMBER}%)*)(?:的?(?:权重|比重|比例|分值|分))?"
)
_MEAN: Final = re.compile(
    "(?:各|每)[^=]{0,12}得分(?:合计|之和|总和)[/÷][^=]{0,14}(?:个数|项数|数量)"
)
_GRADE: Final = (
    "不达标|基本达标|达标|不合格|基本合格|合格|优秀|良好|一般|较好|较差|好|优|良|中|差|[A-E]"
)
_GRADES: Final = re.compile(
    f"(?P<grade>{_GRADE})(?:=|为|:|得|等级得|级得|的得)(?P<points>{NUMBER})(?P<unit>%|分)?"
)


class Formula(NamedTuple):
    """A rate that a standard defines."""

    name: str
    over: str
    under: str


class _Standard:
    """The items of one standard, put together."""

    def __init__(self, items: Sequence[Item], weight: Decimal, indicator: str, name: str) -> None:
        self._weight = weight
        self._id = indicator
        self._name = name
        self._figures: list[Figure] = []
        self._formulas: list[Formula] = []
        self._capped = False
        self._grounds: set[str] = set()
        self._stating = tuple(
            sentence
            for item in items
            for sentence in item.sentences
            if _acts(sentence) or _SHARES.search(sentence) or _GRADES.search(sentence)
        )
        self._items = [self._without_formulas(item) for item in items]

    def _without_formulas(self, item: Item) -> Item:
        """An item without the sentences that define a rate, which are kept apart."""
        kept = []
        for text in item.sentences:
            sentence = _CAPPED.sub("", text)
            self._capped = self._capped or sentence != text
            parts = []
            for part in filter(None, sentence.split(",")):
                if (found := _FORMULA.fullmatch(part)) and not re.search(
                    f"{SCORE}$", found["name"]
                ):
                    self._formulas.append(_formula(found, found["name"]))
                elif share := _SHARE_OF.fullmatch(part):
                    formula = Formula(share["name"] or "", share["over"], share["under"])
                    self._formulas.append(formula)
                elif full := _OUT_OF.fullmatch(part):
                    if Decimal(full["points"]) != self._weight:
                        raise Unclear(
                            f"“{part}”与分值 {self._weight} 不同",
                            f"'{part}' is not the weight of {self._weight}",
                        )
                else:
                    parts.append(part)
            if parts:
                kept.append(",".join(parts))
        return item._replace(sentences=tuple(kept))

    def rule(self) -> FoundRule:
        """The rule.

        Raises:
            Unclear: the sentences state none, or more than a rule can say.
        """
        rule = (
            self._completion()
            or self._parts()
            or self._terms()
            or self._grades(self._items)
            or self._of(self._items)
        )
        return FoundRule(rule, tuple(self._figures), self._stating)

    def _of(self, items: Sequence[Item]) -> dict[str, Any]:
        actions = [action for item in items for action in actions_of(item, self._weight)]
        if not actions:
            raise Unclear("没有可计算的计分语句", "no sentence states how points are got")
        kinds = {action.kind for action in actions}
        if "share" in kinds:
            return self._ratio(actions)
        if "off" in kinds:
            return self._deductions(actions)
        return self._got(actions)

    # Figures -------------------------------------------------------------------------------------

    def _figure(
        self,
        suffix: str,
        name: str,
        kind: Literal["number", "yes-no", "text"] = "number",
        unit: str = "",
    ) -> str:
        """The id of a figure; those of one suffix are numbered from the second on."""
        for figure in self._figures:
            if figure.name == name and figure.kind == kind:
                return figure.id
        begun = sum(
            1
            for figure in self._figures
            if re.fullmatch(f"{re.escape(self._id)}-{suffix}(?:-\\d+)?", figure.id)
        )
        number = f"-{begun + 1}" if begun else ""
        figure = Figure(f"{self._id}-{suffix}{number}", name, kind, unit)
        self._figures.append(figure)
        return figure.id

    def _value(self, subject: str, unit: str) -> dict[str, Any]:
        """The number that a rule looks at: a rate that the standard defines, or a figure."""
        formula = self._formula_of(subject)
        if formula and unit == "%":
            return self._rate(formula)
        if formula:
            raise Unclear(
                f"“{formula.name}”是比率，条件却不是百分数",
                f"'{formula.name}' is a rate, and the conditions are no percentages",
            )
        return {
            "take": "total",
            "figures": [self._figure("value", subject or self._name, unit=unit)],
        }

    def _rate(self, formula: Formula) -> dict[str, Any]:
        return {
            "take": "rate",
            "over": [self._figure("over", formula.over)],
            "under": [self._figure("under", formula.under)],
            "zero": _unstated(
                "分母为 0 时按百分之几计",
                "what a denominator of 0 counts as",
                "no-score | 0 | 100",
            ),
            "decimals": "exact",
        }

    def _formula_of(self, subject: str) -> Formula | None:
        """The rate of a name; one that is not named is the only one there is."""
        if subject in _PRONOUNS and len(self._formulas) == 1:
            return self._formulas[0]
        fitting = [
            formula
            for formula in self._formulas
            if subject and (subject in formula.name or formula.name in subject)
        ]
        if self._formulas and len(fitting) != 1:
            raise Unclear(
                f"不能确定“{subject or '结果'}”是哪一个算式",
                f"of which formula '{subject or 'the result'}' speaks is unclear",
            )
        return fitting[0] if fitting else None

    # Shapes --------------------------------------------------------------------------------------

    def _ratio(self, actions: list[Action]) -> dict[str, Any]:
        """A rate times the weight, with full marks from 100% on where that is stated."""
        shares = [action for action in actions if action.kind == "share"]
        if len(shares) != 1:
            raise Unclear("按比例计分的不止一处", "several sentences take a share of the weight")
        share = shares[0]
        reached = [action for action in actions if action is not share]
        full = all(
            action.kind == "got"
            and action.points == self._weight
            and _REACHED.fullmatch(action.words)
            for action in reached
        )
        rest = share.otherwise or (reached and _NOT_REACHED.fullmatch(share.words))
        if not full or not (not share.words or rest or _BY_SOURCE.match(share.words)):
            raise Unclear("部分情形按比例计分", "a share of the weight in some cases only")
        return self._share(share.rate, capped=self._capped or bool(reached))

    def _share(self, words: str, *, capped: bool) -> dict[str, Any]:
        """The rule of a product such as `完成率×分值` or `(1-调剂率)×分值`."""
        factors = [part for part in words.split("×") if part != "100%"]
        rates = [part for part in factors if not self._is_weight(part)]
        is_one = len(rates) == 1 and len(factors) == 2  # noqa: PLR2004 - the rate and the weight
        if not is_one or (not rates[0] and len(self._formulas) != 1):
            raise _no_formula(words)
        return self._counted(rates[0], capped=capped)

    def _is_weight(self, words: str) -> bool:
        number = re.fullmatch(f"(?:{WEIGHT})?\\(?({NUMBER})分?\\)?", words)
        return bool(re.fullmatch(WEIGHT, words)) or bool(
            number and Decimal(number[1]) == self._weight
        )

    def _counted(self, words: str, *, capped: bool) -> dict[str, Any]:
        remainder = re.fullmatch(r"\(?(?:1|100%)-(.+?)\)?", words)
        name = remainder[1] if remainder else words
        if defined := _FORMULA_ONLY.fullmatch(name) or _SHARE_ONLY.fullmatch(name):
            value = self._rate(_formula(defined, self._name))
        else:
            name = name.strip("()")
            if re.search(r"[-+\d=/÷]", name) or scoring(name):
                raise _no_formula(words)
            value = self._value("" if name in _PRONOUNS else name, "%")
        above: str | Open = (
            "full"
            if capped
            else _unstated("超过 100% 时", "what happens above 100%", "full | no-score")
        )
        below: str | Open = "no-score"
        if remainder:
            above, below = (
                "no-score",
                _unstated(
                    "比率超过 100%（得数小于 0）时",
                    "what happens where the rate is above 100%",
                    "zero | no-score",
                ),
            )
        counts = "remainder" if remainder else "rate"
        return {"shape": "ratio", "counts": counts, "value": value, "above": above, "below": below}

    def _deductions(self, actions: list[Action]) -> dict[str, Any]:
        """Points off: for incidents, once, or for each step."""
        off = [action for action in actions if action.kind == "off"]
        if any(STEP.search(action.words) for action in off):
            return self._step(actions, off)
        if threshold := self._threshold(actions):
            return threshold
        self._refuse_instead(off)
        full, grounds = [], []
        for action in (action for action in actions if action.kind == "got"):
            by_number = stretch_of(action.words) or COUNT_LIMIT.search(action.words)
            if action.otherwise or by_number or action.points not in {0, self._weight}:
                raise _mixed()
            if action.points:
                full.append(action)
            else:
                grounds.append(self._ground(action._replace(points=self._weight), "yes"))
        for action in off:
            if action.otherwise and len(full) != 1:
                raise Unclear("“否则”所指不明", "what 'otherwise' refers to is unclear")
            if action.otherwise:
                grounds.append(self._ground(action._replace(words=full[0].words), "no"))
            elif action.words.endswith(IF_NOT):
                words = action.words.removesuffix(IF_NOT)
                grounds.append(self._ground(action._replace(words=words), "no"))
            else:
                grounds.append(self._ground(action, "each" if action.each else "yes"))
        return {"shape": "deductions", "out_of": f"{self._weight}", "deductions": grounds}

    def _threshold(self, actions: list[Action]) -> dict[str, Any] | None:
        """Points off for each of many that is not done, and everything for one of few."""
        kinds = [(action.kind, bool(action.points)) for action in actions]
        if kinds != [("off", True), ("got", False)]:
            return None
        many, few = _MANY.fullmatch(actions[0].words), _FEW.fullmatch(actions[1].words)
        if not many or not few or few["what"] not in {"", many["what"]}:
            return None
        if many["number"] != few["number"]:
            return None
        return {
            "shape": "threshold-deduction",
            "due": self._figure("due", many["what"]),
            "done": self._figure("done", f"{many['what']}：已做的"),
            "all_lost_up_to": int(many["number"]),
            "points": f"{actions[0].points}",
            "out_of": f"{self._weight}",
            "none_due": _unstated(
                "一个也不应做时", "what nothing due gets", "full | zero | no-score"
            ),
        }

    def _ground(self, action: Action, when: str) -> dict[str, Any]:
        if not action.words:
            raise Unclear("扣分没有写明条件", "points are taken off without a condition")
        if action.points > self._weight:
            raise Unclear(
                f"扣 {action.points} 分，多于本行分值 {self._weight}",
                f"{action.points} off are more than the weight of {self._weight}",
            )
        figure = (
            self._figure("count", action.words)
            if when == "each"
            else self._figure("met", action.words, "yes-no")
        )
        if figure in self._grounds:
            raise Unclear(
                f"同一条件扣两次：“{action.words}”", f"one condition twice: '{action.words}'"
            )
        self._grounds.add(figure)
        return {"figure": figure, "when": when, "points": f"{action.points}", "elsewhere": []}

    def _refuse_instead(self, off: list[Action]) -> None:
        """Refuse a graver condition next to another, which may be added or count instead."""
        if len(off) > 1 and any(GRAVER.search(action.words) for action in off):
            raise Unclear(
                "几个扣分条件有轻重之分，没有写明累加还是只取一个",
                "conditions of different gravity: whether they add up or one counts is not stated",
            )
        if any(COUNT_LIMIT.search(action.words) for action in off):
            raise Unclear("扣分另有次数的限定", "the number of incidents limits what is taken off")
        if len(off) > 1 and any(_LIMITED.search(action.words) for action in off):
            raise Unclear("扣分条件分了档次", "tiers of a number decide what is taken off")
        if len(off) > 1 and any(action.each and is_bare(action.words) for action in off):
            raise Unclear("不止一处按次扣分，没有写明是什么", "what is counted is not named")

    def _step(self, actions: list[Action], off: list[Action]) -> dict[str, Any]:
        """Points off for each step beyond a number; of a full-mark tier, beyond where it ends."""
        match = STEP.search(off[0].words)
        if len(off) > 1 or not match:
            raise Unclear("几种扣分办法并用", "several ways of taking points off")
        side: Literal["above", "below"] = "below" if match["verb"].startswith(BELOW) else "above"
        unit = match["unit"].replace("个", "").replace("百分点", "%")
        lead = condition(off[0].words[: match.start()])
        subjects = {lead}
        limits: set[Decimal | None] = {Decimal(0)} if match["verb"] in LATE else set()
        if bound := stretch_of(lead):
            subjects, limits = {bound.subject}, {bound.reach(side)}
        for other in (action for action in actions if action.kind == "got"):
            reached = stretch_of(other.words)
            if other.points != self._weight or not (reached or _REACHED.fullmatch(other.words)):
                raise _mixed()
            if reached and reached.unit.replace("个", "") != unit:
                raise Unclear(
                    "扣分的单位与得满分的不同", "steps are in another unit than the limit"
                )
            if reached:
                subjects.add(reached.subject)
                limits.add(reached.edge(side))
        subjects -= _PRONOUNS
        if len(subjects) > 1 or len(limits) > 1 or None in limits:
            raise Unclear("起扣的数不清楚", "from which number on points are off is unclear")
        subject = subjects.pop() if subjects else ""
        if scoring(subject) or re.search(r"\d|，", subject):
            raise Unclear(
                f"没有读懂的条件：“{subject}”", f"a condition that is not understood: '{subject}'"
            )
        asked = Text("低于" if side == "below" else "超过", side)
        limit = limits.pop() if limits else None
        return {
            "shape": "step-deduction",
            "value": self._value(subject, unit),
            "limit": _unstated(
                f"{asked.zh}多少起扣分", f"{asked.en} which number points are taken off", "…"
            )
            if limit is None
            else f"{limit}",
            "side": side,
            "step": match["step"] or "1",
            "steps": _unstated(
                "不足一档怎样扣", "how a part of a step counts", "whole | started | pro-rata"
            ),
            "points": f"{off[0].points}",
            "out_of": f"{self._weight}",
        }

    def _got(self, actions: list[Action]) -> dict[str, Any]:
        """Points that are got: by tiers of a number, by words, or all or nothing."""
        named = [action for action in actions if not action.otherwise]
        stretches = [stretch_of(action.words) for action in named]
        if any(stretches):
            return self._tiers(actions, stretches)
        if any(not action.words for action in actions):
            raise Unclear("得分没有写明条件", "points are got without a condition")
        if compared := self._comparison(actions):
            return compared
        got = [action for action in named if action.points]
        lost = [action for action in actions if not action.points]
        if len(got) == 1 and got[0].points == self._weight and len(lost) == 1:
            return self._all_or_nothing(got[0], lost[0])
        if len(actions) < 2:  # noqa: PLR2004 - one condition leaves the other side open
            raise Unclear("没有写明其他情形得几分", "what all other conditions get is not stated")
        if any(COUNT_LIMIT.search(action.words) for action in actions):
            raise Unclear("条件有次数的限定", "the number of incidents decides")
        return self._states(actions) or self._added(got, lost)

    def _all_or_nothing(self, got: Action, lost: Action) -> dict[str, Any]:
        met = self._figure("met", got.words, "yes-no")
        opposites = {f"{no}{got.words}" for no in ("未", "不", "没有", "未能")}
        if lost.otherwise or lost.words in opposites:
            return {"shape": "all-or-nothing", "figures": [met]}
        clear = self._figure("clear", f"没有下列情形：{lost.words}", "yes-no")
        points = f"{self._weight}"
        rest = {
            "shape": "discretion",
            "full_if": [met],
            "deduct": f"[0,{points}]",
            "out_of": points,
        }
        return {"shape": "gated", "required": [clear], "rule": rest}

    def _states(self, actions: list[Action]) -> dict[str, Any] | None:
        """Points by which of several states is the case: from full marks down to none."""
        points = [action.points for action in actions]
        words = {action.words for action in actions}
        if points.count(self._weight) != 1 or max(points) != self._weight or 0 not in points:
            return None
        if any(action.otherwise for action in actions) or len(words) < len(actions):
            return None
        if len({action.item for action in actions}) > 1:
            raise Unclear("分项的得分没有写明怎样合计", "how the items add up is not stated")
        percents = [_percent(each, self._weight) for each in points]
        grades = {
            action.words: f"[{percent},{percent}]"
            for action, percent in zip(actions, percents, strict=True)
        }
        return {
            "shape": "grade",
            "figure": self._figure("grade", self._name, "text"),
            "grades": grades,
        }

    def _added(self, got: list[Action], lost: list[Action]) -> dict[str, Any]:
        """Several things that each get a part of the weight, and together all of it."""
        whole = sum((action.points for action in got), Decimal(0))
        apart = len({action.words for action in got}) == len(got) > 1
        if whole != self._weight or not apart or not all(action.otherwise for action in lost):
            raise Unclear(
                "各条件的得分与分值不合", "the points of the conditions do not fit the weight"
            )
        parts = []
        for action in got:
            met = self._figure("met", action.words, "yes-no")
            rule = {"shape": "all-or-nothing", "figures": [met]}
            share = _percent(action.points, self._weight)
            parts.append({"name": action.words, "share": share, "rule": rule})
        return {"shape": "weighted-parts", "parts": parts}

    def _comparison(self, actions: list[Action]) -> dict[str, Any] | None:
        """A number compared with another one, such as a budget or a mean: full marks or none."""
        if [action.points for action in actions] != [self._weight, 0]:
            return None
        own, other = (_COMPARED.fullmatch(action.words) for action in actions)
        if not own or not self._are_numbers(own["left"], own["right"]):
            return None
        is_rate = own["left"] in _PRONOUNS or _A_RATE.search(own["left"])
        full_if, held = _SIDES[own["sign"]]
        equal: bool | None = held
        if not actions[1].otherwise:
            if not other or not own["right"].endswith(other["right"]):
                return None
            side, lost = _SIDES[other["sign"]]
            if side == full_if or other["left"] not in {"", own["left"]}:
                return None
            if held and lost:
                raise Unclear("相等时两边都算", "both conditions hold for equal numbers")
            equal = held or (False if lost else None)
        asked = _unstated("两数相等时", "what equal numbers get", "full | zero | no-score")
        return {
            "shape": "comparison",
            "value": self._value(own["left"], "%" if is_rate else ""),
            "against": {"take": "total", "figures": [self._figure("against", own["right"])]},
            "full_if": full_if,
            "equal": asked if equal is None else ("full" if equal else "zero"),
        }

    def _are_numbers(self, left: str, right: str) -> bool:
        """Whether both sides of a comparison name a number, and neither states one in digits."""
        defined = left in _PRONOUNS and len(self._formulas) == 1
        sides = [right] if defined else [left, right]
        return all(_A_NUMBER.search(side) and not re.search(r"\d", side) for side in sides)

    def _tiers(self, actions: list[Action], stretches: Sequence[Stretch | None]) -> dict[str, Any]:
        known = [stretch for stretch in stretches if stretch]
        subjects = {stretch.subject for stretch in known} - _PRONOUNS
        units = {stretch.unit for stretch in known if stretch.unit} or {""}
        if len(known) < len(stretches) or len(subjects) > 1 or len(units) > 1:
            raise Unclear("条件不是同一个数", "the conditions are not about one number")
        if max(action.points for action in actions) != self._weight:
            raise Unclear("最高一档不等于本行分值", "the best tier is not the weight")
        otherwise = [f"{action.points}" for action in actions if action.otherwise]
        points = [f"{action.points}" for action in actions if not action.otherwise]
        domain, tiers = tiers_of(list(zip(known, points, strict=True)), otherwise)
        return {
            "shape": "tiers",
            "value": self._value(next(iter(subjects), ""), units.pop()),
            "domain": domain,
            "out_of": f"{self._weight}",
            "tiers": [{"range": _range(tier), "points": tier.points} for tier in tiers],
        }

    # Rules of rules ------------------------------------------------------------------------------

    def _parts(self) -> dict[str, Any] | None:
        """Items that share the weight in stated percentages."""
        stated = [
            (sentence, found)
            for item in self._items
            for sentence in item.sentences
            if (found := _SHARES.search(sentence))
        ]
        if not stated:
            return None
        sentence, found = stated[0]
        around = _OF_PARTS.sub("", sentence[: found.start()] + sentence[found.end() :])
        if len(stated) > 1 or re.search("[=/÷×*<>≤≥%]", around) or scoring(around):
            raise Unclear(f"没有读懂的占比：“{sentence}”", f"shares not understood: '{sentence}'")
        items = []
        for item in self._items:
            kept = item._replace(sentences=tuple(t for t in item.sentences if t != sentence))
            if any(map(_acts, kept.sentences)):
                items.append(kept)
            elif any(map(scoring, kept.sentences)):
                raise Unclear("有一部分没有读懂", "one of the parts is not understood")
        shares = [Decimal(text) for text in re.findall(NUMBER, found["shares"])]
        if len(shares) == 1 and "各" in found[0]:
            shares *= len(items)
        if len(shares) != len(items) or sum(shares) != HUNDRED or len(items) < 2:  # noqa: PLR2004 - parts
            raise Unclear("占比与各项不一致", "the shares do not fit the items")
        return {
            "shape": "weighted-parts",
            "parts": [self._part(*pair) for pair in zip(items, shares, strict=True)],
        }

    def _part(self, item: Item, share: Decimal) -> dict[str, Any]:
        """One part, in which full marks are those of the part."""
        if any(re.search(f"[得扣计记]{NUMBER}分", sentence) for sentence in item.sentences):
            raise Unclear(
                "各部分的分数没有写明按哪个满分",
                "of which full score the points of the parts are is not stated",
            )
        whole, self._weight = self._weight, self._weight * share / HUNDRED
        rule = self._of([item])
        self._weight = whole
        name = condition(item.sentences[0].split(",")[0])[:40]
        return {"name": name, "share": f"{share}", "rule": rule}

    def _terms(self) -> dict[str, Any] | None:
        """A sum of rates, each times its share of the weight: `A×分值×60%+(1-B)×分值×40%`."""
        for item in self._items:
            for sentence in item.sentences:
                if not (found := _SUM.fullmatch(sentence)):
                    continue
                others = [text for one in self._items for text in one.sentences if text != sentence]
                if any(scoring(text) or _acts(text) for text in others):
                    raise Unclear("算式之外还有计分语句", "more than the formula speaks of points")
                parts = []
                for term in _TERM.finditer(found["sum"]):
                    name = re.sub(r"^\(?(?:1|100%)-|[()]", "", term["rate"])
                    rule = self._counted(term["rate"], capped=self._capped)
                    parts.append({"name": name, "share": term["share"], "rule": rule})
                if sum(Decimal(f"{part['share']}") for part in parts) != HUNDRED:
                    raise Unclear("占比合计不是 100%", "the shares do not add up to 100%")
                return {"shape": "weighted-parts", "parts": parts}
        return None

    def _grades(self, items: Sequence[Item]) -> dict[str, Any] | None:
        """A scale of grades in words, each with its percentage or points."""
        if len(items) != 1 or len(items[0].sentences) != 1:
            return None
        if not (grades := _scale(items[0].sentences[0], self._weight)):
            return None
        figure = self._figure("grade", self._name, "text")
        return {
            "shape": "grade",
            "figure": figure,
            "grades": {grade: f"[{n},{n}]" for grade, n in grades.items()},
        }

    def _completion(self) -> dict[str, Any] | None:
        """Every target by its completion rate, and then the mean."""
        sentences = [sentence for item in self._items for sentence in item.sentences]
        if not any(map(_MEAN.search, sentences)):
            return None
        actions: list[Action] = []
        grades: dict[str, str] = {}
        for sentence in sentences:
            if _MEAN.search(sentence) or _COMPUTES.fullmatch(sentence):
                continue
            if scale := _scale(sentence, self._weight):
                grades = scale
            else:
                actions += actions_of(Item(0, (sentence,)), self._weight)
        none = [one for one in actions if not one.points and _NO_TARGETS.fullmatch(one.words)]
        bands = []
        for action in actions:
            stretch = stretch_of(action.words)
            if stretch and stretch.subject in {*_PRONOUNS, *_COMPLETION} and action.kind != "off":
                is_rate = action.kind == "share"
                counts = RATE if is_rate else _percent(action.points, self._weight)
                bands.append((stretch, counts))
            elif action not in none and (action.kind != "share" or action.words):
                raise Unclear(
                    "完成率的档次没有读懂", "tiers of completion rates are not understood"
                )
        if not bands:
            raise Unclear("没有完成率的档次", "no tiers of completion rates")
        domain, tiers = tiers_of(bands, [])
        no_targets = _unstated("没有目标时", "what no targets get", "full | zero | no-score")
        rule: dict[str, Any] = {
            "shape": "completion",
            "domain": domain,
            "bands": [{"range": _range(tier), "counts": tier.points} for tier in tiers[::-1]],
            "at_most": _unstated(
                "“≤”目标怎样计", "how at-most targets count", "met-or-not | capped-ratio"
            ),
            "exactly": _unstated("“=”目标怎样计", "how exact targets count", "met-or-not | ratio"),
            "zero_target": _unstated(
                "目标为 0 时", "how targets of 0 count", "met-or-not | no-score"
            ),
            "rate_decimals": "exact",
            "words": {},
            "share_decimals": "exact",
            "no_targets": "zero" if none else no_targets,
        }
        return {**rule, "grades": grades} if grades else rule


HUNDRED: Final = Decimal(100)
_COMPLETION: Final = ("完成率", "指标完成率")
_REACHED: Final = re.compile(
    "(?:全部|按时|按期|按计划|按要求)*(?:(?:达到|达|完成)(?:年度|年初|预期|全部|绩效|既定|规定)*"
    "(?:目标值?|计划|任务|目标任务|要求)|(?:实际)?(?:完成率|执行率|比例|结果)?"
    "(?:≥|=|达到|大于等于|大于或等于|不低于)100%(?:及以上)?|100%(?:及以上|完成))"
)
"""That the target is reached."""
_NOT_REACHED: Final = re.compile(
    "(?:未|没有|没|不足|不到)(?:能)?(?:按时|按期|全部)?(?:完成|达到|达标|达)?"
    "(?:年度|年初|预期|全部)*(?:目标值?|计划|任务|目标任务|要求|100%)?|低于(?:目标值?|计划|100%)"
)
_BY_SOURCE: Final = re.compile("根据|按照|依据")
_PRONOUNS: Final = frozenset(
    (
        "",
        "结果",
        "比率",
        "比例",
        "数值",
        "该比率",
        "该比例",
        "计算结果",
        "该指标",
        "指标",
        "其",
        "该值",
    )
)
_OF_PARTS: Final = re.compile(
    "(?:以上|上述|本)?(?:\\d|两|各)?(?:项|方面|部分)?得?分(?:按|别)?|得分|评分|综合得分|计算出?"
)
_RATE: Final = r"(?P<rate>\((?:1|100%)-[^()=+]+?\)|[^()=+×*%\d]+?)"
_TERM: Final = re.compile(rf"{_RATE}[×*]{WEIGHT}[×*](?P<share>\d+(?:\.\d+)?)%")
_SUM: Final = re.compile(
    rf"{ITS}{SCORE}=(?P<sum>{_TERM.pattern.replace('?P<rate>', '').replace('?P<share>', '')}"
    rf"(?:\+{_TERM.pattern.replace('?P<rate>', '').replace('?P<share>', '')})+)"
)
_SIDES: Final = {
    **dict.fromkeys(("高于", "超过", "大于", ">"), ("above", False)),
    **dict.fromkeys(("不低于", "不少于", "大于等于", "≥"), ("above", True)),
    **dict.fromkeys(("低于", "小于", "少于", "<"), ("below", False)),
    **dict.fromkeys(("不高于", "不超过", "小于等于", "不大于", "≤"), ("below", True)),
}
"""Which side of another number a word names, and whether it holds the number itself."""
_SIGN: Final = "|".join(sorted(_SIDES, key=len, reverse=True))
_COMPARED: Final = re.compile(f"(?P<left>[^,<>≤≥=]*?)(?P<sign>{_SIGN})(?P<right>[^,<>≤≥=]+)")
_MANY: Final = re.compile(
    "(?P<what>[^,\\d]+?)(?:超过|多于|大于)(?P<number>\\d+)[个项]的?,每?有?1[个项](?:没有|未)[^,]*"
)
_FEW: Final = re.compile(
    "(?P<what>[^,\\d]*?)(?:不超过(?P<at_most>\\d+)[个项]|(?P<number>\\d+)[个项](?:以内|及以下|及以内))的?,每?有?1[个项](?:没有|未)[^,]*"
)
_LIMITED: Final = re.compile(
    "(?:超过|低于|高于|不足|[<>≤≥])[^,]{0,8}\\d|\\d[^,\\d]{0,3}(?:以内|以上|以下|之内)"
)
_A_RATE: Final = re.compile("(?:率|比例|比重)$")
_A_NUMBER: Final = re.compile(
    "(?:率|数|值|额|量|比例|比重|水平|预算|支出|成本|费用|经费|金额|均值)$"
)


def _no_formula(words: str) -> Unclear:
    return Unclear(f"没有读懂的算式：“{words}”", f"a formula that is not understood: '{words}'")


def _mixed() -> Unclear:
    return Unclear("得分与扣分并用", "points that are got next to points that are off")


def _formula(found: re.Match[str], name: str) -> Formula:
    """A rate; one bracket without the other belongs to the words next to it."""
    over, under = found["over"], found["under"]
    if found["open"] and not (found["close"] and over.count("(") == over.count(")")):
        over = f"({over}"
    if found["close"] and not found["open"]:
        under = f"{under})"
    if over.count("(") != over.count(")") or under.count("(") != under.count(")"):
        raise Unclear("算式的括号不成对", "a formula with a bracket that is not closed")
    return Formula(name, over, under)


def _acts(sentence: str) -> bool:
    return bool(ACTION.search(sentence) or _FORMULA.fullmatch(sentence))


_COMPUTES: Final = re.compile(
    "[^,\\d]*得分[需须应]提供[^,\\d]*|(?:首先|先|再|然后|最后)?(?:根据[^,]*)?计算[^,=]*(?:得分|完成率)"
)
_NO_TARGETS: Final = re.compile(
    "(?:未|没有)(?:填?申?报|设置|编报|设定|制定|编制)[^,]*(?:目标|指标)"
)
_GRADED: Final = re.compile("[^,]*评级(?:的)?(?:方式|方法)?(?:评分|计分)?[,:]?")


def _scale(sentence: str, weight: Decimal) -> dict[str, str] | None:
    """A scale of grades: what percentage each counts; `None` where the sentence is none.

    Raises:
        Unclear: whether its numbers are points or percentages is not stated.
    """
    found = list(_GRADES.finditer(sentence))
    if len(found) < 2 or len({match["grade"] for match in found}) != len(found):  # noqa: PLR2004 - a scale has two ends
        return None
    rest = _GRADES.sub("", sentence)
    if re.search(r"[\d扣=]", rest) or scoring(_GRADED.sub("", rest).replace("评分", "")):
        return None
    units = {match["unit"] for match in found}
    numbers = {match["grade"]: Decimal(match["points"]) for match in found}
    highest = max(numbers.values())
    if len(units) > 1 or (units == {None} and highest <= max(weight, Decimal(20))):
        raise Unclear(
            "评级的数是分还是百分数，没有写明",
            "whether grades are points or percentages is not stated",
        )
    if highest > (weight if units == {"分"} else 100):
        raise Unclear("评级的得分高于本行分值", "a grade gets more than the weight")
    return {
        grade: _percent(number, weight) if units == {"分"} else f"{number}"
        for grade, number in numbers.items()
    }


def _range(tier: Tier) -> str | Open:
    if tier.range is not None:
        return tier.range
    shared = [f"{number}" for number in tier.shared]
    return _unstated(
        f"{'、'.join(shared)} 归哪一档",
        f"which tier {', '.join(shared)} belongs to",
        " | ".join(tier.choices),
    )


def _percent(points: Decimal, weight: Decimal) -> str:
    """Points as a percentage of the weight, if it can be written down exactly.

    Raises:
        Unclear: it cannot.
    """
    percent = points * 100 / weight
    if percent * weight != points * 100 or len(percent.as_tuple().digits) > 8:  # noqa: PLR2004 - what people write
        raise Unclear("占分值的百分数除不尽", "points are no exact percentage of the weight")
    return f"{percent.normalize():f}"
