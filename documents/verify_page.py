"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "201964898c0382f37fbe7a85370d09c30151214d6acac84f2918e86b2233bb2d"
