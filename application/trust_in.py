"""What a verification trusts (信任的密钥): keys and checkpoints held since, from files."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from application.handed_over import TrustPolicy, read_authorities, read_checkpoint
from ledger.log_verification import Trust

if TYPE_CHECKING:
    from ledger.log.sm3 import HeldSm3


def trust_in(  # noqa: PLR0913 - as many as there are kinds of it
    policy: TrustPolicy,
    held: Iterable[Path] = (),
    tsa_ca: Iterable[Path] = (),
    sm3: Iterable[Path] = (),
    sm2_key: Path | None = None,
    *,
    signed_from: date | None = None,
) -> Trust:
    """Read what a verifier holds.

    Args:
        policy: keys of the log and of its witnesses.
        held: checkpoints.
        tsa_ca: certificates of authorities that tell the time.
        sm3: statements of SM3 roots.
        sm2_key: the key that they are signed with.
        signed_from: the day from which on authors must have signed.

    Raises:
        Invalid: one of the files cannot be read, or is none of that kind.
    """
    return Trust(
        policy=policy,
        held=tuple(map(read_checkpoint, held)),
        authorities=tuple(read_authorities(tsa_ca)),
        sm3=_statements(sm3, sm2_key),
        signed_from=signed_from,
    )


def _statements(files: Iterable[Path], public: Path | None) -> "tuple[HeldSm3, ...]":
    if not (named := tuple(files)):
        return ()
    from application import sm3_statements  # noqa: PLC0415 - slow to import, for those who have some

    return sm3_statements.read(named, public)
