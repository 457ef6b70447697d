from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from ledger.account_registry import AccountRegistry, decide_register, evolve_register
from ledger.commands import (
    CarryAccount,
    ClaimScore,
    FreezeLedger,
    GrantRole,
    NamePredecessor,
    OpenAccount,
    PublishRubric,
    RecordRanking,
    RevokeRole,
    SetEntryAside,
    SetTimeZone,
    TakeCheckpoint,
)
from ledger.events import (
    AccountCarriedOver,
    AccountOpened,
    CarriedKey,
    CheckpointTaken,
    EntriesMerged,
    EntrySetAside,
    LedgerFrozen,
    PredecessorNamed,
    RankingRecorded,
    RegisterEvent,
    RoleGranted,
    RoleRevoked,
    TimeZoneSet,
)
from ledger.ledger import Ledger
from ledger.log.tree import leaf_hash
from ledger.refusals import CommandRefused
from ledger.rule_editions import CURRENT
from ledger.store import Entry
from tests.support.small_case import OPENED, RUBRIC
from tests.support.specification import Given, Memory, founded, given

OPEN = OpenAccount(account="newcomer", organisation="review-agency", roles=("reviewer", "auditor"))
GRANT = GrantRole(account="reviewer", role="auditor")
REVOKE = RevokeRole(account="reviewer", role="reviewer", reason="调离")


def test_the_administrator_opens_an_account_with_its_first_roles() -> None:
    given().when(OPEN, by="admin").then(
        AccountOpened(account="newcomer", organisation="review-agency"),
        RoleGranted(account="newcomer", role="reviewer"),
        RoleGranted(account="newcomer", role="auditor"),
    )


def test_an_account_is_opened_once() -> None:
    again = OpenAccount(account="reviewer", organisation="other-agency")
    given().when(again, by="admin").then_refused("account-exists", "reviewer")


def test_a_role_is_granted_once() -> None:
    granted = given().when(GRANT, by="admin").then(RoleGranted(account="reviewer", role="auditor"))
    granted.again().when(GRANT, by="admin", key="again").then_refused("role-held", "auditor")


def test_a_role_is_revoked_once_and_with_a_reason() -> None:
    revoked = (
        given()
        .when(REVOKE, by="admin")
        .then(RoleRevoked(account="reviewer", role="reviewer", reason="调离"))
    )
    revoked.again().when(REVOKE, by="admin", key="again").then_refused("role-not-held", "reviewer")
    mute = RevokeRole(account="reviewer", role="reviewer", reason=" ")
    given().when(mute, by="admin").then_refused("unreadable", "reason")


def test_an_account_sent_twice_is_opened_once() -> None:
    opened = given().when(OPEN, by="admin")
    opened.again().when(OPEN, by="admin").then_nothing()


@pytest.mark.parametrize("command", [GRANT, REVOKE])
def test_roles_belong_to_accounts_that_exist(command: GrantRole | RevokeRole) -> None:
    with pytest.raises(CommandRefused) as refused:
        decide_register(command, AccountRegistry(), CURRENT)

    assert refused.value.rule == "unknown-account"
    assert refused.value.subject == "reviewer"


@pytest.mark.parametrize("command", [OPEN, GRANT, REVOKE])
@pytest.mark.parametrize("account", ["clerk", "filer", "lead", "auditor"])
def test_only_an_administrator_touches_the_register(
    command: OpenAccount | GrantRole | RevokeRole, account: str
) -> None:
    given().when(command, by=account).then_refused("role", "管理员")


def test_a_revoked_role_works_no_longer_and_a_granted_one_at_once() -> None:
    revoke_admin = RevokeRole(account="admin", role="administrator", reason="交接")
    handed_over = (
        given()
        .when(GrantRole(account="auditor", role="administrator"), by="admin", key="grant")
        .again()
        .when(revoke_admin, by="admin", key="revoke")
        .again()
    )
    handed_over.when(OPEN, by="admin").then_refused("role")
    handed_over.when(GRANT, by="auditor").then(RoleGranted(account="reviewer", role="auditor"))


def test_the_last_administrator_stays() -> None:
    revoke = RevokeRole(account="admin", role="administrator", reason="离任")
    given().when(revoke, by="admin").then_refused("last-administrator", "最后一个管理员")


STRAY = Entry(len(founded()), "stray", 1, "?", b"\xff")
ASIDE = SetEntryAside(position=STRAY.position or 0, reason="非本程序写入")


def test_what_means_nothing_is_set_aside_once() -> None:
    aside = (
        Given((*founded(), STRAY))
        .when(ASIDE, by="admin")
        .then(
            EntrySetAside(
                position=ASIDE.position, leaf=leaf_hash(STRAY.entry).hex(), reason=ASIDE.reason
            )
        )
    )
    aside.again().when(ASIDE, by="admin", key="again").then_refused("set-aside", "already")


def test_no_entry_that_is_sound_or_not_there_is_set_aside() -> None:
    sound = replace(ASIDE, position=0)
    given().when(sound, by="admin").then_refused("sound-entry", "register:accounts v1")
    given().when(ASIDE, by="admin").then_refused("no-entry", str(ASIDE.position))


AT = "2024-01-05T01:00:00.000000Z"
BERLIN = SetTimeZone(zone="Europe/Berlin")


def test_the_time_zone_is_set_before_anybody_can_record_anything_and_once() -> None:
    new = AccountRegistry()
    (event,) = decide_register(BERLIN, new, CURRENT)
    assert event == TimeZoneSet(zone="Europe/Berlin")

    befores: list[list[RegisterEvent]] = [
        [event],
        [RoleGranted(account="newcomer", role="bureau")],
        [
            RoleGranted(account="newcomer", role="bureau"),
            RoleRevoked(account="newcomer", role="bureau", reason="调离"),
        ],
        [EntriesMerged(sha256="a" * 64, streams=())],
    ]
    for before in befores:
        register = AccountRegistry()
        for earlier in before:
            evolve_register(register, earlier)
        with pytest.raises(CommandRefused) as refused:
            decide_register(BERLIN, register, CURRENT)
        assert refused.value.rule == "time-zone-set"


def test_another_administrator_does_not_put_the_ledger_to_use() -> None:
    register = AccountRegistry()
    evolve_register(register, AccountOpened(account="second", organisation="house"))
    evolve_register(register, RoleGranted(account="second", role="administrator"))

    assert decide_register(BERLIN, register, CURRENT) == [TimeZoneSet(zone="Europe/Berlin")]
    given().when(BERLIN, by="admin").then_refused("time-zone-set", "Asia/Shanghai")


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Japan", "localtime", "../etc/passwd", "utc"])
def test_a_zone_that_the_database_does_not_have_is_refused(zone: str) -> None:
    with pytest.raises(CommandRefused) as refused:
        Ledger(Memory([])).initialise("admin", "house", date(2024, 1, 5), AT, (), zone)
    assert (refused.value.rule, refused.value.field) == ("unknown-time-zone", "zone")


RANKING = RecordRanking(year=2023, cases=2, entries=40, root="a" * 64)


def test_the_ranking_of_a_year_is_recorded_and_replaced_with_a_reason() -> None:
    first = given().when(RANKING, by="clerk")
    first.then(
        RankingRecorded(year=2023, cases=2, entries=40, root="a" * 64, replaces=None, reason=None)
    )
    second = replace(RANKING, root="b" * 64, replaces="a" * 64, reason="申诉后更正")
    first.again().when(second, by="clerk", key="second").then(
        RankingRecorded(
            year=2023,
            cases=2,
            entries=40,
            root="b" * 64,
            replaces="a" * 64,
            reason="申诉后更正",
        )
    )
    other_year = replace(RANKING, year=2024)
    assert first.again().when(other_year, by="clerk", key="other").answer


def test_a_ranking_takes_the_place_of_the_one_in_force_and_of_no_other() -> None:
    recorded = given().when(RANKING, by="clerk").again()
    again = replace(RANKING, root="b" * 64)
    recorded.when(again, by="clerk", key="2").then_refused("ranking-replaced", "a" * 64)
    other = replace(again, replaces="c" * 64, reason="更正")
    recorded.when(other, by="clerk", key="2").then_refused("ranking-replaced")
    same = replace(RANKING, replaces="a" * 64, reason="更正")
    recorded.when(same, by="clerk", key="2").then_refused("ranking-replaced")
    given().when(replace(again, replaces="a" * 64), by="clerk").then_refused("ranking-replaced")


def test_another_ranking_needs_a_reason_and_is_the_bureau_s() -> None:
    recorded = given().when(RANKING, by="clerk").again()
    mute = replace(RANKING, root="b" * 64, replaces="a" * 64)
    recorded.when(mute, by="clerk", key="2").then_refused("justification", "2023")
    for account in ("admin", "filer", "reviewer"):
        given().when(RANKING, by=account).then_refused("role", "财政部门")


FREEZE = FreezeLedger(year=2024)
BEFORE = NamePredecessor(year=2023, origin="parks.example/2023", size=9, root="a" * 64, vkey="k")
KEY = CarriedKey(scheme="ed25519", public="A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=")
CARRY = CarryAccount(account="newcomer", organisation="parks", position=4, roles=("unit",))


def test_the_freeze_is_the_last_entry_of_a_ledger() -> None:
    frozen = given().when(FREEZE, by="admin").then(LedgerFrozen(year=2024, reason=None)).again()
    frozen.when(OPEN, by="admin", key="2").then_refused("ledger-frozen", "2024")
    frozen.when(BEFORE, by="admin", key="2").then_refused("ledger-frozen")
    other = replace(FREEZE, reason="更正")
    frozen.when(other, by="admin", key="2").then_refused("ledger-frozen")
    frozen.when(FREEZE, by="admin").then_nothing()


def test_no_case_goes_on_in_a_frozen_ledger() -> None:
    frozen = given(OPENED).when(FREEZE, by="admin").again()
    claim = ClaimScore(indicator="spending", score=Decimal("4.00"))
    frozen.when(claim, by="filer", key="2").then_refused("ledger-frozen", "2024")
    edition = PublishRubric(source=RUBRIC.replace('"2023"', '"2024"'))
    frozen.when(edition, by="clerk", key="2").then_refused("ledger-frozen", "2024")


def test_a_ledger_goes_on_from_one_other_ledger() -> None:
    named = given().when(BEFORE, by="admin")
    named.then(
        PredecessorNamed(year=2023, origin="parks.example/2023", size=9, root="a" * 64, vkey="k")
    )
    other = replace(BEFORE, root="b" * 64)
    named.again().when(other, by="admin", key="2").then_refused("predecessor-named", "parks")


def test_an_account_is_carried_over_with_its_roles_and_keys() -> None:
    named = given().when(BEFORE, by="admin").again()
    carry = replace(CARRY, keys=(KEY,), conflicts=("parks",), linked=("filer",))
    carried = named.when(carry, by="admin", key="2")
    carried.then(
        AccountCarriedOver(
            account="newcomer",
            organisation="parks",
            position=4,
            roles=("unit",),
            keys=(KEY,),
            conflicts=("parks",),
            linked=("filer",),
        )
    )
    register = Ledger(Memory(carried.after)).register()
    (key,) = register.account("newcomer").keys.values()
    assert key.is_active
    assert register.account("newcomer").roles == {"unit"}
    assert register.account("filer").linked == {"newcomer"}
    assert register.account("filer").conflicts == {"parks"}
    third = replace(carry, account="another", conflicts=(), linked=())
    carried.again().when(third, by="admin", key="3").then_refused("key-known", "newcomer")


def test_nobody_who_can_act_is_given_keys_by_carrying_over() -> None:
    given().when(CARRY, by="admin").then_refused("no-predecessor")
    named = given().when(BEFORE, by="admin").again()
    takeover = replace(CARRY, account="filer", keys=(KEY,))
    named.when(takeover, by="admin", key="2").then_refused("account-exists", "filer")
    elsewhere = replace(CARRY, account="admin", organisation="parks")
    named.when(elsewhere, by="admin", key="2").then_refused("account-exists", "admin")
    none = replace(CARRY, keys=(replace(KEY, public="AAAA"),))
    named.when(none, by="admin", key="2").then_refused("public-key")
    own = CarryAccount(
        account="admin", organisation="archive", position=0, roles=("administrator",), keys=(KEY,)
    )
    assert named.when(own, by="admin", key="2").answer


def taken(size: int, root: str = "AAAA") -> TakeCheckpoint:
    return TakeCheckpoint(checkpoint=f"parks.example/2024\n{size}\n{root}\n\n— parks k\n")


def test_checkpoints_of_a_log_are_taken_up_as_it_grows() -> None:
    first = given().when(taken(4), by="admin")
    first.then(CheckpointTaken(checkpoint=taken(4).checkpoint))
    more = first.again()
    assert more.when(taken(9, "BBBB"), by="admin", key="2").answer
    more.when(taken(4), by="admin", key="2").then_refused("checkpoint-taken", "parks")
    more.when(taken(4, "CCCC"), by="admin", key="2").then_refused("log-rewritten", "parks")
    more.when(taken(3), by="admin", key="2").then_refused("log-rewritten", "parks")
    given().when(taken(4), by="clerk").then_refused("role", "管理员")


@pytest.mark.parametrize("text", ["", "parks", "parks\n4\nAAAA\n", "parks\n04\nAAAA\n\n— k\n"])
def test_what_is_no_signed_checkpoint_is_not_taken_up(text: str) -> None:
    given().when(TakeCheckpoint(checkpoint=text), by="admin").then_refused("no-checkpoint")
