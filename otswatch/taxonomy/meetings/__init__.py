"""Meetings of the OTS and its bodies: which, the how-manieth, where, when, and whether it was or will be.

A meeting is a chain of words in one sentence (`chains`): whose it is (`OTS`), who meets (`foreign ministers`), the word
for it (`summit`), its number. Place and days (`parts`) belong to it (`belonging`) where they stand right beside the
chain, or where a verb (`verbs`) between them says that it was or will be held there; in doubt they are left out. A day
without a year stays without one. The words are data: meetings.yaml, meeting_words.yaml, places.yaml, offices.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from otswatch.records import Evidence, Meeting, Mention, Venue, When
from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.meetings.belonging import Belonging, Told
from otswatch.taxonomy.meetings.chains import Chain, Chains
from otswatch.taxonomy.meetings.identity import both, meeting_id
from otswatch.taxonomy.meetings.parts import Parts
from otswatch.taxonomy.meetings.sentence import Sentence, sentences
from otswatch.taxonomy.meetings.verbs import Verb, Verbs
from otswatch.taxonomy.reading import Reading
from otswatch.taxonomy.register import MeetingWords
from otswatch.taxonomy.relevance import Named

__all__ = ["meetings"]


@dataclass(frozen=True, slots=True)
class _Found:
    """A meeting at one place of a text. `apart`: it is not the one told of before."""

    meeting: Meeting
    name: str
    evidence: tuple[Evidence, ...]
    apart: bool


def meetings(
    taxonomy: Taxonomy, readings: Sequence[Reading], names: Sequence[Named], language: str
) -> tuple[Mention, ...]:
    """The meetings of which a text says more than that there are such, in the order of their first place.

    Args:
        names: the organisations that are named (`otswatch.taxonomy.relevance.named`).
        language: whose verbs, months and endings to read; of a language that is none of ours there are none.
    """
    words = taxonomy.meeting_words.get(language)
    if words is None:
        return ()
    found = (one for reading in readings for one in _in(taxonomy, words, reading, names))
    return tuple(
        Mention(
            type="meeting",
            id=meeting_id(taxonomy, one.meeting),
            name=one.name,
            meeting=one.meeting,
            evidence=tuple(dict.fromkeys(one.evidence)),
        )
        for one in _merged(found)
    )


def _in(taxonomy: Taxonomy, words: MeetingWords, reading: Reading, names: Sequence[Named]) -> Iterator[_Found]:
    bodies = [name.match for name in names if name.reading is reading]
    ours = [match.start for match in bodies if taxonomy.organisations[match.value.id].role in ("ots", "body")]
    last, told_until = None, 0
    for start, end in sentences(reading, ours):
        sentence = Sentence(taxonomy, words, reading, start, end, bodies)
        parts = Parts(sentence)
        before = last if start == told_until else None
        last, told_until = None, end
        verbs, belonging = Verbs(sentence, parts), Belonging(sentence, parts)
        for chain in Chains(sentence, parts, before).all():
            last = chain
            if found := _found(sentence, chain, verbs.of(chain), belonging):
                yield found


def _found(sentence: Sentence, chain: Chain, verbs: Sequence[Verb], belonging: Belonging) -> _Found | None:
    """The meeting of a chain; null where nothing is said of it, or it is no meeting."""
    known = sentence.taxonomy.series.get(chain.series)
    if not (verbs or chain.has("summits", "meetings") or (known and known.event)):
        return None
    told = belonging.to(chain, verbs)
    meeting = Meeting(
        series=chain.series,
        body=known.body if known else chain.series,
        of=chain.of,
        number=chain.number,
        place=told.place.value if told.place and isinstance(told.place.value, Venue) else None,
        when=told.when.value if told.when and isinstance(told.when.value, When) else None,
        moved_from=told.left.value if told.left and isinstance(told.left.value, When) else None,
        status=verbs[-1].status if verbs else None,
    )
    if not (meeting.number or meeting.place or meeting.when or meeting.status):
        return None
    evidence = tuple(_evidence(sentence, chain, verbs, told))
    return _Found(meeting, evidence[0].text, evidence, chain.apart)


def _evidence(sentence: Sentence, chain: Chain, verbs: Sequence[Verb], told: Told) -> Iterator[Evidence]:
    yield sentence.evidence(chain.first, chain.last, f"meeting:{chain.series}")
    for part in told.parts():
        yield sentence.evidence(part.first, part.last, part.rule)
    for verb in verbs[-1:]:
        yield sentence.evidence(verb.first, verb.last, f"meeting-status:{verb.status}")


def _merged(found: Iterable[_Found]) -> list[_Found]:
    """What is said of one meeting at several places, together; places that contradict each other are two meetings."""
    kept: list[_Found] = []
    for one in found:
        for index, other in enumerate(kept):
            if not one.apart and (meeting := both(other.meeting, one.meeting)):
                kept[index] = replace(other, meeting=meeting, evidence=(*other.evidence, *one.evidence))
                break
        else:
            kept.append(one)
    return kept
