"""Versions and capabilities of the engine on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import metadata

__all__ = ["EngineFacts", "available_cores", "engine_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """Versions and devices of the recognition engine.

    Attributes:
        versions: Installed version of each package, ``""`` where it is missing.
        devices: Devices there are, the one that ``"auto"`` takes first.
        compute_types: CTranslate2's compute types on each device, sorted.
        cuda_devices: Number of CUDA devices CTranslate2 sees.
        fault: Why CTranslate2 could not be asked; empty where it could.
    """

    versions: dict[str, str]
    devices: tuple[str, ...]
    compute_types: dict[str, tuple[str, ...]]
    cuda_devices: int
    fault: str = ""


def engine_facts() -> EngineFacts:
    """Inspect the engine; a broken or missing package is reported, not raised."""
    versions = {name: _version(name) for name in ("faster-whisper", "ctranslate2", "onnxruntime")}
    try:
        import ctranslate2

        count = int(ctranslate2.get_cuda_device_count())
        devices = ("cuda", "cpu") if count else ("cpu",)
        types = {
            device: tuple(sorted(ctranslate2.get_supported_compute_types(device)))
            for device in devices
        }
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        return EngineFacts(
            versions=versions, devices=(), compute_types={}, cuda_devices=0, fault=str(error)
        )
    return EngineFacts(versions=versions, devices=devices, compute_types=types, cuda_devices=count)


def available_cores() -> int:
    """Return the processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
