"""A program of its own that speaks with espeak-ng: only it loads that library, which is GPL.

It is started by :mod:`subkit.engines.espeak` and imports nothing of subkit. Asked in JSON on its
standard input (``library``, ``data``, ``folder``, ``lines`` of ``text``, ``voice`` and ``rate``),
it makes each line ``N.raw`` in the folder, 16-bit samples of one channel, and answers with its
``rate``, ``version`` and ``voices``.
"""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

__all__ = ["SpeechLibrary", "main"]

_SYNCHRONOUS = 2
_RATE = 1
_UTF8 = 1
_CHARACTERS = 1
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class SpeechLibrary:
    """The library, begun once.

    Args:
        library: Its file.
        data: The folder that ``espeak-ng-data`` is in, or empty for its own.
    """

    def __init__(self, library: str, data: str) -> None:
        self._library = ctypes.CDLL(library)
        place = data.encode() if data else None
        self.rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, place, 0)
        if self.rate <= 0:
            raise OSError(f"espeak-ng does not begin: {self.rate}")
        self._samples: list[bytes] = []
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    @property
    def version(self) -> str:
        """Its version, such as ``1.52.0``."""
        self._library.espeak_Info.restype = ctypes.c_char_p
        return str(self._library.espeak_Info(None).decode().split(" ")[0])

    def voices(self) -> list[str]:
        """Languages that it has voices for, such as ``ko`` and ``pt-br``."""
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        listed = self._library.espeak_ListVoices(None)
        found, place = [], 0
        while listed[place]:
            languages = listed[place].contents.languages  # a byte of priority before each name
            found.append(languages[1:].decode(errors="replace"))
            place += 1
        return sorted(set(found))

    def speak(self, text: str, voice: str, rate: int) -> bytes:
        """Return the samples of a text."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise OSError(f"espeak-ng has no voice {voice!r}")
        self._library.espeak_SetParameter(_RATE, rate, 0)
        self._samples = []
        data = text.encode()
        size = ctypes.c_size_t(len(data) + 1)
        self._library.espeak_Synth(data, size, 0, _CHARACTERS, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return b"".join(self._samples)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples.append(ctypes.string_at(samples, 2 * count))
        return 0


def main() -> int:
    """Speak what standard input asks for."""
    asked = json.load(sys.stdin)
    speech = SpeechLibrary(asked["library"], asked["data"])
    for place, line in enumerate(asked["lines"]):
        data = speech.speak(line["text"], line["voice"], line["rate"])
        (Path(asked["folder"]) / f"{place}.raw").write_bytes(data)
    json.dump(
        {"rate": speech.rate, "version": speech.version, "voices": speech.voices()}, sys.stdout
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
