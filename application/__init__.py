"""Use cases (用例): the use cases behind every entrance, one file each.

Each function takes what it needs, the store, a clock, who acts and the language, and returns a
value. None prints or asks its surroundings, so that every door, a command line, a page or a program
of one's own, gives the same answer (docs/embedding.md).
"""
