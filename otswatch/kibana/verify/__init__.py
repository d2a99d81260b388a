"""A verifier of Kibana objects: everything in a file becomes the request that Kibana would send, and is sent.

It reads the files alone and knows nothing of the generator, so a file that was edited by hand is judged as well. What
it is not: a Kibana. That these are Kibana's requests rests on reading its sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from otswatch.kibana.verify import objects, rules, static
from otswatch.kibana.verify.files import Files, Saved, read
from otswatch.kibana.verify.findings import MISSHAPEN, Fault, FaultError, Finding, misshapen
from otswatch.kibana.verify.server import Server

__all__ = ["Fault", "Finding", "Server", "verify", "verify_files"]


def verify_files(texts: Mapping[str, str]) -> list[Finding]:
    """What can be known of files without a server: form, grid, references, versions."""
    files = read(texts)
    return sorted([*files.findings, *_judged(files, lambda saved: _without_server(files, saved))])


def verify(texts: Mapping[str, str], server: Server) -> list[Finding]:
    """Everything that is wrong with files (name → text), asked on the Elasticsearch that they are for.

    Raises:
        elasticsearch.TransportError: it does not answer.
    """
    files = read(texts)
    found = [*files.findings, *_judged(files, lambda saved: _without_server(files, saved))]
    found += _judged(files, lambda saved: _with_server(files, server, saved))
    for id_, body in files.rules.items():
        try:
            found += rules.findings(files, server, body)
        except MISSHAPEN as error:
            found.append(misshapen(f"rule {id_}", error))
    return sorted(set(found))


def _judged(files: Files, judge: Callable[[Saved], Iterator[Finding]]) -> Iterator[Finding]:
    for saved in files.objects.values():
        try:
            yield from judge(saved)
        except FaultError as error:
            yield error.at(saved.title)
        except MISSHAPEN as error:
            yield misshapen(saved.title, error)


def _without_server(files: Files, saved: Saved) -> Iterator[Finding]:
    if saved.type == "dashboard":
        yield from static.grid(saved)
    yield from static.references(files, saved)


def _with_server(files: Files, server: Server, saved: Saved) -> Iterator[Finding]:
    if saved.type == "index-pattern":
        yield from objects.view(server, saved)
    elif saved.type == "search":
        objects.search(files, server, saved)
    elif saved.type == "dashboard":
        yield from objects.Board(files, server, saved).findings()
