"""Makes the demo scene: picture, sound and the exact reference of what is said when.

    python -m training.scene --out subkit/demo/scene

The same voices and seed give the same scene. Needs espeak-ng, flite and ffmpeg.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
import tomllib

from training.augment import coloured_noise, music
from training.grammar import Grammar, Sentence, is_held_out
from training.scene_pictures import HEIGHT, WIDTH
from training.scene_shots import SHOTS
from training.voices import SAMPLE_RATE, EspeakSynthesizer, FliteSynthesizer, Utterance

SCRIPT = Path(__file__).parent / "data" / "scene.toml"
CLOSING_SHOT = "sunrise"
SEED = 7
_SPEECH_PEAK = 0.4
_FADE_SECONDS = 0.4
_FLOOR = 0.0008
_ESPEAK_VOICE = {"en": "en-us", "es": "es", "ko": "ko"}


@dataclass
class SpokenLine:
    """A line of the scene with its sound.

    Attributes:
        start: seconds at which its samples begin in the scene.
        shot_start: seconds at which its shot begins, on a frame.
        utterance: the sound; its times count from ``start``.
        speaker: name of the voice.
        language: language spoken.
        sentence: the text in all languages.
        shot: name of the shot.
    """

    start: float
    shot_start: Fraction
    utterance: Utterance
    speaker: str
    language: str
    sentence: Sentence
    shot: str

    @property
    def end(self) -> float:
        """Seconds at which its samples end."""
        return self.start + len(self.utterance.audio) / SAMPLE_RATE


def find_sentences(texts: set[str]) -> dict[str, Sentence]:
    """The grammar's sentences with these English texts.

    Raises:
        ValueError: one is not a sentence of the grammar, or is not held out of training.
    """
    grammar = Grammar()
    found: dict[str, Sentence] = {}
    for template in grammar.templates:
        rows = [grammar.slots[slot] for slot in template.slots]
        for chosen in itertools.product(*rows):
            sentence = grammar.realise(template, dict(zip(template.slots, chosen, strict=True)))
            if sentence["en"] in texts:
                found[sentence["en"]] = sentence
    for text in texts:
        if text not in found or not is_held_out(found[text]):
            raise ValueError(f"{text!r} is not a held-out sentence of the grammar")
    return found


def speak_lines(script: dict[str, Any]) -> list[SpokenLine]:
    """Speaks every line and places it in time."""
    rate = Fraction(script["frame_rate"])
    sentences = find_sentences({line["text"] for line in script["lines"]})
    espeak, flite = EspeakSynthesizer(), FliteSynthesizer()
    lines: list[SpokenLine] = []
    time = 0.0
    for line in script["lines"]:
        language = line.get("language", "en")
        sentence = sentences[line["text"]]
        voice = script["voices"][line["speaker"]]
        if "flite" in voice:
            utterance = flite.speak(sentence[language], voice["flite"], voice["stretch"])
        else:
            name = _ESPEAK_VOICE[language] + voice["espeak"]
            utterance = espeak.speak(
                sentence[language], name, voice["rate"], voice["pitch"], voice["range"]
            )
        start = time + line["pause"]
        shot_start = Fraction(round((start - line["lead"]) * rate)) / rate
        lines.append(
            SpokenLine(
                start=start,
                shot_start=max(shot_start, Fraction(0)),
                utterance=utterance,
                speaker=line["speaker"],
                language=language,
                sentence=sentence,
                shot=line["shot"],
            )
        )
        time = lines[-1].end
    return lines


def shot_list(script: dict[str, Any], lines: list[SpokenLine]) -> list[tuple[str, Fraction]]:
    """Name and first moment of each shot, the closing one included."""
    rate = Fraction(script["frame_rate"])
    closing = Fraction(round((lines[-1].end + 0.8) * rate)) / rate
    return [*((line.shot, line.shot_start) for line in lines), (CLOSING_SHOT, closing)]


def bed_spans(
    script: dict[str, Any], shots: list[tuple[str, Fraction]], end: float
) -> list[dict[str, Any]]:
    """Music and noise with their first and last moments in seconds."""
    starts = {name: float(start) for name, start in shots}
    order = [name for name, _ in shots]
    spans = []
    for bed in script["beds"]:
        after = order.index(bed["to_shot"]) + 1
        last = starts[order[after]] if after < len(order) else end
        spans.append({**bed, "start": round(starts[bed["from_shot"]], 3), "end": round(last, 3)})
    return spans


def mix_sound(lines: list[SpokenLine], beds: list[dict[str, Any]], seconds: float) -> np.ndarray:
    """The sound of the scene: speech, beds with fades, and a little room noise.

    Returns:
        float32 samples at 16 kHz.
    """
    import torch

    torch.manual_seed(SEED)
    generator = random.Random(SEED)
    samples = round(seconds * SAMPLE_RATE)
    sound = _FLOOR * coloured_noise(samples, generator).numpy()
    for line in lines:
        audio = line.utterance.audio.astype(np.float32)
        first = round(line.start * SAMPLE_RATE)
        sound[first : first + len(audio)] += audio * (_SPEECH_PEAK / np.abs(audio).max())
    for bed in beds:
        first, last = (round(bed[key] * SAMPLE_RATE) for key in ("start", "end"))
        last = min(last, samples)
        make = music if bed["kind"] == "music" else coloured_noise
        fade = round(_FADE_SECONDS * SAMPLE_RATE)
        envelope = np.minimum(1, np.arange(last - first) / fade)
        envelope = np.minimum(envelope, envelope[::-1])
        sound[first:last] += bed["level"] * envelope * make(last - first, generator).numpy()
    return np.clip(sound, -1, 1).astype(np.float32)


def draw_frames(
    shots: list[tuple[str, Fraction]], rate: Fraction, sound: np.ndarray, count: int
) -> Iterator[bytes]:
    """The pictures as raw RGB, one frame at a time."""
    starts = [round(start * rate) for _, start in shots]
    current, shot = -1, None
    for frame in range(count):
        index = max(i for i, start in enumerate(starts) if start <= frame)
        if index != current:
            current, shot = index, SHOTS[shots[index][0]]()
        assert shot is not None
        middle = round(float(frame / rate) * SAMPLE_RATE)
        level = float(np.sqrt(np.mean(sound[middle : middle + 640] ** 2) + 1e-12))
        picture = shot.frame(float((frame - starts[index]) / rate), min(1.0, level * 6))
        yield picture.clip(0, 255).astype(np.uint8).tobytes()


def encode(
    frames: Iterator[bytes], rate: Fraction, sound: np.ndarray, path: Path, title: str
) -> None:
    """Writes H.264 and AAC into an MP4 at exactly ``rate`` frames a second."""
    with tempfile.TemporaryDirectory() as folder:
        sound_path = Path(folder) / "sound.wav"
        with wave.open(str(sound_path), "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(SAMPLE_RATE)
            writer.writeframes((sound * 32767).astype("<i2").tobytes())
        pictures = ffmpeg.input(
            "pipe:0", f="rawvideo", pix_fmt="rgb24", s=f"{WIDTH}x{HEIGHT}", r=str(rate)
        )
        exact = {"fflags": "+bitexact", "flags": "+bitexact", "movflags": "+faststart"}
        picture = {"c:v": "libx264", "preset": "slow", "crf": 30, "pix_fmt": "yuv420p"}
        heard = {"c:a": "aac", "b:a": "64k", "ar": 48000}
        told = {"map_metadata": -1, "metadata": f"title={title}", **picture, **heard, **exact}
        graph = ffmpeg.output(pictures, ffmpeg.input(str(sound_path)), str(path), **told)
        command = graph.compile(["ffmpeg", "-y", "-nostdin", "-loglevel", "error"])
        # -nostdin only keeps ffmpeg from reading commands; the frames come through its input.
        with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
            assert encoder.stdin is not None
            for frame in frames:
                encoder.stdin.write(frame)
        if encoder.returncode:
            raise RuntimeError(f"ffmpeg failed with {encoder.returncode}")


def reference(
    script: dict[str, Any],
    lines: list[SpokenLine],
    shots: list[tuple[str, Fraction]],
    beds: list[dict[str, Any]],
) -> dict[str, Any]:
    """What is said when, as the tests read it."""
    return {
        "title": script["title"],
        "frame_rate": script["frame_rate"],
        "shots": [str(start) for _, start in shots[1:]],
        "beds": [{key: bed[key] for key in ("kind", "start", "end")} for bed in beds],
        "lines": [
            {
                "start": round(line.start + line.utterance.onset, 3),
                "end": round(line.start + line.utterance.end, 3),
                "speaker": line.speaker,
                "language": line.language,
                "text": line.sentence[line.language],
                "translations": line.sentence,
                "word_starts": [
                    None if start is None else round(line.start + start, 3)
                    for start in line.utterance.word_starts or []
                ],
            }
            for line in lines
        ],
    }


def main() -> None:
    """Makes the scene and its reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for scene.mp4, scene.json")
    arguments = parser.parse_args()
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    rate = Fraction(script["frame_rate"])
    lines = speak_lines(script)
    shots = shot_list(script, lines)
    count = round((float(shots[-1][1]) + script["closing_seconds"]) * rate)
    seconds = float(count / rate)
    beds = bed_spans(script, shots, seconds)
    sound = mix_sound(lines, beds, seconds)
    arguments.out.mkdir(parents=True, exist_ok=True)
    film = arguments.out / "scene.mp4"
    encode(draw_frames(shots, rate, sound, count), rate, sound, film, script["title"])
    text = json.dumps(reference(script, lines, shots, beds), ensure_ascii=False, indent=1)
    (arguments.out / "scene.json").write_text(text + "\n", encoding="utf-8")
    print(f"{film}: {seconds:.1f} s, {len(lines)} lines, {film.stat().st_size} bytes")


if __name__ == "__main__":
    main()
