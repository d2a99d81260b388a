"""The drill of stories at reduced size: real workers killed at ten moments, messages out of order and twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from benchmarks.stories_drill import compare, disorder, moments, play
from otswatch.records import Article
from tests.factory import FETCHED, article

STORIES = 150
WORDS = (
    "minister corridor tariff customs railway port summit delegation agreement university rescue energy cable grid "
    "tourism festival museum satellite harvest irrigation hospital vaccine youth league chamber exporter broadcaster "
    "archive court judge police border treaty secretariat council forum session programme fund bank invoice steppe"
)


def told() -> list[Article]:
    """Stories of one to five articles: the same words, with a paragraph of the outlet's own from the third on."""
    dice = Random(8)  # noqa: S311 - the same in every run
    words, made = WORDS.split(), list[Article]()
    for story in range(STORIES):
        text = " ".join(dice.choices(words, k=90))
        for member in range(dice.randint(1, 5)):
            own = "" if member < 2 else "\n\n" + " ".join(dice.choices(words, k=12))
            made.append(article(f"{story:03}-{member}", f"{text}.{own}"))
    dice.shuffle(made)
    return [
        each.replace(trace=each.trace.replace(first_seen=FETCHED + timedelta(seconds=place // 3)))
        for place, each in enumerate(made)
    ]


@pytest.mark.slow
def test_killed_at_ten_moments_and_out_of_order_the_stories_are_the_same(tmp_path: Path) -> None:
    articles, said = told(), list[str]()
    calm = play(tmp_path / "calm", articles, (), said.append)
    sent = disorder(articles, 8)
    assert len(sent) > len(articles)
    assert [each.id for each in sent] != [each.id for each in articles]
    disturbed = play(tmp_path / "disturbed", sent, moments(len(sent)), said.append)
    assert len(said) == 10
    assert compare(calm, disturbed, len(articles)) == []
    assert len(calm.stories) == STORIES
