"""Every command by every role at every stage: who may, and that nobody else leaves a trace.

The table says it a second time, in words of its own: nothing in it comes from `authority.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, Literal

import pytest
from msgspec.structs import replace

from ledger.commands import (
    COMMANDS,
    AcceptRectification,
    AdjustScore,
    AmendReason,
    AnswerObjection,
    AppraiseDestruction,
    AssignWork,
    CarryAccount,
    ClaimBonus,
    ClaimScore,
    CloseCase,
    Command,
    CommandEnvelope,
    CommissionReview,
    ConfirmFigure,
    ConfirmScore,
    CorrectResult,
    CountersignAdjustment,
    CountersignKey,
    DecideAppeal,
    DecideDestruction,
    DeclareConflict,
    DefineScope,
    DeliverReport,
    DemandSignatures,
    EndConflict,
    EnrolKey,
    EraseEvidence,
    ExcludeIndicator,
    ExtendDeadline,
    FileEvidence,
    FreezeLedger,
    GrantRole,
    IssueDossier,
    IssueResult,
    LinkAccounts,
    ListUnit,
    LodgeAppeal,
    MakeRecommendation,
    MakeStatement,
    MergeEntries,
    NamePredecessor,
    NewAward,
    OpenAccount,
    PinRubric,
    PrintSubtotal,
    ProposeDestruction,
    PublishMaterial,
    PublishResult,
    PublishRubric,
    RaiseFinding,
    RaiseObjection,
    RecogniseBonus,
    RecordPenalty,
    RecordRanking,
    RecordReceipt,
    RecordYearNotice,
    RecuseAccount,
    RefuseBonus,
    RegisterDocument,
    ReopenCase,
    RepinRubric,
    RequestRectification,
    RequestReopening,
    RespondRectification,
    RestateClaim,
    RestateFigure,
    RetireKey,
    ReturnRectification,
    ReturnSubmission,
    RevokeRole,
    SendDraft,
    SetEntryAside,
    SetRetention,
    SetTimeZone,
    SubmitFigure,
    SubmitSelfEvaluation,
    SupersedeRubric,
    TakeCheckpoint,
    WithdrawAdjustment,
    WithdrawAppeal,
    WithdrawFigure,
)
from ledger.events import Role
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.store import Entry, NewEntry, Store
from ledger.values import Figure
from tests.support.later_life import (
    ASKED,
    BEGUN,
    CONTESTED,
    DRAFTED,
    EXAMINED,
    FILLED_IN,
    HANDED_IN,
    LETTER,
    OVER,
    PEOPLE,
    SENT_OUT,
    WANTED_BACK,
)
from tests.support.places import Places
from tests.support.postgres import Databases
from tests.support.small_case import CASE, OPEN_CASE, RUBRIC, Story, on
from tests.support.specification import Memory, moment, told

When = Literal["none", "open", "submitted", "draft", "issued", "closed"]
STAGES: Final[tuple[When, ...]] = ("none", "open", "submitted", "draft", "issued", "closed")
WHO: Final[dict[Role, str]] = {
    "unit": "filer",
    "reviewer": "reviewer",
    "lead-reviewer": "lead",
    "bureau": "clerk",
    "auditor": "auditor",
    "administrator": "admin",
}
"""An account of each role; the first four belong to this case."""

STRANGERS: Final = ("other-filer", "other-reviewer", "other-clerk")
"""Accounts with the same roles in organisations that have no part in this case."""

LIFE: Final[dict[When, Story]] = {
    "none": PEOPLE,
    "open": FILLED_IN,
    "submitted": EXAMINED,
    "draft": DRAFTED,
    "issued": CONTESTED,
    "closed": OVER,
}
"""The case at each stage, with something there for each command to act on."""

OBJECTED: Final = DRAFTED + on(
    "2023-09-08",
    ("filer", RaiseObjection(objection="service", indicator="service", statement="投诉不实")),
)
LISTING: Final = on("2023-09-09", ("filer", ListUnit(member="bureau", name="局本级")))
KEPT: Final[Story] = OVER + on(
    "2024-04-01",
    ("clerk", SetRetention(term="10-years", starts=date(2014, 1, 1), number="财档〔2014〕1号")),
)
PROPOSED: Final[Story] = KEPT + on(
    "2024-04-02",
    ("second-clerk", ProposeDestruction(number="1", reason="期满", evidence=("a" * 64,))),
)
APPRAISED: Final[Story] = PROPOSED + on(
    "2024-04-03",
    (
        "second-clerk",
        AppraiseDestruction(number="1", outcome="destroy", justification="逐件鉴定"),
    ),
)
OTHERWISE: Final[dict[tuple[str, When], Story]] = {
    ("pin-rubric", "open"): BEGUN,
    ("define-scope", "open"): FILLED_IN + LISTING,
    ("define-scope", "submitted"): EXAMINED + LISTING,
    ("define-scope", "draft"): DRAFTED + LISTING,
    ("return-submission", "submitted"): HANDED_IN,
    ("commission-review", "submitted"): HANDED_IN,
    ("answer-objection", "draft"): OBJECTED,
    ("record-receipt", "issued"): SENT_OUT,
    ("close-case", "issued"): ASKED,
    ("propose-destruction", "closed"): KEPT,
    ("appraise-destruction", "closed"): PROPOSED,
    ("decide-destruction", "closed"): APPRAISED,
    ("reopen-case", "closed"): WANTED_BACK,
}
"""Where a command needs a case at that stage which another command could not use."""

FIGURE: Final = Figure(id="spent", indicator="spending", name="支出数", value="191")
EVERY: Final[dict[str, Command]] = {
    "open-account": OpenAccount(account="newcomer", organisation="parks"),
    "grant-role": GrantRole(account="filer", role="auditor"),
    "merge-entries": MergeEntries(sha256="a" * 64, streams=()),
    "set-time-zone": SetTimeZone(zone="Asia/Shanghai"),
    "enrol-key": EnrolKey(account="filer", scheme="ed25519", public="AAAA"),
    "countersign-key": CountersignKey(account="filer", fingerprint="a" * 64),
    "retire-key": RetireKey(account="filer", fingerprint="a" * 64, reason="遗失"),
    "demand-signatures": DemandSignatures(since=date(2027, 1, 1), only=CASE),
    "declare-conflict": DeclareConflict(account="nobody", unit="parks", reason="亲属"),
    "end-conflict": EndConflict(account="filer", unit="parks", reason="已离任"),
    "link-accounts": LinkAccounts(account="filer", also="reviewer", reason="同一人"),
    "freeze-ledger": FreezeLedger(year=2024),
    "name-predecessor": NamePredecessor(
        year=2023, origin="parks.example/2023", size=9, root="a" * 64, vkey="k"
    ),
    "carry-account": CarryAccount(
        account="newcomer", organisation="parks", position=0, roles=("unit",)
    ),
    "take-checkpoint": TakeCheckpoint(checkpoint="parks.example\n1\nAAAA\n\nsigned\n"),
    "record-ranking": RecordRanking(year=2023, cases=1, entries=0, root="a" * 64),
    "record-year-notice": RecordYearNotice(
        bureau="finance-bureau",
        year=2024,
        number="财绩〔2024〕9号",
        sha256="b" * 64,
        result_due="2024-12-31",
    ),
    "set-entry-aside": SetEntryAside(position=0, reason="非本程序写入"),
    "revoke-role": RevokeRole(account="other-filer", role="unit", reason="轮岗"),
    "publish-rubric": PublishRubric(source=RUBRIC.replace('"2023"', '"2024"')),
    "supersede-rubric": SupersedeRubric(
        rubric="small", edition="2023", by_edition="2023-clocks", reason="增加期限"
    ),
    "open-case": OPEN_CASE,
    "pin-rubric": PinRubric(rubric="small", edition="2023"),
    "repin-rubric": RepinRubric(edition="2023", reason="更正"),
    "commission-review": CommissionReview(agency="other-agency", agency_name="另一家"),
    "assign-work": AssignWork(account="reviewer", indicators=("plan",), reason="熟悉"),
    "recuse-account": RecuseAccount(account="reviewer", reason="曾任职"),
    "register-document": RegisterDocument(
        document="report", title="自评报告", sha256="d" * 64, form="copy", parts=("附件1",)
    ),
    "list-unit": ListUnit(member="branch", name="分局"),
    "define-scope": DefineScope(scope="本级", members=("bureau",)),
    "make-statement": MakeStatement(item="promise", kind="promise", statement="年内盘活"),
    "print-subtotal": PrintSubtotal(
        item="total", label="合计", column="awarded", printed_score=Decimal(93)
    ),
    "publish-material": PublishMaterial(title="自评报告", place="门户网站"),
    "submit-figure": SubmitFigure(figure=FIGURE),
    "withdraw-figure": WithdrawFigure(figure="spent", reason="有误"),
    "file-evidence": FileEvidence(evidence=LETTER),
    "claim-score": ClaimScore(indicator="service", score=Decimal(27)),
    "claim-bonus": ClaimBonus(item="medal", title="奖章", points=Decimal("1.5")),
    "submit-self-evaluation": SubmitSelfEvaluation(),
    "return-submission": ReturnSubmission(reason="缺数"),
    "restate-figure": RestateFigure(figure=FIGURE, reason="核实"),
    "confirm-figure": ConfirmFigure(figure="spent"),
    "restate-claim": RestateClaim(indicator="plan", score=Decimal(30), reason="照表"),
    "confirm-score": ConfirmScore(indicator="plan"),
    "adjust-score": AdjustScore(indicator="service", award=Decimal(20), justification="又有投诉"),
    "exclude-indicator": ExcludeIndicator(
        indicator="service", justification="没有服务对象", ground="内设机构"
    ),
    "countersign-adjustment": CountersignAdjustment(indicator="spending"),
    "amend-reason": AmendReason(
        indicator="service", reason="条款引用有误", number="更正2号", clause="附件1 第三条之二"
    ),
    "withdraw-adjustment": WithdrawAdjustment(indicator="service", reason="有误"),
    "recognise-bonus": RecogniseBonus(item="flag", points=Decimal(1), justification="有文件"),
    "refuse-bonus": RefuseBonus(item="flag", justification="没有文件"),
    "record-penalty": RecordPenalty(
        item="leak", title="泄密", points=Decimal(2), justification="通报"
    ),
    "raise-finding": RaiseFinding(finding="third", title="第三", statement="第三个问题"),
    "make-recommendation": MakeRecommendation(
        recommendation="first", title="建议", statement="改进"
    ),
    "send-draft": SendDraft(),
    "raise-objection": RaiseObjection(objection="plan", indicator="plan", statement="应再核"),
    "answer-objection": AnswerObjection(
        objection="service", outcome="accepted", award=Decimal(28), justification="投诉不实"
    ),
    "deliver-report": DeliverReport(printed_total=Decimal(93)),
    "issue-result": IssueResult(printed_total=Decimal(93)),
    "record-receipt": RecordReceipt(received=date(2023, 12, 29)),
    "correct-result": CorrectResult(
        number="更1号", indicator="plan", award=Decimal(29), justification="笔误"
    ),
    "publish-result": PublishResult(place="门户网站"),
    "lodge-appeal": LodgeAppeal(appeal="second", indicators=("plan",), statement="应再核"),
    "withdraw-appeal": WithdrawAppeal(appeal="complaints", reason="已沟通"),
    "decide-appeal": DecideAppeal(
        appeal="complaints",
        outcome="upheld",
        justification="投诉不实",
        awards=(NewAward(indicator="service", award=Decimal(28)),),
    ),
    "request-rectification": RequestRectification(
        request="third", findings=("complaints",), demand="公开办结情况"
    ),
    "respond-rectification": RespondRectification(request="hotline", statement="已设专线"),
    "return-rectification": ReturnRectification(request="payments", reason="没有凭证"),
    "accept-rectification": AcceptRectification(request="payments"),
    "extend-deadline": ExtendDeadline(
        request="payments", due=date(2024, 5, 31), reason="银行系统升级"
    ),
    "erase-evidence": EraseEvidence(sha256="a" * 64, ground="个人信息"),
    "set-retention": SetRetention(
        term="30-years", starts=date(2025, 1, 1), number="财档〔2024〕2号"
    ),
    "propose-destruction": ProposeDestruction(number="1", reason="期满", evidence=("a" * 64,)),
    "appraise-destruction": AppraiseDestruction(
        number="1", outcome="destroy", justification="逐件鉴定"
    ),
    "decide-destruction": DecideDestruction(number="1", outcome="approved"),
    "close-case": CloseCase(reason="余下转下一年度"),
    "request-reopening": RequestReopening(reason="发现新的证据"),
    "reopen-case": ReopenCase(),
    "issue-dossier": IssueDossier(enclosures=()),
}

ALWAYS: Final = "none open submitted draft issued closed"
IN_A_CASE: Final = "open submitted draft issued closed"
REVIEW: Final = "reviewer lead-reviewer"
UNIT_AND_REVIEW: Final = "unit reviewer lead-reviewer"
TABLE: Final[dict[str, tuple[str, str]]] = {
    #                         who                          when
    "open-account": ("administrator", ALWAYS),
    "grant-role": ("administrator", ALWAYS),
    "revoke-role": ("administrator", ALWAYS),
    "merge-entries": ("administrator", ALWAYS),
    "set-time-zone": ("administrator", ""),  # the ledgers here are in use
    # Keys: whose they are is asked by tests/ledger/test_author_signature.py.
    "enrol-key": ("unit reviewer lead-reviewer bureau auditor administrator", ""),
    "countersign-key": ("administrator", ""),
    "retire-key": ("unit reviewer lead-reviewer bureau auditor administrator", ""),
    "demand-signatures": ("administrator", ""),  # nobody here has a key
    # Whose interests they are is asked by tests/ledger/decide/test_staffing.py.
    "declare-conflict": ("unit reviewer lead-reviewer bureau auditor administrator", ""),
    "end-conflict": ("administrator", ""),
    "link-accounts": ("administrator", ALWAYS),
    "record-ranking": ("bureau", ALWAYS),
    "freeze-ledger": ("administrator", ALWAYS),
    "name-predecessor": ("administrator", ALWAYS),
    "carry-account": ("administrator", ""),
    "take-checkpoint": ("administrator", ALWAYS),
    "record-year-notice": ("bureau", ALWAYS),
    "set-entry-aside": ("administrator", ALWAYS),
    "publish-rubric": ("bureau", ALWAYS),
    "supersede-rubric": ("bureau", ALWAYS),
    "open-case": ("bureau", "none"),
    "pin-rubric": ("bureau", "open"),
    "repin-rubric": ("bureau", "open submitted draft"),
    "commission-review": ("bureau", "open submitted"),
    "assign-work": ("lead-reviewer", "open submitted draft issued"),
    "recuse-account": (f"{REVIEW} bureau", "open submitted draft issued"),
    "register-document": ("unit reviewer lead-reviewer bureau", "open submitted draft issued"),
    "list-unit": (UNIT_AND_REVIEW, "open submitted draft"),
    "define-scope": (UNIT_AND_REVIEW, "open submitted draft"),
    "make-statement": (UNIT_AND_REVIEW, "open submitted draft issued"),
    "print-subtotal": (UNIT_AND_REVIEW, "open submitted draft"),
    "publish-material": ("unit reviewer lead-reviewer bureau", IN_A_CASE),
    "submit-figure": ("unit", "open"),
    "withdraw-figure": ("unit", "open"),
    "file-evidence": ("unit reviewer lead-reviewer bureau", "open submitted draft issued"),
    "claim-score": ("unit", "open"),
    "claim-bonus": ("unit", "open"),
    "submit-self-evaluation": ("unit", "open"),
    "return-submission": ("reviewer lead-reviewer bureau", "submitted"),
    "restate-figure": (REVIEW, "submitted draft"),
    "confirm-figure": (REVIEW, "submitted draft"),
    "restate-claim": (REVIEW, "submitted draft"),
    "confirm-score": (REVIEW, "submitted draft"),
    "adjust-score": (REVIEW, "submitted draft"),
    "exclude-indicator": (REVIEW, "submitted draft"),
    "countersign-adjustment": (REVIEW, "submitted draft"),
    "amend-reason": (f"{REVIEW} bureau", "submitted draft issued"),
    "withdraw-adjustment": (REVIEW, "submitted draft"),
    "recognise-bonus": (REVIEW, "submitted draft"),
    "refuse-bonus": (REVIEW, "submitted draft"),
    "record-penalty": (REVIEW, "submitted draft"),
    "raise-finding": (REVIEW, "submitted draft"),
    "make-recommendation": (REVIEW, "submitted draft"),
    "send-draft": ("reviewer lead-reviewer bureau", "submitted draft"),
    "raise-objection": ("unit", "draft"),
    "answer-objection": (REVIEW, "draft"),
    "deliver-report": (REVIEW, "submitted draft"),
    "issue-result": ("bureau", "submitted draft"),
    "record-receipt": ("unit bureau", "issued"),
    "correct-result": ("bureau", "issued"),
    "publish-result": ("unit bureau", "issued closed"),
    "lodge-appeal": ("unit", "issued"),
    "withdraw-appeal": ("unit", "issued"),
    "decide-appeal": ("bureau", "issued"),
    "request-rectification": ("bureau", "issued"),
    "respond-rectification": ("unit", "issued"),
    "return-rectification": ("bureau", "issued"),
    "accept-rectification": ("bureau", "issued"),
    "extend-deadline": ("bureau", "issued"),
    "erase-evidence": ("bureau", IN_A_CASE),
    "set-retention": ("bureau", IN_A_CASE),
    "propose-destruction": ("bureau", "closed"),
    "appraise-destruction": ("bureau", "closed"),
    "decide-destruction": ("bureau", "closed"),
    "close-case": ("bureau", "issued"),
    "request-reopening": ("bureau", "closed"),
    "reopen-case": ("bureau", "closed"),
    "issue-dossier": ("bureau", IN_A_CASE),
}

PARTED: Final = {
    ("amend-reason", "submitted"): REVIEW,
    ("amend-reason", "draft"): REVIEW,
    ("amend-reason", "issued"): "bureau",
}
"""Who of them, where that is another at another stage."""

CELLS: Final = [(stage, name) for stage in STAGES for name in TABLE]
FILLED: Final = [(stage, name) for stage, name in CELLS if stage in TABLE[name][1].split()]
"""The cells in which somebody may do something."""

FOR_NO_CASE: Final = {
    *("publish-rubric", "supersede-rubric"),
    *("enrol-key", "retire-key", "declare-conflict"),
    *("record-ranking", "record-year-notice"),
}


def story(name: str, stage: When) -> Story:
    return OTHERWISE.get((name, stage), LIFE[stage])


def asked(name: str, account: str, stray: int = 0) -> CommandEnvelope:
    command = EVERY[name]
    if isinstance(command, SetEntryAside):
        command = replace(command, position=stray)
    return CommandEnvelope(
        case=CASE, by=account, dated=date(2024, 5, 1), id="asked", command=command
    )


@pytest.fixture(scope="module")
def stored(
    database: Databases | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Story], Store]]:
    """A real store with a history in it, the same each time it is asked for."""
    with Places(tmp_path_factory.mktemp("stored"), database) as places, ExitStack() as opened:

        @cache
        def with_history(told_by: Story) -> Store:
            store = opened.enter_context(Store.open(places.ledger().target))
            store.append(
                [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(told_by)]
            )
            return store

        yield with_history


def test_the_table_knows_every_command() -> None:
    assert set(TABLE) == set(EVERY) == set(COMMANDS)


@pytest.mark.server_sample(8)
@pytest.mark.parametrize(("stage", "name"), FILLED)
def test_who_may_does_it(stage: When, name: str) -> None:
    roles = PARTED.get((name, stage), TABLE[name][0])
    for role in (role for role in WHO if role in roles.split()):
        log = told(story(name, stage))
        stray = Entry(len(log), "stray", 1, "?", b"?")
        act = asked(name, WHO[role], len(log))
        (outcome,) = Ledger(Memory([*log, stray])).handle([act], moment(59))

        assert outcome.recorded
        assert [one.by.role for one in outcome.recorded] == [role] * len(outcome.recorded)


@pytest.mark.server_sample(8)
@pytest.mark.parametrize(("stage", "name"), CELLS)
def test_nobody_else_leaves_a_trace(
    stored: Callable[[Story], Store], stage: When, name: str
) -> None:
    roles, stages = TABLE[name]
    store = stored(story(name, stage))
    before = list(store.audit())
    for role, account in WHO.items():
        if role not in roles.split():
            assert refusal(store, name, account) == "role"
        elif stage not in stages.split():
            assert refusal(store, name, account) in {
                "stage",
                "no-case",
                "case-exists",
                "time-zone-set",
                "public-key",
                "others-key",
                "unknown-key",
                "no-conflict",
                "no-predecessor",
                "others-conflict",
                "unknown-account",
                "too-few-signers",
            }
        elif role not in PARTED.get((name, stage), roles).split():
            assert refusal(store, name, account) == "amendment-by"
    assert list(store.audit()) == before


@pytest.mark.server_sample(8)
@pytest.mark.parametrize("name", [name for name in TABLE if name not in FOR_NO_CASE])
def test_the_same_role_of_another_organisation_leaves_no_trace_either(
    stored: Callable[[Story], Store], name: str
) -> None:
    """Except where a role acts for no case: rubrics, and a case of one's own."""
    for stage in STAGES[1:]:
        store = stored(story(name, stage))
        before = list(store.audit())
        assert {refusal(store, name, who) for who in STRANGERS} <= {
            "role",
            "organisation",
            "no-agency",
        }
        assert list(store.audit()) == before


def refusal(store: Store, name: str, account: str) -> str:
    """The rule by which a real store refuses an act."""
    with pytest.raises(EnvelopeRefused) as error:
        Ledger(store).handle([asked(name, account)], moment(59))
    return error.value.refused.rule


def test_an_auditor_and_an_administrator_write_nothing_in_a_case() -> None:
    own = {"enrol-key", "retire-key", "declare-conflict"}  # of one's own, in the register
    writing = {name for name, (roles, _) in TABLE.items() if "auditor" in roles} - own
    administering = {name for name, (roles, _) in TABLE.items() if "administrator" in roles}

    assert writing == set()
    assert administering == {
        "open-account",
        "grant-role",
        "revoke-role",
        "merge-entries",
        "set-time-zone",
        "enrol-key",
        "countersign-key",
        "retire-key",
        "demand-signatures",
        "declare-conflict",
        "end-conflict",
        "link-accounts",
        "freeze-ledger",
        "name-predecessor",
        "carry-account",
        "take-checkpoint",
        "set-entry-aside",
    }
