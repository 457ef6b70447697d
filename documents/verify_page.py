"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "ee4f72ffb2d03a97f0af68cc75132d1d993702479212458ee7b3a9e16f748530"
