"""Synthetic voices with word and phone times: espeak-ng (a shared library) and flite (a program).

Both are installed from the distribution (Debian: ``libespeak-ng1``, ``flite``). No recordings of
people are used.

Sources:
    espeak-ng's C interface: ``speak_lib.h`` of espeak-ng 1.51 (event structure, parameters).
    flite's command line: ``flite --help`` (``-ps`` and ``-psdur`` print phones and their ends).
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

SAMPLE_RATE = 16000
SILENT_PHONE = "_"
FLITE_VOICES = ("kal", "kal16", "awb", "rms", "slt")
ESPEAK_ACCENTS = {
    "en": ("en-us",) * 4 + ("en",) * 2 + ("en-gb-x-rp", "en-gb-scotland", "en-us-nyc"),
    "es": ("es", "es-419"),
    "ko": ("ko",),
}
PLAIN_VARIANT_WEIGHT = 10
_TRAINING_VARIANT_NAMES = (
    "Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Hugo Jacky Lee Marco Mario Michael Mike "
    "Nguyen Tweaky adam anika antonio aunty belinda benjamin boris caleb david ed edward edward2 "
    "f1 f2 f3 f5 grandma grandpa gustave iven iven2 iven3 john kaukovalta klatt klatt2 klatt4 "
    "klatt5 m1 m2 m3 m4 m5 m6 m8 marcelo max michel miguel norbert pablo paul quincy rob robert "
    "sandro shelby steph steph3 travis victor zac"
)
ESPEAK_TRAINING_VARIANTS = (*_TRAINING_VARIANT_NAMES.split(), *("",) * PLAIN_VARIANT_WEIGHT)
ESPEAK_UNSEEN_VARIANTS = ("f4", "m7", "linda", "steph2", "klatt3", "pedro", "iven4", "Henrique")

_ESPEAK_RATE = 22050
_ESPEAK_SYNCHRONOUS = 2
_ESPEAK_PHONEME_EVENTS = 1
_ESPEAK_UTF8 = 1
_EVENT_END = 0
_EVENT_WORD = 1
_EVENT_PHONEME = 7
_PARAMETER_RATE = 1
_PARAMETER_PITCH = 3
_PARAMETER_RANGE = 4
_PEAK = 12000.0
_EDGE_MARGIN = 0.05


@dataclass
class Utterance:
    """One synthesised sentence.

    Attributes:
        audio: int16 samples at 16 kHz, trimmed to the speech with 50 ms on either side.
        voice: name of the voice, e.g. ``en-us+f2`` or ``flite-slt``.
        onset: start of the audible speech, seconds.
        end: end of the audible speech, seconds.
        word_starts: start of each whitespace-separated word, seconds; an entry is None where the
            voice gave no time, the whole is None where the words could not be told apart.
        phones: (start in seconds, label) in order; ``_`` is silence.
    """

    audio: np.ndarray
    voice: str
    onset: float
    end: float
    word_starts: list[float | None] | None
    phones: list[tuple[float, str]]


class _EventId(ctypes.Union):
    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


class EspeakSynthesizer:
    """espeak-ng, called in this process; only one may exist at a time.

    Args:
        library: name or path of the shared library.
    """

    def __init__(self, library: str = "libespeak-ng.so.1") -> None:
        self._library = ctypes.CDLL(library)
        rate = self._library.espeak_Initialize(
            _ESPEAK_SYNCHRONOUS, 200, None, _ESPEAK_PHONEME_EVENTS
        )
        if rate != _ESPEAK_RATE:
            raise RuntimeError(f"espeak-ng could not start at {_ESPEAK_RATE} Hz (got {rate})")
        self._chunks: list[np.ndarray] = []
        self._words: list[tuple[int, float]] = []
        self._phones: list[tuple[float, str]] = []
        signature = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
        )
        self._callback = signature(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples, count, events) -> int:
        if count > 0 and samples:
            self._chunks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            seconds = event.audio_position / 1000
            if event.type == _EVENT_WORD:
                self._words.append((event.text_position - 1, seconds))
            elif event.type == _EVENT_PHONEME:
                label = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "ignore")
                self._phones.append((seconds, label))
            index += 1
        return 0

    def speak(self, text: str, voice: str, rate: int, pitch: int, pitch_range: int) -> Utterance:
        """Synthesises one sentence.

        Args:
            text: the sentence.
            voice: language and, after a plus sign, variant, e.g. ``es-419+m3``.
            rate: words per minute (125 to 200 in training).
            pitch: 0 to 100.
            pitch_range: 0 to 100, how much the pitch moves.

        Returns:
            The utterance.
        """
        self._chunks.clear()
        self._words.clear()
        self._phones.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        parameters = {
            _PARAMETER_RATE: rate,
            _PARAMETER_PITCH: pitch,
            _PARAMETER_RANGE: pitch_range,
        }
        for number, value in parameters.items():
            self._library.espeak_SetParameter(number, value, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, 1, 0, _ESPEAK_UTF8, None, None)
        samples = np.concatenate(self._chunks).astype(np.float32)
        audio = resample_poly(samples, 320, 441)
        return _trim(audio, voice, _word_starts(text, self._words), list(self._phones))


def _word_starts(text: str, events: list[tuple[int, float]]) -> list[float | None]:
    """Maps espeak-ng's word events (character position, seconds) to whitespace words."""
    starts: list[float | None] = []
    for match in re.finditer(r"\S+", text):
        inside = [time for position, time in events if match.start() <= position < match.end()]
        starts.append(inside[0] if inside else None)
    return starts


class FliteSynthesizer:
    """flite, called as a program; English only."""

    def __init__(self) -> None:
        self._phone_counts: dict[tuple[str, str], int] = {}
        self._folder = tempfile.TemporaryDirectory()
        self._wave_path = Path(self._folder.name) / "speech.wav"

    def _run(self, voice: str, text: str, options: list[str], output: str) -> list[str]:
        command = ["flite", "-voice", voice, *options, "-t", text, "-o", output]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    def _count_phones(self, voice: str, word: str) -> int:
        key = (voice, word)
        if key not in self._phone_counts:
            phones = self._run(voice, word, ["-ps"], "none")
            self._phone_counts[key] = sum(phone != "pau" for phone in phones)
        return self._phone_counts[key]

    def speak(self, text: str, voice: str, stretch: float) -> Utterance:
        """Synthesises one sentence.

        Args:
            text: the sentence.
            voice: one of ``FLITE_VOICES``.
            stretch: factor on all durations (0.85 to 1.3 in training).

        Returns:
            The utterance.
        """
        options = ["-psdur", "--setf", f"duration_stretch={stretch:.2f}"]
        printed = self._run(voice, text, options, str(self._wave_path))
        with wave.open(str(self._wave_path)) as reader:
            rate = reader.getframerate()
            samples = np.frombuffer(reader.readframes(reader.getnframes()), np.int16)
        audio = samples.astype(np.float32)
        if rate != SAMPLE_RATE:
            audio = resample_poly(audio, SAMPLE_RATE, rate)
        phones = []
        start = 0.0
        for item in printed:
            phone, end = item.rsplit(":", 1)
            phones.append((start, SILENT_PHONE if phone == "pau" else "f:" + phone))
            start = float(end)
        return _trim(audio, "flite-" + voice, self._match_words(text, voice, phones), phones)

    def _match_words(
        self, text: str, voice: str, phones: list[tuple[float, str]]
    ) -> list[float | None] | None:
        """Word starts by counting each word's phones; None where the counts do not add up."""
        counts = [self._count_phones(voice, re.sub(r"[.,?!]", "", word)) for word in text.split()]
        audible = [start for start, phone in phones if phone != SILENT_PHONE]
        if sum(counts) != len(audible):
            return None
        starts = []
        position = 0
        for count in counts:
            starts.append(audible[min(position, len(audible) - 1)])
            position += count
        return starts


def audible_span(audio: np.ndarray) -> tuple[float, float]:
    """First and last moment, in seconds, where a 5 ms frame is louder than 1.5 % of the loudest."""
    frame = SAMPLE_RATE // 200
    count = len(audio) // frame
    frames = audio[: count * frame].reshape(count, frame)
    level = np.sqrt((frames**2).mean(1) + 1e-3)
    loud = np.flatnonzero(level > max(level.max() * 0.015, 5.0))
    return float(loud[0]) * 0.005, float(loud[-1] + 1) * 0.005


def _trim(
    audio: np.ndarray,
    voice: str,
    word_starts: list[float | None] | None,
    phones: list[tuple[float, str]],
) -> Utterance:
    """Normalises the peak, cuts the silence at both ends and moves all times along."""
    if len(audio) < 3000 or np.abs(audio).max() < 50:
        raise ValueError(f"voice {voice!r} gave no speech")
    audio = audio * (_PEAK / np.abs(audio).max())
    onset, end = audible_span(audio)
    first = max(0, int((onset - _EDGE_MARGIN) * SAMPLE_RATE))
    last = min(len(audio), int((end + _EDGE_MARGIN) * SAMPLE_RATE))
    shift = first / SAMPLE_RATE

    def move(seconds: float | None) -> float | None:
        return None if seconds is None else round(seconds - shift, 3)

    return Utterance(
        audio=audio[first:last].astype(np.int16),
        voice=voice,
        onset=move(onset),
        end=move(end),
        word_starts=None if word_starts is None else [move(start) for start in word_starts],
        phones=[(move(start), label) for start, label in phones],
    )
