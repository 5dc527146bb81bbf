"""Lines to be dubbed in the form of the API: how they fit, who speaks them, their words, loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subkit.dubbing import calibrate_speakers, fit_line, fit_track, timed_words
from subkit.edit import Hand, choose
from subkit.model import AnchorKind, Purpose

if TYPE_CHECKING:
    from subkit.dubbing import LineFit
    from subkit.model import Cue, Project, Track

__all__ = ["MAX_TRIED", "dubbing_lines", "fits_of_alternatives", "view_dubbing"]

MAX_TRIED = 20
"""Alternatives of a line whose fit is told."""

_SIGNS = frozenset(AnchorKind) - {AnchorKind.WORD, AnchorKind.PAUSE}


def view_dubbing(project: Project, track: Track, lines: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a dubbing track beside its cues."""
    return {
        "track": track.id,
        "dubbing": track.purpose is Purpose.DUBBING,
        "characters": [
            {
                "id": one.id,
                "name": one.name,
                "prefix": one.prefix,
                "actor": one.actor,
                "colour": one.colour,
            }
            for one in project.characters
        ],
        "loops": [
            {
                "id": one.id,
                "name": one.name,
                "start": _time(one.span.start),
                "end": _time(one.span.end),
                "cues": list(one.cues),
                "locked": one.locked,
            }
            for one in track.loops
        ],
        "lines": lines,
    }


def dubbing_lines(project: Project, track: Track) -> dict[str, Any]:
    """Cue id -> what there is to say of a line of a dubbing track."""
    if track.purpose is not Purpose.DUBBING:
        return {}
    fits = {one.cue: one for one in fit_track(track, project.source_of(track) or track)}
    return {cue.id: _line(cue, track, fits.get(cue.id)) for cue in track.cues}


def fits_of_alternatives(project: Project, track: Track, cue: Cue) -> list[dict[str, Any]]:
    """How each alternative of a line would fit if it was chosen, in their order.

    The texts are tried on the line as choosing would do it; nothing is changed.
    """
    if track.purpose is not Purpose.DUBBING or not cue.alternatives or cue.locked:
        return []
    source = project.source_of(track) or track
    tempos = calibrate_speakers(source.cues, source.language)
    hand = Hand(actor="", time="")
    found = []
    for other in cue.alternatives[:MAX_TRIED]:
        chosen = choose(project, track.id, cue.id, other.text, hand).track(track.id).cue(cue.id)
        who = chosen.dub.character if chosen.dub is not None else None
        tempo = tempos.get(who) or tempos[None]
        found.append(_fit(fit_line(chosen, chosen.language or track.language, tempo)))
    return found


def _line(cue: Cue, track: Track, fit: LineFit | None) -> dict[str, Any]:
    dub = cue.dub
    language = cue.language or track.language
    words = timed_words(cue, language)
    ends = [*(word.offset for word in words[1:]), len(cue.text)]
    return {
        "character": dub.character if dub else None,
        "on_screen": dub.on_screen.value if dub else "on",
        "kind": dub.kind.value if dub else "dialogue",
        "take": dub.take.value if dub else "open",
        "note": dub.note if dub else "",
        "words": [
            [cue.text[word.offset : end].strip(), *_edges(word.time, word.end or word.time)]
            for word, end in zip(words, ends, strict=True)
        ],
        "signs": [[one.kind.value, _seconds(one.time)] for one in _signs(cue)],
        "fit": _fit(fit) if fit is not None else None,
    }


def _signs(cue: Cue) -> list[Any]:
    return [one for one in cue.dub.anchors if one.kind in _SIGNS] if cue.dub else []


def _fit(fit: LineFit) -> dict[str, Any]:
    return {
        "band": fit.band.value,
        "ratio": round(fit.ratio, 3),
        "excess": round(fit.excess, 2),
        "source_seconds": round(fit.source_seconds, 2),
        "seconds": round(fit.seconds, 2),
        "estimated": fit.estimated,
    }


def _edges(start: Any, end: Any) -> tuple[float, float]:
    return _seconds(start), _seconds(end)


def _seconds(time: Any) -> float:
    return round(float(time), 3)


def _time(time: Any) -> str:
    return f"{time.numerator}/{time.denominator}"
