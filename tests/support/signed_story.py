"""The small case in a log in which three people sign, one of them with anything but a key file.

`python -m tests.support.signed_story` keeps a dossier of it that is missing among the golden files;
it never writes one again.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.commands import (
    ConfirmScore,
    CountersignAdjustment,
    CountersignKey,
    DemandSignatures,
    IssueDossier,
    OpenAccount,
    RecogniseBonus,
    RefuseBonus,
    RetireKey,
)
from ledger.events import Enclosure
from ledger.log.note import SigningKey
from tests.support import small_dossier
from tests.support.passkeys import Authenticator
from tests.support.signing_house import FIVE_COMPLAINTS, KEY, House, Signed, by, enrolment, id_of
from tests.support.sm2_people import Sm2Person, new_key
from tests.support.small_case import SUBMITTED
from tests.support.specification import told
from tests.support.ssh_people import IN_A_FILE, ON_A_CURVE, TOUCHED, SshPerson

Person = Authenticator | SshPerson | Sm2Person

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "signed-dossiers"
TODAY: Final = date(2026, 11, 21)
ADMIN: Final = SigningKey("admin", bytes(range(1, 33)))
SECOND: Final = SigningKey("second", bytes(range(2, 34)))
LEAD: Final = Authenticator()

SEVERAL: Final = (
    ConfirmScore(indicator="plan"),
    RecogniseBonus(item="flag", points=Decimal("1.5"), justification="有文件"),
    RefuseBonus(item="letter", justification="不是市级表彰"),
)


def signed_log(lead: Person = LEAD) -> tuple[bytes, ...]:
    """A log in which three people sign; one of the keys is retired at last.

    Args:
        lead: signs with something else than the file of a key.
    """
    house = House(Signed(told(SUBMITTED)))
    second = OpenAccount(account="second", organisation="archive", roles=("administrator",))
    house.act("admin", second)
    for key, other in ((KEY, "admin"), (ADMIN, "second"), (SECOND, "admin")):
        house.act(key.name, enrolment(key), by(key))
        house.act(other, CountersignKey(account=key.name, fingerprint=id_of(key)))
    third = OpenAccount(account="third", organisation="archive", roles=("auditor",))
    house.act("admin", third, by(ADMIN))
    house.act("admin", DemandSignatures(since=TODAY, only="another-2023"))
    house.act("reviewer", FIVE_COMPLAINTS, by(KEY))
    house.act("lead", lead.enrolment("lead"), lead)
    house.act("admin", CountersignKey(account="lead", fingerprint=lead.key), by(ADMIN))
    house.act("lead", CountersignAdjustment(indicator="service"), lead)
    house.together("reviewer", SEVERAL, by(KEY))
    retirement = RetireKey(account="reviewer", fingerprint=id_of(KEY), reason="更换")
    house.act("admin", retirement, by(ADMIN))
    closing = Enclosure("readme.txt", sha256(small_dossier.README).hexdigest())
    house.act("clerk", IssueDossier(enclosures=(closing,)))
    return tuple(one.entry for one in house.archive.log)


KEPT: Final[dict[str, Callable[[], Person]]] = {
    "passkey-and-several.zip": lambda: LEAD,
    "ssh-ed25519.zip": lambda: IN_A_FILE,
    "ssh-ecdsa.zip": lambda: ON_A_CURVE,
    "ssh-security-key.zip": lambda: TOUCHED,
    "sm2-certificate.zip": lambda: Sm2Person(new_key()),
}
"""Golden files, with what one of those who sign in each signs with."""


def main() -> None:
    """Keep what is missing."""
    GOLDEN.mkdir(exist_ok=True)
    for name, lead in KEPT.items():
        kept = GOLDEN / name
        if not kept.exists():
            kept.write_bytes(small_dossier.packed(small_dossier.files(signed_log(lead()))))


if __name__ == "__main__":
    main()
