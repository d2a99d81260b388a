"""subscriptions: what readers asked to be told of, what it would have sent, and what became of letters."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import typer
import yaml
from pydantic import ValidationError

from otswatch.alerts.ledger import Ledger
from otswatch.alerts.outlets import Outlet, outlets
from otswatch.alerts.preview import preview as would_have_sent
from otswatch.cli.common import ReportFormat, Values, err, out, progress, settings, table
from otswatch.crawlers import registry
from otswatch.errors import UsageError
from otswatch.search_request import complaint
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.stores import open_stores
from otswatch.subscriptions.addresses import address_of, shown
from otswatch.subscriptions.kept import Listed, Subscriptions
from otswatch.subscriptions.subscription import Rhythm, Subscription, Weekday
from otswatch.subscriptions.tokens import Tokens

app = typer.Typer(help="Saved searches, and whom they are sent to.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="As `subscriptions list` shows it.")]


def _token(pasted: str) -> str:
    """The token of a letter's link, or what was given for one."""
    link = urlsplit(pasted.strip())
    return parse_qs(link.query).get("token", [link.path])[0].strip()


Token = Annotated[
    str, typer.Argument(metavar="TOKEN", parser=_token, help="The letter's link, or what stands behind `token=` in it.")
]


@app.command("list")
def list_(
    format_: Annotated[ReportFormat, typer.Option("--format", help="table or json")] = ReportFormat.TABLE,
) -> None:
    """List subscriptions: those that were added and those in your files. Passwords and tokens are not shown.

    Example: otswatch subscriptions list
    """
    with _opened() as (subscriptions, _):
        found = subscriptions.listed()
    if format_ is ReportFormat.JSON:
        sys.stdout.write(json.dumps({"subscriptions": [each.to_dict() for each in found]}, ensure_ascii=False) + "\n")
    elif found:
        _show(found)
    else:
        out.print("nobody subscribed to anything; `otswatch subscriptions add --help` says how")


@app.command()
def show(id_: Id) -> None:
    """Show one subscription as a file would have it. Passwords and tokens are not shown.

    Example: otswatch subscriptions show energy
    """
    with _opened() as (subscriptions, _):
        subscription = subscriptions.get(id_)
        [found] = [each for each in subscriptions.listed() if each.subscription.id == subscription.id]
    out.print(yaml.safe_dump(found.to_dict(), allow_unicode=True, sort_keys=False).rstrip(), soft_wrap=True)


@app.command()
def add(
    id_: Annotated[str, typer.Option("--id", metavar="ID", help="Small letters, digits, `-`, `_`; it never changes.")],
    to: Annotated[
        list[str],
        typer.Option(metavar="CHANNEL", help="mailto:ayse@example.org, or an address of Apprise; may be repeated."),
    ],
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", AND OR NOT, prefix*, field:value. Empty: everything.')
    ] = "",
    area: Values = None,
    source: Values = None,
    language: Values = None,
    kind: Values = None,
    country: Values = None,
    dossier: Values = None,
    official: Annotated[bool, typer.Option("--official", help="Only what a state or a body posted itself.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Words as typed only.")] = False,
    every: Annotated[
        Literal["at-once", "hour", "day", "week"] | None,
        typer.Option(help="As it comes (at-once), or a digest: hour, day or week. Left out: at-once, --morning: day."),
    ] = None,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="Time of day of a daily or weekly digest.")] = "08:00",
    on: Annotated[Weekday, typer.Option(help="Day of a weekly digest.")] = "monday",
    zone: Annotated[str, typer.Option(help="Whose clock these times are on, such as Europe/Istanbul.")] = "UTC",
    quiet: Annotated[
        str | None, typer.Option(metavar="HH:MM-HH:MM", help="Send nothing in these hours, such as 22:00-07:00.")
    ] = None,
    no_news: Annotated[bool, typer.Option("--no-news", help="Send a digest also when there is nothing in it.")] = False,
    morning: Annotated[bool, typer.Option("--morning", help="Send the morning page of all that matches.")] = False,
    title: Annotated[str, typer.Option(help="What it is called; what it looks for where it is left out.")] = "",
) -> None:
    """Subscribe somebody to a search. An address of e-mail is asked first, and gets nothing before it confirmed.

    Example: otswatch subscriptions add --id energy --to mailto:ayse@example.org --area energy --every day --at 08:30
    """
    from otswatch.alerts.channels import Channels  # takes long to import; the other commands start without it

    filters = {"area": area, "source": source, "language": language, "kind": kind, "country": country}
    search = {"q": query, "exact": exact, "dossier": dossier or ()} | {name: v or () for name, v in filters.items()}
    subscription = _made(
        id=id_,
        title=title,
        sends="morning" if morning else "news",
        search=search,
        official=official,
        channels=to,
        rhythm=_rhythm(every=every or ("day" if morning else "at-once"), at=at, on=on),
        quiet=_quiet(quiet),
        zone=zone,
        no_news=no_news,
    )
    Channels.of(settings()).check_all(subscription.channels)
    with _opened() as (subscriptions, _):
        subscriptions.add(subscription)
    out.print(f"{subscription.id}  {subscription.name}: {_how_often(subscription)}", soft_wrap=True)
    if asked := [shown(channel) for channel in subscription.channels if address_of(channel) is not None]:
        err.print(f"{', '.join(asked)}: {_how_asked(settings())}", soft_wrap=True)


@app.command()
def remove(id_: Id) -> None:
    """Take out a subscription that was added, with what waits for it. One that stands in a file is taken out there.

    Example: otswatch subscriptions remove energy
    """
    with _opened() as (subscriptions, _):
        subscriptions.remove(id_)
    out.print(f"{id_}: removed")


@app.command()
def pause(id_: Id) -> None:
    """Send nothing of a subscription until `resume`, also of one that stands in a file.

    Example: otswatch subscriptions pause energy
    """
    with _opened() as (subscriptions, _):
        subscriptions.pause(id_)
    out.print(f"{id_}: paused")


@app.command()
def resume(id_: Id) -> None:
    """Go on with a subscription that was paused, and with its channels that refused a letter for good.

    Example: otswatch subscriptions resume energy
    """
    with _opened() as (subscriptions, state):
        subscriptions.resume(id_)
        revived = Ledger(state).revive(id_)
    again = "; a letter that was refused for good is tried again within an hour" if revived else ""
    out.print(f"{id_}: resumed{again}")


@app.command()
def confirm(token: Token) -> None:
    """Confirm a subscription for the address that the letter went to, as its link does.

    Example: otswatch subscriptions confirm WyJlbmVyZ3kiLCJheXNlQGV4YW1wbGUub3JnIl0.b0Jj
    """
    with _opened() as (subscriptions, state):
        id_, address = Tokens(state).read(token, "confirm")
        subscriptions.confirm(id_, address)
    out.print(f"{id_}: confirmed for {shown(f'mailto:{address}')}")


@app.command()
def unsubscribe(token: Token) -> None:
    """End a subscription for the address that the letter went to, as its link does.

    Example: otswatch subscriptions unsubscribe WyJlbmVyZ3kiLCJheXNlQGV4YW1wbGUub3JnIl0.b0Jj
    """
    with _opened() as (subscriptions, state):
        id_, address = Tokens(state).read(token, "unsubscribe")
        subscriptions.end(id_, address)
    out.print(f"{id_}: ended for {shown(f'mailto:{address}')}")


@app.command()
def preview(
    id_: Id,
    days: Annotated[int, typer.Option(min=1, max=3650, help="So many days back.")] = 90,
) -> None:
    """Show what a subscription would have sent to one of its channels.

    Example: otswatch subscriptions preview energy --days 30
    """
    configured, now = settings(), datetime.now(UTC)
    official = registry.official(registry.load(configured.config))
    with open_stores(configured) as stores, progress("going through what was seen"):
        asked = Subscriptions(stores.state, configured.config).get(id_)
        since = now - timedelta(days=days)
        found = would_have_sent(asked, stores.index, official, since, now, configured.config)
    rows, zone = table("when", "items", "what", right=("items",)), ZoneInfo(asked.zone)
    for each in found:
        rows.add_row(f"{each.at.astimezone(zone):%Y-%m-%d %H:%M}", str(len(each.titles)), _headline(each.titles))
    if found:
        out.print(rows)
    items = sum(len(each.titles) for each in found)
    out.print(f"{len(found)} letters with {items} items in the last {days} days")


@app.command()
def letters(
    id_: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Of one subscription; of all where it is left out.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many that arrived, the latest.")] = 20,
) -> None:
    """Show letters that are on their way or refused, and those that arrived.

    Example: otswatch subscriptions letters energy
    """
    with _opened() as (subscriptions, state):
        ids = {outlet.id: outlet for outlet in outlets(each.subscription for each in subscriptions.listed()).values()}
        ledger = Ledger(state)
        waiting = [(outlet, kept) for outlet, kept in ledger.unresolved() if _is_of(outlet, id_)]
        arrived = sorted((each for each in ledger.arrived() if _is_of(each.outlet, id_)), key=lambda each: each.sent)
    rows = table(
        "subscription", "channel", "items", "written", "attempts", "what became of it", right=("items", "attempts")
    )
    for outlet, kept in waiting:
        became = f"{'refused for good' if kept.dead else 'tried again'}: {kept.error}" if kept.error else "on its way"
        rows.add_row(*_whose(outlet, ids), str(len(kept.news)), _utc(kept.made), str(kept.attempts), became)
    for each in arrived[-limit:]:
        again = f", {each.interrupted} attempts were interrupted" if each.interrupted else ""
        became = f"arrived {_utc(each.sent)}{again}"
        rows.add_row(*_whose(each.outlet, ids), str(len(each.indexed)), _utc(each.made), str(each.attempts), became)
    if rows.row_count:
        out.print(rows)
    out.print(f"{len(waiting)} on their way, {len(arrived)} arrived")


def _is_of(outlet: str, id_: str | None) -> bool:
    return id_ is None or outlet.rpartition(".")[0] == id_


def _whose(outlet: str, known: Mapping[str, Outlet]) -> tuple[str, str]:
    return outlet.rpartition(".")[0], shown(known[outlet].channel) if outlet in known else "no longer there"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


@contextmanager
def _opened() -> Iterator[tuple[Subscriptions, State]]:
    configured = settings()
    with open_stores(configured) as stores:
        yield Subscriptions(stores.state, configured.config), stores.state


def _made(**given: Any) -> Subscription:
    try:
        return Subscription.model_validate(given)
    except ValidationError as error:
        raise UsageError(_as_options(complaint(error.errors(), Subscription))) from None


def _headline(titles: Sequence[str]) -> str:
    if not titles:
        return "nothing new"
    return f"{titles[0]} and {len(titles) - 1} more" if len(titles) > 1 else titles[0]


def _how_asked(configured: Settings) -> str:
    """What becomes of addresses of e-mail that were subscribed."""
    needed = {"OTSWATCH_PAGE": configured.page, "OTSWATCH_MAIL": configured.mail}
    missing = " and ".join(name for name, value in needed.items() if not value)
    if not missing:
        return "asked by a letter first; nothing else is sent before it is confirmed"
    return f"cannot be asked, and gets nothing before it is confirmed: set {missing} where `otswatch run` is started"


def _rhythm(**given: Any) -> Rhythm:
    try:
        return Rhythm.model_validate(given)
    except ValidationError as error:
        raise UsageError(f"--{complaint(error.errors(), Rhythm)}") from None


def _quiet(given: str | None) -> dict[str, str] | None:
    if given is None:
        return None
    start, separator, end = given.partition("-")
    if not separator:
        raise UsageError(f"--quiet takes hours such as 22:00-07:00, not {given[:40]!r}")
    return {"from": start.strip(), "to": end.strip()}


def _as_options(message: str) -> str:
    """A complaint about a field, as one about the option that it was given by."""
    name, separator, rest = message.partition(": ")
    return f"--{ {'channels': 'to'}.get(name, name) }{separator}{rest}" if name != "search" else rest


def _show(found: list[Listed]) -> None:
    rows = table("id", "what", "how often", "to", "where from")
    for each in found:
        subscription = each.subscription
        paused = ", paused" if subscription.paused else ""
        to = "\n".join(
            shown(channel) + ("" if status == "ready" else f" ({status})") for channel, status in each.channels
        )
        rows.add_row(
            subscription.id,
            subscription.name + (" (official)" if subscription.official else ""),
            _how_often(subscription) + paused,
            to,
            each.file.name if each.file else "added",
        )
    out.print(rows)


def _how_often(subscription: Subscription) -> str:
    rhythm, zone = subscription.rhythm, subscription.zone
    what = "the morning page, " if subscription.sends == "morning" else ""
    match rhythm.every:
        case "at-once":
            return f"{what}at once"
        case "hour":
            return f"{what}every hour"
        case "day":
            return f"{what}every day at {rhythm.at:%H:%M} {zone}"
        case "week":
            return f"{what}every {rhythm.on} at {rhythm.at:%H:%M} {zone}"
