"""What is wrong with a file, where, and of which of eleven sorts it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The sorts of findings."""

    UNKNOWN_FIELD = "unknown-field"
    NOT_AGGREGATABLE = "not-aggregatable"
    BAD_QUERY = "bad-query"
    BROKEN_REFERENCE = "broken-reference"
    BAD_GRID = "bad-grid"
    UNKNOWN_CHART = "unknown-chart"
    EMPTY = "empty"
    WRONG_TIME = "wrong-time"
    UNSTABLE = "unstable"
    TOO_NEW = "too-new"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`where`: the object, and the panel or the like in it, by their titles."""

    where: str
    fault: Fault
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.fault}: {self.what}"


class FaultError(Exception):
    """Something that makes the rest of what it stands in impossible to judge."""

    def __init__(self, fault: Fault, what: str) -> None:
        super().__init__(what)
        self.fault = fault

    def at(self, where: str) -> Finding:
        """As a finding."""
        return Finding(where, self.fault, str(self))


#: What comes of reading what is not as Kibana writes it.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def misshapen(where: str, error: Exception) -> Finding:
    """The finding of an error of `MISSHAPEN`."""
    return Finding(where, Fault.UNREADABLE, f"not as Kibana writes it: {type(error).__name__}: {error}")
