"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "e4421093c3e42f529ea88cbce5fe234c9e2d2175953ef20e84717e4608c1b796"
