"""Where subscriptions are kept, and to whom of theirs may be sent.

Those that were added (`otswatch subscriptions add`, the API) stand in `State` under `subscriptions/kept/<id>`, others
in the user's files. `subscriptions/paused/<id>` says that one is paused, of either kind. An address of e-mail gets
nothing before the reader behind it confirmed (`consent`), and nothing after they ended it. What stands in a file is
confirmed by whoever keeps the file, who owns the machine; its reader can end it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from pydantic import ValidationError

from otswatch.alerts import ledger, queue, schedule
from otswatch.errors import NewerDataError, UsageError
from otswatch.state import Entry, State
from otswatch.subscriptions import consent, files
from otswatch.subscriptions.addresses import address_of, shown
from otswatch.subscriptions.checks import faults
from otswatch.subscriptions.consent import Consent, digest
from otswatch.subscriptions.files import Filed
from otswatch.subscriptions.subscription import Subscription
from otswatch.subscriptions.tokens import CONFIRM_WITHIN

_ALL: Final = "subscriptions/"
_KEPT: Final = "subscriptions/kept/"
_PAUSED: Final = "subscriptions/paused/"
#: An address may be waiting for its reader's word on so many subscriptions: it is no way to flood anybody.
MAX_UNCONFIRMED: Final = 10

ChannelStatus = Literal["ready", "unconfirmed", "confirmed", "ended"]


class TooManyUnconfirmedError(UsageError):
    """An address was named in many subscriptions, and its reader did not answer: it is asked for no more."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription as it is shown. `file`: where it stands; null where it was added."""

    subscription: Subscription
    channels: tuple[tuple[str, ChannelStatus], ...]
    file: Path | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON, with what may be seen of its channels."""
        written = self.subscription.model_dump(mode="json", by_alias=True, exclude={"channels"})
        channels = [{"channel": shown(channel), "status": status} for channel, status in self.channels]
        return {**written, "channels": channels, "file": str(self.file) if self.file else None}


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All that is known at one moment. `kept`: those in `State`; `consents`: by subscription and address."""

    kept: Mapping[str, Subscription]
    consents: Mapping[tuple[str, str], Consent]
    paused: frozenset[str]

    def consent(self, subscription: str, address: str) -> Consent | None:
        return self.consents.get((subscription, digest(address)))

    def status(self, subscription: str, channel: str) -> ChannelStatus:
        if (address := address_of(channel)) is None:
            return "ready"
        found = self.consent(subscription, address)
        if found is not None and found.status != "asked":
            return found.status
        return "unconfirmed" if subscription in self.kept else "confirmed"


class Subscriptions:
    """All of them. `config`/subscriptions is read once; `State` at every question.

    Raises (by every method that looks at the files):
        ConfigError: one that cannot be used, or with an id that was added, too; with its line and field.
    """

    def __init__(self, state: State, config: Path | None) -> None:
        self._state = state
        self._config = config
        self._parsed: dict[str, tuple[int, Subscription]] = {}

    # -------------------------------------------------------------------------------------------------- looking

    def all(self) -> list[Subscription]:
        """Those that were added and those in files, by id."""
        return self._all(self._snapshot())

    def get(self, id_: str) -> Subscription:
        """
        Raises:
            UsageError: there is none.
        """
        return next((each for each in self.all() if each.id == id_), None) or _missing(id_)

    def active(self) -> list[Subscription]:
        """What may be sent: those that are not paused, each with only the channels that want it, where there is one."""
        return list(self._active())

    def listed(self) -> list[Listed]:
        """All of them, with what is known of their channels."""
        now = self._snapshot()
        return [
            Listed(
                subscription=each,
                channels=tuple((channel, now.status(each.id, channel)) for channel in each.channels),
                file=self._files[each.id].file.path if each.id in self._files else None,
            )
            for each in self._all(now)
        ]

    # -------------------------------------------------------------------------------------------------- changing

    def add(self, subscription: Subscription, now: datetime | None = None) -> None:
        """Keep it. Its addresses of e-mail are asked first (`to_ask`).

        Raises:
            UsageError: there is one with this id; an id that nobody has, or a channel that is none.
            TooManyUnconfirmedError: see there.
        """
        now = now or datetime.now(UTC)
        if subscription.id in self._files:
            raise UsageError(f"{subscription.id!r} stands in {self._files[subscription.id].file.path}; take another id")
        for place, message in faults(subscription, self._config):
            raise UsageError(f"{'.'.join(map(str, place))}: {message}")
        known = self._snapshot()
        if subscription.id in known.kept:
            raise _taken(subscription.id)
        addresses = [address for _, address in _mail(subscription)]
        for address in addresses:
            _require_few(known, address, now)
        self._forget(subscription.id)  # what a process left for an earlier one, before it heard that this was out
        for address in addresses:  # whoever said yes, or no, to another one of this id is asked again
            consent.update(self._state, subscription.id, address, _anew)
        if not self._state.create(_KEPT + subscription.id, subscription.model_dump(mode="json", by_alias=True)):
            raise _taken(subscription.id)

    def remove(self, id_: str) -> None:
        """Take one out that was added, with all that waits for it. What it was told is remembered.

        Raises:
            UsageError: there is none, or it stands in a file.
        """
        entry = self._state.get(_KEPT + id_)
        if entry is None:  # only now, so that one can be taken out whose id is in the way of a file
            filed = self._files.get(id_) or _missing(id_)
            raise UsageError(f"{id_!r} stands in {filed.file.path}: take it out there")
        self._take_out(entry.key)
        self._forget(id_)
        self._take_out(_PAUSED + id_)

    def pause(self, id_: str) -> None:
        """Send nothing of it until `resume`.

        Raises:
            UsageError: there is none.
        """
        self.get(id_)
        self._state.put(_PAUSED + id_, {})

    def resume(self, id_: str) -> None:
        """
        Raises:
            UsageError: there is none, or its file says `paused: true`.
        """
        self.get(id_)
        if id_ in self._files and self._files[id_].subscription.paused:
            raise self._files[id_].complaint("paused here: take that out", "paused")
        while (entry := self._state.get(_KEPT + id_)) is not None:
            kept = self._read(entry).model_copy(update={"paused": False})
            if self._state.compare_and_set(entry.key, kept.model_dump(mode="json", by_alias=True), entry.version):
                break
        self._take_out(_PAUSED + id_)

    # --------------------------------------------------------------------------------------------------- consent

    def to_ask(self, now: datetime | None = None) -> list[tuple[Subscription, str]]:
        """Subscriptions, and addresses of theirs that are to be asked now: at first, and once more after a day."""
        now, known = now or datetime.now(UTC), self._snapshot()
        return [
            (subscription, address)
            for subscription in known.kept.values()
            for _, address in _mail(subscription)
            if (found := known.consent(subscription.id, address)) is None or found.may_be_asked(now)
        ]

    def ask(self, id_: str, address: str, now: datetime | None = None) -> bool:
        """Write down that an address is asked now, before that is done. False where it must not be, or was just asked.

        Whoever gets true sends the letter (`confirmation`), with a link to `/subscriptions/confirm`.
        """
        moment = now or datetime.now(UTC)

        def asked(found: Consent | None) -> Consent | None:
            if found is not None and not found.may_be_asked(moment):
                return None
            return Consent(status="asked", at=moment, letters=found.letters + 1 if found else 1)

        return consent.update(self._state, id_, address, asked) is not None

    def confirm(self, id_: str, address: str, now: datetime | None = None) -> Subscription:
        """The reader behind an address wants it.

        Raises:
            UsageError: there is none that goes to this address, or the reader ended it since.
        """
        subscription = self.get(id_)
        if digest(address) not in {digest(each) for _, each in _mail(subscription)}:
            raise UsageError(f"{id_!r} is not sent to {shown(f'mailto:{address}')} any more")

        def confirmed(found: Consent | None) -> Consent | None:
            if found is not None and found.status == "ended":
                raise UsageError(f"{id_!r} was ended for this address; it has to be asked for again")
            if id_ in self._files or (found is not None and found.status == "confirmed"):
                return None
            return Consent(status="confirmed", at=now or datetime.now(UTC), letters=found.letters if found else 0)

        consent.update(self._state, id_, address, confirmed)
        return subscription

    def end(self, id_: str, address: str, now: datetime | None = None) -> None:
        """The reader behind an address wants no more of it. Looks at no file: whatever is wrong there, this works."""

        def ended(found: Consent | None) -> Consent | None:
            if found is not None and found.status == "ended":
                return None
            return Consent(status="ended", at=now or datetime.now(UTC))

        consent.update(self._state, id_, address, ended)

    # ------------------------------------------------------------------------------------------------------ below

    @cached_property
    def _files(self) -> dict[str, Filed]:
        return files.load(self._config)

    def _active(self) -> Iterator[Subscription]:
        known = self._snapshot()
        for each in self._all(known):
            wanted = tuple(
                channel for channel in each.channels if known.status(each.id, channel) in {"ready", "confirmed"}
            )
            if wanted and not each.paused:
                yield each if wanted == each.channels else each.model_copy(update={"channels": wanted})

    def _all(self, known: _Snapshot) -> list[Subscription]:
        for id_ in sorted(known.kept.keys() & self._files.keys()):
            message = f"{id_!r} was added already: change the id, or `otswatch subscriptions remove {id_}`"
            raise self._files[id_].complaint(message, "id")
        found = [*known.kept.values(), *(filed.subscription for filed in self._files.values())]
        return sorted(
            (each.model_copy(update={"paused": True}) if each.id in known.paused else each for each in found),
            key=lambda each: each.id,
        )

    def _snapshot(self) -> _Snapshot:
        kept: dict[str, Subscription] = {}
        consents: dict[tuple[str, str], Consent] = {}
        paused = set[str]()
        for entry in self._state.scan(_ALL):
            if entry.key.startswith(_KEPT):
                kept[entry.key.removeprefix(_KEPT)] = self._read(entry)
            elif entry.key.startswith(consent.PREFIX):
                id_, _, address = entry.key.removeprefix(consent.PREFIX).partition("/")
                consents[id_, address] = Consent.model_validate(entry.value)
            elif entry.key.startswith(_PAUSED):
                paused.add(entry.key.removeprefix(_PAUSED))
        return _Snapshot(kept, consents, frozenset(paused))

    def _read(self, entry: Entry) -> Subscription:
        """The subscription in an entry. It is asked for twice a second, and hardly ever another one."""
        version, read = self._parsed.get(entry.key, (None, None))
        if read is None or version != entry.version:
            try:
                read = Subscription.model_validate(entry.value)
            except ValidationError as error:
                id_, first = entry.key.removeprefix(_KEPT), error.errors()[0]
                raise NewerDataError(
                    f"subscription {id_!r} is of another version ({'.'.join(map(str, first['loc']))}: {first['msg']});"
                    f" upgrade, or `otswatch subscriptions remove {id_}`"
                ) from None
            self._parsed[entry.key] = (entry.version, read)
        return read

    def _forget(self, id_: str) -> None:
        """Nothing waits for it any longer, and nothing is on its way."""
        for keys_of in (queue.keys_of, ledger.keys_of, schedule.keys_of):
            for key in keys_of(self._state, id_):
                self._take_out(key)

    def _take_out(self, key: str) -> None:
        while (entry := self._state.get(key)) and not self._state.delete(key, entry.version):
            pass


def _missing(id_: str) -> NoReturn:
    raise UsageError(f"there is no subscription {id_[:80]!r}; see `otswatch subscriptions list`")


def _taken(id_: str) -> UsageError:
    return UsageError(f"there is a subscription {id_!r} already; take another id, or remove it first")


def _mail(subscription: Subscription) -> Iterator[tuple[str, str]]:
    """The channels of a subscription that are e-mail, each with its address."""
    for channel in subscription.channels:
        if (address := address_of(channel)) is not None:
            yield channel, address


def _require_few(known: _Snapshot, address: str, now: datetime) -> None:
    mine = digest(address)
    waiting = {
        each.id
        for each in known.kept.values()
        for channel, other in _mail(each)
        if digest(other) == mine and known.status(each.id, channel) == "unconfirmed"
    }
    waiting |= {
        id_
        for (id_, other), found in known.consents.items()
        if other == mine and found.status == "asked" and now - found.at < CONFIRM_WITHIN
    }
    if len(waiting) >= MAX_UNCONFIRMED:
        raise TooManyUnconfirmedError(
            f"{shown(f'mailto:{address}')} has not answered for {len(waiting)} subscriptions; no more are added for it"
            " until some are confirmed, or were taken out and a week has gone by"
        )


def _anew(found: Consent | None) -> Consent | None:
    return Consent(status="asked", at=found.at) if found else None
