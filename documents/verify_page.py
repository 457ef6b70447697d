"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "e3a9fc29e93a00b3f3790037514465aa1c0b85d645d503f887863337a3390474"
