"""The settings that commands share, as one table: flag, environment variable and TOML key in one.

A value given as a flag goes before ``SUBKIT_KEY`` in the environment, that before the key in the
TOML file, that before the default in the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError
from subkit.files.data_files import MAX_TOML, parse_toml
from subkit.files.plain_text import read_small_file
from subkit_cli.setting_groups import HEADINGS, SETTING_GROUPS
from subkit_cli.setting_values import (
    OneOf,
    RefusedValue,
    at_least_one,
    channel_of,
    hint,
    number_between,
    paths_of,
    shots_of,
    whole_number,
    words_of,
    yes_or_no,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["SETTINGS", "Setting", "add_settings", "gather"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting.

    Attributes:
        key: TOML key; the flag is ``--`` and the key with hyphens, the variable ``SUBKIT_`` and
            the key in capitals.
        parse: Text or TOML value -> value.
        help: What it does, for ``--help``.
        metavar: What stands for the value in ``--help``; empty for a switch.
        flags: More spellings of the flag.
    """

    key: str
    parse: Callable[[Any], Any]
    help: str
    metavar: str = "VALUE"
    flags: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """The flag's long spelling."""
        return "--" + self.key.replace("_", "-")


_ALL = (
    Setting(
        key="to", parse=words_of, metavar="LANGS", help="languages to translate into, e.g. ko,es"
    ),
    Setting(
        key="language",
        parse=str,
        metavar="LANG",
        help="spoken language; auto detects it for each window (default: auto)",
    ),
    Setting(
        key="model",
        parse=str,
        metavar="NAME|DIR",
        help="recogniser (default: depends on the device and on what is installed)",
    ),
    *(
        Setting(key=key, parse=str, metavar="NAME", help=f"{what} plug-in")
        for key, what in (("recognizer", "recogniser"), ("voice", "voice detector"))
    ),
    Setting(
        key="translator", parse=str, metavar="NAME|DIR", help="translator or translator plug-in"
    ),
    Setting(key="refiner", parse=str, metavar="NAME", help="refiner plug-in"),
    Setting(key="rules", parse=words_of, metavar="NAMES", help="rule plug-ins to run in addition"),
    Setting(key="glossary", parse=Path, metavar="FILE", help="terms and names to use, CSV or TBX"),
    Setting(
        key="register",
        parse=Path,
        metavar="FILE",
        help="speech levels between people, TOML or CSV (docs/terminology.md)",
    ),
    Setting(
        key="profile",
        parse=str,
        metavar="ID",
        help="house style (default: that of the track, otherwise subkit)",
    ),
    Setting(
        key="shots",
        parse=shots_of,
        metavar="auto|none|FILE",
        help="shot changes: auto to detect them, none, or an EDL or list (default: auto)",
    ),
    Setting(
        key="speakers",
        parse=str,
        metavar="METHOD",
        help="who speaks: auto, ixml, channel, diarization, none or a plug-in (default: none)",
    ),
    Setting(
        key="aligner",
        parse=str,
        metavar="NAME",
        help="what aligns a known text: whisper or a plug-in (default: whisper)",
    ),
    Setting(
        key="speaker_count",
        parse=at_least_one,
        metavar="N",
        help="how many people speak (default: found out)",
    ),
    Setting(
        key="encoding",
        parse=str,
        metavar="NAME",
        help="encoding of a glossary or list of shot changes that is not UTF-8, such as cp949"
        " (default: judged from its bytes)",
    ),
    Setting(key="styles", parse=Path, metavar="FILE", help="your own house styles, TOML"),
    Setting(
        key="output_dir",
        parse=Path,
        metavar="DIR",
        flags=("-o",),
        help="output folder, created if it does not exist",
    ),
    Setting(
        key="output_format",
        parse=words_of,
        metavar="FORMATS",
        flags=("-f", "--format"),
        help="formats to write, e.g. srt,vtt,ass (default: that of the input, srt, or dapt for "
        "lines to be dubbed)",
    ),
    Setting(key="device", parse=str, metavar="DEVICE", help="auto, cpu, cuda or cuda:N"),
    Setting(
        key="compute_type",
        parse=str,
        metavar="TYPE",
        help="int8, float16, float32 … (default: int8 on a CPU, float16 on a GPU)",
    ),
    Setting(key="threads", parse=whole_number, metavar="N", help="CPU threads (0: all cores)"),
    Setting(key="beam_size", parse=at_least_one, metavar="N", help="beam size of the recogniser"),
    Setting(
        key="batch_size",
        parse=at_least_one,
        metavar="N",
        help="windows per batch",
    ),
    Setting(
        key="mode",
        parse=OneOf(("auto", "exact", "fast")),
        metavar="MODE",
        help="exact: all beams for every window; fast: only for windows that one beam leaves"
        " doubtful (default: auto: fast for a model whose thresholds were measured)",
    ),
    Setting(
        key="task",
        parse=OneOf(("transcribe", "translate")),
        metavar="TASK",
        help="transcribe, or let the recogniser translate into English",
    ),
    Setting(
        key="audio_stream", parse=whole_number, metavar="N", help="audio stream, counted from 0"
    ),
    Setting(
        key="dialogue_channel",
        parse=channel_of,
        metavar="WHICH",
        help="auto, center, left, right, mix, or a channel counted from 0 (default: auto)",
    ),
    Setting(
        key="vad_filter",
        parse=yes_or_no,
        metavar="yes|no",
        help="detect speech first and skip everything else (default: yes)",
    ),
    Setting(
        key="vad_threshold",
        parse=number_between(0.01, 1),
        metavar="P",
        help="minimum probability of speech (default: 0.25)",
    ),
    Setting(
        key="vad_min_silence",
        parse=number_between(0.1, 15),
        metavar="S",
        help="pause between windows",
    ),
    Setting(
        key="vad_pad", parse=number_between(0, 7.5), metavar="S", help="seconds around speech (0.4)"
    ),
    Setting(
        key="second_opinion",
        parse=yes_or_no,
        metavar="yes|no",
        help="also recognise what is skipped, and use what is certain (default: yes)",
    ),
    Setting(
        key="second_opinion_threshold",
        parse=number_between(0, 1),
        metavar="P",
        help="minimum probability of speech for it; 0: all but silence (default: 0.15)",
    ),
    Setting(
        key="initial_prompt",
        parse=str,
        metavar="TEXT",
        help="text that precedes the speech, as a prompt",
    ),
    Setting(
        key="prefix", parse=str, metavar="TEXT", help="text with which the film is known to start"
    ),
    Setting(
        key="readings",
        parse=at_least_one,
        metavar="N",
        help="texts to keep for each window, including the best (default: 1)",
    ),
    Setting(key="hotwords", parse=Path, metavar="FILE", help="names to expect, one per line"),
    Setting(
        key="condition_on_previous_text",
        parse=yes_or_no,
        metavar="yes|no",
        help="prompt each window with the previous one (default: no; loops would spread)",
    ),
    Setting(
        key="max_line_width",
        parse=at_least_one,
        metavar="N",
        help="maximum CPL instead of the profile's",
    ),
    Setting(
        key="max_line_count",
        parse=at_least_one,
        metavar="N",
        help="maximum number of lines instead of the profile's",
    ),
    Setting(
        key="alternatives",
        parse=at_least_one,
        metavar="N",
        help="translations to keep for each cue",
    ),
    Setting(
        key="fit",
        parse=OneOf(("reading", "spoken", "none")),
        metavar="WHAT",
        help="prefer translations by reading speed, by spoken duration (dubbing) or by score alone"
        " (default: reading)",
    ),
    Setting(
        key="refine",
        parse=str,
        metavar="URL",
        help="let a language model in your own network refine translations (OpenAI interface)",
    ),
    Setting(key="refine_model", parse=str, metavar="NAME", help="name of that model"),
    Setting(
        key="refine_lines",
        parse=whole_number,
        metavar="N",
        help="preceding sentences that it gets (default: 6)",
    ),
    Setting(
        key="context",
        parse=whole_number,
        metavar="N",
        help="preceding sentences that the translator gets, if its model supports them"
        " (default: 0)",
    ),
    Setting(
        key="diverse",
        parse=yes_or_no,
        metavar="",
        help="make alternatives start with different words (a second search)",
    ),
    Setting(
        key="tm",
        parse=paths_of,
        metavar="FILES",
        help="translation memories: TMX or project files with approved translations",
    ),
    Setting(key="models_folder", parse=Path, metavar="DIR", help="folder of downloaded models"),
    Setting(key="offline", parse=yes_or_no, metavar="", help="do not use the network"),
    Setting(
        key="overwrite",
        parse=yes_or_no,
        metavar="",
        flags=("-y", "--yes"),
        help="overwrite existing files",
    ),
    Setting(
        key="strict",
        parse=yes_or_no,
        metavar="",
        help="exit with 5 and write nothing if a format cannot hold all of a track",
    ),
    Setting(
        key="no_disclosure",
        parse=yes_or_no,
        metavar="",
        help="write no disclosure files; recorded in the ledger (needs --by)",
    ),
    Setting(key="by", parse=str, metavar="NAME", help="who decided to leave out the disclosure"),
)

SETTINGS = {setting.key: setting for setting in _ALL}
"""Key -> setting, in the order of ``--help``."""


def add_settings(parser: argparse.ArgumentParser, keys: Iterable[str]) -> None:
    """Give ``parser`` the flags of these settings, under headings; absent flags stay ``None``."""
    order = list(SETTING_GROUPS)
    groups = {group.title: group for group in parser._action_groups}  # noqa: SLF001 - no other way
    for key in sorted(keys, key=lambda key: order.index(HEADINGS[key])):
        setting = SETTINGS[key]
        heading = HEADINGS[key]
        if heading not in groups:
            groups[heading] = parser.add_argument_group(heading)
        flags, dest = (*setting.flags, setting.flag), f"setting_{key}"
        if setting.metavar:
            groups[heading].add_argument(
                *flags, dest=dest, metavar=setting.metavar, help=setting.help
            )
        else:
            groups[heading].add_argument(
                *flags, dest=dest, action="store_const", const=True, help=setting.help
            )


def gather(
    arguments: argparse.Namespace, environment: Mapping[str, str], config: Path | None
) -> dict[str, Any]:
    """All settings that were given anywhere, parsed, by key.

    Raises:
        PlanError: a value cannot be read; names the place it came from.
        InputError: the TOML file is missing, is not TOML or has unknown keys (all are named).
    """
    table = {} if config is None else _read(config)
    values = {}
    for key, setting in SETTINGS.items():
        variable = f"SUBKIT_{key.upper()}"
        sources = (
            (getattr(arguments, f"setting_{key}", None), setting.flag),
            (environment.get(variable) or None, variable),  # empty is not given
            (table.get(key), f"{key} in {config}"),
        )
        given = next(((value, place) for value, place in sources if value is not None), None)
        if given is not None:
            values[key] = _parse(setting, *given)
    return values


def _parse(setting: Setting, value: object, place: str) -> Any:
    try:
        return setting.parse(value)
    except RefusedValue as error:
        raise PlanError(
            f"{value!r} is not a value for {place}: it takes {error}.",
            remedy=f"What it does: {setting.help}.",
            setting=setting.key,
        ) from None
    except TypeError as error:  # of TOML: a table or a list where a text or a path should be
        raise PlanError(
            f"{value!r:.80} is not a value for {place}.", setting=setting.key
        ) from error


def _read(config: Path) -> dict[str, Any]:
    table = parse_toml(read_small_file(config, MAX_TOML), str(config))
    if unknown := sorted(set(table) - set(SETTINGS)):
        raise InputError(
            f"{str(config)!r} has unknown keys: {', '.join(map(_with_nearest, unknown))}.",
            remedy=f"Known: {', '.join(SETTINGS)}.",
        )
    return table


def _with_nearest(key: str) -> str:
    return f"{key!r}{hint(key, SETTINGS)}"
