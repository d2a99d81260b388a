"""Words between quotation marks and behind dialogue dashes, in the conventions of nine languages.

A span holds the words alone; the marks lie outside of it. Of nested marks only the outermost pair counts. A mark that
was lost is made up for by what the sentence shows, and the span says so (`lost`): whoever uses it should want more
proof.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

#: Opening mark → the marks that close it.
_PAIRS = {"“": "”", "„": "”“", "«": "»", "»": "«", '"': '"', "‘": "’", "‟": "”", "‹": "›", "”": "”"}
#: So many marks after an opening one without its own to close it, and it never closes.
_INNER = 40
#: Only what stands beside these tells which way they face.
_BOTH_WAYS = '"‘’»”'
#: Apostrophes look like these, so alone they are no sign of a quotation.
_SINGLE = "‘’‹›"
_MARK = re.compile('[“”„«»"‘’‟‹›]')
_PARAGRAPH = re.compile(r"[^\n]+")
_DASH = re.compile(r"\s*[—–-]\s")
#: Where a frame may begin behind spoken words whose mark or dash says nothing: a stop and a dash.
_TURN = re.compile(r"(?P<stop>[,.!?…]?)\s[—–-]\s")
_COMMA = re.compile(r",\s")
_SENTENCE = re.compile(r"[.!?…]\s+(?=\W*[^\W\d_])|:\s+")

#: Whether the words from `start` to `end` hold words of speech near their beginning.
Speaks = Callable[[int, int], bool]


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


def paragraphs(text: str, speaks: Speaks) -> list[Paragraph]:
    """The paragraphs of a text that are not blank, each with what stands in marks or behind dashes in it."""
    found: list[Paragraph] = []
    bounds = [match.span() for match in _PARAGRAPH.finditer(text) if not match[0].isspace()]
    for index, (start, end) in enumerate(bounds):
        following = bounds[index + 1][0] if index + 1 < len(bounds) else None
        spans = tuple(_dialogue(text, start, end, speaks) or _marked(text, start, end, following, speaks))
        found.append(Paragraph(start, end, spans))
    return [_unframed(text, found, index) for index in range(len(found))]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """What stands between marks, without them; for a caller who knows nothing of the words."""
    for paragraph in paragraphs(text, lambda _start, _end: False):
        yield from ((span.start, span.end) for span in paragraph.spans if span.kind == "marks" and not span.lost)


# ------------------------------------------------------------------------------------------------------- marks


def _marked(text: str, start: int, end: int, following: int | None, speaks: Speaks) -> Iterator[Span]:
    marks = [match.start() for match in _MARK.finditer(text, start, end)]
    index, free = 0, start
    while index < len(marks):
        at = marks[index]
        close = _closing(text, marks, index)
        if close is not None:
            span = _span(text, at + 1, marks[close], at, marks[close] + 1)
            index = close + 1
        else:
            span = _without_end(text, at, start, end, following, speaks) or _without_beginning(
                text, at, start, end, free, speaks
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


def _closing(text: str, marks: list[int], index: int) -> int | None:
    """The mark that closes the one at `index`, if that one opens."""
    opener = text[marks[index]]
    closers = _PAIRS.get(opener)
    if closers is None or not _opens(text, marks[index]):
        return None
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


def _opens(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return not before.isalnum() and (text[place] not in _BOTH_WAYS or (bool(after) and not after.isspace()))


def _closes(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if text[place] == '"':  # an ending may be tied to it, `"Alpomish"ning`
        return not before.isspace() and not after.isupper() and not after.isdigit()
    return text[place] not in _BOTH_WAYS or text[place] in "»”" or not (before.isspace() or after.isalnum())


def _without_end(text: str, at: int, start: int, end: int, following: int | None, speaks: Speaks) -> Span | None:
    """A quotation that is opened and not closed: it goes on in the next paragraph, or ends at its frame."""
    if text[at] in _SINGLE or not _opens(text, at) or not _begins(text, at, start):
        return None
    goes_on = text[at] != '"' and following is not None and text[following] == text[at] and at == start
    stop = end if goes_on else next((m.start() for m in _frames(text, at, end) if speaks(m.end(), end)), end)
    return _span(text, at + 1, stop, at, stop, None if goes_on else "close")


def _frames(text: str, at: int, end: int) -> Iterator[re.Match[str]]:
    yield from _TURN.finditer(text, at, end)
    yield from _COMMA.finditer(text, at, end)


def _begins(text: str, at: int, start: int) -> bool:
    """Whether a mark stands where words begin to be spoken: at the head of a sentence, or after a colon."""
    before = text[start:at].rstrip()
    return not before or before[-1] in ".:!?…»”"


def _without_beginning(text: str, at: int, head: int, stop: int, free: int, speaks: Speaks) -> Span | None:
    """A quotation that is closed and was not opened: it begins with its paragraph, its sentence or after a colon."""
    shut = not text[at - 1 : at].isspace() and not text[at - 1 : at].isdigit() and not text[at + 1 : at + 2].isalnum()
    if text[at] in _SINGLE + "“„«‟" or not shut or at <= free:
        return None
    begun = [match.end() for match in _SENTENCE.finditer(text, free, at)]
    colon = [place for place in begun if text[place - 2 : place].strip() == ":"]
    if not colon and not speaks(at + 1, stop):
        return None
    start = colon[-1] if colon else begun[0] if begun and free > head else free
    return _span(text, start, at, start, at + 1, "open")


# ---------------------------------------------------------------------------------------------------- dialogue


def _dialogue(text: str, start: int, end: int, speaks: Speaks) -> list[Span]:
    """`— Said, — frame. — Said.`: what is spoken in a paragraph that begins with a dash and has a frame."""
    dash = _DASH.match(text, start, end)
    if not dash:
        return []
    turns = list(_TURN.finditer(text, dash.end(), end))
    found: list[Span] = []
    said, begun = True, dash.end()
    for index, turn in enumerate(turns):
        stop = turns[index + 1].start() if index + 1 < len(turns) else end
        if said and speaks(turn.end(), stop):
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
