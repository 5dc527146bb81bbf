"""The speech server: its socket, and an end that leaves nothing behind."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from subkit.errors import PluginError
from subkit.processes import stop_signals
from subkit.serve.speech_app import build_speech_app
from subkit.serve.speech_desk import SpeechDesk
from subkit.web import bounded_protocol, listen, shown_host

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    import uvicorn

    from subkit.serve.serve_options import ServeOptions

__all__ = ["make_speech_server", "serve_speech"]


def serve_speech(options: ServeOptions, *, announce: Callable[[str], None]) -> None:
    """Serve until the process is asked to stop.

    Ctrl-C, SIGTERM and SIGHUP stop it: it takes no more requests, answers those that it has within
    ``drain_seconds``, and returns once the models are unloaded and the uploads removed.

    Args:
        options: Of the server.
        announce: Called with its address once it listens.

    Raises:
        StoreError: the port is taken, or uploads cannot be kept.
        PluginError: what reads uploads is not installed.
    """
    try:
        import python_multipart  # noqa: F401 - said before anybody sends a file
    except ImportError as error:
        raise PluginError(
            "subkit serve needs the package python-multipart.",
            remedy='Install it: pip install "subkit[serve]".',
        ) from error
    with closing(listen(options.host, options.port)) as listener:
        port = listener.getsockname()[1]
        desk = SpeechDesk(options)
        try:
            server = make_speech_server(
                desk, lambda: announce(f"http://{shown_host(options.host)}:{port}")
            )
            server.run(sockets=[listener])
        finally:
            desk.close()


def make_speech_server(desk: SpeechDesk, announce: Callable[[], None]) -> uvicorn.Server:
    """Return the server, not yet running; ``announce`` hears once it listens."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            announce()

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # uvicorn knows no SIGHUP, and sends itself each signal again before uploads are gone.
            with stop_signals(self.handle_exit):
                yield

    app: Any = build_speech_app(desk)
    config = uvicorn.Config(
        app,
        http=bounded_protocol(),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, int(desk.options.drain_seconds)),
        limit_concurrency=300,
    )
    return Server(config)
