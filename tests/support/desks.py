"""The pages over a ledger, called without a server, by somebody who is logged in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from application.place import LedgerPlace
from tests.support.places import Place
from web.app import create_app
from web.identity import Identities
from web.store import WebStore

PASSWORD: Final = "only-for-tests"  # noqa: S105 - of ledgers that end with the test
HOST: Final = "https://127.0.0.1"
OURS: Final = {"sec-fetch-site": "same-origin"}

CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Three hashes and more for each of two thousand tests, of which one asks how dear they are."""


class Clock:
    """A clock that a test sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class Later:
    """The clock of this machine, which a test can put ahead: what is recorded must not go back."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC).astimezone() + self.ahead


class House:
    """The service over a ledger, and the people in it."""

    def __init__(self, place: Place, folder: Path, clock: Any = None, **more: Any) -> None:  # noqa: ANN401 - as `create_app` has it
        self.clock: Any = clock or Later()
        self.kept = WebStore(str(folder / "logins"))
        self.identities = Identities(self.kept, self.clock, CHEAP)
        served = LedgerPlace(place.target, place.evidence)
        self.app = create_app(served, self.kept, self.clock, identities=self.identities, **more)

    def door(self, language: str = "zh") -> TestClient:
        """A browser in which nobody has logged in."""
        return TestClient(
            self.app,
            base_url=HOST,
            headers={**OURS, "accept-language": language},
            follow_redirects=False,
        )

    def desk(self, account: str, language: str = "zh") -> TestClient:
        """A browser in which an account has logged in."""
        if not self.kept.password_of(account):  # none, or only other ways in
            self.identities.give_password(account, PASSWORD, initial=False)
        client = self.door(language)
        answer = client.post("/login", data={"account": account, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


@contextmanager
def house(place: Place, folder: Path, **more: Any) -> Iterator[House]:  # noqa: ANN401 - the same
    """The service, closed at the end."""
    made = House(place, folder, **more)
    try:
        yield made
    finally:
        made.app.state.office.close()
