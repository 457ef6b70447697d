"""Read models for people: pure folds over recorded events."""
