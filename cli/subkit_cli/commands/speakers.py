"""``subkit speakers``: who speaks when, and what they are called."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.compliance.provenance import ACTOR
from subkit.edit import Hand, merge_speakers, rename_speaker
from subkit.errors import InputError, PlanError
from subkit.model import SpeakerTurn
from subkit.pipeline import (
    keep_voices,
    name_by_voices,
    speakers_project,
    voice_encoder,
    with_plugins,
)
from subkit.speakers import TRUST, speaker_names
from subkit.store import ProjectFile, load
from subkit_cli import console
from subkit_cli.arguments import add_project
from subkit_cli.exits import DONE
from subkit_cli.people import user_name
from subkit_cli.run_report import counted
from subkit_cli.run_settings import MODEL_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from subkit.interfaces import Progress
    from subkit.model import Project
    from subkit.pipeline import RunOptions

__all__ = ["add_arguments", "run"]

_TOOL = "subkit speakers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit speakers``."""
    add_project(parser)
    add_settings(parser, ("speakers", "speaker_count", "audio_stream"))
    parser.add_argument(
        "--rename", action="append", default=[], metavar="WHO=NAME", help="call a speaker NAME"
    )
    parser.add_argument(
        "--merge",
        action="append",
        default=[],
        metavar="WHO,WHO",
        help="these are one person: the first named stays",
    )
    parser.add_argument(
        "--voices",
        type=Path,
        metavar="FILE",
        help="voices kept of other titles: who is alike gets the name (needs --consent)",
    )
    parser.add_argument(
        "--keep-voices",
        type=Path,
        metavar="FILE",
        help="keep the voices of named speakers here for other titles (needs --consent)",
    )
    parser.add_argument(
        "--consent",
        type=Path,
        metavar="REGISTER",
        help="consent register that permits it (docs/consent.md)",
    )
    parser.add_argument("--by", default="", metavar="NAME", help="your name (default: your login)")
    add_settings(parser, MODEL_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Tell speakers apart, name or merge them; without any of it, list them.

    Raises:
        InputError: the project has no transcript, or no such speaker.
        ModelNotFound: the voice encoder is not here.
    """
    settings = settings_from(arguments)
    options = with_plugins(options_from(settings))
    asked = options.speakers != "none"
    if options.speaker_count is not None and not asked:
        options, asked = with_plugins(replace(options, speakers="diarization")), True
    renames = [_pair(text) for text in arguments.rename]
    merges = [_several(text) for text in arguments.merge]
    if (arguments.voices or arguments.keep_voices) and arguments.consent is None:
        raise PlanError(
            "A voice is kept and recognised only where the consent register permits it.",
            remedy="Give --consent REGISTER.",
        )
    if not (asked or renames or merges or arguments.voices or arguments.keep_voices):
        return _tell(arguments, load(arguments.project))
    with console.progress(arguments) as progress:
        voice_encoder(options, progress)  # what is missing is told before the work
        with ProjectFile.open(arguments.project) as store:
            if asked:
                speakers_project(store, options, progress)
            if arguments.voices:
                _name_by_voices(store, arguments, options, progress)
            project = _edited(store, arguments, renames, merges)
        if arguments.keep_voices:
            done = keep_voices(project, arguments.keep_voices, arguments.consent, options, progress)
            for reason in done.refused:
                console.warn(f"Not kept: {reason}")
    return _tell(arguments, project)


def _name_by_voices(
    store: ProjectFile, arguments: argparse.Namespace, options: RunOptions, progress: Progress
) -> None:
    before = store.load()
    named = name_by_voices(before, arguments.voices, arguments.consent, options, progress)
    if named != before:
        store.commit(named, actor=ACTOR, action="name by voices", tool=_TOOL)


def _edited(
    store: ProjectFile,
    arguments: argparse.Namespace,
    renames: list[tuple[str, str]],
    merges: list[list[str]],
) -> Project:
    head, project = store.head(), store.load()
    hand = Hand(actor=arguments.by or user_name(), time=store.now())
    changed = project
    for who, name in renames:
        changed = rename_speaker(changed, who, name)
    for kept, *others in merges:
        changed = merge_speakers(changed, kept, others, hand)
    if changed != project:
        action = "merge speakers" if merges else "rename speaker"
        store.commit(
            changed, actor=hand.actor, action=action, tool=_TOOL, expected=head, time=hand.time
        )
    return changed


def _pair(text: str) -> tuple[str, str]:
    who, sign, name = text.partition("=")
    if not (sign and who.strip() and name.strip()):
        raise PlanError(f"{text!r:.60} names nobody anew.", remedy="Give --rename WHO=NAME.")
    return who.strip(), name.strip()


def _several(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) < 2:
        raise PlanError(f"{text!r:.60} are not two speakers.", remedy="Give --merge WHO,WHO.")
    return names


def _tell(arguments: argparse.Namespace, project: Project) -> int:
    if project.transcript is None:
        raise InputError(
            f"{str(arguments.project)!r} has no transcript, and so no speakers.",
            remedy=f"Run subkit transcribe first, then subkit speakers {arguments.project}"
            " --speakers auto.",
        )
    rows = list(_rows(project))
    if arguments.json:
        turns = [_turn(turn) for turn in project.transcript.turns]
        console.print_json({"project": str(arguments.project), "speakers": rows, "turns": turns})
        return DONE
    if arguments.quiet:
        for row in rows:
            console.print_line(row["name"])
        return DONE
    if not rows:
        console.print_line(
            "No speakers were told apart yet: subkit speakers PROJECT --speakers auto"
        )
        return DONE
    table = console.Table(
        "speaker", "name", "seconds", "turns", "words", "cues", "known by", "sure"
    )
    for row in rows:
        table.add(
            row["id"], row["name"], f"{row['seconds']:.1f}", str(row["turns"]), str(row["words"]),
            str(row["cues"]), ", ".join(row["methods"]), f"{row['confidence']:.2f}",
        )  # fmt: skip
    console.print_table(table)
    overlapped = _overlap(project.transcript.turns)
    told = f", {float(overlapped):.1f} s at once" if overlapped else ""
    console.print_line(f"{counted(len(rows), 'speaker')}{told}")
    return DONE


def _rows(project: Project) -> Iterator[dict[str, Any]]:
    """What is known of each speaker, the one who speaks longest first."""
    transcript = project.transcript
    assert transcript is not None
    same = {one.id: one.same for one in transcript.speakers if one.same}
    names = speaker_names(transcript)
    turns: dict[str, list[SpeakerTurn]] = defaultdict(list)
    for turn in transcript.turns:
        turns[same.get(turn.speaker, turn.speaker)].append(turn)
    words = Counter(word.speaker for word in transcript.attributed_words() if word.speaker)
    source = next((track for track in project.tracks if track.source is None), None)
    cues = Counter(cue.speaker for cue in source.cues if cue.speaker) if source else Counter()
    everyone = dict.fromkeys((*turns, *(str(who) for who in cues)))
    for who in sorted(everyone, key=lambda one: -_seconds(turns[one])):
        mine = turns[who]
        seconds = _seconds(mine)
        weighed = sum(turn.confidence * float(turn.span.duration) for turn in mine)
        yield {
            "id": who,
            "name": names.get(who, who),
            "seconds": round(seconds, 3),
            "turns": len(mine),
            "words": words[who],
            "cues": cues[who],
            "methods": sorted({turn.method for turn in mine}, key=_trust) or ["manual"],
            "confidence": round(weighed / seconds, 3) if seconds else 1.0,
            "merged": [one for one, into in same.items() if into == who],
        }


def _trust(method: str) -> int:
    return TRUST.index(method) if method in TRUST else len(TRUST)


def _seconds(turns: list[SpeakerTurn]) -> float:
    return float(sum((turn.span.duration for turn in turns), Fraction(0)))


def _overlap(turns: tuple[SpeakerTurn, ...]) -> Fraction:
    """Seconds in which two people or more speak by the same method."""
    total, ends = Fraction(0), dict[str, Fraction]()
    for turn in turns:
        end = ends.get(turn.method, Fraction(0))
        total += max(min(turn.span.end, end) - turn.span.start, Fraction(0))
        ends[turn.method] = max(end, turn.span.end)
    return total


def _turn(turn: SpeakerTurn) -> dict[str, Any]:
    return {
        "start": str(turn.span.start),
        "end": str(turn.span.end),
        "speaker": turn.speaker,
        "method": turn.method,
        "confidence": turn.confidence,
    }
