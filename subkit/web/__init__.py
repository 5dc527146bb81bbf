"""What the servers of subkit share: where they listen, and connections that never ask."""

from subkit.web.connections import bounded_protocol
from subkit.web.listening import LOCAL, MIN_TOKEN, listen, require_good_token, shown_host

__all__ = [
    "LOCAL",
    "MIN_TOKEN",
    "bounded_protocol",
    "listen",
    "require_good_token",
    "shown_host",
]
