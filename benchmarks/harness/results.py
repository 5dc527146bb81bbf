"""What a run was made on, and its results as JSON."""

from __future__ import annotations

import json
import os
import platform
import shlex
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["machine_facts", "write_results"]

_PACKAGES = ("subkit", "faster-whisper", "ctranslate2", "onnxruntime", "numpy", "av")


def machine_facts() -> dict[str, Any]:
    """Date, processor, cores, system, versions and load at this moment."""
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "niceness": os.nice(0) if hasattr(os, "nice") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def write_results(path: Path, command: list[str], facts: dict[str, Any], **parts: Any) -> None:
    """Write a run's results; ``command`` is what made them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Where somebody keeps their files is nobody's business.
    script, *rest = command
    words = [Path(word).name if Path(word).is_absolute() else word for word in rest]
    line = shlex.join(["python", f"benchmarks/{Path(script).name}", *words])
    data = {"command": line, **facts, **parts}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
