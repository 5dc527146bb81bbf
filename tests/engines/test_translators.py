"""Translators: meaning on the demo model, long texts, and broken directories."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.engines import (
    SentenceTranslator,
    TranslatorOptions,
    find_model,
    open_translator,
)
from subkit.engines.translators import open_single
from subkit.engines.translators.split import join_parts, split_text
from subkit.errors import DeviceError, EngineError, ModelNotFound, PlanError
from subkit.interfaces import ModelFacts, Silent

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = TranslatorOptions(device="cpu", threads=1)
MEANINGS = {
    ("en", "es"): {
        "Where is the key?": "¿Dónde está la llave?",
        "Where is the money?": "¿Dónde está el dinero?",
    },
    ("en", "ko"): {"Where is the key?": "열쇠가 어디에 있어?"},
    ("es", "en"): {"¿Dónde está la llave?": "Where is the key?"},
    ("ko", "en"): {"열쇠가 어디에 있어?": "Where is the key?"},
}


def words(text: str) -> int:
    return len(text.split())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> SentenceTranslator:
    facts = find_model("demo", "translator", models_folder=tmp_path_factory.mktemp("models"))
    return open_single(facts, OPTIONS)


def open_copy(directory: Path) -> SentenceTranslator:
    facts = ModelFacts(name="copied", directory=str(directory), digest="")
    return open_single(facts, OPTIONS)


@pytest.mark.parametrize("direction", MEANINGS, ids="-".join)
def test_the_demo_translator_knows_its_domain(
    demo: SentenceTranslator, direction: tuple[str, str]
) -> None:
    texts = list(MEANINGS[direction])
    found = demo.translate(texts, *direction)
    assert [hypotheses[0].text for hypotheses in found] == list(MEANINGS[direction].values())
    assert all(hypotheses[0].score > -0.5 for hypotheses in found)


def test_words_outside_the_domain_score_lower(demo: SentenceTranslator) -> None:
    (inside,), (outside,) = demo.translate(
        ["Where is the key?", "Quarterly zebra dividends obfuscate."], "en", "ko"
    )
    low = demo.model.low_score
    assert low is not None
    assert outside.score < low < inside.score


def test_a_line_break_is_a_space(demo: SentenceTranslator) -> None:
    broken, whole = demo.translate(["Where is\nthe key?", "Where is the key?"], "en", "es")
    assert broken == whole


def test_a_very_long_text_is_translated_to_its_end(demo: SentenceTranslator) -> None:
    text = "Where is the key? Where is the money? " * 270
    assert len(text) > 10_000
    ((hypothesis,),) = demo.translate([text], "en", "es")
    assert hypothesis.text.count("llave") == hypothesis.text.count("dinero")
    assert hypothesis.text.count("llave") >= 260
    assert hypothesis.score > -0.5


def test_a_very_long_word_is_no_trouble(demo: SentenceTranslator) -> None:
    ((hypothesis,),) = demo.translate(["a" * 10_000], "en", "es")
    assert isinstance(hypothesis.text, str)


def test_identical_texts_are_computed_once(
    demo: SentenceTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    run = demo._run

    def counted(batches: list[list[list[str]]], *args: Any, **kwargs: Any) -> Any:
        sizes.extend(map(len, batches))
        return run(batches, *args, **kwargs)

    monkeypatch.setattr(demo, "_run", counted)
    demo.translate(["Where is the key?"] * 50, "en", "es")
    assert sizes == [1]


def test_batches_side_by_side_give_what_one_after_the_other_gives(tmp_path: Path) -> None:
    facts = find_model("demo", "translator", models_folder=tmp_path)
    texts = [f"The captain opened door {n} and {n + 1} men came in." for n in range(40)]
    texts += ["No.", "Where is the key?", "Wait."]
    found = []
    for threads, size in ((1, 10_000), (1, 0), (3, 0), (3, 64)):
        options = TranslatorOptions(
            device="cpu", compute_type="float32", threads=threads, batch_tokens=size
        )
        translator = open_single(facts, options)
        assert translator.engine.num_translators == threads
        found.append(translator.translate(texts, "en", "es", alternatives=2))
    for other in found[1:]:
        assert [[one.text for one in several] for several in other] == [
            [one.text for one in several] for several in found[0]
        ]


def test_an_engine_that_fails_is_an_engine_error(
    demo: SentenceTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def translate_batch(self, *args: object, **kwargs: object) -> None:
            raise RuntimeError("CUDA failed with error out of memory")

    monkeypatch.setattr(demo, "engine", Failing())
    with pytest.raises(EngineError, match="ran out of memory") as caught:
        demo.translate(["Where?"], "en", "es")
    assert "batch_tokens" in caught.value.remedy


def test_unknown_directions_list_what_is_known(demo: SentenceTranslator) -> None:
    with pytest.raises(PlanError, match="it does not know fr") as caught:
        demo.check("en", "fr")
    assert caught.value.remedy == "It translates between any two of: en, es, ko."


def test_without_a_card_the_family_and_languages_are_read_from_the_vocabulary(
    copied: Path, demo: SentenceTranslator
) -> None:
    (copied / "subkit.json").unlink()
    translator = open_copy(copied)
    assert translator.languages == demo.languages
    text = "Where is the key?"
    assert translator.translate([text], "en", "ko") == demo.translate([text], "en", "ko")


def test_an_unknown_family_is_refused(copied: Path) -> None:
    (copied / "subkit.json").write_text('{"family": "bart"}', encoding="utf-8")
    with pytest.raises(EngineError, match='family "bart"') as caught:
        open_copy(copied)
    assert "nllb" in caught.value.remedy


def test_languages_that_the_vocabulary_has_not_are_refused(copied: Path) -> None:
    card = {"family": "nllb", "languages": {"en": "eng_Latn", "fr": "fra_Latn"}}
    (copied / "subkit.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(EngineError, match="fra_Latn"):
        open_copy(copied)


def test_another_models_sentencepiece_is_refused(copied: Path) -> None:
    import sentencepiece

    other = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["ζβγδ ξψω", "αλφα βητα γαμμα δελτα"] * 30),
        model_writer=other,
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (copied / "sentencepiece.bpe.model").write_bytes(other.getvalue())
    with pytest.raises(EngineError, match="do not belong together"):
        open_copy(copied)


def test_a_sentencepiece_that_shares_three_quarters_is_refused(copied: Path) -> None:
    path = copied / "shared_vocabulary.json"
    tokens = json.loads(path.read_text(encoding="utf-8"))
    others = [f"other{place}" for place in range(len(tokens) // 4)]
    path.write_text(json.dumps([*tokens[: -len(others)], *others]), encoding="utf-8")
    with pytest.raises(EngineError, match="do not belong together"):
        open_copy(copied)


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x00" * 1000])
def test_a_broken_sentencepiece_model_is_named(data: bytes, copied: Path) -> None:
    (copied / "sentencepiece.bpe.model").write_bytes(data)
    with pytest.raises(EngineError, match=r"sentencepiece\.bpe\.model.*damaged"):
        open_copy(copied)


def test_a_missing_sentencepiece_model_is_named(copied: Path) -> None:
    (copied / "sentencepiece.bpe.model").unlink()
    with pytest.raises(ModelNotFound, match="incomplete"):
        open_copy(copied)


def test_a_cut_model_is_refused_before_it_is_loaded(copied: Path) -> None:
    path = copied / "model.bin"
    path.write_bytes(path.read_bytes()[:500_000])
    with pytest.raises(EngineError, match="cut short or damaged"):
        open_copy(copied)


@pytest.mark.parametrize("text", ["{}", "[1, 2]", "[", ""])
def test_a_broken_vocabulary_is_named(text: str, copied: Path) -> None:
    (copied / "shared_vocabulary.json").write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match="shared_vocabulary"):
        open_copy(copied)


def test_a_vocabulary_of_another_size_is_refused(copied: Path) -> None:
    path = copied / "shared_vocabulary.json"
    tokens = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(tokens[:-50]), encoding="utf-8")
    with pytest.raises(EngineError, match="do not belong together"):
        open_copy(copied)


def test_a_vocabulary_as_text_is_read(copied: Path, demo: SentenceTranslator) -> None:
    path = copied / "shared_vocabulary.json"
    tokens = json.loads(path.read_text(encoding="utf-8"))
    (copied / "shared_vocabulary.txt").write_text("\n".join(tokens), encoding="utf-8")
    path.unlink()
    text = "Where is the key?"
    found = open_copy(copied).translate([text], "en", "es")
    assert found == demo.translate([text], "en", "es")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("beam_size", 0),
        ("threads", -1),
        ("batch_tokens", -1),
        ("max_input_tokens", 5000),
        ("length_penalty", -1.0),
        ("repetition_penalty", 0.0),
    ],
)
def test_options_that_cannot_be_are_refused(name: str, value: float) -> None:
    with pytest.raises(PlanError, match=name):
        TranslatorOptions(**{name: value})  # type: ignore[arg-type]


def test_a_compute_type_that_is_not_here_is_a_device_error(tmp_path: Path) -> None:
    facts = find_model("demo", "translator", models_folder=tmp_path)
    with pytest.raises(DeviceError, match="float99"):
        open_translator(facts, TranslatorOptions(device="cpu", compute_type="float99"))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One two. Three four.", 4, ["One two. Three four."]),
        ("One two. Three four.", 3, ["One two.", "Three four."]),
        ("One. Two. Three four five.", 4, ["One.", "Two.", "Three four five."]),
        ('He said "Go." Then he left.', 4, ['He said "Go."', "Then he left."]),
        ("One two three, four five six.", 3, ["One two three,", "four five six."]),
        ("one two three four five", 2, ["one two", "three four", "five"]),
    ],
)
def test_texts_are_cut_at_the_best_places(text: str, limit: int, expected: list[str]) -> None:
    assert split_text(text, limit, words) == expected


def test_full_width_sentences_need_no_space() -> None:
    text = "鍵はどこですか？「行け。」彼は去った。"
    assert split_text(text, 9, len) == ["鍵はどこですか？", "「行け。」", "彼は去った。"]


@given(text=st.text(alphabet="ab .,?!。、한", max_size=120), limit=st.integers(8, 40))
def test_only_space_is_lost_where_a_text_is_cut(text: str, limit: int) -> None:
    parts = split_text(text, limit, len)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= limit for part in parts)


def test_parts_are_joined_as_the_language_writes() -> None:
    assert join_parts(["One.", "", "Two."], "en-US") == "One. Two."
    assert join_parts(["一。", "二。"], "zh-Hans") == "一。二。"
    assert join_parts(["하나.", "둘."], "ko") == "하나. 둘."


def test_a_directory_that_may_not_be_used_commercially_says_so_before_use(copied: Path) -> None:
    class Hearing(Silent):
        heard: list[str] = []  # noqa: RUF012 - one test

        def warn(self, message: str) -> None:
            self.heard.append(message)

    card = json.loads((copied / "subkit.json").read_text(encoding="utf-8"))
    (copied / "subkit.json").write_text(json.dumps(card | {"license": "CC-BY-NC-4.0"}))
    find_model(str(copied), "translator", models_folder=copied.parent, progress=Hearing())
    assert any("may not be used commercially (CC-BY-NC-4.0)" in one for one in Hearing.heard)
    (copied / "subkit.json").write_text(json.dumps(card))
    Hearing.heard.clear()
    find_model(str(copied), "translator", models_folder=copied.parent, progress=Hearing())
    assert Hearing.heard == []
