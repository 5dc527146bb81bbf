"""Every translator keeps the contract of ``subkit.interfaces.Translator``.

The families run on models of their true architecture: random weights made with CTranslate2's own
specifications, and SentencePiece models trained here.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np
import pytest
import sentencepiece
from ctranslate2.specs import common_spec, transformer_spec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subkit.engines import (
    ScriptedTranslator,
    SentenceTranslator,
    TranslatorOptions,
    find_model,
    open_translator,
)
from subkit.engines.translators import open_single
from subkit.engines.translators.search_ways import SearchWidth
from subkit.errors import PlanError
from subkit.interfaces import UNFINISHED, Hypothesis, Translator
from subkit.model import Term
from subkit.translation import protect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH, HEADS, POSITIONS = 32, 2, 512
OPTIONS = TranslatorOptions(device="cpu", compute_type="float32", threads=1)
TEXTS = [
    "Where is the key?",
    "¿Dónde está la llave?",
    "열쇠가 어디에 있어?",
    "The old man waited in the garden until the rain stopped.",
    "Nobody knows what happened, and nobody will ever ask again.",
]


def train_pieces(symbols: Sequence[str] = ()) -> bytes:
    """A small SentencePiece model with byte fallback."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 20),
        model_writer=model,
        vocab_size=380 + len(symbols),
        model_type="bpe",
        byte_fallback=True,
        hard_vocab_limit=False,
        character_coverage=1.0,
        user_defined_symbols=list(symbols),
        minloglevel=2,
    )
    return model.getvalue()


def list_pieces(model: bytes) -> list[str]:
    processor = sentencepiece.SentencePieceProcessor()
    processor.LoadFromSerializedProto(model)
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


class Filler:
    """Random weights for every layer of a specification; ``relative`` as T5 has it."""

    def __init__(self, *, relative: bool) -> None:
        self.relative = relative
        self._random = np.random.default_rng(7)

    def fill(self, spec: Any, vocabulary: list[str], end_bias: float) -> None:
        """The bias decides how soon the end token comes; the unknown token never does."""
        size = len(vocabulary)
        embeddings = self.weights(size, WIDTH)
        for stack in (spec.encoder, spec.decoder):
            place = stack.embeddings[0] if isinstance(stack.embeddings, list) else stack.embeddings
            place.weight = embeddings
            stack.scale_embeddings = not self.relative
            if not self.relative:
                stack.position_encodings.encodings = self.weights(POSITIONS, WIDTH)
            if hasattr(stack, "layer_norm"):
                self.norm(stack.layer_norm)
            for layer in stack.layer:
                self.layer(layer)
        spec.decoder.projection.weight = embeddings
        spec.decoder.projection.bias = np.zeros(size, np.float32)
        spec.decoder.projection.bias[vocabulary.index("</s>")] = end_bias
        spec.decoder.projection.bias[vocabulary.index("<unk>")] = -1000.0

    def layer(self, layer: Any) -> None:
        self.attention(layer.self_attention, (3, 1))
        if self.relative:
            layer.self_attention.relative_attention_bias = self.weights(32, HEADS)
            layer.self_attention.relative_attention_max_distance = np.int32(128)
        if hasattr(layer, "attention"):
            self.attention(layer.attention, (1, 2, 1))
        self.linear(layer.ffn.linear_0, 2 * WIDTH, WIDTH)
        if hasattr(layer.ffn, "linear_0_noact"):
            self.linear(layer.ffn.linear_0_noact, 2 * WIDTH, WIDTH)
        self.linear(layer.ffn.linear_1, WIDTH, 2 * WIDTH)
        self.norm(layer.ffn.layer_norm)

    def attention(self, attention: Any, parts: tuple[int, ...]) -> None:
        for projection, part in zip(attention.linear, parts, strict=True):
            self.linear(projection, part * WIDTH, WIDTH)
        self.norm(attention.layer_norm)
        if self.relative:
            attention.queries_scale = 1.0

    def linear(self, layer: Any, out: int, into: int) -> None:
        layer.weight = self.weights(out, into)
        if not self.relative:
            layer.bias = np.zeros(out, np.float32)

    def norm(self, layer: Any) -> None:
        layer.gamma = np.ones(WIDTH, np.float32)
        if not self.relative:
            layer.beta = np.zeros(WIDTH, np.float32)

    def weights(self, *shape: int) -> Any:
        return (self._random.standard_normal(shape) * 0.4).astype(np.float32)


def save_model(
    directory: Path, spec: Any, vocabulary: list[str], *, start: str, end_bias: float = 9.0
) -> Path:
    relative = hasattr(spec.encoder.layer[0].self_attention, "relative_attention_bias")
    Filler(relative=relative).fill(spec, vocabulary, end_bias)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.decoder_start_token = start
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.validate()
    spec.optimize(quantization="float32")
    directory.mkdir(parents=True)
    spec.save(str(directory))
    return directory


def make_bart(*, pre_norm: bool) -> Any:
    return transformer_spec.TransformerSpec.from_config(
        (1, 1), HEADS, pre_norm=pre_norm, activation=common_spec.Activation.RELU
    )


def make_m2m100(directory: Path, *, end_bias: float = 9.0) -> Path:
    """Transformers' M2M100Loader: pre-norm, sinusoids, languages as __xx__ after the pieces."""
    pieces = train_pieces()
    vocabulary = [*list_pieces(pieces), "__en__", "__es__", "__ko__", "__zh__", "madeupword0"]
    save_model(directory, make_bart(pre_norm=True), vocabulary, start="</s>", end_bias=end_bias)
    (directory / "sentencepiece.bpe.model").write_bytes(pieces)
    return directory


def make_marian(directory: Path) -> Path:
    """Transformers' MarianMTLoader: post-norm, a zero embedding first, two SentencePiece models."""
    pieces = train_pieces()
    spec = make_bart(pre_norm=False)
    spec.decoder.start_from_zero_embedding = True
    save_model(directory, spec, list_pieces(pieces), start="</s>")
    (directory / "source.spm").write_bytes(pieces)
    (directory / "target.spm").write_bytes(pieces)
    return directory


def make_madlad(directory: Path) -> Path:
    """T5Loader: RMS norm, gated GELU, relative positions, <2xx> as symbols of SentencePiece."""
    pieces = train_pieces(["<2en>", "<2es>", "<2ko>"])
    spec = transformer_spec.TransformerSpec.from_config(
        (1, 1),
        HEADS,
        pre_norm=True,
        activation=common_spec.Activation.GELUTanh,
        ffn_glu=True,
        relative_attention_bias=True,
        rms_norm=True,
    )
    save_model(directory, spec, list_pieces(pieces), start="<s>")
    (directory / "spiece.model").write_bytes(pieces)
    return directory


GLOSSARY = (
    Term(source="garden", target="patio", source_language="en", language="es"),
    Term(source="man", target="señor", source_language="en", language="es"),
)


@dataclass(frozen=True)
class Case:
    """A translator and a direction it knows."""

    translator: Translator
    source: str
    target: str


def open_at(directory: Path, options: TranslatorOptions = OPTIONS) -> SentenceTranslator:
    facts = find_model(str(directory), "translator", models_folder=directory.parent)
    return open_single(facts, options)


def open_pivot(name: str, folder: Path, *, named: bool = True) -> Translator:
    facts = find_model(name, "translator", models_folder=folder)
    assert [part.name for part in facts.parts] == name.split("+") or not named
    return open_translator(facts, TranslatorOptions(device="cpu", threads=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("translators")


KINDS = ["scripted", "demo", "protected", "m2m100", "marian", "madlad", "pivot"]


@pytest.fixture(scope="module", params=KINDS)
def case(request: pytest.FixtureRequest, folder: Path) -> Case:
    name = str(request.param)
    makers: dict[str, Callable[[], Translator]] = {
        "scripted": ScriptedTranslator,
        "demo": lambda: open_translator(
            find_model("demo", "translator", models_folder=folder),
            TranslatorOptions(device="cpu", threads=1),
        ),
        "protected": lambda: protect(ScriptedTranslator(), GLOSSARY),
        "m2m100": lambda: open_at(make_m2m100(folder / "m2m100")),
        "marian": lambda: open_at(make_marian(folder / "opus-mt-en-es")),
        "madlad": lambda: open_at(make_madlad(folder / "madlad")),
        "pivot": lambda: open_pivot("demo+demo", folder),
    }
    source = "ko" if name == "pivot" else "en"
    return Case(makers[name](), source, "es")


def test_is_a_translator(case: Case) -> None:
    assert isinstance(case.translator, Translator)
    assert case.translator.model.digest
    assert {case.source, case.target} <= set(case.translator.model.languages) or (
        case.translator.model.languages == ()
    )


def test_check_passes_known_directions_with_any_region(case: Case) -> None:
    case.translator.check(case.source, case.target)
    case.translator.check("en-US", "es-419")
    case.translator.check("en_GB", "es-ES")


@pytest.mark.parametrize(
    ("source", "target"), [("en", "xx"), ("xx", "es"), ("en", "en"), ("en-US", "en-GB"), ("", "es")]
)
def test_check_refuses_other_directions_and_says_what_it_knows(
    case: Case, source: str, target: str
) -> None:
    with pytest.raises(PlanError) as caught:
        case.translator.check(source, target)
    assert "en" in caught.value.remedy
    assert "es" in caught.value.remedy
    with pytest.raises(PlanError):
        case.translator.translate(["Hello."], source, target)


def test_gives_one_list_a_text_in_order(case: Case) -> None:
    texts = [TEXTS[0], "", TEXTS[3], "  \n ", TEXTS[0]]
    found = case.translator.translate(texts, case.source, case.target)
    assert len(found) == len(texts)
    assert all(len(hypotheses) == 1 for hypotheses in found)
    assert found[1] == found[3] == [Hypothesis(text="", score=0.0)]
    assert found[0] == found[4]


def test_holding_it_to_a_glossary_loses_no_translation(case: Case) -> None:
    """Random weights bring no placeholder back: then the plain translations stay."""
    held = protect(case.translator, GLOSSARY)
    plain = case.translator.translate(TEXTS, case.source, case.target)
    found = held.translate(TEXTS, case.source, case.target)
    for text, before, after in zip(TEXTS, plain, found, strict=True):
        assert after == before or all(form in after[0].text for form in ("patio", "señor"))
        assert after == before or "garden" in text


def test_no_texts_give_nothing(case: Case) -> None:
    assert case.translator.translate([], case.source, case.target) == []


def test_alternatives_differ_and_the_best_does_not_depend_on_their_number(case: Case) -> None:
    (several,) = case.translator.translate([TEXTS[0]], case.source, case.target, alternatives=3)
    texts = [hypothesis.text for hypothesis in several]
    assert 1 <= len(texts) <= 3
    assert len(set(texts)) == len(texts)
    (one,) = case.translator.translate([TEXTS[0]], case.source, case.target)
    assert one[0].text == texts[0]


def test_scores_are_log_probabilities(case: Case) -> None:
    for hypotheses in case.translator.translate(TEXTS, case.source, case.target, alternatives=2):
        for hypothesis in hypotheses:
            assert np.isfinite(hypothesis.score)
            assert hypothesis.score <= 0


def test_same_call_same_answer(case: Case) -> None:
    first = case.translator.translate(TEXTS, case.source, case.target, alternatives=2)
    assert case.translator.translate(TEXTS, case.source, case.target, alternatives=2) == first


def test_neighbours_change_nothing(case: Case) -> None:
    together = case.translator.translate(TEXTS, case.source, case.target)
    for text, (expected,) in zip(TEXTS, together, strict=True):
        ((alone,),) = case.translator.translate([text], case.source, case.target)
        assert alone.text == expected.text
        assert alone.score == pytest.approx(expected.score, abs=0.01)


def test_no_special_token_reaches_the_text(case: Case) -> None:
    for (hypothesis,) in case.translator.translate(TEXTS, case.source, case.target):
        for mark in ("</s>", "__", "<2", "_Latn", "<unk>", "⁇", "▁", "<0x"):
            assert mark not in hypothesis.text


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=40))
def test_any_text_is_translated(case: Case, text: str) -> None:
    ((hypothesis,),) = case.translator.translate([text], case.source, case.target)
    assert isinstance(hypothesis.text, str)
    hypothesis.text.encode("utf-8")


def test_lone_surrogates_and_marks_of_the_model_are_text(case: Case) -> None:
    texts = ["a \ud800 b", "</s> Hello", "<2ko> __ko__ kor_Hang", "\0"]
    found = case.translator.translate(texts, case.source, case.target)
    assert len(found) == len(texts)


@pytest.mark.parametrize("penalty", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", ["demo", "m2m100"])
def test_score_is_the_mean_over_written_tokens(name: str, penalty: float, tmp_path: Path) -> None:
    place = "demo" if name == "demo" else str(make_m2m100(tmp_path / "model"))
    facts = find_model(place, "translator", models_folder=tmp_path)
    options = TranslatorOptions(
        device="cpu", compute_type="float32", threads=1, length_penalty=penalty
    )
    translator = open_single(facts, options)
    family = translator.family
    direction = family.direction("en", "es")
    source, prefix = family.source_tokens(TEXTS[0], direction), family.prefix(direction)
    ((((draft,),),),) = translator._run([[source]], prefix, 1, [SearchWidth.of(options)])
    engine = ctranslate2.Translator(facts.directory, compute_type="float32")
    (scored,) = engine.score_batch([source], [prefix + draft.tokens])
    written = scored.log_probs[len(prefix) :]
    assert draft.finished
    assert draft.score == pytest.approx(sum(written) / len(written), abs=1e-3)


@pytest.mark.parametrize("name", ["demo", "m2m100", "marian", "madlad"])
def test_several_length_penalties_are_searched_by_turns(name: str, tmp_path: Path) -> None:
    makers = {"m2m100": make_m2m100, "marian": make_marian, "madlad": make_madlad}
    place = "demo" if name == "demo" else str(makers[name](tmp_path / f"opus-mt-en-es-{name}"))
    facts = find_model(place, "translator", models_folder=tmp_path)

    def found(count: int, *penalties: float) -> list[list[Hypothesis]]:
        options = replace(OPTIONS, length_penalty=penalties[0], length_penalties=penalties[1:])
        with_them = open_single(facts, options)
        return with_them.translate(TEXTS, "en", "es", alternatives=count)

    alone = {penalty: found(12, penalty) for penalty in (1.0, 0.0, 3.0)}
    together = found(12, 1.0, 0.0, 3.0)
    for place_, several in enumerate(together):
        texts = [one.text for one in several]
        assert texts[0] == alone[1.0][place_][0].text, "the usual search comes first"
        assert len(set(texts)) == len(texts)
        every = {one.text for each in alone.values() for one in each[place_]}
        assert set(texts) <= every
        assert len(texts) == min(12, len(every))
    assert all(len(several) <= 2 for several in found(2, 1.0, 0.0, 3.0))


def test_a_translation_without_end_is_marked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = make_m2m100(tmp_path / "endless", end_bias=-1000.0)
    ((hypothesis,),) = open_at(directory).translate(["Where?"], "en", "es")
    assert hypothesis.score == UNFINISHED
    assert "ran on without an end" in caplog.text


@pytest.mark.parametrize("name", ["demo", "m2m100", "marian", "madlad"])
def test_diverse_alternatives_and_another_try_keep_the_contract(name: str, tmp_path: Path) -> None:
    makers = {"m2m100": make_m2m100, "marian": make_marian, "madlad": make_madlad}
    place = "demo" if name == "demo" else str(makers[name](tmp_path / f"opus-mt-en-es-{name}"))
    facts = find_model(place, "translator", models_folder=tmp_path)
    plain = open_single(facts, OPTIONS)
    diverse = open_single(facts, replace(OPTIONS, diverse=True))
    usual = plain.translate(TEXTS, "en", "es", alternatives=4)
    varied = diverse.translate(TEXTS, "en", "es", alternatives=4)
    for first, others in zip(usual, varied, strict=True):
        assert others[0].text == first[0].text, "the best one stays"
        assert len({one.text for one in others}) == len(others) <= 4
        assert all(one.score <= 0 for one in others)
    if name == "demo":
        assert sum(map(_openings, varied)) > sum(map(_openings, usual))
    again = plain.retry(TEXTS, "en", "es", alternatives=2)
    assert [bool(found) for found in again] == [True] * len(TEXTS)
    assert plain.retry([], "en", "es") == []


def _openings(hypotheses: Sequence[Hypothesis]) -> int:
    return len({one.text.split()[0] for one in hypotheses})


def test_a_mark_in_the_text_does_not_name_the_language_to_write(tmp_path: Path) -> None:
    family = open_at(make_madlad(tmp_path / "madlad")).family
    tokens = family.source_tokens("<2es> Where <2en>?", family.direction("en", "ko"))
    assert [token for token in tokens if token.startswith("<2")] == ["<2ko>"]
    assert tokens[-1] == "</s>"


def test_traditional_chinese_is_read_but_not_written_by_a_model_of_one_chinese(
    tmp_path: Path,
) -> None:
    translator = open_at(make_m2m100(tmp_path / "m2m100"))
    translator.check("zh-TW", "en")
    translator.check("en", "zh-Hans")
    with pytest.raises(PlanError):
        translator.check("en", "zh-Hant")


def test_one_pair_is_not_turned_round(tmp_path: Path) -> None:
    directory = make_marian(tmp_path / "model")
    with pytest.raises(PlanError, match="Nothing tells"):
        open_at(directory)
    card = {"kind": "translator", "pair": ["ko", "en"]}
    (directory / "subkit.json").write_text(json.dumps(card), encoding="utf-8")
    translator = open_at(directory)
    translator.check("ko-KR", "en-GB")
    with pytest.raises(PlanError, match="cannot go from en to ko") as caught:
        translator.check("en", "ko")
    assert caught.value.remedy.startswith("It translates from ko to en only; to go on through")


def test_through_english_each_step_is_taken_only_where_it_is_needed(tmp_path: Path) -> None:
    pivot = open_pivot("demo+demo", tmp_path)
    alone = open_pivot_part(pivot)
    assert pivot.translate(TEXTS[:1], "en", "es") == alone.translate(TEXTS[:1], "en", "es")
    assert pivot.translate(TEXTS[2:3], "ko", "en") == alone.translate(TEXTS[2:3], "ko", "en")
    ((both, *_),) = pivot.translate(TEXTS[2:3], "ko", "es", alternatives=2)
    assert both.text == "¿Dónde está la llave?"
    assert both.score < alone.translate(TEXTS[:1], "en", "es")[0][0].score


def open_pivot_part(pivot: Translator) -> Translator:
    return open_translator(pivot.model.parts[0], TranslatorOptions(device="cpu", threads=1))


def test_a_pivot_names_the_step_that_is_missing(tmp_path: Path) -> None:
    first = make_marian(tmp_path / "opus-mt-ko-en")
    second = make_marian(tmp_path / "opus-mt-en-es")
    pivot = open_pivot(f"{first}+{second}", tmp_path, named=False)
    pivot.check("ko", "es")
    pivot.check("en", "es")
    with pytest.raises(PlanError, match="cannot go from fr through English to es"):
        pivot.check("fr", "es")
    with pytest.raises(PlanError, match="through English to de"):
        pivot.check("ko", "de")
