"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "29ae547c5f35fbdb8fa19e6c6bc0695395112228569788d406abde8b739afaf2"
