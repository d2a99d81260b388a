"""Who may change something: whoever sits at this machine, until there is sign-in.

What a proxy passes on comes from this machine as well. It is known by the name that was asked for, which is another one
(`deploy/README.md` has the lines), or by the headers that proxies add.

A page of somebody else's, open in a browser on this machine, must not change anything either: what it makes the browser
send says where it is from, and JSON cannot be posted across origins without being asked for.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from otswatch.web.guard import LOCAL

#: What a proxy adds that passes on what others ask, or how it begins.
_PASSED_ON = ("forwarded", "x-forwarded-", "x-real-ip")


def is_local(request: Request) -> bool:
    """Whether the request comes from this machine, to a name of this machine, and was not passed on by a proxy."""
    headers, client = request.headers, request.client
    try:
        near = client is not None and ipaddress.ip_address(client.host).is_loopback
    except ValueError:
        near = False
    return near and request.url.hostname in LOCAL and not any(name.startswith(_PASSED_ON) for name in headers)


def require_local(request: Request) -> None:
    """
    Raises:
        HTTPException: 403, from elsewhere.
    """
    if not is_local(request):
        raise HTTPException(403, "this is done on the machine that serves this; elsewhere nobody can sign in yet")


def require_ours(request: Request) -> None:
    """
    Raises:
        HTTPException: 403, from elsewhere, or what a browser was made to send by a page of somebody else's.
    """
    require_local(request)
    site, origin = request.headers.get("sec-fetch-site", "none"), request.headers.get("origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or site not in ("same-origin", "none"):
        raise HTTPException(403, "this was sent by a page of another site")


def require_json(request: Request) -> None:
    """
    Raises:
        HTTPException: 403, as `require_ours`; 415, not JSON.
    """
    require_ours(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "send JSON, with Content-Type: application/json")
