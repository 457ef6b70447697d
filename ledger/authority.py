"""Who may do what, and who may not do both.

A role says which commands; the organisation says in which case. Only the reviewed unit files, only
the commissioned agency adjusts, only the bureau issues, and nobody signs an award of their own.
"""

from collections.abc import Mapping
from typing import Final, get_args

from ledger import refusals
from ledger.account_registry import Account
from ledger.case import Case
from ledger.commands import (
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
    OpenAccount,
    OpenCase,
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
    kebab,
)
from ledger.envelope import Actor
from ledger.events import Role
from ledger.language import Text, listing
from ledger.rule_editions import RuleEdition
from ledger.terms import COMMANDS, ROLES
from ledger.values import OrganisationId

_UNIT: Final[tuple[Role, ...]] = ("unit",)
_AGENCY: Final[tuple[Role, ...]] = ("reviewer", "lead-reviewer")
_LEAD: Final[tuple[Role, ...]] = ("lead-reviewer",)
_BUREAU: Final[tuple[Role, ...]] = ("bureau",)
_NOBODY: Final = ""  # the part of an agency before one is commissioned: no account has it
_ADMINISTRATOR: Final[tuple[Role, ...]] = ("administrator",)

MAY: Final[Mapping[type[Command], tuple[Role, ...]]] = {
    OpenAccount: _ADMINISTRATOR,
    GrantRole: _ADMINISTRATOR,
    RevokeRole: _ADMINISTRATOR,
    SetTimeZone: _ADMINISTRATOR,
    EnrolKey: get_args(Role),
    CountersignKey: _ADMINISTRATOR,
    RetireKey: (*_ADMINISTRATOR, *get_args(Role)[:-1]),
    DemandSignatures: _ADMINISTRATOR,
    DeclareConflict: (*_ADMINISTRATOR, *get_args(Role)[:-1]),
    EndConflict: _ADMINISTRATOR,
    LinkAccounts: _ADMINISTRATOR,
    RecordRanking: _BUREAU,
    RecordYearNotice: _BUREAU,
    FreezeLedger: _ADMINISTRATOR,
    NamePredecessor: _ADMINISTRATOR,
    CarryAccount: _ADMINISTRATOR,
    TakeCheckpoint: _ADMINISTRATOR,
    MergeEntries: _ADMINISTRATOR,
    SetEntryAside: _ADMINISTRATOR,
    PublishRubric: _BUREAU,
    SupersedeRubric: _BUREAU,
    OpenCase: _BUREAU,
    PinRubric: _BUREAU,
    RepinRubric: _BUREAU,
    CommissionReview: _BUREAU,
    AssignWork: _LEAD,
    RecuseAccount: (*_AGENCY, *_BUREAU),
    RegisterDocument: (*_UNIT, *_AGENCY, *_BUREAU),
    ListUnit: (*_UNIT, *_AGENCY),
    DefineScope: (*_UNIT, *_AGENCY),
    MakeStatement: (*_UNIT, *_AGENCY),
    PrintSubtotal: (*_UNIT, *_AGENCY),
    PublishMaterial: (*_UNIT, *_AGENCY, *_BUREAU),
    SubmitFigure: _UNIT,
    WithdrawFigure: _UNIT,
    FileEvidence: (*_UNIT, *_AGENCY, *_BUREAU),
    ClaimScore: _UNIT,
    ClaimBonus: _UNIT,
    SubmitSelfEvaluation: _UNIT,
    ReturnSubmission: (*_AGENCY, *_BUREAU),
    RestateFigure: _AGENCY,
    ConfirmFigure: _AGENCY,
    RestateClaim: _AGENCY,
    ConfirmScore: _AGENCY,
    AdjustScore: _AGENCY,
    ExcludeIndicator: _AGENCY,
    CountersignAdjustment: _AGENCY,
    AmendReason: (*_AGENCY, *_BUREAU),
    WithdrawAdjustment: _AGENCY,
    RecogniseBonus: _AGENCY,
    RefuseBonus: _AGENCY,
    RecordPenalty: _AGENCY,
    RaiseFinding: _AGENCY,
    MakeRecommendation: _AGENCY,
    SendDraft: (*_AGENCY, *_BUREAU),
    RaiseObjection: _UNIT,
    AnswerObjection: _AGENCY,
    DeliverReport: _AGENCY,
    IssueResult: _BUREAU,
    RecordReceipt: (*_UNIT, *_BUREAU),
    CorrectResult: _BUREAU,
    PublishResult: (*_UNIT, *_BUREAU),
    LodgeAppeal: _UNIT,
    WithdrawAppeal: _UNIT,
    DecideAppeal: _BUREAU,
    RequestRectification: _BUREAU,
    RespondRectification: _UNIT,
    ReturnRectification: _BUREAU,
    AcceptRectification: _BUREAU,
    ExtendDeadline: _BUREAU,
    EraseEvidence: _BUREAU,
    SetRetention: _BUREAU,
    ProposeDestruction: _BUREAU,
    AppraiseDestruction: _BUREAU,
    DecideDestruction: _BUREAU,
    CloseCase: _BUREAU,
    RequestReopening: _BUREAU,
    ReopenCase: _BUREAU,
    IssueDossier: _BUREAU,
}


def authorise(
    command: Command,
    case: Case,
    account: Account,
    rules: RuleEdition,  # noqa: ARG001 - for the first right that becomes narrower
) -> Actor:
    """The account in the role that lets it ask for this command.

    Args:
        command: what is asked for.
        case: the state folded from its history.
        account: who asks.
        rules: the edition of the rules to judge by.

    Raises:
        CommandRefused: no role of the account may do it (`role`), its organisation has another
            part in the case, or none (`organisation`), its holder is recused from the case
            (`recused`), or would decide on what they did themselves (`own-award`, `own-request`).
    """
    actor = _actor(command, case, account)
    _check_whose_key(command, account)
    _check_whose_interest(command, account)
    _check_recusal(command, case, account)
    _check_own_work(command, case, account)
    return actor


def _actor(command: Command, case: Case, account: Account) -> Actor:
    """The account in the first of its roles that allows a command and has a part in the case."""
    roles = roles_for(type(command), account)
    for role in roles:
        part = _part(role, command, case)
        if part is None or part == account.organisation:
            return Actor(account=account.id, role=role, organisation=account.organisation)
    title, wanted = _title(type(command)), _part(roles[0], command, case)
    if wanted == _NOBODY:
        raise refusals.no_agency_yet(title, case.id)
    raise refusals.other_organisation(title, account.id, account.organisation, wanted or _NOBODY)


def roles_for(kind: type[Command], account: Account) -> list[Role]:
    """The roles of an account that allow a command, in any case.

    Raises:
        CommandRefused: none does (`role`).
    """
    allowed = MAY[kind]
    if roles := [role for role in allowed if role in account.roles]:
        return roles
    raise refusals.role_missing(
        _title(kind),
        account.id,
        listing(ROLES[role] for role in allowed),
    )


def _title(kind: type[Command]) -> Text:
    return COMMANDS[kebab(kind.__name__)]


def _check_whose_key(command: Command, account: Account) -> None:
    """Each enrols keys of their own, which somebody else countersigns.

    Raises:
        CommandRefused: it is somebody else's key, or one's own.
    """
    if not isinstance(command, EnrolKey | CountersignKey | RetireKey):
        return
    is_own = command.account in account.persons
    if isinstance(command, CountersignKey) and is_own:
        raise refusals.own_key(account.id)
    is_others = not is_own and "administrator" not in account.roles
    if (not is_own and isinstance(command, EnrolKey)) or is_others:
        raise refusals.others_key(account.id, command.account)


def _check_whose_interest(command: Command, account: Account) -> None:
    """All declare their own interests; who leads or keeps the register, those of others too.

    Raises:
        CommandRefused: it is somebody else's, or an end of one's own.
    """
    if not isinstance(command, DeclareConflict | RecuseAccount | EndConflict):
        return
    is_own = command.account in account.persons
    if isinstance(command, EndConflict) and is_own:
        raise refusals.own_conflict(account.id)
    if not is_own and not account.roles & _SEES_TO_OTHERS[type(command)]:
        raise refusals.others_conflict(account.id, command.account)


_SEES_TO_OTHERS: Final[Mapping[type[Command], frozenset[Role]]] = {
    DeclareConflict: frozenset({"administrator", "bureau"}),
    EndConflict: frozenset({"administrator"}),
    RecuseAccount: frozenset({"lead-reviewer", "bureau"}),
}
"""Who records the interests of others."""


def _check_recusal(command: Command, case: Case, account: Account) -> None:
    """Nobody does anything in a case that they are recused from, under any of their accounts.

    Raises:
        CommandRefused: they are (`recused`).
    """
    if case.opened is None:
        if isinstance(command, OpenCase) and command.unit in account.conflicts:
            raise refusals.recused(account.id)
    elif account.persons & case.recused or case.unit in account.conflicts:
        raise refusals.recused(account.id)


def _check_own_work(command: Command, case: Case, account: Account) -> None:
    """Nobody decides on what they did, under any of their accounts.

    Raises:
        CommandRefused: they would (`own-award`, `own-request`, `own-list`).
    """
    match command:
        case CountersignAdjustment(indicator=row):
            award = case.in_force.get(row)
            if award is not None and award.by in account.persons:
                raise refusals.own_award_signed(account.id)
        case DecideAppeal(appeal=name):
            appeal = case.appeals.get(name)
            # A correction in the meantime makes its author a party as well.
            if appeal and account.persons & (appeal.parties | case.parties(appeal.contests)):
                raise refusals.own_award_appealed(account.id)
        case ReopenCase():
            if case.reopening is not None and case.reopening[1] in account.persons:
                raise refusals.own_request(account.id)
        case DecideDestruction(number=number):
            # Destruction takes two persons: who proposed or appraised a list does not decide on it.
            listed = case.destruction
            is_next = listed and (listed.number, listed.state) == (number, "appraised")
            if listed and is_next and account.persons & set(listed.signers):
                raise refusals.own_list(account.id, number)
        case _:
            return


def check_named(command: Command, case: Case, by: Actor, named: Account) -> None:
    """Whether the account that a command about a case names can be meant.

    Args:
        command: what is asked for.
        case: the state folded from its history.
        by: who asks.
        named: by the command.

    Raises:
        CommandRefused: the review is not for it (`not-a-reviewer`), it is recused (`recused`), or
            an agency would recuse somebody else's (`others-conflict`).
    """
    if isinstance(command, AssignWork):
        if named.organisation != case.agency or not named.roles & {*_AGENCY}:
            raise refusals.not_a_reviewer(named.id)
        if case.unit in named.conflicts or named.persons & case.recused:
            raise refusals.recused(named.id)
    may_be_named = by.role in _BUREAU or named.organisation == by.organisation
    if isinstance(command, RecuseAccount) and not may_be_named:
        raise refusals.others_conflict(by.account, named.id)


def may(kind: type[Command], case: Case, account: Account) -> bool:
    """Whether the roles and the organisation of an account allow a command in an open case.

    The state of the case is not needed: a command may be allowed to somebody and too early.
    """
    return any(
        _holder(role, case) in {None, account.organisation}
        for role in MAY[kind]
        if role in account.roles
    )


def _part(role: Role, command: Command, case: Case) -> OrganisationId | None:
    """The organisation that plays the role's part in the case; `None` where any may."""
    if isinstance(command, OpenCase | RecordYearNotice):
        return command.bureau
    return _holder(role, case)


def _holder(role: Role, case: Case) -> OrganisationId | None:
    """The organisation that plays a role's part in an open case; `None` where any may."""
    if case.opened is None:
        return None
    match role:
        case "unit":
            return case.unit
        case "bureau":
            return case.bureau
        case "reviewer" | "lead-reviewer":
            return case.agency or _NOBODY
        case _:
            return None
