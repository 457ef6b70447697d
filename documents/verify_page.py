"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "a21e8bf84defa74f9c606f630c7f206a582924bf33b2c55f449d0f1f6a4b8e35"
