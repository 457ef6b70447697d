"""Rule sentences: what they state becomes a rule with just that, what they leave open is asked.

The sentences are made up for these tests.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rule_sentences import FoundRule, LeftToReviewer, Open, understand

ASKED: Final = "?"


def plain(value: object) -> Any:  # noqa: ANN401 - a rule as a file has it
    """A rule with `?` for what is asked."""
    match value:
        case Open():
            return ASKED
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case list():
            return [plain(part) for part in value]
        case _:
            return value


def read(sentence: str, weight: str = "5") -> FoundRule | LeftToReviewer:
    """A sentence of a row of that weight, which is called 办理情况."""
    return understand(sentence, Decimal(weight), "i01", "办理情况")


def rule(sentence: str, weight: str = "5") -> dict[str, Any]:
    """The rule of a sentence that states one."""
    found = read(sentence, weight)
    assert isinstance(found, FoundRule), (sentence, found)
    ruled: dict[str, Any] = plain(found.rule)
    return ruled


def tiers(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"range": range_, "points": points} for range_, points in pairs]


def off(*grounds: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"figure": figure, "when": when, "points": points, "elsewhere": []}
        for figure, when, points in grounds
    ]


RATE: Final = {
    "take": "rate",
    "over": ["i01-over"],
    "under": ["i01-under"],
    "zero": ASKED,
    "decimals": "exact",
}
VALUE: Final = {"take": "total", "figures": ["i01-value"]}

STATED: Final[Mapping[str, dict[str, Any]]] = {
    # All or nothing.
    "台账齐全的得满分，否则不得分。": {"shape": "all-or-nothing", "figures": ["i01-met"]},
    "制定了值班表并上墙公示，得５分；否则，不得分": {"shape": "all-or-nothing"},
    "按月对账的计满分，未按月对账的不计分。": {"shape": "all-or-nothing"},
    "如已备案，得五分，反之得0分。": {"shape": "all-or-nothing"},
    "档案在 2 个工作日内归档，符合要求得满分，否则该项不得分。": {"shape": "all-or-nothing"},
    "盘库一次并入账的得5分。没有盘库的，不得分。": {
        "shape": "gated",
        "required": ["i01-clear"],
        "rule": {"shape": "discretion", "full_if": ["i01-met"], "deduct": "[0,5]", "out_of": "5"},
    },
    # Tiers.
    "办结率≥95%得5分；80%≤办结率＜95%得3分；办结率＜80%不得分。": {
        "shape": "tiers",
        "value": VALUE,
        "domain": "(-,-)",
        "out_of": "5",
        "tiers": tiers(("[95,-)", "5"), ("[80,95)", "3"), ("(-,80)", "0")),
    },
    "达到90%（含）以上得满分，60%（含）至90%得3分，60%以下不得分": {
        "tiers": tiers(("[90,-)", "5"), ("[60,90)", "3"), ("(-,60)", "0"))
    },
    "90%以上得5分；60%-90%得2分；60%以下得0分。": {
        "tiers": tiers((ASKED, "5"), (ASKED, "2"), (ASKED, "0"))
    },
    "结果=100%，得5分；90%＜结果＜100%，得4分；结果≤90%，不得分": {
        "tiers": tiers(("[100,100]", "5"), ("(90,100)", "4"), ("(-,90]", "0"))
    },
    r"$\geq 98\%$，得5分；$98\% > \text{结果} \geq 90\%$，得2分；结果<90%，得1分": {
        "tiers": tiers(("[98,-)", "5"), ("[90,98)", "2"), ("(-,90)", "1"))
    },
    "投诉不超过3件得满分，否则不得分": {
        "domain": "(-,-)",
        "tiers": tiers(("(3,-)", "0"), ("(-,3]", "5")),
    },
    "偏差在0%-5%之间得满分，5%-10%得一半分，其他不得分": {
        "tiers": tiers((ASKED, "0"), (ASKED, "2.5"), (ASKED, "5"), (ASKED, "0"))
    },
    "大于等于80%且小于100%的得4分，100%及以上的得满分，不足80%的不得分": {
        "tiers": tiers(("[100,-)", "5"), ("[80,100)", "4"), ("(-,80)", "0"))
    },
    "签约率=按时签约数/应签约数。签约率=100%，得满分；90%≤签约率<100%，得3分；签约率<90%，不得分": {
        "value": RATE,
        "domain": "(-,100]",
        "tiers": tiers(("[100,100]", "5"), ("[90,100)", "3"), ("(-,90)", "0")),
    },
    "合格率85%以上得5分，70%-85%（含85%）得4分，50%-70%（含50%）得2分，50%以下不得分": {
        "tiers": tiers(("(85,-)", "5"), (ASKED, "4"), (ASKED, "2"), ("(-,50)", "0"))
    },
    "办结率在[90%，100%]得满分，[80%,90%)得3分，[0,80%)不得分": {
        "domain": "[0,100]",
        "tiers": tiers(("[90,100]", "5"), ("[80,90)", "3"), ("[0,80)", "0")),
    },
    "偏差率处于(5%,10%]区间得2分，[0,5%]得5分，其他不得分": {
        "tiers": tiers(("(10,-)", "0"), ("(5,10]", "2"), ("[0,5]", "5"), ("(-,0)", "0")),
    },
    "附件(1,2)齐全得满分，否则不得分": {"shape": "all-or-nothing"},
    "记录完备的得五分，否则不得分": {"shape": "all-or-nothing"},
    "登记及时的得满分，否则不得分": {"shape": "all-or-nothing"},
    "80%以上（含80%）得5分，80%以下得2分": {"tiers": tiers(("[80,-)", "5"), ("(-,80)", "2"))},
    "完成率60%以下不得分；60%-100%得50%分值；100%得满分": {
        "domain": "(-,100]",
        "tiers": tiers(("[100,100]", "5"), (ASKED, "2.5"), (ASKED, "0")),
    },
    # Points off for each.
    "每发现一处错漏扣0.5分，扣完为止。": {
        "shape": "deductions",
        "out_of": "5",
        "deductions": off(("i01-count", "each", "0.5")),
    },
    "缺1份材料扣一分": {"deductions": off(("i01-count", "each", "1"))},
    "未按时报送的，一次性扣5分": {"deductions": off(("i01-met", "yes", "5"))},
    "每有一次迟报扣半分，最多扣5分": {"deductions": off(("i01-count", "each", "0.5"))},
    "账实相符得满分，发现一项（类）不符扣１分，扣完为止": {
        "deductions": off(("i01-count", "each", "1"))
    },
    "采用扣分法评分：①漏报的，1项扣0.5分；②错报的，1项扣0.2分。根据上述扣分情况扣完为止。": {
        "deductions": off(("i01-count", "each", "0.5"), ("i01-count-2", "each", "0.2"))
    },
    "发现违规用车，扣1分/次": {"deductions": off(("i01-count", "each", "1"))},
    "满分5分。出现安全隐患的，每起扣2分。": {"deductions": off(("i01-count", "each", "2"))},
    # Points off once.
    "1.是否设专人；如否，扣1分。2.是否有记录；如否，扣2分。": {
        "deductions": off(("i01-met", "no", "1"), ("i01-met-2", "no", "2"))
    },
    "未签到的扣2分；未值守的扣3分。": {
        "deductions": off(("i01-met", "yes", "2"), ("i01-met-2", "yes", "3"))
    },
    "资料完整得满分，否则扣2分": {"deductions": off(("i01-met", "no", "2"))},
    "未建账的不得分；每漏记一笔扣0.5分": {
        "deductions": off(("i01-met", "yes", "5"), ("i01-count", "each", "0.5"))
    },
    # Steps.
    "巡查率低于95%的，每低1个百分点扣0.5分，扣完为止": {
        "shape": "step-deduction",
        "value": VALUE,
        "limit": "95",
        "side": "below",
        "step": "1",
        "steps": ASKED,
        "points": "0.5",
        "out_of": "5",
    },
    "达到90%得满分，每降低2%扣1分": {"limit": "90", "step": "2", "side": "below", "steps": ASKED},
    "每少1%扣0.1分": {"limit": ASKED, "steps": ASKED, "side": "below", "step": "1"},
    "每低于目标值１％扣两分": {"limit": ASKED, "points": "2"},
    "每逾期一天扣0.5分": {"limit": "0", "side": "above", "step": "1", "steps": ASKED},
    "响应不超过30分钟得满分，每超过10分钟扣1分": {"limit": "30", "side": "above", "step": "10"},
    # A rate times the weight.
    "检定率=已检定数÷应检定数×100%。得分=检定率×分值。": {
        "shape": "ratio",
        "counts": "rate",
        "value": RATE,
        "above": ASKED,
        "below": "no-score",
    },
    "得分＝已改数/应改数×5": {"value": RATE, "above": ASKED},
    "完成比例=已交额/应交额，最大等于1。评分=完成比例×本项分值。": {"above": "full"},
    "按实际完成比例计分": {"value": VALUE, "above": ASKED},
    "按参训人数占应训人数的比例得分，超过100%的按100%计算": {"value": RATE, "above": "full"},
    "完成目标得满分，未完成的按比例得分": {"above": "full"},
    "得分=(1-返修率)×分值": {"counts": "remainder", "below": ASKED, "above": "no-score"},
    "已回访户数占应回访户数的比例，乘以分值。": {"value": RATE},
    # Parts.
    "1.计划按时报送的得满分，否则不得分。2.总结按时报送的得满分，否则不得分。两项各占50%。": {
        "shape": "weighted-parts"
    },
    "综合得分=(1-调整率)×分值×70%+(1-追加率)×分值×30%": {"shape": "weighted-parts"},
    "有方案得2分，有台账得3分": {"shape": "weighted-parts"},
    # Grades and states.
    "优=95，良=85，中=70，差=50": {
        "shape": "grade",
        "figure": "i01-grade",
        "grades": {"优": "[95,95]", "良": "[85,85]", "中": "[70,70]", "差": "[50,50]"},
    },
    "优秀得5分，良好得4分，合格得3分，不合格得0分": {
        "grades": {"优秀": "[100,100]", "良好": "[80,80]", "合格": "[60,60]", "不合格": "[0,0]"}
    },
    "制度完备的得5分，基本完备的得3分，不完备的不得分": {"shape": "grade"},
    # Another number.
    "维修费决算数≤维修费预算数，得5分，否则不得分": {
        "shape": "comparison",
        "full_if": "below",
        "equal": "full",
        "against": {"take": "total", "figures": ["i01-against"]},
    },
    "使用率高于全县平均值的得5分，低于平均值的不得分": {"full_if": "above", "equal": ASKED},
    "单位能耗量低于上年水平得满分，否则不得分": {"full_if": "below", "equal": "zero"},
    # Many and few.
    "应抽检批次超过5个的，有1个未抽检，扣1分；5个以内的，有1个未抽检，不得分": {
        "shape": "threshold-deduction",
        "all_lost_up_to": 5,
        "points": "1",
        "none_due": ASKED,
    },
    # Every target.
    "按完成率计分：完成率低于70%，不得分；完成率70%-100%，得分=完成率×分值；100%及以上得满分。"
    "综合得分=各指标得分之和÷指标个数。未申报目标的，本项不得分。": {
        "shape": "completion",
        "domain": "(-,-)",
        "bands": [
            {"range": "(-,70)", "counts": "0"},
            {"range": "[70,100)", "counts": "rate"},
            {"range": "[100,-)", "counts": "100"},
        ],
        "at_most": ASKED,
        "no_targets": "zero",
    },
}


@pytest.mark.parametrize("sentence", STATED)
def test_a_sentence_becomes_a_rule_with_just_what_it_states(sentence: str) -> None:
    ruled = rule(sentence)

    assert ruled | STATED[sentence] == ruled


LEFT: Final = {
    # Left to judgement.
    "资料不全的酌情扣分": "酌情",
    "视完成情况得分": "视完成情况",
    "每发现一次扣1分，情节严重的不得分": "情节",
    "适当扣分，扣完为止": "适当",
    "由评审组根据情况扣1分": "根据情况",
    # Ranges of points.
    "每发现一处扣1-2分": "扣1-2分",
    "较好的得3～4分": "得3~4分",
    "每次扣0.5至1分": "扣0.5至1分",
    "扣2分以上": "扣2分以上",
    "一次扣不超过2分": "扣不超过2分",
    # Ranks, other scores, other rows.
    "排名第一的得满分，其余不得分": "排名",
    "得分高于平均分的得满分，否则不得分": "平均分",
    "以最低者为基准得满分": "最低者",
    "发现造假的，追加扣2分": "追加扣",
    "每次扣1分，其他指标已扣分的不重复扣分": "其他指标已扣",
    "全部公开得满分，否则不得分（涉密的除外）": "除外",
    "具备要素①②③的，分别得20%": "分别得2",
    # Numbers that are no numbers.
    "每处扣0。5分": "0。5分",
    "每处扣零点五分": "零点五分",
    "每处扣½分": "⁄",
    # Not understood, or more than a rule can say.
    "每次扣3分，影响工作的每次扣5分": "gravity",
    "发现1次扣1分，发现2次扣2分": "each one",
    "每次扣1分，3次以上不得分": "next to points that are off",
    "每2处扣1分": "each one",
    "未制定、未执行的各扣1分": "not understood",
    "每季度少1次扣1分": "unclear",
    "任意一项未达到扣1分": "unclear",
    "90%以上得5分；60%-90%得2分；60%以下0分": "not understood",
    "90%以上得5分；60%-80%得2分；60%以下得0分": "no tier between 80 and 90",
    "90%以上得4分；90%以下得2分": "best tier",
    "满意度≥90%得5分；知晓率<90%不得分": "one number",
    "60%以上按比例得分，60%以下不得分": "in some cases only",
    "完成率≥100%得满分；60%-100%的按比例得分": "in some cases only",
    "得分=完成率×100%": "not understood",
    "得分=完成率×8": "not understood",
    "每增加一项加0.5分": "not understood",
    "共20分，每处扣1分": "is not the weight",
    "每次扣1分，最多扣3分": "is not the weight",
    "每处扣8分": "more than the weight",
    "公开的得满分": "not stated",
    "逾期不得分": "not stated",
    "加强管理，提高效率。": "no sentence",
    "": "no sentence",
    "每缺1份扣1分，每少1天扣2分": "several ways",
    "优=5，良=4，差=0": "points or percentages",
    "计2分，否则不得分": "condition",
    "每次扣1分；每次扣2分": "not named",
    "每发现1次扣1分，每发现1处扣2分": "not named",
    "超支10%以内扣1分，超支10%以上扣2分": "tiers of a number",
    "未归档一卷扣0.5分": "unclear",
    "完成率90%以上得满分，每低1%扣0.5分，低于60%的该项为0": "not understood",
    "按完成率计分，低于60%的不计算": "not understood",
    "齐全得满分，不齐全不得分，屡犯的由主管部门处理": "not understood",
    "办结得满分，逾期办结的按80%计算，否则不得分": "not understood",
    "按时办结得满分，逾期的减半，否则不得分": "not understood",
    "90%以上得十分；90%以下得5分": "best tier",
    "按时报送得满分，每延迟1天扣1分，延迟5天以上不得分": "next to points that are off",
    "90%以上得5分；80%-90%（含70%）得3分；80%以下不得分": "not about one number",
    r"得分=\sum 各项得分": "not understood",
}


@pytest.mark.parametrize("sentence", LEFT)
def test_a_sentence_that_does_not_state_a_rule_is_left_with_its_reason(sentence: str) -> None:
    found = read(sentence)

    assert isinstance(found, LeftToReviewer), found
    assert LEFT[sentence] in found.why.en, found.why.en
    assert found.why.zh


def test_there_are_enough_of_them() -> None:
    assert len(STATED) + len(LEFT) >= 60


def test_a_shared_bound_is_asked_with_its_choices() -> None:
    found = read("80%以上得满分，80%以下不得分")

    assert isinstance(found, FoundRule)
    assert [one.choices for one in found.questions] == ["[80,-) | (80,-)", "(-,80] | (-,80)"]
    assert "80" in next(found.questions).asks.zh


def test_a_bound_that_is_worth_the_same_on_both_sides_is_not_asked() -> None:
    assert rule("90%以上得5分；90%以下得5分")["tiers"] == tiers(("[90,-)", "5"), ("(-,90)", "5"))


def test_figures_are_called_by_the_words_of_their_conditions() -> None:
    found = read("检定率=已检定数÷应检定数。得分=检定率×分值。")
    assert isinstance(found, FoundRule)
    assert [(one.id, one.name) for one in found.figures] == [
        ("i01-over", "已检定数"),
        ("i01-under", "应检定数"),
    ]
    assert found.sentences == ("检定率=已检定数÷应检定数", "得分=检定率×分值")

    found = read("每发现一处错漏扣0.5分")
    assert isinstance(found, FoundRule)
    assert [(one.name, one.kind) for one in found.figures] == [("每发现1处错漏", "number")]


# Always, and never -------------------------------------------------------------------------------

REFUSING: Final = (
    "酌情",
    "视情",
    "适当",
    "合理确定",
    "排名",
    "名次",
    "平均分",
    "追加扣",
    "一票否决",
    "除外",
)


@given(
    sentence=st.sampled_from(list(STATED)),
    word=st.sampled_from(REFUSING),
    place=st.integers(0, 60),
)
def test_no_sentence_with_a_refusing_word_becomes_a_rule(
    sentence: str, word: str, place: int
) -> None:
    at = min(place, len(sentence))
    found = read(sentence[:at] + word + sentence[at:])
    assert isinstance(found, LeftToReviewer)


POINTS: Final = st.sampled_from(("0.5", "1", "1.5", "2", "5"))
NOISE: Final = st.sampled_from(("", " ", "　"))


@given(points=POINTS, unit=st.sampled_from("处次项例份笔"), gap=NOISE, wide=st.booleans())
def test_points_for_each_incident_are_those_of_the_sentence(
    points: str, unit: str, gap: str, *, wide: bool
) -> None:
    shown = (
        points.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")) if wide else points
    )
    ruled = rule(f"每发现{gap}一{unit}{gap}不合规的，扣{gap}{shown}分，扣完为止。")
    assert ruled["deductions"] == off(("i01-count", "each", points))


@given(
    cuts=st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True).map(sorted),
    upper=st.booleans(),
    signs=st.booleans(),
)
def test_tiers_are_those_of_the_sentence(cuts: list[int], *, upper: bool, signs: bool) -> None:
    """Each bound belongs to the upper tier or to the lower one, as it is written."""
    least, more = ("≥", "<") if upper else (">", "≤")
    if not signs:
        least, more = ("不低于", "低于") if upper else ("高于", "不高于")
    named = [f"办结率{least}{cuts[-1]}%得5分"]
    named += [
        f"{low}%{'≤' if upper else '<'}办结率{'<' if upper else '≤'}{high}%得{n}分"
        for n, (low, high) in enumerate(pairwise(cuts), 1)
    ]
    named.append(f"办结率{more}{cuts[0]}%不得分")
    ruled = rule("；".join(named))

    start, end = ("[", ")") if upper else ("(", "]")
    expected = [(f"{start}{cuts[-1]},-)", "5")]
    expected += [
        (f"{start}{low},{high}{end}", f"{n}")
        for n, (low, high) in reversed(list(enumerate(pairwise(cuts), 1)))
    ]
    expected.append((f"(-,{cuts[0]}{end}", "0"))
    assert ruled["tiers"] == tiers(*expected)
    assert ruled["domain"] == "(-,-)"


@given(points=POINTS, step=st.integers(1, 20), limit=st.integers(1, 99), side=st.booleans())
def test_steps_are_those_of_the_sentence(points: str, step: int, limit: int, *, side: bool) -> None:
    words = ("低于", "每低") if side else ("超过", "每超过")
    ruled = rule(f"逾期率{words[0]}{limit}%的，{words[1]}{step}个百分点扣{points}分。")
    assert (ruled["limit"], ruled["step"], ruled["points"]) == (f"{limit}", f"{step}", points)
    assert ruled["side"] == ("below" if side else "above")
    assert ruled["steps"] == ASKED


@given(shares=st.lists(st.integers(1, 98), min_size=1, max_size=3), seed=st.integers(0, 5))
def test_shares_are_those_of_the_sentence(shares: list[int], seed: int) -> None:
    whole = [*shares, 100 - sum(shares)]
    items = "".join(
        f"{n}.第{'甲乙丙丁'[n - 1]}类资料按时报送的得满分，否则不得分。"
        for n in range(1, len(whole) + 1)
    )
    stated = "、".join(f"{share}%" for share in whole)
    found = read(f"{items}以上{len(whole)}项得分分别占{stated}。", weight=f"{5 + seed}")
    if min(whole) <= 0:
        assert isinstance(found, LeftToReviewer)
        return
    assert isinstance(found, FoundRule)
    assert [part["share"] for part in found.rule["parts"]] == [f"{share}" for share in whole]


@given(
    text=st.lists(
        st.sampled_from(
            (*"1.5 得扣分满每处次项未的，；。%≥<>-至60 95 100 酌情否则不结果率=/×÷()（）①"
             , "得满分", "扣1分", "不得分", "每发现一处", "分值", "完成率", "以上", "各占50%")
        ),
        max_size=24,
    ).map("".join)
)  # fmt: skip
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    found = read(text)
    assert isinstance(found, FoundRule | LeftToReviewer)
