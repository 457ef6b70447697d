"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "3883dd82f411f125562957b9b8a6f80d176d127bf6f48083412de9cb95807dde"
