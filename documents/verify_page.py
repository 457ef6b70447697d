"""Which page verifies in a browser: `tools/verify.html`. `make verifier` writes both."""

from typing import Final

VERIFY_PAGE_SHA256: Final = "2e7a875674560fcc9b70338027b17f8fc3be895c184cc931a660b0ffcbc062f5"
