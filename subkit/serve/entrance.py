"""Who may ask: tokens, and requests that a web page elsewhere makes a browser send."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from typing import TYPE_CHECKING

from subkit.serve.serve_errors import ServeError
from subkit.web import LOCAL

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["require_welcome"]


def require_welcome(headers: Mapping[str, str], host: str, tokens: tuple[str, ...]) -> None:
    """Return if a request may be answered.

    With tokens one of them must come along: as a bearer, or as the password of HTTP's basic way,
    for clients that only take an address (``http://any:TOKEN@host:9000``). Without tokens the
    server listens on this machine alone, and what a web page sends through a browser is refused:
    the page has another origin, or a name that was made to lead here.

    Args:
        headers: Of the request, names in small letters.
        host: Where the server listens.
        tokens: Those that it knows.

    Raises:
        ServeError: it may not.
    """
    if tokens:
        given = _given(headers.get("authorization", ""))
        # All are compared, so that the time says nothing of which one was nearly right.
        if sum(hmac.compare_digest(given.encode(), known.encode()) for known in tokens) == 0:
            raise ServeError(
                "The request has no token that this server knows.",
                status=401,
                remedy="Send the header 'Authorization: Bearer TOKEN'.",
            )
        return
    origin = headers.get("origin", "")
    if "sec-fetch-site" in headers and headers["sec-fetch-site"] not in {"none", "same-origin"}:
        origin = "elsewhere"
    if origin and origin != f"http://{headers.get('host', '')}":
        raise ServeError("A page of another site may not ask this.", status=403)
    if not _is_own(headers.get("host", ""), host):
        raise ServeError("This is not the address of the server.", status=403)


def _given(header: str) -> str:
    kind, _, value = header.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            plain = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""
        return plain.partition(":")[2]
    return ""


def _is_own(given: str, host: str) -> bool:
    name = given.rpartition(":")[0] if given.rpartition(":")[2].isdecimal() else given
    name = name.strip("[]")
    if name in {*LOCAL, host}:
        return True
    try:  # in a container, or behind a tunnel: any address, but no name that can be rebound
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
