"""Models with random weights: of Whisper's shape, and as long-winded as the audio is long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmarks.harness.audio import make_film, write_wave
from benchmarks.model import tokens
from benchmarks.model.arrays import TOKENS_PER_SECOND
from benchmarks.model.shapes import LANGUAGES, SHAPES, shape_of
from benchmarks.weights import make_model

if TYPE_CHECKING:
    from faster_whisper import WhisperModel


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> WhisperModel:
    """Tiny with two layers.

    In float32: where a processor sums products of bytes in sixteen bits (no VNNI), large random
    weights overflow in int8, and the text has another length.
    """
    from faster_whisper import WhisperModel

    folder = tmp_path_factory.mktemp("models")
    made = make_model(shape_of("tiny", 2), folder, formats=("ctranslate2",), precision="float16")
    return WhisperModel(str(made), device="cpu", compute_type="float32", cpu_threads=1)


def decode(model: Any, path: Path, seconds: float, *stamps: int, longest: int = 448) -> list[int]:
    from faster_whisper.audio import decode_audio, pad_or_trim

    audio = decode_audio(str(path))[: int(seconds * 16_000)]
    encoded = model.encode(pad_or_trim(model.feature_extractor(audio)[:, :-1]))
    prompt = [50_258, 50_259, 50_359, *stamps]
    found = model.model.generate(encoded, [prompt], beam_size=5, max_length=longest)
    return list(found[0].sequences_ids[0])


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.wav", 30).path


@pytest.mark.parametrize("seconds", [6.0, 14.0, 29.0])
def test_text_is_as_long_as_the_speech(model: WhisperModel, film: Path, seconds: float) -> None:
    text = [token for token in decode(model, film, seconds, 50_363) if token < 50_257]
    # Speech ends up to a pause before the cut.
    assert (seconds - 2) * TOKENS_PER_SECOND <= len(text) <= (seconds + 1) * TOKENS_PER_SECOND


def test_nothing_is_said_where_nothing_is_heard(model: WhisperModel, tmp_path: Path) -> None:
    quiet = write_wave(tmp_path / "quiet.wav", np.zeros(16_000 * 10, np.float32))
    assert len(decode(model, quiet, 10)) <= 3


def test_text_begins_with_a_timestamp_and_depends_on_the_sound(
    model: WhisperModel, film: Path, tmp_path: Path
) -> None:
    found = decode(model, film, 14, longest=40)
    assert found[0] == 50_364
    other = make_film(tmp_path / "other.wav", 14, ("ko",)).path
    assert decode(model, other, 14, longest=40)[1:] != found[1:]


def test_words_have_times_that_go_forward_and_the_language_is_english(
    model: WhisperModel, film: Path
) -> None:
    from faster_whisper import BatchedInferencePipeline

    # Not window after window: with random weights each ends early, and the next begins there.
    batched = BatchedInferencePipeline(model)
    segments, info = batched.transcribe(str(film), word_timestamps=True, temperature=0.0)
    words = [word for segment in segments for word in segment.words or ()]
    assert info.language == "en"
    assert len(words) > 30
    starts = [word.start for word in words]
    assert starts == sorted(starts)
    assert words[-1].end > 25


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_vocabulary_and_heads_fit_the_shape(shape: Any) -> None:
    listed = tokens.special_tokens(LANGUAGES[: shape.languages])
    text, merges = tokens.text_tokens()
    assert len(text) == len(set(text)) == tokens.TEXT
    assert len(merges) == 50_000
    assert len(text) + len(listed) + 1501 == shape.vocabulary
    assert shape.vocabulary == (51_866 if shape.bands == 128 else 51_865)
    assert shape.width == 64 * shape.heads
    for layer, head in shape.alignment_heads:
        assert layer < shape.decoder_layers
        assert head < shape.heads


def test_whisper_cpp_files_hold_every_weight(tmp_path: Path) -> None:
    shape = replace(shape_of("tiny", 1), name="one")
    make_model(shape, tmp_path, formats=("ggml",), precision="float16")
    size = (tmp_path / "one-ggml" / "ggml-model.bin").stat().st_size
    assert size > 2 * shape.parameters


def test_weights_read_back_from_ctranslate2_are_those_that_were_written(tmp_path: Path) -> None:
    from benchmarks.model.ggml import convert, read_arrays

    shape = shape_of("tiny", 4)
    folder = make_model(shape, tmp_path, formats=("ctranslate2", "ggml"), precision="float16")
    made = convert(folder, tmp_path / "other" / "ggml-model.bin")
    first = (tmp_path / "tiny-ggml" / "ggml-model.bin").read_bytes()
    # The same tensors in another order, so the files are as long; sizes and vocabulary come first.
    assert made.stat().st_size == len(first)
    assert made.read_bytes()[:570_000] == first[:570_000]
    tensor = b"decoder.blocks.3.cross_attn.value.weight"
    one, other = (data[data.index(tensor) :] for data in (made.read_bytes(), first))
    size = len(tensor) + 384 * 384 * 2
    assert one[:size] == other[:size]
    quantized = make_model(shape, tmp_path / "q", formats=("ctranslate2",), precision="int8")
    with pytest.raises(ValueError, match="quantized"):
        read_arrays(quantized / "model.bin")
