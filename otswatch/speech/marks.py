"""Words between quotation marks and behind dialogue dashes, in the conventions of nine languages.

A span holds the words alone; the marks lie outside of it. Of nested marks only the outermost pair counts. A mark that
was lost is made up for by what the sentence shows, and the span says so (`lost`): whoever uses it should want more
proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal, Protocol

#: Opening mark → the marks that close it.
_PAIRS = {"“": "”", "„": "”“", "«": "»", "»": "«", '"': '"', "‘": "’", "‟": "”", "‹": "›", "”": "”", "'": "'"}
#: So many marks after an opening one without its own to close it, and it never closes.
_INNER = 40
#: Only what stands beside these tells which way they face.
_BOTH_WAYS = "\"‘’»”'"
#: Apostrophes look like these, so alone they are no sign of a quotation.
_SINGLE = "‘’‹›'"
_MARK = re.compile('[“”„«»"‘’‟‹›]')
#: Straight single marks are apostrophes but for those that stand before a word, and then those behind one.
_STRAIGHT = re.compile(r"(?<![^\s(«“„\"—–-])'(?=[^\W_])")
_MARK_OR_STRAIGHT = re.compile(r"[“”„«»\"‘’‟‹›]|'(?![^\W_])|(?<![^\s(«“„\"—–-])'")
_PARAGRAPH = re.compile(r"[^\n]+")
_DASH = re.compile(r"\s*[—–-]\s")
#: Where a frame may begin behind spoken words whose mark or dash says nothing: a stop and a dash.
_TURN = re.compile(r"(?P<stop>[,.!?…]?)\s[—–-]\s")
_COMMA = re.compile(r",\s")
_STOPS = re.compile(r"[.!?…]\s")
#: The same inside marks, where a frame may also end with a dash and a comma; it has so many letters at most.
_HALF = re.compile(r"(?P<stop>[,.!?…]?)\s[—–-](?:\s|,\s)")
_FRAME = 110
_WORD = re.compile(r"[^\W_]+")
#: So soon a frame has its verb.
_SOON = 3
_SENTENCE = re.compile(r"[.!?…]\s+(?=\W*[^\W\d_])|:\s+")


class Verbs(Protocol):
    """What is known of the words between two places of the text."""

    def speaks(self, start: int, end: int) -> bool:
        """Whether words of speech stand near their beginning."""

    def says(self, start: int, end: int) -> int | None:
        """Where the last of those words stands that only follow speech (`diye`, `deb`)."""


class _Mute:
    """Nothing is known of the words."""

    def speaks(self, _start: int, _end: int) -> bool:
        return False

    def says(self, _start: int, _end: int) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """Spoken or marked words: `text[start:end]`, with their marks `text[left:right]`.

    `lost`: the mark that is missing. `kind` dash: behind a dialogue dash, without marks.
    """

    start: int
    end: int
    left: int
    right: int
    kind: Literal["marks", "dash"] = "marks"
    lost: Literal["open", "close"] | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its spans, in order."""

    start: int
    end: int
    spans: tuple[Span, ...]

    @property
    def dialogue(self) -> bool:
        return any(span.kind == "dash" for span in self.spans)


def paragraphs(text: str, verbs: Verbs) -> list[Paragraph]:
    """The paragraphs of a text that are not blank, each with what stands in marks or behind dashes in it."""
    found: list[Paragraph] = []
    bounds = [match.span() for match in _PARAGRAPH.finditer(text) if not match[0].isspace()]
    for index, (start, end) in enumerate(bounds):
        following = bounds[index + 1][0] if index + 1 < len(bounds) else None
        spans = tuple(_dialogue(text, start, end, verbs) or _marked(text, start, end, following, verbs))
        found.append(Paragraph(start, end, spans))
    return [_unframed(text, found, index) for index in range(len(found))]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """What stands between marks, without them; for a caller who knows nothing of the words."""
    for paragraph in paragraphs(text, _Mute()):
        yield from ((span.start, span.end) for span in paragraph.spans if span.kind == "marks" and not span.lost)


# ------------------------------------------------------------------------------------------------------- marks


def _marked(text: str, start: int, end: int, following: int | None, verbs: Verbs) -> Iterator[Span]:
    mark = _MARK_OR_STRAIGHT if _STRAIGHT.search(text, start, end) else _MARK
    marks = [match.start() for match in mark.finditer(text, start, end)]
    index, free = 0, start
    while index < len(marks):
        at = marks[index]
        close = _closing(text, marks, index)
        if close is not None:
            halves = _halves(text, at, marks[close], verbs)
            yield from halves[:-1]
            span = halves[-1] if halves else None
            index = close + 1
        else:
            span = _without_end(text, at, start, end, following, verbs) or _without_beginning(
                text, at, start, end, free, verbs
            )
            index += 1
        if span:
            yield span
            free = span.right
            while index < len(marks) and marks[index] < free:
                index += 1


def _span(
    text: str, start: int, end: int, left: int, right: int, lost: Literal["open", "close"] | None = None
) -> Span | None:
    """The span without blanks and the comma or dash that belongs to the frame; none where no letter is left."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip(" \u00a0\t—–-,"))
    words = text[start:end].rstrip(" \u00a0\t,—–-")
    if not any(map(str.isalnum, words)):
        return None
    return Span(start, start + len(words), left, right, lost=lost)


def _halves(text: str, left: int, right: int, verbs: Verbs) -> list[Span]:
    """What stands between two marks: one span, or those beside a frame that stands in it (`“A, – he said. – B”`)."""
    found: list[Span] = []
    turns = list(_HALF.finditer(text, left + 1, right))
    start, at = left + 1, left
    for frame, rest in pairwise(turns):
        short = len(text[frame.end() : rest.start()]) <= _FRAME
        if (
            frame.start() < start
            or not short
            or not verbs.speaks(frame.end(), _behind(text, frame.end(), rest.start(), _SOON))
        ):
            continue
        half = _span(text, start, frame.start() + len(frame["stop"].strip(",")), at, frame.start() + len(frame["stop"]))
        found += [half] if half else []
        start = at = rest.end()
    last = _span(text, start, right, at, right + 1)
    return [*found, last] if last else found


def _behind(text: str, start: int, end: int, count: int) -> int:
    """Where so many words behind a place end."""
    words = list(islice(_WORD.finditer(text, start, end), count))
    return words[-1].end() if words else start


def _closing(text: str, marks: list[int], index: int) -> int | None:
    """The mark that closes the one at `index`, if that one opens."""
    opener = text[marks[index]]
    closers = _PAIRS.get(opener)
    if closers is None or not _opens(text, marks[index]):
        return None
    if opener in closers and (last := _balanced(text, marks, index)):
        return last
    depth = 0
    for later in range(index + 1, min(index + 1 + _INNER, len(marks))):
        place = marks[later]
        if text[place] == opener and opener not in closers and _opens(text, place):
            depth += 1
        elif text[place] in closers and _closes(text, place):
            if not depth:
                return later
            depth -= 1
    return None


def _balanced(text: str, marks: list[int], index: int) -> int | None:
    """The mark that closes the one at `index` where the same mark stands in it (`"They read "Manas" aloud."`)."""
    opener, depth = text[marks[index]], 1
    for later in range(index + 1, min(index + 1 + _INNER, len(marks))):
        before, after = text[marks[later] - 1], text[marks[later] + 1 : marks[later] + 2]
        if text[marks[later]] != opener:
            continue
        depth += 1 if before.isspace() and after.isalnum() else -1
        if not depth:
            return later
    return None


def _opens(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return not before.isalnum() and (text[place] not in _BOTH_WAYS or (bool(after) and not after.isspace()))


def _closes(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if text[place] == '"':  # an ending may be tied to it, `"Alpomish"ning`
        return not before.isspace() and not after.isupper() and not after.isdigit()
    return text[place] not in _BOTH_WAYS or text[place] in "»”" or not (before.isspace() or after.isalnum())


def _without_end(text: str, at: int, start: int, end: int, following: int | None, verbs: Verbs) -> Span | None:
    """A quotation that is opened and not closed: it goes on in the next paragraph, or ends at its frame."""
    if text[at] in _SINGLE or not _opens(text, at):
        return None
    goes_on = text[at] != '"' and following is not None and text[following] == text[at] and at == start
    if _begins(text, at, start):
        stop = end if goes_on else _frame(text, at, end, verbs)
    elif text[at] in _BOTH_WAYS or (stop := _saying(text, at, end, verbs, far=False) or 0) <= at:
        return None
    return _span(text, at + 1, stop, at, stop, None if goes_on else "close")


def _frame(text: str, at: int, end: int, verbs: Verbs) -> int:
    """Where the frame of a quotation begins: at a dash with a verb right behind it, else at any joint."""
    turns = [*_TURN.finditer(text, at, end)]
    for count in range(1, _SOON + 1):  # a verb right behind the dash, or a few words behind it
        for turn in turns:
            if verbs.speaks(turn.end(), _behind(text, turn.end(), end, count)):
                return turn.start()
    joints = (m.start() for m in (*turns, *_COMMA.finditer(text, at, end)) if verbs.speaks(m.end(), end))
    return _saying(text, at, end, verbs) or next(joints, end)


def _saying(text: str, at: int, end: int, verbs: Verbs, *, far: bool = True) -> int | None:
    """The word that only follows speech in the first sentence that has one; `far`: not only the one of the mark."""
    for match in (*_STOPS.finditer(text, at, end), None):
        stop = match.end() if match else end
        if (place := verbs.says(at, stop)) is not None or not far:
            return place
    return None


def _begins(text: str, at: int, start: int) -> bool:
    """Whether a mark stands where words begin to be spoken: at the head of a sentence, or after a colon."""
    before = text[start:at].rstrip()
    return not before or before[-1] in ".:!?…»”"


def _without_beginning(text: str, at: int, head: int, stop: int, free: int, verbs: Verbs) -> Span | None:
    """A quotation that is closed and was not opened: it begins with its sentence or after a colon."""
    shut = not text[at - 1 : at].isspace() and not text[at - 1 : at].isdigit() and not text[at + 1 : at + 2].isalnum()
    if text[at] in _SINGLE + "“„«‟" or not shut or at <= free:
        return None
    begun = [match.end() for match in _SENTENCE.finditer(text, free, at)]
    colon = [place for place in begun if text[place - 2 : place].strip() == ":"]
    if not colon and not verbs.speaks(at + 1, stop):
        return None
    start = colon[-1] if colon else begun[0 if free > head else -1] if begun else free
    return _span(text, start, at, start, at + 1, "open")


# ---------------------------------------------------------------------------------------------------- dialogue


def _dialogue(text: str, start: int, end: int, verbs: Verbs) -> list[Span]:
    """`— Said, — frame. — Said.`: what is spoken in a paragraph that begins with a dash and has a frame."""
    dash = _DASH.match(text, start, end)
    if not dash:
        return []
    turns = list(_TURN.finditer(text, dash.end(), end))
    found: list[Span] = []
    said, begun = True, dash.end()
    for index, turn in enumerate(turns):
        stop = turns[index + 1].start() if index + 1 < len(turns) else end
        if said and verbs.speaks(turn.end(), stop):
            found.append(_dashed(text, begun, turn.start("stop"), turn["stop"]))
            said = False
        elif not said and turn["stop"]:
            said, begun = True, turn.end()
    if found and said:
        found.append(_dashed(text, begun, end, ""))
    return found


def _dashed(text: str, start: int, end: int, stop: str) -> Span:
    """The full stop, question or exclamation mark is of the words; a comma is of the frame."""
    end += len(stop) if stop not in {"", ","} else 0
    words = text[start:end].rstrip(" ,")
    return Span(start, start + len(words), start, end, kind="dash")


def _unframed(text: str, found: list[Paragraph], index: int) -> Paragraph:
    """A paragraph behind a dash without a frame is speech beside one that has a frame, or after a colon."""
    paragraph = found[index]
    dash = _DASH.match(text, paragraph.start, paragraph.end)
    if not dash or paragraph.spans:
        return paragraph
    around = found[max(0, index - 1) : index] + found[index + 1 : index + 2]
    introduced = index > 0 and text[: paragraph.start].rstrip().endswith(":") and not _is_list(text, found, index)
    if not (introduced or any(other.dialogue for other in around)):
        return paragraph
    words = text[dash.end() : paragraph.end].rstrip()
    span = Span(dash.end(), dash.end() + len(words), dash.end(), paragraph.end, kind="dash")
    return Paragraph(paragraph.start, paragraph.end, (span,) if words else ())


def _is_list(text: str, found: list[Paragraph], index: int) -> bool:
    """Whether another paragraph behind a dash follows: points of a list."""
    return index + 1 < len(found) and _DASH.match(text, found[index + 1].start) is not None
