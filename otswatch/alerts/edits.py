"""What an article that was fetched again says otherwise than before: the sentences that went and those that came.

Sentences are the same whose letters are, whatever their case, marks and spaces, and so are those in which a slip of the
pen was mended. What only moved, or was taken for background or a dateline meanwhile, did not change: a sentence went
only if the whole of the other text does not have it, in however many sentences.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Final, NamedTuple

from otswatch.alerts.known import Change
from otswatch.records import Article, Content
from otswatch.text.folding import APOSTROPHES, fold

#: Sentences of fewer words are captions, counters and bylines.
_LEAST: Final = 3
#: Sentences with fewer words in common are two of them, and not one that was changed (`difflib`'s ratio).
_RELATED: Final = 0.5
#: So many are asked whether one of them is what another sentence was, or became.
_RELATIVES: Final = 500
#: Where more pairs of sentences would be compared, none are: one that was mended, shortened or lengthened is another
#: one then. Such texts are long and have little in common: there is more to tell. So many pairs take half a second.
_PAIRS: Final = 20_000
#: In words of fewer letters another letter is another word.
_SLIP: Final = 4
#: So many sentences are shown of what went and of what came, and so many letters of each.
_SENTENCES: Final = 3
_SHOWN: Final = 160
#: Words before the first one that differs, where a sentence is shown in part.
_BEFORE: Final = 4
_MORE: Final = "…"
_END: Final = re.compile(r"[.!?…][\"'”’»)\]]*\s+|\n+")
_SET_OFF: Final = str.maketrans("", "", f"{APOSTROPHES}-‐‑")
#: What parts the figures of a number or a clock, not its thousands: `1.5` is not `15`.
_POINT: Final = re.compile(r"(?<=\d)[.,:/](?=\d{1,2}(?!\d))")


class Sentence(NamedTuple):
    """A sentence as printed, its place in the text (none in a headline), its folded words, and their letters."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    letters: str


def edit(before: Article, now: Article, quotes: Collection[str]) -> Change | None:
    """What `now` says otherwise; null where that is nothing, or cannot be told from what another cleaner would make.

    Args:
        quotes: ids of new words, which are told by themselves. Where nothing else came, there is no more to tell.
    """
    if before.content is None or now.content is None or _cleaner(before) != _cleaner(now):
        return None
    went, came = _differing(before.content, now.content)
    new = [quote for quote in now.quotes if quote.id in quotes]
    rest = [each for each in came if not any(each.start < quote.end and quote.start < each.end for quote in new)]
    if (not went and not rest) or (came and not rest):
        return None
    times = before.trace.fetched_at, now.trace.fetched_at
    return Change(
        of="text",
        before=_shown(went, rest),
        after=_shown(rest, went),
        between=(times[0], times[1]) if times[0] and times[1] else None,
    )


def stands(change: Change, article: Article) -> bool:
    """Whether an article still has what came, and still lacks what went."""
    if article.content is None:
        return False
    letters, came = _letters(_whole(article.content)), _pieces(change.after)
    # What was lengthened has the shorter one as a part.
    went = [piece for piece in _pieces(change.before) if not any(piece in longer for longer in came)]
    return all(piece in letters for piece in came) and not (went and all(piece in letters for piece in went))


def _cleaner(article: Article) -> str | None:
    return article.trace.stages.get("clean")


def _differing(before: Content, now: Content) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences that went and those that came."""
    old, new = _only(before, now), _only(now, before)
    before_has, now_has = _letters(_whole(before)), _letters(_whole(now))
    went = [one for one in old if one.letters not in now_has]
    came = [other for other in new if other.letters not in before_has]
    if len(went) * len(new) > _PAIRS or len(came) * len(old) > _PAIRS:
        return went, came
    # One that was shortened is still part of what it was, and one that was lengthened has it as a part.
    shorter = [other for other in new if any(other.letters in one.letters for one in went)]
    longer = [one for one in old if any(one.letters in other.letters for other in came)]
    return _in_order(old, (*went, *longer)), _in_order(new, (*came, *shorter))


def _only(content: Content, other: Content) -> list[Sentence]:
    """The sentences of the foreground that the other text does not have as sentences, with slips mended or not."""
    others = list(_sentences(other))
    known = {sentence.letters for sentence in others}
    own = [each for each in _sentences(content) if each.letters not in known and len(each.words) >= _LEAST]
    if len(own) * len(others) > _PAIRS:
        return own
    return [each for each in own if not any(_is_mended(each, sentence) for sentence in others)]


def _in_order(sentences: Iterable[Sentence], chosen: Collection[Sentence]) -> list[Sentence]:
    return [each for each in sentences if each in chosen]


def _sentences(content: Content) -> Iterator[Sentence]:
    if content.title:
        yield _sentence(content.title, -1, -1)
    text, start = content.foreground, 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        yield _sentence(text[start:end].strip(), start, end)
        start = end


def _sentence(text: str, start: int, end: int) -> Sentence:
    words = _words(text)
    return Sentence(text, start, end, words, "".join(words))


def _whole(content: Content) -> str:
    return "\n".join(part for part in (content.title, content.dateline, content.text) if part)


def _words(text: str) -> tuple[str, ...]:
    """Folded, with their endings: a mark before one may be lost."""
    return tuple(fold(_POINT.sub("x", text).translate(_SET_OFF).casefold()).split())


def _letters(text: str) -> str:
    return "".join(word for part in text.splitlines() for word in _words(part))


# ----------------------------------------------------------------------------------------------------- slips of the pen


def _is_mended(one: Sentence, other: Sentence) -> bool:
    """Whether they differ in nothing but slips of the pen, word by word: a `not` that was left out is none."""
    if _is_slip(one.words, other.words):
        return True
    compared = SequenceMatcher(None, one.words, other.words, autojunk=False)
    if min(compared.real_quick_ratio(), compared.quick_ratio()) < _RELATED:
        return False
    return all(
        _is_slip(one.words[a:b], other.words[c:d]) for tag, a, b, c, d in compared.get_opcodes() if tag != "equal"
    )


def _is_slip(some: Sequence[str], others: Sequence[str]) -> bool:
    if "".join(some) == "".join(others):
        return True
    return len(some) == len(others) and all(_one_letter(a, b) for a, b in zip(some, others, strict=True))


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter was left out, doubled, mistaken or changed places. The first one seldom is."""
    if min(len(one), len(other)) < _SLIP or one[0] != other[0] or any(letter.isdigit() for letter in one + other):
        return one == other
    shorter = min(len(one), len(other))
    start = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[1::-1] and a[2:] == b[2:])


# ------------------------------------------------------------------------------------------------------------- showing


def _shown(sentences: Sequence[Sentence], others: Sequence[Sentence]) -> str | None:
    pieces = [_shortened(each, _related(each, others)) for each in sentences[:_SENTENCES]]
    if len(sentences) > _SENTENCES:
        pieces.append("")
    return f" {_MORE} ".join(pieces).rstrip() or None


def _related(sentence: Sentence, others: Iterable[Sentence]) -> Sentence | None:
    """The one that it was, or became."""

    def alike(other: Sentence) -> float:
        return SequenceMatcher(None, sentence.words, other.words, autojunk=False).ratio()

    best = max(islice(others, _RELATIVES), key=alike, default=None)
    return best if best and alike(best) >= _RELATED else None


def _shortened(sentence: Sentence, other: Sentence | None) -> str:
    """A sentence, or the part of it in which it differs from the other one."""
    if len(sentence.text) <= _SHOWN:
        return " ".join(sentence.text.split())
    words, others = sentence.text.split(), other.text.split() if other else []
    same = next((place for place, (a, b) in enumerate(zip(words, others, strict=False)) if a != b), 0)
    first = max(0, same - _BEFORE)
    text = " ".join(words[first:])
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rpartition(' ')[0]} {_MORE}"
    return f"{_MORE} {cut}" if first else cut


def _pieces(shown: str | None) -> list[str]:
    return [letters for piece in (shown or "").split(_MORE) if (letters := _letters(piece))]
