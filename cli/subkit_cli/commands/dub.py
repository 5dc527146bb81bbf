"""``subkit dub``: lines to be dubbed, how well they fit, and how they are recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance import DEMO_WARNING
from subkit.edit import set_take
from subkit.errors import PlanError
from subkit.model import Severity, TakeStatus
from subkit.pipeline import (
    DubOptions,
    dubbed_track,
    load_territory,
    plan_translation,
    prepare_dubbing,
    read_script,
    relooped,
    report_dubbing,
    with_lengths,
)
from subkit.store import ProjectFile, load
from subkit_cli import console
from subkit_cli.arguments import add_actions, add_project
from subkit_cli.dub_band import add_band_arguments, band
from subkit_cli.dub_conform import add_cut_arguments, conform
from subkit_cli.dub_exchange import add_exchange_arguments, export_lines, import_lines
from subkit_cli.dub_guide import add_guide_arguments, make_guide_track
from subkit_cli.dub_report import report_json, report_lines
from subkit_cli.exits import DONE, GATE
from subkit_cli.people import user_name
from subkit_cli.run_report import counted
from subkit_cli.run_settings import (
    DEVICE_KEYS,
    MODEL_KEYS,
    STYLE_KEYS,
    TRANSLATION_KEYS,
    options_from,
    settings_from,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from subkit.model import Project

__all__ = ["ACTIONS", "add_arguments", "run"]

ACTIONS = {
    "prepare": "words to lines by character, with adaptations that fit their time, and loops",
    "report": "how well the lines fit, and the work grid: characters, loops, lines, hours",
    "loops": "loops by the rules of a territory: shown, computed anew, locked, unlocked",
    "conform": "lines and loops carried to a new cut; what is locked or recorded is flagged",
    "take": "how far the recording of lines has come: open, recorded, retake",
    "export": "files that the stage opens, such as DAPT",
    "import": "what came back from the stage, as edits",
    "guide": "a synthetic scratch voice of the lines, with or without the film's sound",
    "band": "the rhythmo band, as ASS or in the picture of the film",
}

_TOOL = "subkit dub"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of ``subkit dub``."""
    actions = dict(add_actions(parser, ACTIONS))
    for action in actions.values():
        add_project(action)
    prepare = actions["prepare"]
    prepare.add_argument(
        "--script",
        type=Path,
        metavar="FILE",
        help="screenplay that names the characters: Fountain, FDX, or text, NAME: what is said",
    )
    prepare.add_argument(
        "--anew",
        action="store_true",
        help="make the lines of the original again, unless somebody edited them",
    )
    for name in ("prepare", "report", "loops"):
        actions[name].add_argument(
            "--territory",
            default="",
            metavar="ID|FILE",
            help="whose rules loops and counts follow: ES, DE, FR, IT, US, KR or a TOML file",
        )
    for name in ("report", "loops", "take", "export", "import", "band", "guide"):
        actions[name].add_argument(
            "--track", default="", metavar="LANG", help="which dubbing track (default: the first)"
        )
    report = actions["report"]
    report.add_argument("--lines", action="store_true", help="show every line, too")
    report.add_argument(
        "--fail-on", choices=("error", "warning"), help="exit with 5 if there is such a finding"
    )
    actions["loops"].add_argument(
        "--anew", action="store_true", help="divide what is not locked again"
    )
    for flag, told in (("--lock", "keep these loops"), ("--unlock", "let these loops change")):
        actions["loops"].add_argument(flag, default="", metavar="NAMES", help=f"{told}, e.g. 3,4")
    add_cut_arguments(actions["conform"])
    take = actions["take"]
    take.add_argument("status", choices=[status.value for status in TakeStatus])
    take.add_argument("--cue", action="append", default=[], metavar="ID", help="a line")
    take.add_argument("--loop", action="append", default=[], metavar="NAME", help="all of a loop")
    add_exchange_arguments(actions["export"], actions["import"])
    add_band_arguments(actions["band"])
    add_guide_arguments(actions["guide"])
    for name in ("loops", "conform", "take"):
        actions[name].add_argument("--by", default="", metavar="NAME", help="your name")
    add_settings(prepare, (*TRANSLATION_KEYS, *DEVICE_KEYS))
    add_settings(prepare, (*STYLE_KEYS, *MODEL_KEYS))
    add_settings(report, STYLE_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Do one of the actions.

    Raises:
        InputError: the project has no words, or no lines to be dubbed.
        PlanError: there is no such territory or language.
    """
    action = {"prepare": _prepare, "report": _report, "loops": _loops}
    action |= {"guide": make_guide_track}
    action |= {"conform": conform, "take": _take, "export": export_lines, "import": import_lines}
    action["band"] = band
    return action[arguments.action](arguments)


def _prepare(arguments: argparse.Namespace) -> int:
    options = with_lengths(options_from(settings_from(arguments)))
    load_territory(arguments.territory)
    script = read_script(arguments.script) if arguments.script is not None else ()
    dub = DubOptions(territory=arguments.territory, script=script, anew=arguments.anew)
    model = None
    with console.progress(arguments) as progress, ProjectFile.open(arguments.project) as store:
        if options.to:
            options, model = plan_translation(options, progress=progress)
            if model is not None and model.demo:
                progress.warn(DEMO_WARNING)
        project = prepare_dubbing(store, options, dub, model, progress)
    made = [track for track in project.tracks if any(cue.dub is not None for cue in track.cues)]
    if arguments.json:
        tracks = [
            {"id": track.id, "lines": len(track.cues), "loops": len(track.loops)} for track in made
        ]
        people = [{"id": one.id, "name": one.name} for one in project.characters]
        demo = model is not None and model.demo
        console.print_json({"tracks": tracks, "characters": people, "demo": demo})
    elif not arguments.quiet:
        for track in made:
            loops = f", {counted(len(track.loops), 'loop')}" if track.loops else ""
            console.print_line(f"{track.id}: {counted(len(track.cues), 'line')}{loops}")
        console.print_line(counted(len(project.characters), "character"))
    else:
        console.print_line(str(arguments.project))
    return DONE


def _report(arguments: argparse.Namespace) -> int:
    options = options_from(settings_from(arguments))
    project = load(arguments.project)
    track = dubbed_track(project, arguments.track)
    report = report_dubbing(project, track, options.style, territory=arguments.territory)
    if arguments.json:
        console.print_json(report_json(report, project))
    else:
        for line in () if arguments.quiet else report_lines(report, lines=arguments.lines):
            if isinstance(line, str):
                console.print_line(line)
            else:
                console.print_table(line)
    grave = {"error": (Severity.ERROR,), "warning": tuple(Severity)}.get(arguments.fail_on, ())
    return GATE if any(one.severity in grave for one in report.findings) else DONE


def _loops(arguments: argparse.Namespace) -> int:
    def change(project: Project) -> Project:
        track = dubbed_track(project, arguments.track)
        asked = arguments.anew or arguments.territory or arguments.lock or arguments.unlock
        if track.loops and not asked:
            return project
        lock, unlock = _names(arguments.lock), _names(arguments.unlock)
        return relooped(project, track, arguments.territory, lock=lock, unlock=unlock)

    project = _changed(arguments, "loops", change)
    track = dubbed_track(project, arguments.track)
    if arguments.json:
        loops = [
            {
                "name": loop.name,
                "start": str(loop.span.start),
                "end": str(loop.span.end),
                "cues": list(loop.cues),
                "locked": loop.locked,
            }
            for loop in track.loops
        ]
        console.print_json({"track": track.id, "territory": track.territory, "loops": loops})
        return DONE
    for loop in () if arguments.quiet else track.loops:
        locked = " locked" if loop.locked else ""
        start, end = (project.timecode(time) for time in (loop.span.start, loop.span.end))
        lines = counted(len(loop.cues), "line")
        console.print_line(f"{loop.name}: {start} to {end}, {lines}{locked}")
    return DONE


def _take(arguments: argparse.Namespace) -> int:
    if not (arguments.cue or arguments.loop):
        raise PlanError("No line was named.", remedy="Give --cue ID or --loop NAME.")
    status = TakeStatus(arguments.status)

    def change(project: Project) -> Project:
        track = dubbed_track(project, arguments.track)
        loops = {loop.name: loop.cues for loop in track.loops}
        cues = list(arguments.cue)
        for name in arguments.loop:
            if name not in loops:
                raise PlanError(
                    f"Track {track.id!r} has no loop {name!r:.40}.",
                    remedy=f"It has {len(loops)}: see subkit dub loops.",
                )
            cues += loops[name]
        for cue in dict.fromkeys(cues):
            project = set_take(project, track.id, cue, status)
        return project

    project = _changed(arguments, f"take {status.value}", change)
    if arguments.json:
        track = dubbed_track(project, arguments.track)
        takes = {cue.id: cue.dub.take.value for cue in track.cues if cue.dub is not None}
        console.print_json({"track": track.id, "takes": takes})
    return DONE


def _changed(
    arguments: argparse.Namespace, action: str, change: Callable[[Project], Project]
) -> Project:
    with ProjectFile.open(arguments.project) as store:
        head, before = store.head(), store.load()
        project = change(before)
        if project != before:
            actor = arguments.by or user_name()
            store.commit(project, actor=actor, action=action, tool=_TOOL, expected=head)
    return project


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
