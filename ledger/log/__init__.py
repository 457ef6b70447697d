"""The transparency log: what proves that the record was not changed. It sees bytes only."""
