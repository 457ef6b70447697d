"""A dossier whose acts are signed by their authors, and a log that lies about them as it signs.

The program for strangers is asked: ours looks at the signatures with the rules of their time.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.codec import canonical
from ledger.log.note import SigningKey
from ledger.log.tree import leaf_hash
from tests.support import format_only, small_dossier
from tests.support.lying_log import Entries, linked, the
from tests.support.passkeys import EDWARDS, PRESENT, Authenticator
from tests.support.signed_story import ADMIN, LEAD, signed_log
from tests.support.signing_house import id_of
from tests.support.small_case import CASE
from tests.support.stranger import strangers

VKEY: Final = str(small_dossier.KEY.public)


@pytest.fixture(scope="module")
def signed() -> tuple[bytes, ...]:
    return signed_log()


def asked(tmp_path: Path, log: list[bytes], *words: str) -> tuple[int, str]:
    file = tmp_path / "signed.zip"
    file.write_bytes(small_dossier.packed(small_dossier.files(log)))
    said = strangers(file, VKEY, *words)
    return said.code, said.out


def test_signed_acts_are_counted(tmp_path: Path, signed: tuple[bytes, ...]) -> None:
    code, out = asked(tmp_path, list(signed))
    acts = len({(json.loads(one)["case"], json.loads(one)["command"]["id"]) for one in signed})

    assert code == 0, out
    assert out.endswith(f"signed by their authors: 12 of {acts} acts\n")


def award(**change: Any) -> Callable[[Entries], None]:  # noqa: ANN401 - keys of an entry
    def lie(entries: Entries) -> None:
        entry = the(entries, "ScoreAdjusted")
        for name, value in change.items():
            if isinstance(value, dict) and isinstance(entry.get(name), dict):
                entry[name] |= value
            else:
                entry[name] = value

    return lie


def unsigned(type_: str, account: str = "reviewer") -> Callable[[Entries], None]:
    def lie(entries: Entries) -> None:
        del the(entries, type_, account)["signed"]

    return lie


def demanded(entries: Entries, since: str = "2026-11-22", only: str | None = CASE) -> None:
    """The award, unsigned and recorded when it was the 22nd in Beijing; signatures are demanded."""
    the(entries, "SignaturesDemanded", "admin")["data"] |= {"since": since, "only": only}
    last = the(entries, "ScoreAdjusted")
    del last["signed"]
    last["at"] = "2026-11-21T16:00:00.000000Z"


def retired_before(entries: Entries) -> None:
    retired = the(entries, "AccountKeyRetired", "admin")
    entries.remove(retired)
    entries.insert(entries.index(the(entries, "ScoreAdjusted")), retired)


def never_countersigned(entries: Entries) -> None:
    (one,) = [
        entry
        for entry in entries
        if entry["type"] == "AccountKeyCountersigned" and entry["data"]["account"] == "reviewer"
    ]
    one["data"]["fingerprint"] = "0" * 64


def somebody_elses_key(entries: Entries) -> None:
    the(entries, "ScoreAdjusted")["signed"]["key"] = id_of(ADMIN)


def of_another_key(entries: Entries) -> None:
    """An enrolment that is signed by a key which is not the one it enrols."""
    the(entries, "AccountKeyEnrolled")["signed"]["key"] = id_of(ADMIN)


def elsewhere(entries: Entries) -> None:
    """All that was done in the case, as if it had been done in another."""
    for entry in entries:
        if entry["case"] == CASE:
            entry["case"] = "other-2023"


def another_beginning(entries: Entries) -> None:
    entries[0]["at"] = "2026-11-20T10:00:00.000000Z"


def by_passkey(passkey: Authenticator, **more: Any) -> Callable[[Entries], None]:  # noqa: ANN401 - keys of an entry
    """The lead's act, signed anew in another way, or altered after it was signed."""

    def lie(entries: Entries) -> None:
        act = the(entries, "AdjustmentCountersigned", "lead")
        if passkey != LEAD:
            text = format_only.text_of([act], leaf_hash(canonical(entries[0])).hex())
            act["signed"]["value"] = b64encode(passkey.value(text)).decode()
        act |= more

    return lie


def one_of_several(**change: Any) -> Callable[[Entries], None]:  # noqa: ANN401 - keys of an entry
    """The second of the acts that were signed together, altered."""

    def lie(entries: Entries) -> None:
        act = the(entries, "BonusRecognised")
        act["data"] |= change.get("data", {})
        act["signed"]["among"] |= {name: change[name] for name in change if name != "data"}

    return lie


def others_place(entries: Entries) -> None:
    """One of them with the place and the path of another."""
    act, other = the(entries, "BonusRecognised"), the(entries, "BonusRefused")
    act["signed"] = other["signed"]


def by_itself(entries: Entries) -> None:
    del the(entries, "BonusRecognised")["signed"]["among"]


OTHER_BYTES: Final = b64encode(bytes(64)).decode()
LIES: Final[dict[str, tuple[str, Callable[[Entries], object]]]] = {
    "another award": ("has not signed that", award(data={"award": "28.00"})),
    "another day": ("has not signed that", award(dated="2024-12-30")),
    "another id": ("has not signed that", award(command={"id": "else", "sha256": "a" * 64})),
    "seen": ("has not signed that", award(seen=3)),
    "confirmed": ("has not signed that", award(confirmed=["2024-12-31"])),
    "another signature": ("has not signed that", award(signed={"value": OTHER_BYTES})),
    "another scheme": ("not the key's", award(signed={"scheme": "sm2-x509"})),
    "another author": (
        "by a key of nobody's then",
        award(by={"account": "lead", "role": "lead-reviewer"}),
    ),
    "an unknown key": ("by a key of nobody's then", award(signed={"key": "f" * 64})),
    "somebody else's key": ("by a key of nobody's then", somebody_elses_key),
    "retired before": ("by a key of nobody's then", retired_before),
    "never countersigned": ("by a key of nobody's then", never_countersigned),
    "unsigned where it is demanded": ("not signed by its author", demanded),
    "an unsigned enrolment": ("not signed by its author", unsigned("AccountKeyEnrolled")),
    "half signed": ("not signed alike", unsigned("RoleGranted", "admin")),
    "an enrolment by another key": ("somebody else's key", of_another_key),
    "a passkey: another day": ("has not signed that", by_passkey(LEAD, dated="2024-12-30")),
    "a passkey: another challenge": ("has not signed that", by_passkey(LEAD.lying(asked="else"))),
    "a passkey: on other pages": (
        "has not signed that",
        by_passkey(LEAD.lying(client={"origin": "https://evil.example"})),
    ),
    "a passkey: in a frame": (
        "has not signed that",
        by_passkey(LEAD.lying(client={"crossOrigin": True})),
    ),
    "a passkey: of another site": ("has not signed that", by_passkey(LEAD.lying(site="evil"))),
    "a passkey: made rather than asked": (
        "has not signed that",
        by_passkey(LEAD.lying(client={"type": "webauthn.create"})),
    ),
    "a passkey: nobody there": ("has not signed that", by_passkey(LEAD.lying(flags=4))),
    "a passkey: nobody recognised": ("has not signed that", by_passkey(LEAD.lying(flags=PRESENT))),
    "a passkey: of the operator": ("has not signed that", by_passkey(LEAD.lying(secret=EDWARDS))),
    "a passkey: cut short": (
        "not a dossier",
        by_passkey(LEAD, signed={"key": LEAD.id, "scheme": "webauthn", "value": "AAAA"}),
    ),
    "a passkey: named otherwise": (
        "not the key's",
        by_passkey(LEAD, signed={"key": LEAD.id, "scheme": "ed25519", "value": OTHER_BYTES}),
    ),
    "several: another award": ("not in the log", one_of_several(data={"points": "3.00"})),
    "several: another number of them": ("has not signed that", one_of_several(size=4)),
    "several: another root": (
        "not in the log",
        one_of_several(root="a" * 64),
    ),
    "several: another place": ("not in the log", one_of_several(index=0)),
    "several: no path": ("not in the log", one_of_several(path=[])),
    "several: beyond the end": ("beyond the log", one_of_several(index=3)),
    "several: the place of another": ("not in the log", others_place),
    "several: said to be by itself": ("has not signed that", by_itself),
    "several: no place": ("which of several acts", one_of_several(more=1)),
    "several: a place that is no number": ("which of how many", one_of_several(index="1")),
    "several: a path that is none": ("the path to an act", one_of_several(path="a")),
    "several: no hash": ("a hash among several", one_of_several(root="A" * 64)),
    "another case": ("has not signed that", elsewhere),
    "another ledger": ("has not signed that", another_beginning),
}
OF_FORM: Final = {"several: no place"}
"""What a reader of the entries' format refuses, and one of signatures alone need not."""


@pytest.mark.parametrize("name", LIES)
def test_a_log_that_lies_about_its_authors_is_found(
    tmp_path: Path, signed: tuple[bytes, ...], name: str
) -> None:
    found, lie = LIES[name]
    entries = [json.loads(entry) for entry in signed]
    assert linked([json.loads(entry) for entry in signed]) == list(signed)
    lie(entries)
    code, out = asked(tmp_path, linked(entries))

    assert code == 3
    assert out.startswith("NOT VERIFIED: ")
    assert found in out


def test_a_scheme_that_is_not_known_here_is_called_that(
    tmp_path: Path, signed: tuple[bytes, ...]
) -> None:
    entries = [json.loads(entry) for entry in signed]
    enrolment = the(entries, "AccountKeyEnrolled")
    enrolment["data"]["scheme"] = enrolment["signed"]["scheme"] = "rot13"
    code, out = asked(tmp_path, linked(entries))
    assert (code, "rot13 is not known here" in out) == (3, True)


@pytest.mark.parametrize(
    ("since", "only", "code"),
    [
        ("2026-11-22", CASE, 3),
        ("2026-11-22", None, 3),
        ("2026-11-23", CASE, 0),
        ("2026-11-23", None, 0),
        ("2026-11-22", "another-2023", 0),
    ],
)
def test_signatures_are_demanded_from_a_day_on(
    tmp_path: Path, signed: tuple[bytes, ...], since: str, only: str | None, code: int
) -> None:
    entries = [json.loads(entry) for entry in signed]
    demanded(entries, since, only)
    found, out = asked(tmp_path, linked(entries))
    assert found == code, out


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-21", 3), ("2026-11-22", 0), ("2026-13-x", 1), ("", 1)]
)
def test_who_verifies_demands_signatures_from_a_day_on(
    tmp_path: Path, signed: tuple[bytes, ...], day: str, code: int
) -> None:
    found, out = asked(tmp_path, list(signed), "--require-signed-from", day)
    assert found == code, out
    assert "is not signed by its author" in out or code != 3


def with_a_key_of_the_operator(entries: Entries) -> None:
    """Countersigned in the administrator's name, and the award signed again with it."""
    key = SigningKey("reviewer", bytes(range(64, 96)))
    origin = leaf_hash(canonical(entries[0])).hex()
    at = entries.index(the(entries, "ScoreAdjusted"))
    enrolment, countersigned = (
        json.loads(json.dumps(the(entries, kind, account)))
        for kind, account in (
            ("AccountKeyEnrolled", "reviewer"),
            ("AccountKeyCountersigned", "admin"),
        )
    )
    award = entries[at]
    enrolment["data"]["public"] = b64encode(key.public.public).decode()
    countersigned["data"] |= {"account": "reviewer", "fingerprint": id_of(key)}
    countersigned.pop("signed", None)
    award["data"]["justification"] = "made up"
    for number, one in enumerate((enrolment, countersigned, award)):
        one["command"]["id"] = f"made-up-{number}"
    for one in (enrolment, countersigned):
        one["at"] = "2026-11-21T16:00:00.000000Z"
    for one in (enrolment, award):
        value = key.sign(format_only.text_of([one], origin)).value
        one["signed"] = {
            "key": id_of(key),
            "scheme": "ed25519",
            "value": b64encode(value).decode(),
        }
    entries[at:at] = [enrolment, countersigned]


@pytest.mark.parametrize(
    ("demand", "words", "code"),
    [
        ({"only": None}, (), 3),
        ({"only": CASE, "accounts": True}, (), 3),
        ({"only": CASE}, ("--require-signed-from", "2026-11-22"), 3),
        ({"only": CASE}, (), 0),
    ],
    ids=["everywhere", "in one case", "by who verifies", "in one case, before edition 6: unseen"],
)
def test_a_key_that_the_operator_made_is_countersigned_by_nobody(
    tmp_path: Path,
    signed: tuple[bytes, ...],
    demand: dict[str, object],
    words: tuple[str, ...],
    code: int,
) -> None:
    entries = [json.loads(entry) for entry in signed]
    with_a_key_of_the_operator(entries)
    # The demand itself was recorded the day before, and is not what this is about.
    the(entries, "SignaturesDemanded", "admin")["data"] = {"since": "2026-11-22"} | demand
    log = linked(entries)
    found, out = asked(tmp_path, log, *words)
    assert found == code, out
    assert "is not signed by its author" in out or code == 0
    assert bool(format_only.findings(log)) == (code == 3 and not words)


def test_a_key_is_enrolled_in_the_register_alone(tmp_path: Path, signed: tuple[bytes, ...]) -> None:
    """Whoever writes to the stream of a case enrols nobody's key with it."""
    entries = [json.loads(entry) for entry in signed]
    with_a_key_of_the_operator(entries)
    the(entries, "SignaturesDemanded", "admin")["data"] = {"since": "2026-11-22", "only": CASE}
    assert asked(tmp_path, linked(entries))[0] == 0
    (enrolment,) = (one for one in entries if one["command"]["id"] == "made-up-0")
    enrolment["case"] = CASE
    text = format_only.text_of([enrolment], leaf_hash(canonical(entries[0])).hex())
    value = SigningKey("reviewer", bytes(range(64, 96))).sign(text).value
    enrolment["signed"]["value"] = b64encode(value).decode()
    code, out = asked(tmp_path, linked(entries))
    assert code == 3, out


def test_a_demand_of_accounts_is_not_one_of_the_whole_register(
    tmp_path: Path, signed: tuple[bytes, ...]
) -> None:
    entries = [json.loads(entry) for entry in signed]
    demand = the(entries, "SignaturesDemanded", "admin")
    demand["data"] = {"since": "2026-11-21", "only": "another-2023", "accounts": True}
    setting = json.loads(signed[0]) | {"type": "TimeZoneSet", "data": {"zone": "Asia/Shanghai"}}
    setting |= {"command": {"id": "zone", "sha256": "a" * 64}, "at": demand["at"]}
    entries.insert(entries.index(demand) + 1, setting)
    code, out = asked(tmp_path, linked(entries))
    assert code == 0, out


def by_an_account_of_the_operator(
    entries: Entries, kind: str, data: dict[str, object], by: str
) -> None:
    """What decides who signs, by somebody who signs with a key of their own and is no keeper."""
    model = next(one for one in entries if one["type"] == "AccountKeyCountersigned")
    act = json.loads(json.dumps(model)) | {"type": kind, "data": data}
    act["command"]["id"] = f"{kind}-{by}"
    act["by"] = {"account": by, "role": "administrator"}
    act.pop("signed", None)
    entries.insert(entries.index(model) + 1, act)


KEEPERS: Final[dict[str, Callable[[Entries], object]]] = {
    "countersigned by no administrator": lambda entries: the(
        entries, "AccountKeyCountersigned", "second"
    ).update(by={"account": "lead", "role": "administrator"}),
    "countersigned by its holder": lambda entries: by_an_account_of_the_operator(
        entries, "AccountKeyCountersigned", {"account": "second", "fingerprint": "a" * 64}, "second"
    ),
    "made an administrator by none": lambda entries: by_an_account_of_the_operator(
        entries, "RoleGranted", {"account": "lead", "role": "administrator"}, "lead"
    ),
    "opened by none": lambda entries: by_an_account_of_the_operator(
        entries, "AccountOpened", {"account": "new", "organisation": "archive"}, "lead"
    ),
    "countersigned by who is none any more": lambda entries: by_an_account_of_the_operator(
        entries, "RoleRevoked", {"account": "admin", "role": "administrator"}, "second"
    ),
}


@pytest.mark.parametrize("name", KEEPERS)
def test_who_signs_is_decided_by_administrators(
    tmp_path: Path, signed: tuple[bytes, ...], name: str
) -> None:
    entries = [json.loads(entry) for entry in signed]
    KEEPERS[name](entries)
    code, out = asked(tmp_path, linked(entries))
    assert code == 3, out
    assert "is not by an administrator who may do it" in out


def test_everybody_declares_conflicts_of_their_own(
    tmp_path: Path, signed: tuple[bytes, ...]
) -> None:
    """What is in the register and decides nothing about signatures takes no administrator."""
    entries = [json.loads(entry) for entry in signed]
    declared: dict[str, object] = {"account": "lead", "case": CASE, "reason": "x"}
    by_an_account_of_the_operator(entries, "ConflictDeclared", declared, "lead")
    code, out = asked(tmp_path, linked(entries))
    assert code == 0, out


def test_everybody_retires_keys_of_their_own(tmp_path: Path, signed: tuple[bytes, ...]) -> None:
    entries = [json.loads(entry) for entry in signed]
    the(entries, "SignaturesDemanded", "admin")["data"] = {
        "since": "2026-11-21",
        "only": "another-2023",
    }
    retired = the(entries, "AccountKeyRetired", "admin")
    retired["by"] = the(entries, "ScoreAdjusted")["by"]
    del retired["signed"]
    code, out = asked(tmp_path, linked(entries))
    assert code == 0, out


def test_what_was_recorded_later_is_not_said_to_be_of_before_the_demand(
    tmp_path: Path, signed: tuple[bytes, ...]
) -> None:
    """The moment of recording is the ledger's alone; what comes before in the case shows it."""
    entries = [json.loads(entry) for entry in signed]
    the(entries, "SignaturesDemanded", "admin")["data"] = {"since": "2026-11-22", "only": CASE}
    act, later = the(entries, "ScoreAdjusted"), the(entries, "AdjustmentCountersigned", "lead")
    made_up = json.loads(json.dumps(act))
    made_up["command"]["id"] = "made-up"
    del made_up["signed"]
    later["at"] = "2026-11-22T01:00:00.000000Z"
    entries.insert(entries.index(later) + 1, made_up)
    log = linked(entries)
    code, out = asked(tmp_path, log)

    assert code == 3
    assert "made-up') is not signed by its author" in out
    assert format_only.findings(log)


@pytest.mark.parametrize("kind", ["SignaturesDemanded", "ScoreAdjusted", "AccountKeyRetired"])
def test_nothing_that_is_signed_or_says_who_signs_is_set_aside(
    tmp_path: Path, signed: tuple[bytes, ...], kind: str
) -> None:
    """Who appends that it was set aside would else be rid of the demand, or of somebody's act."""
    entries = [json.loads(entry) for entry in signed]
    gone = next(one for one in entries if one["type"] == kind)
    closing = entries[-1]
    model = json.loads(json.dumps(the(entries, "SignaturesDemanded", "admin")))
    model |= {"type": "EntrySetAside", "command": {"id": "aside", "sha256": "a" * 64}}
    entries.insert(-1, model)
    log = linked(entries)
    leaf = leaf_hash(log[entries.index(gone)]).hex()
    model["data"] = {"position": entries.index(gone), "leaf": leaf, "reason": "x"}
    log = linked(entries)
    named = {"stream": gone["case"], "version": gone["version"], "leaf": leaf}
    streams = [*closing["data"]["streams"], named]
    order = ("stream", "version", "leaf")
    closing["data"]["streams"] = sorted(streams, key=lambda end: [end[name] for name in order])
    log[-1] = canonical(closing)
    code, out = asked(tmp_path, log)

    assert code == 3
    assert "is signed, or says who signs" in out


@pytest.mark.parametrize(("zone", "code"), [("Asia/Shanghai", 3), ("America/New_York", 0)])
def test_the_day_is_that_of_the_zone_of_the_ledger(
    tmp_path: Path, signed: tuple[bytes, ...], zone: str, code: int
) -> None:
    entries = [json.loads(entry) for entry in signed]
    demanded(entries)
    setting = json.loads(signed[0]) | {"type": "TimeZoneSet", "data": {"zone": zone}}
    setting["command"] = {"id": "zone", "sha256": "a" * 64}
    entries.insert(2, setting)
    found, out = asked(tmp_path, linked(entries))
    assert found == code, out


def test_a_reader_of_the_format_document_finds_the_same(signed: tuple[bytes, ...]) -> None:
    assert format_only.findings(signed) == []
    for name, (_, lie) in LIES.items():
        if name in OF_FORM:
            continue
        entries = [json.loads(entry) for entry in signed]
        lie(entries)
        assert format_only.findings(linked(entries)), name


@pytest.mark.parametrize("scheme", format_only.SCHEMES)
def test_that_reader_needs_no_more_than_sixty_lines_for_a_scheme(scheme: str) -> None:
    written = Path(format_only.__file__).read_text(encoding="utf-8")
    functions = written[written.index("\ndef ") :].split("\n\n\n")
    others = [
        f"def by_{other.replace('-', '_')}(" for other in format_only.SCHEMES if other != scheme
    ]
    needed = [one for one in functions if not one.strip().startswith(tuple(others))]
    assert len(functions) - len(needed) == len(others)
    assert len([line for one in needed for line in one.splitlines() if line]) <= 60
