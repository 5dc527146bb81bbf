"""The server: its socket, its address, and a shutdown that loses nothing."""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError
from subkit.processes import stop_signals
from subkit.review.api.app import build_app
from subkit.review.api.guard import Gatekeeper
from subkit.review.desk import Desk
from subkit.review.review_options import ReviewOptions
from subkit.store import ProjectFile
from subkit.web import LOCAL, bounded_protocol, listen, require_good_token, shown_host

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import uvicorn

__all__ = ["make_server", "serve"]

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
    with closing(listen(options.host, options.port)) as listener:
        port = listener.getsockname()[1]
        token = options.token or secrets.token_urlsafe(24)
        gatekeeper = Gatekeeper(token=token, host=options.host, port=port)
        purpose = f"subkit review at http://{shown_host(options.host)}:{port}"
        with ProjectFile.open(path, purpose=purpose) as store:
            desk = Desk(store, options)
            desk.start()
            try:
                make_server(desk, gatekeeper, announce).run(sockets=[listener])
            finally:
                desk.stop()


def _require_token(options: ReviewOptions) -> None:
    if options.token:
        require_good_token(options.token)
    if options.host not in LOCAL and not options.token:
        raise PlanError(
            f"Listening on {options.host} lets other machines in: whoever has the token can read "
            "the media and change the project, and what they send is not encrypted.",
            remedy="Give a --token of your own, or leave --host out and use an SSH tunnel.",
        )


def make_server(
    desk: Desk, gatekeeper: Gatekeeper, announce: Callable[[str, Callable[[], str]], None]
) -> uvicorn.Server:
    """The server, not yet running; ``announce`` hears of it once it listens."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            base = f"http://{shown_host(gatekeeper.host)}:{gatekeeper.port}/?token="
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
