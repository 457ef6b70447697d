"""The edge: parse, call one thing, print. Clock, identity and environment enter here only."""
