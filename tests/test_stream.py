"""The stream of articles that stories are measured on: the same in every run, as the pipeline would have left them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from benchmarks import stories_scale
from benchmarks.copies import LANGUAGES
from benchmarks.stories_scale import Run, partition, plan, stream, texts
from otswatch.records import Article
from otswatch.text.folding import fold

NUMBER = 80


@pytest.fixture(scope="module")
def articles() -> Iterator[list[Article]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories_scale, "_TEXTS", 1)
        texts.cache_clear()
        yield list(stream(NUMBER))
    texts.cache_clear()


def test_about_half_are_copies_and_they_come_soon() -> None:
    planned = list(islice(plan(1), 20_000))
    first: dict[int, int] = {}
    lags = [place - first.setdefault(each.story, place) for place, each in enumerate(planned)]
    assert 0.4 < sum(lag > 0 for lag in lags) / len(lags) < 0.6
    assert max(lags) < 600
    assert {each.language for each in planned} == set(LANGUAGES)


def test_a_seed_and_a_place_say_which_article_it_is() -> None:
    assert list(partition(500).items()) == list(partition(1000).items())[:500]
    assert list(partition(500, seed=2).values()) != list(partition(500).values())
    assert len(partition(1000)) == 1000


@pytest.mark.slow
def test_articles_are_as_extract_publishes_them(articles: list[Article]) -> None:
    assert [each.id for each in articles] == list(partition(NUMBER))
    assert {each.status for each in articles} == {"ok"}
    moments = [each.trace.first_seen for each in articles if each.trace.first_seen and each.published]
    assert moments == sorted(moments)
    assert len(moments) == NUMBER
    assert all(Article.from_json(each.to_json()) == each for each in articles)
    quotes = [quote.id for each in articles for quote in each.quotes]
    assert len(set(quotes)) == len(quotes) > 10


@pytest.mark.slow
def test_what_was_found_stands_where_it_says(articles: list[Article]) -> None:
    seen = 0
    for each in articles:
        assert each.content is not None
        for mention in each.mentions:
            for evidence in mention.evidence:
                frame = each.content.title if evidence.frame == "title" else each.content.text
                assert (frame or "")[evidence.start : evidence.end] == evidence.text
                seen += 1
        for quote in each.quotes:
            assert each.content.text[quote.start : quote.end] == quote.text
    assert seen > NUMBER


@pytest.mark.slow
def test_copies_share_their_words_and_two_stories_of_one_text_do_not(articles: list[Article]) -> None:
    stories = partition(NUMBER)
    titles: dict[tuple[str, int], Counter[str]] = {}
    for each in articles:
        assert each.content is not None
        title = fold(each.content.title or "")
        titles.setdefault((each.content.language, stories[each.id]), Counter())[title] += 1
    commonest = [counted.most_common(1)[0] for counted in titles.values() if counted.total() > 4]
    assert commonest
    assert all(number > 2 for _, number in commonest)
    assert len({title for counted in titles.values() for title in counted}) > len(titles)


@pytest.mark.slow
def test_cost_and_stories_are_measured(articles: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories_scale, "SMALL", NUMBER // 2)
    monkeypatch.setattr(stories_scale, "_TEXTS", 1)
    run = Run(NUMBER, seed=1)
    costs = list(run.costs())
    assert [cost.articles for cost in costs] == [0, NUMBER // 2, NUMBER]
    assert all(cost.profile_us > 0 and cost.peak >= cost.resident > 10**7 for cost in costs[1:])
    counts = run.counts()
    stories = Counter(partition(NUMBER).values())
    assert counts.right + counts.missed == sum(size * (size - 1) // 2 for size in stories.values())
    assert counts.wrong == 0
