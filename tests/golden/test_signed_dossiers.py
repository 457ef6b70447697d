"""Dossiers whose acts were signed by programs of their time: they hold, and so does each act."""

from pathlib import Path

import pytest

from ledger.account_registry import RegisterOverTime
from ledger.checks.every_stream import violations
from ledger.codec import decode
from ledger.envelope import REGISTER, RecordedEvent
from tests.support import format_only, small_dossier
from tests.support.signed_story import GOLDEN
from tests.support.signing_house import OF_SIGNATURES
from tests.support.small_case import CASE
from tests.support.specification import editions
from tests.support.stranger import strangers

KEPT = sorted(GOLDEN.glob("*.zip"))


def test_there_are_some() -> None:
    assert KEPT


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_signed_dossier_of_an_older_program_holds(path: Path) -> None:
    log = [
        content
        for name, content in sorted(small_dossier.unpacked(path.read_bytes()).items())
        if name.startswith("entries/")
    ]
    said = strangers(path, str(small_dossier.KEY.public))
    assert said.code == 0, said.out
    assert "signed by their authors: 9 of" in said.out
    assert format_only.findings(log) == []

    streams: dict[str, list[RecordedEvent]] = {}
    for position, entry in enumerate(log):
        event = decode(entry, position=position)
        streams.setdefault(event.case, []).append(event)
    register = RegisterOverTime(streams[REGISTER])
    for name in (REGISTER, CASE):
        found = {one.rule for one in violations(name, streams[name], register, editions())}
        assert not found & OF_SIGNATURES
