"""Access control: checks every request before anything else sees it.

The server listens on this machine, where every web page in every tab can send requests to it too.
So a request must know the secret (a cookie that no other site's request carries, or the token
itself), name the server by its own address (a name that was rebound to it by DNS does not), and
come from the server's own page. Nothing may upgrade the connection.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from subkit.review.api.answers import Answer, answer_json

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping
    from typing import Any

    Scope = MutableMapping[str, Any]

__all__ = ["CSP", "HEADERS", "Gatekeeper"]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
}
"""On every answer."""

_MAX_HEADER = 8192
_MAX_SEATS = 200
_BEARER = "bearer"
_NOT_OWN = "Only the server's own page may ask this."


@dataclass
class Gatekeeper:
    """Knows the token, the addresses and who was let in.

    Attributes:
        token: The secret of the printed address.
        port: Where the server listens; known once it does.
        host: The address it was told to listen on.
        seats: Keys of those let in, one a browser.
        visits: Tokens that are good for one visit: other users see a browser's command line.
    """

    token: str
    host: str
    port: int = 0
    seats: dict[str, None] = field(default_factory=dict)
    visits: set[str] = field(default_factory=set)

    @property
    def cookie(self) -> str:
        """Name of the cookie; cookies know no ports, so it carries ours."""
        return f"subkit_review_{self.port}"

    def one_visit(self) -> str:
        """A token that lets one browser in, once."""
        token = secrets.token_urlsafe(24)
        self.visits.add(token)
        return token

    def judge(self, scope: Scope) -> Answer | str:
        """The key of the seat that a request comes from, or the answer that refuses it.

        The printed address, with the token, gets a new seat and an answer that sets the cookie.
        """
        headers = _single(scope["headers"])
        if headers is None:
            return _refusal(400, "A header is there twice or too long.")
        if refusal := self._stranger(headers):
            return _refusal(403, refusal)
        seat = self._seat(headers)
        if scope["path"] == "/" and scope["method"] == "GET" and (token := _token(scope)):
            return self._let_in(token, seat, headers)
        # A link elsewhere may lead to the page; what is in it, only the page itself may ask for.
        from_own = headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        if not from_own and scope["path"] != "/":
            return _refusal(403, _NOT_OWN)
        if not seat and scope["path"] == "/":
            return _stale_link(headers, "Open the address that subkit review printed.")
        return seat or _refusal(401, "Open the address that subkit review printed.")

    def _stranger(self, headers: dict[str, str]) -> str:
        """Say why a request cannot come from the server's own page; empty if it can."""
        if "upgrade" in headers:
            return "This server upgrades no connection."
        if not self._is_own_host(headers.get("host", "")):
            return "This is not the address that the server was started with."
        own = f"http://{headers['host']}"
        return _NOT_OWN if headers.get("origin", own) != own else ""

    def _seat(self, headers: dict[str, str]) -> str:
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(bearer.strip(), self.token):
            return _BEARER
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return ""
        # Not compare_digest: a dict of random keys tells by its time only the hash of what is sent.
        return morsel.value if morsel is not None and morsel.value in self.seats else ""

    def _let_in(self, token: str, seat: str, headers: dict[str, str]) -> Answer:
        if not _same(token, self.token) and not self._spend(token):
            return _stale_link(headers, "This token is not that of the running server.")
        if not seat or seat == _BEARER:
            seat = secrets.token_urlsafe(24)
            while len(self.seats) >= _MAX_SEATS:
                del self.seats[next(iter(self.seats))]
            self.seats[seat] = None
        cookie = f"{self.cookie}={seat}; HttpOnly; SameSite=Strict; Path=/"
        return Answer(status=303, headers={"location": "/", "set-cookie": cookie})

    def _spend(self, token: str) -> bool:
        found = next((known for known in self.visits if _same(token, known)), None)
        self.visits.discard(found or "")
        return found is not None

    def _is_own_host(self, value: str) -> bool:
        """Return whether a ``Host`` header names this server, not another name that leads here."""
        name, colon, port = value.rpartition(":")
        if not colon or port != str(self.port):
            return False
        if name in {"127.0.0.1", "localhost", "[::1]", self.host, f"[{self.host}]"}:
            return True
        if self.host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
            return False
        try:  # any address of this machine, but no name: a name can be rebound
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True


def _single(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str] | None:
    """Return the headers by name; ``None`` if one that matters comes twice or is too long."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        if key in headers or len(value) > _MAX_HEADER:
            return None
        headers[key] = value.decode("latin-1")
    return headers


def _token(scope: Scope) -> str:
    """Return the token of the printed address, empty if there is none."""
    try:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=20)
    except ValueError:
        return ""
    values: list[str] = given.get("token", [""])
    return values[0]


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())


def _stale_link(headers: dict[str, str], message: str) -> Answer:
    """Refuse an old address; a browser gets a page that says what to do."""
    if "text/html" not in headers.get("accept", ""):
        return _refusal(401, message)
    return Answer(status=401, body=_STALE_LINK.read_bytes(), type="text/html; charset=utf-8")


_STALE_LINK = Path(__file__).parents[1] / "static" / "stale-link.html"


def _refusal(status: int, message: str) -> Answer:
    told = {"kind": "Refused", "message": message, "remedy": ""}
    return answer_json({"error": told}, status)
