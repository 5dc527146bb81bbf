"""Who speaks when: by voice, by channel, by the track names of a recording; and for each word.

Backends give turns; labels make of them one speaker for each word and cue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.lazy_names import on_first_use

if TYPE_CHECKING:
    from subkit.speakers.diarizer import DiarizationOptions, Diarizer
    from subkit.speakers.labels import (
        MANUAL,
        TRUST,
        SpeakerLabel,
        keep_names,
        label_of,
        label_spans,
        speaker_names,
        with_turns,
    )
    from subkit.speakers.loudest_channel import ChannelBackend, TrackBackend
    from subkit.speakers.voice_prints import (
        VoicePrint,
        make_print,
        prints_text,
        read_prints,
        recognise_voices,
    )

__all__ = [
    "MANUAL",
    "TRUST",
    "ChannelBackend",
    "DiarizationOptions",
    "Diarizer",
    "SpeakerLabel",
    "TrackBackend",
    "VoicePrint",
    "keep_names",
    "label_of",
    "label_spans",
    "make_print",
    "prints_text",
    "read_prints",
    "recognise_voices",
    "speaker_names",
    "with_turns",
]

__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "diarizer": "DiarizationOptions Diarizer",
        "labels": (
            "MANUAL TRUST SpeakerLabel keep_names label_of label_spans speaker_names with_turns"
        ),
        "loudest_channel": "ChannelBackend TrackBackend",
        "voice_prints": "VoicePrint make_print prints_text read_prints recognise_voices",
    },
)
