"""Stories of a stream that comes out of order, twice in places, to workers that are killed: the same as undisturbed.

    python -m benchmarks.stories_drill [--articles N] [--seed S]

The consumers `stories` and `index` are real processes. What must hold: every article is in the same story, under the
same id and in the same role, and every story says the same of the same members. Which of two copies an article is said
to be like may differ: it is the best one that was there when it came.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.digest import articles as indexed
from benchmarks.drill import Consuming, Moment
from otswatch.bus import Outgoing
from otswatch.index import Index, Search, every
from otswatch.records import Article
from otswatch.settings import Settings
from otswatch.stores import open_stores

CONSUMERS: Final = ("stories", "index")
#: Of the articles, so many in a hundred come a second time; each comes up to so many places early or late.
_AGAIN, _OUT_OF_PLACE = 5, 300
#: What an article or a member of a story says of how it came in.
_HOW: Final = ("reason", "like", "why")


@dataclass(frozen=True, slots=True)
class Told:
    """What a run left: each article's story and role, and each story as JSON, by id."""

    articles: dict[str, tuple[str, str]]
    stories: dict[str, str]


def moments(articles: int, batch: int = 256) -> tuple[Moment, ...]:
    """Ten: at every step of both consumers, in an order in which each finds work that the one before left undone."""
    later = 1 + articles // batch // 12
    return tuple(
        Moment(event.partition(".")[2], consumer, event, count)
        for consumer, event, count in (
            ("stories", "batch.polled", later),
            ("stories", "batch.publishing", later),
            ("stories", "batch.committed", later),
            ("stories", "batch.polled", 1),
            ("stories", "batch.publishing", 1),
            ("index", "batch.polled", 1),
            ("index", "batch.publishing", 1),
            ("index", "batch.committed", 1),
            ("index", "batch.publishing", 1),
            ("index", "batch.polled", 1),
        )
    )


def disorder(articles: Sequence[Article], seed: int) -> list[Article]:
    """The same articles out of order, some of them twice."""
    dice = Random(seed)  # noqa: S311 - the same in every run
    twice = dice.sample(range(len(articles)), len(articles) * _AGAIN // 100)
    places = [*range(len(articles)), *(min(place + _OUT_OF_PLACE, len(articles)) for place in twice)]
    sent = [*articles, *(articles[place] for place in twice)]
    late = [place + dice.uniform(0, _OUT_OF_PLACE) for place in places]
    return [sent[number] for number in sorted(range(len(sent)), key=late.__getitem__)]


def play(data: Path, articles: Iterable[Article], kills: Sequence[Moment], say: Callable[[str], None] = print) -> Told:
    """One run to its end, killed and started again at each of `kills`."""
    with open_stores(Settings(data=data)) as stores:
        stores.bus.publish([Outgoing("articles", each.id, each.to_json()) for each in articles])
    run = Consuming(data, say)
    for moment in kills:
        assert not run.consume(moment, *CONSUMERS), f"the run was over before {moment}"
    run.consume(None, *CONSUMERS)
    with open_stores(Settings(data=data)) as stores:
        return told(stores.index)


def told(index: Index) -> Told:
    """What the index says of stories."""
    articles = {each["id"]: (each["story"]["id"], each["story"]["role"]) for each in indexed(index)}
    stories = every(index, Search(kind="stories"))
    return Told(articles, {story["id"]: json.dumps(_without_how(story), sort_keys=True) for story in stories})


def _without_how(story: Mapping[str, Any]) -> dict[str, Any]:
    members = [{name: value for name, value in member.items() if name not in _HOW} for member in story["members"]]
    return {**story, "members": members, "version": None}


def compare(calm: Told, disturbed: Told, number: int) -> list[str]:
    """What does not hold; empty when all does."""
    faults = [
        f"{name}: {len(run.articles)} of {number} articles"
        for name, run in (("undisturbed", calm), ("disturbed", disturbed))
        if len(run.articles) != number
    ]
    elsewhere = [id_ for id_ in calm.articles if calm.articles[id_] != disturbed.articles.get(id_)]
    if elsewhere:
        faults.append(f"{len(elsewhere)} articles are in another story or role, for example {elsewhere[:3]}")
    others = [
        id_ for id_ in {**calm.stories, **disturbed.stories} if calm.stories.get(id_) != disturbed.stories.get(id_)
    ]
    if others:
        one, other = (json.loads(run.stories.get(others[0], "{}")) for run in (calm, disturbed))
        fields = {name: (one.get(name), other.get(name)) for name in one | other if one.get(name) != other.get(name)}
        faults.append(f"{len(others)} stories differ, for example {others[0]}: {fields}")
    return faults


def main() -> None:
    """Play both runs and say what differs."""
    from benchmarks.stories_scale import stream

    parser = argparse.ArgumentParser(prog="python -m benchmarks.stories_drill", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    articles = list(stream(asked.articles, asked.seed))
    with tempfile.TemporaryDirectory() as folder:
        calm = play(Path(folder, "calm"), articles, ())
        print(f"undisturbed: {len(calm.articles)} articles in {len(calm.stories)} stories")
        sent = disorder(articles, asked.seed)
        disturbed = play(Path(folder, "disturbed"), sent, moments(len(sent)))
    print(f"disturbed: {len(sent)} messages, {len(disturbed.articles)} articles in {len(disturbed.stories)} stories")
    faults = compare(calm, disturbed, asked.articles)
    print("\n".join(faults) or "the same stories, ids, roles and members")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
