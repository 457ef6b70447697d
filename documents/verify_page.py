"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "461e60157899ce48d822567e6d59857d68ab310d085a13787243b489803e738c"
