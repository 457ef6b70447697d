"""The rules and the record: what can happen, what may happen, and what did."""
