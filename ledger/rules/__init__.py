"""Scoring rules: figures in, score and derivation out. One file per family of shapes."""
