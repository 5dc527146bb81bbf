"""Windows of several titles -> full batches, every guard, and each piece of work done once.

Windows are put together by the length of context their encoder needs, across titles. The encoder's
output of a batch serves detection, decoding and alignment. Only what fails is decoded again: alone
at a higher temperature, or, where a short context gave something doubtful, with the full one.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subkit.decode.beam_search import (
    Decoded,
    Job,
    build_prompt,
    needs_retry,
    prefix_tokens,
    retry,
    search,
)
from subkit.decode.encoding import encode, encoded_bytes, pick_rows
from subkit.decode.guards import is_doubtful, is_silence
from subkit.decode.loading import is_out_of_memory, model_fault
from subkit.decode.modes import FULL, batch_of
from subkit.decode.timestamps import split_by_timestamps
from subkit.decode.window_language import Heard, Verdict, decide_languages, to_whisper
from subkit.decode.words import align_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from subkit.decode.options import RecognitionOptions
    from subkit.decode.taking import Take
    from subkit.decode.timestamps import Piece
    from subkit.decode.words import TimedWord

__all__ = ["Counts", "Schedule", "Title"]

_HELD_BYTES = 512 * 1024 * 1024
"""Most encoder output kept between detection and decoding; what is over is computed again."""

_log = logging.getLogger(__name__)


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


@dataclass(slots=True)
class Counts:
    """What the work came to, in windows; one that is gone over in passes counts for each.

    Attributes:
        encoded: By the encoder.
        decoded: By the decoder at the first temperature.
        widened: Doubtful with a short context, so decoded again with the full one.
        retried: Failed, so tried at higher temperatures.
        batches: Of the decoder.
        backed_off: Batches halved because memory ran out.
    """

    encoded: int = 0
    decoded: int = 0
    widened: int = 0
    retried: int = 0
    batches: int = 0
    backed_off: int = 0


class Schedule:
    """Decodes takes with one model.

    Args:
        whisper: The ``faster_whisper.WhisperModel``.
        options: How to recognise.
        known: Whisper's codes of the languages it knows; empty means not stated.
        low_score: The model's own, or ``None``.
    """

    def __init__(
        self,
        whisper: Any,
        options: RecognitionOptions,
        *,
        known: Sequence[str] = (),
        low_score: float | None = None,
    ) -> None:
        self._whisper = whisper
        self._options = options
        self._known = tuple(known)
        self._low_score = low_score
        self._size = 1 if options.condition_on_previous_text else options.batch_size
        self._workers = options.replicas * len(options.device_index)
        self._most: int = whisper.max_length
        self._tokenizers: dict[str, Any] = {}
        self.counts = Counts()

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
        groups = self._groups(takes)
        held = self._settle(titles, groups)
        if settled is not None:
            settled()
        open_takes = dict.fromkeys(takes)
        while True:
            for take in [take for take in open_takes if take.done]:
                del open_takes[take]
                if finished is not None:
                    finished(take)
            if not groups:
                return
            for group in self._each(self._decode, groups, held):
                for take in group:
                    if take.done and take in open_takes:
                        del open_takes[take]
                        if finished is not None:
                            finished(take)
            groups, held = self._groups(list(open_takes)), {}

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

    def _groups(self, takes: Sequence[Take]) -> list[list[Take]]:
        """Takes that are not done in batches of equal context, the longest first."""
        buckets: dict[tuple[int, bool], list[Take]] = {}
        for take in takes:
            if not take.done:
                # Prompts in a batch are of equal length: what has a prefix stands alone.
                buckets.setdefault((take.context, self._has_prefix(take)), []).append(take)
        groups = []
        for (context, _), bucket in sorted(buckets.items(), reverse=True):
            size = batch_of(context, self._size)
            groups += [bucket[at : at + size] for at in range(0, len(bucket), size)]
        return groups

    def _each(
        self, work: Callable[[list[Take], Any], Any], groups: list[list[Take]], held: dict[int, Any]
    ) -> Iterator[list[Take]]:
        """Do ``work`` for each group, as many at once as there are replicas."""

        def one(number: int) -> list[Take]:
            self._backing_off(work, groups[number], held.pop(number, None))
            return groups[number]

        if self._workers == 1 or len(groups) == 1:
            yield from map(one, range(len(groups)))
            return
        with ThreadPoolExecutor(self._workers) as pool:
            yield from pool.map(one, range(len(groups)))

    def _backing_off(
        self, work: Callable[[list[Take], Any], Any], group: list[Take], encoded: Any
    ) -> None:
        """Do ``work``; where memory runs out, with half of the group, now and from now on."""
        if len(group) <= self._room(group):
            try:
                work(group, encoded)
            except (RuntimeError, ValueError, MemoryError) as error:
                if len(group) == 1 or not is_out_of_memory(error):
                    raise model_fault(error, f"Decoding failed at {_place(group)}") from error
                times = batch_of(group[0].context, 2) // 2
                self._size = max(1, min(self._size, (len(group) + 1) // 2 // times))
                self.counts.backed_off += 1
                _log.warning("out of memory with %d windows: now half as many", len(group))
            else:
                return
        size = self._room(group)  # it may shrink on the way
        for at in range(0, len(group), size):
            self._backing_off(work, group[at : at + size], None)

    def _room(self, group: list[Take]) -> int:
        """Takes like these that a batch may hold now."""
        return batch_of(group[0].context, self._size)

    def _settle(self, titles: Sequence[Title], groups: list[list[Take]]) -> dict[int, Any]:
        """Give each take its language; returns what was encoded for it, by group.

        All takes are listened to before the first is decoded: neighbours decide doubtful ones.
        """
        unsettled = {take for title in titles for take in title.takes if take.verdict is None}
        wanted = self._options.language
        if not self._whisper.model.is_multilingual:
            wanted = "en"
        if wanted not in {None, "auto"}:
            for take in unsettled:
                take.verdict = Verdict(
                    language=to_whisper(wanted or ""), probability=1.0, unsure=False
                )
            return {}
        encoded: dict[int, Any] = {}
        heard: dict[Take, dict[str, float]] = {}
        for number, group in enumerate(groups):
            if unsettled.isdisjoint(group):
                continue
            self._backing_off(lambda part, _: self._listen(part, heard, encoded), group, None)
            self._hold(encoded, number, group)
        for title in titles:
            mine = [take for take in title.takes if take in unsettled]
            verdicts = decide_languages(
                [Heard(seconds=t.seconds, probabilities=heard.get(t, {})) for t in mine],
                known=self._known,
                prior=title.prior,
            )
            for take, verdict in zip(mine, verdicts, strict=True):
                take.verdict = verdict
        return encoded

    def _listen(
        self, group: list[Take], heard: dict[Take, dict[str, float]], encoded: dict[int, Any]
    ) -> None:
        """What languages are heard; the encoder's output is left under the number -1."""
        output = self._encode(group)
        for take, found in zip(group, self._whisper.model.detect_language(output), strict=True):
            heard[take] = {token[2:-2]: float(p) for token, p in found}
        encoded[-1] = output

    def _hold(self, encoded: dict[int, Any], number: int, group: list[Take]) -> None:
        """Keep what was just encoded for its group, if that is whole and there is room."""
        output = encoded.pop(-1)
        room = _HELD_BYTES - sum(encoded_bytes(other) for other in encoded.values())
        if output.shape[0] == len(group) and encoded_bytes(output) <= room:
            encoded[number] = output

    def _encode(self, group: list[Take]) -> Any:
        self.counts.encoded += len(group)
        return encode(self._whisper, group, threads=self._options.threads)

    def _decode(self, group: list[Take], encoded: Any) -> None:
        """Decode the next pass of each take, align its words and move it on.

        Takes are changed only after the engine has done all its work: a group can be done again.
        """
        if encoded is None:
            encoded = self._encode(group)
        jobs = [self._job(take) for take in group]
        decoded = search(self._whisper, encoded, jobs, self._options)
        self.counts.batches += 1
        self.counts.decoded += len(group)
        doubtful = [self._doubtful(*pair) for pair in zip(group, decoded, strict=True)]
        for i, one in enumerate(decoded):
            if not doubtful[i] and needs_retry(one, self._options):
                self.counts.retried += 1
                alone = pick_rows(self._whisper, encoded, [i], group)
                decoded[i] = retry(self._whisper, alone, jobs[i], one, self._options)
        heard = [
            not doubt and not is_silence(one.no_speech, one.score, self._options)
            for one, doubt in zip(decoded, doubtful, strict=True)
        ]
        cuts = [_cut(*pair) for pair in zip(decoded, jobs, strict=True)]
        words = self._align(group, encoded, [p for p, _ in cuts], heard)
        for i, take in enumerate(group):
            if doubtful[i]:
                self.counts.widened += 1
                take.widen()
                continue
            if heard[i]:
                take.add(words.get(i, []))
            take.note(decoded[i], accepted=heard[i])
            take.move_on(cuts[i][1] if heard[i] else None)

    def _doubtful(self, take: Take, decoded: Decoded) -> bool:
        return take.context < FULL and is_doubtful(
            decoded.text,
            seconds=take.frames / 100,
            score=decoded.score,
            no_speech=decoded.no_speech,
            low_score=self._low_score,
            options=self._options,
        )

    def _align(
        self, group: list[Take], encoded: Any, pieces: list[list[Piece]], heard: list[bool]
    ) -> dict[int, list[TimedWord]]:
        """Words by row.

        On the CPU each row alone: a batch gains nothing there, and its padding would move some word
        edges by 20 ms. Else the rows of each language together, since they share a prompt.
        """
        found: dict[int, list[TimedWord]] = {}
        rows: dict[tuple[str, int], list[int]] = {}
        for i, take in enumerate(group):
            if heard[i] and any(piece.tokens for piece in pieces[i]):
                together = i if self._whisper.model.device == "cpu" else -1
                rows.setdefault((take.language, together), []).append(i)
        for (language, _), mine in sorted(rows.items()):
            words = align_words(
                self._whisper,
                pick_rows(self._whisper, encoded, mine, group),
                self.tokenizer(language),
                [pieces[i] for i in mine],
                [group[i].frames for i in mine],
            )
            found.update(zip(mine, words, strict=True))
        return found

    def _has_prefix(self, take: Take) -> bool:
        return bool(self._options.prefix) and take.opens

    def _job(self, take: Take) -> Job:
        tokenizer, options, most = self.tokenizer(take.language), self._options, self._most
        said = take.said(tokenizer.eot) if options.condition_on_previous_text else []
        given = prefix_tokens(tokenizer, options, most) if self._has_prefix(take) else ()
        return Job(tokenizer, build_prompt(tokenizer, options, said, most, given), given)


def _cut(decoded: Decoded, job: Job) -> tuple[list[Piece], float | None]:
    return split_by_timestamps(
        decoded.tokens,
        text_end=job.tokenizer.eot,
        timestamp_begin=job.tokenizer.timestamp_begin,
    )


def _place(group: list[Take]) -> str:
    """The time of a group, for an error."""
    start = min(take.window.span.start for take in group)
    end = max(take.window.span.end for take in group)
    return f"{float(start):.3f} to {float(end):.3f} s"
