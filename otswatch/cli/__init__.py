"""The command line. One file per group of commands; this one puts them together and turns errors into exit codes."""

from __future__ import annotations

import sys

import typer

from otswatch import lifeline
from otswatch.cli import (
    corrections,
    crawl,
    demo,
    documents,
    dossiers,
    meetings,
    pages,
    pipeline,
    provision,
    quarantine,
    quotes,
    reading,
    reprocess,
    run,
    serve,
    sources,
    stories,
    subscriptions,
    taxonomy,
    watchdog,
)
from otswatch.cli.common import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_QUARANTINE_FULL, EXIT_USAGE, fail
from otswatch.errors import OTSWatchError, QuarantineFullError, UsageError

EXIT_CODES = {
    0: "done",
    EXIT_FAILED: "could not go on, or something is not in place; the line on standard error says what to do",
    EXIT_USAGE: "bad input: an unknown option or name, a file that is not there, lines that could not be read",
    EXIT_QUARANTINE_FULL: "a consumer stopped because too many messages in a row could not be worked on",
    EXIT_INTERRUPTED: "interrupted from the keyboard",
}

app = typer.Typer(
    name="otswatch",
    help="News monitor for the Organization of Turkic States: collects, dates, classifies, indexes, and says why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (demo, run, crawl, pipeline, reprocess, pages, reading, quotes, meetings, serve, watchdog, provision):
    for command in group.COMMANDS:
        app.command()(command)
app.add_typer(sources.app, name="sources")
app.add_typer(corrections.app, name="corrections")
app.add_typer(documents.app, name="documents")
app.add_typer(dossiers.app, name="dossiers")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(stories.app, name="stories")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(taxonomy.app, name="taxonomy")


def main() -> None:
    """The entry point `otswatch`. Errors are one line on standard error; see the exit codes above."""
    lifeline.hold()
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        sys.exit(_refuse(error))
    except UsageError as error:
        sys.exit(fail(error, EXIT_USAGE))
    except QuarantineFullError as error:
        sys.exit(fail(error, EXIT_QUARANTINE_FULL))
    except OTSWatchError as error:
        sys.exit(fail(error, EXIT_FAILED))
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader (`| head`) has gone; Python would complain on exit
        sys.exit(EXIT_FAILED)


def _refuse(error: typer.TyperException) -> int:
    """What the parser says of the arguments, as one line; nothing where it has shown the help instead."""
    if message := error.format_message().rstrip("."):
        context: typer.Context | None = getattr(error, "ctx", None)
        path = context.command_path if context else "otswatch"
        fail(typer.TyperException(f"{message}; see `{path} --help`"), error.exit_code)
    return error.exit_code
