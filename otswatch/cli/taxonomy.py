"""taxonomy check, try, add: the word lists, for those who tend them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from otswatch import taxonomy
from otswatch.cli.common import EXIT_FAILED, ReportFormat, err, out, progress, settings, table
from otswatch.errors import DependencyDownError, UsageError
from otswatch.records import Evidence, Mention
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.taxonomy.adding import Addition, addition
from otswatch.taxonomy.effect import effect
from otswatch.taxonomy.lint import Finding, check_files
from otswatch.taxonomy.loader import SHIPPED
from otswatch.taxonomy.schema import Term
from otswatch.taxonomy.trial import Trial, try_text

app = typer.Typer(help="The cooperation areas and the words that stand for them.", no_args_is_help=True)

#: So far back a new term is tried on what was collected.
_DAYS = 30


@app.command("check")
def check_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Report on these only: files, or folders laid out as otswatch.d/taxonomy."),
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Warnings of the shipped words, too.")] = False,
    format_: Annotated[ReportFormat, typer.Option("--format", help="table or json")] = ReportFormat.TABLE,
) -> None:
    """Look for faults in your word lists, read over the shipped ones; exits 1 where there is an error.

    Example: otswatch taxonomy check
    """
    found = check_files(settings().config, paths or [])
    findings = found if shipped or paths else [each for each in found if each.level == "error" or not _is_shipped(each)]
    if format_ is ReportFormat.JSON:
        sys.stdout.write(json.dumps([finding.to_dict() for finding in findings], ensure_ascii=False) + "\n")
    elif findings:
        _list(findings)
    errors = sum(finding.level == "error" for finding in findings)
    err.print(f"{errors} errors, {len(findings) - errors} warnings")
    if len(found) > len(findings):
        err.print(f"{len(found) - len(findings)} warnings of shipped words are not listed: --shipped")
    if errors:
        raise typer.Exit(EXIT_FAILED)


def _is_shipped(finding: Finding) -> bool:
    return finding.file.is_relative_to(SHIPPED)


def _list(findings: Sequence[Finding]) -> None:
    for finding in findings:
        colour = "red" if finding.level == "error" else "yellow"
        out.print(f"{finding.file}, line {finding.line}: ", end="", soft_wrap=True)
        out.print(finding.level, style=colour, end=" ")
        out.print(f"{finding.rule}: {finding.entry}: {finding.message}", soft_wrap=True)


@app.command("try")
def try_(
    text: Annotated[str | None, typer.Argument(help="A sentence or a whole text; - for standard input.")] = None,
    file: Annotated[Path | None, typer.Option(help="A text file instead.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Its language (en, tr, …); found from the text if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of a table.")] = False,
) -> None:
    """Show which words of a text count for what, and which are found and do not count, your own word lists included.

    Example: otswatch taxonomy try "Interior ministers of the OTS met in Baku"
    """
    from otswatch.text.language import detect  # brings a model with it

    words = _given(text, file)
    trial = try_text(words, language or detect(words), taxonomy.load(settings().config))
    if as_json:
        sys.stdout.write(json.dumps(trial.to_dict(), ensure_ascii=False) + "\n")
    else:
        _show(trial)


def _given(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise UsageError("give a text, or a file with --file, and not both")
    try:
        words = file.read_text(encoding="utf-8") if file else sys.stdin.read() if text == "-" else text or ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as UTF-8 text: {error}") from None
    if not words.strip():
        raise UsageError("there is no text to try")
    return words


def _show(trial: Trial) -> None:
    rows = table("what", "value", "score", "because of", right=("score",))
    rows.add_row("relevance", trial.relevance.level, f"{trial.relevance.score:g}", _words(trial.relevance.evidence))
    if trial.kind:
        rows.add_row("kind", trial.kind.id, "", _words(trial.kind.evidence))
    for name, areas in (("area", trial.labels), ("too weak", trial.weaker)):
        for area in areas:
            rows.add_row(name, area.id, f"{area.score:g}", _words(area.evidence))
    for mention in trial.mentions:
        rows.add_row(mention.type, _named(mention), "", _words(mention.evidence))
    for item in trial.ignored:
        rows.add_row("ignored", item.entry, "", f"{item.text}: {item.why}")
    out.print(rows)
    if not trial.labels:
        out.print("no area: no term, or none strong enough")
    err.print(f"languages {', '.join(trial.languages) or 'unknown'}; taxonomy {trial.version}")


def _named(mention: Mention) -> str:
    return mention.id or mention.name


def _words(evidence: Iterable[Evidence]) -> str:
    return ", ".join(dict.fromkeys(f"{item.text} ({item.rule.rpartition(':')[2]})" for item in evidence))


@app.command()
def add(
    area: Annotated[str, typer.Argument(help="Id of a cooperation area.")],
    term: Annotated[str, typer.Argument(help='Words as they stand in texts; * for any ending: "dry port*".')],
    lang: Annotated[str, typer.Option(help=f"Language of the words: {', '.join(taxonomy.LANGUAGES)}.")],
    weight: Annotated[
        float, typer.Option(help="How much they say, up to 5: 2 is enough alone; 0 takes a shipped term away.")
    ] = 2,
    needs: Annotated[
        str | None, typer.Option(help="any: a short or common word, which counts only beside another of the area.")
    ] = None,
) -> None:
    """Add a term to your own word lists, after a check, and show what it would change.

    Example: otswatch taxonomy add customs "dry port*" --lang en --weight 2
    """
    configured = settings()
    wanted = _term(term, lang, weight, needs)
    added = addition(configured.config, area, wanted)
    errors = [finding for finding in added.findings if finding.level == "error"]
    if errors:
        raise UsageError(f"not added: {errors[0].rule}: {errors[0].entry}: {errors[0].message}")
    added.write()
    _list(added.findings)
    err.print(f"written to {added.file.path}", soft_wrap=True)
    since = datetime.now(UTC) - timedelta(days=_DAYS)
    try:
        _tell_what_changes(added, configured, since, area, wanted)
    except DependencyDownError as error:
        err.print(f"what it would change is not known: {error}", soft_wrap=True)
    err.print(f"next: otswatch reprocess --since {since:%Y-%m-%d} --stage classify --dry-run", soft_wrap=True)


def _term(term: str, lang: str, weight: float, needs: str | None) -> Term:
    """
    Raises:
        UsageError: what cannot be, and what can.
    """
    try:
        return Term.model_validate({"term": term, "lang": lang, "weight": weight, "needs": needs})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None


def _tell_what_changes(added: Addition, configured: Settings, since: datetime, area: str, term: Term) -> None:
    with open_stores(configured) as stores, progress("trying it on what was collected"):
        made = effect(stores.index, since, added.before, added.after, area, term)
    changes = f"{made.gained} would get the label {area}, {made.lost} would lose it"
    out.print(f"of {made.articles} kept articles of the last {_DAYS} days with these words, {changes}")
