"""Which peers can be compared with here? Makes a virtual environment for each one asked for.

    python benchmarks/peers/setup.py faster-whisper whisper.cpp
    python benchmarks/peers/setup.py openai-whisper stable-ts whisperx transformers

Environments are put into ``benchmarks/peers/environments`` (or ``--into``); a peer without one is
named as absent by the benchmarks. ``faster-whisper`` and ``whisper.cpp`` are small; the others need
PyTorch, gigabytes with CUDA. pip is used with whatever indexes this machine has set up.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from pathlib import Path

ENVIRONMENTS = Path(__file__).with_name("environments")

PACKAGES = {
    "faster-whisper": ["faster-whisper==1.2.1"],
    "whisper.cpp": ["pywhispercpp==1.5.1", "numpy"],
    "openai-whisper": ["openai-whisper==20250625", "{torch}"],
    "stable-ts": ["stable-ts[fw]==2.19.1", "torch==2.8.0", "torchaudio==2.8.0"],
    "whisperx": ["whisperx==3.8.6"],
    "transformers": [
        "transformers==4.57.6",
        "sentencepiece==0.2.3",
        "ctranslate2==4.8.5",
        "{torch}",
    ],
}
"""What is installed for each; ``{torch}`` stands for the PyTorch asked for, the others
need one that fits their torchaudio."""


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def make_environment(name: str, into: Path, torch: str) -> Path:
    """Create the environment of one peer, or bring it up to date.

    Raises:
        CalledProcessError: pip could not install it.
    """
    folder = into / name
    if not python_of(folder).is_file():
        venv.create(folder, with_pip=True)
    words = [part.replace("{torch}", torch) for part in PACKAGES[name]]
    pip = [str(python_of(folder)), "-m", "pip", "install", "--quiet", *words]
    subprocess.run(pip, check=True)
    listed = subprocess.run(
        [str(python_of(folder)), "-m", "pip", "list", "--format", "json"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    versions = {one["name"]: one["version"] for one in json.loads(listed)}
    (folder / "versions.json").write_text(json.dumps(versions, indent=1) + "\n", encoding="utf-8")
    return folder


def main() -> int:
    """Make the environments asked for; 1 if one of them could not be made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peers", nargs="+", choices=sorted(PACKAGES))
    parser.add_argument("--into", type=Path, default=ENVIRONMENTS)
    parser.add_argument("--torch", default="torch", help="as pip takes it, where one is needed")
    arguments = parser.parse_args()
    made = [_try(name, arguments.into, arguments.torch) for name in arguments.peers]
    return 0 if all(made) else 1


def _try(name: str, into: Path, torch: str) -> bool:
    try:
        print(f"{name}: {make_environment(name, into, torch)}", flush=True)
    except subprocess.CalledProcessError as error:
        print(f"{name}: pip failed with {error.returncode}", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
