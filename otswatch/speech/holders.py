"""Who holds an office that words name: within the text, or nobody. Two who could both be meant are nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from otswatch.speech.names import Person
from otswatch.speech.people import People
from otswatch.speech.words import Run, Use, Words, longest
from otswatch.text.folding import fold

#: How words for a state and for what is of it begin, folded.
_STATES = {
    "az": ("azerba", "ezerba", "azeri", "ozarba", "азерба", "азери", "озарба"),
    "hu": ("hungar", "macar", "magyar", "wengr", "wenger", "vengr", "венг", "венгр", "мажар"),
    "kg": ("kyrgyz", "kirgiz", "qirgiz", "gyrgyz", "кыргыз", "киргиз"),
    "kz": ("kazak", "kazah", "qazaq", "qozog", "qozoq", "qazax", "gazak", "gazag", "казах", "казак", "козог", "козок"),
    "tm": ("turkmen", "туркмен"),
    "tr": ("turkiye", "turkish", "turkey", "turkiya", "torokorsz", "турция", "турции", "турец", "туркия"),
    "uz": ("uzbek", "ozbek", "ozbeg", "uzbeg", "узбек", "озбек"),
}
#: `Türk` is of Türkiye, but not all that begins like it.
_TURKISH = frozenset({"turk", "torok", "турк", "турик"})
#: Two words are one with other endings where so many of their first letters are the same, which are at least such a
#: share of the shorter, and the longer has at most so many letters more.
_STEM, _COMMON, _ENDING = 4, 0.7, 5
#: A word this short is another's beginning where that has fewer letters behind it.
_SHORTEST = 3
#: A plural's ending stands behind so many letters of a noun at least.
_NOUN = 3
#: A word of an office that tells it from others has so many letters.
_TELLING = 3


class Holders:
    """Who holds which office in a text."""

    def __init__(self, words: Words, people: People) -> None:
        self._words = words
        self._names = people.names
        self._mentions = people.mentions

    def holder(self, first: int, last: int) -> Person | None:
        """Who holds the office that words `first` to `last` name: the one named nearest before, else the only one."""
        words = self._words
        wanted = [words.folded(index) for index in range(first, last) if self._tells(index)]
        fitting = [person for person in self._names.persons if person.offices and self._holds(person, wanted)]
        fitting = [person for person in fitting if self._is_all(person, wanted)] or fitting
        if not fitting and last - first > 1 and words.use(first, "anyone") and words.use(first + 1, "offices"):
            return self.holder(first + 1, last)  # `the guest minister`
        if not fitting:
            fitting = self._of_state(wanted)
            if not any(words.use(index, "anyone") or self.represents(index) for index in (first, last - 1)):
                fitting = [person for person in fitting if self._may_be(person, wanted)]
        if not fitting and any(map(state_of, wanted)):
            fitting = self._stateless(wanted)
        if not fitting and wanted:
            fitting = self._led(wanted)
        if not wanted or len(fitting) < 2:
            return fitting[0] if wanted and fitting else None
        before = [(place, person) for place, person in self._mentions if person in fitting and place < first]
        return before[-1][1] if before else None

    def held(self) -> set[int]:
        """The words of all offices that somebody holds."""
        return {index for person in self._names.persons for office in person.offices for index in range(*office)}

    def _tells(self, index: int) -> bool:
        """Whether a word of an office tells it from others."""
        words = self._words
        return words.use(index, "particles", "pronouns", "honorifics") is None and len(words.folded(index)) >= _TELLING

    def _holds(self, person: Person, wanted: Sequence[str]) -> bool:
        """Whether somebody's offices have all the words in them."""
        own = [self._words.folded(index) for first, last in person.offices for index in range(first, last)]
        return all(any(self.same_word(word, part) for part in own) for word in wanted)

    def same_word(self, one: str, other: str) -> bool:
        """Whether two words of an office are one, with any ending or without a genitive's (`әкімнің`, `әкімінің`)."""
        genitives = self._words.genitives
        if (state := state_of(one)) is not None and state == state_of(other):
            return True
        return alike(one, other) or alike(*(word.removesuffix(longest(genitives, word)) for word in (one, other)))

    def _is_all(self, person: Person, wanted: Sequence[str]) -> bool:
        """Whether the office has no more to it: a deputy minister is no minister."""
        words = self._words
        for first, last in person.offices:
            named = {
                index
                for use in words.of(range(first, last), "offices")
                for index in range(use.first, min(use.last, last))
            }
            if named and all(is_among(words.folded(index), wanted) for index in named):
                return True
        return False

    # ---------------------------------------------------------------------------------------- of a state or body

    def _of_state(self, wanted: Sequence[str]) -> list[Person]:
        """Who has an office of the one state that words name (`the Uzbek diplomat`: the ambassador of Uzbekistan)."""
        states = {state for word in wanted if (state := state_of(word))}
        return [person for person in self._names.persons if len(states) == 1 and states <= self._states(person)]

    def _may_be(self, person: Person, wanted: Sequence[str]) -> bool:
        """Whether an office may be that of somebody who has no such word in his: an unnamed minister is no ambassador.

        Somebody with only a noun for anyone (`his Kazakh colleague`) may have any, whoever leads a delegation, too; and
        one word may have the other in it (`замминистра`).
        """
        words = self._words
        own = [use for office in person.offices for use in words.of(range(*office), "offices")]
        leaders, _ = words.speech.at_the_head
        if not own or any(is_among(word, leaders) for word in wanted):
            return True
        offices = [words.folded(index) for use in own for index in range(use.first, use.last)]
        return any(office in word and len(office) > _STEM for office in offices for word in wanted)

    def _stateless(self, wanted: Sequence[str]) -> list[Person]:
        """Who has the office of a state that words name, though the text gave the office alone (`the Hungarian …`)."""
        office = [word for word in wanted if state_of(word) is None]
        found = [person for person in self._names.persons if person.offices and not self._states(person)]
        return [person for person in found if office and self._holds(person, office)]

    def _states(self, person: Person) -> set[str]:
        """The states in somebody's office; where it has none, those between the name and the one before it."""
        offices = {state for office in person.offices for state in self._states_in(*office)}
        return offices or self._states_in(self._behind_others(person.runs[0]), person.runs[0].first)

    def _states_in(self, first: int, last: int) -> set[str]:
        return {state for index in range(first, last) if (state := state_of(self._words.folded(index)))}

    def _behind_others(self, run: Run) -> int:
        """The first word of a name's sentence, or the one behind the last name before it there."""
        start = self._words.around(run.first).start
        return max((end for end in self._names.ends if start < end <= run.first), default=start)

    def _led(self, wanted: Sequence[str]) -> list[Person]:
        """Who leads the body of which words name the head (`the head of the agency` for its director)."""
        leaders, heads = self._words.speech.at_the_head
        body = [word for word in wanted if not is_among(word, leaders)]
        if len(body) == len(wanted):
            return []
        every = leaders | heads
        found = [
            person for person in self._names.persons if any(self._is_head(office, every) for office in person.offices)
        ]
        own = [person for person in found if body and self._holds(person, body)]
        generic = len(body) == 1 and is_among(body[0], self._words.speech.nominatives)
        return own or (found if generic else [])

    def _is_head(self, office: tuple[int, int], heads: frozenset[str]) -> bool:
        """Whether an office leads a body: a head's, and no deputy's."""
        words = [self._words.folded(index) for index in range(*office)]
        deputies = self._words.speech.deputies
        deputy = any(part in word for word in words for part in deputies)
        return not deputy and any(is_among(word, heads) for word in words)

    def represents(self, index: int) -> bool:
        """Whether a noun is for who speaks for a body or state (`representative`)."""
        nouns = _representatives(self._words.speech.anyone, self._words.speech.bodies)
        return is_among(self._words.folded(index), nouns)

    # ---------------------------------------------------------------------------------------------- named before

    def introduced(self, first: int, last: int) -> bool:
        """Whether the office in words `first` to `last` was named before without a person."""
        words = self._words
        wanted = [words.folded(index) for index in range(first, last) if words.use(index, "offices", "anyone")]
        held = self.held()
        return any(
            index not in held
            and (index + 1 >= first or words.gap(index + 1) != "-")
            and is_among(words.folded(index), wanted)
            for use in words.of(range(first), "offices", "anyone")
            if not words.inside_marks(use.first) and not self._named_just_before(use)
            if not words.gap(use.last).startswith(".")  # `Prof. X`
            for index in range(use.first, use.last)
            if not any(plural in words.folded(index)[_NOUN:] for plural in words.speech.plurals)
        )

    def _named_just_before(self, noun: Use) -> bool:
        """Whether a noun stands for somebody named before it in its sentence or the one before.

        It does where nobody speaks there, or where it has a case: who is greeted or thanked was met before.
        """
        parts = self._words.parts
        at = self._words.sentence_at(noun.first)
        if not self._is_object(noun) and next(self._words.of(parts[at], "verbs", "tones"), None):
            return False
        return any(parts[max(0, at - 1)].start <= place < noun.first for place, _ in self._mentions)

    def _is_object(self, noun: Use) -> bool:
        """Whether a noun for anyone has a case that no subject has, or stands behind a name with an ending."""
        words, folded = self._words, self._words.folded(noun.last - 1)
        if noun.role != "anyone" or folded in words.speech.nominatives:
            return False
        return folded.endswith(words.speech.oblique) or noun.first in self._names.ends


@cache
def _representatives(anyone: tuple[str, ...], bodies: tuple[str, ...]) -> frozenset[str]:
    """The words of nouns for anyone for who speaks for a body (of `nazirlik nümayəndəsi` the second), folded."""
    known = {fold(words.rstrip("*~")) for words in bodies}
    nouns = [fold(words.rstrip("*~")).split() for words in anyone]
    return frozenset(noun[1] for noun in nouns if len(noun) == 2 and noun[0] in known)


def state_of(folded: str) -> str | None:
    """Which state a word names or is of, as it looks folded (`Türkiye`, `турецкий`)."""
    if folded in _TURKISH:
        return "tr"
    return next((state for state, stems in _STATES.items() if folded.startswith(stems)), None)


def alike(one: str, other: str) -> bool:
    """Whether two folded words are one with other endings."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    common = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    if common == shorter == _SHORTEST:
        return abs(len(one) - len(other)) < _SHORTEST  # `мэр`, `мэри`
    return common >= _STEM and common >= _COMMON * shorter and abs(len(one) - len(other)) <= _ENDING


def is_among(word: str, known: Iterable[str]) -> bool:
    """Whether a folded word is one of others with any ending."""
    return any(alike(word, other) for other in known)
