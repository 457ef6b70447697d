"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "0f3968587b34c064670dc0a6295d0f0ad4c597b3919f42f4cf1313b55333b334"
