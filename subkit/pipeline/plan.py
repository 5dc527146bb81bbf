"""What a run will do, checked before any work starts."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.engines import (
    DEFAULT_TRANSLATOR,
    ChosenRecognizer,
    choose_device,
    choose_recognizer,
    default_models_folder,
    default_recognizer,
    fetch_model,
    find_known,
    find_model,
)
from subkit.engines.translators import PIVOT_NOTICE
from subkit.errors import EngineError, InputError, ModelNotFound, PlanError, StoreError
from subkit.exchange.memory_files import load_memory
from subkit.formats import known_formats
from subkit.interfaces import Silent
from subkit.language import parse_language
from subkit.media import require_file
from subkit.pipeline.plugin_choice import with_plugins
from subkit.pipeline.stages.speaker_labelling import voice_encoder
from subkit.pipeline.terminology_files import read_terminology
from subkit.pipeline.track_files import Output, require_format
from subkit.store import load, require_writable
from subkit.store.ledger import require_names
from subkit.styles import DEFAULT_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subkit.interfaces import ModelFacts, Progress
    from subkit.pipeline.run_options import RunOptions

__all__ = [
    "Plan",
    "chosen_recognizer",
    "plan_run",
    "plan_translation",
    "recognizer_model",
    "require_distinct",
    "require_free",
    "suitable_recognizer",
    "translator_model",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One title's work.

    Attributes:
        media: The media file, absolute.
        project: The project file that will be written or gone on with.
        output: The subtitle files.
        profile: The house style that the source track will have.
        options: The options, with languages in canonical form.
        recognizer: Facts of the recogniser.
        recognizer_note: That it stands in for a better one, and how to get that; else empty.
        translator: Facts of the translator; ``None`` if nothing is translated.
    """

    media: Path
    project: Path
    output: Output
    profile: str
    options: RunOptions
    recognizer: ModelFacts
    translator: ModelFacts | None
    recognizer_note: str = ""

    @property
    def demo(self) -> bool:
        """Whether an embedded demo model takes part."""
        models = (self.recognizer, self.translator)
        return any(model is not None and model.demo for model in models)


def plan_run(
    media: Path,
    options: RunOptions,
    *,
    folder: Path | None = None,
    formats: tuple[str, ...] = ("srt",),
    overwrite: bool = False,
    undisclosed_by: str | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Check everything that can be checked before the media is opened.

    Args:
        media: The media file.
        options: Options of all stages.
        folder: Where results go, made when it is needed; ``None`` is the folder of the media.
        formats: Extensions of the subtitle files.
        overwrite: Replace subtitle files that are there.
        undisclosed_by: Who leaves out the disclosure, for the ledger; ``None`` writes it.
        strict: Write no file where a format cannot hold all of a track.
        progress: Hears of model downloads.

    Raises:
        InputError: there is no such file, a translation memory cannot be read, or a glossary or
            register has errors.
        PlanError: unknown language, profile or format, or one language wanted twice.
        ModelNotFound: a model is not here; the remedy says how to get it.
        PluginError: a plug-in is not known, does not load or lacks a method.
        StoreError: the output folder cannot be written, or a file is in the way.
    """
    _require_film(media := media.absolute())
    output = Output(
        folder=media.parent if folder is None else folder.absolute(),
        stem=media.stem,
        formats=formats,
        overwrite=overwrite,
        undisclosed_by=undisclosed_by,
        strict=strict,
    )
    _check_output(output)
    voice_encoder(options := _spoken(with_plugins(options)), progress)
    spoken = options.recognition.language
    if options.style.profile is not None:
        options.style.load(spoken or "en")  # an unknown one is told before anything is heard
    options, translator = plan_translation(options, spoken=spoken, progress=progress)
    project = output.folder / f"{media.stem}.subkit"
    if not overwrite and not os.path.lexists(project):
        require_free(output.paths((*options.to, *_heard_as(options, spoken))))
    heard = chosen_recognizer(options, progress)
    return Plan(
        media=media,
        project=project,
        output=output,
        profile=_profile(project, options),
        options=options,
        recognizer=heard.model,
        recognizer_note=heard.note,
        translator=translator,
    )


def _heard_as(options: RunOptions, spoken: str | None) -> tuple[str, ...]:
    """Return the language of the source track, where it is known before recognition."""
    if options.recognition.task == "translate":
        return ("en",)
    return () if spoken is None else (spoken,)


def require_distinct(media: Sequence[Path], folder: Path | None) -> None:
    """Return if each title has a name of its own for its results.

    Args:
        media: The media files.
        folder: Where results go; ``None`` is the folder of each.

    Raises:
        PlanError: two of them would write the same files.
    """
    taken: dict[Path, Path] = {}
    for path in media:
        where = (path.absolute().parent if folder is None else folder.absolute()) / path.stem
        if where in taken:
            raise PlanError(
                f"{str(taken[where])!r} and {str(path)!r} would both write "
                f"'{where.name}.subkit' into {str(where.parent)!r}.",
                remedy="Rename one of them, or run them with different folders (-o).",
            )
        taken[where] = path


def _check_output(output: Output) -> None:
    require_writable(output.folder)
    output.require_names()
    if output.undisclosed_by is not None:
        require_names(by=output.undisclosed_by)
    for extension in output.formats:
        require_format(extension)


def _profile(project: Path, options: RunOptions) -> str:
    if options.style.profile is not None:
        return options.style.profile
    tracks = load(project).tracks if os.path.lexists(project) else ()
    return next((track.profile for track in tracks if track.source is None), DEFAULT_STYLE)


def plan_translation(
    options: RunOptions, *, spoken: str | None = None, progress: Progress | None = None
) -> tuple[RunOptions, ModelFacts | None]:
    """Check everything of a translation that can be checked before there is a text.

    Args:
        options: Options of all stages.
        spoken: BCP 47 language to translate from, where it is known.
        progress: Hears of model downloads.

    Returns:
        The options with the languages of ``to`` in canonical form, and the translator; ``None``
        where nothing is to be translated.

    Raises:
        InputError: a translation memory cannot be read, or a glossary or register has errors.
        PlanError: unknown language or profile, or one language wanted twice.
        PluginError: a plug-in is not known, does not load or lacks a method.
        ModelNotFound: the model is not here; the remedy says how to get it.
    """
    options = with_plugins(_canonical(options))
    for target in options.to:
        options.style.load(target)
    read_terminology(options)  # what is wrong with it is told before any work
    for target in options.to:
        load_memory(options.memories, target)  # read again when it is used; now it must be sound
    if not options.to:
        return options, None
    translator = translator_model(options, progress)
    _require_languages(translator, (*options.to, *((spoken,) if spoken else ())))
    return options, translator


def chosen_recognizer(options: RunOptions, progress: Progress | None = None) -> ChosenRecognizer:
    """The recogniser that the options ask for, or the one that suits the device.

    Where the latter is neither here nor to be fetched, it is the best one that is here, with a note
    that says so. One that was named is never replaced.

    Raises:
        ModelNotFound: it is not here.
        PlanError: it does not know the language.
        PluginError: a plug-in is not known, does not load or lacks a method.
    """
    plugin = with_plugins(options).recognizer_plugin
    if not isinstance(plugin, str):
        return ChosenRecognizer(model=plugin.model)
    language = options.recognition.language
    language = None if language is None else parse_language(language).base
    if options.model is not None:
        known = find_known(options.model, "recognizer")
        if known is not None and known.english_only and language not in {None, "en"}:
            raise PlanError(
                f"The recogniser {known.name!r} knows only English, not {language!r}.",
                remedy="Name one that knows it, such as small, or leave --model out.",
                language=language,
            )
        return ChosenRecognizer(model=_find(options.model, "recognizer", options, progress))
    return choose_recognizer(
        suitable_recognizer(options.recognition.device),
        models_folder=options.models_folder or default_models_folder({}),
        language=language,
        task=options.recognition.task,
        offline=options.offline,
        progress=progress,
    )


def recognizer_model(options: RunOptions, progress: Progress | None = None) -> ModelFacts:
    """The model of :func:`chosen_recognizer`."""
    return chosen_recognizer(options, progress).model


def suitable_recognizer(device: str = "auto") -> str:
    """The recogniser that suits a device of this machine, whether it is here or not.

    Raises:
        DeviceError: there is no such device.
    """
    name = choose_device(device).name
    return default_recognizer(name, _memory_bytes() if name == "cpu" else 0)


def translator_model(options: RunOptions, progress: Progress | None = None) -> ModelFacts:
    """The translator that the options ask for, or the default one.

    Raises:
        ModelNotFound: it is not here.
        PlanError: more context is asked for than it reads.
    """
    plugin = with_plugins(options).translator_plugin
    if isinstance(plugin, str):
        name = options.translator or DEFAULT_TRANSLATOR
        facts = _find(name, "translator", options, progress)
    else:
        facts = plugin.model
    _require_context(facts, options.translation.context)
    if facts.parts and progress is not None:
        progress.warn(f"{facts.name}: {PIVOT_NOTICE}.")
    return facts


def _require_context(model: ModelFacts, asked: int) -> None:
    most = model.sentences - 1
    if asked <= most:
        return
    if most == 0:
        raise PlanError(
            f"The translator {model.name!r} was trained on single sentences: it reads no context.",
            remedy="Leave --context out; a language model reads what was said before (--refine).",
            most=most,
        )
    raise PlanError(
        f"The translator {model.name!r} reads up to {most} sentences before each, not {asked}.",
        remedy=f"Give --context {most} or less.",
        most=most,
    )


def _find(name: str, kind: str, options: RunOptions, progress: Progress | None) -> ModelFacts:
    """The model where it is here, else fetched now, unless offline."""
    folder = options.models_folder or default_models_folder({})
    progress = progress or Silent()
    try:
        return find_model(
            name, kind, models_folder=folder, offline=options.offline, progress=progress
        )
    except ModelNotFound as missing:
        known = find_known(name, kind)
        if options.offline or known is None:
            raise
        try:
            return fetch_model(known.name, models_folder=folder, progress=progress)
        except EngineError as error:
            raise ModelNotFound(
                f"{missing.message} It could not be fetched: {error.message}",
                remedy=missing.remedy,
                model=name,
            ) from error


def _memory_bytes() -> int:
    """Memory of the machine; 8 GiB where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30


def _canonical(options: RunOptions) -> RunOptions:
    targets = tuple(parse_language(tag).tag for tag in options.to)
    if len(set(targets)) < len(targets):
        raise PlanError(
            f"A language is named twice in {', '.join(options.to)}.", remedy="Name each once."
        )
    return replace(options, to=targets)


def _require_film(media: Path) -> None:
    require_file(media)
    others = {
        extension: "a subtitle file"
        for known in known_formats()
        for extension in (known.extension, *known.also)
    }
    kind = {**others, "subkit": "a project"}.get(media.suffix.lower().removeprefix("."))
    if kind is not None:
        raise InputError(
            f"{str(media)!r} is {kind}, not a film.",
            remedy=f"Translate it: subkit translate {media.name} --to LANGS.",
        )


def _spoken(options: RunOptions) -> RunOptions:
    """The options with the spoken language as a recogniser knows it, without its region."""
    language = options.recognition.language
    if language is None:
        return options
    base = parse_language(language).base
    return replace(options, recognition=replace(options.recognition, language=base))


def _require_languages(translator: ModelFacts, languages: Sequence[str]) -> None:
    """Check languages before the spoken one is known; the engine checks each direction."""
    known = {parse_language(tag).base for tag in translator.languages}
    for tag in languages:
        if known and parse_language(tag).base not in known:
            raise PlanError(
                f"The translator {translator.name!r} does not know {tag!r}.",
                remedy=f"It knows: {', '.join(sorted(known))}.",
                language=tag,
            )


def require_free(files: Iterable[Path]) -> None:
    """Return if no file is in the way.

    Raises:
        StoreError: one is.
    """
    for path in files:
        if os.path.lexists(path):
            raise StoreError(
                f"{str(path)!r} already exists.",
                remedy="Give -y to replace it, or another folder with -o.",
            )
