"""What people look at: pure folds over recorded events."""
