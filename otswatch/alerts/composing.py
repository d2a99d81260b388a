"""Letters from what the ledger has of them: the same whenever they are made, but for what was put right since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from otswatch.alerts.items import Items
from otswatch.alerts.ledger import Open
from otswatch.alerts.letter import Letter
from otswatch.alerts.morning import gather, morning_letter
from otswatch.alerts.outlets import Outlet
from otswatch.alerts.rendering import Links, letter
from otswatch.alerts.told import Told
from otswatch.index import Index
from otswatch.records import Article
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.subscriptions import Subscription, rhythm
from otswatch.subscriptions.addresses import address_of
from otswatch.subscriptions.confirmation import confirmation
from otswatch.subscriptions.tokens import Purpose, Tokens
from otswatch.watchdog.numbers import numbers
from otswatch.web.names import Names


class Composing:
    """Makes letters; `otswatch.alerts.sender.Compose`."""

    def __init__(self, settings: Settings, state: State, index: Index) -> None:
        self._state, self._index = state, index
        self._tokens, self._config = Tokens(state), settings.config
        self._page = settings.page.rstrip("/") if settings.page else None
        self._names = Names.load(settings)
        self._official = frozenset(self._names.official)

    def __call__(self, outlet: Outlet, kept: Open, articles: Mapping[str, Article]) -> Letter:
        """The letter of what the ledger has. What is no longer there of it is left out."""
        if outlet.subscription.sends == "morning":
            return self._morning(outlet, kept)
        subscription = outlet.subscription
        items = Items(subscription, subscription.to_search(self._official, self._config), self._names, self._page)
        made = letter(
            subscription,
            [items.of(news, articles) for news in kept.news if news.article in articles],
            id=kept.letter,
            now=kept.made,
            window=self._window(outlet, kept.due),
            links=self._links(outlet),
        )
        return made.with_keys(key for news in kept.news for key in news.keys)

    def _morning(self, outlet: Outlet, kept: Open) -> Letter:
        subscription, (start, end) = outlet.subscription, self._since(outlet, kept.due)
        counted = numbers(self._state, kept.made)
        morning = gather(
            self._index,
            self._state,
            self._names,
            self._config,
            subscription=subscription,
            start=start,
            end=end,
            zone=subscription.zone,
            now=kept.made,
            waiting=counted.waiting,
            quarantined=counted.quarantined,
        )
        return morning_letter(subscription, morning, id=kept.letter, links=self._links(outlet))

    def question(self, subscription: Subscription, address: str) -> Letter:
        """The letter that asks the reader behind an address whether it wants the subscription, where it `can_ask`."""
        return confirmation(subscription, address, self._link("confirm", subscription, address))

    @property
    def can_ask(self) -> bool:
        """Whether readers can reach a page that their answer goes to."""
        return self._page is not None

    def _window(self, outlet: Outlet, due: datetime) -> tuple[datetime, datetime] | None:
        """What a digest tells of; null for what is sent at once."""
        return None if outlet.subscription.rhythm.every == "at-once" else self._since(outlet, due)

    def _since(self, outlet: Outlet, due: datetime) -> tuple[datetime, datetime]:
        """From the end of the last letter, or of the one that would have been, to the moment that this one is due."""
        return Told(self._state, outlet.id).until() or rhythm.previous(outlet.subscription, due), due

    def _links(self, outlet: Outlet) -> Links:
        if self._page is None:
            return Links()
        address = address_of(outlet.channel)
        return Links(
            page=self._page,
            search=f"{self._page}/search?{outlet.subscription.search.to_query_string()}",
            unsubscribe=self._link("unsubscribe", outlet.subscription, address) if address else None,
        )

    def _link(self, purpose: Purpose, subscription: Subscription, address: str) -> str:
        """Where there is a page."""
        token = self._tokens.make(purpose, subscription.id, address)
        return f"{self._page}/subscriptions/{purpose}?token={quote(token)}"
