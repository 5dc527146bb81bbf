"""Scratch voices by espeak-ng, in a process of its own.

The library is GPL: subkit neither imports nor links it. A child process loads it
(:mod:`subkit.engines.espeak_speech`), from the package espeakng-loader or from the system, and
gives samples back as files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import EngineError, ModelNotFound, PlanError
from subkit.processes import tethered

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GuideText", "Synthesiser", "find_espeak"]

_REMEDY = 'Install it: pip install "subkit[guide]", or the package espeak-ng of your system.'
_OTHERWISE = {"zh": "cmn", "en": "en-us", "fr": "fr-fr", "no": "nb"}
_PER_LINE, _AT_LEAST = 2.0, 60.0
_RATES = (80, 450)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideText:
    """A text to be spoken at a rate of so many words a minute; 175 is usual."""

    text: str
    rate: int = 175


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesiser:
    """espeak-ng as it was found.

    Attributes:
        library: File of the library.
        data: Folder of its data; empty for that of the system.
        version: As it states it.
        sample_rate: Of what it gives, Hz.
        voices: Languages that it speaks, in its own names.
    """

    library: str
    data: str
    version: str
    sample_rate: int
    voices: frozenset[str]

    def voice_for(self, language: str) -> str:
        """Return its name of a language.

        Raises:
            PlanError: it has no voice for the language.
        """
        tag = language.lower()
        primary = tag.split("-", 1)[0]
        for name in (tag, _OTHERWISE.get(primary, ""), primary):
            if name in self.voices:
                return name
        raise PlanError(
            f"espeak-ng has no voice for {language!r:.40}.",
            remedy="Name a language that it speaks with --voice, such as en-us.",
        )

    def speak(self, texts: Sequence[GuideText], voice: str, folder: Path) -> list[Path]:
        """Speak texts into files of 16-bit samples, one channel, in a folder that is there.

        Raises:
            EngineError: espeak-ng failed.
        """
        slow, fast = _RATES
        lines = [
            {"text": one.text, "voice": voice, "rate": min(fast, max(slow, one.rate))}
            for one in texts
        ]
        _ask(self.library, self.data, lines, str(folder))
        return [folder / f"{place}.raw" for place in range(len(texts))]


def find_espeak() -> Synthesiser:
    """Return the espeak-ng of this machine: that of espeakng-loader, else that of the system.

    Raises:
        EngineError: it does not begin.
        ModelNotFound: there is none.
    """
    library, data = _carried() or (find_library("espeak-ng") or "", "")
    if not library:
        raise ModelNotFound("espeak-ng is not on this machine.", remedy=_REMEDY)
    told = _ask(library, data, [], "")
    return Synthesiser(
        library=library,
        data=data,
        version=str(told["version"]),
        sample_rate=int(told["rate"]),
        voices=frozenset(map(str, told["voices"])),
    )


def _carried() -> tuple[str, str] | None:
    """Return library and data of the package, which is looked up and not imported."""
    found = find_spec("espeakng_loader")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent
    names = ("libespeak-ng.so", "libespeak-ng.dylib", "espeak-ng.dll")
    library = next((folder / name for name in names if (folder / name).is_file()), None)
    return None if library is None else (str(library), str(folder / "espeak-ng-data"))


def _ask(library: str, data: str, lines: list[dict[str, Any]], folder: str) -> dict[str, Any]:
    program = Path(__file__).with_name("espeak_speech.py")
    asked = {"library": library, "data": data, "folder": folder, "lines": lines}
    command = tethered([sys.executable, "-I", "-S", str(program)])
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=max(_AT_LEAST, _PER_LINE * len(lines)),
            check=False,
        )
        if done.returncode == 0:
            return dict(json.loads(done.stdout))
        said = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        said = str(error)
    raise EngineError(f"espeak-ng failed: {said:.300}", remedy=_REMEDY)
