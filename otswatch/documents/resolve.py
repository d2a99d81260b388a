"""Which document a clue is about. In doubt none: a name without a year that two documents have is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from otswatch.documents.names import Clue
from otswatch.documents.register import Known, Register, day_of, document_id

#: Mark → ids of the documents that are known by it.
KnownBy = Mapping[str, frozenset[str]]

#: A day so soon after the adoption of a document of the same name is that of something done with it.
_SAME_NAME = timedelta(days=2 * 365)
#: Where two have the name, an article so many days after the adoption of one of them is about that one.
RECENT = timedelta(days=30)
_DAY = timedelta(days=1)
_DATED = re.compile(r"-\d{4}-\d\d-\d\d$")


def marks(clue: Clue) -> Iterator[str]:
    """What other articles may call the same document."""
    if clue.place:
        yield f"place/{clue.stem}/{clue.place}"
    if clue.meeting:
        yield f"meeting/{clue.stem}/{clue.meeting}"


def resolve(register: Register, clue: Clue, known: KnownBy, published: date | None) -> tuple[str, str] | None:
    """The id of the document and by what it was told; null where that is not sure."""
    if clue.exact and _agrees(clue, register.known[clue.exact].day):
        return clue.exact, "name"
    if clue.ends and (found := _by_day(register, clue, clue.ends, published)):
        return found
    pool = _pool(register, clue, known, published)
    if clue.year:
        pool = {id_: day for id_, day in pool.items() if day.year == clue.year}
        return (next(iter(pool)), "year") if len(pool) == 1 else None
    if clue.meeting and len(pool) == 1:
        return next(iter(pool)), "meeting"
    recent = [id_ for id_, day in pool.items() if published and day <= published <= day + RECENT]
    if len(recent) == 1:
        return recent[0], "published-soon-after"
    only = next(iter(pool)) if len(pool) == 1 and not clue.fresh else None
    return (only, "only-one-of-this-name") if only and (clue.high or not _is_of_a_meeting(register, only)) else None


def _is_of_a_meeting(register: Register, id_: str) -> bool:
    """Whether others who met in the town can have adopted one of the same name."""
    document = register.known.get(id_)
    return document is None or document.meeting is not None


def _agrees(clue: Clue, day: date) -> bool:
    """Whether the words beside a name leave the document that the register has under it."""
    if clue.starts and clue.ends:
        return clue.starts - _DAY <= day <= clue.ends + _DAY
    return clue.year in (None, day.year)


def _by_day(register: Register, clue: Clue, ends: date, published: date | None) -> tuple[str, str] | None:
    """A document whose day is said: that of the register, or one with the id of its place and day."""
    candidates = list(_candidates(register, clue))
    same = [document.id for document in candidates if _agrees(clue, document.day)]
    where = clue.place or (register.series(clue.meeting) if clue.meeting else None)
    if same or where is None:
        return (same[0], "day") if len(same) == 1 else None
    later = any(document.day < ends < document.day + _SAME_NAME for document in candidates)
    to_come = published is not None and ends > published + _DAY
    return None if to_come or (later and not clue.meeting) else (document_id(clue.stem, where, ends), "day")


def _candidates(register: Register, clue: Clue) -> Iterator[Known]:
    """The documents of the register that the place and the meeting allow."""
    if clue.place is None and clue.meeting is None:
        return
    for document in register.known.values():
        if register.stem(document.type or "") != clue.stem or clue.place not in (None, document.place):
            continue
        if clue.meeting in (None, document.meeting) or (clue.place and _may_be_one(register, clue, document)):
            yield document


def _may_be_one(register: Register, clue: Clue, document: Known) -> bool:
    """Whether two ids can be of one meeting: one has its number, the other its day."""
    one, other = clue.meeting or "", document.meeting or ""
    if not other:
        return True
    return register.series(one) == register.series(other) and bool(_DATED.search(one)) != bool(_DATED.search(other))


def _pool(register: Register, clue: Clue, known: KnownBy, published: date | None) -> dict[str, date]:
    """All documents that a clue can mean, with their days: none that was adopted after the publication."""
    found = [known.get(mark, frozenset()) for mark in marks(clue)]
    by_all = frozenset.intersection(*found) if found else frozenset()
    ids = {document.id for document in _candidates(register, clue)} | (by_all or (found[0] if found else by_all))
    days = {id_: day_of(id_) for id_ in sorted(ids)}
    return {id_: day for id_, day in days.items() if published is None or day <= published + _DAY}
