"""A known text aligned to a film: the recogniser is asked where text and transcript differ."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.alignment import GivenText, align_text
from subkit.errors import EvidenceError, PlanError
from subkit.interfaces import Aligner, SpeechWindow, SpokenText
from subkit.language import parse_language, script_of
from subkit.media import audio_blocks
from subkit.model import Span, Word
from subkit.pipeline.stage_cache import recall, remember, shaping, stage_key
from subkit.plugins import GuardedAligner, load_plugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from subkit.alignment import AlignedText, AskedText
    from subkit.interfaces import ModelFacts, Progress, Samples
    from subkit.model import Media, Project, Transcript
    from subkit.pipeline.given_texts import KnownText
    from subkit.pipeline.loaded_engines import LoadedRecognizer
    from subkit.pipeline.run_options import RunOptions
    from subkit.store import ProjectFile

__all__ = ["AlignmentJob", "align_known_text"]

VERSION = 1
STAGE = "align"
_TOGETHER = 8
"""Windows that are put to an aligner in one call."""

_RATE = 16_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timed:
    """The words of one window, as they are kept."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentJob:
    """What a text is aligned with.

    Attributes:
        options: Of the run.
        model: Of the recogniser.
        progress: Hears how it goes.
        loaded: Gives the recogniser.
        force: Take what was found although the evidence is weak.
        ident: Id of the track that is made; ``None`` chooses one.
    """

    options: RunOptions
    model: ModelFacts
    progress: Progress
    loaded: LoadedRecognizer
    force: bool = False
    ident: str | None = None


def align_known_text(
    store: ProjectFile, project: Project, text: KnownText, job: AlignmentJob
) -> AlignedText:
    """Find when the words of a text are said in the film of a project.

    What was asked before is not asked again: after a line was corrected only its window is.

    Args:
        store: Keeps the answers.
        project: Has a transcript.
        text: What is thought to be said.
        job: What it is done with.

    Raises:
        EvidenceError: it is weak, and not forced; or nothing was found.
        EngineError: the aligner failed.
        MediaError: the sound cannot be read.
        PlanError: the recogniser cannot align.
    """
    transcript = project.transcript
    assert transcript is not None
    language = transcript.language if text.language == "und" else text.language
    given = GivenText(lines=text.lines, language=language)
    asking = _Asking(store, project.media, language, job)
    job.progress.begin(STAGE, float(project.media.duration), "s")
    found = align_text(given, transcript.words, project.media.duration, asking.ask)
    job.progress.end(STAGE)
    if found.reasons and not (job.force and found.found):
        reasons = (*found.reasons, *_other_language(text, transcript))
        raise EvidenceError(
            f"{text.name!r} cannot be aligned to {project.title!r}: {' '.join(reasons)}",
            remedy="Check that it is the text of this film"
            + ("; force takes what was found (--force)." if found.found else "."),
            reasons=reasons,
        )
    return found


def _other_language(text: KnownText, transcript: Transcript) -> tuple[str, ...]:
    """Why nothing can have been found: the text is in another language than the sound."""
    spoken = parse_language(transcript.language)
    if text.language != "und" and parse_language(text.language).base != spoken.base:
        other = parse_language(text.language).name
        return (f"The text is in {other}, and {spoken.name} was heard.",)
    heard = script_of(" ".join(word.text for word in transcript.words[:2000]))
    written = script_of(" ".join(line.text for line in text.lines[:500]))
    if "Zyyy" not in {heard, written} and heard != written:
        return (f"The text is written in another script than {spoken.name}, which was heard.",)
    return ()


class _Asking:
    """Puts texts with their sound to the aligner, and remembers its answers."""

    def __init__(self, store: ProjectFile, media: Media, language: str, job: AlignmentJob) -> None:
        self._store = store
        self._media = media
        self._language = language
        self._job = job
        plugin, model = job.options.aligner_plugin, job.model
        name = ("aligners", "whisper", "")
        if isinstance(plugin, GuardedAligner):
            name = (plugin.name.kind, plugin.name.name, plugin.name.version)
        shape = (model.digest, model.decoding, shaping(job.options.audio), name, language)
        self._shape = (media.digest, *shape)

    def ask(self, texts: Sequence[AskedText]) -> list[tuple[Word, ...]]:
        """Return the words of each text; texts are in order of time."""
        keys = [stage_key(STAGE, VERSION, *self._shape, one.span, one.words) for one in texts]
        known = [recall(self._store, key, _Timed) for key in keys]
        missing = [at for at, one in enumerate(known) if one is None]
        aligner = self._aligner() if missing else None
        for batch in _batches(self._spoken(texts, missing)):
            assert aligner is not None
            answers = aligner.align([spoken for _, spoken in batch])
            for (at, spoken), words in zip(batch, answers, strict=True):
                known[at] = _Timed(words=words)
                remember(self._store, keys[at], known[at])
                self._job.progress.advance(STAGE, float(spoken.window.span.end))
        return [one.words for one in known if one is not None]

    def _aligner(self) -> Aligner:
        plugin = self._job.options.aligner_plugin
        if not isinstance(plugin, str):
            return plugin
        recognizer = self._job.loaded.get(self._job.options, self._job.model)
        if isinstance(recognizer, Aligner):
            return recognizer
        if self._job.model.plugin:
            raise PlanError(
                f"The recogniser {self._job.model.name!r} cannot align a known text.",
                remedy="Name an aligner with --aligner, or use subkit's own recogniser.",
            )
        aligner: Aligner = load_plugin("aligners", plugin)(
            self._job.model, self._job.options.recognition
        )
        return aligner

    def _spoken(
        self, texts: Sequence[AskedText], wanted: Sequence[int]
    ) -> Iterator[tuple[int, SpokenText]]:
        """The texts wanted with their sound, cut out of one pass over it."""
        if not wanted:
            return
        spans = [texts[at].span for at in wanted]
        blocks = audio_blocks(self._media, self._job.options.audio, warn=self._job.progress.warn)
        for at, samples in zip(wanted, _cut(blocks, spans), strict=True):
            span = texts[at].span
            window = SpeechWindow(index=at, span=span, samples=samples, digest="")
            spoken = SpokenText(window=window, words=texts[at].words, language=self._language)
            yield at, spoken


def _batches(
    items: Iterable[tuple[int, SpokenText]],
) -> Iterator[list[tuple[int, SpokenText]]]:
    batch: list[tuple[int, SpokenText]] = []
    for item in items:
        batch.append(item)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _cut(blocks: Iterable[Samples], spans: Sequence[Span]) -> Iterator[Samples]:
    """The samples of spans, in order of their start, from a stream that is read once."""
    import numpy as np

    held: deque[tuple[int, Samples]] = deque()
    source, at = iter(blocks), 0
    for span in spans:
        first, last = int(span.start * _RATE), int(span.end * _RATE)
        while held and held[0][0] + held[0][1].size <= first:
            held.popleft()
        while at < last:
            block = next(source, None)
            if block is None:
                break
            if at + block.size > first:
                held.append((at, block))
            at += block.size
        parts = [b[max(0, first - begin) : max(0, last - begin)] for begin, b in held]
        yield np.concatenate([np.zeros(0, np.float32), *parts])
