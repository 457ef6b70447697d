"""What else could keep such a record, in an environment that is not ours (`make bench-peers`)."""
