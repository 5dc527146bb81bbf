"""The socket of a server, its address, and how long a token must be."""

from __future__ import annotations

import ipaddress
import socket

from subkit.errors import PlanError, StoreError

__all__ = ["LOCAL", "MIN_TOKEN", "listen", "require_good_token", "shown_host"]

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Hosts that only this machine reaches."""

MIN_TOKEN = 16


def require_good_token(token: str) -> None:
    """Return if a token is long enough and can stand in a header.

    Raises:
        PlanError: it is too short, or not of printable ASCII.
    """
    if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise PlanError(f"A token has at least {MIN_TOKEN} characters of ASCII.")


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Raises:
        StoreError: the address is not this machine's, or the port is taken.
    """
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
        listener.set_inheritable(False)
    except (OSError, OverflowError, ValueError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise StoreError(
            f"{address}:{port} cannot be listened on: {reason}.",
            remedy="Choose another --port, or leave it out for a free one.",
        ) from error
    return listener


def shown_host(host: str) -> str:
    """Return the host as it stands in an address that a browser can open."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return f"[{host}]" if address.version == 6 else host
