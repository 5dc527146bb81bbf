"""Voices of named people, kept in a file of their own so that the next episode knows them.

A voice print is biometric data: it is kept and used only where the consent register permits it, it
never goes into the ledger, which only grows, and removing it from the file removes it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError
from subkit.files.data_files import parse_json
from subkit.files.plain_text import read_small_file
from subkit.speakers.voice_encoder import DIMENSIONS, WEIGHTS_SHA256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from subkit.speakers.clustering import Vectors

__all__ = ["VoicePrint", "make_print", "prints_text", "read_prints", "recognise_voices"]

ALIKE = 0.86
"""Cosine of two voices that are one person's: of 4,550 pairs of two people, none reached it
(benchmarks/speakers.py, speakers that thresholds were fitted on)."""

_FORMAT = "subkit voices 1"
_MAX_BYTES = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicePrint:
    """The voice of one person.

    Attributes:
        name: The person, as the register and the projects name them.
        title: Title that the voice was heard in.
        grant: Id of the grant that permits to keep it.
        vector: 256 numbers of 16 bits, base64.
    """

    name: str
    title: str
    grant: str
    vector: str


def make_print(name: str, title: str, grant: str, voice: Vectors) -> VoicePrint:
    """Return the print of a voice, a vector of shape ``(256,)``."""
    data = voice.astype("<f2").tobytes()
    return VoicePrint(
        name=name, title=title, grant=grant, vector=base64.b64encode(data).decode("ascii")
    )


def prints_text(prints: Iterable[VoicePrint]) -> str:
    """Return the file of prints."""
    rows = [asdict(one) for one in prints]
    plain = {"format": _FORMAT, "encoder": WEIGHTS_SHA256, "voices": rows}
    return f"{json.dumps(plain, ensure_ascii=False, indent=1)}\n"


def read_prints(path: Path) -> tuple[VoicePrint, ...]:
    """Read a file of prints.

    Raises:
        InputError: it cannot be read, is no such file, or is of another encoder.
    """
    data = read_small_file(path, _MAX_BYTES)
    plain: Any = parse_json(data, str(path), remedy="Keep voices with subkit speakers.")
    if not isinstance(plain, dict) or plain.get("format") != _FORMAT:
        raise InputError(f"{str(path)!r} is no file of voices.")
    if plain.get("encoder") != WEIGHTS_SHA256:
        raise InputError(
            f"The voices of {str(path)!r} were taken by another encoder.",
            remedy="Keep them anew with subkit speakers.",
        )
    rows = plain.get("voices")
    prints = []
    for row in rows if isinstance(rows, list) else ():
        try:
            one = VoicePrint(**row)
            _vector(one)
        except (TypeError, ValueError, binascii.Error) as error:
            raise InputError(f"{str(path)!r} holds a voice that is none.") from error
        prints.append(one)
    return tuple(prints)


def recognise_voices(
    voices: Mapping[str, Vectors], prints: Sequence[VoicePrint]
) -> dict[str, VoicePrint]:
    """Return whose voice each speaker's is, where one is alike enough; each person once."""
    import numpy as np

    if not voices or not prints:
        return {}
    scores = {
        (who, number): float(voice @ _vector(one))
        for who, voice in voices.items()
        for number, one in enumerate(prints)
    }
    found: dict[str, VoicePrint] = {}
    for who, number in sorted(scores, key=lambda pair: -scores[pair]):
        taken = {one.name for one in found.values()}
        if np.float32(scores[who, number]) < ALIKE:
            break
        if who not in found and prints[number].name not in taken:
            found[who] = prints[number]
    return found


def _vector(one: VoicePrint) -> Vectors:
    import numpy as np

    if not all(isinstance(text, str) for text in (one.name, one.title, one.grant, one.vector)):
        raise ValueError("not a text")
    values = np.frombuffer(base64.b64decode(one.vector, validate=True), dtype="<f2")
    if values.shape != (DIMENSIONS,) or not np.isfinite(values).all():
        raise ValueError("not a vector")
    vector: Vectors = values.astype(np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1e-6)
