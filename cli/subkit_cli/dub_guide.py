"""``subkit dub guide``: a synthetic scratch voice of the lines, and what it may not be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.consent import (
    VoicePurpose,
    VoiceRequest,
    load_register,
    permits,
    recording_digest,
)
from subkit.engines.espeak import find_espeak
from subkit.errors import ApprovalError, PlanError
from subkit.model.clock import utc_now
from subkit.pipeline import dubbed_track
from subkit.pipeline.guide_track import MIXES, GuideOptions, make_guide
from subkit.store import load
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_report import counted

if TYPE_CHECKING:
    import argparse

    from subkit.model import Project, Track

__all__ = ["add_guide_arguments", "make_guide_track"]


def add_guide_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="guide.wav, or guide.mp4 with the picture (default: film.LANG.guide.wav)",
    )
    parser.add_argument(
        "--mix",
        choices=tuple(MIXES),
        default="under",
        help="with the film's sound lowered under it, instead of its dialogue, or the voice alone",
    )
    parser.add_argument(
        "--voice",
        default="",
        metavar="NAME",
        help="language of espeak-ng, such as ko; any other voice is a clone and needs consent",
    )
    parser.add_argument(
        "--consent", type=Path, metavar="REGISTER", help="consent register for a cloned voice"
    )
    parser.add_argument(
        "--recording", default="", metavar="FILE|DIGEST", help="what a cloned voice is made of"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there")


def make_guide_track(arguments: argparse.Namespace) -> int:
    """Make it.

    Raises:
        ApprovalError: a cloned voice without consent.
        ModelNotFound: espeak-ng is not on this machine.
        PlanError: a voice or a file that there cannot be.
    """
    project = load(arguments.project)
    track = dubbed_track(project, arguments.track)
    voices = find_espeak().voices
    if arguments.voice and arguments.voice.lower() not in voices:
        raise _clone(arguments, project, track)
    known = arguments.project
    out = arguments.output or known.with_name(f"{known.stem}.{track.language}.guide.wav")
    options = GuideOptions(
        mix=arguments.mix, voice=arguments.voice.lower(), overwrite=arguments.overwrite
    )
    with console.progress(arguments) as progress:
        done = make_guide(project, track, out, progress, options)
    if arguments.json:
        facts = {"file": str(done.path), "disclosure": str(done.sidecar), "lines": done.lines}
        made = {"voice": done.voice, "espeak_ng": done.version, "too_long": done.too_long}
        console.print_json({**facts, **made, "mix": options.mix, "synthetic": True})
        return DONE
    if not arguments.quiet:
        for cue, seconds in done.too_long.items():
            console.warn(f"Cue {cue}: the voice goes on for {seconds:.1f} s after its time.")
        console.warn(
            f"{counted(done.lines, 'line')} in a synthetic voice (espeak-ng {done.version}, "
            f"{done.voice}), which says so at its beginning."
        )
    console.print_line(str(done.path))
    return DONE


def _clone(
    arguments: argparse.Namespace, project: Project, track: Track
) -> ApprovalError | PlanError:
    """Return why a voice that is no synthesiser's is not used: no consent, or no engine."""
    voice = arguments.voice
    if arguments.consent is None:
        return ApprovalError(
            f"{voice!r:.60} is no voice of espeak-ng, so it is a cloned one, and no consent "
            "register was named.",
            remedy="Name the register with --consent, or leave --voice out.",
            voice=voice,
        )
    if not arguments.recording:
        return PlanError(
            "A cloned voice is made of a recording.", remedy="Name it with --recording."
        )
    request = VoiceRequest(
        voice=voice,
        recording=_digest(arguments.recording),
        purpose=VoicePurpose.SCRATCH,
        title=project.title,
        language=track.language,
        media="internal",
        territory="001",
        on=utc_now()[:10],
    )
    decision = permits(load_register(arguments.consent), request)
    if not decision.permitted:
        return ApprovalError(
            f"The voice {voice!r:.60} may not be used: {decision.reason} "
            f"(register {str(arguments.consent)!r})",
            remedy="Ask the performer, and add the grant: subkit consent add.",
            voice=voice,
            grant=decision.grant,
        )
    return PlanError(
        f"{decision.reason} subkit has no engine for cloned voices; it speaks with espeak-ng only.",
        remedy="Make the voice with your own tool, or leave --voice out.",
    )


def _digest(named: str) -> str:
    return named if named.startswith("sha256:") else recording_digest(Path(named))
