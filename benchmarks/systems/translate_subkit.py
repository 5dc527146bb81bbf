"""subkit's own stage of translation: cues in, cues out."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.systems.worker import serve_cues, versions_of

if TYPE_CHECKING:
    from subkit.engines import SentenceTranslator


def open_model(job: dict[str, Any]) -> SentenceTranslator:
    """The translator with what the job says."""
    from subkit.engines import TranslatorOptions, find_model
    from subkit.engines.translators import open_single

    folder = Path(job["models"])
    model = find_model(job["model"], "translator", models_folder=folder, offline=True)
    options = TranslatorOptions(
        device=job["device"],
        compute_type=job["precision"],
        threads=job["threads"],
        beam_size=job["beam_size"],
    )
    return open_single(model, options)


def load(job: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """Load the model with what the job says."""
    from subkit.model import Cue, Origin, Provenance, Span, Track
    from subkit.spotting import break_lines
    from subkit.styles import load_profile
    from subkit.translation import TranslationOptions, translate_track

    translator = open_model(job)
    options = TranslationOptions(alternatives=job["alternatives"], fit="none")

    def translate(part: dict[str, Any]) -> dict[str, str]:
        target = part["target"]
        cues = tuple(
            Cue(id=name, span=Span(Fraction(start), Fraction(end)), lines=(text,))
            for name, start, end, text in part["cues"]
        )
        profile = load_profile("subkit", target)
        made = translate_track(
            Track(id=part["source"], language=part["source"], cues=cues),
            target=target,
            translator=translator,
            profile=profile,
            break_lines=lambda text: break_lines(text, profile=profile, language=target),
            provenance=Provenance(origin=Origin.MT, tool="benchmark"),
            options=options,
        )
        return {cue.id: " ".join(cue.lines) for cue in made.cues}

    return translate, versions_of("subkit", "ctranslate2")


if __name__ == "__main__":
    serve_cues(load)
