"""The embedded demo: two small models, a short film scene, and the card that describes them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["model_directory", "scene_file"]

_HERE = Path(__file__).parent


def scene_file() -> Path:
    """The demo scene: about a minute of film in English, with a Spanish and a Korean line."""
    return _HERE / "scene" / "scene.mp4"


def model_directory(kind: str) -> Path:
    """The directory of the demo model of a kind (``"recognizer"`` or ``"translator"``)."""
    return _HERE / "models" / kind
