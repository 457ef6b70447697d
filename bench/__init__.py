"""How fast: ratios against the physical limit and the stock library, measured in the same run."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
