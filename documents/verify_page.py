"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "5d7d9d887b27c349b9c9a218e3c80f0e1a9994b2faf89cab91e1e81f0dbbb4cf"
