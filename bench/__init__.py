"""How fast: ratios against the physical limit and the stock library, measured in the same run."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent

# The server that the tests start serves here, too, but for one thing: it really writes to the disk.
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "cli")]
