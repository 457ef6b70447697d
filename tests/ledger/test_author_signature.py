"""Acts signed by their authors: what is recorded, what is refused, and what a replay finds."""

from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.account_registry import (
    AuthorKey,
    RegisterOverTime,
    decide_register,
    fold_register,
)
from ledger.author_key import ED25519
from ledger.author_signature import Statement, holds, together
from ledger.checks.every_stream import violations
from ledger.codec import encoded
from ledger.commands import (
    CountersignKey,
    DeclareConflict,
    DemandSignatures,
    EnrolKey,
    GrantRole,
    OpenAccount,
    RetireKey,
    RevokeRole,
)
from ledger.envelope import REGISTER, RecordedEvent
from ledger.events import ScoreAdjusted, SignaturesDemanded
from ledger.ledger import Ledger, Reading
from ledger.log.note import SigningKey
from ledger.log.tree import leaf_hash, tree_head
from ledger.values import Invalid
from tests.support.signing_house import (
    DAY,
    FIVE_COMPLAINTS,
    KEY,
    STOLEN,
    House,
    Signed,
    by,
    enrolment,
    id_of,
)
from tests.support.small_case import CASE, CUT_SERVICE, SUBMITTED
from tests.support.specification import Memory, editions, moment, told


@pytest.fixture
def house() -> House:
    house = House(Signed(told(SUBMITTED)))
    second = OpenAccount(account="second", organisation="archive", roles=("administrator",))
    house.act("admin", second)
    return house


@pytest.fixture
def enrolled(house: House) -> House:
    house.act("reviewer", enrolment(KEY), by(KEY))
    house.act("admin", CountersignKey(account="reviewer", fingerprint=id_of(KEY)))
    return house


def test_an_act_carries_the_signature_of_its_author(enrolled: House) -> None:
    (award,) = enrolled.act("reviewer", FIVE_COMPLAINTS, by(KEY))

    assert award.signed
    assert (award.signed.key, award.signed.scheme) == (id_of(KEY), "ed25519")
    assert enrolled.found() == enrolled.found(REGISTER) == []


def test_the_days_that_an_author_confirms_are_signed_as_well(enrolled: House) -> None:
    long_ago = date(2001, 1, 1)
    (award,) = enrolled.act(
        "reviewer", FIVE_COMPLAINTS, by(KEY), dated=long_ago, confirmed_dates=(long_ago,)
    )

    assert award.confirmed == (long_ago,)
    assert enrolled.found() == []


def test_what_is_signed_are_the_lines_of_the_format() -> None:
    act = Statement("0" * 64, CASE, "reviewer", DAY, "act", 12, "1" * 64)
    unsaid = act._replace(seen=None)
    lines = f"scoretrail-command/1\n{'0' * 64}\n{CASE}\nreviewer\n2024-12-31\nact\n"
    head = tree_head([leaf_hash(one.text().encode()) for one in (act, unsaid)])
    text, _ = together([act.text(), unsaid.text()])

    assert act.text() == f"{lines}12\n{'1' * 64}\n"
    assert unsaid.text() == f"{lines}-\n{'1' * 64}\n"
    assert text == f"scoretrail-commands/1\n2\n{head.root.hex()}\n"


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8])
def test_each_act_of_several_that_are_signed_at_once_is_proven_by_itself(number: int) -> None:
    acts = [
        Statement("0" * 64, CASE, "reviewer", DAY, f"act-{at}", None, "1" * 64)
        for at in range(number)
    ]
    text, places = together([act.text() for act in acts])
    key = AuthorKey(scheme=ED25519, public=b64encode(KEY.public.public).decode())
    signed = [replace(by(KEY)(text), among=place) for place in places]

    assert (text == acts[0].text()) == (number == 1), "a single one is signed by its own text"
    for act in acts:
        assert [holds(act, one, key) for one in signed] == [act is other for other in acts]


def test_what_is_not_signed_has_no_trace_of_signatures(enrolled: House) -> None:
    (award,) = enrolled.act("reviewer", FIVE_COMPLAINTS)

    assert b"signed" not in award.entry
    assert b"signature" not in award.entry


def test_a_key_signs_from_its_countersignature_to_its_retirement(house: House) -> None:
    house.act("reviewer", enrolment(KEY), by(KEY))
    house.refused("author-key", "reviewer", FIVE_COMPLAINTS, by(KEY))
    house.act("admin", CountersignKey(account="reviewer", fingerprint=id_of(KEY)))
    house.act("reviewer", FIVE_COMPLAINTS, by(KEY))
    house.act("admin", RetireKey(account="reviewer", fingerprint=id_of(KEY), reason="遗失"))
    house.refused("author-key", "reviewer", CUT_SERVICE, by(KEY))

    assert house.found() == house.found(REGISTER) == [], "what it has signed before holds"


def test_whoever_enrols_a_key_holds_it(house: House) -> None:
    house.refused("unsigned", "reviewer", enrolment(KEY))
    house.refused("author-key", "reviewer", enrolment(KEY), by(STOLEN))


def test_nobody_enrols_for_others_and_nobody_countersigns_their_own(house: House) -> None:
    house.refused("others-key", "admin", enrolment(KEY), by(KEY))
    own = SigningKey("admin", bytes(32))
    house.act("admin", enrolment(own), by(own))
    house.refused("own-key", "admin", CountersignKey(account="admin", fingerprint=id_of(own)))
    house.act("second", CountersignKey(account="admin", fingerprint=id_of(own)))
    house.refused(
        "others-key",
        "reviewer",
        RetireKey(account="admin", fingerprint=id_of(own), reason="不喜欢"),
    )


def test_a_key_belongs_to_one_account_once(enrolled: House) -> None:
    enrolled.refused("key-known", "reviewer", enrolment(KEY), by(KEY))
    theirs = replace(enrolment(KEY), account="clerk")
    enrolled.refused("key-known", "clerk", theirs, by(KEY))
    again = CountersignKey(account="reviewer", fingerprint=id_of(KEY))
    enrolled.refused("key-countersigned", "admin", again)
    enrolled.refused(
        "unknown-key", "admin", CountersignKey(account="clerk", fingerprint=id_of(KEY))
    )
    retirement = RetireKey(account="reviewer", fingerprint=id_of(KEY), reason="更换")
    enrolled.act("reviewer", retirement)
    enrolled.refused("key-retired", "reviewer", retirement)


@pytest.mark.parametrize(
    ("scheme", "public"),
    [("ed25519", bytes(32)), ("ed25519", b"short"), ("rot13", KEY.public.public)],
    ids=["anybody signs", "too short", "unknown"],
)
def test_what_cannot_verify_is_no_key(house: House, scheme: str, public: bytes) -> None:
    asked = EnrolKey(account="reviewer", scheme=scheme, public=b64encode(public).decode())

    house.refused("public-key", "reviewer", asked, by(KEY))


def test_signatures_can_be_demanded_from_a_day_on(enrolled: House) -> None:
    today = date(2026, 11, 21)
    enrolled.refused("too-few-signers", "admin", DemandSignatures(since=today, only=CASE))
    two_signers(enrolled)
    enrolled.act("admin", DemandSignatures(since=today, only=CASE))
    enrolled.refused("signatures-demanded", "admin", DemandSignatures(since=today, only=CASE))
    enrolled.refused("unsigned", "reviewer", FIVE_COMPLAINTS)
    enrolled.act("reviewer", FIVE_COMPLAINTS, by(KEY))

    assert enrolled.found() == []


def test_what_was_recorded_before_signatures_were_demanded_holds(enrolled: House) -> None:
    enrolled.act("reviewer", FIVE_COMPLAINTS)
    demand_everywhere(enrolled)

    assert enrolled.found() == enrolled.found(REGISTER) == []
    enrolled.refused("unsigned", "reviewer", CUT_SERVICE)


def test_a_demand_in_one_case_is_one_of_what_decides_who_signs(enrolled: House) -> None:
    """Else who writes past the program would countersign a key of their own."""
    two_signers(enrolled)
    (demand,) = enrolled.act("admin", DemandSignatures(since=date(2024, 1, 1), only=CASE))
    assert b'"accounts":true' in demand.entry
    admin = by(own_key("admin"))
    enrolled.act("reviewer", enrolment(STOLEN), by(STOLEN))
    countersigned = CountersignKey(account="reviewer", fingerprint=id_of(STOLEN))
    opened = OpenAccount(account="third", organisation="archive", roles=("auditor",))
    granted = GrantRole(account="clerk", role="auditor")
    revoked = RevokeRole(account="clerk", role="auditor", reason="调岗")
    retired = RetireKey(account="reviewer", fingerprint=id_of(STOLEN), reason="更换")
    for command in (countersigned, opened, granted, revoked, retired):
        enrolled.refused("unsigned", "admin", command)
        enrolled.act("admin", command, admin)
    # What decides nothing of the kind needs no signature, nor do other cases.
    enrolled.act("reviewer", DeclareConflict(account="reviewer", unit="stadium", reason="亲属"))

    assert enrolled.found() == enrolled.found(REGISTER) == []
    history = [replace(one, signed=None) for one in Ledger(enrolled.archive).history(REGISTER)]
    assert enrolled.found(REGISTER, history).count("unsigned") == 5 + 4  # and the enrolments


def test_a_demand_of_before_edition_6_is_of_its_case_alone(enrolled: House) -> None:
    history = [*Ledger(enrolled.archive).history(REGISTER)]
    command = DemandSignatures(since=date(2024, 1, 1), only=CASE)
    assert decide_register(command, fold_register(history), 5) == [
        SignaturesDemanded(since=date(2024, 1, 1), only=CASE)
    ]


def own_key(account: str) -> SigningKey:
    return SigningKey(account, account.encode().ljust(32))


def two_signers(house: House) -> None:
    """Two administrators have countersigned each other's keys."""
    for account, other in (("admin", "second"), ("second", "admin")):
        own = own_key(account)
        house.act(account, enrolment(own), by(own))
        house.act(other, CountersignKey(account=account, fingerprint=id_of(own)))


def demand_everywhere(house: House) -> None:
    """After two administrators have countersigned each other's keys."""
    demand = DemandSignatures(since=date(2024, 1, 1))
    house.refused("too-few-signers", "admin", demand)
    two_signers(house)
    house.act("admin", demand)


def test_a_signature_of_another_text_is_refused(enrolled: House) -> None:
    (award,) = enrolled.act("reviewer", FIVE_COMPLAINTS, by(KEY))

    enrolled.refused("author-signature", "reviewer", CUT_SERVICE, signed=award.signed)


# Forged by whoever holds the database ------------------------------------------------------------


def reviewed(house: House) -> list[RecordedEvent]:
    house.act("reviewer", FIVE_COMPLAINTS, by(KEY), id="cut")
    return [*Ledger(house.archive).history(CASE)]


def forged(
    record: list[RecordedEvent],
    **change: Any,  # noqa: ANN401 - parts of the envelope
) -> list[RecordedEvent]:
    """The record with its last event altered, and its bytes and links made to fit."""
    return [*record[:-1], encoded(replace(record[-1], **change))]


def raised(recorded: RecordedEvent) -> ScoreAdjusted:
    assert isinstance(recorded.event, ScoreAdjusted)
    return replace(recorded.event, award=Decimal("28.00"))


@pytest.mark.parametrize(
    "change",
    [
        lambda last: {"event": raised(last)},
        lambda _: {"dated": date(2024, 12, 30)},
        lambda last: {"seen": last.version - 1},
        lambda last: {"command": replace(last.command, id="another")},
        lambda _: {"confirmed": (DAY,)},
    ],
    ids=["altered", "back-dated", "seen", "other id", "confirmed"],
)
def test_an_altered_act_is_found(
    enrolled: House, change: Callable[[RecordedEvent], dict[str, Any]]
) -> None:
    record = reviewed(enrolled)

    assert "author-signature" in enrolled.found(record=forged(record, **change(record[-1])))


def test_an_empty_register_is_told_as_such() -> None:
    with pytest.raises(Invalid) as refused:
        Reading(Memory()).origin()
    assert refused.value.rule == "no-accounts"


def test_an_act_given_to_somebody_else_is_found(enrolled: House) -> None:
    record = reviewed(enrolled)
    lead = replace(record[-1].by, account="lead", role="lead-reviewer")

    assert "author-key" in enrolled.found(record=forged(record, by=lead))
    nobody = replace(record[-1].by, account="nobody")
    assert "author-key" in enrolled.found(record=forged(record, by=nobody))


def test_an_act_repeated_in_another_case_is_found(enrolled: House) -> None:
    record = reviewed(enrolled)
    elsewhere = [encoded(replace(each, case="other-2023")) for each in record]

    assert "author-signature" in enrolled.found("other-2023", elsewhere)


def test_an_act_repeated_in_another_ledger_is_found(enrolled: House) -> None:
    record = reviewed(enrolled)
    first = enrolled.archive.log[0]
    other = encoded(replace(Ledger(enrolled.archive).history(REGISTER)[0], at=moment(3)))
    enrolled.archive.log[0] = first._replace(entry=other.entry)

    assert leaf_hash(other.entry) != leaf_hash(first.entry)
    register = RegisterOverTime([other, *Ledger(Memory(told(SUBMITTED))).history(REGISTER)[1:]])
    rules = [one.rule for one in violations(CASE, record, register, editions())]
    assert "author-key" in rules


def test_an_act_that_the_operator_makes_up_is_found(enrolled: House) -> None:
    record = reviewed(enrolled)
    made_up = by(STOLEN)("whatever")

    assert "author-key" in enrolled.found(record=forged(record, signed=made_up))
    lie = replace(made_up, key=id_of(KEY))
    assert "author-signature" in enrolled.found(record=forged(record, signed=lie))


def test_a_signature_that_is_taken_away_is_missed_where_it_is_demanded(enrolled: House) -> None:
    demand_everywhere(enrolled)
    record = reviewed(enrolled)

    assert enrolled.found(record=forged(record, signed=None)) == ["unsigned"]
