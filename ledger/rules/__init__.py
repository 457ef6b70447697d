"""Scoring rules: figures in, score and derivation out. One file per family of shapes."""

from ledger.rules.composition import Shape

__all__ = ["Shape"]
