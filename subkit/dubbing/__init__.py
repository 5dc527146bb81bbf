"""Dubbing: lines that fit the mouth and the time, who speaks them, and how they are recorded.

Pure algorithms on words and cues; engines and files are elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.lazy_names import on_first_use

if TYPE_CHECKING:
    from subkit.dubbing.character_casting import (
        UNKNOWN,
        ScriptLine,
        cast_speakers,
        script_lines,
        script_names,
    )
    from subkit.dubbing.closures import closure_offsets, closure_score, knows_closures
    from subkit.dubbing.isochrony import Band, Bands, LineFit, PhraseFit, fit_line, is_spoken
    from subkit.dubbing.line_counts import counted_lines, counted_words
    from subkit.dubbing.loop_search import fits_one_loop, suggest_loops
    from subkit.dubbing.pauses import MIN_PAUSE, PausePlan, fit_pauses, may_pause
    from subkit.dubbing.ranking import FitOptions, TimeSlot, fit_penalty
    from subkit.dubbing.sounds import Sound, kind_of_text, sounds_without_words
    from subkit.dubbing.tempos import Tempo, calibrate, calibrate_speakers
    from subkit.dubbing.territories import (
        SourcedRule,
        Territory,
        find_territory,
        own_territory,
        territory_ids,
    )
    from subkit.dubbing.timed_text import Phrase, TextClock, phrases, timed_words
    from subkit.dubbing.track_fit import fit_track
    from subkit.dubbing.utterances import Utterance, UtteranceLimits, build_utterances
    from subkit.dubbing.work_grid import GridRow, LoopRow, WorkGrid, WorkTally, count_work

__all__ = [
    "MIN_PAUSE",
    "UNKNOWN",
    "Band",
    "Bands",
    "FitOptions",
    "GridRow",
    "LineFit",
    "LoopRow",
    "PausePlan",
    "Phrase",
    "PhraseFit",
    "ScriptLine",
    "Sound",
    "SourcedRule",
    "Tempo",
    "Territory",
    "TextClock",
    "TimeSlot",
    "Utterance",
    "UtteranceLimits",
    "WorkGrid",
    "WorkTally",
    "build_utterances",
    "calibrate",
    "calibrate_speakers",
    "cast_speakers",
    "closure_offsets",
    "closure_score",
    "count_work",
    "counted_lines",
    "counted_words",
    "find_territory",
    "fit_line",
    "fit_pauses",
    "fit_penalty",
    "fit_track",
    "fits_one_loop",
    "is_spoken",
    "kind_of_text",
    "knows_closures",
    "may_pause",
    "own_territory",
    "phrases",
    "script_lines",
    "script_names",
    "sounds_without_words",
    "suggest_loops",
    "territory_ids",
    "timed_words",
]

__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "character_casting": "UNKNOWN ScriptLine cast_speakers script_lines script_names",
        "closures": "closure_offsets closure_score knows_closures",
        "isochrony": "Band Bands LineFit PhraseFit fit_line is_spoken",
        "line_counts": "counted_lines counted_words",
        "loop_search": "fits_one_loop suggest_loops",
        "pauses": "MIN_PAUSE PausePlan fit_pauses may_pause",
        "ranking": "FitOptions TimeSlot fit_penalty",
        "sounds": "Sound kind_of_text sounds_without_words",
        "tempos": "Tempo calibrate calibrate_speakers",
        "territories": "SourcedRule Territory find_territory own_territory territory_ids",
        "timed_text": "Phrase TextClock phrases timed_words",
        "track_fit": "fit_track",
        "utterances": "Utterance UtteranceLimits build_utterances",
        "work_grid": "GridRow LoopRow WorkGrid WorkTally count_work",
    },
)
