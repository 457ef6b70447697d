"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "c114a259126476cd46be9d7245cb3b71d88f0cac786a43672b2340a696a247e4"
