"""What a stage of `extract` is: a pure function beside a short declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from otswatch.consumers.document import Document
from otswatch.records import Article


@dataclass(frozen=True, slots=True)
class Stage:
    """`run` takes the page and the article so far and returns the article with the parts `owns` filled in.

    Pure: no bus, no index, no clock, no network. It may raise `Discard` or `Quarantine`; anything else it raises is
    tried again and then quarantined. `version` changes with every change of what it returns, and stands in the
    article's trace. A stage that reads nothing of the page, only what the stages before it made, says
    `needs_page=False`: it is run again over the articles of the index, without the archive.
    """

    name: str
    version: str
    owns: tuple[str, ...]
    run: Callable[[Document, Article], Article]
    needs_page: bool = True
