"""Names of DAPT, and what its vocabulary is in ours (W3C DAPT, sections 4 and 5)."""

from __future__ import annotations

from subkit.model import LineKind, OnScreen

__all__ = ["DAPTM", "KINDS", "ON_SCREEN", "OWN", "PROFILE", "REPRESENTS", "SCRIPT_TYPES", "name_of"]

PROFILE = "http://www.w3.org/ns/ttml/profile/dapt1.0/content"
DAPTM = "http://www.w3.org/ns/ttml/profile/dapt#metadata"
OWN = "urn:subkit:dubbing:1"
"""Namespace of what DAPT has no words for; other readers pass over it."""

_NAMESPACES = {
    "tt": "http://www.w3.org/ns/ttml",
    "ttm": "http://www.w3.org/ns/ttml#metadata",
    "ttp": "http://www.w3.org/ns/ttml#parameter",
    "daptm": DAPTM,
    "xml": "http://www.w3.org/XML/1998/namespace",
    "own": OWN,
}

SCRIPT_TYPES = ("originalTranscript", "translatedTranscript", "preRecording", "asRecorded")

ON_SCREEN = {
    "ON": OnScreen.ON,
    "OFF": OnScreen.OFF,
    "ON_OFF": OnScreen.ON_OFF,
    "OFF_ON": OnScreen.OFF_ON,
}

REPRESENTS = {
    LineKind.DIALOGUE: "audio.dialogue",
    LineKind.CROWD: "audio.dialogue",
    LineKind.REACTION: "audio.nonDialogueSounds",
    LineKind.BREATH: "audio.nonDialogueSounds",
    LineKind.SONG: "audio.music",
    LineKind.TEXT: "visual.text",
}
"""What a line stands for, by its kind."""

KINDS = {
    "audio.nonDialogueSounds": LineKind.REACTION,
    "audio.music": LineKind.SONG,
    "visual": LineKind.TEXT,
}
"""The kind of what an event stands for; a longer descriptor is of the kind of its beginning."""


def name_of(short: str) -> str:
    """Return a name with its namespace, for example of ``"ttm:agent"``."""
    prefix, _, local = short.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"
