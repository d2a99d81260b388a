"""Measures that several evaluations print, with their 95 % intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

#: (labelled, found) ids of one text.
Pair = tuple[Sequence[str], Sequence[str]]

_Z = 1.96
_RESAMPLED = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """Labels over all texts: right, wrong, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        return f"F1 {self.f1:.3f}  precision {precision:.3f}  recall {recall:.3f}"


def compare(pairs: Iterable[Pair]) -> Counts:
    """Micro counts over (labelled, found) pairs of ids."""
    right = wrong = missed = 0
    for gold, found in pairs:
        right += len(set(gold) & set(found))
        wrong += len(set(found) - set(gold))
        missed += len(set(gold) - set(found))
    return Counts(right, wrong, missed)


def macro(pairs: Sequence[Pair], at_least: int = 5) -> tuple[float, int]:
    """The mean F1 of the labels that so many texts have, and how many labels these are."""
    labels = {label for gold, _ in pairs for label in gold}
    kept = [label for label in labels if sum(label in gold for gold, _ in pairs) >= at_least]
    scores = [
        compare(([label] * (label in gold), [label] * (label in found)) for gold, found in pairs) for label in kept
    ]
    return sum(score.f1 for score in scores) / max(1, len(scores)), len(kept)


def bootstrap(pairs: Sequence[Pair]) -> str:
    """The interval of micro F1 when the texts are drawn again: `0.840–0.925`."""
    return interval([compare([pair]) for pair in pairs], lambda counts: counts.f1)


def interval(parts: Sequence[Counts], value: Callable[[Counts], float]) -> str:
    """Between which a value of their sum lies when the parts are drawn again, the same each time: `0.840–0.925`."""
    draw = random.Random(1)  # noqa: S311 - not for secrets
    values = sorted(value(total(draw.choices(parts, k=len(parts)))) for _ in range(_RESAMPLED))
    return f"{values[_RESAMPLED // 40]:.3f}–{values[-_RESAMPLED // 40 - 1]:.3f}"


def total(parts: Iterable[Counts]) -> Counts:
    """The sum."""
    right, wrong, missed = (sum(column) for column in zip(*((c.right, c.wrong, c.missed) for c in parts), strict=True))
    return Counts(right, wrong, missed)


def share(right: int, of: int) -> str:
    """A share with its Wilson interval: `0.950 (0.912–0.973, 190/200)`."""
    if not of:
        return "– (0)"
    part, square = right / of, _Z * _Z
    middle = (part + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(part * (1 - part) / of + square / (4 * of * of)) / (1 + square / of)
    return f"{part:.3f} ({max(0.0, middle - half):.3f}–{min(1.0, middle + half):.3f}, {right}/{of})"
