"""The record, act by act: what the rules of the program would have refused, however it got there.

Every act is asked for again, as the command that it must have come from, of the case as it stood;
rights come from `authority.py`, rules and arithmetic from `decide`. A forged history shows where
they say no, or where they make another event of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple, cast

import msgspec

from ledger.authority import MAY, ROLE_NAMES
from ledger.case import Case, evolve
from ledger.checks.dossier import Dossier
from ledger.checks.finding import Finding
from ledger.codec import canonical
from ledger.commands import COMMANDS, CaseCommand, Command, Refused, kebab
from ledger.decide import decide
from ledger.editions import Editions
from ledger.events import CaseEvent, CaseOpened, Event
from ledger.recorded import By, Recorded
from ledger.values import OrganisationId, Text, explained
