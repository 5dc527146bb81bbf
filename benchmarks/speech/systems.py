"""Which systems are compared on real speech, and what each is given."""

from __future__ import annotations

from typing import Any

from benchmarks.harness.systems import TUNED, System

__all__ = ["BASE", "PEERS", "SYSTEMS", "TUNED_PEER", "job_for"]

BASE = "faster-whisper batched"
"""What the others are compared with: its defaults."""

TUNED_PEER = "faster-whisper batched, our environment"

_SEQUENTIAL = {"batch_size": 0, "options": {"condition_on_previous_text": True}}

SYSTEMS = {
    system.name: system
    for system in (
        System(BASE, "run_faster_whisper.py", note="beam 5, batches of 8, as it comes"),
        System(
            TUNED_PEER,
            "run_faster_whisper.py",
            environment=TUNED,
            note="with the allocator's settings that subkit starts its engine in",
        ),
        System(
            "faster-whisper batched, silence in the mel",
            "run_faster_whisper.py",
            environment=TUNED,
            job={"silence": True},
            note="in our environment, and patched to pad windows with the features of silence",
        ),
        System(
            "faster-whisper sequential",
            "run_faster_whisper.py",
            job=_SEQUENTIAL,
            note="as it comes, with voice detection",
        ),
        System("subkit exact", "run_subkit_pipeline.py", job={"mode": "exact"}),
        System("subkit fast", "run_subkit_pipeline.py", job={"mode": "fast"}),
        System("stable-ts", "run_stable_ts.py", "stable-ts", note="over faster-whisper sequential"),
        System("WhisperX", "run_whisperx.py", "whisperx", note="without its own word times"),
        System(
            "whisper.cpp",
            "run_whisper_cpp.py",
            "whisper.cpp",
            weights="ggml",
            note="float16, no voice detection, times of tokens",
        ),
    )
}

PEERS = ("stable-ts", "WhisperX", "whisper.cpp")
"""Those that need an environment of their own."""


def job_for(
    system: System,
    weights: dict[str, str],
    language: str,
    threads: int,
    *,
    device: str = "cpu",
    compute_type: str = "int8",
) -> dict[str, Any]:
    """What a system is asked to do, without the sound.

    Args:
        system: Which.
        weights: By format, the model's path.
        language: BCP 47; ``"mixed"`` leaves it to the system.
        threads: In all; for subkit, 0 is its own choice.
        device: ``"cpu"`` or ``"cuda"``.
        compute_type: As CTranslate2 names them.
    """
    mixed = language == "mixed"
    options: dict[str, Any] = dict(system.job.get("options", {}))
    if mixed and system.script == "run_faster_whisper.py":
        options["multilingual"] = True
    job = {
        "model": weights[system.weights],
        "language": None if mixed else language,
        "threads": threads,
        "device": device,
        "compute_type": compute_type,
        "beam_size": 5,
        "batch_size": 8,
        "temperatures": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        "word_times": True,
        **system.job,
    }
    return {**job, "options": options} if options else job
