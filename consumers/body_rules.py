"""The rules that say which blocks of a page are its article's text. Each can be left out: see `RULES`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal

from lxml.html import HtmlElement

from otswatch.consumers.body_blocks import Block, Blocks, Region, data, outwards, words_of
from otswatch.text.folding import fold

#: Kinds of furniture that are never the text, however much of it an extractor finds there.
_NEVER_OPENED = frozenset(("comments", "appeal"))
_SENTENCE = re.compile(r"""[.!?…。！？]["'»”“’)\]]*$""")
_MOSTLY_LINKS = 0.8
_HALF_LINKS = 0.5
#: What is longer is no label, note or line of furniture.
_NOTE = 250


@dataclass(slots=True)
class Page:
    """The blocks of a page while it is decided which of them are kept."""

    blocks: Blocks
    title: str | None = None
    #: The blocks in regions of each kind.
    furniture: dict[str, list[Block]] = field(default_factory=dict)
    #: Characters of JSON-LD's text of the article; 0 where there is none or it is cut short.
    stated: int = 0
    #: What is no furniture, and what of it stands in the text of the source that decides.
    live: list[Block] = field(default_factory=list)
    #: Whether JSON-LD decides, not trafilatura.
    by_data: bool = False
    #: Where the title stands above the text, -1 where it does not.
    heading: int = -1
    #: The first and the last long paragraph of the text.
    first: int = 0
    last: int = -1
    #: The smallest element with most of the text, the elements that its paragraphs stand in, and all around these.
    root: HtmlElement | None = None
    places: frozenset[HtmlElement] = frozenset()
    signatures: frozenset[tuple[str, ...]] = frozenset()
    trunk: set[HtmlElement] = field(default_factory=set)

    def in_root(self, block: Block) -> bool:
        return self.root is not None and self.blocks.holds(self.root, block)

    def in_place(self, block: Block) -> bool:
        """Whether it stands where the text stands, or in an element that the template repeats for it."""
        return block.place in self.places or block.signature in self.signatures

    def above(self) -> list[Block]:
        """What stands between the title and the first long paragraph."""
        return [
            one
            for one in self.live
            if self.heading < one.index < self.first and (self.heading >= 0 or self.in_root(one))
        ]

    def between(self) -> list[Block]:
        """What stands between the first and the last long paragraph, in the element that holds the text."""
        return [one for one in self.live if self.first < one.index <= self.last and self.in_root(one)]

    def below(self) -> list[Block]:
        """What stands below the last long paragraph where the text stands."""
        return [one for one in self.live if one.index > self.last and self.in_place(one)]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and what it finds: furniture, what the source that decides says, more or less of the text."""

    name: str
    finds: Literal["furniture", "source", "more", "less"]
    find: Callable[[Page], Iterable[Block]]


def apply(page: Page, rules: Iterable[Rule]) -> None:
    """Marks the blocks of the text as kept, and those that a rule took away with its name."""
    rules = tuple(rules)
    _open_misnamed(page.blocks)
    page.furniture = _by_kind(page.blocks)
    for rule in (one for one in rules if one.finds == "furniture"):
        for block in rule.find(page):
            block.rule = block.rule or rule.name
    page.live = [block for block in page.blocks.all if block.rule is None]
    _choose(page, [rule for rule in rules if rule.finds == "source"])
    _frame(page)
    if page.last < 0:
        return
    for block in (*page.between(), *page.below()):
        block.kept = block.hit
    page.blocks.all[page.first].kept = True
    for rule in (one for one in rules if one.finds in ("more", "less")):
        for block in list(rule.find(page)):
            block.kept = rule.finds == "more"
            block.rule = None if block.kept else rule.name


# ------------------------------------------------------------------------------------------------------------ furniture


def _open_misnamed(blocks: Blocks) -> None:
    """Opens regions that hold most of what was extracted, alone or with others that are named alike."""
    total, outside = 0, 0
    held: Counter[tuple[str, str, str]] = Counter()
    for block in blocks.all:
        if not block.is_prose:
            continue
        outside += len(block.text) if block.region is None else 0
        if block.extracted:
            total += len(block.text)
            held.update(dict.fromkeys(map(_alike, block.region.outwards() if block.region else ()), len(block.text)))
    for region in blocks.regions:
        if held[_alike(region)] * 2 > total and (region.kind not in _NEVER_OPENED or outside < _NOTE):
            region.opened = True


def _alike(region: Region) -> tuple[str, str, str]:
    return region.kind, str(region.element.tag), region.element.get("class") or ""


def _furniture(page: Page, *, kind: str) -> list[Block]:
    return page.furniture.get(kind, [])


def _by_kind(blocks: Blocks) -> dict[str, list[Block]]:
    """The blocks in regions of each kind."""
    found: dict[str, list[Block]] = {}
    kinds: dict[Region, frozenset[str]] = {}
    for block in blocks.all:
        if block.region is not None:
            if block.region not in kinds:
                kinds[block.region] = frozenset(one.kind for one in block.region.outwards() if not one.opened)
            for kind in kinds[block.region]:
                found.setdefault(kind, []).append(block)
    return found


# --------------------------------------------------------------------------------------------------- source and frame


def _choose(page: Page, rules: Iterable[Rule]) -> None:
    for block in page.live:
        block.hit = block.extracted
    if not any(block.hit for block in page.live):
        _densest(page.live)
    for rule in rules:
        if chosen := list(rule.find(page)):
            for block in page.live:
                block.hit = False
            for block in chosen:
                block.hit = True


def _densest(blocks: list[Block]) -> None:
    """Where the extractor found furniture only: the long paragraphs of the place that has most of them."""
    held: Counter[tuple[str, ...]] = Counter()
    for block in blocks:
        held[block.signature] += len(block.text) if block.is_prose else 0
    best = max(held, key=held.__getitem__, default=None)
    for block in blocks:
        block.hit = block.is_prose and block.signature == best


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


#: A shorter `articleBody` may be a summary, unless it is most of what was extracted.
_WHOLE_ARTICLE = 1000
_MOST = 0.6


def _article_body(page: Page) -> list[Block]:
    """The blocks of JSON-LD's `articleBody`, where the page shows it and little else stands beside it."""
    stated = [block for block in page.live if block.stated]
    prose = [block for block in stated if block.is_prose]
    shown = _size(block for block in page.blocks.all if block.stated)
    if not prose or not page.stated or shown < _MOST * page.stated:
        return []
    places = {block.place for block in prose}
    beside = _size(block for block in page.live if block.is_prose and block.place in places)
    extracted = _size(block for block in page.live if block.is_prose and block.extracted)
    size = _size(prose)
    if size >= _MOST * beside:
        page.by_data = size >= _WHOLE_ARTICLE or size >= _MOST * extracted
        return stated if page.by_data else []
    return [block for block in page.live if block.stated or block.extracted]


#: The paragraphs of an article stand in so many kinds of places at most; what is rarer is an insert.
_FEW = 10


def _frame(page: Page) -> None:
    """Finds where the text stands, by its long paragraphs."""
    hits = [block for block in page.live if block.hit]
    seeds = [block for block in hits if block.is_prose] or [block for block in hits if len(block.text) > 40] or hits
    if not seeds:
        return
    page.heading = _heading(page)
    after = [block for block in seeds if block.index > page.heading]
    if _size(after) * 2 > _size(seeds):
        seeds = after
    else:
        page.heading = -1
    page.root = _smallest_with_most(seeds)
    seeds = [block for block in seeds if page.in_root(block)]
    page.first, page.last = seeds[0].index, seeds[-1].index
    if page.heading < 0:
        page.heading = _nearest_heading(page)
    total = _size(seeds)
    held: Counter[tuple[str, ...]] = Counter()
    for block in seeds:
        held[block.signature] += len(block.text)
    page.signatures = frozenset(one for one, size in held.items() if size * _FEW >= total)
    page.places = frozenset(one.place for one in seeds if one.signature in page.signatures)
    page.trunk = set()
    for place in page.places:
        _grow(page.trunk, place)


def _grow(trunk: set[HtmlElement], place: HtmlElement) -> None:
    for element in outwards(place):
        if element in trunk:
            break
        trunk.add(element)


def _smallest_with_most(seeds: list[Block]) -> HtmlElement:
    held: Counter[HtmlElement] = Counter()
    for block in seeds:
        for element in outwards(block.element):
            held[element] += len(block.text)
    longest = max(seeds, key=lambda block: len(block.text)).element
    most = 0.85 * _size(seeds)
    return next(element for element in outwards(longest) if held[element] >= most)


#: What only differs in marks and spaces from a title is not longer or shorter by more.
_NEAR = 12


def _heading(page: Page) -> int:
    """The block of the title: the best heading that says it, or the only `h1`; -1 where there is none."""
    title = fold(page.title or "")
    near = range(max(1, len(page.title or "") - _NEAR), len(page.title or "") + _NEAR)
    same = [one for one in page.blocks.all if title and len(one.text) in near and one.folded == title]
    level = {"h1": 0, "h2": 1, "h3": 1}
    if same:
        return min(same, key=lambda one: (level.get(str(one.element.tag), 2), one.index)).index
    headings = [one.index for one in page.live if one.element.tag == "h1"]
    return headings[0] if len(headings) == 1 else -1


def _nearest_heading(page: Page) -> int:
    """The last `h1` or `h2` above the element with the text: a title that the page words otherwise elsewhere."""
    above = (one.index for one in page.live[: page.first] if one.element.tag in ("h1", "h2") and not page.in_root(one))
    return max((index for index in above if index < page.first), default=-1)


def box(element: HtmlElement, trunk: set[HtmlElement]) -> HtmlElement | None:
    """The largest element around one that holds none of the trunk; null where it is of the trunk itself."""
    largest = None
    for around in outwards(element):
        if around in trunk:
            break
        largest = around
    return largest


# ----------------------------------------------------------------------------------------------------- more of the text


def _opening(page: Page) -> Iterator[Block]:
    """Lines above the first long paragraph, in its place: dateline, byline, a short first sentence."""
    for block in page.above():
        if block.place in page.places and block.link_share < _HALF_LINKS and (block.hit or block.is_marked):
            yield block


def _standfirst(page: Page) -> Iterator[Block]:
    """The lead between title and text: a sentence, or what the page calls so."""
    for block in page.above():
        if block.link_share >= _HALF_LINKS or block.element.tag == "li":
            continue
        sentence = len(block.text) >= 50 and (block.hit or block.extracted or _SENTENCE.search(block.text))
        if sentence or (len(block.text) >= 30 and _is_called_lead(block.element)):
            yield block


def _is_called_lead(element: HtmlElement) -> bool:
    parent = element.getparent()
    names = [*(element.get("class") or "").split(), *(parent.get("class") or "" if parent is not None else "").split()]
    return any(not _lead_words().isdisjoint(words_of(name)) for name in names)


@cache
def _lead_words() -> frozenset[str]:
    return frozenset(data()["lead"])


def _gap(page: Page) -> Iterator[Block]:
    """Paragraphs amid the text that the extractor left out: past a break it takes for the end, or thought repeated."""
    if page.by_data:
        return
    for block in page.between():
        if block.hit or block.link_share >= _HALF_LINKS:
            continue
        in_place = page.in_place(block)
        marked = block.is_marked and not block.is_heading and (in_place or block.is_prose)
        if marked or (in_place and len(block.text) > 60 and block.link_share < 0.3):
            yield block


def _continued(page: Page) -> Iterator[Block]:
    """Paragraphs below the last one extracted, in the same element or one that the template repeats."""
    if page.by_data:
        return
    for block in page.below():
        if block.is_marked and block.link_share < _HALF_LINKS and block.element.tag != "li" and not block.is_heading:
            yield block


def _list_on(page: Page) -> Iterator[Block]:
    """Items of a list that goes on right below the last paragraph."""
    for block in page.live:
        if block.index > page.last:
            if block.element.tag != "li" or not block.hit or not page.in_root(block):
                return
            yield block


def _subheading(page: Page) -> Iterator[Block]:
    """Headings with text of the article right below, other headings passed over."""
    below: Block | None = None
    for block in reversed(page.between()):
        if not block.is_heading:
            below = block
            continue
        follows = page.in_place(block) if page.by_data else below is not None and below.kept
        if follows and block.link_share < _HALF_LINKS and block.index < page.last:
            yield block


# ----------------------------------------------------------------------------------------------------- less of the text


def _kept(page: Page) -> Iterator[Block]:
    return (block for block in page.live if block.kept)


#: Of a first article, before a second one may begin; and of the second, to tell it from a card.
_ARTICLE, _SECOND = 300, 200


def _second_article(page: Page) -> list[Block]:
    """What stands below the text from another article's title on."""
    end = _end(page)
    return [block for block in _kept(page) if block.index >= end]


def _end(page: Page) -> int:
    """The index at which another article begins."""
    prose = [block for block in page.live if block.is_prose and block.index >= page.first]
    lasts = {block.place: block.index for block in prose}
    latest = max((block.index for block in prose if block.hit and page.in_place(block)), default=-1)
    unit = _unit(page.blocks.all[page.first].element)
    trunk: set[HtmlElement] = set()
    seen, reach = 0, -1
    for block in page.live:
        if block.index < page.first:
            continue
        if seen > _ARTICLE and block.index > reach and _may_begin(page, block, unit):
            start, stop = page.blocks.spans.get(box(block.element, trunk), (block.index, block.index + 1))
            inner = page.blocks.all[max(start, block.index) : stop]
            text = _size(one for one in inner if one.is_prose and one.signature in page.signatures)
            if block.element.tag == "h1" or text >= _SECOND or latest < stop:
                return block.index
            reach = max(reach, stop - 1)
        if block.is_prose:
            seen += len(block.text)
            reach = max(reach, lasts[block.place]) if block.hit else reach
            _grow(trunk, block.place)
    return len(page.blocks.all)


def _may_begin(page: Page, block: Block, unit: HtmlElement | None) -> bool:
    """Whether it looks like the top of another article: `h1`, a heading that links to it, or a new `article`."""
    if block.element.tag == "h1":
        return True
    if block.element.tag in ("h2", "h3"):
        return block.link_share > _MOSTLY_LINKS and len(block.text) > 25
    other = _unit(block.element) if block.is_prose else None
    if other is None or other is unit:
        return False
    return unit is None or not any(element is unit for element in outwards(other))


def _unit(element: HtmlElement) -> HtmlElement | None:
    return next(
        (one for one in outwards(element) if one.tag == "article" or "Article" in (one.get("itemtype") or "")), None
    )


def _link_only(page: Page) -> Iterator[Block]:
    """Paragraphs that are nothing but a link."""
    return (block for block in _kept(page) if block.link_share >= _MOSTLY_LINKS)


def _boxes(page: Page) -> Iterator[tuple[HtmlElement, list[Block]]]:
    """What stands amid the text in elements that hold none of it."""
    boxes: dict[HtmlElement, list[Block]] = {}
    for block in page.blocks.all[page.first + 1 : page.last + 1]:
        if page.in_root(block) and not page.in_place(block) and (around := box(block.element, page.trunk)) is not None:
            boxes.setdefault(around, []).append(block)
    yield from boxes.items()


def _card(page: Page) -> Iterator[Block]:
    """A box amid the text with a headline that links to another article."""
    for _, blocks in _boxes(page):
        if _size(blocks) < 700 and any(block.link_share > _MOSTLY_LINKS and len(block.text) >= 20 for block in blocks):
            yield from (block for block in blocks if block.kept)


def _picture(page: Page) -> Iterator[Block]:
    """A box amid the text with a picture and a line or two."""
    for element, blocks in _boxes(page):
        small = _size(blocks) < 300 and not any(one.is_heading or one.element.tag == "li" for one in blocks)
        if small and next(element.iter("img", "picture", "video", "iframe"), None) is not None:
            yield from (block for block in blocks if block.kept)


def _title_repeated(page: Page) -> Iterator[Block]:
    """The title once more above the text."""
    title = fold(page.title or "")
    for block in _kept(page):
        if block.index >= page.first:
            break
        if block.element.tag == "h1" or (title and len(block.text) < 400 and block.folded == title):
            yield block


def _teaser(page: Page) -> Iterator[Block]:
    """A beginning that is cut off with dots and that the text then gives in full."""
    kept = list(_kept(page))
    for at, block in enumerate(kept):
        if block.text.endswith(("…", "...")) and any(_goes_on(block, one) for one in kept[at + 1 : at + 3]):
            yield block


def _goes_on(cut: Block, whole: Block) -> bool:
    *words, last = cut.tokens or [""]
    behind = whole.tokens[len(words) :]
    return bool(words and behind) and whole.tokens[: len(words)] == words and behind[0].startswith(last)


def _bare_heading(page: Page) -> Iterator[Block]:
    """A heading with no text below it but links to other articles, or nothing of the text at all."""
    below: list[Block] = []
    for block in reversed(page.live):
        if not block.is_heading:
            below = [block, *below[:1]]
        elif block.kept and block.index > page.first and _is_bare(page, below):
            yield block


def _is_bare(page: Page, below: list[Block]) -> bool:
    if any(one.kept for one in below):
        return False
    links = all(one.rule or one.link_share >= _MOSTLY_LINKS for one in below)
    return links or len(below) < 2 or below[0].index > page.last


def _repeated(page: Page) -> Iterator[Block]:
    """A paragraph that stood above already: a lead, a quotation, a second copy for printing."""
    seen: set[str] = set()
    for block in _kept(page):
        words = " ".join(block.tokens)
        if words in seen and len(block.text) > 30:
            yield block
        seen.add(words)


#: More such lines are a list, or a text without full stops.
_TAIL = 4


def _tail(page: Page) -> Iterator[Block]:
    """Short lines below the last sentence: who wrote it, where from, labels."""
    kept = list(_kept(page))
    for block in reversed(kept[max(2, len(kept) - _TAIL) :]):
        if len(block.text) >= 80 or block.element.tag in ("li", "tr") or _SENTENCE.search(block.text):
            return
        yield block


# ------------------------------------------------------------------------------------------------------------- wording

_LAST_SENTENCE = re.compile(r"(?:^|[.!?…]\s+)([^.!?…]{0,30}?)\s*(?:[:–—/©])\s*\S[^.!?]{0,60}\.?$")


def _notes(page: Page) -> Iterator[Block]:
    return (block for block in _kept(page) if len(block.text) <= _NOTE)


@cache
def _phrases(name: str) -> tuple[str, ...]:
    return tuple(f"{fold(phrase)} " for phrase in data()["wordings"][name])


def _read_also(page: Page) -> Iterator[Block]:
    """Notes that name another article behind a colon, or without a full stop."""
    for block in _notes(page):
        says_so = f"{block.folded} ".startswith(_phrases("read-also"))
        label = fold(block.text.partition(":")[0]) if says_so and ":" in block.text else ""
        if says_so and (not block.text.endswith(".") or f"{label} " in _phrases("read-also")):
            yield block


def _credit(page: Page) -> Iterator[Block]:
    """Captions: notes that end with whose picture it is."""
    labels = _phrases("photo-credit")
    for block in _notes(page):
        match = _LAST_SENTENCE.search(block.text)
        if match and f"{fold(match[1])} " in labels:
            yield block


def _count(page: Page) -> Iterator[Block]:
    """How often the page was read: a figure with its word, in a short line."""
    labels = tuple(f" {phrase}" for phrase in _phrases("view-count"))
    for block in _notes(page):
        short = len(block.text) <= 60 and not _SENTENCE.search(block.text)
        if short and any(sign.isdigit() for sign in block.text) and any(one in f" {block.folded} " for one in labels):
            yield block


def _follow(page: Page) -> Iterator[Block]:
    """A note that asks to follow the site or its author elsewhere: a short one, or at the end of the text."""
    channels, verbs = _phrases("follow-channel"), _phrases("follow-verb")
    end = min([block.index for block in _kept(page)][-2:], default=0)
    for block in _notes(page):
        folded = f" {block.folded} "
        asks = any(f" {one.rstrip()}" in folded for one in channels) and any(f" {one}" in folded for one in verbs)
        if asks and (len(block.text) <= 80 or block.index >= end):
            yield block


def _rights(page: Page) -> Iterator[Block]:
    phrases = _phrases("rights")
    for block in _notes(page):
        if block.text.startswith("©") or any(f" {phrase}" in f" {block.folded} " for phrase in phrases):
            yield block


def _correction(page: Page) -> Iterator[Block]:
    for block in _notes(page):
        folded = f"{block.folded} "
        if "ctrl enter" in folded or folded.startswith(_phrases("correction-note")):
            yield block


_FURNITURE = tuple(data()["furniture"])

RULES: tuple[Rule, ...] = (
    *(Rule(f"{kind}/1", "furniture", partial(_furniture, kind=kind)) for kind in _FURNITURE),
    Rule("article-body/1", "source", _article_body),
    Rule("opening/1", "more", _opening),
    Rule("standfirst/1", "more", _standfirst),
    Rule("gap/1", "more", _gap),
    Rule("continued/1", "more", _continued),
    Rule("list/1", "more", _list_on),
    Rule("subheading/1", "more", _subheading),
    Rule("second-article/1", "less", _second_article),
    Rule("link-only/1", "less", _link_only),
    Rule("card/1", "less", _card),
    Rule("picture/1", "less", _picture),
    Rule("title-repeated/1", "less", _title_repeated),
    Rule("teaser/1", "less", _teaser),
    Rule("read-also/1", "less", _read_also),
    Rule("correction-note/1", "less", _correction),
    Rule("caption-credit/1", "less", _credit),
    Rule("view-count/1", "less", _count),
    Rule("follow/1", "less", _follow),
    Rule("rights-line/1", "less", _rights),
    Rule("bare-heading/1", "less", _bare_heading),
    Rule("repeated/1", "less", _repeated),
    Rule("tail/1", "less", _tail),
)
