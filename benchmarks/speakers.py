"""Who speaks when: diarization error on conversations built of recordings of real speakers.

    python benchmarks/speakers.py --speech ../shared/cases/speech --json FILE

Conversations of two to eight speakers, turns of 0.5 to 8 s (0.3 to 1.6 s as "short turns"), clean,
with overlaps, over music and noise, and of speakers recorded alike. Thresholds were fitted on other
speakers (``--fit`` measures those). Beside diarization: channels (each conversation with its
speakers on tracks of their own, 15 dB of bleed between them), a script whose times are known to
0.2 s, and everything given to one speaker. Measured by pyannote.metrics, collar 0.25 s.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.diarization_error import diarization_error
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from benchmarks.speaker_cases import FIT, TELL, Conversation, Samples, Turn, load, make_cases
from subkit.decode import SileroVoiceDetector, WindowOptions, voice_spans
from subkit.engines import default_models_folder, require_voice_weights
from subkit.interfaces import Recording
from subkit.media import probe
from subkit.model import Media, Span, SpeakerTurn
from subkit.speakers import ChannelBackend, Diarizer
from subkit.speakers.diarizer import diarize
from subkit.speakers.voice_encoder import VoiceEncoder
from subkit.speakers.voice_windows import hear_stretches

COLLAR = 0.25
RATE = 16000
_NO_MEDIA = Media(path="", digest="", duration=Fraction(10_000), frame_rate=None)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--speech", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--models-folder", type=Path, default=default_models_folder({}))
    parser.add_argument("--each", type=int, default=2, help="conversations of a kind and size")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true", help="the speakers that were fitted on")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    weights = require_voice_weights(arguments.models_folder)
    encoder = VoiceEncoder(weights)
    names = FIT if arguments.fit else TELL
    cases = make_cases(arguments.speech, names, seed=arguments.seed, each=arguments.each)
    rows: list[dict[str, Any]] = []
    for case in cases:
        rows += _measured(case, encoder)
        print(f"{case.name}: {len(rows)} rows", file=sys.stderr, flush=True)
    facts = machine_facts()
    print(f"\n{len(cases)} conversations, {facts['machine']}\n")
    print(table(*_summary(rows)))
    words = _two_speakers(arguments.speech, Diarizer(weights))
    print(f"\nmixed/two_speakers: {words['right']} of {words['words']} words have their speaker")
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, conversations=rows, two_speakers=words)
    return 0


def _measured(case: Conversation, encoder: VoiceEncoder) -> Iterator[dict[str, Any]]:
    voice = _voice(case.sound)
    began, wall = time.process_time(), time.perf_counter()
    heard = list(hear_stretches(iter([case.sound]), voice, encoder))
    found, _ = diarize(heard)
    spent = {"cpu": time.process_time() - began, "wall": time.perf_counter() - wall}
    yield _row(case, "diarization", _plain(found), **spent)
    yield _row(case, "count given", _plain(diarize(heard, count=case.speakers)[0]))
    whole = [(float(span.start), float(span.end), "one") for span in voice]
    yield _row(case, "one speaker", whole)
    if case.kind in {"clean", "overlap"} and case.speakers > 1:
        yield _row(case, "channel", _by_channel(case, voice))
        yield _row(case, "script", _by_script(case))


def _voice(sound: Samples) -> tuple[Span, ...]:
    limits = WindowOptions().limits()
    return tuple(voice_spans(iter([sound]), SileroVoiceDetector(), limits))


def _recording(sound: Samples, voice: tuple[Span, ...]) -> Recording:
    return Recording(
        media=_NO_MEDIA,
        voice=voice,
        channels=("FC",),
        sound=lambda: iter([sound]),
        channel=lambda _: iter([sound]),
    )


def _plain(turns: list[SpeakerTurn]) -> list[Turn]:
    return [(float(t.span.start), float(t.span.end), t.speaker) for t in turns]


def _by_channel(case: Conversation, voice: tuple[Span, ...]) -> list[Turn]:
    """The same conversation, each speaker on a channel, the others 15 dB softer."""
    names = sorted({who for _, _, who in case.turns})
    channels = np.tile(case.sound * np.float32(10 ** (-15 / 20)), (len(names), 1))
    for start, end, who in case.turns:
        first, last = round(start * RATE), round(end * RATE)
        channels[names.index(who), first:last] = case.sound[first:last]
    recording = Recording(
        media=_NO_MEDIA,
        voice=voice,
        channels=tuple(map(str, range(len(names)))),
        sound=lambda: iter([case.sound]),
        channel=lambda number: iter([channels[number]]),
    )
    return _plain(ChannelBackend().turns(recording))


def _by_script(case: Conversation) -> list[Turn]:
    """The true turns, their times off by 0.2 s, and one in twenty missing."""
    chance = np.random.default_rng(7)
    found = []
    for start, end, who in case.turns:
        off = chance.normal(0, 0.1, 2).clip(-0.2, 0.2)
        if chance.random() > 0.05 and end + off[1] > start + off[0]:
            found.append((max(start + off[0], 0.0), end + off[1], who))
    return found


def _row(
    case: Conversation, system: str, told: list[Turn], *, cpu: float = 0.0, wall: float = 0.0
) -> dict[str, Any]:
    own = diarization_error(case.turns, told, collar=COLLAR)
    return {
        "name": case.name,
        "kind": case.kind,
        "speakers": case.speakers,
        "system": system,
        "found": len({who for _, _, who in told}),
        "seconds": len(case.sound) / RATE,
        "missed": own.missed,
        "false": own.false,
        "confused": own.confused,
        "total": own.total,
        "pyannote": _by_pyannote(case.turns, told),
        "cpu": cpu,
        "wall": wall,
    }


def _by_pyannote(true: tuple[Turn, ...], told: list[Turn]) -> float | None:
    try:
        from pyannote.core import Annotation, Segment
        from pyannote.metrics.diarization import DiarizationErrorRate
    except ImportError:
        return None
    notes = []
    for turns in (true, told):
        note = Annotation()
        for number, (start, end, who) in enumerate(turns):
            note[Segment(start, end), number] = who
        notes.append(note)
    from pyannote.core import Timeline

    last = max(end for turns in (true, told or true) for _, end, _ in turns)
    whole = Timeline([Segment(0, last + 1)])
    return float(DiarizationErrorRate(collar=COLLAR)(*notes, uem=whole))


def _summary(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    head = ["kind", "speakers", "system", "cases", "error", "missed", "false", "confused",
            "pyannote", "count right", "CPU × real time"]  # fmt: skip
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        size = str(row["speakers"])
        groups[row["kind"], size, row["system"]].append(row)
        if 2 <= row["speakers"] <= 4:
            groups[row["kind"], "2 to 4", row["system"]].append(row)
    lines = []
    for (kind, size, system), mine in groups.items():
        total = sum(row["total"] for row in mine)
        parts = [sum(row[key] for row in mine) / total for key in ("missed", "false", "confused")]
        known = [row["pyannote"] for row in mine if row["pyannote"] is not None]
        cpu = sum(row["cpu"] for row in mine) / sum(row["seconds"] for row in mine)
        lines.append(
            [
                kind,
                size,
                system,
                str(len(mine)),
                f"{sum(parts):.1%}",
                *(f"{part:.1%}" for part in parts),
                f"{np.mean(known):.1%}" if known else "-",
                f"{sum(row['found'] == row['speakers'] for row in mine)}/{len(mine)}",
                f"{cpu:.3f}" if cpu else "-",
            ]
        )
    return head, lines


def _two_speakers(folder: Path, diarizer: Diarizer) -> dict[str, Any]:
    """Words of the real recording whose speaker is the one a person noted, by their order."""
    path = folder / "mixed" / "two_speakers.flac"
    media, sound = probe(path), load(path)
    recording = replace(_recording(sound, _voice(sound)), media=media)
    turns = diarizer.turns(recording)
    noted = [one["speaker_tag"] for one in json.loads(path.with_suffix(".words.json").read_text())]
    # The three speak one after the other, with pauses: words are laid evenly over each stretch.
    told: list[str] = []
    shares = _stretches(recording.voice, len(set(noted)))
    for tag, (start, end) in zip(dict.fromkeys(noted), shares, strict=True):
        count = noted.count(tag)
        for number in range(count):
            at = start + (end - start) * (number + 0.5) / count
            told.append(_at(turns, at))
    pairs = {(a, b): sum((x, y) == (a, b) for x, y in zip(noted, told, strict=True))
             for a in set(noted) for b in set(told)}  # fmt: skip
    right, used = 0, set[Any]()
    for (tag, who), shared in sorted(pairs.items(), key=lambda item: -item[1]):
        if tag not in used and who not in used:
            right, used = right + shared, used | {tag, who}
    return {"words": len(noted), "right": right, "found": len({t.speaker for t in turns})}


def _stretches(voice: tuple[Span, ...], parts: int) -> list[tuple[float, float]]:
    """The voice parted at its longest pauses."""
    pauses = sorted(range(1, len(voice)), key=lambda i: voice[i - 1].end - voice[i].start)[
        : parts - 1
    ]
    edges = [0, *sorted(pauses), len(voice)]
    return [(float(voice[a].start), float(voice[b - 1].end)) for a, b in pairwise(edges)]


def _at(turns: list[SpeakerTurn], time_: float) -> str:
    near = min(turns, key=lambda t: max(float(t.span.start) - time_, time_ - float(t.span.end), 0))
    return near.speaker


if __name__ == "__main__":
    raise SystemExit(main())
