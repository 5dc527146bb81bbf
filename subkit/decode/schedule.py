"""Windows of several titles -> full batches, every guard, and each piece of work done once.

The encoder's output of a batch serves detection, decoding and alignment. All windows are decoded
with one beam; what is doubtful is collected over the whole call and decoded with the full beam from
the same output. What still fails is divided in two; only loops go on to higher temperatures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from subkit.decode.batches import Batches
from subkit.decode.beam_search import (
    Decoded,
    Job,
    build_prompt,
    choose,
    has_failed,
    is_loop,
    prefix_tokens,
    retry,
    search,
)
from subkit.decode.counts import Counts
from subkit.decode.encoding import Row, encode, encoded_bytes, join_rows
from subkit.decode.glances import Glance, languages_at_a_glance, leave_out_wordless
from subkit.decode.guards import is_silence
from subkit.decode.holes import find_holes, is_believed
from subkit.decode.modes import EXACT
from subkit.decode.settling import settle_as, settle_by_ear
from subkit.decode.timestamps import split_by_timestamps
from subkit.decode.window_language import from_whisper, to_whisper
from subkit.decode.words import align_words
from subkit.interfaces import Decoding

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from subkit.decode.options import RecognitionOptions
    from subkit.decode.taking import Take
    from subkit.decode.timestamps import Piece
    from subkit.decode.words import TimedWord
    from subkit.interfaces import SpeechWindow

__all__ = ["Schedule", "Title"]

_HELD_BYTES = 256 * 1024 * 1024
"""Most encoder output kept from detection to decoding; what is over is computed again."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Title:
    """Takes of one title, in the order of its programme.

    Attributes:
        name: For errors; may be empty.
        takes: Those whose language was settled before keep it.
        prior: Whisper's code of the last sure language before them.
    """

    name: str
    takes: Sequence[Take]
    prior: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A take's pass as it was decoded so far."""

    take: Take
    job: Job
    decoded: Decoded
    row: Row

    @property
    def window(self) -> SpeechWindow:
        """The take's window."""
        return self.take.window


class Schedule:
    """Decodes takes with one model.

    Args:
        whisper: The ``faster_whisper.WhisperModel``.
        options: How to recognise.
        mode: ``"exact"`` or ``"fast"``.
        known: Whisper's codes of the languages it knows; empty means not stated.
        decoding: What the model's card says of decoding.
    """

    def __init__(
        self,
        whisper: Any,
        options: RecognitionOptions,
        *,
        mode: str = EXACT,
        known: Sequence[str] = (),
        decoding: Decoding = Decoding(),  # noqa: B008 - a frozen value
    ) -> None:
        self._whisper = whisper
        self._options = options
        self._mode = mode
        self._known = tuple(known)
        self._decoding = decoding
        self._most: int = whisper.max_length
        self._tokenizers: dict[str, Any] = {}
        self._held: dict[Take, Row] = {}
        self.counts = Counts()
        self._batches = Batches(
            size=1 if options.condition_on_previous_text else options.batch_size,
            workers=options.replicas * len(options.device_index),
            shrunk=self._count_shrinking,
        )

    def run(
        self,
        titles: Sequence[Title],
        *,
        settled: Callable[[], None] | None = None,
        finished: Callable[[Take], None] | None = None,
    ) -> None:
        """Decode all takes of some titles.

        What a take gives depends on nothing but itself, apart from the language of doubtful ones,
        which their neighbours in the same title decide.

        Args:
            titles: What to decode.
            settled: Called when every take has its language.
            finished: Called with each take that is done, in no order, from this thread.

        Raises:
            EngineError: the engine failed; names the title and the time.
        """
        takes = [take for title in titles for take in title.takes]
        wanted = self._wanted()
        glancing = Glance(self._whisper, self._options, self._known, wanted, self.tokenizer)
        self.counts.wordless += leave_out_wordless(takes, glancing, self._batches)
        self._settle(titles, wanted)
        if settled is not None:
            settled()
        waiting = {leaf: take for take in takes for leaf in take.leaves}
        self._held = {take: row for take, row in self._held.items() if take in waiting}

        def tell() -> None:
            for leaf in [leaf for leaf in waiting if leaf.done]:
                take = waiting.pop(leaf)
                leaf.release()
                if finished is not None and all(leaf.done for leaf in take.leaves):
                    finished(take)

        tell()
        while waiting:
            doubtful: list[_Draft] = []
            for drafts in self._batches.done(self._decode, self._batches.of(waiting, self._kind)):
                doubtful += drafts
                tell()
            self._held.clear()
            again = self._batches.of(doubtful, lambda draft: len(draft.job.prompt))
            for _ in self._batches.done(self._decode_again, again):
                tell()

    def tokenizer(self, language: str) -> Any:
        """faster-whisper's tokenizer for one of Whisper's language codes."""
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer,
                self._whisper.model.is_multilingual,
                task=self._options.task,
                language=language,
            )
        return self._tokenizers[language]

    def _count_shrinking(self) -> None:
        self.counts.backed_off += 1

    def _kind(self, take: Take) -> Hashable:
        """What the prompts of a batch must share, since they are of equal length."""
        return self._has_prefix(take), self._says_times(take)

    def _wanted(self) -> str | None:
        """Whisper's code of the language that was asked for, ``None`` to detect it."""
        wanted = self._options.language or "auto"
        if not self._whisper.model.is_multilingual:
            wanted = "en"
        return None if wanted == "auto" else to_whisper(wanted)

    def _settle(self, titles: Sequence[Title], wanted: str | None) -> None:
        """Give each take its language; what was encoded for it is held."""
        unsettled = [
            ([take for take in title.takes if take.verdict is None], title.prior)
            for title in titles
        ]
        if wanted is None:
            settle_by_ear(unsettled, self._listen, self._listen_briefly, self._known)
        else:
            settle_as((take for takes, _ in unsettled for take in takes), wanted)

    def _listen(self, takes: Sequence[Take]) -> dict[Take, dict[str, float]]:
        """Detect the languages, and keep the encoder's output if there is room."""

        def listen(batch: list[Take]) -> list[tuple[Row, dict[str, float]]]:
            encoded = self._encode(batch)
            found = self._whisper.model.detect_language(encoded)
            return [
                (Row(encoded, at, take), {token[2:-2]: float(p) for token, p in found[at]})
                for at, take in enumerate(batch)
            ]

        heard: dict[Take, dict[str, float]] = {}
        audible = [take for take in takes if not take.done]
        batches = self._batches.of(audible, lambda take: take.window.skipped)
        for found in self._batches.done(listen, batches):
            heard |= {row.take: probabilities for row, probabilities in found}
            self._hold([row for row, _ in found])
        return heard

    def _listen_briefly(self, lines: Sequence[Take]) -> dict[Take, dict[str, float]]:
        """Tell what languages lines sound like, without an output that they can be decoded from."""

        def listen(batch: list[Take]) -> list[tuple[Take, dict[str, float]]]:
            return [(line, languages_at_a_glance(self._whisper, line)) for line in batch]

        audible = [line for line in lines if not line.done]
        batches = self._batches.of(audible, lambda line: line.window.skipped)
        return {line: p for found in self._batches.done(listen, batches) for line, p in found}

    def _hold(self, rows: Sequence[Row]) -> None:
        """Keep what the encoder gave, if there is room for it."""
        outputs = {id(row.encoded): row.encoded for row in self._held.values()}
        fresh = {id(row.encoded): row.encoded for row in rows}
        if sum(map(encoded_bytes, (outputs | fresh).values())) <= _HELD_BYTES:
            self._held |= {row.take: row for row in rows}

    def _encode(self, batch: Sequence[Take]) -> Any:
        self.counts.encoded += len(batch)
        return encode(self._whisper, batch, threads=self._options.threads)

    def _rows(self, batch: Sequence[Take]) -> list[Row]:
        """The encoder's output for takes, one output for all; made now if it is not held."""
        held = [self._held[take] for take in batch if take in self._held]
        whole = len(held) == len(batch)
        encoded = join_rows(self._whisper, held) if whole else self._encode(batch)
        return [Row(encoded, place, take) for place, take in enumerate(batch)]

    def _decode(self, batch: list[Take]) -> list[_Draft]:
        """Decode the next pass of each take with one beam, and finish those that are sure.

        Takes are changed only after the engine has done all its work: a batch can be done again.

        Returns:
            What is to be decoded with the full beam.
        """
        rows = self._rows(batch)
        jobs = [self._job(take) for take in batch]
        decoded = search(self._whisper, rows[0].encoded, jobs, self._options, 1)
        drafts = [_Draft(*parts) for parts in zip(batch, jobs, decoded, rows, strict=True)]
        doubtful = [draft for draft in drafts if self._is_doubtful(draft)]
        sure = [draft for draft in drafts if draft not in doubtful]
        if self._mode == EXACT and doubtful:
            # All of them, so there is nothing to wait for.
            sure, doubtful = sure + self._widened(doubtful), []
        self._finish(sure)
        self.counts.batches += 1
        self.counts.decoded += len(batch)
        return doubtful

    def _is_doubtful(self, draft: _Draft) -> bool:
        if self._options.beam_size == 1 or draft.take.window.skipped:
            return False
        if self._mode == EXACT or has_failed(draft.decoded, self._options):
            return True
        language = from_whisper(draft.take.language)
        return draft.decoded.score < self._decoding.of(language).doubt

    def _decode_again(self, drafts: list[_Draft]) -> list[_Draft]:
        """Decode with the full beam what one beam left doubtful, and finish it."""
        self._finish(self._widened(drafts))
        return []

    def _widened(self, drafts: Sequence[_Draft]) -> list[_Draft]:
        """The drafts decoded with the full beam, from the same output of the encoder."""
        encoded = join_rows(self._whisper, [draft.row for draft in drafts])
        jobs = [draft.job for draft in drafts]
        wide = search(self._whisper, encoded, jobs, self._options, self._options.beam_size)
        self.counts.doubted += len(drafts)
        return [
            replace(draft, decoded=choose(draft.decoded, found, self._options))
            for draft, found in zip(drafts, wide, strict=True)
        ]

    def _finish(self, drafts: Sequence[_Draft]) -> None:
        """Try again what failed, align the words of the rest, and move the takes on."""
        divided = [draft for draft in drafts if self._divides(draft)]
        settled = [self._retried(draft) for draft in drafts if draft not in divided]
        heard = [draft for draft in settled if self._is_heard(draft)]
        cuts = {draft.take: _cut(draft) for draft in heard}
        words = self._align(heard, cuts)
        for draft in divided:
            draft.take.divide()
        self.counts.divided += len(divided)
        for draft in settled:
            take, (_, resume) = draft.take, cuts.get(draft.take, ((), None))
            accepted = take in cuts and is_believed(take, draft.decoded, words.get(take, ()))
            if accepted:
                take.add(words.get(take, ()))
            elif take.window.skipped:
                take.rejected = words.get(take, ())
            take.note(draft.decoded, accepted=accepted)
            take.move_on(resume)
            self.counts.holes += take.examine(find_holes)

    def _is_heard(self, draft: _Draft) -> bool:
        decoded, take = draft.decoded, draft.take
        if is_silence(decoded.no_speech, decoded.score, self._options):
            return False
        # A loop is surer of itself than speech is: where nobody was heard it is an invention.
        unlikely = take.window.skipped or take.fills_hole
        return not (unlikely and is_loop(decoded, self._options))

    def _divides(self, draft: _Draft) -> bool:
        """Whether a pass failed and can be decoded in two halves instead."""
        return (
            has_failed(draft.decoded, self._options)
            and not draft.take.window.skipped
            and not draft.job.given
            and draft.take.is_divisible
        )

    def _retried(self, draft: _Draft) -> _Draft:
        """The draft; a loop at the first higher temperature at which it is none."""
        loops = is_loop(draft.decoded, self._options) and self._is_heard(draft)
        if not loops or len(self._options.temperatures) == 1 or draft.take.window.skipped:
            return draft
        self.counts.retried += 1
        alone = join_rows(self._whisper, [draft.row])
        found = retry(self._whisper, alone, draft.job, draft.decoded, self._options)
        return replace(draft, decoded=found)

    def _align(
        self,
        drafts: Sequence[_Draft],
        cuts: Mapping[Take, tuple[list[Piece], float | None]],
    ) -> dict[Take, list[TimedWord]]:
        """Words by take.

        On the CPU each row alone: a batch gains nothing there, and its padding would move some word
        edges by 20 ms. Else the rows of each language together, since they share a prompt.
        """
        found: dict[Take, list[TimedWord]] = {}
        together: dict[tuple[str, int], list[_Draft]] = {}
        for number, draft in enumerate(drafts):
            if any(piece.tokens for piece in cuts[draft.take][0]):
                alone = number if self._whisper.model.device == "cpu" else -1
                together.setdefault((draft.take.language, alone), []).append(draft)
        for (language, _), mine in sorted(together.items(), key=lambda item: item[0]):
            words = align_words(
                self._whisper,
                join_rows(self._whisper, [draft.row for draft in mine]),
                self.tokenizer(language),
                [cuts[draft.take][0] for draft in mine],
                [draft.take.frames for draft in mine],
            )
            found.update(zip([draft.take for draft in mine], words, strict=True))
        return found

    def _has_prefix(self, take: Take) -> bool:
        return bool(self._options.prefix) and take.opens

    def _says_times(self, take: Take) -> bool:
        """Whether the decoder says times: as asked, else as the model's card has it."""
        if self._has_prefix(take) or take.window.skipped:
            return False
        asked = self._options.timestamps
        return self._decoding.of(from_whisper(take.language)).timestamps if asked is None else asked

    def _job(self, take: Take) -> Job:
        tokenizer, options, most = self.tokenizer(take.language), self._options, self._most
        said = take.said(tokenizer.eot) if options.condition_on_previous_text else []
        given = prefix_tokens(tokenizer, options, most) if self._has_prefix(take) else ()
        prompt = build_prompt(
            tokenizer, options, said, most, given, says_times=self._says_times(take)
        )
        return Job(tokenizer, prompt, given, take.frames / 100)


def _cut(draft: _Draft) -> tuple[list[Piece], float | None]:
    return split_by_timestamps(
        draft.decoded.tokens,
        text_end=draft.job.tokenizer.eot,
        timestamp_begin=draft.job.tokenizer.timestamp_begin,
    )
