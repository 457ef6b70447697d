"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "0151a87adb510061b9ebebb10e5f173f2e4014ea8bfbc8ff276fe13c548f206f"
