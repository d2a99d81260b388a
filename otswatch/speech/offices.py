"""The words of an office beside a name, and the bodies and lists of things that it is an office of."""

from __future__ import annotations

from functools import cached_property

from otswatch.speech.names import Names
from otswatch.speech.words import Run, Words
from otswatch.taxonomy.loader import SpeechRole

#: What ends a stretch of words that is one noun with all that belongs to it.
BOUNDS: tuple[SpeechRole, ...] = (
    "verbs", "tones", "calls", "reads", "plain", "quotatives", "that", "by", "particles", "pronouns", "occasions",
)  # fmt: skip
#: What stands between two words of one noun.
BESIDE = {" ", "-", "\u00a0"}
#: How far an office may stand from its name, in words.
_OFFICE = 16
#: So many words that are no part of it may stand between an office and its name.
_APART = 4
#: An office right behind a name has so many words at most.
_SHORT = 4
#: So many titles (`Mr.`) stand between the comma behind an office and its name.
_TITLES = 2
#: A word for an office that is cut short with a stop has so many letters at most.
_CUT = 4
#: So far ahead a run looks for the body that it is a part of.
_BODY = 4
#: A list of what somebody is minister of has so many words.
_LISTED = 10
#: How a noun ends that another noun modifies, folded: by its last letter, and in full.
_POSSESSED = "iuyыиу"
_POSSESSIVES = ("i", "u", "y", "si", "su", "sy", "и", "у", "ы", "си", "су", "сы")
#: Which consonant ends a noun without that ending that has this one before it (`kitab-ı`, `kitap`).
_HARD = {"g": "k", "y": "k", "г": "к", "b": "p", "б": "п", "d": "t"}
#: How a noun ends that tells where or under whom something is (`başkanlığındaki`), folded.
_RELATIVES = ("aki", "eki", "agi", "аги", "еги", "агы")


class Offices:
    """The offices beside the names of a text."""

    def __init__(self, words: Words, names: Names) -> None:
        self._words = words
        self._names = names

    def beside(self, run: Run) -> tuple[int, int] | None:
        """The words of an office before a name or behind it: first and last (exclusive) word."""
        return self.before(run) or self.behind(run)

    def before(self, run: Run) -> tuple[int, int] | None:
        """The words of an office before a name: back to the name, verb or other bound before it."""
        words, first, end = self._words, run.first, run.first
        seen, apart = None, 0
        while first > 0 and end - first < _OFFICE and first not in self._names.ends and self._goes_on(first, run):
            listed = self.list_start(first, 0) if seen is not None else first
            if listed == first and self._bounds(first - 1):
                break
            first = min(listed, first - 1)
            if words.use(first, "offices", "anyone"):
                seen = first
            elif seen is None and not self._links(first):
                apart += 1
                if apart > _APART:
                    break
        while end - 1 > first and self._is_title(end - 1):
            end -= 1
        return (first, end) if seen is not None and first < end else None

    def _goes_on(self, index: int, run: Run) -> bool:
        """Whether an office may go on before a word: nothing parts them, or a comma right before the name."""
        gap = self._words.gap(index)
        return (gap.strip() == "," and run.first - index <= _TITLES) or self._beside(index, gap)

    def _is_title(self, index: int) -> bool:
        """Whether a word between an office and its name is a form of address (`H.E.`, `Ms.`)."""
        words = self._words
        return words.gap(index + 1).startswith(".") or words.use(index, "honorifics") is not None

    def _bounds(self, index: int) -> bool:
        """Whether a word is no part of an office: a verb, particle or occasion, and no longer office begins there."""
        words = self._words
        bound = words.use(index, "verbs", "tones", "quotatives", "that", "occasions", "particles")
        office = words.use(index, "offices") if bound else None
        if bound is None or (office and office.last > bound.last):
            return False
        if words.speech.order == "free" and words.folded(index) in words.joints:
            return any(use.last == index for use in words.of(range(max(0, index - 2), index), "offices", "anyone"))
        return not self.chained(index) and not self._situated(index)

    def chained(self, index: int) -> bool:
        """Whether a word links an office to its body: `of`, or the article behind it."""
        words = self._words
        article = words.use(index, "articles") is not None and words.use(index - 1, "links") is not None
        return article or words.use(index, "links") is not None

    def _links(self, index: int) -> bool:
        """Whether a word may stand between an office and its name in any number: of which body and state it is."""
        words = self._words
        if self._situated(index) or (index and self._situated(index - 1)):
            return True
        if words.speech.behind == "anything" and (index in self.in_places or words.use(index, "bodies")):
            return True
        return words.speech.behind == "linked" and (
            words.capital(index) or words.use(index, "links", "articles") is not None
        )

    @cached_property
    def in_places(self) -> frozenset[int]:
        """The words of all names of states, places and organisations."""
        places = self._words.places.values()
        return frozenset(index for place in places for index in range(place.first, place.last))

    def _situated(self, index: int) -> bool:
        """Whether a word says with the place behind it where a body is (`института в Бишкеке`)."""
        words = self._words
        inside = words.speech.behind == "anything" and words.use(index, "inside") is not None
        return inside and index + 1 in words.places

    def _beside(self, index: int, gap: str) -> bool:
        """Whether only a blank, a hyphen, an ending, a stop or a bracket of an abbreviation stands before a word."""
        if gap in {" (", ") "}:
            token = self._words.tokens[index - (gap == ") ")]
            return self._words.text[token.start : token.end].isupper()
        if gap in {".", ". "}:
            before = self._words.folded(index - 1)
            return len(before) == 1 or (len(before) <= _CUT and self._words.use(index - 1, "offices") is not None)
        return gap in BESIDE or (gap.startswith(("'", "’")) and gap.endswith(" "))

    def behind(self, run: Run) -> tuple[int, int] | None:
        """The words of an office behind a name and a comma or bracket, or right behind it."""
        words = self._words
        index, start = run.last, run.last
        follows = words.speech.order == "free" and words.speech.behind == "nothing"
        beside = {" ", ", ", " ("} if follows else {", ", " ("}
        if index >= len(words) or words.gap(index) not in beside:
            return None
        limit = min(len(words), run.last + (_OFFICE if words.gap(index) != " " else _SHORT))
        found = None
        while index < limit and (index == start or words.gap(index) in {" ", "-"}):
            if words.use(index, "verbs", "tones", "calls", "quotatives", "that"):
                break
            if words.use(index, "offices", "anyone"):
                found = index + 1
            index += 1
        if found is None or words.gap(start) == " ":
            return (start, found) if found else None
        whole = words.speech.order == "free" or found == index  # an office is the last word of its noun
        return (start, index) if whole else None

    # ------------------------------------------------------------------------------------- lists of what it is for

    def list_start(self, first: int, low: int) -> int:
        """Where the name of what has several things begins, of which only the first has a capital.

        `first`: where it seems to begin, behind an `and` (`Маданият, спорт жана жаштар саясаты министрлиги`).
        """
        words = self._words
        joint = first > low and words.folded(first - 1) in words.joints and words.gap(first) == " "
        if not joint or words.speech.order == "free":
            return first
        for index in reversed(range(max(low, first - _LISTED), first - 1)):
            if words.gap(index + 1) not in {" ", ", "} or words.use(index, *BOUNDS):
                return first
            if words.capital(index):
                return first if self._in_name(index) else index
        return first

    def _in_name(self, index: int) -> bool:
        """Whether a word belongs to somebody's name."""
        runs = (self._words.runs.get(place) for place in range(max(0, index - 2), index + 1))
        return any(run.first <= index < run.last and self._names.called(run) for run in runs if run)

    def heads_list(self, run: Run) -> bool:
        """Whether a word is the first of the several things that a body or minister is for."""
        words = self._words
        if run.last - run.first > 1 or run.last >= len(words) or words.gap(run.last) not in {" ", ", "}:
            return False
        for index in range(run.last + 1, min(run.last + _LISTED, len(words) - 1)):
            if words.folded(index - 1) in words.joints and self.list_start(index, run.first) == run.first:
                near = words.of(range(index, min(index + _BODY, len(words))), "offices", "bodies")
                return any(self.is_possessed(use.last - 1) for use in near)
        return False

    # ------------------------------------------------------------------------------------------ what it belongs to

    def modifies(self, run: Run) -> bool:
        """Whether a run is a part of the body or office behind it."""
        words = self._words
        if run.last >= len(words) or words.gap(run.last) != " ":
            return False
        if words.speech.behind == "linked":
            return words.capital(run.last) and words.use(run.last, "offices") is not None  # `Kyrgyz Energy Minister`
        if words.speech.behind != "nothing":
            return False
        if words.genitive(run.last - 1):
            return words.use(run.last, "after") is None  # `X-ning so‘zlariga ko‘ra`: who says it
        if self._body_ahead(run.last):
            return True
        noun = words.use(run.last, "offices")
        office = words.folded(noun.last - 1) if noun else ""
        return noun is not None and has_possessive(office) and not office.endswith(words.speech.oblique)

    def _body_ahead(self, index: int) -> bool:
        """A body whose name began before word `index` (`Szociális Védelem és Munka Minisztériuma`)."""
        words = self._words
        for place in range(index, min(index + _BODY, len(words))):
            if words.gap(place) not in {" ", "- "} or not (words.capital(place) or words.folded(place) in words.joints):
                return place == index and self._is_body(place)
            if words.use(place, "bodies"):
                return self._is_body(place)
        return False

    def _is_body(self, index: int) -> bool:
        """Whether a word is a body that what stands before it may name: where offices stand last, it is possessed."""
        words = self._words
        folded = words.folded(index)
        if words.use(index, "bodies") is None or folded.endswith(_RELATIVES):
            return False
        return words.speech.order == "free" or self.is_possessed(index)

    def is_possessed(self, index: int) -> bool:
        """Whether a word may have the ending of one that another noun modifies, before that of its case, too."""
        folded, speech = self._words.folded(index), self._words.speech
        cases = (case for case in ("", *speech.oblique, *speech.inflections) if folded.endswith(case))
        return any(has_possessive(stem) and not self._is_plain(stem) for stem in map(folded.removesuffix, cases))

    def _is_plain(self, stem: str) -> bool:
        """Whether a word is listed with an ending, too, and not as another with one (`мұражай`, `мұражайы`)."""
        listed = self._words.speech.nominatives
        if stem not in listed or not any(stem + ending in listed for ending in _POSSESSIVES):
            return False
        bases = (stem.removesuffix(ending) for ending in _POSSESSIVES if stem.endswith(ending))
        return not any(base in listed or base[:-1] + _HARD.get(base[-1:], "-") in listed for base in bases)


def has_possessive(folded: str) -> bool:
    """Whether a noun may have the ending of one that another noun modifies."""
    return folded[-1:] in _POSSESSED
