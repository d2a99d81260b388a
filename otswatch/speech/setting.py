"""Where and when words were spoken, as far as the sentence that frames them says it."""

from __future__ import annotations

from collections.abc import Sequence

from otswatch import dates
from otswatch.speech.words import Sentence, Words

#: A place of the text.
Part = tuple[int, int]


def where(words: Words, sentence: Sentence, said: Sequence[Part]) -> Part | None:
    """The first place that is named with `in` or its case ending, outside of what was said in the sentence."""
    for index in words.within(sentence.start, sentence.end):
        place = words.places.get(index)
        if place is None or place.body or _within(words.tokens[index].start, said):
            continue
        start, end = words.tokens[place.first].start, _printed(words, place.last)
        if words.speech.locatives:
            inside = words.text[start:end].casefold().endswith(tuple(words.speech.locatives))
        else:
            inside = index > 0 and words.use(index - 1, "inside") is not None
        if inside:
            return start, end
    return None


def when(words: Words, sentence: Sentence, said: Sequence[Part]) -> Part | None:
    """The first date or day of the week outside of what was said in the sentence."""
    line = words.text[sentence.start : sentence.end]
    for start, end in said:
        first, last = max(0, start - sentence.start), max(0, end - sentence.start)
        line = line[:first] + " " * len(line[first:last]) + line[last:]
    language = words.speech.id
    found = dates.find(line, language) if dates.might_be(line, language) else []
    found = found or dates.weekdays(line, language)
    return (sentence.start + found[0].start, sentence.start + found[0].end) if found else None


def _within(place: int, parts: Sequence[Part]) -> bool:
    return any(start <= place < end for start, end in parts)


def _printed(words: Words, last: int) -> int:
    """The end of the word before `last` with an ending behind an apostrophe."""
    end = words.tokens[last - 1].end
    if words.text[end : end + 1] in {"'", "’"}:
        while end + 1 < len(words.text) and words.text[end + 1].isalpha():
            end += 1
        return end + 1 if words.text[end : end + 1].isalpha() else end
    return end
