"""Training windows of the recogniser: where utterances lie, what is heard, what is to be written.

Two facts of faster-whisper shape them. It pads the normalised mel spectrogram with 0.0, so windows
are padded so here. And it reads a window again from the last timestamp: therefore a decoding pass
with timestamps ends with a repeated end time after the first utterance that ends past
``PASS_SECONDS``, and the reader goes on from there.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import torch

from training.augment import MusicLibrary, coloured_noise, reverberate, tone_tilt
from training.features import log_mel, normalise_mel
from training.recognizer_clips import Span, TrainingClip
from training.recognizer_model import FRAMES_PER_SECOND
from training.tokenizer import LANGUAGE_ORDER, TokenIds
from training.voices import SAMPLE_RATE

PASS_SECONDS = 8.0
IGNORED = -100
_EDGE = 0.06
_LATEST_FIRST_TIMESTAMP = 50


@dataclass
class WindowKind:
    """A family of windows.

    Attributes:
        lengths: range of the window length drawn from, seconds.
        full_length: probability of a 30 s window instead.
        batch_seconds: seconds of windows in one batch.
        single: the window holds one short utterance.
        content: range of the content's length, seconds; None to fill the window.
        freeze_encoder: train the decoder only (larger batches at the same cost).
        silent_share: share of windows without speech.
    """

    lengths: Span
    batch_seconds: float
    full_length: float = 0.0
    single: bool = False
    content: Span | None = None
    freeze_encoder: bool = False
    silent_share: float = 0.05


WINDOW_KINDS = {
    "short": WindowKind((4.0, 4.6), 90, single=True, silent_share=0.02),
    "medium": WindowKind((5.0, 14.0), 100),
    "padded": WindowKind((8.0, 30.0), 90, full_length=0.4, single=True, silent_share=0.02),
    "long": WindowKind((15.0, 30.0), 100, full_length=0.5),
    "cut": WindowKind((12.0, 30.0), 100, full_length=0.6, content=(1.5, 12.0)),
    "rest": WindowKind((3.0, 12.0), 60, content=(0.1, 3.0), silent_share=0.85),
    "decoder": WindowKind((15.0, 30.0), 240, full_length=0.5, freeze_encoder=True),
}


@dataclass
class Window:
    """One training window.

    Attributes:
        mel: normalised log-mel spectrogram, shape (80, frames at 100 a second).
        tokens: decoder input.
        targets: token to be written at each position, or ``IGNORED``.
        next_spans: where the token to be written is heard, per position.
        current_spans: where the token just read is heard, per position.
        characters: character labels of all that is heard.
        phones: phone label of each frame, shape (frames at 50 a second,).
    """

    mel: torch.Tensor
    tokens: list[int]
    targets: list[int]
    next_spans: list[Span | None]
    current_spans: list[Span | None]
    characters: list[int]
    phones: torch.Tensor


@dataclass
class _Script:
    """What is to be written in one window, while it is put together."""

    written: list[int] = field(default_factory=list)
    spans: list[Span | None] = field(default_factory=list)
    forced_input: dict[int, int] = field(default_factory=dict)
    characters: list[int] = field(default_factory=list)
    closed: bool = False
    last_end: float = 0.0

    def write(self, token: int, span: Span | None) -> None:
        self.written.append(token)
        self.spans.append(span)


class WindowMaker:
    """Draws training windows.

    Args:
        clips: the corpus.
        ids: token numbers.
        seed: seed of all choices.
        language_shares: language code to how often it is drawn.

    Attributes:
        padding: token to fill batches up with.
    """

    def __init__(
        self,
        clips: list[TrainingClip],
        ids: TokenIds,
        seed: int,
        language_shares: dict[str, float],
    ) -> None:
        self._random = random.Random(seed)
        self._ids = ids
        self.padding = ids.end_of_text
        self._shares = language_shares
        self._music = MusicLibrary()
        self._clips = {
            code: [clip for clip in clips if clip.language == code] for code in LANGUAGE_ORDER
        }
        self._short_clips = {
            code: [clip for clip in members if clip.seconds < 3.8]
            for code, members in self._clips.items()
        }

    def batch(self, kind: WindowKind) -> list[Window]:
        """Draws windows of one length for one training step."""
        draw = self._random
        seconds = 30.0 if draw.random() < kind.full_length else draw.uniform(*kind.lengths)
        seconds = int(seconds * FRAMES_PER_SECOND) / FRAMES_PER_SECOND
        count = max(3, int(kind.batch_seconds / seconds))
        return [self.window(kind, seconds) for _ in range(count)]

    def window(self, kind: WindowKind, seconds: float) -> Window:
        """Draws one window of a given length in seconds."""
        draw = self._random
        languages = self._draw_languages(kind)
        if draw.random() < kind.silent_share:
            limit = kind.content or (0.5, seconds)
            return self._silent_window(languages[0], draw.uniform(*limit), seconds)
        items, content = self._lay_out(kind, languages, seconds)
        with_timestamps = draw.random() < 0.65
        script, audio, phones, content = self._perform(items, content, seconds, with_timestamps)
        audio = self._disturb(audio[: int(content * SAMPLE_RATE)])
        phones[int(content * FRAMES_PER_SECOND) :] = 0
        mel = self._spectrogram(audio, seconds)
        after_speech = (script.last_end - 0.02, script.last_end + 0.3)
        script.write(self._ids.end_of_text, None if with_timestamps else after_speech)
        spoken = draw.choice(items)[1].language if len(languages) > 1 else languages[0]
        prompt, targets = self._prompt(spoken, languages, with_timestamps)
        return _assemble(script, prompt, targets, mel, phones)

    def _draw_languages(self, kind: WindowKind) -> list[str]:
        """One language, or (rarely) two for a window in which speakers use different ones."""
        codes, shares = list(self._shares), list(self._shares.values())
        mixed = not kind.single and self._random.random() < 0.08
        if not mixed:
            return self._random.choices(codes, shares)
        return self._random.sample(codes, 2)

    def _lay_out(
        self, kind: WindowKind, languages: list[str], seconds: float
    ) -> tuple[list[tuple[float, TrainingClip]], float]:
        """Chooses clips and their start times; returns them and the content's length."""
        draw = self._random
        if kind.single:
            clip = draw.choice(self._short_clips[languages[0]])
            latest = min(2.0, seconds - clip.seconds - 0.05)
            lead = draw.uniform(0, max(0.02, latest))
            return [(lead, clip)], min(seconds, lead + clip.seconds + draw.uniform(0, 1.0))
        content = seconds
        if kind.content is not None:
            content = min(seconds, draw.uniform(*kind.content))
        elif draw.random() < 0.45:
            content = draw.uniform(min(3.0, seconds * 0.3), seconds)
        time = draw.choice([0.0, draw.uniform(0, 0.5), draw.uniform(0.2, 1.0), draw.uniform(0, 4)])
        pace = draw.choices(["dense", "even", "free"], [0.22, 0.33, 0.45])[0]
        items = []
        while time < content - 0.6 or not items:
            time = min(time, max(0.0, content - 0.8))
            clip = draw.choice(self._clips[draw.choice(languages)])
            items.append((time, clip))
            time += clip.seconds + self._pause(pace)
        return items, content

    def _pause(self, pace: str) -> float:
        draw = self._random
        if pace == "dense":
            return draw.uniform(0, 0.35)
        if pace == "even":
            return draw.uniform(0.2, 1.0)
        return draw.choice([draw.uniform(0.05, 0.6), draw.uniform(0.3, 2.5), draw.uniform(1, 5)])

    def _perform(
        self,
        items: list[tuple[float, TrainingClip]],
        content: float,
        seconds: float,
        with_timestamps: bool,
    ) -> tuple[_Script, torch.Tensor, torch.Tensor, float]:
        """Mixes the clips and writes the script.

        Returns:
            The script, the audio of the whole window, the phone frames, and the content's length
            (a first clip that would be cut makes it longer).
        """
        samples = int(seconds * SAMPLE_RATE)
        audio = torch.zeros(samples)
        phones = torch.zeros(int(seconds * FRAMES_PER_SECOND), dtype=torch.long)
        script = _Script()
        for index, (time, clip) in enumerate(items):
            cut = time + clip.end > content - 0.02
            if cut and index and not with_timestamps:
                break
            self._place(audio, phones, time, clip)
            if script.closed:
                script.characters += [] if cut else clip.characters
                continue
            if cut and index:
                if time + clip.onset <= 30:
                    self._write_time(script, time + clip.onset)
                break
            if cut:
                content = min(seconds, time + clip.end + 0.1)
            self._write_utterance(script, index, time, clip, with_timestamps)
        return script, audio, phones, content

    def _place(
        self, audio: torch.Tensor, phones: torch.Tensor, time: float, clip: TrainingClip
    ) -> None:
        first = int(time * SAMPLE_RATE)
        level = 10 ** (self._random.uniform(-8, 0) / 20)
        wave = clip.audio(len(audio) - first)
        audio[first : first + len(wave)] += wave * level
        frame = round(time * FRAMES_PER_SECOND)
        labels = clip.phones[: max(0, len(phones) - frame)]
        phones[frame : frame + len(labels)] = labels

    def _write_time(self, script: _Script, time: float) -> None:
        script.write(self._ids.timestamp(time), (time - _EDGE, time + _EDGE))

    def _write_utterance(
        self,
        script: _Script,
        index: int,
        time: float,
        clip: TrainingClip,
        with_timestamps: bool,
    ) -> None:
        draw = self._random
        if with_timestamps:
            self._force_start(script, index, time + clip.onset)
            self._write_time(script, time + clip.onset)
        for token, span in zip(clip.tokens, clip.spans, strict=True):
            if draw.random() < 0.02:
                script.forced_input[len(script.written)] = draw.randrange(self._ids.end_of_text)
            script.write(token, None if span is None else (time + span[0], time + span[1]))
        script.characters += clip.characters
        end = time + clip.end
        if with_timestamps:
            self._write_time(script, end)
            if end > PASS_SECONDS:
                self._write_time(script, end)
                script.closed = True
        script.last_end = end

    def _force_start(self, script: _Script, index: int, onset: float) -> None:
        """Sometimes feeds another start time than the true one.

        Decoders may force the first timestamp to at most 1.0 s, or to 0.0; later ones are
        sometimes read a little off.
        """
        draw = self._random
        position = len(script.written)
        first = self._ids.first_timestamp
        if index == 0:
            late = onset > _LATEST_FIRST_TIMESTAMP * 0.02
            chance = draw.random()
            if late and chance < 0.35:
                script.forced_input[position] = first + _LATEST_FIRST_TIMESTAMP
            elif chance < 0.15 or (late and chance < 0.5):
                script.forced_input[position] = first
        elif draw.random() < 0.05:
            moved = onset + draw.randint(-8, 8) * 0.02
            script.forced_input[position] = self._ids.timestamp(moved)

    def _disturb(self, audio: torch.Tensor) -> torch.Tensor:
        """Adds room, level, noise and music to speech, shape (samples,)."""
        draw = self._random
        if draw.random() < 0.15:
            audio = reverberate(audio, draw)
        audio = audio * 10 ** (draw.uniform(-20, 3) / 20)
        loudness = audio.abs().max() * 0.25
        if draw.random() < 0.6:
            level = loudness * 10 ** (-draw.uniform(8, 45) / 20)
            audio = audio + coloured_noise(len(audio), draw) * level
        if draw.random() < 0.3:
            level = loudness * 10 ** (-draw.uniform(4, 30) / 20)
            audio = audio + self._music.excerpt(len(audio), draw) * level
        return audio

    def _spectrogram(self, audio: torch.Tensor, seconds: float) -> torch.Tensor:
        draw = self._random
        spectrum = log_mel(audio)
        if draw.random() < 0.4:
            spectrum = spectrum + tone_tilt(spectrum.shape[0], draw)
        louder_elsewhere = draw.choice([0.0, 0.0, draw.uniform(0, 0.8)])
        spectrum = normalise_mel(spectrum, louder_elsewhere)
        padded = torch.zeros(spectrum.shape[0], int(seconds * 100))
        count = min(spectrum.shape[1], padded.shape[1])
        padded[:, :count] = spectrum[:, :count]
        return padded

    def _silent_window(self, language: str, content: float, seconds: float) -> Window:
        """A window of silence, noise or music, in which nothing is to be written.

        Some begin with the last sounds of an utterance, as windows do that are read again from
        the end of the last word.
        """
        draw = self._random
        samples = int(min(content, seconds) * SAMPLE_RATE)
        audio = torch.zeros(samples)
        chance = draw.random()
        if chance < 0.45:
            audio = coloured_noise(samples, draw) * 10 ** draw.uniform(-4.5, -1.5)
        elif chance < 0.85:
            audio = self._music.excerpt(samples, draw) * 10 ** draw.uniform(-3, -0.8)
            audio = audio + coloured_noise(samples, draw) * 10 ** draw.uniform(-5, -3)
        if draw.random() < 0.3:
            tail = draw.choice(self._clips[language]).audio()[-draw.randint(400, 1900) :]
            audio[: len(tail)] += tail[:samples]
        with_timestamps = draw.random() < 0.65
        ids = self._ids
        last = ids.timestamp(0.0) if with_timestamps else ids.no_timestamps
        tokens = [ids.start, ids.language[language], ids.transcribe, last]
        written = ids.timestamp(0.0) if with_timestamps else IGNORED
        targets = [ids.no_speech, IGNORED, written, ids.end_of_text]
        nowhere: list[Span | None] = [None] * len(tokens)
        frames = torch.zeros(int(seconds * FRAMES_PER_SECOND), dtype=torch.long)
        mel = self._spectrogram(audio, seconds)
        return Window(mel, tokens, targets, nowhere, nowhere, [], frames)

    def _prompt(
        self, spoken: str, languages: list[str], with_timestamps: bool
    ) -> tuple[list[int], list[int]]:
        """The decoder's prompt, and what is asked at each of its positions but the last."""
        ids = self._ids
        earlier = self._earlier_text(languages) if self._random.random() < 0.15 else []
        prompt = [*earlier, ids.start, ids.language[spoken], ids.transcribe]
        answered = ids.language[spoken] if len(languages) == 1 else IGNORED
        targets = [IGNORED] * len(earlier) + [answered, IGNORED]
        if not with_timestamps:
            prompt.append(ids.no_timestamps)
            targets.append(IGNORED)
        return prompt, targets

    def _earlier_text(self, languages: list[str]) -> list[int]:
        """Text of made-up earlier utterances, as a reader passes it on, with or without times."""
        draw = self._random
        with_times = draw.random() < 0.6
        tokens: list[int] = []
        time = 0.0
        for _ in range(draw.randint(1, 10)):
            clip = draw.choice(self._clips[draw.choice(languages)])
            start, end = time + clip.onset, time + clip.end
            if end > 30:
                break
            timed = [self._ids.timestamp(start), *clip.tokens, self._ids.timestamp(end)]
            tokens += timed if with_times else clip.tokens
            time = end + draw.uniform(0.1, 2)
        return [self._ids.previous, *tokens[-150:]]


def _assemble(
    script: _Script,
    prompt: list[int],
    prompt_targets: list[int],
    mel: torch.Tensor,
    phones: torch.Tensor,
) -> Window:
    """Puts prompt and script together."""
    read = script.written[:-1]
    for position, token in script.forced_input.items():
        read[position] = token
    return Window(
        mel=mel,
        tokens=prompt + read,
        targets=prompt_targets + script.written,
        next_spans=[None] * (len(prompt) - 1) + script.spans,
        current_spans=[None] * len(prompt) + script.spans[:-1],
        characters=script.characters,
        phones=phones,
    )
