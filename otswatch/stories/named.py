"""Who and what a report names: people, places, and other words that have their capital as a name."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Final

from otswatch.dates.words import lexicon
from otswatch.stories.report import Report, Said
from otswatch.stories.wordlist import words
from otswatch.taxonomy.loader import SpeechRole
from otswatch.taxonomy.process import taxonomy
from otswatch.text.folding import fold

#: A name has so many letters.
_SHORTEST: Final = 3
#: By so much of its beginning a word is known to be a state's: `Turkish`, `казахстанский`.
_STATE_STEM: Final = 4
#: What may stand between the end of a sentence and its first word, and between the words of a name.
_QUOTES: Final = '«“„"‘» \u00a0—–-('
_JOINTS: Final = frozenset((" ", "\u00a0", "-", "–"))
#: Common nouns that many write with a capital: ministers, ministries, protocols, meetings.
_COMMON: Final[frozenset[SpeechRole]] = frozenset(
    ("offices", "bodies", "documents", "occasions", "anyone", "honorifics")
)


class Named:
    """The names of a report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._tokens = report.words.tokens

    def people(self) -> tuple[Said, ...]:
        """The family names of those who are named or speak, wherever they stand in the text."""
        known = {parts[-1]: name for name in self._full_names if (parts := fold(name).split())}
        known = {family: name for family, name in known.items() if len(family) >= _SHORTEST}
        return self._report.together(
            Said(family, name, 1 << self._report.part(token.start))
            for token in self._tokens
            for family, name in known.items()
            if token.text.startswith(family)
        )

    def places(self) -> tuple[Said, ...]:
        """The places of the register, by id."""
        report = self._report
        return report.together(
            Said(match.value.id, report.text[match.start : match.end], 1 << report.part(match.start))
            for match in report.matches
            if match.value.role == "place" and report.text[match.start].isupper()
        )

    def names(self, *, sure: bool) -> tuple[Said, ...]:
        """Other names, folded: those that are surely some, or those whose capital the sentence or title explains."""
        return self._report.together(said for said, certain in self._runs if certain is sure)

    @cached_property
    def _full_names(self) -> list[str]:
        article = self._report.article
        full = [mention.name for mention in article.mentions if mention.type == "person"]
        speakers = (quote.speaker for quote in article.quotes)
        return full + [one.name for one in speakers if one and one.form in {"full", "surname"}]

    @cached_property
    def _runs(self) -> list[tuple[Said, bool]]:
        """Words with a capital, together where they stand together; sure where one of them is."""
        runs: list[tuple[list[int], bool]] = []
        for index, sure in enumerate(map(self._is_name, range(len(self._tokens)))):
            if sure is None:
                continue
            if runs and runs[-1][0][-1] == index - 1 and self._joined(index):
                runs[-1] = ([*runs[-1][0], index], runs[-1][1] or sure)
            else:
                runs.append(([index], sure))
        return [(self._said(indexes), sure) for indexes, sure in runs]

    def _said(self, indexes: list[int]) -> Said:
        start, end = self._tokens[indexes[0]].start, self._tokens[indexes[-1]].end
        value = " ".join(self._tokens[index].text for index in indexes)
        return Said(value, self._report.text[start:end], 1 << self._report.part(start))

    def _joined(self, index: int) -> bool:
        return self._report.text[self._tokens[index - 1].end : self._tokens[index].start] in _JOINTS

    def _is_name(self, index: int) -> bool | None:
        """Whether a word has its capital as a name; null for what cannot be one."""
        token, text = self._tokens[index], self._report.text
        written = text[token.start : token.end]
        if not written[0].isupper() or len(token.text) < _SHORTEST or index in self._explained:
            return None
        if self._report.part(token.start) == 0:
            return False
        if written.isupper() and any(map(str.isalpha, written)):
            return True
        before = text[max(0, token.start - len(_QUOTES)) : token.start].rstrip(_QUOTES)
        return bool(before) and before[-1] not in ".!?…:\n"

    @cached_property
    def _common(self) -> list[tuple[int, int]]:
        """Where common nouns stand: first word and the one behind the last."""
        report = self._report
        known = words(report.language)
        found = [(match.first, match.last) for match in known.common.find(report.words)] if known else []
        spoken = taxonomy().speech_words(report.language).find(report.words)
        return found + [(match.first, match.last) for match in spoken if match.value in _COMMON]

    @cached_property
    def _explained(self) -> frozenset[int]:
        """The words that are another fact, or no name: also written small, a day, a state's."""
        report = self._report
        people = tuple(part for name in self._full_names for part in fold(name).split())
        days = lexicon(report.language)
        others = {token.text for token in self._tokens if report.text[token.start].islower()}
        others |= {*days.words, *days.weekdays} if days else set()
        taken = [(match.first, match.last) for match in report.matches] + self._common
        taken += [(match.first, match.last) for match in report.occasions]
        return frozenset(index for first, last in taken for index in range(first, last)) | {
            index
            for index, token in enumerate(self._tokens)
            if token.text in others or token.text.startswith(people) or token.text[:_STATE_STEM] in _states()
        }


@cache
def _states() -> frozenset[str]:
    """How the names of member states and observers begin, and those of their people."""
    names = (
        fold(name.rstrip("~*"))
        for country in taxonomy().countries.values()
        if country.role != "other"
        for all_ in country.names.values()
        for name in all_
    )
    return frozenset(name[:_STATE_STEM] for name in names if len(name) >= _STATE_STEM)
