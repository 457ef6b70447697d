"""An authenticator of Chromium's own, in the browser of a test."""

from collections.abc import Callable

from tests.support.browser import Desk


def authenticator(desk: Desk) -> Callable[[], object]:
    """A passkey's home in this browser, whose holder is recognised until that is called."""
    session = desk.context.new_cdp_session(desk.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    stranger = {"authenticatorId": made["authenticatorId"], "isUserVerified": False}
    return lambda: session.send("WebAuthn.setUserVerified", stranger)
