"""Pictures: pure functions from a view to SVG, or to lines of blocks for a terminal."""
