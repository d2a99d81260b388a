"""Areas, relevance, bodies and kind against labels: sets of our own in nine languages, and those that are shared.

Those who tend the words have read all of them but `topics_once` and `paragraphs`: a score is that of fitted lists. All
but the first were written by others who had seen no rule; what they said at first sight, which a new text may expect,
stands in docs/decisions/0014-areas.md.

    python -m benchmarks.eval_classify [--table]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks import eval_kinds
from benchmarks.measures import Pair, bootstrap, compare, macro, share
from otswatch.consumers.classify import areas_of, classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content

LABELLED = Path(__file__).parent / "labelled"
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "eval"
LOOKED_UP = ROOT / ".cache" / "lookups" / "labels_dev.jsonl"
_KEPT = {"about", "part"}
#: The ids of bodies that the sentences have otherwise.
_BODIES = {
    "turkic_investment_fund": "investment_fund",
    "tchf": "heritage_foundation",
    "tcci": "chamber_of_commerce",
    "turkunib": "universities_union",
}
_LEVELS = ("about", "part", "passing", "none")


@dataclass(frozen=True)
class Text:
    """A labelled text; `article` is what classification makes of it."""

    label: dict[str, Any]

    @cached_property
    def article(self) -> Article:
        return whole(self.label.get("title"), self.label.get("text") or "", self.label["language"])

    @property
    def areas(self) -> Pair:
        gold = [area for area in self.label["areas"] if area != "other"]
        return gold, [area.id for area in self.article.areas]

    @property
    def bodies(self) -> Pair:
        found = (mention.id or "" for mention in self.article.mentions if mention.type == "body")
        return self.label["bodies"], [_BODIES.get(body, body) for body in found]

    @property
    def level(self) -> str:
        return self.article.relevance.level if self.article.relevance else "none"


Texts = Sequence[Text]


def read(path: Path) -> list[Text]:
    """The labelled texts of a file of JSON lines."""
    return [Text(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def whole(title: str | None, text: str, language: str) -> Article:
    """An article that has only been cleaned, classified."""
    content = Content(title=title, text=text, language=language, extractor="labelled/1")
    return classify(Document(html=None, text=text), Article(id="0", url=None, source=None, content=content))


# --------------------------------------------------------------------------------------------------- what is printed


def print_areas(texts: Texts) -> None:
    """Micro F1 with its interval, macro F1, the main area, and each language."""
    pairs = [text.areas for text in texts]
    mean, labels = macro(pairs)
    mains = [gold[:1] == found[:1] for gold, found in pairs if gold]
    print(f"  areas      {compare(pairs)}  ({bootstrap(pairs)})  macro {mean:.3f} over {labels} areas")
    print(f"             main area right {share(sum(mains), len(mains))}")
    _print_by_language(texts, lambda text: text.areas)


def print_bodies(texts: Texts) -> None:
    """The bodies that are named and meant, of those that are labelled anywhere."""
    known = {body for text in texts for body in text.label["bodies"]}

    def pair(text: Text) -> Pair:
        gold, found = text.bodies
        return gold, [body for body in found if body in known]

    pairs = [pair(text) for text in texts]
    print(f"  bodies     {compare(pairs)}  ({bootstrap(pairs)})")
    _print_by_language(texts, pair)


def _print_by_language(texts: Texts, pair: Callable[[Text], Pair]) -> None:
    languages = dict.fromkeys(text.label["language"] for text in texts)
    for language in languages if len(languages) > 1 else ():
        part = [pair(text) for text in texts if text.label["language"] == language]
        print(f"    {language}  {len(part):3}  {compare(part)}")


def print_relevance(texts: Texts) -> None:
    """What is kept of what should be, and discarded of what should be; a row a labelled level, a column a found one."""
    kept = Counter((text.label["relevance"] in _KEPT, text.level in _KEPT) for text in texts)
    _print_kept(kept)
    levels = Counter((text.label["relevance"], text.level) for text in texts)
    print("    " + " " * 10 + "".join(f"{level:>9}" for level in _LEVELS))
    for gold in _LEVELS:
        print(f"    {gold:10}" + "".join(f"{levels[gold, level] or '.':>9}" for level in _LEVELS))


def _print_kept(kept: Counter[tuple[bool, bool]]) -> None:
    recall = share(kept[True, True], kept[True, True] + kept[True, False])
    specificity = share(kept[False, False], kept[False, True] + kept[False, False])
    print(f"  relevance  recall {recall}  specificity {specificity}  (always yes: 1 and 0)")


def print_kinds(texts: Texts, groups: dict[str, set[str]]) -> None:
    """The confusion table."""
    kinds = ((text.label["kind"], text.article.kind.id if text.article.kind else None) for text in texts)
    eval_kinds.show(eval_kinds.table(kinds), groups)


# ------------------------------------------------------------------------------------------------------------- the sets


def own() -> None:
    """A small set of sentences with areas and whether they are about the OTS; the first that there was."""
    texts = read(LABELLED / "areas.jsonl")
    print(f"areas.jsonl: {len(texts)} sentences of our own, nine languages, read by those who make the lists")
    pairs = [text.areas for text in texts]
    unknown = [(text.label["areas"], [area.id for area in areas_of(text.label["text"])]) for text in texts]
    print(f"  areas      {compare(pairs)}")
    print(f"  areas, language unknown  {compare(unknown)}")
    print_relevance(texts)


def topics(name: str, read_by: str) -> None:
    """Titles with texts: areas, relevance, kind."""
    texts = read(LABELLED / name / "texts.jsonl")
    print(f"{name}: {len(texts)} titles with text of our own, nine languages, {read_by}")
    print_areas(texts)
    print_relevance(texts)
    print_kinds(texts, eval_kinds.KINDS)


def sentences() -> None:
    """Single sentences with the hard cases of matching."""
    texts = read(LABELLED / "sentences" / "sentences.jsonl")
    print(f"sentences: {len(texts)} hard ones of our own, nine languages, read by those who make the rules")
    print_bodies(texts)
    print_areas(texts)
    print_relevance(texts)


def paragraphs() -> None:
    """The shared English paragraphs."""
    texts = [Text(text.label | {"language": "en"}) for text in read(SHARED / "areas_dev.jsonl")]
    print(f"areas_dev.jsonl: {len(texts)} English paragraphs, read while the lists were made")
    print_areas(texts)


def own_paragraphs() -> None:
    """Paragraphs in the manner of an organisation's own pages."""
    texts = [Text(text.label | {"language": "en"}) for text in read(LABELLED / "paragraphs" / "paragraphs.jsonl")]
    print(f"paragraphs: {len(texts)} English ones of our own, read by nobody who makes the rules")
    print_areas(texts)


def titles() -> None:
    """The shared titles: many name neither the OTS nor the subject."""
    texts = [text for text in read(SHARED / "labels_dev.jsonl") if text.label["title"]]
    print(f"labels_dev.jsonl: {len(texts)} titles alone")
    print_areas(texts)
    _print_shared_relevance(texts)
    print_kinds(texts, eval_kinds.GROUPS)


def looked_up() -> None:
    """The shared pages whose texts were looked up: `{"id", "text"}` a line, in the clone's cache and nowhere else."""
    labels = {text.label["id"]: text.label for text in read(SHARED / "labels_dev.jsonl")}
    found = read(LOOKED_UP) if LOOKED_UP.exists() else []
    texts = [Text(labels[text.label["id"]] | text.label) for text in found]
    known, all_of_them = (
        Counter(bool(label["is_ots_related"]) for label in group)
        for group in ([text.label for text in texts], labels.values())
    )
    where = LOOKED_UP.relative_to(ROOT)
    print(f"labels_dev.jsonl with texts looked up: {len(texts)} of {len(labels)} ({where})")
    print(f"  about the OTS {known[True]} of {all_of_them[True]}, not {known[False]} of {all_of_them[False]}")
    if texts:
        print_areas(texts)
        _print_shared_relevance(texts)
        print_kinds(texts, eval_kinds.GROUPS)


def _print_shared_relevance(texts: Texts) -> None:
    """What is kept, each hard negative, and what is missed."""
    _print_kept(Counter((text.label["is_ots_related"], text.level in _KEPT) for text in texts))
    for text in texts:
        kept, name = text.level in _KEPT, f"{text.label['id']} {text.label['title'] or text.label['url']}"
        if not text.label["is_ots_related"]:
            print(f"    hard negative, {'wrongly kept' if kept else 'discarded'}: {name}")
        elif not kept:
            print(f"    missed: {name}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every score."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval_classify", description=__doc__)
    parser.add_argument("--table", action="store_true", help="what the parts of the scoring add, and what all costs")
    if parser.parse_args(arguments).table:
        from benchmarks import areas_table, classify_speed

        areas_table.main()
        classify_speed.main()
        return
    own()
    topics("topics", "read by those who make the rules")
    topics("topics_kept", "read by those who make the rules")
    topics("topics_new", "read by those who make the rules")
    topics("topics_desk", "read by those who make the rules")
    topics("topics_once", "read by nobody who makes the rules")
    sentences()
    own_paragraphs()
    for path, score in ((SHARED / "areas_dev.jsonl", paragraphs), (SHARED / "labels_dev.jsonl", titles)):
        if path.exists():
            score()
        else:
            print(f"{path.name}: not here; scored without it")
    if (SHARED / "labels_dev.jsonl").exists():
        looked_up()


if __name__ == "__main__":
    main()
