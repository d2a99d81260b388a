"""The letter that asks the reader behind an address whether they want a subscription. Nothing else goes out before."""

from __future__ import annotations

import hashlib
from typing import Final

from markupsafe import Markup

from otswatch.alerts.letter import Letter
from otswatch.subscriptions.subscription import Subscription
from otswatch.subscriptions.tokens import CONFIRM_WITHIN

#: So much of a subscription's name is shown: it is not for whoever made it to write letters of their own here.
_NAME: Final = 80
_HOW_OFTEN: Final = {"at-once": "as it comes", "hour": "every hour", "day": "every day", "week": "every week"}

_TEXT: Final = """\
Somebody asked OTS Watch to send news to {address}, {often}:

    {name}

Do you want it? Then open this page and press its button:

    {link}

The link works for {days} days. If you do not want it, or did not ask for it, do nothing: no news is sent to you.
"""
_HTML: Final = Markup(
    """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font: 16px/1.5 sans-serif; max-width: 36em; margin: 1em auto; padding: 0 1em">
<p>Somebody asked OTS Watch to send news to <b dir="auto">{address}</b>, {often}:</p>
<p style="border-left: 3px solid #999; padding-left: .8em"><b dir="auto">{name}</b></p>
<p>Do you want it? Then open this page and press its button:</p>
<p><a href="{link}">Confirm the subscription</a></p>
<p>The link works for {days} days. If you do not want it, or did not ask for it, do nothing: no news is sent to you.</p>
</body></html>
"""
)


def confirmation(subscription: Subscription, address: str, link: str) -> Letter:
    """The letter to an address. `link` leads to the page that confirms; another link makes another id."""
    parts = {
        "address": address,
        "often": _HOW_OFTEN[subscription.rhythm.every],
        "name": _line(subscription.name),
        "link": link,
        "days": CONFIRM_WITHIN.days,
    }
    subject = f"Please confirm: news on “{parts['name']}”"
    return Letter(
        id=f"confirm-{hashlib.blake2b(link.encode(), digest_size=12).hexdigest()}",
        subscription=subscription.id,
        subject=subject,
        text=_TEXT.format(**parts),
        html=str(_HTML.format(subject=subject, **parts)),
        keys=(),
    )


def _line(name: str) -> str:
    """A name on one line, without what turns the direction of what follows."""
    line = "".join(letter for letter in " ".join(name.split()) if letter.isprintable())
    return line if len(line) <= _NAME else f"{line[: _NAME - 1]}…"
