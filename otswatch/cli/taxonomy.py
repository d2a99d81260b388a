"""taxonomy try: which words of a text count for which area."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from otswatch import taxonomy
from otswatch.cli.common import err, out, settings, table
from otswatch.errors import UsageError
from otswatch.records import Evidence
from otswatch.taxonomy.trial import Trial, try_text

app = typer.Typer(help="The cooperation areas and the words that stand for them.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """A callback keeps `try` a command of its own while it is the only one."""


@app.command("try")
def try_(
    text: Annotated[str, typer.Argument(help="A sentence or a whole text; - for standard input.")],
    language: Annotated[
        str | None, typer.Option(help="Its language (en, tr, …); found from the text if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of a table.")] = False,
) -> None:
    """Show which words of a text count for which cooperation area, your own word lists included.

    Example: otswatch taxonomy try "Interior ministers of the OTS met in Baku"
    """
    from otswatch.text.language import detect  # brings a model with it

    words = sys.stdin.read() if text == "-" else text
    if not words.strip():
        raise UsageError("there is no text to try")
    trial = try_text(words, language or detect(words), taxonomy.load(settings().config))
    if as_json:
        sys.stdout.write(json.dumps(trial.to_dict(), ensure_ascii=False) + "\n")
    else:
        _show(trial)


def _show(trial: Trial) -> None:
    rows = table("what", "value", "score", "because of", right=("score",))
    rows.add_row("relevance", trial.relevance.level, f"{trial.relevance.score:g}", _words(trial.relevance.evidence))
    if trial.kind:
        rows.add_row("kind", trial.kind.id, "", _words(trial.kind.evidence))
    for name, areas in (("area", trial.labels), ("too weak", trial.weaker)):
        for area in areas:
            rows.add_row(name, area.id, f"{area.score:g}", _words(area.evidence))
    out.print(rows)
    if not trial.labels:
        out.print("no area: no term, or none strong enough")
    err.print(f"languages {', '.join(trial.languages) or 'unknown'}; taxonomy {trial.version}")


def _words(evidence: Iterable[Evidence]) -> str:
    return ", ".join(dict.fromkeys(f"{item.text} ({item.rule.rpartition(':')[2]})" for item in evidence))
