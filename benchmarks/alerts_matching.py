"""What it costs to hold a new article against all subscriptions, with 10, 1,000 and 10,000 of them.

    python -m benchmarks.alerts_matching

Subscriptions are searches as readers make them: two in three have words (one word, a phrase, two with OR, the name of
a body in all its spellings), all are narrowed to an area, a country, a language or a kind. `each`: the same searches
asked one by one of one article (`otswatch.evaluate`), measured on a hundred of them: what the graph saves.
"""

from __future__ import annotations

import time
from random import Random

from otswatch import taxonomy
from otswatch.alerts.matching import Matcher
from otswatch.evaluate import Fields
from otswatch.index import Document, Search
from otswatch.search_request import SearchRequest
from tests import multilingual as corpus

SIZES = (10, 1_000, 10_000)
ARTICLES, BATCHES = 200, (1, 64, 200)
_BODIES = ("Organization of Turkic States", "TURKPA", "Türk Devletleri Teşkilatı", "TÜRKSOY", "Turkic Academy")


def searches(number: int, words: list[str], dice: Random) -> dict[str, Search]:
    """So many subscriptions' searches, by name."""
    areas, countries = list(taxonomy.load().areas), list(taxonomy.load().countries)
    made = {}
    for place in range(number):
        kind = place % 6
        one, two = dice.choice(words), dice.choice(words)
        asked = {0: one, 1: f'"{one} {two}"', 2: f"{one} OR {two}*", 3: dice.choice(_BODIES)}.get(kind, "")
        request = SearchRequest.of(
            q=asked,
            area=dice.sample(areas, dice.randint(0, 2)),
            country=[dice.choice(countries)] if kind == 4 else [],
            language=[dice.choice(["tr", "ru", "kk"])] if kind == 5 else [],
            exact=kind != 3,
        )
        made[str(place)] = request.to_search()
    return made


def milliseconds(matcher: Matcher, documents: list[Document], batch: int) -> float:
    """CPU time for an article."""
    started = time.process_time()
    for first in range(0, len(documents), batch):
        matcher.matches(documents[first : first + batch])
    return (time.process_time() - started) * 1000 / len(documents)


def main() -> None:
    """Print the table."""
    dice = Random(9)  # noqa: S311 - the same in every run
    documents = [each for each in corpus.articles(ARTICLES) if not each.fields.get("gone")]
    words = sorted(
        {
            word
            for each in documents
            for word in str(each.fields.get("text", "")).split()
            if word.isalpha() and not word.isupper()
        }
    )
    print(
        "| subscriptions | made, s | "
        + " | ".join(f"ms an article, {size} at once" for size in BATCHES)
        + " | each, ms |"
    )
    print("|---:|---:|" + "---:|" * (len(BATCHES) + 1))
    for number in SIZES:
        asked = searches(number, words, dice)
        started = time.process_time()
        matcher = Matcher(asked)
        made = time.process_time() - started
        costs = [milliseconds(matcher, documents, size) for size in BATCHES]
        few = [search.query for search in list(asked.values())[:100] if search.query]
        started = time.process_time()
        for document in documents:
            fields = Fields(document)
            for query in few:
                fields.match(query)
        each = (time.process_time() - started) * 1000 / len(documents) / len(few) * number
        print(
            f"| {number:,} | {made:.2f} | " + " | ".join(f"{cost:.2f}" for cost in costs) + f" | {each:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
