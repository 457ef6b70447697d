"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "a9e4564f267606da0e3324888a8d4abf6ca49c84ebe83b870838130e796ec953"
