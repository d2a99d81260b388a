"""The people that a page names as its authors, in the fields that are meant for them."""

from __future__ import annotations

from otswatch.consumers.document import Document, plain
from otswatch.consumers.opening import is_name, names
from otswatch.consumers.structured import Found
from otswatch.records import Evidence
from otswatch.text.folding import fold


def read(document: Document) -> tuple[tuple[str, ...], Evidence | None]:
    """The people that the first field with names in it names."""
    sites = {fold(found.value) for found in document.structured.of("site")}
    by_place: dict[str, list[Found]] = {}
    for found in document.structured.of("authors"):
        by_place.setdefault(found.path, []).append(found)
    for path, candidates in by_place.items():
        people = dict.fromkeys(name for found in candidates for name in _people(found.value) if fold(name) not in sites)
        if people:
            text = ", ".join(found.value for found in candidates)
            return tuple(people), Evidence(frame=candidates[0].frame, path=path, text=text, rule="author-field/1")
    return (), None


def _people(value: str) -> tuple[str, ...]:
    value = plain(value)
    if len(value) > 200 or "://" in value or "@" in value:  # a biography, an address
        return ()
    return names(value) or ((value,) if is_name(value) else ())
