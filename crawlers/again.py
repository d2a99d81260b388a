"""Fetching kept articles again: what is due of `otswatch.again`, and what becomes of each answer.

A page is published before its entry moves on, so a crawl that is killed in between fetches it once more, and loses
nothing. Where the entry was ended meanwhile it stays ended. Every method blocks, as those of `Frontier`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from otswatch.again import PREFIX, ROUNDS, Again
from otswatch.bus import Bus, Outgoing
from otswatch.crawlers.frontier import RESTS, Clock, Fetched
from otswatch.records import Answer, Gone, Page
from otswatch.state import State
from otswatch.status import Reason
from otswatch.urls import URL_RULES

#: So many articles of a source are fetched again in one visit, those first that are due for longest: at the usual two
#: seconds each they take one of the fifteen minutes to the next visit, and a crawler that was off for days does not
#: come back to a site with hundreds of requests. The rest is due at the next visit.
MOST: Final = 30
#: The last round is given up so long after it began, as the others are with the next one; what is over is kept as long.
GIVE_UP: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """An article to be fetched again now, with the version of its entry."""

    id: str
    again: Again
    version: int


class Refetches:
    """What is fetched again of the sources that a crawl visits. One thread at a time.

    Raises (by every method):
        DependencyDownError: state or bus is not ready; what is due stays due.
    """

    def __init__(self, bus: Bus, state: State, clock: Clock) -> None:
        self._bus = bus
        self._state = state
        self._clock = clock

    def due(self, source: str) -> list[Due]:
        """What is due of a source, at most `MOST`. Forgets what has been over for long enough."""
        now, found = self._clock(), list[tuple[datetime, Due]]()
        for entry in list(self._state.scan(PREFIX)):
            again = Again.model_validate(entry.value)
            if again.source != source:
                continue
            if again.due is None and now > again.first_seen + ROUNDS[-1] + GIVE_UP:
                self._state.delete(entry.key, entry.version)
            elif again.due is not None and again.due <= now:
                found.append((again.due, Due(entry.key.removeprefix(PREFIX), again, entry.version)))
        return [due for _, due in sorted(found, key=lambda each: (each[0], each[1].id))[:MOST]]

    def unchanged(self, due: Due) -> Reason:
        """The server says that the page is the same."""
        self._move_on(due, due.again.answer)
        return Reason.AGAIN_UNCHANGED

    def answered(self, due: Due, fetched: Fetched) -> Reason:
        """Publish the page once more, unless its bytes are the same as before.

        Raises:
            MessageTooLargeError: no bus takes it; nothing was published.
        """
        answer = Answer.of(fetched.headers, fetched.body)
        changed = answer.digest != due.again.answer.digest
        if changed:
            self._bus.publish([Outgoing("pages", due.id, _page(due, fetched).to_json())])
        self._move_on(due, answer)
        return Reason.AGAIN_CHANGED if changed else Reason.AGAIN_UNCHANGED

    def gone(self, due: Due, status: int) -> Reason:
        """The page is not there any more, with this HTTP status."""
        gone = Gone(id=due.id, url=due.again.url, source=due.again.source, status=status, at=self._clock())
        self._bus.publish([Outgoing("gone", due.id, gone.to_json())])
        self.end(due)
        return Reason.GONE

    def failed(self, due: Due) -> None:
        """It could not be had: tried again at a later visit, until the next round begins or the last one is over."""
        now, again = self._clock(), due.again
        later = now + RESTS[min(again.failures, len(RESTS) - 1)]
        following = again.following(again.due or now)
        if following is None and later > again.first_seen + ROUNDS[-1] + GIVE_UP:
            self.end(due)
        elif following is not None and later >= following:
            self._put(due, again.replace(due=following, failures=0))
        else:
            self._put(due, again.replace(due=later, failures=again.failures + 1))

    def end(self, due: Due) -> None:
        """Never fetch it again."""
        self._put(due, due.again.replace(due=None))

    def _move_on(self, due: Due, answer: Answer) -> None:
        """To the next round. Of those that were missed meanwhile this was the one that is done."""
        again = due.again
        self._put(due, again.replace(answer=answer, due=again.following(self._clock()), failures=0))

    def _put(self, due: Due, again: Again) -> None:
        self._state.compare_and_set(PREFIX + due.id, again.to_dict(), due.version)


def _page(due: Due, fetched: Fetched) -> Page:
    again = due.again
    return Page(
        id=due.id,
        url=again.url,
        url_rules=URL_RULES,
        requested_url=again.url,
        source=again.source,
        http_status=fetched.status,
        headers=fetched.headers,
        body=Page.compress(fetched.body),
        fetched_at=fetched.at,
        first_seen=again.first_seen,
        first_listed=again.first_listed,
        discovery=again.discovery,
        again=again.round_at(fetched.at),
    )
