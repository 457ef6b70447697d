"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "583ef20c15b01e8674e085035dc9ed94c0a33f2656db9034ffa66a23bfe16666"
