"""Stories: generated copies, 400 written pairs of retold and of close events, texts that share only a background.

Everything goes through the pipeline's own stages first, with no background paragraph known. A judge links articles;
what is linked, also through others, is one story. The rules find their links through the `Window`, as the pipeline
does. Beside them stand three judges that need no rules: the same text once folded, half of the runs of five words in
common, the same title. Intervals, 95 %: originals, or families of events, drawn again.

    python -m benchmarks.eval_stories [--originals N] [--show]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from typing import Any, Final

from benchmarks.copies import ADDED, KINDS, LABELLED, LANGUAGES, Telling, article, copies, originals, written
from benchmarks.measures import Counts, compare, interval, share, total
from otswatch.records import Article
from otswatch.stories import Link, Profile, Window, link, profile
from otswatch.text.folding import fold

_RUN, _HALF = 5, 0.5
ACROSS: Final = "across"


@dataclass(frozen=True)
class Item:
    """An article with its label, and what the judges look at."""

    telling: Telling
    article: Article

    @property
    def id(self) -> str:
        return self.telling.id

    @cached_property
    def profile(self) -> Profile | None:
        return profile(self.article)

    @cached_property
    def text(self) -> str:
        return fold(self.article.content.foreground if self.article.content else "")

    @cached_property
    def title(self) -> str:
        return fold(self.article.content.title or "" if self.article.content else "")

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        words = self.text.split()
        return frozenset(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))


def item(telling: Telling, *, dated: bool = True) -> Item:
    """A telling as the pipeline understands it."""
    return Item(telling, article(telling, dated=dated))


# ----------------------------------------------------------------------------------------------------------- the judges

#: Two items by their ids, the lesser first.
Pair = tuple[str, str]


def pair(one: Item, other: Item) -> Pair:
    """The key of two items."""
    return (one.id, other.id) if one.id < other.id else (other.id, one.id)


@dataclass(frozen=True, slots=True)
class Judge:
    """Says of two items whether they are one story, and of many which are linked."""

    name: str
    same: Callable[[Item, Item], bool]
    linked: Callable[[Sequence[Item]], set[Pair]]

    def stories(self, items: Sequence[Item]) -> dict[str, str]:
        """Item → the least item of its story: what is linked, also through others, is one."""
        return components((each.id for each in items), self.linked(items))


def components(ids: Iterable[str], links: Iterable[Pair]) -> dict[str, str]:
    """Each id with the least one that it is connected to."""
    parent = {id_: id_ for id_ in ids}

    def root(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = id_ = parent[parent[id_]]
        return id_

    for one, other in links:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {id_: root(id_) for id_ in parent}


def _link(one: Item, other: Item) -> Link | None:
    return link(one.profile, other.profile) if one.profile and other.profile else None


def _linked_by_rules(items: Sequence[Item]) -> set[Pair]:
    window, by_article, found = Window(), {each.article.id: each for each in items}, set()
    for each in sorted(items, key=lambda each: (each.telling.published, each.id)):
        if each.profile is None:
            continue
        near = (by_article[other.article] for other in window.near(each.profile))
        found |= {pair(each, other) for other in near if _link(each, other)}
        window.add(each.profile)
    return found


def _bare(name: str, same: Callable[[Item, Item], bool]) -> Judge:
    def linked(items: Sequence[Item]) -> set[Pair]:
        return {pair(*two) for two in combinations(items, 2) if same(*two)}

    return Judge(name, same, linked)


def _share_runs(one: Item, other: Item) -> bool:
    return len(one.runs & other.runs) >= _HALF * len(one.runs | other.runs)


RULES: Final = Judge("rules", lambda one, other: _link(one, other) is not None, _linked_by_rules)
BASELINES: Final = (
    _bare("same text", lambda one, other: one.text == other.text),
    _bare("half of the runs", _share_runs),
    _bare("same title", lambda one, other: one.title == other.title),
)
JUDGES: Final = (RULES, *BASELINES)


# --------------------------------------------------------------------------------------------------------- the measures


def within(stories: Mapping[str, str]) -> set[Pair]:
    """The pairs of items that have the same story."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for id_, story in stories.items():
        members[story].append(id_)
    return {two for ids in members.values() for two in combinations(sorted(ids), 2)}


def counts(gold: Collection[Pair], found: Collection[Pair]) -> Counts:
    """Right, wrong and missed pairs."""
    return compare([([str(two) for two in gold], [str(two) for two in found])])


def precision(found: Counts) -> float:
    """1 where nothing was found."""
    return found.right / (found.right + found.wrong) if found.right + found.wrong else 1.0


def recall(found: Counts) -> float:
    """1 where there was nothing to find."""
    return found.right / (found.right + found.missed) if found.right + found.missed else 1.0


def by_cluster(gold: Collection[Pair], found: Collection[Pair], cluster: Mapping[str, str]) -> list[Counts]:
    """Counts of each cluster; a pair of two clusters is of the one that its lesser item belongs to."""
    parts: defaultdict[str, tuple[list[Pair], list[Pair]]] = defaultdict(lambda: ([], []))
    for side, pairs in enumerate((gold, found)):
        for two in pairs:
            parts[cluster[two[0]]][side].append(two)
    return [counts(*parts[name]) for name in sorted(set(cluster.values()))]


def b_cubed(gold: Mapping[str, str], found: Mapping[str, str]) -> tuple[float, float]:
    """Precision and recall of the item's own story, averaged over the items (Bagga and Baldwin 1998)."""
    both = Counter((gold[id_], found[id_]) for id_ in gold)
    labelled, made = Counter(gold.values()), Counter(found.values())
    purity = sum(both[gold[id_], found[id_]] / made[found[id_]] for id_ in gold) / len(gold)
    wholeness = sum(both[gold[id_], found[id_]] / labelled[gold[id_]] for id_ in gold) / len(gold)
    return purity, wholeness


# ----------------------------------------------------------------------------------------------------- generated copies


@cache
def generated(number: int) -> Mapping[str, list[Item]]:
    """Language → the copies of so many originals that the pipeline keeps."""
    return {language: [item(each) for one in _kept(language, number) for each in copies(one)] for language in LANGUAGES}


def _kept(language: str, number: int) -> list[Telling]:
    kept = (each for each in originals(language) if article(each).status == "ok")
    return [each for each, _ in zip(kept, range(number), strict=False)]


def print_copies(number: int) -> None:
    """Pairs of copies over all originals of a language: all, by language, and those that a kind has a part in."""
    sets = generated(number)
    items = {each.id: each for part in sets.values() for each in part}
    original = {id_: f"{each.telling.language} {each.telling.story}" for id_, each in items.items()}
    gold = within(original)
    made = {judge.name: set[Pair]().union(*(within(judge.stories(part)) for part in sets.values())) for judge in JUDGES}
    print(f"generated copies: {len(KINDS)} kinds of {number} originals in {len(sets)} languages, {len(gold)} pairs")
    lost = sum(each.article.status != "ok" for each in items.values())
    print(f"  {lost} of {len(items)} copies name the OTS too little to be kept by the pipeline; scored all the same")
    for name, found in made.items():
        parts = by_cluster(gold, found, original)
        print(f"  {name:17} {total(parts)}  ({interval(parts, lambda part: part.f1)})")
    links = set[Pair]().union(*(RULES.linked(part) for part in sets.values()))
    print(f"  rules: linked with one another and not only through others: {share(len(links & gold), len(gold))}")
    _print_rows({language: {each.id for each in part} for language, part in sets.items()}, gold, made)
    kinds = {kind: {id_ for id_, each in items.items() if each.telling.kind == kind} for kind in KINDS}
    _print_rows(kinds, gold, made)


def _print_rows(rows: Mapping[str, set[str]], gold: set[Pair], made: Mapping[str, set[Pair]]) -> None:
    """A line for the pairs that these items have a part in: the rules in full, F1 of the others."""
    for name, ids in rows.items():
        scores = {judge: counts(_of(gold, ids), _of(found, ids)) for judge, found in made.items()}
        others = "  ".join(f"{judge} {score.f1:.3f}" for judge, score in scores.items() if judge != RULES.name)
        print(f"    {name:21} {scores[RULES.name]}  ({others})")


def _of(pairs: Iterable[Pair], ids: Collection[str]) -> set[Pair]:
    return {two for two in pairs if two[0] in ids or two[1] in ids}


# -------------------------------------------------------------------------------------------------------- written pairs


@dataclass(frozen=True, slots=True)
class Written:
    """A labelled pair."""

    one: Item
    other: Item
    same: bool
    why: str

    @property
    def key(self) -> Pair:
        return pair(self.one, self.other)

    @property
    def language(self) -> str:
        languages = {self.one.telling.language, self.other.telling.language}
        return languages.pop() if len(languages) == 1 else ACROSS

    @property
    def family(self) -> str:
        return self.one.telling.story[0]


@cache
def tellings(*, dated: bool) -> Mapping[str, Item]:
    """The written articles by the ids that their pairs have."""
    return {each.id.removeprefix("stories-"): item(each, dated=dated) for each in written()}


def pairs(*, dated: bool) -> list[Written]:
    """The written pairs."""
    items = tellings(dated=dated)
    lines = (LABELLED / "stories" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [_written(items, json.loads(line)) for line in lines]


def _written(items: Mapping[str, Item], record: dict[str, Any]) -> Written:
    return Written(items[record["a"]], items[record["b"]], record["same"], record["why"])


def judged(judge: Judge, rows: Sequence[Written]) -> list[Counts]:
    """Counts of each family of events."""
    families: defaultdict[str, list[Written]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    return [_counted(judge, part) for part in families.values()]


def _counted(judge: Judge, rows: Sequence[Written]) -> Counts:
    gold = [row.key for row in rows if row.same]
    return counts(gold, [row.key for row in rows if judge.same(row.one, row.other)])


def print_pairs(*, dated: bool) -> None:
    """The written pairs by judge; with the rules also by language and by reason; then all articles as a clustering."""
    rows = pairs(dated=dated)
    parts = {"within a language": [row for row in rows if row.language != ACROSS]}
    parts["across languages"] = [row for row in rows if row.language == ACROSS]
    for name, part in parts.items():
        same = sum(row.same for row in part)
        print(f"written pairs {name}, {'' if dated else 'day hidden, '}{same} same and {len(part) - same} hard ones")
        for judge in JUDGES:
            print(f"  {judge.name:17} {_with_intervals(judged(judge, part))}")
    _print_reasons(rows)
    _print_clustering(list(tellings(dated=dated).values()))


def _with_intervals(families: Sequence[Counts]) -> str:
    both = total(families)
    shares = (
        f"{name} {value(both):.3f} ({interval(families, value)})"
        for name, value in (("precision", precision), ("recall", recall))
    )
    return f"F1 {both.f1:.3f}  " + "  ".join(shares)


def _print_reasons(rows: Sequence[Written]) -> None:
    """Of the rules: linked of the same ones by language, and of the hard ones by reason."""
    linked = Counter((row.language, row.why) for row in rows if RULES.same(row.one, row.other))
    all_ = Counter((row.language, row.why) for row in rows)
    reasons = list(dict.fromkeys(why for _, why in sorted(all_, key=lambda key: key[1] != "retold")))
    print("    linked of   " + "".join(f"{why:>11}" for why in reasons))
    for language in (*LANGUAGES, ACROSS):
        cells = (f"{linked[language, why]}/{all_[language, why]}" if all_[language, why] else "" for why in reasons)
        print(f"    {language:12}" + "".join(f"{cell:>11}" for cell in cells))


def _print_clustering(items: Sequence[Item]) -> None:
    """The whole set as stories, against its events; pairs within a language and across apart."""
    gold = {each.id: each.telling.story for each in items}
    language = {each.id: each.telling.language for each in items}
    print(f"  as a clustering: {len(items)} articles of {len(set(gold.values()))} events")
    for judge in JUDGES:
        made = judge.stories(items)
        purity, wholeness = b_cubed(gold, made)
        print(f"    {judge.name:17} {len(set(made.values()))} stories  B-cubed {purity:.3f} {wholeness:.3f}")
        for name, inside in (("within a language", True), ("across languages", False)):
            sides = ({p for p in within(each) if (language[p[0]] == language[p[1]]) is inside} for each in (gold, made))
            print(f"      {name:18} {counts(*sides)}")


# --------------------------------------------------------------------------------------------- nothing but a background


@cache
def strangers(number: int) -> Mapping[str, list[Item]]:
    """Language → leads of different originals, each with the same block on what a body is under it."""
    return {language: [item(each) for each in _with_block(language, number)] for language in LANGUAGES}


def _with_block(language: str, number: int) -> Iterator[Telling]:
    block = ADDED[language]["background"][0]
    for each in originals(language)[:number]:
        yield each.with_paragraphs([each.paragraphs[0], block])


def print_strangers(number: int) -> None:
    """How many of them are taken for one story."""
    sets = strangers(number)
    two = [each for part in sets.values() for each in combinations(part, 2)]
    print(f"nothing in common but a block on what a body is: {len(two)} pairs of a lead and the same block")
    for judge in JUDGES:
        print(f"  {judge.name:17} linked {share(sum(judge.same(*each) for each in two), len(two))}")


# ------------------------------------------------------------------------------------------------------------- mistakes


def show(number: int) -> None:
    """Print what the rules get wrong, with the titles."""
    for row in pairs(dated=True):
        if row.same != RULES.same(row.one, row.other):
            _show("missed" if row.same else f"wrong, {row.why}", row.one, row.other)
    for part in generated(number).values():
        items = {each.id: each for each in part}
        gold, links = within({each.id: each.telling.story for each in part}), RULES.linked(part)
        for one, other in sorted(links - gold):
            _show("wrong", items[one], items[other])
        for one, other in sorted(gold - within(components(items, links))):
            _show("missed", items[one], items[other])
    for part in strangers(number).values():
        for one_item, other_item in combinations(part, 2):
            if RULES.same(one_item, other_item):
                _show("wrong, only a background", one_item, other_item)


def _show(what: str, one: Item, other: Item) -> None:
    found = _link(one, other)
    print(f"{what}: {one.id} | {other.id}" + (f"  {found.rule} {'; '.join(found.why)}" if found else ""))
    print(f"    {one.telling.title}\n    {other.telling.title}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every score, or the mistakes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval_stories", description=__doc__.splitlines()[0])
    parser.add_argument("--originals", type=int, default=12, metavar="N", help="of each language, for the copies (12)")
    parser.add_argument("--show", action="store_true", help="list what the rules get wrong, with titles")
    given = parser.parse_args(arguments)
    if given.show:
        show(given.originals)
        return
    print_copies(given.originals)
    print_pairs(dated=True)
    print_pairs(dated=False)
    print_strangers(given.originals)


if __name__ == "__main__":
    main()
