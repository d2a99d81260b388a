"""Where the reports of one story differ: place, day, figures. Only like is compared with like.

Two reports differ in the place where neither names the one in the other's title or lead; in the day where none that
both can mean is the same; in a figure where they count the same thing, in words alike around it, and no figure of the
one is that of the other, rounded or not. What only one of them says is no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, Literal

from otswatch.records import Difference, Told
from otswatch.stories.profile import Profile
from otswatch.stories.report import Amount
from otswatch.stories.retold import alike

#: So many words around a figure say that two count the same; it is so large, since three of something are in every
#: text; and the one is less than so many times the other, beyond which they are a part and the whole.
_SHARED: Final = 2
_LEAST: Final = 11
_TIMES: Final = 3

#: Value → article → the words that say so.
_Values = Mapping[str, Mapping[str, str]]


def differences(profiles: Iterable[Profile]) -> tuple[Difference, ...]:
    """What reports of one story say differently: place, then day, then figures. Values in order, the least first."""
    reports = sorted(profiles, key=lambda report: report.article)
    return tuple(difference for find in (_places, _days, _figures) for difference in find(reports))


def _places(reports: Sequence[Profile]) -> Iterator[Difference]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one, other in combinations(reports, 2):
        mine, its = ({place.value: place.words for place in each.facts.places} for each in (one, other))
        leads = one.facts.leads, other.facts.leads
        if all(leads) and set(leads[0]).isdisjoint(its) and set(leads[1]).isdisjoint(mine):
            for place in leads[0]:
                found[place][one.article] = mine[place]
            for place in leads[1]:
                found[place][other.article] = its[place]
    yield from _difference("place", "", found)


def _days(reports: Sequence[Profile]) -> Iterator[Difference]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one, other in combinations(reports, 2):
        mine, its = ({said.day: said.words for said in each.facts.days} for each in (one, other))
        if mine and its and mine.keys().isdisjoint(its):
            for article, days in ((one.article, mine), (other.article, its)):
                for day, words in days.items():
                    found[day.isoformat()][article] = words
    yield from _difference("day", "", found)


def _figures(reports: Sequence[Profile]) -> Iterator[Difference]:
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for one, other in combinations(reports, 2):
        if one.language == other.language:
            for mine, its in _differing(one.facts.figures, other.facts.figures):
                values = found[mine.unit]
                values[_written(mine)][one.article] = mine.words
                values[_written(its)][other.article] = its.words
    for unit in sorted(found):
        yield from _difference("figure", _noun(found[unit]), found[unit])


def _differing(mine: Sequence[Amount], its: Sequence[Amount]) -> Iterator[tuple[Amount, Amount]]:
    """The figures of two reports that count the same, where neither report has the other's figure too."""
    alone = [amount for amount in mine if not _in(amount, its)], [amount for amount in its if not _in(amount, mine)]
    for one in alone[0]:
        for other in alone[1]:
            same_thing = one.unit and one.unit == other.unit and len({*one.around} & {*other.around}) >= _SHARED
            low, high = sorted((one.value, other.value))
            if same_thing and low >= _LEAST and high < _TIMES * low:
                yield one, other


def _in(amount: Amount, others: Sequence[Amount]) -> bool:
    return any(amount.unit == other.unit and alike(amount, other) for other in others)


def _written(amount: Amount) -> str:
    return f"{amount.value:,.2f}".rstrip("0").rstrip(".")


def _noun(values: _Values) -> str:
    """What is counted, as the first article has it."""
    _, words = min((article, words) for by_article in values.values() for article, words in by_article.items())
    return words.split()[-1]


def _difference(of: Literal["place", "day", "figure"], what: str, values: _Values) -> Iterator[Difference]:
    if len(values) > 1:
        told = (Told(value=value, words=dict(sorted(values[value].items()))) for value in sorted(values, key=_order))
        yield Difference(of=of, what=what, values=tuple(told))


def _order(value: str) -> tuple[float, str]:
    number = value.replace(",", "")
    return (float(number) if number.replace(".", "").isdecimal() else 0.0), value
