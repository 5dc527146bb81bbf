"""The server: its socket, its address, and a shutdown that loses nothing."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError, StoreError
from subkit.processes import stop_signals
from subkit.review.api.app import build_app
from subkit.review.api.connections import bounded_protocol
from subkit.review.api.guard import Gatekeeper
from subkit.review.desk import Desk
from subkit.review.review_options import ReviewOptions
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import uvicorn

__all__ = ["make_server", "serve"]

_LOCAL = ("127.0.0.1", "localhost", "::1")
MIN_TOKEN = 16
_DEFAULT = ReviewOptions()


def serve(
    path: Path,
    options: ReviewOptions = _DEFAULT,
    *,
    announce: Callable[[str, Callable[[], str]], None],
) -> None:
    """Serve a project for review until the process is asked to stop.

    Ctrl-C, SIGTERM and SIGHUP let it return once everything is closed.

    Args:
        path: The project file; it is locked for writing meanwhile.
        options: Where to listen, who reviews, which engines.
        announce: Called once the server listens, with its address and a function that gives an
            address good for one visit.

    Raises:
        PlanError: an address elsewhere without a token of its own, or a token too short.
        LockedError: somebody else has the project open.
        StoreError: the project cannot be opened, or the port is taken.
    """
    _require_token(options)
    with closing(_listen(options)) as listener:
        port = listener.getsockname()[1]
        token = options.token or secrets.token_urlsafe(24)
        gatekeeper = Gatekeeper(token=token, host=options.host, port=port)
        purpose = f"subkit review at http://{_shown(options.host)}:{port}"
        with ProjectFile.open(path, purpose=purpose) as store:
            desk = Desk(store, options)
            desk.start()
            try:
                make_server(desk, gatekeeper, announce).run(sockets=[listener])
            finally:
                desk.stop()


def _require_token(options: ReviewOptions) -> None:
    if options.token and (len(options.token) < MIN_TOKEN or not options.token.isascii()):
        raise PlanError(f"A token has at least {MIN_TOKEN} characters of ASCII.")
    if options.host not in _LOCAL and not options.token:
        raise PlanError(
            f"Listening on {options.host} lets other machines in: whoever has the token can read "
            "the media and change the project, and what they send is not encrypted.",
            remedy="Give a --token of your own, or leave --host out and use an SSH tunnel.",
        )


def _listen(options: ReviewOptions) -> socket.socket:
    host = "127.0.0.1" if options.host == "localhost" else options.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, options.port))
        listener.listen(128)
        listener.set_inheritable(False)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise StoreError(
            f"{host}:{options.port} cannot be listened on: {reason}.",
            remedy="Choose another --port, or leave it out for a free one.",
        ) from error
    return listener


def make_server(
    desk: Desk, gatekeeper: Gatekeeper, announce: Callable[[str, Callable[[], str]], None]
) -> uvicorn.Server:
    """The server, not yet running; ``announce`` hears of it once it listens."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            base = f"http://{_shown(gatekeeper.host)}:{gatekeeper.port}/?token="
            announce(base + gatekeeper.token, lambda: base + gatekeeper.one_visit())

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            desk.session.broadcast.close()
            for connection in list(self.server_state.connections):
                _let_go(connection)
            await super().shutdown(sockets)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # uvicorn knows no SIGHUP, and sends itself each signal again before the desk is closed.
            with stop_signals(self.handle_exit):
                yield

    app: Any = build_app(desk, gatekeeper)
    config = uvicorn.Config(
        app,
        http=bounded_protocol(),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=300,
    )
    return Server(config)


def _let_go(connection: Any) -> None:
    """End a connection that media flows through: a player that pauses never takes the rest.

    Every other request is answered before the server stops.
    """
    scope = connection.scope or {}
    if str(scope.get("path", "")).startswith("/media/"):
        connection.transport.abort()


def _shown(host: str) -> str:
    """Write the host as in an address that a browser can open."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return f"[{host}]" if address.version == 6 else host
