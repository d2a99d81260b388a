"""What the form of a subscription does not say: whether there is what it names, and whether its search can be asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from otswatch import dossiers, taxonomy
from otswatch.entries import Place
from otswatch.errors import QuerySyntaxError
from otswatch.query import Keyword, leaves, parse
from otswatch.subscriptions.addresses import fault, folded
from otswatch.subscriptions.subscription import Subscription

#: Filters whose values are looked up, in a form and in words (`area:energy`) alike.
_LOOKED_UP: Final = ("area", "source", "kind", "country", "dossier")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.A)


def faults(subscription: Subscription, config: Path | None) -> Iterator[tuple[Place, str]]:
    """Why it cannot be followed or sent, each with the field that is to be changed.

    Raises:
        ConfigError: a file of the taxonomy, of sources or of dossiers that cannot be used.
    """
    yield from _channels(subscription)
    yield from _ids(subscription, config)
    try:
        subscription.search.read(config)
    except QuerySyntaxError as error:
        yield ("search", "q"), f"{error} (`exact: true`)"


def _channels(subscription: Subscription) -> Iterator[tuple[Place, str]]:
    seen = set[str]()
    for number, channel in enumerate(subscription.channels):
        if wrong := fault(channel):
            yield ("channels", number), wrong
        if folded(channel) in seen:
            yield ("channels", number), "stands here twice"
        seen.add(folded(channel))


def _ids(subscription: Subscription, config: Path | None) -> Iterator[tuple[Place, str]]:
    for field in _LOOKED_UP:
        given: list[tuple[Place, str]] = [
            (("search", field, number), value) for number, value in enumerate(getattr(subscription.search, field))
        ]
        given += [(("search", "q"), value) for value in _typed(subscription.search.q, field)]
        if given:  # what is not asked for is not read: some of it takes a second
            known, these = _known(field, config)
            yield from ((place, f"no {field} {value!r}; {these}") for place, value in given if value not in known)
    for number, value in enumerate(subscription.search.language):
        if not _LANGUAGE.fullmatch(value):
            yield ("search", "language", number), f"a code such as tr or en is expected, not {value!r}"


def _typed(query: str, field: str) -> Iterator[str]:
    node = parse(query)
    found = leaves(node) if node else ()
    return (leaf.value for leaf in found if isinstance(leaf, Keyword) and leaf.field == field)


def _known(field: str, config: Path | None) -> tuple[Collection[str], str]:
    """The ids that there are, and how to see them."""
    match field:
        case "source":
            from otswatch.crawlers import registry  # only for those who name sources

            return {source.id for source in registry.load(config)}, "see `otswatch sources list --all`"
        case "dossier":
            ids = sorted(dossier.id for dossier, _ in dossiers.load(config).dossiers)
            return ids, f"there are: {', '.join(ids)}" if ids else "there is none; docs/howto/follow-a-topic.md has one"
    known = taxonomy.load(config)
    there: Collection[str] = {
        "area": known.areas.keys(),
        "kind": known.kinds.keys(),
        "country": known.countries.keys(),
    }[field]
    return there, f"there are: {', '.join(sorted(there))}"
